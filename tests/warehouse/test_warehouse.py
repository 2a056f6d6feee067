"""Opening warehouses of every kind, what is said of those that cannot be opened, and what may be done in one."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import AbstractContextManager, suppress
from functools import partial
from io import StringIO
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import duckdb
import pytest

import segql
from segql.answers.listing import lines_of, write_list
from segql.warehouse import MEMORY, Warehouse, WarehouseError, open_built, open_files, open_warehouse
from segql.warehouse.duckdb import literal

ENDLESS = "SELECT count(*) FROM range(20000000000) each(number) WHERE hash(number) % 7 = 3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of tables: orders as Parquet, people as CSV; and a file that is neither."""
    connection = duckdb.connect()
    query = "SELECT range AS id, 'p' || range % 3 AS who FROM range(9)"
    connection.execute(f"COPY ({query}) TO '{tmp_path / 'orders.parquet'}'")
    (tmp_path / "people.csv").write_text("who,joined\np0,2026-01-01 10:00:00\np1,\n")
    (tmp_path / "notes.txt").write_text("nothing")
    return tmp_path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE orders AS SELECT range AS id, 'p' || range % 3 AS who FROM range(9)")
    return path


def said(place: str, **tables: str) -> tuple[str, str]:
    """What opening a place complains of, and what it advises."""
    with pytest.raises(WarehouseError) as caught:
        open_warehouse(place, tables)
    return caught.value.message, caught.value.hint


def test_a_folder_is_tables_by_the_names_of_its_files(folder: Path) -> None:
    warehouse = open_warehouse(str(folder))
    assert warehouse.count("SELECT * FROM orders") == 9
    assert warehouse.count("SELECT * FROM people WHERE joined IS NULL") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals")
def test_at_a_terminal_duckdb_draws_no_bar_of_its_own(file: Path) -> None:
    """Over the prompt of a session, once a statement takes two seconds."""
    import pty

    asked = "open_warehouse(sys.argv[1]).rows(\"SELECT current_setting('enable_progress_bar_print')\")"
    code = f"import sys; from segql.warehouse import open_warehouse; assert sys.stdout.isatty(); print({asked})"
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", code, str(file)], stdin=theirs, stdout=theirs, check=True)
    assert os.read(ours, 100).decode().strip() == "[(False,)]"


def test_it_says_how_far_it_is(file: Path) -> None:
    warehouse = open_warehouse(str(file))
    assert warehouse.progress() is None

    def ask() -> None:
        with suppress(WarehouseError):
            warehouse.rows(ENDLESS)

    asking = Thread(target=ask)
    asking.start()
    found: set[float | None] = set()
    # DuckDB 1.4 is told how far a stored table is read, and of rows that are made up nothing but that it has begun.
    told = 2 if duckdb.__version__ >= "1.5" else 0
    until = monotonic() + (20 if told else 1)
    while len(found - {None}) < max(told, 1) and monotonic() < until:
        found.add(warehouse.progress())
        sleep(0.01)
    warehouse.cancel()
    asking.join()
    assert len(found - {None}) >= told
    assert all(part is None or 0 <= part <= 1 for part in found)


def test_one_file_is_one_table(folder: Path) -> None:
    assert open_warehouse(str(folder / "orders.parquet")).count("FROM orders") == 9


def test_tables_are_named_by_hand_and_by_wildcards(folder: Path) -> None:
    (folder / "orders-2.parquet").write_bytes((folder / "orders.parquet").read_bytes())
    tables = {"raw.bought": str(folder / "orders*.parquet"), 'it\'s "odd"': str(folder / "people.csv")}
    warehouse = open_warehouse(MEMORY, tables)
    assert warehouse.count("FROM raw.bought") == 18
    assert warehouse.count('FROM "it\'s ""odd"""') == 2


def test_odd_file_names_are_only_names(folder: Path) -> None:
    odd = folder / "x' ; DROP TABLE people; --.csv"
    odd.write_text("a\n1\n")
    warehouse = open_warehouse(str(folder))
    assert warehouse.count("FROM people") == 2
    assert warehouse.count("""FROM "x' ; DROP TABLE people; --" """) == 1


