"""How many times: every quantity bound, and those that cannot be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segql.ast import All, AnyOf, Not
from segql.catalog import Catalog
from segql.conditions import Count, MeasureComparison, Occurs
from segql.parser import parse_value

from .bound import ORDERS, problems


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("", 1, None),
        ("at least once", 1, None),
        ("at least 3 times", 3, None),
        (">= 3", 3, None),
        ("more than 3 times", 4, None),
        ("> 0", 1, None),
        ("3 times", 3, 3),
        ("3", 3, 3),
        ("is 3", 3, 3),
        ("exactly once", 1, 1),
        ("once", 1, 1),
        ("twice", 2, 2),
        ("between 2 and 5 times", 2, 5),
        ("between 2 and 5", 2, 5),
        ("between 2 and 2 times", 2, 2),
        ("!= 0", 1, None),
        ("at least two times", 2, None),
        ("between two and five times", 2, 5),
        ("between two and five", 2, 5),
        ("> two", 3, None),
        ("at least 999999999999999 times", 999999999999999, None),
    ],
)
def test_quantities_that_leave_out_zero(said: str, least: int, most: int | None, bind: Any) -> None:
    assert bind(f"placed order {said}", two="2", five="5") == Occurs(ORDERS, least, most)


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("never", 1, None),
        ("0", 1, None),
        ("= 0", 1, None),
        ("zero times", 1, None),
        ("at most 0 times", 1, None),
        ("fewer than 1 times", 1, None),
        ("between 0 and 0 times", 1, None),
        ("at most 2 times", 3, None),
        ("less than 3 times", 3, None),
        ("between 0 and 2 times", 3, None),
        ("!= 3", 3, 3),
        ("is not 3", 3, 3),
        ("at most two times", 3, None),
    ],
)
def test_quantities_that_include_zero(said: str, least: int, most: int | None, bind: Any) -> None:
    assert bind(f"placed order {said}", two="2") == Not(Occurs(ORDERS, least, most))


def test_quantities_that_always_or_never_hold(bind: Any) -> None:
    assert bind("placed order at least 0 times") == All(())
    assert bind("placed order fewer than 0 times") == AnyOf(())


def test_a_number_of_events_is_how_often_they_happened(bind: Any) -> None:
    for said in ("< 3", "<= 2", "= 3", "!= 3", "> 0", ">= 1", "at least 2", "exactly 0", "between 2 and 5"):
        assert bind(f"number of placed order {said}") == bind(f"placed order {said}")
        assert bind(f"order count {said} in 30d") == bind(f"placed order {said} in 30d")
    assert bind("number of placed order > 2.5") == MeasureComparison(Count(ORDERS), ">", Decimal("2.5"))
    assert bind("number of placed order > -1") == MeasureComparison(Count(ORDERS), ">", Decimal(-1))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("placed order at least half times", "bad-count"),
        ("placed order = 2.5", "bad-count"),
        ("placed order > -1", "bad-count"),
        ("placed order at least 1000000000000000 times", "bad-count"),
        ("placed order at least a while times", "wrong-type"),
        ("placed order at least nobody times", "unknown-name"),
        ("placed order between 5 and 2", "descending"),
        ("placed order between five and two times", "descending"),
        ('placed order is "3"', "wrong-type"),
        ("placed order = €3", "wrong-type"),
        ("placed order contains \"x\"", "wrong-type"),
        ("placed order = score", "not-a-measure"),
        ("placed order > total spent", "not-a-measure"),
        ("placed order > 2 x total spent", "not-a-measure"),
        ("placed order > number of clicked sms", "not-a-measure"),
        ("placed order has total > 3", "misplaced"),
        ("no placed order in 30d", "misplaced"),
        ("first placed order at least twice", "misplaced"),
        ("first placed order > 3", "misplaced"),
        ("first placed order", "incomplete"),
        ("every placed order", "incomplete"),
        ("number of placed order", "incomplete"),
        ("total spent", "incomplete"),
        ("age", "incomplete"),
        ("total spent at least 3 times", "not-an-event"),
        ("never age", "not-an-event"),
        ("age where total > 3", "not-an-event"),
        ("age > 3 in 30d", "not-an-event"),
    ],
)  # fmt: skip
def test_quantities_and_parts_that_cannot_be(rule: str, code: str, catalog: Catalog) -> None:
    lets = {"two": "2", "five": "5", "half": "0.5", "a while": "3d"}
    found = problems(rule, catalog, {name: parse_value(text) for name, text in lets.items()})
    assert [p.code for p in found] == [code]
    assert found[0].hint


@pytest.mark.parametrize(
    ("rule", "fixed"),
    [
        ("no placed order in 30d", "never placed order in 30d"),
        ("placed order > total spent", "number of placed order > total spent"),
        ("placed order in 30d > 2 x clicked sms", "number of placed order in 30d > 2 x number of clicked sms"),
        (
            "any of (opened email, clicked email) > total spent",
            "number of any of (opened email, clicked email) > total spent",
        ),
        ("total spent in 30d at least 3 times", "total spent >= 3 in 30d"),
        ("age between 3 and 5 times", "age between 3 and 5"),
        ("number of placed order twice", "number of placed order = 2"),
        ("placed order has gift", "placed order where gift"),
        ("placed order where total > 3 has gift", "placed order where (total > 3 and gift)"),
        ("country is 31", '"31"'),
        ("x > €100", "100"),
        ("x > 10%", "0.1"),
        ("days since last order > 2 weeks", "14"),
        ("birthday > 2025-01-01T10:00", "2025-01-01"),
        ("total spent > $100", "100 EUR"),
        ('placed order where brand is "Acme"', 'any item (brand is "Acme")'),
        ("last order value between high and 50", "between 50 and high"),
        ("total spent between high and 50", "between 50 and high"),
        ("placed order between 2025-02-01 and 2025-01-01", "between 2025-01-01 and 2025-02-01"),
        ("renewal date in 14 days", "in the next 14 days"),
        ("placed order on 3 days ago", "the day 3 days ago"),
        ("placed order between 3 days ago and today", "between the day 3 days ago and today"),
        ("sum of coupon of placed order > 3", "number of distinct coupon of placed order"),
        ("total spent > 0.5 x high", "€50"),
        ("country in home", "is home"),
        ("joined list Newsletter", "joined list Newsletter in 30d"),
    ],
)
def test_the_fix_is_in_the_hint(rule: str, fixed: str, catalog: Catalog) -> None:
    (problem,) = problems(rule, catalog)
    assert f"`{fixed}`" in problem.hint, problem.hint
