"""fakesnow, which stands in for Snowflake by way of DuckDB, with functions for what it has not, or has otherwise.

What it has otherwise: times from a count of microseconds are in the session's zone, and of an array it can say neither
what is in it nor what is missing.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import sqlglot
from sqlglot import exp

from segql.evaluator import Key, Shop

from ..worlds.shop_tables import TABLES, raw

TYPES = {
    "json": "variant",
    "instant": "timestamp_tz",
    "wall": "timestamp_ntz",
    "list of text": "array",
    "list of integer": "array",
}
"""Of the types in `TABLES`, those that are written differently here."""

FUNCTIONS = """
CREATE MACRO instant_of(micros) AS make_timestamp(CAST(micros AS BIGINT)) AT TIME ZONE 'UTC';
CREATE MACRO wall_of(micros) AS make_timestamp(CAST(micros AS BIGINT));
CREATE MACRO try_to_timestamp_ntz(value) AS TRY_CAST(value AS TIMESTAMP);
CREATE MACRO try_to_timestamp_tz(value) AS TRY_CAST(value AS TIMESTAMPTZ);
CREATE MACRO as_array(value) AS CASE WHEN json_type(value) = 'ARRAY' THEN value END;
CREATE MACRO is_object(value) AS json_type(value) = 'OBJECT';
CREATE MACRO text_of(value) AS value ->> '$';
CREATE MACRO list_of(found) AS to_json(found);
CREATE MACRO elements(value) AS CAST(value AS JSON[]);
CREATE MACRO said(value) AS CASE json_type(value)
    WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN '"' || (value ->> '$')
    WHEN 'BOOLEAN' THEN value ->> '$' ELSE CAST(CAST(CAST(value AS VARCHAR) AS DECIMAL(38, 10)) AS VARCHAR)
END;
CREATE MACRO has_element(value, list) AS
    list_contains(list_transform(elements(list), lambda one: said(one)), said(value));
CREATE MACRO size_of(list) AS len(list_filter(elements(list), lambda one: said(one) IS NOT NULL));
"""
"""Macros of DuckDB. `said` is what an element is compared by: a text is no number, and numbers have no written form."""


class Snowflake:
    dialect = "snowflake"

    def __init__(self) -> None:
        from fakesnow.instance import FakeSnow

        self._connection = FakeSnow().connect(database="warehouse", schema="public")
        self._duckdb = self._connection._duck_conn
        self._loaded: Shop | None = None
        # The session's zone is one that no test speaks of: nothing may depend on it.
        self._duckdb.execute("SET TimeZone = 'Asia/Kathmandu'")
        self._duckdb.execute(FUNCTIONS)
        self._execute("CREATE SCHEMA shop")  # which is the current one from then on
        self._execute("USE SCHEMA public")
        for name, columns in TABLES.items():
            defined = ", ".join(f'"{column.upper()}" {TYPES.get(type_, type_)}' for column, type_ in columns.items())
            self._execute(f"CREATE TABLE {name} ({defined})")

    def load(self, shop: Shop) -> None:
        if shop is self._loaded:
            return
        tables = raw(shop)
        self._duckdb.execute("BEGIN")
        for name, columns in TABLES.items():
            self._duckdb.execute(f"DELETE FROM {name}")
            if rows := tables.get(name):
                places = ", ".join("?" for _ in columns)
                stored = [[_stored(value) for value in row] for row in rows]
                self._duckdb.executemany(f"INSERT INTO {name} VALUES ({places})", stored)
        self._duckdb.execute("COMMIT")
        self._loaded = shop

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._execute(translated(sql))

    def members(self, sql: str) -> set[Key]:
        keys = [key for (key,) in self.rows(sql)]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)

    def close(self) -> None:
        self._connection.close()

    def _execute(self, sql: str) -> list[Any]:
        cursor = self._connection.cursor()
        cursor._inline_variables = lambda sql: sql  # which it does in texts as well
        rows: list[Any] = cursor.execute(sql).fetchall()
        return rows


def translated(sql: str) -> str:
    """The statement with `FUNCTIONS` for what fakesnow cannot say."""
    tree = sqlglot.parse_one(sql, dialect="snowflake")
    for node in reversed(list(tree.walk(bfs=False))):  # those below come first
        said = _said(node)
        if said is not node:
            node.replace(said)
    return tree.sql("snowflake")


def _said(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.UnixToTime(this=micros):
            is_instant = node.args["target_type"].this is exp.DType.TIMESTAMPLTZ
            return exp.func("INSTANT_OF" if is_instant else "WALL_OF", micros)
        case exp.Transform(this=array, expression=one):
            for text in list(one.find_all(exp.ToChar)):
                text.replace(exp.func("TEXT_OF", text.this))
            return exp.func(
                "LIST_OF", exp.Anonymous(this="LIST_TRANSFORM", expressions=[exp.func("ELEMENTS", array), one])
            )
        case exp.Explode(this=given):  # else sqlglot writes the rows of a subquery beside the outer ones
            return exp.Anonymous(this="FLATTEN", expressions=[given])
        case exp.ArrayContains(this=array, expression=value):
            return exp.func("HAS_ELEMENT", value, array)
        case exp.ArraySize(this=exp.ArrayCompact(this=array)):
            return exp.func("SIZE_OF", array)
        case _:
            return node


def _stored(value: Any) -> Any:
    match value:
        case tuple() | list():
            return json.dumps(value, default=int)
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC)
        case _:
            return value
