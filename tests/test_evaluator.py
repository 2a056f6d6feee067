"""The meaning of each condition, on shops of a few rows written by hand."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from segql.catalog.model import Catalog
from segql.conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Condition,
    Consent,
    Count,
    Days,
    DaysBetween,
    DaysSince,
    EdgeOccurrence,
    Field,
    FieldComparison,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    InList,
    InSegment,
    Interval,
    Measure,
    MeasureComparison,
    Not,
    Occurrences,
    Occurs,
    Op,
    Predicate,
    Ratio,
    Tree,
    Type,
    Value,
)
from segql.errors import SegQLError
from segql.evaluator import Key, Row, Shop, holds, members

NOW = datetime(2025, 11, 28, 9, tzinfo=UTC)  # a Friday, 10:00 in Amsterdam
EVER = Interval(None, NOW)
TIMELESS = Interval(None, None)

CATALOG = Catalog.model_validate(
    {
        "timezone": "Europe/Amsterdam",
        "profiles": {
            "table": "customers",
            "key": "id",
            "properties": {
                "country": {"type": "text"},
                "city": {"type": "text"},
                "age": {"type": "number"},
                "limit": {"type": "number"},
                "tags": {"type": "list of text"},
                "scores": {"type": "list of number"},
                "vip": {"type": "boolean"},
                "birthday": {"type": "date"},
                "signup": {"type": "date"},
                "seen": {"type": "time"},
                "balance": {"type": "money", "scale": 2},
                "position": {"latitude": "lat", "longitude": "lon"},
            },
        },
        "channels": {
            "sms": {"table": "consent", "profile": "id", "receives when": "s = 'in'", "reason": "method", "time": "at"},
            "email": {"table": "flags", "profile": "id", "receives when": "s = 'in'", "reason": "method"},
        },
        "events": {
            "order": {
                "table": "orders",
                "profile": "id",
                "time": "at",
                "properties": {"total": {"type": "money"}, "coupon": {"type": "text"}, "due": {"type": "date"}},
                "items": {
                    "table": "lines",
                    "on": {"id": "order_id"},
                    "properties": {"brand": {"type": "text"}, "price": {"type": "money"}},
                },
            },
            "refund": {
                "table": "refunds",
                "profile": "id",
                "time": "at",
                "properties": {"total": {"type": "money"}, "hour": {"type": "number"}},
            },
            "badge": {"table": "badges", "profile": "id", "properties": {"total": {"type": "money"}}},
        },
        "lists": {
            "news": {"table": "l", "profile": "id", "time": "at"},
            "old": {"table": "o", "profile": "id"},
        },
    }
)

COUNTRY = Field("profile", "country", Type.TEXT)
CITY = Field("profile", "city", Type.TEXT)
AGE = Field("profile", "age", Type.NUMBER)
LIMIT = Field("profile", "limit", Type.NUMBER)
TAGS = Field("profile", "tags", Type.TEXTS)
SCORES = Field("profile", "scores", Type.NUMBERS)
VIP = Field("profile", "vip", Type.BOOLEAN)
BIRTHDAY = Field("profile", "birthday", Type.DATE)
SIGNUP = Field("profile", "signup", Type.DATE)
SEEN = Field("profile", "seen", Type.TIME)
BALANCE = Field("profile", "balance", Type.MONEY)
POSITION = Field("profile", "position", Type.POSITION)
TOTAL = Field("event", "total", Type.MONEY)
COUPON = Field("event", "coupon", Type.TEXT)
BRAND = Field("item", "brand", Type.TEXT)
PRICE = Field("item", "price", Type.MONEY)

ORDERS = Occurrences(("order",), EVER)


def number(value: str) -> Decimal:
    return Decimal(value)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def order(profile: Key, when: Any, **properties: Any) -> Row:
    return {"profile": profile, "time": at(when) if isinstance(when, str) else when, **properties}


def people(*rows: Mapping[str, Any]) -> Shop:
    """Profiles 1, 2, .. with these properties."""
    return Shop([{"key": n, **row} for n, row in enumerate(rows, 1)])


def shop(*orders: Row, **events: Sequence[Row]) -> Shop:
    """Profiles 1 to 4, these orders, and other events."""
    return Shop([{"key": n} for n in range(1, 5)], {"order": orders, **events})


def found(rule: Tree[Condition], of: Shop, now: datetime = NOW) -> set[Key]:
    """The members; checks on the way that rule and not rule share out the profiles, and that each alone is the same."""
    members_ = members(rule, of, CATALOG, now)
    known = {row["key"] for row in of.profiles}
    assert members(Not(rule), of, CATALOG, now) == known - members_
    assert {key for key in known if holds(rule, of, CATALOG, now, key)} == members_  # type: ignore[arg-type]
    return members_


def where(predicate: Tree[Predicate], events: tuple[str, ...] = ("order",)) -> Occurs:
    return Occurs(Occurrences(events, EVER, predicate), 1, None)


def compares(left: Measure, op: Op, right: Value | Measure, factor: str = "1") -> MeasureComparison:
    return MeasureComparison(left, op, right, Decimal(factor))


def value_of(measure: Measure, of: Shop, key: Key = 1) -> Fraction | None:
    """A measure's value for one profile, found by comparing: between millionths -10^10 and 10^10."""
    low, high = -(10**10), 10**10
    if not holds(compares(measure, ">=", Decimal(low)), of, CATALOG, NOW, key):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        bound = Decimal(middle) / 10**6
        low, high = (middle, high) if holds(compares(measure, ">=", bound), of, CATALOG, NOW, key) else (low, middle)
    return Fraction(low, 10**6)


