"""`Rows`: one source under an alias, while one SELECT over it is being written.

A table joined to it appears in that SELECT only when one of its columns was asked for, and a relation that is a
subquery of our own has only the columns that were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field

from sqlglot import exp

from ..catalog.model import Event, Given, Identities, Join, Property, SourceRows, Whose
from ..catalog.parts import Escape
from ..conditions import Interval
from ..conditions.live import is_live
from ..dialects import below
from ..plain import dataclass
from ..planner import free, slug
from . import escapes, live
from . import nodes as n
from .bounds import EVER, EXACT, Clock, clock_of, within
from .target import Target
from .times import instant, wall


def in_window(value: exp.Expr, clock: Clock, window: Interval, target: Target) -> exp.Expr:
    """The stored value's instant lies in the window; NULL or false where there is none."""
    if is_live(window):
        return live.within(instant(value, clock, target.dialect), window, target)
    return within(value, clock, window)


THEIR = "their"
"""What the profile is called beside its events."""
IDENTITY = "identity"
"""What the rows of a map of identities are called."""
_OWN_ALIASES = (
    IDENTITY, "item", "item_count", "item_event", "item_owner", "line", "line_in_window", "names", "stream", THEIR,
)  # fmt: skip


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
    profile: Given | str = ""
    """The profile's key, or its column."""
    time: Given | str | None = None
    """The time, or its column."""
    clock: Clock = EXACT
    among: Interval = EVER
    """Nobody asks for rows whose time lies outside of it."""
    event: Event | None = None
    names: tuple[str, ...] = ()
    """The events that the rows are, by the catalog's spelling."""
    used: dict[str, str] = field(default_factory=dict)
    """The joins in use, with their aliases."""
    mapped: dict[str, exp.Join] = field(default_factory=dict)
    """The maps of identities in use, by their aliases."""
    owner: list[Rows] = field(default_factory=list)
    """The profile that each row belongs to, once one of its properties was asked for."""
    place: str = ""
    """Tells the columns of an event's place in its stream apart, where the rows have those of several streams."""
    tie: Callable[[str], exp.Expr] | None = None
    """What a table is joined by, where that is no column of the rows but is in one."""
    made: Callable[[Sequence[str]], exp.Expr] | None = None
    """Makes the relation from the columns that a SELECT asks of it, where it is a subquery of our own."""

    def column(self, name: str) -> exp.Expr:
        """A column by its name in the catalog: bare, of a joined table, or a path into a struct."""
        first, *rest = name.split(".")
        self.target.columns.add(first.lower())
        if rest and first in self.joins:
            node: exp.Expr = n.column(self.join(first), rest[0])
            rest = rest[1:]
        else:
            node = n.column(self.alias, first)
        for part in rest:
            node = exp.Dot(this=node, expression=n.identifier(part))
        return node

    def document(self, path: str) -> tuple[exp.Expr, list[str]]:
        """The JSON column that a path begins with, of these rows or of a joined table, and the keys that lead on."""
        column, *keys = path.split(".")
        if column in self.joins and keys:
            column, keys = f"{column}.{keys[0]}", keys[1:]
        return self.column(column), keys

    def given(self, of: Given | str) -> exp.Expr:
        """The first of some columns that is not missing, or what SQL gives."""
        if isinstance(of, str):
            return self.column(of)
        values = [n.operand(self.expression(of.sql))] if of.sql is not None else [*map(self.column, of.column)]
        if isinstance(of, Whose) and of.identities is not None:
            values = [self._known(of.identities, _first(values)), *values]
        return _first(values)

    def _known(self, name: str, key: exp.Expr) -> exp.Expr:
        """Whom a map of identities knows a key as; missing where it does not know it."""
        alias = f"{self.alias}_known_{slug(name)}"
        if alias not in self.mapped:
            found = n.aliased(_identities(self.target.catalog.identities[name], self.target), alias)
            self.mapped[alias] = n.left_join(found, n.compare(n.column(alias, _KEY), "=", key.copy()))
        return n.column(alias, _KNOWN)

    def join(self, name: str) -> str:
        """The alias of a joined table, which is thereby in use."""
        if name not in self.used:
            self.used[name] = free(f"{self.alias}_{slug(name)}", {*self.used.values(), *self.mapped})
        return self.used[name]

    def tied(self, column: str) -> exp.Expr:
        """What of these rows a column of another table is held against."""
        return self.tie(column) if self.tie else n.column(self.alias, column)

    def expression(self, escape: Escape) -> exp.Expr:
        """An SQL escape of the catalog, its columns taken from these rows. Raises SegQLError; see `escapes`."""
        tree = escapes.expression(escape, self.target.catalog, self.target.dialect)
        bound = {name.name for node in below(tree) if isinstance(node, exp.Lambda) for name in node.expressions}
        # Columns of subqueries are theirs; the outer ones are ours.
        own = [node for node in below(tree, lambda node: isinstance(node, exp.Query)) if isinstance(node, exp.Column)]
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
        """The rows under their alias, for FROM."""
        return n.aliased(self.relation, self.alias)

    def left_joins(self) -> list[exp.Join]:
        """The joined tables in use, and the profile where it is. Ask last."""
        if self.owner:
            self.key()  # which may read tables that are joined
        found = [
            n.left_join(
                n.aliased(n.table(self.joins[name].table), alias),
                n.both(
                    n.compare(n.column(alias, there), "=", self.tied(here))
                    for here, there in self.joins[name].on.items()
                ),
            )
            for name, alias in self.used.items()
        ] + [join.copy() for join in self.mapped.values()]
        for owner in self.owner:
            tied = n.both([n.compare(owner.key(), "=", self.key()), *(one.copy() for one in owner.filters)])
            found += [n.left_join(owner.source(), tied), *owner.left_joins()]
        return found

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
        every = (self, *(rows for rows, _ in joined))
        where = n.both([*on, *(one for rows in every for one in rows.filters), *conditions])
        joins = [exp.Join(this=rows.source(), on=condition) for rows, condition in joined]
        joins += [join for rows in every for join in rows.left_joins()]
        if self.made is None:
            return n.select(values, self.source(), joins, where, group, distinct=distinct)
        asked = [*values, *joins, where, *group]
        names = {c.name: None for part in asked for c in part.find_all(exp.Column) if c.table == self.alias}
        return n.select(values, n.aliased(self.made(list(names)), self.alias), joins, where, group, distinct=distinct)

    def exists(self, on: Iterable[exp.Expr], conditions: Iterable[exp.Expr] = ()) -> exp.Expr:
        """Whether there is a row that fulfils the conditions."""
        wanted = n.both(conditions)
        if isinstance(wanted, exp.Boolean) and not wanted.this:
            return wanted
        return n.exists(self.select([exp.Literal.number(1)], [wanted], on=on))

    def in_window(self, window: Interval) -> exp.Expr:
        """The row's time lies in the window. Rows of a source without time lie in every window."""
        if self.time is None:
            return n.true()
        return in_window(self.at(), self.clock, window, self.target)

    def key(self) -> exp.Expr:
        """The profile's key."""
        return self.given(self.profile)

    def at(self) -> exp.Expr:
        """The time as it is stored."""
        assert self.time is not None
        return self.given(self.time)

    def instant(self) -> exp.Expr:
        """The time as a timestamp with zone."""
        return instant(self.at(), self.clock, self.target.dialect)

    def wall(self) -> exp.Expr:
        """The time on the clocks of the catalog's zone."""
        return wall(self.at(), self.clock, self.target.zone, self.target.dialect, self.among)


