"""`segql refresh` at the command line: what it writes, what it refuses, who waits for whom."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from typing import Any

import duckdb
import psycopg
import pytest

from segql import Project, catalog_from_yaml, load_catalog, load_segments, segments_from
from segql.ledger import draft, refresh, written
from segql.warehouse import WarehouseError, keeping
from segql.warehouse.keeping import open_keeping

from ..cli.command_line import OWN, SAVED, answer, segql
from ..engines import Postgres
from .killed import TABLES
from .killed import project as run_at

KEEP = [*OWN, *SAVED, "--into", "kept"]
JANUARY, MARCH = "2026-01-02T00:00Z", "2026-03-01T00:00Z"


def asked(sql: str, file: str = "shop.duckdb") -> list[Any]:
    with duckdb.connect(file, read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(sql).fetchall()


def changed(sql: str) -> None:
    with duckdb.connect("shop.duckdb") as connection:
        connection.execute(sql)


def test_a_schema_of_the_warehouse(shop_folder: Path) -> None:
    first = answer("refresh", *KEEP, "--now", JANUARY, "--write")
    assert (first["run"], first["segments"][0]["segment"], first["segments"][0]["entered"]) == (1, "Dutch", 15)
    changed("UPDATE customers SET country = 'BE' WHERE id = 'c2'; DELETE FROM customers WHERE id = 'c4'")
    said = segql("refresh", *KEEP, "--now", MARCH, "--write")
    assert "Run 2 at 2026-03-01 01:00: 2 segments, nobody entered, 3 left." in said.stdout
    assert said.stderr == "Run 2 is written into kept.\n"
    assert asked(
        "SELECT count(*), min(typeof(profile)), min(since)::TEXT FROM kept.members WHERE segment = 'Dutch'"
    ) == [(13, "VARCHAR", "2026-01-02 00:00:00+00")]
    stays = 'SELECT profile, entered::TEXT, "left"::TEXT FROM kept.history'
    gone = asked(f"{stays} WHERE \"left\" IS NOT NULL AND segment = 'Dutch'")
    assert sorted(gone) == [(key, "2026-01-02 00:00:00+00", "2026-03-01 00:00:00+00") for key in ("c2", "c4")]
    runs = asked('SELECT run, segment, mode, members, entered, "left", state, note FROM kept.runs ORDER BY 1, 2')
    assert runs == [
        (1, "Buyers", "full", 10, 10, 0, "done", ""), (1, "Dutch", "full", 15, 15, 0, "done", ""),
        (2, "Buyers", "full", 9, 0, 1, "done", ""), (2, "Dutch", "full", 13, 0, 2, "done", ""),
    ]  # fmt: skip
    assert asked("SELECT text FROM kept.runs WHERE segment = 'Dutch' LIMIT 1") == [
        ('-- The Dutch.\nsegment "Dutch" = country is "NL"',)
    ]


def test_what_is_not_said_is_not_written(shop_folder: Path) -> None:
    before = Path("shop.duckdb").read_bytes()
    assert "Run 1 would be at" in segql("refresh", *KEEP, "--dry-run").stdout
    refused = segql("refresh", *KEEP, code=2)
    assert "Run 1 would be at" in refused.stdout
    assert "Nothing was written. Add --write to write it into kept." in refused.stderr
    assert Path("shop.duckdb").read_bytes() == before
    assert not Path("shop.duckdb.wal").exists()
    segql("refresh", *KEEP[:-1], "other.duckdb", "--dry-run")
    assert not Path("other.duckdb").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--write", "--dry-run"], "one of the two"),
        (["--only", "Dutsh"], "Did you mean `Dutch`?"),
        (["--param", "n=2"], "none of the segments has `n`"),
    ],
)
def test_usage(words: list[str], said: str, shop_folder: Path) -> None:
    assert said in segql("refresh", *KEEP, *words, code=2).stderr


def test_a_run_is_later_than_the_one_before(shop_folder: Path) -> None:
    segql("refresh", *KEEP, "--now", MARCH, "--write", "--only", "Dutch")
    segql("refresh", *KEEP, "--now", MARCH, "--write", "--only", "Buyers")
    said = segql("refresh", *KEEP, "--now", JANUARY, "--write", code=3).stderr
    assert "`Dutch` was refreshed at 2026-03-01 00:00:00 UTC (run 1), and this run is at 2026-01-02" in said


def test_a_mistake_lets_nobody_leave(shop_folder: Path) -> None:
    """Neither of the segment that has it, nor of those that a broken file no longer names."""
    segql("refresh", *KEEP, "--now", JANUARY, "--write")
    for text, failed in (('segment "Dutch" = cuntry is "NL"', 1), ('segment "Dutch" = = country is "NL"', 0)):
        Path("good.segql").write_text(f'{text}\nsegment "Buyers" (wanted = 2) = placed order >= wanted\n')
        found = answer("refresh", *KEEP, "--dry-run", code=1)
        assert sum(one["left"] for one in found["segments"]) == 0
        assert sum(one["state"] == "failed" for one in found["segments"]) == failed
        assert len(found["problems"]) == 1
    Path("good.segql").write_text('segment "Buyers" (wanted = 2) = placed order >= wanted\n')
    found = answer("refresh", *KEEP, "--dry-run")
    assert {one["segment"]: (one["left"], one["note"]) for one in found["segments"]} == {
        "Buyers": (0, ""), "Dutch": (15, "the segment is in the files no more"),
    }  # fmt: skip


def test_a_changed_rule_is_noted(shop_folder: Path) -> None:
    segql("refresh", *KEEP, "--now", JANUARY, "--write")
    Path("good.segql").write_text(Path("good.segql").read_text().replace('"NL"', '"BE"').replace("The", "All"))
    found = answer("refresh", *KEEP, "--dry-run")
    assert [(one["segment"], one["note"]) for one in found["segments"]] == [
        ("Dutch", "the rule changed"), ("Buyers", ""),
    ]  # fmt: skip
    notes = answer("refresh", *KEEP, "--param", "wanted=3", "--dry-run")["segments"]
    assert [one["note"] for one in notes] == ["the rule changed"] * 2


def project(now: datetime) -> Project:
    return Project(load_catalog("catalog.yaml"), load_segments("good.segql"), now=now)


def test_two_runs_at_once(shop_folder: Path) -> None:
    """Who comes second begins anew, and finds what the first has written."""
    copyfile("shop.duckdb", "same.duckdb")  # of one process, DuckDB 1.4 opens a file once
    first, second = (open_keeping(f"{name}.duckdb", "both.duckdb") for name in ("shop", "same"))
    early, late = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    drafted = draft(project(late), second)
    assert refresh(project(early), first).run == 1
    assert not written(drafted, second)
    found = refresh(project(late), second)
    assert (found.run, found.entered, found.left) == (2, 0, 0)
    first.close()
    second.close()


def test_a_file_that_is_open_is_waited_for(shop_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of another program; who reads it meanwhile is never in the way of the question."""
    monkeypatch.setattr(keeping, "PATIENCE", 0.2)
    segql("refresh", *KEEP[:-1], "own.duckdb", "--now", JANUARY, "--write")
    with reader("own.duckdb"):
        said = segql("refresh", *KEEP[:-1], "own.duckdb", "--now", MARCH, "--write", code=3).stderr
        assert "own.duckdb is open in another program (process " in said
        monkeypatch.setattr(keeping, "PATIENCE", 30)
    segql("refresh", *KEEP[:-1], "own.duckdb", "--now", MARCH, "--write")


