"""A plan as a tree for people: each part has a rule with a reason, and each query of the SQL is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

import segql
from segql.answers.planned import RULES, plan_data, plan_text
from segql.catalog import Catalog

from ..chance.pairs import SEGMENTS, example
from ..worlds.shops import NOWS

FLAGSHIP = "can receive sms and clicked sms in 72h and placed order 0 in 72h and country is set"


def walk(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield part
    for one in part["parts"]:
        yield from walk(one)


def test_each_part_of_the_flagship_has_its_rule(catalog: Catalog) -> None:
    found = segql.compile(FLAGSHIP, catalog, now=NOWS[0], segments=SEGMENTS)
    rules = [part["rule"] for part in walk(plan_data(found, catalog)["plan"])]
    assert rules == ["profiles", "driver", "latest records", None, "value", "anti-join", "own row"]
    text = plan_text(found, catalog)
    assert all(f"[{rule}]" in text and reason in text for rule, reason in RULES.items() if rule in rules)


@pytest.mark.parametrize(
    ("rule", "shape"),
    [
        ("everyone", ["profiles", None]),
        ("no one", ["profiles", None]),
        ("placed order or clicked sms", ["profiles", "one search"]),
        ("opened email then placed order within 1d", ["profiles", "keys", "keys"]),
        ("days between placed order > 3", ["profiles", "one pass", "value"]),
        ("number of opened email - number of clicked sms > 1", ["profiles", "one sum", "value"]),
        ("number of opened email in 7d - number of opened email in 30d < 0", ["profiles", "one pass", "value"]),
        ("every placed order has gift or placed order >= 2", ["profiles", "one pass", None, "value", "value"]),
        ("every placed order has any item (fragile)", ["profiles", "apart", "one pass", "value"]),
        (
            "placed order >= 2 and placed order where any item (fragile)",
            ["profiles", "one pass", None, "value", "semi-join"],
        ),
        ("top 3 by total spent", ["profiles", "one pass", "everybody", "everybody", "keys"]),
        ("not in list Newsletter and not placed order", ["profiles", None, None, "semi-join", "anti-join"]),
    ],
)
def test_rules_of_plans(rule: str, shape: list[str | None], catalog: Catalog) -> None:
    found = segql.compile(rule, catalog, now=NOWS[0], segments=SEGMENTS)
    assert [part["rule"] for part in walk(plan_data(found, catalog)["plan"])] == shape


@pytest.mark.parametrize("dialect", ["duckdb", "bigquery"])
def test_every_query_of_the_sql_is_told(dialect: str, catalog: Catalog) -> None:
    random, told, seen = Random(5), set[str](), False
    for _ in range(12):
        now, _, texts = example(random)
        for text in texts:
            found = segql.compile(text, catalog, now=now, segments=SEGMENTS, dialect=dialect)
            data = plan_data(found, catalog)
            names = {part["says"].split(":")[0] for part in data["plan"]["parts"]}
            ctes = set(re.findall(r"^(?:WITH|\),) `?(\w+)`? AS", found.sql, re.MULTILINE))
            seen |= bool(ctes)
            # The events of a sequence's steps are a part of its query, wherever they stand.
            assert {one for one in ctes if not one.startswith("numbered_")} <= names, found.sql
            assert all(plan_text(found, catalog).splitlines()[: len(list(walk(data["plan"])))])
            told |= data["rules"].keys()
    assert seen
    assert told <= RULES.keys()


def test_every_rule_stands_in_some_plan(catalog: Catalog) -> None:
    told = set[str]()
    for rule in (
        FLAGSHIP, "any of (placed order, clicked sms)", "opened email then placed order within 1d",
        "days between placed order > 3", "top 3 by total spent", "clicked sms",
        "number of opened email - number of clicked email > 3", "every placed order has any item (fragile)",
        "opened email then clicked email within 1d",
    ):  # fmt: skip
        for dialect in ("duckdb", "bigquery"):
            found = segql.compile(rule, catalog, now=NOWS[0], segments=SEGMENTS, dialect=dialect)
            told |= plan_data(found, catalog)["rules"].keys()
    assert told == RULES.keys()


def test_equal_numbers_of_two_queries_are_no_key_of_a_join(catalog: Catalog) -> None:
    equal = "max of total of placed order where any item (fragile) = max of total of placed order"
    rule = f"placed order at least twice and {equal}"
    engines = {one: segql.compile(rule, catalog, now=NOWS[0], dialect=one).sql for one in ("duckdb", "postgres")}
    assert [sql.count("placed_order_totals_2") > 0 for sql in engines.values()] == [True, False]
    *_, compared = [line for line in engines["duckdb"].splitlines() if " = " in line and "max_of_total" in line]
    assert re.fullmatch(r" *AND COALESCE\(.*, FALSE\)", compared)
    shared = "exactly 50% of placed order have any item (fragile)"
    assert "COALESCE(placed_order_totals.fitting * 2 = " in segql.compile(shared, catalog, now=NOWS[0]).sql


def test_where_scans_are_paid_for_one_reads_the_items_that_several_look_for(catalog: Catalog) -> None:
    rule = 'placed order where any item (fragile) and never placed order in 30d where any item (brand is "A")'
    found = {one: segql.compile(rule, catalog, now=NOWS[0], dialect=one) for one in ("bigquery", "duckdb")}
    assert [found["bigquery"].sql.count(one) for one in ("order_lines", "products AS", "EXISTS")] == [1, 1, 0]
    assert [found["duckdb"].sql.count(one) for one in ("order_lines", "products AS", "EXISTS")] == [2, 1, 4]
    parts = [part["rule"] for part in walk(plan_data(found["bigquery"], catalog)["plan"])]
    assert parts == ["profiles", "one pass", None, "value", "value"]
    for other in (
        "not any item (fragile)",
        "at least 2 items (fragile)",
        "any item (fragile) and any item (price > 1)",
    ):
        beside = f"placed order where any item (fragile) and never placed order in 30d where ({other})"
        assert "EXISTS" in segql.compile(beside, catalog, now=NOWS[0], dialect="bigquery").sql


def test_postgres_makes_a_set_of_what_a_case_looks_for(catalog: Catalog) -> None:
    lines = 'any item (brand is "A")'
    in_case = segql.compile(f"not every placed order has {lines} and placed order twice", catalog, dialect="postgres")
    assert "NOT item." in in_case.sql, in_case.sql
    assert "IS NULL" in in_case.sql
    in_where = segql.compile(f"placed order where {lines}", catalog, dialect="postgres")
    assert "COALESCE" not in in_where.sql


def test_clickhouse_is_told_of_missing_rows_in_a_union(catalog: Catalog) -> None:
    sql = segql.compile("number of opened email - number of clicked email > the average", catalog, dialect="clickhouse")
    assert "\nUNION ALL\n" in sql.sql
    assert sql.sql.endswith("\nSETTINGS join_use_nulls = 1")


def test_an_event_of_one_window_is_told_by_its_rows_among_many_rules(catalog: Catalog) -> None:
    def passes(*rules: str) -> list[str]:
        sql = segql.compile_many({rule: rule for rule in rules}, catalog, now=NOWS[0]).sql
        return re.findall(r"(\w+_totals) AS", sql)

    assert passes("clicked sms in 7d", "not clicked sms in 7d") == []
    assert passes("clicked sms in 7d", "clicked sms in 30d") == ["clicked_sms_totals"]
    assert passes("clicked sms in 7d", "clicked sms at least twice") == ["clicked_sms_totals"]
