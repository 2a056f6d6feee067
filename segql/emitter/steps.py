"""The rows that the steps of a sequence are sought among: whose, when, and which steps each of them can be.

An event stands in one row, whatever steps it can be: so two steps never take one event for two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlglot import exp

from ..conditions import Field, InSequence, Interval, NotFollowed, Occurrences, Step
from . import nodes as n
from .fields import fits
from .rows import Rows, Target
from .sources import item_ties
from .streams import alone, driven
from .times import micros
from .values import value

WHO, TIME, SHARED = "who", "time", "shared"
"""Columns: the profile's key, microseconds since 1970, the value that the steps share."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps, each with the window that it can lie in; the first may have to be the first (last) of all."""

    steps: tuple[Step, ...]
    windows: tuple[Interval, ...]
    edge: Literal["first", "last"] | None
    only: Occurrences | None
    target: Target

    @property
    def events(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(event for step in self.steps for event in step.of.events))

    def places(self, event: str) -> list[int]:
        """The steps that an event can be."""
        return [place for place, step in enumerate(self.steps) if event in step.of.events]

    @property
    def apart(self) -> bool:
        """Whether no event can be two of the steps."""
        return all(len(self.places(event)) == 1 for event in self.events)

    def read(self, place: int) -> Interval:
        """What is read for a step: to know the first of all, also what lies before; the last, what lies after."""
        window = self.windows[place]
        if place or self.edge is None:
            return window
        return Interval(None, window.end) if self.edge == "first" else Interval(window.start, self.target.now)


def steps_of(condition: InSequence | NotFollowed, only: Occurrences | None, target: Target) -> Steps:
    """The steps; their windows are as narrow as what lies before, and what has to be over by now, makes them."""
    if isinstance(condition, NotFollowed):
        steps: tuple[Step, ...] = (Step(condition.first), condition.then)
    else:
        steps = condition.steps
    first = condition.window if condition.window is not None else steps[0].of.window
    if isinstance(condition, NotFollowed) and condition.then.within is not None:
        first = replace(first, end=_earlier(first.end, target.now - condition.then.within))
    windows, end = [first], first.end
    for step in steps[1:]:
        end = None if end is None or step.within is None else _later(end, step.within)
        windows.append(Interval(first.start, _earlier(end, target.now)))
    return Steps(steps, tuple(windows), condition.edge, only, target)


def _earlier(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else min(one, other)


def _later(end: datetime, length: timedelta) -> datetime | None:
    try:
        return end + length
    except OverflowError:
        return None


def flag(place: int) -> str:
    """The column that says whether the row can be such a step."""
    return f"step_{place + 1}"


def rows_of(of: Steps, event: str, *more: Field | None) -> tuple[Rows, dict[int, exp.Expr], list[exp.Expr]]:
    """The rows of an event; which of the steps each can be; and conditions for those that can be any.

    `more` are fields that will be asked of the rows.
    """
    places = of.places(event)
    reads = {place: of.read(place) for place in places}
    hull = _hull(list(reads.values()))
    every = alone(event, [of.steps[place].of for place in places], of.target, hull, *more)
    rows = every[0]

    def fitting(place: int, seen: Rows) -> exp.Expr:
        # A later step may lie anywhere: what lies too late for it follows nothing.
        window = n.true() if place or reads[place] == hull else rows.in_window(reads[place])
        return n.both([window, fits(of.steps[place].of.where, {"event": seen})])

    conditions = [*driven(of.only, rows), rows.in_window(hull)]
    conditions.append(n.either(fitting(place, seen) for place, seen in zip(places, every, strict=True)))
    if isinstance(conditions[-1], exp.Or):
        conditions[-1] = exp.Paren(this=conditions[-1])
    flags: dict[int, exp.Expr] = {place: n.false() for place in range(len(of.steps))}
    for place, seen in zip(places, every, strict=True):
        test = n.true() if len(places) == 1 else fitting(place, seen)
        flags[place] = test if isinstance(test, exp.Boolean) else n.case(test, n.true(), n.false())
    return rows, flags, conditions


def _hull(windows: Sequence[Interval]) -> Interval:
    starts = [one.start for one in windows if one.start is not None]
    ends = [one.end for one in windows if one.end is not None]
    return Interval(
        min(starts) if len(starts) == len(windows) else None, max(ends) if len(ends) == len(windows) else None
    )


def time_of(rows: Rows) -> exp.Expr:
    return micros(rows.at(), rows.clock, rows.target.dialect)


def in_micros(time: exp.Expr, window: Interval) -> exp.Expr:
    bounds = ((">=", window.start), ("<", window.end))
    return n.both(
        n.compare(time.copy(), op, n.number((bound - _EPOCH) // _MICROSECOND)) for op, bound in bounds if bound
    )


def soon(time: exp.Expr, before: exp.Expr, within: timedelta | None) -> exp.Expr:
    """The time is not too late after the one before, which is known to be no later; false if there is none before."""
    if within is None:
        return n.is_set(before)
    return n.compare(time, "<=", exp.Add(this=before, expression=n.number(within // _MICROSECOND)))


def shared_items(rows: Rows, field: Field, alias: str = "item") -> tuple[Rows, exp.Expr]:
    """The different values of a property among the items of each event, and the tie to the event at hand."""
    items, ties = item_ties(rows, alias)
    names = [f"event_key_{number}" if number > 1 else "event_key" for number in range(1, len(ties) + 1)]
    found = value(field, {"item": items})
    assert found is not None
    keys = [n.named(of_item, name) for name, (_, of_item, _) in zip(names, ties, strict=True)]
    query = items.select([*keys, n.named(found, SHARED)], distinct=True)
    tied = n.both(same(n.column(alias, name), of) for name, (same, _, of) in zip(names, ties, strict=True))
    return Rows(rows.target, alias, exp.Subquery(this=query)), tied


def edged(of: Steps, query: exp.Query, others: Sequence[str]) -> exp.Query:
    """The rows with the first step's flag left to the first (last) of all, if that lies in its window."""
    if of.edge is None:
        return query
    name = flag(0)
    edge = exp.Min if of.edge == "first" else exp.Max
    time = n.column("steps", TIME)
    of_all = edge(this=n.case(n.column("steps", name), time.copy()))
    first = exp.Window(this=of_all, partition_by=[n.column("steps", WHO)], over="OVER")
    is_edge = n.both([n.column("steps", name), n.compare(time, "=", first), in_micros(time, of.windows[0])])
    values = [n.column("steps", other) for other in others if other != name]
    return n.select([*values, n.named(is_edge, name)], n.aliased(exp.Subquery(this=query), "steps"))


def one_field(of: Steps) -> Mapping[str, Field] | None:
    """The property of each event that all steps share with the one before; empty if no step shares any.

    None where some steps share one and some do not, or not the same one throughout.
    """
    first, *rest = [step.same for step in of.steps[1:]]
    if first is None:
        return {} if not any(rest) else None
    fields, last = [first[0], first[1]], first[1]
    for same in rest:
        if same is None or same[0] != last:
            return None
        last = same[1]
        fields.append(last)
    found: dict[str, Field] = {}
    for step, field in zip(of.steps, fields, strict=True):
        for event in step.of.events:
            if found.setdefault(event, field) != field:
                return None
    return found
