"""Windows become constants: stretches of instants, or of local days for date-only properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from .. import ast
from ..calendar import add_days, midnight, next_period, period_start, resolve, step
from ..conditions import Days, Interval
from ..formatter import format as format_
from .scope import Scope, fail, unknown

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def past(scope: Scope, window: ast.Window | None) -> Interval:
    """The window for events and list joins: nothing at or after `now` exists. Empty stretches are `[now, now)`."""
    if isinstance(window, ast.InNext) or (isinstance(window, ast.Period) and window.name in ("tomorrow", "next")):
        fail("future-window", "Events lie in the past; this window lies in the future.", window.span,
             "`in the next ..` and `next ..` are for date properties; for events say `in 14d`")  # fmt: skip
    found = instants(scope, window) if window else Interval(None, None)
    end = scope.now if found.end is None else min(found.end, scope.now)
    if found.start is not None and found.start >= end:
        return Interval(scope.now, scope.now)
    return Interval(found.start, end)


def instants(scope: Scope, window: ast.Window) -> Interval:
    """The window for a time-stamped property: both sides of `now`."""
    now, zone = scope.now, scope.zone
    match window:
        case ast.InLast(length=length):
            return Interval(_back(scope, length), now)
        case ast.InNext(length=length):
            return Interval(now, _ahead(scope, length))
        case ast.BetweenAgo(one=one, other=other):
            bounds = (_back(scope, one), _back(scope, other))
            if None in bounds:
                known = [b for b in bounds if b]
                return Interval(None, known[0] if known else datetime.min.replace(tzinfo=UTC))
            return Interval(*sorted(b for b in bounds if b))
        case ast.MoreThanAgo(length=length):
            return Interval(None, _back(scope, length) or datetime.min.replace(tzinfo=UTC))
        case ast.Relative(word=word, moment=moment):
            at = _moment(scope, moment)
            if not isinstance(at, datetime):
                days = _around(word, at)
                return Interval(
                    None if days.start is None else midnight(days.start, zone),
                    None if days.end is None else midnight(days.end, zone),
                )
            if word == "on":
                fail("bad-window", "`on` takes a whole day, and this is a time of day.", moment.span,
                     "use `since`, `before` or `after` with a time")  # fmt: skip
            return Interval(None, at) if word == "before" else Interval(at + (MICROSECOND if word == "after" else timedelta()), None)
        case ast.BetweenMoments(start=start, end=end):
            low, high = _ordered(window, _moment(scope, start), _moment(scope, end))
            if isinstance(low, datetime) and isinstance(high, datetime):
                return Interval(low, high)
            return Interval(midnight(low, zone), midnight(high + DAY, zone))
        case ast.Period():
            span = _period(scope, window)
            return Interval(midnight(span[0], zone), midnight(span[1], zone))
        case ast.Ever():
            return Interval(None, None)
        case _:
            assert_never(window)


def days(scope: Scope, window: ast.Window, name: str) -> Days:
    """The window for the date-only property `name`: whole local days; today is the local day of `now`."""
    today = scope.today.date()
    match window:
        case ast.InLast(length=length):
            return Days(_plus(_day_back(scope, length, name)), today + DAY)
        case ast.InNext(length=length):
            return Days(today, _day_ahead(scope, length, name))
        case ast.BetweenAgo(one=one, other=other):
            bounds = (_day_back(scope, one, name), _day_back(scope, other, name))
            known = sorted(b for b in bounds if b)
            return Days(_plus(known[0]) if len(known) == 2 else None, _plus(known[-1]) if known else date.min)
        case ast.MoreThanAgo(length=length):
            return Days(None, _plus(_day_back(scope, length, name)) or date.min)
        case ast.Relative(word=word, moment=moment):
            return _around(word, _day(scope, moment, name))
        case ast.BetweenMoments(start=start, end=end):
            low, high = _ordered(window, _day(scope, start, name), _day(scope, end, name))
            return Days(low, high + DAY)
        case ast.Period():
            return Days(*_period(scope, window))
        case ast.Ever():
            return Days(None, None)
        case _:
            assert_never(window)


def length_of(scope: Scope, length: ast.Length) -> ast.Duration:
    """The duration, or the one that a parameter, a `let` or a constant names."""
    if isinstance(length, ast.Duration):
        return length
    value = scope.value(length)
    if value is None:
        unknown("duration", length, scope.known_values(), f"define it: `let {length.text} = 4 months`")
    if not isinstance(value, ast.Duration):
        fail("wrong-type", f"`{length.text}` is `{format_(value)}`, and a duration is needed here.", length.span,
             "durations look like `72h`, `3d`, `4 months`")  # fmt: skip
    return ast.Duration(value.count, value.unit, length.span)


def _around(word: str, day: date) -> Days:
    match word:
        case "before":
            return Days(None, day)
        case "since":
            return Days(day, None)
        case "after":
            return Days(_plus(day), None)
        case _:
            return Days(day, _plus(day))


def _plus(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + DAY


def _back(scope: Scope, length: ast.Length) -> datetime | None:
    """`now` minus the length; None before all time."""
    duration = length_of(scope, length)
    try:
        return step(scope.now, -duration.count, duration.unit, scope.zone)
    except (OverflowError, ValueError):
        return None


def _ahead(scope: Scope, length: ast.Length) -> datetime | None:
    duration = length_of(scope, length)
    try:
        return step(scope.now, duration.count, duration.unit, scope.zone)
    except (OverflowError, ValueError):
        return None


def _calendar(scope: Scope, length: ast.Length, name: str) -> ast.Duration:
    duration = length_of(scope, length)
    if duration.unit in ("s", "min", "h"):
        fail("bad-window", f"`{name}` is a date without a time of day, so it cannot be counted in hours.", length.span,
             "use days: `3d`, `2 weeks`, `4 months`")  # fmt: skip
    return duration


def _day_back(scope: Scope, length: ast.Length, name: str) -> date | None:
    duration = _calendar(scope, length, name)
    try:
        return add_days(scope.today.date(), -duration.count, duration.unit)
    except (OverflowError, ValueError):
        return None


def _day_ahead(scope: Scope, length: ast.Length, name: str) -> date | None:
    duration = _calendar(scope, length, name)
    try:
        return add_days(scope.today.date(), duration.count, duration.unit)
    except (OverflowError, ValueError):
        return None


def _moment(scope: Scope, moment: ast.Moment) -> date | datetime:
    """A local day (a date) or an instant (an aware datetime)."""
    today = scope.today.date()
    match moment:
        case ast.Date(value=day):
            return day
        case ast.Time(value=at):
            return at.astimezone(UTC) if at.tzinfo else resolve(at, scope.zone)
        case ast.Day(name=name):
            return today + {"yesterday": -DAY, "today": timedelta(), "tomorrow": DAY}[name]
        case ast.Ago(length=length, whole_day=whole_day):
            if whole_day:
                return _day_back(scope, length, "the day") or date.min
            return _back(scope, length) or datetime.min.replace(tzinfo=UTC)
        case ast.FromNow(length=length):
            return _ahead(scope, length) or datetime.max.replace(tzinfo=UTC)
        case ast.Name():
            value = scope.value(moment)
            if value is None:
                unknown("date", moment, scope.known_values(), "dates look like `2025-11-28`")
            if not isinstance(value, ast.Date | ast.Time):
                fail("wrong-type", f"`{moment.text}` is `{format_(value)}`, and a date is needed here.", moment.span,
                     "dates look like `2025-11-28`")  # fmt: skip
            return _moment(scope, value)
        case _:
            assert_never(moment)


def _day(scope: Scope, moment: ast.Moment, name: str) -> date:
    """A moment for a date-only property: `18 years ago` is the local day; a time of day is an error."""
    match moment:
        case ast.Ago(length=length):
            return _day_back(scope, length, name) or date.min
        case ast.FromNow(length=length):
            return _day_ahead(scope, length, name) or date.max
        case _:
            found = _moment(scope, moment)
            if isinstance(found, datetime):
                fail("bad-window", f"`{name}` is a date without a time of day.", moment.span, "give a date: `2025-11-28`")
            return found


def _ordered(window: ast.BetweenMoments, low: date, high: date) -> tuple[date, date]:
    if isinstance(low, datetime) != isinstance(high, datetime):
        fail("bad-window", "This window mixes a date and a time of day.", window.span,
             "give both as dates (both days in) or both as times (`2025-11-28T00:00`)")  # fmt: skip
    if low > high:
        swap = ast.BetweenMoments(window.end, window.start)
        fail("descending", "This window ends before it starts.", window.span, f"swap them: `between {_said(swap.start)} and {_said(swap.end)}`")
    return low, high


def _said(moment: ast.Moment) -> str:
    return moment.span.text or str(moment)


def _period(scope: Scope, window: ast.Period) -> tuple[date, date]:
    today = scope.today.date()
    if window.unit is None:
        day = today + {"yesterday": -DAY, "today": timedelta(), "tomorrow": DAY}[window.name]
        return day, day + DAY
    start = period_start(today, window.unit)
    try:
        start = next_period(start, window.unit, {"last": -1, "this": 0, "next": 1}[window.name])
        return start, next_period(start, window.unit)
    except (OverflowError, ValueError):  # at the edges of the years 1 to 9999
        return start, date.max
