"""Conditions over the set of one profile's occurrences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Literal, assert_never

from .. import conditions as c
from ..calendar import local
from .measures import occurrences, rows
from .predicates import Sight, fits, value_of
from .records import Profile
from .values import Cell, compare, within


def holds_among(condition: c.Habit, profile: Profile) -> bool:
    """Whether it holds for the profile."""
    match condition:
        case c.Share(of=of, has=has, op=op, percent=percent):
            found = occurrences(of, profile)
            fitting = sum(fits(has, sight) for sight in found)
            return bool(found) and compare(Fraction(fitting, len(found)) * 100, op, Fraction(percent))
        case c.Regular(of=of, periods=periods, each=each, at_least=at_least, at_most=at_most):
            instants = [sight.time for sight in occurrences(of, profile) if sight.time is not None]
            counts = [sum(within(instant, period) for instant in instants) for period in periods]
            return _between(sum(_between(count, *each) for count in counts), at_least, at_most)
        case c.OnDifferent(of=of, unit=unit, at_least=at_least, at_most=at_most, in_a_row=in_a_row):
            zone = profile.records.zone
            walls = [local(sight.time, zone) for sight in occurrences(of, profile) if sight.time is not None]
            different_ = {calendar_unit(wall, unit) for wall in walls}
            return _between(longest(different_, unit) if in_a_row else len(different_), at_least, at_most)
        case c.Repeats(of=of, fields=fields, at_least=at_least, at_most=at_most):
            repeated = Counter(value for sight in occurrences(of, profile) for value in different(fields, sight))
            return any(_between(count, at_least, at_most) for count in repeated.values())
        case c.MostCommon(of=of, field=field, fits=test):
            found = [row for row in rows(field, of, profile) if value_of(field, row) is not None]
            times = Counter(value_of(field, row) for row in found)
            most = max(times.values(), default=0)
            return any(fits(test, row) for row in found if times[value_of(field, row)] == most)
        case c.InCommon(of=each, fields=fields):
            return bool(in_common(each, fields, profile))
        case _:
            assert_never(condition)


def in_common(
    each: Sequence[c.Occurrences], fields: Sequence[Sequence[c.Field]], profile: Profile
) -> frozenset[tuple[Cell, ...]]:
    """The values that an occurrence of each has."""
    found = [
        frozenset(value for sight in occurrences(of, profile) for value in different(own, sight))
        for of, own in zip(each, fields, strict=True)
    ]
    return found[0].intersection(*found[1:])


def _between(count: int, at_least: int, at_most: int | None) -> bool:
    return at_least <= count and (at_most is None or count <= at_most)


def calendar_unit(wall: datetime, unit: Literal["day", "week", "month"]) -> date:
    """The first day of the local day, week (from Monday) or month."""
    day = wall.date()
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case _:
            assert_never(unit)


def longest(units: Collection[date], unit: Literal["day", "week", "month"]) -> int:
    """How many of these calendar units, by their first days, follow each other without a gap, at most."""
    most, streak, before = 0, 0, None
    for first in sorted(units):
        streak = streak + 1 if before is not None and _previous(first, unit) == before else 1
        most, before = max(most, streak), first
    return most


def _previous(first: date, unit: Literal["day", "week", "month"]) -> date | None:
    """The first day of the unit before; None before the calendar's first."""
    try:
        return calendar_unit(datetime.combine(first - timedelta(days=1), time()), unit)
    except OverflowError:
        return None


def different(fields: Sequence[c.Field], sight: Sight) -> frozenset[tuple[Cell, ...]]:
    """The values of the fields that an occurrence has at once, its own and one item's; missing is none."""
    of_items = any(field.scope == "item" for field in fields)
    rows = [replace(sight, item=item) for item in sight.items] if of_items else [sight]
    found = (tuple(value_of(field, row) for field in fields) for row in rows)
    return frozenset(values for values in found if None not in values)  # type: ignore[misc]
