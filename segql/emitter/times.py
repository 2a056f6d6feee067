"""Instants, wall-clock times and whole days on the local clock, as SQL expressions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from sqlglot import exp

from ..calendar import local, skipped_days, zone_of
from ..dialects import Dialect
from . import nodes as n
from .bounds import MICROSECOND, PER_SECOND, Clock, before, in_stretches, steady

_MONDAY = date(1900, 1, 1)
_LAST = datetime.max.replace(tzinfo=UTC)


def instant(value: exp.Expr, clock: Clock, dialect: Dialect) -> exp.Expr:
    """The stored value's instant, a timestamp with zone."""
    match clock.stored:
        case "timestamp" if clock.zone is None:
            return value
        case "timestamp":
            return resolve(value, clock.zone or "UTC", dialect)
        case "date":
            return resolve(n.cast(value, exp.DType.TIMESTAMP), clock.zone or "UTC", dialect)
        case unit:
            factor = 1_000_000 // PER_SECOND[unit]
            # The factor has 64 bits, for the product has as many as the wider of the two.
            micros = n.binary(exp.Mul, value, n.cast(n.number(factor), exp.DType.BIGINT)) if factor > 1 else value
            return _from(exp.UnixToTime(this=micros, scale=exp.UnixToTime.MICROS.copy()), "UTC")


def micros(value: exp.Expr, clock: Clock, dialect: Dialect) -> exp.Expr:
    """The stored value's instant as microseconds since 1970, a whole number."""
    return exp.UnixMicros(this=instant(value, clock, dialect))


def resolve(wall: exp.Expr, zone: str, dialect: Dialect) -> exp.Expr:
    """The instant of a wall-clock time: skipped moves forward by the gap, repeated is the earlier."""
    at = _from(wall, zone)
    later, backward = dialect.repeated_hour == "later", dialect.skipped_hour == "backward"
    changed = _changed(zone) if later or backward else None
    if changed is None:
        return at
    # An engine that takes the later of a repeated time takes the earlier one of the time before it; and one that moves
    # a skipped time backward has the time before it in place.
    minutes = n.interval(changed, "MINUTE")
    before_ = _from(exp.Paren(this=exp.Sub(this=n.operand(wall.copy()), expression=minutes.copy())), zone)
    moved = exp.Add(this=exp.Paren(this=before_), expression=minutes)
    return (exp.Least if later else exp.Greatest)(this=at, expressions=[moved], ignore_nulls=True)


@lru_cache(maxsize=256)
def _changed(zone: str) -> int | None:
    """By how many minutes clocks change in this zone, None where they do not (since 1990)."""
    if steady(zone):
        return None
    sizes: dict[int, int] = {}
    at, last = datetime(1990, 1, 1, tzinfo=UTC), None
    zone_ = zone_of(zone)
    while at.year < 2038:
        offset = at.astimezone(zone_).utcoffset() or timedelta()
        if last is not None and offset < last:
            minutes = (last - offset) // timedelta(minutes=1)
            sizes[minutes] = sizes.get(minutes, 0) + 1
        at, last = at + timedelta(days=7), offset
    return max(sizes, key=lambda size: sizes[size]) if sizes else None


def _at(value: exp.Expr, zone: str) -> exp.Expr:
    return exp.AtTimeZone(this=n.operand(value), zone=exp.Literal.string(zone))


def _from(wall_time: exp.Expr, zone: str) -> exp.Expr:
    return exp.FromTimeZone(this=n.operand(wall_time), zone=exp.Literal.string(zone))


def wall(value: exp.Expr, clock: Clock, zone: str, dialect: Dialect) -> exp.Expr:
    """The wall-clock time in a zone of a stored value's instant."""
    if clock.stored == "timestamp" and clock.zone is not None and steady(clock.zone) and steady(zone):
        return value
    if clock.stored == "date" and clock.zone == zone and steady(zone):
        return n.cast(value, exp.DType.TIMESTAMP)
    return _at(instant(value, clock, dialect), zone)


