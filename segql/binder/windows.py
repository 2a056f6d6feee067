"""Windows become constants: stretches of instants, or of local days for date-only properties."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NoReturn, assert_never

from .. import ast
from ..calendar import add_days, midnight, next_period, period_start, resolve, step, to_utc
from ..catalog import fold
from ..conditions import Days, Interval, live
from ..conditions.tracked import follow
from ..errors import Fix
from ..formatter import format as format_
from ..formatter.windows import moment as moment_text
from ..formatter.windows import window as window_text
from ..words import spellings
from .advice.wheres import place_meant
from .advice.years import ends_meant, moment_meant, period_meant
from .scope import Scope, fail, unknown

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
DAYS_FROM_TODAY = {"yesterday": -1, "today": 0, "tomorrow": 1}


def past(scope: Scope, window: ast.Window | None) -> Interval:
    """The window for events and list joins: nothing at or after `now` exists. Empty stretches are `[now, now)`."""
    if window is None:
        return Interval(None, scope.now)
    not_ahead(window, "Events lie in the past")
    found = instants(scope, window)
    match window:
        case ast.Period(name="today" | "this" | "so far"):
            end: datetime = scope.now
        case ast.Period() | ast.BetweenAgo() | ast.MoreThanAgo():  # over by now
            end = found.end or scope.now
        case _:
            end = scope.now if found.end is None else live.earliest(found.end, scope.now)
    existing = Interval(found.start, end)
    if found.start is not None and found.start >= end and not live.is_live(existing):
        return Interval(scope.now, scope.now)
    return existing


def not_ahead(window: ast.Window, why: str) -> None:
    """No `in the next ..` here."""
    if isinstance(window, ast.InNext) or (isinstance(window, ast.Period) and window.name in ("tomorrow", "next")):
        fail("future-window", f"{why}, and `{window_text(window)}` lies in the future.", window.span,
             "only a date property looks ahead")  # fmt: skip


def instants(scope: Scope, window: ast.Window) -> Interval:
    """The window for a time-stamped property: both sides of `now`."""
    try:
        return _instants(scope, window)
    except (OverflowError, ValueError):
        _too_far(window)


def days(scope: Scope, window: ast.Window, name: str) -> Days:
    """The window for the date-only property `name`: whole local days; today is the local day of `now`."""
    try:
        return _days(scope, window, name)
    except (OverflowError, ValueError):
        _too_far(window)


def _too_far(window: ast.Window) -> NoReturn:
    fail(
        "bad-window",
        f"`{window_text(window)}` reaches beyond the years 1 to 9999.",
        window.span,
        "for all time say",
        "ever",
    )


def _instants(scope: Scope, window: ast.Window) -> Interval:
    now = scope.now
    match window:
        case ast.InLast(length=length):
            return Interval(_instant(scope, length, -1), now)
        case ast.InNext(length=length):
            return Interval(now, _instant(scope, length))
        case ast.BetweenAgo(one=one, other=other):
            return Interval(*live.ordered(_instant(scope, one, -1), _instant(scope, other, -1)))
        case ast.MoreThanAgo(length=length):
            return Interval(None, _instant(scope, length, -1))
        case ast.At(moment):
            fail("bad-window", "A moment alone is no window.", moment.span, *_day_of(moment))
        case ast.Relative(word=word, moment=moment):
            at = _moment(scope, moment)
            if not isinstance(at, datetime):
                return _whole(scope, _around(word, at))
            if word == "on":
                fail(
                    "bad-window",
                    f"`on` takes a whole day, and `{moment_text(moment)}` is an instant.",
                    moment.span,
                    *_day_of(moment),
                )
            if word == "before":
                return Interval(None, at)
            return Interval(at if word == "since" else live.stepped(at + MICROSECOND, at, 1, "us"), None)
        case ast.BetweenMoments(start=start, end=end):
            ends_meant(scope, window)
            low, high = _ordered(window, _moment(scope, start), _moment(scope, end))
            if isinstance(low, datetime) and isinstance(high, datetime):
                return Interval(low, high)
            return _whole(scope, Days(low, _end(high)))
        case ast.Period("so far"):
            return Interval(_whole(scope, _period(scope, window)).start, now)
        case ast.Period():
            return _whole(scope, _period(scope, window))
        case ast.Ever():
            return Interval(None, None)
        case _:
            assert_never(window)


def _days(scope: Scope, window: ast.Window, name: str) -> Days:
    today = scope.today
    match window:
        case ast.InLast(length=length):
            return Days(_moved(_day(scope, length, name, -1)), _end(today))
        case ast.InNext(length=length):
            return Days(today, _day(scope, length, name))
        case ast.BetweenAgo(one=one, other=other):
            far, near = live.ordered(_day(scope, one, name, -1), _day(scope, other, name, -1))
            return Days(_moved(far), _end(near))
        case ast.MoreThanAgo(length=length):
            return Days(None, _end(_day(scope, length, name, -1)))
        case ast.At(moment):
            return _around("on", _day_at(scope, moment, name))
        case ast.Relative(word=word, moment=moment):
            return _around(word, _day_at(scope, moment, name))
        case ast.BetweenMoments(start=start, end=end):
            ends_meant(scope, window)
            low, high = _ordered(window, _day_at(scope, start, name), _day_at(scope, end, name))
            return Days(low, _end(high))
        case ast.Period("so far"):
            return Days(_period(scope, window).start, _end(today))
        case ast.Period():
            return _period(scope, window)
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
        if meant := period_meant(scope, length):
            says = "comes each year" if len(meant) > 2 else "is a window of its own"
            span = next((fix.span for fix in meant[1:] if isinstance(fix, Fix)), length.span)
            fail("unknown-name", f"`{length.text}` {says}.", span, *meant)
        if placed := place_meant(scope, length):
            fail("unknown-name", f"There is no duration called `{length.text}`.", length.span, *placed)
        let = f"define it above the segments: `let {length.text} = 4 months`"
        place = "a window is a length of time, `in 30d`; where it happened is a property of the event"
        begins = fold(length.text).partition(" ")[0] if length.quoted is None else ""
        unknown("duration", length, scope.known_values(), place if begins in spellings("ARTICLE") else let)
    if not isinstance(value, ast.Duration):
        fail("wrong-type", f"`{length.text}` is `{format_(value)}`, and a duration is needed here.", length.span,
             "durations look like `72h`, `3d`, `4 months`")  # fmt: skip
    return value


def _whole(scope: Scope, days: Days) -> Interval:
    """Local days as instants."""
    bounds = (days.start, days.end)
    start, end = (None if day is None else live.begins(follow(midnight, day, scope.zone), day) for day in bounds)
    return Interval(start, end)


def _around(word: str, day: date) -> Days:
    match word:
        case "before":
            return Days(None, day)
        case "since":
            return Days(day, None)
        case "after":
            return Days(_moved(day), None)
        case _:
            return Days(day, _end(day))


def _end(last: date) -> date | None:
    """The exclusive end after a last day; after the last of all there is none."""
    return None if last >= date.max else _moved(last)


def _moved(day: date, count: int = 1) -> date:
    """So many days later."""
    return live.moved(day + DAY * count, day, count, "d") if count else day


def _instant(scope: Scope, length: ast.Length, direction: int = 1) -> datetime:
    duration = length_of(scope, length)
    return stepped(scope, direction * duration.count, duration.unit)


def stepped(scope: Scope, count: int, unit: ast.Unit) -> datetime:
    """The instant so many units after `now`, before when negative."""
    return live.stepped(follow(step, scope.now, count, unit, scope.zone), scope.now, count, unit)


def _day(scope: Scope, length: ast.Length, name: str, direction: int = 1) -> date:
    """Today, moved by a length in calendar units, for the date `name`."""
    duration = length_of(scope, length)
    if duration.unit in ("s", "min", "h"):
        fail("bad-window", f"`{name}` is a day, so it cannot be counted in `{duration.unit}`.", length.span,
             "count in days: `3d`, `2 weeks`, `4 months`")  # fmt: skip
    count = direction * duration.count
    today = scope.today
    return live.moved(follow(add_days, today, count, duration.unit), today, count, duration.unit)


def _moment(scope: Scope, moment: ast.Moment) -> date | datetime:
    """A local day (a date) or an instant (an aware datetime)."""
    match moment:
        case ast.Date(value=day):
            return day
        case ast.Time(value=at):
            return to_utc(at) if at.tzinfo else resolve(at, scope.zone)
        case ast.Day(name=name):
            return _moved(scope.today, DAYS_FROM_TODAY[name])
        case ast.Ago(length=length, whole_day=True):
            return _day(scope, length, "the day .. ago", -1)
        case ast.Ago(length=length):
            return _instant(scope, length, -1)
        case ast.FromNow(length=length):
            return _instant(scope, length)
        case ast.Name():
            value = scope.value(moment)
            if value is None:
                if meant := moment_meant(scope, moment):
                    fail("unknown-name", f"`{moment.text}` comes each year.", moment.span, *meant)
                unknown("date", moment, scope.known_values(), _DATES)
            if not isinstance(value, ast.Date | ast.Time):
                help_ = ("say", f"{format_(value)} ago") if isinstance(value, ast.Duration) else (_DATES,)
                fail("wrong-type", f"`{moment.text}` is `{format_(value)}`, and a date is needed here.", moment.span,
                     *help_)  # fmt: skip
            return _moment(scope, value)
        case _:
            assert_never(moment)


def _day_at(scope: Scope, moment: ast.Moment, name: str) -> date:
    """A moment for a date-only property: `18 years ago` is the local day; a time of day is an error."""
    match moment:
        case ast.Ago(length=length):
            return _day(scope, length, name, -1)
        case ast.FromNow(length=length):
            return _day(scope, length, name)
        case _:
            found = _moment(scope, moment)
            if isinstance(found, datetime):
                fail(
                    "bad-window",
                    f"`{name}` is a day, and `{moment_text(moment)}` is an instant.",
                    moment.span,
                    *_day_of(moment),
                )
            return found


_DATES = "dates look like `2025-11-28`"


def _day_of(moment: ast.Moment) -> tuple[str, ...]:
    """How to say the whole day of an instant."""
    match moment:
        case ast.Ago(length=length):
            return "say", moment_text(ast.Ago(length, True))
        case ast.Time(value=at):
            return "say", f"{at.date()}"
        case _:
            return (_DATES,)


def _ordered(window: ast.BetweenMoments, low: date, high: date) -> tuple[date, date]:
    start, end = window.start, window.end
    if isinstance(low, datetime) != isinstance(high, datetime):
        start, end = (ast.Ago(m.length, True) if isinstance(m, ast.Ago) else m for m in (start, end))
        if (start, end) != (window.start, window.end):
            fail("bad-window", "One end of this window is a day, the other an instant.", window.span,
                 "whole days, both in:", window_text(ast.BetweenMoments(start, end)))  # fmt: skip
        fail("bad-window", "One end of this window is a day, the other an instant.", window.span,
             "give two days (both are in) or two times")  # fmt: skip
    if low > high:
        swapped = window_text(ast.BetweenMoments(end, start))
        fail("descending", "This window ends before it starts.", window.span, "swap the ends:", swapped)
    return low, high


def _period(scope: Scope, window: ast.Period) -> Days:
    today, unit = scope.today, window.unit
    if unit is None:
        day = _moved(today, DAYS_FROM_TODAY[window.name])
        return Days(day, _end(day))
    if unit == "day":
        return Days(_moved(today, -window.count), today)
    start = live.start_of(follow(period_start, today, unit), today, unit)
    if window.name in ("last", "next"):
        start = _periods_later(start, unit, -window.count if window.name == "last" else 1)
    try:
        return Days(start, _periods_later(start, unit, window.count))
    except (OverflowError, ValueError):  # the last period of all
        return Days(start, None)


def _periods_later(start: date, unit: live.Period, count: int) -> date:
    days = count * {"week": 1, "month": 1, "quarter": 3, "year": 12}[unit]
    return live.moved(follow(next_period, start, unit, count), start, days, "w" if unit == "week" else "mo")
