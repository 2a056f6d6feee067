"""Snowflake. Its text is checked, no Snowflake runs it.

An instant is a TIMESTAMP_TZ or TIMESTAMP_LTZ, a naive timestamp a TIMESTAMP_NTZ: what TIMESTAMP means is a setting.
"""

from __future__ import annotations

from sqlglot import exp

from .model import Dialect, NotInDialect
from .rewriting import call, number_type, quotient

_TRY = {
    exp.DType.DATE: "TRY_TO_DATE",
    exp.DType.TIMESTAMP: "TRY_TO_TIMESTAMP_NTZ",
    exp.DType.TIMESTAMPTZ: "TRY_TO_TIMESTAMP_TZ",
    exp.DType.BOOLEAN: "TRY_TO_BOOLEAN",
}


def _rewrite(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.AtTimeZone(this=instant):
            return exp.Cast(this=call("CONVERT_TIMEZONE", node.args["zone"], instant), to=_naive())
        case exp.FromTimeZone(this=exp.UnixToTime() as micros):
            return call("TO_TIMESTAMP_LTZ", micros.this, exp.Literal.number(6))
        case exp.FromTimeZone(this=wall):
            utc = call("CONVERT_TIMEZONE", node.args["zone"], exp.Literal.string("UTC"), wall)
            written = exp.DPipe(this=call("TO_VARCHAR", utc), expression=exp.Literal.string(" +00:00"), safe=True)
            return call("TO_TIMESTAMP_TZ", written)
        case exp.UnixToTime(this=micros) if not isinstance(node.parent, exp.FromTimeZone):
            return call("TO_TIMESTAMP_NTZ", micros, exp.Literal.number(6))
        case exp.UnixMicros(this=instant):
            return exp.Extract(this=exp.Var(this="EPOCH_MICROSECOND"), expression=instant)
        case exp.TryCast():
            return _try_cast(node)
        case exp.Cast(this=value, to=type_) if type_.this is exp.DType.TIMESTAMP:
            return exp.Cast(this=value, to=_naive())
        case exp.Add(this=exp.Cast() as day, expression=exp.Cast() as time) if time.is_type(exp.DType.TIME):
            return call("TIMESTAMP_NTZ_FROM_PARTS", day, time)
        case exp.IntDiv(this=one, expression=other):
            return quotient(one, other)
        case exp.Unnest():
            raise NotInDialect("arrays of keys and values")
        case exp.ArraySize(this=array):
            return call("ARRAY_SIZE", call("ARRAY_COMPACT", array))
        case _:
            return node


def _naive() -> exp.DataType:
    return exp.DataType(this=exp.DType.TIMESTAMPNTZ)


def _try_cast(node: exp.TryCast) -> exp.Expr:
    """It takes only text, and the elements of an array have no type."""
    value: exp.Expr = node.this
    type_ = node.to
    if type_.this is exp.DType.DECIMAL:
        digits = [exp.Literal.number(number) for number in number_type(type_)]
        return call("TRY_TO_DECIMAL", call("TO_VARCHAR", value), *digits)
    if type_.this is exp.DType.ARRAY:
        return value
    return call(_TRY[type_.this], value)


SNOWFLAKE = Dialect("snowflake", rewrite=_rewrite)
