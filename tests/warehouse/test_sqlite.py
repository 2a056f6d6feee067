"""A file of SQLite as a warehouse: what it answers, and that it stays as it is."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from segql.warehouse import WarehouseError, open_warehouse

from ..cli.command_line import segql

CATALOG = """
timezone: Europe/Amsterdam
profiles: {table: people, key: id, key type: integer, properties: {born: date, tags: list of text, spent: money}}
events:
  bought: {table: orders, profile: person, time: at, properties: {total: {type: money, scale: 2}}}
"""
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) AS id FROM n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    with sqlite3.connect("shop.db") as connection:
        connection.executescript("""
            CREATE TABLE people (id INTEGER, born TEXT, tags TEXT, spent REAL);
            INSERT INTO people VALUES (1, '1990-05-01', '["vip"]', 0.1), (2, NULL, NULL, NULL);
            INSERT INTO people VALUES (3, '2000-02-29', '[]', 2);
            CREATE TABLE orders (person INTEGER, at TEXT, total NUMERIC);
            INSERT INTO orders VALUES (1, '2026-11-20 23:30:00', 0.1), (1, '2026-11-20 23:30:00.5', 0.2);
            INSERT INTO orders VALUES (3, '2026-11-21 10:00:00', 5);
        """)
    connection.close()
    Path("catalog.yaml").write_text(CATALOG)
    return "sqlite:///shop.db"


def test_it_answers_from_a_relative_and_an_absolute_path(place: str, tmp_path: Path) -> None:
    for url in (place, f"sqlite:///{tmp_path}/shop.db"):
        warehouse = open_warehouse(url)
        assert warehouse.dialect == "sqlite"
        assert list(warehouse.tables()) == ["orders", "people"]
        assert warehouse.counts("SELECT id FROM people", "SELECT 1 WHERE 0") == [3, 0]
        name, members = warehouse.members("SELECT id FROM people", 2)
        assert (name, list(members)) == ("id", [1, 2])
        warehouse.close()


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        ("sum of total of bought = 0.3", "1"), ("bought on 2026-11-21", "1 3"), ("born is not set", "2"),
        ('tags include "vip"', "1"), ("month of born = 2", "3"),
    ],
)  # fmt: skip
def test_the_command_line_finds_the_members(place: str, rule: str, members: str) -> None:
    given = ["--catalog", "catalog.yaml", "--warehouse", place, "--now", "2026-11-22T10:00Z", rule]
    assert segql("members", "--format", "csv", *given).stdout.split()[1:] == members.split()
    assert segql("count", *given).stdout.startswith(str(len(members.split())))


def test_check_and_why(place: str) -> None:
    given = ["--catalog", "catalog.yaml", "--warehouse", place]
    segql("catalog", "check", *given)
    rule = 'bought twice and tags include "vip" and born > 1990-01-01 and sum of total of bought = 0.3'
    why = segql("why", *given, "--now", "2026-11-22T10:00Z", rule, "--profile", "1")
    assert why.stdout.startswith("1 is a member.")


def test_a_file_that_is_missing_is_not_made(place: str, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="There is no file shap") as caught:
        open_warehouse("sqlite:///shap.db")
    assert "shop.db" in caught.value.hint
    assert not (tmp_path / "shap.db").exists()
    for url in ("sqlite://", "sqlite:///", "sqlite://shop.db"):
        with pytest.raises(WarehouseError, match="three slashes"):
            open_warehouse(url)
    with pytest.raises(WarehouseError, match="cannot be opened"):
        open_warehouse("sqlite:///catalog.yaml")


def test_nothing_writes(place: str) -> None:
    warehouse, before = open_warehouse(place), Path("shop.db").read_bytes()
    for statement in ("DELETE FROM people", "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)"):
        with pytest.raises(WarehouseError, match="cannot answer: attempt to write a readonly database"):
            warehouse.rows(statement)
    warehouse.close()
    assert Path("shop.db").read_bytes() == before


def test_a_statement_ends_after_its_time_and_when_it_is_stopped(place: str) -> None:
    warehouse = open_warehouse(place, seconds=1)
    with pytest.raises(WarehouseError, match="did not answer within 1 second"):
        warehouse.rows(ENDLESS)
    warehouse.close()
    warehouse = open_warehouse(place)
    threading.Timer(0.2, warehouse.cancel).start()
    with pytest.raises(WarehouseError, match="interrupted"):
        warehouse.rows(ENDLESS)
    warehouse.close()


def test_errors_are_for_people(place: str) -> None:
    warehouse = open_warehouse(place)
    with pytest.raises(WarehouseError, match="does not have what the catalog says: no such column: nope"):
        warehouse.rows("SELECT nope FROM people")
    with pytest.raises(WarehouseError, match="too large"):
        warehouse.rows("SELECT SUM(9223372036854775807) FROM people")
    warehouse.close()
