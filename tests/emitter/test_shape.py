"""The shape of the SQL: what is a semi-join, what is one pass, what is read."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from sqlglot import exp

import segql
from segql import emitter, planner
from segql.catalog import Catalog, load_catalog
from segql.conditions import (
    Aggregate,
    All,
    AnyOf,
    Condition,
    Consent,
    Count,
    Field,
    FieldComparison,
    Interval,
    MeasureComparison,
    Not,
    Occurs,
    Op,
    Tree,
    Type,
)
from segql.planner.shapes import Grouped

from ..worlds import shops
from ..worlds.small_shop import AGE, CATALOG, NOW, SHOP, TABLES, TOTAL, ago, last, of, text, tree

ESPRESSO = All((
    Consent("sms"),
    Occurs(of("clicked sms", window=last(hours=72)), 1, None),
    Not(Occurs(of("placed order", window=last(hours=72)), 1, None)),
))  # fmt: skip


def test_existence_and_absence_are_semi_and_anti_joins() -> None:
    node = tree(ESPRESSO, CATALOG)
    assert not node.args.get("with_")
    assert not node.args.get("joins")
    assert not list(node.find_all(exp.Count))
    # Can receive: a giving, and no record that is none.
    assert len(list(node.find_all(exp.Exists))) == 4
    assert sum(isinstance(one.parent, exp.Not) for one in node.find_all(exp.Exists)) == 2


def test_the_espresso_shot_as_a_person_reads_it() -> None:
    rule = All((Occurs(of("clicked sms", window=last(hours=72)), 1, None), FieldComparison(AGE, ">=", Decimal(18))))
    header = "clicked sms at least once in 72h\nand age >= 18"
    assert (
        emitter.sql_text(tree(rule, CATALOG), CATALOG, "duckdb", header)
        == """\
-- clicked sms at least once in 72h
-- and age >= 18
SELECT
  profile.customer_id
