"""Existence and absence: which conditions are EXISTS tests, and which of these are one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from functools import reduce

from .. import conditions as c
from ..ast import All, AnyOf, Not, Tree
from ..conditions import live
from .shapes import Exists, Members, Test, depends_on_place


def shape(rule: Tree[c.Condition]) -> Tree[Test]:
    """Conditions on rows as tests that ask whether there is one, segments opened; what cannot be asked so stays."""
    match rule:
        case AnyOf(parts):
            return _any([shape(part) for part in parts])
        case All(parts):
            return _all([shape(part) for part in parts])
        case Not(part):
            return _not(shape(part))
        case c.InSegment(rule=inner, sample=None):
            return shape(inner)
        case c.InSegment():
            return members(rule)
        case c.Occurs():
            return _counted(rule)
        case c.MeasureComparison(left=c.Count(of=of), op=op, right=Decimal() as right, factor=factor):
            return _counted_against(of, op, right * factor) or rule
        case c.EdgeOccurrence(has=All(())):
            return _edge(rule)
        case c.Share():
            return _share(rule)
        case _:
            return rule


def _not(part: Tree[Test]) -> Tree[Test]:
    match part:
        case Exists(of=of, none=none):
            return Exists(of, not none)
        case AnyOf(parts):
            return _all([_not(one) for one in parts])
        case Not(inner):
            return inner
        case _:
            return Not(part)


def _any(parts: Sequence[Tree[Test]]) -> Tree[Test]:
    """One holds. Whatever rows may be there are looked for at once: no engine makes a join of two EXISTS under OR."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, AnyOf) else (part,))]
    merged = _merged(flat, none=False)
    return merged[0] if len(merged) == 1 else AnyOf(merged)


def _all(parts: Sequence[Tree[Test]]) -> Tree[Test]:
    """All hold. Of several kinds of rows that are absent, none is there; of what is counted, there is one."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, All) else (part,))]
    counted = {
        part.of for part in flat if isinstance(part, c.Share) or (isinstance(part, c.Occurs) and part.at_least >= 1)
    }
    needed = [part for part in flat if not (isinstance(part, Exists) and _one_of(part, counted))]
    merged = _merged(needed, none=True)
    return merged[0] if len(merged) == 1 else All(merged)


def _one_of(part: Exists, counted: Set[c.Occurrences]) -> bool:
    return not part.none and not counted.isdisjoint(part.of)


def members(segment: c.InSegment) -> Members:
    """The members of a segment, asked for as such."""
    return Members(shape(segment.rule), segment.sample, segment.label)


def _counted(condition: c.Occurs) -> Tree[Test]:
    match condition:
        case c.Occurs(at_least=low, at_most=None) if low <= 0:
            return All(())
        case c.Occurs(of=of, at_least=1, at_most=None):
            return Exists((of,))
        case c.Occurs(of=of, at_least=low, at_most=0) if low <= 0:
            return Exists((of,), none=True)
        case c.Occurs(at_least=low, at_most=int() as high) if high < low:
            return AnyOf(())
        case _:
            return condition


def _counted_against(of: c.Occurrences, op: str, right: Decimal) -> Tree[Test]:
    low, high = math.floor(right), math.ceil(right)
    match op:
        case "=":
            return _counted(c.Occurs(of, low, low)) if low == high and low >= 0 else AnyOf(())
        case ">" | ">=":
            return _counted(c.Occurs(of, low + 1 if op == ">" else high, None))
        case _:
            most = high - 1 if op == "<" else low
            return _counted(c.Occurs(of, 0, most)) if most >= 0 else AnyOf(())


def _edge(edge: c.EdgeOccurrence) -> Tree[Test]:
    """The last lies in [s, e): there is one in it, and none later. The first: none earlier."""
    of, window = edge.of, edge.window
    inside = Exists((replace(of, window=_common(of.window, window)),))
    if edge.which == "last":
        outside = c.Interval(window.end, of.window.end)
        reaches = window.end is None or window.end == of.window.end
        if of.window.end is not None and window.end is not None and not live.is_live(window):
            reaches = window.end >= of.window.end
    else:
        outside = c.Interval(of.window.start, window.start)
        reaches = window.start is None
    return inside if reaches else All((inside, Exists((replace(of, window=outside),), none=True)))


def _share(share: c.Share) -> Tree[Test]:
    """Some, not all: whether there is one that fits, or one that does not. Any other share is counted in one pass."""
    of, op = share.of, share.op
    fitting = Exists((replace(of, where=All((of.where, share.has))),))
    other = Exists((replace(of, where=All((of.where, Not(share.has)))),))
    match int(share.percent) if share.percent in (0, 100) else None:
        case 100 if op not in ("=", ">="):
            return other if op == "<" else Exists((of,)) if op == "<=" else AnyOf(())
        case 0 if op not in ("=", "<="):
            return fitting if op == ">" else Exists((of,)) if op == ">=" else AnyOf(())
        case _:
            return share


def _common(one: c.Interval, other: c.Interval) -> c.Interval:
    starts = [bound for bound in (one.start, other.start) if bound is not None]
    ends = [bound for bound in (one.end, other.end) if bound is not None]
    return c.Interval(max(starts, default=None), reduce(live.earliest, ends) if ends else None)


def _merged(parts: Iterable[Tree[Test]], *, none: bool) -> tuple[Tree[Test], ...]:
    """Tests of rows that are there (or of `none`) become one, in the place of the first."""
    found: list[Tree[Test]] = []
    kinds: list[c.Occurrences] = []
    place: int | None = None
    for part in parts:
        if not isinstance(part, Exists) or part.none is not none or any(depends_on_place(one.where) for one in part.of):
            found.append(part)
            continue
        place = len(found) if place is None else place
        kinds += part.of
    if place is not None:
        found.insert(place, Exists(_together(kinds), none))
    return tuple(found)


def _together(of: Iterable[c.Occurrences]) -> tuple[c.Occurrences, ...]:
    """Kinds of occurrences that ask the same of different events are one."""
    found: dict[object, c.Occurrences] = {}
    for one in of:
        key = one.window, one.where
        before = found.get(key)
        events = one.events if before is None else tuple(dict.fromkeys((*before.events, *one.events)))
        found[key] = replace(one, events=events)
    return tuple(found.values())
