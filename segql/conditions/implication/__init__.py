"""`implies`: whether everyone whom one condition holds for is one whom another holds for. Sound, not complete.

It stands on the two-valued meaning: `not` is the complement, a comparison with a missing value does not hold.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeGuard, assert_never

from ... import conditions as c
from ..memory import remembered
from ..walk import Leaf, Node, among, leaves, opened, size
from .counts import Range, facts, ranges
from .negation import normal, opposite
from .values import value_excludes, value_implies
from .windows import disjoint, inside, timed_inside

MOST = 1024
"""Larger pairs (leaves times leaves) are compared for equality only."""

_POOLED = {"number", "days since previous"}
"""What these properties of an event are depends on the events that it is pooled with."""


@remembered
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
        if isinstance(a, c.InSegment) and a.sample is None:
            return holds(normal_of(a), b)
        if isinstance(b, c.InSegment) and b.sample is None:
            return holds(a, normal_of(b))
        if isinstance(a, c.AnyOf):
            return all(holds(part, b) for part in a.parts)
        if isinstance(b, c.All):
            return all(holds(a, part) for part in b.parts)
        if isinstance(a, c.All) and any(holds(part, b) for part in a.parts):
            return True
        if isinstance(b, c.AnyOf) and any(holds(a, part) for part in b.parts):
            return True
        return not isinstance(a, c.All) and not isinstance(b, c.AnyOf) and _literal_implies(a, b)

    kept: list[Node] = []

    def normal_of(segment: c.InSegment) -> Node:
        kept.append(normal(segment.rule))  # kept alive: `known` goes by identity
        return kept[-1]

    return holds(one, other)


def _literal(node: Any) -> bool:
    """A leaf, or the negation of one that has no positive form; decided without looking any deeper."""
    kind: type = type(node)
    if kind is c.Not:
        node = node.part
        kind = type(node)
        if kind is c.Not or kind is c.Occurs:
            return False
    return kind is not c.All and kind is not c.AnyOf and not opened(node)


@remembered
def excludes(one: Node, other: Node) -> bool:
    """Nobody fits both. False when that is not certain."""
    return implies(one, opposite(other))


@remembered
def covers(one: Node, other: Node) -> bool:
    """Everybody fits one of the two. False when that is not certain."""
    return implies(opposite(one), other)


def _literal_implies(a: Node, b: Node) -> bool:
    """Both are leaves or negated leaves."""
    if _on_values(a) and _on_values(b):  # the commonest pairs, and of these contraposition says nothing new
        return a == b or value_implies(a, b)
    return a == b or _follows(a, b) or _follows(opposite(b), opposite(a))


def _follows(a: Node, b: Node) -> bool:
    """One direction of `_literal_implies`; the other is its contraposition."""
    wanted = ranges(b)
    if wanted:
        if type(a) is c.Not:
            have = ranges(a)
            return bool(have) and all(any(_counts_imply(h, w) for w in wanted) for h in have)
        for fact in facts(a):
            for one in wanted:
                if _counts_imply(fact, one):
                    return True
        return False
    match a:
        case c.FieldComparison() | c.FieldIn() | c.FieldLike() | c.FieldIncludes() | c.FieldSet() | c.FieldEmpty():
            return _never_fits(a, b)
        case c.FieldWithin() | c.FieldIncludesLike() | c.MeasureComparison():
            return _never_fits(a, b)
        case c.Not(c.FieldSet(field)):
            return isinstance(b, c.FieldEmpty) and field == b.field
        case c.Not(c.FieldEmpty(field)):
            return isinstance(b, c.FieldSet) and field == b.field
        case c.EdgeOccurrence():
            return _edge_follows(a, b)
        case c.Consent():
            return _consent_follows(a, b)
        case c.Regular() | c.OnDifferent() | c.Repeats():
            if not isinstance(b, c.Regular | c.OnDifferent | c.Repeats):
                return False
            low, high = b.at_least, b.at_most
            within = low <= a.at_least and (high is None or (a.at_most is not None and a.at_most <= high))
            return within and replace(a, at_least=low, at_most=high) == b
        case c.InList(name, window, dated):
            return isinstance(b, c.InList) and name == b.list and inside(window, b.window) and (dated or not b.dated)
        case c.AnyItem(where):
            return isinstance(b, c.AnyItem) and implies(where, b.where)
        case c.ItemCount(where, least, most):
            match b:
                case c.AnyItem(where2):
                    return least > 0 and implies(where, where2)
                case c.ItemCount(where2, least2, most2):
                    fewer = most2 is None or (most is not None and most <= most2)
                    return where == where2 and least >= least2 and fewer
            return False
        case c.OfEvent(events):
            if isinstance(b, c.Not):
                return isinstance(b.part, c.OfEvent) and set(events).isdisjoint(b.part.events)
            return isinstance(b, c.OfEvent) and set(events) <= set(b.events)
        case c.CloseTo(field, before, after):
            return isinstance(b, c.CloseTo) and field == b.field and before <= b.before and after <= b.after
        case c.Near(field, place, metres):
            return isinstance(b, c.Near) and (field, place) == (b.field, b.place) and metres <= b.metres
        case c.Nearest(field, names, places):
            if not isinstance(b, c.Nearest) or field != b.field:
                return False
            return set(names) <= set(b.names) and set(places) <= set(b.places)
        case c.Random(seed, below):
            if not isinstance(b, c.Random) or seed != b.seed:
                return False
            return b.below is None or (below is not None and below <= b.below)
        case c.InCommon(each, fields):
            return isinstance(b, c.InCommon) and fields == b.fields and all(map(subset, each, b.of))
        case c.Occurs() | c.Share() | c.MostCommon() | c.InSequence() | c.Rank():
            return False
        case c.FieldAnniversary() | c.InSegment() | c.All() | c.AnyOf() | c.Not():
            return False
        case _:
            assert_never(a)


def _never_fits(a: Leaf, b: Node) -> bool:
    """By the value that both speak about."""
    return isinstance(b, c.Not) and _on_values(b.part) and value_excludes(a, b.part)


def _edge_follows(a: c.EdgeOccurrence, b: Node) -> bool:
    other = b.part if isinstance(b, c.Not) else b
    if not isinstance(other, c.EdgeOccurrence) or (a.which, a.of) != (other.which, other.of):
        return False
    if other is b:
        return inside(a.window, other.window) and implies(a.has, other.has)
    return disjoint(a.window, other.window)


def _consent_follows(a: c.Consent, b: Node) -> bool:
    other = b.part if isinstance(b, c.Not) else b
    if not isinstance(other, c.Consent) or a.channel != other.channel:
        return False
    if other is b:
        return (
            a.given == other.given
            and other.reason in (None, a.reason)
            and (other.window is None or (a.window is not None and inside(a.window, other.window)))
        )
    if a.given != other.given:
        return True
    # Where consent was given, each record of the latest instant fits; withdrawals may tie, and one fits.
    apart = None not in (a.reason, other.reason) and a.reason != other.reason
    return (a.given and apart) or (
        a.window is not None and other.window is not None and disjoint(a.window, other.window)
    )


def _on_values(node: Node) -> TypeGuard[Leaf]:
    return type(node) in _VALUES


_VALUES = {
    c.FieldComparison,
    c.FieldIn,
    c.FieldLike,
    c.FieldIncludes,
    c.FieldIncludesLike,
    c.FieldSet,
    c.FieldEmpty,
    c.FieldWithin,
    c.MeasureComparison,
}


# --- counts and windows --------------------------------------------------------------------------------------------


def _counts_imply(one: Range, other: Range) -> bool:
    """More can only happen in more: a lower bound carries over to what contains it, an upper one to its parts."""
    if other.least > 0 and (one.least < other.least or not subset(one.of, other.of)):
        return False
    return other.most is None or (one.most is not None and one.most <= other.most and subset(other.of, one.of))


def subset(part: c.Occurrences, whole: c.Occurrences) -> bool:
    """Every occurrence of the one is an occurrence of the other."""
    if part == whole:
        return True
    if not set(part.events) <= set(whole.events) or not timed_inside(part.window, whole.window):
        return False
    if set(part.events) != set(whole.events) and pooled(whole.where):
        return False
    return implies(among(part.where, part.events), among(whole.where, part.events))


def pooled(where: Node) -> bool:
    """The condition speaks of what depends on the other events of the stream."""
    for leaf in leaves(where):
        match leaf:
            case c.FieldComparison(field, _, right) if not isinstance(right, c.Value):
                if field.name in _POOLED or right.name in _POOLED:
                    return True
            case (
                c.FieldComparison(field)
                | c.FieldIn(field)
                | c.FieldLike(field)
                | c.FieldIncludes(field)
                | c.FieldSet(field)
                | c.FieldEmpty(field)
                | c.FieldWithin(field)
            ) if field.name in _POOLED:
                return True
            case c.AnyItem(inner) | c.ItemCount(inner) if pooled(inner):
                return True
    return False
