"""MariaDB and MySQL as a warehouse: real servers, asked by the command line as a user would."""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from segql import catalog_from_yaml
from segql.catalog import Catalog
from segql.cli import main
from segql.console.setup import Setup
from segql.errors import Problem
from segql.warehouse import Warehouse, WarehouseError, check_catalog, open_warehouse

from ..discovery import kinds
from ..engines import MariaDB, MySQL, Unable
from ..engines.mariadb import Server
from ..repl.sessions import begun, said

pymysql = pytest.importorskip("pymysql")
SERVERS = [pytest.param(one, marks=getattr(pytest.mark, one.dialect), id=one.dialect) for one in (MariaDB, MySQL)]

CATALOG = """\
timezone: Europe/Amsterdam
profiles:
  table: people
  key: id
  properties:
    country: text
    born: date
    score: number
    tags: list of text
    vip: boolean
events:
  bought:
    table: sales.orders
    profile: person
    time: {column: at, zone: UTC}
    id: number
    properties: {total: money, when paid: {column: paid, type: time}}
"""
TABLES = """
CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE DATABASE sales CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE shop.people (id varchar(20) COLLATE {exact}, country varchar(2), born date, score double,
  tags json, vip boolean, note varchar(20));
INSERT INTO shop.people VALUES
  ('ann', 'NL', '2000-01-31', 1.5, '["new"]', true, 'x'), ('bob', 'BE', NULL, NULL, NULL, false, 'X'),
  ('çem', 'nl', NULL, 2, '[]', NULL, 'x ');
CREATE TABLE sales.orders (number bigint, person varchar(20) COLLATE {exact}, at datetime,
  paid timestamp NULL, total decimal(10, 2));
SET time_zone = '+00:00';
INSERT INTO sales.orders VALUES
  (1, 'ann', '2026-11-20 10:00', '2026-11-20 10:00', 12.50), (2, 'bob', '2026-01-20 10:00', NULL, 3);
CREATE USER ann IDENTIFIED BY 's3cr3t';
GRANT SELECT ON shop.* TO ann;
GRANT SELECT ON sales.* TO ann;
CREATE TABLE shop.written (i int);
"""
WRITING = "CREATE FUNCTION shop.writing() RETURNS int BEGIN INSERT INTO shop.written VALUES (1); RETURN 1; END"
SETTING = (
    "CREATE FUNCTION shop.setting() RETURNS int BEGIN SET SESSION time_zone = '+05:00', sql_mode = 'ANSI',"
    " {read_only} = 0; RETURN 1; END"
)


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server with a small shop."""
    try:
        found: Server = request.param.server_type()
    except ImportError as error:
        raise Unable(f"{error}; CONTRIBUTING.md says how to get it") from None
    with as_root(found) as connection, connection.cursor() as cursor:
        for statement in (*TABLES.split(";"), WRITING, SETTING):
            if statement.strip():
                cursor.execute(statement.replace("{exact}", found.exact).replace("{read_only}", found.read_only))
        cursor.execute("GRANT EXECUTE, INSERT ON shop.* TO ann")
    yield found
    found.close()


def as_root(server: Server) -> Any:
    return pymysql.connect(unix_socket=str(server.socket), user="root", autocommit=True)


@pytest.fixture
def uri(server: Server) -> str:
    return f"{server.dialect}://ann:s3cr3t@localhost/shop?unix_socket={server.socket}"


@pytest.fixture
def warehouse(uri: str) -> Iterator[Warehouse]:
    opened = open_warehouse(uri)
    yield opened
    opened.close()


@pytest.fixture
def catalog_file(tmp_path: Path) -> str:
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    return str(tmp_path / "catalog.yaml")


def asked(*arguments: str, catalog_file: str, uri: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--catalog", catalog_file, "--warehouse", uri])


def test_a_first_catalog_by_references_and_slices(
    server: Server, uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """References that are declared, names from all over a table in the order of its kinds, tables without rights."""
    with as_root(server) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE kinds")
        cursor.execute("USE kinds")
        for statement in (*kinds.TABLES, kinds.filling(kinds.RECURSIVE), "CREATE TABLE secrets (whose integer)"):
            cursor.execute(statement)
        cursor.execute("ANALYZE TABLE doings")
        for table in ("parties", "doings"):
            cursor.execute(f"GRANT SELECT ON kinds.{table} TO ann")
        cursor.execute("GRANT INSERT ON kinds.secrets TO ann")
    monkeypatch.setattr("segql.discovery.spread.MOST_ROWS", 1500)
    file = tmp_path / "catalog.yaml"
    done = CliRunner().invoke(main, ["catalog", "init", uri, "--schema", "kinds", "-o", str(file), "--yes"])
    assert done.exit_code == 0, done.stderr
    assert "the table kinds.secrets cannot be read, and is left out: SELECT command denied" in done.stderr
    text = file.read_text(encoding="utf-8")
    assert "doings.whose (declared) refers to its `ref`" in text
    assert all(f"name: {name}\n" in text for name in kinds.KINDS)
    assert "slices of `nr`: a rare one may be missing" in " ".join(text.replace("#", "").split())
    assert asked("catalog", "check", catalog_file=str(file), uri=uri).exit_code == 0


def test_count_and_members_over_the_command_line(catalog_file: str, uri: str, tmp_path: Path) -> None:
    places = {"catalog_file": catalog_file, "uri": uri}
    now = ("--now", "2026-11-22T10:00Z")
    assert asked("count", "bought in 30d", *now, **places).stdout == "1 of 3 profiles (33.3 %)\n"
    assert asked("members", 'country is "NL"', "--format", "csv", **places).stdout == "id\nann\n"
    assert asked("members", 'tags includes "new"', "--format", "csv", **places).stdout == "id\nann\n"
    days = ("members", "days since last bought = 1", "--format", "csv", "--now", "2026-11-22T09:59Z")
    assert asked(*days, **places).stdout == "id\nann\n"
    assert json.loads(asked("members", "vip is true", "--json", **places).stdout)["members"] == ["ann"]
    out = tmp_path / "them.parquet"
    assert asked("members", "everyone", "--format", "parquet", "--output", str(out), **places).exit_code == 0
    import duckdb

    assert duckdb.execute(f"SELECT id FROM '{out}'").fetchall() == [("ann",), ("bob",), ("çem",)]
    assert "ann is a member" in asked("why", 'country is "NL"', "--profile", "ann", **places).stdout


def test_the_catalog_fits(catalog_file: str, uri: str) -> None:
    done = asked("catalog", "check", catalog_file=catalog_file, uri=uri)
    assert done.stdout == "1 event, 0 channels, 0 lists: all fits the warehouse.\n"


@pytest.mark.parametrize("kind", SERVERS)
def test_the_tests_own_catalog_fits_its_tables(kind: type[MariaDB], catalog: Catalog) -> None:
    """Joins, JSON, groups of lines, lookups of names: every question of the check is one that the server takes."""
    engine = kind()
    opened = open_warehouse(f"{kind.dialect}://root@localhost/warehouse?unix_socket={engine.server.socket}")
    found = [str(p) for p in check_catalog(opened, catalog) if p.code in ("warehouse-sql", "collation")]
    opened.close()
    engine.close()
    assert found == []


def problems(warehouse: Warehouse, catalog: str = CATALOG) -> list[Problem]:
    return check_catalog(warehouse, catalog_from_yaml(catalog))


@pytest.mark.parametrize(
    ("before", "after", "code", "hint"),
    [
        ("sales.orders", "sales.order", "missing-table", "did you mean `sales.orders`?"),
        ("{column: paid", "{column: payd", "missing-column", "did you mean `paid`?"),
        ("born: date", "born: text", "column-type", "type: date"),
        ("score: number", "score: text", "column-type", "type: number"),
        ("vip: boolean", "vip: time", "column-type", "type: boolean"),
        ("at, zone: UTC}", "at}", "naive-time", "time: {column: at, zone: Europe/Amsterdam}"),
        ("{column: paid, type: time}", "{column: paid, type: time, zone: UTC}", "naive-time", "leave `zone` out"),
        ("profile: person", "profile: number", "column-type", None),
        ("key: id", "key: country", "collation", None),
        ("key: id", "key: note", "collation", None),
        ("id: number", "id: number\n    where: totl > 0", "warehouse-sql", ""),
    ],
)
def test_what_does_not_fit(warehouse: Warehouse, before: str, after: str, code: str, hint: str | None) -> None:
    found = problems(warehouse, CATALOG.replace(before, after))
    assert code in [problem.code for problem in found]
    assert hint is None or hint in [problem.hint for problem in found if problem.code == code]


def test_a_collation_that_pads_is_found(server: Server, warehouse: Warehouse) -> None:
    with as_root(server) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE shop.padded (id varchar(20) COLLATE utf8mb4_bin)")
        cursor.execute("INSERT INTO shop.padded VALUES ('x')")
    (found,) = [p for p in problems(warehouse, "profiles: {table: padded, key: id}") if p.code == "collation"]
    assert f"COLLATE {server.exact}" in found.hint


# --- rows ------------------------------------------------------------------------------------------------------------


def test_rows_and_arrow(warehouse: Warehouse) -> None:
    row = "SELECT 1.50, NULL, 'a', 7, CAST('2025-01-02' AS DATE), CAST('2025-01-02 03:04:05.6' AS DATETIME(6)), 1.5e0"
    moment = datetime(2025, 1, 2, 3, 4, 5, 600_000)
    assert warehouse.rows(row) == [(Decimal("1.50"), None, "a", 7, date(2025, 1, 2), moment, 1.5)]
    (found,) = warehouse.arrow(f"SELECT * FROM ({row}) AS t").to_pylist()
    assert list(found.values()) == [Decimal("1.50"), None, "a", 7, date(2025, 1, 2), moment, 1.5]
    paid = warehouse.arrow("SELECT paid FROM sales.orders WHERE paid IS NOT NULL").to_pydict()
    assert paid == {"paid": [datetime(2026, 11, 20, 10, tzinfo=UTC)]}
    digits = "(SELECT 0 AS d" + "".join(f" UNION ALL SELECT {digit}" for digit in range(1, 30)) + ")"
    numbers = f"SELECT a.d * 900 + b.d * 30 + c.d + 1 AS i FROM {digits} AS a, {digits} AS b, {digits} AS c"
    key, keys = warehouse.members(f"SELECT i FROM ({numbers}) AS n WHERE i <= 25000 ORDER BY i DESC")
    found = list(keys)
    assert (key, len(found), found[0], found[-1]) == ("i", 25_000, 1, 25_000)


def test_an_answer_left_half_read_does_no_harm(warehouse: Warehouse) -> None:
    _, keys = warehouse.members("SELECT id FROM shop.people")
    assert next(keys) == "ann"
    assert warehouse.count("SELECT * FROM shop.people") == 3


def test_the_plan_is_shown(warehouse: Warehouse) -> None:
    assert "people" in warehouse.explain("SELECT * FROM shop.people")


# --- what may be done, and how long ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO shop.written VALUES (1)", "CREATE TABLE shop.x (i int)", "SELECT shop.writing()",
        "TRUNCATE shop.written",
    ],
)  # fmt: skip
def test_nothing_can_be_changed(warehouse: Warehouse, sql: str) -> None:
    for before in ("SELECT 1", "SELECT shop.setting()"):
        try:
            warehouse.rows(before)
        except WarehouseError:
            assert "setting" in before
        with pytest.raises(WarehouseError):
            warehouse.rows(sql)
    assert warehouse.rows("SELECT COUNT(*) FROM shop.written") == [(0,)]


def test_a_query_sets_nothing_for_the_next(server: Server, warehouse: Warehouse) -> None:
    warehouse.rows("SELECT @x := 1")
    connection: Any = warehouse.connection
    connection.driver.query(f"SET time_zone = '+05:00', sql_mode = 'ANSI', {server.time_limit} = 0")
    ((zone, mode, limit),) = warehouse.rows(f"SELECT @@time_zone, @@sql_mode, @@{server.time_limit}")
    assert (zone, "ANSI" in mode, limit) == ("+00:00", False, 600 if server.dialect == "mariadb" else 600_000)


def test_a_statement_has_an_end(uri: str) -> None:
    opened = open_warehouse(uri, seconds=1)
    with pytest.raises(WarehouseError) as caught:
        opened.rows("SELECT SLEEP(20) FROM shop.people")
    assert "did not answer within 1 second," in caught.value.message
    assert "--timeout" in caught.value.hint
    assert opened.rows("SELECT 1") == [(1,)]
    opened.close()


def running(server: Server) -> int:
    with as_root(server) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'ann' AND command = 'Query'")
        return int(cursor.fetchone()[0])


def test_ctrl_c_stops_a_query_on_the_server_too(
    warehouse: Warehouse, server: Server, ctrl_c: AbstractContextManager[None]
) -> None:
    with ctrl_c:
        warehouse.rows("SELECT SLEEP(20) FROM shop.people")
    assert running(server) == 0
    assert warehouse.rows("SELECT 1") == [(1,)]


def test_another_thread_stops_a_query(warehouse: Warehouse) -> None:
    timer = threading.Timer(0.3, warehouse.cancel)
    timer.start()
    with pytest.raises(WarehouseError, match="interrupted"):
        warehouse.rows("SELECT SLEEP(20) FROM shop.people")
    timer.join()


def test_a_session_goes_on_after_the_server_ended_its_connection(
    server: Server, uri: str, catalog_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    state = begun(Setup(catalog=catalog_file, warehouse=uri))
    state = said(state, 'country is "NL"')
    with as_root(server) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM information_schema.processlist WHERE user = 'ann'")
        for (number,) in cursor.fetchall():
            cursor.execute(f"KILL {number}")
    said(state, "\\count").project.result().opened.close()
    out, err = capsys.readouterr()
    assert out == 2 * "1 of 3 profiles (33.3 %)\n"
    assert err == "The connection was lost, and is open again.\n"


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_zone_that_the_server_does_not_know(server: Server, uri: str, catalog_file: str) -> None:
    """CONVERT_TZ makes NULL of it: nobody would be a member, without a word."""
    with as_root(server) as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM mysql.time_zone_name WHERE name = 'Africa/Tunis'")
    Path(catalog_file).write_text(CATALOG.replace("Europe/Amsterdam", "Africa/Tunis"), encoding="utf-8")
    for command in (("count", "bought where (hour is 3)"), ("catalog", "check")):
        done = asked(*command, catalog_file=catalog_file, uri=uri)
        assert done.exit_code != 0
        assert "does not know the time zone Africa/Tunis" in done.stdout + done.stderr
        assert server.programs[-1] in done.stdout + done.stderr


def test_mysql_can_be_without_md5(server: Server, uri: str, catalog_file: str) -> None:
    done = asked("count", "random 100%", catalog_file=catalog_file, uri=uri)
    assert done.exit_code == 0, done.output
    with as_root(server) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT VERSION()")
        version = cursor.fetchone()[0]
    done = asked("count", "random 50%", catalog_file=catalog_file, uri=uri)
    if server.dialect == "mysql" and tuple(map(int, version.split("-")[0].split("."))) >= (9, 6):
        assert done.exit_code != 0
        assert "INSTALL COMPONENT 'file://component_classic_hashing'" in done.stderr
    else:
        assert done.exit_code == 0


def test_errors_are_for_people(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="Unknown column 'nope'") as caught:
        warehouse.rows("SELECT nope")
    assert "segql catalog check" in caught.value.hint
    with pytest.raises(WarehouseError, match="more than 38 digits"):
        warehouse.rows("SELECT 9223372036854775807 * 2")


@pytest.mark.parametrize(
    "url",
    [
        "{kind}://ann:hunter2@localhost/shop?unix_socket={socket}",
        "{kind}://nobody:hunter2@localhost/shop?unix_socket={socket}",
        "{kind}://ann:s3cr3t@localhost/hunter?unix_socket={socket}",
        "{kind}://ann:hunter2@127.0.0.1:1/shop",
        "{other}://ann:s3cr3t@localhost/shop?unix_socket={socket}",
        "{kind}://ann:hunter2@localhost/shop?unix_socket=/nowhere",
        "{kind}://ann:hunter2@localhost:port/shop",
        "{kind}://ann:hunt/er2@localhost/shop",
        "{kind}://ann:hunter2@localhost/shop?passwd=hunter2",
        "{kind}://ann:hunter2@localhost/shop?connect_timeout=hunter",
    ],
)
def test_what_cannot_be_opened(server: Server, url: str) -> None:
    other = "mysql" if server.dialect == "mariadb" else "mariadb"
    with pytest.raises(WarehouseError) as caught:
        open_warehouse(url.format(kind=server.dialect, other=other, socket=server.socket))
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.hint + repr(caught.value)
    assert "hunter2" not in shown
    assert "s3cr3t" not in shown
    assert caught.value.hint


def test_the_password_may_stand_elsewhere(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"{server.dialect}://ann@localhost/shop?unix_socket={server.socket}"
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(WarehouseError) as caught:
        open_warehouse(url)
    assert "MYSQL_PWD" in caught.value.hint
    monkeypatch.setenv("MYSQL_PWD", "s3cr3t")
    opened = open_warehouse(url)
    assert opened.rows("SELECT 1") == [(1,)]
    assert "s3cr3t" not in repr(opened) + repr(opened.connection)
    opened.close()
    monkeypatch.delenv("MYSQL_PWD")
    (tmp_path / ".my.cnf").write_text("[client]\npassword=s3cr3t\n")
    opened = open_warehouse(url)
    assert opened.dialect == server.dialect
    opened.close()
