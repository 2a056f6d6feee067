"""Whole days of Shopify as windows of SegQL, and back. Both count them on the shop's calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, TypeAlias

from ... import ast
from ..core.report import Impossible, Notes
from ..core.trees import all_of, negated
from .tree import Between, Compare, Offset, Value, Word

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
_UNITS: dict[str, ast.Unit] = {"d": "d", "w": "w", "m": "mo", "y": "y"}
_LENGTHS = {"d": (1, 1), "w": (7, 7), "m": (28, 31), "y": (365, 366)}
"""Of a unit at least and at most, in days."""
_FARTHEST = 200 * 366
_BEGINNING = ast.Date(date(1900, 1, 1))
"""Before all that a shop knows: where a window has to begin somewhere."""
OFFSETS = (
    "By Shopify's words -7d on 15 May is 8 May, which is meant here; its own example says 7 May: "
    "who is dated on that one day may differ."
)
AHEAD = "If it has a time of day, days ahead begin here at the time of day that it is now, there at midnight."


class Extent(Enum):
    """A window that has no text of its own."""

    EVER = "ever"
    NEVER = "never"


When: TypeAlias = "ast.Window | Extent"


def window(test: Compare | Between, notes: Notes) -> When:
    """The one window of records: of `date` within MATCHES. Records of the future there are none.

    Raises Impossible for what no single window holds.
    """
    found = _window(test)
    if not isinstance(found, Extent):
        say(test, notes)
    return found


def _window(test: Compare | Between) -> When:
    match test:
        case Compare("=", value) if _ahead(value):
            return Extent.NEVER
        case Compare(">" | ">=", value) if _ahead(value):
            return Extent.NEVER
        case Compare("<" | "<=", value) if _ahead(value):
            return Extent.EVER
        case Compare("!="):
            raise Impossible("A number of times over all days but one has no window.")
        case Compare("<=", value) if _after(value) is None:
            return ast.BetweenMoments(_BEGINNING, _moment(value))
        case Compare(op, value):
            return compared(op, value)
        case Between(low, high):
            if _ahead(low) or _reversed(low, high):
                return Extent.NEVER
            if _ahead(high):
                return compared(">=", low)
            return between(low, high)


def dated(
    test: Compare | Between, ask: Callable[[ast.Window], ast.Rule], known: ast.Rule, notes: Notes, past: bool
) -> Any:
    """The rule for a date of the profile, of which `ask` makes a condition and `known` says that there is one.

    `past`: it never lies ahead.
    """
    found = _dated(test, ask, known, notes, past)
    if found != ast.AnyOf(()):
        say(test, notes)
    return found


def _dated(
    test: Compare | Between, ask: Callable[[ast.Window], ast.Rule], known: ast.Rule, notes: Notes, past: bool
) -> Any:
    match test:
        case Compare("!=", value):
            return negated(dated(Compare("=", value), ask, known, notes, past))
        case Compare(op, value) if past and _ahead(value):
            return known if op in ("<", "<=") else ast.AnyOf(())
        case Compare("=", Offset(count) as value) if count > 0:
            notes.add(AHEAD)
            return all_of([ask(compared(">=", value)), ask(compared("<", Offset(_days(value) + 1, "d")))])
        case Compare("=", Word(text)) if not past:  # a birth date alone with `today` could be its anniversary
            return ask(ast.Relative("on", ast.Day("today" if text == "today" else "yesterday")))
        case Compare("<=", value) if _after(value) is None:
            return all_of([known, negated(ask(compared(">", value)))])
        case Compare(op, value):
            if _ahead(value):
                notes.add(AHEAD)
            if op == ">" and isinstance(value, Offset) and value.count > 0:
                return ask(compared(">=", Offset(_days(value) + 1, "d")))
            return ask(compared(op, value))
        case Between(low, high):
            if _reversed(low, high):
                return ast.AnyOf(())
            alike = isinstance(low, datetime) == isinstance(high, datetime)
            if alike and _ascend(low, high) and not _ahead(low) and not _ahead(high):
                return ask(between(low, high))
            return all_of([
                dated(Compare(">=", low), ask, known, notes, past), dated(Compare("<=", high), ask, known, notes, past)
            ])  # fmt: skip


def compared(op: ast.Op, value: Value) -> ast.Window:
    """The window of a comparison; of `<=` where the day after can be said."""
    match op:
        case "=" if isinstance(value, datetime):
            return ast.BetweenMoments(ast.Time(value), ast.Time(_later(value, SECOND)))
        case "=":
            moment = _moment(value)
            return ast.Period(moment.name) if isinstance(moment, ast.Day) else ast.Relative("on", moment)
        case ">":
            return ast.Relative("after", _moment(value))
        case ">=":
            return ast.Relative("since", _moment(value))
        case "<":
            return ast.Relative("before", _moment(value))
    after = _after(value)
    assert after is not None
    return ast.Relative("before", after)


def between(low: Value, high: Value) -> ast.Window:
    """Both ends in. One day and one time become two times, where the day is written out."""
    if not isinstance(low, datetime) and not isinstance(high, datetime):
        return ast.BetweenMoments(_moment(low), _moment(high))
    if not isinstance(low, date) or not isinstance(high, date):
        raise Impossible("A window from a time of day to a day that moves on has no text: write both as times.")
    start = low if isinstance(low, datetime) else datetime.combine(low, time())
    end = _later(high, SECOND) if isinstance(high, datetime) else datetime.combine(_later(high, DAY), time())
    return ast.BetweenMoments(ast.Time(start), ast.Time(end))


def _moment(value: Value) -> Any:
    match value:
        case datetime():
            return ast.Time(value)
        case date():
            return ast.Date(value)
        case Word("yesterday"):
            return ast.Day("yesterday")
        case Offset(count, unit) if count:
            length = ast.Duration(abs(count), _UNITS[unit])
            if _range(value)[1] > _FARTHEST or _range(value)[0] < -_FARTHEST:
                raise Impossible("So far from today there are no dates.")
            return ast.FromNow(length) if count > 0 else ast.Ago(length, whole_day=True)
    return ast.Day("today")


def _after(value: Value) -> Any:
    """The day, or the second, after; None where its distance from today is in months or years."""
    match value:
        case datetime():
            return ast.Time(_later(value, SECOND))
        case date():
            return ast.Date(_later(value, DAY))
        case Word("yesterday"):
            return ast.Day("today")
        case Offset(count, "d" | "w") if count:
            return _moment(Offset(_days(value) + 1, "d"))
        case Offset(count) if count:
            return None
    return ast.Day("tomorrow")


def _later(value: Any, length: timedelta) -> Any:
    try:
        return value + length
    except OverflowError:
        raise Impossible("Behind this day there is none.") from None


def _days(value: Offset) -> int:
    if value.unit not in ("d", "w"):
        raise Impossible("The day after a day that is months ahead has no text: write it in days.")
    return value.count * _LENGTHS[value.unit][0]


def _ahead(value: Value) -> bool:
    return isinstance(value, Offset) and value.count > 0


def _range(value: Value) -> tuple[int, int]:
    """How many days from today, at least and at most."""
    if isinstance(value, Offset):
        ends = sorted(value.count * length for length in _LENGTHS[value.unit])
        return ends[0], ends[1]
    return (-1, -1) if value == Word("yesterday") else (0, 0)


def _reversed(low: Value, high: Value) -> bool:
    """Whether nothing lies between them, whatever day it is."""
    if isinstance(low, date) and isinstance(high, date):
        start = low if isinstance(low, datetime) else datetime.combine(low, time())
        end = high if isinstance(high, datetime) else datetime.combine(high, time.max)
        return start > end
    if isinstance(low, date) or isinstance(high, date):
        return False
    return _range(low)[0] > _range(high)[1]


def _ascend(low: Value, high: Value) -> bool:
    """Whether the window never ends before it starts, whatever day it is."""
    fixed = isinstance(low, date), isinstance(high, date)
    return all(fixed) or (not any(fixed) and _range(low)[1] <= _range(high)[0])


def span_of(low: Value, high: Value) -> int:
    """How many days lie between two days that move on, at most."""
    return _range(high)[1] - _range(low)[0]


def is_fixed(value: Value) -> bool:
    """Whether it is a date that is written out."""
    return isinstance(value, date)


def say(test: Compare | Between, notes: Notes) -> None:
    """Notes what an offset in the test may mean besides."""
    values = (test.value,) if isinstance(test, Compare) else (test.low, test.high)
    if any(isinstance(value, Offset) and value.count for value in values):
        notes.add(OFFSETS)
