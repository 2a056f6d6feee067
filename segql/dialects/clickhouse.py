"""ClickHouse.

- A semi-join is IN: a set is faster than a correlated subquery, which older versions lack.
- An instant is a DateTime or DateTime64 of any zone. A naive timestamp (`zone:` in the catalog) is a DateTime64 in
  'UTC' with the digits of the wall clock.
- Numbers are rounded to their scale here: its casts cut off. A literal with a decimal point would be a float.
- A text compares, and is cut, by code points only in the functions that end in UTF8.
- Rows that an outer join does not find are missing, not zero: the statement sets `join_use_nulls`.
- It has no missing lists: `is set` holds of every list.
"""

from __future__ import annotations

from sqlglot import exp

from . import elements
from .membership import as_membership
from .model import Dialect
from .rewriting import call, decimal, is_set, number_type, with_names
from .written import NUMBER, when

_SPARE = 6
"""Decimals beyond the scale that are read of a number before it is rounded."""


def rewrite(node: exp.Expr) -> exp.Expr:
    """What a neutral node is in the SQL of ClickHouse."""
    match node:
        case exp.AtTimeZone(this=instant):
            zoned = call("toTimeZone", instant, node.args["zone"])
            return call("toDateTime64", call("toString", zoned), exp.Literal.number(6), exp.Literal.string("UTC"))
        case exp.Extract(expression=moment):
            node.set("expression", _zoned(moment))
            return node
        case exp.FromTimeZone(this=wall):
            return _instant(wall, node.args["zone"])
        case exp.UnixToTime(this=micros):
            return call("fromUnixTimestamp64Micro", call("toInt64", micros), exp.Literal.string("UTC"))
        case exp.UnixMicros(this=instant):
            return call("toUnixTimestamp64Micro", call("toDateTime64", instant, exp.Literal.number(6)))
        case exp.TryCast(this=value, to=type_):
            return _try_cast(value, type_)
        case exp.Cast(this=value, to=type_):
            return _cast(node, value, type_.this)
        case exp.Add(
            this=exp.Anonymous(this="toDate32") as day, expression=exp.Anonymous(this="formatDateTime") as time
        ):
            written = call("concat", call("toString", day), exp.Literal.string(" "), time)
            return call("toDateTime64OrNull", written, exp.Literal.number(6), exp.Literal.string("UTC"))
        case exp.Literal(this=digits, is_string=False) if "." in digits or len(digits) > 18:
            return node if isinstance(node.parent, exp.Div | exp.Cast) else _decimal(digits)
        case exp.WithinGroup(this=exp.PercentileDisc(this=share), expression=order):
            value = order.expressions[0].this
            return exp.ParameterizedAgg(this="quantileExactLow", expressions=[share], params=[value])
        case exp.JSONExtractScalar(this=document, expression=exp.JSONPath() as path):
            return (
                _json_text(document, path)
                if node.args.get("scalar_only")
                else _json(document, path, "Nullable(String)")
            )
        case exp.JSONExtract(this=document, expression=exp.JSONPath() as path):
            return _json(document, path, "Array(Nullable(String))")
        case exp.Max() | exp.Min() | exp.Sum() | exp.Lag() | exp.Lead() if not _grouped(node):
            # Of no rows they are missing only where the column may be.
            node.set("this", call("toNullable", node.this))
            return node
        case exp.IntDiv(this=dividend, expression=divisor):
            return exp.Div(this=dividend, expression=divisor)  # of whole decimals it is a whole decimal
        case exp.Translate(this=text):
            return call("translateUTF8", text, node.args["from_"], node.args["to"])
        case exp.Left(this=text, expression=length):
            return call("leftUTF8", text, length)
        case exp.Right(this=text, expression=length):
            return call("rightUTF8", text, length)
        case exp.DayOfWeekIso(this=day):
            return call("toDayOfWeek", _zoned(day))
        case exp.CumeDist():
            return call("cume_dist")
        case exp.Anonymous(this="LIST_FILTER", expressions=[array, fits]):
            return call("arrayFilter", fits, array)
        case exp.Anonymous(this="LIST_EXTRACT", expressions=[array, place]):
            return call("arrayElementOrNull", array, place)
        case exp.Dot(this=exp.Anonymous(this="arrayElementOrNull", expressions=[array, place]), expression=name):
            # No tuple is missing, but a part of it may be.
            entry = exp.Identifier(this="entry")
            part = exp.Lambda(this=exp.Dot(this=entry, expression=name), expressions=[entry.copy()])
            return call("arrayElementOrNull", call("arrayMap", part, array), place)
        case exp.ArraySize(this=array):
            there = is_set(exp.Column(this=exp.Identifier(this="one")))
            return call("arrayCount", exp.Lambda(this=there, expressions=[exp.Identifier(this="one")]), array)
        case exp.BitwiseAnd(this=one, expression=other):
            return call("bitAnd", one, other)
        case exp.CurrentTimestamp():
            return call("now64", exp.Literal.number(6), exp.Literal.string("UTC"))
        case exp.Exists():
            return as_membership(node)
        case exp.Select():
            return _select(node)
        case exp.SetOperation() if node.parent is None:
            return _with_nulls(node)
        case _:
            return node


def _grouped(function: exp.Expr) -> bool:
    """Whether an aggregate is over groups, of which none is empty."""
    above = function.find_ancestor(exp.Window, exp.Select)
    return isinstance(above, exp.Select) and "group" in above.args


