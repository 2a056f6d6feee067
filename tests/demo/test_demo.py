"""The demo shop: the same to the byte on every build, whole, like life, and over before `NOW`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from segql import demo

PROFILES = 2_000
TIMES = {
    "consent": ["changed_at"],
    "customers": ["signed_up_at"],
    "events": ["occurred_at"],
    "list_members": ["joined_at"],
    "orders": ["created_at", "cancelled_at", "refunded_at"],
}


def built(profiles: int = PROFILES, **settings: object) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, value in settings.items():
        connection.execute(f"SET {name} = '{value}'")
    demo.build(connection, profiles)
    return connection


@pytest.fixture(scope="module")
def shop() -> Iterator[duckdb.DuckDBPyConnection]:
    with built() as connection:
        yield connection


@pytest.fixture(scope="module")
def small() -> Iterator[duckdb.DuckDBPyConnection]:
    with built(400, threads=1) as connection:
        yield connection


def value(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    row = connection.execute(query).fetchone()
    assert row is not None
    return float(row[0] or 0)


def digests(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """A hash of every table as written out, in its physical order."""
    connection.execute("SET TimeZone = 'UTC'")
    found = {}
    for table in demo.TABLES:
        connection.execute(f"COPY {table} TO '{folder / table}.csv'")
        found[table] = hashlib.sha256((folder / f"{table}.csv").read_bytes()).hexdigest()
    return found


# --- the generator ------------------------------------------------------------------------------------------------


def test_two_builds_are_equal_to_the_byte(small: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with built(400, threads=4, TimeZone="Asia/Tokyo") as other:
        assert digests(small, tmp_path) == digests(other, tmp_path)


def test_a_larger_shop_holds_a_smaller_one(small: duckdb.DuckDBPyConnection, shop: duckdb.DuckDBPyConnection) -> None:
    def of(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[object, ...] | None:
        return connection.execute(
            f"SELECT count(*), bit_xor(hash({table}::VARCHAR)) FROM {table} WHERE customer_id <= 400"
        ).fetchone()

    small.execute("SET TimeZone = 'UTC'")
    shop.execute("SET TimeZone = 'UTC'")
    for table in ("customers", "consent", "events", "list_members", "orders"):
        assert of(small, table) == of(shop, table)


def test_it_makes_its_tables_and_leaves_nothing_else_behind(shop: duckdb.DuckDBPyConnection) -> None:
    tables = shop.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    assert tuple(name for (name,) in tables) == demo.TABLES
    assert value(shop, "SELECT count(*) FROM duckdb_functions() WHERE NOT internal") == 0
    assert value(shop, "SELECT count(*) FROM customers") == PROFILES


def test_progress_hears_what_is_made() -> None:
    heard: list[str] = []
    with duckdb.connect() as connection:
        demo.build(connection, 10, heard.append)
    assert heard[0] == "stores"
    assert "orders and their lines" in heard


def test_nothing_is_overwritten() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE orders AS SELECT 1 AS mine")
        with pytest.raises(ValueError, match="tables of these names already: orders"):
            demo.build(connection, 10)
        assert connection.execute("FROM orders").fetchall() == [(1,)]


@pytest.mark.parametrize("profiles", [0, -5, demo.MOST_PROFILES + 1])
def test_a_size_out_of_bounds_is_refused(profiles: int) -> None:
    with duckdb.connect() as connection, pytest.raises(ValueError, match="between 1 and 1,000,000"):
        demo.build(connection, profiles)


# --- its data -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, names in TIMES.items() for column in names])
def test_nothing_is_at_or_after_now(shop: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    latest = value(shop, f"SELECT epoch(max({column})) FROM {table}")
    assert demo.NOW.timestamp() - 30 * 86400 < latest < demo.NOW.timestamp()
    assert value(shop, f"SELECT epoch(min({column})) FROM {table}") >= demo.NOW.timestamp() - 1096 * 86400


def test_every_time_column_is_checked(shop: duckdb.DuckDBPyConnection) -> None:
    columns = shop.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
        " WHERE data_type LIKE 'TIMESTAMP%' AND NOT internal GROUP BY 1"
    ).fetchall()
    assert dict(columns) == TIMES


@pytest.mark.parametrize(
    ("child", "column", "parent", "key"),
    [
        ("consent", "customer_id", "customers", "customer_id"),
        ("events", "customer_id", "customers", "customer_id"),
        ("list_members", "customer_id", "customers", "customer_id"),
        ("orders", "customer_id", "customers", "customer_id"),
        ("events", "product_id", "products", "product_id"),
        ("order_lines", "product_id", "products", "product_id"),
        ("order_lines", "order_id", "orders", "order_id"),
        ("orders", "order_id", "order_lines", "order_id"),
    ],
)
def test_every_reference_finds_its_row(
    shop: duckdb.DuckDBPyConnection, child: str, column: str, parent: str, key: str
) -> None:
    lost = f"SELECT count(*) FROM {child} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT {key} FROM {parent})"
    assert value(shop, lost) == 0


@pytest.mark.parametrize(
    ("table", "key"),
    [("customers", "customer_id"), ("events", "event_id"), ("orders", "order_id"), ("products", "product_id")],
)
def test_keys_are_unique(shop: duckdb.DuckDBPyConnection, table: str, key: str) -> None:
    assert value(shop, f"SELECT count(*) - count(DISTINCT {key}) FROM {table}") == 0


def test_what_was_paid_is_what_was_bought(shop: duckdb.DuckDBPyConnection) -> None:
    wrong = """
        SELECT count(*) FROM orders JOIN (
            SELECT order_id, sum(quantity * price) AS full_price FROM order_lines GROUP BY order_id
        ) USING (order_id)
        WHERE total <> (full_price * CASE WHEN coupon IS NULL THEN 1 ELSE 0.9 END)::DECIMAL(10, 2)"""
    assert value(shop, wrong) == 0


@pytest.mark.parametrize(
    ("later", "earlier", "same"),
    [
        ("Opened Email", "Received Email", "campaign"),
        ("Clicked Email", "Opened Email", "campaign"),
        ("Clicked SMS", "Received SMS", "campaign"),
        ("Opened Push", "Received Push", "campaign"),
        ("Added to Cart", "Viewed Product", "product_id"),
    ],
)
def test_one_thing_follows_another(shop: duckdb.DuckDBPyConnection, later: str, earlier: str, same: str) -> None:
    orphans = f"""
        SELECT count(*) FROM events AS b WHERE b.name = '{later}' AND NOT EXISTS (
            FROM events AS a WHERE a.name = '{earlier}' AND a.customer_id = b.customer_id AND a.{same} = b.{same}
                AND a.occurred_at < b.occurred_at)"""
    assert value(shop, f"SELECT count(*) FROM events WHERE name = '{later}'") > 0
    assert value(shop, orphans) == 0


def test_orders_follow_a_visit_and_a_checkout(shop: duckdb.DuckDBPyConnection) -> None:
    for name in ("Active on Site", "Started Checkout"):
        orphans = f"""
            SELECT count(*) FROM orders AS o WHERE NOT EXISTS (
                FROM events AS e WHERE e.name = '{name}' AND e.customer_id = o.customer_id
                    AND epoch(e.occurred_at) BETWEEN epoch(o.created_at) - 3600 AND epoch(o.created_at))"""
        assert value(shop, orphans) == 0


def test_no_letter_comes_twice_or_after_good_bye(shop: duckdb.DuckDBPyConnection) -> None:
    twice = """
        SELECT count(*) FROM (
            FROM events SELECT customer_id, campaign WHERE name = 'Received Email' GROUP BY ALL HAVING count(*) > 1)"""
    after = """
        SELECT count(*) FROM events AS e
        ASOF JOIN (FROM consent WHERE channel = 'email') AS c
            ON c.customer_id = e.customer_id AND e.occurred_at >= c.changed_at
        WHERE e.name = 'Received Email' AND c.status <> 'subscribed'"""
    assert value(shop, twice) == 0
    assert value(shop, after) == 0


def test_tables_lie_in_an_order_that_scans_fast(shop: duckdb.DuckDBPyConnection) -> None:
    orders = {"events": "(name, occurred_at)", "orders": "created_at", "consent": "(channel, changed_at)"}
    for table, order in orders.items():
        steps = f"SELECT count(*) FROM (SELECT {order} < lag({order}) OVER () AS falls FROM {table}) WHERE falls"
        assert value(shop, steps) == 0


@pytest.mark.parametrize(
    ("what", "low", "high", "query"),
    [
        ("events a profile", 22, 40, f"SELECT count(*) / {PROFILES} FROM events"),
        ("buyers", 0.35, 0.6, f"SELECT count(DISTINCT customer_id) / {PROFILES} FROM orders"),
        ("orders a buyer", 1.5, 4, "SELECT count(*) / count(DISTINCT customer_id) FROM orders"),
        ("baskets over 100", 0.2, 0.6, "SELECT avg((total > 100)::INT) FROM orders"),
        ("cancelled", 0.01, 0.1, "SELECT avg((cancelled_at IS NOT NULL)::INT) FROM orders"),
        ("refunded", 0.01, 0.1, "SELECT avg((refunded_at IS NOT NULL)::INT) FROM orders"),
        ("opens by machines", 0.2, 0.7, "SELECT avg(machine_open::INT) FROM events WHERE name = 'Opened Email'"),
        ("no country", 0.02, 0.1, "SELECT avg((country_code IS NULL)::INT) FROM customers"),
        ("no birthday", 0.3, 0.6, "SELECT avg((birthday IS NULL)::INT) FROM customers"),
        ("no language", 0.04, 0.15, "SELECT avg((language IS NULL)::INT) FROM customers"),
        ("no tags", 0.05, 0.3, "SELECT avg((tags IS NULL)::INT) FROM customers"),
        ("Dutch", 0.15, 0.35, "SELECT avg((country_code = 'NL')::INT) FROM customers"),
        ("the busiest tenth's share of events", 0.2, 0.6, """
            SELECT sum(n) FILTER (rank <= 0.1) / sum(n) FROM (
                SELECT count(*) AS n, percent_rank() OVER (ORDER BY count(*) DESC) AS rank
                FROM events GROUP BY customer_id)"""),
        ("orders in November, against one month in twelve", 1.1, 4, """
            SELECT 12 * count(*) FILTER (month(created_at) = 11) / count(*)
            FROM orders WHERE created_at >= '2024-01-01' AND created_at < '2026-01-01'"""),
        ("visits at night, against a fair quarter", 0, 0.6, """
            SELECT 4 * avg((hour(to_timestamp(epoch(occurred_at) + 240 * longitude)::TIMESTAMP) < 6)::INT)
            FROM events JOIN customers USING (customer_id)
            WHERE name = 'Active on Site' AND longitude BETWEEN -10 AND 20"""),
    ],
)  # fmt: skip
def test_it_is_skewed_like_life(
    shop: duckdb.DuckDBPyConnection, what: str, low: float, high: float, query: str
) -> None:
    shop.execute("SET TimeZone = 'UTC'")
    assert low <= value(shop, query) <= high, what


def test_days_on_which_clocks_change_are_covered(shop: duckdb.DuckDBPyConnection) -> None:
    days = ("2024-03-31", "2024-10-27", "2025-03-30", "2025-10-26", "2026-03-29", "2026-10-25")
    for day in days:
        hours = f"BETWEEN '{day} 00:00:00+00' AND '{day} 22:59:59+00'"
        assert value(shop, f"SELECT count(*) FROM events WHERE occurred_at {hours}") > 0, day


def test_names_are_of_many_scripts(shop: duckdb.DuckDBPyConnection) -> None:
    cities = {city for (city,) in shop.execute("SELECT DISTINCT city FROM customers").fetchall()}
    assert {"Łódź", "東京", "Αθήνα", "София", "'s-Hertogenbosch", "São Paulo"} <= cities
