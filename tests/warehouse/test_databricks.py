"""Databricks as a warehouse: its own client, against a server of the tests that speaks its protocol, without TLS."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from segql.cli import main
from segql.warehouse import Warehouse, WarehouseError, open_warehouse

from .fake_databricks import Service
from .stand_in import CATALOG, a_first_catalog, serving

pytestmark = pytest.mark.long  # each starts the command line or a server again and again

sql = pytest.importorskip("databricks.sql")


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Service, int]]:
    service = Service()
    with serving(service) as port:
        yield service, port


@pytest.fixture
def service(server: tuple[Service, int], monkeypatch: pytest.MonkeyPatch) -> Service:
    found = server[0]
    found.status, found.slow, found.errors = 200, (), {}
    found.asked.clear()
    connect = sql.connect

    def without_tls(**way: Any) -> Any:
        return connect(**way, _connection_uri=f"http://127.0.0.1:{way['_port']}{way['http_path']}")

    monkeypatch.setattr(sql, "connect", without_tls)
    return found


@pytest.fixture
def url(server: tuple[Service, int], service: Service) -> str:
    return f"databricks://token:s3cr3t@127.0.0.1:{server[1]}?http_path=/sql/1.0/warehouses/abc&catalog=shop&schema=main"


@pytest.fixture
def warehouse(url: str) -> Iterator[Warehouse]:
    opened = open_warehouse(url)
    yield opened
    opened.close()


def test_count_members_and_check_over_the_command_line(url: str, tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    where = ["--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", url]
    done = CliRunner().invoke(main, ["count", "bought in 30d", "--now", "2026-11-22T10:00Z", *where])
    assert (done.stdout, done.stderr) == ("1 of 3 profiles (33.3 %)\n", "")
    done = CliRunner().invoke(main, ["members", 'country is "NL"', "--format", "csv", *where])
    assert done.stdout == "id\nann\ncem\n"
    done = CliRunner().invoke(main, ["catalog", "check", *where])
    assert (done.stdout, done.stderr) == ("1 event, 0 channels, 0 lists: all fits the warehouse.\n", "")


def test_who_asks_with_which_limits(service: Service, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_warehouse(url, seconds=5).close()
    assert service.asked[0].headers["Authorization"] == "Bearer s3cr3t"
    assert "segql" in service.asked[0].headers["User-Agent"]
    session = service.sessions[-1]
    assert (session["TIMEZONE"], session["STATEMENT_TIMEOUT"], session["catalog"]) == ("UTC", "5", "shop")
    assert {request.path for request in service.asked} == {"/sql/1.0/warehouses/abc"}  # and nobody is told of it
    monkeypatch.setenv("DATABRICKS_TOKEN", "other")
    open_warehouse(url.replace("token:s3cr3t@", ""), seconds=0).close()
    assert service.asked[-1].headers["Authorization"] == "Bearer other"
    assert "STATEMENT_TIMEOUT" not in service.sessions[-1]


def test_values_and_types(warehouse: Warehouse, tmp_path: Path) -> None:
    import duckdb

    assert warehouse.dialect == "databricks"
    assert warehouse.rows("SELECT number, paid, total FROM orders ORDER BY 1") == [
        (1, datetime(2026, 11, 20, 10, tzinfo=UTC), Decimal("12.50")), (2, None, Decimal("3.00")),
    ]  # fmt: skip
    assert warehouse.rows("SELECT born, score, tags, vip FROM people WHERE id = 'ann'") == [
        (date(2000, 1, 31), 1.5, ["new"], True)
    ]
    kinds = {name: (str(type_), type_.family) for name, type_ in warehouse.columns("SELECT * FROM people")}
    assert kinds["tags"] == ("array<string>", "list")
    kinds = {name: (str(type_), type_.family) for name, type_ in warehouse.columns("SELECT * FROM orders")}
    assert kinds["placed"] == ("timestamp_ntz", "timestamp")
    assert kinds["paid"] == ("timestamp", "timestamp with zone")
    assert kinds["total"] == ("decimal(12,2)", "number")
    assert warehouse.arrow("SELECT id, tags FROM people", limit=1).to_pylist() == [{"id": "ann", "tags": ["new"]}]
    assert warehouse.arrow("SELECT id FROM people WHERE id = 'x'").num_rows == 0
    warehouse.write_parquet("SELECT id FROM people", str(tmp_path / "them.parquet"))
    assert duckdb.execute(f"FROM '{tmp_path / 'them.parquet'}'").fetchall() == [("ann",), ("bob",), ("cem",)]
    assert warehouse.tables() == ["orders", "people"]
    assert warehouse.layout("people") is None
    assert warehouse.explain("SELECT id FROM people") == "== Physical Plan ==\nLocalTableScan"


def test_a_first_catalog_is_proposed(service: Service, warehouse: Warehouse) -> None:
    assert a_first_catalog(warehouse, service.tables) == ("customer_id", "customer_id", [])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("SELECT id FROM nope", "does not have what the catalog says: .*nope"),
        ("SELECT nope FROM people", "does not have what the catalog says: .*nope"),
        ("SELECT CAST(country AS bigint) FROM people", "does not fit its type in the catalog"),
        ("SELECT 'right'", r"cannot answer: \[INSUFFICIENT_PERMISSIONS\] User does not have SELECT\.$"),
        ("SELECT 'long'", "did not answer within 600 seconds"),
        ("SELECT 'large'", "are too large"),
    ],
)
def test_errors_are_for_people(service: Service, warehouse: Warehouse, asked: str, said: str) -> None:
    service.errors = {
        "right": "[INSUFFICIENT_PERMISSIONS] User does not have SELECT. SQLSTATE: 42501",
        "long": "Statement timed out: STATEMENT_TIMEOUT of 600 seconds",
        "large": "[ARITHMETIC_OVERFLOW] long overflow. Use 'try_add'. SQLSTATE: 22003",
    }
    with pytest.raises(WarehouseError, match=said):
        warehouse.rows(asked)
    assert warehouse.count("SELECT id FROM people") == 3


def test_a_statement_is_stopped(service: Service, warehouse: Warehouse) -> None:
    service.slow = ("never",)
    threading.Timer(0.2, warehouse.cancel).start()
    with pytest.raises(WarehouseError, match="cannot answer"):
        warehouse.rows("SELECT 'never'")
    assert service.cancelled
    assert warehouse.count("SELECT id FROM people") == 3


def test_no_way_in(service: Service, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    service.status = 403
    with pytest.raises(WarehouseError) as caught:
        open_warehouse(url)
    assert "cannot be opened: the token is wrong" in caught.value.message
    assert "token:***@" in caught.value.message
    monkeypatch.delenv("DATABRICKS_TOKEN", raising=False)
    with pytest.raises(WarehouseError, match="it needs a token"):
        open_warehouse(url.replace("token:s3cr3t@", ""))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("databricks://token:x@127.0.0.1:1?http_path=/sql", "cannot be opened: Connection refused"),
        ("databricks://token:x@host", "lacks a server or its http_path"),
        ("databricks://token:x@host?nope=1", "has an option `nope`, which is unknown"),
    ],
)
def test_nobody_there(url: str, said: str) -> None:
    with pytest.raises(WarehouseError, match=said):
        open_warehouse(url)
