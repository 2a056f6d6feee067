"""Sequences in which only some steps share a value, or events share any of their items': a join, step by step.

Nothing is carried from step to step but the events themselves, so this is right for whatever the steps ask; it pairs
events, and is the slower for it. Where an event can be two of the steps, events have numbers. What is asked of events
that several steps read is written once, before all; an engine may compute it twice: the numbers are the same each
time, as everything that is asked of an event decides their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlglot import exp

from ...conditions import Field
from ...planner import events_slug, free, table_names
from .. import nodes as n
from ..opposites import opposite
from ..rows import Rows
from ..sources import item_ties
from ..values import value
from .scans import item_values, rows_of
from .steps import TIME, WHO, Steps, at_edge, edges, flag, plus, soon, time_of

_EVENT, _NUMBER = "event", "number_of_row"
"""Columns that tell events apart: which event of the catalog, and the number of the row among the profile's."""


def chained(of: Steps) -> exp.Query:
    """The keys of the profiles with events for all steps that happen, and none for those that do not."""
    absent = {place: _decisive(of, place) for place in range(len(of.steps)) if of.steps[place].absent}
    conditions = []
    for place in of.happening[1:]:
        step, before = of.steps[place], n.column(flag(of.before(place)), TIME)
        time = n.column(flag(place), TIME)
        conditions.append(n.compare(time, ">=", plus(before, step.later) if step.later else before))
        if step.within is not None:
            conditions.append(soon(time.copy(), before.copy(), step.within))
    if of.within is not None:
        first, last = (n.column(flag(of.happening[end]), TIME) for end in (0, -1))
        conditions.append(soon(last, first, of.within))
    key = of.target.catalog.profiles.key
    told = sorted({place for places in absent.values() for place in places})
    events = _Events(of, [of.happening, *([*places, place] for place, places in absent.items())])
    found = _joined(events, of.happening, conditions, told)
    if absent:
        never = n.both(opposite(_comes(events, place, places)) for place, places in absent.items())
        found = n.select([], _aliased(found, "steps"), where=never, distinct=True)
    found.set("expressions", [n.named(n.column("steps" if absent else flag(0), WHO), key)])
    return events.before(found)


class _Events:
    """The rows of each event with all that any step asks of them: within the step that reads them or, where several
    do, in a query with a name.
    """

    def __init__(self, of: Steps, read: Sequence[Sequence[int]]) -> None:
        """`read` are the steps that are joined, each time that some are."""
        self.of = of
        self._times = Counter(event for places in read for place in places for event in of.steps[place].of.events)
        self._taken = table_names(of.target.catalog)
        self._rows: dict[str, tuple[Rows, exp.CTE]] = {}

    def of_event(self, event: str, *, numbered: bool) -> tuple[Rows, exp.Expr]:
        """The rows, and what is read for them as `steps`; their numbers if they are `numbered`."""
        if self._times[event] == 1:
            rows, source = _rows(self.of, event, numbered=numbered)
            return rows, _aliased(source, "steps")
        if event not in self._rows:
            rows, source = _rows(self.of, event, numbered=True)
            name = n.identifier(free(f"numbered_{events_slug((event,))}", self._taken))
            self._rows[event] = rows, exp.CTE(this=source, alias=exp.TableAlias(this=name))
        rows, query = self._rows[event]
        return rows, n.aliased(n.table(query.alias), "steps")

    def before(self, query: exp.Select) -> exp.Select:
        """The query, which reads some of these, behind those that have names."""
        if self._rows:
            query.set("with_", exp.With(expressions=[one for _, one in self._rows.values()]))
        return query


def _decisive(of: Steps, absent: int) -> list[int]:
    """The steps whose events decide whether one that must not come does: those around it, those that it shares a value
    with, and those of which it could be the event.
    """
    after = [place for place in of.happening if place > absent][:1]
    run = [place for place in of.happening if place < absent] if of.steps[absent].same else [of.before(absent)]
    return sorted({*run, *after, *(place for place in of.happening if _may_be_one(of, place, absent))})


def _comes(events: _Events, absent: int, decisive: Sequence[int]) -> exp.Expr:
    """One that must not come does, for the events of these steps that were found."""
    of = events.of
    places = sorted([*decisive, absent])
    time, before = n.column(flag(absent), TIME), n.column(flag(of.before(absent)), TIME)
    conditions = [n.compare(time, ">=", before)]
    if (within := of.steps[absent].within) is not None:
        conditions.append(soon(time.copy(), before.copy(), within))
    after = [place for place in decisive if place > absent][:1]
    conditions += [n.compare(time.copy(), "<=", n.column(flag(place), TIME)) for place in after]
    found = _joined(events, places, conditions, decisive, until=absent)
    same = [n.compare(n.column("coming", name), "=", n.column("steps", name)) for name in (WHO, *_ids(decisive))]
    return n.exists(n.select([exp.Literal.number(1)], _aliased(found, "coming"), where=n.both(same)))


