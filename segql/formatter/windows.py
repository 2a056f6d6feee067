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
from ..words import say, word
from .values import length, units, value


def window(node: Window) -> str:
    match node:
        case InLast(span, explicit):
            return say("IN_THE_LAST {}", _rolling(span)) if explicit else say("IN {}", length(span, short=True))
        case InNext(span):
            return say("IN_THE_NEXT {}", _rolling(span))
        case BetweenAgo(one, other):
            if isinstance(one, Duration) and isinstance(other, Duration) and one.unit == other.unit:
                return say("BETWEEN {} AND {} AGO", str(one.count), length(other))
            return say("BETWEEN {} AND {} AGO", length(one), length(other))
        case MoreThanAgo(span):
            return say("MORE_THAN {} AGO", length(span))
        case Relative("on", at):
            return say("ON {}", moment(at))
        case Relative(which, at):
            return f"{word('RELATIVE', which)} {moment(at)}"
        case BetweenMoments(start, end):
            return say("BETWEEN {} AND {}", moment(start), moment(end))
        case Period(which, unit):
            return word("PERIOD", f"{which} {unit}") if unit else word("DAY", which)
        case Ever():
            return word("EVER")
        case _:
            assert_never(node)


def _rolling(span: Length) -> str:
    """`72 hours`, but `month` for one."""
    return units(1, span.unit) if isinstance(span, Duration) and span.count == 1 else length(span)


def moment(node: Moment) -> str:
    match node:
        case Day(day):
            return word("DAY", day)
        case Ago(span, whole_day):
            return say("THE_DAY {} AGO" if whole_day else "{} AGO", length(span))
        case FromNow(span):
            return say("{} FROM_NOW", length(span))
        case _:
            return value(node)