FROM customers AS profile
WHERE
  EXISTS(
    SELECT
      1
    FROM events AS clicked_sms
    WHERE
      clicked_sms.user_id = profile.customer_id
      AND clicked_sms.event = 'Clicked SMS'
      AND clicked_sms.ts >= CAST('2025-11-25 10:00:00+00:00' AS TIMESTAMPTZ)
      AND clicked_sms.ts < CAST('2025-11-28 10:00:00+00:00' AS TIMESTAMPTZ)
  )
  AND TRY_CAST(profile.age AS DECIMAL(38, 0)) >= 18"""
    )


def test_several_measures_of_one_event_are_one_pass() -> None:
    rule = All((
        Occurs(of("placed order", window=last(days=90)), 3, None),
        MeasureComparison(Aggregate("average", TOTAL, of("placed order", window=last(days=30))), ">", Decimal(100)),
        MeasureComparison(Aggregate("max", TOTAL, of("placed order", window=last(days=10))), "<", Decimal(500)),
    ))  # fmt: skip
    node = tree(rule, CATALOG)
    (cte,) = node.find_all(exp.CTE)
    assert cte.alias == "placed_order_totals"
    assert len(list(cte.find_all(exp.Table))) == 1
    sql = text(rule, CATALOG)
    # The widest window is in WHERE; what has it needs no CASE.
    assert "COUNT(*) AS count" in sql
    assert sql.count("CASE") == 3
    where = cte.this.args["where"].sql("duckdb")
    assert "2025-08-30 10:00:00" in where
    assert "2025-10-29" not in where
    assert not list(node.find_all(exp.Exists))


def test_windows_that_do_not_meet_are_read_apart() -> None:
    early, late = Interval(NOW - timedelta(days=400), NOW - timedelta(days=370)), last(days=30)
    rule = MeasureComparison(Count(of("placed order", window=early)), ">", Count(of("placed order", window=late)))
    (cte,) = tree(rule, CATALOG).find_all(exp.CTE)
    assert len(list(cte.this.args["where"].find_all(exp.Or))) == 1
    (grouped,) = planner.plan(rule, CATALOG, NOW).passes
    assert isinstance(grouped, Grouped)
    assert grouped.windows == (early, late)


def test_what_filters_have_in_common_is_read_once() -> None:
    dear, cheap = FieldComparison(TOTAL, ">", Decimal(10)), FieldComparison(TOTAL, "<", Decimal(90))
    rule = All((
        Occurs(of("placed order", where=dear), 2, None), Occurs(of("placed order", where=All((cheap, dear))), 2, None),
    ))  # fmt: skip
    (grouped,) = planner.plan(rule, CATALOG, NOW).passes
    assert isinstance(grouped, Grouped)
    assert grouped.where == (dear,)


def test_neighbours_in_one_table_share_one_exists() -> None:
    opened, clicked = (Occurs(of(name, window=last(days=7)), 1, None) for name in ("opened email", "clicked email"))
    rules: tuple[Tree[Condition], ...] = (
        AnyOf((opened, clicked)), All((Not(opened), Not(clicked))),
        Occurs(of("opened email", "clicked email", window=last(days=7)), 1, None),
    )  # fmt: skip
    for rule in rules:
        node = tree(rule, CATALOG)
        (exists,) = node.find_all(exp.Exists)
        assert "IN ('Opened Email', 'Clicked Email')" in exists.sql("duckdb")
    later = Occurs(of("clicked email", window=last(days=8)), 1, None)
    rules = (AnyOf((opened, later)), All((Not(opened), Not(later))), Not(AnyOf((opened, later))))
    for apart in rules:
        (exists,) = tree(apart, CATALOG).find_all(exp.Exists)
        assert len(list(exists.find_all(exp.Table))) == 1


def test_existence_in_several_tables() -> None:
    opened, ordered = (Occurs(of(name, window=last(days=7)), 1, None) for name in ("opened email", "placed order"))
    (exists,) = tree(AnyOf((opened, ordered)), CATALOG).find_all(exp.Exists)
    assert exists.find(exp.Union) is not None
    rules: tuple[Tree[Condition], ...] = (Not(AnyOf((opened, ordered))), All((Not(opened), Not(ordered))))
    for rule in rules:
        node = tree(rule, CATALOG)
        assert len(list(node.find_all(exp.Exists))) == 2
        assert node.find(exp.Union, exp.Or) is None


def test_a_where_of_one_event_beside_others_is_asked_of_that_one_alone() -> None:
    data = {**SHOP, "events": {**SHOP["events"]}}
    data["events"]["opened email"] = {**data["events"]["opened email"], "where": "NOT machine"}
    catalog = Catalog.model_validate(data)
    both = Occurs(of("opened email", "clicked email", window=last(days=7)), 1, None)
    (exists,) = tree(both, catalog).find_all(exp.Exists)
    sql = exists.sql("duckdb")
    assert len(list(exists.find_all(exp.Table))) == 1
    assert "<> 'Opened Email' OR NOT" in sql


def test_what_is_counted_is_not_looked_for_once_more() -> None:
    recent = Occurs(of("placed order", window=last(days=200)), 1, None)
    loyal, clicked = Occurs(of("placed order"), 3, None), Occurs(of("clicked sms", window=last(days=200)), 1, None)
    for rule in (All((loyal, recent)), All((loyal, Not(recent))), AnyOf((loyal, All((recent, clicked))))):
        node = tree(rule, CATALOG)
        assert [one.name for one in node.find_all(exp.Table)].count("orders") == 1
    wider = All((Occurs(of("placed order", window=last(days=100)), 3, None), Not(recent)))
    assert [one.name for one in tree(wider, CATALOG).find_all(exp.Table)].count("orders") == 2
    counted = tree(All((loyal, Occurs(of("placed order"), 1, None))), CATALOG)
    assert not list(counted.find_all(exp.Exists))


def test_counts_against_one_and_zero_are_existence() -> None:
    orders_ = Count(of("placed order"))
    cases: list[tuple[Op, str, bool]] = [
        (">", "0", True), (">=", "1", True), (">", "0.5", True), ("=", "0", False), ("<", "1", False),
        ("<=", "0.9", False),
    ]  # fmt: skip
    for op, value, there in cases:
        node = tree(MeasureComparison(orders_, op, Decimal(value)), CATALOG)
        assert not list(node.find_all(exp.CTE)), (op, value)
        (exists,) = node.find_all(exp.Exists)
        assert isinstance(exists.parent, exp.Not) is not there


def test_a_pass_leaves_out_whoever_lacks_what_every_member_has() -> None:
    short, long = (Occurs(of("clicked sms", window=window), 1, None) for window in (last(days=3), last(days=200)))
    loyal = Occurs(of("placed order"), 3, None)
    for rule, driven in (
        (All((short, loyal)), True), (All((long, loyal)), False), (AnyOf((short, loyal)), False),
        (All((Not(short), loyal)), False), (All((long, short, Not(loyal))), True),
        (All((short, Occurs(of("placed order", window=last(days=5)), 3, None))), False),
    ):  # fmt: skip
        node = tree(rule, CATALOG)
        kept: list[exp.CTE] = []
        passes: list[exp.CTE] = []
        for cte in node.find_all(exp.CTE):
            (kept if cte.args.get("materialized") else passes).append(cte)
        assert ("IN (SELECT" in passes[0].this.sql("duckdb")) is driven, rule
        assert len(kept) == driven
        assert [one.name for one in node.find_all(exp.Table)].count("events") <= (
            2 if long in getattr(rule, "parts", ()) else 1
        )


def test_passes_become_inner_joins_where_they_must_match() -> None:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(TABLES)
    connection.execute("INSERT INTO customers BY NAME SELECT range AS customer_id FROM range(1000)")
    connection.execute(f"INSERT INTO orders BY NAME SELECT range % 100 AS customer_id, {ago(1)} AS created_at,"
                       " 5 AS total, range AS order_id FROM range(3000)")  # fmt: skip
    rule = All((
        Occurs(of("placed order"), 3, None),
        MeasureComparison(Aggregate("sum", TOTAL, of("placed order")), ">", Decimal(1)),
    ))  # fmt: skip
    ((_, plan),) = connection.execute(f"EXPLAIN {text(rule, CATALOG)}").fetchall()
    assert "INNER" in plan
    assert "LEFT" not in plan


def test_a_pass_hides_no_table() -> None:
    other = {"table": "placed_order_totals", "profile": "p", "time": "t"}
    data = {**SHOP, "events": {**SHOP["events"], "other": other}}
    catalog = Catalog.model_validate(data)
    rule = All((Occurs(of("placed order"), 2, None), Occurs(of("other"), 1, None)))
    names = [cte.alias for cte in tree(rule, catalog).find_all(exp.CTE)]
    assert names == ["placed_order_totals_2"]
    assert emitter.tables(tree(rule, catalog)) == ("customers", "orders", "placed_order_totals")


def test_tables_in_use() -> None:
    assert emitter.tables(tree(ESPRESSO, CATALOG)) == ("consent", "customers", "events", "orders")
    city = FieldComparison(Field("event", "city", Type.TEXT), "=", "Delft")
    assert emitter.tables(tree(Occurs(of("placed order"), 1, None), CATALOG)) == ("customers", "orders")
    joined = tree(Occurs(of("placed order", where=city), 1, None), CATALOG)
    assert emitter.tables(joined) == ("customers", "orders", "stores")


def test_thousands_of_conditions() -> None:
    rule = AnyOf(tuple(FieldComparison(AGE, "=", Decimal(i)) for i in range(3000)))
    assert len(text(rule, CATALOG)) > 100_000
    deep: Any = FieldComparison(AGE, "=", Decimal(1))
    for i in range(60):
        deep = AnyOf((All((deep, FieldComparison(AGE, ">", Decimal(i)))), FieldComparison(AGE, "<", Decimal(-i))))
    assert text(deep, CATALOG)


@pytest.mark.parametrize("rule", [
    "placed order then no placed order then placed order",
    "placed order then placed order with the same shop country then placed order with the same coupon",
    "first placed order then no placed order with the same coupon then placed order then placed order within 72h",
    "placed order not followed by placed order with the same brand",
])  # fmt: skip
@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "clickhouse", "bigquery"])
def test_events_that_several_steps_read_are_written_once(rule: str, dialect: str) -> None:
    sql = segql.compile(rule, load_catalog(shops.CATALOG), dialect=dialect, now=NOW).sql
    # The first of all is asked for wherever that step is read.
    assert len(re.findall(r"\borders. AS|\borders AS", sql)) == (3 if rule.startswith("first") else 1), sql


def test_different_texts_are_counted_beside_a_select_distinct() -> None:
    """Two conditions on items of one event find their orders by a SELECT DISTINCT, which counts nothing."""
    rule = (
        "number of distinct shop country of placed order > 1 and "
        "number of placed order where (every item (released < their renewal date) and exactly 2 items) > 1"
    )
    catalog = load_catalog(shops.CATALOG)
    sql = segql.compile(rule, catalog, now=NOW).sql
    assert {"SELECT DISTINCT", "COUNT(DISTINCT"} <= set(re.findall(r"SELECT DISTINCT|COUNT\(DISTINCT", sql))
