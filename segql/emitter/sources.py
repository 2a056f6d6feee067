"""The rows that the catalog's names stand on: tables, queries, filters, joins, groups of lines, and their columns.

`Rows` is one source under an alias, while one SELECT over it is being written. A table joined to it appears in that
SELECT only when one of its columns was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlglot import exp

from ..catalog import sql
from ..catalog.model import Catalog, Event, Join, Moment, Property
from ..catalog.model import Rows as Source
from ..conditions import Interval
from ..dialects import Dialect
from ..planner import slug
from . import nodes as n
from .times import EXACT, Clock, clock_of, instant, within

EVER = Interval(None, None)


@dataclass(frozen=True, slots=True)
class Target:
    """What the SQL is for."""

    catalog: Catalog
    dialect: Dialect
    now: datetime
    profile: str
    """The alias of the profiles."""

    @property
    def zone(self) -> str:
        return self.catalog.timezone


@dataclass
class Rows:
    """One source under an alias."""

    target: Target
    alias: str
    relation: exp.Expr
    """A table or a subquery, without alias."""
    properties: Mapping[str, Property] = field(default_factory=dict)
    joins: Mapping[str, Join] = field(default_factory=dict)
    filters: list[exp.Expr] = field(default_factory=list)
    """Conditions that every row fulfils."""
    exported: Mapping[str, str] = field(default_factory=dict)
    """Properties whose value a subquery has computed already, with its column."""
    profile: exp.Expr | None = None
    """The profile's key."""
    time: exp.Expr | None = None
    clock: Clock = EXACT
    event: Event | None = None
    used: dict[str, str] = field(default_factory=dict)
    """The joins in use, with their aliases."""
    made: Callable[[Sequence[str]], exp.Expr] | None = None
    """Makes the relation from the columns that a SELECT asks of it, where it is a subquery of our own."""

    def column(self, name: str) -> exp.Expr:
        """A column by its name in the catalog: bare, of a joined table, or a path into a struct."""
        first, *rest = name.split(".")
        if rest and first in self.joins:
            alias, rest = self.join(first), rest
            node: exp.Expr = n.column(alias, rest[0])
            rest = rest[1:]
        else:
            node = n.column(self.alias, first)
        for part in rest:
            node = exp.Dot(this=node, expression=n.identifier(part))
        return node

    def join(self, name: str) -> str:
        """The alias of a joined table, which is thereby in use."""
        if name not in self.used:
            alias = slug(name)
            self.used[name] = f"{self.alias}_{alias}" if alias in (self.alias, self.target.profile, "item") else alias
        return self.used[name]

    def expression(self, text: str) -> exp.Expr:
        """An SQL escape of the catalog, its columns taken from these rows."""
        tree = sql.expression(text, self.target.catalog.sql_dialect)
        bound = {name.name for node in tree.find_all(exp.Lambda) for name in node.expressions}
        # Columns of subqueries are theirs; the outer ones are ours.
        own = [
            node for node in tree.walk(prune=lambda node: isinstance(node, exp.Query)) if isinstance(node, exp.Column)
        ]
        for node in own:
            parts = [part.name for part in node.parts]
            if parts[0] in bound:
                continue
            if len(parts) > 1 and parts[0] in self.joins:
                node.set("table", n.identifier(self.join(parts[0])))
                continue
            source = self.event or self.target.catalog.profiles
            if len(parts) > 1 and source.table and parts[:-1] == source.table.split(".")[1 - len(parts) :]:
                parts = parts[-1:]
            owned = self.column(".".join(parts[:1]))
            for part in parts[1:]:
                owned = exp.Dot(this=owned, expression=n.identifier(part))
            if node is tree:
                return owned
            node.replace(owned)
        return tree

    def source(self) -> exp.Expr:
        return n.aliased(self.relation.copy(), self.alias)

    def left_joins(self) -> list[exp.Join]:
        """The joined tables in use. Ask last."""
        return [
            n.left_join(
                n.aliased(n.table(self.joins[name].table), alias),
                n.both(
                    n.compare(n.column(alias, there), "=", n.column(self.alias, here))
                    for here, there in self.joins[name].on.items()
                ),
            )
            for name, alias in self.used.items()
        ]

    def select(
        self,
        values: Sequence[exp.Expr],
        conditions: Iterable[exp.Expr] = (),
        group: Sequence[exp.Expr] = (),
        *,
        on: Iterable[exp.Expr] = (),
        joined: Sequence[tuple[Rows, exp.Expr]] = (),
        distinct: bool = False,
    ) -> exp.Select:
        """A SELECT over the rows. `on` ties them to a query around; `joined` rows must fit their condition."""
        where = n.both([*on, *(f.copy() for rows in (self, *(r for r, _ in joined)) for f in rows.filters), *conditions])
        joins = [exp.Join(this=rows.source(), on=on_) for rows, on_ in joined]
        for rows in (self, *(r for r, _ in joined)):
            joins += rows.left_joins()
        if self.made is None:
            return n.select(values, self.source(), joins, where, group, distinct)
        asked = [*values, *joins, where, *group]
        names = {c.name: None for part in asked for c in part.find_all(exp.Column) if c.table == self.alias}
        return n.select(values, n.aliased(self.made(list(names)), self.alias), joins, where, group, distinct)

    def exists(self, on: Iterable[exp.Expr], conditions: Iterable[exp.Expr] = ()) -> exp.Expr:
        """Whether there is a row that fulfils the conditions."""
        return n.exists(self.select([exp.Literal.number(1)], conditions, on=on))

    def in_window(self, window: Interval) -> exp.Expr:
        """The row's time lies in the window. Rows of a source without time lie in every window."""
        if self.time is None:
            return n.true()
        return within(self.time, self.clock, window)

    def instant(self) -> exp.Expr:
        assert self.time is not None
        return instant(self.time.copy(), self.clock, self.target.dialect)


