"""What a condition says about one value, of a field or of a measure. Nothing but `is empty` fits a missing one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ... import conditions as c
from ...plain import dataclass
from ..walk import Leaf

_WITHOUT_EMPTY = {
    c.Type.NUMBER, c.Type.MONEY, c.Type.BOOLEAN, c.Type.DATE, c.Type.TIME, c.Type.MONTH_DAY, c.Type.POSITION,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    value: Any
    included: bool


@dataclass(frozen=True, slots=True)
class Between:
    """The values between two bounds; None is without bound."""

    low: Limit | None
    high: Limit | None


def subject(leaf: Leaf) -> c.Measure | None:
    """The field or measure that the leaf compares with constants, or None when it does not."""
    match leaf:
        case c.FieldComparison(field, _, right) if not isinstance(right, c.Field):
            return field
        case c.MeasureComparison(left, _, right, factor) if isinstance(right, c.Value) and factor == 1:
            return left
        case c.FieldIn(field) | c.FieldWithin(field):
            return field
        case _:
            return None


def choices(leaf: Leaf) -> tuple[c.Value, ...] | None:
    """The only values that fit, for `=` and `in`; otherwise None."""
    match leaf:
        case c.FieldIn(_, values):
            return values
        case c.FieldComparison(_, "=", right) | c.MeasureComparison(_, "=", right) if subject(leaf) is not None:
            return (right,)  # type: ignore[return-value]
        case _:
            return None


def stretch(leaf: Leaf) -> Between | None:
    """The stretch of values that fit, for `<`, `<=`, `>`, `>=` and windows; otherwise None."""
    match leaf:
        case c.FieldWithin(_, window):
            low = None if window.start is None else Limit(window.start, True)
            return Between(low, None if window.end is None else Limit(window.end, False))
        case c.FieldComparison(_, op, right) | c.MeasureComparison(_, op, right) if subject(leaf) is not None:
            match op:
                case "<" | "<=":
                    return Between(None, Limit(right, op == "<="))
                case ">" | ">=":
                    return Between(Limit(right, op == ">="), None)
    return None


def fits(leaf: Leaf, value: c.Value) -> bool | None:
    """Whether a present value fits the leaf; None when that is not known here."""
    match leaf:
        case c.FieldSet():
            return True
        case c.FieldEmpty():
            return value == ""
    if (known := choices(leaf)) is not None:
        return value in known if all(type(k) is type(value) for k in known) else None
    reach = stretch(leaf)
    if reach is None or not _comparable(value, reach.low) or not _comparable(value, reach.high):
        return None
    return within(Between(Limit(value, True), Limit(value, True)), reach)


def _comparable(value: c.Value, bound: Limit | None) -> bool:
    return bound is None or (type(bound.value) is type(value) and isinstance(value, (Decimal, date)))


def within(inner: Between, outer: Between) -> bool:
    """Every value of the inner stretch lies in the outer."""
    return _tighter(inner.low, outer.low, 1) and _tighter(inner.high, outer.high, -1)


def _tighter(inner: Limit | None, outer: Limit | None, sign: int) -> bool:
    if outer is None:
        return True
    if inner is None or type(inner.value) is not type(outer.value):
        return False
    if inner.value == outer.value:
        return outer.included or not inner.included
    return bool(inner.value > outer.value) == (sign > 0)


def apart(one: Between, other: Between) -> bool:
    """No value lies in both."""
    return _below(one.high, other.low) or _below(other.high, one.low)


def _below(high: Limit | None, low: Limit | None) -> bool:
    if high is None or low is None or type(high.value) is not type(low.value):
        return False
    return bool(high.value < low.value or (high.value == low.value and not (high.included and low.included)))


def demands(leaf: Leaf) -> set[c.Field]:
    """The fields that must be set for the leaf to hold."""
    match leaf:
        case c.FieldComparison(field, _, right):
            return {field, right} if isinstance(right, c.Field) else {field}
        case c.FieldIn(field) | c.FieldLike(field) | c.FieldSet(field) | c.FieldWithin(field):
            return {field}
        case c.FieldIncludes(field, _, values) if values:
            return {field}
        case c.FieldIncludesLike(field):
            return {field}
        case c.MeasureComparison(left, _, right):
            return {measure for measure in (left, right) if isinstance(measure, c.Field)}
        case _:
            return set()


def value_implies(one: Leaf, other: Leaf) -> bool:
    """The first leaf, where it holds, makes the second hold: by the value they speak about."""
    match other:
        case c.FieldSet(field):
            return field in demands(one)
        case c.FieldEmpty(field):
            return subject(one) == field and choices(one) == ("",)
    match one, other:
        case c.FieldIncludes(field, how, values), c.FieldIncludes(same, how2, values2) if field == same and values:
            if how2 == "all" and len(set(values2)) > 1:
                return how == "all" and set(values2) <= set(values)
            if how == "any":
                return set(values) <= set(values2)
            return bool(set(values) & set(values2))
        case c.FieldIncludesLike(field, "all"), c.FieldIncludesLike(same, "any") if field == same:
            return (one.like, one.pattern) == (other.like, other.pattern)
        case c.FieldComparison(field, op, c.Field() as right), c.FieldComparison(same, op2, right2):
            return field == same and right == right2 and op2 in _WIDER[op]
        case c.MeasureComparison(left, op, right, factor), c.MeasureComparison(left2, op2, right2, factor2) if (
            left == left2 and right == right2 and factor == factor2
        ):
            return op2 in _WIDER[op]
    about = subject(one)
    if about is None or about != subject(other):
        return False
    if (chosen := choices(one)) is not None:
        return all(fits(other, value) for value in chosen)
    reach, wider = stretch(one), stretch(other)
    return reach is not None and wider is not None and within(reach, wider)


_WIDER = {"=": {"=", "<=", ">="}, "<": {"<", "<="}, ">": {">", ">="}, "<=": {"<="}, ">=": {">="}}
_APART = {"=": {"<", ">"}, "<": {"=", ">", ">="}, ">": {"=", "<", "<="}, "<=": {">"}, ">=": {"<"}}


def value_excludes(one: Leaf, other: Leaf) -> bool:
    """The two leaves never hold together: by the value they speak about."""
    match one, other:
        case c.FieldComparison(field, op, c.Field() as right), c.FieldComparison(same, op2, right2):
            return field == same and right == right2 and op2 in _APART[op]
        case c.MeasureComparison(left, op, right, factor), c.MeasureComparison(left2, op2, right2, factor2) if (
            left == left2 and right == right2 and factor == factor2
        ):
            return op2 in _APART[op]
        case (c.FieldEmpty(field), filled) | (filled, c.FieldEmpty(field)):
            return _fills(filled, field)
    about = subject(one)
    if about is None or about != subject(other):
        return False
    for a, b in ((one, other), (other, one)):
        values = choices(a)
        if values is not None:
            return all(fits(b, value) is False for value in values)
    reach, other_reach = stretch(one), stretch(other)
    return reach is not None and other_reach is not None and apart(reach, other_reach)


def _fills(leaf: Leaf, field: c.Field) -> bool:
    """The leaf holds only where the field is not empty."""
    match leaf:
        case c.FieldLike(same, how, pattern):
            return field == same and how not in ("matches", "matches regex") and pattern != ""
        case c.FieldIncludes(same, _, values):
            return field == same and bool(values)
        case c.FieldIncludesLike(same):
            return field == same
    if (chosen := choices(leaf)) is not None and subject(leaf) == field:
        return "" not in chosen
    return field.type in _WITHOUT_EMPTY and field in demands(leaf)
