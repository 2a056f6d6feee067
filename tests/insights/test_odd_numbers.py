"""Numbers of more digits than the operators of `decimal` keep: an engine's DECIMAL has 38."""

from __future__ import annotations

from decimal import Decimal

import pytest

from segql.answers.listing import short
from segql.columns import number
from segql.describer.values import money
from segql.emitter.columns import Kept
from segql.exact import rounded, shifted
from segql.insights.expectations import expectation, met
from segql.insights.figures import Figure, Measured, Stats, divided

HUGE = Decimal("98765432109876543210987654321.125")


def test_no_digit_is_lost() -> None:
    assert rounded(HUGE, 2) == Decimal("98765432109876543210987654321.13")
    assert shifted(HUGE, 3) == Decimal("98765432109876543210987654321125")
    assert divided(HUGE, 1) == HUGE
    assert str(short(HUGE)) == "98765432109876543210987654321.13"
    assert money(HUGE.copy_negate(), "USD") == "-$98,765,432,109,876,543,210,987,654,321.125"
    assert number("9876543210987654321098765432112", Kept(1, 100, 0)) == Decimal("98765432109876543210987654321.12")


@pytest.mark.parametrize(
    ("value", "said"),
    [("0", "0.00"), ("-0.005", "-0.01"), ("1.005", "1.01"), ("1.00499", "1.00"), ("-2.5", "-2.50")],
)
def test_halves_go_away_from_zero(value: str, said: str) -> None:
    assert str(rounded(Decimal(value), 2)) == said


def test_nothing_is_less_than_nothing() -> None:
    assert str(short(Decimal("-0.001"))) == "0.00"


def test_an_expectation_of_a_huge_total_is_told() -> None:
    figure = Figure(1, 1, HUGE, HUGE)
    spent = Measured("total spent", True, True, figure, figure)
    found = Stats("everyone", "rest", 1, 1, 1, (spent,), {}, (), (), {}, (), ())
    (one,) = met([expectation("total spent total > 5")], found)
    assert one.holds
    assert one.found == "98,765,432,109,876,543,210,987,654,321.13"
