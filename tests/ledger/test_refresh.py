"""Any chain of runs leaves the tables that the evaluator's memberships make, on every engine that keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from segql import Project
from segql.ledger import backfill, changes, draft, refresh, written
from segql.ledger.changes import listed

from ..chance.pairs import CATALOG, SEGMENTS, example
from ..engines import BigQuery, ClickHouse, MariaDB, Spark, SQLite, stored
from ..insights.test_by_chance import often
from ..worlds.shops import FOCUSES, random_shop
from .model import Model, named, says
from .places import Keeper, Place, tables, utc

KEEPERS = pytest.mark.parametrize(
    "engine",
    [
        "duckdb",
        "postgres",
        pytest.param("sqlite", marks=pytest.mark.long),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
        pytest.param("spark", marks=pytest.mark.spark),
        pytest.param("clickhouse", marks=pytest.mark.clickhouse),
        pytest.param("bigquery", marks=pytest.mark.bigquery),
    ],
    indirect=True,
)
STEPS = (timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1), timedelta(days=33))


def fewer(engine: Keeper, examples: int) -> int:
    """What SQLite cannot be asked takes long to find, rule by rule; others plan long statements for long."""
    if isinstance(engine, BigQuery | Spark):
        return max(1, examples // 10)
    return max(1, examples // 5) if isinstance(engine, ClickHouse | MariaDB | SQLite) else examples


@KEEPERS
@often(1, 20)
def test_chains_of_runs(engine: Keeper, examples: int) -> None:
    @settings(max_examples=fewer(engine, examples), phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        with TemporaryDirectory() as folder:
            chain(random, Place(engine, Path(folder)))

    check()


def chain(random: Random, place: Place) -> None:
    now, shop, texts = example(random)
    rules = {f"r{number}": text for number, text in enumerate(texts[:8])}
    model, before = Model(), dict[str, str]()
    for run in range(1, 4):
        shop = stored(shop, place.engine)
        place.load(shop)
        segments = named(rules, SEGMENTS)
        wanted = says(segments, shop, CATALOG, now, place.engine.dialect)
        only = random.sample([*segments], 3) if random.random() < 0.2 else []
        broken = {name for name in segments if name not in wanted}
        if only:
            wanted = {name: keys for name, keys in wanted.items() if name in only}
        else:
            wanted |= {name: set() for name, _ in model.members if name not in segments}
        counts = model.run(now, wanted)
        with place.opened() as keeping:
            drafted = draft(Project(CATALOG, segments, now=now), keeping, only)
            done = refresh(Project(CATALOG, segments, now=now), keeping, only)
            assert replace(drafted, seconds=done.seconds) == done
            assert done.run == run
            said = {one.segment: (one.members, one.entered, one.left) for one in done.segments if one.state == "done"}
            assert said == counts
            assert {one.segment for one in done.segments if one.state == "failed"} == broken & ({*only} or broken)
            changed = {one.segment for one in done.segments if one.note == "the rule changed"}
            assert changed == {name for name, text in rules.items() if before.get(name, text) != text and name in said}
            assert tables(keeping) == model
            assert not written(done, keeping)  # it is written already
            assert tables(keeping) == model
            with keeping.shown():
                for since in (run - 1, random.randrange(run), now, now - random.choice(STEPS)):
                    for first in (False, True):
                        told = keeping.warehouse.rows(
                            listed(changes(keeping, since, first_time=first), keeping.warehouse.dialect)
                        )
                        assert len(told) == len(happened := model.changes(since, first_time=first))
                        assert {(utc(at), *rest) for at, *rest in told} == happened
        before |= {name: rules[name] for name in said if name in rules}
        now += random.choice(STEPS)
        if random.random() < 0.7:
            shop = random_shop(random, now, random.choice(FOCUSES))
        match random.randrange(4):
            case 0:
                rules[f"r{random.randrange(8)}"] = random.choice(texts[8:])
            case 1:
                rules.pop("r1", None)
            case 2:
                rules["r2"] = "placed odrer" if random.random() < 0.5 else "everyone"


@KEEPERS
@often(1, 20)
def test_history_from_the_rows_of_today(engine: Keeper, examples: int) -> None:
    """As if a run had been there at each instant; it goes on where it was stopped."""

    @settings(max_examples=fewer(engine, examples), phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, texts = example(random)
        shop = stored(shop, engine)
        segments, model = named({f"r{number}": text for number, text in enumerate(texts[:8])}, SEGMENTS), Model()
        times = sorted(now - timedelta(hours=random.randrange(1, 3000)) for _ in range(4))
        times[random.randrange(4)] = times[-1]  # the same instant twice is one
        times.sort()
        with TemporaryDirectory() as folder:
            place = Place(engine, Path(folder))
            place.load(shop)
            with place.opened() as keeping:
                project = Project(CATALOG, segments, now=now)
                assert [one.now for one in backfill(project, keeping, times[:2])] == sorted({*times[:2]})
                for at in sorted({*times}):
                    model.run(at, says(segments, shop, CATALOG, at, engine.dialect))
                rest = [*backfill(project, keeping, times)]
                assert [one.now for one in rest] == sorted({*times} - {*times[:2]})
                assert tables(keeping) == model
                assert all(one.note == "filled in later" for run in rest for one in run.segments if one.state == "done")

    check()
