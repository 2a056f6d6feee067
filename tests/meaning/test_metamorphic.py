"""What must hold of any rule on any data, seen on the demo shop, where no evaluator could follow: by SQL alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random

import duckdb
import pytest

from segql import compiler, demo, emitter, load_catalog, load_segments, planner

PROFILES = 3_000
RULES = 25
FOLDER = demo.shop_folder()
CATALOG = load_catalog(str(FOLDER / "catalog.yaml"))
CATALOGS = {zone: CATALOG.model_copy(update={"timezone": zone}) for zone in (CATALOG.timezone, "UTC")}
SEGMENTS = load_segments(str(FOLDER))
TIMES = ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE")

EVENTS = tuple(name for name, event in CATALOG.events.items() if event.time is not None or event.any_of)
WINDOWS = ("45s", "90min", "5h", "72h", "3d", "6d", "2w", "8w")
"""From seconds to weeks, in order."""
WIDER = ("90min", "72h", "2w", "8w", "1y")
PROPERTIES = (
    'country is "NL"', "country in EU", "points > 100", "vip", 'tags includes "coffee club"', 'city starts with "a"',
    "birthday is set", "signed up in the last 8w", "points is not set",
)  # fmt: skip


@pytest.fixture(scope="module")
def shop() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'Asia/Kathmandu'")
        demo.build(connection, PROFILES)
        yield connection


def leaf(random: Random) -> str:
    event, window = random.choice(EVENTS), random.choice(WINDOWS)
    return random.choice((
        of_all(random),
        f'"{event}" in {window}',
        f'"{event}" at least {random.randint(2, 4)} times in {window}',
        f'"{event}" at most {random.randint(0, 3)} times in 8w',
        f'never "{event}" in {window}',
        f'"{event}" more than {window} ago',
        f'last "{event}" in {window}',
        f'first "{event}" in {window}',
        f'number of "{event}" in {window} < number of "{event}" between 4w and 8w ago',
        f"days since last order > {random.randint(1, 200)}",
        f'average of total of "placed order" in 8w > {random.randint(5, 100)}',
        f"can receive {random.choice(tuple(CATALOG.channels))}",
        random.choice(PROPERTIES),
    ))  # fmt: skip


def of_all(random: Random) -> str:
    """A condition over several events together, over their items, or beside other customers."""
    event, window = random.choice(EVENTS), random.choice(WINDOWS)
    return random.choice((
        f'"{event}" in {window} then "{random.choice(EVENTS)}" within {random.choice(WINDOWS)}',
        f'last "{event}" in {window} then "{random.choice(EVENTS)}"',
        f'"{event}" in {window} not followed by "{random.choice(EVENTS)}" within {random.choice(WINDOWS)}',
        "viewed product in 8w then placed order with the same brand",
        f'"{event}" in at least {random.randint(1, 3)} of the last 4 weeks',
        f'"{event}" on at least {random.randint(2, 4)} different days in {window}',
        f'placed order in {window} where any item (brand is "Molen" or quantity >= 2)',
        f"every placed order in {window} has at least {random.randint(1, 3)} items",
        f"at least 50% of placed order in {window} have total > {random.randint(10, 60)}",
        "placed order at least twice with the same product",
        f'most common weekday of "{event}" in {window} is "Saturday"',
        f'"{event}" in {window} where (number <= 3 and hour < 12)',
        f'top 25% by number of "{event}" in {window}',
        f'number of "{event}" in {window} > the average',
        "average order value in 8w > the overall average",
        f"within {random.randint(5, 400)} km of any store",
        f"random {random.randint(20, 80)}%",
    ))  # fmt: skip


def rule(random: Random, depth: int = 2) -> str:
    if not depth or random.random() < 0.4:
        return leaf(random)
    parts = [f"({rule(random, depth - 1)})" for _ in range(random.randint(2, 3))]
    return random.choice(("not " + parts[0], " and ".join(parts), " or ".join(parts)))


@cache
def members(
    text: str, shop: duckdb.DuckDBPyConnection, now: datetime = demo.NOW, zone: str = CATALOG.timezone
) -> frozenset[int]:
    """Of a shop whose rows stay: the shifted ones have a `now` of their own."""
    sql = compiler.compile(text, CATALOGS[zone], now=now, segments=SEGMENTS).sql
    rows = [key for (key,) in shop.execute(sql).fetchall()]
    assert len(rows) == len(set(rows)), sql
    return frozenset(rows)


@pytest.fixture(scope="module")
def rules(base_seed: int) -> list[str]:
    random = Random(base_seed)
    saved = [f'in segment "{segment.name.text}"' for segment in SEGMENTS.segments.values()]
    return [rule(random) for _ in range(RULES)] + random.sample(saved, 4)


def test_everybody_is_either_in_or_out(shop: duckdb.DuckDBPyConnection, rules: list[str]) -> None:
    everyone = members("everyone", shop)
    assert len(everyone) == PROFILES
    for text in rules:
        inside, outside = members(text, shop), members(f"not ({text})", shop)
        assert not inside & outside, text
        assert inside | outside == everyone, text


def test_and_is_the_intersection_and_or_the_union(shop: duckdb.DuckDBPyConnection, rules: list[str]) -> None:
    for one, other in zip(rules[::2], rules[1::2], strict=False):
        both, either = members(f"({one}) and ({other})", shop), members(f"({one}) or ({other})", shop)
        assert both == members(one, shop) & members(other, shop), (one, other)
        assert either == members(one, shop) | members(other, shop), (one, other)


def grow(found: Iterable[frozenset[int]]) -> None:
    """Each holds the one before; and they are not all the same."""
    found = list(found)
    assert all(narrow <= wide for narrow, wide in pairwise(found))
    assert len(set(found)) > 1


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_wider_window_loses_nobody(shop: duckdb.DuckDBPyConnection, base_seed: int, times: int) -> None:
    for event in Random(base_seed + times).sample(EVENTS, 3):
        grow(members(f'"{event}" at least {times} times in {window}', shop) for window in WIDER)
        grow(members(f'last "{event}" in {window}', shop) for window in WIDER)


@pytest.mark.parametrize("way", ["top", "bottom"])
def test_a_larger_share_of_the_ranks_loses_nobody(shop: duckdb.DuckDBPyConnection, base_seed: int, way: str) -> None:
    measures = ("total spent in 2y", "average order value", "points", 'number of "viewed product" in 8w')
    for measure in Random(f"{base_seed} {way}").sample(measures, 2):
        grow(members(f"{way} {percent}% by {measure}", shop) for percent in ("0.5", "10", "20", "66.6667", "100"))
        grow(members(f"{way} {count} by {measure}", shop) for count in (1, 10, 20, 500))


def test_ranks_lie_as_their_counts_say(shop: duckdb.DuckDBPyConnection) -> None:
    """Fewer only where there are no more, more only by ties at the edge; among all and among some."""
    for among in ("", ' among segment "Ordered last month"'):
        held = members(f"top 100% by points{among}", shop)
        for percent in (10, 20):
            found = members(f"top {percent}% by points{among}", shop)
            assert len(found) >= -(-len(held) * percent // 100)
            assert found <= held


def test_a_larger_random_share_loses_nobody(shop: duckdb.DuckDBPyConnection) -> None:
    grow(members(f'random {percent}% seed "x"', shop) for percent in (5, 10, 20, 50, 100))


def test_the_optimizer_changes_no_members(shop: duckdb.DuckDBPyConnection, rules: list[str]) -> None:
    for text in rules:
        found = compiler.meaning(text, CATALOG, now=demo.NOW, segments=SEGMENTS)
        tree = emitter.emit(planner.plan(found.bound, CATALOG, demo.NOW), CATALOG, "duckdb")
        plain = {key for (key,) in shop.execute(emitter.sql_text(tree, None, "duckdb")).fetchall()}
        assert plain == members(text, shop), text


@pytest.mark.parametrize("weeks", [-3, 200])
def test_whole_weeks_later_nothing_has_changed(shop: duckdb.DuckDBPyConnection, rules: list[str], weeks: int) -> None:
    """All data and `now` shifted by whole weeks, on a calendar without clock changes."""
    shop.execute("CREATE SCHEMA IF NOT EXISTS shifted")
    for table in demo.TABLES:
        columns = shop.execute(f"SELECT * FROM main.{table} LIMIT 0").description or []
        shifted = ", ".join(
            f"{name} + INTERVAL ({weeks}) WEEK AS {name}" if str(type_) in TIMES else name
            for name, type_, *_ in columns
        )
        shop.execute(f"CREATE OR REPLACE VIEW shifted.{table} AS SELECT {shifted} FROM main.{table}")
    for text in rules[:RULES]:  # saved segments count months, too
        before = members(text, shop, zone="UTC")
        shop.execute("USE shifted")
        try:
            after = members(text, shop, demo.NOW + timedelta(weeks=weeks), "UTC")
        finally:
            shop.execute("USE main")
        assert after == before, text
