"""What Braze and Hightouch are given selects the same keys, once each, in the column that they ask for."""

from __future__ import annotations

import duckdb
import pytest

import segql
from segql.ast import Segment
from segql.formats import Exported, Setting, exporter

from ..worlds.small_shop import CATALOG, NOW, TABLES

ROWS = """
INSERT INTO customers BY NAME SELECT unnest([1, 1, 2, 3, NULL]) AS customer_id, 'NL' AS country;
INSERT INTO orders BY NAME SELECT 2 AS customer_id, 1 AS order_id, now() - INTERVAL 1 DAY AS created_at, 10 AS total;
INSERT INTO orders BY NAME SELECT 3 AS customer_id, 2 AS order_id, now() - INTERVAL 9 DAY AS created_at, 20 AS total;
"""
RULES = ("placed order in 3d", "never placed order", "top 1 by sum of total of placed order", "everyone", "no one",
         "placed order at least once or placed order where total > 15")  # fmt: skip


def exported(format: str, text: str, dialect: str = "duckdb") -> Exported:
    segments = segql.segments_from(text)
    write = exporter(format)
    assert write is not None
    (segment,) = segments.segments.values()
    assert isinstance(segment, Segment)
    return write(segment, Setting(CATALOG, segments=segments, dialect=dialect, now=NOW))


@pytest.mark.parametrize("rule", RULES)
def test_the_same_keys(rule: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(TABLES + ROWS)
        plain = connection.execute(segql.compile(rule, CATALOG, live=True).sql).fetchall()
        asked = connection.execute(exported("hightouch-sql", f'segment "a" = {rule}').document)
        assert [column[0] for column in asked.description or ()] == ["customer_id"]
        found = [key for (key,) in asked.fetchall()]
    assert "now = the engine" in exported("braze-sql", f'segment "a" = {rule}').document
    assert sorted(found) == sorted({key for (key,) in plain})


@pytest.mark.parametrize("rule", RULES)
def test_braze_gets_one_statement_without_a_semicolon(rule: str) -> None:
    done = exported("braze-sql", f'segment "a;b" = {rule} -- ;')
    assert ";" not in done.document
    assert "customer_id AS user_id" in done.document


def test_an_unknown_dialect_is_said() -> None:
    done = exported("hightouch-sql", 'segment "a" = everyone', "sybase")
    assert done.document is None
    assert done.findings[0].verdict == "impossible"
