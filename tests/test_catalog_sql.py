"""SQL in a catalog: one expression or one SELECT that reads, in its dialect."""

from __future__ import annotations

import pytest

from segql.catalog import catalog_from_yaml

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
