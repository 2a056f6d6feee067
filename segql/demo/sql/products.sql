-- Eight rungs of price, each by six brands: product_id = 6 * rung + brand + 1, so that a purse picks the rung and
-- loyalty the brand.
CREATE TABLE products AS
SELECT
    (6 * rung + brand_no + 1)::INTEGER AS product_id,
    brand || ' ' || kind AS title,
    brand,
    collection,
    (floor(price * (90 + 5 * brand_no) / 100) + 0.95)::DECIMAL(10, 2) AS price
FROM (VALUES
    (0, 'paper filters', 'Filter coffee', 5), (1, 'house beans 250 g', 'Beans', 11),
    (2, 'single origin 1 kg', 'Beans', 33), (3, 'pour-over set', 'Filter coffee', 48),
    (4, 'hand grinder', 'Grinders', 92), (5, 'gift box', 'Winter gifts', 129),
    (6, 'electric grinder', 'Grinders', 189), (7, 'espresso machine', 'Espresso', 449)
) AS rungs (rung, kind, collection, price)
CROSS JOIN (VALUES
    (0, 'Øst'), (1, 'Crema Nord'), (2, 'Kōhī Works'), (3, 'Brûlerie 9'), (4, 'Ristretto & Sons'), (5, 'Molen')
) AS brands (brand_no, brand)
ORDER BY product_id;
