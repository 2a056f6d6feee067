"""Spark and Databricks. Neither the session's zone matters nor whether it is in ANSI mode.

- An instant is a TIMESTAMP, a naive timestamp a TIMESTAMP_NTZ. Spark makes the one from the other by way of the
  session's zone, so nothing here leaves that to it.
- A number is below 10^20: it gets so many digits that Spark can still compare it, and its sum, with numbers of other
  scales. Where it has no room for all digits it rounds decimals off, without a word.
- A time of the day is text.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sqlglot import exp

from . import elements
from .model import Dialect
from .rewriting import call, is_set, monday_first, number_type, quotient
from .written import NUMBER, when, whole

_DIGITS = 20
"""Of a number, before its decimals. A sum has ten more."""
_EXACT = {"MICROSECOND": 1, "SECOND": 1_000_000, "MINUTE": 60_000_000, "HOUR": 3_600_000_000}
"""Units of steps between instants, in microseconds. Wall-clock times move by days and months."""
_IN_JSON = "in JSON"
"""The mark on a list in a document."""
_TIME_OF_DAY = 12
"""Where it begins in a timestamp as text."""


def rewrite(node: exp.Expr) -> exp.Expr:
    """What a neutral node is in Spark's SQL."""
    match node:
        case exp.Literal(this=text, is_string=True) if "${" in text:
            return _apart(text)
        case exp.RegexpLike(expression=exp.Literal(this=pattern)):
            node.set("expression", exp.Literal.string(whole(pattern)))
            return node
        case exp.AtTimeZone(this=instant):
            shifted = call("FROM_UTC_TIMESTAMP", instant, node.args["zone"])
            start = exp.Cast(this=exp.Literal.string("1970-01-01 00:00:00"), to=_naive())
            return call("TIMESTAMPADD", exp.Var(this="MICROSECOND"), call("UNIX_MICROS", shifted), start)
        case exp.FromTimeZone(this=wall):
            return _instant(wall, node.args["zone"])
        case exp.UnixToTime(this=micros):
            return call("TIMESTAMP_MICROS", micros)
        case exp.UnixMicros(this=instant):
            return call("UNIX_MICROS", instant)
        case exp.TryCast(this=value, to=type_):
            if type_.this is exp.DType.ARRAY and _IN_JSON in value.meta:
                return _elements(value, type_)
            if type_.this is exp.DType.TIMESTAMPTZ:  # without seconds an offset is not read
                value = call("REGEXP_REPLACE", value, *map(exp.Literal.string, ("^(.{16})([Z+-])", "$1:00$2")))
            wanted = _naive() if type_.this is exp.DType.TIMESTAMP else _narrow(type_)
            return exp.TryCast(this=value, to=wanted, safe=True)
        case exp.Cast(this=value, to=type_):
            return _cast(node, value, type_.this)
        case exp.Add(this=exp.Cast() as date, expression=exp.Substring() as time) if date.to.this is exp.DType.DATE:
            return exp.Cast(this=call("CONCAT", _text(date), exp.Literal.string(" "), time), to=_naive())
        case exp.WithinGroup(this=exp.PercentileDisc(), expression=order):
            return _lower_median(order.expressions[0].this)
        case exp.IntDiv(this=dividend, expression=divisor):
            return quotient(dividend, divisor)  # DIV gives 64 bits
        case exp.Add(expression=exp.Interval() as step) | exp.Sub(expression=exp.Interval() as step):
            unit = step.args["unit"].name
            if unit not in _EXACT:
                return node
            # An interval of 72 hours would be three days, of 23 or 25 hours where the session's clocks change.
            micros = exp.Literal.number(int(step.name) * _EXACT[unit])
            moved = type(node)(this=call("UNIX_MICROS", node.this), expression=micros)
            return call("TIMESTAMP_MICROS", moved)
        case exp.JSONExtractScalar(this=document, expression=exp.JSONPath() as path):
            # `document:key`, as sqlglot may say it to Databricks, takes the key in any case.
            value = call("GET_JSON_OBJECT", document, exp.maybe_parse(path.sql("spark"), dialect="spark"))
            return _text_of(value, document, path) if node.args.get("scalar_only") else value
        case exp.JSONExtract(this=document, expression=exp.JSONPath() as path):
            return _read(document, path, "ARRAY<STRING>")
        case exp.DayOfWeekIso(this=day):
            return monday_first(exp.Sub(this=call("DAYOFWEEK", day), expression=exp.Literal.number(1)))
        case exp.Anonymous(this="LIST_FILTER"):
            node.set("this", "FILTER")
            return node
        case exp.Anonymous(this="LIST_EXTRACT", expressions=[array, _]):
            return call("GET", array, exp.Literal.number(0))
        case exp.ArraySize(this=array):
            return call("ARRAY_SIZE", call("ARRAY_COMPACT", array))
        case _:
            return node


def _apart(text: str) -> exp.Expr:
    """A text with `${x}` in it, put together of what Spark does not take for a variable."""
    first, *rest = (exp.Literal.string(part) for part in re.split(r"(?<=\$)(?=\{)", text))
    joined: exp.Expr = first
    for part in rest:
        joined = exp.DPipe(this=joined, expression=part, safe=True)
    return exp.Paren(this=joined)


