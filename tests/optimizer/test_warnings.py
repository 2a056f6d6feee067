"""Warnings: which part changes nothing, never matches or always does."""

from __future__ import annotations

from decimal import Decimal

import pytest

import segql
from segql.catalog import Catalog
from segql.conditions import (
    All,
    AnyOf,
    Condition,
    Consent,
    FieldComparison,
    FieldEmpty,
    FieldSet,
    InSegment,
    MeasureComparison,
    Not,
    Occurrences,
    Occurs,
    Population,
    Rank,
    Sample,
    Tree,
)
from segql.optimizer import implies, optimize, warnings
from segql.source import Source, Span

from .small_world import EVER, EVERYONE, NO_ONE, VIPS, N, Rule, X, Y, land, said, times


def placed(text: str, *parts: tuple[str, Rule]) -> list[Rule]:
    """The parts, each with the span of its words in the text."""
    source = Source(text)
    found = []
    for words, part in parts:
        start = text.index(words)
        kind = type(part)
        values = {name: getattr(part, name) for name in part.__match_args__ if name != "span"}
        found.append(kind(**values, span=Span(source, start, start + len(words))))
    return found


def test_warnings_name_the_part() -> None:
    text = "vip and a in 3h and a in 7h"
    parts = placed(text, ("vip", VIPS), ("a in 3h", times(1, None, 7)), ("a in 7h", times(1, None, 3)))
    whole = Span(Source(text), 0, len(text))
    assert said(All(tuple(parts), whole)) == [
        ("no-effect", "a in 7h", "`a in 7h` changes nothing here: it follows from `a in 3h`.")
    ]
    assert said(AnyOf(tuple(parts), whole)) == [
        ("no-effect", "a in 3h", "`a in 3h` changes nothing here: `a in 7h` includes it.")
    ]
    assert [problem.severity for problem in warnings(All(tuple(parts), whole))] == ["warning"]
    assert warnings(All(tuple(parts), whole))[0].hint == "leave `a in 7h` out"


def test_a_contradiction_and_a_tautology_are_named_by_both_parts() -> None:
    text = "a in 3h and never a in 7h"
    one, other = placed(text, ("a in 3h", times(1, None, 7)), ("never a in 7h", times(0, 0, 3)))
    assert said(All((one, other), Span(Source(text), 0, len(text)))) == [
        ("never-true", "never a in 7h",
         "`a in 3h` and `never a in 7h` can never be true together. So no one can match the rule.")
    ]  # fmt: skip
    text = "vip or not vip"
    part = placed(text, ("vip", VIPS))[0]
    rule = AnyOf((part, Not(part, Span(Source(text), 7, 14))), Span(Source(text), 0, 14))
    assert said(rule) == [
        ("always-true", "not vip", "Of `vip` and `not vip` one is always true. So everyone matches the rule.")
    ]


SEVERAL: list[tuple[Tree[Condition], str]] = [
    (AnyOf((times(2, None), Not(times(4, None)))), "always-true"),
    (AnyOf((FieldSet(X), All((land("NL"), land("BE", "DE"))))), "never-true"),
    (AnyOf((All((VIPS, Not(VIPS))), FieldSet(X))), "never-true"),
    (All((times(2, None), times(0, 1), FieldSet(X))), "never-true"),
    (All((FieldSet(X), AnyOf((FieldSet(Y), FieldEmpty(Y))))), "always-true"),
]


@pytest.mark.parametrize(("rule", "code"), SEVERAL)
def test_what_several_rewrites_find_together_is_said(rule: Rule, code: str) -> None:
    assert [problem.code for problem in warnings(rule)] == [code]


def test_a_part_that_is_never_true_does_not_doom_an_or() -> None:
    text = "vip or a after tomorrow"
    parts = placed(text, ("vip", VIPS), ("a after tomorrow", times(1, None, 10)))
    assert said(AnyOf(tuple(parts))) == [("never-true", "a after tomorrow", "`a after tomorrow` can never be true.")]


