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
        case c.Occurs(of, least, most):
            if most is not None and least > most:
                return NO_ONE
            if empty(of.window) or of.where == NO_ONE:
                return NO_ONE if least > 0 else EVERYONE
            return EVERYONE if least == 0 and most is None else node
        case c.EdgeOccurrence(_, of, window, has):
            nothing = empty(of.window) or empty(common(of.window, window)) or NO_ONE in (of.where, has)
            return NO_ONE if nothing else node
        case c.Share(of) | c.Regular(of) | c.OnDifferent(of) | c.Repeats(of) | c.MostCommon(of) if (
            empty(of.window) or of.where == NO_ONE
        ):
            return NO_ONE
        case c.InSequence(steps, _, window):
            nothing = _nothing(steps[0].of, window) or any(step.of.where == NO_ONE for step in steps)
            return NO_ONE if nothing else node
        case c.NotFollowed(first, _, _, _, window) if _nothing(first, window):
            return NO_ONE
        case c.NotFollowed(first, then, now, None) if then.within is not None and not live.is_live(first.window):
            # What lies in the window may be too late for its time to be over.
            start = first.window.start
            return NO_ONE if start is not None and start + then.within >= now else node
        case c.MeasureComparison(left, _, right) if _missing(left) or _missing(right):
            return NO_ONE
        case c.Rank(_, by, _, _, among) if _nobody(by, among):
            return NO_ONE
        case c.MeasureComparison(left, op, Decimal() as value, factor) if _zero(left):
            least, most = _counts(op, Fraction(value) * Fraction(factor))
            return EVERYONE if least <= 0 and (most is None or most >= 0) else NO_ONE
        case c.Share(op=">", percent=percent) if percent >= 100:
            return NO_ONE
        case c.Share(op="<", percent=percent) if percent <= 0:
            return NO_ONE
        case (
            c.Consent(_, _, _, c.Interval() as window)
            | c.InList(_, window, True)
            | c.FieldWithin(_, c.Interval() as window)
        ):
            return NO_ONE if empty(window) else node
        case c.FieldWithin(_, days) | c.FieldAnniversary(_, days) if (
            days.start is not None and days.end is not None and days.start >= days.end
        ):
            return NO_ONE
        case c.FieldIn(_, ()) | c.FieldIncludes(_, "any", ()) | c.AnyItem(c.AnyOf(())):
            return NO_ONE
        case c.ItemCount(c.AnyOf(()), least):
            return NO_ONE if least > 0 else EVERYONE
        case c.Random(_, None):
            return EVERYONE
        case _:
            return node


def _nothing(of: c.Occurrences, window: c.Interval | None) -> bool:
    """Whether there is no such occurrence, whoever it is; of the first or last one, none in the window."""
    return empty(of.window) or of.where == NO_ONE or (window is not None and empty(window))


def _missing(measure: c.Measure | c.Population | c.Value) -> bool:
    """Whether nobody has a value of it, because it looks at nothing."""
    match measure:
        case c.Aggregate(kind, _, of):
            return kind not in ("sum", "distinct") and _nothing(of, None)
        case c.DaysSince(_, of) | c.DaysBetween(of):
            return _nothing(of, None)
        case c.Ratio(top, bottom):
            return _missing(top) or _missing(bottom) or _zero(bottom)
        case c.Population(_, _, of, among):
            return _nobody(of, among)
        case _:
            return False


def _nobody(measure: c.Measure, among: c.InSegment | None) -> bool:
    """Whether its population is empty: a segment counts who did nothing, with 0."""
    return _missing(measure) or (among is None and _zero(measure))


def _zero(measure: c.Measure) -> bool:
    """Whether it counts or adds up nothing."""
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
