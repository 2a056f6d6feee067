"""The rows that the catalog's names stand on: tables, queries, filters, groups of lines, items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from sqlglot import exp

from ..catalog.model import Catalog, Event, Given, StoredMoment
from ..catalog.model import SourceRows as Source
from ..catalog.parts import Escape
from ..catalog.rownames import row_name
from ..conditions import Interval
from ..planner import free, slug
from . import nodes as n
from .bounds import EVER, EXACT, clock_of
from .elements import EVENT_KEY, elements
from .partitions import pruned
from .rows import THEIR, Rows, alias_of, condition, equal, relation
from .target import Target


def profiles(target: Target) -> Rows:
    """The rows of the profiles that the catalog's filter keeps, with their key."""
    return _profiles(target.profile, target)


def _profiles(alias: str, target: Target) -> Rows:
    catalog = target.catalog
    own = catalog.profiles
    rows = Rows(target, alias, relation(own, target), own.properties, own.join, profile=own.key)
    _filter(rows, own)
    _looked_at(rows)
    return rows


def owner_of(rows: Rows) -> Rows:
    """The profile that each of these rows belongs to, at most one, joined to them."""
    if not rows.owner:
        whose = _profiles(THEIR, rows.target)
        if whose.used:  # its filter reads a table joined to it: then it is joined as it is left
            star = exp.Column(this=exp.Star(), table=n.identifier(whose.alias))
            left = exp.Subquery(this=whose.select([star]))
            whose = replace(whose, relation=left, filters=[], used={})
        rows.owner.append(whose)
    return rows.owner[0]


def dated(source: Source, profile: Given | str, time: StoredMoment | None, alias: str, target: Target) -> Rows:
    """The rows of a list or of a channel with a table of its own."""
    rows = Rows(target, alias, relation(source, target))
    rows.profile = profile
    if time is not None:
        rows.time, rows.clock = time, clock_of(time, target.zone)
    _filter(rows, source)
    _looked_at(rows)
    return rows


def events(names: Sequence[str], alias: str, target: Target, window: Interval = EVER) -> Rows:
    """The rows of events that share a source (`planner.alike`). Nobody will ask for rows outside of the window."""
    event = target.catalog.events[names[0]]
    rows = _groups(event, names, alias, target, window) if event.group_by else _lines(event, names, alias, target)
    rows.among = window
    rows.filters += pruned(rows, event.partition, window)
    return rows


def counted_rows(name: str, target: Target) -> Rows:
    """The rows that one event is made of: of a group its lines."""
    return _lines(target.catalog.events[name], [name], alias_of("event_rows", target), target)


def items(event_rows: Rows) -> tuple[Rows, exp.Expr]:
    """The line items of an event, and the condition that they are of the event at hand."""
    rows, ties = item_ties(event_rows, "item")
    return rows, n.both(same(of_item, of_event) for same, of_item, of_event in ties)


def counted_items(
    event_rows: Rows, fitting: Callable[[Rows, Rows], exp.Expr], within_bounds: Callable[[exp.Expr], exp.Expr]
) -> exp.Expr:
    """Whether the number of the event's items that fit is within bounds, in which 0 is not.

    Counted for all events at once, so that the event at hand is found by equality alone: every engine makes a semi-join
    of that. `fitting` gets the items and, for what is asked of the profile, their events.
    """
    rows, ties = item_ties(event_rows, "item")
    events, tied = _events_of_items(event_rows, ties)
    wanted = fitting(rows, events)
    joined = []
    if events.owner:
        joined = [(events, n.both(same(of_item, of_event) for same, of_item, of_event in tied))]
        ties = [*ties, (_equal, events.key(), event_rows.key())]
    names = [f"event_key_{number}" if number > 1 else "event_key" for number in range(1, len(ties) + 1)]
    keys = [n.named(of_item.copy(), name) for name, (_, of_item, _) in zip(names, ties, strict=True)]
    counted = rows.select(keys, [wanted], [of_item.copy() for _, of_item, _ in ties], joined=joined)
    counted.set("having", exp.Having(this=within_bounds(exp.Count(this=exp.Star()))))
    on = n.both(
        same(n.column("item_count", name), of_event) for name, (same, _, of_event) in zip(names, ties, strict=True)
    )
    return n.exists(n.select([exp.Literal.number(1)], n.aliased(exp.Subquery(this=counted), "item_count"), where=on))


