"""How near the SQL of each form of the language comes to the best written by hand, on the demo shop in DuckDB.

`python benchmarks/forms.py [PROFILES [WORDS]]` prints the members, both times and their ratio for all rules, or for
those with the words in them. The shop is made the first time: a million profiles take minutes. Its tables are sorted by
time. It has a hundred stores here. What is written by hand may use all that DuckDB has, and what is known of the shop:
no missing values, unique titles and ids, stores far from the poles and the date line.
"""

from __future__ import annotations

import sys

from measured import compared, heading, opened

import segql
from segql.demo import NOW

ROLLERS = """SELECT customer_id FROM bought WHERE created_at < TIMESTAMP '{t}' GROUP BY 1
  HAVING count(*) >= 3 AND sum(total) > 100 * count(*) AND max(created_at) >= TIMESTAMP '{since}'"""
ROLLERS_NOW = ROLLERS.format(t="2026-11-22 10:00:00", since="2026-07-22 09:00:00")
ROLLERS_THEN = ROLLERS.format(t="2026-10-22 09:00:00", since="2026-06-22 09:00:00")
# An average as a number to compare with others: whole millionths, as the language has it, and no float.
AVERAGES = (
    "SELECT customer_id, (sum(total)::DECIMAL(18, 2) * 1000000)::BIGINT // count(total) AS value FROM bought GROUP BY 1"
)
NEAR = """pow(sin(radians(latitude - {latitude}) / 2), 2) + cos(radians(latitude)) * cos(radians({latitude}))
  * pow(sin(radians(longitude - {longitude}) / 2), 2) <= pow(sin({km} / (2 * 6371.0088)), 2)"""

