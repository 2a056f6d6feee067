"""Time in SQL: windows as bounds in a column's own domain, instants, and whole days on the local clock.

A window reaches the SQL as constants of the column's own type, so that the engine can use order and statistics. The set
of stored values that lie before an instant is computed exactly, also where clocks skip or repeat an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from sqlglot import exp

from ..calendar import local, midnight, zone_of
from ..catalog.model import Moment
from ..conditions import Days, Interval
from ..dialects import Dialect
from . import nodes as n

Stored: TypeAlias = datetime | date | int
Stretch: TypeAlias = tuple[Stored | None, Stored | None]
"""Stored values `[from, to)`; None is without bound."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PER_SECOND = {"seconds": 1, "milliseconds": 1000, "microseconds": 1_000_000}


@dataclass(frozen=True, slots=True)
class Clock:
    """How a column stores instants. `zone`: of a naive timestamp, and of a date (the catalog's)."""

    stored: Literal["timestamp", "date", "seconds", "milliseconds", "microseconds"]
    zone: str | None = None

    @property
    def ordered(self) -> bool:
        """Whether stored values are ordered as their instants and equal only where these are."""
        return self.stored != "timestamp" or self.zone is None or _steady(self.zone)


EXACT = Clock("timestamp")
"""Timestamps with their zone."""


def clock_of(moment: Moment, timezone: str) -> Clock:
    return Clock(moment.stored, timezone if moment.stored == "date" else moment.zone)


def _steady(zone: str) -> bool:
    return zone.upper() in ("UTC", "ETC/UTC", "GMT", "ETC/GMT", "Z")


# --- windows ---------------------------------------------------------------------------------------------------------


def within(value: exp.Expr, clock: Clock, window: Interval) -> exp.Expr:
    """The stored value's instant lies in the window; NULL or false where there is none."""
    return in_stretches(value, stretches(clock, window.start, window.end), lambda bound: _literal(bound, clock))


def within_days(value: exp.Expr, window: Days) -> exp.Expr:
    """A date lies in the window."""
    return in_stretches(value, ((window.start, window.end),), lambda bound: n.day(_as_date(bound)))


def in_stretches(value: exp.Expr, parts: Sequence[Stretch], literal: object) -> exp.Expr:
    """The value lies in one of the stretches."""
    return n.either(
        n.both(
            n.compare(value.copy(), op, literal(bound))  # type: ignore[operator]
            for op, bound in ((">=", start), ("<", end))
            if bound is not None
        )
        if (start, end) != (None, None)
        else n.is_set(value.copy())
        for start, end in parts
    )


@lru_cache(maxsize=4096)
def stretches(clock: Clock, start: datetime | None, end: datetime | None) -> tuple[Stretch, ...]:
    """The stored values whose instants lie in `[start, end)`: disjoint, in order, none empty."""
    if start is not None and end is not None and start >= end:
        return ()
    parts: list[Stretch] = list(before(clock, end)) if end is not None else [(None, None)]
    for cut in before(clock, start) if start is not None else ():
        parts = [piece for part in parts for piece in _without(part, cut)]
    return tuple(parts)


def _without(part: Stretch, cut: Stretch) -> list[Stretch]:
    """What is left of a stretch."""
    (low, high), (start, end) = part, cut
    pieces: list[Stretch] = []
    if start is not None:
        stop = start if high is None or start < high else high  # type: ignore[operator]
        if low is None or low < stop:  # type: ignore[operator]
            pieces.append((low, stop))
    if end is not None:
        begin = end if low is None or low < end else low  # type: ignore[operator]
        if high is None or begin < high:  # type: ignore[operator]
            pieces.append((begin, high))
    return pieces


