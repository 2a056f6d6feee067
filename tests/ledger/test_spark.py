"""Memberships that are kept by Spark, in Parquet, over a server of Spark Connect."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from random import Random

import pytest

from segql import Project, catalog_from_yaml, segments_from
from segql.ledger import changes, draft, refresh, written
from segql.ledger.changes import listed
from segql.ledger.tables import read
from segql.warehouse import WarehouseError, log_keeping, spark_keeping
from segql.warehouse.keeping import open_keeping

from ..engines.spark import Server
from .killed import project
from .model import Model
from .places import tables
from .test_kills import Record, kills, members

pytestmark = pytest.mark.spark
TABLES = """
CREATE OR REPLACE VIEW own.people AS SELECT id, TIMESTAMP '2026-01-01 00:00:00Z' AS made FROM range(1, 62);
CREATE OR REPLACE VIEW own.orders AS SELECT 1 + (id * id) % 61 AS person, TIMESTAMP '2026-01-01 00:00:00Z' AS made,
  timestamp_micros(unix_micros(TIMESTAMP '2026-01-05 00:30:00Z') + id * 25200000000) AS at FROM range(1, 4001)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    try:
        found = Server()
    except ImportError as error:
        pytest.skip(str(error))
    yield found
    found.close()


@pytest.fixture
def place(server: Server) -> Iterator[str]:
    """The shop of the kills, and nothing kept."""
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(server.url).create()
    for statement in ("DROP SCHEMA IF EXISTS kept CASCADE", "CREATE SCHEMA IF NOT EXISTS own", *TABLES.split(";")):
        session.sql(statement).collect()
    yield server.url
    session.stop()


def test_runs(place: str) -> None:
    """One after the other, two at once, views and changes; keys keep their type."""
    first, second = open_keeping(place, "kept"), open_keeping(place, "kept")
    drafted, model = draft(project(1), second), Model()
    for run in range(4):
        done = refresh(project(run), first, with_views=run != 1)
        counts = model.run(done.now, members(done.now))
        assert {one.segment: (one.members, one.entered, one.left) for one in done.segments} == counts
        assert {one.mode for one in done.segments} == {"incremental" if run else "full"}
        assert tables(first) == tables(second) == model
        assert not written(drafted, second)
        assert not written(done, second)
    with first.shown():
        told = first.warehouse.rows(listed(changes(first, 1), "spark"))
        assert {(read(at), *rest) for at, *rest in told} == model.changes(1)
        rows = first.warehouse.rows
        assert rows("SELECT DISTINCT typeof(profile) FROM kept.history") == [("bigint",)]
        kept = rows("SELECT profile, since FROM kept.members WHERE segment = 'Not now' ORDER BY 1")
        assert rows("SELECT * FROM kept.not_now ORDER BY 1") == kept != []
        assert rows("SHOW TABLES IN kept LIKE 'segql_run*'") == []
    first.close()
    second.close()


def test_texts_are_texts(place: str) -> None:
    """Segments with quotes, backslashes, line breaks and what Spark takes for a variable."""
    names = ("It's 100% \\ `so`", "${user}", "Café")
    segments = segments_from("\n".join(f'-- {name}\nsegment "{name}" = everyone' for name in names))
    keeping = open_keeping(place, "kept")
    done = refresh(Project(catalog_from_yaml("profiles: {table: own.people, key: id}"), segments), keeping)
    assert [(one.segment, one.members, one.entered) for one in done.segments] == [(name, 61, 61) for name in names]
    assert {segment for segment, _ in tables(keeping).members} == {*names}
    texts = keeping.warehouse.rows("SELECT segment, text FROM kept.runs")
    assert {*texts} == {(one.segment, one.text) for one in done.segments}
    keeping.close()


def test_who_is_about_to_write_is_waited_for(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And where they are gone another takes their turn; what they write after all is not shown."""
    first, other = open_keeping(place, "kept"), open_keeping(place, "kept")
    model, reached, turns = Model(), threading.Event(), spark_keeping.SparkKeeper._turns
    model.run(refresh(project(0), first).now, members(project(0).instant()))
    late, keeper = draft(project(1), other), other.keeper
    assert isinstance(keeper, spark_keeping.SparkKeeper)
    assert keeper._turn(2, "SELECT 1 WHERE false") == 1

    def noted(self: spark_keeping.SparkKeeper, run: int) -> list[str]:
        reached.set()
        return turns(self, run)

    monkeypatch.setattr(log_keeping, "PATIENCE", 15)
    monkeypatch.setattr(spark_keeping.SparkKeeper, "_turns", noted)
    done: list[int] = []
    run = threading.Thread(target=lambda: done.append(refresh(project(2), first).run))
    run.start()
    assert reached.wait(120)
    assert tables(other) == model
    assert run.is_alive()
    run.join()
    assert done == [2]
    model.run(project(2).instant(), members(project(2).instant()))
    assert tables(first) == tables(other) == model
    # The other was alive, and had looked before whether the run was written.
    monkeypatch.setattr(spark_keeping.SparkKeeper, "_turn", lambda self, run, unless: 1)
    monkeypatch.setattr(spark_keeping.SparkKeeper, "_rows", lambda self, sql: [(1,)] if "MAX(run)" in sql else [])
    assert written(late, other)
    monkeypatch.undo()
    with first.shown():
        assert first.warehouse.rows("SELECT COUNT(DISTINCT write) FROM kept.log WHERE run = 2") == [(2,)]
    assert tables(first) == tables(other) == model
    assert refresh(project(3), first).run == 3
    first.close()
    other.close()


def test_a_question_cannot_write(place: str) -> None:
    keeping = open_keeping(place, "kept")
    with pytest.raises(WarehouseError):
        keeping.hold("segql_found", "CREATE SCHEMA kept")
    drafted = draft(project(0), keeping)
    assert drafted.entered > 0
    assert not keeping.there("runs")
    assert keeping.warehouse.rows("SHOW SCHEMAS LIKE 'kept'") == []
    keeping.close()


@pytest.mark.parametrize("examples", [2, pytest.param(30, marks=pytest.mark.long)])
def test_kills(place: str, examples: int, base_seed: int, record_property: Record) -> None:
    """A server ends what somebody asked who is gone."""
    kills(place, "kept", examples, Random(base_seed), quiet=lambda: time.sleep(2), record=record_property)
