"""Whether a catalog of the right shape makes sense: what each part needs, and what goes with what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from ...nearest import nearest
from ..currencies import CURRENCIES
from ..declared import Channel, Declarations, Event, Items, Partition, Profiles
from ..marks import Path
from ..names import Spellings, fold, spellings
from ..parts import Join, Property, SourceRows, spelled
from .clashes import clashes
from .escapes import Escapes
from .findings import Finding, begun, either, missing, needless
from .properties import OPERATORS, property_findings
from .tenants import tenant_findings
from .values import (
    beside_findings,
    coordinate_findings,
    day_findings,
    moment_findings,
    whose_findings,
    written_findings,
    zone_findings,
)


def findings(catalog: Declarations, declared: Iterable[str]) -> Iterator[Finding]:
    """Everything senseless in a catalog. `declared` are the names of all events, also of those with another mistake."""
    sql = Escapes(catalog.sql_dialect)
    yield from zone_findings(("timezone",), catalog.timezone)
    yield from _currency(catalog.currency)
    yield from sql.findings()
    yield from _profiles(catalog.profiles, sql)
    for name, event in catalog.events.items():
        yield from (
            _union(catalog, name, declared)
            if event.any_of
            else _event(("events", name), event, sql, catalog.identities)
        )
    for name, channel in catalog.channels.items():
        yield from _channel(("channels", name), channel, sql, catalog.identities)
    for name, list_ in catalog.lists.items():
        yield from _rows(("lists", name), list_, sql)
        yield from moment_findings(("lists", name, "time"), list_.time, sql)
        yield from written_findings(("lists", name), list_.written, sql)
        yield from whose_findings(("lists", name, "profile"), list_.profile, (), sql, catalog.identities)
    for name, known in catalog.identities.items():
        yield from _rows(("identities", name), known, sql)
        yield from moment_findings(("identities", name, "time"), known.time, sql)
    for name, place in catalog.places.items():
        yield from coordinate_findings(("places", name), *place)
    if catalog.stores:
        yield from _rows(("stores",), catalog.stores, sql)
    yield from _insights(catalog, declared)
    yield from tenant_findings(catalog)
    yield from clashes(catalog)


def _insights(catalog: Declarations, declared: Iterable[str]) -> Iterator[Finding]:
    """The order is an event, and the product one of its texts. What revenue is measured by is SegQL: the binder's."""
    given = catalog.insights
    if given is None:
        return
    if given.order is None:
        if given.product is not None:
            yield needless(("insights",), "product", "without `order` nobody knows whose property it is")
        return
    known = spellings(catalog.events)
    name = known.get(fold(given.order))
    if name is None:
        if given.order not in declared:
            close = nearest(given.order, known.values(), 1)
            hint = f"did you mean `{close[0]}`?" if close else "declare the event, or remove it here"
            yield Finding("unknown-reference", ("insights", "order"), f'There is no event "{given.order}".', hint)
        return
    event = catalog.events[name]
    parts = [catalog.events[one] for one in event.any_of if one in catalog.events] or [event]
    own = [one for part in parts[:1] for one in (part.properties, part.items.properties if part.items else {})]
    texts = {key: prop for some in own for key, prop in some.items() if prop.type == "text"}
    if given.product is not None and fold(given.product) not in (spelled_ := spellings(texts)):
        close = nearest(given.product, spelled_.values(), 1)
        hint = f"did you mean `{close[0]}`?" if close else "declare the property, or remove it here"
        yield Finding("unknown-reference", ("insights", "product"),
                      f'"{name}" and its items have no text "{given.product}".', hint)  # fmt: skip


def _currency(code: str) -> Iterator[Finding]:
    if code not in CURRENCIES:
        close = nearest(code, CURRENCIES, 1)
        hint = f"did you mean `{close[0]}`?" if close else "write an ISO 4217 code, such as `USD` or `EUR`"
        yield Finding("unknown-currency", ("currency",), f'"{code}" is no currency code.', hint)


def _rows(path: Path, rows: SourceRows, sql: Escapes, needed: bool = True) -> Iterator[Finding]:
    if rows.table is not None and rows.query is not None:
        yield either(path, "table", "query")
    if needed and rows.table is None and rows.query is None:
        yield missing(path, "table", "query")
    yield from sql.query((*path, "query"), rows.query)
    yield from sql.value((*path, "where"), rows.where)


