"""After any chain of incremental runs the tables are those that full runs would have made, on every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from segql import Project, catalog_from_yaml, meaning
from segql.errors import SegQLError
from segql.ledger import draft, refresh
from segql.ledger.edges import InFull
from segql.ledger.reading import Reading
from segql.segments import NONE

from ..chance.pairs import SEGMENTS, example
from ..engines import DuckDB, Postgres, Spark, stored
from ..insights.test_by_chance import by_chance, often
from ..worlds.shop_tables import TABLES
from .changing import later
from .killed import CATALOG as CATALOG_OF_KILLS
from .killed import START
from .killed import TABLES as TABLES_OF_KILLS
from .living import LATE, Flags, Living, living
from .model import Model, Pair, named, says
from .places import Keeper, Place, tables
from .test_refresh import KEEPERS, fewer

STEPS = (timedelta(microseconds=1), timedelta(minutes=61), timedelta(hours=7), timedelta(days=1), timedelta(days=33),
         timedelta(days=3, seconds=1))  # fmt: skip
PROMISED, SILENT = living(), living(promised=False)


@KEEPERS
@often(1, 40)
def test_chains(engine: Keeper, examples: int) -> None:
    modes = Counter[str]()

    def check(random: Random) -> None:
        with TemporaryDirectory() as folder:
            chain(random, Living(engine, Path(folder)), modes, 5 if examples == 1 else random.choice((5, 12)))

    by_chance(fewer(engine, examples), check)
    assert examples == 1 or modes["incremental"] > modes["full"] / 10


BESIDE = (
    "placed order where any item (quantity >= 5)", "placed order where at least 3 items", "age >= 40",
    "sum of quantity of placed order in 60d > 10", 'placed order where any item (brand contains "new")',
    "never placed order where every item (fragile)", "number of distinct brand of placed order > 1",
    "placed order in 90d where no item (quantity < 3)", "age < 40",
)  # fmt: skip
"""What rows of other tables decide: the lines of an order, their products, what is known of somebody."""


@KEEPERS
@pytest.mark.long
def test_rows_beside_others(engine: Keeper) -> None:
    modes = Counter[str]()

    def check(random: Random) -> None:
        with TemporaryDirectory() as folder:
            chain(random, Living(engine, Path(folder)), modes, 0, BESIDE)

    by_chance(fewer(engine, 12), check)
    assert modes["incremental"] > modes["full"]


def chain(random: Random, place: Living, modes: Counter[str], rules_asked: int, given: tuple[str, ...] = ()) -> None:
    now, shop, texts = example(random)
    rules = {f"r{number}": text for number, text in enumerate(given or texts[:rules_asked])}
    model, before, flags = Model(), now - timedelta(days=1), Flags()
    for _ in range(6 if given else 3 if rules_asked < 12 else 4):
        shop = stored(shop, place.engine)
        times = (before - LATE, before, now - (now - before) / 2, now)
        if not isinstance(place.engine, Spark):  # its tables are views
            flags.turn(random, shop, random.choice(times))
        shop = flags.erase(random, shop, random.choice(times))
        place.renew(shop, {name: random.choice(times) for name in TABLES}, flags)
        segments = named(rules, SEGMENTS if rules_asked > 5 else NONE)
        project = Project(PROMISED, segments, now=now)
        counts = model.run(now, says(segments, flags.seen(shop), PROMISED, now, place.engine.dialect))
        with place.opened() as keeping:
            done = refresh(project, keeping, full=random.random() < 0.05)
            said = {one.segment: (one.members, one.entered, one.left) for one in done.segments if one.state == "done"}
            assert tables(keeping) == model, [(one.segment, one.mode, rules.get(one.segment)) for one in done.segments]
            assert said == counts
        modes.update(one.mode for one in done.segments)
        assert all((one.mode == "full") == bool(one.reason) for one in done.segments if one.state == "done")
        before = now
        now += random.choice(STEPS)
        shop = later(random, shop, now)
        if random.random() < 0.3 and not given:
            rules[f"r{random.randrange(rules_asked)}"] = random.choice(texts[12:])


@pytest.mark.parametrize("engine", ["duckdb"], indirect=True)
def test_without_a_promise_all_is_asked_of_everybody(engine: DuckDB, tmp_path: Path) -> None:
    place, random = Living(engine, tmp_path), Random(1)
    now, shop, texts = example(random)
    segments = named({f"r{number}": text for number, text in enumerate(texts[:4])}, SEGMENTS)
    place.renew(shop, dict.fromkeys(TABLES, now), Flags())
    with place.opened() as keeping:
        refresh(Project(SILENT, segments, now=now), keeping)
        again = draft(Project(SILENT, segments, now=now + timedelta(hours=1)), keeping)
        assert {one.mode for one in again.segments} == {"full"}
        reasons = {one.reason for one in again.segments if one.state == "done"}
        assert reasons == {"profiles do not say when a row was written", "it takes a sample"}


RULES = {"Bought": "bought in the last 3 days", "Few": "bought fewer than 3 times in the last 20 days"}


@pytest.mark.parametrize("engine", ["duckdb", "postgres"], indirect=True)
def test_a_sample_finds_a_broken_promise(engine: DuckDB | Postgres, tmp_path: Path) -> None:
    """A row that is deleted, and a profile that is: nothing says so, and the run that verifies names them."""
    do = engine._connection.execute
    do(f"DROP SCHEMA IF EXISTS own CASCADE; {TABLES_OF_KILLS}")
    catalog, segments = catalog_from_yaml(CATALOG_OF_KILLS), named(RULES, NONE)
    place = Place(engine, tmp_path)

    try:
        place.copied()
        with place.opened() as keeping:
            refresh(Project(catalog, segments, now=START), keeping)
            held = dict[str, set[object]]()
            for segment, key in tables(keeping).members:
                held.setdefault(segment, set()).add(key)
        do("DELETE FROM own.orders WHERE person IN (2, 5); DELETE FROM own.people WHERE id = 5")
        place.copied()
        later = Project(catalog, segments, now=START + timedelta(minutes=1))
        with place.opened() as keeping:
            assert draft(later, keeping).differing == ()
            found = draft(later, keeping, verify=Decimal(100))
            assert {one.mode for one in found.segments} == {"incremental"}
            wrong = {("Few", "5", False)} if 5 in held["Few"] else set()
            wrong |= {("Bought", str(key), False) for key in (2, 5) if key in held["Bought"]}
            wrong |= {("Few", "2", True)} if 2 not in held["Few"] else set()
            assert {*found.differing} == wrong != set()
            assert draft(later, keeping, verify=Decimal("0.000001")).differing == ()
            assert refresh(later, keeping, full=True).left > 0
            after = later.at(START + timedelta(minutes=2))
            assert draft(after, keeping, verify=Decimal(100)).differing == ()
    finally:
        do("DROP SCHEMA own CASCADE")


@contextmanager
def changed(
    engine: DuckDB | Postgres, folder: Path, rows: str, catalog: str, rules: Mapping[str, str]
) -> Iterator[Callable[[int, str], set[Pair]]]:
    """A ledger of these rules, and what changes rows, asks few so many minutes later, and says who left."""
    do, place = engine._connection.execute, Place(engine, folder)
    project = Project(catalog_from_yaml(catalog), named(rules, NONE), now=START)

    def left(minutes: int, change: str) -> set[Pair]:
        do(change)
        place.copied()
        with place.opened() as keeping:
            before = {*tables(keeping).members}
            done = refresh(project.at(START + timedelta(minutes=minutes)), keeping)
            assert {one.mode for one in done.segments} == {"incremental"}
            return before - {*tables(keeping).members}

    do(f"DROP SCHEMA IF EXISTS own CASCADE; {rows}")
    try:
        place.copied()
        with place.opened() as keeping:
            refresh(project, keeping)
        yield left
    finally:
        do("DROP SCHEMA own CASCADE")


ERASED = """
timezone: UTC
profiles: {table: own.people, key: id, written: {column: made, deleted: {table: own.gone, profile: id, time: gone_at}}}
events:
  bought:
    table: own.orders
    profile: person
    time: at
    id: number
    written: {column: made, deleted: {table: own.erased, where: "what = 'order'", profile: whose, time: erased_at}}
    items:
      table: own.lines
      on: {number: number}
      written: {column: made, deleted: {table: own.erased, where: "what = 'line'", profile: whose, time: erased_at}}
      properties: {quantity: number}
