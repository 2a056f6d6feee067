"""Snowflake as a warehouse: its own client behind ADBC, against a server of the tests that speaks its protocol."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from segql.cli import main
from segql.warehouse import Warehouse, WarehouseError, open_warehouse

from .fake_snowflake import Service
from .stand_in import CATALOG, a_first_catalog, serving

pytestmark = pytest.mark.long  # each starts the command line or a server again and again

pytest.importorskip("adbc_driver_snowflake")
URL = "snowflake://ann@127.0.0.1:{port}/LAKE/MAIN?warehouse=small&role=reader&protocol=http"
KEY = "SNOWFLAKE_PRIVATE_KEY_PATH"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Service, int]]:
    service = Service()
    with serving(service) as port:
        yield service, port


@pytest.fixture
def service(server: tuple[Service, int], monkeypatch: pytest.MonkeyPatch) -> Service:
    found = server[0]
    found.denied, found.slow, found.errors = False, (), {}
    for variable in ("SNOWFLAKE_TOKEN", KEY):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("SNOWFLAKE_PASSWORD", "s3cr3t")
    return found


@pytest.fixture
def url(server: tuple[Service, int], service: Service) -> str:
    return URL.format(port=server[1])


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


def test_who_asks_with_which_limits(service: Service, url: str) -> None:
    service.queries.clear()
    open_warehouse(url, seconds=5).close()
    assert (service.logins[-1]["LOGIN_NAME"], service.logins[-1]["PASSWORD"]) == ("ann", "s3cr3t")
    session, roles = service.queries
    assert session.startswith("ALTER SESSION SET TIMEZONE = 'UTC' ")
    assert session.endswith(" STATEMENT_TIMEOUT_IN_SECONDS = 5")
    assert roles == "USE SECONDARY ROLES NONE"
    open_warehouse(url.replace("&role=reader", ""), seconds=10**9).close()
    assert service.queries[2:] == [session.removesuffix("5") + "604800"]


def test_values_and_types(warehouse: Warehouse, tmp_path: Path) -> None:
    import duckdb

    assert warehouse.dialect == "snowflake"
    assert warehouse.table("SELECT number, paid, total FROM orders ORDER BY 1") == (("number", "paid", "total"), [
        (1, datetime(2026, 11, 20, 10, tzinfo=UTC), Decimal("12.50")), (2, None, Decimal("3.00")),
    ])  # fmt: skip
    assert type(warehouse.rows("SELECT number FROM orders")[0][0]) is int
    assert warehouse.rows("SELECT born, score, tags, vip FROM people WHERE id = 'ann'") == [
        (date(2000, 1, 31), 1.5, '["new"]', True)
    ]
    kinds = {
        name: (str(type_), type_.family, type_.element) for name, type_ in warehouse.columns("SELECT * FROM people")
    }
    assert kinds == {
        "id": ("VARCHAR", "text", None), "country": ("VARCHAR", "text", None), "born": ("DATE", "date", None),
        "score": ("FLOAT", "number", None), "tags": ("ARRAY", "list", "any"), "vip": ("BOOLEAN", "boolean", None),
    }  # fmt: skip
    types = {
        name: (str(type_), type_.family, type_.decimals) for name, type_ in warehouse.columns("SELECT * FROM orders")
    }
    assert types["number"] == ("NUMBER(38,0)", "integer", 0)
    assert types["total"] == ("NUMBER(12,2)", "number", 2)
    assert types["placed"][:2] == ("TIMESTAMP_NTZ", "timestamp")
    assert types["paid"][:2] == ("TIMESTAMP_LTZ", "timestamp with zone")
    table = warehouse.arrow("SELECT id, number, paid FROM people JOIN orders ON person = id", limit=1)
    assert [str(column.type) for column in table.schema] == ["string", "decimal128(38, 0)", "timestamp[us, tz=UTC]"]
    assert table.num_rows == 1
    assert warehouse.arrow("SELECT id FROM people WHERE id = 'x'").num_rows == 0
    warehouse.write_parquet("SELECT id FROM people", str(tmp_path / "them.parquet"))
    assert duckdb.execute(f"FROM '{tmp_path / 'them.parquet'}'").fetchall() == [("ann",), ("bob",), ("cem",)]
    assert warehouse.tables() == ["orders", "people"]
    assert warehouse.layout("people") is None
    assert warehouse.explain("SELECT id FROM people") == "GlobalStats:\n    bytesAssigned=4096"
    assert warehouse.size("SELECT id FROM people") == 4096


def test_a_first_catalog_is_proposed(service: Service, warehouse: Warehouse) -> None:
    assert a_first_catalog(warehouse, service.tables) == ("customer_id", "customer_id", [])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "SELECT id FROM nope",
            "does not have what the catalog says: SQL compilation error: Object 'NOPE' does not exist",
        ),
        ("SELECT nope FROM people", "does not have what the catalog says: SQL compilation error: .* 'NOPE'"),
        ("SELECT CAST(country AS bigint) FROM people", "does not fit its type in the catalog: Numeric value 'NL'"),
        ("SELECT 'right'", "cannot answer: SQL access control error: Insufficient privileges"),
        ("SELECT 'long'", "did not answer within 600 seconds"),
        ("SELECT 'large'", "are too large"),
    ],
)
def test_errors_are_for_people(service: Service, warehouse: Warehouse, asked: str, said: str) -> None:
    service.errors = {
        "right": ("003001", "42501", "SQL access control error:\nInsufficient privileges to operate on table 'PEOPLE'"),
        "long": ("000630", "57014", "Statement reached its statement or warehouse timeout of 600 second(s)"),
        "large": ("100039", "22003", "Number out of representable range: integer overflow"),
    }
    with pytest.raises(WarehouseError, match=said):
        warehouse.rows(asked)
    assert warehouse.count("SELECT id FROM people") == 3


def test_a_statement_is_stopped(service: Service, warehouse: Warehouse) -> None:
    service.slow = ("never",)
    threading.Timer(0.2, warehouse.cancel).start()
    with pytest.raises(WarehouseError, match="cannot answer: the statement was stopped"):
        warehouse.rows("SELECT 'never'")
    assert service.stopped.wait(5)
    assert warehouse.count("SELECT id FROM people") == 3


def test_ways_in(service: Service, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    service.denied = True
    with pytest.raises(WarehouseError, match=r"ann:\*\*\*@.*cannot be opened: Incorrect username or password"):
        open_warehouse(url.replace("ann@", "ann:s3cr3t@"))
    monkeypatch.delenv("SNOWFLAKE_PASSWORD")
    with pytest.raises(WarehouseError, match="it needs a password, a token or a key") as caught:
        open_warehouse(url)
    assert "SNOWFLAKE_TOKEN" in caught.value.hint
    service.denied = False
    monkeypatch.setenv("SNOWFLAKE_TOKEN", "t0k3n")
    open_warehouse(url).close()
    assert service.logins[-1]["AUTHENTICATOR"] == "PROGRAMMATIC_ACCESS_TOKEN"
    assert service.logins[-1]["TOKEN"] == "t0k3n"
    monkeypatch.delenv("SNOWFLAKE_TOKEN")
    monkeypatch.setenv(KEY, str(tmp_path / "nothing.pem"))
    with pytest.raises(WarehouseError, match=r"nothing\.pem is no private key"):
        open_warehouse(url)
    (tmp_path / "nothing.pem").write_text(_key())
    open_warehouse(url).close()
    assert service.logins[-1]["AUTHENTICATOR"] == "SNOWFLAKE_JWT"


def _key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    plain = serialization.NoEncryption()
    made = generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain
    )
    return made.decode()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("snowflake://ann:x@127.0.0.1:1/LAKE", "cannot be opened: Connection refused"),
        ("snowflake:///LAKE/MAIN", "has no account where one should be"),
        ("snowflake://ann:x@account/a/b/c", "has no account where one should be"),
        ("snowflake://ann:x@account/a?auth=nope", "has an unknown `auth`"),
        ("snowflake://ann:x@account/a?nope=1", "has an option `nope`, which is unknown"),
    ],
)
def test_nobody_there(url: str, said: str) -> None:
    with pytest.raises(WarehouseError, match=said):
        open_warehouse(url)
