"""A small shop for tests of the SQL: its catalog, its empty tables, and a way to ask one rule of a few rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import duckdb
from sqlglot import exp

from segql import emitter, planner
from segql.catalog import Catalog
from segql.conditions import (
    All,
    Field,
    Interval,
    Occurrences,
    Type,
)

NOW = datetime(2025, 11, 28, 10, tzinfo=UTC)
EVER = Interval(None, NOW)

SHOP: dict[str, Any] = {
    "timezone": "UTC",
    "profiles": {
        "table": "customers",
        "key": "customer_id",
        "key type": "integer",
        "properties": {
            "country": "text", "age": {"type": "number", "scale": 0}, "score": {"type": "number", "scale": 2},
            "debt": {"type": "money", "scale": 2}, "tags": {"type": "list of text"}, "vip": "boolean",
        },
    },
    "channels": {
        "sms": {"table": "consent", "profile": "customer_id", "where": "channel = 'sms'",
                "receives when": "status = 'subscribed'", "reason": "method"},
        "email": {"table": "consent", "profile": "customer_id", "where": "channel = 'email'",
                  "receives when": "status = 'subscribed'", "time": "changed_at"},
    },
    "events": {
        "placed order": {
            "table": "orders", "profile": "customer_id", "time": "created_at", "id": "order_id",
            "join": {"stores": {"table": "stores", "on": {"store": "id"}}},
            "properties": {"total": {"type": "money", "scale": 2}, "city": {"column": "stores.city"}},
            "items": {
                "table": "order_lines", "on": {"order_id": "order_id"},
                "join": {"stores": {"table": "stores", "on": {"origin": "id"}}},
                "properties": {"brand": "text", "origin": {"column": "stores.city"}, "price": {"type": "money"}},
            },
        },
        "clicked sms": {"table": "events", "name column": "event", "name": "Clicked SMS", "profile": "user_id",
                        "time": "ts"},
        "opened email": {"table": "events", "name column": "event", "name": "Opened Email", "profile": "user_id",
                         "time": "ts"},
        "clicked email": {"table": "events", "name column": "event", "name": "Clicked Email", "profile": "user_id",
                          "time": "ts"},
    },
    "lists": {"Newsletter": {"table": "list_members", "profile": "customer_id", "time": "added_at"}},
}  # fmt: skip

CATALOG = Catalog.model_validate(SHOP)

TABLES = """
CREATE TABLE customers (customer_id INTEGER, country VARCHAR, age INTEGER, score DOUBLE, debt DECIMAL(9, 2),
  tags VARCHAR[], vip BOOLEAN);
CREATE TABLE consent (customer_id INTEGER, channel VARCHAR, status VARCHAR, method VARCHAR, changed_at TIMESTAMPTZ);
CREATE TABLE orders (customer_id INTEGER, order_id INTEGER, created_at TIMESTAMPTZ, total DECIMAL(9, 2), store INTEGER);
CREATE TABLE order_lines (order_id INTEGER, brand VARCHAR, origin INTEGER, price DECIMAL(9, 4));
CREATE TABLE stores (id INTEGER, city VARCHAR);
CREATE TABLE events (user_id INTEGER, event VARCHAR, ts TIMESTAMPTZ);
CREATE TABLE list_members (customer_id INTEGER, added_at TIMESTAMPTZ);
"""


@cache
def _empty() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    # A zone that no test speaks of: nothing may depend on the session.
    connection.execute(f"SET TimeZone = 'Asia/Kathmandu'; {TABLES}")
    return connection


def ask(rule: Any, catalog: Catalog | None = None, create: str = "", **rows: str) -> set[Any]:
    """Asks a rule of tables: `ask(rule, customers="SELECT ..", orders="SELECT ..")`."""
    connection = _empty()
    try:
        connection.execute(f"BEGIN; {create}")
        for table, values in rows.items():
            connection.execute(f"INSERT INTO {table} BY NAME {values}")
        found = [key for (key,) in connection.execute(text(rule, catalog or CATALOG)).fetchall()]
    finally:
        connection.execute("ROLLBACK")
    assert len(found) == len(set(found))
    return set(found)


def text(rule: Any, catalog: Catalog, dialect: str = "duckdb") -> str:
    return emitter.sql_text(tree(rule, catalog, dialect), catalog, dialect)


def tree(rule: Any, catalog: Catalog, dialect: str = "duckdb") -> exp.Query:
    node = emitter.emit(planner.plan(rule, catalog, NOW), catalog, dialect)
    for part in node.walk():
        assert not part.error_messages(), part.error_messages()
    return node


def last(**ago: int) -> Interval:
    return Interval(NOW - timedelta(**ago), NOW)


def of(*events: str, window: Interval = EVER, where: Any = All(())) -> Occurrences:  # noqa: B008
    return Occurrences(events, window, where)


def ago(days: float) -> str:
    return f"TIMESTAMPTZ '{NOW - timedelta(days=days)}'"


def people(*keys: int | str) -> str:
    return f"SELECT unnest([{', '.join(map(str, keys))}])::INTEGER AS customer_id"


def orders(*rows: tuple[int | str, float, Any]) -> str:
    """Customer, days ago, total."""
    return " UNION ALL ".join(f"SELECT {who} AS customer_id, {ago(at)} AS created_at, {total} AS total, {i} AS order_id"
                              for i, (who, at, total) in enumerate(rows))  # fmt: skip


TOTAL = Field("event", "total", Type.MONEY)
COUNTRY = Field("profile", "country", Type.TEXT)
AGE = Field("profile", "age", Type.NUMBER)