def _events_of_items(event_rows: Rows, ties: Sequence[Tie]) -> tuple[Rows, list[Tie]]:
    """What the items of all events belong to: the columns that tie them and the profile, each once."""
    target, event = event_rows.target, event_rows.event
    assert event is not None
    rows = Rows(target, "item_event", relation(event, target), joins=event.join)
    names = [f"event_key_{number}" for number in range(1, len(ties) + 1)]
    values = [n.named(rows.given(here), name) for name, here in zip(names, _here(event), strict=True)]
    rows.time = event.time
    rows.filters += pruned(rows, event.partition, event_rows.among)
    query = rows.select([*values, n.named(rows.given(event.profile or ""), "profile_key")], distinct=True)
    found = Rows(target, "item_owner", exp.Subquery(this=query), profile="profile_key")
    return found, [
        (same, of_item.copy(), n.column(found.alias, name))
        for name, (same, of_item, _) in zip(names, ties, strict=True)
    ]


def _here(event: Event) -> list[Given | str]:
    """The columns of an event that tie it to its items."""
    own = event.items
    assert own is not None
    if own.inside is not None:
        return [event.id or ""]
    return [event.profile or "", *event.group_by] if own.are_lines else list(own.on)


Tie: TypeAlias = tuple[Callable[[exp.Expr, exp.Expr], exp.Expr], exp.Expr, exp.Expr]
"""A column of the items that equals one of their event, and how."""


def item_ties(event_rows: Rows, alias: str) -> tuple[Rows, list[Tie]]:
    """The line items of an event, and what ties them to the event at hand, column by column."""
    target, event = event_rows.target, event_rows.event
    assert event is not None
    assert event.items is not None
    own = event.items
    if own.inside is not None:
        names = event_rows.names
        line = _lines(event, names, "line", target)
        line.filters += pruned(line, event.partition, event_rows.among)
        rows = elements(own, event, line, alias, event_rows.among)
        rows.filters += [rows.expression(own.where)] if own.where is not None else []
        return rows, [(_equal, rows.column(EVENT_KEY), event_rows.column(event.id or ""))]
    if own.are_lines:  # the lines themselves of a group of rows
        rows = Rows(target, alias, relation(event, target), own.properties, {**event.join, **own.join})
        rows.event = event
        _filter(rows, event)
        _name_filter(rows, event, event.name)
        rows.filters += [rows.expression(own.where)] if own.where is not None else []
        ties: list[Tie] = [(_equal, rows.given(event.profile or ""), event_rows.key())]
        return rows, ties + [(equal, rows.column(c), event_rows.column(c)) for c in event.group_by]
    rows = Rows(target, alias, relation(own, target), own.properties, own.join)
    _filter(rows, own)
    return rows, [(_equal, rows.column(there), event_rows.column(here)) for here, there in own.on.items()]