# --- everyone, no one, and, or, not --------------------------------------------------------------------------------


def test_boolean_structure() -> None:
    of = people({"country": "NL", "age": 20}, {"country": "NL", "age": 40}, {"country": "BE", "age": 40}, {})
    nl, old = FieldComparison(COUNTRY, "=", "NL"), FieldComparison(AGE, ">", number("30"))
    assert found(All(()), of) == {1, 2, 3, 4}
    assert found(AnyOf(()), of) == set()
    assert found(All((nl, old)), of) == {2}
    assert found(AnyOf((nl, old)), of) == {1, 2, 3}
    assert found(Not(All((nl, old))), of) == {1, 3, 4}
    assert found(InSegment("the Dutch", nl), of) == {1, 2}
    assert found(All((InSegment("the Dutch", Not(nl)), old)), of) == {3}


def test_nobody() -> None:
    assert members(All(()), Shop([]), CATALOG, NOW) == set()


def test_one_profile_alone() -> None:
    rule = Occurs(ORDERS, 2, None)
    alone = Shop([{"key": 2}], {"order": [order(1, "2025-01-01"), order(2, "2025-01-01"), order(2, "2025-01-02")]})
    assert holds(rule, alone, CATALOG, NOW, 2)
    assert not holds(rule, alone, CATALOG, NOW, 1)  # unknown here
    assert not holds(Not(rule), alone, CATALOG, NOW, 1)


def test_rows_of_nobody_and_of_strangers_do_not_count() -> None:
    of = shop(order(1, "2025-01-01"), order(9, "2025-01-01"), order(None, "2025-01-01"), {"time": at("2025-01-01")})  # type: ignore[arg-type]
    assert found(where(All(())), of) == {1}
    assert members(All(()), Shop([{"key": "a"}, {"key": None}, {}]), CATALOG, NOW) == {"a"}


# --- properties ----------------------------------------------------------------------------------------------------


def test_text_compares_by_code_point() -> None:
    of = people({"country": "NL"}, {"country": "nl"}, {"country": "NL "}, {"country": ""}, {"country": None}, {})
    assert found(FieldComparison(COUNTRY, "=", "NL"), of) == {1}
    assert found(Not(FieldComparison(COUNTRY, "=", "NL")), of) == {2, 3, 4, 5, 6}
    assert found(FieldComparison(COUNTRY, "=", ""), of) == {4}
    assert found(FieldIn(COUNTRY, ("NL", "nl", "BE")), of) == {1, 2}
    composed = people({"country": "é"}, {"country": "e\u0301"})
    assert found(FieldComparison(COUNTRY, "=", "é"), composed) == {1}