def relation(source: Source, catalog: Catalog) -> exp.Expr:
    if source.query is not None:
        return exp.Subquery(this=sql.query(source.query, catalog.sql_dialect))
    return n.table(source.table or "")


def profiles(target: Target) -> Rows:
    catalog = target.catalog
    rows = Rows(target, target.profile, relation(catalog.profiles, catalog), catalog.profiles.properties)
    rows.profile = rows.column(catalog.profiles.key)
    _filter(rows, catalog.profiles)
    return rows


def dated(source: Source, profile: str, time: Moment | None, alias: str, target: Target) -> Rows:
    """The rows of a list or of a channel with a table of its own."""
    rows = Rows(target, alias, relation(source, target.catalog))
    rows.profile = rows.column(profile)
    if time is not None:
        rows.time, rows.clock = rows.column(time.column), clock_of(time, target.zone)
    _filter(rows, source)
    return rows


def events(names: Sequence[str], alias: str, target: Target, window: Interval = EVER) -> Rows:
    """The rows of events that share a source (`alike`). Every row lies in the window; ask `in_window` for that still."""
    event = target.catalog.events[names[0]]
    if event.group_by:
        return _groups(event, names, alias, target, window)
    return _lines(event, names, alias, target)


def alike(one: str, other: str, catalog: Catalog, properties: Iterable[str], items: bool) -> bool:
    """Whether two events are rows of one source that only their names tell apart, with the same properties."""
    left, right = catalog.events[one], catalog.events[other]
    if one == other:
        return True
    same = ("table", "query", "where", "profile", "time", "name_column", "names", "join")
    return (
        left.name_column is not None
        and not left.group_by
        and not right.group_by
        and all(getattr(left, key) == getattr(right, key) for key in same)
        and (not items or left.items == right.items)
        and all(left.properties.get(name) == right.properties.get(name) for name in properties)
    )


