"""Measures: exact, or in whole millionths, and missing where there is nothing to measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from segql.conditions import (
    Aggregate,
    Count,
    DaysBetween,
    DaysSince,
    Field,
    FieldComparison,
    FieldSet,
    Interval,
    Not,
    Occurrences,
    Ratio,
    Type,
)
from segql.evaluator import Shop

from .evaluated import (
    COUPON,
    EVER,
    LIMIT,
    NOW,
    ORDERS,
    TIMELESS,
    TOTAL,
    at,
    compares,
    found,
    number,
    order,
    shop,
    value_of,
)


def totals(*values: Any) -> Shop:
    """Profile 1 with an order a day of each of these totals."""
    return shop(*(order(1, at("2025-01-01") + timedelta(days=n), total=value) for n, value in enumerate(values)))


@pytest.mark.parametrize(
    ("kind", "values", "value"),
    [
        ("sum", (), 0),
        ("sum", (None, float("nan")), 0),
        ("sum", (0.1, 0.2, None), "0.3"),
        ("sum", (Decimal("1e20"), Decimal("0.0001"), Decimal("-1e20")), "0.0001"),
        ("average", (), None),
        ("average", (None,), None),
        ("average", (1, None, 2), "1.5"),
        ("min", (), None),
        ("min", (3, None, -1, 2), -1),
        ("max", (), None),
        ("max", (3, float("nan"), -1, 2), 3),
        ("median", (), None),
        ("median", (5,), 5),
        ("median", (9, 1), 1),  # the lower middle
        ("median", (9, 1, 5), 5),
        ("median", (4, 1, 3, 2, None), 2),
        ("distinct", (), 0),
        ("distinct", (None, 1, 1.0, Decimal("1.00"), 2), 2),
    ],
)
def test_aggregates(kind: Any, values: tuple[Any, ...], value: str | int | None) -> None:
    measured = value_of(Aggregate(kind, TOTAL, ORDERS), totals(*values))
    assert measured == (None if value is None else Fraction(value))


def test_aggregates_see_window_and_where() -> None:
    of = totals(1, 2, 4, 8)
    window = Interval(at("2025-01-02"), at("2025-01-04"))
    assert value_of(Aggregate("sum", TOTAL, Occurrences(("order",), window)), of) == 6
    small = FieldComparison(TOTAL, "<", number("4"))
    assert value_of(Aggregate("sum", TOTAL, Occurrences(("order",), window, small)), of) == 2
    assert value_of(Count(Occurrences(("order",), window, small)), of) == 1


def test_aggregates_over_several_events() -> None:
    of = shop(
        order(1, "2025-01-01", total=5), refund=[order(1, "2025-01-01", total=7)], badge=[{"profile": 1, "total": 9}]
    )
    assert value_of(Aggregate("sum", TOTAL, Occurrences(("order", "refund"), EVER)), of) == 12
    assert value_of(Aggregate("sum", TOTAL, Occurrences(("order", "badge"), EVER)), of) == 14


def test_distinct_text_is_by_code_point() -> None:
    of = shop(*(order(1, "2025-01-01", coupon=c) for c in ("a", "A", "a", None, "")))
    assert value_of(Aggregate("distinct", COUPON, ORDERS), of) == 3


def test_min_and_max_of_dates() -> None:
    due = Field("event", "due", Type.DATE)
    of = shop(
        order(1, "2025-01-01", due=date(2025, 3, 1)),
        order(1, "2025-01-01", due=date(2025, 2, 1)),
        order(2, "2025-01-01"),
    )
    assert found(compares(Aggregate("min", due, ORDERS), "=", date(2025, 2, 1)), of) == {1}
    assert found(compares(Aggregate("max", due, ORDERS), ">", date(2025, 2, 28)), of) == {1}
    assert found(compares(Aggregate("max", due, ORDERS), "<", date(2099, 1, 1)), of) == {1}  # nothing there: missing


def test_a_missing_measure_compares_with_nothing() -> None:
    of = totals(5)
    average = Aggregate("average", TOTAL, ORDERS)
    for op in ("<", "<=", ">=", "="):
        assert 2 not in found(compares(average, op, number("5")), of)
    assert found(Not(compares(average, "=", number("5"))), of) == {2, 3, 4}
    assert found(compares(Count(ORDERS), "<", number("1")), of) == {2, 3, 4}  # but a count is 0
    assert found(compares(Aggregate("sum", TOTAL, ORDERS), "<=", number("0")), of) == {2, 3, 4}


def test_an_average_against_a_value_is_exact() -> None:
    average = Aggregate("average", TOTAL, ORDERS)
    of = totals(1, 1, 2)  # 4/3
    assert found(compares(average, ">", number("1.3333333333333333")), of) == {1}
    assert found(compares(average, "<", number("1.3333333333333334")), of) == {1}
    assert found(compares(average, "=", number("1.333333")), of) == set()


@pytest.mark.parametrize(
    ("values", "millionths"),
    [((1, 1, 2), 1333333), ((-1, -1, -2), -1333334), ((1, 2), 1500000), ((1, 1, 1, 2), 1250000)],
)
def test_an_average_against_a_measure_is_in_millionths(values: tuple[int, ...], millionths: int) -> None:
    """Rounded down, also below zero."""
    average, whole = Aggregate("average", TOTAL, ORDERS), Aggregate("sum", TOTAL, Occurrences(("refund",), EVER))
    orders = totals(*values)
    of = replace(orders, events={**orders.events, "refund": [order(1, "2025-01-01", total=millionths)]})
    assert 1 in found(compares(average, "=", whole, "0.000001"), of)
    assert 1 not in found(compares(average, "<", whole, "0.000001"), of)
    assert 1 not in found(compares(average, ">", whole, "0.000001"), of)
    assert 1 in found(compares(whole, "=", average, "1000000"), of)


def test_a_ratio_is_a_fraction_of_millionths() -> None:
    count = Count(ORDERS)
    of = totals(1, 1, 2)
    # 1.333333 / 3 = 0.444444333.. and not 4/9 = 0.444444444..
    ratio = Ratio(Aggregate("average", TOTAL, ORDERS), count)
    assert found(compares(ratio, "<", number("0.4444443334")), of) == {1}
    assert found(compares(ratio, ">", number("0.4444443333")), of) == {1}
    # 3 / 1.333333 = 2.25000056.. and not 9/4
    assert found(compares(Ratio(count, Aggregate("average", TOTAL, ORDERS)), ">", number("2.2500005")), of) == {1}
    # a third is a third: no millionths of its own
    third = Ratio(Count(Occurrences(("order",), EVER, FieldComparison(TOTAL, "=", number("2")))), count)
    assert found(compares(third, ">", number("0.3333333333")), of) == {1}
    assert found(compares(count, "=", third, "9"), of) == {1}


def test_a_ratio_over_zero_or_nothing_is_missing() -> None:
    count, total = Count(ORDERS), Aggregate("sum", TOTAL, ORDERS)
    of = shop(order(1, "2025-01-01", total=3), order(2, "2025-01-01", total=0))
    assert [value_of(Ratio(count, total), of, n) for n in (1, 2, 3)] == [Fraction(333333, 10**6), None, None]
    assert value_of(Ratio(total, count), of, 2) == 0
    assert value_of(Ratio(Aggregate("average", TOTAL, ORDERS), Count(ORDERS)), of, 3) is None


def test_measure_against_measure_with_a_factor() -> None:
    recent = Aggregate("sum", TOTAL, Occurrences(("order",), Interval(at("2025-06-01"), NOW)))
    before = Aggregate("sum", TOTAL, Occurrences(("order",), Interval(None, at("2025-06-01"))))
    of = shop(
        order(1, "2025-01-01", total=100),
        order(1, "2025-07-01", total=49.9999),
        order(2, "2025-01-01", total=100),
        order(2, "2025-07-01", total=50),
        order(3, "2025-07-01", total=50),
    )
    assert found(compares(recent, "<", before, "0.5"), of) == {1}
    assert found(compares(recent, "=", before, "0.5"), of) == {2, 4}
    assert found(compares(recent, ">", before, "0.5"), of) == {3}


def test_a_property_is_a_measure() -> None:
    of = Shop(
        [{"key": 1, "limit": 1}, {"key": 2, "limit": 2}, {"key": 3}],
        {"order": [order(n, "2025-01-01") for n in (1, 2, 3)]},
    )
    assert found(compares(Count(ORDERS), ">=", LIMIT), of) == {1}
    assert found(compares(LIMIT, ">", number("1")), of) == {2}
    assert found(compares(LIMIT, "=", Count(ORDERS), "2"), of) == {2}


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("2025-11-27T09:00", 1),  # 10:00 the day before: to the microsecond
        ("2025-11-27T09:00:00.000001", 0),
        ("2025-11-28T08:59", 0),
        ("2025-10-26T08:00", 33),
        ("2025-10-25T08:00", 34),  # 10:00 on the day before clocks went back
        ("2025-10-25T08:30", 33),
        (date(2025, 11, 28), 0),
        (date(2025, 11, 27), 1),
    ],
)
def test_days_since(when: Any, days: int) -> None:
    of = shop(order(1, when))
    assert value_of(DaysSince("last", ORDERS), of) == days


def test_days_since_first_and_last() -> None:
    of = shop(order(1, "2025-11-25T09:00", total=1), order(1, "2025-11-20T09:00"), order(1, NOW))
    assert value_of(DaysSince("last", ORDERS), of) == 3
    assert value_of(DaysSince("first", ORDERS), of) == 8
    assert value_of(DaysSince("first", replace(ORDERS, where=FieldSet(TOTAL))), of) == 3
    assert value_of(DaysSince("last", ORDERS), of, 2) is None
    assert found(compares(DaysSince("last", ORDERS), "<", number("1000")), of) == {1}
    badges = shop(badge=[{"profile": 1}])
    assert value_of(DaysSince("last", Occurrences(("badge",), TIMELESS)), badges) is None


def test_days_between() -> None:
    between = DaysBetween(ORDERS)
    days = ("2025-01-01", "2025-01-01", "2025-01-03", "2025-01-10")
    of = shop(*(order(1, day) for day in days), order(2, "2025-01-01"), order(2, "2025-01-01"))
    assert value_of(between, of) == Fraction("4.5")  # 2 and 7; the same instant is no neighbour
    assert value_of(between, of, 2) is None
    assert value_of(between, of, 3) is None
    of = shop(*(order(1, day) for day in ("2025-01-01", "2025-01-02", "2025-01-03", "2025-01-05")))  # 4/3
    assert found(compares(between, ">", number("1.3333333")), of) == {1}
    assert found(compares(between, "=", between), of) == {1}
    assert found(compares(between, "=", Count(ORDERS), "0.333333"), of) == set()
    assert found(compares(Count(ORDERS), ">", between, "3"), of) == {1}  # 4 > 3 x 1.333333
    # each pair is floored to whole days by itself
    of = shop(*(order(1, t) for t in ("2025-01-01T00:00", "2025-01-01T20:00", "2025-01-02T16:00")))
    assert value_of(between, of) == 0
