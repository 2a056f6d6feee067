"""Texts of a looked-up table are numbered before events are compared by them, and who is found stays the same."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

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
  bought:
    table: bills
    profile: who
    time: {column: at_time, stored: timestamp}
    items:
      table: lines
      on: {bill: bill}
      join:
        things: {table: things, on: {thing: code}}
      properties:
        title: {column: things.title, type: text}
        amount: {type: number, scale: 0}
  held:
    table: views
    profile: who
    time: {column: seen, stored: timestamp}
    join:
      things: {table: things, on: {thing: code}}
    properties:
      title: {column: things.title, type: text}
  kept:
    table: keeps
    profile: who
    time: {column: at_time, stored: timestamp}
    join:
      things: {table: things, on: {thing: code}}
    properties:
      title: {column: things.title, type: text}
      colour: {column: things.colour, type: text}
  said:
    table: keeps
    profile: who
    time: {column: at_time, stored: timestamp}
    properties:
      title: {column: word, type: text}
  painted:
    table: keeps
    profile: who
    time: {column: at_time, stored: timestamp}
    join:
      things: {table: things, on: {thing: code}}
    properties:
      title: {column: things.colour, type: text}
"""
# Two codes of one title, titles that differ by case, none, empty, a code of two titles, and one that is nowhere.
THINGS = [(1, "Cup", "red"), (2, "Cup", "blue"), (3, "cup", "red"), (4, None, "red"), (5, "", "blue"),
          (6, "Pot", "red"), (6, "Lid", "red"), (None, "Pan", "red")]  # fmt: skip
