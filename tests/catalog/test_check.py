"""`check_catalog`: what a catalog says against what a warehouse has, every difference at once and at its line."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest

from segql import catalog_from_yaml
from segql.demo import build, shop_folder
from segql.errors import Problem, SegQLError
from segql.warehouse import Warehouse, check_catalog
from segql.warehouse.duckdb import DuckDB

from .pasting import pasted

TABLES = """
CREATE TABLE customers (
  customer_id VARCHAR, country VARCHAR, age INTEGER, born DATE, seen TIMESTAMP, tags VARCHAR[], vip BOOLEAN
);
INSERT INTO customers VALUES ('a', 'NL', 1, NULL, NULL, [], true), ('b', 'BE', 2, NULL, NULL, [], false);
CREATE TABLE orders (
  order_id INTEGER, customer_id VARCHAR, placed TIMESTAMPTZ, total DECIMAL(10, 2), product_id INTEGER, props JSON
);
INSERT INTO orders VALUES
  (1, 'a', '2026-01-01 00:00:00+00', 5, 1, '{}'), (2, 'b', '2026-01-02 00:00:00+00', 6, 2, '{}');
CREATE TABLE products (product_id INTEGER, brand VARCHAR);
INSERT INTO products VALUES (1, 'x'), (2, 'y');
CREATE TABLE events (user_id VARCHAR, kind VARCHAR, ts BIGINT, day DATE);
INSERT INTO events VALUES ('a', 'Clicked SMS', 1, '2026-01-01');
"""

FITS = """\
profiles:
  table: customers
  key: customer_id
  properties:
    country: text
    age: number
    birthday: {column: born, type: date}
    last seen: {column: seen, type: time, zone: Europe/Amsterdam}
    tags: list of text
    vip: boolean
channels:
  sms: {receives when: vip}
events:
  bought:
    table: orders
    profile: customer_id
    time: placed
    id: order_id
    where: total > 0
    join: {products: product_id}
    properties:
      total: money
      brand: products.brand
      coupon: {json: props.coupon}
      doubled: {sql: total * 2, type: money}
  clicked: {table: events, profile: user_id, time: {column: ts, stored: seconds}, name column: kind, name: Clicked SMS}
lists:
  clickers: {table: events, profile: user_id, time: {column: day, stored: date}}
