"""The rows that the steps of a sequence are sought among: whose, when, and which steps each of them can be.

An event stands in one row, whatever steps it can be: so two steps never take one event for two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from sqlglot import exp

from ... import conditions as c
from ...conditions import live
from ...plain import dataclass
from ...planner.shapes import PLACES
from .. import nodes as n
from ..bounds import Clock
from ..predicates import fits
from ..rows import Rows, in_window
from ..streams import alone, driven
from ..target import Target
from ..times import micros

WHO, TIME, SHARED = "who", "time", "shared"
"""Columns: the profile's key, microseconds since 1970, the value that the steps share."""

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps, each with the window that it can lie in; the first may have to be the first (last) of all."""

    steps: tuple[c.Step, ...]
    windows: tuple[c.Interval, ...]
    edge: Literal["first", "last"] | None
    within: timedelta | None
    """From the first to the last that happens."""
    only: str | None
    target: Target

    @property
    def events(self) -> tuple[str, ...]:
        """The events of all steps, each once."""
        return tuple(dict.fromkeys(event for step in self.steps for event in step.of.events))

    def places(self, event: str) -> list[int]:
        """The steps that an event can be."""
        return [place for place, step in enumerate(self.steps) if event in step.of.events]

    @property
    def happening(self) -> list[int]:
        """The steps that are not absent."""
        return [place for place, step in enumerate(self.steps) if not step.absent]

    @property
    def never(self) -> int | None:
        """The last step, if it must not come."""
        return len(self.steps) - 1 if self.steps[-1].absent else None

    def before(self, place: int) -> int:
        """The step before that happens."""
        return max(one for one in self.happening if one < place)

    @property
    def now(self) -> datetime:
        """The instant before which all steps lie."""
        return _now(self.steps)

    @property
    def apart(self) -> bool:
        """Whether no event can be two of the steps."""
        return all(len(self.places(event)) == 1 for event in self.events)

    def read(self, place: int) -> c.Interval:
        """What is read for a step: to know the first of all, also what lies before; the last, what lies after."""
        window = self.windows[place]
        if place or self.edge is None:
            return window
        return c.Interval(None, window.end) if self.edge == "first" else c.Interval(window.start, self.now)


def steps_of(condition: c.InSequence, only: str | None, target: Target) -> Steps:
    """The steps; their windows are as narrow as what lies before, and what has to be over by now, makes them."""
    steps, whole = _bounded(condition)
    never = steps[-1] if steps[-1].absent else None
    now = _now(steps)
    first = condition.window if condition.window is not None else steps[0].of.window
    over = _moved(now, -never.within) if never is not None and never.within is not None else None
    if over is not None:
        first = replace(first, end=over if first.end is None else live.earliest(first.end, over))
    windows, end = [first], first.end
    for step in steps[1:]:
        if step.absent and step is not never:
            windows.append(c.Interval(first.start, over or now))
            continue
        latest = now if over is None or step is never else over
        end = latest if end is None or step.within is None else live.earliest(_moved(end, step.within), latest)
        windows.append(c.Interval(first.start, end))
    return Steps(steps, tuple(windows), condition.edge, whole, only, target)


def _bounded(condition: c.InSequence) -> tuple[tuple[c.Step, ...], timedelta | None]:
    """The steps, and how long they all take at most; of two that is said of the second."""
    steps, whole = condition.steps, condition.within
    happening = [place for place, step in enumerate(steps) if not step.absent]
    if whole is None or len(happening) > 2:
        return steps, whole
    last = happening[-1]
    own = steps[last].within
    within = whole if own is None else min(whole, own)
    return (*steps[:last], replace(steps[last], within=within), *steps[last + 1 :]), None


def _now(steps: Sequence[c.Step]) -> datetime:
    """The rule's `now`, an earlier one inside `was in segment`: what follows has no window but what is past then."""
    now = steps[-1].of.window.end
    assert now is not None, "timed events have a window that ends"
    return now


