"""Existence and absence: which conditions are EXISTS tests, and which of these are one."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
            return AnyOf(_merged([shape(part) for part in parts]))
        case All(parts):
            shaped = [shape(part) for part in parts]
            absent = [part.part for part in shaped if isinstance(part, Not) and isinstance(part.part, Exists)]
            if len(absent) < 2:
                return All(tuple(shaped))
            # Where several are absent, none of any of them is there.
            others = [part for part in shaped if not (isinstance(part, Not) and isinstance(part.part, Exists))]
            absences: list[Tree[Test]] = [Not(one) for one in _merged(absent)]
            return All((*others, *absences))
        case Not(part):
            return Not(shape(part))
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


def members(segment: c.InSegment) -> Members:
    """The members of a segment, asked for as such."""
    return Members(shape(segment.rule), segment.sample, segment.label)


def _counted(condition: c.Occurs) -> Tree[Test]:
    match condition:
        case c.Occurs(at_least=low, at_most=None) if low <= 0:
            return All(())
        case c.Occurs(of=of, at_least=1, at_most=None):
            return Exists(of)
        case c.Occurs(of=of, at_least=low, at_most=0) if low <= 0:
            return Not(Exists(of))
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
    inside = Exists(replace(of, window=_common(of.window, window)))
    if edge.which == "last":
        outside = c.Interval(window.end, of.window.end)
        reaches = window.end is None or window.end == of.window.end
        if of.window.end is not None and window.end is not None and not live.is_live(window):
            reaches = window.end >= of.window.end
    else:
        outside = c.Interval(of.window.start, window.start)
        reaches = window.start is None
    return inside if reaches else All((inside, Not(Exists(replace(of, window=outside)))))


def _share(share: c.Share) -> Tree[Test]:
    """All, none, some, not all: whether there is one that fits, or one that does not."""
    of, op = share.of, share.op
    fitting = Exists(replace(of, where=All((of.where, share.has))))
    other = Exists(replace(of, where=All((of.where, Not(share.has)))))
    match int(share.percent) if share.percent in (0, 100) else None:
        case 100 if op in ("=", ">="):
            return All((Exists(of), Not(other)))
        case 100:
            return other if op == "<" else Exists(of) if op == "<=" else AnyOf(())
        case 0 if op in ("=", "<="):
            return All((Exists(of), Not(fitting)))
        case 0:
            return fitting if op == ">" else Exists(of) if op == ">=" else AnyOf(())
        case _:
            return share


def _common(one: c.Interval, other: c.Interval) -> c.Interval:
    starts = [bound for bound in (one.start, other.start) if bound is not None]
    ends = [bound for bound in (one.end, other.end) if bound is not None]
    return c.Interval(max(starts, default=None), reduce(live.earliest, ends) if ends else None)


def _merged(parts: Sequence[Tree[Test]]) -> tuple[Tree[Test], ...]:
    """Neighbours that ask the same of different events become one test of any of these events."""
    found: dict[object, Tree[Test]] = {}
    for part in parts:
        if not isinstance(part, Exists) or depends_on_place(part.of.where):
            found[len(found), id(part)] = part
            continue
        key = (part.of.window, part.of.where)
        before = found.get(key)
        if isinstance(before, Exists):
            events = tuple(dict.fromkeys((*before.of.events, *part.of.events)))
            found[key] = Exists(replace(part.of, events=events))
        else:
            found[key] = part
    return tuple(found.values())
