"""Sequences as one pass over the events of all steps in the order of time, carrying the latest time of each step.

The latest instant that a step can be at is the best to go on from, also for `within`. The rows of an instant are
counted first (`Tied`): several steps can be at one instant if there are enough different events for them, and what came
before is strictly earlier.

Less is done where less will do. Two steps of different events with any time between them need no order: the earliest
and the latest of each say it all. Where no event can be two of the steps, nothing is ordered (`stretches.py`). Where
all steps ask the same, each event need only be compared with the last few before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlglot import exp

from ... import conditions as c
from ...conditions import InSequence
from ...planner.shapes import numbered
from .. import nodes as n
from ..bounds import Clock
from ..lookups import many_in, numbered_alike
from ..rows import in_window
from ..target import Target
from .chains import chained
from .passes import carried, over, strictly_before
from .scans import in_one_scan, stream
from .steps import (
    TIME,
    WHO,
    SharedFields,
    Steps,
    after,
    at_edge,
    edges,
    flag,
    known,
    plus,
    same_fields,
    shared,
    soon,
    steps_of,
)
from .stretches import in_order, nearest_before, not_in_order, there_and_back
from .ties import Apart, Tied


def sequences(condition: InSequence, only: str | None, target: Target) -> exp.Query:
    """The keys of the profiles for which it holds, each once."""
    of = steps_of(condition, only, target)
    fields = same_fields(of)
    absent = len(of.happening) < len(of.steps)
    # What must not come shares any of the values of the run before it, not just the one that the run goes on with.
    if fields is None or (absent and any(field.scope == "item" for own in fields.values() for field in own)):
        return chained(of)
    if absent and len(of.steps) == 2:
        found = _never_after(of, fields) if _any_time(of) else _not_followed(of, fields)
    elif _any_time(of):
        found = _ever_after(of, fields)
    elif (absent and not _absent_apart(of)) or (_lacks_frames(of) and not (_stretches(of) or _goes_back(of))):
        return chained(of)
    else:
        found = _in_sequence(of, fields)
    found.set("expressions", [n.named(n.column("steps", WHO), target.catalog.profiles.key)])
    if fields or not (_any_time(of) or found.args.get("group")):
        found.set("distinct", exp.Distinct())
    if fields and target.dialect.numbers_first and only is None and many_in(of.read(0)):
        numbered_alike(found)
    return found


def reads_once(condition: InSequence, target: Target) -> bool:
    """Whether several of its steps are read in one scan."""
    of = steps_of(condition, None, target)
    fields = same_fields(of)
    return fields is not None and _one_scan(of, fields)


def _any_time(of: Steps) -> bool:
    """Two steps with any time between them, no event of which can be both: it is one, or would have to be later."""
    return len(of.steps) == 2 and of.steps[1].within is None and (of.apart or bool(of.steps[1].later))


def _lacks_frames(of: Steps) -> bool:
    """Whether a step is so much later than the one before, and the engine has no window that ends so long before."""
    dialect = of.target.dialect
    return (dialect.short_frames or not dialect.value_frames) and any(step.later for step in of.steps)


def _absent_apart(of: Steps) -> bool:
    """Whether no event that must not come can be one of the steps."""
    happening = {event for place in of.happening for event in of.steps[place].of.events}
    return all(happening.isdisjoint(step.of.events) for step in of.steps if step.absent)


def _absent_between(of: Steps) -> bool:
    return any(step.absent and place != of.never for place, step in enumerate(of.steps))


def _stretches(of: Steps) -> bool:
    """Whether each step can be found from the times of the step after it alone."""
    return of.apart and of.within is None and not _absent_between(of)


def _one_scan(of: Steps, fields: SharedFields) -> bool:
    """Whether one scan, which is paid for, has events of several steps: then these are not joined, but put in order."""
    steps = [{place for event in group for place in of.places(event)} for group in in_one_scan(of, of.events, fields)]
    return any(len(one) > 1 for one in steps) and not _lacks_frames(of)


def _goes_back(of: Steps) -> bool:
    """Whether each step can be found from the latest one that is long enough before it."""
    return of.apart and of.target.dialect.asof and of.never is None and not _absent_between(of)


def _there_and_back(of: Steps) -> bool:
    """Whether it has three steps, all of which happen, and neither two in a row can be one event, and they are read
    sooner one by one than all in the order of time.
    """
    dialect = of.target.dialect
    if len(of.steps) != 3 or len(of.happening) < 3 or of.within is not None or of.edge is not None:
        return False
    first, middle, last = (set(step.of.events) for step in of.steps)
    return middle.isdisjoint(first | last) and dialect.engine == "columns" and not dialect.wide_pass


def _ever_after(of: Steps, fields: SharedFields) -> exp.Select:
    """The groups in which the latest second step is no earlier than the earliest first, or so much later than that."""
    first, later = _edge(exp.Min, 0), of.steps[1].later
    holds = n.compare(_edge(exp.Max, 1), ">=", plus(first, later) if later else first)
    return _groups(of, fields, known(fields), holds)


def _never_after(of: Steps, fields: SharedFields) -> exp.Select:
    """The groups in which the latest first step is later than all second ones."""
    then = n.both([n.column("steps", flag(1)), *_known(fields)])
    first, last = _edge(exp.Max, 0), exp.Max(this=n.case(then, n.column("steps", TIME)))
    later = n.compare(last.copy(), "<", first.copy())
    return _groups(of, fields, None, n.both([n.is_set(first), n.either([n.is_null(last), later])]))


def _edge(function: type[exp.Expr], place: int) -> exp.Expr:
    return function(this=n.case(n.column("steps", flag(place)), n.column("steps", TIME)))


def _groups(of: Steps, fields: SharedFields, where: exp.Expr | None, holds: exp.Expr) -> exp.Select:
    """The rows of each profile, and of each value that steps share, where together they fulfil the condition."""
    partition = [n.column("steps", name) for name in (WHO, *shared(fields))]
    found = n.select([], _from(_stream(of, fields)), where=where, group=partition)
    found.set("having", exp.Having(this=holds))
    return found


def _in_sequence(of: Steps, fields: SharedFields) -> exp.Select:
    """The rows that are the first, or the last, step of a sequence."""
    later = any(step.later for step in of.steps)
    plain = of.within is None and not later and not _absent_between(of)
    tied = Tied(of)
    if of.edge is not None and len(of.steps) == 2 and plain and not fields and (of.apart or tied.all_alike):
        return _from_the_edge(of)
    if _stretches(of) and not _one_scan(of, fields):
        return in_order(of, fields)
    if _goes_back(of):
        return nearest_before(of, fields)
    if not fields and _there_and_back(of):
        return there_and_back(of)
    partition, there = [WHO, *shared(fields)], known(fields)
    if of.apart or all(step.later for step in of.steps[1:]):
        return carried(of, Apart(of), _stream(of, fields), partition, there)
    if (
        plain
        and of.never is None
        and of.edge is None
        and tied.all_alike
        and _monotone([step.within for step in of.steps[1:]])
    ):
        return _in_a_row(of, fields, partition, there)
    return carried(of, tied, tied.counted(_stream(of, fields), [*partition, TIME], there), partition)


def _from_the_edge(of: Steps) -> exp.Select:
    """The rows of the second step from the first (last) of all on, soon enough; where that is one of them, two rows."""
    second = replace(of, steps=of.steps[1:], windows=of.windows[1:], edge=None)
    time, edge, within = n.column("steps", TIME), n.column("edges", TIME), of.steps[1].within
    where = [n.compare(time, ">=", edge)]
    if within is not None:
        where.append(n.compare(time.copy(), "<=", plus(edge.copy(), within)))
    joins = [edges(of, several=not of.apart)]
    found = n.select([], _from(stream(second, second.events, {}, ())), joins, n.both(where))
    if not of.apart:
        found.set("group", exp.Group(expressions=[n.column("steps", WHO)]))
        found.set("having", exp.Having(this=n.compare(exp.Count(this=exp.Star()), ">=", n.number(2))))
    return found


def _monotone(within: Sequence[timedelta | None]) -> bool:
    """Whether they get no shorter, or no longer: of steps that ask the same, neighbours are then as good as any."""
    lengths = [timedelta.max if one is None else one for one in within]
    return lengths in (sorted(lengths), sorted(lengths, reverse=True))


def _in_a_row(of: Steps, fields: SharedFields, partition: Sequence[str], there: exp.Expr | None) -> exp.Select:
    """The rows before which there are soon enough others, each of which can be any step."""
    rows = stream(of, of.events, fields, ())
    values: list[exp.Expr] = [n.column("steps", name) for name in (WHO, TIME)]
    before = [TIME]
    for back in range(1, len(of.steps)):
        lag = exp.Lag(this=n.column("steps", TIME), offset=n.number(back))
        before.append(f"time_{back}_before")
        values.append(n.named(over(lag, partition), before[-1]))
    held = [
        soon(n.column("steps", one), n.column("steps", other), step.within)
        for one, other, step in zip(before, before[1:], reversed(of.steps), strict=False)
    ]
    return n.select([], _from(n.select(values, _from(rows), where=there)), where=n.both(held))


def _not_followed(of: Steps, fields: SharedFields) -> exp.Select:
    """The rows that are a first step without a follow-up."""
    within = of.steps[1].within
    if of.apart and within is not None and not _one_scan(of, fields):
        return not_in_order(of, fields)
    if not fields and _asks_the_same(of):
        return _alone(of)
    partition, tied = [WHO, *shared(fields)], Apart(of) if of.apart else Tied(of)
    source = _stream(of, fields)
    if isinstance(tied, Tied):
        source = tied.counted(source, [*partition, TIME], None)
    values: list[exp.Expr] = [n.column("steps", name) for name in (*partition, TIME, *tied.columns)]
    then = n.both([tied.together([1]), *_known(fields)])
    next_ = exp.Min(this=n.case(then, n.column("steps", TIME)))
    frame = strictly_before() if isinstance(tied, Tied) else None
    values.append(n.named(over(next_, partition, frame, backwards=True), "follow_up"))
    late = n.is_null(n.column("steps", "follow_up"))
    if within is not None:
        late = n.either([late, after(n.column("steps", "follow_up"), n.column("steps", TIME), within)])
    here = tied.unaccompanied()
    if fields and isinstance(tied, Tied):
        some = n.either(n.is_null(n.column("steps", name)) for name in shared(fields))
        missing = n.both([some, tied.together([0])])
        here = n.either([here, missing])
    return n.select([], _from(n.select(values, _from(source))), where=n.both([here, late]))


def _asks_the_same(of: Steps) -> bool:
    """Whether each event that is one of two steps could be the other, but for its time."""
    one, other = (step.of for step in of.steps)
    alike = set(one.events) == set(other.events) and one.where == other.where and of.edge is None
    return alike and not numbered(one.events, [one.where], of.target.catalog)


def _alone(of: Steps) -> exp.Select:
    """The rows of the first step that have no other at their instant, and none after it, or none soon enough."""
    second = replace(of, steps=of.steps[1:], windows=of.windows[1:])
    time, before, next_ = (n.column("steps", name) for name in (TIME, "time_before", "time_after"))
    values: list[exp.Expr] = [n.column("steps", WHO), time]
    for function, value in ((exp.Lag, before), (exp.Lead, next_)):
        found = over(function(this=time.copy(), offset=n.number(1)), [WHO])
        values.append(n.named(found, value.name))
    rows = n.select(values, _from(stream(second, second.events, {}, ())))
    within, (window, read) = of.steps[1].within, of.windows
    late = [] if within is None else [after(next_.copy(), time.copy(), within)]
    where = [n.either([n.is_null(before), n.compare(before.copy(), "<", time.copy())])]
    where.append(n.either([n.is_null(next_), *late]))
    if window.end != read.end:
        ends = c.Interval(None, window.end)
        where.insert(0, in_window(time.copy(), Clock("microseconds"), ends, of.target))
    return n.select([], _from(rows), where=n.both(where))


def _stream(of: Steps, fields: SharedFields) -> exp.Query:
    """The events of all steps as one stream. The first step's flag is left to the first (last) of all, and nothing that
    lies before it, or too late after it for any step, is there.
    """
    flags = [flag(place) for place in range(len(of.steps))]
    rows = stream(of, of.events, fields, flags)
    if of.edge is None:
        return rows
    names = [WHO, TIME, *shared(fields), *flags[1:]]
    values: list[exp.Expr] = [n.column("steps", name) for name in names]
    values.append(n.named(n.both([n.column("steps", flags[0]), at_edge()]), flags[0]))
    time, edge = n.column("steps", TIME), n.column("edges", TIME)
    where = [n.compare(time, ">=", edge)]
    lengths = [of.steps[place].within for place in (*of.happening[1:], *([of.never] if of.never else []))]
    if None not in lengths:
        where.append(n.compare(time.copy(), "<=", plus(edge.copy(), sum(filter(None, lengths), timedelta()))))
    return n.select(values, _from(rows), [edges(of)], n.both(where))


def _known(fields: SharedFields) -> list[exp.Expr]:
    there = known(fields)
    return [] if there is None else [there]


def _from(query: exp.Query) -> exp.Expr:
    return n.aliased(exp.Subquery(this=query), "steps")