def test_missing_and_set_and_empty() -> None:
    of = people({"country": "NL"}, {"country": ""}, {"country": None}, {})
    assert found(FieldSet(COUNTRY), of) == {1, 2}
    assert found(FieldEmpty(COUNTRY), of) == {2, 3, 4}
    of = people({"age": 0}, {"age": float("nan")}, {"age": Decimal("NaN")}, {"age": Decimal("sNaN")}, {"age": None})
    assert found(FieldSet(AGE), of) == {1}
    assert found(FieldEmpty(AGE), of) == {2, 3, 4, 5}
    assert found(FieldComparison(AGE, ">=", number("-1")), of) == {1}
    assert found(Not(FieldComparison(AGE, "=", number("0"))), of) == {2, 3, 4, 5}
    of = people({"tags": ["a"]}, {"tags": []}, {"tags": None}, {})
    assert found(FieldSet(TAGS), of) == {1, 2}
    assert found(FieldEmpty(TAGS), of) == {2, 3, 4}
    of = people({"vip": False}, {"vip": None})
    assert found(FieldSet(VIP), of) == {1}
    assert found(FieldEmpty(VIP), of) == {2}
    of = people(
        {"position": (52.37, 4.89)}, {"position": (52.37, None)}, {"position": None}, {"position": [1, Decimal(2)]}
    )
    assert found(FieldSet(POSITION), of) == {1, 4}


@pytest.mark.parametrize(("op", "who"), [("=", {2, 5}), ("<", {1}), ("<=", {1, 2, 5}), (">", {3}), (">=", {2, 3, 5})])
def test_numbers(op: Op, who: set[Key]) -> None:
    of = people({"age": 17}, {"age": Decimal("18.0000")}, {"age": 18.0001}, {}, {"age": 18.0})
    assert found(FieldComparison(AGE, op, number("18")), of) == who


def test_numbers_are_exact_and_have_their_scale() -> None:
    of = people({"age": 0.1 + 0.2}, {"age": Decimal("0.3")}, {"age": Fraction(3, 10)}, {"age": Decimal("0.30004")})
    assert found(FieldComparison(AGE, "=", number("0.3")), of) == {1, 2, 3, 4}
    of = people({"balance": 0.125}, {"balance": -0.125}, {"balance": 2.675}, {"balance": Decimal("1e30") + 1})
    assert found(FieldComparison(BALANCE, "=", number("0.13")), of) == {1}  # half away from zero
    assert found(FieldComparison(BALANCE, "=", number("-0.13")), of) == {2}
    assert found(FieldComparison(BALANCE, "=", number("2.68")), of) == {3}  # as it prints
    big = people({"age": 10**30 + 1}, {"age": 10**30})
    assert found(FieldComparison(AGE, ">", number("1e30")), big) == {1}


def test_booleans() -> None:
    of = people({"vip": True}, {"vip": False}, {"vip": None})
    assert found(FieldComparison(VIP, "=", True), of) == {1}
    assert found(FieldComparison(VIP, "=", False), of) == {2}
    assert found(Not(FieldComparison(VIP, "=", True)), of) == {2, 3}


def test_property_against_property() -> None:
    of = people({"age": 5, "limit": 5.0}, {"age": 6, "limit": 5}, {"age": 5}, {"limit": 5}, {})
    assert found(FieldComparison(AGE, "=", LIMIT), of) == {1}
    assert found(FieldComparison(AGE, ">", LIMIT), of) == {2}
    assert found(Not(FieldComparison(AGE, "=", LIMIT)), of) == {2, 3, 4, 5}  # both missing: not equal
    of = people({"country": "NL", "city": "NL"}, {"country": "NL", "city": "nl"})
    assert found(FieldComparison(COUNTRY, "=", CITY), of) == {1}
    of = people({"birthday": date(2000, 1, 1), "signup": date(2000, 1, 1)}, {"birthday": date(2000, 1, 1)})
    assert found(FieldComparison(BIRTHDAY, "=", SIGNUP), of) == {1}


def test_numbers_in() -> None:
    of = people({"age": 1}, {"age": 2.0}, {"age": 3}, {})
    assert found(FieldIn(AGE, (number("1"), number("2"))), of) == {1, 2}
    assert found(Not(FieldIn(AGE, (number("1"), number("2")))), of) == {3, 4}


