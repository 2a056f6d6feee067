"""`implies`: whether everyone whom one condition holds for is one whom another holds for. Sound, not complete.

It stands on the two-valued meaning: `not` is the complement, a comparison with a missing value does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import floor

from ..conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Consent,
    DaysBetween,
    DaysSince,
    EdgeOccurrence,
    FieldComparison,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    InList,
    InSegment,
    Interval,
    ItemCount,
    Measure,
    MeasureComparison,
    MostCommon,
    Near,
    Not,
    Occurrences,
    Occurs,
    OnDifferent,
    Population,
    Predicate,
    Random,
    Ratio,
    Regular,
    Repeats,
    Share,
    Tree,
    Value,
)
from .tree import Node, leaves, normal, opened, opposite, size
from .values import value_excludes, value_implies

MOST = 1024
"""Larger pairs (leaves times leaves) are compared for equality only."""

_POOLED = {"number", "days since previous"}
"""What these properties of an event are depends on the events that it is pooled with."""


def implies(one: Node, other: Node) -> bool:
    """Every profile (or event, or item) that fits `one` fits `other`. False when that is not certain."""
    if _literal(one) and _literal(other):
        return _literal_implies(one, other)
    if size(one) * size(other) > MOST:
        return one == other
    one, other = normal(one), normal(other)
    known: dict[tuple[int, int], bool] = {}

    def holds(a: Node, b: Node) -> bool:
        key = (id(a), id(b))
        if key not in known:
            known[key] = decide(a, b)
        return known[key]

    def decide(a: Node, b: Node) -> bool:
        if isinstance(a, InSegment) and a.sample is None:
            return holds(normal_of(a), b)
        if isinstance(b, InSegment) and b.sample is None:
            return holds(a, normal_of(b))
        if isinstance(a, AnyOf):
            return all(holds(part, b) for part in a.parts)
        if isinstance(b, All):
            return all(holds(a, part) for part in b.parts)
        if isinstance(a, All) and any(holds(part, b) for part in a.parts):
            return True
        if isinstance(b, AnyOf) and any(holds(a, part) for part in b.parts):
            return True
        return not isinstance(a, All) and not isinstance(b, AnyOf) and _literal_implies(a, b)

    kept: list[Node] = []

    def normal_of(segment: InSegment) -> Node:
        kept.append(normal(segment.rule))  # kept alive: `known` goes by identity
        return kept[-1]

    return holds(one, other)


def _literal(node: Node) -> bool:
    """A leaf, or the negation of one that has no positive form; decided without looking any deeper."""
    if isinstance(node, Not):
        node = node.part
        return not isinstance(node, (All, AnyOf, Not, Occurs)) and not opened(node)
    return not isinstance(node, (All, AnyOf)) and not opened(node)


def excludes(one: Node, other: Node) -> bool:
    """Nobody fits both. False when that is not certain."""
    return implies(one, opposite(other))


def covers(one: Node, other: Node) -> bool:
    """Everybody fits one of the two. False when that is not certain."""
    return implies(opposite(one), other)


def _literal_implies(a: Node, b: Node) -> bool:
    """Both are leaves or negated leaves."""
    if _on_values(a) and _on_values(b):  # the commonest pairs, and of these contraposition says nothing new
        return a == b or value_implies(a, b)  # type: ignore[arg-type]
    return a == b or _follows(a, b) or _follows(opposite(b), opposite(a))


def _follows(a: Node, b: Node) -> bool:
    """One direction of `_literal_implies`; the other is its contraposition."""
    wanted = _ranges(b)
    if wanted:
        if isinstance(a, Not):
            have = _ranges(a)
            return bool(have) and all(any(h.implies(w) for w in wanted) for h in have)
        return any(fact.implies(w) for fact in _facts(a) for w in wanted)
    match a, b:
        case Not(FieldSet(field)), FieldEmpty(same):
            return field == same
        case Not(FieldEmpty(field)), FieldSet(same):
            return field == same
        case Not(), _:
            return False
        case EdgeOccurrence(which, of, window, has), EdgeOccurrence(which2, of2, window2, has2):
            return which == which2 and of == of2 and inside(window, window2) and implies(has, has2)
        case EdgeOccurrence(which, of, window), Not(EdgeOccurrence(which2, of2, window2)):
            return which == which2 and of == of2 and _disjoint(window, window2)
        case Consent(channel, given, reason, window), Consent(channel2, given2, reason2, window2):
            return (
                (channel, given) == (channel2, given2)
                and reason2 in (None, reason)
                and (window2 is None or (window is not None and inside(window, window2)))
            )
        case Consent(channel, given), Not(Consent(channel2, given2)):
            return channel == channel2 and given != given2
        case (Regular() | OnDifferent() | Repeats()) as few, (Regular() | OnDifferent() | Repeats()) as more:
            low, high = more.at_least, more.at_most
            within = low <= few.at_least and (high is None or (few.at_most is not None and few.at_most <= high))
            return within and replace(few, at_least=low, at_most=high) == more
        case InList(name, window, dated), InList(name2, window2, dated2):
            return name == name2 and inside(window, window2) and (dated or not dated2)
        case AnyItem(where), AnyItem(where2):
            return implies(where, where2)
        case ItemCount(where, least), AnyItem(where2):
            return least > 0 and implies(where, where2)
        case ItemCount(where, least, most), ItemCount(where2, least2, most2):
            return where == where2 and least >= least2 and (most2 is None or (most is not None and most <= most2))
        case Near(field, place, metres), Near(field2, place2, metres2):
            return (field, place) == (field2, place2) and metres <= metres2
        case Random(seed, below), Random(seed2, below2):
            return seed == seed2 and (below2 is None or (below is not None and below <= below2))
        case _, Not(other) if _on_values(a) and _on_values(other):
            return value_excludes(a, other)  # type: ignore[arg-type]
    return False


def _on_values(node: Node) -> bool:
    return type(node) in _VALUES


_VALUES = {
    FieldComparison,
    FieldIn,
    FieldLike,
    FieldIncludes,
    FieldSet,
    FieldEmpty,
    FieldWithin,
    MeasureComparison,
}


# --- counts and windows --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Range:
    """The number of occurrences lies in a range."""

    of: Occurrences
    least: int
    most: int | None

    def implies(self, other: _Range) -> bool:
        """More can only happen in more: a lower bound carries over to what contains it, an upper one to its parts."""
        if other.least > 0 and (self.least < other.least or not subset(self.of, other.of)):
            return False
        return other.most is None or (self.most is not None and self.most <= other.most and subset(other.of, self.of))


def _ranges(literal: Node) -> tuple[_Range, ...]:
    """One of these holds exactly when the literal does; none when it is not about a count."""
    match literal:
        case Occurs(of, least, most):
            return (_Range(of, least, most),)
        case Not(Occurs(of, least, int(most))):
            return (_Range(of, 0, least - 1), _Range(of, most + 1, None))
        case _:
            return ()


def _facts(literal: Node) -> Iterator[_Range]:
    """Counts that are certain where the literal holds."""
    match literal:
        case Occurs(of, least, most):
            yield _Range(of, least, most)
        case EdgeOccurrence(which, of, window, has):
            where: Tree[Predicate] = All((of.where, has)) if has != All(()) else of.where
            yield _Range(Occurrences(of.events, common(of.window, window), where), 1, None)
            if which == "last" and window.end is not None:
                yield _Range(Occurrences(of.events, common(of.window, Interval(window.end, None)), of.where), 0, 0)
            if which == "first" and window.start is not None:
                yield _Range(Occurrences(of.events, common(of.window, Interval(None, window.start)), of.where), 0, 0)
        case Share(of, has, op, percent):
            yield _Range(of, 1, None)
            if percent == 100 and op in ("=", ">="):
                yield _Range(replace(of, where=All((of.where, Not(has)))), 0, 0)
        case Regular(of, _, (each, _), least):
            yield _Range(of, each * least, None)
        case OnDifferent(of, _, least) | Repeats(of, _, least):
            yield _Range(of, least, None)
        case MostCommon(of, field) if field.scope == "event":
            yield _Range(of, 1, None)
        case MeasureComparison(left, op, right, factor):
            yield from _present(left)
            if isinstance(right, Population):
                return
            if not isinstance(right, Value):
                yield from _present(right)
            elif isinstance(right, Decimal) and op in (">", ">=", "="):
                yield from _filled(left, Fraction(right) * Fraction(factor), op == ">")


def _present(measure: Measure) -> Iterator[_Range]:
    """Counts that are certain where the measure is not missing."""
    match measure:
        case Aggregate("average" | "min" | "max" | "median", _, of) | DaysSince(_, of):
            yield _Range(of, 1, None)
        case DaysBetween(of):
            yield _Range(of, 2, None)
        case Ratio(top, bottom):
            yield from chain(_present(top), _present(bottom))


def _filled(measure: Measure, value: Fraction, above: bool) -> Iterator[_Range]:
    """Counts that are certain where a sum or a number of distinct values is at least (above) a value."""
    if value < 0 or (value == 0 and not above):
        return
    match measure:
        case Aggregate("sum", _, of):
            yield _Range(of, 1, None)
        case Aggregate("distinct", field, of):
            least = floor(value) + 1 if above else -floor(-value)
            yield _Range(of, 1 if field.scope == "item" else least, None)


def subset(part: Occurrences, whole: Occurrences) -> bool:
    """Every occurrence of the one is an occurrence of the other."""
    if part == whole:
        return True
    if not set(part.events) <= set(whole.events) or not _timed_inside(part.window, whole.window):
        return False
    if set(part.events) != set(whole.events) and pooled(whole.where):
        return False
    return implies(part.where, whole.where)


def pooled(where: Node) -> bool:
    """The condition speaks of what depends on the other events of the stream."""
    for leaf in leaves(where):
        match leaf:
            case FieldComparison(field, _, right) if not isinstance(right, Value):
                if field.name in _POOLED or right.name in _POOLED:
                    return True
            case (
                FieldComparison(field)
                | FieldIn(field)
                | FieldLike(field)
                | FieldIncludes(field)
                | FieldSet(field)
                | FieldEmpty(field)
                | FieldWithin(field)
            ) if field.name in _POOLED:
                return True
            case AnyItem(inner) | ItemCount(inner) if pooled(inner):
                return True
    return False


def _timed_inside(part: Interval, whole: Interval) -> bool:
    """Windows of events: the one without bounds is that of events without time, and like no other."""
    nowhere = Interval(None, None)
    return part == whole or (nowhere not in (part, whole) and inside(part, whole))


def inside(part: Interval, whole: Interval) -> bool:
    """Every instant of the one window lies in the other."""
    after_start = whole.start is None or (part.start is not None and part.start >= whole.start)
    return after_start and (whole.end is None or (part.end is not None and part.end <= whole.end))


def common(one: Interval, other: Interval) -> Interval:
    """The instants of both windows."""
    start = max(filter(None, (one.start, other.start)), default=None)
    return Interval(start, min(filter(None, (one.end, other.end)), default=None))


def _disjoint(one: Interval, other: Interval) -> bool:
    return _ends_before(one, other) or _ends_before(other, one)


def _ends_before(one: Interval, other: Interval) -> bool:
    return one.end is not None and other.start is not None and one.end <= other.start
