"""BigQuery as a warehouse: Google's own client against a server that speaks its protocol (`fake_bigquery.py`)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from segql.cli import main
from segql.console.setup import Setup
from segql.repl.live import Live, Verdict
from segql.repl.toolbar import toolbar
from segql.warehouse import Warehouse, WarehouseError, open_warehouse

from ..repl.sessions import begun, said
from .fake_bigquery import Service, serving

if find_spec("google.cloud") is None:  # to import it takes a second
    pytest.skip("BigQuery's client is not installed", allow_module_level=True)

URL = "bigquery://project/shop?location=EU"
CATALOG = """\
profiles:
  table: people
  key: id
  properties: {country: text, tags: list of text}
events:
  bought: {table: orders, profile: person, time: happened}
"""
TABLES = """
CREATE TABLE people (id VARCHAR, country VARCHAR, tags VARCHAR[]);
INSERT INTO people VALUES ('ann', 'NL', ['x']), ('bob', 'BE', NULL), ('cem', 'NL', []);
CREATE TABLE orders (person VARCHAR, happened TIMESTAMPTZ);
INSERT INTO orders VALUES ('ann', '2026-11-20 10:00:00+00'), ('bob', '2026-01-20 10:00:00+00');
"""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(TABLES)
    found = Service(connection, size=1_300_000_000)
    with serving(found) as address:
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", address)
        yield found


@pytest.fixture
def warehouse(service: Service) -> Iterator[Warehouse]:
    opened = open_warehouse(URL)
    yield opened
    opened.close()


def asked(*arguments: str, tmp_path: Path, url: str = URL) -> Result:
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    return CliRunner().invoke(main, [*arguments, "--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", url])


def test_the_bytes_are_said_before_the_query_runs(service: Service, tmp_path: Path) -> None:
    done = asked("count", "bought in 30d", "--now", "2026-11-22T10:00Z", tmp_path=tmp_path)
    assert done.stdout == "1 of 3 profiles (33.3 %)\n"
    assert done.stderr == "This reads 1.3 GB.\n"  # the members and the profiles, by one statement
    assert [bool(query.get("dryRun")) for query in service.queries] == [True, False]
    assert {query["query"]["defaultDataset"]["datasetId"] for query in service.queries} == {"shop"}
    assert {query.get("jobTimeoutMs") for query in service.queries} == {"600000"}


def test_a_session_says_what_a_count_reads_and_asks_only_at_enter(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    state, live = begun(Setup(catalog=str(tmp_path / "catalog.yaml"), warehouse=URL, now="2026-11-22T10:00Z")), Live()
    asyncio.run(live.follow("bought in 30d", state, lambda: None))
    assert live.verdict == Verdict("bought in 30d", costs="reads 1.3 GB")
    assert "a count reads 1.3 GB" in str(toolbar("bought in 30d", 13, live, state, width=80))
    assert all(query.get("dryRun") for query in service.queries)
    live.close()
    said(state, "bought in 30d")
    assert capsys.readouterr() == ("1 of 3 profiles (33.3 %)\n", "read 1.3 GB\n")


def test_members_in_pages(service: Service, tmp_path: Path) -> None:
    done = asked("members", 'country is "NL"', "--format", "csv", tmp_path=tmp_path)
    assert (done.stdout, done.stderr) == ("id\nann\ncem\n", "This reads 1.3 GB.\n")
    service.tables.execute("CREATE TABLE many AS SELECT range AS id FROM range(2500)")
    key, keys = open_warehouse(URL).members("SELECT id FROM many")
    assert (key, list(keys)) == ("id", list(range(2500)))
    assert open_warehouse(URL).arrow("SELECT id FROM many", limit=2).to_pydict() == {"id": [0, 1]}


def test_parquet(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.write_parquet("SELECT id FROM people", str(tmp_path / "them.parquet"))
    assert duckdb.execute(f"SELECT id FROM '{tmp_path / 'them.parquet'}'").fetchall() == [("ann",), ("bob",), ("cem",)]


def test_more_than_the_limit_is_refused(service: Service, tmp_path: Path) -> None:
    done = asked("count", "everyone", "--max-bytes", "1000", tmp_path=tmp_path)
    assert done.exit_code == 3
    assert "would read more than --max-bytes allows" in done.stderr
    assert "1300000000 or higher required" in done.stderr


def test_the_catalog_is_checked_by_dry_runs_where_they_do(service: Service, tmp_path: Path) -> None:
    done = asked("catalog", "check", tmp_path=tmp_path)
    assert (done.stdout, done.stderr) == ("1 event, 0 channels, 0 lists: all fits the warehouse.\n", "")


def test_columns_and_tables(warehouse: Warehouse) -> None:
    columns = warehouse.columns("SELECT * FROM people")
    found = {name: (type_.said, type_.family, type_.element) for name, type_ in columns}
    assert found == {
        "id": ("STRING", "text", None), "country": ("STRING", "text", None), "tags": ("ARRAY<STRING>", "list", "text"),
    }  # fmt: skip
    assert dict(warehouse.columns("SELECT * FROM orders"))["happened"].family == "timestamp with zone"
    assert sorted(warehouse.tables()) == ["orders", "people"]
    assert warehouse.explain("SELECT * FROM people") == "reads 1.3 GB"


def test_errors_are_for_people(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="Unrecognized name: nope") as caught:
        warehouse.rows("SELECT nope FROM people")
    assert "segql catalog check" in caught.value.hint
    assert "http" not in caught.value.message
    with pytest.raises(WarehouseError, match="Not found: Table"):
        warehouse.rows("SELECT * FROM nope")


def test_what_writes_does_not_run(service: Service, warehouse: Warehouse) -> None:
    service.kind = "DELETE"
    with pytest.raises(WarehouseError, match="only reads"):
        warehouse.rows("SELECT id FROM people")
    assert service.jobs == {}


def test_a_query_is_cancelled(service: Service, warehouse: Warehouse) -> None:
    service.slow.add("people")
    timer = threading.Timer(0.5, warehouse.cancel)
    timer.start()
    with pytest.raises(WarehouseError, match="cancelled"):
        warehouse.rows("SELECT * FROM people")
    timer.join()
    assert service.cancelled


@pytest.mark.parametrize("url", ["bigquery://", "bigquery://project/a/b", "bigquery://project/shop?place=EU"])
def test_what_is_no_name_of_a_warehouse(url: str) -> None:
    with pytest.raises(WarehouseError) as caught:
        open_warehouse(url)
    assert caught.value.hint == "bigquery://PROJECT/DATASET?location=EU"


def test_nobody_is_logged_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BIGQUERY_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(WarehouseError, match="cannot be opened") as caught:
        open_warehouse(URL)
    assert caught.value.hint == "gcloud auth application-default login"
