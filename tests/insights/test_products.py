"""Products are counted as numbers of their texts where these are looked up: cases worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

from segql import Project, catalog_from_yaml
from segql.insights import stats
from segql.insights.questions import asked
from segql.insights.worth import values_sql
from segql.warehouse import open_dbapi

CATALOG = """
timezone: UTC
profiles: {table: customers, key: customer_id, properties: {vip: boolean}}
events:
  placed order:
    table: orders
    profile: customer_id
    time: at
    id: order_id
    items:
      table: order_lines
      on: order_id
      join: {products: product_id}
      properties:
        product: {column: products.title, type: text}
        sku: {column: products.product_id, type: text}
        size: {column: size, type: text}
insights: {order: placed order, product: %s}
"""
ROWS = """
CREATE TABLE customers AS SELECT range::INTEGER AS customer_id, range < 6 AS vip FROM range(12);
CREATE TABLE products (product_id VARCHAR, title VARCHAR);
INSERT INTO products VALUES ('a', 'Beans'), ('b', 'beans'), ('c', 'Beans'), ('d', NULL), ('e', 'Never');
CREATE TABLE orders AS SELECT range AS order_id, range % 14 AS customer_id, TIMESTAMPTZ '2026-11-01 00:00:00+00' AS at
FROM range(28);
CREATE TABLE order_lines AS
SELECT order_id, unnest(['a', 'c', CASE WHEN customer_id > 6 THEN 'b' END, 'd', 'x']) AS product_id, 'L' AS size
FROM orders;
"""
"""All twelve bought Beans, twice and as two products; 7 to 11 beans; two strangers both; all what has no title or is
unknown.
"""


@pytest.mark.parametrize(
    ("of", "found", "numbered"),
    [
        ("product", {("Beans", 6, 6), ("beans", 0, 5)}, True),
        ("sku", {("a", 6, 6), ("b", 0, 5), ("c", 6, 6), ("d", 6, 6)}, False),  # it is what the table is tied by
        ("size", {("L", 6, 6)}, False),  # no text of a looked-up table
    ],
)
def test_who_bought_what(of: str, found: set[tuple[str, int, int]], numbered: bool) -> None:
    connection = duckdb.connect()
    connection.execute(ROWS)
    warehouse = open_dbapi(connection, "duckdb")
    project = Project(catalog_from_yaml(CATALOG % of), now=datetime(2026, 11, 22, tzinfo=UTC), warehouse=warehouse)
    told = stats("vip", project)
    assert {(one.value, one.here, one.there) for one in told.held if one.of == of} == found
    meant = project.meaning("vip")
    sql = values_sql(meant, "rest", asked(project, meant.now), project, (1, 1))
    assert ("DENSE_RANK" in sql) is numbered
