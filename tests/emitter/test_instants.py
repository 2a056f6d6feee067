"""A value and its instant in one number: the last is compared with the first, whatever the rows hold."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

import segql

CATALOG = segql.catalog_from_yaml("""
timezone: UTC
profiles: {table: people, key: id}
events:
  placed order:
    table: orders
    profile: who
    time: {column: placed, stored: timestamp, zone: UTC}
    properties: {total: {type: money, scale: 2, stored: decimal}}
""")
RULE = "total of last placed order > total of first placed order"


def holds(*orders: tuple[str, str | None]) -> bool:
    sql = segql.compile(RULE, CATALOG, now=datetime(2026, 1, 1, tzinfo=UTC)).sql
    assert "INT128" in sql
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE people AS SELECT 1 AS id")
        connection.execute("CREATE TABLE orders (who INTEGER, placed TIMESTAMP, total DECIMAL(38, 2))")
        for placed, total in orders:
            connection.execute("INSERT INTO orders VALUES (1, ?::TIMESTAMP, ?)", [placed, total])
        return bool(connection.execute(sql).fetchall())


@pytest.mark.parametrize(
    ("orders", "held"),
    [
        ([("2020-01-01", "5"), ("2021-01-01", "7")], True),
        ([("2020-01-01", "7"), ("2021-01-01", "5")], False),
        ([("2020-01-01", "-5"), ("2021-01-01", "-4.99")], True),
        ([("2020-01-01", "-5"), ("2021-01-01", None)], False),  # missing is not above
        ([("2020-01-01", None), ("2020-01-01", "4"), ("2021-01-01", "5")], True),  # the largest of the tied counts
        ([("2020-01-01", "6"), ("2020-01-01", "4"), ("2021-01-01", "5")], False),
        ([("2020-01-01", "0"), ("2021-01-01", "999999999999999.99")], True),
        ([("2020-01-01", "-999999999999999.99"), ("2021-01-01", "0")], True),
        ([("200000-01-01 (BC) 00:00:00", "1"), ("2021-01-01", "2")], True),
        ([("290000-01-01 (BC) 00:00:00", "3"), ("200000-01-01 (BC) 00:00:00", "1"), ("2021-01-01", "2")], False),
        ([("1969-12-31 23:59:59.999999", "1"), ("1970-01-01", "2")], True),
    ],
)
def test_the_last_against_the_first(orders: list[tuple[str, str | None]], held: bool) -> None:
    assert holds(*orders) is held


@pytest.mark.parametrize("total", ["1e20", "-1e20", "60000000000000000", "-60000000000000000"])
def test_a_value_far_beyond_what_numbers_may_be_is_an_error(total: str) -> None:
    with pytest.raises(duckdb.Error):
        holds(("2020-01-01", "1"), ("2021-01-01", total))
