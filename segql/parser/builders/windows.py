"""When: windows, moments and lengths of time."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from ... import ast
from ...errors import Fix
from ...source import Span
from ...words import say, word
from ..checks import ascending, count_number, count_token, count_value, fail
from ..engine.lexer import Token
from .literals import month_and_day
from .parts import Calendar
from .values import Values, duration, sense

_ROLLING = {"last": "IN_THE_LAST {}", "next": "IN_THE_NEXT {}"}
_ONE = {"week": "w", "month": "mo", "year": "y"}
UNITLESS = "A length of time has its unit: days, weeks, months .."


def in_last(v: Values, span: Span) -> ast.InLast:
    """`in 72h`."""
    return ast.InLast(duration(v[1], span), False, span)


def in_the_last(v: Values, span: Span) -> ast.InLast:
    """`in the last 72 hours`, `over the last month`."""
    _no_rolling_quarter(v[1], "last", span)
    return ast.InLast(v[1], True, span)


def in_the_next(v: Values, span: Span) -> ast.InNext:
    """`in the next 14 days`."""
    _no_rolling_quarter(v[1], "next", span)
    return ast.InNext(v[1], span)


def _no_rolling_quarter(length: ast.Duration | ast.Name, which: str, span: Span) -> None:
    rolling = say(_ROLLING[which], f"3 {word('UNITS', 'mo')}")
    if isinstance(length, ast.Name) and length.words.lower() == word("PERIOD", f"{which} quarter").split()[-1]:
        fail(
            "bad-window", f"`{span.text}` could be the calendar's quarter or three rolling months.", span,
            "Write", Fix(span, word("PERIOD", f"{which} quarter"), "the calendar's"), Fix(span, rolling, "rolling"),
        )  # fmt: skip


def relative(v: Values, span: Span) -> ast.Relative | ast.BetweenMoments:
    """`since`, `before`, `after`, `on`, .. and a moment."""
    which: Any = "on" if v[0].type == "ON" else sense(v[0])
    if isinstance(v[1], ast.Duration):
        said, length = v[0].text.lower(), v[1].span.text
        past = say("MORE_THAN {} AGO" if which == "before" else "LESS_THAN {} AGO", length)
        ahead = (say("{} {} FROM_NOW", said, length),) if which != "since" else ()
        fail(
            "bad-window", f"After `{said}` stands a moment, not a length of time.", v[1].span,
            "Write", *(Fix(span, meant) for meant in (past, *ahead)),
        )  # fmt: skip
    if isinstance(named := named_period(v[1]), Calendar):
        if which == "on":
            return ast.BetweenMoments(named.first, named.last, span)
        return ast.Relative(which, named.last if which == "after" else named.first, span)
    return ast.Relative(which, moment_of(v[1], f"after `{v[0].text.lower()}`"), span)


def moment_of(found: Any, place: str) -> ast.Moment:
    """What was found where a moment stands; `place` says where, if it is none."""
    if not isinstance(found, ast.Date | ast.Time | ast.Day | ast.Ago | ast.FromNow | ast.Name):
        fail(
            "bad-date",
            f"{found.span.text} is no moment, and {place} stands one.",
            found.span,
            "Write a day: 2025-11-28",
        )
    return found


def period(v: Values, span: Span) -> ast.Period:
    """`today`, `last month`, `next week`."""
    which, unit = [*sense(v[0]).split(), None][:2]
    return ast.Period(which, unit, span=span)


def calendar_or_rolling(which: str, unit: str, span: Span, name: ast.Name | None = None) -> NoReturn:
    """`in last month`, also where `in` could be the end of a name (`logged in last month`)."""
    calendar = word("PERIOD", f"{which} {unit}")
    length = f"3 {word('UNITS', 'mo')}" if unit == "quarter" else word("UNIT", _ONE[unit])
    readings = [Fix(span, calendar, "the calendar's"), Fix(span, say(_ROLLING[which], length), "rolling")]
    if name is not None:
        whole = Span(span.source, name.span.start, span.end)
        readings.append(Fix(whole, f'"{name.words}" {calendar}', "the name ends in `in`"))
    fail(
        "bad-window", f"`{say('IN {}', calendar)}` could be the calendar's or the rolling {unit}.", span,
        "Write", *readings,
    )  # fmt: skip


def name_before(name: object, window: object) -> None:
    """A name that ends in `in` does not go with `last month`: the two could be `in last month`."""
    if (
        not isinstance(name, ast.Name)
        or name.quoted is not None
        or not isinstance(window, ast.Period)
        or window.unit is None
        or window.name in ("this", "so far")
        or window.unit == "day"
        or window.count > 1  # several, and days, have no name of their own
    ):
        return
    if name.words.lower().endswith(f" {word('IN')}"):
        apart = name.span.end >= window.span.start
        span = window.span if apart else Span(window.span.source, name.span.end - len(word("IN")), window.span.end)
        calendar_or_rolling(window.name, window.unit, span, name)


def one_unit(v: Values, span: Span) -> ast.Duration:
    """`in the last month`: one month."""
    return ast.Duration(1, sense(v[0]), span)


def ago(v: Values, span: Span) -> ast.Ago:
    """`3 days ago`, `the day 3 days ago`."""
    whole_day = isinstance(v[0], Token)
    return ast.Ago(_length(v[1] if whole_day else v[0], "ago"), whole_day, span)


def from_now(v: Values, span: Span) -> ast.FromNow:
    """`3 days from now`."""
    return ast.FromNow(_length(v[0], "from now"), span)


def _length(found: Any, word: str) -> ast.Duration | ast.Name:
    if not isinstance(found, ast.Duration | ast.Name):
        fail(
            "bad-duration",
            f"{found.span.text} is no duration, and before `{word}` stands one.",
            found.span,
            UNITLESS,
        )
    return found


def between(v: Values, span: Span) -> Any:
    """Its last word decides: `ago` makes it a window; so does a date at either end; else it is about values."""
    low, high = v[1], v[3]
    if isinstance(high, ast.Ago) and not high.whole_day and isinstance(low, ast.Number | ast.Duration | ast.Name):
        return ast.BetweenAgo(_with_unit(low, high), high.length, span)
    moments = (ast.Date, ast.Time, ast.Day, ast.Ago, ast.FromNow, Calendar)
    days = all(isinstance(one, ast.Name) and month_and_day(one.words) for one in (low, high))
    if days or isinstance(low, moments) or isinstance(high, moments):
        return between_moments(low, high, span)
    ascending(low, high, span)
    return ast.Between(low, high, span)


def ago_to(v: Values, span: Span) -> ast.BetweenAgo:
    """`30 to 60 days ago`."""
    low = count_token(v[0], span)
    high = duration(v[2], span)
    ascending(low, ast.Number(Decimal(high.count), high.span), span)
    return ast.BetweenAgo(ast.Duration(int(low.value), high.unit, low.span), high, span)


def between_moments(low: Any, high: Any, span: Span) -> ast.BetweenMoments:
    """From one to another; of two periods from the beginning of the first to the end of the second."""
    low, high = named_period(low), named_period(high)
    low = _in_its_year(low, high)
    start = low.first if isinstance(low, Calendar) else moment_of(low, "at the other end")
    end = high.last if isinstance(high, Calendar) else moment_of(high, "at the other end")
    if {type(start), type(end)} == {ast.Date, ast.Time}:
        fail("bad-date", "One end is a date, the other has a time of day.", span, "Write two dates, or two times.")
    return ast.BetweenMoments(start, end, span)


def _in_its_year(low: Any, high: Any) -> Any:
    """`from 1 March to 5 March 2026`, `between November and May 2026`: the last before the other end."""
    end = high.first if isinstance(high, Calendar) else high
    said = month_and_day(low.words) if isinstance(low, ast.Name) and low.quoted is None else None
    if said is None or not isinstance(end, ast.Date):
        return low
    month, day = said[0], said[1] or 1
    year = end.value.year - ((month, day) > (end.value.month, end.value.day))
    if day > monthrange(year, month)[1]:
        fail("bad-date", f"There is no day {low.span.text} in {year}.", low.span)
    return ast.Date(date(year, month, day), low.span)


def named_period(found: Any) -> Any:
    """A whole number of four digits is a year where moments stand; everything else stays what it is."""
    if isinstance(found, ast.Number) and re.fullmatch("[12][0-9]{3}", found.span.text):
        year = int(found.value)
        return Calendar(ast.Date(date(year, 1, 1), found.span), ast.Date(date(year, 12, 31), found.span), found.span)
    return found


def _with_unit(low: ast.Number | ast.Duration | ast.Name, high: ast.Ago) -> ast.Duration | ast.Name:
    """`between 4 and 13 months ago`: the first number takes the unit of the second."""
    if not isinstance(low, ast.Number):
        return low
    count_number(low)
    if not isinstance(high.length, ast.Duration):
        fail("bad-duration", f"{low.span.text} has no unit.", low.span, UNITLESS)
    return ast.Duration(int(low.value), high.length.unit, low.span)


def between_times(v: Values, span: Span) -> ast.Quantity:
    """`between 2 and 5 times`."""
    low, high = count_value(v[1], "between 2 and 5 times"), count_value(v[3], "between 2 and 5 times")
    ascending(low, high, span)
    return ast.Quantity("between", low, high, span)
