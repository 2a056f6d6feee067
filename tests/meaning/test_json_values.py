"""What a value in a JSON document is under each type of the catalog: value x type x engine.

Judged twice: by what is written here by hand, and by the evaluator, which reads the same documents in its own way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

import segql
from segql.calendar import zone_of
from segql.catalog import Catalog
from segql.conditions import Type
from segql.evaluator import Shop, read_json

from ..engines import Engine, Sail, SQLite, compiled

NOW = datetime(2026, 11, 28, 11, tzinfo=UTC)
ZONE = "America/New_York"

BOOLEANS = {
    "true": "true", "1": "true", '"true"': "true", '"1"': "true",
    "false": "false", "0": "false", '"false"': "false", '"0"': "false",
}  # fmt: skip
NUMBERS = {
    "1": "1", "0": "0", "2": "2", "-1": "-1", '"1.0"': "1", '"2026"': "2026", '"20260310"': "20260310",
    '"1773100800"': "1773100800", '"-0"': "0", "12.5": "12.5", "-12.5": "-12.5", "1e2": "100",
    "1.5E+3": "1500", "2e-4": "0.0002",
    '"1"': "1", '"0"': "0", '"-12.50"': "-12.5", '"1.5E+3"': "1500", '"5e-05"': "0.0001", '"1.2345678E7"': "12345678",
    '"0.00005"': "0.0001", '"-0.00005"': "-0.0001", '"0.000049999999999"': "0", '"1e-300"': "0",
    '"0.3333333333333333333333333333333333333333333333"': "0.3333",
    "999999999999999": "999999999999999", '"-999999999999999.9999"': "-999999999999999.9999",
}  # fmt: skip
NO_NUMBERS = (
    "1_0", " 1", "1 ", "+1", ".5", "5.", "007", "-", "1,5", "0x1F", "1d", "1f", "1e", "1e999", "NaN", "nan", "Infinity",
    "-inf", "infinity", "\u0661", "1\n", "one", "1" * 39, "9" * 60, "1" + "0" * 300,
)  # fmt: skip
DAYS = {
    '"2026-03-10"': "2026-03-10", '"2024-02-29"': "2024-02-29", '"1999-12-31"': "1999-12-31",
    '"2026-03-10T23:30"': "2026-03-10", '"2026-03-10 23:30:59.999999"': "2026-03-10",
    # The day on the catalog's clock, which is four hours (five, until 8 March) behind.
    '"2026-03-10T03:59:59Z"': "2026-03-09", '"2026-03-10T04:00Z"': "2026-03-10",
    '"2026-03-08 04:59:59+00:00"': "2026-03-07",
    '"2026-03-10T10:00:00.123456789+0930"': "2026-03-09", '"2026-01-01T00:00:00-14:00"': "2026-01-01",
    '"2026-01-01T18:00:00+14"': "2025-12-31",
}  # fmt: skip
NO_DAYS = (
    "2026-3-10", "2026-03-1", "26-03-10", "20260310", "2026/03/10", "10.03.2026", "2026-02-29", "2026-04-31",
    "2026-13-01", "2026-00-10", "0000-00-00", "0000-01-01", "0001-01-01", "02026-03-10", "2026-03-10 ", " 2026-03-10",
    "2026-03-10\n", "infinity", "-infinity", "now", "today", "epoch", "2026-03-10T24:00:00Z", "2026-03-10T24:00",
    "2026-03-10T23:60Z", "2026-03-10T23:59:60Z", "2026-03-10T7:00Z", "2026-03-10T07Z", "2026-03-10T07:00z",
    "2026-03-10t07:00Z", "2026-03-10T", "2026-03-10T07:00 Z", "2026-03-10T07:00:00 UTC", "2026-02-29T10:00",
    "2026-02-30T10:00:00Z", "2026-03-10T07:00+15:00", "2026-03-10T07:00+14:30", "2026-03-10T07:00+1", "2026-03-10Z",
    "2026-03-10T07:00:00.Z", "2026-03-10T07:00:00,5Z", "2026-03-10  07:00", "2026-W11-2", "2026-03", "2026",
    "1773100800",
    "2026-03-10T07:00:00+02:00[Europe/Paris]", "2026-03-10 BC",
)  # fmt: skip
TIMES = {
    '"2026-03-10"': "2026-03-10T00:00Z", '"2024-02-29"': "2024-02-29T00:00Z", '"1999-12-31"': "1999-12-31T00:00Z",
    '"2026-03-10T23:30"': "2026-03-10T23:30Z", '"2026-03-10 23:30:59.999999"': "2026-03-10T23:30:59.999999Z",
    '"2026-03-10T03:59:59Z"': "2026-03-10T03:59:59Z", '"2026-03-10T04:00Z"': "2026-03-10T04:00Z",
    '"2026-03-08 04:59:59+00:00"': "2026-03-08T04:59:59Z",
    '"2026-03-10T10:00:00.123456789+0930"': "2026-03-10T00:30:00.123456Z",
    '"2026-01-01T00:00:00-14:00"': "2026-01-01T14:00Z", '"2026-01-01T18:00:00+14"': "2026-01-01T04:00Z",
}  # fmt: skip
TEXTS = {
    '"true"': '"true"', '"2026-03-10"': '"2026-03-10"', '""': '""', '"{"': '"{"', '"[x] y"': '"[x] y"', "1": '"1"',
    "0": '"0"', "true": '"true"', "false": '"false"', '"null"': '"null"', '"é\u2028"': '"é\u2028"', '" 1"': '" 1"',
    "12.5": '"12.5"', "999999999999999": '"999999999999999"', '"[1]"': '"[1]"', '"{}"': '"{}"', '"[]"': '"[]"',
}  # fmt: skip
NOTHING = (
    "null",
    '{"a": 1}',
    "[1]",
    "[]",
    "{}",
    '["2026-03-10"]',
    '"[1]"',
    '"{}"',
    '"[]"',
    '{"a": {"a": "x"}, "b": "y"}',
    '"yes"',
    '"True"',
    '"TRUE"',
    '"t"',
    '"on"',
    '"1.0"',
    "2",
    "-1",
)

READ = {"boolean": BOOLEANS, "number": NUMBERS, "date": DAYS, "time": TIMES, "text": TEXTS}
VALUES = tuple(
    dict.fromkeys([
        *(value for read in READ.values() for value in read), *NOTHING,
        *(json.dumps(text, ensure_ascii=False) for text in (*NO_NUMBERS, *NO_DAYS)),
    ])
)  # fmt: skip
"""Documents of one value; each type must read those that are its own and no others."""

LISTS = {
    '["a", null, "b"]': ("a", "b"), '["1", 2, "x", "1_0", true]': ("1", "2", "x", "1_0", "true"), "[]": (),
    "[null]": (), '["1e2", 12.5]': ("1e2", "12.5"),
    '"[1]"': None, '"a"': None, '{"a": 1}': None, "1": None, "null": None,
}  # fmt: skip
NUMBER_LISTS = {
    '["a", null, "b"]': (), '["1", 2, "x", "1_0", true]': ("1", "2"), "[]": (), "[null]": (),
    '["1e2", 12.5]': ("100", "12.5"),
    '"[1]"': None, '"a"': None, '{"a": 1}': None, "1": None, "null": None,
}  # fmt: skip

STORED = {
    "duckdb": ("CAST('{}' AS JSON)", "'{}'"),
    "postgres": ("CAST('{}' AS JSONB)", "CAST('{}' AS JSON)"),
    "bigquery": ("'{}'", "PARSE_JSON('{}')"),
    "snowflake": ("PARSE_JSON('{}')", "'{}'"),
}
"""How each engine's rows are written, where documents have types of their own; elsewhere they are text."""