def _profiles(profiles: Profiles, sql: Escapes) -> Iterator[Finding]:
    yield from _rows(("profiles",), profiles, sql)
    yield from written_findings(("profiles",), profiles.written, sql, profiles.join)
    yield from _joins(("profiles",), profiles.join, sql)
    yield from property_findings(("profiles",), profiles.properties, profiles.join, sql)
    for i, given in enumerate(profiles.shown):
        if fold(given) not in (known := spellings(profiles.properties)):
            close = nearest(given, known.values(), 1)
            hint = f"did you mean `{close[0]}`?" if close else "declare the property, or remove it here"
            yield Finding("unknown-reference", ("profiles", "shown", i), f'Profiles have no property "{given}".', hint)
    first, *others = [name for name, prop in profiles.properties.items() if prop.type == "position"] or [""]
    for name in others:
        message = f'A profile has one position, and "{first}" is one already.'
        hint = "`within 20 km of ..` could mean either; keep one"
        yield Finding("conflicting-keys", ("profiles", "properties", name), message, hint, at_key=True)


def _event(path: Path, event: Event, sql: Escapes, identities: Collection[str]) -> Iterator[Finding]:
    yield from _rows(path, event, sql)
    if event.profile is None:
        yield missing(path, "profile")
    yield from whose_findings((*path, "profile"), event.profile, event.join, sql, identities)
    if event.name and event.name_column is None:
        yield missing(path, "name column")
    if not event.name and (event.name_column is not None or event.names is not None):
        yield missing(path, "name")
    if event.names is not None:
        yield from sql.value((*path, "names", "where"), event.names.where)
    if event.group_by and event.id is not None:
        yield needless(path, "id", "the group tells its events apart")
    yield from moment_findings((*path, "time"), event.time, sql, event.join)
    yield from written_findings(path, event.written, sql, event.join)
    yield from day_findings((*path, "visible since"), event.visible_since)
    if event.partition is not None:
        yield from _partition((*path, "partition"), event.partition, event)
    yield from _joins(path, event.join, sql)
    yield from property_findings(path, event.properties, event.join, sql, event.group_by)
    if event.items:
        yield from _items((*path, "items"), event.items, event, sql)
    yield from _spoken_of(path, event)


_CUT = re.compile(r"%Y(\W?)(%m(\1%d(\W?%H)?)?)?")
"""Formats whose texts are in the order of what they say."""


def _partition(path: Path, partition: Partition, event: Event) -> Iterator[Finding]:
    if event.time is None:
        yield needless(path[:-1], "partition", "it has no time, and so no window")
    elif event.group_by:
        yield needless(path[:-1], "partition", "the other lines of a group may lie in any of them")
    if partition.format is not None and not _CUT.fullmatch(partition.format):
        message = f"`{partition.format}` is no format of a partition."
        hint = "the year first, then month, day, hour: `%Y%m%d`, `%Y-%m`, `%Y%m%d%H`"
        yield Finding("wrong-value", (*path, "format"), message, hint)
    if (partition.format is None) is (partition.kind in ("text", "integer")):
        if partition.format is None:
            yield missing(path, "format")
        else:
            yield needless(path, "format", f"a {partition.kind} has none")
    elif partition.kind == "integer" and not set("%YmdH").issuperset(partition.format or ""):
        yield Finding("wrong-value", (*path, "format"), "A number has digits alone.", "write `%Y%m%d`")
    try:
        partition.reach  # noqa: B018  # it raises
    except ValueError:
        yield Finding("wrong-value", (*path, "slack"), f"`{partition.slack}` is no slack.", "write `3d` or `12h`")


def _spoken_of(path: Path, event: Event) -> Iterator[Finding]:
    """The properties that people leave unsaid: of `placed order over 100`, of `bought "Beans"`."""
    own, items = event.properties, event.items.properties if event.items else {}
    if event.amount is not None:
        yield from _refers((*path, "amount"), event.amount, own, ("number", "money"), "a number or money")
    for i, thing in enumerate(event.things):
        yield from _refers((*path, "things", i), thing, {**own, **items}, ("text",), "text")


def _refers(
    path: Path, name: str, properties: Mapping[str, Property], types: tuple[str, ...], what: str
) -> Iterator[Finding]:
    known = spellings(properties)
    if fold(name) not in known:
        close = nearest(name, known.values(), 1)
        hint = f"did you mean `{close[0]}`?" if close else "declare the property, or remove it here"
        yield Finding("unknown-reference", path, f'The event has no property "{name}".', hint)
    elif properties[known[fold(name)]].type not in types:
        yield Finding("unknown-reference", path, f'The property "{name}" is not {what}.', "name another property")


