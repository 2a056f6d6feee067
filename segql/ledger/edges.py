"""What the clock alone changes about a rule: the rows that pass the edge of a window between two instants.

A rule that is bound at two instants says the same of a profile at both where its rows are the same, and no row of its
lies in a window at one of them only. So whoever has such a row is looked at again, and nobody else has to be. What
moves in another way is told by `InFull`: then everybody is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import floor
from typing import Any

from .. import conditions as c
from ..ast import All, AnyOf, Not, Tree
from ..calendar import offsets, swing
from ..conditions.walk import nodes
from ..plain import dataclass

MICROSECOND = timedelta(microseconds=1)


class InFull(Exception):
    """Why a rule has to be asked of everybody."""


@dataclass
class Edges:
    """Whose rows have passed an edge. Keys of the mappings are kept in order, their values say nothing."""

    rows: dict[tuple[tuple[str, ...], c.Interval], dict[Tree[c.Predicate], None]] = field(default_factory=dict)
    """By events and stretch of time: what the rows in it have to fit, any of these."""
    lists: dict[tuple[str, c.Interval], None] = field(default_factory=dict)
    channels: dict[tuple[str, c.Interval], None] = field(default_factory=dict)
    own: dict[Tree[c.Condition], None] = field(default_factory=dict)
    """What may be true of the profile's own row: who fulfils one of these."""

    def join(self, other: Edges) -> None:
        """Those of another rule as well."""
        for key, wheres in other.rows.items():
            self.rows.setdefault(key, {}).update(wheres)
        self.lists |= other.lists
        self.channels |= other.channels
        self.own |= other.own

    def add(self, rule: Tree[c.Condition], before: Tree[c.Condition], zone: str) -> None:
        """All edges between a rule that was bound at one instant, and as it is bound at a later one.

        Raises InFull where they cannot be told.
        """
        for node in nodes(rule):
            if isinstance(node, c.Population | c.Rank):
                raise InFull("it compares profiles with others")
            if isinstance(node, c.InSegment) and node.sample is not None:
                raise InFull("it takes a sample")
            if isinstance(node, c.Nearest) or (isinstance(node, c.Near) and node.place is None):
                raise InFull("stores say nothing of when they changed")
        self._tree(before, rule, zone)

    def _tree(self, old: Tree[c.Condition], new: Tree[c.Condition], zone: str) -> None:
        match old, new:
            case (All(were), All(are)) | (AnyOf(were), AnyOf(are)) if len(were) == len(are):
                for one, other in zip(were, are, strict=True):
                    self._tree(one, other, zone)
            case Not(was), Not(now):
                self._tree(was, now, zone)
            case c.InSegment(rule=was), c.InSegment(rule=now):
                self._tree(was, now, zone)
            case _ if old != new:
                self._leaf(old, new, zone)

    def _leaf(self, old: Any, new: Any, zone: str) -> None:
        match old, new:
            case c.Occurs(), c.Occurs():
                _same(replace(old, of=new.of), new)
                self._occurring(old.of, new.of)
            case c.MeasureComparison(), c.MeasureComparison():
                self._comparing(old, new, zone)
            case c.EdgeOccurrence(), c.EdgeOccurrence():
                _same(replace(old, of=new.of, window=new.window), new)
                self._occurring(old.of, new.of)
                self._stretches(new.of, old.window, new.window)
            case (c.Share(), c.Share()) | (c.OnDifferent(), c.OnDifferent()) | (c.Repeats(), c.Repeats()) | (
                c.MostCommon(), c.MostCommon(),
            ):  # fmt: skip
                _same(replace(old, of=new.of), new)
                self._occurring(old.of, new.of)
            case c.Regular(), c.Regular() if len(old.periods) == len(new.periods):
                _same(replace(old, of=new.of, periods=new.periods), new)
                self._occurring(old.of, new.of)
                for was, now in zip(old.periods, new.periods, strict=True):
                    self._stretches(new.of, was, now)
            case c.InCommon(), c.InCommon() if len(old.of) == len(new.of):
                _same(replace(old, of=new.of), new)
                for one, other in zip(old.of, new.of, strict=True):
                    self._occurring(one, other)
            case c.InSequence(), c.InSequence() if len(old.steps) == len(new.steps):
                self._sequence(old, new)
            case c.Consent(), c.Consent():
                _same(replace(old, window=new.window), new)
                if old.window is None or new.window is None:
                    raise InFull(MOVED)
                self.channels |= dict.fromkeys((new.channel, one) for one in apart(old.window, new.window))
            case c.InList(), c.InList():
                _same(replace(old, window=new.window), new)
                self.lists |= dict.fromkeys((new.list, one) for one in apart(old.window, new.window))
            case _ if isinstance(old, c.FieldCondition) and isinstance(new, c.FieldCondition):
                self.own[AnyOf((All((old, Not(new))), All((new, Not(old)))))] = None
            case _:
                raise InFull(MOVED)

    def _comparing(self, old: c.MeasureComparison, new: c.MeasureComparison, zone: str) -> None:
        _same(replace(old, left=new.left, right=new.right), new)
        match old.left, new.left, new.right:
            case c.DaysSince(of=was), c.DaysSince(of=now), Decimal() if old.right == new.right:
                _same(replace(old.left, of=now), new.left)
                self._occurring(was, now)
                first = floor(new.right * new.factor)
                for days in (first, first + 1):
                    self._aged(was, now, days, zone)
                return
        self._measure(old.left, new.left)
        if old.right != new.right:
            if isinstance(old.right, _MEASURES) and isinstance(new.right, _MEASURES):
                self._measure(old.right, new.right)
            else:
                raise InFull(MOVED)

    def _measure(self, old: Any, new: Any) -> None:
        match old, new:
            case _ if old == new:
                return
            case (c.Count(), c.Count()) | (c.Aggregate(), c.Aggregate()) | (c.DaysBetween(), c.DaysBetween()):
                _same(replace(old, of=new.of), new)
                self._occurring(old.of, new.of)
            case c.Ratio(), c.Ratio():
                self._measure(old.top, new.top)
                self._measure(old.bottom, new.bottom)
            case c.Terms(), c.Terms() if len(old.plus) == len(new.plus) and len(old.minus) == len(new.minus):
                for one, other in zip(old.parts, new.parts, strict=True):
                    self._measure(one, other)
            case c.DaysSince(), c.DaysSince():
                raise InFull("days go by in what it compares")
            case _:
                raise InFull(MOVED)

    def _sequence(self, old: c.InSequence, new: c.InSequence) -> None:
        steps = tuple(replace(was, of=now.of) for was, now in zip(old.steps, new.steps, strict=True))
        _same(replace(old, steps=steps, window=new.window), new)
        for was, now in zip(old.steps, new.steps, strict=True):
            self._occurring(was.of, now.of)
        if old.window is not None and new.window is not None:
            self._stretches(new.steps[0].of, old.window, new.window)
        elif old.window != new.window:
            raise InFull(MOVED)
        never, began = new.never, old.never
        if never is None or began is None:
            return
        before = next(step.of for step in new.steps[-2::-1] if not step.absent)
        start, end = began.of.window.end, never.of.window.end
        if never.within is None or start is None or end is None:
            raise InFull(MOVED)
        # No answer came to what is before, from the instant on at which its time is over.
        self._rows(before, c.Interval(start - never.within - MICROSECOND, end - never.within + MICROSECOND))

    def _occurring(self, old: c.Occurrences, new: c.Occurrences) -> None:
        if old == new:
            return
        _same(replace(old, window=new.window), new)
        self._stretches(new, old.window, new.window)

    def _aged(self, old: c.Occurrences, new: c.Occurrences, days: int, zone: str) -> None:
        """Whose rows have become so many days old meanwhile, on the clocks of the zone."""
        start, end = old.window.end, new.window.end
        if start is None or end is None:
            raise InFull(MOVED)
        if days < 1:
            return  # each that lies before the end is
        try:
            since, until = (at - timedelta(days=days) for at in (start, end))
            day = timedelta(days=2)
            known = [offsets(low - day, high + day, zone) for low, high in ((since, until), (start, end))]
            ahead = [shift for some in known for _, shift in some]
            slack = (max(ahead) - min(ahead) if all(known) else swing(zone)) + MICROSECOND
            self._rows(new, c.Interval(since - slack, until + slack))
        except OverflowError:
            raise InFull(MOVED) from None

    def _stretches(self, of: c.Occurrences, old: c.Interval, new: c.Interval) -> None:
        for one in apart(old, new):
            self._rows(of, one)

    def _rows(self, of: c.Occurrences, stretch: c.Interval) -> None:
        self.rows.setdefault((of.events, stretch), {})[of.where] = None


MOVED = "a date in it moves with the clock"
_MEASURES = (c.Count, c.Aggregate, c.DaysSince, c.DaysBetween, c.Ratio, c.Terms, c.Field)


def _same(old: object, new: object) -> None:
    if old != new:
        raise InFull(MOVED)


_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def apart(one: c.Interval, other: c.Interval) -> Iterator[c.Interval]:
    """The stretches of time that lie in one of two windows only."""
    yield from _less(one, other)
    yield from _less(other, one)


def _less(one: c.Interval, other: c.Interval) -> Iterator[c.Interval]:
    """What of a window does not lie in another."""
    start, end = one.start or _FIRST, one.end or _LAST
    for low, high in ((start, min(end, other.start or _FIRST)), (max(start, other.end or _LAST), end)):
        if low < high:
            yield c.Interval(None if low == _FIRST else low, None if high == _LAST else high)
