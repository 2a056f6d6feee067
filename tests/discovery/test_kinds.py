"""What the engine itself tells: references that are declared, and names from all over a table in order of its kinds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from segql.discovery import look, propose
from segql.discovery.seen import Seen, Table
from segql.discovery.spread import spread
from segql.discovery.written import write
from segql.emitter import sql_text
from segql.warehouse import Warehouse, open_warehouse
from segql.warehouse.duckdb import DuckDB
from segql.warehouse.layout import Layout, Partitioned

from .kinds import KINDS, RECURSIVE, SERIES, TABLES, filling


def on_sqlite(folder: Path) -> Warehouse:
    with sqlite3.connect(folder / "w.db") as connection:
        for sql in (*TABLES, filling(RECURSIVE).replace("TIMESTAMP '", "'")):
            connection.execute(sql)
    connection.close()
    return open_warehouse(f"sqlite:///{folder / 'w.db'}")


def on_duckdb(folder: Path) -> Warehouse:
    connection = duckdb.connect()
    for sql in (*TABLES, filling(SERIES)):
        connection.execute(sql)
    return Warehouse(DuckDB(connection), "The warehouse")


def proposed(seen: Seen) -> str:
    draft = propose(seen)
    assert draft.data["profiles"]["table"].endswith("parties")
    assert draft.data["profiles"]["key"] == "ref"
    assert {part["name"] for part in draft.data["events"].values() if "name" in part} == set(KINDS)
    assert list(draft.data["events"]["viewed page"]["properties"]) == ["page"]
    return write(draft, []).text


@pytest.mark.parametrize("opened", [on_sqlite, on_duckdb])
def test_what_is_declared_goes_before_guesses(opened: Callable[[Path], Warehouse], tmp_path: Path) -> None:
    warehouse = opened(tmp_path)
    text = proposed(look(warehouse, warehouse.tables()))
    assert "# Guess: doings.whose (declared) refers to its `ref`" in text
    assert "    profile: whose   # declared\n" in text
    assert "Names were looked for in" not in text
    warehouse.close()


def test_a_reference_of_sqlite_may_leave_the_key_to_its_table(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "w.db") as connection:
        connection.execute("CREATE TABLE a (x INTEGER PRIMARY KEY, y INTEGER)")
        connection.execute(
            "CREATE TABLE b (z INTEGER REFERENCES a, u INTEGER, v INTEGER, FOREIGN KEY (u, v) REFERENCES a)"
        )
    connection.close()
    warehouse = open_warehouse(f"sqlite:///{tmp_path / 'w.db'}")
    assert [(one.table, one.column, one.to, one.key) for one in warehouse.references()] == [("b", "z", "a", "x")]
    warehouse.close()


def test_slices_of_the_key_tell_all_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segql.discovery.spread.MOST_ROWS", 1200)
    monkeypatch.setattr("segql.discovery.spread.PIECES", 6)
    warehouse = on_sqlite(tmp_path)
    text = proposed(look(warehouse, warehouse.tables()))
    assert "in about 1,200 of 3,000 rows, in 6 slices of `nr`: a rare one may be missing below" in " ".join(
        text.split()
    )
    warehouse.close()


def test_without_a_key_it_is_said_which_rows_were_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segql.discovery.spread.MOST_ROWS", 1200)
    with sqlite3.connect(tmp_path / "w.db") as connection:
        connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)")
        connection.execute("CREATE TABLE log (user_id INTEGER, event TEXT, at TEXT)")
        connection.execute("CREATE VIEW log_of_all AS SELECT * FROM log")
        connection.execute("INSERT INTO users SELECT value, 'x' FROM json_each('[1, 2, 3]')")
        names = [(1, "opened email" if at < 1500 else "placed order", "2026-01-01 10:00:00") for at in range(3000)]
        connection.executemany("INSERT INTO log VALUES (?, ?, ?)", names)
    connection.close()
    warehouse = open_warehouse(f"sqlite:///{tmp_path / 'w.db'}")
    seen = look(warehouse, warehouse.tables())
    said = {table.bare: usage.said for table in seen.tables for usage in table.usages}
    assert said == {"log": "the first 1,200 of 3,000 rows", "log_of_all": "the first 1,200 rows"}
    assert "Names were looked for in the first 1,200 of 3,000 rows: a rare one may be" in write(propose(seen), []).text
    warehouse.close()


@pytest.mark.parametrize(
    ("dialect", "sample"),
    [("postgres", "TABLESAMPLE SYSTEM (0.500000) REPEATABLE (1)"), ("bigquery", "TABLESAMPLE SYSTEM (1 PERCENT)")],
)
def test_a_share_of_the_blocks(dialect: str, sample: str) -> None:
    class Large(DuckDB):
        def layout(self, table: str) -> Layout:
            return Partitioned(400_000_000, None, ())

    warehouse = Warehouse(Large(duckdb.connect(), dialect=dialect), "The warehouse")
    rows = spread(warehouse, Table("log", (), 1000, whole=False))
    assert [sql_text(piece, None, dialect) for piece in rows.pieces] == [f"SELECT\n  *\nFROM log {sample}"]
    assert rows.said == "about 2,000,000 of 400,000,000 rows, of blocks from all over it"