def _ids(places: Sequence[int]) -> dict[str, exp.Expr]:
    """What tells which events were found for these steps, by column."""
    return {f"{name}_{place + 1}": n.column(flag(place), name) for place in places for name in (_EVENT, _NUMBER)}


def _joined(
    events: _Events, places: Sequence[int], conditions: Sequence[exp.Expr], told: Sequence[int],
    until: int | None = None,
) -> exp.Select:  # fmt: skip
    """Each way to find different events for these steps, which up to one share their values: whose they are, and which
    events were found for the steps that are `told`.
    """
    of = events.of
    sharing = [place for place in places if until is None or place <= until]
    fields = _fields(of, sharing)
    clashes = [(one, other) for other in places for one in places if one < other and _may_be_one(of, one, other)]
    numbered = {*told, *(place for clash in clashes for place in clash)}
    sources = [
        _aliased(_step(events, place, fields[place], numbered=place in numbered), flag(place)) for place in places
    ]
    joins = []
    for previous, place, source in zip(places, places[1:], sources[1:], strict=False):
        equal = [(n.column(flag(previous), WHO), WHO)]
        if place in sharing and (before := of.before(place)) in places:
            ties = _columns({name: own for name, own in fields[place].items() if name in fields[before]})
            equal += [(n.column(flag(before), name), name) for name in ties]
        on = n.both(n.compare(n.column(flag(place), name), "=", other) for other, name in equal)
        joins.append(exp.Join(this=source, on=on))
    differ = [
        n.either(exp.NEQ(this=n.column(flag(one), c), expression=n.column(flag(other), c)) for c in (_EVENT, _NUMBER))
        for one, other in clashes
    ]
    values = [n.column(flag(places[0]), WHO), *(n.named(one, name) for name, one in _ids(told).items())]
    return n.select(values, sources[0], joins, n.both([*conditions, *differ]), distinct=True)


def _may_be_one(of: Steps, one: int, other: int) -> bool:
    return not set(of.steps[one].of.events).isdisjoint(of.steps[other].of.events)


def _fields(of: Steps, sharing: Sequence[int] | None = None) -> list[dict[str, tuple[Field, ...]]]:
    """For each step the properties that it shares at once, by name: a run of steps that share them has one name.

    `sharing` are the steps, all unless given, that are asked to share theirs with the step before.
    """
    every: list[dict[str, tuple[Field, ...]]] = [{} for _ in of.steps]
    found: list[dict[str, tuple[Field, ...]]] = [{} for _ in of.steps]
    for place, step in enumerate(of.steps):
        if not step.same:
            continue
        before = of.before(place)
        name = next((name for name, own in every[before].items() if own == step.shared_before), f"shared_{place + 1}")
        for fields in (every, found) if sharing is None or place in sharing else (every,):
            fields[before][name], fields[place][name] = step.shared_before, step.shared
    return found


def _columns(shared: Mapping[str, tuple[Field, ...]]) -> dict[str, Field]:
    """The properties, each with a column of its own."""
    return {f"{name}_and_{at}" if at else name: field for name, own in shared.items() for at, field in enumerate(own)}


def _step(events: _Events, place: int, fields: Mapping[str, tuple[Field, ...]], *, numbered: bool) -> exp.Query:
    """The events of one step, with the values that it shares: one row for each value among the items."""
    of = events.of
    names = [WHO, TIME, *([_EVENT, _NUMBER] if numbered else []), *_columns(fields)]
    selects = []
    for event in dict.fromkeys(of.steps[place].of.events):
        rows, steps = events.of_event(event, numbered=numbered)
        values: list[exp.Expr] = [n.column("steps", name) for name in names if name not in _columns(fields)]
        joins = []
        for index, (group, shared) in enumerate(fields.items(), 1):
            own = _columns({group: shared})
            if inside := {name: field for name, field in own.items() if field.scope == "item"}:
                items, ties = item_values(rows, inside, f"item_{index}")
                tied = n.both(same(item, n.column("steps", _tie(i))) for i, (same, item, _) in enumerate(ties))
                joins.append(n.left_join(items.source(), tied))
            values += [
                n.column(items.alias, name) if name in inside else n.named(n.column("steps", _value(name, place)), name)
                for name in own
            ]
        selects.append(n.select(values, steps, joins, n.column("steps", flag(place))))
    if place or of.edge is None:
        return n.union_all(selects)
    every = n.aliased(exp.Subquery(this=n.union_all(selects)), "steps")
    return n.select([n.column("steps", name) for name in names], every, [edges(of)], at_edge())


def _rows(of: Steps, event: str, *, numbered: bool) -> tuple[Rows, exp.Query]:
    """The rows of one event, with all that any step asks of them, and their numbers."""
    # All that any step shares is asked, whatever is read of it here: the numbers of events have to be the same ones.
    fields = _fields(of)
    asked = [(place, name, field) for place in of.places(event) for name, field in _columns(fields[place]).items()]
    every, tests, conditions = rows_of(of, (event,), *(field for _, _, field in asked))
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


def _aliased(query: exp.Query, alias: str) -> exp.Expr:
    return n.aliased(exp.Subquery(this=query), alias)
