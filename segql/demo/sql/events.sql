-- One wide table told apart by a name, filled name by name and, within a name, by time: a window on an event then reads
-- a few blocks. `event_id` is the place of the event in its story, times 64, plus what it is.
CREATE TABLE events (
    event_id BIGINT, customer_id INTEGER, name VARCHAR, occurred_at TIMESTAMP WITH TIME ZONE,
    campaign VARCHAR, url VARCHAR, product_id INTEGER, collection VARCHAR, value DECIMAL(10, 2), machine_open BOOLEAN
);

CREATE OR REPLACE TEMP MACRO demo_event(id, k, kind) AS (id::BIGINT * 1024 + k) * 64 + kind;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Active on Site' AS name, to_timestamp(instant) AS occurred_at, campaign, url
FROM (
    SELECT
        demo_event(id, k, 10 + 10 * source) AS event_id, id AS customer_id, instant, campaign,
        (['/', '/?from=email', '/?from=sms', '/?from=push'])[1 + source] AS url
    FROM demo_visits
) ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Added to Cart' AS name, to_timestamp(instant) AS occurred_at, product_id, collection, value
FROM (
    SELECT
        (visit // 4) * 64 + 16 + 10 * (visit % 4) AS event_id, b.id AS customer_id, b.instant + 300 AS instant, b.product_id,
        p.collection, b.price AS value
    FROM demo_baskets AS b JOIN products AS p USING (product_id)
    WHERE b.n = 0
) WHERE instant < demo_end() ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Clicked Email' AS name, to_timestamp(instant) AS occurred_at, campaign, url
FROM (
    SELECT
        demo_event(id, k, 4) AS event_id, id AS customer_id, clicked_at AS instant, campaign,
        (['/collections/new', '/sale', '/stores'])[1 + floor(pow(draw('link', id, k), 2) * 3)::INTEGER] AS url
    FROM demo_messages WHERE no = 1 AND clicked_at < demo_end()
) ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Clicked SMS' AS name, to_timestamp(instant) AS occurred_at, campaign, url
FROM (
    SELECT demo_event(id, k, 6) AS event_id, id AS customer_id, clicked_at AS instant, campaign, '/sale' AS url
    FROM demo_messages WHERE no = 2 AND clicked_at < demo_end()
) ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Opened App' AS name, to_timestamp(instant) AS occurred_at
FROM (
    SELECT demo_event(id, k, 9) AS event_id, id AS customer_id, opened_at + 1 AS instant
    FROM demo_messages WHERE no = 3 AND opened_at IS NOT NULL
    UNION ALL
    SELECT demo_event(id, k, 0), id, instant
    FROM (
        SELECT id, k, (since + floor((gone - since) * (k + draw('app', id, k)) / n)::BIGINT) // 86400 * 86400
            + daytime(draw('app daytime', id, k)) AS instant, since
        FROM (
            SELECT c.id, c.gone, c.given_at AS since, n, unnest(range(n)) AS k
            FROM (
                SELECT *, least(900, floor((gone - given_at)::DOUBLE / 86400 / (7 + 120 * draw('app habit', id, 0))))::BIGINT AS n
                FROM demo_consent WHERE channel = 'push' AND gone > given_at
            ) AS c
        )
    ) WHERE instant >= since
) WHERE instant < demo_end() ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Opened Email' AS name, to_timestamp(instant) AS occurred_at, campaign, machine_open
FROM (
    SELECT demo_event(id, k, 2) AS event_id, id AS customer_id, opened_at AS instant, campaign, false AS machine_open
    FROM demo_messages WHERE no = 1 AND opened_at IS NOT NULL
    UNION ALL
    SELECT demo_event(id, k, 3), id, machine_at, campaign, true
    FROM demo_messages WHERE machine_at IS NOT NULL
) WHERE instant < demo_end() ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Opened Push' AS name, to_timestamp(instant) AS occurred_at, campaign
FROM (
    SELECT demo_event(id, k, 8) AS event_id, id AS customer_id, opened_at AS instant, campaign
    FROM demo_messages WHERE no = 3 AND opened_at < demo_end()
) ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Received Email' AS name, to_timestamp(instant) AS occurred_at, campaign
FROM (
    SELECT demo_event(id, k, 1) AS event_id, id AS customer_id, received_at AS instant, campaign
    FROM demo_messages WHERE no = 1
) ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Received Push' AS name, to_timestamp(instant) AS occurred_at, campaign
FROM (
    SELECT demo_event(id, k, 7) AS event_id, id AS customer_id, received_at AS instant, campaign
    FROM demo_messages WHERE no = 3
) ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Received SMS' AS name, to_timestamp(instant) AS occurred_at, campaign
FROM (
    SELECT demo_event(id, k, 5) AS event_id, id AS customer_id, received_at AS instant, campaign
    FROM demo_messages WHERE no = 2
) ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Started Checkout' AS name, to_timestamp(instant) AS occurred_at, value
FROM (
    SELECT demo_event(v.id, v.k, 17 + 10 * v.source) AS event_id, v.id AS customer_id, v.checkout_at AS instant, t.value
    FROM demo_visits AS v JOIN demo_totals AS t USING (visit)
    WHERE v.reached >= 2 AND v.checkout_at < demo_end()
) ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Viewed Collection' AS name, to_timestamp(instant) AS occurred_at, url, collection
FROM (
    SELECT
        demo_event(id, k, 15 + 10 * source) AS event_id, id AS customer_id, instant + 15 AS instant, p.collection,
        '/collections/' || lower(replace(p.collection, ' ', '-')) AS url
    FROM demo_visits JOIN products AS p ON p.product_id = demo_product(visit, 0, purse, favourite)
    WHERE draw('browses', visit, 0) < 0.4
) WHERE instant < demo_end() ORDER BY instant, event_id;

INSERT INTO events BY NAME
SELECT event_id, customer_id, 'Viewed Product' AS name, to_timestamp(instant) AS occurred_at, url, product_id, collection, value
FROM (
    SELECT
        demo_event(id, k, 11 + 10 * source + n) AS event_id, id AS customer_id, instant + 40 * (n + 1) AS instant, v.product_id,
        p.collection, p.price AS value, '/products/' || v.product_id AS url
    FROM (
        SELECT *, demo_product(visit, n, purse, favourite) AS product_id
        FROM (
            SELECT id, k, source, visit, instant, purse, favourite, unnest(range(greatest(
                CASE WHEN reached > 0 THEN lines ELSE 0 END, floor(draw('views', visit, 0) * 2.4)::BIGINT
            ))) AS n
            FROM demo_visits
        )
    ) AS v
    JOIN products AS p USING (product_id)
) WHERE instant < demo_end() ORDER BY instant, event_id;
