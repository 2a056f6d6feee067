"""Instants, wall-clock times and whole days on the local clock, as SQL expressions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from sqlglot import exp

from ..calendar import changes, local_day, offsets, skipped_days, swing, zone_of
from ..conditions import Interval
from ..conditions.live import is_live
from ..conditions.tracked import follow, told
from ..dialects import Dialect
from . import nodes as n
from .bounds import EVER, MICROSECOND, PER_SECOND, Clock, Stretch, before, cut, in_stretches, literal, steady, within

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
    if clock.stored == "microseconds":
        return value
    return exp.UnixMicros(this=instant(value, clock, dialect))


def resolve(wall: exp.Expr, zone: str, dialect: Dialect) -> exp.Expr:
    """The instant of a wall-clock time: skipped moves forward by the gap, repeated is the earlier."""
    at = _from(wall, zone)
    later, backward = dialect.repeated_hour == "later", dialect.skipped_hour == "backward"
    either = dialect.repeated_hour == "either"
    sizes = _sizes(zone, back=later or either) if not steady(zone) and (later or backward or either) else {}
    if not sizes:
        return at
    if either:
        earlier = [exp.Sub(this=n.operand(at.copy()), expression=n.interval(size, "MINUTE")) for size in sorted(sizes)]
        same = [n.compare(_at(one.copy(), zone), "=", wall.copy()) for one in earlier]
        return exp.Case(
            ifs=[exp.If(this=is_it, true=one) for is_it, one in zip(same, earlier, strict=True)], default=at
        )

    def shifted(minutes: int) -> exp.Expr:
        step = n.interval(minutes, "MINUTE")
        before_ = _from(exp.Paren(this=exp.Sub(this=n.operand(wall.copy()), expression=step.copy())), zone)
        return exp.Add(this=exp.Paren(this=before_), expression=step)

    # An engine that takes the later of a repeated time takes the earlier one of the time before it; and one that moves
    # a skipped time backward has the time before it in place. How long before is mostly the same.
    usual = max(sizes, key=lambda size: len(sizes[size]))
    others = []
    for size in sizes.keys() - {usual}:
        # Where it is less than usual, what comes next is not as long behind the change as the usual would be.
        reach = timedelta(minutes=max(0, usual - size))
        walls = [(start, end + reach) for start, end in sizes[size]]
        others.append(exp.If(this=in_stretches(n.operand(wall.copy()), walls, n.wall_time), true=shifted(size)))
    moved = exp.Case(ifs=others, default=shifted(usual)) if others else shifted(usual)
    return (exp.Least if later else exp.Greatest)(this=at, expressions=[moved], ignore_nulls=True)


@lru_cache(maxsize=256)
def _sizes(zone: str, *, back: bool) -> dict[int, list[tuple[datetime, datetime]]]:
    """By how many minutes clocks go back (or else forward) in a zone, each with the wall-clock times concerned."""
    sizes: dict[int, list[tuple[datetime, datetime]]] = {}
    for change in changes(zone):
        if (change.size < timedelta()) is back:
            sizes.setdefault(abs(change.size) // timedelta(minutes=1), []).append(change.walls)
    return sizes


def _at(value: exp.Expr, zone: str) -> exp.Expr:
    return exp.AtTimeZone(this=n.operand(value), zone=exp.Literal.string(zone))


def _from(wall_time: exp.Expr, zone: str) -> exp.Expr:
    return exp.FromTimeZone(this=n.operand(wall_time), zone=exp.Literal.string(zone))


def wall(value: exp.Expr, clock: Clock, zone: str, dialect: Dialect, among: Interval = EVER) -> exp.Expr:
    """The wall-clock time in a zone of a stored value's instant, which lies `among` these where it will be used."""
    if clock.stored == "timestamp" and clock.zone is not None and steady(clock.zone) and steady(zone):
        return value
    if clock.stored == "date" and clock.zone == zone and steady(zone):
        return n.cast(value, exp.DType.TIMESTAMP)
    known = _known(zone, among) if dialect.known_offsets and clock.of_utc and not steady(zone) else ()
    if not known:
        return _at(instant(value, clock, dialect), zone)
    in_utc = value.copy() if clock.stored == "timestamp" and clock.zone else _at(instant(value, clock, dialect), "UTC")
    *since, (_, first) = [(at, _length(ahead)) for at, ahead in known]
    ways = [exp.If(this=within(value.copy(), clock, Interval(at, None)), true=ahead) for at, ahead in since]
    ahead_of_utc = exp.Case(ifs=ways, default=first) if ways else first
    ahead_of_utc.add_comments([f"the clocks of {zone}"])
    return exp.Add(this=n.operand(in_utc), expression=ahead_of_utc)


