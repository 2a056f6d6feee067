"""How deep a statement may nest for SQLite: what is counted as few enough, its parser reads."""

from __future__ import annotations

import sqlite3

import pytest
import sqlglot

import segql
from segql.catalog import Catalog
from segql.dialects.sqlite_depth import MOST, depth

from ..binder.bound import NOW

NESTED = {
    "first argument": ("SELECT ", "f(", "1", ")"),
    "another argument": ("SELECT ", "f(a, ", "1", ")"), "condition": ("SELECT ", "CASE WHEN ", "1", " THEN 1 END"),
    "result": ("SELECT ", "CASE WHEN a THEN ", "1", " END"),
    "default": ("SELECT ", "CASE WHEN a THEN b ELSE ", "1", " END"),
    "cast": ("SELECT ", "CAST(", "1", " AS TEXT)"), "and": ("SELECT ", "a AND (", "1", ")"),
    "between": ("SELECT ", "a BETWEEN 1 AND (", "1", ")"), "value": ("SELECT ", "(SELECT ", "1", ")"),
    "exists": ("SELECT 1 WHERE ", "NOT EXISTS(SELECT 1 FROM t WHERE a = b AND ", "1", ")"),
    "in": ("SELECT 1 WHERE ", "a IN (SELECT b FROM t WHERE ", "1", ")"),
    "from": ("SELECT 1 FROM ", "(SELECT 1 FROM ", "t", ") AS s"),
    "join": ("SELECT 1 FROM ", "t JOIN (SELECT 1 FROM ", "t", ") AS s"),
    "on": ("SELECT 1 FROM ", "t JOIN u ON EXISTS(SELECT 1 FROM ", "t", ")"),
    "window": ("SELECT ", "MAX(1) OVER (PARTITION BY a ORDER BY ", "1", ")"),
}  # fmt: skip


def is_read(connection: sqlite3.Connection, sql: str) -> bool:
    try:
        connection.execute(f"EXPLAIN {sql}")
    except sqlite3.OperationalError as error:
        return "parser stack overflow" not in str(error)
    return True


@pytest.mark.parametrize("form", NESTED)
def test_what_is_counted_as_few_enough_is_read(form: str) -> None:
    before, opened, inside, closed = NESTED[form]
    connection = sqlite3.connect(":memory:")
    for count in range(1, 200):
        sql = f"{before}{opened * count}{inside}{closed * count}"
        found = depth(sqlglot.parse_one(sql, dialect="sqlite"))
        if found > MOST:
            assert count > 5
            return
        assert is_read(connection, sql), (count, found)
    raise AssertionError


DEEP = """
(last visited store then "checked in at store" within 1 hour where days since previous is set
  then "checked in at store" within 3 days then any of (clicked email, clicked email))
"""


def test_what_nests_too_deep_is_an_error_with_its_place(catalog: Catalog) -> None:
    with pytest.raises(segql.SegQLError) as raised:
        segql.compile(DEEP, catalog, dialect="sqlite", now=NOW)
    (problem,) = raised.value.problems
    assert problem.code == "not-in-dialect"
    assert problem.span.text.startswith("last visited store")
    assert "duckdb" in problem.hint
