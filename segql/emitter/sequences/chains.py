"""Sequences in which only some steps share a value, or events share any of their items': a join, step by step.

Nothing is carried from step to step but the events themselves, so this is right for whatever the steps ask; it pairs
events, and is the slower for it. Where an event can be two of the steps, events have numbers. An engine may compute
these twice: they are the same each time, as everything that is asked of an event decides their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from ...conditions import Field
from .. import nodes as n
from ..opposites import opposite
from ..rows import Rows
from ..sources import item_ties
from ..values import value
from .steps import TIME, WHO, Steps, at_edge, edges, flag, item_values, rows_of, soon, time_of

_EVENT, _NUMBER = "event", "number_of_row"
"""Columns that tell events apart: which event of the catalog, and the number of the row among the profile's."""


def chained(of: Steps) -> exp.Query:
    """The keys of the profiles with events for all steps."""
    key = of.target.catalog.profiles.key
    return _joined(of, [n.named(n.column(flag(0), WHO), key)], frozenset())


def never_chained(of: Steps) -> exp.Query:
    """The keys of the profiles with an event for the first of two steps that no event of the second follows."""
    key = of.target.catalog.profiles.key
    same = (WHO, _EVENT, _NUMBER)
    followed = _joined(of, [n.column(flag(0), name) for name in same], frozenset({0}))
    tied = n.both(n.compare(n.column("followed", name), "=", n.column("one", name)) for name in same)
    pairs = n.aliased(exp.Subquery(this=followed), "followed")
    never = n.exists(n.select([exp.Literal.number(1)], pairs, where=tied))
    first = n.aliased(exp.Subquery(this=_step(of, 0, {}, numbered=True)), "one")
    return n.select([n.named(n.column("one", WHO), key)], first, where=opposite(never), distinct=True)


def _joined(of: Steps, values: Sequence[exp.Expr], numbered: frozenset[int]) -> exp.Select:
    """One row, or more, for each way to find events for all steps."""
    fields = _fields(of)
    places = range(len(of.steps))
    clashes = [(one, other) for other in places for one in range(other) if _may_be_one(of, one, other)]
    numbered |= {place for clash in clashes for place in clash}
    sources = [
        n.aliased(exp.Subquery(this=_step(of, place, fields[place], numbered=place in numbered)), flag(place))
        for place in places
    ]
    joins, conditions = [], []
    for place in places[1:]:
        equal = [WHO, *(name for name in fields[place] if name in fields[place - 1])]
        on = n.both(n.compare(n.column(flag(place), name), "=", n.column(flag(place - 1), name)) for name in equal)
        joins.append(exp.Join(this=sources[place], on=on))
        time, before = (n.column(flag(one), TIME) for one in (place, place - 1))
        conditions.append(n.compare(time, ">=", before))
        if (within := of.steps[place].within) is not None:
            conditions.append(soon(time.copy(), before.copy(), within))
    for one, other in clashes:
        differs = [exp.NEQ(this=n.column(flag(one), c), expression=n.column(flag(other), c)) for c in (_EVENT, _NUMBER)]
        conditions.append(n.either(differs))
    return n.select(values, sources[0], joins, n.both(conditions), distinct=True)


def _may_be_one(of: Steps, one: int, other: int) -> bool:
    return not set(of.steps[one].of.events).isdisjoint(of.steps[other].of.events)


def _fields(of: Steps) -> list[dict[str, Field]]:
    """For each step the properties that it shares, by column: a run of steps that share one has one column."""
    found: list[dict[str, Field]] = [{} for _ in of.steps]
    for place, step in enumerate(of.steps):
        if step.same is None:
            continue
        before = found[place - 1].items()
        name = next((name for name, field in before if field == step.same[0]), f"shared_{place + 1}")
        found[place - 1][name], found[place][name] = step.same
    return found


def _step(of: Steps, place: int, fields: Mapping[str, Field], *, numbered: bool) -> exp.Query:
    """The events of one step, with the values that it shares: one row for each value among the items."""
    names = [WHO, TIME, *([_EVENT, _NUMBER] if numbered else []), *fields]
    selects = []
    for event in dict.fromkeys(of.steps[place].of.events):
        rows, source = _events(of, event, numbered=numbered)
        values: list[exp.Expr] = [n.column("steps", name) for name in names if name not in fields]
        joins = []
        for index, (name, field) in enumerate(fields.items(), 1):
            if field.scope == "event":
                values.append(n.named(n.column("steps", _value(name, place)), name))
                continue
            items, ties = item_values(rows, field, name, f"item_{index}")
            tied = n.both(same(item, n.column("steps", _tie(i))) for i, (same, item, _) in enumerate(ties))
            joins.append(n.left_join(items.source(), tied))
            values.append(n.column(items.alias, name))
        steps = n.aliased(exp.Subquery(this=source), "steps")
        selects.append(n.select(values, steps, joins, n.column("steps", flag(place))))
    if place or of.edge is None:
        return n.union_all(selects)
    every = n.aliased(exp.Subquery(this=n.union_all(selects)), "steps")
    return n.select([n.column("steps", name) for name in names], every, [edges(of)], at_edge())


def _events(of: Steps, event: str, *, numbered: bool) -> tuple[Rows, exp.Query]:
    """The rows of one event, with all that any step asks of them, and their numbers."""
    asked = [(place, name, field) for place in of.places(event) for name, field in _fields(of)[place].items()]
    every, tests, conditions = rows_of(of, event, *(field for _, _, field in asked))
    rows = next(iter(every.values()))
    values = [n.named(rows.key(), WHO), n.named(time_of(rows), TIME)]
    values += [n.named(test, name) for name, test in tests.items()]
    for place, name, field in asked:
        found = value(field, {"event": every[place]}) if field.scope == "event" else None
        values += [] if found is None else [n.named(found, _value(name, place))]
    if any(field.scope == "item" for _, _, field in asked):
        values += [n.named(of_event, _tie(i)) for i, (_, _, of_event) in enumerate(item_ties(rows, "item")[1])]
    source: exp.Query = rows.select(values, conditions)
    if numbered:
        columns = [one.alias_or_name for one in values]
        order = [exp.Ordered(this=n.column("steps", name), nulls_first=False) for name in columns if name != WHO]
        number = exp.Window(
            this=exp.RowNumber(), partition_by=[n.column("steps", WHO)], order=exp.Order(expressions=order),
            over="OVER",
        )  # fmt: skip
        which = n.number(of.events.index(event))
        numbers = [n.named(which, _EVENT), n.named(number, _NUMBER)]
        steps = n.aliased(exp.Subquery(this=source), "steps")
        source = n.select([*(n.column("steps", name) for name in columns), *numbers], steps)
    return rows, source


def _value(name: str, place: int) -> str:
    return f"{name}_of_{flag(place)}"


def _tie(index: int) -> str:
    return f"item_key_{index + 1}"