@contextmanager
def reader(path: str) -> Iterator[None]:
    """Another program that has a file open."""
    import subprocess
    import sys

    code = f"import duckdb; c = duckdb.connect({path!r}, read_only=True); print(1, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        yield
        other.communicate(b"\n")


@pytest.mark.parametrize("into", ["a.b", " ", "no/where/members.duckdb"])
def test_places_that_are_none(into: str, shop_folder: Path) -> None:
    with pytest.raises(WarehouseError, match=r"no name of a schema|no folder"):
        open_keeping("shop.duckdb", into)


def test_the_demo_shop_stays_as_it_is(shop_folder: Path) -> None:
    assert "--into members.duckdb" in segql("refresh", *SAVED, "--into", "kept", "--write", code=2).stderr


def test_engines_that_keep_nothing_yet(shop_folder: Path) -> None:
    given = ["refresh", *OWN[:2], *SAVED, "--into", "x", "--warehouse"]
    assert (
        "kept in DuckDB, Postgres, MariaDB, BigQuery, ClickHouse, Spark and SQLite"
        in segql(*given, "mysql://a/b", code=3).stderr
    )
    assert "SQLite has no schemas" in segql(*given, "sqlite:///a.db", code=3).stderr


def test_changes(shop_folder: Path) -> None:
    own = [*OWN, "--into", "kept"]
    assert "No run was written there yet" in segql("changes", *own, "--since", "0", code=3).stderr
    segql("refresh", *KEEP, "--now", JANUARY, "--write", "--only", "Dutch")
    changed("UPDATE customers SET country = 'BE' WHERE id = 'c2'; UPDATE customers SET country = 'NL' WHERE id = 'c3'")
    segql("refresh", *KEEP, "--now", MARCH, "--write")
    found = segql("changes", *own, "--since", "1", "--segment", "DUTCH", "--format", "csv").stdout
    assert found.splitlines() == [
        "at,segment,profile,change", "2026-03-01T00:00:00Z,Dutch,c2,left", "2026-03-01T00:00:00Z,Dutch,c3,entered",
    ]  # fmt: skip
    assert len(answer("changes", *own, "--since", "1")) == 12
    assert len(answer("changes", *own, "--since", "7d", "--now", "2026-03-02T00:00Z", "--first-time")) == 11
    segql("changes", *own, "--since", "0", "--format", "parquet", "--output", "all.parquet")
    assert asked("SELECT count(*) FROM 'all.parquet'") == [(27,)]
    told = segql("changes", *own, "--since", "0")
    assert (len(told.stdout.splitlines()), told.stderr) == (22, "(showing 20 of 27; --limit shows more)\n")
    told = segql("changes", *own, "--since", "0", "--limit", "27")
    assert (len(told.stdout.splitlines()), told.stderr) == (29, "")
    assert len(answer("changes", *own, "--since", "0")) == 27
    assert len(answer("changes", *own, "--since", "0", "--limit", "3")) == 3
    assert segql("changes", *own, "--since", "2").stdout.splitlines()[0].split() == [
        "at",
        "segment",
        "profile",
        "change",
    ]
    for words, code, said in (
        (["--since", "3"], 3, "There is no run 3: the last is run 2."),
        (["--since", "1", "--segment", "Dutsh"], 3, "did you mean `Dutch`?"),
        (["--since", "1", "--format", "parquet"], 2, "add --output FILE"),
        (["--since", "soon"], 2, "soon is no length"),
    ):
        assert said in segql("changes", *own, *words, code=code).stderr


