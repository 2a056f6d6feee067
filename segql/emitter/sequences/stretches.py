"""Sequences of steps of which no event can be two, step by step: each is joined with the times of the step after it.

Where a step has to follow within some time, time is cut into stretches a microsecond longer than that. What is soon
enough after an event lies in its stretch, where all that is not earlier will do, or in the next one, where all that is
not too late will. So the earliest and the latest time of a stretch are enough, however many events there are, and the
join is one of equal stretches. Where it has to be so much `later` as well, stretches are as long as what is left, and
an event's is the one in which the soonest instant lies at which it can be followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlglot import exp

from ...conditions import Interval, Step
from ...conditions.tracked import told
from .. import nodes as n
from .scans import stream
from .steps import MICROSECOND, TIME, WHO, SharedFields, Steps, after, at_edge, edges, flag, plus, shared
from .ties import Tied

_STRETCH, _AWAY, _EARLIEST, _LATEST, _BEGAN, _REACHES = (
    "stretch", "away", "earliest", "latest", "began", "reaches_back_to",
)  # fmt: skip


def in_order(of: Steps, fields: SharedFields) -> exp.Select:
    """The rows that are the first step of a sequence, found from its end: later steps are mostly the rarer ones."""
    partition = [WHO, *shared(fields)]
    last = of.happening[-1]
    found: exp.Query = _rows(of, last, fields)
    if of.never is not None:
        found = not_in_order(of, fields)
        found.set("expressions", [n.column("steps", name) for name in (*partition, TIME)])
    for place in range(last - 1, -1, -1):
        found = _followed(_rows(of, place, fields), of.steps[place + 1], found, partition)
    assert isinstance(found, exp.Select), "a sequence has two steps"
    return found


def there_and_back(of: Steps) -> exp.Select:
    """The rows that are the first of three steps; an event can be the first and the last of these, not two in a row.

    Such an event is taken for both only where all three are at one instant. A middle one that nothing but its own
    instant follows therefore reaches back no further than to a microsecond before it; instants with two events for the
    first and the last, and one for the middle, are found by themselves.
    """
    first, middle, last = (
        _rows(replace(of, steps=(step,), windows=(window,)), 0, {})
        for step, window in zip(of.steps, of.windows, strict=True)
    )
    found = _followed(middle, of.steps[2], last, [WHO])
    if any(step.later for step in of.steps):
        return _followed(first, of.steps[1], found, [WHO])
    time = n.column("steps", TIME)
    beyond = [n.compare(n.column("after", _LATEST), ">", time), *_in_time(of.steps[2], time)]
    reaches = n.case(n.either(beyond), time.copy(), exp.Sub(this=time.copy(), expression=n.number(1)))
    found.append("expressions", n.named(reaches, _REACHES))
    parts = [_followed(first, of.steps[1], found, [WHO], _REACHES), _at_one_instant(of, middle.copy())]
    for part in parts:
        part.set("expressions", [n.column("steps", WHO)])
    return n.select([], _aliased(n.union_all(parts), "steps"))


def _at_one_instant(of: Steps, middle: exp.Query) -> exp.Select:
    """The instants at which two events are the first and the last step, and another one is between them."""
    ends = replace(of, steps=of.steps[::2], windows=of.windows[::2])
    tied = Tied(ends)
    same = [n.compare(n.column("middle", name), "=", n.column("steps", name)) for name in (WHO, TIME)]
    beside = n.exists(n.select([exp.Literal.number(1)], _aliased(middle, "middle"), where=n.both(same)))
    instants = tied.counted(stream(ends, ends.events, {}, [flag(0), flag(1)]), [WHO, TIME], beside)
    return n.select([], _aliased(instants, "steps"), where=tied.together([0, 1]))


def _followed(
    rows: exp.Query, step: Step, found: exp.Query, partition: Sequence[str], latest: str = TIME
) -> exp.Select:
    """The rows that such a step follows, one of those found; `latest`: their column that may not be before the row."""
    time = n.column("steps", TIME)
    soonest = plus(time, step.later) if step.later else time
    follows = n.either([n.compare(n.column("after", _LATEST), ">=", soonest), *_in_time(step, time)])
    length = None
    if step.within is None:
        after_ = _edges(found, "steps", partition, latest)
    else:
        length = step.within - (step.later or timedelta())
        after_ = _spread(found, partition, length, latest)
    values = [n.column("steps", name) for name in (*partition, TIME)]
    # An outer join, and a CASE that leaves it one: of an inner one Postgres expects a row or none, and loops.
    join = n.left_join(_aliased(after_, "after"), _tied(partition, length, soonest.copy()))
    return n.select(values, _aliased(rows, "steps"), [join], n.case(follows, n.true(), n.false()))


def _in_time(step: Step, time: exp.Expr) -> list[exp.Expr]:
    """What the next stretch begins with is not too late for the step."""
    if step.within is None:
        return []
    return [n.compare(n.column("after", _EARLIEST), "<=", plus(time.copy(), step.within))]


def not_in_order(of: Steps, fields: SharedFields) -> exp.Select:
    """The rows that are a last step but one which the last, that must not come, does not follow soon enough."""
    partition = [WHO, *shared(fields)]
    last = len(of.steps) - 1
    within, rows, steps = of.steps[last].within, _rows(of, last, fields), _aliased(_rows(of, last - 1, fields), "steps")
    if within is None:
        latest, time = n.column("after", _LATEST), n.column("steps", TIME)
        join = n.left_join(_aliased(_edges(rows, "steps", partition, TIME), "after"), _tied(partition, None))
        return n.select([], steps, [join], n.either([n.is_null(latest), n.compare(latest.copy(), "<", time)]))
    if of.target.dialect.range_joins and (fields or _are_few(of.read(last), within)):  # of one value there are few
        stretches = _edges(rows, "steps", partition, TIME, TIME, n.named(_stretch(within), _STRETCH))
        latest, time = n.column("after", _LATEST), n.column("steps", TIME)
        soon_enough = n.compare(n.column("after", _EARLIEST), "<=", plus(time.copy(), within))
        follows = n.both([_tied(partition, None), n.compare(latest, ">=", time), soon_enough])
        return n.select([], steps, [n.left_join(_aliased(stretches, "after"), follows)], n.is_null(latest.copy()))
    # One row for each stretch, so that a step is judged once.
    spread = _spread(rows, partition, within)
    follow_ups = _edges(spread, "spread", [*partition, _STRETCH], _LATEST, _EARLIEST)
    latest, earliest, time = n.column("after", _LATEST), n.column("after", _EARLIEST), n.column("steps", TIME)
    none_here = n.either([n.is_null(latest), n.compare(latest.copy(), "<", time)])
    none_next = n.either([n.is_null(earliest), after(earliest.copy(), time.copy(), within)])
    join = n.left_join(_aliased(follow_ups, "after"), _tied(partition, within))
    return n.select([], steps, [join], n.both([none_here, none_next]))


_FEW = 400
"""As many stretches of a profile as a step may be held against, one by one; those of half a year, of 12 hours."""


def _are_few(window: Interval, within: timedelta) -> bool:
    """Whether there are few stretches in the window."""
    return window.start is not None and told(_lasts_at_most, (window.start, window.end), _FEW * within)


def _lasts_at_most(start: datetime, end: datetime, length: timedelta) -> bool:
    return end - start <= length


def nearest_before(of: Steps, fields: SharedFields) -> exp.Select:
    """The rows that are the last step of a sequence that is short enough: each step goes on from the latest before it,
    as what goes on from an earlier one began no later. First steps are those of people who take the last.
    """
    partition, began = [WHO, *shared(fields)], TIME
    found = _rows(of, 0, fields)
    if of.only is None and of.edge is None:
        whose = n.compare(n.column("last_step", WHO), "=", n.column("steps", WHO))
        last = _aliased(_rows(of, len(of.steps) - 1, {}), "last_step")
        takes_it = n.exists(n.select([exp.Literal.number(1)], last, where=whose))
        own = [n.column("steps", name) for name in (*partition, TIME)]
        found = n.select(own, _aliased(found, "steps"), where=takes_it)
    for place in range(1, len(of.steps)):
        time, before, within = n.column("steps", TIME), n.column("before", TIME), of.steps[place].within
        later = of.steps[place].later
        tied = [n.compare(n.column("before", name), "=", n.column("steps", name)) for name in partition]
        tied.append(n.compare(plus(before, later) if later else before, "<=", time))
        join = exp.Join(this=_aliased(found, "before"), method="ASOF", on=n.both(tied))
        holds = [] if within is None else [n.compare(time.copy(), "<=", plus(before.copy(), within))]
        if place == len(of.steps) - 1 and of.within is not None:
            holds.append(n.compare(time.copy(), "<=", plus(n.column("before", began), of.within)))
        values = [*(n.column("steps", name) for name in (*partition, TIME)), n.named(n.column("before", began), _BEGAN)]
        found = n.select(values, _aliased(_rows(of, place, fields), "steps"), [join], n.both(holds) if holds else None)
        began = _BEGAN
    assert isinstance(found, exp.Select), "a sequence has two steps"
    return found


def _rows(of: Steps, place: int, fields: SharedFields) -> exp.Query:
    """The events of a step; of the first those at the first (last) time of all, where it has to be at that."""
    rows = stream(of, tuple(dict.fromkeys(of.steps[place].of.events)), fields, ())
    if place or of.edge is None:
        return rows
    values = [n.column("steps", name) for name in (WHO, TIME, *shared(fields))]
    return n.select(values, _aliased(rows, "steps"), [edges(of)], at_edge())


def _spread(found: exp.Query, partition: Sequence[str], within: timedelta, latest: str = TIME) -> exp.Select:
    """For each stretch the latest of the times found in it, and for the one before it the earliest."""
    stretches = _edges(found, "steps", partition, latest, TIME, n.named(_stretch(within), _STRETCH))
    moves = [exp.Select(expressions=[n.named(n.number(away), _AWAY)]) for away in (0, -_length(within))]
    away = n.column("moves", _AWAY)
    here, before = n.compare(away, "=", n.number(0)), n.compare(away.copy(), "<", n.number(0))
    values = [
        *(n.column("stretches", name) for name in partition),
        n.named(exp.Add(this=n.column("stretches", _STRETCH), expression=away.copy()), _STRETCH),
        n.named(n.case(here, n.column("stretches", _LATEST)), _LATEST),
        n.named(n.case(before, n.column("stretches", _EARLIEST)), _EARLIEST),
    ]
    every = exp.Join(this=_aliased(n.union_all(moves), "moves"), kind="CROSS")
    return n.select(values, _aliased(stretches, "stretches"), [every])


def _edges(
    found: exp.Query, alias: str, by: Sequence[str], latest: str, earliest: str | None = None, *more: exp.Expr
) -> exp.Select:
    """The latest of one column, and the earliest of another, in each group."""
    columns: list[exp.Expr] = [*(n.column(alias, name) for name in by), *more]
    values = [n.named(exp.Max(this=n.column(alias, latest)), _LATEST)]
    if earliest is not None:
        values.append(n.named(exp.Min(this=n.column(alias, earliest)), _EARLIEST))
    group = [column.unalias().copy() for column in columns]
    return n.select([*columns, *values], _aliased(found, alias), group=group)


def _tied(partition: Sequence[str], within: timedelta | None, soonest: exp.Expr | None = None) -> exp.Expr:
    """What follows is the same profile's; and in the stretch of the step, or of when it can follow at the `soonest`."""
    on = [n.compare(n.column("after", name), "=", n.column("steps", name)) for name in partition]
    if within is not None:
        on.append(n.compare(n.column("after", _STRETCH), "=", _stretch(within, soonest)))
    return n.both(on)


def _stretch(within: timedelta, time: exp.Expr | None = None) -> exp.Expr:
    """The start of the stretch that a time, a row's own unless given, lies in, also before 1970."""
    time, length = n.operand(time or n.column("steps", TIME)), n.number(_length(within))
    rest = exp.Add(this=n.binary(exp.Mod, time.copy(), length), expression=length.copy())
    return exp.Sub(this=time, expression=n.operand(n.binary(exp.Mod, rest, length.copy())))


def _length(within: timedelta) -> int:
    return within // MICROSECOND + 1


def _aliased(query: exp.Query, alias: str) -> exp.Expr:
    return n.aliased(exp.Subquery(this=query), alias)
