-- Visits to the site: on one's own, from a letter, from a text, from a push into the app. `visit` numbers them all.
CREATE OR REPLACE TEMP TABLE demo_visits AS
WITH planned AS (
    SELECT
        *,
        least(900, floor(0.7 + activity * 3 * (0.3 + years_active)
            + 0.8 * draw('visits', id, 0)))::BIGINT AS n
    FROM demo_people
), wished AS (
    SELECT
        id, k, signup,
        (signup + floor((gone - signup) * (k + draw('when', id, k)) / n)::BIGINT) // 86400 * 86400
            + daytime(draw('daytime', id, k)) AS instant
    FROM (SELECT id, signup, gone, n, unnest(range(n)) AS k FROM planned)
), own AS (
    -- The first visit is the sign-up; later ones thin out in summer.
    SELECT
        id, k, 0 AS source, NULL AS campaign,
        CASE WHEN k = 0 THEN signup + 20
            ELSE greatest(signup + 3600, CASE WHEN instant >= demo_end() THEN instant - 86400 ELSE instant END)
        END AS instant
    FROM wished
    WHERE k = 0 OR draw('season', id, k)
        < ([0.75, 0.7, 0.7, 0.7, 0.7, 0.6, 0.5, 0.5, 0.7, 0.75, 1.0, 0.95])[1 + (instant // 2629746 % 12)::INTEGER]
), led AS (
    SELECT id, k, no AS source, campaign, coalesce(clicked_at, opened_at) + 2 AS instant
    FROM demo_messages
    WHERE clicked_at IS NOT NULL OR (no = 3 AND opened_at IS NOT NULL)
), come AS (
    SELECT
        v.*, p.buys, p.purse, p.favourite,
        (v.id::BIGINT * 1024 + v.k) * 4 + v.source AS visit,
        draw('outcome', (v.id::BIGINT * 1024 + v.k) * 4 + v.source, 0) AS outcome,
        CASE WHEN v.k = 0 AND v.source = 0 AND p.buys > 0 THEN 0.4 + p.buys ELSE p.buys END AS ready
    FROM (SELECT * FROM own UNION ALL SELECT * FROM led) AS v
    JOIN demo_people AS p USING (id)
    WHERE v.instant < demo_end()
)
SELECT
    id, k, source, campaign, instant, visit, purse, favourite,
    -- How far it went: 0 looked around, 1 filled a basket, 2 began the checkout, 3 ordered.
    CASE WHEN outcome < ready THEN 3 WHEN outcome < ready + 0.06 THEN 2 WHEN outcome < ready + 0.16 THEN 1 ELSE 0 END
        AS reached,
    1 + floor(pow(draw('lines', visit, 0), 2) * 4)::BIGINT AS lines,
    instant + 420 AS checkout_at,
    instant + 480 + floor(draw('hesitates', visit, 0) * 900)::BIGINT AS ordered_at
FROM come;

-- The n-th product that draws a visitor: the purse picks the rung, loyalty (or chance) the brand.
CREATE OR REPLACE TEMP MACRO demo_product(visit, n, purse, favourite) AS (
    6 * floor(8 * least(0.999, greatest(0, purse + 0.5 * (draw('rung', visit, n) - 0.5))))::INTEGER
    + coalesce(favourite, floor(draw('brand', visit, n) * 6)::INTEGER) + 1
)::INTEGER;

CREATE OR REPLACE TEMP TABLE demo_baskets AS
SELECT
    v.id, v.visit, v.n, v.instant, v.reached, product_id, p.price,
    1 + floor(pow(draw('quantity', visit, n), 4) * 3)::INTEGER AS quantity
FROM (
    SELECT id, visit, instant, reached, n, demo_product(visit, n, purse, favourite) AS product_id
    FROM (SELECT id, visit, instant, reached, purse, favourite, unnest(range(lines)) AS n FROM demo_visits WHERE reached > 0)
) AS v
JOIN products AS p USING (product_id);

CREATE OR REPLACE TEMP TABLE demo_totals AS
SELECT visit, sum(price * quantity)::DECIMAL(10, 2) AS value FROM demo_baskets GROUP BY visit;