def test_a_csv_is_typed_by_all_its_rows(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("code\n" + "1\n" * 30_000 + "A7\n")
    assert open_warehouse(str(tmp_path)).count("FROM codes WHERE code = 'A7'") == 1


def test_members_come_in_order_and_no_more_than_asked(file: Path) -> None:
    warehouse = open_warehouse(str(file))
    key, keys = warehouse.members("SELECT DISTINCT who FROM orders ORDER BY who DESC", limit=2)
    assert (key, list(keys)) == ("who", ["p0", "p1"])
    assert len(list(open_warehouse(str(file)).members("SELECT range FROM range(25_000)")[1])) == 25_000


def test_members_as_arrow(file: Path) -> None:
    pytest.importorskip("pyarrow")
    warehouse = open_warehouse(str(file))
    assert warehouse.arrow("-- who\nSELECT DISTINCT who FROM orders", limit=2).to_pydict() == {"who": ["p0", "p1"]}
    assert "orders" in warehouse.explain("SELECT * FROM orders").casefold()


def test_parquet_goes_to_the_named_file_and_nowhere_else(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "them.parquet"
    warehouse = open_warehouse(str(file), writes=str(out))
    warehouse.write_parquet("SELECT who FROM orders", str(out), limit=4)
    assert duckdb.connect().execute(f"SELECT list(who) FROM '{out}'").fetchall() == [(["p0", "p0", "p0", "p1"],)]
    with pytest.raises(WarehouseError):
        warehouse.write_parquet("SELECT who FROM orders", str(tmp_path / "other.parquet"))


ODD = ["a", "", 'q"x', "a,b", "new\nline", "return\rx", "tab\t", " led", "trailed ", "#c", "null", "é😀", "\x01\x7f",
       "back\\s", "a/b", "\u2028", "it's", ";"]  # fmt: skip
COLUMNS = {
    "texts": f"""SELECT unnest([{", ".join(map(literal, ODD))}]) AS "the key, 'or' so" """,
    "missing": "SELECT unnest(['a', NULL]) AS key",
    "one": f"SELECT CAST('{7 * 10**30}' AS HUGEINT) AS id",
    "uuids": "SELECT md5(range::VARCHAR)::UUID AS id FROM range(9)",
    "many": "SELECT range - 5 AS id FROM range(300_000)",
    "none": "SELECT 'a' AS id WHERE false",
}


@pytest.mark.sampled
@pytest.mark.parametrize("format_", ["csv", "json", "jsonl"])
@pytest.mark.parametrize("column", COLUMNS)
def test_the_engine_writes_lists_to_the_letter_as_we_do(tmp_path: Path, format_: str, column: str) -> None:
    done = segql.compile("vip", segql.catalog_from_yaml("profiles: {table: t, key: k, properties: {vip: boolean}}"))
    out, lines = tmp_path / f"them.{format_}", partial(lines_of, format_, done)
    warehouse = open_warehouse(MEMORY, writes=str(out))
    assert warehouse.write_list(COLUMNS[column], str(out), lines)
    key, keys = warehouse.members(COLUMNS[column])
    ours = StringIO()
    write_list(ours, lines(key), keys)
    assert out.read_bytes().decode() == ours.getvalue()


def test_what_the_engine_does_not_write(tmp_path: Path) -> None:
    done = segql.compile("vip", segql.catalog_from_yaml("profiles: {table: t, key: k, properties: {vip: boolean}}"))
    out, lines = str(tmp_path / "them.csv"), partial(lines_of, "csv", done)
    assert not open_warehouse(MEMORY, writes=out).write_list("SELECT 1.5 AS key", out, lines)
    assert not open_warehouse(MEMORY, writes=out).write_list("SELECT 1 AS key", str(tmp_path / "other.csv"), lines)
    assert not open_warehouse(MEMORY).write_list("SELECT 1 AS key", out, lines)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_nothing_else_can_be_read_or_changed(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    warehouse = open_warehouse(str(request.getfixturevalue(kind)))
    (tmp_path / "secret.txt").write_text("x")
    for sql in (
        f"SELECT * FROM read_text('{tmp_path / 'secret.txt'}')",
        f"COPY orders TO '{tmp_path / 'out.csv'}'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(WarehouseError):
            warehouse.rows(sql)
    if kind == "file":
        with pytest.raises(WarehouseError):
            warehouse.rows("DELETE FROM orders")


def test_the_clock_is_utc(file: Path) -> None:
    assert (
        open_warehouse(str(file)).rows("SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00'::VARCHAR")[0][0]
        == "2026-01-01 00:00:00+00"
    )


# --- what cannot be opened -----------------------------------------------------------------------------------------


def test_no_such_place_offers_the_nearest(file: Path) -> None:
    message, hint = said(str(file.with_name("shp.duckdb")))
    assert "There is no file or folder" in message
    assert hint == f"did you mean {file}?"


def test_no_database(folder: Path) -> None:
    message, hint = said(str(folder / "notes.txt"))
    assert message.endswith("notes.txt is no DuckDB file.")
    assert "folder of Parquet and CSV" in hint
    renamed = folder / "data"
    renamed.write_bytes((folder / "orders.parquet").read_bytes())
    assert said(str(renamed))[1] == "it is a Parquet file: let its name end in .parquet"


def test_a_damaged_database(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:3000] + b"\x00" * 2000)
    assert "shop.duckdb cannot be opened" in said(str(file))[0]


def test_an_empty_folder(tmp_path: Path) -> None:
    assert said(str(tmp_path)) == (
        f"The folder {tmp_path} has no tables.",
        "its tables are its *.parquet and *.csv files",
    )


def test_two_files_for_one_table(folder: Path) -> None:
    (folder / "orders.csv").write_text("id\n1\n")
    message, hint = said(str(folder))
    assert "would both be the table orders" in message
    assert "--table NAME=PATH" in hint


def test_a_broken_parquet_file(folder: Path) -> None:
    (folder / "broken.parquet").write_text("no")
    assert "broken.parquet cannot be read as Parquet" in said(str(folder))[0]


def test_a_table_without_its_file(folder: Path) -> None:
    assert "There is no file nowhere*.csv for the table orders" in said(MEMORY, orders="nowhere*.csv")[0]
    assert "There is no file xxx" in said(MEMORY, orders="x" * 300)[0], "longer than a name may be"
    assert "There is no file xxx" in said(f"sqlite:///{'x' * 300}")[0]
    assert "neither Parquet nor CSV" in said(MEMORY, notes=str(folder / "notes.txt"))[0]
    assert "is a folder" in said(MEMORY, notes=str(folder))[0]


def test_tables_do_not_go_into_a_database(file: Path, folder: Path) -> None:
    assert "--table goes with files" in said(str(file), people=str(folder / "people.csv"))[0]


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="POSIX locks")
def test_a_database_that_another_program_writes(file: Path) -> None:
    code = f"import duckdb, sys; c = duckdb.connect({str(file)!r}); print('open', flush=True); sys.stdin.read()"
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None
        other.stdout.readline()
        message, hint = said(str(file))
        assert f"is open for writing in another program (process {other.pid})" in message
        assert "close it there" in hint
    finally:
        other.communicate()


def test_sql_that_does_not_fit_points_to_the_check(file: Path) -> None:
    warehouse = open_warehouse(str(file))
    with pytest.raises(WarehouseError) as caught:
        warehouse.count("SELECT nope FROM orders")
    assert "nope" in caught.value.message
    assert "segql catalog check" in caught.value.hint
    with pytest.raises(WarehouseError, match="does not fit its type"):
        warehouse.rows("SELECT 'x'::INTEGER")


def test_numbers_that_are_too_large_are_an_error_that_says_the_limit(file: Path) -> None:
    nines = "9" * 38
    for sql in (f"SELECT SUM(n) FROM (SELECT {nines}::DECIMAL(38, 0) AS n FROM range(5))", f"SELECT 2 * {nines}"):
        with pytest.raises(WarehouseError, match="more than 38 digits") as caught:
            open_warehouse(str(file)).rows(sql)
        assert "below 10^15" in caught.value.hint


# --- what is made once -----------------------------------------------------------------------------------------------


def test_what_is_built_is_kept(tmp_path: Path) -> None:
    calls = []

    def build(connection: duckdb.DuckDBPyConnection) -> None:
        calls.append(1)
        connection.execute("CREATE TABLE t AS SELECT 1 AS i")

    def count() -> int:
        warehouse = open_built(tmp_path / "deep" / "t.duckdb", "It", build)
        try:
            return warehouse.count("FROM t")
        finally:
            warehouse.close()

    assert (count(), count(), len(calls)) == (1, 1, 1)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["t.duckdb"]
    (tmp_path / "deep" / "t.duckdb").write_text("spoilt")
    assert (count(), len(calls)) == (1, 2)


def test_what_cannot_be_kept_is_built_in_memory(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, and no folder")
    warehouse = open_built(
        tmp_path / "taken" / "t.duckdb", "It", lambda c: c.execute("CREATE TABLE t AS SELECT 1 AS i")
    )
    assert warehouse.count("FROM t") == 1


def test_an_error_of_the_builder_is_not_hidden(tmp_path: Path) -> None:
    def build(connection: duckdb.DuckDBPyConnection) -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        open_built(tmp_path / "t.duckdb", "It", build)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_stops_what_is_built(tmp_path: Path, ctrl_c: AbstractContextManager[None]) -> None:
    slow = "CREATE TABLE t AS SELECT count(*) FROM range(100000000) a, range(1000) b WHERE a.range * b.range % 7 = 3"
    with ctrl_c:
        open_built(tmp_path / "t.duckdb", "It", lambda connection: connection.execute(slow))
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_stops_a_query(ctrl_c: AbstractContextManager[None]) -> None:
    """Ctrl-C arrives while the driver works; the query ends at once, and the connection can be used again."""
    warehouse: Warehouse = open_files({}, "It")
    with ctrl_c:
        warehouse.rows("SELECT count(*) FROM range(100000000) a, range(1000) b WHERE a.range * b.range % 7 = 3")
    assert warehouse.rows("SELECT 1") == [(1,)]
