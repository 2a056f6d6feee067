"""Properties of a profile: each type, compared, missing, in lists."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from segql.conditions import (
    Days,
    Field,
    FieldComparison,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    Interval,
    Not,
    Op,
    Type,
)
from segql.evaluator import Key

from .evaluated import AGE, BIRTHDAY, COUNTRY, LIMIT, SEEN, TAGS, VIP, at, found, number, people

CITY = Field("profile", "city", Type.TEXT)

SCORES = Field("profile", "scores", Type.NUMBERS)

SIGNUP = Field("profile", "signup", Type.DATE)

BALANCE = Field("profile", "balance", Type.MONEY)
POSITION = Field("profile", "position", Type.POSITION)


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
    of = people(
        {"age": float("inf")}, {"age": Decimal("-Infinity")}, {"age": 1e300}, {"age": -(10**34)}, {"age": 10**15}
    )
    assert found(FieldSet(AGE), of) == {5}
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
    begun = time.process_time()
    assert found(FieldLike(CITY, "matches", "*a" * 200 + "b"), people({"city": "a" * 5000})) == set()
    assert time.process_time() - begun < 5


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
    of = people({"scores": [1, 2.5]}, {"scores": [Decimal("2.50"), float("nan"), float("inf"), 10**40]}, {})
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
