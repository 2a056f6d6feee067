"""The shop: plain rows per source of the catalog, and those rows by profile.

Rows are what the catalog's sources mean after mapping: fixed filters, joins and name columns have done their work. A
key that a row lacks is a missing value. Rows without a profile, or of an unknown one, are nobody's and ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import field, replace
from datetime import datetime
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from ..calendar import to_utc, zone_of
from ..catalog.model import Catalog, Channel, Event, List, SourceRows
from ..catalog.tenants import OneTenant, tenant_of
from ..conditions import Type
from ..errors import expect
from ..nearest import nearest
from ..plain import dataclass
from .places import Position, degrees
from .values import instant, read, wrong

Row: TypeAlias = Mapping[str, object]
Key: TypeAlias = str | int
T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One event that exists; `time` is None where the catalog gives the event no time."""

    event: str
    time: datetime | None
    row: Row

    @property
    def items(self) -> Sequence[Row]:
        """Its items, rows of their own; none where the event has no list of them."""
        return self.row.get("items") or ()  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """A giving, or else a withdrawal, of consent."""

    giving: bool
    reason: str | None
    time: datetime | None


class Records:
    """What is known of each profile at `now`; every source is grouped once, when a rule first names it."""

    def __init__(self, shop: Shop, catalog: Catalog, now: datetime, only: Key | None = None) -> None:
        if now.tzinfo is None:
            raise wrong(
                f"now is an instant, and {now} has no time zone.", "Use an aware datetime: datetime.now(timezone.utc)."
            )
        self.shop = shop = _of_tenant(led_on(shop, catalog), catalog)
        self.catalog = catalog
        self.now = to_utc(now)
        self.zone = zone_of(catalog.timezone)
        self.profiles: dict[Key, Row] = {}
        for row in shop.profiles:
            if "key" not in row:
                raise wrong('A row of a profile has no "key".', 'Its key tells a profile apart: {"key": "ann", ..}')
            key = _key(row["key"])
            if not isinstance(key, str | int) or (only is not None and key != only):
                continue
            if key in self.profiles:
                raise wrong(f"Two profiles have the key {key!r}; a key tells profiles apart.")
            self.profiles[key] = row
        self._check_names()
        self._occurrences: dict[str, Mapping[Key, Sequence[Occurrence]]] = {}
        self._consents: dict[str, Mapping[Key, Sequence[ConsentRecord]]] = {}
        self._joins: dict[str, Mapping[Key, Sequence[datetime | None]]] = {}
        self._stores: Sequence[tuple[str | None, Position]] | None = None
        self._known: dict[object, Any] = {}

    def _check_names(self) -> None:
        """A name that the catalog lacks would be rows that nobody asks for."""
        shop, catalog = self.shop, self.catalog
        for kind, given, known in (
            ("event", shop.events, catalog.events), ("channel", shop.channels, catalog.channels),
            ("list", shop.lists, catalog.lists),
        ):  # fmt: skip
            for name in given.keys() - known.keys():
                raise wrong(f"The catalog has no {kind} called {name!r}.", _closest(name, known))
        _check_row(shop.profiles, {"key", *catalog.profiles.properties}, "a profile")
        for event, rows in shop.events.items():
            _check_row(rows, {"profile", "time", "items", *catalog.events[event].properties}, f"the event {event}")

    def people(self) -> Sequence[Profile]:
        """All profiles."""
        return [Profile(key, row, self) for key, row in self.profiles.items()]

    def once(self, question: object, answer: Callable[[], T]) -> T:
        """What is asked of all profiles together, computed when it is first asked."""
        if question not in self._known:
            self._known[question] = answer()
        found: T = self._known[question]
        return found

    def occurrences(self, event: str, key: Key) -> Sequence[Occurrence]:
        """The profile's events of this kind that exist: with a time before now, or of a kind without time."""
        if event not in self._occurrences:
            timed = self.catalog.events[event].time is not None
            self._occurrences[event] = {
                key: [
                    Occurrence(event, time, row)
                    for row in rows
                    for time in [self._time(row, timed, f"The time of the event {event}")]
                    if not timed or (time is not None and time < self.now)
                ]
                for key, rows in _by_profile(self.shop.events.get(event, ()), self.profiles).items()
            }
        return self._occurrences[event].get(key, ())

    def consents(self, channel: str, key: Key) -> Sequence[ConsentRecord]:
        """The profile's consent records that exist: with a time where the channel has one."""
        if channel not in self._consents:
            timed = self.catalog.channels[channel].time is not None
            self._consents[channel] = {
                key: [
                    ConsentRecord(self._receives(row, channel), self._reason(row, channel), time)
                    for row in rows
                    for time in [self._time(row, timed, f"The time of the channel {channel}")]
                    if not timed or time is not None
                ]
                for key, rows in _by_profile(self.shop.channels.get(channel, ()), self.profiles).items()
            }
        return self._consents[channel].get(key, ())

    def joins(self, name: str, key: Key) -> Sequence[datetime | None]:
        """For each time that the profile stands in the list, when it joined; None where that is unknown."""
        if name not in self._joins:
            timed = self.catalog.lists[name].time is not None
            self._joins[name] = {
                key: [self._time(row, timed, f"The time of the list {name}") for row in rows]
                for key, rows in _by_profile(self.shop.lists.get(name, ()), self.profiles).items()
            }
        return self._joins[name].get(key, ())

    def stores(self) -> Sequence[tuple[str | None, Position]]:
        """The name of each store, and where it is; of which both coordinates are known."""
        if self._stores is None:
            found: list[tuple[str | None, Position]] = []
            for row in self.shop.stores:
                pair = row.get("latitude"), row.get("longitude")
                cell = read(pair, Type.POSITION, 0, self.zone, "The position of a store")
                name = read(row.get("name"), Type.TEXT, 0, self.zone, "The name of a store")
                if cell is not None:
                    found.append((name if isinstance(name, str) else None, degrees(cell)))
            self._stores = found
        return self._stores

    def _receives(self, row: Row, channel: str) -> bool:
        # `receives when` that is neither true nor false gives no consent.
        return read(row.get("receives"), Type.BOOLEAN, 0, self.zone, f"receives of the channel {channel}") is True

    def _reason(self, row: Row, channel: str) -> str | None:
        reason = read(row.get("reason"), Type.TEXT, 0, self.zone, f"The reason of the channel {channel}")
        return reason if isinstance(reason, str) else None

    def _time(self, row: Row, timed: bool, what: str) -> datetime | None:
        return instant(row.get("time"), self.zone, what) if timed else None


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile, with everything that is known."""

    key: Key
    row: Row
    records: Records


def _key(value: object) -> object:
    """A UUID is its text, as it is wherever keys go out."""
    return str(value) if isinstance(value, UUID) else value


def _check_row(rows: Sequence[Row], known: Set[str], of: str) -> None:
    """Each row may lack values, and none has one that nobody asks for."""
    for row in rows:
        if not row.keys() <= known:
            name = min(row.keys() - known, key=str)
            raise wrong(f"A row of {of} has a value for {name!r}, which the catalog lacks.", _closest(str(name), known))


def _closest(name: str, known: Iterable[str]) -> str:
    close = ", ".join(f"`{one}`" for one in nearest(name, known))
    return f"did you mean {close}?" if close else f"known are {', '.join(f'`{one}`' for one in sorted(known))}"


def _by_profile(rows: Iterable[Row], known: Collection[Key]) -> dict[Key, list[Row]]:
    grouped: dict[Key, list[Row]] = {}
    for row in rows:
        key = _key(row.get("profile"))
        if key in known:
            grouped.setdefault(key, []).append(row)  # type: ignore[arg-type]
    return grouped


# --- whom keys are known as ----------------------------------------------------------------------------------------


def led_on(shop: Shop, catalog: Catalog) -> Shop:
    """The shop, each `profile` of its rows the key that the maps of identities know it as; without maps.

    Raises SegQLError for a map that the catalog lacks, and where it has tenants, and is narrowed to none.
    """
    for name in shop.identities.keys() - catalog.identities.keys():
        raise wrong(f"The catalog has no map of identities called {name!r}.", _closest(name, catalog.identities))
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
                    {**row, "profile": known.get(_key(row.get("profile")), row.get("profile"))} for row in rows[name]
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
        key, known = _key(row.get("anonymous")), _key(row.get("known"))
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


def _of_tenant(shop: Shop, catalog: Catalog) -> Shop:
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
