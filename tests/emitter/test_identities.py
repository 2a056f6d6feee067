"""A map of who is who: the latest row of a key decides, and where those that tie differ it is nobody's."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

import segql
from segql.errors import SegQLError
from segql.evaluator import Shop
from segql.warehouse import Warehouse, check_catalog
from segql.warehouse.duckdb import DuckDB

NOW = datetime(2025, 11, 28, 10, tzinfo=UTC)

CATALOG = """
profiles: {table: users, key: id, where: id <> 'gone'}
identities:
  people: {table: identifies, anonymous: anonymous_id, known: user_id, time: made, where: NOT test}
  devices: {table: devices, anonymous: device, known: owner}
events:
  viewed:
    table: views
    profile: {column: [user_id, anonymous_id], identities: people}
    time: made
    id: view
    properties: {page: text}
    items: {json: things, properties: {thing: text}}
  bought:
    table: lines
    group by: invoice
    profile: {sql: lower(visitor), identities: people}
    time: made
    properties: {total: {type: number, sql: sum(price)}}
    items: {properties: {article: text}}
channels:
  push: {table: pushes, profile: {column: device, identities: devices}, receives when: allowed, time: made}
lists:
  fans: {table: fans, profile: {column: device, identities: devices}}
"""

TABLES = """
CREATE TABLE users AS SELECT unnest(['ann', 'bob', 'cas', 'v5', 'gone']) AS id, 'NL' AS country;
CREATE TABLE identifies AS FROM (VALUES
  ('v1', 'bob', TIMESTAMPTZ '2025-01-01 00:00:00Z', false), ('v1', 'ann', TIMESTAMPTZ '2025-01-02 00:00:00Z', false),
  ('v1', 'ann', TIMESTAMPTZ '2025-01-02 00:00:00Z', false), ('v1', 'cas', NULL, false),
  ('v1', 'cas', TIMESTAMPTZ '2026-01-01 00:00:00Z', true), ('v1', NULL, TIMESTAMPTZ '2025-02-02 00:00:00Z', false),
  ('v2', 'ann', TIMESTAMPTZ '2025-01-01 00:00:00Z', false), ('v2', 'bob', TIMESTAMPTZ '2025-01-01 00:00:00Z', false),
  ('v3', 'v1', TIMESTAMPTZ '2025-01-01 00:00:00Z', false), ('v4', 'gone', TIMESTAMPTZ '2025-01-01 00:00:00Z', false),
  ('cas', 'bob', TIMESTAMPTZ '2025-01-01 00:00:00Z', false), (NULL, 'bob', TIMESTAMPTZ '2025-01-01 00:00:00Z', false)
  ) AS t(anonymous_id, user_id, made, test);
CREATE TABLE devices AS FROM (VALUES ('d1', 'ann'), ('d1', 'ann'), ('d2', 'ann'), ('d2', 'bob'), ('d3', 'bob')
  ) AS t(device, owner);
CREATE TABLE views AS SELECT row_number() OVER () AS view, *, TIMESTAMPTZ '2025-11-27 10:00:00Z' AS made FROM (VALUES
  (NULL, 'v1', 'known', '[{"thing": "x"}]'), (NULL, 'v2', 'of two', '[{"thing": "x"}]'),
  (NULL, 'v3', 'two steps', NULL), (NULL, 'v4', 'gone', NULL), (NULL, 'v5', 'own', NULL), ('cas', 'v1', 'led on', NULL),
  (NULL, 'v9', 'nobody', NULL), (NULL, NULL, 'nobody', NULL)) AS t(user_id, anonymous_id, page, things);
CREATE TABLE lines AS SELECT *, TIMESTAMPTZ '2025-11-27 10:00:00Z' AS made FROM (VALUES
  (1, 'V1', 'x', 5), (1, 'ann', 'y', 6), (1, 'v5', 'x', 7)) AS t(invoice, visitor, article, price);
CREATE TABLE pushes AS FROM (VALUES
  ('d1', true, TIMESTAMPTZ '2025-01-01 00:00:00Z'), ('d2', true, TIMESTAMPTZ '2025-01-01 00:00:00Z'),
  ('d3', true, TIMESTAMPTZ '2025-01-01 00:00:00Z'), ('bob', false, TIMESTAMPTZ '2025-01-02 00:00:00Z')
  ) AS t(device, allowed, made);