@pytest.mark.parametrize(
    ("how", "pattern", "who"),
    [
        ("contains", "STRASSE", {4}),
        ("contains", "straße", {1, 2}),
        ("contains", "STRAẞE", {1, 2}),
        ("contains", "", {1, 2, 3, 4, 5, 6}),
        ("contains", "σ", {3}),
        ("contains", "*", {5}),
        ("contains", "kelvin", {6}),
        ("starts with", "haupt", {1, 2, 4}),
        ("ends with", "e", {1, 2, 4}),
        ("ends with", "ΔΟΣ", {3}),
        ("starts with", "hauptstraße 12 and much longer", set()),
        ("matches", "haupt*", {1, 2, 4}),
        ("matches", "h?upt*e", {1, 2, 4}),
        ("matches", "haupt", set()),
        ("matches", "*", {1, 2, 3, 4, 5, 6}),
        ("matches", "", set()),
        ("matches", "????", {3}),
        ("matches", "*\\**", set()),  # a backslash is itself
    ],
)
def test_text_ignoring_case(how: Any, pattern: str, who: set[Key]) -> None:
    of = people(
        {"city": "Hauptstraße"},
        {"city": "HAUPTSTRAẞE"},
        {"city": "οδος"},
        {"city": "Hauptstrasse"},
        {"city": "a*b"},
        {"city": "\u212aELVIN"},
        {"city": None},
    )
    assert found(FieldLike(CITY, how, pattern), of) == who


@pytest.mark.parametrize(
    ("text", "pattern", "fit"),
    [
        ("", "", True),
        ("", "*", True),
        ("", "**", True),
        ("", "?", False),
        ("a", "?*", True),
        ("abc", "a*c", True),
        ("abcb", "a*c", False),
        ("abcabc", "*bc", True),
        ("abab", "*ab?", False),
        ("aXbXc", "*x*X*", True),
        ("mississippi", "m*iss*ip*", True),
        ("mississippi", "m*issip*s*", False),
        ("a\nb", "a?b", True),
        ("\U0001f600", "?", True),
        ("e\u0301", "?", False),  # two code points
        ("a.c", "a.c", True),
        ("abc", "a.c", False),
        ("[a]", "[A]", True),
    ],
)
def test_matches(text: str, pattern: str, fit: bool) -> None:
    assert found(FieldLike(CITY, "matches", pattern), people({"city": text})) == ({1} if fit else set())


def test_matches_never_hangs() -> None:
    begun = time.perf_counter()
    assert found(FieldLike(CITY, "matches", "*a" * 200 + "b"), people({"city": "a" * 5000})) == set()
    assert time.perf_counter() - begun < 5


def test_lists() -> None:
    of = people(
        {"tags": ["a", "B"]},
        {"tags": ["b", None]},
        {"tags": []},
        {"tags": None},
        {"tags": ("a",)},
        {"tags": {"a", "b"}},
    )
    assert found(FieldIncludes(TAGS, "any", ("a",)), of) == {1, 5, 6}
    assert found(FieldIncludes(TAGS, "any", ("a", "b")), of) == {1, 2, 5, 6}
    assert found(FieldIncludes(TAGS, "all", ("a", "b")), of) == {6}
    assert found(Not(FieldIncludes(TAGS, "any", ("a",))), of) == {2, 3, 4}
    of = people({"scores": [1, 2.5]}, {"scores": [Decimal("2.50"), float("nan")]}, {})
    assert found(FieldIncludes(SCORES, "any", (number("2.5"),)), of) == {1, 2}
    assert found(FieldIncludes(SCORES, "all", (number("2.5"), number("1"))), of) == {1}


def test_dates() -> None:
    days = [date(2025, 11, 20), date(2025, 11, 21), date(2025, 11, 28), date(2025, 11, 29), None]
    of = people(*({"birthday": day} for day in days))
    week = Days(date(2025, 11, 21), date(2025, 11, 29))
    assert found(FieldWithin(BIRTHDAY, week), of) == {2, 3}
    assert found(FieldWithin(BIRTHDAY, Days(None, date(2025, 11, 21))), of) == {1}
    assert found(FieldWithin(BIRTHDAY, Days(date(2025, 11, 29), None)), of) == {4}
    assert found(FieldWithin(BIRTHDAY, Days(None, None)), of) == {1, 2, 3, 4}
    assert found(FieldComparison(BIRTHDAY, "=", date(2025, 11, 28)), of) == {3}
    assert found(FieldComparison(BIRTHDAY, "<", date(2025, 11, 21)), of) == {1}
    # an instant in a column of days is its local day
    of = people({"birthday": at("2025-11-20T23:00")}, {"birthday": datetime(2025, 11, 21)})
    assert found(FieldComparison(BIRTHDAY, "=", date(2025, 11, 21)), of) == {1, 2}


