"""Rules bound by the tests' catalog, and what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from segql import binder
from segql.ast import All, Literal_
from segql.catalog import Catalog, catalog_from_yaml
from segql.conditions import Aggregate, Field, FieldComparison, Interval, Occurrences, Op, Type
from segql.errors import Problem, SegQLError
from segql.parser import parse_rule

NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)
EVER = Interval(None, NOW)
DAYS = Interval(datetime(2025, 10, 29, 11, tzinfo=UTC), NOW)
"""`in 30d`."""
ORDERS = Occurrences(("placed order",), EVER)
TOTAL = Field("event", "total", Type.MONEY)
COUNTRY, AGE, VIP = (
    Field("profile", "country", Type.TEXT),
    Field("profile", "age", Type.NUMBER),
    Field("profile", "vip", Type.BOOLEAN),
)
SPENT = Aggregate("sum", TOTAL, ORDERS)


def problems(rule: str, catalog: Catalog, lets: dict[str, Literal_] | None = None) -> tuple[Problem, ...]:
    with pytest.raises(SegQLError) as caught:
        binder.bind(parse_rule(rule), catalog, NOW, lets=lets)
    return caught.value.problems


def codes(rule: str, catalog: Catalog) -> list[str]:
    return [p.code for p in problems(rule, catalog)]


def notes(rule: str, catalog: Catalog) -> tuple[Problem, ...]:
    return binder.bind(parse_rule(rule), catalog, NOW).notes


def is_(field: Field, right: Any, op: Op = "=") -> FieldComparison:
    return FieldComparison(field, op, right)


def orders(*where: Any, window: Interval = EVER) -> Occurrences:
    return Occurrences(("placed order",), window, where[0] if len(where) == 1 else All(where))


ODD_NAMES = catalog_from_yaml(
    """
currency: EUR
profiles:
  table: people
  key: id
  properties:
    first name: text
    last seen: time
    total: money
    hour: number
    number of orders: number
    days since last party: number
    last party: time
    every day low price: boolean
events:
  seen: {table: visits, profile: person, time: at}
  name: {table: names, profile: person, time: at}
  order:
    table: orders
    profile: person
    time: at
    also: ["Ordre", "café visit"]
    properties: {total: money, points: number, text: text, paid: time, number: number}
    items: {table: lines, on: id, properties: {points: number, size: number, colour: text}}
  clicked:
    table: clicks
    profile: person
    time: at
    visible since: 2025-06-01
    properties: {total: number, text: text}
  opened: {table: opens, profile: person, time: at, visible since: 2025-03-01}
  touched: {any of: [clicked, opened]}
metrics:
  spent: sum of total of order
  recent spent: sum of total of order in 90d
  big spent: sum of total of order where total > limit
  paid orders: number of order where text is "paid"
  clicks per order: number of clicked / number of order
  spent each: sum of total of order / number of order
  lately: recent spent
  "loop": "loop again"
  "loop again": "loop"
  broken: sum of totl of order
  no text: sum of total of
  of dates: max of paid of order / number of order
  size bought: sum of size of order
sets: {points: [a, b], colours: [red, blue]}
constants: {limit: 100, bad: 1.2.3, total: 5}
"""
)


def of_odd(rule: str) -> Any:
    return binder.bind(parse_rule(rule), ODD_NAMES, NOW).rule


BALANCE, BORN = Field("profile", "balance", Type.MONEY), Field("profile", "birthday", Type.DATE)