CREATE TABLE fans AS SELECT unnest(['d1', 'd2', 'cas']) AS device;
"""


@pytest.fixture(scope="module")
def shop() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(TABLES)
    return connection


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        ('viewed in 3d where page is "known"', "ann"),
        ('viewed where page is "of two"', ""),
        ('viewed where page is "two steps"', ""),
        ('viewed where page is "gone"', ""),
        ('viewed where page is "own"', "v5"),
        ('viewed where page is "led on"', "bob"),
        ("never viewed in 3d", "cas"),
        ("viewed exactly once in 3d", "ann bob v5"),
        ("not viewed exactly once in 3d", "cas"),
        ('viewed where any item (thing is "x")', "ann"),
        ('viewed where page is set', "ann bob v5"),
        ("first viewed in 3d then bought within 3d", "ann v5"),
        ("bought where total = 11", "ann"),
        ("bought where total = 7", "v5"),
        ('bought where any item (article is "x")', "ann v5"),
        ("can receive push", "ann"),
        ("in list fans", "ann cas"),
    ],
)  # fmt: skip
def test_whom_a_key_is_known_as(shop: duckdb.DuckDBPyConnection, rule: str, members: str) -> None:
    sql = segql.compile(rule, segql.catalog_from_yaml(CATALOG), now=NOW).sql
    assert sorted(key for (key,) in shop.execute(sql).fetchall()) == members.split(), sql


def problems(shop: duckdb.DuckDBPyConnection, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    text = CATALOG
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    found = check_catalog(Warehouse(DuckDB(shop.cursor()), "The warehouse"), segql.catalog_from_yaml(text))
    return [(one.code, one.span.text) for one in found]


def test_the_check_looks_at_the_map(shop: duckdb.DuckDBPyConnection) -> None:
    doubles = [("not-unique", "anonymous_id"), ("not-unique", "device")]
    assert problems(shop) == doubles
    found = check_catalog(Warehouse(DuckDB(shop.cursor()), "The warehouse"), segql.catalog_from_yaml(CATALOG))
    assert [one.severity for one in found] == ["warning", "warning"]
    assert found[0].message == (
        'By the map of identities "people" 1 key is known as several profiles at the same last time, such as v2: '
        "then it is nobody's."
    )
    assert problems(shop, ("time: made, where: NOT test", "time: test, where: NOT test"))[0][0] == "column-type"
    assert problems(shop, ("known: user_id", "known: user"))[0] == ("missing-column", "user")
    assert problems(shop, ("known: user_id", "known: test"))[0] == ("column-type", "test")
    assert problems(shop, ("table: identifies", "table: identify"))[0] == ("missing-table", "identify")


@pytest.mark.parametrize(
    ("before", "after", "code", "at"),
    [
        ("identities: people", "identities: persons", "unknown-reference", "persons"),
        ("{column: device, identities: devices}", "{identities: devices}", "missing-key", "profile"),
        ("anonymous: anonymous_id, ", "", "missing-key", "people"),
        ("where: NOT test", "where: NOT", "bad-sql", ""),
        ("time: made, where", "time: {column: made, zone: Mars}, where", "unknown-zone", "Mars"),
    ],
)
def test_what_makes_no_sense(before: str, after: str, code: str, at: str) -> None:
    assert before in CATALOG
    with pytest.raises(SegQLError) as error:
        segql.catalog_from_yaml(CATALOG.replace(before, after))
    assert error.value.problems[0].code == code
    assert error.value.problems[0].span.text.startswith(at)


def test_the_evaluator_follows_the_map() -> None:
    catalog = segql.catalog_from_yaml(CATALOG)
    at = datetime(2025, 11, 27, tzinfo=UTC)
    maps: list[dict[str, object]] = [
        {"anonymous": "v1", "known": "bob", "time": datetime(2025, 1, 1, tzinfo=UTC)},
        {"anonymous": "v1", "known": "ann", "time": datetime(2025, 1, 2, tzinfo=UTC)},
        {"anonymous": "v1", "known": "cas", "time": None},
        {"anonymous": "v2", "known": "ann", "time": at},
        {"anonymous": "v2", "known": "bob", "time": at},
    ]
    views = [{"profile": key, "time": at, "page": key} for key in ("v1", "v2", "cas")]
    shop = Shop([{"key": key} for key in ("ann", "bob", "cas")], {"viewed": views}, identities={"people": maps})
    assert segql.evaluate("viewed in 3d", catalog, shop, now=NOW) == {"ann", "cas"}
    with pytest.raises(SegQLError, match="no map of identities called 'persons'"):
        segql.evaluate("viewed", catalog, Shop([], identities={"persons": []}), now=NOW)


def test_keys_that_are_uuids() -> None:
    uuids = segql.catalog_from_yaml(CATALOG.replace("key: id,", "key: id, key type: uuid,"))
    sql = segql.compile("viewed in 3d", uuids, dialect="postgres", now=NOW).sql
    assert "CAST(MIN(CAST(identity.known_key AS TEXT)) AS UUID) AS known_key" in sql
