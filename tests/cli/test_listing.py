"""Tables of members: what the catalog shows beside the key, on a terminal of any width."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import duckdb
import pytest

import segql
from segql.answers.listing import listed
from segql.catalog import catalog_from_yaml
from segql.warehouse import Warehouse
from segql.warehouse.duckdb import DuckDB

PEOPLE = """
CREATE TABLE people AS FROM (VALUES
  (7, 'Ann', 1234.5::DECIMAL(10, 2), true, DATE '1990-02-03', TIMESTAMPTZ '2026-01-01 12:00:00+00', ['gift', 'club'],
   52.37::DOUBLE, 4.89::DOUBLE, 1200),
  (11, '渡辺さん', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
) AS people (id, name, spent, vip, birthday, seen, tags, lat, lon, points)
"""
CATALOG = """
timezone: Europe/Amsterdam
currency: EUR
profiles:
  table: people
  key: id
  key type: integer
  shown: [called, spent, vip, birthday, seen, tags, position, points]
  properties:
    name: {type: text, also: [called]}
    spent: money
    vip: boolean
    birthday: date
    seen: time
    tags: list of text
    position: {latitude: lat, longitude: lon}
    points: {type: number, scale: 0}
"""
TABLE = """\
id  name      spent      vip  birthday    seen              tags        position         points
──  ────────  ─────────  ───  ──────────  ────────────────  ──────────  ───────────────  ──────
 7  Ann       €1,234.50  yes  1990-02-03  2026-01-01 13:00  gift, club  52.3700, 4.8900  1,200
11  渡辺さん"""

Listed = Callable[..., tuple[str, str]]


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listed]:
    connection = duckdb.connect()
    connection.execute(PEOPLE)
    catalog = catalog_from_yaml(CATALOG)

    def made(rule: str, limit: int = 20, columns: int | None = None) -> tuple[str, str]:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: columns is not None, raising=False)
        monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((columns or 80, 24)))
        done = segql.compile(rule, catalog, now=datetime(2026, 2, 1, tzinfo=UTC))
        found = listed(Warehouse(DuckDB(connection), "it"), done, catalog, limit, done.sql)
        return found.table, found.showing

    yield made
    connection.close()


def test_each_type_as_people_write_it_and_what_is_missing_as_nothing(table: Listed) -> None:
    assert table("everyone") == (TABLE, "2 members")


def test_columns_that_have_no_room_are_left_out(table: Listed) -> None:
    seen, _ = table("everyone", columns=60)
    assert seen.splitlines()[0] == "id  name      spent      vip  birthday    seen"
    assert table("everyone", columns=2)[0].splitlines()[0] == "id"


def test_a_long_text_is_cut_and_stands_in_one_line(table: Listed) -> None:
    from segql.answers.columns import cut

    assert cut("a\nb", 40) == "a b"
    assert cut("渡" * 30, 40) == "渡" * 19 + "…"
    assert cut("x" * 41, 40) == "x" * 39 + "…"


def test_how_many_of_how_many(table: Listed) -> None:
    assert table("everyone", limit=1)[1] == "showing 1 of 2"
    assert table("no one")[1] == "0 members"