def test_a_contradiction_in_where_is_named_there() -> None:
    text = "a where (n > 5 and n < 3)"
    parts = placed(text, ("n > 5", FieldComparison(N, ">", Decimal(5))), ("n < 3", FieldComparison(N, "<", Decimal(3))))
    where = All(tuple(parts), Span(Source(text), 9, 24))
    assert said(Occurs(Occurrences(("a",), EVER, where), 1, None, Span(Source(text), 0, len(text)))) == [
        ("never-true", "n < 3", "`n > 5` and `n < 3` can never be true together. So no one can match the rule.")
    ]


def test_everyone_and_no_one_are_meant_when_they_stand_alone() -> None:
    for text, rule in (("everyone", EVERYONE), ("No  one", NO_ONE)):
        assert said(type(rule)((), Span(Source(text), 0, len(text)))) == []
    text = "a at least 0 times"
    assert said(All((), Span(Source(text), 0, len(text)))) == [
        ("always-true", text, f"`{text}` is always true. So everyone matches the rule.")
    ]
    one, other = placed("everyone and vip", ("everyone", EVERYONE), ("vip", VIPS))
    assert said(All((one, other))) == [("no-effect", "everyone", "`everyone` changes nothing here.")]


def test_a_segment_without_members_is_named_not_opened() -> None:
    text = 'in segment "S" or vip'
    part = placed(text, ('in segment "S"', InSegment("S", All((VIPS, Not(VIPS))))))[0]
    assert said(AnyOf((part, VIPS))) == [("never-true", 'in segment "S"', "No one can ever be in segment `S`.")]


def test_a_sample_is_neither_its_rule_nor_implied_by_it() -> None:
    whole = InSegment("S", VIPS)
    half = InSegment("S", VIPS, sample=Sample(Decimal(50), None, "S"))
    both: Tree[Condition] = All((half, VIPS))
    assert optimize(half) == half
    assert optimize(both) == both
    assert not implies(VIPS, half)
    assert optimize(All((half, whole, half))) == All((half, VIPS))
    assert optimize(All((half, Not(half)))) == NO_ONE
    either: Tree[Condition] = AnyOf((half, Not(VIPS)))
    assert optimize(either) == either
    everybody = InSegment("E", EVERYONE, sample=Sample(Decimal(50), None, "E"))
    assert optimize(everybody) == everybody
    assert warnings(everybody) == []


def test_the_rule_of_a_population_becomes_simpler_and_stays_where_it_is() -> None:
    members = InSegment("S", All((VIPS, VIPS, EVERYONE)))
    simple = InSegment("S", VIPS)
    assert optimize(Rank("top", X, None, 3, members)) == Rank("top", X, None, 3, simple)
    against = MeasureComparison(X, ">", Population("average", None, X, members))
    assert optimize(against) == MeasureComparison(X, ">", Population("average", None, X, simple))


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ("order count between 0 and 2", ["includes-never"]),
        ("order count between -1 and total spent", []),
        ("brands between -1 and 2 and vip", ["includes-never"]),
        ("order count between -5 and -1", ["never-true"]),
        ("order count between -1 and -0.5", ["never-true"]),
        ("entered segment Buyers in 0d", ["never-true"]),
    ],
)
def test_half_of_a_condition_is_not_said_of_all_of_it(rule: str, codes: list[str], catalog: Catalog) -> None:
    segments = segql.segments_from("segment Buyers = placed order in 30d")
    assert [problem.code for problem in segql.check(rule, catalog, segments=segments)] == codes


def test_a_sound_rule_has_no_warnings() -> None:
    assert (
        warnings(All((Consent("sms"), times(1, None, 7), times(0, 0, 7, where=FieldSet(N)), AnyOf((VIPS, land("NL"))))))
        == []
    )
