"""Postgres, 15 and later."""

from __future__ import annotations

from sqlglot import exp

from .model import Dialect
from .rewriting import number_type, zoned

_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?\s*$"
_DAY = r"(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8])"
_LEAP_DAY = r"(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
_DATE = rf"^(?!0000)(\d{{4}}-({_DAY})|{_LEAP_DAY})"
_TIME = r"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?"
_ZONE = r"(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)$"
"""What a text must look like before it is cast: Postgres raises an error at what it cannot cast, and casts more than
other engines do.
"""
_FITTING: dict[exp.DType, str] = {
    exp.DType.DECIMAL: _NUMBER,
    exp.DType.BOOLEAN: r"^(true|false)$",
    exp.DType.DATE: _DATE + "$",
    exp.DType.TIMESTAMP: f"{_DATE}({_TIME})?$",
    exp.DType.TIMESTAMPTZ: _DATE + _TIME + _ZONE,
}


def _rewrite(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.FromTimeZone():
            return zoned(node)
        case exp.UnixToTime():
            # Not TO_TIMESTAMP, whose argument is a float.
            start = exp.Cast(this=exp.Literal.string("1970-01-01"), to=exp.DataType(this=exp.DType.TIMESTAMP))
            micro = exp.Interval(this=exp.Literal.string("1"), unit=exp.Var(this="MICROSECOND"))
            return exp.Paren(this=exp.Add(this=start, expression=exp.Mul(this=_operand(node.this), expression=micro)))
        case exp.UnixMicros():
            seconds = exp.Extract(this=exp.Var(this="EPOCH"), expression=node.this)
            micros = exp.Mul(this=seconds, expression=exp.Literal.number(1_000_000))
            return exp.Cast(this=micros, to=exp.DataType(this=exp.DType.BIGINT))
        case exp.DayOfWeekIso():
            return exp.Extract(this=exp.Var(this="ISODOW"), expression=node.this)
        case exp.JSONExtractScalar() | exp.JSONExtract():
            return _json(node)
        case exp.TryCast():
            return _cast(node)
        case exp.Chr(expressions=[exp.Literal(this="0")]):  # no text holds it
            return exp.Null()
        case exp.ArrayContains():  # sqlglot would ask whether the value, a literal, is NULL
            return exp.EQ(this=node.expression, expression=exp.Any(this=exp.Paren(this=node.this)))
        case exp.ArraySize():
            there = exp.Anonymous(this="ARRAY_REMOVE", expressions=[node.this, exp.Null()])
            return exp.Anonymous(this="CARDINALITY", expressions=[there])
        case exp.Unnest() if (alias := node.args.get("alias")) and alias.columns:
            # Elements that are rows come as their columns, so their name is the table's.
            return exp.Unnest(expressions=node.expressions, alias=exp.TableAlias(this=alias.columns[0]))
        case exp.Dot(this=exp.Dot() | exp.Column() as row):  # else a row would be taken for a table
            return exp.Dot(this=exp.Paren(this=row), expression=node.expression)
        case _:
            return node


def _operand(value: exp.Expr) -> exp.Expr:
    return exp.Paren(this=value) if isinstance(value, exp.Binary) else value


def _json(node: exp.JSONExtractScalar | exp.JSONExtract) -> exp.Expr:
    """The operators that `json` and `jsonb` both have."""
    keys = [key for key in node.expression.expressions if not isinstance(key, exp.JSONPathRoot)]
    if not keys or not all(isinstance(key, exp.JSONPathKey | exp.JSONPathSubscript) for key in keys):
        return node  # of somebody's SQL in another dialect
    path = ",".join('"' + str(key.this).replace("\\", "\\\\").replace('"', '\\"') + '"' for key in keys)
    kind = exp.JSONBExtractScalar if isinstance(node, exp.JSONExtractScalar) else exp.JSONBExtract
    extracted = kind(this=node.this, expression=exp.Literal.string(f"{{{path}}}"))
    return exp.Paren(this=extracted) if isinstance(node.parent, exp.Binary | exp.Predicate) else extracted


def _cast(node: exp.TryCast) -> exp.Expr:
    value, type_ = node.this, node.to
    text = value.unnest()
    if type_.this is exp.DType.ARRAY:
        return _json_array(text, type_) if isinstance(text, exp.JSONBExtract) else exp.Cast(this=value, to=type_)
    if isinstance(text, exp.JSONBExtractScalar):
        fits: exp.Expr = exp.RegexpLike(this=value.copy(), expression=exp.Literal.string(_FITTING[type_.this]))
    elif type_.this is exp.DType.DECIMAL:
        # NaN is larger than all numbers here, and equal to itself.
        most = exp.Literal.number(f"1E{number_type(type_)[0] - number_type(type_)[1] - 1}")
        fits = exp.Between(this=_operand(value.copy()), low=exp.Neg(this=most), high=most.copy())
    else:
        return exp.Cast(this=value, to=type_)
    return exp.Case(ifs=[exp.If(this=fits, true=exp.Cast(this=value, to=type_))])


def _json_array(document: exp.Expr, type_: exp.DataType) -> exp.Expr:
    """The elements of a JSON array as texts, cast to what they are; NULL where it is no array."""

    def jsonb() -> exp.Expr:
        return exp.Cast(this=document.copy(), to=exp.DataType(this=exp.DType.JSONB))

    element = exp.Column(this=exp.Identifier(this="element", quoted=False))
    of = type_.expressions[0]
    value = element if of.this is exp.DType.TEXT else _cast_text(element, of)
    texts = exp.Anonymous(this="JSONB_ARRAY_ELEMENTS_TEXT", expressions=[jsonb()])
    source = exp.Table(this=texts, alias=exp.TableAlias(this=exp.Identifier(this="element", quoted=False)))
    array = exp.Array(expressions=[exp.Select(expressions=[value], from_=exp.From(this=source))])
    is_array = exp.EQ(
        this=exp.Anonymous(this="JSONB_TYPEOF", expressions=[jsonb()]), expression=exp.Literal.string("array")
    )
    return exp.Case(ifs=[exp.If(this=is_array, true=array)])


def _cast_text(text: exp.Expr, type_: exp.DataType) -> exp.Expr:
    fits = exp.RegexpLike(this=text.copy(), expression=exp.Literal.string(_FITTING[type_.this]))
    return exp.Case(ifs=[exp.If(this=fits, true=exp.Cast(this=text, to=type_.copy()))])


POSTGRES = Dialect("postgres", proof="executed", repeated_hour="later", binary_collation="C", rewrite=_rewrite)
