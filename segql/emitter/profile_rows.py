"""The rows of one profile, mapped as the catalog says: SQL that reads them, for whoever judges them elsewhere.

Each query selects plain values in the order that is asked: an instant as microseconds since 1970, a number as a decimal
of its scale, a position as two columns. Events and joins at or after `now` are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from sqlglot import exp

from .. import conditions as c
from ..catalog.model import Catalog
from ..dialects import dialect as dialect_of
from ..planner import Plan, slug, stands_alone, valued
from . import emit
from . import nodes as n
from .bounds import clock_of
from .measures import units_of
from .populations import GROUP, NUMBER, TOTAL, VALUE, group_of, units_in
from .rows import Rows, alias_of, relation
from .sources import dated, events, item_ties, profiles
from .target import Target
from .times import micros
from .values import coordinate, stored, value

__all__ = [
    "Target", "better", "consent_rows", "event_rows", "is_member", "item_rows", "list_rows", "profile_row",
    "profile_rows",
    "statistic_of", "store_rows", "target_of", "values_of",
]  # fmt: skip

KeyValue: TypeAlias = str | int


def target_of(catalog: Catalog, dialect: str, now: datetime) -> Target:
    """What the queries are for. Raises ValueError for an unknown dialect."""
    return Target(catalog, dialect_of(dialect), now, "this_profile")


# --- rows ------------------------------------------------------------------------------------------------------------


def profile_row(fields: Sequence[c.Field], key: KeyValue, target: Target) -> exp.Select:
    """The key, and these properties."""
    rows = profiles(target)
    return rows.select(_named([rows.key(), *values_of(fields, rows)]), [_whose(rows, key)])


def profile_rows(fields: Sequence[c.Field], keys: Sequence[KeyValue], target: Target) -> exp.Select:
    """The key, and these properties, of each of these profiles."""
    rows = profiles(target)
    found = exp.In(this=rows.key(), expressions=[_literal(key) for key in keys])
    return rows.select(_named([rows.key(), *values_of(fields, rows)]), [found])


def event_rows(event: str, fields: Sequence[c.Field], key: KeyValue, target: Target, *, with_items: bool) -> exp.Select:
    """The key; the time, where there is one; these properties; with items also what ties an event to them."""
    rows = _events(event, target)
    values = [rows.key(), *_time(rows), *values_of(fields, rows)]
    if with_items:
        values += [of_event for _, _, of_event in item_ties(rows, "item")[1]]
    return rows.select(_named(values), _existing(rows, key))


def item_rows(event: str, fields: Sequence[c.Field], key: KeyValue, target: Target) -> exp.Select:
    """These properties of the items of all events of the profile, and what ties each to its event."""
    rows = _events(event, target)
    of_items, ties = item_ties(rows, "item")
    values = [*values_of(fields, of_items), *(of_event.copy() for _, _, of_event in ties)]
    tied = n.both(same(of_item, of_event) for same, of_item, of_event in ties)
    return rows.select(_named(values), _existing(rows, key), joined=[(of_items, tied)])


def consent_rows(channel: str, key: KeyValue, target: Target) -> exp.Select:
    """Whether a record gives consent; its reason and time, where there are such."""
    source = target.catalog.channels[channel]
    if stands_alone(channel, target.catalog):
        rows = dated(source, source.profile or "", source.time, alias_of(f"{slug(channel)}_consent", target), target)
    else:
        rows = profiles(target)
        if source.time is not None:
            rows.time, rows.clock = source.time, clock_of(source.time, target.zone)
    values = [rows.expression(source.receives_when)]
    values += [rows.column(source.reason)] if source.reason is not None else []
    return rows.select(_named([*values, *_time(rows)]), [_whose(rows, key)])


def list_rows(name: str, key: KeyValue, target: Target) -> exp.Select:
    """For each time that the profile stands in the list a row; when it joined, where that is known."""
    source = target.catalog.lists[name]
    rows = dated(source, source.profile, source.time, alias_of(slug(name), target), target)
    return rows.select(_named([rows.key(), *_time(rows)]), [_whose(rows, key)])


def store_rows(target: Target, *, named: bool) -> exp.Select:
    """Latitude and longitude of the stores; and how each is `named`."""
    stores = target.catalog.stores
    assert stores is not None
    rows = Rows(target, "store", relation(stores, target))
    filters = [rows.expression(stores.where)] if stores.where is not None else []
    values = [coordinate(stores.latitude, rows), coordinate(stores.longitude, rows)]
    return rows.select(_named([*values, rows.column(stores.name)] if named else values), filters)


def _events(event: str, target: Target) -> Rows:
    return events([event], alias_of(slug(event), target), target)


def _existing(rows: Rows, key: KeyValue) -> list[exp.Expr]:
    return [_whose(rows, key), rows.in_window(c.Interval(None, rows.target.now))]


def _whose(rows: Rows, key: KeyValue) -> exp.Expr:
    return n.compare(rows.key(), "=", _literal(key))


def _literal(key: KeyValue) -> exp.Expr:
    return n.number(key) if isinstance(key, int) else n.text(key)


def _time(rows: Rows) -> list[exp.Expr]:
    return [] if rows.time is None else [micros(rows.at(), rows.clock, rows.target.dialect)]


def values_of(fields: Iterable[c.Field], rows: Rows) -> list[exp.Expr]:
    """Properties that the source declares, each as a whole."""
    found: list[exp.Expr] = []
    for field in fields:
        declared, sight = rows.properties[field.name], {field.scope: rows}
        if field.type is c.Type.POSITION:
            found += [coordinate(declared.latitude or "", rows), coordinate(declared.longitude or "", rows)]
        elif field.type is c.Type.TIME and (kept := stored(field, sight)) is not None:
            found.append(micros(kept.known(), kept.clock, rows.target.dialect))
        elif (node := value(field, sight)) is not None:
            found.append(node)
    return found


def _named(values: Sequence[exp.Expr]) -> list[exp.Expr]:
    """The values under names of their own."""
    return [n.named(one.copy(), f"value_{place}") for place, one in enumerate(values, 1)]


# --- the profile among others -----------------------------------------------------------------------------------------


def is_member(plan: Plan, key: KeyValue, target: Target) -> exp.Select:
    """The profile's key, if it is among the members of a plan."""
    members = emit(plan, target.catalog, target.dialect.name)
    column = n.column("members", target.catalog.profiles.key)
    found = n.aliased(exp.Subquery(this=members), "members")
    return n.select([column], found, where=n.compare(column.copy(), "=", _literal(key)))