def alias_of(name: str, target: Target) -> str:
    """An alias for rows that stand beside the profiles and the parts of events."""
    target.aliases.add(name)
    return f"{name}_rows" if name in (target.profile, *_OWN_ALIASES, *target.avoided) else name


def equal(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Equal, or both missing: the lines without a group key are a group."""
    return exp.NullSafeEQ(this=left, expression=right)


def relation(source: SourceRows, target: Target) -> exp.Expr:
    """The table or query of a source, without an alias."""
    if source.query is not None:
        return exp.Subquery(this=escapes.query(source.query, target.catalog, target.dialect))
    return n.table(source.table or "")


def condition(rows: Rows, text: Escape) -> exp.Expr:
    """An SQL condition of the catalog as one of several."""
    found = rows.expression(text)
    return exp.Paren(this=found) if isinstance(found, exp.Or) else found


def _first(values: Sequence[exp.Expr]) -> exp.Expr:
    """The first of some values that is not missing."""
    first, *others = values
    return exp.Coalesce(this=first, expressions=others) if others else first


_KEY, _KNOWN, _PLACE = "anonymous_key", "known_key", "place"


def latest_identities(of: Identities, target: Target) -> tuple[exp.Expr, exp.Expr, exp.Expr]:
    """The keys of a map, the keys that they are known as, and the rows that decide, as FROM has them."""
    rows = Rows(target, IDENTITY, relation(of, target))
    rows.filters += [condition(rows, of.where)] if of.where is not None else []
    keys = n.named(rows.column(of.anonymous), _KEY), n.named(rows.column(of.known), _KNOWN)
    values, there = [*keys], [n.is_set(rows.column(of.anonymous)), n.is_set(rows.column(of.known))]
    latest: list[exp.Expr] = []
    if of.time is not None:
        rows.time, rows.clock = of.time, clock_of(of.time, target.zone)
        at = rows.at() if rows.clock.ordered else rows.instant()
        order = exp.Order(expressions=[exp.Ordered(this=at, desc=True, nulls_first=False)])
        placed = exp.Window(this=n.call("RANK"), partition_by=[rows.column(of.anonymous)], order=order, over="OVER")
        values, there = [*values, n.named(placed, _PLACE)], [*there, n.is_set(rows.at())]
        latest = [n.compare(n.column(IDENTITY, _PLACE), "=", n.number(1))]
    found = n.select(
        [exp.Star()], n.aliased(exp.Subquery(this=rows.select(values, there)), IDENTITY), where=n.both(latest)
    )
    return n.column(IDENTITY, _KEY), n.column(IDENTITY, _KNOWN), found


def _identities(of: Identities, target: Target) -> exp.Expr:
    """A row for each key of a map of identities that the rows that decide agree on, and whom it is known as."""
    key, known, found = latest_identities(of, target)
    if target.catalog.profiles.key_type == "uuid":  # of which not every engine has a least one
        known = n.cast(known, exp.DType.TEXT)
    least, most = exp.Min(this=known), exp.Max(this=known.copy())
    whom = n.cast(least.copy(), exp.DType.UUID) if target.catalog.profiles.key_type == "uuid" else least.copy()
    found.set("expressions", [key, n.named(whom, _KNOWN)])
    found.set("group", exp.Group(expressions=[key.copy()]))
    found.set("having", exp.Having(this=n.compare(least, "=", most)))
    return exp.Subquery(this=found)