_FEW = 7
"""As many offsets as a reader bears: those of three years."""


def _known(zone: str, among: Interval) -> tuple[tuple[datetime | None, timedelta], ...]:
    """Since when clocks are how far ahead of UTC; nothing where it is not known, or too long to say."""
    if among.start is None or among.end is None or is_live(among):
        return ()
    found = told(offsets, (among.start, among.end), zone)
    return found if len(found) <= _FEW else ()


def _length(ahead: timedelta) -> exp.Expr:
    """An offset as an interval, in the largest unit that it is a whole number of."""
    for unit, name in ((timedelta(hours=1), "HOUR"), (timedelta(minutes=1), "MINUTE")):
        if not ahead % unit:
            return n.interval(ahead // unit, name)
    return n.interval(ahead // timedelta(seconds=1), "SECOND")


# --- whole days on the local clock -----------------------------------------------------------------------------------


def days_until(wall_time: exp.Expr, now: datetime, zone: str) -> exp.Expr:
    """The largest whole n with the wall-clock time + n days <= now, on the local clock of the zone.

    The days between the dates, less those since the last day on which its time of day was reached: now's own, or else
    the one before. Where clocks have just gone back over midnight it may be the day after; where they skipped that
    time, or a whole day, an earlier one.
    """
    *some, last = told(_numbers, (now,), zone)
    ways = [
        exp.If(this=cut(n.cast(wall_time.copy(), exp.DType.TIME), _reached, (now,), zone, less), true=n.number(less))
        for less in some
    ]
    days = date_difference(literal(follow(local_day, now, zone_of(zone))), n.cast(wall_time, exp.DType.DATE))
    return exp.Sub(this=days, expression=exp.Case(ifs=ways, default=n.number(last)) if ways else n.number(last))


def _numbers(now: datetime, zone: str) -> list[int]:
    """How many days it may be less, the last where it is none of the others."""
    tried, known = list[int](), list[tuple[Stretch, ...]]()
    for less in range(-1, 4):
        reached = _reached(now, zone, less)
        if reached == ((None, None),):
            return [*tried, less]
        if reached and reached not in known:
            known.append(reached)
            tried.append(less)
    return [*tried, 3]


def _reached(now: datetime, zone: str, less: int) -> tuple[Stretch, ...]:
    """The times of the day so many days before today's that have been reached."""
    # Nothing is later than the last instant of all.
    until = before(Clock("timestamp", zone), now + MICROSECOND) if now < _LAST else ((None, None),)
    try:
        start = datetime.combine(local_day(now, zone_of(zone)) - timedelta(days=less), datetime.min.time())
    except OverflowError:
        return ()
    end = start + timedelta(days=1) if start.date() < date.max else None
    found: list[Stretch] = []
    for low, high in until:
        assert isinstance(low, datetime | None)
        assert isinstance(high, datetime | None)
        if (high is None or high > start) and (low is None or end is None or low < end):
            found.append((
                None if low is None or low <= start else low.time(),
                None if high is None or (end is not None and high >= end) else high.time(),
            ))  # fmt: skip
    return tuple(found)


def days_between(start: exp.Expr, end: exp.Expr, zone: str, dialect: Dialect) -> exp.Expr:
    """The same between two instants (timestamps with zone)."""
    one, two = _at(start.copy(), zone), _at(end.copy(), zone)
    days = date_difference(n.cast(two.copy(), exp.DType.DATE), n.cast(one.copy(), exp.DType.DATE))

    def reached(less: int) -> exp.Expr:
        day, time = n.cast(two.copy(), exp.DType.DATE), n.cast(one.copy(), exp.DType.TIME)
        if steady(zone):
            return n.compare(time, "<=", n.cast(two.copy(), exp.DType.TIME))
        at: exp.Expr = exp.Paren(this=exp.Add(this=day, expression=time))
        if less:
            at = exp.Paren(this=(exp.Sub if less > 0 else exp.Add)(this=at, expression=n.interval(1, "DAY")))
        return n.compare(resolve(at, zone, dialect), "<=", end.copy())

    tried = [0]
    if not steady(zone):
        tried = [*([-1] if _back_over_midnight(zone) else []), 0, *([1] if _forward_over_midnight(zone) else [])]
    ways = [exp.If(this=reached(less), true=n.number(less)) for less in tried]
    for skipped in skipped_days(zone):
        after = n.compare(n.cast(two.copy(), exp.DType.DATE), "=", n.day(skipped + timedelta(days=1)))
        ways.append(exp.If(this=after, true=n.number(2)))
    return exp.Sub(this=days, expression=exp.Case(ifs=ways, default=n.number(tried[-1] + 1)))


def days_apart(start: exp.Expr, end: exp.Expr, clock: Clock, zone: str, dialect: Dialect) -> exp.Expr:
    """The same between two stored values, of which the first is the earlier one.

    No clock has to be asked where the time between is further from a number of days of 24 hours than clocks have ever
    been set. Where it is near to one, it is that many days or one less, as the time of day of the first was reached.
    """
    hours = _swing(zone, dialect)
    if not hours:
        return days_between(instant(start, clock, dialect), instant(end, clock, dialect), zone, dialect)
    apart = exp.Paren(this=exp.Sub(this=micros(end, clock, dialect), expression=micros(start, clock, dialect)))
    near = exp.Paren(this=exp.Add(this=apart.copy(), expression=n.number(hours * _HOUR)))
    nearest = exp.IntDiv(this=near, expression=n.number(24 * _HOUR))
    then = exp.Add(
        this=n.operand(_at(instant(start.copy(), clock, dialect), zone)),
        expression=exp.Mul(this=n.operand(nearest), expression=n.interval(1, "DAY")),
    )
    resolved = exp.UnixMicros(this=resolve(exp.Paren(this=then), zone, dialect))
    reached = n.compare(resolved, "<=", micros(end.copy(), clock, dialect))
    return _by_hours(apart, hours, exp.Sub(this=nearest.copy(), expression=n.case(reached, n.number(0), n.number(1))))


def days_since(value: exp.Expr, clock: Clock, now: datetime, zone: str, dialect: Dialect) -> exp.Expr:
    """The same from a stored value, which is earlier, until now."""
    whole = days_until(wall(value, clock, zone, dialect), now, zone)
    hours = _swing(zone, dialect) if clock.of_utc else 0
    if not hours:
        return whole
    since = exp.Sub(this=exp.UnixMicros(this=literal(now)), expression=micros(value.copy(), clock, dialect))
    return _by_hours(exp.Paren(this=since), hours, whole)


_HOUR = timedelta(hours=1) // MICROSECOND


def _swing(zone: str, dialect: Dialect) -> int:
    """How many hours clocks have been set at most, where they are better not asked; else 0."""
    hours = -(-swing(zone) // timedelta(hours=1))
    return hours if dialect.slow_clocks and hours <= 4 else 0


def _by_hours(apart: exp.Expr, hours: int, whole: exp.Expr) -> exp.Expr:
    """The days in so many microseconds, or where they are nearer to a number of days of 24 hours, the `whole` days."""
    rest = exp.Mod(this=apart.copy(), expression=n.number(24 * _HOUR))
    far = exp.Between(this=rest, low=n.number(hours * _HOUR), high=n.number((24 - hours) * _HOUR - 1))
    return n.case(far, exp.IntDiv(this=apart, expression=n.number(24 * _HOUR)), whole)


def _back_over_midnight(zone: str) -> bool:
    """Whether clocks once went back to the day before, so that times of the day after had been already."""
    return any(
        change.size < timedelta() and change.walls[0].date() < (change.walls[1] - MICROSECOND).date()
        for change in changes(zone)
    )


def _forward_over_midnight(zone: str) -> bool:
    """Whether clocks once skipped a time that so moved into the next day."""
    return any(
        timedelta() < change.size < timedelta(hours=12)
        and change.walls[0].date() < (change.walls[1] + change.size - MICROSECOND).date()
        for change in changes(zone)
    )


def calendar_unit(wall_time: exp.Expr, unit: Literal["day", "week", "month"]) -> exp.Expr:
    """The first day of the day, week (from Monday) or month of a wall-clock time."""
    if unit != "day":
        wall_time = exp.TimestampTrunc(this=wall_time, unit=exp.Var(this=unit.upper()))
    return n.cast(wall_time, exp.DType.DATE)


def calendar_number(wall_time: exp.Expr, unit: Literal["day", "week", "month"]) -> exp.Expr:
    """A number for the day, week or month of a wall-clock time: 1 more for the next one, of weeks 7."""
    if unit == "month":
        year, month = (exp.Extract(this=exp.Var(this=part), expression=wall_time.copy()) for part in ("YEAR", "MONTH"))
        return exp.Add(this=n.binary(exp.Mul, year, n.number(12)), expression=month)
    return date_difference(calendar_unit(wall_time, unit), n.day(_MONDAY))


def date_difference(later: exp.Expr, earlier: exp.Expr) -> exp.Expr:
    """The days from one date to another, less than nothing where the first is the later one."""
    return exp.DateDiff(this=later, expression=earlier, unit=exp.Var(this="DAY"))
