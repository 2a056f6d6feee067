"""`--tenant VALUE`: each command on tables of two shops, and that none of them reads a row of the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from segql.catalog import load_catalog
from segql.warehouse import Warehouse, check_catalog
from segql.warehouse.doctor import advice
from segql.warehouse.duckdb import DuckDB
from segql.warehouse.promises import promises

from ..emitter.test_tenants import uncovered
from .command_line import OWN, answer, segql

TABLES = """
CREATE TABLE customers AS SELECT 'c' || range % 30 AS id, 'NL' AS country, range // 30 AS shop FROM range(60);
CREATE TABLE orders AS SELECT 'c' || range % (10 + range // 11000) AS customer, range // 11000 AS shop,
  TIMESTAMPTZ '2026-01-01 12:00:00+00' AS bought, 'sku' AS sku, 'big' AS kind FROM range(22000);
CREATE TABLE products AS SELECT 'sku' AS sku, 'Acme' AS brand;
"""
CATALOG = """
tenant: {column: shop, type: integer, shared: [products]}
profiles: {table: customers, key: id, properties: {country: text}, shown: [country]}
events:
  placed order: {table: orders, profile: customer, time: bought, name column: kind, name: big,
                 join: {products: sku}, properties: {brand: products.brand}}
"""


@pytest.fixture
def two_shops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    with duckdb.connect("shop.duckdb") as connection:
        connection.execute(TABLES)
    Path("catalog.yaml").write_text(CATALOG)
    return tmp_path


@pytest.mark.usefixtures("two_shops", "demo_cache")
def test_commands_take_a_tenant() -> None:
    for shop, count in (("0", 10), ("1", 11)):
        found = answer("count", *OWN, "--tenant", shop, "placed order")
        assert (found["count"], found["profiles"]) == (count, 30)
        assert segql("members", *OWN, "--tenant", shop, "placed order").stdout.count("NL") == count
        assert f"shop = {shop}" in segql("compile", *OWN[:2], "--tenant", shop, "placed order").stdout
        said = segql("why", *OWN, "--tenant", shop, "--profile", "c10", "placed order").stdout
        assert said.startswith("c10 is a member.") == (shop == "1"), said
    assert "missing-tenant" in segql("count", *OWN, "placed order", code=1).stderr
    assert "wrong-tenant" in segql("count", *OWN, "--tenant", "one", "placed order", code=1).stderr
    assert "missing-tenant" in segql("catalog", "check", *OWN, code=1).stderr
    assert "wrong-tenant" in segql("count", "--tenant", "1", "vip", code=1).stderr


@pytest.fixture
def said(two_shops: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Warehouse, list[str]]]:
    """A warehouse, and the statements that gave rows."""
    ran, run = list[str](), DuckDB.run

    def heard(self: DuckDB, sql: str) -> Any:
        ran.append(sql)
        return run(self, sql)

    monkeypatch.setattr(DuckDB, "run", heard)
    with duckdb.connect("shop.duckdb", read_only=True) as connection:
        yield Warehouse(DuckDB(connection), "The warehouse"), ran


def test_no_look_reads_rows_of_others(said: tuple[Warehouse, list[str]]) -> None:
    warehouse, ran = said
    catalog = load_catalog("catalog.yaml").narrowed(1)
    problems = check_catalog(warehouse, catalog)
    assert not [problem for problem in problems if problem.severity == "error"], problems
    advice(warehouse, catalog)
    promises(warehouse, catalog)
    assert len(ran) > 10
    for sql in ran:
        read = [table for table in uncovered(sql, "duckdb", "shop", "1") if not table.startswith("products")]
        assert not read, sql
