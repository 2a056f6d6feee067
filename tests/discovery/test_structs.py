"""Columns of structs: their fields are said in SQL, for functions of JSON take none of them."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

import segql
from segql.discovery import look, propose
from segql.discovery.written import write
from segql.evaluator import Shop
from segql.warehouse import Warehouse, check_catalog
from segql.warehouse.duckdb import DuckDB

from ..engines.bigquery import BigQuery

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TABLES = """
CREATE TABLE customers AS SELECT i AS id, 'c' || i AS email, {
  'country': CASE WHEN i % 2 = 0 THEN 'NL' ELSE 'BE' END, 'City Name': 'Delft', 'age': i, 'paid': 1.50::DECIMAL(9, 2),
  'joined': DATE '2020-01-01', 'made': '2020-01-01', 'vip': true, 'deep': {'a': 1}, 'lines': [{'a': 1}]} AS geo
  FROM range(20) t(i);
CREATE TABLE orders AS SELECT i AS order_id, i % 20 AS customer_id, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS created_at,
  9.5 AS total, {'code': 'x' || (i % 3), 'items': [{'sku': 'a'}]} AS coupon FROM range(40) t(i);
"""


def test_the_fields_of_a_struct_are_its_own() -> None:
    connection = duckdb.connect()
    connection.execute(TABLES)
    warehouse = Warehouse(DuckDB(connection), "The warehouse")
    draft = propose(look(warehouse, warehouse.tables()))
    found = draft.data["profiles"]["properties"]
    assert {name: (one.get("sql"), one["type"]) for name, one in found.items() if "sql" in one} == {
        "country": ("geo.country", "text"),
        "city name": ('geo."City Name"', "text"),
        "age": ("geo.age", "number"),
        "paid": ("geo.paid", "money"),
        "joined": ("geo.joined", "date"),
        "made": ("geo.made", "text"),
        "vip": ("geo.vip", "boolean"),
    }
    assert "items" not in draft.data["events"]["placed order"]  # a list in a struct
    catalog = segql.catalog_from_yaml(write(draft, []).text)
    assert check_catalog(warehouse, catalog) == []
    rule = 'country is "NL" and age > 4 and paid = 1.5 and ordered where code is "x1"'
    members = warehouse.rows(segql.compile(rule, catalog, now=NOW).sql)
    assert sorted(key for (key,) in members) == [i for i in range(6, 20, 2) if 1 in (i % 3, (i + 20) % 3)]


@pytest.mark.bigquery
def test_bigquery_reads_the_fields_of_a_struct() -> None:
    engine = BigQuery()
    engine.load(Shop([]))
    catalog = segql.catalog_from_yaml("""
sql dialect: bigquery
profiles:
  query: SELECT 'ann' AS id, STRUCT('NL' AS country, 7 AS age) AS geo UNION ALL SELECT 'bob', STRUCT('BE', 9)
  key: id
  properties: {country: {sql: geo.country}, age: {sql: geo.age, type: number}}
""")
    for rule, members in (('country is "NL"', {"ann"}), ("age > 8", {"bob"}), ("age > 1", {"ann", "bob"})):
        assert engine.members(segql.compile(rule, catalog, dialect="bigquery", now=NOW).sql) == members
