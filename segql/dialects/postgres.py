"""Postgres, 15 and later."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlglot import exp

from . import elements
from .model import Dialect
from .rewriting import below, filtered, is_utc, number_type, zoned
from .written import NUMBER, when

_SHORT_MONTHS = r"(0[13578]|1[02])-..|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8])"
_LEAP_DAY = r"(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
_EXISTS = rf"^(\d{{4}}-({_SHORT_MONTHS})|{_LEAP_DAY})"
"""What the text of a day begins with, if there is such a day: Postgres raises an error at what it cannot cast."""


def _rewrite(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.FromTimeZone():
            return zoned(node)
        case exp.UnixToTime():
            # Not TO_TIMESTAMP, whose argument is a float.
            start = exp.Cast(this=exp.Literal.string("1970-01-01"), to=exp.DataType(this=exp.DType.TIMESTAMP))
            micro = exp.Interval(this=exp.Literal.string("1"), unit=exp.Var(this="MICROSECOND"))
            return exp.Paren(this=exp.Add(this=start, expression=exp.Mul(this=_operand(node.this), expression=micro)))
        case exp.UnixMicros(this=instant):
            if isinstance(instant, exp.AtTimeZone) and is_utc(instant.args["zone"]):
                instant = instant.this  # a wall-clock time in UTC gives the same number
            seconds = exp.Extract(this=exp.Var(this="EPOCH"), expression=instant)
            micros = exp.Mul(this=seconds, expression=exp.Literal.number(1_000_000))
            return exp.Cast(this=micros, to=exp.DataType(this=exp.DType.BIGINT))
        case exp.Exists():
            return _looked_up(node)
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
        case exp.ArrayFilter(this=array, expression=exp.Lambda(expressions=[one])):
            return filtered(node, exp.From(this=exp.Unnest(expressions=[array], alias=exp.TableAlias(this=one.copy()))))
        case exp.Unnest() if (alias := node.args.get("alias")) and alias.columns:
            # Elements that are rows come as their columns, so their name is the table's.
            return exp.Unnest(expressions=node.expressions, alias=exp.TableAlias(this=alias.columns[0]))
        case exp.Dot(this=exp.Dot() | exp.Column() as row):  # else a row would be taken for a table
            return exp.Dot(this=exp.Paren(this=row), expression=node.expression)
        case _:
            return node


def _looked_up(exists: exp.Exists) -> exp.Expr:
    """Of a CASE for each row, whether its value is among those of all: Postgres makes a hash of these, but of what
    EXISTS looks for, where it thinks that few rows will ask, it looks for each.
    """
    above = exists.parent
    while above is not None and not isinstance(above, exp.If | exp.Query):
        above = above.parent
    query = exists.this
    if not isinstance(above, exp.If) or query.args.keys() - {"expressions", "from_", "joins", "where"}:
        return exists
    own = {source.alias_or_name for source in below(query) if isinstance(source, exp.Table | exp.Subquery)}
    parts = list(query.args["where"].this.flatten()) if query.args.get("where") else []

    def outside(node: exp.Expr) -> bool:
        return any(isinstance(one, exp.Column) and one.table not in own for one in below(node))

    tied = [part for part in parts if outside(part)]
    elsewhere = any(outside(value) for key in ("from_", "joins") for value in _listed(query.args.get(key)))
    if len(tied) != 1 or elsewhere or type(tied[0]) is not exp.EQ:
        return exists
    inner, outer = tied[0].this, tied[0].expression
    if outside(inner):
        inner, outer = outer, inner
    if outside(inner) or any(isinstance(one, exp.Column) and one.table in own for one in below(outer)):
        return exists
    known = exp.Not(this=exp.Is(this=inner.copy(), expression=exp.Null()))
    rest = exp.and_(*(part for part in parts if part is not tied[0]), known, copy=False)
    query.set("expressions", [inner])
    query.set("where", exp.Where(this=rest))
    return exp.Coalesce(this=exp.In(this=outer, query=exp.Subquery(this=query)), expressions=[exp.false()])


def _listed(value: Any) -> list[exp.Expr]:
    return value if isinstance(value, list) else [value] if value else []


def _operand(value: exp.Expr) -> exp.Expr:
    return exp.Paren(this=value) if isinstance(value, exp.Binary) else value


def _json(node: exp.JSONExtractScalar | exp.JSONExtract) -> exp.Expr:
    """The operators that `json` and `jsonb` both have."""
    keys = [key for key in node.expression.expressions if not isinstance(key, exp.JSONPathRoot)]
    if not all(isinstance(key, exp.JSONPathKey | exp.JSONPathSubscript) for key in keys):
        return node  # of somebody's SQL in another dialect
    path = ",".join('"' + str(key.this).replace("\\", "\\\\").replace('"', '\\"') + '"' for key in keys)
    kind = exp.JSONBExtractScalar if isinstance(node, exp.JSONExtractScalar) else exp.JSONBExtract
    extracted: exp.Expr = kind(this=node.this, expression=exp.Literal.string(f"{{{path}}}"))
    if node.args.get("scalar_only"):
        value = exp.JSONBExtract(this=node.this.copy(), expression=exp.Literal.string(f"{{{path}}}"))
        return _unless(value, extracted)
    return exp.Paren(this=extracted) if isinstance(node.parent, exp.Binary | exp.Predicate) else extracted


def _unless(value: exp.Expr, text: exp.Expr) -> exp.Expr:
    """The text, unless the value is an object or a list."""
    kinds = [exp.Literal.string(kind) for kind in ("object", "array")]
    composed = exp.In(this=_kind(value), expressions=kinds)
    return exp.Case(ifs=[exp.If(this=exp.Not(this=composed), true=text)])


def _kind(document: exp.Expr) -> exp.Expr:
    jsonb = exp.Cast(this=document, to=exp.DataType(this=exp.DType.JSONB))
    return exp.Anonymous(this="JSONB_TYPEOF", expressions=[jsonb])


def _cast(node: exp.TryCast) -> exp.Expr:
    value, type_ = node.this, node.to
    text = value.unnest()
    if type_.this is exp.DType.ARRAY:
        return _json_array(text, type_) if isinstance(text, exp.JSONBExtract) else exp.Cast(this=value, to=type_)
    if type_.this is exp.DType.DECIMAL:
        return _decimal(value, type_, isinstance(text, exp.JSONBExtractScalar))
    exists = exp.RegexpLike(this=value.copy(), expression=exp.Literal.string(_EXISTS))
    if type_.this is not exp.DType.DATE:  # it would round what is behind the microseconds
        digits = (exp.Literal.string(r"([.]\d{6})\d+"), exp.Literal.string(r"\1"))
        value = exp.Anonymous(this="REGEXP_REPLACE", expressions=[value, *digits])
    return exp.Case(ifs=[exp.If(this=exists, true=exp.Cast(this=value, to=type_))])


def _decimal(value: exp.Expr, type_: exp.DataType, is_text: bool) -> exp.Expr:
    # NaN is larger than all numbers here, and equal to itself.
    most = exp.Literal.number(f"1E{number_type(type_)[0] - number_type(type_)[1] - 1}")
    number = exp.Cast(this=value.copy(), to=exp.DataType(this=exp.DType.DECIMAL)) if is_text else _operand(value.copy())
    fits = exp.Between(this=number, low=exp.Neg(this=most), high=most.copy())
    return exp.Case(ifs=[exp.If(this=fits, true=exp.Cast(this=value, to=type_.copy()))])


def _json_array(document: exp.Expr, type_: exp.DataType) -> exp.Expr:
    """The elements of a JSON array as texts, or as the numbers that these say; NULL where it is no array."""

    def jsonb() -> exp.Expr:
        return exp.Cast(this=document.copy(), to=exp.DataType(this=exp.DType.JSONB))

    element = exp.Column(this=exp.Identifier(this="element", quoted=False))
    of = type_.expressions[0]
    value = element if of.this is exp.DType.TEXT else when(element, (NUMBER, _decimal(element, of, is_text=True)))
    texts = exp.Anonymous(this="JSONB_ARRAY_ELEMENTS_TEXT", expressions=[jsonb()])
    source = exp.Table(this=texts, alias=exp.TableAlias(this=exp.Identifier(this="element", quoted=False)))
    array = exp.Array(expressions=[exp.Select(expressions=[value], from_=exp.From(this=source))])
    is_array = exp.EQ(this=_kind(document.copy()), expression=exp.Literal.string("array"))
    return exp.Case(ifs=[exp.If(this=is_array, true=array)])


POSTGRES = Dialect(
    "postgres",
    proof="executed",
    engine="rows",
    materialized=True,
    repeated_hour="later",
    known_offsets=True,
    infinite_times=True,
    keeps_numbers=True,
    less_of_percentiles=Decimal("1E-12"),  # of 10^9 values a thousandth of a place, and more than floats lose
    binary_collation="C",
    folds_quoted=False,
    alias_hidden_by="nothing",
    json_elements=elements.by_jsonb,
    array_elements=elements.composites,
    rewrite=_rewrite,
    rewrites=frozenset(
        {
            exp.ArrayContains,
            exp.ArrayFilter,
            exp.ArraySize,
            exp.Chr,
            exp.DayOfWeekIso,
            exp.Dot,
            exp.Exists,
            exp.FromTimeZone,
            exp.JSONExtract,
            exp.JSONExtractScalar,
            exp.TryCast,
            exp.UnixMicros,
            exp.UnixToTime,
            exp.Unnest,
        }
    ),
)
