"""Texts of a looked-up table are numbered before events are grouped by them, and who is found stays the same."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime

import duckdb

import segql

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CATALOG = """
profiles: {table: people, key: id, key type: integer}
events:
  saw:
    table: views
    profile: who
    time: {column: seen, stored: timestamp}
    join:
      things: {table: things, on: {thing: code}}
    properties:
      title: {column: things.title, type: text}
      colour: {column: things.colour, type: text}
      place: {type: text}
  held:
    table: views
    profile: who
    time: {column: seen, stored: timestamp}
    join:
      things: {table: things, on: {thing: code}}
    properties:
      title: {column: things.title, type: text}
"""
# Two codes of one title, titles that differ by case, none, empty, a code of two titles, and one that is nowhere.
THINGS = [(1, "Cup", "red"), (2, "Cup", "blue"), (3, "cup", "red"), (4, None, "red"), (5, "", "blue"),
          (6, "Pot", "red"), (6, "Lid", "red"), (None, "Pan", "red")]  # fmt: skip
TABLES = """
CREATE TABLE people AS SELECT * FROM range(40) AS t(id);
CREATE TABLE things (code INTEGER, title VARCHAR, colour VARCHAR);
CREATE TABLE views (who INTEGER, seen TIMESTAMPTZ, thing INTEGER, place VARCHAR);
"""


def test_numbered_texts_tell_occurrences_apart_as_the_texts_do() -> None:
    chance, connection = random.Random(11), duckdb.connect()
    connection.execute(TABLES)
    connection.execute(f"INSERT INTO things VALUES {', '.join(['(?, ?, ?)'] * len(THINGS))}", sum(THINGS, ()))
    views = [
        (chance.randrange(40), NOW.replace(day=chance.randrange(1, 20)), chance.choice([1, 2, 3, 4, 5, 6, 7, None]),
         chance.choice(["a", "b", None])) for _ in range(200)
    ]  # fmt: skip
    connection.execute(f"INSERT INTO views VALUES {', '.join(['(?, ?, ?, ?)'] * len(views))}", sum(views, ()))
    catalog = segql.catalog_from_yaml(CATALOG)
    rows = [
        (who, title, colour, place) for who, _, thing, place in views
        for title, colour in [(t, c) for code, t, c in THINGS if code is not None and code == thing]
    ]  # fmt: skip
    titles = Counter((who, title) for who, title, _, _ in rows if title is not None)
    placed = Counter((who, title, place) for who, title, _, place in rows if None not in (title, place))
    both = Counter((who, title, colour) for who, title, colour, _ in rows if None not in (title, colour))
    for rule, parts, least, numbered in (
        ("saw at least twice with the same title", titles, 2, True),
        ("saw at least 3 times with the same title", titles, 3, True),
        ("saw at least twice with the same title and the same place", placed, 2, True),
        ("saw at least twice with the same title and the same colour", both, 2, False),
        ("saw at least twice with the same title where colour is set", titles, 2, False),
        ("any of (saw, held) at least 4 times with the same title", titles, 2, False),
        ("saw in 30d at least twice with the same title", titles, 2, False),
    ):
        sql = segql.compile(rule, catalog, now=NOW).sql
        assert ("DENSE_RANK" in sql) is numbered, rule
        found = {who for (who,) in connection.execute(sql).fetchall()}
        assert found == {part[0] for part, times in parts.items() if times >= least}, rule