def _narrow(type_: exp.DataType) -> exp.DataType:
    """A decimal type, also of elements, with room for what becomes of its values."""
    if type_.this is exp.DType.ARRAY:
        type_.set("expressions", [_narrow(of) for of in type_.expressions])
    elif type_.this is exp.DType.DECIMAL:
        _, scale = number_type(type_)
        type_.expressions[0].set("this", exp.Literal.number(min(_DIGITS + scale, 38)))
    return type_


def _naive() -> exp.DataType:
    return exp.DataType(this=exp.DType.TIMESTAMPNTZ)


def _text(value: exp.Expr) -> exp.Expr:
    return exp.Cast(this=value, to=exp.DataType(this=exp.DType.TEXT))


def _instant(wall: exp.Expr, zone: exp.Expr) -> exp.Expr:
    if isinstance(wall, exp.Anonymous) and wall.this == "TIMESTAMP_MICROS":
        return wall
    # As text it names its zone.
    inner = wall.unnest()
    parts = [_text(wall)]
    if isinstance(inner, exp.Cast) and isinstance(inner.this, exp.Anonymous) and inner.this.this == "CONCAT":
        parts = inner.this.expressions  # it is put together here
    written = call("CONCAT", *parts, exp.Literal.string(f" {zone.this}"))
    return exp.Cast(this=written, to=exp.DataType(this=exp.DType.TIMESTAMPTZ))


def _cast(node: exp.Expr, value: exp.Expr, type_: exp.DType) -> exp.Expr:
    match type_:
        case exp.DType.TIMESTAMP:
            return exp.Cast(this=value, to=_naive())
        case exp.DType.TIME if isinstance(value, exp.Literal):
            # As text drops the zeros at the end of a fraction.
            whole, _, fraction = value.this.partition(".")
            fraction = fraction.rstrip("0")
            return exp.Literal.string(f"{whole}.{fraction}" if fraction else whole)
        case exp.DType.TIME:
            return exp.Substring(this=_text(value), start=exp.Literal.number(_TIME_OF_DAY))
        case _:
            return node


def _lower_median(value: exp.Expr) -> exp.Expr:
    """PERCENTILE_DISC would make a float of it; ARRAY_SORT takes no EXISTS in the value."""
    ordered = call("SORT_ARRAY", call("COLLECT_LIST", value))
    half = exp.Paren(this=exp.Sub(this=exp.Count(this=value.copy()), expression=exp.Literal.number(1)))
    place = exp.Cast(this=exp.Div(this=half, expression=exp.Literal.number(2)), to=exp.DataType(this=exp.DType.INT))
    return call("GET", ordered, place)


def _read(document: exp.Expr, path: exp.JSONPath, type_: str) -> exp.Expr:
    """What a path leads to, if it is of that type: as text a list and the text of one look the same."""
    keys = [str(key.this) for key in path.expressions if isinstance(key, exp.JSONPathKey)]
    for key in reversed(keys):
        quoted = key.replace("`", "``")
        type_ = f"STRUCT<`{quoted}`: {type_}>"
    found = call("FROM_JSON", document.copy(), exp.Literal.string(type_))
    for key in keys:
        found = exp.Dot(this=found, expression=exp.Identifier(this=key, quoted=True))
    if not keys:  # an object would be a list of one
        is_list = exp.RegexpLike(this=document.copy(), expression=exp.Literal.string(r"^\s*\["))
        found = exp.Case(ifs=[exp.If(this=is_list, true=found)])
    found.meta[_IN_JSON] = True
    return found


def _text_of(found: exp.Expr, document: exp.Expr, path: exp.JSONPath) -> exp.Expr:
    """The text that was found; nothing where it is that of an object or a list."""
    looks = (
        exp.StartsWith(this=found.copy(), expression=exp.Literal.string("[")),
        exp.StartsWith(this=found.copy(), expression=exp.Literal.string("{")),
    )
    kinds = ("ARRAY<STRING>", "MAP<STRING, STRING>")
    composed = [
        exp.If(this=exp.And(this=look, expression=is_set(_read(document, path, kind))), true=exp.Null())
        for look, kind in zip(looks, kinds, strict=True)
    ]
    return exp.Case(ifs=composed, default=found)


def _elements(texts: exp.Expr, type_: exp.DataType) -> exp.Expr:
    """The elements of a list in a JSON document."""
    of = type_.expressions[0]
    if of.this is exp.DType.TEXT:
        return texts
    one = exp.Identifier(this="one")
    number = when(exp.Column(this=one), (whole(NUMBER), exp.TryCast(this=exp.Column(this=one.copy()), to=_narrow(of))))
    return call("TRANSFORM", texts, exp.Lambda(this=number, expressions=[one.copy()]))


SPARK = Dialect(
    "spark",
    proof="executed",
    text_end="\\z",
    whole_products=True,
    lambdas=True,
    substituted="${",
    wide_pass=True,
    json_elements=elements.by_from_json,
    array_elements=elements.exploded,
    rewrite=rewrite,
)
DATABRICKS = replace(SPARK, name="databricks", proof="parsed")
