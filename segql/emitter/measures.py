"""Comparisons of measures: exact, as the fractions that they are, in decimals whose overflow is the engine's error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Protocol, TypeAlias, assert_never

from sqlglot import exp

from ..conditions import (
    Aggregate,
    Count,
    DaysBetween,
    DaysSince,
    Field,
    Measure,
    MeasureComparison,
    Occurrences,
    Op,
    Ratio,
    Type,
)
from ..planner import Need, needs_of
from . import nodes as n
from .fields import against, numbers, rounded
from .rows import Rows
from .values import DIGITS, Stored, value

_FLIP: dict[str, str] = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SMALL = 10**6
_DECIMALS = 18
"""Of a literal that is multiplied."""
_LARGEST = Decimal(10) ** 22
"""No fraction of sums (below 10^15) and of bottoms (from 10^-4 on) is larger."""


class Read(Protocol):
    """The columns of the passes."""

    def need(self, need: Need) -> exp.Expr: ...

    def gaps(self, of: Occurrences) -> tuple[exp.Expr, exp.Expr]: ...

    @property
    def profile(self) -> Rows: ...


Number: TypeAlias = exp.Expr | Decimal


@dataclass(frozen=True, slots=True)
class Fraction:
    """top / bottom, NULL where it is missing, and what must hold for it to be there. `signed`: may be below zero."""

    top: Number
    bottom: Number = Decimal(1)
    signed: bool = False
    guards: tuple[Callable[[], exp.Expr], ...] = ()


def compares(condition: MeasureComparison, read: Read) -> exp.Expr:
    """`left OP factor x right`; NULL or false where it does not hold."""
    left, op, right = condition.left, condition.op, condition.right
    match right:
        case Decimal():
            return _against_number(left, op, right * condition.factor, read)
        case bool() | str() | date():
            field = left if isinstance(left, Field) else getattr(left, "field", None)
            assert isinstance(field, Field), "only properties have values other than numbers"
            return against(Stored(_plain(left, read), field.type), op, right, read.profile.target.zone)
    if _type(left) in (Type.DATE, Type.TIME, Type.TEXT):
        return n.compare(_plain(left, read), op, _plain(right, read))
    one, two = _fraction(left, read), _fraction(right, read)
    if condition.factor != 1:
        two = replace(two, top=_times(two.top, condition.factor))
    return _cross(one, op, two)


def _type(measure: Measure) -> Type | None:
    match measure:
        case Field(type=type_) | Aggregate(kind="min" | "max", field=Field(type=type_)):
            return type_
        case _:
            return None


def _plain(measure: Measure, read: Read) -> exp.Expr:
    """The value of a measure that one column holds; NULL where missing."""
    if isinstance(measure, Field):
        return value(measure, {"profile": read.profile}) or exp.Null()
    return read.need(needs_of(measure)[0])


def _counting(measure: Measure) -> bool:
    """Whether nothing is zero."""
    return isinstance(measure, Count) or (isinstance(measure, Aggregate) and measure.kind in ("sum", "distinct"))


# --- against a number ------------------------------------------------------------------------------------------------


def _against_number(left: Measure, op: Op, right: Decimal, read: Read) -> exp.Expr:
    match left:
        case Aggregate(kind="average"):
            total, count = (read.need(need) for need in needs_of(left))
            return _average(total, count, op, right)
        case DaysBetween(of=of):
            return _average(*read.gaps(of), op, right)
        case Ratio():
            fraction = _fraction(left, read)
            if abs(right) > _LARGEST and _beyond(op, right):
                return n.both([n.is_set(_node(fraction.top)), *_guards(fraction)])
            if abs(right) > _LARGEST or (op == "=" and _bound(op, right) != right):
                return n.false()
            return _cross(fraction, op, Fraction(_bound(op, right)))
        case Count() | Aggregate() | Field() | DaysSince():
            node = _plain(left, read)
            # Of somebody without any the pass has no row: zero, which matters only where zero would do.
            if _counting(left) and _zero_fits(op, right):
                node = n.coalesce(node, n.number(0))
            return numbers(node, op, right, _scale(left, read.profile))
        case _:
            assert_never(left)


def _zero_fits(op: Op, right: Decimal) -> bool:
    return {"=": right == 0, "<": right > 0, "<=": right >= 0, ">": right < 0, ">=": right <= 0}[op]


def _average(total: exp.Expr, count: exp.Expr, op: Op, right: Decimal) -> exp.Expr:
    """`total / count OP right`; the total is NULL where the count is zero."""
    if abs(right) > _LARGEST:
        return n.is_set(total) if _beyond(op, right) else n.false()
    if op == "=" and _bound(op, right) != right:
        return n.false()
    return n.compare(total, op, _node(_times(count, _bound(op, right))))


def _beyond(op: Op, right: Decimal) -> bool:
    """Whether every value stands so to a number larger than all of them (or below all of them)."""
    return op in (("<", "<=") if right > 0 else (">", ">="))


def _bound(op: Op, right: Decimal) -> Decimal:
    """The number with as many decimals as can be multiplied; further ones part no two values."""
    return rounded(right, _DECIMALS, ROUND_FLOOR if op in ("<=", ">") else ROUND_CEILING)


def _scale(measure: Measure, profile: Rows) -> int:
    """The decimals of a measure's values."""
    match measure:
        case Aggregate(kind="sum" | "min" | "max" | "median", field=field, of=of):
            events = of.events
        case Field() as field:
            events = ()
        case _:
            return 0
    catalog = profile.target.catalog
    match field.scope:
        case "profile":
            owners = [catalog.profiles.properties]
        case "event":
            owners = [catalog.events[event].properties for event in events]
        case "item":
            owners = [found.properties for event in events if (found := catalog.events[event].items) is not None]
        case _:
            assert_never(field.scope)
    return max((owner[field.name].scale for owner in owners if field.name in owner), default=0)


