"""Profiles beside the others: ranks, comparisons with a population, samples of a segment."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from .. import ast
from .. import conditions as c
from ..errors import Fix
from ..formatter import format as format_
from ..plain import dataclass
from ..source import Span
from .heads import MetricHead, resolve
from .measures import measure, metric_text
from .rows import PROFILE, no_property
from .scope import Scope, Together, fail
from .values import NUMBERS, article

MOST_FACTOR = Decimal(10**6)


@dataclass(frozen=True, slots=True)
class Whole:
    """One number about a population on the right of a comparison, as bound."""

    population: c.Population
    type: c.Type
    factor: Decimal
    span: Span


def rank(scope: Scope, given: ast.Rank) -> c.Rank:
    """`top|bottom 10%|100 by MEASURE [among segment S] [within each PROPERTY]`."""
    together = Together()
    among: c.InSegment | None = None
    each: c.Field | None = None
    with together:
        by, kind = measure(scope, given.by)
        if kind not in NUMBERS:
            fail("wrong-type", f"This is {article(kind)}, and profiles are ranked by a number.", given.by.span)
    with together:
        among = _segment(scope, given.among)
    with together:
        each = _each(scope, given.each)
    together.done()
    if given.word == "bottom" and among is None and not scope.negated:
        _leaves_out(scope, given, by)
    size = given.size
    percent = size.value if isinstance(size, ast.Percent) else None
    count = None if isinstance(size, ast.Percent) else int(size.value)
    return c.Rank(given.word, by, percent, count, among, each, given.span)


def population(scope: Scope, given: ast.Population, left: tuple[c.Measure, c.Type, ast.Subject]) -> Whole:
    """`[2 x] the average [of MEASURE] [of segment S] [within each PROPERTY]`, of the left measure unless it says."""
    of, kind, said = left
    among: c.InSegment | None = None
    each: c.Field | None = None
    together = Together()
    with together:
        factor_(scope, given.factor, given.span)
    with together:
        if given.measure is not None:
            said = given.measure
            of, kind = measure(scope, said)
        if kind not in NUMBERS:
            fail("wrong-type", f"This is {article(kind)}, and only numbers have {_article(given)}.", said.span)
        if given.statistic == "overall average":
            _pooled(scope, of, said, given)
    with together:
        among = _segment(scope, given.segment)
    with together:
        each = _each(scope, given.each)
    together.done()
    if given.statistic in ("average", "overall average"):
        found = c.Population(given.statistic, None, of, among, each)
    else:
        found = c.Population("percentile", 50 if given.statistic == "median" else given.percentile, of, among, each)
    return Whole(found, kind, given.factor, given.span)


def factor_(scope: Scope, factor: Decimal, span: Span) -> None:
    """Factors are small enough to be multiplied exactly on every engine."""
    scope.three_decimals(span)
    if factor >= MOST_FACTOR or factor != round(factor, 4):
        fail("bad-number", f"A factor is less than {MOST_FACTOR:,} and has at most 4 decimals.", span)


def sample(segment: ast.Segment) -> c.Sample | None:
    """The sample that a definition says; its seed is the segment's name as written, unless it has one."""
    given = segment.sample
    if given is None:
        return None
    seed = given.seed.value if given.seed is not None else unicodedata.normalize("NFC", segment.name.text)
    return c.Sample(given.percent.value, given.at_least, seed)


def _segment(scope: Scope, given: ast.SegmentRef | None) -> c.InSegment | None:
    if given is None:
        return None
    assert scope.refer is not None
    return scope.refer(given)


_TOLD_APART = (c.Type.TEXT, c.Type.BOOLEAN, *NUMBERS, c.Type.DATE)


def _each(scope: Scope, given: ast.Name | None) -> c.Field | None:
    """The property of the profile whose values part the others."""
    if given is None:
        return None
    field = PROFILE.field(scope, given)
    if field is None:
        no_property(scope, given, PROFILE)
    if field.type not in _TOLD_APART or field.part is not None:
        fail(
            "wrong-type",
            f"`{given.text}` is {article(field.type)}; people are told apart by a text, a truth, a number or a date.",
            given.span,
            "add a property to the profiles that says of which group they are",
        )
    return field


def _pooled(scope: Scope, of: c.Measure, said: ast.Subject, given: ast.Population) -> None:
    """Pooled are values of events, so the measure has to look at a property of them one by one."""
    if isinstance(of, c.Aggregate) and of.kind in ("average", "min", "max", "median"):
        return
    fixes = [Fix(given.span, _printed(replace(given, statistic="average")), "the average over profiles")]
    if isinstance(of, c.Aggregate) and of.kind == "sum":
        text = _aggregate(scope, said)
        if text is not None:
            pooled = replace(given, measure=replace(said, head=replace(text, kind="average")))
            fixes.append(Fix(given.span, _printed(pooled), "over single events"))
    fail(
        "wrong-type",
        f"`the overall average` pools single events, and `{format_(said)}` is one number of a profile.",
        given.span,
        "say which:" if len(fixes) > 1 else "say",
        *fixes,
    )


def _aggregate(scope: Scope, said: ast.Subject) -> ast.Aggregate | None:
    """The aggregate that a measure is, or that its metric is written as."""
    head = resolve(scope, said.head)
    if isinstance(head, MetricHead):
        text = metric_text(scope, head.name)
        plain = text.bottom is None and text.top.window is None and text.top.where is None
        found = text.top.head if plain else None
    else:
        found = said.head
    return found if isinstance(found, ast.Aggregate) else None


def _printed(right: ast.Population) -> str:
    """The right side of a comparison, as it is printed."""
    compared = ast.Subject(ast.Name("x"), comparison=ast.Compare("=", right))
    return format_(compared).removeprefix("x = ")


def _article(given: ast.Population) -> str:
    if given.statistic == "percentile":
        return "percentiles"
    return {"average": "an average", "median": "a median"}.get(given.statistic, "an overall average")


def _leaves_out(scope: Scope, given: ast.Rank, by: c.Measure) -> None:
    """A hint that the smallest of a rank are not those who never did it."""
    match by:
        case c.Field() | c.Ratio():
            return
        case c.Count() | c.Aggregate(kind="sum" | "distinct") | c.Terms():
            among = ast.SegmentRef(ast.Name("", "Everybody"))
            ranked = format_(replace(given, among=among, comments=()))
            hint = f'to rank them too, at 0, define `segment "Everybody" = everyone` and say `{ranked}`'
        case c.Aggregate() | c.DaysSince() | c.DaysBetween():
            hint = "they have nothing to rank; add them with `or never ..`"
        case _:
            assert_never(by)
    scope.note("hint", "leaves-out-never", "This leaves out people without any such event.", given.span, hint)
