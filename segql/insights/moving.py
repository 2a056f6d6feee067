"""Bounds that move with `now`: what a recipe (`conditions/live.py`) makes of one, and for which it passes a mark.

A bound mostly moves on with `now`. Where clocks change or months differ in length it may stand still or move back; so
each `now` that arithmetic proposes is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar, assert_never
from zoneinfo import ZoneInfo

from ..ast import Unit
from ..calendar import EXACT, add_days, local, midnight, next_period, period_start, resolve, step
from ..conditions.live import Begins, DayOf, DayRecipe, Earliest, LiveInstant, Moved, Now, Recipe, StartOf, Stepped

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

T = TypeVar("T")


def passed(recipe: Recipe, mark: datetime, gaps: Sequence[datetime], zone: ZoneInfo) -> Iterator[datetime]:
    """Each `now` at which the bound comes to lie after the mark, or no longer does. `gaps`: when clocks change."""
    near = [gap for gap in gaps if abs(gap - mark) <= 3 * HOUR]
    marks = [mark, *near, *([mark - HOUR, mark + HOUR] if near else [])]
    for at in dict.fromkeys(_tried(lambda one: _reaches(recipe, one, zone), marks)):
        if (made(recipe, at - MICROSECOND, zone) > mark) != (made(recipe, at, zone) > mark):
            yield at


def day_passed(recipe: DayRecipe, mark: date, zone: ZoneInfo) -> Iterator[datetime]:
    """The same for a day."""
    for at in dict.fromkeys(_tried(lambda one: _reaches_day(recipe, one, zone), [mark, mark + DAY])):
        if (made_day(recipe, at - MICROSECOND, zone) > mark) != (made_day(recipe, at, zone) > mark):
            yield at


def clock_changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """When the clocks change."""
    at = start
    while at < end:
        after = min(at + DAY * 7, end)
        if _offset(at, zone) != _offset(after, zone):
            one, other = at, after
            while other - one > MICROSECOND:
                middle = one + (other - one) / 2
                one, other = (middle, other) if _offset(middle, zone) == _offset(at, zone) else (one, middle)
            yield other
        at = after


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


# --- what is made of a now -------------------------------------------------------------------------------------------


def made(recipe: Recipe, now: datetime, zone: ZoneInfo) -> datetime:
    match recipe:
        case Now():
            return now
        case Stepped(of=of, count=count, unit=unit):
            at = made(of, now, zone)
            return at + MICROSECOND * count if unit == "us" else step(at, count, unit, zone)
        case Begins(day=day):
            return midnight(made_day(day, now, zone), zone)
        case Earliest(of=several):
            return min(made(one.recipe, now, zone) if isinstance(one, LiveInstant) else one for one in several)
        case _:
            assert_never(recipe)


def made_day(recipe: DayRecipe, now: datetime, zone: ZoneInfo) -> date:
    match recipe:
        case DayOf(of=of):
            return local(made(of, now, zone), zone).date()
        case Moved(of=of, count=count, unit=unit):
            return add_days(made_day(of, now, zone), count, unit)
        case StartOf(of=of, period=period):
            return period_start(made_day(of, now, zone), period)
        case _:
            assert_never(recipe)


# --- and the now of what is made -------------------------------------------------------------------------------------


def _tried(solve: Callable[[T], Iterator[datetime]], marks: Sequence[T]) -> Iterator[datetime]:
    """The solutions and the instants just after them, as far as they lie in the calendar."""
    for mark in marks:
        try:
            for at in solve(mark):
                yield at
                yield at + MICROSECOND
        except (OverflowError, ValueError):
            continue


def _reaches(recipe: Recipe, mark: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """About each `now` at which the bound reaches the mark."""
    match recipe:
        case Now():
            yield mark
        case Stepped(of=of, count=count, unit=unit):
            backs = [mark - MICROSECOND * count] if unit == "us" else _stepped_back(mark, count, unit, zone)
            for back in backs:
                yield from _reaches(of, back, zone)
        case Begins(day=day):
            first = local(mark, zone).date()
            for one in (first, first + DAY):
                yield from _reaches_day(day, one, zone)
        case Earliest(of=several):
            for other in several:
                if isinstance(other, LiveInstant):
                    yield from _reaches(other.recipe, mark, zone)
        case _:
            assert_never(recipe)


def _reaches_day(recipe: DayRecipe, mark: date, zone: ZoneInfo) -> Iterator[datetime]:
    match recipe:
        case DayOf(of=of):
            yield from _reaches(of, midnight(mark, zone), zone)
        case Moved(of=of, count=count, unit=unit):
            back = add_days(mark, -count, unit)
            for n in _slack(unit):
                yield from _reaches_day(of, back + DAY * n, zone)
        case StartOf(of=of, period=period):
            start = period_start(mark, period)
            yield from _reaches_day(of, start if start == mark else next_period(start, period), zone)
        case _:
            assert_never(recipe)


def _stepped_back(mark: datetime, count: int, unit: Unit, zone: ZoneInfo) -> Iterator[datetime]:
    """From where so many units lead to an instant: the same wall-clock time, about a month's end a few days around."""
    if unit in EXACT:
        yield step(mark, -count, unit, zone)
        return
    wall = local(mark, zone)
    for n in _slack(unit):
        day = add_days(wall.date(), -count, unit) + DAY * n
        again = datetime.combine(day, wall.time())
        yield resolve(again, zone)
        yield again.replace(tzinfo=zone, fold=1).astimezone(UTC)
        if unit in ("mo", "y"):
            yield midnight(day, zone)


def _slack(unit: Unit) -> range:
    return range(-1, 4) if unit in ("mo", "y") else range(1)
