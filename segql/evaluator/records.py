"""The rows of a shop by profile: events in order, records of consent, lists, each read by its type in the catalog."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, TypeVar

from ..calendar import to_utc, zone_of
from ..catalog.model import Catalog
from ..conditions import Type
from ..plain import dataclass
from .places import Position, degrees
from .shop import Key, Row, Shop, closest, key_of, led_on, of_tenant
from .values import instant, read, wrong

T = TypeVar("T")


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
        self.shop = shop = of_tenant(led_on(shop, catalog), catalog)
        self.catalog = catalog
        self.now = to_utc(now)
        self.zone = zone_of(catalog.timezone)
        self.profiles: dict[Key, Row] = {}
        for row in shop.profiles:
            if "key" not in row:
                raise wrong('A row of a profile has no "key".', 'Its key tells a profile apart: {"key": "ann", ..}')
            key = key_of(row["key"])
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
                raise wrong(f"The catalog has no {kind} called {name!r}.", closest(name, known))
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


def _check_row(rows: Sequence[Row], known: Set[str], of: str) -> None:
    """Each row may lack values, and none has one that nobody asks for."""
    for row in rows:
        if not row.keys() <= known:
            name = min(row.keys() - known, key=str)
            raise wrong(f"A row of {of} has a value for {name!r}, which the catalog lacks.", closest(str(name), known))


def _by_profile(rows: Iterable[Row], known: Collection[Key]) -> dict[Key, list[Row]]:
    grouped: dict[Key, list[Row]] = {}
    for row in rows:
        key = key_of(row.get("profile"))
        if key in known:
            grouped.setdefault(key, []).append(row)  # type: ignore[arg-type]
    return grouped
