"""Saved segments inside rules: at other times, sampled, and within limits."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest

import segql
from segql import binder
from segql.ast import All
from segql.binder.scope import MOST_DEPTH
from segql.catalog import Catalog
from segql.conditions import InSegment, Not, Sample
from segql.errors import SegQLError
from segql.evaluator import Shop
from segql.parser import parse_rule
from segql.segments import segments_from

from .saved import NOW, bound, codes

# --- at other times --------------------------------------------------------------------------------------------------


LATELY = """
segment "Lately" (length = 30d) = placed order in length and days since last placed order < 10 and not in list Staff
segment "Steady" = in segment Lately and was in segment Lately 1mo ago
segment "Newcomers" = first placed order in 7d or renewal date in the next 7 days or placed order since 2025-01-01
"""


def at(day: int, month: int = 11, hour: int = 11) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=UTC)


def test_an_earlier_now_moves_windows_and_lists_but_no_dates(catalog: Catalog) -> None:
    earlier = segql.meaning('in segment "Newcomers"', catalog, now=at(21), segments=segments_from(LATELY)).bound
    assert isinstance(earlier, InSegment)
    found = bound('was in segment "Newcomers" 1 week ago', catalog, LATELY)
    assert (found.rule, found.label, found.at) == (earlier.rule, "Newcomers 1 week ago", at(21))


def test_entered_is_in_now_and_not_then_and_left_the_other_way_round(catalog: Catalog) -> None:
    then = bound("was in segment Lately 30 days ago", catalog, LATELY)
    now = bound("in segment Lately", catalog, LATELY)
    assert bound("entered segment Lately in 30d", catalog, LATELY) == All((now, Not(then)))
    assert bound("left segment Lately in the last 30 days", catalog, LATELY) == All((then, Not(now)))
    assert bound("not left segment Lately in 30d", catalog, LATELY) == Not(All((then, Not(now))))


def test_nested_shifts_count_from_the_outer_one(catalog: Catalog) -> None:
    """A month before the last of March, and a month before that: not two months before now."""
    segments = segments_from(LATELY)
    now = datetime(2025, 3, 31, 9, tzinfo=UTC)
    found = segql.meaning("was in segment Steady 1mo ago", catalog, now=now, segments=segments).bound
    assert isinstance(found, InSegment)
    assert isinstance(found.rule, All)
    _, inner = found.rule.parts
    assert isinstance(inner, InSegment)
    assert (found.at, inner.at) == (at(28, 2, 10), at(28, 1, 10))


def test_a_loop_is_one_also_through_an_earlier_now_a_rank_or_an_average(catalog: Catalog) -> None:
    for form in (
        "was in segment A 1d ago", "entered segment A in 1d", "left segment A in 1d", "top 10 by age among segment A",
        "age > the average of segment A",
    ):  # fmt: skip
        assert codes("in segment A", catalog, f"segment A = vip or {form}") == ["cycle"], form


# --- samples ---------------------------------------------------------------------------------------------------------


def test_a_sample_has_the_name_of_its_segment_as_seed(catalog: Catalog) -> None:
    definitions = 'segment "Cafe\u0301" = vip sample 12.5% or at least 10\nsegment B = vip sample 1% seed "x"'
    assert bound('in segment "café"', catalog, definitions).sample == Sample(Decimal("12.5"), 10, "Café")
    assert bound("in segment B", catalog, definitions).sample == Sample(Decimal(1), None, "x")
    segments = segments_from(definitions)
    assert segql.meaning(segments["B"], catalog, segments=segments).sample == Sample(Decimal(1), None, "x")
    assert segql.meaning("in segment B", catalog, segments=segments).sample is None


def test_a_sampled_segment_is_sampled_also_when_it_is_the_rule(catalog: Catalog) -> None:
    shop = Shop([{"key": f"p{i}", "vip": i % 10 > 0} for i in range(100)])
    segments = segments_from("segment A = vip sample 33.3333%\nsegment B = vip sample 1% or at least 1000")
    members = segql.evaluate(segments["A"], catalog, shop, segments=segments)
    assert len(members) == 30
    assert members == segql.evaluate("in segment A", catalog, shop, segments=segments)
    assert len(segql.evaluate(segments["B"], catalog, shop, segments=segments)) == 90
    for key in ("p1", "p2", "p3", "p10", "nobody"):
        for rule in (segments["A"], "in segment A"):
            assert segql.holds(rule, catalog, shop, key, segments=segments) is (key in members)


# --- limits ----------------------------------------------------------------------------------------------------------


def chain(length: int, line: str, last: str = "vip") -> str:
    return "\n".join(f"segment s{i} = " + line.format(i + 1) for i in range(length)) + f"\nsegment s{length} = {last}"


@pytest.mark.parametrize(
    ("length", "line", "last", "code"),
    [
        (MOST_DEPTH - 1, "in segment s{0}", "vip", None),
        (MOST_DEPTH + 1, "in segment s{0}", "vip", "too-deep"),
        (MOST_DEPTH - 1, "top 10 by age among segment s{0}", "vip", None),
        (MOST_DEPTH + 1, "top 10 by age among segment s{0}", "vip", "too-deep"),
        (MOST_DEPTH + 1, "age > the average of segment s{0}", "vip", "too-deep"),
        (500, "in segment s{0}", "vip", "too-deep"),
        (60, "not (vip and (android or not (vip and (android or in segment s{0}))))", "vip", "too-deep"),
        (10, "in segment s{0} or in segment s{0}", "vip", None),
        (40, "in segment s{0} or in segment s{0}", "vip", "too-many-conditions"),
        (40, "in segment s{0} or in segment s{0}", "vipp", "unknown-name"),
        (40, "in segment s{0} or in segment s{0}", "in segment s0", "cycle"),
    ],
)
def test_unfolded_segments_have_limits(length: int, line: str, last: str, code: str | None, catalog: Catalog) -> None:
    segments = segments_from(chain(length, line, last))
    began = time.process_time()
    try:
        binder.bind(parse_rule("in segment s0"), catalog, NOW, lets={}, segments=segments.segments)
        found = set()
    except SegQLError as error:
        found = {p.code for p in error.problems}
    assert found == ({code} if code else set())
    assert time.process_time() - began < 5


def test_a_large_segment_may_be_met_again_but_not_without_end(catalog: Catalog) -> None:
    segments = segments_from("segment big = " + " or ".join(f"x = {n}" for n in range(catalog.largest_rule // 4)))

    def bind(times: int) -> object:
        rule = parse_rule(" or ".join(["in segment big"] * times))
        return binder.bind(rule, catalog, NOW, segments=segments.segments).rule

    bind(4)
    with pytest.raises(SegQLError) as raised:
        bind(7)
    (found,) = raised.value.problems  # said once, however many conditions are too many
    assert "3,500 plain conditions; 2,000 are the most" in found.message
    assert "largest_rule: 4000" in found.words


def test_a_rule_that_is_too_large_says_so_once_at_its_first_condition_too_many(catalog: Catalog) -> None:
    most = catalog.largest_rule
    rule = parse_rule(" or ".join(f"x = {n}" for n in range(2 * most + 3)) + " or visitedd")
    with pytest.raises(SegQLError) as raised:
        binder.bind(rule, catalog, NOW)
    (found,) = raised.value.problems
    assert found.span.text == f"x = {most}"
    assert "4,004 plain conditions" in found.message
    assert "largest_rule: 8000" in found.words
