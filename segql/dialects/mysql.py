"""MySQL, 8 and later. Its text is checked, no MySQL runs it.

An instant is a DATETIME(6) in UTC. Zones need MySQL's time zone tables, and text columns a collation that compares code
points (utf8mb4_bin). It has no lists, no medians, and no sure way to an instant from another zone's clock.
"""

from __future__ import annotations

from sqlglot import exp

from .model import Dialect, NotInDialect
from .rewriting import call, is_utc, quotient, replaced


def _rewrite(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.AtTimeZone() | exp.FromTimeZone() if is_utc(node.args["zone"]):
            unchanged: exp.Expr = node.this
            return unchanged
        case exp.AtTimeZone(this=instant):
            return call("CONVERT_TZ", instant, exp.Literal.string("+00:00"), node.args["zone"])
        case exp.FromTimeZone():
            raise NotInDialect("instants of another zone's wall-clock times")
        case exp.UnixToTime(this=micros):
            return call("TIMESTAMPADD", exp.Var(this="MICROSECOND"), micros, _start())
        case exp.UnixMicros(this=instant):
            return call("TIMESTAMPDIFF", exp.Var(this="MICROSECOND"), _start(), instant)
        case exp.TryCast(this=value, to=type_):
            if type_.this is exp.DType.ARRAY:
                raise NotInDialect("lists")
            if isinstance(value, exp.JSONExtractScalar):  # of a text that is no number a cast makes 0
                raise NotInDialect("values in JSON other than text")
            return exp.Cast(this=value, to=type_)
        case exp.Cast(this=value, to=type_) if type_.this in (exp.DType.TIMESTAMP, exp.DType.TIMESTAMPTZ):
            if isinstance(value, exp.Literal):
                value = exp.Literal.string(value.this.removesuffix("+00:00"))
            return exp.Cast(this=value, to=_micros(exp.DType.DATETIME))
        case exp.Cast(this=value, to=type_) if type_.this is exp.DType.TIME:
            return exp.Cast(this=value, to=_micros(exp.DType.TIME))
        case exp.Add(this=exp.Cast() as day, expression=exp.Cast() as time) if time.is_type(exp.DType.TIME):
            return call("TIMESTAMP", day, time)
        case exp.DayOfWeekIso(this=day):
            return exp.Paren(this=exp.Add(this=call("WEEKDAY", day), expression=exp.Literal.number(1)))
        case exp.IntDiv(this=one, expression=other):
            return quotient(one, other)
        case exp.Translate():
            return replaced(node)
        case exp.StartsWith(this=text, expression=beginning):
            return exp.EQ(
                this=exp.Left(this=text, expression=call("CHAR_LENGTH", beginning)), expression=beginning.copy()
            )
        case exp.WithinGroup():
            raise NotInDialect("medians")
        case exp.ArrayContains() | exp.ArraySize() | exp.Unnest():
            raise NotInDialect("lists")
        case _:
            return node


def _micros(kind: exp.DType) -> exp.DataType:
    return exp.DataType(this=kind, expressions=[exp.DataTypeParam(this=exp.Literal.number(6))])


def _start() -> exp.Expr:
    return exp.Cast(this=exp.Literal.string("1970-01-01 00:00:00"), to=_micros(exp.DType.DATETIME))


MYSQL = Dialect("mysql", binary_collation="utf8mb4_bin", rewrite=_rewrite)
