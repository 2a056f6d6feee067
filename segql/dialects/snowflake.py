"""Snowflake. In the tests fakesnow stands in, by way of DuckDB.

An instant is a TIMESTAMP_TZ or TIMESTAMP_LTZ, a naive timestamp a TIMESTAMP_NTZ: what TIMESTAMP means is a setting.
"""

from __future__ import annotations

from sqlglot import exp

from . import elements
from .model import Dialect, NotInDialect
from .reserved import RESERVED
from .rewriting import call, number_type, quotient
from .written import NUMBER, when

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
            # Not by way of text, which is as a setting says: with milliseconds and no more.
            start = exp.Cast(this=exp.Literal.string("1970-01-01 00:00:00"), to=_naive())
            micros = call("DATEDIFF", exp.Var(this="MICROSECOND"), start, utc)
            return call("TO_TIMESTAMP_LTZ", micros, exp.Literal.number(6))
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
        case exp.Identifier(this=name, quoted=True) if name in RESERVED:
            node.set("this", name.upper())  # as it is without quotes
            return node
        case exp.JSONExtract(this=document) if not isinstance(node, exp.JSONExtractScalar):
            node.set("this", call("TRY_PARSE_JSON", document))
            return call("AS_ARRAY", node)
        case exp.ArrayContains(this=array, expression=value):
            return call("ARRAY_CONTAINS", call("TO_VARIANT", value), array)
        case exp.ArrayFilter():
            raise NotInDialect("tests of the elements of a list")
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
        text = value if isinstance(value, exp.Anonymous) else call("TO_VARCHAR", value)
        return call("TRY_TO_DECIMAL", text, *digits)
    if type_.this is exp.DType.ARRAY:
        return _elements(value, type_.expressions[0]) if isinstance(value, exp.Anonymous) else value
    if type_.this is exp.DType.TIMESTAMPTZ:
        value = _with_offset(value)
    return call(_TRY[type_.this], value)


def _with_offset(text: exp.Expr) -> exp.Expr:
    """An instant as Snowflake reads one unasked: with seconds, and an offset of hours and minutes with a colon."""
    text = call("REPLACE", text, exp.Literal.string("Z"), exp.Literal.string("+00:00"))
    for pattern, by in (
        ("^(.{16})([+-])", "\\1:00\\2"),
        ("([+-][0-9]{2})([0-9]{2})$", "\\1:\\2"),
        ("([+-][0-9]{2})$", "\\1:00"),
    ):
        text = call("REGEXP_REPLACE", text, exp.Literal.string(pattern), exp.Literal.string(by))
    return text


def _elements(found: exp.Expr, of: exp.DataType) -> exp.Expr:
    """The elements of an array in a document, each as its type."""
    name = exp.Identifier(this="one")
    text = call("TO_VARCHAR", exp.Column(this=name))
    one = text if of.this is exp.DType.TEXT else when(text, (NUMBER, _try_cast(exp.TryCast(this=text.copy(), to=of))))
    return call("TRANSFORM", found, exp.Lambda(this=one, expressions=[name.copy()]))


SNOWFLAKE = Dialect(
    "snowflake",
    proof="emulated",
    text_end=None,
    repeated_hour="either",
    all_but="EXCLUDE",
    named_values=False,
    json_elements=elements.by_flatten,
    rewrite=_rewrite,
)
