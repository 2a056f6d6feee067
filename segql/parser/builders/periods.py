"""Periods of the calendar by their names, whole ones and those so far; from one moment to another, until one."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from ... import ast, words
from ...errors import Fix
from ...source import Span
from ...words import say, word
from ..checks import at, count_number, fail
from .literals import decimal
from .parts import Calendar
from .values import Values, sense
from .windows import between_moments, between_times, calendar_or_rolling, moment_of, named_period, one_unit

_MONTHS = {"MONTH": 1, "QUARTER": 3, "HALF": 6}
_DAY = timedelta(days=1)


def calendar(v: Values, span: Span) -> Calendar:
    """`March 2026`, `Q3 of 2025`, `the first half of 2025`, `the year 2025`, `2025-11`."""
    said = v[0].text.lower()
    year = next(number for number in re.findall("[0-9]+", said) if len(number) == 4)
    part = said.replace(year, "").removeprefix(f"{word('THE')} ").strip(" -").removesuffix(f" {word('OF')}")
    known = words.words().senses
    first, months = (int(part), 1) if part.isdigit() else (1, 12)
    for kind, length in _MONTHS.items():
        if number := known[kind].get(part):
            first, months = (int(number) - 1) * length + 1, length
    last = first + months - 1
    end = date(int(year), last, monthrange(int(year), last)[1])
    return Calendar(ast.Date(date(int(year), first, 1), span), ast.Date(end, span), span)


def in_calendar(v: Values, span: Span) -> ast.BetweenMoments:
    """`in 2025`, `during March 2026`."""
    found = calendar(v[1:], span)
    return ast.BetweenMoments(found.first, found.last, span)


def during(v: Values, span: Span) -> ast.Period:
    """`during last month` is the calendar's; `over last month` could be the rolling one."""
    which, unit = sense(v[1]).split()
    if which != "this" and v[0].text.lower() != word("DURING"):
        calendar_or_rolling(which, unit, span)
    return ast.Period(which, unit, span=span)


def previous(v: Values, span: Span) -> ast.InLast:
    """`in the previous hour`; the previous month could be the calendar's or the rolling one."""
    unit = v[1].text.lower()
    if ("PERIOD", f"last {unit}") in words.words().spelled:
        calendar_or_rolling("last", unit, span)
    return ast.InLast(one_unit(v[1:], at(v[1], span)), True, span)


def so_far(v: Values, span: Span) -> ast.Period:
    """From the beginning of the running period: `this year so far`, `so far this year`."""
    said = next(token for token in v if token.type == "PERIOD")
    which, unit = sense(said).split()
    if which != "this":
        fail("bad-window", "Only the running period is so far.", span, "Write", Fix(span, said.text.lower()))
    return ast.Period("so far", unit, span=span)


def whole_periods(v: Values, span: Span) -> ast.Period:
    """`in the last 3 whole months`; of one day or month there is a shorter word."""
    place = at(v[1], span)
    *number, _, said = v[1].text.split(" ")
    count = int(count_number(ast.Number(decimal(number[0]), place)).value) if number else 1
    unit: Any = words.sense("PERIODS", said)
    if count == 0:
        fail("bad-count", "These are no periods at all.", place)
    if count == 1 and unit == "day":
        return ast.Period("yesterday", span=span)
    return ast.Period("last", unit, count, span)


def from_to(v: Values, span: Span) -> ast.BetweenMoments:
    """`from 2026-10-01 to yesterday`, both in."""
    return between_moments(v[1], v[3], span)


def from_to_times(v: Values, span: Span) -> ast.Quantity:
    """`from 2 to 5 times`."""
    return between_times(v, span)


def since(v: Values, span: Span) -> ast.Relative:
    """`from 2026-10-01` alone."""
    found = named_period(v[1])
    return ast.Relative("since", found.first if isinstance(found, Calendar) else _moment(v), span)


def until(v: Values, span: Span) -> ast.Relative:
    """Until an instant has one meaning; of a day it may be the beginning or the end."""
    first, after = _ends(v[1])
    if not after:
        return ast.Relative("before", _moment(v), span)
    before = re.search(r"\b(\w+)\s+([0-9]{4}-[0-9]{2}-[0-9]{2})\s+$", span.source.text[: span.start])
    if before and before[1].lower() == word("FROM") and isinstance(v[1], ast.Date):
        span = Span(span.source, before.start(), span.end)
        first, after = str(v[1].value - _DAY), str(v[1].value)
        said = [say("BETWEEN {} AND {}", before[2], day) for day in (first, after)]
    else:
        said = [f"{word('RELATIVE', 'before')} {day}" for day in (first, after)]
    fail("bad-window", f"`{span.text}` could leave out its last day, or have it in.", span, "Write",
         Fix(span, said[0], "without it"), Fix(span, said[1], "with it"))  # fmt: skip


def through(v: Values, span: Span) -> ast.Relative:
    """`through 2026-10-31`, with that day in it."""
    found = named_period(v[1])
    match found:
        case Calendar(_, ast.Date(day)) | ast.Date(day):
            return ast.Relative("before", ast.Date(day + _DAY, found.span), span)
        case ast.Day("yesterday" | "today" as day):
            return ast.Relative("before", ast.Day("today" if day == "yesterday" else "tomorrow", found.span), span)
    fail("bad-window", f"`{found.span.text}` is no day that has an end here.", found.span, "Write a day: 2025-11-28")


def _ends(found: Any) -> tuple[str, str]:
    """The day itself and the one after it, where it is a whole one."""
    match named_period(found):
        case Calendar(ast.Date(day), ast.Date(last)):
            return str(day), str(last + _DAY)
        case ast.Date(day):
            return str(day), str(day + _DAY)
        case ast.Day("yesterday" | "today" as day):
            return word("DAY", day), word("DAY", "today" if day == "yesterday" else "tomorrow")
    return "", ""


def _moment(v: Values) -> ast.Moment:
    return moment_of(v[1], f"after `{v[0].text.lower()}`")
