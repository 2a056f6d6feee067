-- Campaigns: a weekly letter that became two, a text or a push now and then, all of them denser before the holidays.
CREATE OR REPLACE TEMP TABLE demo_campaigns AS
WITH days AS (
    SELECT demo_end() // 86400 - n AS day, DATE '1970-01-01' + (demo_end() // 86400 - n)::INTEGER AS date
    FROM (SELECT unnest(range(1097)) AS n)
), sent AS (
    SELECT 'email' AS channel, date, day, 8 AS hour FROM days
    WHERE isodow(date) = 4
        OR (isodow(date) = 7 AND date >= DATE '2024-09-01')
        OR (strftime(date, '%m-%d') BETWEEN '11-10' AND '12-22' AND isodow(date) IN (1, 3, 5, 6))
    UNION ALL
    SELECT 'sms', date, day, 16 FROM days
    WHERE day(date) IN (1, 15) OR (strftime(date, '%m-%d') BETWEEN '11-10' AND '12-22' AND isodow(date) IN (3, 5, 6))
    UNION ALL
    SELECT 'push', date, day, 9 FROM days
    WHERE isodow(date) IN (2, 6) OR (month(date) IN (11, 12) AND isodow(date) = 5)
)
SELECT
    channel, (['email', 'sms', 'push']).list_position(channel) AS no, day,
    row_number() OVER (PARTITION BY channel ORDER BY day) - 1 AS number,
    day * 86400 + hour * 3600 AS sent_at,
    CASE
        WHEN strftime(date, '%m-%d') BETWEEN '11-10' AND '11-30' THEN 'Black Friday ' || year(date)
        WHEN strftime(date, '%m-%d') BETWEEN '12-01' AND '12-31' THEN 'Winter gifts ' || year(date)
        ELSE 'Letter ' || strftime(date, '%Y-%m')
    END || ' #' || day(date) AS campaign
FROM sent;

-- How many campaigns of a channel were out before a day, so that a customer's first and last are an equality join away.
CREATE OR REPLACE TEMP TABLE demo_calendar AS
SELECT
    c.channel, d.day,
    (SELECT count(*) FROM demo_campaigns AS s WHERE s.channel = c.channel AND s.day < d.day) AS number
FROM (SELECT unnest(range(1099)) + demo_start() // 86400 AS day) AS d
CROSS JOIN (SELECT DISTINCT channel FROM demo_campaigns) AS c;

-- What each subscriber received, and did with it. Letters keep coming after the interest is gone; nobody opens them
-- then but the mail client, which fetches ahead for the sake of privacy: a machine open.
CREATE OR REPLACE TEMP TABLE demo_messages AS
WITH audience AS (
    SELECT
        c.channel, c.no, c.id, c.gone, p.opens, f.number AS first,
        u.number - f.number AS span,
        coalesce(c.back_at, c.given_at) AS since,
        CASE WHEN c.back_at IS NULL AND c.left_at IS NOT NULL THEN c.left_at ELSE demo_end() END AS until,
        CASE c.channel
            WHEN 'email' THEN 0.02 + 0.20 * pow(draw('share', c.id, 1), 2) * CASE WHEN c.gone < demo_end() THEN 0.7 ELSE 1.4 END
            WHEN 'sms' THEN 0.05 + 0.3 * draw('share', c.id, 2)
            ELSE 0.02 + 0.18 * pow(draw('share', c.id, 3), 2)
        END AS share
    FROM demo_consent AS c
    JOIN demo_people AS p USING (id)
    JOIN demo_calendar AS f ON f.channel = c.channel AND f.day = coalesce(c.back_at, c.given_at) // 86400
    JOIN demo_calendar AS u
        ON u.channel = c.channel
        AND u.day = CASE WHEN c.back_at IS NULL AND c.left_at IS NOT NULL THEN c.left_at ELSE demo_end() END // 86400 + 1
), counted AS (
    SELECT
        id, no, gone, opens, first, span, since, until,
        least(span // 2, floor(span * share + draw('rounding', id, no))::BIGINT) AS n
    FROM audience
), received AS (
    -- One campaign out of each n-th part of the span, never two neighbours: no letter comes twice.
    SELECT
        id, no, k, gone, opens, since, until,
        first + floor((k * span)::DOUBLE / n + draw('campaign', id, 4 * k + no) * (span::DOUBLE / n - 1))::BIGINT AS number
    FROM (SELECT *, unnest(range(n)) AS k FROM counted WHERE n > 0)
), delivered AS (
    SELECT
        id, r.no, k, gone, opens, campaign,
        sent_at + floor(draw('delivery', id, 4 * k + r.no) * 1500)::BIGINT AS received_at
    FROM received AS r
    JOIN demo_campaigns AS m ON m.no = r.no AND m.number = r.number
    WHERE received_at >= since AND received_at < until
), seen AS (
    SELECT
        id, no, k, campaign, received_at,
        CASE WHEN received_at < gone AND draw('seen', id, 4 * k + no) < CASE no WHEN 1 THEN opens WHEN 2 THEN 0.6 ELSE 0.25 END
            THEN received_at + 20 + wait(CASE no WHEN 1 THEN 14400 ELSE 1800 END, draw('seen after', id, 4 * k + no))
        END AS opened_at,
        CASE WHEN no = 1 AND draw('apple', id, 0) < 0.38 AND draw('machine', id, k) < 0.5
            THEN received_at + 3 + floor(draw('machine after', id, k) * 900)::BIGINT
        END AS machine_at
    FROM delivered
)
SELECT
    *,
    CASE WHEN opened_at IS NOT NULL AND no <> 3 AND draw('clicks', id, 4 * k + no) < 0.35
        THEN opened_at + 5 + floor(draw('clicks after', id, 4 * k + no) * 90)::BIGINT
    END AS clicked_at
FROM seen;