TABLES = """
CREATE TABLE people AS SELECT * FROM range(40) AS t(id);
CREATE TABLE things (code INTEGER, title VARCHAR, colour VARCHAR);
CREATE TABLE views (who INTEGER, seen TIMESTAMPTZ, thing INTEGER, place VARCHAR);
CREATE TABLE bills (bill INTEGER, who INTEGER, at_time TIMESTAMPTZ);
CREATE TABLE lines (bill INTEGER, thing INTEGER, amount INTEGER);
CREATE TABLE keeps (who INTEGER, at_time TIMESTAMPTZ, thing INTEGER, word VARCHAR);
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


def test_numbered_texts_of_items_are_counted_as_the_texts_are() -> None:
    """Beside other numbers of the same items: a row without a text, or of two, is no more and no less than before."""
    chance, connection = random.Random(13), duckdb.connect()
    connection.execute(TABLES)
    connection.execute(f"INSERT INTO things VALUES {', '.join(['(?, ?, ?)'] * len(THINGS))}", sum(THINGS, ()))
    bills = [(bill, chance.randrange(40), NOW.replace(day=chance.randrange(1, 20))) for bill in range(120)]
    lines = [(chance.randrange(120), chance.choice([1, 2, 3, 4, 5, 6, 7, None]), 1) for _ in range(200)]
    connection.execute(f"INSERT INTO bills VALUES {', '.join(['(?, ?, ?)'] * len(bills))}", sum(bills, ()))
    connection.execute(f"INSERT INTO lines VALUES {', '.join(['(?, ?, ?)'] * len(lines))}", sum(lines, ()))
    catalog, owners = segql.catalog_from_yaml(CATALOG), {bill: who for bill, who, _ in bills}
    looked_up = [
        (bill, title) for bill, thing, _ in lines
        for title in [t for code, t, _ in THINGS if code is not None and code == thing] or [None]
    ]  # fmt: skip
    titles = Counter(
        owners[bill] for bill, _ in {(owners[b], t): (b, t) for b, t in looked_up if t is not None}.values()
    )
    amounts = Counter(owners[bill] for bill, _ in looked_up)
    same = Counter((owners[bill], title) for bill, title in {*looked_up} if title is not None)
    for rule, expected, numbered in (
        ("number of distinct title of bought >= 3", {who for who, many in titles.items() if many >= 3}, True),
        ("number of distinct title of bought >= 3 and sum of amount of bought >= 6",
         {who for who, many in titles.items() if many >= 3 and amounts[who] >= 6}, True),
        ("number of distinct title of bought where (title is set) >= 3",
         {who for who, many in titles.items() if many >= 3}, False),
        ("number of distinct title of bought in 30d >= 3", {who for who, many in titles.items() if many >= 3}, True),
        ("bought at least twice with the same title", {who for (who, _), many in same.items() if many >= 2}, True),
        # Whoever has fewer bills is left out before lines are looked at.
        ("bought at least 3 times with the same title", {who for (who, _), many in same.items() if many >= 3}, True),
        ("bought exactly 3 times with the same title", {who for (who, _), many in same.items() if many == 3}, True),
    ):  # fmt: skip
        sql = segql.compile(rule, catalog, now=NOW).sql
        assert ("DENSE_RANK" in sql) is numbered, rule
        found = {who for (who,) in connection.execute(sql).fetchall()}
        assert found == expected != set(), rule


def test_steps_share_numbered_texts_as_they_share_the_texts() -> None:
    """Of one column of one table: what a title is elsewhere may be another number, or none."""
    chance, connection = random.Random(12), duckdb.connect()
    connection.execute(TABLES)
    connection.execute(f"INSERT INTO things VALUES {', '.join(['(?, ?, ?)'] * len(THINGS))}", sum(THINGS, ()))
    views, keeps = (
        [
            (chance.randrange(40), NOW.replace(day=chance.randrange(1, 20)), chance.choice([1, 2, 3, 4, 5, 6, 7, None]),
             chance.choice(["Cup", "red", "Pot", None])) for _ in range(160)
        ] for _ in range(2)
    )  # fmt: skip
    for table, rows in (("views", views), ("keeps", keeps)):
        connection.execute(f"INSERT INTO {table} VALUES {', '.join(['(?, ?, ?, ?)'] * len(rows))}", sum(rows, ()))
    catalog = segql.catalog_from_yaml(CATALOG)

    def looked_up(thing: int | None, place: int) -> set[Any]:
        return {one[place] for one in THINGS if thing is not None and one[0] == thing} - {None}

    def shared(others: Callable[[int | None, str | None], set[Any]], days: int) -> set[int]:
        return {
            who for who, seen, thing, _ in views for whose, at, other, word in keeps
            if who == whose and seen <= at <= seen + timedelta(days=days)
            and not looked_up(thing, 1).isdisjoint(others(other, word))
        }  # fmt: skip

    titles = shared(lambda thing, _: looked_up(thing, 1), 5)

    def in_red(thing: int | None) -> set[Any]:
        return {title for code, title, colour in THINGS if code == thing and colour == "red"} - {None}

    def among(titles: Callable[[int | None], set[Any]]) -> set[int]:
        return {
            who for who, _, thing, _ in views for whose, _, other, _ in keeps
            if who == whose and not looked_up(thing, 1).isdisjoint(titles(other))
        }  # fmt: skip

    reds, both, red = shared(lambda thing, _: in_red(thing), 5), among(lambda thing: looked_up(thing, 1)), among(in_red)
    for rule, expected, numbered in (
        ("all of (saw, kept) with the same title", both, True),
        ('all of (saw, kept where colour is "red") with the same title', red, True),
        ("all of (saw, kept) in 30d with the same title", both, True),
        ("saw then kept within 5d with the same title", titles, True),
        ("saw in 90d then kept within 5d with the same title", titles, True),
        ("saw in 30d then kept within 5d with the same title", titles, True),
        ("saw then kept where colour is set within 5d with the same title", titles, True),
        ("saw then kept where title is set within 5d with the same title", titles, True),
        ('saw then kept where colour is "red" within 5d with the same title', reds, True),
        ("saw followed by kept with the same title", shared(lambda thing, _: looked_up(thing, 1), 30), True),
        ("saw then said within 5d with the same title", shared(lambda _, word: {word} - {None}, 5), False),
        ("saw then painted within 5d with the same title", shared(lambda thing, _: looked_up(thing, 2), 5), False),
    ):
        sql = segql.compile(rule, catalog, now=NOW).sql
        assert ("DENSE_RANK" in sql) is numbered, rule
        assert {who for (who,) in connection.execute(sql).fetchall()} == expected, rule
    few = "all of (saw, kept) in 5d with the same title"
    assert "DENSE_RANK" not in segql.compile(few, catalog, now=NOW).sql
    assert 5 < len(titles) < 35
