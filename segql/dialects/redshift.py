"""Redshift. It has no arrays. In the tests Postgres, its ancestor, stands in."""

from __future__ import annotations

from sqlglot import exp

from .model import Dialect, NotInDialect
from .rewriting import call, monday_first, quotient, zoned


def _rewrite(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.FromTimeZone():
            return zoned(node)
        case exp.UnixToTime(this=micros):
            return call("DATEADD", exp.Var(this="MICROSECOND"), micros, _start())
        case exp.UnixMicros(this=instant):
            wall = exp.AtTimeZone(this=instant, zone=exp.Literal.string("UTC"))
            return call("DATEDIFF", exp.Var(this="MICROSECOND"), _start(), wall)
        case exp.DayOfWeekIso(this=day):
            return monday_first(exp.Extract(this=exp.Var(this="DOW"), expression=day))
        case exp.NullSafeEQ(this=one, expression=other):
            missing = exp.And(
                this=exp.Is(this=one.copy(), expression=exp.Null()),
                expression=exp.Is(this=other.copy(), expression=exp.Null()),
            )
            return exp.Paren(this=exp.Or(this=exp.EQ(this=one, expression=other), expression=exp.Paren(this=missing)))
        case exp.CurrentTimestamp():  # GETDATE, a wall-clock time of the session's zone, which the cast takes it for
            return exp.Cast(this=node, to=exp.DataType(this=exp.DType.TIMESTAMPTZ))
        case exp.IntDiv(this=one, expression=other):
            return quotient(one, other)
        case exp.JSONExtract() | exp.ArrayContains() | exp.ArraySize() | exp.Unnest():
            raise NotInDialect("lists")
        case _:
            return node


def _start() -> exp.Expr:
    return exp.Cast(this=exp.Literal.string("1970-01-01 00:00:00"), to=exp.DataType(this=exp.DType.TIMESTAMP))


REDSHIFT = Dialect(
    "redshift",
    proof="emulated",
    text_end=None,
    repeated_hour="later",
    value_frames=False,
    named_values=False,
    rewrite=_rewrite,
)