def test_instants() -> None:
    of = people(
        {"seen": at("2025-11-27T22:59:59.999999")},
        {"seen": datetime(2025, 11, 28, 0, tzinfo=timezone(timedelta(hours=1)))},
        {"seen": date(2025, 11, 28)},  # its local midnight
        {"seen": at("2026-01-01T00:00")},  # a property may lie ahead
        {},
    )
    today = Interval(at("2025-11-27T23:00"), at("2025-11-28T23:00"))
    assert found(FieldWithin(SEEN, today), of) == {2, 3}
    assert found(FieldWithin(SEEN, Interval(at("2025-11-27T23:00"), None)), of) == {2, 3, 4}
    assert found(FieldComparison(SEEN, "=", at("2025-11-27T23:00")), of) == {2, 3}
    assert found(FieldComparison(SEEN, ">", at("2025-11-27T23:00")), of) == {4}


# --- occurrences ---------------------------------------------------------------------------------------------------


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


# --- built-in properties of timed events ---------------------------------------------------------------------------


def built_in(name: str, op: Op, value: Value, events: tuple[str, ...] = ("order",), window: Interval = EVER) -> Occurs:
    type_ = Type.TEXT if name == "weekday" else Type.NUMBER
    return Occurs(Occurrences(events, window, FieldComparison(Field("event", name, type_), op, value)), 1, None)


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


# --- items ---------------------------------------------------------------------------------------------------------

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
    for predicate, total in [(dear, 60), (All((dear, IS_A)), 20), (AnyOf((dear, IS_A)), 70), (Not(dear), 10)]:
        assert value_of(Aggregate("sum", PRICE, Occurrences(("order",), EVER, predicate)), of) == total  # type: ignore[arg-type]


# --- measures ------------------------------------------------------------------------------------------------------


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
        assert 2 not in found(compares(average, op, number("5")), of)  # type: ignore[arg-type]
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


# --- first and last ------------------------------------------------------------------------------------------------


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


# --- consent -------------------------------------------------------------------------------------------------------


def consents(*rows: tuple[Key, bool | None, str | None, str | None], channel: str = "sms") -> Shop:
    return Shop(
        [{"key": n} for n in range(1, 6)],
        channels={
            channel: [
                {"profile": key, "receives": receives, "reason": reason, "time": at(when) if when else None}
                for key, receives, reason, when in rows
            ]
        },
    )


def test_the_latest_record_decides() -> None:
    of = consents(
        (1, False, None, "2025-01-01"),
        (1, True, None, "2025-02-01"),
        (2, True, None, "2025-01-01"),
        (2, False, None, "2025-02-01"),
        (3, True, None, "2025-02-01"),
        (3, False, None, "2025-02-01"),  # a tie cannot receive
        (4, True, None, "2025-02-01"),
        (4, True, None, "2025-02-01"),
        (4, False, None, None),  # no time where the channel has one: no record
    )
    assert found(Consent("sms"), of) == {1, 4}
    assert found(Consent("sms", given=False), of) == {2, 3}
    assert found(Not(Consent("sms")), of) == {2, 3, 5}


def test_only_true_gives_consent() -> None:
    of = consents((1, None, "form", "2025-01-01"), (2, False, "form", "2025-01-01"), (3, True, "form", "2025-01-01"))
    assert found(Consent("sms"), of) == {3}
    assert found(Consent("sms", given=False, reason="form"), of) == {1, 2}


def test_consent_with_a_reason() -> None:
    of = consents(
        (1, True, "form", "2025-01-01"),
        (2, True, "Form", "2025-01-01"),
        (3, True, None, "2025-01-01"),
        (4, True, "form", "2025-01-01"),
        (4, True, "import", "2025-01-01"),  # all that decide must fit
        (5, True, "form", "2025-01-01"),
        (5, False, "form", "2025-02-01"),
    )
    assert found(Consent("sms", reason="form"), of) == {1}
    assert found(Consent("sms", given=False, reason="form"), of) == {5}
    assert found(Consent("sms", given=False, reason="import"), of) == set()


def test_consent_with_a_window() -> None:
    window = Interval(at("2025-02-01"), at("2025-03-01"))
    of = consents(
        (1, True, None, "2025-02-01"),
        (2, True, None, "2025-03-01"),
        (3, True, None, "2025-02-10"),
        (3, False, None, "2025-02-11"),
        (4, False, None, "2025-02-11"),
        (4, True, None, "2025-03-11"),
    )
    assert found(Consent("sms", window=window), of) == {1}
    assert found(Consent("sms", given=False, window=window), of) == {3}


