"""Rows beside those of a source, items and joined tables: whose are new, by rules over a catalog that has their time.

An order whose line changed, a view of a product whose brand changed: the row itself says nothing of it. So the time
when each of these was written becomes a property of what they stand beside, and who has one that is new is asked for
as any rule asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta

from .. import conditions as c
from ..ast import Tree
from ..catalog import Catalog
from ..catalog.model import Join, Property
from ..catalog.parts import StoredMoment, Written
from ..plain import dataclass
from .reading import Reading


@dataclass
class Beside:
    """A catalog that names when rows beside others were written, and rules that hold for whoever has a new one."""

    catalog: Catalog
    rules: dict[Tree[c.Condition], None] = field(default_factory=dict)


def beside(reading: Reading, catalog: Catalog, since: datetime, now: datetime) -> Beside:
    """Of all that is read: whose items or joined rows were written since, but for how late each may be seen."""
    own, properties = _named(catalog.profiles.join, catalog.profiles.properties)
    profiles = catalog.profiles.model_copy(update={"properties": properties})
    rules: dict[Tree[c.Condition], None] = {}
    for name, written in own.items():
        rules[_new("profile", name, written, since)] = None
    events = dict(catalog.events)
    asked = any(scope == "item" for scope, _ in reading.fields)
    for event in reading.events:
        given = catalog.events[event]
        if given.group_by:
            continue
        joined, properties = _named(given.join, given.properties)
        wheres: list[Tree[c.Predicate]] = [_new("event", name, one, since) for name, one in joined.items()]
        items = given.items
        if items is not None and asked:
            # One that counts no more did before.
            mine, of_items = _named(items.join, items.properties, items.written)
            wheres += [c.AnyItem(_new("item", name, one, since)) for name, one in mine.items()]
            items = items.model_copy(update={"properties": of_items, "where": None})
        events[event] = given.model_copy(update={"properties": properties, "items": items})
        window = c.Interval(None, None if given.time is None else now)
        for where in wheres:
            rules[c.Occurs(c.Occurrences((event,), window, where), 1, None)] = None
    if not rules:
        return Beside(catalog)
    return Beside(catalog.model_copy(update={"profiles": profiles, "events": events}), rules)


def _named(
    joins: Mapping[str, Join], properties: Mapping[str, Property], own: Written | None = None
) -> tuple[dict[str, Written], dict[str, Property]]:
    """The promises of joined tables, and of these rows, by a property that has their time; and all properties."""
    found: dict[str, Written] = {}
    more: dict[str, Property] = {}
    for table, written in _promises(joins, own):
        name = f"segql written {len(found)}"
        while name in properties:
            name += " "
        column = f"{table}.{written.alone}" if table else written.alone
        stored = None if written.stored == "timestamp" else written.stored
        found[name] = written
        more[name] = Property(type="time", column=column, stored=stored, zone=written.zone)
    return found, {**properties, **more}


def _promises(joins: Mapping[str, Join], own: Written | None) -> Iterator[tuple[str, Written]]:
    if own is not None:
        yield "", own
    for name, join in joins.items():
        if join.written is not None:
            yield name, join.written


def _new(scope: c.Scope, name: str, written: Written, since: datetime) -> c.FieldComparison:
    return c.FieldComparison(c.Field(scope, name, c.Type.TIME), ">=", before(since, written, written.reach))


def before(seen: datetime, time: StoredMoment, reach: timedelta) -> datetime:
    """Since when rows may be new; what is stored as a day or a second tells no more than that."""
    try:
        return seen - reach - (timedelta(days=2) if time.stored == "date" else timedelta(seconds=1))
    except OverflowError:
        return datetime.min.replace(tzinfo=seen.tzinfo)