def items(event_rows: Rows, alias: str = "item") -> tuple[Rows, exp.Expr]:
    """The line items of an event, and the condition that they are of the event at hand."""
    target, event = event_rows.target, event_rows.event
    assert event is not None
    assert event.items is not None
    own = event.items
    if own.table is None and own.query is None:  # the lines themselves of a group of rows
        rows = Rows(target, alias, relation(event, target.catalog), own.properties, {**event.join, **own.join})
        rows.event = event
        _filter(rows, event)
        _name_filter(rows, event, [event.name or ""])
        rows.filters += [rows.expression(own.where)] if own.where is not None else []
        profile = n.compare(rows.column(event.profile or ""), "=", event_rows.column(event.profile or ""))
        return rows, n.both([profile, *(_same(rows.column(c), event_rows.column(c)) for c in event.group_by)])
    rows = Rows(target, alias, relation(own, target.catalog), own.properties, own.join)
    _filter(rows, own)
    return rows, n.both(
        n.compare(rows.column(there), "=", event_rows.column(here)) for here, there in own.on.items()
    )


def _same(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Equal, or both missing: the lines without a group key are a group."""
    return exp.NullSafeEQ(this=left, expression=right)


def _lines(event: Event, names: Sequence[str], alias: str, target: Target) -> Rows:
    rows = Rows(target, alias, relation(event, target.catalog), event.properties, event.join, event=event)
    rows.profile = rows.column(event.profile or "")
    if event.time is not None:
        rows.time, rows.clock = rows.column(event.time.column), clock_of(event.time, target.zone)
    wanted = [name for key in names if (name := target.catalog.events[key].name) is not None]
    _name_filter(rows, event, wanted)
    _filter(rows, event)
    return rows


def _filter(rows: Rows, source: Source) -> None:
    if source.where is not None:
        condition = rows.expression(source.where)
        rows.filters.append(exp.Paren(this=condition) if isinstance(condition, exp.Or) else condition)


def _name_filter(rows: Rows, event: Event, names: Sequence[str]) -> None:
    if event.name_column is None:
        return
    column = rows.column(event.name_column)
    if event.names is None:
        rows.filters.append(_one_of(column, names))
        return
    lookup = Rows(rows.target, "names", n.table(event.names.table))
    found = lookup.select([lookup.column(event.names.id)], [_one_of(lookup.column(event.names.name), names)])
    rows.filters.append(exp.In(this=column, query=exp.Subquery(this=found)))


def _one_of(column: exp.Expr, names: Sequence[str]) -> exp.Expr:
    values = [n.text(name) for name in dict.fromkeys(names)]
    return n.compare(column, "=", values[0]) if len(values) == 1 else exp.In(this=column, expressions=values)


def _groups(event: Event, names: Sequence[str], alias: str, target: Target, window: Interval) -> Rows:
    """Events that are groups of lines: a subquery with a row for each, its time that of its earliest line.

    A window reaches the lines by way of a semi-join: an event in the window has a line in it. Its other lines count
    too, so they stay.
    """
    line = _lines(event, names, "line", target)
    assert line.profile is not None
    taken: set[str | None] = {event.profile, *event.group_by}
    made: dict[str, exp.Expr] = {event.profile or "": line.profile.copy()}
    made |= {column: line.column(column) for column in event.group_by}
    rows = Rows(target, alias, exp.Subquery(), event.properties, event=event)
    rows.profile = rows.column(event.profile or "")
    if line.time is not None:
        stored, rows.clock = (line.time.copy(), line.clock) if line.clock.ordered else (line.instant(), EXACT)
        name = _free(event.time.column if event.time else "time", taken)
        rows.time, made[name] = n.column(alias, name), exp.Min(this=stored)
    exported = {name: _free(slug(name), taken) for name in event.properties}
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
        assert line.profile is not None
        keys = [line.profile.copy(), *(line.column(column) for column in event.group_by)]
        conditions = []
        if line.time is not None and window.start is not None:
            inner = _lines(event, names, "line_in_window", target)
            assert inner.profile is not None
            of_group = [n.compare(inner.profile.copy(), "=", line.profile.copy())]
            of_group += [_same(inner.column(c), line.column(c)) for c in event.group_by]
            conditions.append(inner.exists(of_group, [inner.in_window(window)]))
        return exp.Subquery(this=line.select(values, conditions, keys))

    rows.made = relation_of
    return rows


def _free(name: str, taken: set[str | None]) -> str:
    """A name that is not taken yet, which thereby is."""
    found, count = name, 2
    while found in taken:
        found, count = f"{name}_{count}", count + 1
    taken.add(found)
    return found