"""


def problems(catalog: str = FITS, *changes: str, also: str = "") -> list[Problem]:
    """The problems of a catalog with the tables, after changes to them. Each help that can be pasted mends its own."""
    connection, text = duckdb.connect(), catalog + also
    connection.execute(TABLES)
    for change in changes:
        connection.execute(change)
    warehouse = Warehouse(DuckDB(connection), "The warehouse")
    found = check_catalog(warehouse, catalog_from_yaml(text, "catalog.yaml"))
    before = _said(found)
    for problem in found:
        tries = list(pasted(text, problem))
        said = (problem.code, problem.message)
        left = (again for one in tries if (again := _again(warehouse, one)) is not None)
        assert not tries or any(one[said] < before[said] for one in left), (problem, tries)
    return found


def _said(found: list[Problem]) -> Counter[tuple[str, str]]:
    return Counter((problem.code, problem.message) for problem in found)


def _again(warehouse: Warehouse, text: str) -> Counter[tuple[str, str]] | None:
    """What is wrong with a catalog then; None where the text is none."""
    try:
        return _said(check_catalog(warehouse, catalog_from_yaml(text)))
    except SegQLError:
        return None


def only(found: list[Problem]) -> tuple[str, str, str, str]:
    """The one problem: its code, what it points at, its message and its hint."""
    assert [problem.code for problem in found] == [found[0].code if found else "a problem"], found
    return found[0].code, found[0].span.text, found[0].message, found[0].hint


def test_what_fits_has_no_problems() -> None:
    assert problems() == []


def test_the_demo_shop_fits_its_catalog() -> None:
    connection = duckdb.connect()
    build(connection, 500)
    found = check_catalog(
        Warehouse(DuckDB(connection), "It"),
        catalog_from_yaml((shop_folder() / "catalog.yaml").read_text(encoding="utf-8")),
    )
    assert [problem for problem in found if problem.severity == "error"] == []


def test_a_missing_table() -> None:
    assert only(problems(FITS.replace("table: customers", "table: custmers"))) == (
        "missing-table", "custmers", "The warehouse has no table `custmers`.", "did you mean `customers`?",
    )  # fmt: skip


def test_a_table_in_another_schema_is_called_by_its_whole_name() -> None:
    schema = "CREATE SCHEMA app; CREATE TABLE app.users (id VARCHAR)"
    for typed in ("users", "app.user", "ap.users", "Users"):
        found = problems(FITS.replace("table: customers", f"table: {typed}"), schema)
        assert found[0].hint == "did you mean `app.users`?", typed


@pytest.mark.parametrize(
    ("typed", "type_"), [("string", "text"), ("INT", "number"), ("datetime", "time"), ("bool", "boolean")]
)
def test_a_type_of_another_language_is_no_column(typed: str, type_: str) -> None:
    found = only(problems(FITS.replace("country: text", f"country: {typed}")))
    assert found[0] == "missing-column"
    assert found[3].startswith(f"as a type it is called `{type_}`; ")


def test_a_name_is_not_proposed_for_itself() -> None:
    names = ["CREATE TABLE kinds (id VARCHAR, name VARCHAR)", "INSERT INTO kinds VALUES ('x', 'Click')"]
    catalog = FITS.replace("name: Clicked SMS}", "name: Click, names: kinds}")
    assert only(problems(catalog, *names))[3] == "the name stands there, and no event that counts has its id"
    catalog = FITS.replace("name: Clicked SMS}", "name: Clicked SMS, where: ts > 1}")
    assert only(problems(catalog))[3] == "the name stands there, on rows that `where` leaves out"


def test_missing_columns_are_all_told() -> None:
    found = problems(
        FITS.replace("age: number", "age: {column: agee, type: number}").replace("time: placed", "time: placd")
    )
    assert [(p.code, p.span.text, p.hint) for p in found] == [
        ("missing-column", "agee", "did you mean `age`?"), ("missing-column", "placd", "did you mean `placed`?"),
    ]  # fmt: skip


def test_a_type_that_does_not_fit() -> None:
    code, where, message, hint = only(problems(FITS.replace("age: number", "age: text")))
    assert (code, hint) == ("column-type", "type: number")
    assert (
        message == 'The property "age" of the profiles should be text, and `age` of the table `customers` is INTEGER.'
    )
    assert where in ("text", "age")


def test_a_list_of_the_warehouse_is_no_json() -> None:
    catalog = FITS.replace("vip: boolean", "vip: boolean\n    clubs: {json: labels, type: list of text}", 1)
    made = "ALTER TABLE customers ADD COLUMN labels {}"
    assert problems(catalog, made.format("VARCHAR")) == []
    (found,) = problems(catalog, made.format("VARCHAR[]"))
    assert (found.code, found.hint) == ("column-type", "{column: labels, type: list of text}")


def test_json_in_a_joined_table() -> None:
    catalog = FITS.replace("coupon: {json: props.coupon}", "coupon: {json: products.facts.coupon}")
    assert problems(catalog, "ALTER TABLE products ADD COLUMN facts JSON") == []
    (found,) = problems(catalog)
    assert found.message == "The table `products` has no column `facts`."


def test_sql_of_another_type() -> None:
    assert only(problems(FITS.replace("type: money}", "type: date}")))[0::3] == ("column-type", "type: number")


def test_sql_that_does_not_run() -> None:
    code, where, message, _ = only(problems(FITS.replace("total > 0", "totl > 0")))
    assert (code, where) == ("warehouse-sql", "totl > 0")
    assert "totl" in message


def test_a_key_of_another_type() -> None:
    found = problems(FITS, "ALTER TABLE customers ALTER customer_id TYPE INTEGER USING ascii(customer_id)")
    assert {p.code for p in found} == {"column-type"}
    assert found[0].hint == "key type: integer"
    assert all("CAST(customer_id AS BIGINT)" in p.hint for p in found[1:] if "customer_id" in p.message)
    # They are alike: one help mends all of them.
    found = problems(FITS.replace("key: customer_id", "key: customer_id\n  key type: integer"))
    assert [(p.code, p.hint) for p in found] == [("column-type", "key type: text")]


def test_keys_that_are_not_unique_or_missing() -> None:
    found = problems(FITS, "INSERT INTO customers (customer_id) VALUES ('a'), (NULL)")
    assert [(p.code, p.span.text) for p in found] == [("null-key", "customer_id"), ("not-unique", "customer_id")]
    assert found[1].message.endswith("and 1 key stands in several rows, such as a.")
    narrowed = FITS.replace("key: customer_id", "key: customer_id\n  where: age IS NOT NULL")
    assert problems(narrowed, "INSERT INTO customers (customer_id) VALUES ('a'), (NULL)") == []


def test_an_id_that_is_not_unique_among_the_events_that_count() -> None:
    double = "INSERT INTO orders VALUES (2, 'a', now(), {}, 1, NULL)"
    assert only(problems(FITS, double.format(7)))[:2] == ("not-unique", "order_id")
    assert problems(FITS, double.format(-1)) == []


def test_a_join_that_multiplies() -> None:
    code, where, message, _ = only(problems(FITS, "INSERT INTO products VALUES (2, 'z'), (NULL, 'q'), (NULL, 'r')"))
    assert code == "join-multiplies"
    assert where == "product_id"
    assert "1 value of `product_id` stands in several rows, such as 2" in message


def test_currencies() -> None:
    catalog = FITS.replace("    id: order_id\n", "    id: order_id\n    currency: code\n", 1)
    made = "ALTER TABLE orders ADD COLUMN code VARCHAR; UPDATE orders SET code = 'USD'"
    assert problems(catalog, made) == []
    assert only(problems(catalog))[:2] == ("missing-column", "code")
    other = "UPDATE orders SET code = CASE order_id WHEN 1 THEN {} END"
    code, where, message, _ = only(problems(catalog, made, other.format("'EUR'")))
    assert (code, where) == ("other-currency", "code")
    assert "1 in EUR" in message
    assert "1 in none" in message
    left_out = catalog.replace("where: total > 0", "where: total > 0 AND code = 'USD'")
    assert problems(left_out, made, other.format("'EUR'")) == []
    # Of a group each line counts; of a joined table what the rows lead to.
    lines = """  billed: {table: orders, group by: order_id, profile: customer_id, time: placed, currency: code}\n"""
    grouped = FITS.replace("  clicked: {", lines + "  clicked: {")
    mixed = "INSERT INTO orders SELECT order_id, customer_id, placed, -1, product_id, props, 'EUR' FROM orders LIMIT 1"
    assert problems(grouped, made) == []
    assert only(problems(grouped, made, mixed))[0] == "other-currency"
    joined = catalog.replace("currency: code", "currency: products.code")
    there = "ALTER TABLE products ADD COLUMN code VARCHAR; UPDATE products SET code = 'USD'"
    assert problems(joined, there) == []
    assert only(problems(joined, there, "UPDATE products SET code = 'EUR' WHERE product_id = 1"))[0] == "other-currency"
    whose = FITS.replace("  key: customer_id\n", "  key: customer_id\n  currency: country\n", 1)
    assert only(problems(whose))[:2] == ("other-currency", "country")


def test_joins_of_the_profiles() -> None:
    joined = FITS.replace(
        "  key: customer_id\n", "  key: customer_id\n  join: {home: {table: homes, on: customer_id}}\n", 1
    )
    joined = joined.replace("country: text", "country: home.country").replace(
        "receives when: vip", "receives when: home.ok"
    )
    joined = joined.replace("  key: customer_id\n", "  key: customer_id\n  where: home.ok\n", 1)
    homes = "CREATE TABLE homes AS SELECT customer_id, 'NL' AS country, true AS ok FROM customers"
    assert problems(joined, homes) == []
    code, where, message, _ = only(problems(joined, homes, "INSERT INTO homes VALUES ('a', 'BE', true)"))
    assert (code, where) == ("join-multiplies", "home")
    assert "such as a" in message
    assert only(problems(joined.replace("home.country", "home.land"), homes))[:2] == ("missing-column", "home.land")
    missing = problems(joined)
    assert ("missing-table", "homes") in [(p.code, p.span.text) for p in missing]


@pytest.mark.parametrize(
    ("before", "after", "code", "hint"),
    [
        (", zone: Europe/Amsterdam", "", "naive-time", "zone: UTC"),
        ("time: placed\n", "time: {column: placed, zone: UTC}\n", "naive-time", "leave `zone` out"),
        ("stored: seconds", "stored: timestamp", "column-type", "{column: ts, stored: seconds} (or .. microseconds)"),
        ("stored: date", "stored: seconds", "column-type", "{column: day, stored: date}"),
        ("time: placed\n", "time: customer_id\n", "column-type", "cast it in a `query: SELECT ..`"),
    ],
)  # fmt: skip
def test_times(before: str, after: str, code: str, hint: str) -> None:
    assert before in FITS
    found = only(problems(FITS.replace(before, after)))
    assert (found[0], found[3]) == (code, hint)


@pytest.mark.parametrize(
    ("declared", "code", "hint"),
    [
        ("column: seen, type: date", "column-type", "stored: timestamp"),
        ("column: seen, type: date, stored: timestamp", "naive-time", "zone: UTC"),
        ("column: seen, type: date, stored: timestamp, zone: UTC", "", ""),
        ("column: seen, type: date, stored: seconds", "column-type", "stored: timestamp"),
        ("column: born, type: date, stored: timestamp", "column-type", "stored: date"),
        ("column: born, type: time", "column-type", "type: date"),
        ("column: born, type: time, stored: date", "", ""),
        ("column: age, type: date, stored: seconds", "", ""),
        ("column: age, type: time, stored: seconds", "", ""),
        ("column: age, type: time", "column-type", "type: number"),
        ("column: country, type: month-day", "", ""),
        ("column: born, type: month-day", "column-type", "type: date"),
        ("column: age, type: month-day", "column-type", "type: number"),
        ("sql: \"CAST(seen AS TIMESTAMPTZ)\", type: date, stored: timestamp", "", ""),
    ],
)  # fmt: skip
def test_how_dates_and_times_are_stored(declared: str, code: str, hint: str) -> None:
    found = problems(FITS.replace("birthday: {column: born, type: date}", f"birthday: {{{declared}}}"))
    assert [(p.code, p.hint) for p in found] == ([(code, hint)] if code else [])


@pytest.mark.parametrize(
    ("stored", "column", "code", "hint"),
    [
        ("decimal", "DECIMAL(10, 2)", "", ""),
        ("decimal", "DECIMAL(38, 0)", "", ""),
        ("decimal", "DECIMAL(10, 3)", "column-type", "scale: 3"),
        ("decimal", "DECIMAL(20, 12)", "column-type", "leave `stored` out"),
        ("decimal", "DOUBLE", "column-type", "leave `stored` out"),
        ("decimal", "BIGINT", "column-type", "leave `stored` out"),
        ("decimal", "VARCHAR", "column-type", "sql: CAST(age AS DECIMAL(18, 4))"),
        ("integer", "BIGINT", "", ""),
        ("integer", "HUGEINT", "column-type", "leave `stored` out"),
        ("integer", "DECIMAL(10, 0)", "column-type", "leave `stored` out"),
    ],
)  # fmt: skip
def test_how_numbers_are_stored(stored: str, column: str, code: str, hint: str) -> None:
    declared = f"age: {{type: number, scale: 2, stored: {stored}}}"
    catalog = FITS.replace("age: number", declared)
    assert catalog != FITS
    found = problems(catalog, f"ALTER TABLE customers ALTER age TYPE {column}")
    assert [(p.code, p.hint) for p in found] == ([(code, hint)] if code else [])


@pytest.mark.parametrize("at", ["infinity", "-infinity", "0044-03-15 (BC)", "12000-01-01"])
def test_times_and_dates_off_the_calendar(at: str) -> None:
    found = problems(FITS, f"UPDATE orders SET placed = '{at}'")
    assert [(p.code, p.span.text) for p in found] == [("off-calendar", "placed")]
    assert problems(FITS.replace("where: total > 0", "where: placed BETWEEN '0001-01-01' AND '9999-12-31'"),
                    f"UPDATE orders SET placed = '{at}'") == []  # fmt: skip
    of_property = [] if "infinity" in at else ["off-calendar"]  # infinite it is missing
    assert [p.code for p in problems(FITS, f"UPDATE customers SET seen = '{at}'")] == of_property
    assert [p.code for p in problems(FITS, f"UPDATE customers SET born = '{at}'")] == of_property
    missing = "birthday: {sql: CASE WHEN born BETWEEN '0001-01-01' AND '9999-12-31' THEN born END, type: date}"
    fits = FITS.replace("birthday: {column: born, type: date}", missing)
    assert problems(fits, f"UPDATE customers SET born = '{at}'") == []


def test_a_naive_event_time_gets_its_fix_ready_to_paste() -> None:
    found = only(problems(FITS, "ALTER TABLE orders ALTER placed TYPE TIMESTAMP"))
    assert (found[0], found[3]) == ("naive-time", "time: {column: placed, zone: UTC}")


def test_a_name_that_never_occurs_is_a_hint() -> None:
    found = problems(FITS.replace("name: Clicked SMS", "name: Clicked Sms"))
    assert [(p.code, p.severity, p.span.text, p.hint) for p in found] == [
        ("name-never-occurs", "hint", "Clicked Sms", "did you mean `Clicked SMS`?")
    ]


def test_a_name_in_another_table() -> None:
    names = ["CREATE TABLE kinds (id VARCHAR, name VARCHAR)", "INSERT INTO kinds VALUES ('Clicked SMS', 'The click')"]
    catalog = FITS.replace("name: Clicked SMS}", "name: The click, names: kinds}")
    assert problems(catalog, *names) == []
    assert only(problems(catalog.replace("The click", "The clack"), *names))[3] == "did you mean `The click`?"


def test_a_name_with_several_ids_is_a_warning() -> None:
    rows = "('Clicked SMS', 'Click', 'a'), ('Tapped', 'Click', 'b'), ('Tapped', 'Tap', 'b')"
    names = ["CREATE TABLE kinds (id VARCHAR, name VARCHAR, source VARCHAR)", f"INSERT INTO kinds VALUES {rows}"]
    catalog = FITS.replace("name: Clicked SMS}", "name: Click, names: kinds}")
    (found,) = problems(catalog, *names)
    assert (found.code, found.severity, found.span.text) == ("several-ids", "warning", "Click")
    assert "2 ids in the table `kinds`, such as Clicked SMS and Tapped" in found.message
    assert found.hint.endswith("names: {table: kinds, where: source = '..'}")
    said = catalog.replace("names: kinds", "names: {table: kinds, where: source = 'a'}")
    assert problems(said, *names) == []
    assert only(problems(said.replace("'a'", "'b'"), *names))[0] == "name-never-occurs"
    assert only(problems(said.replace("source", "sorce"), *names))[0] == "warehouse-sql"


def test_a_collation_that_takes_different_texts_for_equal() -> None:
    found = problems(FITS, "ALTER TABLE customers ALTER country TYPE VARCHAR COLLATE NOCASE")
    assert [p.code for p in found] == ["collation"]


@pytest.mark.parametrize(("table", "column"), [("orders", "profile"), ("events", "profile"), ("lines", "bought")])
def test_a_column_that_would_hide_the_rows_around(table: str, column: str) -> None:
    lines = "CREATE TABLE lines (ord INTEGER, price INTEGER)"
    items = "    items: {table: lines, on: {order_id: ord}, properties: {price: number}}\n  clicked:"
    catalog = FITS.replace("  clicked:", items, 1)
    assert problems(catalog, lines) == []
    # DuckDB tells a plain column from the rows; a field it would take first.
    assert problems(catalog, lines, f"ALTER TABLE {table} ADD COLUMN {column} INTEGER") == []
    found = problems(catalog, lines, f"ALTER TABLE {table} ADD COLUMN {column} STRUCT(customer_id VARCHAR)")
    assert {(p.code, p.hint) for p in found} == {
        ("hiding-column", f"query: SELECT * EXCLUDE ({column}) FROM {table}"),
    }  # fmt: skip


def test_profiles_complete_that_are_not() -> None:
    catalog = FITS.replace("id: order_id", "id: order_id\n    profiles complete: true")
    assert problems(catalog) == []
    found = only(problems(catalog, "INSERT INTO orders VALUES (3, 'stranger', now(), 5, 1, NULL)"))
    assert (found[0], found[3]) == ("unknown-profiles", "profiles complete: false")


def test_positions_are_numbers() -> None:
    catalog = FITS.replace("vip: boolean", "vip: boolean\n    home: {latitude: country, longitude: age}")
    assert only(problems(catalog))[:2] == ("column-type", "country")


def test_positions_and_days_that_are_not_stored_so() -> None:
    home = "vip: boolean\n    home: {latitude: north, longitude: east, stored: float}"
    catalog = FITS.replace("vip: boolean", f"{home}\n    feast: {{type: month-day, stored: digits}}")
    columns = " ADD COLUMN north DOUBLE", " ADD COLUMN east DOUBLE", " ADD COLUMN feast VARCHAR"
    more = [f"ALTER TABLE customers{column}" for column in columns]
    assert problems(catalog, *more, "UPDATE customers SET north = 52.370216123, east = -4.9, feast = '0229'") == []
    for wrong in ("north = 1e-10", "north = 'NaN'", "feast = '02-29'", "feast = '0230'", "feast = ''", "feast = '517'"):
        found = only(problems(catalog, *more, f"UPDATE customers SET {wrong}"))
        assert (found[0], found[3]) == ("column-type", "leave `stored` out"), wrong
    assert only(problems(catalog, more[0].replace("DOUBLE", "REAL"), *more[1:]))[0] == "column-type"


def test_a_group_of_lines() -> None:
    group = """
  shopped:
    table: orders
    profile: customer_id
    time: placed
    group by: order_id
    properties: {amount: {sql: sum(total), type: money}}
    items: {properties: {price: {column: total, type: money}, brnd: {column: brnd}}}
