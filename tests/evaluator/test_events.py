"""Events: counts, windows, `where`, built-in properties, items, the first and the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from segql.conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Days,
    EdgeOccurrence,
    Field,
    FieldComparison,
    FieldSet,
    FieldWithin,
    Interval,
    Not,
    Occurrences,
    Occurs,
    Predicate,
    Tree,
    Type,
)
from segql.evaluator import Key

from .evaluated import (
    COUPON,
    EVER,
    NOW,
    ORDERS,
    TIMELESS,
    TOTAL,
    at,
    built_in,
    found,
    number,
    order,
    shop,
    value_of,
    where,
)

BRAND = Field("item", "brand", Type.TEXT)
PRICE = Field("item", "price", Type.MONEY)

# --- occurrences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_least", "at_most", "who"),
    [(1, None, {2, 3}), (2, None, {3}), (0, 0, {1, 4}), (1, 1, {2}), (0, 1, {1, 2, 4}), (2, 5, {3}), (3, 2, set())],
)
def test_counts(at_least: int, at_most: int | None, who: set[Key]) -> None:
    of = shop(order(2, "2025-01-01"), order(3, "2025-01-01"), order(3, "2025-01-01"))  # equal rows are two events
    assert found(Occurs(ORDERS, at_least, at_most), of) == who


def test_windows_are_half_open_and_end_before_now() -> None:
    window = Interval(at("2025-11-25T09:00"), NOW)
    of = shop(
        order(1, "2025-11-25T08:59:59.999999"),
        order(2, "2025-11-25T09:00"),
        order(3, "2025-11-28T08:59:59.999999"),
        order(4, NOW),
    )
    assert found(Occurs(Occurrences(("order",), window), 1, None), of) == {2, 3}
    assert found(Occurs(ORDERS, 1, None), of) == {1, 2, 3}
    assert found(Occurs(Occurrences(("order",), TIMELESS), 1, None), of) == {1, 2, 3}  # nothing exists at or after now
    assert found(Occurs(Occurrences(("order",), Interval(NOW, NOW)), 1, None), of) == set()


def test_an_earlier_now_is_time_travel() -> None:
    of = shop(order(1, "2025-11-01"), order(2, "2025-11-20"))
    assert found(Occurs(ORDERS, 1, None), of, at("2025-11-10T00:00")) == {1}


def test_times_of_events() -> None:
    """A day is its local midnight; a timed event without a time does not exist."""
    window = Interval(at("2025-11-19T23:00"), at("2025-11-20T23:00"))  # 20 November in Amsterdam
    of = shop(order(1, date(2025, 11, 20)), order(2, date(2025, 11, 21)), order(3, None), order(4, date(2025, 11, 28)))
    assert found(Occurs(Occurrences(("order",), window), 1, None), of) == {1}
    assert found(Occurs(ORDERS, 1, None), of) == {1, 2, 4}
    assert found(Occurs(Occurrences(("order",), TIMELESS), 0, 0), of) == {3}


def test_events_without_time_all_exist() -> None:
    of = shop(badge=[{"profile": 1}, {"profile": 2, "time": at("2099-01-01")}, {"profile": 2, "time": "never mind"}])
    assert found(Occurs(Occurrences(("badge",), TIMELESS), 1, None), of) == {1, 2}
    assert found(Occurs(Occurrences(("badge",), TIMELESS), 2, None), of) == {2}
    both = replace(of, events={**of.events, "order": [order(3, "2025-01-01")]})
    assert found(Occurs(Occurrences(("badge", "order"), EVER), 1, None), both) == {1, 2, 3}


def test_several_events_are_one_stream() -> None:
    of = shop(order(1, "2025-01-01"), order(2, "2025-01-01"), refund=[order(1, "2025-01-02"), order(3, "2025-01-01")])
    assert found(Occurs(Occurrences(("order", "refund"), EVER), 2, None), of) == {1}
    assert found(Occurs(Occurrences(("order", "refund"), EVER), 1, None), of) == {1, 2, 3}
    assert found(Occurs(Occurrences(("order", "order"), EVER), 2, None), of) == set()  # named twice counts once


def test_where() -> None:
    of = shop(
        order(1, "2025-01-01", total=100, coupon="X"),
        order(2, "2025-01-01", total=100),
        order(2, "2025-01-02", total=5, coupon="X"),
        order(3, "2025-01-01"),
    )
    big, coupon = FieldComparison(TOTAL, ">=", number("100")), FieldComparison(COUPON, "=", "X")
    assert found(where(big), of) == {1, 2}
    assert found(where(All((big, coupon))), of) == {1}  # of one event at once
    assert found(where(Not(big)), of) == {2, 3}  # missing: the positive form is false
    assert found(Not(where(big)), of) == {3, 4}
    assert found(where(AnyOf((big, coupon))), of) == {1, 2}
    assert found(where(FieldSet(COUPON)), of) == {1, 2}
    assert found(Occurs(Occurrences(("order",), Interval(at("2025-01-02"), NOW), coupon), 1, None), of) == {2}


def test_where_on_dates_of_the_event() -> None:
    due = FieldWithin(Field("event", "due", Type.DATE), Days(date(2025, 1, 1), date(2025, 2, 1)))
    of = shop(order(1, "2025-01-01", due=date(2025, 1, 31)), order(2, "2025-01-01", due=date(2025, 2, 1)))
    assert found(where(due), of) == {1}


# --- built-in properties of timed events -----------------------------------------------------------------------------


def test_hour_weekday_day_month_are_local() -> None:
    of = shop(
        order(1, "2025-02-28T23:30"),  # Saturday 1 March 00:30
        order(2, "2025-03-30T01:30"),  # Sunday 03:30, summer time
        order(3, "2025-10-26T00:30"),  # Sunday 02:30, the first
        order(3, "2025-10-26T01:30"),  # Sunday 02:30, the second
    )
    assert found(built_in("hour", "=", number("0")), of) == {1}
    assert found(built_in("hour", "=", number("3")), of) == {2}
    assert found(built_in("hour", "=", number("2")), of) == {3}
    assert found(built_in("weekday", "=", "Saturday"), of) == {1}
    assert found(built_in("weekday", "=", "Sunday"), of) == {2, 3}
    assert found(built_in("day", "=", number("1")), of) == {1}
    assert found(built_in("month", "=", number("3")), of) == {1, 2}


def test_number_is_over_all_events_before_where_and_window() -> None:
    of = shop(
        order(1, "2024-01-01"),
        order(1, "2025-06-01", total=10),
        order(2, "2025-06-01"),
        order(2, "2025-06-01", total=10),  # same instant: both are the first
        order(2, "2025-07-01", total=10),  # the third
        order(3, NOW),
        order(3, None),
        order(3, "2025-07-01", total=10),  # its only one that exists
    )
    second = FieldComparison(Field("event", "number", Type.NUMBER), "=", number("2"))
    recent = Interval(at("2025-05-01"), NOW)
    assert found(built_in("number", "=", number("1")), of) == {1, 2, 3}
    assert found(built_in("number", "=", number("2")), of) == {1}
    assert found(built_in("number", "=", number("3")), of) == {2}
    assert found(Occurs(Occurrences(("order",), recent, second), 1, None), of) == {1}
    ten = FieldComparison(TOTAL, "=", number("10"))
    assert found(Occurs(Occurrences(("order",), recent, All((second, ten))), 1, None), of) == {1}


def test_number_is_over_the_pooled_stream() -> None:
    of = shop(order(1, "2025-01-03"), order(2, "2025-01-01"), refund=[order(1, "2025-01-01"), order(2, "2025-01-02")])
    both = ("order", "refund")
    assert found(built_in("number", "=", number("2"), both), of) == {1, 2}
    assert found(built_in("number", "=", number("2")), of) == set()
    order_second = Occurs(
        Occurrences(both, EVER, FieldComparison(Field("event", "days since previous", Type.NUMBER), "=", number("2"))),
        1,
        None,
    )
    assert found(order_second, of) == {1}


def test_days_since_previous() -> None:
    of = shop(
        order(1, "2025-10-25T10:00"),  # 12:00 in summer
        order(1, "2025-10-26T10:30"),  # 11:30 in winter: not a whole day, though 24 hours and a half
        order(2, "2025-10-25T10:00"),
        order(2, "2025-10-26T11:00"),  # 12:00
        order(2, "2025-10-26T11:00"),
        order(3, "2025-10-25T10:00"),
    )
    name = "days since previous"
    assert found(built_in(name, "=", number("0")), of) == {1}
    assert found(built_in(name, "=", number("1")), of) == {2}
    assert found(built_in(name, ">=", number("0")), of) == {1, 2}  # the first has none
    ones = Occurrences(("order",), EVER, FieldComparison(Field("event", name, Type.NUMBER), "=", number("1")))
    assert found(Occurs(ones, 2, 2), of) == {2}  # previous is strictly earlier: both have it


def test_a_declared_property_hides_the_built_in() -> None:
    of = shop(refund=[order(1, "2025-01-01T12:00", hour=99), order(2, "2025-01-01T12:00")])
    assert found(built_in("hour", "=", number("99"), ("refund",)), of) == {1}
    assert found(built_in("hour", "=", number("13"), ("refund",)), of) == set()


# --- items -----------------------------------------------------------------------------------------------------------


ITEMS = shop(
    order(1, "2025-01-01", items=[{"brand": "A", "price": 10}, {"brand": "B", "price": 50}]),
    order(2, "2025-01-01", items=[{"brand": "A", "price": 60}, {"brand": None, "price": 1}, {"price": None}]),
    order(3, "2025-01-01", items=[]),
    order(3, "2025-01-02"),
)
IS_A, IS_BIG = FieldComparison(BRAND, "=", "A"), FieldComparison(PRICE, ">=", number("50"))


def test_any_item_fits_all_at_once() -> None:
    assert found(where(AnyItem(IS_A)), ITEMS) == {1, 2}
    assert found(where(AnyItem(All((IS_A, IS_BIG)))), ITEMS) == {2}
    assert found(where(All((AnyItem(IS_A), AnyItem(IS_BIG)))), ITEMS) == {1, 2}
    assert found(where(AnyItem(Not(IS_A))), ITEMS) == {1, 2}
    assert found(where(Not(AnyItem(IS_A))), ITEMS) == {3}
    assert found(where(AnyItem(All(()))), ITEMS) == {1, 2}  # any item at all


def test_item_aggregates() -> None:
    def sum_of(predicate: Tree[Predicate]) -> list[Fraction | None]:
        return [
            value_of(Aggregate("sum", PRICE, Occurrences(("order",), EVER, predicate)), ITEMS, n) for n in (1, 2, 3, 4)
        ]

    assert sum_of(All(())) == [60, 61, 0, 0]
    assert sum_of(IS_A) == [10, 60, 0, 0]  # plain: selects items
    assert sum_of(AnyItem(IS_A)) == [60, 61, 0, 0]  # selects orders, whose items all count
    assert sum_of(Not(IS_A)) == [50, 1, 0, 0]
    assert sum_of(All((IS_A, AnyItem(IS_BIG)))) == [10, 60, 0, 0]
    assert sum_of(AnyItem(All((IS_A, IS_BIG)))) == [0, 61, 0, 0]
    brands = Aggregate("distinct", BRAND, ORDERS)
    assert [value_of(brands, ITEMS, n) for n in (1, 2, 3)] == [2, 1, 0]
    average = Aggregate("average", PRICE, Occurrences(("order",), EVER, IS_A))
    assert [value_of(average, ITEMS, n) for n in (1, 2, 3)] == [10, 60, None]


def test_item_aggregates_with_conditions_on_the_event() -> None:
    of = shop(
        order(1, "2025-01-01", total=1, items=[{"brand": "A", "price": 10}]),
        order(1, "2025-01-02", total=2, items=[{"brand": "A", "price": 20}, {"brand": "B", "price": 40}]),
    )
    dear = FieldComparison(TOTAL, "=", number("2"))
    sums: list[tuple[Tree[Predicate], int]]
    sums = [(dear, 60), (All((dear, IS_A)), 20), (AnyOf((dear, IS_A)), 70), (Not(dear), 10)]
    for predicate, total in sums:
        assert value_of(Aggregate("sum", PRICE, Occurrences(("order",), EVER, predicate)), of) == total


# --- first and last --------------------------------------------------------------------------------------------------


def test_first_and_last_lie_in_the_window() -> None:
    window = Interval(at("2025-06-01"), NOW)
    of = shop(
        order(1, "2025-07-01"),
        order(2, "2025-01-01"),
        order(2, "2025-07-01"),
        order(3, "2025-01-01"),
        order(3, NOW),
    )
    assert found(EdgeOccurrence("first", ORDERS, window), of) == {1}
    assert found(EdgeOccurrence("last", ORDERS, window), of) == {1, 2}
    assert found(EdgeOccurrence("last", ORDERS, Interval(None, at("2025-06-01"))), of) == {3}
    assert found(EdgeOccurrence("first", ORDERS, EVER), of) == {1, 2, 3}


def test_first_and_last_fit() -> None:
    big = FieldComparison(TOTAL, ">", number("50"))
    of = shop(
        order(1, "2025-01-01", total=100),
        order(1, "2025-02-01", total=1),
        order(2, "2025-01-01", total=1),
        order(2, "2025-02-01", total=100),
        order(3, "2025-02-01", total=1),
        order(3, "2025-02-01", total=100),  # a tie: any may fit
    )
    assert found(EdgeOccurrence("first", ORDERS, EVER, big), of) == {1, 3}
    assert found(EdgeOccurrence("last", ORDERS, EVER, big), of) == {2, 3}
    assert found(EdgeOccurrence("last", ORDERS, EVER, Not(big)), of) == {1, 3}
    assert found(EdgeOccurrence("last", replace(ORDERS, where=big), Interval(None, at("2025-01-15"))), of) == {
        1
    }  # where selects
    assert found(EdgeOccurrence("last", ORDERS, Interval(None, at("2025-01-15")), big), of) == set()


def test_the_tied_must_fit_all_of_it() -> None:
    big, coupon = FieldComparison(TOTAL, ">", number("50")), FieldSet(COUPON)
    of = shop(order(1, "2025-01-01", total=100), order(1, "2025-01-01", coupon="X"))
    assert found(EdgeOccurrence("last", ORDERS, EVER, All((big, coupon))), of) == set()
    assert found(
        All((EdgeOccurrence("last", ORDERS, EVER, big), EdgeOccurrence("last", ORDERS, EVER, coupon))), of
    ) == {1}


def test_first_and_last_of_several_events_with_items() -> None:
    of = shop(
        order(1, "2025-02-01", items=[{"brand": "A"}]),
        order(2, "2025-02-01", items=[{"brand": "A"}]),
        refund=[order(1, "2025-03-01"), order(2, "2025-01-01")],
    )
    assert found(EdgeOccurrence("last", ORDERS, EVER, AnyItem(IS_A)), of) == {1, 2}
    both = Occurrences(("order", "refund"), EVER)
    second = FieldComparison(Field("event", "number", Type.NUMBER), "=", number("2"))
    assert found(EdgeOccurrence("last", both, EVER, second), of) == {1, 2}
    assert found(EdgeOccurrence("last", both, Interval(at("2025-02-15"), NOW)), of) == {1}
