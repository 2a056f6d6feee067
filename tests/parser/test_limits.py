"""Limits of size and depth, linear time, and nothing breaks the parser."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segql.ast import Name, Subject
from segql.errors import SegQLError
from segql.formatter import format
from segql.parser import Limits, parse_definitions, parse_definitions_all, parse_metric, parse_rule, parse_value

from .reserved import RESERVED

# --- limits ----------------------------------------------------------------------------------------------------------


def code_of(text: str, limits: Limits | None = None) -> str:
    with pytest.raises(SegQLError) as error:
        parse_rule(text, limits=limits or Limits())
    return error.value.problems[0].code


def test_grouping_parentheses_vanish() -> None:
    assert parse_rule("(" * 10_000 + "a" + ")" * 10_000) == Subject(Name("a"))


def test_limits() -> None:
    assert code_of("not " * 10_000 + "a") == "too-deep"
    assert code_of("a and (" * 500 + "c" + ")" * 500) == "too-deep"
    assert code_of("a where (b where (" * 300 + "c" + "))" * 300) == "too-deep"
    assert code_of("(" * 100_000) == "too-deep"
    assert code_of(" " * 1_000_000) == "too-long"
    assert code_of(" and ".join(["clicked sms"] * 10_001)) == "too-many-conditions"
    assert code_of("a then b", Limits(conditions=1)) == "too-many-conditions"
    assert code_of("not not a", Limits(depth=1)) == "too-deep"
    assert code_of("abcdef", Limits(length=5)) == "too-long"
    parse_rule("not " * 100 + "a")
    parse_rule(" and ".join(["a"] * 10_000))


@pytest.mark.parametrize(
    "text",
    [
        "a in (" + ",".join(["1"] * 20_000) + ")",
        "x > " + "1" * 40_000,
        "a " + "in " * 13_000,
        "a " + "on at least x " * 3_000,
        "a " + "-" * 40_000,
        "x > 5 #" + "#- " * 20_000,
        "a at" + " " * 40_000 + "x",
        "a on at least " + "a#a-" * 10_000,
        "segment " * 5_000,
    ],
    ids=lambda text: text[:20],
)
def test_time_is_linear(text: str) -> None:
    """Each takes some tens of milliseconds; a pattern that backtracks would take minutes."""
    start = time.process_time()
    for parse in (parse_rule, parse_definitions_all):
        with suppress(SegQLError):
            parse(text)
    assert time.process_time() - start < 5


# --- nothing breaks it -----------------------------------------------------------------------------------------------


PIECES = (
    *RESERVED, "placed order", "total", "first", "last", "every", "no", "any of (", "(", ")", ",", "=", ">=", "!=", "<",
    "/", "at least", "more than", "is not", "is set", "does not contain", "in the last", "over", "the average", "of",
    "by", "top", "10%", "100", "-5", "1,000", "0.5 x", "$5", "5 EUR", "5m", "72h", "3 days", "2025-11-28", '"NL"', "'x",
    "2025-11-28T10:00Z", "true", "in list", "in segment", "entered segment", "can receive", "number of distinct", "#",
    "sum of", "month of", "anniversary of", "random", "seed", "sample", "any item (", "at least 4 items", "then",
    "20 km",
    "followed by", "not followed by", "with the same", "of the last", "different days", "among segment", "of segment",
    "any store", "everyone", "no one", "last month", "today", "from now", "the day", "-- c\n", "\n", "é", "🎁", "“",
    "\x00",
    "include any of (", "zero times",
)  # fmt: skip
soups = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)


@given(st.one_of(st.text(max_size=60), soups))
@example("a does not \N{LATIN SMALL LETTER LONG S}tart with 'x'")
@example("3 day\N{LATIN SMALL LETTER LONG S} ago")
@example("is 2025-11-28T10:00:60")
@example("x > 0000-00-00")
@example("everyone in the last a")
def test_anything_ends_in_a_tree_or_an_error(text: str) -> None:
    for parse in (parse_rule, parse_metric, parse_value, parse_definitions):
        try:
            tree = parse(text)
        except SegQLError as error:
            problems = error.problems
            tree = None
        if tree is None:
            assert problems
            assert all(0 <= p.span.start <= p.span.end <= len(text) and str(p) for p in problems)
        else:
            again = format(tree)
            assert parse(again) == tree
            assert format(parse(again)) == again
