-- Who gave consent on which channel, how, until when, and the few who came back.
CREATE OR REPLACE TEMP TABLE demo_consent AS
WITH asked AS (
    SELECT
        p.id, p.gone, p.buys, channel, no,
        draw('gives', p.id, no) AS gives,
        draw('method', p.id, no) AS method,
        draw('leaves', p.id, no) AS leaves,
        p.signup + 30 + CASE channel WHEN 'email' THEN 0 ELSE floor(
            (demo_end() - p.signup - 60) * pow(draw('asked', p.id, no), 3)
        )::BIGINT END AS given_at
    FROM demo_people AS p
    CROSS JOIN (VALUES ('email', 1), ('sms', 2), ('push', 3), ('whatsapp', 4)) AS channels (channel, no)
), given AS (
    SELECT
        *,
        CASE channel
            WHEN 'email' THEN CASE WHEN method < 0.58 THEN 'subscribed' WHEN method < 0.9 THEN 'checkout' ELSE 'import' END
            WHEN 'push' THEN 'subscribed'
            ELSE CASE WHEN method < 0.35 THEN 'subscribed' WHEN method < 0.85 THEN 'checkout' ELSE 'keyword' END
        END AS given_by,
        CASE
            WHEN channel = 'email' THEN CASE
                WHEN leaves < 0.05 THEN 'bounced' WHEN leaves < 0.24 THEN 'unsubscribed' WHEN leaves < 0.245 THEN 'complained'
            END
            WHEN leaves < 0.16 THEN CASE channel WHEN 'push' THEN 'turned off' ELSE 'replied stop' END
        END AS left_by,
        given_at + 1 + floor((demo_end() - given_at - 2) * pow(draw('left', id, no), 1.5))::BIGINT AS left_at
    FROM asked
    WHERE gives < CASE channel WHEN 'email' THEN 0.78 WHEN 'sms' THEN 0.22 + 0.4 * buys WHEN 'push' THEN 0.24 ELSE 0.08 END
)
SELECT
    id, gone, channel, no, given_at, given_by, left_by,
    CASE WHEN left_by IS NOT NULL THEN left_at END AS left_at,
    CASE WHEN left_by IN ('unsubscribed', 'replied stop') AND draw('returns', id, no) < 0.12
        THEN left_at + floor((demo_end() - left_at) * draw('returned', id, no))::BIGINT
    END AS back_at
FROM given;

CREATE TABLE consent AS
SELECT id AS customer_id, channel, status, reason, to_timestamp(instant) AS changed_at
FROM (
    SELECT id, channel, 'subscribed' AS status, given_by AS reason, given_at AS instant FROM demo_consent
    UNION ALL
    SELECT id, channel, 'unsubscribed', left_by, left_at FROM demo_consent WHERE left_at IS NOT NULL
    UNION ALL
    SELECT id, channel, 'subscribed', 'subscribed', back_at FROM demo_consent WHERE back_at IS NOT NULL
)
ORDER BY channel, instant, id, status;
