"""Whom the SQL finds in every layout of a warehouse that a catalog can describe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlglot import exp

from segql import emitter
from segql.catalog import Catalog
from segql.conditions import (
    All,
    AnyItem,
    Field,
    FieldComparison,
    FieldIncludes,
    FieldSet,
    Interval,
    Not,
    Occurs,
    Type,
)

from ..worlds.small_shop import EVER, ago, ask, last, of, orders, people, tree


def layout(event: dict[str, Any], **more: Any) -> Catalog:
    return Catalog.model_validate({"profiles": {"table": "people", "key": "id"}, "events": {"hit": event}, **more})


def test_key_value_arrays_and_structs() -> None:
    page, country = Field("event", "page", Type.TEXT), Field("event", "country", Type.TEXT)
    catalog = layout({
        "table": "hits", "profile": "who", "time": {"column": "ts", "stored": "microseconds"},
        "properties": {
            "page": {"entry": {"array": "params", "key is": "page", "value": "value.string"}},
            "country": {"sql": "geo.country"},
        },
    })  # fmt: skip
    create = """CREATE TABLE people (id INTEGER); INSERT INTO people VALUES (1), (2), (3);
    CREATE TABLE hits (who INTEGER, ts BIGINT, geo STRUCT(country VARCHAR),
      params STRUCT(key VARCHAR, "value" STRUCT(string VARCHAR, number INTEGER))[]);
    INSERT INTO hits VALUES
      (1, 1700000000000000, {country: 'NL'}, [{key: 'a', "value": {string: 'home', number: 1}},
       {key: 'page', "value": {string: 'home', number: 1}}, {key: 'page', "value": {string: 'later', number: 1}}]),
      (2, 1700000000000000, {country: 'BE'}, [{key: 'page', "value": {string: 'cart', number: 1}}]),
      (3, 1700000000000000, NULL, NULL)"""
    for where, found in (
        (FieldComparison(page, "=", "home"), {1}),
        (Not(FieldSet(page)), {3}),
        (FieldComparison(page, "=", "later"), set()),
        (FieldComparison(country, "=", "BE"), {2}),
    ):
        assert ask(Occurs(of("hit", where=where), 1, None), catalog, create) == found, where
        assert ask(Occurs(of("hit", where=where), 1, 1), catalog, create) == found, where


def test_json_of_every_type() -> None:
    types = {"number": "n", "text": "t", "boolean": "b", "date": "d", "moment": "i", "list of text": "l"}
    catalog = layout({"table": "hits", "profile": "who", "time": "ts", "properties": {
        name: {"type": "time" if name == "moment" else name, "json": f"data.{key}"} for name, key in types.items()} | {
        "deep": {"json": "data.a b.c"}}})  # fmt: skip
    create = f"""CREATE TABLE people (id INTEGER); INSERT INTO people VALUES (1), (2), (3);
    CREATE TABLE hits (who INTEGER, ts TIMESTAMPTZ, data VARCHAR);
    INSERT INTO hits VALUES (1, {ago(1)}, '{{"n": 1.5, "t": "x", "b": true, "d": "2025-01-02",
      "i": "2025-01-02T10:00:00+02:00", "l": ["a", "b"], "a b": {{"c": "deep"}}}}'),
      (2, {ago(1)}, '{{"n": "junk", "t": null, "b": "junk", "d": "junk", "i": "junk", "l": 3}}'), (3, {ago(1)}, NULL)"""
    eight = datetime(2025, 1, 2, 8, tzinfo=UTC)
    tests: Sequence[Any] = (
        FieldComparison(Field("event", "number", Type.NUMBER), "=", Decimal("1.5")),
        FieldComparison(Field("event", "text", Type.TEXT), "=", "x"),
        FieldComparison(Field("event", "boolean", Type.BOOLEAN), "=", True),
        FieldComparison(Field("event", "date", Type.DATE), "=", date(2025, 1, 2)),
        FieldComparison(Field("event", "moment", Type.TIME), "=", eight),
        FieldIncludes(Field("event", "list of text", Type.TEXTS), "any", ("b",)),
        FieldComparison(Field("event", "deep", Type.TEXT), "=", "deep"),
        FieldSet(Field("event", "text", Type.TEXT)),
    )
    for where in tests:
        assert ask(Occurs(of("hit", where=where), 1, None), catalog, create) == {1}, where
        assert ask(Occurs(of("hit", where=Not(where)), 1, None), catalog, create) == {2, 3}, where


def test_queries_and_names_that_are_looked_up() -> None:
    catalog = layout({
        "query": "SELECT who, metric, ts FROM hits WHERE ts IN (SELECT ts FROM good)", "profile": "who", "time": "ts",
        "name column": "metric", "name": "Hit it", "names": {"table": "metrics", "id": "id", "name": "label"},
    })  # fmt: skip
    create = f"""CREATE TABLE people (id INTEGER); INSERT INTO people VALUES (1), (2), (3);
    CREATE TABLE good (ts TIMESTAMPTZ); INSERT INTO good VALUES ({ago(1)});
    CREATE TABLE metrics (id VARCHAR, label VARCHAR);
    INSERT INTO metrics VALUES ('m1', 'Hit it'), ('m2', 'Other'), (NULL, 'x');
    CREATE TABLE hits (who INTEGER, metric VARCHAR, ts TIMESTAMPTZ);
    INSERT INTO hits VALUES (1, 'm1', {ago(1)}), (2, 'm2', {ago(1)}), (3, 'm1', {ago(2)})"""
    assert ask(Occurs(of("hit"), 1, None), catalog, create) == {1}
    assert ask(Occurs(of("hit"), 0, 0), catalog, create) == {2, 3}
    assert emitter.tables(tree(Occurs(of("hit"), 1, None), catalog)) == ("good", "hits", "metrics", "people")


BASKETS = {
    "table": "lines", "profile": "who", "time": "ts", "group by": ["basket"], "where": "NOT void",
    "properties": {"amount": {"sql": "sum(price)", "type": "money"}, "size": {"sql": "count(*)", "type": "number"}},
    "items": {"properties": {"sku": "text"}},
}  # fmt: skip


def test_groups_of_lines() -> None:
    create = f"""CREATE TABLE people (id INTEGER); INSERT INTO people VALUES (1), (2), (3);
    CREATE TABLE lines (who INTEGER, basket VARCHAR, ts TIMESTAMPTZ, sku VARCHAR, price INTEGER, void BOOLEAN);
    INSERT INTO lines VALUES
      (1, 'x', {ago(1)}, 'a', 5, false), (1, 'x', {ago(0.5)}, 'b', 6, false), (1, 'x', {ago(0.5)}, 'c', 99, true),
      (2, 'x', {ago(4)}, 'a', 5, false), (2, 'x', {ago(1)}, 'a', 9, false), (2, NULL, {ago(1)}, 'z', 1, false),
      (2, NULL, {ago(1)}, 'y', 1, false), (NULL, 'x', {ago(1)}, 'a', 5, false), (3, 'v', {ago(1)}, 'a', 5, true)"""
    catalog = layout(BASKETS)
    amount, size = Field("event", "amount", Type.MONEY), Field("event", "size", Type.NUMBER)
    sku = Field("item", "sku", Type.TEXT)

    def members(low: int, high: int | None, window: Interval = EVER, where: Any = All(())) -> set[Any]:  # noqa: B008
        return ask(Occurs(of("hit", window=window, where=where), low, high), catalog, create)

    assert members(2, None) == {2}
    assert members(1, 1) == {1}
    # The basket of four days ago has a line in the window, and its time is the earliest line's.
    assert members(1, 1, last(days=2)) == {1, 2}
    assert members(2, None, last(days=5)) == {2}
    assert members(1, None, where=FieldComparison(amount, "=", Decimal(11))) == {1}
    assert members(1, None, last(days=2), FieldComparison(amount, "=", Decimal(14))) == set()
    assert members(1, None, last(days=2), FieldComparison(size, "=", Decimal(2))) == {1, 2}
    both = All((AnyItem(FieldComparison(sku, "=", "a")), AnyItem(FieldComparison(sku, "=", "b"))))
    assert members(1, None, where=both) == {1}
    assert members(1, None, where=AnyItem(FieldComparison(sku, "=", "z"))) == {2}
    assert members(1, None, where=AnyItem(FieldComparison(sku, "=", "c"))) == set()
    # A short window reaches the lines.
    (_, inner) = tree(Occurs(of("hit", window=last(days=2)), 1, None), catalog).find_all(exp.Exists)
    assert [table.alias for table in inner.find_all(exp.Table)] == ["line_in_window"]
    assert "IS NOT DISTINCT FROM" in inner.sql("duckdb")


def test_the_place_in_a_pooled_stream() -> None:
    number = Field("event", "number", Type.NUMBER)
    previous = Field("event", "days since previous", Type.NUMBER)
    rows: Any = {
        "customers": people(1, 2, 3), "orders": orders((1, 5, 1), (1, 1, 1), (2, 3, 1), (2, 3, 1)),
        "events": f"SELECT 1 AS user_id, 'Clicked SMS' AS event, {ago(3)} AS ts",
    }  # fmt: skip
    pooled = ("placed order", "clicked sms")
    for events, where, found in (
        (("placed order",), FieldComparison(number, "=", Decimal(2)), {1}),  # two at once are both the first
        (pooled, FieldComparison(number, "=", Decimal(3)), {1}),
        (("placed order",), FieldComparison(number, "=", Decimal(3)), set()),
        (("placed order",), FieldComparison(previous, "=", Decimal(4)), {1}),
        (pooled, FieldComparison(previous, "=", Decimal(2)), {1}),
        (pooled, FieldComparison(previous, ">=", Decimal(0)), {1}),
    ):
        assert ask(Occurs(of(*events, window=last(days=4), where=where), 1, None), **rows) == found, (events, where)
        assert ask(Occurs(of(*events, where=where), 1, 9), **rows) == found, (events, where)
