-- The profiles, with the holes that life leaves: no country, no birthday, no language, no tags.
CREATE TABLE customers AS
WITH placed AS (
    SELECT
        p.*, c.city, c.region, c.country, c.language AS spoken, c.latitude AS lat, c.longitude AS lon,
        draw('known place', p.id, 0) AS known
    FROM demo_people AS p
    JOIN demo_slots AS s ON s.slot = floor(draw('city', p.id, 0) * 1000)::BIGINT
    JOIN demo_cities AS c USING (city_no)
)
SELECT
    id AS customer_id,
    ['Zoë', 'Łukasz', 'Søren', 'Anna', 'Mehmet', 'José', 'Chloé', 'Jürgen', 'Siobhán', 'Noor', 'Daan', 'Emma', 'Björn',
     'Ελένη', 'Иван', '陽子', 'Fatima', 'Liam', 'Olivia', 'Þóra', 'Nguyễn', 'Sven', 'Maria', 'Otto']
        [1 + floor(draw('first name', id, 0) * 24)::INTEGER] AS first_name,
    CASE WHEN known >= 0.05 THEN country END AS country_code,
    CASE WHEN known >= 0.11 THEN region END AS region,
    CASE WHEN known >= 0.11 THEN city END AS city,
    CASE WHEN known >= 0.11 THEN round(lat + 0.3 * (pow(draw('north', id, 0), 2) - 0.2), 5) END AS latitude,
    CASE WHEN known >= 0.11 THEN round(lon + 0.4 * (pow(draw('east', id, 0), 2) - 0.2), 5) END AS longitude,
    CASE
        WHEN draw('language', id, 0) < 0.08 THEN NULL
        WHEN draw('language', id, 0) < 0.20 THEN 'en'
        ELSE spoken
    END AS language,
    CASE WHEN draw('birthday known', id, 0) < 0.55
        THEN DATE '1945-01-01' + floor(sqrt(draw('birthday', id, 0)) * 22500)::INTEGER
    END AS birthday,
    CASE WHEN draw('tagged', id, 0) >= 0.15 THEN list_filter([
        CASE WHEN draw('tag', id, 1) < 0.14 THEN 'gift buyer' END,
        CASE WHEN draw('tag', id, 2) < 0.06 THEN 'barista course' END,
        CASE WHEN draw('tag', id, 3) < 0.03 THEN 'wholesale' END,
        CASE WHEN draw('tag', id, 4) < 0.20 THEN 'coffee club' END,
        CASE WHEN draw('tag', id, 5) < 0.02 THEN 'décaf only' END
    ], lambda tag: tag IS NOT NULL) END AS tags,
    CASE WHEN draw('points known', id, 0) < 0.35
        THEN floor(buys * activity * 400 * draw('points', id, 0))::INTEGER
    END AS points,
    buys >= 0.28 AND activity > 1 AND draw('vip', id, 0) < 0.4 AS vip,
    to_timestamp(signup) AS signed_up_at
FROM placed
ORDER BY id;
