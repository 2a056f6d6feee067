"""Trino as a warehouse: its own client, against a server of the tests that speaks its protocol."""

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
from segql.warehouse import Warehouse, WarehouseError, open_warehouse

from .fake_trino import Service
from .stand_in import CATALOG, a_first_catalog, serving

pytestmark = pytest.mark.long  # each starts the command line or a server again and again

pytest.importorskip("trino")


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Service, int]]:
    service = Service()
    with serving(service) as port:
        yield service, port


@pytest.fixture
def service(server: tuple[Service, int]) -> Service:
    found = server[0]
    found.size, found.status, found.slow, found.errors = 0, 200, (), {}
    found.asked.clear()
    return found


@pytest.fixture
def url(server: tuple[Service, int], service: Service) -> str:
    return f"trino://ann@127.0.0.1:{server[1]}/lake/shop"


@pytest.fixture
def warehouse(url: str) -> Iterator[Warehouse]:
    opened = open_warehouse(url)
    yield opened
    opened.close()


def asked(*arguments: str, url: str, tmp_path: Path) -> Result:
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    return CliRunner().invoke(main, [*arguments, "--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", url])


def test_count_members_and_check_over_the_command_line(url: str, tmp_path: Path) -> None:
    done = asked("count", "bought in 30d", "--now", "2026-11-22T10:00Z", url=url, tmp_path=tmp_path)
    assert (done.stdout, done.stderr) == ("1 of 3 profiles (33.3 %)\n", "")
    done = asked("members", 'country is "NL"', "--format", "csv", url=url, tmp_path=tmp_path)
    assert done.stdout == "id\nann\ncem\n"
    done = asked("catalog", "check", url=url, tmp_path=tmp_path)
    assert (done.stdout, done.stderr) == ("1 event, 0 channels, 0 lists: all fits the warehouse.\n", "")


def test_who_asks_what_with_which_limits(service: Service, url: str) -> None:
    open_warehouse(url + "?role=reader", seconds=5, max_bytes=1000).close()
    sent = service.asked[0].headers
    assert sent["X-Trino-User"] == "ann"
    assert (sent["X-Trino-Catalog"], sent["X-Trino-Schema"], sent["X-Trino-Time-Zone"]) == ("lake", "shop", "UTC")
    assert sent["X-Trino-Role"] == "system=ROLE%7Breader%7D"
    assert sent["X-Trino-Session"] == "query_max_run_time=5s,query_max_scan_physical_bytes=1000B"
    open_warehouse(url, seconds=0).close()
    assert "query_max_run_time" not in service.asked[-1].headers.get("X-Trino-Session", "")


def test_values_and_types(warehouse: Warehouse, tmp_path: Path) -> None:
    import duckdb

    assert warehouse.dialect == "trino"
    assert warehouse.rows("SELECT number, paid, total FROM orders ORDER BY 1") == [
        (1, datetime(2026, 11, 20, 10, tzinfo=UTC), Decimal("12.50")), (2, None, Decimal("3.00")),
    ]  # fmt: skip
    assert warehouse.rows("SELECT born, score, tags, vip FROM people WHERE id = 'ann'") == [
        (date(2000, 1, 31), 1.5, ["new"], True)
    ]
    columns = warehouse.columns("SELECT * FROM people")
    assert [(name, str(type_), type_.family, type_.element) for name, type_ in columns] == [
        ("id", "varchar", "text", None), ("country", "varchar", "text", None), ("born", "date", "date", None),
        ("score", "double", "number", None), ("tags", "array(varchar)", "list", "text"),
        ("vip", "boolean", "boolean", None),
    ]  # fmt: skip
    kinds = {name: (str(type_), type_.family) for name, type_ in warehouse.columns("SELECT * FROM orders")}
    assert kinds["placed"] == ("timestamp(6)", "timestamp")
    assert kinds["paid"] == ("timestamp(6) with time zone", "timestamp with zone")
    assert kinds["total"] == ("decimal(12,2)", "number")
    table = warehouse.arrow("SELECT number, placed, paid, total FROM orders")
    assert list(map(str, table.schema.types)) == [
        "int64",
        "timestamp[us]",
        "timestamp[us, tz=UTC]",
        "decimal128(12, 2)",
    ]
    assert warehouse.arrow("SELECT id, tags FROM people", limit=1).to_pylist() == [{"id": "ann", "tags": ["new"]}]
    assert warehouse.arrow("SELECT id FROM people WHERE id = 'x'").num_rows == 0
    assert warehouse.arrow("SELECT MAP(ARRAY['a'], ARRAY[1]) AS m").to_pylist() == [{"m": "{'a': 1}"}]
    warehouse.write_parquet("SELECT id FROM people", str(tmp_path / "them.parquet"))
    assert duckdb.execute(f"FROM '{tmp_path / 'them.parquet'}'").fetchall() == [("ann",), ("bob",), ("cem",)]


