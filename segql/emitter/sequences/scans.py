"""The rows of the events of steps: which of them one scan reads, and which steps each can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from ... import conditions as c
from ...conditions.walk import among
from ...planner import events_slug, fields_of, mentions_items, numbered, together
from ...planner.costs import COSTS
from .. import nodes as n
from ..lookups import compared
from ..predicates import fits
from ..rows import Rows, alias_of
from ..sources import Tie, item_ties
from ..sources import events as source
from ..streams import alone, driven
from ..values import value
from .steps import TIME, WHO, SharedFields, Steps, flag, shared, time_of


def rows_of(
    of: Steps, events: Sequence[str], *more: c.Field | None
) -> tuple[dict[int, Rows], dict[str, exp.Expr], list[exp.Expr]]:
    """The rows of an event, or of several of one source; by column, which of the steps each can be; and conditions for
    those that can be any.

    The rows are the same for every step that they can be, but for what they say of an event's place in its stream.

    `more` are fields that will be asked of the rows.
    """
    places = [place for place in range(len(of.steps)) if any(place in of.places(event) for event in events)]
    reads = {place: of.read(place) for place in places}
    hull = _hull(of, list(reads.values()))
    asked = [of.steps[place].of for place in places]
    if len(events) == 1:
        every = dict(zip(places, alone(events[0], asked, of.target, hull, *more), strict=True))
    else:
        every = dict.fromkeys(places, source(events, alias_of(events_slug(tuple(events)), of.target), of.target, hull))
    rows = every[places[0]]

    def window(place: int) -> exp.Expr:
        # A later step may lie anywhere: what lies too late for it follows nothing; but its time may have to be over.
        ends = place == 0 or (of.never is not None and place == of.before(of.never))
        return rows.in_window(reads[place]) if ends and reads[place] != hull else n.true()

    def fitting(place: int) -> exp.Expr:
        step = of.steps[place].of
        where = among(c.All((c.OfEvent(step.events), step.where)), events) if len(events) > 1 else step.where
        return n.both([window(place), fits(where, {"event": every[place]})])

    conditions = [*driven(of.only, rows), rows.in_window(hull)]
    whole = [step for place in places if window(place) == n.true() and (step := of.steps[place].of).where == c.All(())]
    if not {*events} <= {event for step in whole for event in step.events}:  # else all rows are some step
        looked = n.either(map(fitting, places))
        conditions.append(exp.Paren(this=looked) if isinstance(looked, exp.Or) else looked)
    found: dict[str, exp.Expr] = {flag(place): n.false() for place in range(len(of.steps))}
    for place in places:
        found[flag(place)] = n.true() if len(places) == 1 else _truth(fitting(place))
    return every, found, conditions


def _truth(condition: exp.Expr) -> exp.Expr:
    return condition if isinstance(condition, exp.Boolean) else n.case(condition, n.true(), n.false())


def _hull(of: Steps, reads: Sequence[c.Interval]) -> c.Interval:
    """All that is read for some steps, in their order: a later one may lie later."""
    end = of.now if any(one.end == of.now for one in reads) else reads[-1].end
    return c.Interval(None if any(one.start is None for one in reads) else reads[0].start, end)


def in_one_scan(of: Steps, events: Sequence[str], fields: SharedFields) -> list[list[str]]:
    """Which of the events are read together: where scans are paid for, those that one source has; else each alone."""
    catalog = of.target.catalog
    wheres = [step.of.where for step in of.steps]
    each = [field for own in fields.values() for field in own]
    if not COSTS[of.target.dialect.engine].scans or numbered(of.events, wheres, catalog, *each):
        return [[event] for event in events]
    found: list[list[str]] = []
    for shares in dict.fromkeys(fields.get(event, ()) for event in events):
        asked, items = {}, any(field.scope == "item" for field in shares)
        for event in events:
            if fields.get(event, ()) == shares:
                trees = [among(of.steps[place].of.where, (event,)) for place in of.places(event)]
                named = [*shares, *(field for tree in trees for field in fields_of(tree))]
                asked[event] = {field.name for field in named if field.scope == "event"}
                items = items or any(map(mentions_items, trees))
        found += together(asked, catalog, items)
    return found


def stream(of: Steps, events: Sequence[str], fields: SharedFields, flags: Sequence[str]) -> exp.Query:
    """These events as one stream: whose, when, the values that they share, and which steps each can be."""
    selects = []
    for group in in_one_scan(of, events, fields):
        own = dict(zip(shared(fields), fields.get(group[0], ()), strict=True))
        every, tests, conditions = rows_of(of, group, *own.values())
        rows = next(iter(every.values()))
        values = [n.named(rows.key(), WHO), n.named(time_of(rows), TIME)]
        joined = []
        if of_items := {name: field for name, field in own.items() if field.scope == "item"}:
            items, ties = item_values(rows, of_items, once=not of.apart)  # where they are counted
            joined = [(items, n.both(same(of_item, of_event) for same, of_item, of_event in ties))]
        for name, field in own.items():
            if field.scope == "item":
                values.append(n.column(items.alias, name))
                continue
            found = value(field, {"event": rows})
            assert found is not None
            values.append(compared(found, name, field))
        values += [n.named(tests[name], name) for name in flags]
        selects.append(rows.select(values, conditions, joined=joined))
    return n.union_all(selects)


def item_values(
    rows: Rows, fields: Mapping[str, c.Field], alias: str = "item", *, once: bool = True
) -> tuple[Rows, list[Tie]]:
    """The values of properties among the items of each event, by column, those of one item beside each other, `once`
    each; and what ties them to the event at hand.
    """
    items, ties = item_ties(rows, alias)
    keys = [f"event_key_{number}" if number > 1 else "event_key" for number in range(1, len(ties) + 1)]
    values = [n.named(of_item, key) for key, (_, of_item, _) in zip(keys, ties, strict=True)]
    for name, field in fields.items():
        found = value(field, {"item": items})
        assert found is not None
        values.append(compared(found, name, field))
    query = items.select(values, distinct=once)
    tied: list[Tie] = [
        (same, n.column(alias, key), of_event) for key, (same, _, of_event) in zip(keys, ties, strict=True)
    ]
    return Rows(rows.target, alias, exp.Subquery(this=query)), tied
