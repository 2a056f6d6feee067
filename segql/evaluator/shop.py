"""The shop: plain rows per source of the catalog, whom they are known as, and whose they are among several tenants.

Rows are what the catalog's sources mean after mapping: fixed filters, joins and name columns have done their work. A
key that a row lacks is a missing value. Rows without a profile, or of an unknown one, are nobody's and ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from ..calendar import zone_of
from ..catalog.model import Catalog, Channel, Event, List, SourceRows
from ..catalog.tenants import OneTenant, tenant_of
from ..errors import expect
from ..nearest import nearest
from ..plain import dataclass
from .values import instant, wrong

Row: TypeAlias = Mapping[str, object]
Key: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Shop:
    """All that is known about the profiles.

    Text is `str`, a number or money int, Decimal, float or Fraction, a boolean `bool`, a date `date`, an instant an
    aware `datetime` (or a `date`: its local midnight), a list a list. None and NaN are missing.

    Where the catalog has tenants each row, items too, says its own: `{"tenant": .., ..}`; but for shared tables.
    """

    profiles: Sequence[Row]
    """`{"key": .., property name: value, ..}`, one row per key: text, a whole number, or a UUID, which is its text."""
    events: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """By event: `{"profile": .., "time": .., property name: value, .., "items": [{property name: value, ..}, ..]}`."""
    channels: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """By channel: `{"profile": .., "receives": bool, "reason": text, "time": ..}`."""
    lists: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """By list: `{"profile": .., "time": ..}`."""
    stores: Sequence[Row] = ()
    """What `any store` means: `{"name": .., "latitude": .., "longitude": ..}`."""
    identities: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """By map of identities: `{"anonymous": .., "known": .., "time": ..}`. Where an event, a channel or a list names the
    map, `profile` of its rows is a key of a profile or one that the map leads on.
    """

    def __post_init__(self) -> None:
        """Rows are read once for each question: an iterator would have none left for the second."""
        for name in ("profiles", "stores"):
            object.__setattr__(self, name, _rows(name, getattr(self, name)))
        for name in ("events", "channels", "lists", "identities"):
            given = getattr(self, name)
            expect(name, "a mapping of names to rows", given, Mapping)
            object.__setattr__(self, name, {key: _rows(name, rows) for key, rows in given.items()})


def _rows(argument: str, given: Iterable[Row]) -> Sequence[Row]:
    expect(argument, "made of rows", given, Iterable)
    rows = []
    for row in given:
        expect(argument, "made of rows, each a mapping of names to values", row, Mapping)
        rows.append(row)
    return tuple(rows)


def key_of(value: object) -> object:
    """A UUID is its text, as it is wherever keys go out."""
    return str(value) if isinstance(value, UUID) else value


def closest(name: str, known: Iterable[str]) -> str:
    """The help for an unknown name."""
    close = ", ".join(f"`{one}`" for one in nearest(name, known))
    return f"did you mean {close}?" if close else f"known are {', '.join(f'`{one}`' for one in sorted(known))}"


# --- whom keys are known as ----------------------------------------------------------------------------------------


def led_on(shop: Shop, catalog: Catalog) -> Shop:
    """The shop, each `profile` of its rows the key that the maps of identities know it as; without maps.

    Raises SegQLError for a map that the catalog lacks, and where it has tenants, and is narrowed to none.
    """
    for name in shop.identities.keys() - catalog.identities.keys():
        raise wrong(f"The catalog has no map of identities called {name!r}.", closest(name, catalog.identities))
    if not any(shop.identities.values()):
        return shop
    maps = {name: _known_as(name, rows, catalog) for name, rows in shop.identities.items()}

    def of(
        rows: Mapping[str, Sequence[Row]], sources: Mapping[str, Event | Channel | List]
    ) -> dict[str, Sequence[Row]]:
        found = dict(rows)
        for name in rows.keys() & sources.keys():
            whose = sources[name].profile
            if whose is not None and (known := maps.get(whose.identities or "")):
                found[name] = [
                    {**row, "profile": known.get(key_of(row.get("profile")), row.get("profile"))} for row in rows[name]
                ]
        return found

    return replace(
        shop,
        events=of(shop.events, catalog.events),
        channels=of(shop.channels, catalog.channels),
        lists=of(shop.lists, catalog.lists),
        identities={},
    )


def _known_as(name: str, rows: Sequence[Row], catalog: Catalog) -> Mapping[object, object]:
    """Whom each key of a map is known as: by its latest row, and nobody where those that tie differ."""
    source, zone, tenant = catalog.identities[name], zone_of(catalog.timezone), tenant_of(catalog)
    latest: dict[object, tuple[datetime | None, set[object]]] = {}
    for row in rows if tenant is None else _kept_rows(rows, source, tenant):
        at = None
        if source.time is not None:
            at = instant(row.get("time"), zone, f"The time of the map of identities {name}")
        key, known = key_of(row.get("anonymous")), key_of(row.get("known"))
        if key is None or known is None or (source.time is not None and at is None):
            continue
        before, others = latest.get(key, (at, set()))
        if at is not None and before is not None and at > before:
            others = set()
        elif at != before:
            continue
        latest[key] = at, {*others, known}
    return {key: next(iter(some)) for key, (_, some) in latest.items() if len(some) == 1}


# --- the rows of one tenant, of a shop that holds those of several -------------------------------------------------


def of_tenant(shop: Shop, catalog: Catalog) -> Shop:
    """The shop, its rows without `tenant`: those of the catalog's tenant, and all of shared tables.

    Raises SegQLError where the catalog has tenants, and is narrowed to none.
    """
    tenant = tenant_of(catalog)
    if tenant is None:
        return shop
    people = catalog.profiles

    def kept(rows: Sequence[Row], source: SourceRows | None) -> Sequence[Row]:
        at = people if source is None or (source.table is None and source.query is None) else source
        return _kept_rows(rows, at, tenant)

    def events(name: str, rows: Sequence[Row]) -> Sequence[Row]:
        event = catalog.events.get(name)
        items = None if event is None else event.items
        lines = event if items is None or (items.table is None and items.query is None) else items
        found = kept(rows, event)
        if lines is None:
            return found
        return [
            {**row, "items": _kept_rows(some, lines, tenant)} if (some := row.get("items")) else row  # type: ignore[arg-type]
            for row in found
        ]

    return replace(
        shop,
        profiles=kept(shop.profiles, people),
        events={name: events(name, rows) for name, rows in shop.events.items()},
        channels={name: kept(rows, catalog.channels.get(name)) for name, rows in shop.channels.items()},
        lists={name: kept(rows, catalog.lists.get(name)) for name, rows in shop.lists.items()},
        stores=kept(shop.stores, catalog.stores),
    )


def _kept_rows(rows: Sequence[Row], source: SourceRows, tenant: OneTenant) -> Sequence[Row]:
    shared = source.table is not None and tenant.column_of(source.table) is None
    return [
        {name: value for name, value in row.items() if name != "tenant"}
        for row in rows
        if shared or _said(row.get("tenant")) == tenant.value
    ]


def _said(value: object) -> object:
    """A UUID is its text; a truth is no number."""
    return str(value) if isinstance(value, UUID | bool) else value
