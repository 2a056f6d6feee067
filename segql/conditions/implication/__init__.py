"""`implies`: whether everyone whom one condition holds for is one whom another holds for. Sound, not complete.

It stands on the two-valued meaning: `not` is the complement, a comparison with a missing value does not hold.
"""

from __future__ import annotations

from dataclasses import replace

from ... import conditions as c
from ..walk import Node, leaves, opened, size
from .counts import Range, facts, ranges
from .negation import normal, opposite
from .values import value_excludes, value_implies
from .windows import disjoint, inside, timed_inside

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


def _literal(node: Node) -> bool:
    """A leaf, or the negation of one that has no positive form; decided without looking any deeper."""
    if isinstance(node, c.Not):
        node = node.part
        return not isinstance(node, (c.All, c.AnyOf, c.Not, c.Occurs)) and not opened(node)
    return not isinstance(node, (c.All, c.AnyOf)) and not opened(node)


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
    wanted = ranges(b)
    if wanted:
        if isinstance(a, c.Not):
            have = ranges(a)
            return bool(have) and all(any(_counts_imply(h, w) for w in wanted) for h in have)
        return any(_counts_imply(fact, w) for fact in facts(a) for w in wanted)
    match a, b:
        case c.Not(c.FieldSet(field)), c.FieldEmpty(same):
            return field == same
        case c.Not(c.FieldEmpty(field)), c.FieldSet(same):
            return field == same
        case c.Not(), _:
            return False
        case c.EdgeOccurrence(which, of, window, has), c.EdgeOccurrence(which2, of2, window2, has2):
            return which == which2 and of == of2 and inside(window, window2) and implies(has, has2)
        case c.EdgeOccurrence(which, of, window), c.Not(c.EdgeOccurrence(which2, of2, window2)):
            return which == which2 and of == of2 and disjoint(window, window2)
        case c.Consent(channel, given, reason, window), c.Consent(channel2, given2, reason2, window2):
            return (
                (channel, given) == (channel2, given2)
                and reason2 in (None, reason)
                and (window2 is None or (window is not None and inside(window, window2)))
            )
        case c.Consent(channel, given, reason, window), c.Not(c.Consent(channel2, given2, reason2, window2)):
            if channel != channel2 or given != given2:
                return channel == channel2
            # Where consent was given, each record of the latest instant fits; withdrawals may tie, and one fits.
            apart = None not in (reason, reason2) and reason != reason2
            return (given and apart) or (window is not None and window2 is not None and disjoint(window, window2))
        case (c.Regular() | c.OnDifferent() | c.Repeats()) as few, (
            c.Regular() | c.OnDifferent() | c.Repeats()
        ) as more:
            low, high = more.at_least, more.at_most
            within = low <= few.at_least and (high is None or (few.at_most is not None and few.at_most <= high))
            return within and replace(few, at_least=low, at_most=high) == more
        case c.InList(name, window, dated), c.InList(name2, window2, dated2):
            return name == name2 and inside(window, window2) and (dated or not dated2)
        case c.AnyItem(where), c.AnyItem(where2):
            return implies(where, where2)
        case c.ItemCount(where, least), c.AnyItem(where2):
            return least > 0 and implies(where, where2)
        case c.ItemCount(where, least, most), c.ItemCount(where2, least2, most2):
            return where == where2 and least >= least2 and (most2 is None or (most is not None and most <= most2))
        case c.Near(field, place, metres), c.Near(field2, place2, metres2):
            return (field, place) == (field2, place2) and metres <= metres2
        case c.Random(seed, below), c.Random(seed2, below2):
            return seed == seed2 and (below2 is None or (below is not None and below <= below2))
        case _, c.Not(other) if _on_values(a) and _on_values(other):
            return value_excludes(a, other)  # type: ignore[arg-type]
    return False


def _on_values(node: Node) -> bool:
    return type(node) in _VALUES


_VALUES = {
    c.FieldComparison,
    c.FieldIn,
    c.FieldLike,
    c.FieldIncludes,
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
    return implies(part.where, whole.where)


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
