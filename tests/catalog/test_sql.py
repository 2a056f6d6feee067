"""SQL in a catalog: one expression or one SELECT that reads, in its dialect."""

from __future__ import annotations

import time

import pytest

import segql
from segql import SegQLError
from segql.catalog import catalog_from_yaml
from segql.catalog.sql import BadSQL, query

from .wrong_catalogs import BASE, EVENT, problems


@pytest.mark.parametrize(
    ("sql", "marked", "words"),
    [
        ("a = (1", "1", "`)` is missing after `1`"),
        ("a = 1 and and b", "and b", "`and`"),
        ("a =", "=", "something is missing after `=`"),
        ("a, b", ", b", "`,` does not belong here"),
        ("a = 1; DROP TABLE x", "DROP TABLE x", "`DROP` does not belong here"),
        ("a = 'x", None, "a quote or a comment is never closed"),
        ("-- nothing", None, "is only a comment"),
        ("a = ?", None, "waits for a value"),
        ("a = $1", None, "waits for a value"),
        ("exists (WITH d AS (DELETE FROM x RETURNING *) SELECT * FROM d)", None, "may only read"),
        ("count(*) > 1", None, "an aggregate needs several"),
        ("*", None, "`*` stands for columns"),
        ("(" * 3000 + "a" + ")" * 3000, None, "nested too deep"),
    ],
)
def test_sql_conditions_are_one_expression_that_reads(sql: str, marked: str | None, words: str) -> None:
    quoted = '"' + sql + '"'
    (problem,) = problems(EVENT + f"where: {quoted}}}")
    assert problem.code == "bad-sql"
    assert words in problem.message
    assert problem.span.text == (marked or quoted)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM t",
        "SELECT 1; SELECT 2",
        "SELECT 1 INTO t",
        "EXPLAIN SELECT 1",
        "CREATE TABLE t AS SELECT 1",
        "ATTACH 'x'",
        "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d",
        "SELECT * FROM t WHERE a = ?",
        "SELECT FROM WHERE",
        "a = 1",
        "SELECT * FROM t FOR UPDATE",
        "COPY t TO 'x'",
        "SET x = 1",
        "(" * 3000 + "SELECT 1",
    ],
)
def test_queries_are_one_select(sql: str) -> None:
    assert [p.code for p in problems(BASE + f'events: {{e: {{query: "{sql}", profile: p}}}}')] == ["bad-sql"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM t",
        "FROM t",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "SELECT 1;",
        "-- why\n\nSELECT 1",
        "/* why */ select 1",
    ],
)
def test_queries_that_read(sql: str) -> None:
    indented = sql.replace("\n", "\n        ")
    catalog_from_yaml(BASE + f"events:\n  e:\n    profile: p\n    query: |\n        {indented}\n")


def test_sql_is_read_in_its_dialect() -> None:
    text = EVENT + "where: a = r'x' AND SAFE_CAST(b AS INT64) > 1 AND `c d` = 1}"
    catalog_from_yaml(text + "\nsql dialect: bigquery")
    assert [p.code for p in problems(text)] == ["bad-sql"]


BY_DIALECT = EVENT + "where: {duckdb: a / 2 > 1, postgres: a / 2.0 > 1}, properties: {s: {sql: lower(b)}}}"


def test_sql_is_taken_for_its_dialect_or_refused_with_its_place() -> None:
    catalog = catalog_from_yaml(BY_DIALECT, "shop.yaml")
    assert "e_rows.a / 2 > 1" in segql.compile("e", catalog, dialect="duckdb").sql.replace("e.a", "e_rows.a")
    assert "/ 2.0" in segql.compile("e", catalog, dialect="postgres").sql
    with pytest.raises(SegQLError) as caught:
        segql.compile("e", catalog, dialect="bigquery")
    (problem,) = caught.value.problems
    assert (problem.code, problem.span.text, problem.hint) == ("not-in-dialect", "where", "add to it: bigquery: ..")
    assert "`a / 2`" in problem.message
    with pytest.raises(SegQLError) as caught:
        segql.compile('e where s is "x"', catalog, dialect="postgres")
    (problem,) = caught.value.problems
    assert (problem.span.text, problem.hint) == (
        "lower(b)", "write it for each dialect: sql: {duckdb: .., postgres: ..}"
    )  # fmt: skip


def test_sql_for_others_alone_is_refused() -> None:
    catalog = catalog_from_yaml(EVENT + "where: {postgres: a, bigquery: a}}")
    with pytest.raises(SegQLError, match="is written for postgres and bigquery, and not for duckdb"):
        segql.compile("e", catalog, dialect="duckdb")


@pytest.mark.parametrize(
    ("sql", "code", "marked"),
    [
        ("{duck: a}", "unknown-dialect", "duck"),
        ("{duckdb: a = (1}", "bad-sql", "1"),
        ("{postgres: ''}", "wrong-value", "''"),
        ("{}", "wrong-value", "where"),
        ("[a]", "wrong-value", "where"),
    ],
)
def test_what_is_wrong_with_sql_by_dialect(sql: str, code: str, marked: str) -> None:
    (problem,) = problems(EVENT + f"where: {sql}}}")
    assert (problem.code, problem.span.text) == (code, marked)


@pytest.mark.parametrize("text", ["/**/" * 50_000 + "x", "--\n" * 50_000 + "x", "(" * 50_000, " " * 50_000 + "x"])
def test_a_long_beginning_is_read_once(text: str) -> None:
    started = time.process_time()
    with pytest.raises(BadSQL):
        query(text, "duckdb")
    assert time.process_time() - started < 1
