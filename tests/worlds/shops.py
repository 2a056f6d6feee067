"""What the tests' catalog (catalog.yaml) holds, by name and type, and random small shops of its rows.

A shop is drawn so that much is equal: few values, times on the edges of the windows that rules speak of and a
microsecond beside, days when clocks change, ends of months, equal instants, everything missing now and then.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from segql.ast import Unit
from segql.calendar import midnight, next_period, period_start, step
from segql.evaluator import Shop

Row = dict[str, Any]

CATALOG = Path(__file__).parent / "catalog.yaml"
ZONE = ZoneInfo("Europe/Amsterdam")
LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")

EVENTS: dict[str, dict[str, str]] = {
    "placed order": {
        "total": "money", "discount": "number", "number of items": "number", "coupon": "text", "shop country": "text",
        "gift": "boolean", "delivery": "date", "shipped": "time", "labels": "list of text",
    },
    "opened email": {"campaign": "text", "machine open": "boolean"},
    "clicked email": {"campaign": "text", "place": "number"},
    "clicked sms": {"campaign": "text"},
    "received push": {"campaign": "text"},
    "visited store": {"duration": "number", "store": "text"},
    "phoned us": {"topic": "text"},
    "attended class": {"subject": "text", "fee": "money"},
    "logged in": {"device": "text", "seconds": "number"},
    "scanned badge": {},
    "answered survey": {"question": "text", "grade": "number"},
    "got invoice": {"amount": "money", "lines": "number"},
}  # fmt: skip
"""The properties of every event that has rows of its own, with their types."""

ITEMS: dict[str, dict[str, str]] = {
    "placed order": {
        "brand": "text", "category": "text", "released": "date", "fragile": "boolean", "price": "money",
        "quantity": "number", "colours": "list of text",
    },
    "got invoice": {"article": "text", "price": "money", "quantity": "number"},
    "visited store": {"garment": "text", "fit": "number", "cost": "money", "kept": "boolean"},
}  # fmt: skip

PROFILE: dict[str, str] = {
    "country": "text", "note": "text", "nickname": "text", "size": "number", "age": "number", "score": "number",
    "x": "number", "last order value": "money", "balance": "money", "credit": "money", "vip": "boolean",
    "android": "boolean", "every day low price": "boolean", "birthday": "date", "renewal date": "date",
    "last seen": "time", "first contact": "time", "tags": "list of text", "lucky numbers": "list of number",
    "position": "position", "name day": "month-day",
}  # fmt: skip

CHANNELS = ("email", "sms", "push", "post")
LISTS = ("Newsletter", "Staff")


# --- what storage can hold ---------------------------------------------------------------------------------------


def wall(instant: datetime, zone: tzinfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def from_wall(naive: datetime, zone: ZoneInfo) -> datetime:
    """Skipped local times move forward, repeated ones are the earlier instant."""
    return naive.replace(tzinfo=zone).astimezone(UTC)


def to_midnight(instant: datetime) -> datetime:
    day = wall(instant, ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return from_wall(day, ZONE)


STORABLE: dict[str, Callable[[datetime], datetime]] = {
    "visited store": lambda t: from_wall(wall(t, ZONE), ZONE),
    "phoned us": lambda t: from_wall(wall(t, NEW_YORK), NEW_YORK),
    "first contact": lambda t: from_wall(wall(t, LONDON), LONDON),
    "badges": lambda t: from_wall(wall(t, ZONE), ZONE),
    "attended class": to_midnight,
    "post": to_midnight,
    "logged in": lambda t: t.replace(microsecond=t.microsecond // 1000 * 1000),
    "scanned badge": lambda t: t.replace(microsecond=0),
}
"""The instant that remains of one once it is stored as the catalog says; sources not named here keep every instant."""


def storable(source: str, instant: datetime | None) -> datetime | None:
    return instant if instant is None or source not in STORABLE else STORABLE[source](instant)


DAYS = frozenset(f"{date(2000, 1, 1) + timedelta(days=day):%m%d}" for day in range(366))


def digits(month_day: str | None) -> str | None:
    """The four digits of a month and a day alone, `0517`; none of what is no day."""
    found = (month_day or "").replace("-", "").replace("/", "")
    return found if found in DAYS else None


def grouped(invoice: Row) -> Row:
    """The properties of a group of lines follow from its lines; it has at least one."""
    invoice["items"] = invoice["items"] or [dict.fromkeys(ITEMS["got invoice"])]
    amounts = [i["quantity"] * i["price"] for i in invoice["items"] if None not in (i.get("quantity"), i.get("price"))]
    invoice["amount"] = sum(amounts, Decimal(0)) if amounts else None
    invoice["lines"] = Decimal(len(invoice["items"]))
    return invoice


# --- random shops -------------------------------------------------------------------------------------------------


NOWS = (
    # The end of a month whose predecessors are shorter, five days after clocks went back.
    datetime(2025, 10, 31, 11, 30, tzinfo=UTC),
    # Two days after the local time was skipped, one month after no such day.
    datetime(2026, 3, 31, 0, 30, tzinfo=UTC),
    # A leap day, with microseconds.
    datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC),
)

LENGTHS: tuple[tuple[int, Unit], ...] = (
    (72, "h"), (3, "d"), (30, "d"), (1, "mo"), (90, "min"), (1, "d"), (2, "w"), (5, "d"), (4, "mo"), (13, "mo"),
    (1, "y"), (45, "s"), (2, "d"), (8, "mo"),
)  # fmt: skip
"""The lengths that random windows have."""


@lru_cache
def edges(now: datetime) -> tuple[datetime, ...]:
    """Instants at which windows of that `now` begin or end."""
    today = now.astimezone(ZONE).date()
    days = [today + timedelta(days=n) for n in (0, -1, 1, -2)]
    days += [next_period(period_start(today, unit), unit, n) for unit in ("week", "month", "year") for n in (0, -1)]
    days += [date(2025, 10, 26), date(2025, 10, 27), date(2025, 3, 30), date(2026, 3, 29), date(2023, 2, 28)]
    found = [now, *(step(now, -count, unit, ZONE) for count, unit in LENGTHS), *(midnight(d, ZONE) for d in days)]
    return (*found, *CHANGES)


CHANGES = tuple(
    datetime.fromisoformat(f"{time}+00:00")
    for time in (
        "2025-10-26 00:30", "2025-10-26 01:30", "2023-10-29 00:30", "2023-10-29 01:30", "2026-03-29 01:30",
        "2025-03-30 01:30", "2023-11-05 05:15", "2023-11-05 06:15", "2025-03-09 07:30",
    )
)  # fmt: skip
"""Inside the hours that clocks repeat (in both readings) and after those that they skip, here and in New York."""


@lru_cache
def times(now: datetime) -> tuple[datetime | None, ...]:
    micro = timedelta(microseconds=1)
    near = [edge + shift for edge in edges(now) for shift in (timedelta(), -micro, micro)]
    hour = timedelta(hours=1)
    # As many again lie in the last days and weeks, where most windows are.
    recent = [now - hour * n for n in (1, 2, 5, 9, 13, 20, 26, 30, 31, 40, 47, 50, 70, 90, 120, 130, 160, 170)]
    older = [now - hour * 24 * n for n in (10, 14, 20, 25, 40, 70, 100, 300, 400)]
    return (*recent, *near, *recent, *older, None)


TEXTS = (None, "NL", "BE", "nl", "", "Straße", "STRASSE", "İstanbul", "istanbul", "ΟΔΟΣ", "οδος", "οδοσ", "é",
         "e\u0301", "🎁 a*b?c", 'say "hi"', "it's", "100%_x\\", "5$", "nl\n")  # fmt: skip
NUMBERS = (None, None, 1, 0, 2, 3, -1, 5, 18, 100, 2, 32_767)
DECIMALS = (None, None, *map(Decimal, ("100", "0", "50.5", "33.33", "-5", "0.01", "99.99", "100.01", "7.1")))
HUGE = (Decimal("9999999999.99"), Decimal("-9999999999.99"))
"""The largest and the smallest amount that the columns of money hold."""
FLAGS = (None, True, False)
TAGS = (None, (), ("vip",), ("vip", "nl"), ("NL", "", "é"), ("vip", "vip"))
LUCKY = (None, (), (Decimal(7),), (Decimal(7), Decimal(13)), (Decimal(-1), Decimal(7), Decimal(7)))
BIRTHDAYS = (None, date(1990, 1, 1), date(1989, 12, 31), date(2000, 2, 29), date(2007, 10, 31))

POSITIONS = (
    None,
    *((Decimal(latitude), Decimal(longitude)) for latitude, longitude in (
        ("52.37", "4.89"), ("52.379", "4.9001"), ("52.0894", "5.121"), ("51.9225", "4.4792"), ("-33.86", "151.2"),
        ("0", "0"), ("90", "12"), ("-90", "0"), ("10.5", "180"), ("10.5", "-179.995"), ("-52.37", "-175.11"),
    )),
    (Decimal("52.37"), None), (None, Decimal("4.89")),
    *((Decimal(latitude), Decimal(longitude)) for latitude, longitude in (
        ("412.37", "4.89"), ("52.37", "364.89"), ("-90.000001", "0"), ("0", "-180.000001"), ("1e12", "4.89"),
    )),
)  # fmt: skip
"""None of them a millimetre from where a distance of the random rules ends; some are not on earth."""


@lru_cache
def pool(name: str, type_: str, now: datetime) -> tuple[Any, ...]:
    """The values that a property may have, the simplest first."""
    match type_:
        case "text":
            return TEXTS
        case "boolean":
            return FLAGS
        case "money":
            return DECIMALS + HUGE
        case "number":
            decimal = name in ("score", "discount", "x", "duration", "seconds")
            # One decimal is what the narrowest of these columns keeps.
            narrow = tuple(None if d is None else d.quantize(Decimal("0.1")) for d in DECIMALS)
            return narrow if decimal else tuple(None if n is None else Decimal(n) for n in NUMBERS)
        case "date":
            local = [(t + timedelta(days=n)).astimezone(ZONE).date() for t in edges(now) for n in (0, 1, 3, 14)]
            return (*BIRTHDAYS, *local)
        case "month-day":
            days = [(t + timedelta(days=n)).astimezone(ZONE).date() for t in edges(now) for n in (0, 1, 3, 14)]
            forms = ("--%m-%d", "%m-%d", "%m/%d", "%m%d", "%d-%m", "%Y-%m-%d")
            written = [day.strftime(forms[place % len(forms)]) for place, day in enumerate(days)]
            return (None, "02-29", "--02-30", "13-01", "", "5-17", "0228", "01/01", "12-31", *written)
        case "time":
            return (None, now + timedelta(days=3), *(storable(name, t) for t in times(now)))
        case "list of text":
            return TAGS
        case "position":
            return POSITIONS
        case _:
            return LUCKY


# Most shops have few kinds of events, and many of each.
FOCUSES: tuple[tuple[str, ...], ...] = (
    ("placed order",),
    ("placed order", "opened email"),
    ("got invoice", "placed order"),
    ("opened email", "clicked email", "clicked sms"),
    ("visited store", "phoned us"),
    ("attended class", "logged in"),
    ("received push", "answered survey"),
    ("scanned badge", "visited store", "clicked email"),
    tuple(EVENTS),
)
KEYS = ("ann", "bob", "Δora", "e'mil", "0", "cleo")
# Some rows belong to people who are not there, some to nobody.
OWNERS = (*KEYS[:3], *KEYS[:4], *KEYS[:5], *KEYS[:2], "nobody", None)
BADGES = ("b1", "b2", "b3")
"""Badges that may be somebody's; so may be a person's own key."""
# What follows from the lines of a group.
GROUPED = (("got invoice", "amount"), ("got invoice", "lines"))


def _rows(random: Random, columns: dict[str, tuple[Any, ...]], sizes: tuple[int, ...]) -> list[Row]:
    """Some rows of these columns."""
    return [{n: random.choice(values) for n, values in columns.items()} for _ in range(random.choice(sizes))]


@lru_cache
def _properties(source: str, now: datetime) -> dict[str, tuple[Any, ...]]:
    """The pools of a source's properties."""
    types = {**EVENTS, "profile": PROFILE, **{f"items of {event}": types for event, types in ITEMS.items()}}
    return {n: pool(n, t, now) for n, t in types.get(source, {}).items() if (source, n) not in GROUPED}


