-- Lists kept by hand: their members joined at a time, a few at a time that nobody wrote down.
CREATE TABLE list_members AS
SELECT list, customer_id, to_timestamp(instant) AS joined_at
FROM (
    SELECT 'Newsletter' AS list, id AS customer_id, given_at AS instant
    FROM demo_consent WHERE channel = 'email' AND draw('newsletter', id, 0) < 0.6
    UNION ALL
    SELECT
        'VIP club', customer_id,
        demo_end() - 1 - floor((demo_end() - 1 - epoch(signed_up_at)) * draw('club', customer_id, 0))::BIGINT
    FROM customers WHERE vip AND draw('member', customer_id, 0) < 0.8
    UNION ALL
    SELECT 'Beta testers', id, CASE WHEN draw('noted', id, 0) < 0.9
        THEN signup + floor((demo_end() - signup) * draw('tester since', id, 0))::BIGINT END
    FROM demo_people WHERE draw('tester', id, 0) < 0.04
)
ORDER BY list, instant, customer_id;
