"""Measures and metrics: the exact bound tree of every form, and every way to go wrong."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from segql import binder
from segql.ast import All, Not
from segql.catalog import Catalog
from segql.conditions import (
    Aggregate,
    Count,
    DaysBetween,
    DaysSince,
    Field,
    Interval,
    MeasureComparison,
    Occurrences,
    Occurs,
    Ratio,
    Type,
)
from segql.errors import SegQLError
from segql.parser import parse_rule, parse_value

from .bound import BALANCE, DAYS, EVER, NOW, ODD_NAMES, ORDERS, SPENT, TOTAL, is_, of_odd, orders, problems


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("total spent > 100", MeasureComparison(SPENT, ">", Decimal(100))),
        ("sum of total of placed order > €100", MeasureComparison(SPENT, ">", Decimal(100))),
        ("total spent != 100", Not(MeasureComparison(SPENT, "=", Decimal(100)))),
        (
            "total spent between 1 and high",
            All((MeasureComparison(SPENT, ">=", Decimal(1)), MeasureComparison(SPENT, "<=", Decimal(100)))),
        ),
        (
            "total spent > 100 in 30d",
            MeasureComparison(Aggregate("sum", TOTAL, orders(window=DAYS)), ">", Decimal(100)),
        ),
        (
            "total spent in 30d > 100",
            MeasureComparison(Aggregate("sum", TOTAL, orders(window=DAYS)), ">", Decimal(100)),
        ),
        (
            "total spent > high in 30d",
            MeasureComparison(Aggregate("sum", TOTAL, orders(window=DAYS)), ">", Decimal(100)),
        ),
        (
            "total spent > high where gift",
            MeasureComparison(
                Aggregate("sum", TOTAL, orders(is_(Field("event", "gift", Type.BOOLEAN), True))), ">", Decimal(100)
            ),
        ),
        ("placed order >= n in 30d", Occurs(orders(window=DAYS), 3, None)),
        (
            "average of total of placed order >= 5",
            MeasureComparison(Aggregate("average", TOTAL, ORDERS), ">=", Decimal(5)),
        ),
        (
            "number of distinct brand of placed order > 2",
            MeasureComparison(Aggregate("distinct", Field("item", "brand", Type.TEXT), ORDERS), ">", Decimal(2)),
        ),
        (
            "min of delivery of placed order > 2025-01-01",
            MeasureComparison(Aggregate("min", Field("event", "delivery", Type.DATE), ORDERS), ">", date(2025, 1, 1)),
        ),
        (
            "max of shipped of placed order = 2025-10-26",
            All(
                (
                    MeasureComparison(
                        Aggregate("max", Field("event", "shipped", Type.TIME), ORDERS),
                        ">=",
                        datetime(2025, 10, 25, 22, tzinfo=UTC),
                    ),
                    MeasureComparison(
                        Aggregate("max", Field("event", "shipped", Type.TIME), ORDERS),
                        "<",
                        datetime(2025, 10, 26, 23, tzinfo=UTC),
                    ),
                )
            ),
        ),
        (
            "max of shipped of placed order > 2025-10-26",
            MeasureComparison(
                Aggregate("max", Field("event", "shipped", Type.TIME), ORDERS),
                ">=",
                datetime(2025, 10, 26, 23, tzinfo=UTC),
            ),
        ),
        ("days since last order <= 30", MeasureComparison(DaysSince("last", ORDERS), "<=", Decimal(30))),
        ("days since last placed order ever <= 30", MeasureComparison(DaysSince("last", ORDERS), "<=", Decimal(30))),
        ("days between orders > 5 in 30d", MeasureComparison(DaysBetween(orders(window=DAYS)), ">", Decimal(5))),
        (
            "total spent > total spent in 30d",
            MeasureComparison(SPENT, ">", Aggregate("sum", TOTAL, orders(window=DAYS))),
        ),
        (
            "total spent in 30d < 0.5 x total spent",
            MeasureComparison(Aggregate("sum", TOTAL, orders(window=DAYS)), "<", SPENT, Decimal("0.5")),
        ),
        ("total spent > number of placed order", MeasureComparison(SPENT, ">", Count(ORDERS))),
        (
            "number of placed order > number of placed order in 30d",
            MeasureComparison(Count(ORDERS), ">", Count(orders(window=DAYS))),
        ),
        (
            "balance > 2 x total spent in 30d",
            MeasureComparison(BALANCE, ">", Aggregate("sum", TOTAL, orders(window=DAYS)), Decimal(2)),
        ),
        ("total spent > balance", MeasureComparison(SPENT, ">", BALANCE)),
        (
            "click rate > 10%",
            MeasureComparison(
                Ratio(Count(Occurrences(("clicked email",), EVER)), Count(Occurrences(("opened email",), EVER))),
                ">",
                Decimal("0.10"),
            ),
        ),
        (
            'click rate > 0.1 in 30d where campaign is "x"',
            MeasureComparison(
                Ratio(
                    *(
                        Count(Occurrences((e,), DAYS, is_(Field("event", "campaign", Type.TEXT), "x")))
                        for e in ("clicked email", "opened email")
                    )
                ),
                ">",
                Decimal("0.1"),
            ),
        ),
        ("spent per order > €50", MeasureComparison(Ratio(SPENT, Count(ORDERS)), ">", Decimal(50))),
        (
            "number of any of (opened email, clicked email) in 30d > 0.5",
            MeasureComparison(Count(Occurrences(("opened email", "clicked email"), DAYS)), ">", Decimal("0.5")),
        ),
    ],
)
def test_measures(rule: str, expected: Any, bind: Any) -> None:
    assert bind(rule, n="3") == expected


def test_a_metric_keeps_its_own_parts_and_takes_the_rules(catalog: Catalog) -> None:
    total = Field("event", "total", Type.MONEY)
    big, paid = is_(total, Decimal(100), ">"), is_(Field("event", "text", Type.TEXT), "paid")
    order = Occurrences(("order",), DAYS, All((big, paid)))
    assert of_odd('big spent where text is "paid" in 30d > 3') == MeasureComparison(
        Aggregate("sum", total, order), ">", Decimal(3)
    )
    # a metric of a metric
    ninety = Interval(datetime(2025, 8, 30, 11, tzinfo=UTC), NOW)
    recent = Aggregate("sum", total, Occurrences(("order",), ninety, paid))
    assert of_odd('lately where text is "paid" > 3') == MeasureComparison(recent, ">", Decimal(3))
    # what the rule's parameters are called is nothing to the catalog
    lets = {"limit": parse_value("7")}
    bound = binder.bind(parse_rule("big spent where total > limit > 3"), ODD_NAMES, NOW, lets=lets).rule
    assert isinstance(bound, MeasureComparison)
    assert isinstance(bound.left, Aggregate)
    assert bound.left.of.where == All((big, is_(total, Decimal(7), ">")))


@pytest.mark.parametrize(
    ("rule", "code", "place"),
    [
        ("broken > 3", "bad-metric", "sum of totl of order"),
        ("no text > 3", "bad-metric", "sum of total of"),
        ("of dates > 3", "bad-metric", "max of paid of order / number of order"),
        ("loop > 3", "bad-metric", '"loop again"'),
        ("age > bad", "unknown-name", "age"),
        ("number of orders > bad", "bad-constant", "1.2.3"),
        # the rule's own mistakes stay the rule's
        ("spent where totl > 3 > 3", "unknown-name", "totl"),
        ("clicks per order where points > 3 > 3", "unknown-name", "points"),
        ("recent spent in 30d > 3", "misplaced", "in 30d"),
        ("lately in 30d > 3", "misplaced", "in 30d"),
        ("spent tomorrow > 3", "future-window", "tomorrow"),
    ],
)
def test_mistakes_of_a_metric_are_shown_in_the_catalog(rule: str, code: str, place: str) -> None:
    problem = problems(rule, ODD_NAMES)[0]
    assert (problem.code, problem.span.text.strip()) == (code, place)
    assert problem.span.source.name == ("catalog" if code.startswith("bad-") else "rule")


def test_a_window_too_many_on_a_metric_says_where_the_first_is() -> None:
    (problem,) = problems("recent spent in 30d > 3", ODD_NAMES)
    assert "`in 90d`" in problem.message
    assert re.search(r"\(catalog:\d+\)", problem.message)
    assert "`sum of total of order in 30d`" in problem.hint


def test_all_mistakes_of_a_catalog_at_once(catalog: Catalog) -> None:
    assert binder.mistakes(catalog, NOW) == []
    found = binder.mistakes(ODD_NAMES, NOW)
    assert {p.code for p in found} == {"bad-metric", "bad-constant"}
    assert {p.span.source.name for p in found} == {"catalog"}
    assert sum(p.code == "bad-constant" for p in found) == 1


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("total spent > clicked sms", "not-a-measure"),
        ("total spent > last placed order", "not-a-measure"),
        ("total spent > country", "wrong-type"),
        ("total spent > vip", "wrong-type"),
        ('total spent > "abc"', "wrong-type"),
        ("total spent > 2025-01-01", "wrong-type"),
        ("total spent > 10%", "wrong-type"),
        ("total spent > 3 days", "wrong-type"),
        ("total spent in (1, 2)", "wrong-type"),
        ('total spent contains "x"', "wrong-type"),
        ("order count > €5", "wrong-type"),
        ("total spent > 2 x high", "misplaced"),
        ("total spent > 0.00001 x order count", "bad-number"),
        ("total spent > 1000000 x order count", "bad-number"),
        ("days since last order in 30d > 3", "misplaced"),
        ("days since last placed order in 30d > 3", "misplaced"),
        ("days since last answered survey > 3", "no-time"),
        ("days between answered survey > 3", "no-time"),
        ("number of answered survey > 3 in 30d", "no-time"),
        ("last answered survey has grade > 3", "no-time"),
        ("sum of coupon of placed order > 3", "wrong-type"),
        ("average of delivery of placed order > 3", "wrong-type"),
        ("max of gift of placed order > 3", "wrong-type"),
        ("sum of colours of placed order > 3", "wrong-type"),
        ("max of delivery of placed order > total spent", "wrong-type"),
        ("max of delivery of placed order > 2 x max of delivery of placed order", "wrong-type"),
        ("age > total spent in 30d in 60d" , "doubled-part"),
        ("total spent in 30d > high in 60d", "doubled-part"),
        ("x > score in 30d", "not-an-event"),
        ("total spent > x in 30d", "not-an-event"),
        ("number of placed order where age > 3 > 2", "unknown-name"),
        ("placed order where total > age", "unknown-name"),
        ("placed order where total > total spent", "misplaced"),
        ("placed order where number of clicked sms > 3", "misplaced"),
    ],
)  # fmt: skip
def test_measures_that_cannot_be(rule: str, code: str, catalog: Catalog) -> None:
    try:
        tree = parse_rule(rule)
    except SegQLError as error:
        assert [p.code for p in error.problems] == [code]  # noqa: PT017
        return
    with pytest.raises(SegQLError) as caught:
        binder.bind(tree, catalog, NOW)
    assert [p.code for p in caught.value.problems] == [code]
