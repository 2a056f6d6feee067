"""What is certain about the number of occurrences where a condition holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import floor
from typing import Any, assert_never

from ... import conditions as c
from ...plain import dataclass
from ..memory import remembered
from ..walk import Node
from .windows import common


@dataclass(frozen=True, slots=True)
class Range:
    """The number of occurrences lies in a range."""

    of: c.Occurrences
    least: int
    most: int | None


def ranges(literal: Any) -> tuple[Range, ...]:
    """One of these holds exactly when the literal does; none when it is not about a count."""
    # Asked of every pair that is compared: types are compared several times quicker than patterns are matched.
    kind: type = type(literal)
    if kind is c.Occurs:
        return (Range(literal.of, literal.at_least, literal.at_most),)
    if kind is c.Not and type(part := literal.part) is c.Occurs and part.at_most is not None:
        return (Range(part.of, 0, part.at_least - 1), Range(part.of, part.at_most + 1, None))
    return ()


@remembered
def facts(literal: Node) -> tuple[Range, ...]:
    """Counts that are certain where the literal holds."""
    return tuple(_facts(literal))


def _facts(literal: Node) -> Iterator[Range]:
    match literal:
        case c.Occurs(of, least, most):
            yield Range(of, least, most)
        case c.EdgeOccurrence(which, of, window, has):
            where: c.Tree[c.Predicate] = c.All((of.where, has)) if has != c.All(()) else of.where
            yield Range(c.Occurrences(of.events, common(of.window, window), where), 1, None)
            if which == "last" and window.end is not None:
                yield Range(c.Occurrences(of.events, common(of.window, c.Interval(window.end, None)), of.where), 0, 0)
            if which == "first" and window.start is not None:
                yield Range(c.Occurrences(of.events, common(of.window, c.Interval(None, window.start)), of.where), 0, 0)
        case c.Share(of, has, op, percent):
            yield Range(of, 1, None)
            if percent == 100 and op in ("=", ">="):
                yield Range(replace(of, where=c.All((of.where, c.Not(has)))), 0, 0)
        case c.Regular(of, _, (each, _), least):
            yield Range(of, each * least, None)
        case c.OnDifferent(of, _, least) | c.Repeats(of, _, least):
            yield Range(of, least, None)
        case c.InCommon(each):
            yield from (Range(of, 1, None) for of in each)
        case c.MostCommon(of, field):
            if field.scope == "event":
                yield Range(of, 1, None)
        case c.MeasureComparison(left, op, right, factor):
            yield from _present(left)
            if isinstance(right, c.Population):
                return
            if not isinstance(right, c.Value):
                yield from _present(right)
            elif isinstance(right, Decimal) and op in (">", ">=", "="):
                yield from _filled(left, Fraction(right) * Fraction(factor), op == ">")
        case c.FieldComparison() | c.FieldIn() | c.FieldLike() | c.FieldIncludes() | c.FieldSet() | c.FieldEmpty():
            return
        case (
            c.FieldIncludesLike()
            | c.FieldWithin()
            | c.FieldAnniversary()
            | c.AnyItem()
            | c.ItemCount()
            | c.OfEvent()
            | c.CloseTo()
        ):
            return
        case c.InSequence() | c.Rank() | c.Near() | c.Nearest() | c.Random() | c.Consent() | c.InList():
            return
        case c.All() | c.AnyOf() | c.Not() | c.InSegment():
            return
        case _:
            assert_never(literal)


def _present(measure: c.Measure) -> Iterator[Range]:
    """Counts that are certain where the measure is not missing."""
    match measure:
        case c.Aggregate("average" | "min" | "max" | "median" | "first" | "last", _, of) | c.DaysSince(_, of):
            yield Range(of, 1, None)
        case c.DaysBetween(of):
            yield Range(of, 2, None)
        case c.Ratio(top, bottom):
            yield from chain(_present(top), _present(bottom))
        case c.Terms():
            yield from chain.from_iterable(map(_present, measure.parts))


def _filled(measure: c.Measure, value: Fraction, above: bool) -> Iterator[Range]:
    """Counts that are certain where a sum or a number of distinct values is at least (above) a value."""
    if value < 0 or (value == 0 and not above):
        return
    match measure:
        case c.Aggregate("sum", _, of):
            yield Range(of, 1, None)
        case c.Aggregate("distinct", field, of):
            least = floor(value) + 1 if above else -floor(-value)
            yield Range(of, 1 if field.scope == "item" else least, None)
