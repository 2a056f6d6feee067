"""`profile` and `time` as the first of several columns, or as SQL: beside joins, in groups of lines, in their items."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

import segql
from segql.warehouse import Warehouse, check_catalog
from segql.warehouse.duckdb import DuckDB

NOW = datetime(2025, 11, 28, 10, tzinfo=UTC)

CATALOG = """
profiles: {table: users, key: id}
events:
  viewed:
    table: views
    join: {people: {table: identities, on: {anonymous_id: visitor}}}
    profile: [user_id, people.user_id, anonymous_id]
    time: {column: [datetime, timestamp], zone: UTC}
    properties: {page: text}
  bought:
    table: lines
    group by: invoice
    profile: [member, guest]
    time: {sql: "coalesce(paid, billed)", zone: UTC}
    properties: {total: {type: number, sql: sum(price)}}
    items: {properties: {article: text, price: number}}
channels:
  sms:
    table: consents
    profile: {sql: lower(who)}
    time: [changed, made]
    receives when: yes
lists:
  fans: {table: fans, profile: [new_id, old_id], time: {sql: "make_timestamptz(millis * 1000)"}}
"""

TABLES = """
CREATE TABLE users AS SELECT unnest(['ann', 'bob', 'cas', 'v3']) AS id;
CREATE TABLE identities AS FROM (VALUES ('v1', 'ann'), ('v2', 'bob'), ('v4', 'nobody')) AS t(visitor, user_id);
CREATE TABLE views AS FROM (VALUES
  (NULL, 'v1', TIMESTAMP '2025-11-27 10:00', TIMESTAMP '2024-01-01 10:00', 'a'),
  ('cas', 'v1', NULL, TIMESTAMP '2025-11-27 11:00', 'b'),
  (NULL, 'v3', NULL, TIMESTAMP '2025-11-27 12:00', 'c'),
  (NULL, 'v2', TIMESTAMP '2024-01-01 10:00', TIMESTAMP '2025-11-27 10:00', 'a'),
  (NULL, 'v4', NULL, TIMESTAMP '2025-11-27 12:00', 'c'),
  (NULL, NULL, NULL, TIMESTAMP '2025-11-27 12:00', 'c'),
  ('ann', 'v9', NULL, NULL, 'd')) AS t(user_id, anonymous_id, datetime, timestamp, page);
CREATE TABLE lines AS FROM (VALUES
  (1, NULL, 'ann', NULL, TIMESTAMP '2025-11-27 10:00', 'x', 5),
  (1, NULL, 'ann', NULL, TIMESTAMP '2025-11-27 10:00', 'y', 6),
  (1, 'bob', 'ann', TIMESTAMP '2024-11-27 10:00', TIMESTAMP '2025-11-27 10:00', 'x', 7)
  ) AS t(invoice, member, guest, paid, billed, article, price);
CREATE TABLE consents AS FROM (VALUES
  ('ANN', NULL, TIMESTAMPTZ '2025-01-02 00:00:00Z', true), ('Ann', TIMESTAMPTZ '2025-01-01 00:00:00Z', NULL, false),
  ('bob', TIMESTAMPTZ '2025-01-01 00:00:00Z', TIMESTAMPTZ '2025-01-09 00:00:00Z', true),
  ('BOB', TIMESTAMPTZ '2025-01-02 00:00:00Z', NULL, false)) AS t(who, changed, made, yes);
