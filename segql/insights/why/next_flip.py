"""The next instant at which time alone flips membership: each condition is asked again when it may have changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from ...ast import Unit
from ...calendar import step, zone_of
from ...catalog.model import Catalog, Event, List
from ...conditions import Condition, Tree
from ...describer.values import WallClock, instant
from ...evaluator import Key, Row, Shop
from ...evaluator.populations import looks_around
from ...evaluator.records import Profile, Records
from ...evaluator.rules import holds_for
from ...evaluator.shop import led_on
from ...evaluator.values import instant as instant_of
from .flip_times import instants, work
from .model import Next
from .moving_bounds import as_of
from .outline import Line, Outline, holds, leaves
from .wording import length

AHEAD: tuple[tuple[int, Unit], ...] = ((1, "w"), (1, "mo"), (6, "mo"), (2, "y"))
"""So far ahead is looked, part by part."""

MOST_WORK = 2_000_000
"""So much is done for it (`work`), which takes about a second."""


def next_flip(node: Outline, shop: Shop, *, catalog: Catalog, key: Key, now: datetime) -> Next:
    """`node` is the rule bound at a running clock; of the shop only the profile's rows matter."""
    rules = list(dict.fromkeys(leaf.bound for leaf in leaves(node)))
    if any(map(looks_around, rules)):
        return Next(None, None, (), "Not known: the rule looks at other profiles, and what they will do is open.")
    zone = zone_of(catalog.timezone)
    clock = WallClock(zone, now, catalog.currency)
    # All rows are older than now, so that what is known of the profile is the same at any later instant.
    records = Records(existing(shop, catalog, key, now), catalog, now, only=key)
    profile = Profile(key, records.profiles[key], records)
    weights = {rule: work(rule, profile) for rule in rules}

    def judged(rule: Tree[Condition], at: datetime) -> bool:
        return holds_for(as_of(rule, at, zone), profile)

    truth = {rule: judged(rule, now) for rule in rules}
    inside = holds(node, truth)
    before, done = now, 0
    for start, end in pairwise([now, *_ahead(now, zone)]):
        timeline: dict[datetime, list[Tree[Condition]]] = {}
        for rule in rules:
            for at in instants(rule, profile, start, end):
                timeline.setdefault(at, []).append(rule)
        for at in sorted(timeline):
            done += sum(weights[rule] for rule in timeline[at])
            if done > MOST_WORK:
                return Next(None, before, (), f"Not before {instant(before, clock)}; later was not looked at.")
            then = truth | {rule: judged(rule, at) for rule in timeline[at]}
            if holds(node, then) != inside:
                changed = [leaf for leaf in leaves(node) if then[leaf.bound] != truth[leaf.bound]]
                because = tuple(dict.fromkeys(_turns(leaf, then[leaf.bound], at, clock) for leaf in changed))
                says = f"{'Out' if inside else 'In'} {_at(at, clock)} (in {length(at - now)})"
                if not isinstance(node, Line):
                    says += ", when " + " and ".join(because)
                return Next(at, at, because, f"{says}.")
            truth, before = then, at
        before = end
    return Next(None, before, (), f"Not in the next {AHEAD[-1][0]} years.")


def _ahead(now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """How far is looked, as long as the calendar goes."""
    with suppress(OverflowError, ValueError):
        for count, unit in AHEAD:
            yield step(now, count, unit, zone)


def _turns(leaf: Line, holds: bool, at: datetime, clock: WallClock) -> str:
    """``clicked sms in 72h` is no longer true`."""
    then = f", as of {instant(as_of(leaf.at, at, clock.zone), clock)}," if leaf.at is not None else ""
    return f"`{leaf.text}`{then} {'becomes true' if holds else 'is no longer true'}"


def _at(time: datetime, clock: WallClock) -> str:
    """`at Sun 20 Dec 2026 11:00`; a microsecond later, `just after` it."""
    return f"{'just after' if time.microsecond == 1 else 'at'} {instant(time, clock)}"


def existing(shop: Shop, catalog: Catalog, key: Key, now: datetime) -> Shop:
    """The profile's rows that exist at `now`: what is dated later has not happened, and will not."""
    zone, shop = zone_of(catalog.timezone), led_on(shop, catalog)

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
