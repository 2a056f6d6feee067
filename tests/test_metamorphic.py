"""What must hold of any rule on any data, seen on the demo shop, where no evaluator could follow: by SQL alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import duckdb
import pytest

from segql import compiler, demo, emitter, load_catalog, load_segments, planner
from segql.catalog import Catalog

PROFILES = 3_000
RULES = 40
FOLDER = demo.shop_folder()
CATALOG = load_catalog(str(FOLDER / "catalog.yaml"))
SEGMENTS = load_segments(str(FOLDER))
TIMES = ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE")

EVENTS = tuple(name for name, event in CATALOG.events.items() if event.time is not None or event.any_of)
WINDOWS = ("45s", "90min", "5h", "72h", "3d", "6d", "2w", "8w")
"""From seconds to weeks, in order."""
PROPERTIES = (
    'country is "NL"', "country in EU", "points > 100", "vip", 'tags includes "coffee club"', 'city starts with "a"',
    "birthday is set", "signed up in the last 8w", "points is not set",
)  # fmt: skip


@pytest.fixture(scope="module")
def shop() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Kathmandu'")
        demo.build(connection, PROFILES)
        yield connection


def leaf(random: Random) -> str:
    event, window = random.choice(EVENTS), random.choice(WINDOWS)
    return random.choice((
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


def rule(random: Random, depth: int = 2) -> str:
    if not depth or random.random() < 0.4:
        return leaf(random)
    parts = [f"({rule(random, depth - 1)})" for _ in range(random.randint(2, 3))]
    return random.choice(("not " + parts[0], " and ".join(parts), " or ".join(parts)))


def members(
    text: str, shop: duckdb.DuckDBPyConnection, now: datetime = demo.NOW, catalog: Catalog = CATALOG
) -> set[int]:
    sql = compiler.compile(text, catalog, now=now, segments=SEGMENTS).sql
    rows = [key for (key,) in shop.execute(sql).fetchall()]
    assert len(rows) == len(set(rows)), sql
    return set(rows)


@pytest.fixture(scope="module")
def rules(base_seed: int) -> list[str]:
    random = Random(base_seed)
    saved = [f'in segment "{segment.name.text}"' for segment in SEGMENTS.segments.values()]
    return [rule(random) for _ in range(RULES)] + random.sample(saved, 10)


def test_everybody_is_either_in_or_out(shop: duckdb.DuckDBPyConnection, rules: list[str]) -> None:
    everyone = members("everyone", shop)
    assert len(everyone) == PROFILES
    for text in rules:
        inside, outside = members(text, shop), members(f"not ({text})", shop)
        assert not inside & outside, text
        assert inside | outside == everyone, text


def test_and_is_the_intersection_and_or_the_union(shop: duckdb.DuckDBPyConnection, rules: list[str]) -> None:
    for one, other in pairwise(rules):
        both, either = members(f"({one}) and ({other})", shop), members(f"({one}) or ({other})", shop)
        assert both == members(one, shop) & members(other, shop), (one, other)
        assert either == members(one, shop) | members(other, shop), (one, other)


@pytest.mark.parametrize("event", EVENTS)
def test_a_wider_window_loses_nobody(shop: duckdb.DuckDBPyConnection, event: str) -> None:
    for times in (1, 2):
        found = [members(f'"{event}" at least {times} times in {window}', shop) for window in WINDOWS]
        assert all(narrow <= wide for narrow, wide in pairwise(found))
        lasts = [members(f'last "{event}" in {window}', shop) for window in WINDOWS]
        assert all(narrow <= wide for narrow, wide in pairwise(lasts))


def test_the_optimizer_changes_no_members(shop: duckdb.DuckDBPyConnection, rules: list[str]) -> None:
    for text in rules:
        found = compiler.meaning(text, CATALOG, now=demo.NOW, segments=SEGMENTS)
        tree = emitter.emit(planner.plan(found.bound, CATALOG, demo.NOW), CATALOG, "duckdb")
        plain = {key for (key,) in shop.execute(emitter.sql_text(tree, "duckdb")).fetchall()}
        assert plain == members(text, shop), text


@pytest.mark.parametrize("weeks", [-3, 5, 200])
def test_whole_weeks_later_nothing_has_changed(shop: duckdb.DuckDBPyConnection, rules: list[str], weeks: int) -> None:
    """All data and `now` shifted by whole weeks, on a calendar without clock changes."""
    catalog = CATALOG.model_copy(update={"timezone": "UTC"})
    shop.execute("CREATE SCHEMA IF NOT EXISTS shifted")
    for table in demo.TABLES:
        columns = shop.execute(f"SELECT * FROM main.{table} LIMIT 0").description or []
        shifted = ", ".join(
            f"{name} + INTERVAL ({weeks}) WEEK AS {name}" if str(type_) in TIMES else name
            for name, type_, *_ in columns
        )
        shop.execute(f"CREATE OR REPLACE VIEW shifted.{table} AS SELECT {shifted} FROM main.{table}")
    for text in rules[:RULES]:  # saved segments count months, too
        before = members(text, shop, catalog=catalog)
        shop.execute("USE shifted")
        try:
            after = members(text, shop, demo.NOW + timedelta(weeks=weeks), catalog)
        finally:
            shop.execute("USE main")
        assert after == before, text
