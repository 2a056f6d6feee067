"""Calendar arithmetic on the wall clock of a zone. Instants go in and out as aware datetimes in UTC, to the microsecond.

A local time that clocks skip moves forward by the gap; one that they repeat is the earlier instant (`fold=0`).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .ast import Unit

EXACT: dict[Unit, timedelta] = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1)}


@lru_cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises ZoneInfoNotFoundError or ValueError when there is none."""
    return ZoneInfo(name)


def local(instant: datetime, zone: ZoneInfo) -> datetime:
    """The naive wall-clock time of an instant."""
    return instant.astimezone(zone).replace(tzinfo=None)


def resolve(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive wall-clock time: skipped moves forward by the gap, repeated is the earlier."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first existing instant of a local day."""
    latest = resolve(datetime.combine(day, time()), zone)
    # Where clocks skip midnight, the day begins at the end of the gap: search it between the gap's two readings.
    earliest = datetime.combine(day, time(), zone).replace(fold=1).astimezone(UTC)
    while latest - earliest > timedelta(microseconds=1):
        middle = earliest + (latest - earliest) / 2
        if local(middle, zone).date() < day:
            earliest = middle
        else:
            latest = middle
    return latest


def add_months(day: date, count: int) -> date:
    """The day `count` months later (earlier when negative), clamped at the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, count: int, unit: Unit) -> date:
    """The day `count` calendar units (d, w, mo, y) later."""
    if unit in ("mo", "y"):
        return add_months(day, count * (12 if unit == "y" else 1))
    return day + timedelta(days=count * (7 if unit == "w" else 1))


def step(instant: datetime, count: int, unit: Unit, zone: ZoneInfo) -> datetime:
    """The instant `count` units later (earlier when negative), in one step.

    `s min h` are exact; `d w mo y` step on the local clock. Raises OverflowError or ValueError outside the years 1-9999.
    """
    if unit in EXACT:
        return instant + EXACT[unit] * count
    wall = local(instant, zone)
    return resolve(datetime.combine(add_days(wall.date(), count, unit), wall.time()), zone)


def whole_days(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """The largest whole n with `start` + n days <= `end` on the local clock (negative when end is before start)."""
    wall = local(start, zone)
    count = (local(end, zone).date() - wall.date()).days
    return count if resolve(wall + timedelta(days=count), zone) <= end else count - 1


def period_start(day: date, unit: str) -> date:
    """The first day of the week (Monday), month, quarter or year that holds a day."""
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case _:
            return day.replace(month=1, day=1)


def next_period(start: date, unit: str, count: int = 1) -> date:
    """The first day of the period `count` periods after the one that begins at `start`."""
    if unit == "week":
        return start + timedelta(weeks=count)
    return add_months(start, count * {"month": 1, "quarter": 3, "year": 12}[unit])