def statistic_of(plan: Plan, condition: c.MeasureComparison, key: KeyValue, target: Target) -> tuple[exp.Select, int]:
    """The population's number as a fraction of two columns, and by how much that is too large; that of the profile's
    own group where there are such.

    `plan` is that of the condition alone.
    """
    population = condition.right
    assert isinstance(population, c.Population)
    name = plan.around[-1].name
    over = exp.Literal.number(1) if population.percentile is not None else n.column(name, NUMBER)
    top = n.column(name, TOTAL if population.percentile is None else VALUE)
    found = _read(plan, [top, over], name, target, _own_group(population.each, name, key, target))
    return found, int(units_in(population, target)[0])


def better(plan: Plan, rank: c.Rank, key: KeyValue, mine: Decimal, target: Target) -> exp.Select:
    """How many have a value better than `mine`, how many have one, and whether the profile has; in its own group.

    `plan` is that of the condition alone.
    """
    question = valued(rank.by, rank.among, rank.each)
    name = next(one.name for one in plan.around if one.of == question)
    units, _ = units_of(rank.by, target)
    above = n.compare(n.column(name, VALUE), ">" if rank.which == "top" else "<", n.number(mine * units))
    own = n.compare(n.column(name, target.catalog.profiles.key), "=", _literal(key))
    counts = [exp.Count(this=n.case(one, exp.Literal.number(1))) for one in (above, own)]
    mine_alone = _own_group(rank.each, name, key, target)
    return _read(plan, [counts[0], exp.Count(this=exp.Star()), counts[1]], name, target, mine_alone)


def _own_group(each: c.Field | None, name: str, key: KeyValue, target: Target) -> exp.Expr | None:
    """The rows of a query that are about the profile's own value of the property."""
    if each is None:
        return None
    rows = profiles(target)
    mine = rows.select([group_of(each, rows)], [_whose(rows, key)])
    return n.compare(n.column(name, GROUP), "=", exp.Subquery(this=mine))


def _read(
    plan: Plan, values: Sequence[exp.Expr], name: str, target: Target, where: exp.Expr | None = None
) -> exp.Select:
    """A SELECT from one of a plan's queries."""
    found = n.select(_named(values), n.table(name), where=where)
    found.set("with_", emit(plan, target.catalog, target.dialect.name).args["with_"])
    return found