# --- whole days on the local clock -----------------------------------------------------------------------------------


def days_until(wall_time: exp.Expr, now: datetime, zone: str) -> exp.Expr:
    """The largest whole n with the wall-clock time + n days <= now, on the local clock of the zone.

    The days between the dates, less one where the time of day is not reached yet on now's own date. On the day after
    one that the zone skipped less two: the skipped day's times are its own.
    """
    today = local(now, zone_of(zone)).date()
    midnight_ = datetime.combine(today, datetime.min.time())
    tomorrow = midnight_ + timedelta(days=1) if today < date.max else None
    reached = []
    # Nothing is later than the last instant of all.
    for low, high in before(Clock("timestamp", zone), now + MICROSECOND) if now < _LAST else [(None, None)]:
        assert high is None or isinstance(high, datetime)
        start = None if low is None or low <= midnight_ else low  # type: ignore[operator]
        end = None if high is None or (tomorrow is not None and high >= tomorrow) else high
        if (high is None or high > midnight_) and (low is None or tomorrow is None or low < tomorrow):  # type: ignore[operator]
            reached.append((start, end))
    is_reached = in_stretches(n.cast(wall_time.copy(), exp.DType.TIME), reached, _time_of_day)
    days = _date_difference(n.day(today), n.cast(wall_time, exp.DType.DATE))
    short = 2 if today in [day + timedelta(days=1) for day in skipped_days(zone)] else 1
    return exp.Sub(this=days, expression=n.case(is_reached, n.number(0), n.number(short)))


def _time_of_day(wall_time: datetime) -> exp.Expr:
    return n.cast(exp.Literal.string(wall_time.time().isoformat()), exp.DType.TIME)


def days_between(start: exp.Expr, end: exp.Expr, zone: str, dialect: Dialect) -> exp.Expr:
    """The same between two instants (timestamps with zone)."""
    one, two = _at(start.copy(), zone), _at(end.copy(), zone)
    days = _date_difference(n.cast(two.copy(), exp.DType.DATE), n.cast(one.copy(), exp.DType.DATE))
    if steady(zone):
        reached = n.compare(n.cast(one, exp.DType.TIME), "<=", n.cast(two, exp.DType.TIME))
    else:
        wall_ = exp.Paren(this=exp.Add(this=n.cast(two, exp.DType.DATE), expression=n.cast(one, exp.DType.TIME)))
        reached = n.compare(resolve(wall_, zone, dialect), "<=", end)
    short: exp.Expr = n.number(1)
    for skipped in skipped_days(zone):
        after = n.compare(n.cast(two.copy(), exp.DType.DATE), "=", n.day(skipped + timedelta(days=1)))
        short = n.case(after, n.number(2), short)
    return exp.Sub(this=days, expression=n.case(reached, n.number(0), short))


def calendar_unit(wall_time: exp.Expr, unit: Literal["day", "week", "month"]) -> exp.Expr:
    """The day of a wall-clock time; a number for its week (from Monday) or its month."""
    if unit == "month":
        year, month = (exp.Extract(this=exp.Var(this=part), expression=wall_time.copy()) for part in ("YEAR", "MONTH"))
        return exp.Add(this=n.binary(exp.Mul, year, n.number(12)), expression=month)
    day = n.cast(wall_time, exp.DType.DATE)
    if unit == "day":
        return day
    # Less the days since Monday, counted so that the rest is right before the first one too.
    days = _date_difference(day, n.day(_MONDAY))
    rest = n.binary(exp.Mod, exp.Add(this=n.binary(exp.Mod, days, n.number(7)), expression=n.number(7)), n.number(7))
    return exp.Sub(this=days.copy(), expression=n.operand(rest))


def _date_difference(later: exp.Expr, earlier: exp.Expr) -> exp.Expr:
    return exp.DateDiff(this=later, expression=earlier, unit=exp.Var(this="DAY"))