"""
    found = problems(FITS.replace("lists:", group.strip("\n") + "\nlists:"))
    assert [(p.code, p.span.text) for p in found] == [("missing-column", "brnd")]


def test_every_problem_at_once_in_the_order_of_the_file() -> None:
    catalog = (
        FITS.replace("age: number", "age: text")
        .replace("time: placed", "time: placd")
        .replace(
            "table: events, profile: user_id, time: {column: day", "table: evnts, profile: user_id, time: {column: day"
        )
        .replace("total > 0", "total > [1]")
        .replace("receives when: vip", "receives when: vipp")
    )
    found = problems(catalog)
    assert [p.code for p in found] == [
        "column-type",
        "warehouse-sql",
        "missing-column",
        "warehouse-sql",
        "missing-table",
    ]
    assert [p.span.start for p in found] == sorted(p.span.start for p in found)


def test_names_in_odd_characters_stay_names() -> None:
    rename = """ALTER TABLE orders RENAME COLUMN total TO "to""tal; DROP TABLE orders" """
    catalog = FITS.replace("    where: total > 0\n", "").replace("      doubled: {sql: total * 2, type: money}\n", "")
    catalog = catalog.replace("total: money", "total: {column: 'to\"tal; DROP TABLE orders', type: money}")
    assert problems(catalog, rename) == []


IN_ROWS = """\
profiles: {table: customers, key: customer_id}
events:
  bought:
    table: tracks
    profile: who
    time: happened
    id: message
    items: {json: props.lines, join: {products: product_id}, properties: {name: text, brand: products.brand}}
