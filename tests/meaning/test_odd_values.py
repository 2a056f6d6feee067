"""What the shop of the cases has no tables for: JSON that is not what the catalog says, lists with holes, arrays of
keys and values, structs. Each engine gets the rows as a query of its own.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlglot import exp

import segql
from segql.catalog import Catalog
from segql.dialects import Dialect, rewritten
from segql.evaluator import Shop

from ..engines import Engine

NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)

DOCUMENTS = (
    '{"n": 1.5, "t": "x", "b": true, "d": "2025-01-02", "i": "2025-01-02T10:00:00+02:00", "l": ["a", null, "b"],'
    ' "m": [1, 2.5], "holes": [null], "a b": {"c": "deep"}}',
    '{"n": "junk", "t": null, "b": "junk", "d": "2025-02-29", "i": "junk", "l": 3, "m": "x", "holes": []}',
)
JSON = {
    "duckdb": "CAST('{}' AS JSON)", "postgres": "CAST('{}' AS JSONB)", "bigquery": "PARSE_JSON('{}')",
    "spark": "'{}'", "clickhouse": "'{}'", "mariadb": "'{}'", "snowflake": "PARSE_JSON('{}')", "sqlite": "'{}'",
}  # fmt: skip
IN_JSON = {
    "size": ("number", "n"), "word": ("text", "t"), "flag": ("boolean", "b"), "day": ("date", "d"),
    "moment": ("time", "i"), "tags": ("list of text", "l"), "numbers": ("list of number", "m"),
    "holes": ("list of text", "holes"), "deep": ("text", "a b.c"),
}  # fmt: skip
PEOPLE = {
    "duckdb": "SELECT unnest(['1', '2', '3']) AS id",
    "postgres": "SELECT unnest(ARRAY['1', '2', '3']) AS id",
    "bigquery": "SELECT id FROM UNNEST(['1', '2', '3']) AS id",
    "spark": "SELECT explode(array('1', '2', '3')) AS id",
    "clickhouse": "SELECT arrayJoin(['1', '2', '3']) AS id",
    **dict.fromkeys(("mariadb", "snowflake", "sqlite"), "SELECT '1' AS id UNION ALL SELECT '2' UNION ALL SELECT '3'"),
}
VIEWS = {
    "duckdb": "SELECT '1' AS who, [{'key': 'a', 'value': {'string': 'home'}}, {'key': 'page', 'value':"
    " {'string': 'cart'}}, {'key': 'page', 'value': {'string': 'later'}}] AS params, {'country': 'NL'} AS geo"
    " UNION ALL SELECT '2', [{'key': 'a', 'value': {'string': 'home'}}], {'country': 'BE'}",
    "bigquery": "SELECT '1' AS who, [STRUCT('a' AS key, STRUCT('home' AS string) AS value), STRUCT('page',"
    " STRUCT('cart')), STRUCT('page', STRUCT('later'))] AS params, STRUCT('NL' AS country) AS geo"
    " UNION ALL SELECT '2', [STRUCT('a' AS key, STRUCT('home' AS string) AS value)], STRUCT('BE')",
    "spark": "SELECT '1' AS who, array(named_struct('key', 'a', 'value', named_struct('string', 'home')),"
    " named_struct('key', 'page', 'value', named_struct('string', 'cart')), named_struct('key', 'page', 'value',"
    " named_struct('string', 'later'))) AS params, named_struct('country', 'NL') AS geo UNION ALL SELECT '2',"
    " array(named_struct('key', 'a', 'value', named_struct('string', 'home'))), named_struct('country', 'BE')",
    "clickhouse": "SELECT '1' AS who, CAST([('a', tuple('home')), ('page', tuple('cart')), ('page', tuple('later'))] AS"
    " Array(Tuple(key String, value Tuple(string String)))) AS params, CAST(tuple('NL') AS Tuple(country String)) AS"
    " geo UNION ALL SELECT '2', CAST([('a', tuple('home'))] AS Array(Tuple(key String, value Tuple(string String)))),"
    " CAST(tuple('BE') AS Tuple(country String))",
    # Rows of a table that is there: `devices (person, allowed, prompt, shop_id)`.
    "postgres": "SELECT '1' AS who, ARRAY[CAST(ROW('a', TRUE, 'home', NULL) AS devices),"
    " CAST(ROW('page', TRUE, 'cart', NULL) AS devices), CAST(ROW('page', TRUE, 'later', NULL) AS devices)] AS params,"
    " CAST(ROW('x', TRUE, 'NL', NULL) AS devices) AS geo UNION ALL SELECT '2',"
    " ARRAY[CAST(ROW('a', TRUE, 'home', NULL) AS devices)], CAST(ROW('x', TRUE, 'BE', NULL) AS devices)",
}


@pytest.fixture(scope="module")
def layout(engine: Engine) -> Catalog:
    if engine.dialect not in JSON:
        pytest.skip("no rows written for it")
    engine.load(Shop((), {}))
    rows = " UNION ALL ".join(
        f"SELECT '{who}' AS who, {JSON[engine.dialect].format(document)} AS data"
        for who, document in enumerate(DOCUMENTS, 1)
    )
    entry = {"key": "person", "value": "prompt"} if engine.dialect == "postgres" else {"value": "value.string"}
    country = "(geo).prompt" if engine.dialect == "postgres" else "geo.country"
    events = {"hit": {"query": rows, "profile": "who", "properties": {
        name: {"type": type_, "json": f"data.{path}"} for name, (type_, path) in IN_JSON.items()}}}  # fmt: skip
    if engine.dialect in VIEWS:
        events["view"] = {"query": VIEWS[engine.dialect], "profile": "who", "properties": {
            "page": {"entry": {"array": "params", "key is": "page", **entry}},
            "country": {"sql": country}}}  # fmt: skip
    return Catalog.model_validate({
        "timezone": "Europe/Amsterdam", "sql dialect": engine.dialect,
        "profiles": {"query": PEOPLE[engine.dialect], "key": "id"}, "events": events,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        ("hit where size = 1.5", "1"),
        ("hit where size is not set", "2"),
        ('hit where word is "x"', "1"),
        ('hit where word is not "x"', "2"),
        ("hit where flag is true", "1"),
        ("hit where flag is not set", "2"),
        ("hit where day = 2025-01-02", "1"),
        ("hit where day is not set", "2"),
        ("hit where moment = 2025-01-02T09:00", "1"),
        ("hit where moment is not set", "2"),
        ('hit where tags include "b"', "1"),
        ("hit where tags is not set", "2"),
        ("hit where numbers include 2.5", "1"),
        ("hit where numbers is not set", "2"),
        ("hit where holes is empty", "12"),
        ('hit where deep is "deep"', "1"),
        ('hit where word is "a\0b"', ""),
        ('view where page is "cart"', "1"),
        ('view where page is "later"', ""),
        ("view where page is not set", "2"),
        ('view where country is "BE"', "2"),
    ],
)
def test_rows_unlike_the_shop(rule: str, members: str, layout: Catalog, engine: Engine) -> None:
    if engine.dialect == "clickhouse" and rule in ("hit where tags is not set", "hit where numbers is not set"):
        members = ""  # it has no missing lists
    if rule.startswith("view") and engine.dialect not in VIEWS:
        pytest.skip("it has no arrays of entries")
    sql = segql.compile(rule, layout, dialect=engine.dialect, now=NOW).sql
    assert engine.members(sql) == set(members), sql


NEW_YEAR = [
    "2025-01-01T10:00:00", "2025-01-01 10:00", "2025-01-01T10:00:00.0000001", "2025-01-01T10:00:00Z",
    "2025-01-01T10:00Z", "2025-01-01T05:00:00-05:00", "2025-01-01 12:00:00.0+0200", "2025-01-01",
    "2025-10-26T02:30:00", "2025-03-30T02:30:00", "2025-01-01T10:00:00 Europe/Amsterdam", "2025-1-1T10:00", "infinity",
    "2025-02-29T10:00", "1900-02-29", "2025-04-31T10:00Z",
]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "rule", "places"),
    [
        (None, "moment is set", "0123456789"),
        (None, "moment = 2025-01-01T10:00Z", "0123456"),
        (None, "moment = 2025-01-01T00:00Z", "7"),
        ("Europe/Amsterdam", "moment is set", "0123456789"),
        ("Europe/Amsterdam", "moment = 2025-01-01T09:00Z", "012"),
        ("Europe/Amsterdam", "moment = 2025-01-01T10:00Z", "3456"),
        ("Europe/Amsterdam", "moment = 2024-12-31T23:00Z", "7"),
        ("Europe/Amsterdam", "moment = 2025-10-26T00:30Z or moment = 2025-03-30T01:30Z", "89"),
    ],
)
def test_a_time_in_json_is_one_instant_whatever_the_zone_of_the_session(
    zone: str | None, rule: str, places: str, engine: Engine
) -> None:
    if engine.dialect not in JSON:
        pytest.skip("no rows written for it")
    documents = [JSON[engine.dialect].format(json.dumps({"i": text})) for text in NEW_YEAR]
    rows = [f"SELECT '{place}' AS id, {document} AS data" for place, document in enumerate(documents)]
    moment = {"type": "time", "json": "data.i"} | ({} if zone is None else {"zone": zone})
    profiles = {"query": " UNION ALL ".join(rows), "key": "id", "properties": {"moment": moment}}
    catalog = Catalog.model_validate({"sql dialect": engine.dialect, "profiles": profiles})
    engine.load(Shop((), {}))
    sql = segql.compile(rule, catalog, dialect=engine.dialect, now=NOW).sql
    assert engine.members(sql) == set(places), sql


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        ("sum of price of bought > 999999999999999.999999998", "1"),
        ("sum of price of bought > 1.5 x sum of fee of bought", ""),
        ("average of price of bought >= 1 x average of fee of bought", "1"),
        ("sum of price of bought >= the average", "1"),
    ],
)
def test_values_below_ten_to_the_fifteenth_fit_whatever_their_decimals(rule: str, members: str, engine: Engine) -> None:
    if engine.dialect == "sqlite" or engine.dialect not in JSON:
        pytest.skip("it has no such numbers, or no rows are written for it")
    if engine.dialect == "snowflake" and rule.startswith("average"):
        pytest.skip("fakesnow takes a NUMBER(38, 0) for 64 bits")
    type_ = "BIGNUMERIC" if engine.dialect == "bigquery" else "DECIMAL(38, 9)"
    most = f"CAST('999999999999999.999999999' AS {type_})"
    money = {"type": "money", "scale": 9}
    catalog = Catalog.model_validate({
        "sql dialect": engine.dialect, "profiles": {"query": PEOPLE[engine.dialect], "key": "id"},
        "events": {"bought": {"query": f"SELECT '1' AS who, {most} AS price, {most} AS fee", "profile": "who",
            "properties": {"price": money, "fee": money}}},
    })  # fmt: skip
    engine.load(Shop((), {}))
    sql = segql.compile(rule, catalog, dialect=engine.dialect, now=NOW).sql
    assert engine.members(sql) == set(members), sql


FLOATS = ("nan", "inf", "-inf", "1e300", "-1e300", "1e40", "1e-300", "0.25", "-123456789.5")


@pytest.mark.parametrize("source", ["column", "sql"])
def test_what_no_decimal_holds_is_missing(source: str, engine: Engine) -> None:
    if engine.dialect in ("mariadb", "sqlite") or engine.dialect not in JSON:
        pytest.skip("it has no such numbers, or no rows are written for it")
    type_ = {"bigquery": "FLOAT64", "postgres": "double precision", "clickhouse": "Float64"}.get(
        engine.dialect, "DOUBLE"
    )
    rows = [f"SELECT '{place}' AS id, CAST('{one}' AS {type_}) AS x" for place, one in enumerate(FLOATS)]
    catalog = Catalog.model_validate({
        "sql dialect": engine.dialect,
        "profiles": {"query": " UNION ALL ".join(rows), "key": "id", "properties": {"x": {
            "type": "number", "scale": 2, source: "x" if source == "column" else "x + 0"}}},
    })  # fmt: skip
    shop = Shop([{"key": f"{place}", "x": float(one)} for place, one in enumerate(FLOATS)])
    engine.load(Shop((), {}))
    for rule, members in (
        ("x is set", "678"), ("x is not set", "012345"), ("x > 0", "7"), ("x < 0", "8"), ("x = 0", "6"),
        ("x != 0.25", "01234568"), ("x < 1000000000000000", "678"), ("x >= the average", "67"), ("top 1 by x", "7"),
        ("bottom 1 by x", "8"),
    ):  # fmt: skip
        sql = segql.compile(rule, catalog, dialect=engine.dialect, now=NOW).sql
        assert engine.members(sql) == segql.evaluate(rule, catalog, shop, now=NOW) == set(members), sql


def test_a_rewrite_sees_what_is_below_first_and_may_keep_the_node() -> None:
    seen = []

    def wrapped(node: exp.Expr) -> exp.Expr:
        seen.append(type(node))
        return exp.Paren(this=node) if isinstance(node, exp.Add | exp.Column) else node

    tree = exp.Add(this=exp.column("a"), expression=exp.Neg(this=exp.column("b")))
    assert rewritten(tree, Dialect("duckdb", rewrite=wrapped)).sql() == "((a) + -(b))"
    assert seen.index(exp.Column) < seen.index(exp.Neg) < seen.index(exp.Add)


def test_sql_of_the_catalog_is_said_as_it_is_written_in_its_own_dialect() -> None:
    catalog = Catalog.model_validate({
        "sql dialect": "bigquery",
        "profiles": {"table": "people", "key": "id", "properties": {
            "rate": {"type": "number", "sql": "price * 1.5"}, "size": {"type": "number"}}},
    })  # fmt: skip
    own = segql.compile("rate > 2.5", catalog, dialect="bigquery", now=NOW).sql
    assert "SAFE_CAST(profile.price * 1.5 AS BIGNUMERIC)" in own
    assert "> CAST('2.5' AS BIGNUMERIC)" in own
