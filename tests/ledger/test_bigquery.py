"""Memberships that are kept in BigQuery: Google's client over HTTP, with ZetaSQL behind it (`zetasql_bigquery`)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from random import Random

import pytest

from segql import Project, catalog_from_yaml, segments_from
from segql.ledger import changes, draft, refresh, written
from segql.ledger.changes import listed
from segql.ledger.tables import read
from segql.warehouse import WarehouseError, log_keeping
from segql.warehouse.keeping import open_keeping

from ..warehouse.fake_bigquery import serving
from ..warehouse.zetasql_bigquery import Executed
from .killed import project
from .model import Model
from .places import tables
from .test_kills import ORDERS, Record, kills, members

pytestmark = pytest.mark.bigquery
PLACE = "bigquery://project/own"
RUNS = 600
"""So many orders go on for half a year of runs, one a day; ZetaSQL looks at each."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Executed]:
    """The shop of the kills, and nothing kept."""
    found, made = Executed(), datetime(2026, 1, 1, tzinfo=UTC)
    found.make("own.people", {"id": "bigint", "made": "instant"}, [(n, made) for n in range(1, 62)])
    orders = {"person": "bigint", "made": "instant", "at": "instant"}
    found.make("own.orders", orders, [(person, made, at) for person, at in ORDERS[:RUNS]])
    with serving(found) as address:
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", address)
        yield found


def test_runs(service: Executed) -> None:
    """One after the other, two at once, views and changes; a session each, which ends with its keeping."""
    first, second = open_keeping(PLACE, "kept"), open_keeping(PLACE, "kept")
    drafted, model = draft(project(1), second), Model()
    for run in range(4):
        done = refresh(project(run), first, with_views=run != 1)
        counts = model.run(done.now, members(done.now))
        assert {one.segment: (one.members, one.entered, one.left) for one in done.segments} == counts
        assert {one.mode for one in done.segments} == {"incremental" if run else "full"}
        assert tables(first) == tables(second) == model
        assert not written(drafted, second)
        assert not written(done, second)
    for since in range(4):
        for first_time in (False, True):
            told = first.warehouse.rows(listed(changes(first, since, first_time=first_time), "bigquery"))
            assert {(read(at), *rest) for at, *rest in told} == model.changes(since, first_time=first_time)
    rows = first.warehouse.rows
    kept = rows("SELECT profile FROM kept.members WHERE segment = 'Not now' ORDER BY 1".replace("kept.", KEPT))
    assert rows(f"SELECT profile FROM {KEPT}not_now ORDER BY 1") == kept != []
    assert first.keeper._named() == []  # type: ignore[attr-defined]
    first.close()
    second.close()
    assert [one["query"]["query"] for one in service.queries[-2:]] == ["CALL BQ.ABORT_SESSION()"] * 2
    begun = [one for one in service.queries if one["query"].get("createSession")]
    assert len(begun) == len(service.sessions) == 2


KEPT = "`project`.`kept`."


def test_texts_are_texts(service: Executed) -> None:
    names = ("It's 100% \\ `so`", "${user}", "Café")
    segments = segments_from("\n".join(f'-- {name}\nsegment "{name}" = everyone' for name in names))
    keeping = open_keeping(PLACE, "kept")
    done = refresh(Project(catalog_from_yaml("profiles: {table: own.people, key: id}"), segments), keeping)
    assert [(one.segment, one.members, one.entered) for one in done.segments] == [(name, 61, 61) for name in names]
    assert {segment for segment, _ in tables(keeping).members} == {*names}
    texts = keeping.warehouse.rows(f"SELECT segment, text FROM {KEPT}runs")
    assert {*texts} == {(one.segment, one.text) for one in done.segments}
    keeping.close()


def test_two_at_once(service: Executed) -> None:
    """Each run is written once, and who reads meanwhile sees one of them."""
    done, openings = list[int](), [open_keeping(PLACE, "kept") for _ in range(3)]

    def renew(number: int) -> None:
        for run in range(number, 6, 2):
            with suppress(WarehouseError):  # where another was later
                done.append(refresh(project(run), openings[number]).run)

    threads = [threading.Thread(target=renew, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows, model = openings[2].warehouse.rows, Model()
    assert sorted(done) == [number for (number,) in rows(f"SELECT DISTINCT run FROM {KEPT}runs ORDER BY run")]
    for (now,) in rows(f"SELECT DISTINCT UNIX_MICROS(now) FROM {KEPT}runs ORDER BY 1"):
        model.run(read(now), members(read(now)))
    assert tables(openings[2]) == model
    for keeping in openings:
        keeping.close()


def test_who_is_gone_is_waited_for(service: Executed, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_keeping(PLACE, "kept")
    refresh(project(0), first)
    assert first.keeper._turn(2, "SELECT 1 FROM (SELECT 1) WHERE false") == 1  # type: ignore[attr-defined]
    monkeypatch.setattr(log_keeping, "PATIENCE", 1)
    assert refresh(project(1), first).run == 2
    assert first.keeper._named() == []  # type: ignore[attr-defined]
    first.close()


def test_readers_see_one_run(service: Executed) -> None:
    """Whatever is being written: as many members as the last run says, in one statement."""
    keeping, other = open_keeping(PLACE, "kept"), open_keeping(PLACE, "kept")
    refresh(project(0), keeping)
    runs = threading.Thread(target=lambda: [refresh(project(run), keeping) for run in range(1, 5)])
    runs.start()
    seen = set[int]()
    while runs.is_alive():
        ((number, said, kept),) = other.warehouse.rows(
            f"SELECT MAX(run), SUM(IF(run = (SELECT MAX(run) FROM {KEPT}runs), members, 0)),"
            f" (SELECT COUNT(*) FROM {KEPT}members) FROM {KEPT}runs"
        )
        assert kept == said
        seen.add(number)
    runs.join()
    assert len(seen) > 1
    keeping.close()
    other.close()


@pytest.mark.parametrize("examples", [2, pytest.param(40, marks=pytest.mark.long)])
def test_kills(service: Executed, examples: int, base_seed: int, record_property: Record) -> None:
    kills(PLACE, "kept", examples, Random(base_seed), quiet=tuple, record=record_property)
