-- Orders end the visits that reached the till; their times are UTC without saying so, as many shop systems export them.
CREATE TABLE orders AS
WITH placed AS (
    SELECT
        v.*, t.value, draw('fate', v.visit, 0) AS fate, draw('later', v.visit, 0) AS later,
        CASE WHEN draw('coupon', v.visit, 0) < 0.2 THEN
            CASE WHEN v.k = 0 AND v.source = 0 THEN 'WELCOME10' WHEN v.source > 0 THEN 'THANKS10' ELSE 'COFFEE10' END
        END AS coupon
    FROM demo_visits AS v
    JOIN demo_totals AS t USING (visit)
    WHERE v.reached = 3 AND v.ordered_at < demo_end()
), fated AS (
    SELECT
        *,
        CASE WHEN coupon IS NULL THEN value ELSE (value * 0.9)::DECIMAL(10, 2) END AS total,
        CASE WHEN fate < 0.04 THEN ordered_at + 600 + floor(later * 48 * 3600)::BIGINT END AS cancelled,
        CASE WHEN fate BETWEEN 0.04 AND 0.09 THEN ordered_at + floor((3 + later * 18) * 86400)::BIGINT END AS refunded
    FROM placed
)
SELECT
    visit AS order_id,
    f.id AS customer_id,
    make_timestamp(ordered_at * 1000000) AS created_at,
    total,
    coupon,
    CASE source WHEN 3 THEN 'app' ELSE 'web' END AS channel,
    CASE WHEN draw('ships abroad', visit, 0) < 0.02 THEN 'BE' ELSE c.country_code END AS shipping_country,
    CASE WHEN cancelled < demo_end() THEN make_timestamp(cancelled * 1000000) END AS cancelled_at,
    CASE WHEN refunded < demo_end() THEN make_timestamp(refunded * 1000000) END AS refunded_at,
    CASE WHEN refunded < demo_end() THEN
        CASE WHEN fate < 0.075 THEN total ELSE (total * 0.5)::DECIMAL(10, 2) END
    END AS refunded_amount,
    draw('test order', visit, 0) < 0.003 AS test
FROM fated AS f
JOIN customers AS c ON c.customer_id = f.id
ORDER BY ordered_at, visit;

CREATE TABLE order_lines AS
SELECT b.visit AS order_id, b.product_id, b.quantity, b.price
FROM demo_baskets AS b
JOIN orders AS o ON o.order_id = b.visit
ORDER BY o.created_at, b.visit, b.n, b.product_id;
