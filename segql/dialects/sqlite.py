"""SQLite: a small part of the language. Its text is checked, no SQLite runs it.

An instant is text in UTC, 'YYYY-MM-DD HH:MM:SS', and a day 'YYYY-MM-DD'. Numbers are whole: SQLite has no decimals. It
has no time zones, no lists, no hashes and no medians, and its LIKE ignores case.
"""

from __future__ import annotations

from sqlglot import exp

from .model import Dialect, NotInDialect
from .rewriting import call, is_utc, monday_first, number_type, replaced

_PARTS = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d", "HOUR": "%H"}


def _rewrite(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.AtTimeZone(this=exp.Expr() as instant) | exp.FromTimeZone(this=exp.Expr() as instant):
            if not is_utc(node.args["zone"]):
                raise NotInDialect("time zones")
            return instant
        case exp.Cast(this=value, to=type_) if type_.this is exp.DType.DECIMAL:
            if number_type(type_)[1]:
                raise NotInDialect("decimals")
            return _number(call("ROUND", value))
        case exp.Cast(this=exp.Expr() as value, to=type_) if type_.this in (exp.DType.TIMESTAMP, exp.DType.TIMESTAMPTZ):
            return exp.Literal.string(value.this.removesuffix("+00:00")) if isinstance(value, exp.Literal) else value
        case exp.Cast(this=exp.Literal() as literal, to=type_) if type_.this is exp.DType.DATE:
            return literal
        case exp.Literal(is_string=False) if "." in node.this and not isinstance(node.parent, exp.Div):
            raise NotInDialect("decimals")
        case exp.Extract(this=part, expression=day):
            return _number(call("STRFTIME", exp.Literal.string(_PARTS[part.name]), day))
        case exp.DayOfWeekIso(this=day):
            return monday_first(_number(call("STRFTIME", exp.Literal.string("%w"), day)))
        case exp.NullSafeEQ(this=one, expression=other):
            return exp.Is(this=one, expression=other)
        case exp.Translate():
            return replaced(node)
        case exp.StartsWith(this=text, expression=beginning):
            return exp.EQ(this=_left(text, call("LENGTH", beginning)), expression=beginning.copy())
        case exp.Left(this=text, expression=length):
            return _left(text, length)
        case exp.Right(this=text, expression=length):
            return call("SUBSTR", text, exp.Neg(this=length))
        case exp.Like():
            raise NotInDialect("patterns that tell case apart")
        case exp.RegexpLike():
            raise NotInDialect("times in JSON")
        case exp.MD5():
            raise NotInDialect("hashes")
        case exp.WithinGroup():
            raise NotInDialect("medians")
        case exp.UnixToTime() | exp.UnixMicros():
            raise NotInDialect("times as numbers of microseconds")
        case exp.ArrayContains() | exp.ArraySize() | exp.Unnest():
            raise NotInDialect("lists")
        case _:
            return node


def _number(value: exp.Expr) -> exp.Expr:
    return exp.Cast(this=value, to=exp.DataType(this=exp.DType.INT))


def _left(text: exp.Expr, length: exp.Expr) -> exp.Expr:
    return call("SUBSTR", text, exp.Literal.number(1), length)


SQLITE = Dialect("sqlite", rewrite=_rewrite)
