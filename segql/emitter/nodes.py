"""Nodes of SQL, made by constructors: names, literals, boolean and arithmetic joints with their parentheses.

Every function returns a tree of its own and takes trees that nobody else holds, so nothing is copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache

from sqlglot import exp

from .. import dialects

_BARE = re.compile(r"[a-z_][a-z0-9_]*\Z")

COMPARE: dict[str, type[exp.Binary]] = {"=": exp.EQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}


# --- names -----------------------------------------------------------------------------------------------------------


def identifier(name: str) -> exp.Identifier:
    """A name, quoted where it is reserved or not plain in any dialect."""
    return exp.Identifier(this=name, quoted=_needs_quotes(name))


@lru_cache(maxsize=4096)
def _needs_quotes(name: str) -> bool:
    return not _BARE.match(name) or name in dialects.RESERVED


def column(alias: str, name: str) -> exp.Column:
    """The column of a table or subquery by its alias."""
    return exp.Column(this=identifier(name), table=identifier(alias))


def table(name: str) -> exp.Table:
    """A table of a dotted name."""
    *above, last = name.split(".")
    parts = [identifier(part) for part in above]
    node = exp.Table(this=identifier(last))
    if parts:
        node.set("db", parts[-1])
    if len(parts) > 1:
        node.set("catalog", parts[-2] if len(parts) == 2 else exp.Dot.build(parts[:-1]))
    return node


def aliased(relation: exp.Expr, alias: str) -> exp.Expr:
    """A table or subquery under an alias."""
    relation.set("alias", exp.TableAlias(this=identifier(alias)))
    return relation


def named(value: exp.Expr, name: str) -> exp.Expr:
    """A selected value under a name; a column of that name already stays as it is."""
    if isinstance(value, exp.Column) and value.name == name:
        return value
    return exp.Alias(this=value, alias=identifier(name))


# --- literals --------------------------------------------------------------------------------------------------------


def given(node: exp.Expr, value: str | int | Decimal | date | time) -> exp.Expr:
    """The node of a value that the rule gives, which can be a bind parameter."""
    node.meta[dialects.VALUE] = value
    return node


def value_of(node: exp.Expr) -> str | int | Decimal | date | time | None:
    """The value whose node it is; None for what belongs to the shape of a statement."""
    return node.meta.get(dialects.VALUE)


_UNSAFE = re.compile("(\0)|(?<=__SQLGLOT__)(?=LB__)")


def text(value: str) -> exp.Expr:
    """A text literal. What cannot stand in one is put together: a NUL, and the word that sqlglot's printer takes for a
    line break.
    """
    if "\0" not in value and "__SQLGLOT__" not in value:
        return given(exp.Literal.string(value), value)
    joined: exp.Expr | None = None
    for part in _UNSAFE.split(value):
        if not part:
            continue
        piece = exp.Chr(expressions=[exp.Literal.number(0)]) if part == "\0" else exp.Literal.string(part)
        joined = piece if joined is None else exp.DPipe(this=joined, expression=piece, safe=True)
    assert joined is not None
    return given(exp.Paren(this=joined), value)


def number(value: Decimal | int) -> exp.Expr:
    """A number: a Decimal is a value of the rule, an integer belongs to the shape of the statement."""
    digits = format(abs(Decimal(value)), "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    literal = exp.Literal(this=digits, is_string=False)  # as `Literal.number`, which looks at its sign
    signed = exp.Neg(this=literal) if value < 0 else literal
    return given(signed, value) if isinstance(value, Decimal) else signed


def true() -> exp.Boolean:
    """`TRUE`, which `both` leaves out."""
    return exp.Boolean(this=True)


def false() -> exp.Boolean:
    """`FALSE`, which `either` leaves out."""
    return exp.Boolean(this=False)


def day(value: date) -> exp.Expr:
    """A date."""
    return given(cast(exp.Literal.string(value.isoformat()), exp.DType.DATE), value)


def wall_time(value: datetime) -> exp.Expr:
    """A naive timestamp."""
    return given(cast(exp.Literal.string(value.isoformat(sep=" ")), exp.DType.TIMESTAMP), value)


def instant(value: datetime) -> exp.Expr:
    """A timestamp with its zone, written in UTC."""
    written = value.astimezone(UTC)
    return given(cast(exp.Literal.string(written.isoformat(sep=" ")), exp.DType.TIMESTAMPTZ), written)


# --- values ----------------------------------------------------------------------------------------------------------


def cast(value: exp.Expr, type_: exp.DType | exp.DataType) -> exp.Expr:
    """The value in another type; the engine fails where it does not fit."""
    return exp.Cast(this=value, to=_type(type_))


def try_cast(value: exp.Expr, type_: exp.DType | exp.DataType) -> exp.Expr:
    """The value in another type, NULL where it does not fit."""
    return exp.TryCast(this=value, to=_type(type_))


def _type(type_: exp.DType | exp.DataType) -> exp.DataType:
    return type_ if isinstance(type_, exp.DataType) else exp.DataType(this=type_)


def decimal(digits: int, scale: int) -> exp.DataType:
    """The type of numbers with so many digits in all, `scale` of them decimals."""
    parameters = [exp.DataTypeParam(this=exp.Literal(this=str(one), is_string=False)) for one in (digits, scale)]
    return exp.DataType(this=exp.DType.DECIMAL, expressions=parameters)


def of_decimals(node: exp.Expr, scale: int) -> exp.Expr:
    """The node, a sum or a cast to whole numbers, with a mark for engines that have no decimals."""
    node.meta[dialects.DECIMALS] = scale
    return node


def array(of: exp.DType | exp.DataType) -> exp.DataType:
    """The type of lists of values of a type."""
    return exp.DataType(this=exp.DType.ARRAY, expressions=[_type(of)], nested=True)


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A function that sqlglot does not know, printed as it is named."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def coalesce(value: exp.Expr, default: exp.Expr) -> exp.Expr:
    """The value, or the default where it is NULL."""
    return exp.Coalesce(this=value, expressions=[default])


def case(condition: exp.Expr, value: exp.Expr, default: exp.Expr | None = None) -> exp.Expr:
    """The value where the condition holds, else the default, or NULL."""
    return exp.Case(ifs=[exp.If(this=condition, true=value)], default=default)


def interval(count: int, unit: str) -> exp.Expr:
    """A length of so many of a unit, which is a word of SQL (`DAY`)."""
    return exp.Interval(this=exp.Literal.string(str(count)), unit=exp.Var(this=unit))


_LOOSE = (exp.Binary, exp.Unary, exp.Between, exp.In, exp.AtTimeZone, exp.FromTimeZone, exp.Interval)
_TIGHT = (exp.Paren, exp.Dot, exp.JSONExtractScalar)
_ARITHMETIC = (exp.Mul, exp.Add, exp.Sub, exp.Mod)


def operand(value: exp.Expr) -> exp.Expr:
    """The value as it may stand beside an operator."""
    if type(value) is exp.Column or not isinstance(value, _LOOSE) or isinstance(value, _TIGHT):
        return value
    return value if isinstance(value, exp.Neg) and isinstance(value.this, exp.Literal) else exp.Paren(this=value)


def binary(kind: type[exp.Binary], left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """An operation on two values, in parentheses where they need some."""
    return kind(this=operand(left), expression=operand(right))


def compare(left: exp.Expr, op: str, right: exp.Expr) -> exp.Expr:
    """A comparison by one of `COMPARE`."""
    return COMPARE[op](this=_side(left), expression=_side(right))


def _side(value: exp.Expr) -> exp.Expr:
    """The value beside a comparison, which binds less than arithmetic."""
    return value if isinstance(value, _ARITHMETIC) else operand(value)


# --- truth -----------------------------------------------------------------------------------------------------------


def both(parts: Iterable[exp.Expr]) -> exp.Expr:
    """All of the parts hold."""
    return _joined(parts, exp.And, exp.Or, neutral=True)


def either(parts: Iterable[exp.Expr]) -> exp.Expr:
    """At least one of the parts holds."""
    return _joined(parts, exp.Or, exp.And, neutral=False)


def _joined(parts: Iterable[exp.Expr], kind: type[exp.Binary], other: type[exp.Binary], neutral: bool) -> exp.Expr:
    kept: list[exp.Expr] = []
    for part in parts:
        if isinstance(part, exp.Boolean):
            if part.this is neutral:
                continue
            return part
        kept.append(part)
    if not kept:
        return exp.Boolean(this=neutral)
    if len(kept) > 1:
        kept = [exp.Paren(this=part) if isinstance(part, other) else part for part in kept]
    return _balanced(kept, kind)


def _balanced(parts: Sequence[exp.Expr], kind: type[exp.Binary]) -> exp.Expr:
    """A tree of few levels, so that a rule of thousands of conditions does not nest as deep."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) < 64:
        joined = parts[0]
        for part in parts[1:]:
            joined = kind(this=joined, expression=part)
        return joined
    middle = len(parts) // 2
    return kind(this=_balanced(parts[:middle], kind), expression=_balanced(parts[middle:], kind))


