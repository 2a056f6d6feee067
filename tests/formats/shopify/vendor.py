"""Who is in a segment of Shopify, from the words of its reference alone: no SegQL, no windows, no evaluator of ours.

Dates act on whole days of the shop's zone; `BETWEEN` has both ends; `NOT CONTAINS` and `NOT MATCHES` are complements;
`!=` holds where there is nothing. An offset is so many days from today, as its words say.
"""

from __future__ import annotations

import operator
from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Any
from zoneinfo import ZoneInfo

from segql import ast
from segql.formats.shopify.tree import Between, Clause, Compare, Contains, In, Matches, Null, Offset, Point, Query, Word

from .shop import NOW, Customer

ZONE = ZoneInfo("America/New_York")
TODAY = NOW.astimezone(ZONE).date()
OPERATORS = {"=": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
FUNCTIONS = {"orders_placed": "orders", "products_purchased": "lines", "shopify_email.opened": "opens",
             "storefront.product_viewed": "views", "store_credit_accounts": "accounts"}  # fmt: skip


def members(query: Query, customers: list[Customer]) -> set[int]:
    return {key for key, row in enumerate(customers, 1) if holds(query, row)}


def holds(query: Query, row: Customer) -> bool:
    match query:
        case ast.All(parts):
            return all(holds(part, row) for part in parts)
        case ast.AnyOf(parts):
            return any(holds(part, row) for part in parts)
        case Clause():
            return clause(query, row)
    raise AssertionError(query)


def clause(one: Clause, row: Customer) -> bool:
    if one.name == "anniversary":
        assert one.date is not None
        return anniversary(one.test, row[one.date])
    if one.name == "customer_within_distance":
        return near(one.test, row)
    if one.name in FUNCTIONS:
        return function(one, row)
    value = attribute(one.name, row)
    match one.test:
        case Null(negated):
            return (value is None or value == []) != negated
        case Contains(wanted, negated):
            return (wanted in value if one.name != "customer_tags" else folded(wanted) in map(folded, value)) != negated
        case Compare() | Between() as test:
            return compared(test, value)
    raise AssertionError(one)


def folded(text: Any) -> str:
    return str(text).lower()


def attribute(name: str, row: Customer) -> Any:
    if name in ("first_order_date", "last_order_date"):
        dates = [order["date"] for order in row["orders"]]
        return (min if name.startswith("first") else max)(dates, default=None)
    if name == "abandoned_checkout_date":
        return max((one["date"] for one in row["checkouts"]), default=None)
    return row[name]


def compared(test: Any, value: Any) -> bool:
    match test:
        case Compare("!=", wanted):
            return not compared(Compare("=", wanted), value)
        case Compare(op, wanted):
            return value is not None and OPERATORS[op](*sides(value, wanted))
        case Between(low, high):
            return compared(Compare(">=", low), value) and compared(Compare("<=", high), value)
        case In(values, negated):
            return (value in values) != negated
    raise AssertionError(test)


def sides(value: Any, wanted: Any) -> tuple[Any, Any]:
    """What is compared: days with days, times of day with times of day."""
    if isinstance(wanted, Word) and wanted.text in ("true", "false"):
        return value, wanted.text == "true"
    if isinstance(wanted, datetime):
        assert isinstance(value, datetime)
        return value.astimezone(ZONE).replace(tzinfo=None), wanted
    if isinstance(wanted, date | Offset | Word):
        return day_of(value), day(wanted)
    return value, wanted


def day_of(value: Any) -> date:
    return value.astimezone(ZONE).date() if isinstance(value, datetime) else value


def day(wanted: Any) -> date:
    match wanted:
        case Word("yesterday"):
            return TODAY - timedelta(days=1)
        case Word():
            return TODAY
        case Offset(count, "d" | "w" as unit):
            return TODAY + timedelta(days=count * (1 if unit == "d" else 7))
        case Offset(count, unit):
            months = TODAY.year * 12 + TODAY.month - 1 + count * (1 if unit == "m" else 12)
            year, month = months // 12, months % 12 + 1
            return date(year, month, min(TODAY.day, monthrange(year, month)[1]))
    assert isinstance(wanted, date)
    return wanted


def function(one: Clause, row: Customer) -> bool:
    kind = FUNCTIONS[one.name]
    records = (
        row[kind] if kind != "lines" else [{**line, "date": o["date"]} for o in row["orders"] for line in o["lines"]]
    )
    match one.test:
        case Null(negated):
            return (not records) != negated
        case Matches(parameters, negated):
            given = {p.name: p.test for p in parameters}
            found = [r for r in records if all(fits(n, t, r) for n, t in given.items() if n not in AGGREGATES)]
            sums: dict[str, Any] = {"count": len(found)}
            sums["sum_amount"] = sum((r["amount"] for r in found), Decimal(0)) if kind == "orders" else None
            sums["sum_quantity"] = sum(r["quantity"] for r in found) if kind == "lines" else None
            asked = [n for n in given if n in AGGREGATES]
            holds = all(compared(given[n], sums[n]) for n in asked) if asked else bool(found)
            return holds != negated
    raise AssertionError(one)


AGGREGATES = ("count", "sum_amount", "sum_quantity")


def fits(name: str, test: Any, record: dict[str, Any]) -> bool:
    if name == "tag":
        return bool((test.value in record["tags"]) == (test.op == "="))
    return compared(test, record[name])


def anniversary(test: Any, value: date | None) -> bool:
    match test:
        case Null(negated):
            return bool((value is None) != negated)
        case Compare("!=", wanted):
            return not anniversary(Compare("=", wanted), value)
        case Compare("=", wanted):
            return anniversary(Between(wanted, wanted), value)
        case Between(low, high):
            start, end = day(low), day(high)
            days = {start + timedelta(days=n) for n in range((end - start).days + 1)}
            return value is not None and (value.month, value.day) in {(d.month, d.day) for d in days}
    raise AssertionError(test)


def near(test: Any, row: Customer) -> bool:
    position = row["position"]
    if isinstance(test, Null):
        return (position is None) != test.negated
    given = {p.name: p.test for p in test.parameters}
    point = given["coordinates"]
    assert isinstance(point, Point)
    length = given.get("distance_km") or given["distance_mi"]
    assert isinstance(length, Compare)
    far = float(length.value) * (1 if "distance_km" in given else 1.609344)  # type: ignore[arg-type]
    if position is None:
        return bool(test.negated)
    one, other = [[radians(float(x)) for x in p] for p in (position, (point.latitude, point.longitude))]
    half = sin((one[0] - other[0]) / 2) ** 2 + cos(one[0]) * cos(other[0]) * sin((one[1] - other[1]) / 2) ** 2
    return bool((2 * 6371.0088 * asin(sqrt(half)) <= far) != test.negated)