def test_backfill(shop_folder: Path) -> None:
    """At midnight of the catalog's zone, also where clocks change; it goes on where it was stopped."""
    own = [*KEEP, "--now", "2026-03-30T12:00Z"]
    days = [*own, "--backfill", "every day since 2026-03-28"]
    said = segql("refresh", *days, "--dry-run")
    assert said.stderr == "3 runs, from 2026-03-28 to 2026-03-30.\n"
    segql("refresh", *days, code=2)
    segql("refresh", *own[:-1], "2026-03-29T00:00Z", "--write", "--backfill", "every day since 2026-03-28")
    done = segql("refresh", *days, "--write").stdout
    assert done == "Run 3 at 2026-03-30: 2 segments, nobody entered or left.\n"
    found = asked("SELECT DISTINCT now::TEXT, note FROM kept.runs ORDER BY 1")
    assert found == [
        (f"2026-03-{day} {hour}:00:00+00", "filled in later") for day, hour in ((27, 23), (28, 23), (29, 22))
    ]
    assert "in kept already" in segql("refresh", *days, "--write").stderr
    for text, wrong in (
        ("daily", "is not"), ("every day since 2027-01-01", "later than now"),
        ("every soon since 2026-01-01", "no length"),
        ("every 1s since 2026-01-01", "more than 10,000 runs"), ("every day since 2026-02-31", "no instant"),
    ):  # fmt: skip
        assert wrong in segql("refresh", *own, "--backfill", text, code=2).stderr


