"""Windows as bounds in a column's own domain.

A window reaches the SQL as constants of the column's own type, so that the engine can use order and statistics. The set
of stored values that lie before an instant is computed exactly, also where clocks skip or repeat an hour.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from sqlglot import exp

from ..calendar import local, midnight, zone_of
from ..catalog.model import Property, StoredMoment
from ..catalog.sql import copied
from ..conditions import Days, Interval
from ..conditions.tracked import Placed, Track, Untold, track_of
from ..plain import dataclass
from . import nodes as n

Stored: TypeAlias = datetime | date | time | int | str
Stretch: TypeAlias = tuple[Stored | None, Stored | None]
"""Stored values `[from, to)`; None is without bound."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PER_SECOND = {"seconds": 1, "milliseconds": 1000, "microseconds": 1_000_000}


@dataclass(frozen=True, slots=True)
class Clock:
    """How a column stores instants. `zone`: of a naive timestamp, and of a date (the catalog's)."""

    stored: Literal["timestamp", "date", "seconds", "milliseconds", "microseconds"]
    zone: str | None = None

    @property
    def ordered(self) -> bool:
        """Whether stored values are ordered as their instants and equal only where these are."""
        return self.stored != "timestamp" or self.zone is None or steady(self.zone)

    @property
    def of_utc(self) -> bool:
        """Whether no local clocks tell what a stored value means."""
        return self.ordered and self.stored != "date"


EXACT = Clock("timestamp")
"""Timestamps with their zone."""
EVER = Interval(None, None)


def clock_of(moment: StoredMoment | Property, timezone: str) -> Clock:
    """How the catalog says that a moment is stored; `timezone` is the catalog's, whose days are its dates."""
    stored = moment.stored or "timestamp"
    if stored == "decimal" or stored == "integer" or stored == "float" or stored == "digits":  # noqa: PLR1714  # mypy
        raise AssertionError("no time is stored so")
    return Clock(stored, timezone if stored == "date" else moment.zone)


def steady(zone: str) -> bool:
    """Whether it is UTC by any of its names, so that its clocks never change."""
    return zone.upper() in ("UTC", "ETC/UTC", "GMT", "ETC/GMT", "Z")


def within(value: exp.Expr, clock: Clock, window: Interval) -> exp.Expr:
    """The stored value's instant lies in the window; NULL or false where there is none."""
    return cut(value, stretches, (window.start, window.end), clock)


def within_days(value: exp.Expr, window: Days) -> exp.Expr:
    """A date lies in the window."""
    return cut(value, _as_days, (window.start, window.end))


def _as_days(start: date | None, end: date | None) -> tuple[Stretch, ...]:
    return ((start, end),)


def cut(
    value: exp.Expr, stretches: Callable[..., tuple[Stretch, ...]], of: tuple[date | None, ...], *rest: object
) -> exp.Expr:
    """The value lies in the stretches that a pure function makes of moments."""
    track = track_of(*of)
    if track is None:
        return in_stretches(value, stretches(*of, *rest), literal)
    all_of_them = track.step(stretches, tuple(map(track.place, of)), *rest)
    holes = [
        (*[track.step(_bound, (all_of_them,), at, side) if there else None for side, there in enumerate(sides)],)
        for at, sides in enumerate(track.ask(_sides, (all_of_them,)))
    ]
    return in_stretches(value, holes, lambda place: _hole(track, place))


def _sides(parts: tuple[Stretch, ...]) -> list[tuple[bool, bool]]:
    """Which sides of each are bounded."""
    return [(start is not None, end is not None) for start, end in parts]


def _bound(parts: tuple[Stretch, ...], at: int, side: int) -> Stored | None:
    return parts[at][side]


MARK = re.compile("\ue000([0-9]+)\ue001")
"""What stands for a text of a track, by its place: a text that no statement has, and as long."""


def said(value: Stored) -> str:
    """What the literal of a bound says; of an instant without its zone, which dialects write in ways of their own."""
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)).isoformat(" ")
    return str(value) if isinstance(value, int | str) else value.isoformat()


def literal(value: Stored) -> exp.Expr:
    """The literal of a bound; of one of a track, with a mark for its text."""
    if isinstance(value, Placed):
        return _hole(value.track, value.place)
    if isinstance(value, int):
        return n.given(n.number(value), value)
    if isinstance(value, str):
        return n.given(exp.Literal.string(value), value)
    if isinstance(value, time):
        return n.given(n.cast(exp.Literal.string(value.isoformat()), exp.DType.TIME), value)
    if not isinstance(value, datetime):
        return n.day(value)
    return n.wall_time(value) if value.tzinfo is None else n.instant(value)


def _hole(track: Track, place: int) -> exp.Expr:
    node = literal(track.values[place])
    text = node.this if isinstance(node, exp.Cast) else node
    if not isinstance(text, exp.Literal):  # a number below zero
        raise Untold
    words = track.step(said, (place,))
    length = track.ask(len, (words,))  # where a line is broken hangs on it
    if length < len(f"{words}") + 2:
        raise Untold
    text.set("this", text.this.replace(track.values[words], f"\ue000{words:0{length - 2}}\ue001"))
    return node


def in_stretches(value: exp.Expr, parts: Sequence[tuple[Any, ...]], said: Callable[[Any], exp.Expr]) -> exp.Expr:
    """The value lies in one of the stretches."""
    spare = [value]  # the first use takes the value itself

    def one() -> exp.Expr:
        return spare.pop() if spare else copied(value)

    return n.either(
        n.both(n.compare(one(), op, said(bound)) for op, bound in ((">=", start), ("<", end)) if bound is not None)
        if (start, end) != (None, None)
        else n.is_set(one())
        for start, end in parts
    )


@lru_cache(maxsize=4096)
def stretches(start: datetime | None, end: datetime | None, clock: Clock) -> tuple[Stretch, ...]:
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
        micros = (instant - _EPOCH) // MICROSECOND
        return ((None, -(-micros * PER_SECOND[clock.stored] // 1_000_000)),)
    if clock.zone is None:
        return ((None, instant),)
    if steady(clock.zone):
        return ((None, _wall(instant)),)
    try:
        return _walls_before(instant, zone_of(clock.zone))
    except OverflowError:  # at the ends of the calendar, where no clocks change
        return ((None, local(instant, zone_of(clock.zone))),)


def _first_day_from(instant: datetime, zone: ZoneInfo) -> date | None:
    """The first local day that does not begin before the instant; None where there is none before the year 10000."""
    day = local(instant, zone).date()
    day -= min(timedelta(days=2), day - date.min)  # a day may have been skipped
    while midnight(day, zone) < instant:
        if day == date.max:
            return None
        day += timedelta(days=1)
    return day


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
            while two - one > MICROSECOND:
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