def _moved(instant: datetime, length: timedelta) -> datetime:
    """The instant so much later, at most the last of all."""
    try:
        return live.stepped(instant + length, instant, length // MICROSECOND, "us")
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def flag(place: int) -> str:
    """The column that says whether the row can be such a step."""
    return f"step_{place + 1}"


def time_of(rows: Rows) -> exp.Expr:
    """The instant of each row as a whole number of microseconds."""
    return micros(rows.at(), rows.clock, rows.target.dialect)


def soon(time: exp.Expr, before: exp.Expr, within: timedelta | None) -> exp.Expr:
    """The time is not too late after the one before, which is known to be no later; false if there is none before."""
    return n.is_set(before) if within is None else n.compare(time, "<=", plus(before, within))


def after(time: exp.Expr, before: exp.Expr, within: timedelta) -> exp.Expr:
    """The time is too late after the one before."""
    return n.compare(time, ">", plus(before, within))


def plus(time: exp.Expr, length: timedelta) -> exp.Expr:
    """The time so much later; both are microseconds."""
    micros = length // MICROSECOND
    return exp.Add(this=time, expression=n.given(n.number(micros), micros))


SharedFields: TypeAlias = Mapping[str, tuple[c.Field, ...]]
"""The properties of each event that all steps share; empty if none shares any."""


def shared(fields: SharedFields) -> list[str]:
    """The columns of the values that the steps share."""
    return [column_of(SHARED, number) for number in range(len(next(iter(fields.values()), ())))]


def column_of(name: str, number: int) -> str:
    """The column of one of several values that go together."""
    return f"{name}_{number + 1}" if number else name


def known(fields: SharedFields) -> exp.Expr | None:
    """The row has all that the steps share: what is missing equals nothing."""
    return n.both(n.is_set(n.column("steps", name)) for name in shared(fields)) if fields else None


def edges(of: Steps, *, several: bool = False) -> exp.Join:
    """Ties the rows `steps` to the time of their profile's first (last) event of all, if that lies in its window.

    `several`: and if it has more than this one, of those that are read.
    """
    edge, first = exp.Min if of.edge == "first" else exp.Max, of.steps[0].of
    every = [alone(event, [first], of.target, of.read(0))[0] for event in dict.fromkeys(first.events)]
    clock = every[0].clock
    if len(every) > 1 or not clock.ordered:
        clock = Clock("microseconds")
    selects = []
    for rows in every:
        values = [n.named(rows.key(), WHO), n.named(rows.at() if rows.clock == clock else time_of(rows), TIME)]
        conditions = [*driven(of.only, rows), rows.in_window(of.read(0)), fits(first.where, {"event": rows})]
        selects.append(rows.select(values, conditions))
    who, time = n.column("firsts", WHO), edge(this=n.column("firsts", TIME))
    found = n.select([who], n.aliased(exp.Subquery(this=n.union_all(selects)), "firsts"), group=[who.copy()])
    found.append("expressions", n.named(micros(time, clock, of.target.dialect), TIME))
    window, read = of.windows[0], of.read(0)
    beyond = c.Interval(*(None if one == other else one for one, other in
                          ((window.start, read.start), (window.end, read.end))))  # fmt: skip
    holds = [in_window(time.copy(), clock, beyond, of.target)] if beyond != c.Interval(None, None) else []
    if several:
        holds.append(n.compare(exp.Count(this=exp.Star()), ">", n.number(1)))
    if holds:
        found.set("having", exp.Having(this=n.both(holds)))
    tied = n.compare(n.column("edges", WHO), "=", n.column("steps", WHO))
    return exp.Join(this=n.aliased(exp.Subquery(this=found), "edges"), on=tied)


def at_edge() -> exp.Expr:
    """The step is at the first or last instant that was joined as `edges`."""
    return n.compare(n.column("steps", TIME), "=", n.column("edges", TIME))


def same_fields(of: Steps) -> SharedFields | None:
    """The properties of each event that all steps share with the one before; empty if no step shares any.

    None where some steps share some and some do not, or not the same ones throughout.
    """
    if not any(step.same for step in of.steps):
        return {}
    fields = [of.steps[1].shared_before]
    for place, step in enumerate(of.steps[1:], 1):
        if not step.same or step.shared_before != fields[of.before(place)]:
            return None
        fields.append(step.shared)
    found: dict[str, tuple[tuple[c.Field, ...], object]] = {}
    for step, own in zip(of.steps, fields, strict=True):
        # A place in a stream is another one in another stream.
        asked = own, step.of.events if any(field.name in PLACES for field in own) else None
        for event in step.of.events:
            if found.setdefault(event, asked) != asked:
                return None
    return {event: own for event, (own, _) in found.items()}
