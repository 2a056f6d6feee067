"""Memberships that are kept in SQLite: in the file of the warehouse, and in one of their own."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from segql.ledger import changes, draft, refresh, written
from segql.ledger.changes import listed
from segql.ledger.tables import read
from segql.warehouse import WarehouseError
from segql.warehouse.keeping import open_keeping

from ..insights.test_by_chance import often
from .killed import project
from .model import Model
from .places import tables
from .test_kills import ORDERS, Record, kills, members

MADE = "2026-01-01 00:00:00"


def filled(file: Path) -> None:
    """The shop of the kills."""
    with closing(sqlite3.connect(file)) as shop, shop:
        shop.execute("CREATE TABLE people (id INTEGER, made TEXT)")
        shop.execute("CREATE TABLE orders (person INTEGER, at TEXT, made TEXT)")
        shop.executemany("INSERT INTO people VALUES (?, ?)", [(number, MADE) for number in range(1, 62)])
        orders = [(person, at.strftime("%Y-%m-%d %H:%M:%S"), MADE) for person, at in ORDERS]
        shop.executemany("INSERT INTO orders VALUES (?, ?, ?)", orders)


@pytest.mark.parametrize("into", ["main", "members.sqlite"])
def test_runs(into: str, tmp_path: Path) -> None:
    """Runs one after the other, two at once, a run that verifies, views and changes, on the shop of the kills."""
    place = f"sqlite:///{tmp_path}/world.sqlite"
    filled(tmp_path / "world.sqlite")
    into = into if into == "main" else str(tmp_path / into)
    first, second = open_keeping(place, into), open_keeping(place, into)
    drafted = draft(project(1, place), second)
    model = Model()
    for run in range(3):
        done = refresh(project(run, place), first, with_views=run == 1)
        counts = model.run(done.now, members(done.now))
        assert {one.segment: (one.members, one.entered, one.left) for one in done.segments} == counts
        assert {one.mode for one in done.segments} == {"incremental" if run else "full"}
        assert tables(first) == tables(second) == model
        assert not written(drafted, second)
    with first.shown():
        told = first.warehouse.rows(listed(changes(first, 1), "sqlite"))
        assert {(read(at), *rest) for at, *rest in told} == model.changes(1)
    # A deletion that nothing tells, and who finds it.
    with closing(sqlite3.connect(tmp_path / "world.sqlite")) as shop, shop:
        shop.execute("DELETE FROM people WHERE id IN (SELECT id FROM people LIMIT 5)")
    found = draft(project(3, place), first, verify=Decimal(100))
    assert {key for _, key, _ in found.differing} == {"1", "2", "3", "4", "5"}
    first.close()
    second.close()
    with closing(sqlite3.connect(tmp_path / "world.sqlite" if into == "main" else into)) as own:
        kept = own.execute("SELECT profile, since FROM members WHERE segment = 'Not now' ORDER BY 1").fetchall()
        assert own.execute("SELECT * FROM not_now ORDER BY 1").fetchall() == kept != []
        assert all(re.fullmatch(r"2026-01-1\d 00:00:00\.000000\+00:00", since) for _, since in kept)


def test_who_reads_sqlite_waits_for_the_moment_of_writing(tmp_path: Path) -> None:
    """And who writes it elsewhere is waited for, then told."""
    filled(tmp_path / "world.sqlite")
    into = str(tmp_path / "members.sqlite")
    first = open_keeping(f"sqlite:///{tmp_path}/world.sqlite", into)
    refresh(project(0, "sqlite:"), first)
    with closing(sqlite3.connect(into, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        first.keeper.driver.execute("PRAGMA busy_timeout = 10")  # type: ignore[attr-defined]
        with pytest.raises(WarehouseError, match="is being written by another program"):
            refresh(project(1, "sqlite:"), first)
        other.execute("ROLLBACK")
        assert refresh(project(1, "sqlite:"), first).run == 2
        assert other.execute("SELECT MAX(run) FROM runs").fetchone() == (2,)
    first.close()


@often(2, 60)
@pytest.mark.parametrize("into", ["main", "members.sqlite"])
def test_kills(into: str, tmp_path: Path, examples: int, base_seed: int, record_property: Record) -> None:
    filled(tmp_path / "world.sqlite")
    kills(
        f"sqlite:///{tmp_path}/world.sqlite",
        into if into == "main" else str(tmp_path / into),
        examples if into == "main" else examples // 3,
        Random(base_seed),
        quiet=tuple,
        record=record_property,
    )
