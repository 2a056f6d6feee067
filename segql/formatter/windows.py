"""Windows and moments in their canonical spelling."""

from __future__ import annotations

from typing import assert_never

from ..ast import (
    Ago,
    BetweenAgo,
    BetweenMoments,
    Day,
    Duration,
    Ever,
    FromNow,
    InLast,
    InNext,
    Length,
    Moment,
    MoreThanAgo,
    Period,
    Relative,
    Window,
)
from .values import length, units, value


def window(node: Window) -> str:
    match node:
        case InLast(span, explicit):
            return f"in the last {_rolling(span)}" if explicit else f"in {length(span, short=True)}"
        case InNext(span):
            return f"in the next {_rolling(span)}"
        case BetweenAgo(one, other):
            if isinstance(one, Duration) and isinstance(other, Duration) and one.unit == other.unit:
                return f"between {one.count} and {length(other)} ago"
            return f"between {length(one)} and {length(other)} ago"
        case MoreThanAgo(span):
            return f"more than {length(span)} ago"
        case Relative(word, at):
            return f"{word} {moment(at)}"
        case BetweenMoments(start, end):
            return f"between {moment(start)} and {moment(end)}"
        case Period(which, unit):
            return f"{which} {unit}" if unit else which
        case Ever():
            return "ever"
        case _:
            assert_never(node)


def _rolling(span: Length) -> str:
    """`72 hours`, but `month` for one."""
    return units(1, span.unit) if isinstance(span, Duration) and span.count == 1 else length(span)


def moment(node: Moment) -> str:
    match node:
        case Day(day):
            return day
        case Ago(span, whole_day):
            return f"{'the day ' if whole_day else ''}{length(span)} ago"
        case FromNow(span):
            return f"{length(span)} from now"
        case _:
            return value(node)