FORMS = (
    (
        "every placed order has coupon is set",
        "SELECT customer_id FROM bought GROUP BY 1 HAVING count(*) = count(coupon)",
    ),
    (
        "no opened email in the last year has hour >= 22",
        """SELECT customer_id FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM opened
        WHERE occurred_at >= TIMESTAMPTZ '2025-11-22 10:00:00+00:00'
          AND hour(occurred_at AT TIME ZONE 'Europe/Amsterdam') >= 22)""",
    ),
    (
        "at least 80% of placed order have coupon is set",
        "SELECT customer_id FROM bought GROUP BY 1 HAVING 5 * count(coupon) >= 4 * count(*)",
    ),
    (
        "between 20% and 40% of placed order have coupon is set",
        """SELECT customer_id FROM bought GROUP BY 1
        HAVING 5 * count(coupon) >= count(*) AND 5 * count(coupon) <= 2 * count(*)""",
    ),
    (
        "more than 50% of opened email in the last year have campaign contains 'Friday'",
        """SELECT customer_id FROM opened WHERE occurred_at >= TIMESTAMPTZ '2025-11-22 10:00:00+00:00'
        GROUP BY 1 HAVING 2 * count(CASE WHEN campaign ILIKE '%friday%' THEN 1 END) > count(*)""",
    ),
    (
        "placed order in at least 3 of the last 4 months",
        """SELECT customer_id FROM bought WHERE created_at >= TIMESTAMP '2026-07-22 09:00:00' GROUP BY 1
        HAVING bit_count(bit_or(CASE WHEN created_at >= TIMESTAMP '2026-10-22 09:00:00' THEN 1
          WHEN created_at >= TIMESTAMP '2026-09-22 09:00:00' THEN 2
          WHEN created_at >= TIMESTAMP '2026-08-22 09:00:00' THEN 4 ELSE 8 END)) >= 3""",
    ),
    (
        "received email in at least 5 of the last 8 weeks",
        """SELECT customer_id FROM event('Received Email')
        WHERE occurred_at >= TIMESTAMPTZ '2026-09-27 11:00:00+02:00' GROUP BY 1
        HAVING bit_count(bit_or(1 << ((epoch_us(occurred_at AT TIME ZONE 'Europe/Amsterdam')
          - epoch_us(TIMESTAMP '2026-09-27 11:00:00')) // 604800000000))) >= 5""",
    ),
    (
        "viewed product in at least 4 of the last 6 periods of 10 days",
        """SELECT customer_id FROM viewed WHERE occurred_at >= TIMESTAMPTZ '2026-09-23 11:00:00+02:00' GROUP BY 1
        HAVING bit_count(bit_or(1 << ((epoch_us(occurred_at AT TIME ZONE 'Europe/Amsterdam')
          - epoch_us(TIMESTAMP '2026-09-23 11:00:00')) // 864000000000))) >= 4""",
    ),
    (
        "viewed product in the last year on at least 10 different days",
        """SELECT customer_id FROM viewed WHERE occurred_at >= TIMESTAMPTZ '2025-11-22 10:00:00+00:00'
        GROUP BY 1 HAVING count(DISTINCT (occurred_at AT TIME ZONE 'Europe/Amsterdam')::DATE) >= 10""",
    ),
    (
        "viewed product in the last year in at least 3 weeks in a row",
        """SELECT DISTINCT customer_id FROM (SELECT customer_id, week - 7 * row_number() OVER
          (PARTITION BY customer_id ORDER BY week) AS begins
          FROM (SELECT DISTINCT customer_id, date_trunc('week', occurred_at AT TIME ZONE 'Europe/Amsterdam')::DATE
            - DATE '2001-01-01' AS week FROM viewed WHERE occurred_at >= TIMESTAMPTZ '2025-11-22 10:00:00+00:00'))
        GROUP BY customer_id, begins HAVING count(*) >= 3""",
    ),
    (
        "any of (placed order where total > 100, clicked email where hour < 12) at least 3 times in the last year",
        """SELECT customer_id FROM (
          SELECT customer_id FROM bought WHERE total > 100 AND created_at >= TIMESTAMP '2025-11-22 10:00:00'
          UNION ALL SELECT customer_id FROM clicked WHERE hour(occurred_at AT TIME ZONE 'Europe/Amsterdam') < 12
            AND occurred_at >= TIMESTAMPTZ '2025-11-22 10:00:00+00:00') GROUP BY 1 HAVING count(*) >= 3""",
    ),
    (
        'any of (viewed product where collection is "Beans", added to cart, clicked email where hour < 12)'
        " at least 5 times in the last year",
        """SELECT customer_id FROM events WHERE occurred_at < t()
          AND occurred_at >= TIMESTAMPTZ '2025-11-22 10:00:00+00:00'
          AND name IN ('Viewed Product', 'Added to Cart', 'Clicked Email') AND (name = 'Added to Cart'
            OR (name = 'Viewed Product' AND collection = 'Beans')
            OR (name = 'Clicked Email' AND hour(occurred_at AT TIME ZONE 'Europe/Amsterdam') < 12))
        GROUP BY 1 HAVING count(*) >= 5""",
    ),
    (
        "viewed product at least 4 times with the same product",
        """SELECT DISTINCT customer_id FROM (SELECT customer_id FROM viewed WHERE product_id IS NOT NULL
        GROUP BY customer_id, product_id HAVING count(*) >= 4)""",
    ),
    (
        "placed order at least 3 times with the same brand",
        """SELECT DISTINCT customer_id FROM (SELECT customer_id FROM bought JOIN
          (SELECT DISTINCT order_id, brand FROM lines) USING (order_id)
        GROUP BY customer_id, brand HAVING count(*) >= 3)""",
    ),
    (
        "viewed product at least 4 times with the same collection and the same weekday",
        """SELECT DISTINCT customer_id FROM (SELECT customer_id FROM viewed WHERE collection IS NOT NULL
        GROUP BY customer_id, collection, isodow(occurred_at AT TIME ZONE 'Europe/Amsterdam') HAVING count(*) >= 4)""",
    ),
    (
        "viewed product in the last 3 months then added to cart within 2d with the same brand and the same collection",
        """SELECT DISTINCT v.customer_id FROM (viewed JOIN products USING (product_id)) v
        JOIN (carted JOIN products USING (product_id)) c
          ON c.customer_id = v.customer_id AND c.brand = v.brand AND c.collection = v.collection
        WHERE c.occurred_at >= v.occurred_at AND c.occurred_at <= v.occurred_at + INTERVAL 2 DAY
          AND v.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
          AND c.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'""",
    ),
    (
        "all of (viewed product, added to cart) in the last 3 months with the same collection",
        """SELECT DISTINCT customer_id FROM (SELECT customer_id FROM events
        WHERE name IN ('Viewed Product', 'Added to Cart') AND collection IS NOT NULL AND occurred_at < t()
          AND occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
        GROUP BY customer_id, collection HAVING count(DISTINCT name) = 2)""",
    ),
    (
        'all of (viewed product, added to cart where brand is "Molen", placed order) in the last 3 months'
        " with the same product",
        """SELECT DISTINCT customer_id FROM (SELECT customer_id FROM (
          SELECT customer_id, product_id, 1 AS which FROM viewed
            WHERE occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
          UNION ALL SELECT customer_id, product_id, 2 FROM carted JOIN products USING (product_id)
            WHERE occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00' AND brand = 'Molen'
          UNION ALL SELECT customer_id, product_id, 3 FROM bought JOIN order_lines USING (order_id)
            WHERE created_at >= TIMESTAMP '2026-08-22 09:00:00')
        GROUP BY customer_id, product_id HAVING count(DISTINCT which) = 3)""",
    ),
    (
        'most common collection of viewed product is "Beans"',
        """SELECT customer_id FROM (SELECT customer_id, collection, count(*) AS n FROM viewed GROUP BY 1, 2)
        GROUP BY 1 HAVING max(CASE WHEN collection = 'Beans' THEN n END) = max(n)""",
    ),
    (
        'most common brand of placed order is "Molen"',
        """SELECT customer_id FROM (SELECT customer_id, brand, count(*) AS n FROM bought JOIN lines USING (order_id)
          GROUP BY 1, 2) GROUP BY 1 HAVING max(CASE WHEN brand = 'Molen' THEN n END) = max(n)""",
    ),
    (
        'most common weekday of placed order in ("Saturday", "Sunday")',
        """SELECT customer_id FROM (SELECT customer_id, isodow(created_at AT TIME ZONE 'UTC'
            AT TIME ZONE 'Europe/Amsterdam') AS day, count(*) AS n FROM bought GROUP BY 1, 2)
        GROUP BY 1 HAVING max(CASE WHEN day >= 6 THEN n END) = max(n)""",
    ),
    (
        "clicked email in the last 3 months then placed order within 1d",
        """SELECT DISTINCT c.customer_id FROM clicked c JOIN bought b ON b.customer_id = c.customer_id
          AND b.created_at >= c.occurred_at AND b.created_at <= c.occurred_at + INTERVAL 1 DAY
        WHERE c.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
          AND b.created_at >= TIMESTAMP '2026-08-22 09:00:00'""",
    ),
    (
        "viewed product in the last 3 months then added to cart within 2d then placed order within 1w",
        """SELECT DISTINCT v.customer_id FROM carted c
        JOIN bought b ON b.customer_id = c.customer_id
          AND b.created_at >= c.occurred_at AND b.created_at <= c.occurred_at + INTERVAL 7 DAY
        JOIN viewed v ON v.customer_id = c.customer_id
          AND c.occurred_at >= v.occurred_at AND c.occurred_at <= v.occurred_at + INTERVAL 2 DAY
        WHERE v.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
          AND c.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
          AND b.created_at >= TIMESTAMP '2026-08-22 09:00:00'""",
    ),
    (
        "viewed product in the last 3 months then added to cart within 2d with the same product",
        """SELECT DISTINCT v.customer_id FROM viewed v JOIN carted c USING (customer_id, product_id)
        WHERE c.occurred_at >= v.occurred_at AND c.occurred_at <= v.occurred_at + INTERVAL 2 DAY
          AND v.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
          AND c.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'""",
    ),
    (
        "viewed product in the last 3 months then added to cart within 2d with the same product"
        " then placed order within 1w with the same product",
        """SELECT DISTINCT v.customer_id FROM viewed v JOIN carted c USING (customer_id, product_id)
        JOIN (bought JOIN order_lines USING (order_id)) b USING (customer_id, product_id)
        WHERE c.occurred_at >= v.occurred_at AND c.occurred_at <= v.occurred_at + INTERVAL 2 DAY
          AND b.created_at >= c.occurred_at AND b.created_at <= c.occurred_at + INTERVAL 7 DAY
          AND v.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
          AND c.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
          AND b.created_at >= TIMESTAMP '2026-08-22 09:00:00'""",
    ),
    (
        "placed order then placed order within 30d then placed order within 30d",
        """SELECT DISTINCT customer_id FROM (SELECT customer_id, created_at - lag(created_at) OVER w AS one,
          lead(created_at) OVER w - created_at AS two
          FROM bought WINDOW w AS (PARTITION BY customer_id ORDER BY created_at))
        WHERE one <= INTERVAL 30 DAY AND two <= INTERVAL 30 DAY""",
    ),
    (
        "first placed order in the last year then placed order within 60d",
        """SELECT customer_id FROM (SELECT customer_id, min(created_at, 2) AS earliest FROM bought GROUP BY 1)
        WHERE earliest[1] >= TIMESTAMP '2025-11-22 10:00:00' AND earliest[2] <= earliest[1] + INTERVAL 60 DAY""",
    ),
    (
        "clicked email followed by placed order",
        """SELECT customer_id FROM (SELECT customer_id, min(occurred_at) AS clicked FROM clicked GROUP BY 1)
        JOIN (SELECT customer_id, max(created_at) AS bought FROM bought GROUP BY 1) USING (customer_id)
        WHERE bought >= clicked""",
    ),
    (
        "started checkout between 1 hour and 2 weeks ago not followed by placed order",
        """SELECT customer_id FROM (SELECT customer_id, max(occurred_at) AS began FROM checkout
          WHERE occurred_at >= t() - INTERVAL 14 DAY AND occurred_at < t() - INTERVAL 1 HOUR GROUP BY 1) AS c
        WHERE NOT EXISTS (SELECT 1 FROM bought b WHERE b.customer_id = c.customer_id
          AND b.created_at >= TIMESTAMP '2026-11-08 10:00:00' AND b.created_at >= began)""",
    ),
    (
        "started checkout in the last 6 months not followed by placed order within 12h",
        """SELECT DISTINCT c.customer_id FROM checkout c LEFT JOIN (SELECT customer_id, created_at FROM bought
          WHERE created_at >= TIMESTAMP '2026-05-22 09:00:00') b ON b.customer_id = c.customer_id
            AND b.created_at >= c.occurred_at AND b.created_at <= c.occurred_at + INTERVAL 12 HOUR
        WHERE c.occurred_at >= TIMESTAMPTZ '2026-05-22 09:00:00+00:00' AND c.occurred_at < t() - INTERVAL 12 HOUR
          AND b.created_at IS NULL""",
    ),
    (
        "viewed product in the last 2 weeks not followed by added to cart within 1d with the same product",
        """SELECT DISTINCT v.customer_id FROM viewed v LEFT JOIN (SELECT customer_id, product_id, occurred_at AS put
          FROM carted WHERE occurred_at >= t() - INTERVAL 14 DAY) c ON c.customer_id = v.customer_id
            AND c.product_id = v.product_id AND c.put >= v.occurred_at AND c.put <= v.occurred_at + INTERVAL 1 DAY
        WHERE v.occurred_at >= t() - INTERVAL 14 DAY AND v.occurred_at < t() - INTERVAL 1 DAY AND c.put IS NULL""",
    ),
    (
        "viewed product in the last 3 months then no added to cart then placed order within 1w",
        """SELECT DISTINCT customer_id FROM (SELECT customer_id, time, what,
            max(CASE WHEN what = 1 THEN time END) OVER w AS seen, max(CASE WHEN what = 2 THEN time END) OVER w AS put
          FROM (SELECT customer_id, occurred_at AS time, 1 AS what FROM viewed
            WHERE occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
            UNION ALL SELECT customer_id, occurred_at, 2 FROM carted
            WHERE occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
            UNION ALL SELECT customer_id, created_at, 3 FROM bought
            WHERE created_at >= TIMESTAMP '2026-08-22 09:00:00')
          WINDOW w AS (PARTITION BY customer_id ORDER BY time))
        WHERE what = 3 AND time <= seen + INTERVAL 7 DAY AND (put IS NULL OR put < seen)""",
    ),
    (
        "viewed product in the last 3 months then added to cart then placed order all within 1w",
        """SELECT DISTINCT v.customer_id FROM carted c
        JOIN bought b ON b.customer_id = c.customer_id
          AND b.created_at >= c.occurred_at AND b.created_at <= c.occurred_at + INTERVAL 7 DAY
        JOIN viewed v ON v.customer_id = c.customer_id
          AND c.occurred_at >= v.occurred_at AND b.created_at <= v.occurred_at + INTERVAL 7 DAY
        WHERE v.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
          AND c.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
          AND b.created_at >= TIMESTAMP '2026-08-22 09:00:00'""",
    ),
    (
        "viewed product in the last 3 months then added to cart within 2d not followed by placed order within 1d",
        """SELECT DISTINCT c.customer_id FROM carted c
        JOIN viewed v ON v.customer_id = c.customer_id
          AND c.occurred_at >= v.occurred_at AND c.occurred_at <= v.occurred_at + INTERVAL 2 DAY
        LEFT JOIN (SELECT customer_id, created_at FROM bought WHERE created_at >= TIMESTAMP '2026-08-22 09:00:00') b
          ON b.customer_id = c.customer_id
          AND b.created_at >= c.occurred_at AND b.created_at <= c.occurred_at + INTERVAL 1 DAY
        WHERE v.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00' AND c.occurred_at < t() - INTERVAL 1 DAY
          AND c.occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00' AND b.created_at IS NULL""",
    ),
    (
        "placed order then placed order at least 60d later within 90d",
        """SELECT DISTINCT a.customer_id FROM bought a JOIN bought b ON a.customer_id = b.customer_id
          AND b.created_at >= a.created_at + INTERVAL 60 DAY AND b.created_at <= a.created_at + INTERVAL 90 DAY""",
    ),
    ('was in segment "High rollers" 1 month ago', ROLLERS_THEN),
    (
        'entered segment "High rollers" in 1 month',
        f"{ROLLERS_NOW} AND NOT coalesce(count(CASE WHEN created_at < TIMESTAMP '2026-10-22 09:00:00' THEN 1 END) >= 3"
        " AND sum(CASE WHEN created_at < TIMESTAMP '2026-10-22 09:00:00' THEN total END)"
        " > 100 * count(CASE WHEN created_at < TIMESTAMP '2026-10-22 09:00:00' THEN 1 END)"
        " AND max(CASE WHEN created_at < TIMESTAMP '2026-10-22 09:00:00' THEN created_at END)"
        " >= TIMESTAMP '2026-06-22 09:00:00', false)",
    ),
    ('left segment "High rollers" in 1 month', f"({ROLLERS_THEN}) EXCEPT ({ROLLERS_NOW})"),
    (
        "top 10% by total spent in the last year",
        """WITH spent AS MATERIALIZED (SELECT customer_id, sum(total) AS total FROM bought
          WHERE created_at >= TIMESTAMP '2025-11-22 10:00:00' GROUP BY 1)
        SELECT customer_id FROM spent
        WHERE total >= (SELECT quantile_disc(total, 0.1 ORDER BY total DESC) FROM spent)""",
    ),
    (
        "top 50 by total spent",
        """WITH spent AS MATERIALIZED (SELECT customer_id, sum(total) AS total FROM bought GROUP BY 1)
        SELECT customer_id FROM spent
        WHERE total >= (SELECT min(total) FROM (SELECT total FROM spent ORDER BY total DESC LIMIT 50))""",
    ),
    (
        "top 2 by total spent within each country",
        """WITH spent AS MATERIALIZED (SELECT customer_id, sum(total) AS total FROM bought GROUP BY 1)
        SELECT customer_id FROM spent JOIN customers USING (customer_id) WHERE country_code IS NOT NULL
        QUALIFY rank() OVER (PARTITION BY country_code ORDER BY total DESC) <= 2""",
    ),
    (
        "total spent > the average within each country",
        """WITH spent AS MATERIALIZED (SELECT customer_id, country_code, sum(total) AS total
          FROM bought JOIN customers USING (customer_id) GROUP BY ALL),
        theirs AS (SELECT country_code, sum(total) AS total, count(*) AS number FROM spent GROUP BY 1)
        SELECT customer_id FROM spent JOIN theirs USING (country_code)
        WHERE spent.total * theirs.number > theirs.total""",
    ),
    (
        "average order value > the average",
        f"""WITH value AS MATERIALIZED ({AVERAGES})
        SELECT customer_id FROM value
        WHERE value * (SELECT count(*) FROM value) > (SELECT sum(value) FROM value)""",
    ),
    (
        "average order value > the overall average",
        f"""SELECT customer_id FROM ({AVERAGES})
        WHERE value * (SELECT count(*) FROM bought) > 1000000 * (SELECT sum(total) FROM bought)""",
    ),
    (
        "total spent in the last year > the 90th percentile",
        """WITH spent AS MATERIALIZED (SELECT customer_id, sum(total) AS total FROM bought
          WHERE created_at >= TIMESTAMP '2025-11-22 10:00:00' GROUP BY 1)
        SELECT customer_id FROM spent WHERE total > (SELECT quantile_disc(total, 0.9) FROM spent)""",
    ),
    (
        'average order value > the average of segment "Next-day delivery"',
        f"""WITH value AS MATERIALIZED ({AVERAGES}),
        theirs AS (SELECT sum(value) AS total, count(*) AS number FROM value WHERE customer_id IN
          (SELECT customer_id FROM customers WHERE country_code IN ('BE', 'LU', 'NL')))
        SELECT customer_id FROM value, theirs WHERE value * number > theirs.total""",
    ),
    (
        'in segment "Bought once, test"',
        """WITH once AS MATERIALIZED (SELECT customer_id, md5('Bought once, test' || chr(31) || customer_id) AS hash
          FROM bought GROUP BY 1 HAVING count(*) = 1)
        SELECT customer_id FROM once WHERE hash <= (SELECT quantile_disc(hash, 0.1) FROM once)""",
    ),
    (
        "within 10 km of Utrecht store",
        f"SELECT customer_id FROM customers WHERE {NEAR.format(latitude=52.0894, longitude=5.1210, km=10)}",
    ),
    (
        "within 10 km of any store",
        f"""SELECT DISTINCT customer_id FROM customers c JOIN (
          SELECT latitude AS north, longitude AS east, floor(north / 0.1) + up AS y, floor(east / 0.2) + along AS x
          FROM stores, (VALUES (-1), (0), (1)) v(up), (VALUES (-1), (0), (1)) h(along)) s
        ON floor(c.latitude / 0.1) = s.y AND floor(c.longitude / 0.2) = s.x
        WHERE {NEAR.format(latitude="north", longitude="east", km=10)}""",
    ),
    (
        'nearest store is "store 55"',
        """WITH home AS MATERIALIZED (SELECT customer_id, cos(radians(latitude)) * cos(radians(longitude)) AS x,
            cos(radians(latitude)) * sin(radians(longitude)) AS y, sin(radians(latitude)) AS z
          FROM customers WHERE latitude IS NOT NULL AND longitude IS NOT NULL),
        place AS MATERIALIZED (SELECT name, cos(radians(latitude)) * cos(radians(longitude)) AS x,
            cos(radians(latitude)) * sin(radians(longitude)) AS y, sin(radians(latitude)) AS z FROM stores)
        SELECT customer_id FROM (
          SELECT customer_id, name, home.x * place.x + home.y * place.y + home.z * place.z AS near FROM home, place)
        GROUP BY 1 HAVING max(CASE WHEN name = 'store 55' THEN near END) >= max(near) - 1e-13""",
    ),
    (
        "anniversary of birthday in the next 7 days",
        """SELECT customer_id FROM customers WHERE month(birthday) = 11 AND day(birthday) BETWEEN 22 AND 28
          AND birthday < DATE '2026-01-01'""",
    ),
    (
        "anniversary of name day in the next 7 days",
        """SELECT customer_id FROM customers
        WHERE name_day IN ('1122', '1123', '1124', '1125', '1126', '1127', '1128')""",
    ),
    (
        "month of name day = 11",
        "SELECT customer_id FROM customers WHERE name_day >= '1101' AND name_day <= '1130'",
    ),
    (
        'placed order where at least 2 items (collection is "Filter coffee")',
        """SELECT DISTINCT customer_id FROM bought WHERE order_id IN (SELECT order_id FROM lines
          WHERE collection = 'Filter coffee' GROUP BY 1 HAVING count(*) >= 2)""",
    ),
    (
        "days from birthday to signed up > 10000",
        """SELECT customer_id FROM customers
        WHERE CAST(signed_up_at AT TIME ZONE 'Europe/Amsterdam' AS DATE) - birthday > 10000""",
    ),
    (
        "first name matches regex '^[A-M].*a$'",
        "SELECT customer_id FROM customers WHERE regexp_matches(first_name, '^[A-M].*a$')",
    ),
    (
        "number of tags >= 2",
        "SELECT customer_id FROM customers WHERE len(tags) >= 2",
    ),
    (
        'tags include any containing "club"',
        "SELECT customer_id FROM customers WHERE len(list_filter(tags, lambda x: contains(lower(x), 'club'))) > 0",
    ),
    (
        'tags include all starting with "gift"',
        """SELECT customer_id FROM customers WHERE len(tags) > 0
          AND len(list_filter(tags, lambda x: starts_with(lower(x), 'gift'))) = len(tags)""",
    ),
    (
        "latitude of position > 52",
        "SELECT customer_id FROM customers WHERE latitude > 52 AND longitude IS NOT NULL",
    ),
    (
        'entered segment "High rollers" since 2026-10-22T11:00',
        f"({ROLLERS_NOW}) EXCEPT ({ROLLERS_THEN})",
    ),
    (
        "placed order where shipping country is not their country",
        """SELECT DISTINCT c.customer_id FROM bought JOIN customers c USING (customer_id)
        WHERE shipping_country IS DISTINCT FROM country_code OR country_code IS NULL""",
    ),
    (
        "placed order within 30 days after signed up",
        """SELECT DISTINCT c.customer_id FROM bought b JOIN customers c USING (customer_id)
        WHERE epoch_us(created_at) BETWEEN epoch_us(signed_up_at) AND epoch_us(signed_up_at) + 2592000000000""",
    ),
    (
        "placed order at least twice within 12000 days after birthday",
        """SELECT customer_id FROM bought b JOIN customers c USING (customer_id)
        WHERE (created_at AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Amsterdam')::DATE - birthday BETWEEN 0 AND 12000
        GROUP BY 1 HAVING count(*) >= 2""",
    ),
    (
        "never opened email within 7 days of signed up",
        """SELECT customer_id FROM customers WHERE customer_id NOT IN (SELECT o.customer_id FROM opened o
        JOIN customers c USING (customer_id) WHERE occurred_at BETWEEN signed_up_at - INTERVAL 168 HOUR
          AND signed_up_at + INTERVAL 168 HOUR)""",
    ),
    (
        "total spent in the last year - sum of amount of refunded order in the last year > 200",
        """SELECT customer_id FROM (
          SELECT customer_id, total AS amount FROM bought WHERE created_at >= TIMESTAMP '2025-11-22 10:00:00'
          UNION ALL SELECT customer_id, -refunded_amount FROM orders WHERE refunded_at IS NOT NULL AND NOT test
            AND refunded_at >= TIMESTAMP '2025-11-22 10:00:00' AND refunded_at < TIMESTAMP '2026-11-22 10:00:00')
        GROUP BY 1 HAVING sum(amount) > 200""",
    ),
    (
        "top 10% by total spent - sum of amount of refunded order",
        """WITH net AS MATERIALIZED (SELECT customer_id, sum(amount) AS net FROM (
            SELECT customer_id, total AS amount FROM bought
            UNION ALL SELECT customer_id, -refunded_amount FROM orders WHERE refunded_at IS NOT NULL AND NOT test
              AND refunded_at < TIMESTAMP '2026-11-22 10:00:00')
          GROUP BY 1)
        SELECT customer_id FROM net WHERE net >= (SELECT quantile_disc(net, 0.1 ORDER BY net DESC) FROM net)""",
    ),
    (
        "total of last placed order > total of first placed order",
        """SELECT customer_id FROM bought GROUP BY 1
        HAVING arg_max(total, created_at) > arg_min(total, created_at)""",
    ),
    (
        'collection of last viewed product is "Beans"',
        """SELECT customer_id FROM viewed GROUP BY 1
        HAVING max(CASE WHEN collection = 'Beans' THEN occurred_at END) = max(occurred_at)""",
    ),
    (
        "sum of quantity of placed order >= 10",
        "SELECT customer_id FROM bought JOIN order_lines USING (order_id) GROUP BY 1 HAVING sum(quantity) >= 10",
    ),
)

TEST = 'segment "Bought once, test" = placed order exactly once sample 10%'


def main(profiles: int, words: str) -> None:
    driver, catalog, segments = opened(profiles, TEST)
    # By hand it is known that every event is a customer's: the catalog says so in the last two columns.
    events = {
        name: event.model_copy(update={"profiles_complete": not event.any_of}) for name, event in catalog.events.items()
    }
    complete = catalog.model_copy(update={"events": events})
    print(heading(profiles, "ours ms", "best ms", "ratio", "complete", "ratio"))
    for rule, best in FORMS:
        if words in rule:
            ours, told = (segql.compile(rule, one, now=NOW, segments=segments).sql for one in (catalog, complete))
            found, (one, two, other) = compared(driver, rule, ours, told, best)
            times = f"{one:>10.1f}{other:>10.1f}{one / other:>10.2f}{two:>10.1f}{two / other:>10.2f}"
            print(f"{'':<26}{found:>9,}{times}", rule, sep="  ", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, " ".join(sys.argv[2:]))
