"""Tables joined to the profiles: in rules about them, beside their events, in their filter, in consent on their row."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

import segql

NOW = datetime(2025, 11, 28, 10, tzinfo=UTC)

CATALOG = """
profiles:
  table: people
  key: id
  join:
    address: {table: addresses, on: {home: address_id}}
    plans: plan
  where: plans.open
  properties:
    city: address.city
    facts: {json: address.facts.floor}
    tags: {json: address.tags, type: list of text}
    limit: {type: number, sql: plans.most * 2}
    position: {latitude: address.lat, longitude: address.lon}
channels:
  post: {receives when: address.city IS NOT NULL, reason: plans.plan}
events:
  bought: {table: orders, profile: who, time: moment, properties: {total: number, city: text}}
"""

TABLES = """
CREATE TABLE people (id VARCHAR, home INTEGER, plan VARCHAR, who VARCHAR);
INSERT INTO people VALUES ('ann', 1, 'gold', ''), ('bob', 2, 'gold', ''), ('cas', NULL, 'free', ''),
  ('dan', 3, 'old', '');
CREATE TABLE addresses (address_id INTEGER, city VARCHAR, facts JSON, tags JSON, lat DOUBLE, lon DOUBLE);
INSERT INTO addresses VALUES
  (1, 'Utrecht', '{"floor": "1"}', '["a", "b"]', 52, 5), (2, 'Gent', '{}', '[]', 51, 4),
  (3, 'Utrecht', NULL, NULL, 52, 5);
CREATE TABLE plans (plan VARCHAR, most INTEGER, open BOOLEAN);
INSERT INTO plans VALUES ('gold', 10, true), ('free', 1, true), ('old', 10, false);
CREATE TABLE orders (who VARCHAR, moment TIMESTAMPTZ, total INTEGER, city VARCHAR);
INSERT INTO orders VALUES
  ('ann', '2025-11-01', 25, 'Utrecht'), ('bob', '2025-11-01', 15, 'Utrecht'), ('cas', '2025-11-02', 1, 'Gent'),
  ('dan', '2025-11-01', 25, 'Utrecht');
"""


@pytest.fixture(scope="module")
def shop() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(TABLES)
    return connection


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        ('city is "Utrecht"', "ann"),
        ('city is not "Utrecht"', "bob cas"),
        ("city is not set", "cas"),
        ('facts is "1"', "ann"),
        ('tags includes "b"', "ann"),
        ("limit > 10", "ann bob"),
        ("within 100 km of (52, 5)", "ann"),
        ("can receive post", "ann bob"),
        ('can receive post because "gold" and city is "Gent"', "bob"),
        ("placed order", ""),
        ("bought where city is their city", "ann"),
        ("bought where city is not their city", "bob cas"),
        ("bought where total > their limit", "ann"),
        ("never bought where total > their limit", "bob cas"),
        ("sum of total of bought where city is their city > 20", "ann"),
        ("bought then bought where city is their city", ""),
        ("in top 1 by limit within each city", "ann bob"),
        ("limit > the average", "ann bob"),
        ("total of last bought > 20", "ann"),
    ],
)  # fmt: skip
def test_members(shop: duckdb.DuckDBPyConnection, rule: str, members: str) -> None:
    rule = rule.replace("placed order", "bought and city is not set and limit > 3").replace("in top", "top")
    sql = segql.compile(rule, segql.catalog_from_yaml(CATALOG), now=NOW).sql
    assert sorted(row[0] for row in shop.execute(sql).fetchall()) == members.split(), sql


def test_a_profile_with_two_partners_is_there_twice(shop: duckdb.DuckDBPyConnection) -> None:
    """As an event is whose join finds two rows; `catalog check` tells both."""
    with shop.cursor() as twice:
        twice.execute("BEGIN; INSERT INTO addresses VALUES (1, 'Gent', '{}', '[]', 51, 4)")
        catalog = segql.catalog_from_yaml(CATALOG)

        def members(rule: str) -> list[str]:
            return [row[0] for row in twice.execute(segql.compile(rule, catalog, now=NOW).sql).fetchall()]

        assert sorted(members('city in ("Gent", "Utrecht")')) == ["ann", "ann", "bob"]
        assert members("limit > 10 and tags is set").count("ann") == 2
        assert sorted(members("limit > 10")) == ["ann", "bob"]
        twice.execute("ROLLBACK")


def test_a_table_is_joined_where_something_of_it_is_asked() -> None:
    catalog = segql.catalog_from_yaml(CATALOG)
    assert "addresses" not in segql.compile("limit > 1", catalog, now=NOW).sql
    assert segql.compile("limit > 1", catalog, now=NOW).sql.count("JOIN") == 1
    assert segql.compile("bought where city is their city", catalog, now=NOW).sql.count("addresses") == 1
