"""Windows and moments in their canonical spelling."""

from __future__ import annotations

from typing import assert_never

from .. import ast
from ..words import say, word
from .values import length, units, value


def window(node: ast.Window) -> str:
    """A window in its canonical spelling."""
    match node:
        case ast.InLast(span, explicit):
            return say("IN_THE_LAST {}", _rolling(span)) if explicit else say("IN {}", length(span, short=True))
        case ast.InNext(span):
            return say("IN_THE_NEXT {}", _rolling(span))
        case ast.BetweenAgo(one, other):
            if isinstance(one, ast.Duration) and isinstance(other, ast.Duration) and one.unit == other.unit:
                return say("BETWEEN {} AND {} AGO", str(one.count), length(other))
            return say("BETWEEN {} AND {} AGO", length(one), length(other))
        case ast.MoreThanAgo(span):
            return say("MORE_THAN {} AGO", length(span))
        case ast.At(ast.Ago() as at):
            return moment(at)
        case ast.At(at) | ast.Relative("on", at):
            return say("ON {}", moment(at))
        case ast.Relative(which, at):
            return f"{word('RELATIVE', which)} {moment(at)}"
        case ast.BetweenMoments(start, end):
            return say("BETWEEN {} AND {}", moment(start), moment(end))
        case ast.Period("so far", unit):
            return say("{} SO_FAR", word("PERIOD", f"this {unit}"))
        case ast.Period("last", unit, count) if count > 1:
            return say("IN_THE_LAST {} WHOLE {}", str(count), word("PERIODS", f"{unit}"))
        case ast.Period(which, unit):
            return word("PERIOD", f"{which} {unit}") if unit else word("DAY", which)
        case ast.Ever():
            return word("EVER")
        case _:
            assert_never(node)


def _rolling(span: ast.Length) -> str:
    """`72 hours`, but `month` for one."""
    return units(1, span.unit) if isinstance(span, ast.Duration) and span.count == 1 else length(span)


def moment(node: ast.Moment) -> str:
    """A moment in its canonical spelling."""
    match node:
        case ast.Day(day):
            return word("DAY", day)
        case ast.Ago(span, whole_day):
            return say("THE_DAY {} AGO" if whole_day else "{} AGO", length(span))
        case ast.FromNow(span):
            return say("{} FROM_NOW", length(span))
        case _:
            return value(node)
