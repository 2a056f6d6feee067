"""Trino. Its grammar reads the text, no Trino runs it. Without a precision its timestamps have milliseconds."""

from __future__ import annotations

from sqlglot import exp

from . import elements
from .model import Dialect
from .rewriting import call, is_set, quotient

_TIMES = (exp.DType.TIMESTAMP, exp.DType.TIMESTAMPTZ, exp.DType.TIME)


def _rewrite(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.DataType(this=kind) if kind in _TIMES:
            return _micros(kind)
        case exp.Cast(this=exp.Literal(this=text), to=type_) if type_.this is exp.DType.TIMESTAMPTZ:
            node.set("this", exp.Literal.string(text.replace("+00:00", " UTC")))
            return node
        case exp.AtTimeZone(this=instant):
            return exp.Cast(this=call("AT_TIMEZONE", instant, node.args["zone"]), to=_micros(exp.DType.TIMESTAMP))
        case exp.FromTimeZone(this=exp.UnixToTime() as micros):
            return _unix(micros)
        case exp.FromTimeZone(this=wall):
            return call("WITH_TIMEZONE", wall, node.args["zone"])
        case exp.UnixToTime() if not isinstance(node.parent, exp.FromTimeZone):
            return exp.Cast(this=_unix(node), to=_micros(exp.DType.TIMESTAMP))
        case exp.UnixMicros(this=instant):
            seconds = exp.Mul(this=call("TO_UNIXTIME", instant), expression=exp.Literal.number(1_000_000))
            return exp.Cast(this=exp.Round(this=seconds), to=exp.DataType(this=exp.DType.BIGINT))
        case exp.Add(this=exp.Cast() as day, expression=exp.Cast() as time) if time.is_type(exp.DType.TIME):
            written = call("CONCAT", _text(day), exp.Literal.string(" "), _text(time))
            return exp.Cast(this=written, to=_micros(exp.DType.TIMESTAMP))
        case exp.WithinGroup(this=exp.PercentileDisc(), expression=order):
            return _lower_median(order.expressions[0].this)
        case exp.IntDiv(this=one, expression=other):
            return quotient(one, other)
        case exp.Anonymous(this="LIST_FILTER"):
            node.set("this", "FILTER")
            return node
        case exp.Anonymous(this="LIST_EXTRACT"):
            node.set("this", "ELEMENT_AT")
            return node
        case exp.ArraySize(this=array):
            one = exp.Identifier(this="one")
            there = exp.Lambda(this=is_set(exp.Column(this=one)), expressions=[one.copy()])
            return call("CARDINALITY", call("FILTER", array, there))
        case _:
            return node


def _micros(kind: exp.DType) -> exp.DataType:
    return exp.DataType(this=kind, expressions=[exp.DataTypeParam(this=exp.Literal.number(6))])


def _text(value: exp.Expr) -> exp.Expr:
    return exp.Cast(this=value, to=exp.DataType(this=exp.DType.VARCHAR))


def _unix(node: exp.UnixToTime) -> exp.Expr:
    micros = exp.Paren(this=node.this) if isinstance(node.this, exp.Binary) else node.this
    return call("FROM_UNIXTIME_NANOS", exp.Mul(this=micros, expression=exp.Literal.number(1000)))


def _lower_median(value: exp.Expr) -> exp.Expr:
    """The element in the middle; missing ones come last."""
    ordered = call("ARRAY_SORT", exp.ArrayAgg(this=value))
    above = exp.Paren(this=exp.Add(this=exp.Count(this=value.copy()), expression=exp.Literal.number(1)))
    # Of whole numbers the quotient is whole.
    middle = exp.Div(this=above, expression=exp.Literal.number(2), typed=True)
    return call("ELEMENT_AT", ordered, exp.Greatest(this=middle, expressions=[exp.Literal.number(1)]))


TRINO = Dialect(
    "trino",
    proof="parsed",
    text_end="\\z",
    lambdas=True,
    json_elements=elements.by_json_type,
    array_elements=elements.of_rows,
    rewrite=_rewrite,
)