CREATE TABLE fans AS FROM (VALUES (NULL, 'ann', 1764000000000), ('bob', 'ann', 1000)) AS t(new_id, old_id, millis);
"""


@pytest.fixture(scope="module")
def shop() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(TABLES)
    return connection


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        ("viewed in 3d", "ann cas v3"),
        ("viewed", "ann bob cas v3"),
        ("never viewed in 3d", "bob"),
        ("viewed exactly once", "ann bob cas v3"),
        ('viewed where page is "a"', "ann bob"),
        ("viewed where number = 1", "ann bob cas v3"),
        ("last viewed in 3d has page = \"a\"", "ann"),
        ("viewed then bought", "ann bob"),
        ("bought in 3d", "ann"),
        ("bought where total > 10", "ann"),
        ("sum of total of bought = 7", "bob"),
        ('bought where any item (article is "y")', "ann"),
        ("number of distinct article of bought = 1", "bob"),
        ("bought where at least 2 items (price > 4)", "ann"),
        ("can receive sms", "ann"),
        ("cannot receive sms", "bob cas v3"),
        ("in list fans", "ann bob"),
        ("joined list fans in 30d", "ann"),
    ],
)  # fmt: skip
def test_members(shop: duckdb.DuckDBPyConnection, rule: str, members: str) -> None:
    sql = segql.compile(rule, segql.catalog_from_yaml(CATALOG), now=NOW).sql
    assert sorted(row[0] for row in shop.execute(sql).fetchall()) == members.split(), sql


def test_the_sql_stays_readable() -> None:
    sql = segql.compile("viewed in 3d", segql.catalog_from_yaml(CATALOG), now=NOW).sql
    assert "COALESCE(viewed.datetime, viewed.timestamp) >= " in sql
    assert "COALESCE(viewed.user_id, viewed_people.user_id, viewed.anonymous_id)" in sql


def problems(shop: duckdb.DuckDBPyConnection, *changes: tuple[str, str]) -> list[tuple[str, str, str]]:
    text = CATALOG
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    found = check_catalog(Warehouse(DuckDB(shop.cursor()), "The warehouse"), segql.catalog_from_yaml(text))
    return [(one.code, one.span.text, one.message) for one in found]


def test_the_check_looks_at_each_column(shop: duckdb.DuckDBPyConnection) -> None:
    assert problems(shop) == []
    assert [one[0] for one in problems(shop, ("[member, guest]", "[member, gast]"))] == ["missing-column"]
    assert [one[0] for one in problems(shop, ("[member, guest]", "[member, price]"))] == ["column-type"]
    assert [one[0] for one in problems(shop, ("[datetime, timestamp]", "[datetime, page]"))] == ["column-type"]
    assert [one[0] for one in problems(shop, ("coalesce(paid, billed)", "coalesce(paid, bill)"))] == ["warehouse-sql"]
    assert [one[0] for one in problems(shop, ("lower(who)", "length(who)"))] == ["column-type"]
    assert [one[0] for one in problems(shop, ("[changed, made]", "{column: made, zone: UTC}"))] == ["naive-time"]
    whole = ("    properties: {page: text}", "    properties: {page: text}\n    profiles complete: true")
    assert [one[0] for one in problems(shop, whole)] == ["unknown-profiles"]


def test_a_visitor_of_two_users_is_told() -> None:
    twice = duckdb.connect()
    twice.execute(TABLES)
    twice.execute("INSERT INTO identities VALUES ('v1', 'bob')")
    assert [one[0] for one in problems(twice)] == ["join-multiplies"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("people.user_id", "persons.user_id", "unknown-reference"),
        ("profile: [member, guest]", "profile: []", "missing-key"),
        ("profile: [member, guest]", "profile: {column: member, sql: guest}", "conflicting-keys"),
        ("{sql: lower(who)}", "{sql: sum(who)}", "bad-sql"),
        ("{sql: lower(who)}", "{sql: lower(who}", "bad-sql"),
        ('{sql: "coalesce(paid, billed)", zone: UTC}', "{zone: UTC}", "missing-key"),
        ("[changed, made]", "[changed, [made]]", "wrong-value"),
    ],
)  # fmt: skip
def test_what_makes_no_sense(before: str, after: str, code: str) -> None:
    assert before in CATALOG
    with pytest.raises(segql.SegQLError) as error:
        segql.catalog_from_yaml(CATALOG.replace(before, after))
    assert [(one.code, bool(one.span.text)) for one in error.value.problems] == [(code, True)]


def test_sql_of_another_dialect_is_refused() -> None:
    with pytest.raises(segql.SegQLError, match="not known that `"):
        segql.compile("can receive sms", segql.catalog_from_yaml(CATALOG), dialect="spark", now=NOW)
