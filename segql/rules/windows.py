"""Moments and windows, as rules have them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeAlias

from .. import ast
from ..arguments import literal
from .checked import checked
from .values import length

Length: TypeAlias = ast.Length
Day = Literal["today", "yesterday", "tomorrow"]
Unit = Literal["day", "week", "month", "quarter", "year"]
Moment: TypeAlias = date | datetime | Day | ast.Moment


@checked
def ago(given: Length, *, whole_day: bool = False) -> ast.Ago:
    """`3 days ago`; `the day 3 days ago` with `whole_day`."""
    return ast.Ago(given, whole_day)


@checked
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
    return given


@checked
def within(
    given: Length | None = None, *, days: int | None = None, hours: int | None = None, weeks: int | None = None,
    months: int | None = None, years: int | None = None, minutes: int | None = None, seconds: int | None = None,
) -> ast.InLast:  # fmt: skip
    """`in 90d`, up to now; of `name("recently")`: `in recently`. Raises TypeError for no length, and for several."""
    units = {"days": days, "hours": hours, "weeks": weeks, "months": months, "years": years, "minutes": minutes,
             "seconds": seconds}  # fmt: skip
    if given is None or any(count is not None for count in units.values()):
        said = length(**units)
        if given is not None:
            raise TypeError("`given` is a length of time, beside which no other is said")
        return ast.InLast(said)
    return ast.InLast(given)


@checked
def in_last(given: Length) -> ast.InLast:
    """`in the last 90 days`."""
    return ast.InLast(given, explicit=True)


@checked
def in_next(given: Length) -> ast.InNext:
    """`in the next 14 days`."""
    return ast.InNext(given)


@checked
def more_than_ago(given: Length) -> ast.MoreThanAgo:
    """`more than 90 days ago`."""
    return ast.MoreThanAgo(given)


@checked
def between_ago(one: Length, other: Length) -> ast.BetweenAgo:
    """`between 4 and 13 months ago`."""
    return ast.BetweenAgo(one, other)


@checked
def before(moment: Moment) -> ast.Relative:
    """`before 2026-01-01`."""
    return ast.Relative("before", moment_of(moment))


@checked
def after(moment: Moment) -> ast.Relative:
    """`after yesterday`."""
    return ast.Relative("after", moment_of(moment))


@checked
def since(moment: Moment) -> ast.Relative:
    """`since 2026-01-01`."""
    return ast.Relative("since", moment_of(moment))


@checked
def on(moment: Moment) -> ast.Relative:
    """`on 2026-11-20`."""
    return ast.Relative("on", moment_of(moment))


@checked
def between(start: Moment, end: Moment) -> ast.BetweenMoments:
    """`between 2026-01-01 and yesterday`."""
    return ast.BetweenMoments(moment_of(start), moment_of(end))


@checked
def this(unit: Unit, *, so_far: bool = False) -> ast.Period:
    """The period of now: `this month`, `this month so far`."""
    return ast.Period("so far" if so_far else "this", unit)


@checked
def last(unit: Unit, count: int = 1) -> ast.Period:
    """`last month`; `in the last 3 whole months`."""
    return ast.Period("last", unit, count)


@checked
def following(unit: Unit) -> ast.Period:
    """`next month`."""
    return ast.Period("next", unit)


today, yesterday, tomorrow = ast.Period("today"), ast.Period("yesterday"), ast.Period("tomorrow")
ever = ast.Ever()
