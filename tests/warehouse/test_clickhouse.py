"""ClickHouse as a warehouse: its own client over HTTP, and its engine in this process (`fake_clickhouse`)."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from segql.cli import main
from segql.discovery import cleaned, look, propose
from segql.warehouse import Warehouse, WarehouseError, open_warehouse
from segql.warehouse.clickhouse_types import column_type

from ..engines import ClickHouse
from .fake_clickhouse import Service, path_of
from .stand_in import CATALOG, serving

pytestmark = [pytest.mark.clickhouse, pytest.mark.parametrize("engine", ["clickhouse"], indirect=True)]
pytest.importorskip("clickhouse_connect")

SHOP = (
    "DROP DATABASE IF EXISTS web", "CREATE DATABASE web",
    "CREATE TABLE web.people (id String, country LowCardinality(String), born Nullable(Date32), score"
    " Nullable(Float64), tags Array(String), vip Nullable(Bool), number UUID,"
    " kind Enum8('a' = 1), code FixedString(2),"
    " extra Map(String, Int8)) ENGINE = MergeTree ORDER BY id",
    "INSERT INTO web.people VALUES"
    " ('ann', 'NL', '2000-01-31', 1.5, ['new'], true, '00000000-0000-0000-0000-000000000001', 'a', 'xy', map('k', 1)),"
    " ('bob', 'BE', NULL, NULL, [], false, '00000000-0000-0000-0000-000000000002', 'a', 'xy', map()),"
    " ('cem', 'NL', NULL, 2, [], NULL, '00000000-0000-0000-0000-000000000003', 'a', 'xy', map())",
    "CREATE TABLE web.orders (number Int64, person String, placed DateTime('Asia/Tokyo'),"
    " paid Nullable(DateTime64(6, 'UTC')), total Decimal(10, 2)) ENGINE = MergeTree ORDER BY (person, placed)",
    "INSERT INTO web.orders VALUES (1, 'ann', '2026-11-20 19:00:00', '2026-11-20 10:00:00', 12.5),"
    " (2, 'bob', '2026-01-20 19:00:00', NULL, 3)",
)  # fmt: skip


@pytest.fixture
def service(engine: ClickHouse) -> Iterator[Service]:
    for statement in SHOP:
        engine.do(statement)
    yield Service(path_of(engine))
    engine.do("DROP DATABASE web")


@pytest.fixture
def url(service: Service) -> Iterator[str]:
    with serving(service) as port:
        yield f"clickhouse://ann:s3cr3t@127.0.0.1:{port}/web"


@pytest.fixture
def warehouse(url: str) -> Iterator[Warehouse]:
    opened = open_warehouse(url)
    yield opened
    opened.close()


def asked(*arguments: str, url: str, tmp_path: Path) -> Result:
    catalog = CATALOG.replace("time: {column: placed, zone: UTC}", "time: placed")
    (tmp_path / "catalog.yaml").write_text(catalog, encoding="utf-8")
    return CliRunner().invoke(main, [*arguments, "--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", url])


def test_count_members_and_check_over_the_command_line(url: str, tmp_path: Path) -> None:
    done = asked("count", "bought in 30d", "--now", "2026-11-22T10:00Z", url=url, tmp_path=tmp_path)
    assert (done.stdout, done.stderr) == ("1 of 3 profiles (33.3 %)\n", "")
    done = asked("members", 'country is "NL"', "--format", "csv", url=url, tmp_path=tmp_path)
    assert done.stdout == "id\nann\ncem\n"
    done = asked("catalog", "check", url=url, tmp_path=tmp_path)
    assert (done.stdout, done.stderr) == ("1 event, 0 channels, 0 lists: all fits the warehouse.\n", "")


def test_a_catalog_that_does_not_fit(url: str, engine: ClickHouse, tmp_path: Path) -> None:
    engine.do("ALTER TABLE web.people DROP COLUMN score")
    engine.do("ALTER TABLE web.orders MODIFY COLUMN total String")
    done = asked("catalog", "check", url=url, tmp_path=tmp_path)
    assert done.exit_code == 1
    assert "score" in done.stdout
    assert "is String" in done.stdout


def test_values_and_types(warehouse: Warehouse, tmp_path: Path) -> None:
    import duckdb

    assert warehouse.dialect == "clickhouse"
    assert warehouse.rows("SELECT number, paid, total, placed FROM orders ORDER BY 1") == [
        (1, datetime(2026, 11, 20, 10, tzinfo=UTC), Decimal("12.50"), datetime(2026, 11, 20, 10, tzinfo=UTC)),
        (2, None, Decimal("3.00"), datetime(2026, 1, 20, 10, tzinfo=UTC)),
    ]
    assert warehouse.rows("SELECT born, score, tags, vip, number, kind, code FROM people WHERE id = 'ann'") == [
        (date(2000, 1, 31), 1.5, ["new"], True, "00000000-0000-0000-0000-000000000001", "a", "xy")
    ]
    columns = warehouse.columns("SELECT * FROM people")
    assert [(name, type_.family, type_.element) for name, type_ in columns] == [
        ("id", "text", None), ("country", "text", None), ("born", "date", None), ("score", "number", None),
        ("tags", "list", "text"), ("vip", "boolean", None), ("number", "uuid", None), ("kind", "text", None),
        ("code", "text", None), ("extra", "other", None),
    ]  # fmt: skip
    kinds = {name: type_.family for name, type_ in warehouse.columns("SELECT * FROM orders")}
    assert kinds["placed"] == kinds["paid"] == "timestamp with zone"
    table = warehouse.arrow("SELECT number, placed, paid, total FROM orders")
    assert list(map(str, table.schema.types)) == [
        "int64", "timestamp[us, tz=UTC]", "timestamp[us, tz=UTC]", "decimal128(10, 2)",
    ]  # fmt: skip
    assert warehouse.arrow("SELECT id, tags FROM people", limit=1).to_pylist() == [{"id": "ann", "tags": ["new"]}]
    assert warehouse.arrow("SELECT id FROM people WHERE id = 'x'").num_rows == 0
    assert warehouse.arrow("SELECT extra FROM people", limit=3).to_pylist()[-1] == {"extra": "{'k': 1}"}
    warehouse.write_parquet("SELECT id FROM people", str(tmp_path / "them.parquet"))
    assert duckdb.execute(f"FROM '{tmp_path / 'them.parquet'}'").fetchall() == [("ann",), ("bob",), ("cem",)]
    key, keys = warehouse.members("SELECT number FROM numbers(200000)")
    assert (key, [*keys]) == ("number", [*range(200_000)])


@pytest.mark.parametrize(
    ("said", "family", "decimals"),
    [
        ("LowCardinality(Nullable(String))", "text", None), ("Nullable(Decimal(18, 4))", "number", 4),
        ("Array(Nullable(Int32))", "list", None), ("Tuple(a Int8)", "other", None), ("JSON", "any", None),
        ("UInt256", "integer", None), ("DateTime", "timestamp with zone", None),
    ],
)  # fmt: skip
def test_types(engine: ClickHouse, said: str, family: str, decimals: int | None) -> None:
    assert (column_type(said).family, column_type(said).decimals) == (family, decimals)


def test_tables_and_plans(warehouse: Warehouse) -> None:
    assert [name for name in warehouse.tables() if "." not in name] == ["orders", "people"]
    assert warehouse.layout("people") is None
    assert "ReadFromMergeTree (web.people)" in warehouse.explain("SELECT id FROM people")


def test_a_first_catalog_is_proposed(engine: ClickHouse, warehouse: Warehouse) -> None:
    engine.do(
        "CREATE TABLE web.customers ENGINE = Log AS SELECT number AS customer_id, 'c' || number AS email"
        " FROM numbers(9)"
    )
    engine.do("CREATE TABLE web.visits ENGINE = Log AS SELECT number AS visit_id, number % 9 AS customer_id,"
              " toDateTime('2026-01-01 10:00:00') AS visited_at FROM numbers(20)")  # fmt: skip
    draft = propose(look(warehouse, ["customers", "visits"]))
    assert draft.data["profiles"]["key"] == draft.data["events"]["visited"]["profile"] == "customer_id"
    assert [*cleaned(draft, warehouse, [], "catalog.yaml").errors] == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT id FROM nope", "does not have what the catalog says: .*nope"),
        ("SELECT nope FROM people", "does not have what the catalog says: .*nope"),
        ("SELECT toInt64(country) FROM people", "does not fit its type in the catalog: Cannot parse"),
        ("SELECT toDecimal32(100000000000, 2)", "are too large"),
        ("SELECT sleep(3) SETTINGS max_execution_time = 1", "did not answer within 600 seconds"),
    ],
)  # fmt: skip
def test_errors_are_for_people(warehouse: Warehouse, sql: str, said: str) -> None:
    """And show neither the statement nor the server's version."""
    with pytest.raises(WarehouseError, match=said) as caught:
        warehouse.rows(sql)
    assert "SELECT" not in caught.value.message
    assert "version" not in caught.value.message
    assert warehouse.count("SELECT id FROM people") == 3


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO people (id) VALUES ('dan')", "CREATE TABLE t (x Int8) ENGINE = Log", "DROP TABLE people",
        "ALTER TABLE people DELETE WHERE true", "TRUNCATE TABLE people", "SET readonly = 0",
    ],
)  # fmt: skip
def test_what_writes_does_not_run(engine: ClickHouse, warehouse: Warehouse, sql: str) -> None:
    with pytest.raises(WarehouseError, match=r"cannot answer|does not have"):
        warehouse.rows(sql)
    with pytest.raises(WarehouseError, match="readonly"):
        warehouse.doing(lambda: warehouse.connection.do(sql))  # type: ignore[attr-defined]
    assert engine.rows("SELECT count() FROM web.people") == [(3,)]


