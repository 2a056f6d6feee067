"""A run that is killed at any point leaves the tables as they were, or as they should become; the next one goes on."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from segql.evaluator import Key
from segql.warehouse.keeping import open_keeping

from ..engines import Postgres
from ..insights.test_by_chance import often
from .killed import TABLES, killed, project
from .model import Model
from .places import tables

Record = Callable[[str, object], None]


@often(2, 300)
@pytest.mark.parametrize("into", ["own", "members.duckdb"])
def test_duckdb(into: str, tmp_path: Path, examples: int, base_seed: int, record_property: Record) -> None:
    place = str(tmp_path / "world.duckdb")
    with duckdb.connect(place) as connection:
        connection.execute(TABLES)
    into = into if into == "own" else str(tmp_path / into)
    kills(
        place,
        into,
        examples if into == "own" else examples // 3,
        Random(base_seed),
        quiet=tuple,
        record=record_property,
    )


@often(2, 300)
@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_postgres(engine: Postgres, examples: int, base_seed: int, record_property: Record) -> None:
    engine.do(f"DROP SCHEMA IF EXISTS own, kept CASCADE; {TABLES}")

    def quiet() -> None:
        """A server notices late that somebody is gone."""
        while engine.rows("SELECT 1 FROM pg_stat_activity WHERE application_name = 'segql'"):
            time.sleep(0.002)

    try:
        kills(engine._server.get_uri(), "kept", examples, Random(base_seed), quiet=quiet, record=record_property)
    finally:
        engine.do("DROP SCHEMA IF EXISTS own, kept CASCADE")


def kills(place: str, into: str, wanted: int, random: Random, *, quiet: Callable[[], object], record: Record) -> None:
    """So many kills, half of them late in a run."""
    killed(place, into, 0, None)
    start = time.perf_counter()
    killed(place, into, 1, None)
    length = time.perf_counter() - start
    quiet()
    model, run, done, late = said(place, into), 2, 0, 0
    while done < wanted:
        least = random.choice((0.0, 0.7))
        start = time.perf_counter()
        if ended := killed(place, into, run, length * random.uniform(least, 1.1)):
            length = time.perf_counter() - start  # the machine has more or less to do by now
        quiet()
        now, after = project(run).instant(), deepcopy(model)
        found = said(place, into)
        after.run(now, members(now))
        assert found in (model, after), f"run {run}: neither the old tables nor the new ones"
        assert not ended or found == after
        late += found == after and not ended
        done += not ended
        model, run = found, run + 1
    record("killed after the new tables were there", late)


def said(place: str, into: str) -> Model:
    keeping = open_keeping(place, into)
    try:
        with keeping.shown():
            runs = keeping.warehouse.rows(f"SELECT run, COUNT(*) FROM {keeping.schema}.runs GROUP BY run ORDER BY run")
        assert runs == [(number, 3) for number in range(1, len(runs) + 1)]
        return tables(keeping)
    finally:
        keeping.close()


ORDERS = [(1 + (n * n) % 61, datetime(2026, 1, 5, 0, 30, tzinfo=UTC) + timedelta(hours=7 * n)) for n in range(1, 4001)]


def members(now: datetime) -> dict[str, set[Key]]:
    """Whom each segment has, by the numbers of the shop."""

    def bought(days: int) -> list[int]:
        return [person for person, at in ORDERS if now - timedelta(days=days) <= at < now]

    return {
        "Today": set(bought(1)),
        "Twice": {person for person, times in Counter(bought(3)).items() if times > 1},
        "Not now": {*range(1, 62)} - {*bought(2)},
    }
