"""The next instant at which time alone flips membership: the rule is asked again at each that may matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ..calendar import step, zone_of
from ..catalog.model import Catalog, Event, List
from ..conditions import Condition, Tree
from ..describer.values import Clock, instant
from ..evaluator import Key, Row, Shop
from ..evaluator.populations import looks_around
from ..evaluator.rules import holds_for
from ..evaluator.shop import Profile, Records
from ..evaluator.values import instant as instant_of
from .model import Next
from .moving import MICROSECOND
from .nodes import Node, leaves
from .passing import instants
from .words import length

YEARS = 2
"""So far ahead is looked."""

MOST_INSTANTS = 2_000
"""So many instants are tried."""

BindAt = Callable[[datetime], tuple[Tree[Condition], Node]]
"""The rule bound at another `now`."""


def next_flip(bind: BindAt, moving: Tree[Condition], shop: Shop, *, catalog: Catalog, key: Key, now: datetime) -> Next:
    """`moving` is the rule bound at a running clock."""
    if looks_around(moving):
        return Next(None, None, (), "Not known: the rule looks at other profiles, and what they will do is open.")
    zone = zone_of(catalog.timezone)
    clock = Clock(zone, now, catalog.currency)
    shop = existing(shop, catalog, key, now)
    records = Records(shop, catalog, now, only=key)
    profile = Profile(key, records.profiles[key], records)
    until = step(now, YEARS, "y", zone)

    def member(at: datetime) -> bool:
        # All rows are older than now, so that what is known of the profile is the same at any later instant.
        return holds_for(bind(at)[0], profile)

    inside = member(now)
    before = now
    candidates = instants(moving, profile, until)
    for candidate in candidates[:MOST_INSTANTS]:
        if member(candidate) != inside:
            at = _first(lambda x: member(x) != inside, before, candidate)
            because = _changed(bind, profile, at)
            says = f"{'Out' if inside else 'In'} {_at(at, clock)} (in {length(at - now)}), when "
            return Next(at, at, because, says + " and ".join(because) + ".")
        before = candidate
    if len(candidates) > MOST_INSTANTS:
        return Next(None, before, (), f"Not before {instant(before, clock)}; later was not looked at.")
    return Next(None, until, (), f"Not in the next {YEARS} years.")


def _at(time: datetime, clock: Clock) -> str:
    """`at Sun 20 Dec 2026 11:00`; a microsecond later, `just after` it."""
    said, before = instant(time, clock), instant(time - MICROSECOND, clock)
    return f"just after {before}" if len(before) < len(said) else f"at {said}"


def existing(shop: Shop, catalog: Catalog, key: Key, now: datetime) -> Shop:
    """The profile's rows that exist at `now`: what is dated later has not happened, and will not."""
    zone = zone_of(catalog.timezone)

    def kept(rows: Mapping[str, Sequence[Row]], sources: Mapping[str, Event | List]) -> dict[str, list[Row]]:
        return {
            name: [row for row in found if row.get("profile") == key and (sources[name].time is None or there(row))]
            for name, found in rows.items()
            if name in sources
        }

    def there(row: Row) -> bool:
        time = instant_of(row.get("time"), zone, "The time of a row")
        return time is None or time < now

    return replace(
        shop,
        profiles=[row for row in shop.profiles if row.get("key") == key],
        events=kept(shop.events, catalog.events),
        lists=kept(shop.lists, catalog.lists),
        channels={name: [r for r in rows if r.get("profile") == key] for name, rows in shop.channels.items()},
    )


def _first(flipped: Callable[[datetime], bool], before: datetime, at: datetime) -> datetime:
    """An instant after `before`, at most `at`, at which it is flipped and just before is not."""
    if not flipped(at - MICROSECOND):
        return at
    while at - before > MICROSECOND:
        middle = before + (at - before) / 2
        before, at = (before, middle) if flipped(middle) else (middle, at)
    return at


def _changed(bind: BindAt, profile: Profile, at: datetime) -> tuple[str, ...]:
    """What begins and what stops to hold at an instant."""
    found: dict[str, None] = {}
    here, there = (leaves(bind(time)[1]) for time in (at - MICROSECOND, at))
    for one, other in zip(here, there, strict=True):
        was = holds_for(one.bound, profile)
        if holds_for(other.bound, profile) != was:
            found[f"`{one.text}` {'stops' if was else 'begins'} to hold"] = None
    return tuple(found)
