"""Calendar arithmetic on the wall clock of a zone. Instants go in and out as aware datetimes in UTC.

The grain is the microsecond. A local time that clocks skip moves forward by the gap; one that they repeat is the
earlier instant (`fold=0`). What leaves the years 1 to 9999 on the way to another zone becomes their first or last
instant.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .ast import Unit

EXACT: dict[Unit, timedelta] = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1)}


@lru_cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises ZoneInfoNotFoundError or ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except OSError as error:  # a folder of the zone files (`Europe`), or a name that is no file's
        raise ZoneInfoNotFoundError(f"No time zone found with key {name}") from error


def to_utc(moment: datetime) -> datetime:
    """The instant of an aware datetime, as a plain datetime in UTC, cut to the microsecond."""
    return _moved(moment, UTC)


def local(instant: datetime, zone: ZoneInfo) -> datetime:
    """The naive wall-clock time of an instant."""
    return _moved(instant, zone).replace(tzinfo=None, fold=0)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The local day of an instant."""
    return local(instant, zone).date()


def resolve(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive wall-clock time: skipped moves forward by the gap, repeated is the earlier."""
    return _moved(wall.replace(tzinfo=zone, fold=0), UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first existing instant of a local day."""
    latest = resolve(datetime.combine(day, time()), zone)
    # Where clocks skip midnight, the day begins at the end of the gap: search it between the gap's two readings.
    earliest = _moved(datetime.combine(day, time(), zone).replace(fold=1), UTC)
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

    `s min h` are exact; `d w mo y` step on the local clock. Raises OverflowError or ValueError where that is
    outside the years 1 to 9999.
    """
    if not count:  # nowhere, not even to the other of two instants that one wall-clock time may mean
        return instant
    if unit in EXACT:
        return instant + EXACT[unit] * count
    wall = local(instant, zone)
    return resolve(datetime.combine(add_days(wall.date(), count, unit), wall.time()), zone)


def whole_days(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """The largest whole n with `start` + n days <= `end` on the local clock (negative when end is before start)."""
    wall = local(start, zone)
    # About the days apart: one more where clocks went back over midnight, fewer by time of day and by skipped days.
    count = min((local(end, zone).date() - wall.date()).days + 1, (date.max - wall.date()).days)
    while resolve(wall + timedelta(days=count), zone) > end:
        count -= 1
    return count


class ClockChange(NamedTuple):
    """A change of a zone's clocks: the instant, and how far ahead of UTC they are before and after it."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def size(self) -> timedelta:
        """How far clocks go forward; below zero: back."""
        return self.after - self.before

    @property
    def walls(self) -> tuple[datetime, datetime]:
        """The wall-clock times `[from, to)` that are skipped, or repeated."""
        ends = self.at.replace(tzinfo=None) + self.before, self.at.replace(tzinfo=None) + self.after
        return min(ends), max(ends)


_KNOWN = datetime(1990, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=64)
def changes(name: str) -> tuple[ClockChange, ...]:
    """The changes of a zone's clocks from 1990 on; those of today's rules come up to 2037, and recur from then on."""
    # Clocks in the east of Brazil went forward in October 2000 and back a week later: nowhere sooner.
    zone, stride, second = zone_of(name), timedelta(days=5), timedelta(seconds=1)
    found = []
    at = _KNOWN[0]
    offset = _offset(at, zone)
    while at < _KNOWN[1]:
        after = at + stride
        if _offset(after, zone) != offset:
            one, two = at, after
            while two - one > second:
                middle = one + (two - one) // (2 * second) * second
                one, two = (middle, two) if _offset(middle, zone) == offset else (one, middle)
            found.append(ClockChange(two, offset, _offset(two, zone)))
            at, offset = two, found[-1].after
        else:
            at = after
    return tuple(found)


def offsets(start: datetime, end: datetime, name: str) -> tuple[tuple[datetime | None, timedelta], ...]:
    """Since when in `[start, end)` the clocks of a zone are how far ahead of UTC, the latest first; None: all along.

    Nothing where that is not in the years whose changes are known.
    """
    if not _KNOWN[0] <= start <= end <= _KNOWN[1]:
        return ()
    changed = [(change.at, change.after) for change in changes(name) if start < change.at < end]
    return (*reversed(changed), (None, _offset(start, zone_of(name))))


@lru_cache(maxsize=64)
def swing(name: str) -> timedelta:
    """Between how far ahead of UTC and how far the clocks of a zone have been since 1850, and will be."""
    zone, start = zone_of(name), datetime(1850, 1, 1, tzinfo=UTC)
    # Nowhere did the clocks of a summer go back within a month.
    found = {_offset(start + timedelta(days=days), zone) for days in range(0, (_KNOWN[1] - start).days, 30)}
    return max(found) - min(found)


def skipped_days(name: str) -> tuple[date, ...]:
    """The days that never were in the zone of a name: those that it left out to change sides of the date line."""
    return tuple(change.walls[0].date() for change in changes(name) if change.size > timedelta(hours=12))


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


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _moved(moment: datetime, zone: tzinfo) -> datetime:
    # Spelled out, because a subclass (pandas' Timestamp) may carry nanoseconds.
    plain = datetime(
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond,
        tzinfo=moment.tzinfo, fold=moment.fold,
    )  # fmt: skip
    try:
        return plain.astimezone(zone)
    except OverflowError:
        return (datetime.min if plain.year == 1 else datetime.max).replace(tzinfo=zone)