"""
ROWS = """
CREATE SCHEMA own;
CREATE TABLE own.people AS
  SELECT n AS id, TIMESTAMPTZ '2025-12-01 00:00:00+00' AS made FROM generate_series(1, 9) AS t(n);
CREATE TABLE own.orders AS SELECT id AS number, id AS person, made, made AS at FROM own.people;
CREATE TABLE own.lines AS SELECT number, 5 AS quantity, made FROM own.orders;
CREATE TABLE own.gone (id BIGINT, gone_at TIMESTAMPTZ);
CREATE TABLE own.erased (what TEXT, whose BIGINT, erased_at TIMESTAMPTZ);
"""


@pytest.mark.parametrize("engine", ["duckdb", "postgres"], indirect=True)
def test_rows_that_are_deleted_for_good_are_told_of(engine: DuckDB | Postgres, tmp_path: Path) -> None:
    """An order, a line of an order, and somebody: each by what tells of its own kind, as late as it may be seen."""
    rules = {"Bought": "bought", "Many": "bought where any item (quantity > 3)", "All": "everyone"}
    with changed(engine, tmp_path, ROWS, ERASED, rules) as left:
        gone = "DELETE FROM own.lines WHERE number = 2; INSERT INTO own.erased VALUES ('line', 2, '{}')"
        assert left(1, gone.format(START)) == {("Many", 2)}
        gone = "DELETE FROM own.orders WHERE number = 3; INSERT INTO own.erased VALUES ('order', 3, '{}')"
        assert left(2, gone.format(START)) == {("Many", 3), ("Bought", 3)}
        gone = "DELETE FROM own.people WHERE id IN (2, 4); INSERT INTO own.gone VALUES (2, '{0}'), (4, '{0}')"
        assert left(3, gone.format(START - timedelta(minutes=50))) == {
            ("Bought", 2), ("All", 2), ("Many", 4), ("Bought", 4), ("All", 4),
        }  # fmt: skip
        assert left(4, "DELETE FROM own.orders WHERE number = 5") == set()


ORDERS = """
profiles: {table: people, key: id, written: made}
events:
  bought:
    table: orders
    profile: person
    time: at
    id: id
    written: made
    properties: {brand: goods.brand, total: money}
    join: {goods: {table: goods, on: {good: id}, written: loaded}}
    items: {table: lines, on: {id: bought}, written: loaded, where: NOT returned, properties: {quantity: number}}