# --- as fractions ----------------------------------------------------------------------------------------------------


def _fraction(measure: Measure, read: Read) -> Fraction:
    match measure:
        case Ratio(top=top, bottom=bottom):
            above, below = _fraction(top, read), _fraction(bottom, read)
            guards = (*above.guards, *below.guards, *_there(above), *_there(below))
            signed = above.signed or bool(_signed(bottom)) or below.signed
            return Fraction(_times(above.top, below.bottom), _times(above.bottom, below.top), signed, guards)
        case Aggregate(kind="average"):
            total, count = (read.need(need) for need in needs_of(measure))
            scale = _scale(replace(measure, kind="sum"), read.profile)
            return Fraction(_millionths(total, count, scale, read), Decimal(10**6))
        case DaysBetween(of=of):
            return Fraction(_millionths(*read.gaps(of), 0, read), Decimal(10**6))
        case _:
            node = _plain(measure, read)
            return Fraction(n.coalesce(node, n.number(0)) if _counting(measure) else node)


def _signed(measure: Measure) -> bool:
    """Whether a value may be below zero."""
    return not (isinstance(measure, Count) or (isinstance(measure, Aggregate) and measure.kind == "distinct"))


def _there(fraction: Fraction) -> tuple[Callable[[], exp.Expr], ...]:
    """The fraction's bottom is not zero."""
    bottom = fraction.bottom
    if isinstance(bottom, Decimal):
        return ()
    return (lambda: exp.NEQ(this=n.operand(bottom.copy()), expression=n.number(0)),)


def _guards(fraction: Fraction) -> list[exp.Expr]:
    return [guard() for guard in (*fraction.guards, *_there(fraction))]


def _cross(one: Fraction, op: Op, two: Fraction) -> exp.Expr:
    """`one OP two`, multiplied with the bottoms; a bottom below zero turns the comparison round."""
    left, right = _times(one.top, two.bottom), _times(two.top, one.bottom)
    guards = [*_guards(one), *_guards(two)]
    straight = n.compare(_node(left), op, _node(right))
    below = [
        n.compare(bottom.copy(), "<", n.number(0))
        for fraction in (one, two)
        if fraction.signed and not isinstance(bottom := fraction.bottom, Decimal)
    ]
    if not below or op == "=":
        return n.both([*guards, straight])
    turned = n.compare(_node(left), _FLIP[op], _node(right))
    if len(below) == 1:
        odd = below[0]
    else:
        odd = exp.NEQ(this=exp.Paren(this=below[0]), expression=exp.Paren(this=below[1]))
    return n.both([*guards, exp.Case(ifs=[exp.If(this=odd, true=turned)], default=straight)])


def _times(one: Number, two: Number) -> Number:
    if isinstance(one, Decimal) and isinstance(two, Decimal):
        return one * two
    if one == 1 or two == 1:
        return two if one == 1 else one
    if isinstance(two, Decimal):
        one, two = two, one
    left, right = (side if isinstance(side, Decimal) else side.copy() for side in (one, two))
    # Whole numbers must not be multiplied as such: they overflow sooner than decimals.
    wide = not any(isinstance(side, Decimal) and abs(side) <= _SMALL for side in (left, right))
    return n.binary(exp.Mul, *(_factor(side, wide) for side in (left, right)))


def _factor(side: Number, wide: bool) -> exp.Expr:
    if isinstance(side, Decimal):
        return n.number(side)
    whole = isinstance(side, exp.Column | exp.Coalesce) and wide
    return exp.Mul(this=side, expression=exp.Literal.number("1.0")) if whole else side


def _node(number: Number) -> exp.Expr:
    return n.number(number) if isinstance(number, Decimal) else number.copy()


def _millionths(total: exp.Expr, count: exp.Expr, scale: int, read: Read) -> exp.Expr:
    """floor(total * 10^6 / count), also below zero; NULL where the count is zero."""
    wide = read.profile.target.dialect.wide_integers
    whole = exp.DataType(this=exp.DType.INT128) if wide else n.decimal(DIGITS, 0)
    digits = max(6, scale)
    top = n.cast(n.binary(exp.Mul, total, n.number(10**digits)), whole)
    bottom = exp.Nullif(this=n.cast(count, whole.copy()), expression=n.number(0))
    if digits > 6:
        bottom_: exp.Expr = n.binary(exp.Mul, bottom, n.number(10 ** (digits - 6)))
    else:
        bottom_ = bottom
    truncated = n.binary(exp.IntDiv, top, bottom_)
    rest = n.compare(n.binary(exp.Mod, top.copy(), bottom_.copy()), "<", n.number(0))
    floored = exp.Sub(this=n.operand(truncated), expression=n.case(rest, n.number(1), n.number(0)))
    return n.cast(floored, n.decimal(DIGITS, 0))