def _items(path: Path, items: Items, event: Event, sql: Escapes) -> Iterator[Finding]:
    """Line items of an event."""
    own, lines = items.table is not None or items.query is not None, bool(event.group_by)
    yield from _rows(path, items, sql, needed=not lines and items.inside is None)
    if items.inside is not None:
        yield from _elements(path, items, items.inside, event)
    elif own and not items.on:
        yield missing(path, "on")
    elif lines and not own and items.on:
        yield needless(path, "on", "the items are the lines of the group")
    if own:
        yield from beside_findings(path, items.written, sql)
    elif items.written is not None:
        yield needless(path, "written", "the items stand in the event's own row, whose `written` counts")
    yield from _joins(path, items.join, sql)
    yield from property_findings(path, items.properties, items.join, sql, inside=items.inside)


def _joins(path: Path, joins: Mapping[str, Join], sql: Escapes) -> Iterator[Finding]:
    for name, join in joins.items():
        yield from beside_findings((*path, "join", name), join.written, sql, joined=True)


def _elements(path: Path, items: Items, inside: str, event: Event) -> Iterator[Finding]:
    """Line items that are the elements of a list in the event's row."""
    for other in ("table", "query", "array"):
        if other != inside and getattr(items, other) is not None:
            yield either(path, inside, other)
    if items.on:
        yield needless(path, "on", "the items stand in the event's own row")
    if event.group_by:
        yield needless(path, inside, "a group of rows has as many lists as rows; unfold them in a `query`")
    elif event.id is None:
        message = f"{begun(path[:-1])} has items in its own row, and no `id` that ties them to it."
        yield Finding("missing-key", path[:-1], message, "add `id: ..`, the column that tells the events apart")
    if "element" in items.join:
        message = "SQL calls the element of a list `element`, and so no joined table."
        yield Finding("wrong-value", (*path, "join", "element"), message, "call the join otherwise", at_key=True)
    if items.json_ is not None and OPERATORS.search(items.json_):
        message = f"`{items.json_}` is no path to a list in JSON."
        yield Finding("wrong-value", (*path, "json"), message, "the column first, then the keys: `props.products`")
    if items.array is not None and items.array.count(".") > (items.array.split(".")[0] in event.join):
        message = f"`{items.array}` is no column."
        yield Finding("wrong-value", (*path, "array"), message, "a list within a struct is unfolded in a `query`")


def _channel(path: Path, channel: Channel, sql: Escapes, identities: Collection[str]) -> Iterator[Finding]:
    own = channel.table is not None or channel.query is not None
    yield from _rows(path, channel, sql, needed=False)
    if own and channel.profile is None:
        yield missing(path, "profile")
    if not own and channel.profile is not None:
        yield missing(path, "table", "query")
    yield from whose_findings((*path, "profile"), channel.profile, (), sql, identities)
    yield from sql.value((*path, "receives when"), channel.receives_when)
    yield from moment_findings((*path, "time"), channel.time, sql)
    yield from written_findings(path, channel.written, sql)
    if not own and channel.written is not None:
        yield needless(path, "written", "the channel stands on the profile's own row, whose `written` counts")


# --- unions: the events that they are any of, and that none is part of itself

_OWN = ("any_of", "also", "description", "visible_since")
"""What a union says itself; all else its events say."""


def _union(catalog: Declarations, name: str, declared: Iterable[str]) -> Iterator[Finding]:
    """The union called `name`. `declared` are the names of all events, also of those with another mistake."""
    event, path, events = catalog.events[name], ("events", name), spellings(catalog.events)
    for field in Event.fields:
        if field not in _OWN and getattr(event, field):
            yield needless(path, spelled(field), "it is any of other events, and each has its own")
    known = {**{fold(other): other for other in declared}, **events}
    for i, part in enumerate(event.any_of):
        if fold(part) not in known:
            close = nearest(part, known.values(), 1)
            hint = f"did you mean `{close[0]}`?" if close else "declare the event, or remove it here"
            yield Finding("unknown-reference", (*path, "any of", i), f'There is no event "{part}".', hint)
    # A circle is one mistake: the first of its events says it.
    circle = _circle(catalog, events, name)
    if circle and name == next(other for other in catalog.events if other in circle):
        message = f"The event is part of itself: {' → '.join([*circle, name])}."
        yield Finding("event-cycle", (*path, "any of"), message, "take one of them out", at_key=True)


def _circle(catalog: Declarations, events: Spellings, start: str) -> list[str]:
    """The events through which a union comes back to itself, from itself on; none when it does not."""
    trail: dict[str, list[str]] = {start: [start]}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for part in catalog.events[here].any_of:
            name = events.get(fold(part))
            if name == start:
                return trail[here]
            if name is not None and name not in trail:
                trail[name] = [*trail[here], name]
                waiting.append(name)
    return []