"""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("on: {good: id}, written: loaded", "on: {good: id}", "`goods` beside `bought` does not say"),
        ("on: {id: bought}, written: loaded", "on: {id: bought}", "the items of `bought` do not say"),
        ("profile: person", 'profile: person\n    where: "goods.sold"', "`goods` beside `bought` does not say"),
        ("on: {good: id}", 'on: {"goods.next": id}', "`goods` beside `bought` does not say"),
        (
            "written: made",
            "written: {column: made, deleted: {query: 'SELECT now() AS t', profile: p, time: t}}",
            "the SQL of what tells of deleted rows of profiles asks",
        ),
        (
            "written: loaded",
            "written: {column: loaded, deleted: {query: 'SELECT now() AS t', time: t}}",
            "what tells of deleted rows of `goods` beside `bought` asks",
        ),
        ("", "", ""),
    ],
)
def test_what_rows_beside_others_have_to_promise(before: str, after: str, said: str) -> None:
    """A filter over a joined table lets rows go that nobody would find again by what they are now."""
    catalog = catalog_from_yaml(ORDERS.replace(before, after, 1) if before else ORDERS)
    reading = Reading()
    for rule in ('bought where brand is "x"', "bought where any item (quantity > 3)"):
        reading.add(meaning(rule, catalog, now=START).bound)
    if said:
        with pytest.raises(InFull, match=said):
            reading.promised(catalog)
    else:
        reading.promised(catalog)


GOODS = """
timezone: UTC
profiles:
  table: own.people
  key: id
  written: made
  properties: {size: sizes.size}
  join: {sizes: {table: own.sizes, on: {id: who}, written: {column: made, deleted: {
    table: own.gone_sizes, time: gone}}}}