def test_what_is_sent(service: Service, url: str) -> None:
    open_warehouse(url, seconds=5).rows("SELECT 1")
    sent = service.asked[-1]
    for said in ("readonly=2", "max_execution_time=5", "max_query_size=100000000", "session_id=", "query_id="):
        assert said in sent.path
    assert "s3cr3t" not in sent.path
    assert "segql" in sent.headers["User-Agent"]


def test_a_statement_is_stopped(service: Service, warehouse: Warehouse) -> None:
    service.slow = ("never",)
    threading.Timer(0.3, warehouse.cancel).start()
    with pytest.raises(WarehouseError, match=r"The statement was stopped\."):
        warehouse.rows("SELECT 'never'")
    assert len(service.killed) == 1
    assert warehouse.count("SELECT id FROM people") == 3


def test_passwords(service: Service, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    service.password = "ann:s3cr3t"
    open_warehouse(url).close()
    bare = url.replace(":s3cr3t", "")
    monkeypatch.setenv("CLICKHOUSE_PASSWORD", "wr0ng")
    with pytest.raises(WarehouseError) as caught:
        open_warehouse(bare)
    said = "".join(traceback.format_exception(caught.value))
    assert "cannot be opened: ann: Authentication failed." in said
    assert "wr0ng" not in said
    monkeypatch.setenv("CLICKHOUSE_PASSWORD", "s3cr3t")
    open_warehouse(bare).close()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("clickhouse://127.0.0.1:1/web", "nobody answers there"), ("clickhouse:///web", "no server"),
        ("clickhouse://host/a/b", "no server"), ("clickhouse://host:x/web", "no port"),
        ("clickhouse://host/web?secure=1", "an option `secure`"),
        ("clickhouse://host/web?connect_timeout=x", "no number of seconds"),
    ],
)  # fmt: skip
def test_what_is_no_warehouse(engine: ClickHouse, given: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WarehouseError, match=said):
        open_warehouse(given)
    assert capfd.readouterr().err == ""


def test_what_answers_is_none(service: Service, url: str) -> None:
    service.status = 502
    with pytest.raises(WarehouseError, match="cannot be opened: what answers there is no ClickHouse"):
        open_warehouse(url)
