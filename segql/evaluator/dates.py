"""Days of the calendar: the parts of a date, and its anniversaries."""

from __future__ import annotations

from calendar import isleap
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import assert_never
from zoneinfo import ZoneInfo

from ..ast import DayPart
from ..calendar import local, whole_days
from ..conditions import Days
from .values import Cell

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local_day(value: Cell, zone: ZoneInfo) -> date:
    """The day of a date; of an instant the one on the local clock."""
    match value:
        case datetime():
            return local(value, zone).date()
        case date():
            return value
        case _:
            raise TypeError(f"{value!r} is no date")


def part_of(day: date, part: DayPart) -> Fraction | str:
    """A part of a date: its number, or the English name of its weekday."""
    match part:
        case "month":
            return Fraction(day.month)
        case "day":
            return Fraction(day.day)
        case "weekday":
            return WEEKDAYS[day.weekday()]
        case "year":
            return Fraction(day.year)
        case _:
            assert_never(part)


def days_from(start: Cell, end: Cell, zone: ZoneInfo) -> int:
    """The whole days from one time to another, on the local clock; where one is a date, the days of the calendar."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return whole_days(start, end, zone)
    return (local_day(end, zone) - local_day(start, zone)).days


def time_from(near: Cell, at: datetime, zone: ZoneInfo) -> timedelta:
    """How long an instant lies behind another; behind a date, by whole days of the calendar. Below 0 before it."""
    return at - near if isinstance(near, datetime) else local(at, zone).date() - local_day(near, zone)


def anniversary(born: date, window: Days, *, dated: bool = True) -> bool:
    """Whether some day of the window has the month and day of the date, in a later year; if not `dated`, in any."""
    assert window.start is not None
    assert window.end is not None
    days = [window.start + timedelta(days=n) for n in range((window.end - window.start).days)]
    return any((not dated or day.year > born.year) and (day.month, day.day) == _kept_in(born, day.year) for day in days)


def _kept_in(born: date, year: int) -> tuple[int, int]:
    """The month and day of the anniversary in that year: 29 February is kept on the 28th where there is none."""
    if (born.month, born.day) == (2, 29) and not isleap(year):
        return (2, 28)
    return (born.month, born.day)