@lru_cache(maxsize=4096)
def before(clock: Clock, instant: datetime) -> tuple[Stretch, ...]:
    """The stored values whose instants lie before one: disjoint, in order."""
    if clock.stored == "date":
        return ((None, _first_day_from(instant, zone_of(clock.zone or "UTC"))),)
    if clock.stored != "timestamp":
        micros = (instant - _EPOCH) // _MICROSECOND
        return ((None, -(-micros * _PER_SECOND[clock.stored] // 1_000_000)),)
    if clock.zone is None:
        return ((None, instant),)
    try:
        return _walls_before(instant, zone_of(clock.zone))
    except OverflowError:  # at the ends of the calendar
        return ((None, instant.replace(tzinfo=None)),)


def _first_day_from(instant: datetime, zone: ZoneInfo) -> date:
    """The first local day that does not begin before the instant."""
    try:
        day = local(instant, zone).date()
        while midnight(day, zone) < instant:
            day += timedelta(days=1)
        return day
    except OverflowError:
        return instant.date()


def _walls_before(instant: datetime, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """The wall-clock times whose instants (`calendar.resolve`) lie before one.

    Between two changes of the clocks a wall-clock time L means L - offset. At a change at X, from offset a to offset b,
    the new offset counts from the wall-clock time X + max(a, b) on: skipped times still have the old one, and so have
    repeated times. Where clocks skip, the times after the gap therefore mean what the skipped ones mean, and a bound
    in that stretch of instants leaves two stretches of wall-clock times.
    """
    reach = timedelta(hours=50)
    offsets = [_offset(instant + shift, zone) for shift in (-reach, timedelta(), reach)]
    if offsets[0] == offsets[1] == offsets[2]:
        return ((None, _wall(instant) + offsets[1]),)
    changes = _changes(instant - reach, instant + reach, zone)
    found: list[Stretch] = []
    piece: datetime | None = None
    for offset, change in zip(
        [_offset(instant - reach, zone), *(new for _, _, new in changes)], [*changes, None], strict=True
    ):
        after = _wall(change[0]) + max(change[1], change[2]) if change is not None else None
        bound = _wall(instant) + offset
        end = bound if after is None or bound < after else after
        if piece is None or piece < end:
            if found and found[-1][1] == piece:
                found[-1] = (found[-1][0], end)
            else:
                found.append((piece, end))
        piece = after
    return tuple(found)


def _changes(start: datetime, end: datetime, zone: ZoneInfo) -> list[tuple[datetime, timedelta, timedelta]]:
    """The changes of the clocks in a stretch of instants: when, the offset before, the offset after."""
    found = []
    step = timedelta(hours=1)
    while start < end:
        one, two = start, start + step
        old, new = _offset(one, zone), _offset(two, zone)
        if old != new:
            while two - one > _MICROSECOND:
                middle = one + (two - one) / 2
                if _offset(middle, zone) == old:
                    one = middle
                else:
                    two = middle
            found.append((two, old, new))
        start += step
    return found


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _wall(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)


def _literal(value: Stored, clock: Clock) -> exp.Expr:
    if isinstance(value, int):
        return n.number(value)
    if not isinstance(value, datetime):
        return n.day(value)
    return n.wall_time(value) if value.tzinfo is None else n.instant(value)


def _as_date(value: Stored) -> date:
    assert isinstance(value, date)
    return value


# --- instants --------------------------------------------------------------------------------------------------------


def instant(value: exp.Expr, clock: Clock, dialect: Dialect) -> exp.Expr:
    """The stored value's instant, a timestamp with zone."""
    match clock.stored:
        case "timestamp" if clock.zone is None:
            return value
        case "timestamp":
            return resolve(value, clock.zone or "UTC", dialect)
        case "date":
            return resolve(n.cast(value, "TIMESTAMP"), clock.zone or "UTC", dialect)
        case unit:
            factor = 1_000_000 // _PER_SECOND[unit]
            micros = n.binary(exp.Mul, value, n.number(factor)) if factor > 1 else value
            return _at(exp.UnixToTime(this=micros, scale=exp.UnixToTime.MICROS), "UTC")


def resolve(wall: exp.Expr, zone: str, dialect: Dialect) -> exp.Expr:
    """The instant of a wall-clock time: skipped moves forward by the gap, repeated is the earlier."""
    at = _at(wall, zone)
    repeated = _repeated(zone) if dialect.repeated_hour == "later" else None
    if repeated is None:
        return at
    # An engine that takes the later of a repeated time takes the earlier one of the time before it.
    minutes = n.interval(repeated, "MINUTE")
    sooner = exp.Paren(this=_at(exp.Paren(this=exp.Sub(this=n.operand(wall.copy()), expression=minutes.copy())), zone))
    return exp.Least(this=at, expressions=[exp.Add(this=sooner, expression=minutes)], ignore_nulls=True)


@lru_cache(maxsize=256)
def _repeated(zone: str) -> int | None:
    """How many minutes clocks repeat where they go back in this zone, None where they do not (since 1990)."""
    if _steady(zone):
        return None
    sizes: dict[int, int] = {}
    at, last = datetime(1990, 1, 1, tzinfo=UTC), None
    zone_ = zone_of(zone)
    while at.year < 2038:
        offset = _offset(at, zone_)
        if last is not None and offset < last:
            minutes = (last - offset) // timedelta(minutes=1)
            sizes[minutes] = sizes.get(minutes, 0) + 1
        at, last = at + timedelta(days=7), offset
    return max(sizes, key=lambda size: sizes[size]) if sizes else None


def _at(value: exp.Expr, zone: str) -> exp.Expr:
    return exp.AtTimeZone(this=n.operand(value), zone=exp.Literal.string(zone))


def wall(value: exp.Expr, clock: Clock, zone: str, dialect: Dialect) -> exp.Expr:
    """The wall-clock time in a zone of a stored value's instant."""
    if clock.stored == "timestamp" and clock.zone is not None and _steady(clock.zone) and _steady(zone):
        return value
    if clock.stored == "date" and clock.zone == zone and _steady(zone):
        return n.cast(value, "TIMESTAMP")
    return _at(instant(value, clock, dialect), zone)


# --- whole days on the local clock -----------------------------------------------------------------------------------


def days_until(wall_time: exp.Expr, now: datetime, zone: str) -> exp.Expr:
    """The largest whole n with the wall-clock time + n days <= now, on the local clock of the zone.

    The days between the dates, less one where the time of day is not reached yet on now's own date.
    """
    today = local(now, zone_of(zone)).date()
    midnight_ = datetime.combine(today, datetime.min.time())
    tomorrow = midnight_ + timedelta(days=1)
    reached = []
    for low, high in before(Clock("timestamp", zone), now + _MICROSECOND):
        assert isinstance(high, datetime)
        start = None if low is None or low <= midnight_ else low  # type: ignore[operator]
        end = None if high >= tomorrow else high
        if high > midnight_ and (low is None or low < tomorrow):  # type: ignore[operator]
            reached.append((start, end))
    time_of_day = n.cast(wall_time.copy(), "TIME")
    is_reached = n.either(
        n.both(
            n.compare(
                time_of_day.copy(), op, n.cast(exp.Literal.string(bound.time().isoformat()), "TIME")  # type: ignore[union-attr]
            )
            for op, bound in ((">=", start), ("<", end))
            if bound is not None
        )
        for start, end in reached
    )
    days = _date_difference(n.day(today), n.cast(wall_time, "DATE"))
    if isinstance(is_reached, exp.Boolean) and is_reached.this:
        return days
    return exp.Sub(this=days, expression=n.case(is_reached, n.number(0), n.number(1)))


def days_between(start: exp.Expr, end: exp.Expr, zone: str, dialect: Dialect) -> exp.Expr:
    """The same between two instants (timestamps with zone)."""
    one, two = _at(start.copy(), zone), _at(end.copy(), zone)
    days = _date_difference(n.cast(two.copy(), "DATE"), n.cast(one.copy(), "DATE"))
    if _steady(zone):
        reached = n.compare(n.cast(one, "TIME"), "<=", n.cast(two, "TIME"))
    else:
        wall_ = exp.Paren(this=exp.Add(this=n.cast(two, "DATE"), expression=n.cast(one, "TIME")))
        reached = n.compare(resolve(wall_, zone, dialect), "<=", end)
    return exp.Sub(this=days, expression=n.case(reached, n.number(0), n.number(1)))


def _date_difference(later: exp.Expr, earlier: exp.Expr) -> exp.Expr:
    return exp.DateDiff(this=later, expression=earlier, unit=exp.Var(this="DAY"))
