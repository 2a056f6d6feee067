-- What decides a customer's story and no warehouse knows: when the interest began and faded, how active, how open to
-- mail, how ready to buy and how deep the purse is. Times are seconds since 1970, UTC.
CREATE OR REPLACE TEMP TABLE demo_people AS
WITH born AS (
    SELECT
        id,
        demo_start() + floor((demo_end() - demo_start() - 300) * pow(draw('signup', id, 0), 0.75))::BIGINT AS signup,
        draw('life', id, 0) AS life,
        draw('readiness', id, 0) AS readiness,
        draw('purse', id, 0) AS purse
    FROM (SELECT unnest(range(1, demo_profiles() + 1))::INTEGER AS id)
), lived AS (
    SELECT
        id, signup,
        -- A good third is still here, two in ten never came back, the others faded away.
        least(demo_end(), CASE
            WHEN life < 0.36 THEN demo_end()
            WHEN life < 0.55 THEN signup + floor(draw('fade', id, 0) * 3 * 86400)::BIGINT
            ELSE signup + 3 * 86400 + wait(230 * 86400, draw('fade', id, 0))
        END) AS gone,
        least(30, 0.4 * pow(1 - draw('activity', id, 0), -0.625)) AS activity,
        pow(draw('opens', id, 0), 2) * 0.8 AS opens,
        CASE WHEN readiness < 0.40 THEN 0 WHEN readiness < 0.70 THEN 0.15 WHEN readiness < 0.88 THEN 0.42 ELSE 0.68 END
            AS buys,
        CASE WHEN purse < 0.64 THEN 0.10 + 0.35 * purse ELSE 0.42 + 0.9 * (purse - 0.64) END AS purse,
        CASE WHEN draw('loyalty', id, 0) < 0.12 THEN floor(draw('favourite', id, 0) * 6)::INTEGER END AS favourite
    FROM born
)
SELECT *, (demo_end() - signup)::DOUBLE / (365 * 86400) AS years, (gone - signup)::DOUBLE / (365 * 86400) AS years_active
FROM lived;
