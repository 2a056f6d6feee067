"""Since when membership has been as it is: back in time, each condition is asked again where it may have changed.

What is known of the profile at an instant are its rows before it; its properties and its consent have no history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from ...ast import Unit
from ...calendar import step, zone_of
from ...catalog.model import Catalog
from ...conditions import Condition, Tree
from ...evaluator import Key, Shop
from ...evaluator.populations import looks_around
from ...evaluator.records import Profile, Records
from ...evaluator.rules import holds_for
from .flip_times import instants, work
from .inputs import events, lists
from .model import Since
from .moving_bounds import MICROSECOND, as_of
from .next_flip import existing
from .outline import Outline, holds, leaves

BACK: tuple[tuple[int, Unit], ...] = ((1, "w"), (1, "mo"), (6, "mo"), (2, "y"), (5, "y"))
"""So far back is looked, part by part."""

MOST_WORK = 2_000_000
"""So much is done for it (`work`), which takes about a second."""


def last_flip(node: Outline, shop: Shop, *, catalog: Catalog, key: Key, now: datetime) -> Since:
    """`node` is the rule bound at a running clock; of the shop only the profile's rows matter."""
    rules = list(dict.fromkeys(leaf.bound for leaf in leaves(node)))
    if any(map(looks_around, rules)):
        return Since(None, None)
    zone = zone_of(catalog.timezone)
    shop = existing(shop, catalog, key, now)

    def person(at: datetime) -> Profile:
        records = Records(shop, catalog, at, only=key)
        return Profile(key, records.profiles[key], records)

    profile = person(now)
    appeared = {rule: _rows(rule, profile) for rule in rules}
    weights = {rule: work(rule, profile) for rule in rules}
    truth = {rule: holds_for(as_of(rule, now, zone), profile) for rule in rules}
    inside = holds(node, truth)
    after, done = now, 0
    for end, start in pairwise([now, *_back(now, zone)]):
        timeline: dict[datetime, list[Tree[Condition]]] = {}
        for rule in rules:
            there = {time + MICROSECOND for time in appeared[rule] if start < time + MICROSECOND <= end}
            for at in there | instants(rule, profile, start, end):
                timeline.setdefault(at, []).append(rule)
        for at in sorted(timeline, reverse=True):
            done += sum(weights[rule] for rule in timeline[at])
            if done > MOST_WORK:
                return Since(None, after)
            before = at - MICROSECOND
            then = person(before)
            truth |= {rule: holds_for(as_of(rule, before, zone), then) for rule in timeline[at]}
            if holds(node, truth) != inside:
                return Since(at, at)
            after = at
        after = start
    return Since(None, after)


def _rows(rule: Tree[Condition], profile: Profile) -> Sequence[datetime]:
    """When the rows that a condition reads came into being."""
    records, key = profile.records, profile.key
    found = [one.time for event in events(rule) for one in records.occurrences(event, key)]
    return [time for time in (*found, *(at for name in lists(rule) for at in records.joins(name, key))) if time]


def _back(now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """How far is looked, as long as the calendar goes."""
    with suppress(OverflowError, ValueError):
        for count, unit in BACK:
            yield step(now, -count, unit, zone)