"""
TRACKS = """
CREATE TABLE tracks (who VARCHAR, happened TIMESTAMPTZ, message INTEGER, props JSON, notes VARCHAR[],
  parts STRUCT(sku VARCHAR, price DECIMAL(9, 2), place STRUCT(shop VARCHAR))[]);
INSERT INTO tracks VALUES ('a', '2026-01-01 00:00:00+00', 1, '{"lines": [{"name": "x", "product_id": "1"}]}', ['a'],
  [{sku: 'x', price: 5, place: {shop: 'y'}}]);
"""


@pytest.mark.parametrize(
    ("items", "code", "at", "said"),
    [
        ("{json: props.lines, properties: {name: text, price: {json: a.b, type: money}}}", "", "", ""),
        ("{array: parts, properties: {sku: text, price: {type: money, scale: 2}, shop: place.shop}}", "", "", ""),
        ("{array: parts, where: element.price > 1, properties: {sku: text}}", "", "", ""),
        (
            "{json: props.liens, properties: {name: text}}",
            "items-never-occur",
            "props.liens",
            "has items in `props.liens`",
        ),
        ("{json: porps.lines, properties: {name: text}}", "missing-column", "porps.lines", "no column `porps`"),
        ("{array: parts, properties: {shop: place.shp}}", "missing-column", "place.shp", "`place.shp`"),
        ("{array: parts, properties: {sku: number}}", "column-type", "number", "should be number"),
        ("{array: props, properties: {sku: text}}", "column-type", "props", "should be an array of structs"),
        ("{json: parts, properties: {sku: text}}", "column-type", "parts", "should be JSON"),
        ("{array: notes, properties: {sku: text}}", "column-type", "notes", "should be an array of structs"),
        ("{array: parts, where: price > 1, properties: {sku: text}}", "warehouse-sql", "price > 1", "does not run"),
        ("{json: props.lines, join: {prods: id}, properties: {name: text}}", "missing-table", "prods", "no table"),
    ],
)
def test_items_in_the_events_own_rows(items: str, code: str, at: str, said: str) -> None:
    found = problems(IN_ROWS[: IN_ROWS.index("{json")] + items + "\n", TRACKS)
    assert [(one.code, one.span.text) for one in found] == ([(code, at)] if code else []), found
    assert not code or said in found[0].message


def test_an_id_that_ties_items_is_unique() -> None:
    found = problems(IN_ROWS, TRACKS, "INSERT INTO tracks FROM tracks")
    code, at, _, hint = only(found)
    assert (code, at) == ("not-unique", "message")
    assert hint.endswith("if not, its items are tied to it by `id`: make one in a `query`")


@pytest.mark.parametrize(
    ("day", "partition", "hint"),
    [
        ("'20260101'", '{column: cut, format: "%Y%m%d"}', None),
        ("'20260102'", '{column: cut, format: "%Y%m%d", slack: 1d}', None),
        ("'20260103'", '{column: cut, format: "%Y%m%d", slack: 1d}', "slack: 2d"),
        ("'20251230'", '{column: cut, format: "%Y%m%d", slack: 12h}', "slack: 2d"),
        ("'20251231'", '{column: cut, format: "%Y%m%d", slack: 0d}', "slack: 1d"),
        ("'2025-12'", '{column: cut, format: "%Y-%m", slack: 1h}', None),
        ("'intraday_20260101'", '{column: cut, format: "%Y%m%d"}', "%Y%m%d should be how it is written"),
        ("NULL", '{column: cut, format: "%Y%m%d"}', "%Y%m%d should be how it is written"),
        ("DATE '2026-01-02'", "cut", None),
        ("DATE '2026-01-05'", "{column: cut, slack: 0d}", "slack: 4d"),
        ("20260101", '{column: cut, format: "%Y%m%d", stored: integer}', None),
        ("TIMESTAMPTZ '2026-01-01 00:00:00+00'", "{column: cut, stored: timestamp}", None),
    ],
)
def test_partitions(day: str, partition: str, hint: str | None) -> None:
    table = "CREATE TABLE views AS SELECT 'a' AS who, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS seen, "
    event = f"  viewed: {{table: views, profile: who, time: seen, partition: {partition}}}\n"
    found = problems(f"profiles: {{table: customers, key: customer_id}}\nevents:\n{event}", f"{table}{day} AS cut")
    assert [(one.code, one.hint) for one in found] == ([] if hint is None else [("beyond-slack", hint)])


def test_what_tells_of_deleted_rows_is_compared_too() -> None:
    """Also that of items; and when these were written."""
    told = "deleted: {table: gone, profile: whose, time: erased}"
    made = "CREATE TABLE gone (whose INTEGER, erased DATE)"
    catalog = FITS.replace("    id: order_id\n", f"    id: order_id\n    written: {{column: placed, {told}}}\n")
    said = [problem.message for problem in problems(catalog, made)]
    assert said == [
        "The keys of profiles are text, and `whose` of the table `gone` is INTEGER.",
        '`time` of `deleted` of `written` of the event "bought" should be a timestamp, and `erased` of the table `gone`'
        " is DATE.",
    ]
    assert problems(catalog, "CREATE TABLE gone (whose VARCHAR, erased TIMESTAMPTZ)") == []
    assert [problem.message for problem in problems(catalog)] == ["The warehouse has no table `gone`."]
    items = "    items: {table: lines, on: order_id, written: loaded}\n    join:"
    lines = "CREATE TABLE lines (order_id INTEGER, loaded INTEGER)"
    (found,) = problems(FITS.replace("    join:", items), lines)
    assert found.message.startswith("`written` of the items of")


def test_what_tells_of_deleted_joined_rows_is_compared_too() -> None:
    """By which columns they were joined, and when; and when the joined rows were written."""
    told = "deleted: {table: gone, on: {product_id: sku}, time: erased}"
    joined = f"join: {{products: {{table: products, on: product_id, written: {{column: loaded, {told}}}}}}}"
    catalog = FITS.replace("join: {products: product_id}", joined)
    loaded = "ALTER TABLE products ADD COLUMN loaded TIMESTAMPTZ"
    assert problems(catalog, loaded, "CREATE TABLE gone (sku VARCHAR, erased TIMESTAMPTZ)") == []
    found = problems(catalog, loaded, "CREATE TABLE gone (id VARCHAR, erased DATE)")
    assert [one.code for one in found] == ["missing-column", "column-type"]
    assert [one.code for one in problems(catalog)] == ["missing-column", "missing-table"]
