"""Values in JSON documents, read by the one form that each type has (`dialects/written.py`)."""

from __future__ import annotations

from typing import assert_never

from sqlglot import exp

from ..catalog.model import Property
from ..conditions import Type
from ..dialects import written
from . import nodes as n
from .bounds import EXACT
from .target import Target
from .texts import by_code_point
from .times import resolve, wall

DIGITS = 38
"""Of every number: what all engines have."""


def read(found: exp.Expr, declared: Property, target: Target) -> exp.Expr:
    """The value as its type, from what a path leads to: a text, or of a list the document; NULL where it is none."""
    match Type(declared.type):
        case Type.TEXT if target.dialect.collated:
            return by_code_point(found, target)
        case Type.TEXT | Type.POSITION:
            return found
        case Type.NUMBER | Type.MONEY:
            return written.number(found, n.decimal(DIGITS, declared.scale))
        case Type.NUMBERS:
            return n.try_cast(found, n.array(n.decimal(DIGITS, declared.scale)))
        case Type.TEXTS:
            return n.try_cast(found, n.array(exp.DType.TEXT))
        case Type.BOOLEAN:
            return _boolean(by_code_point(found, target) if target.dialect.collated else found)
        case Type.DATE:
            return _day(found, target)
        case Type.MONTH_DAY:
            return month_day(found, target)
        case Type.TIME:
            return _instant(found, declared.zone or "UTC", target)
        case other:
            assert_never(other)


def _boolean(text: exp.Expr) -> exp.Expr:
    ways = [
        exp.If(this=exp.In(this=text.copy(), expressions=[exp.Literal.string(one) for one in words]), true=truth)
        for words, truth in ((written.TRUE, n.true()), (written.FALSE, n.false()))
    ]
    return exp.Case(ifs=ways)


def _day(text: exp.Expr, target: Target) -> exp.Expr:
    """The day that a text says; of a wall-clock time its own, of an instant that in the catalog's zone."""
    at = wall(n.try_cast(text.copy(), exp.DType.TIMESTAMPTZ), EXACT, target.zone, target.dialect)
    return written.when(
        text,
        (written.DAY, n.try_cast(text.copy(), exp.DType.DATE)),
        (written.WALL, n.cast(n.try_cast(text.copy(), exp.DType.TIMESTAMP), exp.DType.DATE)),
        (written.INSTANT, n.cast(at, exp.DType.DATE)),
    )


def month_day(text: exp.Expr, target: Target) -> exp.Expr:
    """The day of the leap year 2000 that a text says by its month and day; NULL where there is none."""
    found = digits(text, target)
    parts = (exp.Literal.string("2000-"), exp.Left(this=found, expression=n.number(2)), exp.Literal.string("-"),
             exp.Right(this=found.copy(), expression=n.number(2)))  # fmt: skip
    joined: exp.Expr = parts[0]
    for part in parts[1:]:
        joined = exp.DPipe(this=joined, expression=part, safe=True)
    written_out = n.case(n.compare(exp.Length(this=found.copy()), "=", n.number(4)), exp.Paren(this=joined))
    return written.when(written_out, (written.DAY, n.try_cast(written_out.copy(), exp.DType.DATE)))


def digits(text: exp.Expr, target: Target) -> exp.Expr:
    """The digits of a month and a day, `0517`: hyphens and slashes do not count."""
    text = by_code_point(text, target) if target.dialect.collated else text
    for sign in ("-", "/"):
        text = n.call("REPLACE", text, exp.Literal.string(sign), exp.Literal.string(""))
    return text


def _instant(text: exp.Expr, zone: str, target: Target) -> exp.Expr:
    """The instant that a text says: by its own offset, or else in the zone; of a day its midnight."""
    at = resolve(n.try_cast(text.copy(), exp.DType.TIMESTAMP), zone, target.dialect)
    return written.when(
        text,
        (written.DAY, at),
        (written.WALL, at.copy()),
        (written.INSTANT, n.try_cast(text.copy(), exp.DType.TIMESTAMPTZ)),
    )
