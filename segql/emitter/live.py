"""Bounds that the SQL makes from the engine's own clock, by the recipes of `conditions.live`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, assert_never

from sqlglot import exp

from ..conditions import Days, Interval
from ..conditions.live import (
    Begins,
    DayOf,
    DayRecipe,
    Earliest,
    Latest,
    LiveDay,
    LiveInstant,
    Moved,
    Now,
    Recipe,
    StartOf,
    Stepped,
)
from ..conditions.live import moved as made
from . import nodes as n
from .bounds import EXACT
from .times import resolve, wall

if TYPE_CHECKING:
    from .target import Target

_UNITS: dict[str, str] = {
    "us": "MICROSECOND", "s": "SECOND", "min": "MINUTE", "h": "HOUR", "d": "DAY", "w": "WEEK", "mo": "MONTH",
    "y": "YEAR",
}  # fmt: skip
_EXACT = ("MICROSECOND", "SECOND", "MINUTE", "HOUR")


def within(at: exp.Expr, window: Interval, target: Target) -> exp.Expr:
    """An instant (a timestamp with zone) lies in the window; NULL or false where there is none."""
    return _between(at, *(None if one is None else instant(one, target) for one in (window.start, window.end)))


def within_days(day_: exp.Expr, window: Days, target: Target) -> exp.Expr:
    """A date lies in the window."""
    return _between(day_, *(None if one is None else day(one, target) for one in (window.start, window.end)))


def _between(value: exp.Expr, start: exp.Expr | None, end: exp.Expr | None) -> exp.Expr:
    if start is None and end is None:
        return n.is_set(value)
    return n.both(n.compare(value.copy(), op, bound) for op, bound in ((">=", start), ("<", end)) if bound is not None)


def instant(at: datetime, target: Target) -> exp.Expr:
    """An instant; one that follows from now as the engine's own clock gives it."""
    return _instant(at.recipe, target) if isinstance(at, LiveInstant) else n.instant(at)


def day(at: date, target: Target) -> exp.Expr:
    """A day; one that follows from now as the engine's own clock gives it."""
    return _day(at.recipe, target) if isinstance(at, LiveDay) else n.day(at)


def moved(day_: date, days: int) -> date:
    """The day so many days later."""
    return made(day_ + timedelta(days=days), day_, days, "d")


def _instant(recipe: Recipe, target: Target) -> exp.Expr:
    match recipe:
        case Now():
            return exp.CurrentTimestamp()
        case Stepped(of=of, count=count, unit=unit):
            base, name = _instant(of, target), _UNITS[unit]
            if name in _EXACT:
                return _moved(base, count, name)
            local = _moved(wall(base, EXACT, target.zone, target.dialect), count, name)
            return resolve(local, target.zone, target.dialect)
        case Begins(day=of):
            return resolve(n.cast(_day(of, target), exp.DType.TIMESTAMP), target.zone, target.dialect)
        case Earliest(of=some) | Latest(of=some):
            return _extreme(recipe, [instant(one, target) for one in some])
        case _:
            assert_never(recipe)


def _day(recipe: DayRecipe, target: Target) -> exp.Expr:
    match recipe:
        case DayOf(of=of):
            return n.cast(wall(_instant(of, target), EXACT, target.zone, target.dialect), exp.DType.DATE)
        case Moved(of=of, count=count, unit=unit):
            midnight = n.cast(_day(of, target), exp.DType.TIMESTAMP)
            return n.cast(_moved(midnight, count, _UNITS[unit]), exp.DType.DATE)
        case StartOf(of=of, period=period):
            midnight = n.cast(_day(of, target), exp.DType.TIMESTAMP)
            # A week begins on Monday; BigQuery's own does not, which its dialect knows.
            return n.cast(exp.TimestampTrunc(this=midnight, unit=exp.Var(this=period.upper())), exp.DType.DATE)
        case Earliest(of=some) | Latest(of=some):
            return _extreme(recipe, [day(one, target) for one in some])
        case _:
            assert_never(recipe)


def _extreme(recipe: Earliest[Any] | Latest[Any], moments: list[exp.Expr]) -> exp.Expr:
    kind = exp.Least if isinstance(recipe, Earliest) else exp.Greatest
    return kind(this=moments[0], expressions=moments[1:], ignore_nulls=True)


def _moved(value: exp.Expr, count: int, unit: str) -> exp.Expr:
    if not count:
        return value
    if unit == "WEEK":
        count, unit = 7 * count, "DAY"
    step = n.interval(abs(count), unit)
    return exp.Paren(this=(exp.Add if count > 0 else exp.Sub)(this=n.operand(value), expression=step))
