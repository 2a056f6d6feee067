"""Memberships that are kept in a database of MariaDB."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from segql import Project, catalog_from_yaml, segments_from
from segql.ledger import changes, draft, refresh, written
from segql.ledger.changes import listed
from segql.ledger.tables import read
from segql.ledger.views import views
from segql.warehouse import WarehouseError, mariadb_keeping
from segql.warehouse.keeping import open_keeping

from ..cli.command_line import OWN, SAVED, segql
from ..engines import MariaDB
from ..insights.test_by_chance import often
from .killed import project
from .model import Model
from .places import tables, url_of
from .test_kills import ORDERS, Record, kills, members

pytestmark = [pytest.mark.mariadb, pytest.mark.parametrize("engine", ["mariadb"], indirect=True)]
MADE = datetime(2026, 1, 1)


def connected(engine: MariaDB) -> Any:
    import pymysql

    return pymysql.connect(unix_socket=str(engine.server.socket), user="root")


@pytest.fixture
def place(engine: MariaDB) -> Iterator[str]:
    """The shop of the kills, and nothing kept."""
    engine.rows("DROP SCHEMA IF EXISTS kept")
    engine.rows("CREATE OR REPLACE SCHEMA own CHARACTER SET utf8mb4")
    engine.rows("CREATE TABLE own.people (id BIGINT PRIMARY KEY, made DATETIME(6))")
    engine.rows("CREATE TABLE own.orders (person BIGINT, made DATETIME(6), at DATETIME(6), KEY (person))")
    with engine._connection.cursor() as cursor:
        cursor.executemany("INSERT INTO own.people VALUES (%s, %s)", [(number, MADE) for number in range(1, 62)])
        orders = [(person, MADE, at.replace(tzinfo=None)) for person, at in ORDERS]
        cursor.executemany("INSERT INTO own.orders VALUES (%s, %s, %s)", orders)
    yield url_of(engine)
    engine.rows("DROP SCHEMA own")
    engine.rows("DROP SCHEMA IF EXISTS kept")


def test_runs(place: str, engine: MariaDB) -> None:
    """One after the other, two at once, views that stay, changes; keys keep their type."""
    first, second = open_keeping(place, "kept"), open_keeping(place, "kept")
    drafted, model = draft(project(1), second), Model()
    for run in range(4):
        done = refresh(project(run), first, with_views=True)
        counts = model.run(done.now, members(done.now))
        assert {one.segment: (one.members, one.entered, one.left) for one in done.segments} == counts
        assert {one.mode for one in done.segments} == {"incremental" if run else "full"}
        assert tables(first) == tables(second) == model
        assert not written(drafted, second)
    told = first.warehouse.rows(listed(changes(first, 1), "mariadb"))
    assert {(read(at), *rest) for at, *rest in told} == model.changes(1)
    assert engine.rows("SHOW COLUMNS FROM kept.members LIKE 'profile'")[0][1] == "bigint(20)"
    kept = engine.rows("SELECT profile, since FROM kept.members WHERE segment = 'Not now' ORDER BY 1")
    assert engine.rows("SELECT * FROM kept.not_now ORDER BY 1") == kept != []
    assert views(project(0).segments, first) == []  # those that are there stay: nobody who reads them waits
    for keeping in (first, second):
        keeping.close()


NAMES = ('"It\'s 100% \\\\ `so`"', '"Café"', '"Cafe"')
PEOPLE = """
profiles:
  table: own.people
  key: id
  properties:
    mail: text
    noted: {sql: {mariadb: own.noted(id)}, type: number}
    share: {sql: {mariadb: "10 / LENGTH(mail) + CAST(mail AS DECIMAL)"}, type: number}
"""


def test_texts_are_texts(place: str, engine: MariaDB) -> None:
    """Segments with quotes and backslashes, and two that differ by an accent alone; keys that are long texts."""
    engine.rows("DROP TABLE own.people")
    engine.rows("CREATE TABLE own.people (id LONGTEXT, mail TEXT)")
    engine.rows("INSERT INTO own.people VALUES ('ann', 'a\\\\b'), ('bob', NULL), (REPEAT('x', 5000), NULL)")
    catalog = catalog_from_yaml(PEOPLE)
    segments = segments_from("\n".join(f"segment {name} = mail is not set" for name in NAMES))
    keeping = open_keeping(place, "kept")
    done = refresh(Project(catalog, segments), keeping, with_views=False)
    assert [(one.members, one.entered) for one in done.segments] == [(2, 2)] * 3
    engine.rows("UPDATE own.people SET mail = 'x' WHERE id <> 'bob'")
    done = refresh(Project(catalog, segments), keeping)
    assert [(one.members, one.left) for one in done.segments] == [(1, 1)] * 3
    kept = {(segment, key) for segment, key in tables(keeping).members}
    assert kept == {(name, "bob") for name in segments}
    # What is divided by nothing, or is no number, is NULL there as in any query.
    engine.rows("UPDATE own.people SET mail = '' WHERE id = 'ann'")
    done = refresh(Project(catalog, segments_from('segment "Odd" = share is not set')), keeping)
    assert {key for segment, key in tables(keeping).members if segment == "Odd"} == {"ann", "bob"}
    keeping.close()


def test_a_question_cannot_write_and_nobody_waits_for_it(place: str, engine: MariaDB) -> None:
    """A function of the catalog's own that writes is refused; rows that somebody changes are not waited for."""
    engine.rows("CREATE TABLE own.seen (id INT)")
    engine.rows(
        "CREATE FUNCTION own.noted(given INT) RETURNS INT MODIFIES SQL DATA"
        " BEGIN INSERT INTO own.seen VALUES (given); RETURN 1; END"
    )
    engine.rows("ALTER TABLE own.people ADD mail TEXT")
    keeping = open_keeping(place, "kept")
    with pytest.raises(WarehouseError, match="READ ONLY transaction"):
        refresh(Project(catalog_from_yaml(PEOPLE), segments_from('segment "N" = noted = 1')), keeping)
    assert engine.rows("SELECT COUNT(*) FROM own.seen") == [(0,)]
    with closing(connected(engine)) as other, other.cursor() as cursor:
        cursor.execute("UPDATE own.orders SET made = made + INTERVAL 1 SECOND")  # stays open
        keeping.keeper.connection.do("SET innodb_lock_wait_timeout = 1")  # type: ignore[attr-defined]
        for run in range(2):
            assert refresh(project(run), keeping).run == run + 1
        other.rollback()
    keeping.close()


