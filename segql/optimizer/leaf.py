"""One leaf said more simply. Each rule looks at one node: `before -> after`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import assert_never

from .. import conditions as c
from ..conditions import live
from ..conditions.implication.windows import common, empty
from ..conditions.walk import EVERYONE, NO_ONE, Node


def settle_empty(node: Node) -> Node:
    """`x at least once in [t, t) -> no one`, `never x where (no one) -> everyone`, `country in () -> no one`"""
    match node:
        case c.All() | c.AnyOf() | c.Not() | c.InSegment():
            return node
        case (
            c.FieldComparison()
            | c.FieldLike()
            | c.FieldIncludesLike()
            | c.FieldSet()
            | c.FieldEmpty()
            | c.Near()
            | c.Nearest()
            | c.OfEvent()
            | c.CloseTo()
        ):
            return node
        case c.Occurs(of, least, most):
            if most is not None and least > most:
                return NO_ONE
            if _nothing(of, None):
                return NO_ONE if least > 0 else EVERYONE
            return EVERYONE if least == 0 and most is None else node
        case c.MeasureComparison():
            return _compared(node)
        case c.EdgeOccurrence(_, of, window, has):
            nothing = empty(of.window) or empty(common(of.window, window)) or NO_ONE in (of.where, has)
        case c.Share(of, _, op, percent):
            nothing = _nothing(of, None) or (op == ">" and percent >= 100) or (op == "<" and percent <= 0)
        case c.Regular(of) | c.OnDifferent(of) | c.Repeats(of) | c.MostCommon(of):
            nothing = _nothing(of, None)
        case c.InCommon(each):
            nothing = any(_nothing(of, None) for of in each)
        case c.InSequence(steps, edge, window):
            nothing = _nothing(steps[0].of, window) or any(step.of.where == NO_ONE for step in steps if not step.absent)
            nothing = nothing or (edge is None and _too_late(node))
        case c.Rank(_, by, _, _, among):
            nothing = _nobody(by, among)
        case c.Consent(_, _, _, window):
            nothing = window is not None and empty(window)
        case c.InList(_, window, dated):
            nothing = dated and empty(window)
        case c.FieldWithin(_, c.Interval() as window):
            nothing = empty(window)
        case c.FieldWithin(_, days) | c.FieldAnniversary(_, days):
            nothing = days.start is not None and days.end is not None and days.start >= days.end
        case c.FieldIn(_, values):
            nothing = not values
        case c.FieldIncludes(_, how, values):
            nothing = how == "any" and not values
        case c.AnyItem(where):
            nothing = where == NO_ONE
        case c.ItemCount(where, least):
            if where == NO_ONE and least == 0:
                return EVERYONE
            nothing = where == NO_ONE
        case c.Random(_, below):
            return EVERYONE if below is None else node
        case _:
            assert_never(node)
    return NO_ONE if nothing else node


def _compared(node: c.MeasureComparison) -> Node:
    """`average of total of x in [t, t) > 5 -> no one`, `number of x in [t, t) < 5 -> everyone`"""
    if _missing(node.left) or _missing(node.right):
        return NO_ONE
    if not isinstance(node.right, Decimal) or not _zero(node.left):
        return node
    least, most = _counts(node.op, Fraction(node.right) * Fraction(node.factor))
    return EVERYONE if least <= 0 and (most is None or most >= 0) else NO_ONE


def _nothing(of: c.Occurrences, window: c.Interval | None) -> bool:
    """Whether there is no such occurrence, whoever it is; of the first or last one, none in the window."""
    return empty(of.window) or of.where == NO_ONE or (window is not None and empty(window))


def _too_late(sequence: c.InSequence) -> bool:
    """Whether what lies in the window of the first step is too late for the time of what must not follow to be over."""
    first, never = sequence.steps[0].of.window, sequence.never
    if never is None or never.within is None or live.is_live(first) or first.start is None:
        return False
    now = never.of.window.end
    return now is not None and first.start + never.within >= now


def _missing(measure: c.Measure | c.Population | c.Value) -> bool:
    """Whether nobody has a value of it, because it looks at nothing."""
    match measure:
        case c.Aggregate(kind, _, of):
            return kind not in ("sum", "distinct") and _nothing(of, None)
        case c.DaysSince(_, of) | c.DaysBetween(of):
            return _nothing(of, None)
        case c.Ratio(top, bottom):
            return _missing(top) or _missing(bottom) or _zero(bottom)
        case c.Terms():
            return any(map(_missing, measure.parts))
        case c.Population(_, _, of, among):
            return _nobody(of, among)
        case _:
            return False


def _nobody(measure: c.Measure, among: c.InSegment | None) -> bool:
    """Whether its population is empty: a segment counts who did nothing, with 0."""
    return _missing(measure) or (among is None and _zero(measure))


def _zero(measure: c.Measure) -> bool:
    """Whether it counts or adds up nothing."""
    if isinstance(measure, c.Terms):
        return all(map(_zero, measure.parts))
    return isinstance(measure, c.Count | c.Aggregate) and _nothing(measure.of, None) and not _missing(measure)


def count_occurrences(node: Node) -> Node:
    """`number of x > 2 -> x at least 3 times`"""
    match node:
        case c.MeasureComparison(c.Count(of), op, Decimal() as value, factor, span):
            least, most = _counts(op, Fraction(value) * Fraction(factor))
            if most is not None and (most < 0 or least > most):
                return NO_ONE
            return EVERYONE if least <= 0 and most is None else c.Occurs(of, max(least, 0), most, span)
    return node


def _counts(op: c.Op, value: Fraction) -> tuple[int, int | None]:
    match op:
        case "=":
            return ceil(value), floor(value)
        case "<":
            return 0, ceil(value) - 1
        case "<=":
            return 0, floor(value)
        case ">":
            return floor(value) + 1, None
        case ">=":
            return ceil(value), None
        case _:
            assert_never(op)


def loosen_edges(node: Node) -> Node:
    """`last x in [s, now) -> x at least once in [s, now)`, `first x before t -> x at least once before t`"""
    match node:
        case c.EdgeOccurrence(which, of, window, c.All(()), span) if (
            of.window.start is None and of.window.end is not None
        ):
            reach = common(of.window, window)
            if reach.end == of.window.end if which == "last" else window.start is None:
                return c.Occurs(c.Occurrences(of.events, reach, of.where), 1, None, span)
    return node


def name_single(node: Node) -> Node:
    """`country in ("NL") -> country is "NL"`"""
    match node:
        case c.FieldIn(field, (value,), span):
            return c.FieldComparison(field, "=", value, span)
        case c.FieldIn(field, values, span) if len(set(values)) < len(values):
            return c.FieldIn(field, tuple(dict.fromkeys(values)), span)
        case _:
            return node