def test_tables_and_plans(service: Service, warehouse: Warehouse) -> None:
    service.tables.duckdb.execute("CREATE SCHEMA IF NOT EXISTS shop; CREATE OR REPLACE VIEW shop.v AS SELECT 1 AS one")
    assert warehouse.tables() == ["main.orders", "main.people", "v"]
    assert warehouse.layout("people") is None
    assert warehouse.explain("SELECT id FROM people") == "Fragment 0 [SINGLE]\n  Output"


def test_a_first_catalog_is_proposed(service: Service, warehouse: Warehouse) -> None:
    assert a_first_catalog(warehouse, service.tables) == ("customer_id", "customer_id", [])


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT id FROM nope", "does not have what the catalog says: .*nope"),
        ("SELECT nope FROM people", "does not have what the catalog says: .*nope"),
        ("SELECT CAST(country AS bigint) FROM people", "does not fit its type in the catalog"),
    ],
)
def test_errors_are_for_people(warehouse: Warehouse, sql: str, said: str) -> None:
    with pytest.raises(WarehouseError, match=said):
        warehouse.rows(sql)
    assert warehouse.count("SELECT id FROM people") == 3


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("PERMISSION_DENIED", "cannot answer: It ends in"),
        ("EXCEEDED_TIME_LIMIT", "did not answer within 600 seconds"),
        ("NUMERIC_VALUE_OUT_OF_RANGE", "are too large"), ("SCHEMA_NOT_FOUND", "does not have what the catalog says"),
        ("CLUSTER_OUT_OF_MEMORY", "cannot answer: It ends in"),
    ],
)  # fmt: skip
def test_errors_of_the_server(service: Service, warehouse: Warehouse, kind: str, said: str) -> None:
    service.errors = {"ends": kind}
    with pytest.raises(WarehouseError, match=said):
        warehouse.rows("SELECT 'ends'")


def test_too_many_bytes(service: Service, url: str, tmp_path: Path) -> None:
    service.size = 2000
    with pytest.raises(WarehouseError) as caught:
        open_warehouse(url, max_bytes=1000).rows("SELECT 1")
    assert "limit of 1000B" in caught.value.message
    done = asked("count", "everyone", "--max-bytes", "5000", url=url, tmp_path=tmp_path)
    assert done.stdout == "3 of 3 profiles (100 %)\n"


def test_a_statement_is_stopped(service: Service, warehouse: Warehouse) -> None:
    service.slow = ("never",)
    began = len(service.queries)
    threading.Timer(0.2, warehouse.cancel).start()
    with pytest.raises(WarehouseError, match=r"The statement was stopped\."):
        warehouse.rows("SELECT 'never'")
    assert service.cancelled[-1] == f"query_{began}"
    assert warehouse.count("SELECT id FROM people") == 3


def test_passwords(service: Service, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One needs TLS, which is asked for where there is one; none is shown."""
    monkeypatch.setenv("TRINO_PASSWORD", "s3cr3t")
    with pytest.raises(WarehouseError, match="is not encrypted"):
        open_warehouse(url + "?ssl=false")
    with_one = url.replace("ann", "ann:" + "hunter2"[:])
    with pytest.raises(WarehouseError) as caught:
        open_warehouse(with_one)
    assert "cannot be opened: SSLError" in caught.value.message
    assert "ann:***@" in caught.value.message
    assert "ter2" not in "".join(traceback.format_exception(caught.value)).replace('"hunter2"[:]', "")
    assert not service.asked
    monkeypatch.delenv("TRINO_PASSWORD")
    service.status = 401
    with pytest.raises(WarehouseError, match="cannot be opened: the user or the password is wrong"):
        open_warehouse(url)
    service.status = 404
    with pytest.raises(WarehouseError, match=r"cannot be opened: error 404.*Go away"):
        open_warehouse(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("trino://ann@127.0.0.1:1/lake", "cannot be opened: Connection refused"),
        ("trino:///lake/shop", "has no server where one should be"),
        ("trino://host/a/b/c", "has no server where one should be"),
        (f"trino://{'a' * 80}.example/lake", "cannot be opened: .*label empty or too long"),
        ("trino://host:port/lake", "no port where one should be"),
        ("trino://host/lake?nope=1", "has an option `nope`, which is unknown"),
    ],
)
def test_nobody_there(url: str, said: str) -> None:
    with pytest.raises(WarehouseError, match=said):
        open_warehouse(url)