def random_shop(random: Random, now: datetime, focus: tuple[str, ...] = tuple(EVENTS)) -> Shop:
    """A shop at `now`, with rows of the events in `focus`."""
    # A few instants, so that many are equal; none now and then, and one that is hard to read.
    moments = random.choices(times(now), k=random.randint(2, 10))
    moments += [random.choice((None, now - timedelta(days=1))), random.choice(CHANGES)]
    sizes = (0, 4, 8, 12, 14) if len(focus) < 4 else (0, 1, 3, 5)

    def rows(source: str, sizes: tuple[int, ...], timed: bool = True, **more: tuple[Any, ...]) -> list[Row]:
        time = {"time": tuple(storable(source, t) for t in moments)} if timed else {}
        owners = (*OWNERS, *BADGES * 3) if source in ("scanned badge", "Staff") else OWNERS
        return _rows(random, {"profile": owners, **time, **_properties(source, now), **more}, sizes)

    people = _rows(random, _properties("profile", now), (5, 4, 3, 2, 5, 4, 3, 6, 6, 1, 0))
    profiles = [{"key": key, **row} for key, row in zip(KEYS, people, strict=False)]
    events = {name: rows(name, sizes, timed=name != "answered survey") for name in EVENTS if name in focus}
    for name in ITEMS:
        if found := events.get(name):
            for row in found:
                row["items"] = []
            of_event = {"event": tuple(range(12)), **_properties(f"items of {name}", now)}
            for item in _rows(random, of_event, sizes):
                found[item.pop("event") % len(found)]["items"].append(item)
    if "got invoice" in events:
        events["got invoice"] = [grouped(row) for row in events["got invoice"]]
    lists = {"Newsletter": rows("Newsletter", (0, 2, 4)), "Staff": rows("Staff", (0, 2), timed=False)}
    consent = {"receives": (True, False, True), "reason": ("form", "import", None)}
    own = [(p["key"], row) for p in profiles for row in rows("email", (1,), timed=False, **consent)]
    channels = {
        "email": [{**row, "profile": key} for key, row in own],
        "sms": rows("sms", (0, 3, 6, 8), timed=True, **consent),
        "push": rows("push", (0, 3, 5), timed=False, **consent),
        "post": rows("post", (0, 3, 6), receives=(True, False, True), reason=(None,)),
    }
    given = {"anonymous": (*BADGES, *BADGES, "ann", None), "known": OWNERS}
    badges = _rows(random, {**given, "time": tuple(storable("badges", t) for t in moments[:3])}, (0, 2, 4, 8))
    stores = random_stores(random)
    return Shop(profiles, events, channels, lists, stores, {"badges": badges})


def random_stores(random: Random) -> list[Row]:
    places = random.choices(POSITIONS, k=random.choice((1, 2, 0, 3)))
    return [
        {"name": ("store", "south", None)[number], "latitude": at and at[0], "longitude": at and at[1]}
        for number, at in enumerate(places)
    ]