def _equal(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return n.compare(left, "=", right)


def _lines(event: Event, names: Sequence[str], alias: str, target: Target) -> Rows:
    every = [target.catalog.events[name].properties for name in reversed(names)]
    properties = event.properties if len(every) == 1 else {n: part for own in every for n, part in own.items()}
    joins = {name: tied for one in names for name, tied in target.catalog.events[one].join.items()}
    rows = Rows(target, alias, relation(event, target), properties, joins, event=event, names=tuple(names))
    rows.profile = event.profile or ""
    if event.time is not None:
        rows.time, rows.clock = event.time, clock_of(event.time, target.zone)
    _name_filter(rows, event, _names_of(names, target.catalog))
    wheres: list[Escape] = []
    for one in names:
        where = target.catalog.events[one].where
        if where is not None and where not in wheres:
            wheres.append(where)
    rows.filters += [_where(rows, where, names) for where in wheres]
    _looked_at(rows)
    return rows


def _looked_at(rows: Rows) -> None:
    """Leaves rows out that are of nobody who is looked at: the statement never asks for them."""
    only = rows.target.only
    if only is not None:
        keys = n.select([n.column("looked_at", "profile")], n.aliased(n.table(only), "looked_at"))
        rows.filters.append(exp.In(this=rows.key(), query=exp.Subquery(this=keys)))


def written_rows(source: Source, profile: Given | str, written: StoredMoment, alias: str, target: Target) -> Rows:
    """All rows of a source, those too that its filter leaves out, with the time when each was written as theirs."""
    rows = Rows(target, alias, relation(source, target), profile=profile)
    rows.time, rows.clock = written, clock_of(written, target.zone)
    if isinstance(source, Event):
        rows.joins, rows.event = source.join, source
    return rows


def _where(rows: Rows, where: Escape, names: Sequence[str]) -> exp.Expr:
    """The row is as some of the events have to be, or is another one."""
    catalog, event = rows.target.catalog, rows.event
    assert event is not None
    own = [one for one in names if catalog.events[one].where == where]
    fits = condition(rows, where)
    if len(own) == len(names):
        return fits
    assert event.name_column is not None, "only their names tell them apart"
    named = one_of(rows.column(event.name_column), _names_of(own, catalog))
    other = exp.NEQ(**named.args) if isinstance(named, exp.EQ) else exp.Not(this=n.operand(named))
    return exp.Paren(this=n.either([other, fits]))


def _filter(rows: Rows, source: Source) -> None:
    if source.where is not None:
        rows.filters.append(condition(rows, source.where))


def _name_filter(rows: Rows, event: Event, names: Sequence[str]) -> None:
    if event.name_column is not None:
        rows.filters.append(_named(rows, event, event.name_column, names))


def named_as(rows: Rows, names: Sequence[str]) -> exp.Expr:
    """The row is one of these events, of those that stand in one source."""
    event = rows.event
    assert event is not None
    assert event.name_column is not None, "only their names tell them apart"
    return _named(rows, event, event.name_column, _names_of(names, rows.target.catalog))


def _names_of(events: Sequence[str], catalog: Catalog) -> list[str]:
    """What the events are called in their source."""
    return [name for key in events for name in catalog.events[key].name]


def _named(rows: Rows, event: Event, name_column: str, names: Sequence[str]) -> exp.Expr:
    column = rows.column(name_column)
    if event.names is None:
        return one_of(column, names)
    lookup = Rows(rows.target, "names", n.table(event.names.table))
    conditions = [one_of(lookup.column(event.names.name), names)]
    conditions += [] if event.names.where is None else [condition(lookup, event.names.where)]
    found = lookup.select([lookup.column(event.names.id)], conditions)
    return exp.In(this=column, query=exp.Subquery(this=found))


def one_of(column: exp.Expr, names: Sequence[str]) -> exp.Expr:
    """Whether a column holds one of the names, or begins as one."""
    known = [row_name(name) for name in dict.fromkeys(names)]
    found: list[exp.Expr] = []
    if texts := [n.text(one.text) for one in known if not one.begins]:
        same = n.compare(column, "=", texts[0]) if len(texts) == 1 else exp.In(this=column, expressions=texts)
        found.append(same)
    for one in (one for one in known if one.begins):
        beginning = exp.Left(this=column.copy(), expression=n.number(len(one.text)))
        found.append(n.compare(beginning, "=", n.text(one.text)))
    return exp.Paren(this=n.either(found)) if len(found) > 1 else found[0]


def _groups(event: Event, names: Sequence[str], alias: str, target: Target, window: Interval) -> Rows:
    """Events that are groups of lines: a subquery with a row for each, its time that of its earliest line.

    A window reaches the lines by way of a semi-join: an event in the window has a line in it. Its other lines count
    too, so they stay.
    """
    line = _lines(event, names, "line", target)
    taken = set(event.group_by)
    whose = event.profile and event.profile.alone
    profile = whose or free("profile_key", taken)
    taken.add(profile)
    made: dict[str, exp.Expr] = {profile: line.key()}
    made |= {column: line.column(column) for column in event.group_by}
    rows = Rows(target, alias, exp.Subquery(), event.properties, event=event, names=tuple(names))
    rows.profile = profile
    if line.time is not None:
        stored, rows.clock = (line.at(), line.clock) if line.clock.ordered else (line.instant(), EXACT)
        name = free((event.time and event.time.alone) or "time", taken)
        rows.time, made[name] = name, exp.Min(this=stored)
    exported = {name: free(slug(name), taken) for name in event.properties}
    rows.exported = exported
    properties = {column: event.properties[name] for name, column in exported.items()}

    def relation_of(columns: Sequence[str]) -> exp.Expr:
        line = _lines(event, names, "line", target)
        values = []
        for column in dict.fromkeys((*made, *columns)):
            declared = properties.get(column)
            if column in made:
                value = made[column].copy()
            elif declared is not None and declared.sql is not None:
                value = line.expression(declared.sql)
            else:  # the same in every line of the group
                value = exp.Min(this=line.column(declared.column or "" if declared is not None else column))
            values.append(n.named(value, column))
        keys = [line.key(), *(line.column(column) for column in event.group_by)]
        conditions = []
        if line.time is not None and window.start is not None:
            inner = _lines(event, names, "line_in_window", target)
            of_group = [n.compare(inner.key(), "=", line.key())]
            of_group += [equal(inner.column(c), line.column(c)) for c in event.group_by]
            conditions.append(inner.exists(of_group, [inner.in_window(window)]))
        return exp.Subquery(this=line.select(values, conditions, keys))

    rows.made = relation_of
    return rows