def catalog_of(documents: list[str], written: str, engine: Engine, properties: dict[str, Any]) -> Catalog:
    def literal(document: str) -> str:
        escaped = (
            document.replace("\\", "\\\\")
            if engine.dialect in ("bigquery", "spark", "clickhouse", "mysql", "mariadb", "snowflake")
            else document
        )
        return written.format(escaped.replace("'", "''"))

    rows = [f"SELECT '{place}' AS id, {literal(document)} AS data" for place, document in enumerate(documents)]
    return Catalog.model_validate({
        "timezone": ZONE, "sql dialect": engine.dialect,
        "profiles": {"query": " UNION ALL ".join(rows), "key": "id", "properties": properties},
    })  # fmt: skip


def asked(rule: str, catalog: Catalog, shop: Shop, engine: Engine) -> set[Any]:
    """Whom the rule finds, by the engine and by the evaluator."""
    sql = compiled(rule, catalog, engine.dialect, now=NOW).sql
    members, meant = engine.members(sql), segql.evaluate(rule, catalog, shop, now=NOW)
    assert members == meant, (rule, members - meant, meant - members)
    return members


def able(values: Iterable[str], engine: Engine) -> list[str]:
    """The values that the engine can be asked about: Sail casts no exponent to a decimal, as Spark does, and SQLite has
    numbers of 15 digits, those of their decimals among them.
    """
    if isinstance(engine, SQLite):
        return [value for value in values if "999999999999999" not in value]
    return [value for value in values if not (isinstance(engine, Sail) and re.search(r"\de", value, re.IGNORECASE))]


