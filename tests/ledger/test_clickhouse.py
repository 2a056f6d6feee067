"""Memberships that are kept in ClickHouse, over HTTP and its engine in this process (`fake_clickhouse`)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from segql import Project, catalog_from_yaml, segments_from
from segql.ledger import changes, draft, refresh, written
from segql.ledger.changes import listed
from segql.ledger.tables import read
from segql.warehouse import WarehouseError, log_keeping
from segql.warehouse.clickhouse_keeping import ClickHouseKeeper
from segql.warehouse.keeping import open_keeping

from ..cli.command_line import OWN, SAVED, segql
from ..engines import ClickHouse
from ..warehouse.fake_clickhouse import Service, path_of
from ..warehouse.stand_in import serving
from .killed import project
from .model import Model
from .places import tables
from .test_kills import ORDERS, Record, kills, members

pytestmark = [pytest.mark.clickhouse, pytest.mark.parametrize("engine", ["clickhouse"], indirect=True)]
pytest.importorskip("clickhouse_connect")


@pytest.fixture
def service(engine: ClickHouse) -> Service:
    return Service(path_of(engine))


@pytest.fixture
def place(engine: ClickHouse, service: Service) -> Iterator[str]:
    """The shop of the kills, and nothing kept."""
    do = engine._session.query
    for statement in ("DROP DATABASE IF EXISTS kept", "DROP DATABASE IF EXISTS own", "CREATE DATABASE own"):
        do(statement)
    do("CREATE TABLE own.people ENGINE = MergeTree ORDER BY id AS SELECT toInt64(number + 1) AS id,"
       " toDateTime64('2026-01-01 00:00:00', 6, 'UTC') AS made FROM numbers(61)")  # fmt: skip
    do("CREATE TABLE own.orders (person Int64, made DateTime64(6, 'UTC'), at DateTime64(6, 'UTC'))"
       " ENGINE = MergeTree ORDER BY (person, at)")  # fmt: skip
    rows = (f"({person}, '2026-01-01 00:00:00', '{at:%Y-%m-%d %H:%M:%S}')" for person, at in ORDERS)
    do(f"INSERT INTO own.orders VALUES {', '.join(rows)}")
    with serving(service) as port:
        yield f"clickhouse://ann:secret@127.0.0.1:{port}/own"
    do("DROP DATABASE IF EXISTS kept")
    do("DROP DATABASE own")


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
    for since in range(4):
        for first_time in (False, True):
            told = first.warehouse.rows(listed(changes(first, since, first_time=first_time), "clickhouse"))
            assert {(read(at), *rest) for at, *rest in told} == model.changes(since, first_time=first_time)
    rows = first.warehouse.rows
    assert rows("SELECT DISTINCT toTypeName(profile) FROM kept.history") == [("Nullable(Int64)",)]
    kept = rows("SELECT profile, since FROM kept.members WHERE segment = 'Not now' ORDER BY 1")
    assert rows("SELECT * FROM kept.not_now ORDER BY 1") == kept != []
    assert rows("SHOW TABLES IN kept LIKE 'segql_run%'") == []
    first.close()
    second.close()


def test_a_run_reads_the_log_once(place: str, service: Service) -> None:
    """To find who enters and who leaves; the view of all members would be made for each side of a join.

    Which writes are shown is found once, too: the views of them read the whole log each time.
    """
    keeping = open_keeping(place, "kept")
    for run in range(3):
        refresh(project(run), keeping, full=run == 1)
    found = [one for one in service.queries if one.startswith("CREATE TEMPORARY TABLE segql_moves")]
    assert [one.count("`kept`.log") for one in found] == [0, 1, 1]
    assert not any(".members" in one or "JOIN" in one for one in found)
    between = service.queries[service.queries.index(found[1]) : service.queries.index(found[2])]
    views = {name: sum(f"`kept`.{name}" in one for one in between) for name in ("runs", "members", "history", "writes")}
    assert views == {"runs": 3, "members": 0, "history": 0, "writes": 1}  # three times who writes looks for another run
    keeping.close()


def test_texts_are_texts(place: str, engine: ClickHouse) -> None:
    """Segments with quotes, backslashes and line breaks; keys that are texts; a view of a name that is no letter."""
    engine.do("DROP TABLE own.people")
    engine.do("CREATE TABLE own.people ENGINE = Log AS SELECT arrayJoin(['a\\'n\\\\n', 'bob']) AS id")
    names = ("It's 100% \\ `so`", "${user} {x:Int8}", "Café")
    segments = segments_from("\n".join(f'-- {name}\nsegment "{name}" = everyone' for name in names))
    keeping = open_keeping(place, "it's `\\ kept")
    try:
        done = refresh(Project(catalog_from_yaml(PEOPLE), segments), keeping, with_views=True)
        assert [(one.segment, one.members, one.entered) for one in done.segments] == [(name, 2, 2) for name in names]
        assert {*tables(keeping).members} == {(name, key) for name in names for key in ("a'n\\n", "bob")}
        texts = keeping.warehouse.rows(f"SELECT segment, text FROM {keeping.schema}.runs")
        assert {*texts} == {(one.segment, one.text) for one in done.segments}
        assert keeping.warehouse.count(f"SELECT * FROM {keeping.schema}.`café`") == 2
    finally:
        engine.do(f"DROP DATABASE IF EXISTS {keeping.schema}")
        keeping.close()


PEOPLE = "profiles: {table: own.people, key: id}"


def test_who_is_about_to_write_is_waited_for(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And where they are gone another takes their turn; what they write after all is not shown."""
    first, other = open_keeping(place, "kept"), open_keeping(place, "kept")
    model, reached, turns = Model(), threading.Event(), log_keeping.LogKeeper._turns
    model.run(refresh(project(0), first).now, members(project(0).instant()))
    late, keeper = draft(project(1), other), other.keeper
    assert isinstance(keeper, ClickHouseKeeper)
    assert keeper._turn(2, "SELECT 1 WHERE false") == 1

    def noted(self: log_keeping.LogKeeper, run: int) -> list[str]:
        reached.set()
        return turns(self, run)

    monkeypatch.setattr(log_keeping, "PATIENCE", 2)
    monkeypatch.setattr(log_keeping.LogKeeper, "_turns", noted)
    done: list[int] = []
    run = threading.Thread(target=lambda: done.append(refresh(project(2), first).run))
    run.start()
    assert reached.wait(60)
    assert tables(other) == model
    run.join()
    assert done == [2]
    model.run(project(2).instant(), members(project(2).instant()))
    assert tables(first) == tables(other) == model
    # The other was alive, and had looked before whether the run was written.
    monkeypatch.setattr(log_keeping.LogKeeper, "_turn", lambda self, run, unless: 1)
    monkeypatch.setattr(ClickHouseKeeper, "_rows", lambda self, sql: [(1,)] if "MAX(run)" in sql else [])
    assert written(late, other)
    monkeypatch.undo()
    assert first.warehouse.rows("SELECT COUNT(DISTINCT write) FROM kept.log WHERE run = 2") == [(2,)]
    assert tables(first) == tables(other) == model
    assert refresh(project(3), first).run == 3
    first.close()
    other.close()


