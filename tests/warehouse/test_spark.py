"""Spark as a warehouse: Spark Connect at a URL, and the caller's session. The server is Sail, which needs no Java; what
a JVM says is asked of Spark itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from segql.cli import main
from segql.discovery import cleaned, look, propose
from segql.warehouse import Warehouse, WarehouseError, open_spark, open_warehouse

from ..engines import Spark
from ..engines.spark import serve

CATALOG = """\
profiles:
  table: global_temp.people
  key: id
  properties: {country: text, score: number, tags: list of text}
events:
  bought: {table: global_temp.orders, profile: person, time: {column: at, zone: UTC}}
"""
TABLES = {
    "people": "SELECT * FROM VALUES ('ann', 'NL', 1.5, ARRAY('x')), ('bob', 'BE', 2, NULL), ('cem', 'NL', NULL, NULL)"
    " AS t(id, country, score, tags)",
    "orders": "SELECT * FROM VALUES ('ann', TIMESTAMP_NTZ '2026-11-20 10:00:00'),"
    " ('bob', TIMESTAMP_NTZ '2026-01-20 10:00:00')"
    " AS t(person, at)",
}


@pytest.fixture(scope="module", params=[pytest.param("", marks=pytest.mark.sail)])
def url() -> Iterator[str]:
    server, found = serve()
    yield found
    server.stop()


@pytest.fixture(scope="module")
def session(url: str) -> Iterator[Any]:
    """A session that has made the tables, where other sessions see them too."""
    from pyspark.sql.connect.session import SparkSession

    found = SparkSession.builder.remote(url).create()
    for name, query in TABLES.items():
        found.sql(f"CREATE OR REPLACE GLOBAL TEMPORARY VIEW {name} AS {query}").collect()
    yield found
    found.stop()


@pytest.fixture
def warehouse(session: Any) -> Warehouse:
    return open_spark(session, "The lake")


def asked(*arguments: str, url: str, tmp_path: Path) -> Result:
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    return CliRunner().invoke(main, [*arguments, "--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", url])


def test_a_session_of_the_callers(warehouse: Warehouse, session: Any) -> None:
    assert warehouse.dialect == "spark"
    assert warehouse.rows("SELECT 1, 'a'") == [(1, "a")]
    assert warehouse.count("SELECT * FROM global_temp.people") == 3
    key, keys = warehouse.members("SELECT id FROM global_temp.people", limit=2)
    assert (key, list(keys)) == ("id", ["ann", "bob"])
    assert warehouse.arrow("SELECT id FROM global_temp.people", limit=1).to_pydict() == {"id": ["ann"]}
    warehouse.close()
    assert session.sql("SELECT 1").collect()


def test_columns_and_tables(warehouse: Warehouse) -> None:
    columns = warehouse.columns("SELECT * FROM global_temp.people")
    found = {name: (type_.said, type_.family, type_.element) for name, type_ in columns}
    assert found["id"] == ("string", "text", None)
    assert found["score"][1] == "number"
    assert found["tags"] == ("array<string>", "list", "text")
    assert dict(warehouse.columns("SELECT * FROM global_temp.orders"))["at"].family == "timestamp"
    assert warehouse.explain("SELECT * FROM global_temp.people")


def test_parquet(warehouse: Warehouse, tmp_path: Path) -> None:
    import duckdb

    warehouse.write_parquet("SELECT id FROM global_temp.people", str(tmp_path / "them.parquet"))
    assert duckdb.execute(f"SELECT id FROM '{tmp_path / 'them.parquet'}'").fetchall() == [("ann",), ("bob",), ("cem",)]


def test_errors_are_for_people(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="The lake"):
        warehouse.rows("SELECT nope FROM global_temp.people")
    with pytest.raises(WarehouseError, match="does not fit its type"):
        warehouse.rows("SELECT CAST('x' AS INT)")


@pytest.mark.parametrize("engine", [pytest.param("spark", marks=pytest.mark.spark)], indirect=True)
def test_errors_of_a_jvm_are_for_people(engine: Spark) -> None:
    warehouse = open_spark(engine.session, "The lake")
    with pytest.raises(WarehouseError, match=r"The lake does not have .* `nope`"):
        warehouse.rows("SELECT nope")
    with pytest.raises(WarehouseError, match="does not fit its type"):
        warehouse.rows("SELECT CAST('x' AS INT)")
    for large in ("9223372036854775807 * 2", "SUM(CAST('9e37' AS DECIMAL(38))) FROM VALUES (1), (2), (3)"):
        with pytest.raises(WarehouseError, match="more than 38 digits"):
            warehouse.rows(f"SELECT {large}")
    assert warehouse.counts("SELECT 1", "SELECT 1 UNION ALL SELECT 2") == [1, 2]


@pytest.mark.usefixtures("session")
def test_count_and_check_over_the_command_line(url: str, tmp_path: Path) -> None:
    done = asked("count", "bought in 30d", "--now", "2026-11-22T10:00Z", url=url, tmp_path=tmp_path)
    assert (done.stdout, done.stderr) == ("1 of 3 profiles (33.3 %)\n", "")
    done = asked("members", 'country is "NL"', "--format", "csv", url=url, tmp_path=tmp_path)
    assert done.stdout == "id\nann\ncem\n"
    done = asked("catalog", "check", url=url, tmp_path=tmp_path)
    assert done.stdout == "1 event, 0 channels, 0 lists: all fits the warehouse.\n"


@pytest.mark.usefixtures("url")
def test_nobody_there() -> None:
    with pytest.raises(WarehouseError) as caught:
        open_warehouse("sc://127.0.0.1:1/;token=s3cr3t")
    assert "s3cr3t" not in caught.value.message
    assert "sc://127.0.0.1:1/;token=*** cannot be opened" in caught.value.message
    assert "Connection refused" in caught.value.message


def test_a_first_catalog_is_proposed(session: Any, warehouse: Warehouse) -> None:
    views = {
        "customers": "SELECT id AS customer_id, concat('c', id) AS email FROM range(9)",
        "visits": "SELECT id AS visit_id, id % 9 AS customer_id, TIMESTAMP '2026-01-01 10:00:00' AS visited_at"
        " FROM range(20)",
    }
    for name, query in views.items():
        session.sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {query}").collect()
    draft = propose(look(warehouse, ["customers", "visits"]))
    assert draft.data["profiles"]["key"] == "customer_id"
    assert draft.data["events"]["visited"]["profile"] == "customer_id"
    checked = cleaned(draft, warehouse, [], "catalog.yaml")
    assert (checked.errors, checked.rounds) == ([], 1)