def _select(node: exp.Select) -> exp.Query:
    if node.args.get("joins"):
        # The name of a column that several of the joined tables have comes with its table, unless it is given.
        node.set("expressions", with_names(node.expressions))
    return _with_nulls(node) if node.parent is None else node


def _with_nulls(query: exp.Query) -> exp.Query:
    """The whole statement, in which what an outer join does not find is missing; of a union the last SELECT says so."""
    if any(join.side for join in query.find_all(exp.Join)):
        name, last = exp.Column(this=exp.Identifier(this="join_use_nulls")), query
        while isinstance(last, exp.SetOperation):
            last = last.expression
        last.set("settings", [exp.EQ(this=name, expression=exp.Literal.number(1))])
    return query


def _zoned(wall: exp.Expr) -> exp.Expr:
    """A wall-clock time with its zone, where only what it shows is asked: that needs no text of it."""
    match wall.unnest():
        case exp.Anonymous(
            this="toDateTime64", expressions=[exp.Anonymous(this="toString", expressions=[exp.Expr() as zoned]), *_]
        ):
            return zoned
        case _:
            return wall


def _instant(wall: exp.Expr, zone: exp.Expr) -> exp.Expr:
    if isinstance(wall, exp.Anonymous) and wall.this == "fromUnixTimestamp64Micro":
        return wall
    return call("toDateTime64OrNull", call("toString", wall), exp.Literal.number(6), zone)


def _cast(node: exp.Expr, value: exp.Expr, type_: exp.DType) -> exp.Expr:
    literal = isinstance(value, exp.Literal)
    match type_:
        case exp.DType.TIMESTAMPTZ | exp.DType.TIMESTAMP:
            if literal:
                value = exp.Literal.string(value.this.removesuffix("+00:00"))
            return call("toDateTime64", value, exp.Literal.number(6), exp.Literal.string("UTC"))
        case exp.DType.DATE:
            return call("toDate32", _zoned(value))
        case exp.DType.TIME if literal:
            return exp.Literal.string(value.this if "." in value.this else f"{value.this}.000000")
        case exp.DType.TIME:
            return call("formatDateTime", _zoned(value), exp.Literal.string("%T.%f"))
        case _:
            return node


def _try_cast(value: exp.Expr, type_: exp.DataType) -> exp.Expr:
    match type_.this:
        case exp.DType.DECIMAL:
            return _rounded(value, type_)
        case exp.DType.ARRAY if type_.expressions[0].this is exp.DType.DECIMAL:
            one = exp.Identifier(this="one")
            number = _rounded(exp.Column(this=one), type_.expressions[0])
            if isinstance(value, exp.Anonymous) and value.this == "JSONExtract":
                number = when(exp.Column(this=one.copy()), (NUMBER, number))
            return call("arrayMap", exp.Lambda(this=number, expressions=[one.copy()]), value)
        case exp.DType.ARRAY:
            return value
        case exp.DType.TIMESTAMPTZ | exp.DType.TIMESTAMP:
            return call("parseDateTime64BestEffortOrNull", value, exp.Literal.number(6), exp.Literal.string("UTC"))
        case exp.DType.DATE:
            # What else reads days makes 2 March of 30 February.
            form = (exp.Literal.string("%Y-%m-%d"), exp.Literal.string("UTC"))
            return call("toDate32", call("parseDateTime64OrNull", value, *form))
        case _:
            raise AssertionError(type_)


def _rounded(value: exp.Expr, type_: exp.DataType) -> exp.Expr:
    """Halves away from zero, as ROUND does of decimals; of floats it would round them to even."""
    digits, scale = number_type(type_)
    read = call("accurateCastOrNull", value, exp.Literal.string(f"Decimal(38, {scale + _SPARE})"))
    rounded = call("round", read, exp.Literal.number(scale))
    # What does not fit a narrower one is an error there, and not missing.
    return exp.Cast(this=rounded, to=decimal(max(38, digits), scale))


def _decimal(digits: str) -> exp.Expr:
    scale = len(digits.partition(".")[2])
    type_ = decimal(76, scale)
    type_.set("nullable", False)
    return exp.Cast(this=exp.Literal.string(digits), to=type_)


def _json(document: exp.Expr, path: exp.JSONPath, type_: str) -> exp.Expr:
    return call("JSONExtract", document, *_keys(path), exp.Literal.string(type_))


def _json_text(document: exp.Expr, path: exp.JSONPath) -> exp.Expr:
    kinds = [exp.Literal.string(kind) for kind in ("Object", "Array")]
    composed = exp.In(this=call("JSONType", document.copy(), *_keys(path)), expressions=kinds)
    return exp.Case(ifs=[exp.If(this=exp.Not(this=composed), true=_json(document, path, "Nullable(String)"))])


def _keys(path: exp.JSONPath) -> list[exp.Expr]:
    return [exp.Literal.string(str(key.this)) for key in path.expressions if isinstance(key, exp.JSONPathKey)]


CLICKHOUSE = Dialect(
    "clickhouse",
    translates=False,
    proof="executed",
    engine="columns",
    skipped_hour="backward",
    like_escape=False,
    short_frames=True,
    range_joins=False,
    lambdas=True,
    wide_pass=True,
    named_values=False,
    json_elements=elements.by_array_join,
    array_elements=elements.tuples,
    rewrite=rewrite,
)