def is_null(value: exp.Expr) -> exp.Expr:
    """Whether the value is NULL."""
    return exp.Is(this=operand(value), expression=exp.Null())


def is_set(value: exp.Expr) -> exp.Expr:
    """Whether the value is not NULL."""
    return dialects.is_set(operand(value))


# --- selects ---------------------------------------------------------------------------------------------------------


def select(
    values: Sequence[exp.Expr],
    source: exp.Expr | None,
    joins: Sequence[exp.Join] = (),
    where: exp.Expr | None = None,
    group: Sequence[exp.Expr] = (),
    *,
    distinct: bool = False,
) -> exp.Select:
    """A SELECT of values, from a source if there is one; a `where` that is always true is left out."""
    node = exp.Select(expressions=list(values))
    if source is not None:
        node.set("from_", exp.From(this=source))
    if joins:
        node.set("joins", list(joins))
    if where is not None and not (isinstance(where, exp.Boolean) and where.this is True):
        node.set("where", exp.Where(this=where))
    if group:
        node.set("group", exp.Group(expressions=list(group)))
    if distinct:
        node.set("distinct", exp.Distinct())
    return node


def left_join(source: exp.Expr, on: exp.Expr) -> exp.Join:
    """A join that keeps the rows that find none on the other side."""
    return exp.Join(this=source, side="LEFT", on=on)


def union_all(selects: Sequence[exp.Query]) -> exp.Query:
    """The rows of all of the selects, of which there is at least one."""
    joined: exp.Query = selects[0]
    for other in selects[1:]:
        joined = exp.Union(this=joined, expression=other, distinct=False)
    return joined


def exists(query: exp.Query) -> exp.Expr:
    """Whether a query has a row."""
    return exp.Exists(this=query)