OFTEN = ("text", "number", "time")
"""Types that are read every time."""


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("type_", "storage"),
    [
        pytest.param(type_, storage, marks=pytest.mark.long if storage or type_ not in OFTEN else ())
        for type_ in READ
        for storage in (0, 1)
    ],
)
def test_a_value_has_one_reading_under_each_type(type_: str, storage: int, engine: Engine) -> None:
    ways = STORED.get(engine.dialect, ("'{}'",))
    if storage >= len(ways):
        pytest.skip("its documents are stored in one way")
    engine.load(Shop((), {}))
    # Two engines write an object or a list as text: the catalog's page says so.
    composed = type_ == "text" and engine.dialect in ("redshift", "snowflake")
    values = [value for value in able(VALUES, engine) if not composed or value[0] not in "{["]
    documents = [f'{{"a": {value}}}' for value in values] + ["{}", '{"b": 1}']
    catalog = catalog_of(documents, ways[storage], engine, {"x": {"type": type_, "json": "data.a"}})
    shop = Shop([
        {"key": f"{place}", "x": read_json(document, ["a"], Type(type_), zone_of("UTC"), zone_of(ZONE))}
        for place, document in enumerate(documents)
    ])  # fmt: skip
    wanted = {value: READ[type_][value] for value in able(READ[type_], engine)}

    def called(members: set[Any]) -> set[str]:
        return {documents[int(place)][6:-1] for place in members}

    known = called(asked("x is set", catalog, shop, engine))
    if type_ == "text":
        assert known == {value for value in values if value != "null" and value[0] not in "{["}
    else:
        assert known == set(wanted)
    meanings = list(dict.fromkeys(wanted.values()))
    for meaning in meanings[:: 5 if engine.dialect == "bigquery" else 1]:  # it takes long for a query
        found = called(asked(f"x = {meaning}", catalog, shop, engine))
        same = {value for value, one in wanted.items() if one == meaning}
        assert found >= same if type_ == "text" else found == same, meaning


@pytest.mark.parametrize("storage", [0, 1])
@pytest.mark.parametrize("path", ["data.a", "data"])
@pytest.mark.parametrize("type_", ["list of text", "list of number"])
def test_an_element_of_a_list_is_read_like_a_value(type_: str, path: str, storage: int, engine: Engine) -> None:
    """In a document, and where the column is the list itself."""
    ways = STORED.get(engine.dialect, ("'{}'",))
    if storage >= len(ways):
        pytest.skip("its documents are stored in one way")
    engine.load(Shop((), {}))
    read = LISTS if type_ == "list of text" else NUMBER_LISTS
    wanted = {value: read[value] for value in able(read, engine)}
    keys = path.split(".")[1:]
    documents = [f'{{"a": {value}}}' if keys else value for value in wanted]
    catalog = catalog_of(documents, ways[storage], engine, {"x": {"type": type_, "json": path}})
    values = [read_json(document, keys, Type(type_), zone_of("UTC"), zone_of(ZONE)) for document in documents]
    if engine.dialect == "clickhouse":  # it has no missing lists
        values = [[] if value is None else value for value in values]
    shop = Shop([{"key": f"{place}", "x": value} for place, value in enumerate(values)])
    asked("x is set", catalog, shop, engine)
    for one in ("a", "b", "x", "true", "1", "2", "12.5", "100", "1e2"):
        if type_ == "list of number" and not one.replace(".", "").isdigit():
            continue
        said = f'"{one}"' if type_ == "list of text" else one
        found = asked(f"x includes {said}", catalog, shop, engine)
        assert found == {f"{place}" for place, elements in enumerate(wanted.values()) if elements and one in elements}


MONTH_DAYS = {
    '"--05-17"': (5, 17), '"05-17"': (5, 17), '"05/17"': (5, 17), '"0517"': (5, 17), '"--0517"': (5, 17),
    '"02-29"': (2, 29), '"01-01"': (1, 1), '"12/31"': (12, 31),
}  # fmt: skip
NO_MONTH_DAYS = (
    '"02-30"', '"13-01"', '"00-10"', '"04-31"', '"5-17"', '"517"', '"2026-05-17"', '"05-17 "', '"05.17"', '""', "true",
    "null", "517", '["05-17"]', '{"a": "05-17"}',
)  # fmt: skip


def test_a_month_and_a_day_is_read_from_a_document(engine: Engine) -> None:
    engine.load(Shop((), {}))
    documents = [f'{{"a": {value}}}' for value in (*MONTH_DAYS, *NO_MONTH_DAYS)] + ["{}"]
    written = STORED.get(engine.dialect, ("'{}'",))[0]
    catalog = catalog_of(documents, written, engine, {"x": {"type": "month-day", "json": "data.a"}})
    shop = Shop([
        {"key": f"{place}", "x": read_json(document, ["a"], Type.MONTH_DAY, zone_of("UTC"), zone_of(ZONE))}
        for place, document in enumerate(documents)
    ])  # fmt: skip
    days = list(MONTH_DAYS.values())
    assert asked("x is set", catalog, shop, engine) == {f"{place}" for place in range(len(days))}
    for month, day in dict.fromkeys(days):
        found = asked(f"month of x = {month} and day of x = {day}", catalog, shop, engine)
        assert found == {f"{place}" for place, one in enumerate(days) if one == (month, day)}
