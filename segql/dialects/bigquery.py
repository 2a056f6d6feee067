"""BigQuery. Its NUMERIC has too few digits, so numbers are BIGNUMERIC: 38 digits before the point, 38 behind it."""

from __future__ import annotations

from sqlglot import exp

from . import elements
from .model import Dialect
from .rewriting import call, filtered, is_set, monday_first, number_type
from .written import NUMBER, when

_LARGEST = 2**63 - 1
_TIMES = (exp.DType.TIMESTAMP, exp.DType.TIMESTAMPTZ)


def _rewrite(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.Literal(is_string=False) if _is_wide(str(node.this)):
            return exp.Cast(this=exp.Literal.string(str(node.this)), to=exp.DataType(this=exp.DType.BIGDECIMAL))
        case exp.DataType(this=exp.DType.DECIMAL):
            return exp.DataType(this=exp.DType.BIGDECIMAL, expressions=node.expressions)
        case exp.Cast() if node.to.this is exp.DType.BIGDECIMAL and node.to.expressions:
            return _rounded(node)
        case exp.FromTimeZone(this=exp.UnixToTime() as instant):
            return instant
        case exp.FromTimeZone():
            return exp.Timestamp(this=node.this.unnest(), zone=node.args["zone"])
        case exp.UnixToTime() if not isinstance(node.parent, exp.FromTimeZone):
            return exp.Datetime(this=node, expression=exp.Literal.string("UTC"))
        case exp.AtTimeZone():
            return exp.Datetime(this=node.this.unnest(), expression=node.args["zone"])
        case exp.Add(this=exp.Cast() as day, expression=exp.Cast() as time) if time.is_type(exp.DType.TIME):
            return exp.Datetime(this=day, expression=time)
        case exp.TimestampTrunc(unit=exp.Var(this="WEEK") as unit):
            unit.set("this", "WEEK(MONDAY)")
            return node
        case exp.DayOfWeekIso(this=day):
            sunday_first = exp.Extract(this=exp.Var(this="DAYOFWEEK"), expression=day)
            return monday_first(exp.Sub(this=sunday_first, expression=exp.Literal.number(1)))
        case exp.WithinGroup():
            return _median(node)
        case exp.ArrayFilter(this=array, expression=exp.Lambda(expressions=[one])):
            alias = exp.TableAlias(columns=[one.copy()])
            return filtered(node, exp.From(this=exp.Unnest(expressions=[array], alias=alias)))
        case exp.ArraySize():
            element = exp.Column(this=exp.Identifier(this="element", quoted=False))
            counted = exp.Select(expressions=[exp.Count(this=element, big_int=True)], from_=_from(node.this))
            return exp.Subquery(this=counted)
        case exp.Ordered() if isinstance(node.find_ancestor(exp.Window, exp.Select), exp.Window):
            # Window functions take no NULLS LAST. What the emitter orders by is never NULL.
            node.set("nulls_first", not node.args.get("desc"))
            return node
        case exp.TryCast() if node.to.this is exp.DType.ARRAY:
            return _list(node)
        case exp.TryCast(this=exp.JSONExtractScalar() as text) if node.to.this in _TIMES:
            return exp.TryCast(this=_whole(text), to=node.to)
        case _:
            return node


def _whole(text: exp.Expr) -> exp.Expr:
    """A time as text with its seconds, and no digits behind the microseconds: else it would be cast to NULL."""
    for pattern, by in (("^(.{16})([Z+-]|$)", r"\1:00\2"), ("([.][0-9]{6})[0-9]+", r"\1")):
        text = call("REGEXP_REPLACE", text, exp.Literal.string(pattern), exp.Literal.string(by))
    return text


def _is_wide(digits: str) -> bool:
    return not digits.isdigit() or int(digits) > _LARGEST


def _rounded(node: exp.Cast) -> exp.Expr:
    """BIGNUMERIC(38, 2) is a type of columns alone."""
    scale = number_type(node.to)[1]
    node.to.set("expressions", None)
    return exp.Round(this=node, decimals=exp.Literal.number(scale) if scale else None)


def _median(node: exp.WithinGroup) -> exp.Expr:
    """The element in the middle, of the values in order."""
    value = node.expression.expressions[0].this
    ordered = exp.Order(this=value, expressions=[exp.Ordered(this=value.copy(), nulls_first=True)])
    last = exp.Sub(this=exp.Count(this=value.copy(), big_int=True), expression=exp.Literal.number(1))
    return exp.Bracket(
        this=exp.IgnoreNulls(this=exp.ArrayAgg(this=ordered)),
        expressions=[exp.IntDiv(this=last, expression=exp.Literal.number(2))],
        offset=0,
        safe=True,
    )


def _list(node: exp.TryCast) -> exp.Expr:
    """A list in another type, element by element."""
    value: exp.Expr = node.this
    of = node.to.expressions[0]
    if isinstance(value, exp.JSONExtract):
        value = exp.JSONValueArray(this=value.this, expression=value.expression)
    if of.this is exp.DType.TEXT:
        return value
    element = exp.Column(this=exp.Identifier(this="element", quoted=False))
    cast = _rounded(exp.TryCast(this=element, to=of))
    number = when(element, (NUMBER, cast)) if isinstance(node.this, exp.JSONExtract) else cast
    array = exp.Array(expressions=[exp.Select(expressions=[number], from_=_from(value.copy()))])
    return exp.Case(ifs=[exp.If(this=is_set(value), true=array)])


def _from(array: exp.Expr) -> exp.From:
    """The elements of an array, each a row."""
    alias = exp.TableAlias(columns=[exp.Identifier(this="element", quoted=False)])
    return exp.From(this=exp.Unnest(expressions=[array], alias=alias))


BIGQUERY = Dialect(
    "bigquery",
    proof="executed",
    like_escape=False,
    named_parameter="@",
    replaces_columns=True,
    named_values=False,
    json_elements=elements.by_query_array,
    array_elements=elements.repeated,
    rewrite=_rewrite,
)
