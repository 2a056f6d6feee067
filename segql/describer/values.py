"""Values, instants and windows in words. Instants stand on the wall clock of the catalog's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ..calendar import midnight
from ..conditions import Days, Interval, Value
from ..plain import dataclass

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_MOST_VALUES = 30
"""A longer list is cut, and its length is said."""


@dataclass(frozen=True, slots=True)
class WallClock:
    """What the words depend on: the calendar's zone, `now`, the currency."""

    zone: ZoneInfo
    now: datetime
    currency: str


def day(value: date) -> str:
    """`Sat 28 Nov 2026`."""
    return f"{_WEEKDAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def instant(value: datetime, clock: WallClock) -> str:
    """`Thu 19 Nov 2026 10:00`; with seconds where there are any, with the offset in an hour that clocks repeat.

    Without the fraction of a second: a clock's or a row's tells nobody anything.
    """
    return _said(value.replace(microsecond=0), clock)


def _written(value: datetime, clock: WallClock) -> str:
    """An instant of the rule: with the fraction of a second that it writes, not with the one of `now`."""
    return instant(value, clock) if value.microsecond == clock.now.microsecond else _said(value, clock)


def _said(value: datetime, clock: WallClock) -> str:
    try:
        wall = value.astimezone(clock.zone)
    except OverflowError:  # the ends of the calendar
        return f"{day(value)} {value:%H:%M} UTC"
    text = f"{day(wall)} {wall:%H:%M}"
    if wall.second or wall.microsecond:
        text += f":{wall:%S}"
    if wall.microsecond:
        text += f".{wall:%f}"
    if wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset():
        text += f" ({wall:%z})"
    return text


def number(value: Decimal) -> str:
    """Digits in groups of three, no exponent, no idle zeros."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal, currency: str, *, cents: bool = False) -> str:
    """An amount with its sign or, without one, its ISO code; with `cents` also those of a whole amount: in a column."""
    amount = number(value.copy_abs())  # `abs` keeps 28 digits
    whole, point, part = amount.partition(".")
    amount = f"{whole}.{part.ljust(2, '0')}" if point or cents else whole
    minus = "-" if value < 0 else ""
    return f"{minus}{_SIGNS[currency]}{amount}" if currency in _SIGNS else f"{minus}{amount} {currency}"


def value_of(value: Value, clock: WallClock, *, is_money: bool = False, is_year: bool = False) -> str:
    """A value as people write it: texts in quotes, instants by the clock on the wall."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            if is_year:
                return number(value).replace(",", "")
            return money(value, clock.currency) if is_money else number(value)
        case datetime():
            return _written(value, clock)
        case date():
            return day(value)
        case str():
            return '"' + value.replace('"', '""') + '"'


def values_of(values: tuple[Value, ...], clock: WallClock, *, is_money: bool = False, is_year: bool = False) -> str:
    """The first values, and how many more there are."""
    shown = [value_of(value, clock, is_money=is_money, is_year=is_year) for value in values[:_MOST_VALUES]]
    rest = len(values) - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")


def window(given: Interval, clock: WallClock) -> str:
    """When something happened: `from Thu 19 Nov 2026 10:00 up to now`; empty for events without time."""
    start, end = given.start, given.end
    if start is None:
        if end is None:
            return ""
        return "ever" if end == clock.now else f"before {_written(end, clock)}"
    if end is None:
        return f"at or after {_written(start, clock)}"
    if start >= end:
        return "at no time (the window is empty)"
    if (whole := _whole_days(start, end, clock)) is not None:
        return days(whole)
    if end == clock.now:
        return f"from {_written(start, clock)} up to now"
    return f"from {_written(start, clock)} up to, not including, {_written(end, clock)}"


def _whole_days(start: datetime, end: datetime, clock: WallClock) -> Days | None:
    """The local days that the instants cover exactly, or None."""
    try:
        first, after = start.astimezone(clock.zone).date(), end.astimezone(clock.zone).date()
        exact = midnight(first, clock.zone) == start and midnight(after, clock.zone) == end
    except (OverflowError, ValueError):
        return None
    return Days(first, after) if exact else None


def days(given: Days) -> str:
    """Local days: `on Sun 22 Nov 2026`, `from Mon 16 Nov 2026 to Sun 22 Nov 2026 (both days in)`."""
    start, end = given.start, given.end
    if start is None:
        return "set" if end is None else f"before {day(end)}"
    if end is None:
        return f"on or after {day(start)}"
    if start >= end:
        return "on no day (the window is empty)"
    last = end - timedelta(days=1)
    return f"on {day(start)}" if last == start else f"from {day(start)} to {day(last)} (both days in)"


_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def length(of: timedelta, *, in_hours: bool = True) -> str:
    """`3 days (72 hours)`: so long is a day where hours are counted; of days of the calendar `3 days`."""
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if of >= unit and of % unit == timedelta():
            hours = f" ({of // _HOUR:,} hours)" if unit == _DAY and in_hours else ""
            return f"{_count(of // unit, name)}{hours}"
    return _count(of // timedelta(seconds=1), "second")


def _count(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"