def test_watch(shop_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Again and again, also after a mistake; each time with the segments of the moment."""
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt
        Path("good.segql").write_text('segment "Dutch" = cuntry is "NL"' if len(slept) == 1 else "let")

    monkeypatch.setattr("segql.cli.living.time.sleep", sleep)
    done = segql("watch", *KEEP, "--every", "15min", code=130)
    assert "Run 1 at" in done.stdout
    assert "Run 2 at" in done.stdout
    assert "cuntry" in done.stderr
    assert all(880 < one <= 900 for one in slept)
    assert "here it is the clock" in segql("watch", *KEEP, "--every", "1h", "--now", MARCH, code=2).stderr


# --- Postgres ---------------------------------------------------------------------------------------------------------

SHOP = """
DROP SCHEMA IF EXISTS kept CASCADE; DROP SCHEMA IF EXISTS own CASCADE; CREATE SCHEMA own;
CREATE TABLE own.people (id bigint PRIMARY KEY, country text);
INSERT INTO own.people SELECT n, CASE WHEN n % 2 = 0 THEN 'NL' ELSE 'BE' END FROM generate_series(1, 30) AS n;
CREATE TABLE own.seen (id int);
CREATE FUNCTION own.noted(text) RETURNS text AS $$ INSERT INTO own.seen VALUES (1); SELECT $1 $$ LANGUAGE sql;
"""
PEOPLE = """
profiles:
  table: own.people
  key: id
  properties: {country: text, noted: {sql: {postgres: own.noted(country)}, type: text}}
"""


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_postgres(engine: Postgres) -> None:
    """Keys keep their type; a rule's own SQL cannot write; readers of the tables never wait, a second run does."""
    engine.do(SHOP)
    catalog, dutch = catalog_from_yaml(PEOPLE), segments_from('segment "Dutch" = country is "NL"')
    kept, other = (open_keeping(engine._server.get_uri(), "kept") for _ in range(2))
    try:
        at = datetime(2026, 1, 2, tzinfo=UTC)
        assert refresh(Project(catalog, dutch, now=at), kept).entered == 15
        assert engine.rows("SELECT DISTINCT pg_typeof(profile)::text FROM kept.history") == [("bigint",)]
        with pytest.raises(WarehouseError, match="read-only transaction"):
            refresh(Project(catalog, segments_from('segment "N" = noted is "NL"')), other)
        assert refresh(Project(catalog, dutch), other).run == 2  # after an error as before
        engine._connection.execute("SELECT pg_advisory_lock(hashtextextended('segql \"kept\"', 0))")
        done: list[int] = []
        run = threading.Thread(target=lambda: done.append(refresh(Project(catalog, dutch), kept).run))
        run.start()
        time.sleep(0.3)
        assert run.is_alive()
        assert other.warehouse.rows("SELECT COUNT(*) FROM kept.members") == [(15,)]
        engine._connection.execute("SELECT pg_advisory_unlock_all()")
        run.join()
        assert done == [3]
    finally:
        kept.close()
        other.close()
        engine._connection.rollback()
        engine.do("DROP SCHEMA IF EXISTS kept, own CASCADE")


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_readers_never_wait(engine: Postgres) -> None:
    """No lock of a run is in the way of who reads, nor who reads in the way of a run; each sees one run's tables."""
    engine.do(f"DROP SCHEMA IF EXISTS kept CASCADE; DROP SCHEMA IF EXISTS own CASCADE; {TABLES}")
    with psycopg.connect(engine._server.get_uri()) as reader, psycopg.connect(engine._server.get_uri()) as idle:
        keeping = open_keeping(engine._server.get_uri(), "kept")
        try:
            refresh(run_at(0), keeping)
            idle.execute("SELECT count(*) FROM kept.members")  # its transaction stays open
            reader.autocommit = True
            reader.execute("SET lock_timeout = 1")
            runs = threading.Thread(target=lambda: [refresh(run_at(run), keeping) for run in range(1, 7)])
            runs.start()
            seen = set[int]()
            while runs.is_alive():
                ((run, kept, said),) = reader.execute(
                    "SELECT (SELECT max(run) FROM kept.runs), (SELECT count(*) FROM kept.members),"
                    " (SELECT sum(members) FROM kept.runs WHERE run = (SELECT max(run) FROM kept.runs))"
                ).fetchall()
                assert kept == said
                seen.add(run)
            assert len(seen) > 1
            runs.join()
        finally:
            keeping.close()
            idle.rollback()
    engine.do("DROP SCHEMA kept CASCADE; DROP SCHEMA own CASCADE")


def test_a_run_that_verifies(shop_folder: Path) -> None:
    """Somebody is deleted, which no row says: the run names them, and nothing is written."""
    long_ago = "key: id, written: {sql: \"TIMESTAMPTZ '2020-01-01 00:00:00+00'\"},"
    Path("catalog.yaml").write_text(Path("catalog.yaml").read_text().replace("key: id,", long_ago, 1))
    own = [*KEEP, "--only", "Dutch"]
    segql("refresh", *own, "--now", JANUARY, "--write")
    changed("DELETE FROM customers WHERE id = 'c4'")
    said = segql("refresh", *own, "--now", MARCH, "--write").stdout
    assert "nobody entered or left.\n\n1 segment asked of 0 profiles that may have changed." in said
    wrong = segql("refresh", *own, "--now", "2026-03-02T00:00Z", "--write", "--verify", "100%", code=1)
    assert wrong.stdout == ""
    assert "c4 no longer belongs to Dutch\nNothing was written." in wrong.stderr
    segql("refresh", *own, "--now", "2026-03-02T00:00Z", "--write", "--full")
    right = segql("refresh", *own, "--now", "2026-03-03T00:00Z", "--write", "--verify", "100%").stdout
    assert "looked at as well: all are as they were kept." in right
    assert "no share of the profiles" in segql("refresh", *own, "--verify", "some", code=2).stderr
    assert "neither --full nor --backfill" in segql("refresh", *own, "--full", "--verify", "1%", code=2).stderr


def test_views(shop_folder: Path) -> None:
    for now in (JANUARY, MARCH):
        segql("refresh", *KEEP, "--now", now, "--write", "--views")
        members = "SELECT profile, since::text FROM kept.members WHERE segment = 'Dutch' ORDER BY 1"
        assert asked("SELECT profile, since::text FROM kept.dutch ORDER BY 1") == asked(members) != []
    for name, other in (("dutch!", "Dutch"), ("runs", "runs")):
        with Path("good.segql").open("a") as file:
            file.write(f'segment "{name}" = everyone\n')
        said = segql("refresh", *KEEP, "--write", "--views", code=3).stderr
        assert f"The view of `{name}` would be called like `{other}`" in said or name == "runs"
    assert "not with --backfill" in segql("refresh", *KEEP, "--views", "--backfill", "day", code=2).stderr


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_views_of_postgres_stay(engine: Postgres) -> None:
    """A run does not touch a view that is there: whoever reads it would wait."""
    engine.do(f"DROP SCHEMA IF EXISTS kept CASCADE; DROP SCHEMA IF EXISTS own CASCADE; {TABLES}")
    keeping = open_keeping(engine._server.get_uri(), "kept")
    try:
        seen = set[Any]()
        for run in range(3):
            refresh(run_at(run), keeping, with_views=True)
            seen.add(engine.rows("SELECT xmin::text FROM pg_class WHERE relname = 'not_now'")[0])
            mine = "SELECT profile, since::text FROM kept.members WHERE segment = 'Not now' ORDER BY 1"
            assert engine.rows("SELECT profile, since::text FROM kept.not_now ORDER BY 1") == engine.rows(mine) != []
        assert len(seen) == 1
    finally:
        keeping.close()
        engine.do("DROP SCHEMA kept CASCADE; DROP SCHEMA own CASCADE")
