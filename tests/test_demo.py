"""The demo shop: the same to the byte on every build, whole, over before `NOW`, and with members in every example."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import segql
from segql import demo
from segql.catalog.model import Catalog, Items, Join, Moment, Property, Rows

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
def catalog() -> Catalog:
    return segql.load_catalog(Path(str(demo.shop_folder() / "catalog.yaml")))


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


def test_two_builds_are_equal_to_the_byte(tmp_path: Path) -> None:
    with built(400, threads=1) as one, built(400, threads=4, TimeZone="Asia/Tokyo") as other:
        assert digests(one, tmp_path) == digests(other, tmp_path)


def test_a_larger_shop_holds_a_smaller_one(shop: duckdb.DuckDBPyConnection) -> None:
    def of(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[object, ...] | None:
        return connection.execute(
            f"SELECT count(*), bit_xor(hash({table}::VARCHAR)) FROM {table} WHERE customer_id <= 300"
        ).fetchone()

    with built(300) as small:
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
        seen = f"SELECT count(*) FROM events WHERE occurred_at >= '{day} 00:00+00' AND occurred_at < '{day} 23:00+00'"
        assert value(shop, seen) > 0, day


def test_names_are_of_many_scripts(shop: duckdb.DuckDBPyConnection) -> None:
    cities = {city for (city,) in shop.execute("SELECT DISTINCT city FROM customers").fetchall()}
    assert {"Łódź", "東京", "Αθήνα", "София", "'s-Hertogenbosch", "São Paulo"} <= cities


# --- its catalog and segments -------------------------------------------------------------------------------------


def test_the_folder_is_that_of_the_examples() -> None:
    root = Path(__file__).parents[1]
    names = sorted(part.name for part in demo.shop_folder().iterdir())
    assert names == sorted(path.name for path in (root / "examples" / "shop").iterdir())
    assert '"examples/shop" = "segql/demo/shop"' in (root / "pyproject.toml").read_text()


def sources(catalog: Catalog) -> Iterator[tuple[str, Rows, dict[str, Join]]]:
    """What of a catalog stands on a table, with the tables joined to it."""
    yield "profiles", catalog.profiles, {}
    for name, channel in catalog.channels.items():
        yield name, channel, {}
    for name, event in catalog.events.items():
        if not event.any_of:
            yield name, event, event.join
            if event.items:
                yield f"{name} items", event.items, event.items.join
    for name, members in catalog.lists.items():
        yield name, members, {}
    assert catalog.stores is not None
    yield "stores", catalog.stores, {}


def columns_of(part: Rows) -> Iterator[str]:
    """The columns that a source names itself (those in its SQL are run by the segments' test)."""
    for field in ("key", "profile", "id", "name_column", "reason"):
        if isinstance(column := getattr(part, field, None), str):
            yield column
    if isinstance(moment := getattr(part, "time", None), Moment):
        yield moment.column
    properties: dict[str, Property] = getattr(part, "properties", {})
    for item in properties.values():
        yield from (column for column in (item.column, item.latitude, item.longitude) if column)


def test_every_table_and_column_of_the_catalog_exists(shop: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    known = {
        f"{table}.{column}"
        for table, column in shop.execute("SELECT table_name, column_name FROM duckdb_columns()").fetchall()
    }
    named = 0
    for name, part, joins in sources(catalog):
        assert part.table in demo.TABLES, name
        found = [column if "." in column else f"{part.table}.{column}" for column in columns_of(part)]
        found += [f"{join.table}.{column}" for join in joins.values() for column in join.on.values()]
        found += [f"{part.table}.{column}" for join in joins.values() for column in join.on]
        if isinstance(part, Items):
            found += [f"{part.table}.{column}" for column in part.on.values()]
        if part.where:
            assert value(shop, f"SELECT count(*) FROM {part.table} WHERE {part.where}") > 0, name
        assert set(found) <= known, name
        named += len(found)
    assert named > 100


def test_everything_that_can_be_named_is_described_or_plain(catalog: Catalog) -> None:
    for name, event in catalog.events.items():
        assert event.description, name
    for kind, names in catalog.names().items():
        assert len(names) == len({name.casefold() for name in names}), kind


EXAMPLES = Path(str(demo.shop_folder()))


def example_names() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.segql"))]
    return [name for text in texts for name in re.findall(r'^segment "([^"]+)"', text, re.MULTILINE)]


@pytest.fixture(scope="module")
def default_shop() -> Iterator[duckdb.DuckDBPyConnection]:
    with built(demo.PROFILES) as connection:
        yield connection


@pytest.fixture(scope="module")
def counts(default_shop: duckdb.DuckDBPyConnection, catalog: Catalog) -> dict[str, int]:
    """The members of every example, on the shop as the demo shows it."""
    segments = segql.load_segments(EXAMPLES)
    assert segments.problems == ()
    found = {}
    for name in segments:
        compiled = segql.compile(segments[name], catalog, now=demo.NOW, segments=segments)
        found[name] = len(default_shop.execute(compiled.sql).fetchall())
    return found


@pytest.mark.parametrize("name", example_names())
def test_every_example_has_members(counts: dict[str, int], name: str) -> None:
    assert 5 <= counts[name] < demo.PROFILES


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.segql")), ids=lambda path: path.name)
def test_every_example_says_what_it_is_for(path: Path) -> None:
    for part in segql.parse_definitions(path.read_text(encoding="utf-8")).parts:
        assert part.comments, part.name.text


def test_personas_have_sensible_shares(counts: dict[str, int]) -> None:
    personas = re.findall(
        r'^segment "([^"]+)"', (EXAMPLES / "personas.segql").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(personas) == 14
    assert max(personas, key=counts.__getitem__) == "Dead weight"
    assert counts["Dead weight"] < 0.8 * demo.PROFILES
    assert counts["High rollers"] < counts["Window shoppers"]
    assert counts["Lost high rollers"] < counts["Lapsed enthusiasts"]