def test_who_writes_is_waited_for_then_told(place: str, engine: MariaDB, monkeypatch: pytest.MonkeyPatch) -> None:
    """And who reads the tables meanwhile waits for nobody, and sees one run's tables."""
    first, other = open_keeping(place, "kept"), open_keeping(place, "kept")
    refresh(project(0), first)
    done: list[int] = []
    with other.keeper._alone():  # type: ignore[attr-defined]
        run = threading.Thread(target=lambda: done.append(refresh(project(1), first).run))
        run.start()
        time.sleep(0.5)
        assert run.is_alive()
        told = "SELECT COUNT(*) FROM kept.members UNION ALL SELECT SUM(members) FROM kept.runs"
        kept, said = other.warehouse.rows(told)
        assert kept == said
    run.join()
    assert done == [2]
    monkeypatch.setattr(mariadb_keeping, "PATIENCE", 0)
    who = r"another program \(connection \d+ of root at localhost\)"
    with other.keeper._alone(), pytest.raises(WarehouseError, match=who):  # type: ignore[attr-defined]
        refresh(project(2), first)
    assert refresh(project(2), first).run == 3
    first.close()
    other.close()


def test_readers_never_wait(place: str, engine: MariaDB) -> None:
    """Each sees one run's tables, also within a transaction that goes on."""
    keeping = open_keeping(place, "kept")
    refresh(project(0), keeping)
    with closing(connected(engine)) as reader, reader.cursor() as ask:
        runs = threading.Thread(target=lambda: [refresh(project(run), keeping) for run in range(1, 7)])
        runs.start()
        seen = set[int]()
        while runs.is_alive():
            ask.execute(
                "SELECT (SELECT MAX(run) FROM kept.runs), (SELECT COUNT(*) FROM kept.members),"
                " (SELECT SUM(members) FROM kept.runs WHERE run = (SELECT MAX(run) FROM kept.runs))"
            )
            ((number, kept, said),) = ask.fetchall()
            assert kept == said
            seen.add(number)
            reader.rollback()
        runs.join()
    assert len(seen) > 1
    keeping.close()


def test_the_command(place: str, engine: MariaDB, shop_folder: Path) -> None:
    """What is not said is not written; a role that may read the shop and write one schema is enough."""
    Path("catalog.yaml").write_text("profiles: {table: own.people, key: id}\n")
    Path("good.segql").write_text('segment "Everyone" = everyone\n')
    for statement in ROLE:
        engine.rows(statement)
    try:
        url = place.replace("root@", "segql@")
        words = ["refresh", *OWN[:2], "--warehouse", url, *SAVED, "--into", "kept", "--views"]
        assert "Add --write to write it into kept" in segql(*words, code=2).stderr
        assert engine.rows("SHOW SCHEMAS LIKE 'kept'") == []
        assert "61 entered" in segql(*words, "--write").stdout
        assert engine.rows("SELECT COUNT(*) FROM kept.everyone") == [(61,)]
    finally:
        engine.rows("DROP USER segql@localhost")


ROLE = (
    "CREATE USER segql@localhost",
    "GRANT SELECT ON own.* TO segql@localhost",
    "GRANT SELECT, CREATE TEMPORARY TABLES ON warehouse.* TO segql@localhost",
    "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, INDEX, DROP, CREATE VIEW, SHOW VIEW ON kept.* TO segql@localhost",
)


@often(2, 60)
def test_kills(place: str, engine: MariaDB, examples: int, base_seed: int, record_property: Record) -> None:
    def quiet() -> None:
        """The server notices late that somebody is gone."""
        others = "SELECT 1 FROM information_schema.processlist WHERE user = 'root' AND id <> CONNECTION_ID()"
        while engine.rows(others):
            time.sleep(0.002)

    kills(place, "kept", examples, Random(base_seed), quiet=quiet, record=record_property)