def test_consent_without_time() -> None:
    of = consents(
        (1, True, "form", None),
        (2, False, "form", None),
        (3, True, "form", None),
        (3, False, "bounce", "2020-01-01"),  # the channel has no time: this record decides too
        channel="email",
    )
    assert found(Consent("email"), of) == {1}
    assert found(Consent("email", given=False, reason="bounce"), of) == {3}
    assert found(Not(Consent("email")), of) == {2, 3, 4, 5}


# --- lists ---------------------------------------------------------------------------------------------------------


def test_lists_of_profiles() -> None:
    of = Shop(
        [{"key": n} for n in range(1, 6)],
        lists={
            "news": [
                order(1, "2025-01-01"),
                order(2, "2025-07-01"),
                order(3, None),
                order(4, NOW),
                order(9, "2025-01-01"),
            ],
            "old": [{"profile": 1}, {"profile": 4, "time": at("2099-01-01")}],
        },
    )
    assert found(InList("news", EVER, dated=False), of) == {
        1,
        2,
        3,
    }  # an unknown time of joining counts, the future not
    assert found(InList("news", EVER, dated=True), of) == {1, 2}
    assert found(InList("news", Interval(at("2025-06-01"), NOW), dated=True), of) == {2}
    assert found(InList("news", TIMELESS, dated=False), of) == {1, 2, 3}
    assert found(InList("old", EVER, dated=False), of) == {1, 4}  # a list without time
    assert found(InList("old", EVER, dated=True), of) == set()


# --- rows that are wrong -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "of", "says"),
    [
        (where(All(())), shop(order(1, datetime(2025, 1, 1))), "the event order is an instant.*no time zone"),
        (where(All(())), shop(order(1, 5)), "the event order is an instant"),
        (FieldSet(SEEN), people({"seen": datetime(2025, 1, 1)}), "property seen.*no time zone"),
        (FieldSet(AGE), people({"age": "18"}), "property age is a number.*'18'"),
        (FieldSet(AGE), people({"age": True}), "property age is a number"),
        (FieldSet(AGE), people({"age": float("inf")}), "property age is a number"),
        (FieldSet(COUNTRY), people({"country": 31}), "property country is of type text"),
        (FieldSet(VIP), people({"vip": 1}), "property vip is of type boolean"),
        (FieldSet(BIRTHDAY), people({"birthday": "2000-01-01"}), "property birthday is of type date"),
        (FieldSet(TAGS), people({"tags": "a"}), "property tags is of type list of text"),
        (FieldSet(TAGS), people({"tags": [1]}), "property tags is a list of text"),
        (Consent("sms"), consents((1, "yes", None, "2025-01-01")), "receives of the channel sms"),  # type: ignore[arg-type]
        (All(()), Shop([{"key": 1}, {"key": 1}]), "Two profiles have the key 1"),
    ],
)
def test_wrong_rows_say_so(rule: Tree[Condition], of: Shop, says: str) -> None:
    with pytest.raises(SegQLError, match=says) as caught:
        members(rule, of, CATALOG, NOW)
    assert [problem.code for problem in caught.value.problems] == ["shop-row"]


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(SegQLError, match="now is an instant"):
        members(All(()), Shop([]), CATALOG, datetime(2025, 1, 1))


def test_comparing_different_types_is_no_quiet_answer() -> None:
    with pytest.raises(TypeError):
        members(FieldComparison(AGE, "=", "18"), people({"age": 18}), CATALOG, NOW)
    with pytest.raises(TypeError):
        members(FieldWithin(BIRTHDAY, EVER), people({"birthday": date(2000, 1, 1)}), CATALOG, NOW)
    with pytest.raises(TypeError):
        members(FieldWithin(SEEN, Days(None, None)), people({"seen": NOW}), CATALOG, NOW)


def test_the_ends_of_time_are_no_crash() -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    of = shop(order(1, first), order(1, date.min), order(2, last), order(2, date.max), order(3, first))
    assert found(compares(DaysSince("first", ORDERS), ">", number("700000")), of) == {1, 3}
    assert found(built_in("hour", ">=", number("0")), of) == {1, 3}
    east = timezone(timedelta(hours=14))
    assert found(where(All(())), shop(order(1, datetime.min.replace(tzinfo=east)))) == {1}
