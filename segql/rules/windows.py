"""Moments and windows, as rules have them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeAlias

from .. import ast
from ..arguments import literal
from ..errors import wrong_type

Length: TypeAlias = ast.Length
Day = Literal["today", "yesterday", "tomorrow"]
Unit = Literal["day", "week", "month", "quarter", "year"]
Moment: TypeAlias = date | datetime | Day | ast.Moment


def ago(given: Length, *, whole_day: bool = False) -> ast.Ago:
    """`3 days ago`; `the day 3 days ago` with `whole_day`."""
    return ast.Ago(given, whole_day)


def from_now(given: Length) -> ast.FromNow:
    """`3 days from now`."""
    return ast.FromNow(given)


def moment_of(given: Moment) -> ast.Moment:
    """A moment, of what Python has for one."""
    if isinstance(given, str):
        return ast.Day(given)
    if isinstance(given, date):
        said = literal(given)
        assert isinstance(said, ast.Date | ast.Time)
        return said
    if isinstance(given, ast.Date | ast.Time | ast.Day | ast.Ago | ast.FromNow | ast.Name):
        return given
    raise wrong_type("moment", "a date, a datetime, today, ago(..) or name(..)", given)


def in_last(given: Length) -> ast.InLast:
    """`in the last 90 days`."""
    return ast.InLast(given, explicit=True)


def in_next(given: Length) -> ast.InNext:
    """`in the next 14 days`."""
    return ast.InNext(given)


def more_than_ago(given: Length) -> ast.MoreThanAgo:
    """`more than 90 days ago`."""
    return ast.MoreThanAgo(given)


def between_ago(one: Length, other: Length) -> ast.BetweenAgo:
    """`between 4 and 13 months ago`."""
    return ast.BetweenAgo(one, other)


def before(moment: Moment) -> ast.Relative:
    """`before 2026-01-01`."""
    return ast.Relative("before", moment_of(moment))


def after(moment: Moment) -> ast.Relative:
    """`after yesterday`."""
    return ast.Relative("after", moment_of(moment))


def since(moment: Moment) -> ast.Relative:
    """`since 2026-01-01`."""
    return ast.Relative("since", moment_of(moment))


def on(moment: Moment) -> ast.Relative:
    """`on 2026-11-20`."""
    return ast.Relative("on", moment_of(moment))


def between(start: Moment, end: Moment) -> ast.BetweenMoments:
    """`between 2026-01-01 and yesterday`."""
    return ast.BetweenMoments(moment_of(start), moment_of(end))


def this(unit: Unit, *, so_far: bool = False) -> ast.Period:
    """The period of now: `this month`, `this month so far`."""
    return ast.Period("so far" if so_far else "this", unit)


def last(unit: Unit, count: int = 1) -> ast.Period:
    """`last month`; `in the last 3 whole months`."""
    return ast.Period("last", unit, count)


def following(unit: Unit) -> ast.Period:
    """`next month`."""
    return ast.Period("next", unit)


today, yesterday, tomorrow = ast.Period("today"), ast.Period("yesterday"), ast.Period("tomorrow")
ever = ast.Ever()
