"""Sequences as one pass over the events of all steps in the order of time, carrying the latest time of each step.

The latest row that a step can be is the best to go on from, also for `within`. Where no event can be two of the steps,
each row is one step, and rows of the same instant see each other (RANGE). Else the rows of an instant are counted first
(`Tied`): several steps can be at one instant if there are enough different events for them, and what came before is
strictly earlier.

Two steps of different events with any time between them need no order: the earliest and the latest of each say it all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from ..conditions import Field, InSequence, NotFollowed, Occurrences
from . import nodes as n
from .chains import chained, never_chained
from .rows import Target
from .steps import (
    SHARED,
    TIME,
    WHO,
    Steps,
    after,
    edged,
    flag,
    item_values,
    one_field,
    rows_of,
    soon,
    steps_of,
    time_of,
)
from .ties import Tied
from .values import value


def sequences(condition: InSequence | NotFollowed, only: Occurrences | None, target: Target) -> exp.Query:
    """The keys of the profiles for which it holds, each once."""
    of = steps_of(condition, only, target)
    fields = one_field(of)
    if isinstance(condition, NotFollowed):
        # An event of several items has no follow-up if none of its values has one.
        if fields is None or any(field.scope == "item" for field in fields.values()):
            return never_chained(of)
        found = _never_after(of, fields) if _any_time(of) else _not_followed(of, fields)
    elif fields is None:
        return chained(of)
    else:
        found = _ever_after(of, fields) if _any_time(of) else _in_sequence(of, fields)
    found.set("expressions", [n.named(n.column("steps", WHO), target.catalog.profiles.key)])
    if fields or not _any_time(of):
        found.set("distinct", exp.Distinct())
    return found


def _any_time(of: Steps) -> bool:
    """Two steps, no event of which can be both, with any time between them."""
    return of.apart and len(of.steps) == 2 and of.steps[1].within is None


def _ever_after(of: Steps, fields: Mapping[str, Field]) -> exp.Select:
    """The groups in which the latest second step is no earlier than the earliest first."""
    holds = n.compare(_edge(exp.Max, 1), ">=", _edge(exp.Min, 0))
    return _groups(of, fields, n.is_set(n.column("steps", SHARED)) if fields else None, holds)


def _never_after(of: Steps, fields: Mapping[str, Field]) -> exp.Select:
    """The groups in which the latest first step is later than all second ones."""
    known = [n.is_set(n.column("steps", SHARED))] if fields else []  # what is missing equals nothing
    then = n.both([n.column("steps", flag(1)), *known])
    first, last = _edge(exp.Max, 0), exp.Max(this=n.case(then, n.column("steps", TIME)))
    later = n.compare(last.copy(), "<", first.copy())
    return _groups(of, fields, None, n.both([n.is_set(first), n.either([n.is_null(last), later])]))


def _edge(function: type[exp.Expr], place: int) -> exp.Expr:
    return function(this=n.case(n.column("steps", flag(place)), n.column("steps", TIME)))


def _groups(of: Steps, fields: Mapping[str, Field], where: exp.Expr | None, holds: exp.Expr) -> exp.Select:
    """The rows of each profile, and of each value that steps share, where together they fulfil the condition."""
    partition = [n.column("steps", name) for name in ([WHO, SHARED] if fields else [WHO])]
    found = n.select([], _from(_stream(of, fields)), where=where, group=partition)
    found.set("having", exp.Having(this=holds))
    return found


def _in_sequence(of: Steps, fields: Mapping[str, Field]) -> exp.Select:
    """The rows that are the last step of a sequence."""
    tied = None if of.apart else Tied(of)
    source = _stream(of, fields)
    known = n.is_set(n.column("steps", SHARED)) if fields else None
    partition = [WHO, SHARED] if fields else [WHO]
    carried = [*partition, TIME]
    if tied is not None:
        source, known = tied.counted(source, carried, known), None
    for place in range(len(of.steps) - 1):
        columns = tied.columns if tied is not None else [flag(other) for other in range(place + 1, len(of.steps))]
        latest = exp.Max(this=n.case(_reached(of, tied, place), n.column("steps", TIME)))
        values: list[exp.Expr] = [n.column("steps", name) for name in (*carried, *columns)]
        values.append(n.named(_over(latest, partition, strictly=tied is not None), _latest(place)))
        source = n.select(values, _from(source), where=known)
        known = None
        carried += [_latest(place)] if tied is not None else []
        if tied is None:
            carried = [*partition, TIME, _latest(place)]
    return n.select([], _from(source), where=_reached(of, tied, len(of.steps) - 1))


def _latest(place: int) -> str:
    """The column with the latest time, so far, of a row that is such a step of a sequence."""
    return f"latest_{place + 1}"


def _reached(of: Steps, tied: Tied | None, place: int) -> exp.Expr:
    """The row, or the instant, can be such a step of a sequence."""
    ways = []
    for first in [place] if tied is None else range(place, -1, -1):
        here = n.column("steps", flag(place)) if tied is None else tied.together(first, place)
        before: exp.Expr = n.true()
        if first:
            before = soon(n.column("steps", TIME), n.column("steps", _latest(first - 1)), of.steps[first].within)
        ways.append(n.both([here, before]))
    return n.either(ways)


def _not_followed(of: Steps, fields: Mapping[str, Field]) -> exp.Select:
    """The rows that are a first step without a follow-up."""
    tied = None if of.apart else Tied(of)
    source = _stream(of, fields)
    partition = [WHO, SHARED] if fields else [WHO]
    if tied is not None:
        source = tied.counted(source, [*partition, TIME], None)
    columns = tied.columns if tied is not None else [flag(0), flag(1)]
    values: list[exp.Expr] = [n.column("steps", name) for name in (*partition, TIME, *columns)]
    then = n.column("steps", flag(1)) if tied is None else tied.together(1, 1)
    if fields:  # what is missing equals nothing
        then = n.both([then, n.is_set(n.column("steps", SHARED))])
    next_ = exp.Min(this=n.case(then, n.column("steps", TIME)))
    values.append(n.named(_over(next_, partition, strictly=tied is not None, backwards=True), "follow_up"))
    late = n.is_null(n.column("steps", "follow_up"))
    if (within := of.steps[1].within) is not None:
        late = n.either([late, after(n.column("steps", "follow_up"), n.column("steps", TIME), within)])
    here = n.column("steps", flag(0)) if tied is None else tied.unaccompanied()
    if tied is not None and fields:
        missing = n.both([n.is_null(n.column("steps", SHARED)), tied.together(0, 0)])
        here = n.either([here, missing])
    return n.select([], _from(n.select(values, _from(source))), where=n.both([here, late]))


def _stream(of: Steps, fields: Mapping[str, Field]) -> exp.Query:
    """The events of all steps as one stream."""
    selects = []
    for event in of.events:
        field = fields.get(event)
        every, tests, conditions = rows_of(of, event, field)
        rows = next(iter(every.values()))
        values = [n.named(rows.key(), WHO), n.named(time_of(rows), TIME)]
        joined = []
        if field is not None and field.scope == "item":
            items, ties = item_values(rows, field, SHARED, once=not of.apart)  # where they are counted
            joined = [(items, n.both(same(of_item, of_event) for same, of_item, of_event in ties))]
            values.append(n.column(items.alias, SHARED))
        elif field is not None:
            found = value(field, {"event": rows})
            assert found is not None
            values.append(n.named(found, SHARED))
        values += [n.named(test, name) for name, test in tests.items()]
        select = rows.select(values, conditions, joined=joined)
        for join in select.args.get("joins", [])[: len(joined)]:
            join.set("side", "LEFT")  # an event without items may still be the first of all
        selects.append(select)
    names = [WHO, TIME, *([SHARED] if fields else []), *map(flag, range(len(of.steps)))]
    return edged(of, n.union_all(selects), names)


def _from(query: exp.Query) -> exp.Expr:
    return n.aliased(exp.Subquery(this=query), "steps")


def _over(function: exp.Expr, partition: Sequence[str], *, strictly: bool, backwards: bool = False) -> exp.Expr:
    """Over the rows up to and with this one's instant, or, where each instant is one row, strictly before it."""
    spec = None
    if strictly:
        spec = exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=n.number(1), end_side="PRECEDING"
        )
    order = exp.Ordered(this=n.column("steps", TIME), desc=backwards or None, nulls_first=False)
    return exp.Window(
        this=function, partition_by=[n.column("steps", name) for name in partition],
        order=exp.Order(expressions=[order]), spec=spec, over="OVER",
    )  # fmt: skip
