"""Small warehouses of several kinds, as tables that nobody described."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path

import duckdb

from segql.catalog import Catalog
from segql.discovery import cleaned, look, propose
from segql.warehouse import Warehouse
from segql.warehouse.duckdb import DuckDB

SHOP = """
CREATE TABLE customers AS SELECT i AS customer_id, 'c' || i || '@x.org' AS email,
  ['NL', 'BE', 'DE'][i % 3 + 1] AS country_code,
  DATE '1980-01-01' + i::INTEGER AS birth_date, i % 5 = 0 AS is_vip,
  TIMESTAMPTZ '2025-01-01 10:00:00+00' + INTERVAL (i) HOUR AS signed_up_at,
  52.0 + i / 100.0 AS lat, 4.0 AS lng, 'x' AS password_hash, NULL::VARCHAR AS fax
FROM range(120) t(i);
CREATE TABLE products AS SELECT i AS id, 'Thing ' || i AS title, ['Acme', 'Zenith'][i % 2 + 1] AS brand
  FROM range(8) t(i);
CREATE TABLE orders AS SELECT i AS order_id, i % 100 AS customer_id,
  TIMESTAMP '2026-01-01 12:00:00' + INTERVAL (i) HOUR AS created_at,
  (i * 1.5)::DECIMAL(10, 2) AS total, 'EUR' AS currency,
  CASE WHEN i % 9 = 0 THEN TIMESTAMP '2026-06-01' END AS cancelled_at, i % 50 = 0 AS test
FROM range(400) t(i);
CREATE TABLE order_lines AS SELECT i // 2 AS order_id, i % 8 AS product_id, i % 3 + 1 AS quantity,
  9.95::DECIMAL(8, 2) AS price FROM range(800) t(i);
CREATE TABLE tracks AS SELECT i AS id, i % 120 AS customer_id,
  ['Opened Email', 'order_completed', 'page_view', 'Clicked SMS'][i % 4 + 1] AS event,
  TIMESTAMPTZ '2026-02-01 00:00:00+00' + INTERVAL (i) HOUR AS happened_at,
  CASE WHEN i % 4 = 2 THEN '/p' || i % 3 END AS page,
  CASE WHEN i % 4 = 0 THEN i % 8 = 0 END AS machine_open
FROM range(600) t(i);
CREATE TABLE consent AS SELECT i % 120 AS customer_id, ['email', 'sms'][i % 2 + 1] AS channel,
  ['subscribed', 'unsubscribed'][i % 3 // 2 + 1] AS status,
  TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL (i) HOUR AS changed_at
FROM range(240) t(i);
CREATE TABLE list_members AS SELECT i AS customer_id, ['Newsletter', 'VIP club'][i % 2 + 1] AS list,
  DATE '2026-01-01' AS joined_on FROM range(40) t(i);
CREATE TABLE stores AS SELECT 'Store ' || i AS name, 52.0 + i AS latitude, 4.0 AS longitude FROM range(3) t(i);
"""
"""A shop as most are: DuckDB's SQL."""

ODD = """
CREATE TABLE "De Klanten" AS SELECT i AS "KlantNr", 'k' || i || '@x.nl' AS "E-mail", i % 5 = 0 AS "in",
  '--0' || i % 9 + 1 || '-1' || i % 9 AS verjaardag,
  '{"lang": "nl", "score": ' || i || ', "tags": ["a", "b"]}' AS extra FROM range(60) t(i);
CREATE TABLE "Bestellingen" AS SELECT i AS "BestelNr", i % 60 AS "KlantNr",
  1735689600000 + i * 3600000 AS "createdMs", (i % 90)::DECIMAL(9, 3) AS "Totaal Bedrag",
  CASE WHEN i % 3 = 0 THEN 'web' ELSE 'win''kel: #1' END AS "order", i % 50 = 0 AS "is deleted" FROM range(200) t(i);
CREATE TABLE log AS SELECT i AS id, i * 3 % 60 AS "klantNr",
  ['page_view', 'never', 'where', 'weird: one #!', '- x'][i % 5 + 1] AS action,
  TIMESTAMP '2026-01-01' + INTERVAL (i) MINUTE AS ts FROM range(300) t(i);
"""
"""Words that mean something to the language or to YAML, another human language, times as numbers, JSON in texts."""

GYM = """
CREATE TABLE members (id INTEGER PRIMARY KEY, email TEXT, dateOfBirth TEXT, joined_at TEXT, is_active INTEGER,
  newsletter_opt_in INTEGER);
CREATE TABLE check_ins (id INTEGER PRIMARY KEY, member_id INTEGER, checked_in_at TEXT);
CREATE TABLE payments (id INTEGER PRIMARY KEY, member_id INTEGER, amount_cents INTEGER, currency TEXT, paid_at TEXT);
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
INSERT INTO members SELECT i, 'm' || i, '1990-01-' || substr('0' || (i % 28 + 1), -2), '2025-01-01 10:00:00',
  i % 3 > 0, i % 2 FROM n;
INSERT INTO check_ins SELECT id, (id * 7) % 100, '2026-01-02 08:00:0' || (id % 10) FROM members;
INSERT INTO payments SELECT id, (id * 3) % 100, 1999 + id, 'EUR', '2026-02-01 08:00:00' FROM members;
"""
"""An SQLite database, whose columns say nothing of their types."""

NO_PEOPLE = "CREATE TABLE weather AS SELECT i AS station, 20.5 AS degrees FROM range(9) t(i);"


@cache
def proposed(sql: str, *answers: tuple[str, str]) -> tuple[Catalog, str]:
    """The catalog that is proposed for what the SQL makes in DuckDB, with its text; no front end has part in it."""
    connection = duckdb.connect()
    connection.execute(sql)
    warehouse = Warehouse(DuckDB(connection), "The warehouse")
    checked = cleaned(propose(look(warehouse, warehouse.tables()), dict(answers)), None, [], "catalog.yaml")
    connection.close()
    assert checked.catalog is not None, checked.problems
    return checked.catalog, checked.written.text


def duckdb_file(path: Path, sql: str) -> str:
    """A DuckDB file with what the SQL makes; its path."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
    return str(path)


def sqlite_file(path: Path, sql: str) -> str:
    """An SQLite file with what the SQL makes; its URL."""
    connection = sqlite3.connect(path)
    connection.executescript(sql)
    connection.close()
    return f"sqlite:///{path}"
