"""Three warehouses as people make them: an app's database, a cinema's, and an odd one, of facts and dimensions."""

from __future__ import annotations

APP = """
CREATE TABLE workspaces (id INTEGER PRIMARY KEY, name VARCHAR);
CREATE TABLE users (id INTEGER PRIMARY KEY, workspace_id INTEGER REFERENCES workspaces(id), email VARCHAR,
  full_name VARCHAR, locale VARCHAR, created_at TIMESTAMPTZ, deleted_at TIMESTAMPTZ, marketing_opt_in BOOLEAN);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users(id), amount_cents INTEGER,
  currency VARCHAR, status VARCHAR, issued_at TIMESTAMPTZ, paid_at TIMESTAMPTZ);
CREATE TABLE analytics_events (id INTEGER PRIMARY KEY, user_id INTEGER, event_name VARCHAR, properties JSON,
  occurred_at BIGINT);
CREATE TABLE invitations (id INTEGER PRIMARY KEY, inviter_id INTEGER REFERENCES users(id), sent_at TIMESTAMPTZ,
  accepted_at TIMESTAMPTZ);
CREATE TABLE support_tickets (id INTEGER PRIMARY KEY, requester_id INTEGER REFERENCES users(id), priority VARCHAR,
  opened_at TIMESTAMPTZ, closed_at TIMESTAMPTZ);
CREATE TABLE devices (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users(id), model VARCHAR);
INSERT INTO workspaces SELECT i, 'W' || i FROM range(9) t(i);
INSERT INTO users SELECT i, i % 9, 'u' || i, 'U ' || i, ['en', 'nl'][i % 2 + 1], '2025-01-01 10:00:00+00',
  CASE WHEN i = 7 THEN TIMESTAMPTZ '2026-01-01 10:00:00+00' END, i % 2 = 0 FROM range(60) t(i);
INSERT INTO invoices SELECT i, i % 60, 2900, ['EUR', 'USD'][i % 2 + 1], ['paid', 'void'][i % 2 + 1],
  '2026-01-01 10:00:00+00', '2026-01-02 10:00:00+00' FROM range(90) t(i);
INSERT INTO analytics_events SELECT i, i % 60, ['project_created', 'report.exported'][i % 2 + 1],
  '{"tags": ["a"], "lines": [{"sku": 1}]}', 1767225600 + i FROM range(90) t(i);
INSERT INTO invitations SELECT i, i % 60, '2026-01-01 10:00:00+00', '2026-01-02 10:00:00+00' FROM range(90) t(i);
INSERT INTO support_tickets SELECT i, i % 60, ['low', 'high'][i % 2 + 1], '2026-01-01 10:00:00+00',
  '2026-01-02 10:00:00+00' FROM range(90) t(i);
INSERT INTO devices SELECT i, i, 'M' FROM range(9) t(i);
"""
"""An app: declared keys, cents, two currencies, JSON, people who invite."""

CINEMA = """
CREATE TABLE tblGuest AS SELECT md5(i::VARCHAR)::UUID AS guestUuid, 'A' || i AS firstName,
  ['nl', 'de'][i % 2 + 1] AS lang,
  DATE '1990-01-01' AS dob, i % 2 = 0 AS "newsletterOptIn", i % 3 = 0 AS "smsOptIn",
  TIMESTAMPTZ '2024-01-01 00:00:00+00' AS createdOn FROM range(60) t(i);
CREATE TABLE tblMovie AS SELECT i AS movieId, 'Movie ' || i AS title, ['drama', 'scifi'][i % 2 + 1] AS genre
  FROM range(9) t(i);
CREATE TABLE tblCinema AS SELECT i AS cinemaId, 'Kino ' || i AS name, 52.0 AS lat, 4.9 AS lng FROM range(4) t(i);
CREATE TABLE tblBooking AS SELECT i AS bookingId, md5((i % 60)::VARCHAR)::UUID AS guestUuid, i % 9 AS movieId,
  i % 4 AS cinemaId, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS bookedOn, 12.5::DECIMAL(8, 2) AS totalPrice,
  CASE WHEN i % 11 = 0 THEN TIMESTAMPTZ '2026-02-01 00:00:00+00' END AS cancelledOn FROM range(90) t(i);
CREATE TABLE tblSnackOrder AS SELECT i AS snackOrderId, md5((i % 60)::VARCHAR)::UUID AS guestUuid,
  TIMESTAMPTZ '2026-01-01 00:00:00+00' AS orderedAt, 7.5::DECIMAL(8, 2) AS amount, '[{"sku": "P"}]' AS linesJson
  FROM range(90) t(i);
CREATE TABLE tblAppEvent AS SELECT i AS id, md5((i % 60)::VARCHAR)::UUID AS guestUuid,
  ['TrailerWatched', 'PushOpened'][i % 2 + 1] AS eventType, {'movie': 'M' || i % 9} AS payload,
  TIMESTAMPTZ '2026-01-01 00:00:00+00' AS ts FROM range(90) t(i);
CREATE TABLE tblRating AS SELECT i AS ratingId, md5((i % 60)::VARCHAR)::UUID AS guestUuid, i % 9 AS movieId,
  i % 5 AS stars, DATE '2026-01-01' AS ratedOn FROM range(90) t(i);
CREATE TABLE tblEmployee AS SELECT i AS employeeId, 'E' || i AS firstName, 'e' || i AS email FROM range(20) t(i);
"""
"""A cinema: prefixes, capitals, UUIDs, structs, shops with places."""

FACTS = """
CREATE SCHEMA dwh;
CREATE TABLE dwh.dim_date AS SELECT strftime(DATE '2025-06-01' + i::INT, '%Y%m%d')::INT AS date_key,
  DATE '2025-06-01' + i::INT AS full_date FROM range(99) t(i);
CREATE TABLE dwh.dim_customer AS SELECT i AS customer_sk, 'C' || i // 2 AS customer_nk, 'c' || i // 2 AS email_addr,
  ['Gold', 'Silver'][i % 2 + 1] AS tier, TIMESTAMP '2025-01-01' AS valid_from,
  i % 2 = 1 AS is_current FROM range(60) t(i);
CREATE TABLE dwh.dim_product AS SELECT i AS product_sk, 'Product ' || i AS product_name,
  ['A', 'B'][i % 2 + 1] AS category
  FROM range(9) t(i);
CREATE TABLE dwh.dim_store AS SELECT i AS store_sk, 'Store ' || i AS store_name FROM range(5) t(i);
CREATE TABLE dwh.fact_sales AS SELECT i AS sales_sk, i // 2 AS receipt_no, i % 60 AS customer_sk, i % 9 AS product_sk,
  i % 5 AS store_sk, strftime(DATE '2025-06-01' + (i % 99)::INT, '%Y%m%d')::INT AS date_key, i % 3 + 1 AS qty,
  9.5::DECIMAL(12, 2) AS net_amount FROM range(120) t(i);
CREATE TABLE dwh.fact_email AS SELECT i % 60 AS customer_sk, ['SENT', 'OPEN', 'CLICK'][i % 3 + 1] AS activity_type,
  TIMESTAMPTZ '2026-01-01 00:00:00+00' AS activity_ts FROM range(120) t(i);
CREATE TABLE dwh.fact_balance AS SELECT i % 60 AS customer_sk, 9.5 AS points FROM range(120) t(i);
"""
"""The odd one: keys that stand for versions of a customer, days as keys of a table of days."""