events:
  bought:
    table: own.orders
    profile: person
    time: at
    id: number
    written: made
    properties: {brand: goods.brand}
    join: {goods: &goods {table: own.goods, on: {good: id}, written: {column: made, deleted: {
      table: own.gone_goods, where: NOT moved, on: {good: number}, time: {column: gone, stored: date}}}}}
    items:
      table: own.lines
      on: {number: number}
      written: made
      join: {goods: *goods}
      properties: {label: goods.brand}
"""
OF_GOODS = """
CREATE SCHEMA own;
CREATE TABLE own.people AS
  SELECT n AS id, TIMESTAMPTZ '2025-12-01 00:00:00+00' AS made FROM generate_series(1, 9) AS t(n);
CREATE TABLE own.orders AS SELECT id AS number, id AS person, id AS good, made, made AS at FROM own.people;
CREATE TABLE own.lines AS SELECT number, 10 - number AS good, made FROM own.orders;
CREATE TABLE own.goods AS SELECT id, 'x' AS brand, made FROM own.people;
CREATE TABLE own.sizes AS SELECT id AS who, 'xl' AS size, made FROM own.people;
CREATE TABLE own.gone_goods (number BIGINT, moved BOOLEAN, gone DATE);
CREATE TABLE own.gone_sizes (who BIGINT, gone TIMESTAMPTZ);
"""


@pytest.mark.parametrize("engine", ["duckdb", "postgres"], indirect=True)
def test_joined_rows_that_are_deleted_are_told_of(engine: DuckDB | Postgres, tmp_path: Path) -> None:
    """What was joined to an event, to its items and to profiles, by what these still say of it."""
    rules = {
        "Event": 'bought where brand is "x"',
        "Item": 'bought where any item (label is "x")',
        "Own": 'size is "xl"',
    }
    with changed(engine, tmp_path, OF_GOODS, GOODS, rules) as left:
        gone = f"DELETE FROM own.goods WHERE id = 2; INSERT INTO own.gone_goods VALUES (2, false, '{START:%Y-%m-%d}')"
        assert left(1, gone) == {("Event", 2), ("Item", 8)}
        gone = f"DELETE FROM own.goods WHERE id = 3; INSERT INTO own.gone_goods VALUES (3, true, '{START:%Y-%m-%d}')"
        assert left(2, gone) == set()
        gone = f"DELETE FROM own.sizes WHERE who = 5; INSERT INTO own.gone_sizes VALUES (5, '{START}')"
        assert left(3, gone) == {("Own", 5)}


def test_such_a_promise_is_one_column() -> None:
    for wrong in ("{sql: now_of(x)}", "[a, b]", "goods.loaded"):
        with pytest.raises(SegQLError, match=r"one column of theirs|joined table"):
            catalog_from_yaml(ORDERS.replace("written: loaded", f"written: {wrong}", 1))
