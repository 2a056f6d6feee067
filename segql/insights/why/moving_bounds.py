"""Bounds that move with `now`: what a recipe (`conditions/live.py`) makes of one, and when it reaches a mark.

A bound mostly moves on with `now`. Where clocks change it may jump or go back, and about the end of a month too. So the
way back from a mark is walked step by step; at each, what could lead there is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeVar, assert_never
from zoneinfo import ZoneInfo

from ...ast import Unit
from ...calendar import EXACT, add_days, local, midnight, next_period, period_start, resolve, step
from ...conditions.live import (
    Begins,
    DayOf,
    DayRecipe,
    Earliest,
    Latest,
    LiveDay,
    LiveInstant,
    Moved,
    Now,
    Recipe,
    StartOf,
    Stepped,
)

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

T = TypeVar("T")


# --- what is made of a now -------------------------------------------------------------------------------------------


def as_of(node: T, now: datetime, zone: ZoneInfo) -> T:
    """What was bound at a running clock, with the bounds that it has at `now`."""
    found: Any = node
    match node:
        case LiveInstant(recipe=recipe):
            found = made(recipe, now, zone)
        case LiveDay(recipe=of_day):
            found = made_day(of_day, now, zone)
        case tuple():
            parts = tuple(as_of(part, now, zone) for part in node)
            found = node if all(one is other for one, other in zip(node, parts, strict=True)) else parts
        case _ if is_dataclass(node) and not isinstance(node, type):
            own = {one.name: getattr(node, one.name) for one in fields(node) if one.compare}
            moved = {name: then for name, part in own.items() if (then := as_of(part, now, zone)) is not part}
            found = replace(node, **moved) if moved else node
    return found  # type: ignore[no-any-return]


def made(recipe: Recipe, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant that a recipe makes at `now`; where the calendar ends, its first or last instant."""
    match recipe:
        case Now():
            return now
        case Stepped(of=of, count=count, unit=unit):
            at = made(of, now, zone)
            try:
                return at + MICROSECOND * count if unit == "us" else step(at, count, unit, zone)
            except (OverflowError, ValueError):
                return _LAST if count > 0 else _FIRST
        case Begins(day=day):
            return midnight(made_day(day, now, zone), zone)
        case Earliest(of=several):
            return min(as_of(one, now, zone) for one in several)
        case Latest(of=several):
            return max(as_of(one, now, zone) for one in several)
        case _:
            assert_never(recipe)


def made_day(recipe: DayRecipe, now: datetime, zone: ZoneInfo) -> date:
    """The day that a recipe makes at `now`, of the zone's calendar."""
    match recipe:
        case DayOf(of=of):
            return local(made(of, now, zone), zone).date()
        case Moved(of=of, count=count, unit=unit):
            day = made_day(of, now, zone)
            try:
                return add_days(day, count, unit)
            except (OverflowError, ValueError):
                return date.max if count > 0 else date.min
        case StartOf(of=of, period=period):
            return period_start(made_day(of, now, zone), period)
        case Earliest(of=several):
            return min(as_of(one, now, zone) for one in several)
        case Latest(of=several):
            return max(as_of(one, now, zone) for one in several)
        case _:
            assert_never(recipe)


# --- and the now of what is made -------------------------------------------------------------------------------------


def reaches(recipe: Recipe, mark: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Each `now` at which the bound comes to lie at or after the mark, or no longer does; others may be among them."""
    match recipe:
        case Now():
            yield mark
        case Stepped(of=of, count=count, unit=unit):
            for back in [mark - MICROSECOND * count] if unit == "us" else _stepped_back(mark, count, unit, zone):
                yield from reaches(of, back, zone)
        case Begins(day=day):
            first = local(mark, zone).date()
            for n in (-1, 0, 1):
                yield from reaches_day(day, first + DAY * n, zone)
        case Earliest(of=several) | Latest(of=several):
            for one in several:
                if isinstance(one, LiveInstant):
                    yield from reaches(one.recipe, mark, zone)
        case _:
            assert_never(recipe)


def reaches_day(recipe: DayRecipe, mark: date, zone: ZoneInfo) -> Iterator[datetime]:
    """The same for a day."""
    match recipe:
        case DayOf(of=of):
            tried = _shown(datetime.combine(mark, time()), zone)
            for at in _changing(lambda at: local(at, zone).date() >= mark, tried):
                yield from reaches(of, at, zone)
        case Moved(of=of, count=count, unit=unit):
            back = add_days(mark, -count, unit)
            for n in _slack(mark, unit):
                yield from reaches_day(of, back + DAY * n, zone)
        case StartOf(of=of, period=period):
            start = period_start(mark, period)
            yield from reaches_day(of, start if start == mark else next_period(start, period), zone)
        case Earliest(of=some) | Latest(of=some):
            for day in some:
                if isinstance(day, LiveDay):
                    yield from reaches_day(day.recipe, mark, zone)
        case _:
            assert_never(recipe)


def _stepped_back(mark: datetime, count: int, unit: Unit, zone: ZoneInfo) -> Iterator[datetime]:
    """The instants from which on so many units lead to the mark or later, or no longer do."""
    if unit in EXACT:
        yield step(mark, -count, unit, zone)
        return
    tried = []
    for wall in _meaning(mark, zone):
        back = add_days(wall.date(), -count, unit)
        for n in _slack(wall, unit):
            tried += _shown(datetime.combine(back + DAY * n, wall.time()), zone)
            # Several days lead to the end of a shorter month: at each midnight the bound goes back.
            tried += _shown(datetime.combine(back + DAY * n, time()), zone) if n else []
    yield from _changing(lambda at: step(at, count, unit, zone) >= mark, tried)


def _slack(to: date, unit: Unit) -> range:
    """So many days may lie between the plain way back from a day and what leads to it, about the end of a month."""
    return range(4) if unit in ("mo", "y") and to.day >= 28 else range(1)


def _changing(reached: Callable[[datetime], bool], tried: Iterable[datetime]) -> Iterator[datetime]:
    several = list(dict.fromkeys(tried))
    return (at for at in several if len(several) == 1 or reached(at) != reached(at - MICROSECOND))


def _meaning(at: datetime, zone: ZoneInfo) -> list[datetime]:
    """The wall-clock times at which what they mean comes to lie at or after an instant, or no longer does."""
    change = _change_near(at, zone)
    if change is None:
        return [local(at, zone)]
    plain = [moment.replace(tzinfo=None) for moment in (at, change[0])]
    return [moment + offset for moment in plain for offset in change[1:]]


def _shown(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants at which the clock comes to show a wall-clock time or a later one, or no longer does."""
    change = _change_near(resolve(wall, zone), zone)
    if change is None:
        return [resolve(wall, zone)]
    return [change[0], *((wall - offset).replace(tzinfo=UTC) for offset in change[1:])]


@lru_cache(maxsize=10_000)
def _change_near(at: datetime, zone: ZoneInfo) -> tuple[datetime, timedelta, timedelta] | None:
    """When clocks change, a day around an instant, and their offsets before and after. (Some once skipped a day.)"""
    one, other = at - 25 * HOUR, at + 25 * HOUR
    before, after = _offset(one, zone), _offset(other, zone)
    if before == after:
        return None
    while other - one > MICROSECOND:
        middle = one + (other - one) / 2
        one, other = (one, middle) if _offset(middle, zone) != before else (middle, other)
    return other, before, after


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
