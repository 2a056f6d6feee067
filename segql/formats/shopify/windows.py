"""Windows of SegQL as tests of a day in Shopify."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ... import ast
from ..core.report import Impossible, Notes
from .days import OFFSETS, SECOND
from .tree import Between, Compare, Offset, Word

_UNITS: dict[str, Any] = {"d": "d", "w": "w", "mo": "m", "y": "y"}
ROLLING = (
    "Shopify counts whole days, this from the time of day that it is now: who is dated on the first or last day of the "
    "window may be in only one of the two."
)


def days_of(window: Any, notes: Notes, of_day: bool) -> Compare | Between | None:
    """The test; None is all time. `of_day`: of a date without a time of day. Raises Impossible."""
    match window:
        case None | ast.Ever():
            return None
        case ast.Period("today" | "yesterday" as word):
            return Compare("=", Word(word))
        case ast.Period("last", "day", count):
            _say(notes)
            return Between(Offset(-count, "d"), Word("yesterday"))
        case ast.Relative("before", ast.Day("tomorrow")):
            return Compare("<=", Word("today"))
        case ast.Relative("on", ast.Time()):
            raise Impossible("A single instant is no window there.")
        case ast.Relative(word, moment):
            op: Any = {"before": "<", "after": ">", "since": ">=", "on": "="}[word]
            return Compare(op, _moment(moment, notes))
        case ast.BetweenMoments(ast.Time(low), ast.Time(high)) if low.tzinfo is None and high.tzinfo is None:
            first, last = _whole(low), _whole(high) - SECOND
            return Compare("=", first) if first == last else Between(first, last)
        case ast.BetweenMoments(low, high):
            return Between(_moment(low, notes), _moment(high, notes))
        case ast.InLast(length):
            back = _offset(length, -1)
            if of_day:
                _say(notes)
                return Between(_sooner(back), Word("today"))
            notes.add(ROLLING)
            return Compare(">=", back)
        case ast.InNext(length):
            ahead = _offset(length, 1)
            if not of_day:
                notes.add(ROLLING)
            _say(notes)
            return Between(Word("today"), _sooner(ahead))
        case ast.MoreThanAgo(length):
            if of_day:
                _say(notes)
                return Compare("<=", _offset(length, -1))
            notes.add(ROLLING)
            return Compare("<", _offset(length, -1))
        case ast.BetweenAgo(one, other):
            ends = sorted((_offset(one, -1), _offset(other, -1)), key=lambda o: o.count * _DAYS[o.unit])
            notes.add(ROLLING)
            return Between(*ends)
    raise Impossible("This window has no days that are written out or counted from today: write its dates.")


_DAYS = {"d": 1.0, "w": 7.0, "m": 30.44, "y": 365.25}


def opposite(test: Compare | Between) -> list[Any]:
    """What holds where the test does not, but for what has no value; `!=` holds there as well."""
    flipped: dict[str, Any] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
    if isinstance(test, Compare):
        return [Compare(flipped[test.op], test.value)]
    return [Compare("<", test.low), Compare(">", test.high)]


def _moment(moment: Any, notes: Notes) -> Any:
    match moment:
        case ast.Date(day):
            return day
        case ast.Time(at) if at.tzinfo is None:
            return _whole(at)
        case ast.Day("tomorrow"):
            _say(notes)
            return Offset(1, "d")
        case ast.Day(name):
            return Word(name)
        case ast.Ago(length, whole_day):
            notes.add(OFFSETS if whole_day else ROLLING)
            return _offset(length, -1)
        case ast.FromNow(length):
            notes.add(ROLLING)
            return _offset(length, 1)
    raise Impossible("Shopify's times are on the shop's clock, without an offset, and have no names.")


def _whole(at: datetime) -> datetime:
    if at.microsecond:
        raise Impossible("Shopify's times have whole seconds.")
    return at


def _offset(length: Any, sign: int) -> Offset:
    if not isinstance(length, ast.Duration):
        raise Impossible("A length by its name has to be written out.")
    count, unit = length.count, length.unit
    if unit == "h" and count % 24 == 0:
        count, unit = count // 24, "d"
    if unit not in _UNITS:
        raise Impossible("Shopify counts whole days: there are no hours and minutes.")
    return Offset(sign * count, _UNITS[unit])


def _sooner(offset: Offset) -> Any:
    """One day nearer to today, in days."""
    if offset.unit not in ("d", "w"):
        raise Impossible("Of a date, a window of months ends a day before: write it in days.")
    days = offset.count * (7 if offset.unit == "w" else 1)
    days += 1 if days < 0 else -1
    return Offset(days, "d") if days else Word("today")


def _say(notes: Notes) -> None:
    notes.add(OFFSETS)