def test_two_at_once(place: str) -> None:
    """Of many that write one run each is written once, and all are in order."""
    done, openings = list[int](), [open_keeping(place, "kept") for _ in range(3)]

    def renew(number: int) -> None:
        for run in range(number, 9, 3):
            with suppress(WarehouseError):  # which another was later than
                done.append(refresh(project(run), openings[number]).run)

    threads = [threading.Thread(target=renew, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = openings[0].warehouse.rows
    assert sorted(done) == [number for (number,) in rows("SELECT DISTINCT run FROM kept.runs ORDER BY run")]
    assert len(done) == len({*done})
    model = Model()
    for (now,) in rows("SELECT DISTINCT now FROM kept.runs ORDER BY now"):
        model.run(now, members(now))
    assert tables(openings[0]) == model
    for keeping in openings:
        keeping.close()


def test_readers_see_one_run(place: str) -> None:
    """Whatever is being written: as many members as the last run says, in one statement."""
    keeping, other = open_keeping(place, "kept"), open_keeping(place, "kept")
    refresh(project(0), keeping)
    runs = threading.Thread(target=lambda: [refresh(project(run), keeping) for run in range(1, 5)])
    runs.start()
    seen = set[int]()
    while runs.is_alive():
        ((number, said),) = other.warehouse.rows(
            "SELECT max(run), sumIf(members, run = (SELECT max(run) FROM kept.runs)) FROM kept.runs"
        )
        ((after, kept),) = other.warehouse.rows("SELECT (SELECT max(run) FROM kept.runs), count() FROM kept.members")
        assert after != number or kept == said
        seen.add(number)
    runs.join()
    assert len(seen) > 1
    keeping.close()
    other.close()


def test_a_run_whose_rows_came_in_part_is_not_shown(place: str, engine: ClickHouse) -> None:
    """As on a machine of a cluster that has some parts of the log and not others yet."""
    keeping, model = open_keeping(place, "kept"), Model()
    model.run(refresh(project(0), keeping).now, members(project(0).instant()))
    refresh(project(1), keeping)
    engine.do("CREATE TABLE kept.whole ENGINE = Log AS SELECT * FROM kept.log")
    of_run = "run = 2 AND of IS NULL"
    for missing in (f"{of_run} AND profile = (SELECT min(profile) FROM kept.whole WHERE {of_run})", of_run,
                    "run = 2 AND segment = 'Twice' AND of IS NOT NULL"):  # fmt: skip
        engine.do(f"ALTER TABLE kept.log DELETE WHERE {missing} SETTINGS mutations_sync = 1")
        assert tables(keeping) == model
        engine.do("TRUNCATE TABLE kept.log")
        engine.do("INSERT INTO kept.log SELECT * FROM kept.whole")
        assert tables(keeping) != model
    keeping.close()


def test_a_question_cannot_write(place: str, engine: ClickHouse) -> None:
    keeping = open_keeping(place, "kept")
    with pytest.raises(WarehouseError, match="readonly"):
        keeping.warehouse.doing(lambda: keeping.warehouse.connection.do("CREATE DATABASE kept"))  # type: ignore[attr-defined]
    drafted = draft(project(0), keeping)
    assert drafted.entered > 0
    assert not keeping.there("runs")
    assert engine.rows("SHOW DATABASES LIKE 'kept'") == []
    keeping.close()


def test_the_command(place: str, engine: ClickHouse, service: Service, shop_folder: Path) -> None:
    """What is not said is not written; a run that verifies finds who was deleted; what writes is few statements."""
    Path("catalog.yaml").write_text(PEOPLE.replace("id}", "id, written: made}") + "\ntimezone: UTC\n")
    Path("good.segql").write_text('segment "Everyone" = everyone\n')
    words = ["refresh", *OWN[:2], "--warehouse", place, *SAVED, "--into", "kept", "--views"]
    assert "Add --write to write it into kept" in segql(*words, code=2).stderr
    assert engine.rows("SHOW DATABASES LIKE 'kept'") == []
    assert "61 entered" in segql(*words, "--write").stdout
    assert engine.rows("SELECT COUNT(*) FROM kept.everyone") == [(61,)]
    wrote = [one for one in service.asked if "readonly=2" not in one.path and b"kept" in one.body]
    assert {one.body.split()[0] for one in wrote} == {b"CREATE", b"INSERT", b"DROP"}
    engine.do("ALTER TABLE own.people DELETE WHERE id = 7 SETTINGS mutations_sync = 1")
    assert "7 no longer belongs to Everyone" in segql(*words, "--verify", "100%", code=1).stderr
    told = segql("changes", "--warehouse", place, "--into", "kept", "--since", "0", "--format", "csv").stdout
    assert told.count("Everyone") == 61


@pytest.mark.parametrize("examples", [2, pytest.param(60, marks=pytest.mark.long)])
def test_kills(place: str, examples: int, base_seed: int, record_property: Record) -> None:
    kills(place, "kept", examples, Random(base_seed), quiet=tuple, record=record_property)
