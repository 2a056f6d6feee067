"""Conditions on properties of profiles, events and items. One may be NULL where it does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TypeGuard, assert_never

from sqlglot import exp

from .. import conditions as c
from ..calendar import midnight, zone_of
from ..conditions.live import is_live
from ..exact import rounded
from . import live
from . import nodes as n
from .anniversaries import anniversary
from .bounds import MICROSECOND, within, within_days
from .documents import DIGITS
from .month_days import of_month_day
from .opposites import opposite
from .rows import in_window
from .target import Target
from .texts import like, like_element
from .times import resolve
from .values import (
    DEGREES,
    WEEKDAYS,
    Sight,
    Stored,
    coordinate,
    elements,
    floats,
    list_size,
    local_day,
    on_earth,
    stored,
    value,
    weekday,
    whose,
)

_DAY = timedelta(days=1)


def holds(condition: c.FieldCondition, sight: Sight) -> exp.Expr:
    """The condition; NULL or false where it does not hold."""
    field = condition.field
    if field.type is c.Type.POSITION:
        return _position(condition, sight)
    if field.part in ("latitude", "longitude") and not isinstance(getattr(condition, "right", None), c.Field):
        return _degrees(condition, sight)
    if (of_day := of_month_day(condition, sight)) is not None:
        return of_day
    if field.part == "number" and (of_size := _of_size(condition, sight)) is not None:
        return of_size
    found = stored(field, sight)
    if found is None:
        return n.true() if isinstance(condition, c.FieldEmpty) else n.false()
    return of_value(condition, found, sight)


def of_value(condition: c.FieldCondition, found: Stored, sight: Sight) -> exp.Expr:
    """The condition on a value that is at hand; NULL or false where it does not hold."""
    field, node, target = condition.field, found.node, sight[condition.field.scope].target
    match condition:
        case c.FieldComparison(op=op, right=c.Field() as other):
            return _between_fields(field, op, other, sight)
        case c.FieldComparison(op=op, right=right):
            assert not isinstance(right, c.Field)
            return _finite(against(found, op, right, target.zone), found, op != "=" or right == date.max)
        case c.FieldIn(values=values):
            return _one_of(found, values, target.zone)
        case c.FieldLike(how=how, pattern=pattern):
            return like(node, how, pattern, target.dialect)
        case c.FieldIncludes(how=how, values=values):
            return (n.either if how == "any" else n.both)(_includes(node.copy(), one, found.scale) for one in values)
        case c.FieldIncludesLike():
            return _includes_like(condition, node, target)
        case c.FieldSet():
            return found.finite() if found.infinite else n.is_set(node)
        case c.FieldEmpty():
            return opposite(found.finite()) if found.infinite else _empty(node, field.type, target)
        case c.FieldWithin(window=window):
            return _finite(_within(found, window, target), found, None in (window.start, window.end))
        case c.FieldAnniversary(window=window):
            return anniversary(local_day(field, sight, finite=False), field.type, window, target)
        case _:
            assert_never(condition)


def _within(found: Stored, window: c.Interval | c.Days, target: Target) -> exp.Expr:
    match window:
        case c.Interval():
            return in_window(found.node, found.clock, window, target)
        case _:
            return live.within_days(found.node, window, target) if is_live(window) else within_days(found.node, window)


def _finite(condition: exp.Expr, found: Stored, is_open: bool) -> exp.Expr:
    """The condition of a value, with that it is finite where that is open to one side."""
    return n.both([condition, found.finite()]) if found.infinite and is_open else condition


def against(left: Stored, op: c.Op, right: c.Value, zone: str) -> exp.Expr:
    """A stored value against a value of the rule."""
    node = left.node
    match right:
        case bool():
            return n.compare(node, op, exp.Boolean(this=right))
        case str():
            day = _weekday(node, right)
            return n.compare(node, op, n.text(right)) if day is None else day
        case Decimal():
            return numbers(node, op, right, left.scale)
        case datetime():
            return within(node, left.clock, _interval(op, right))
        case date() if left.type is c.Type.TIME:
            return within(node, left.clock, _interval(op, midnight(right, zone_of(zone))))
        case date():
            return within_days(node, _days(op, right))
        case _:
            assert_never(right)


def _weekday(node: exp.Expr, name: str) -> exp.Expr | None:
    """The weekday as its number, which every engine has in the same way."""
    if not is_weekday(node):
        return None
    return n.compare(node.this, "=", n.number(WEEKDAYS.index(name) + 1)) if name in WEEKDAYS else n.false()


def is_weekday(node: exp.Expr) -> TypeGuard[exp.Case]:
    """Whether it is the name of a weekday, found from its number."""
    return isinstance(node, exp.Case) and node.this is not None and node == weekday(node.this.copy())


def _interval(op: c.Op, at: datetime) -> c.Interval:
    after = at + MICROSECOND
    match op:
        case "=":
            return c.Interval(at, after)
        case "<":
            return c.Interval(None, at)
        case "<=":
            return c.Interval(None, after)
        case ">":
            return c.Interval(after, None)
        case _:
            return c.Interval(at, None)


def _days(op: c.Op, at: date) -> c.Days:
    """Half-open, so that the column may hold times of the day as well."""
    try:
        after: date | None = at + _DAY
    except OverflowError:
        after = None
    match op:
        case "=":
            return c.Days(at, after)
        case "<":
            return c.Days(None, at)
        case "<=":
            return c.Days(None, after)
        case ">":
            return c.Days(after or at, None)
        case _:
            return c.Days(at, None)


def numbers(node: exp.Expr, op: c.Op, right: Decimal, scale: int) -> exp.Expr:
    """A number of so many decimals against a literal: exact, whatever the literal's size and decimals."""
    if abs(right) >= Decimal(10) ** (DIGITS - scale - 1):
        always = (right > 0) == (op in ("<", "<="))
        return n.is_set(node) if always and op != "=" else n.false()
    if right == rounded(right, scale, ROUND_FLOOR):
        return n.compare(node, op, n.number(right))
    match op:
        case "=":
            return n.false()
        case "<" | "<=":
            return n.compare(node, "<=", n.number(rounded(right, scale, ROUND_FLOOR)))
        case _:
            return n.compare(node, ">=", n.number(rounded(right, scale, ROUND_CEILING)))


def _storable(number: Decimal, scale: int) -> bool:
    """Whether a DECIMAL of so many decimals can hold the number."""
    return abs(number) < Decimal(10) ** (DIGITS - scale - 1) and number == rounded(number, scale, ROUND_FLOOR)


def _between_fields(field: c.Field, op: c.Op, other: c.Field, sight: Sight) -> exp.Expr:
    left, right = value(field, sight), value(other, sight)
    if left is None or right is None:
        return n.false()
    if {field.type, other.type} == {c.Type.DATE, c.Type.TIME}:
        target = sight[field.scope].target
        if field.type is c.Type.DATE:
            left = resolve(n.cast(left, exp.DType.TIMESTAMP), target.zone, target.dialect)
        else:
            right = resolve(n.cast(right, exp.DType.TIMESTAMP), target.zone, target.dialect)
    if is_weekday(left) and is_weekday(right):
        left, right = left.this, right.this
    return n.compare(left, op, right)


def _one_of(left: Stored, values: Sequence[c.Value], zone: str) -> exp.Expr:
    node = left.node
    if is_weekday(node):
        left = Stored(node.this, c.Type.NUMBER)
        values = [Decimal(WEEKDAYS.index(one) + 1) for one in values if one in WEEKDAYS]
        return _one_of(left, values, zone)
    plain = (left.type is c.Type.TEXT and not isinstance(node, exp.Case)) or left.type in (c.Type.NUMBER, c.Type.MONEY)
    if not plain:
        return n.either(against(replace(left, node=node.copy()), "=", one, zone) for one in values)
    literals: list[exp.Expr] = []
    for one in dict.fromkeys(values):
        if isinstance(one, str):
            literals.append(n.text(one))
        elif isinstance(one, Decimal) and _storable(one, left.scale):
            literals.append(n.number(one))
    if not literals:
        return n.false()
    if len(literals) == 1:
        return n.compare(node, "=", literals[0])
    return exp.In(this=n.operand(node), expressions=literals)


def _includes(node: exp.Expr, one: c.Value, scale: int) -> exp.Expr:
    if isinstance(one, Decimal):
        if not _storable(one, scale):
            return n.false()
        return exp.ArrayContains(this=node, expression=n.cast(n.number(one), n.decimal(DIGITS, scale)))
    return exp.ArrayContains(this=node, expression=n.text(str(one)))


def _includes_like(condition: c.FieldIncludesLike, node: exp.Expr, target: Target) -> exp.Expr:
    """Whether a list has an element that fits; or one, and none that does not."""

    def fits(one: exp.Expr) -> exp.Expr:
        return like_element(one, condition.like, condition.pattern, target.dialect)

    def other(one: exp.Expr) -> exp.Expr:
        return exp.Not(this=exp.Paren(this=fits(one)))

    if condition.how == "any":
        return n.compare(exp.ArraySize(this=elements(node, fits, target)), ">", n.number(0))
    none = n.compare(exp.ArraySize(this=elements(node.copy(), other, target)), "=", n.number(0))
    return n.both([n.compare(list_size(node, target), ">", n.number(0)), none])


def _empty(node: exp.Expr, type_: c.Type, target: Target) -> exp.Expr:
    match type_:
        case c.Type.TEXT:
            return n.compare(n.coalesce(node, n.text("")), "=", n.text(""))
        case c.Type.TEXTS | c.Type.NUMBERS:
            return n.compare(list_size(node, target), "=", n.number(0))
        case _:
            return n.is_null(node)


def _of_size(condition: c.FieldCondition, sight: Sight) -> exp.Expr | None:
    """A condition that a list has so many elements or more; None for another. A missing list has no size then."""
    if not isinstance(condition, c.FieldComparison) or condition.op not in ("=", ">", ">="):
        return None
    field, op, right = condition.field, condition.op, condition.right
    rows = whose(field.scope, sight)
    declared, dialect = rows.properties.get(field.name), rows.target.dialect
    if not isinstance(right, Decimal) or right <= 0 or declared is None:
        return None
    found = stored(replace(field, type=c.Type(declared.type), part=None), sight)
    assert found is not None
    size: exp.Expr = exp.ArraySize(this=found.node)
    if dialect.list_count is None:
        return numbers(size, op, right, 0)
    there = numbers(n.call(dialect.list_count, found.node.copy()), op, right, 0)
    # Those that are there are no more than all, which are counted sooner.
    enough = numbers(size, ">" if op == ">" else ">=", right, 0)
    return n.both([enough, there]) if isinstance(found.node, exp.Column) else there


def _position(condition: c.FieldCondition, sight: Sight) -> exp.Expr:
    rows = sight[condition.field.scope]
    declared = rows.properties[condition.field.name]
    known = on_earth(declared.latitude or "", declared.longitude or "", rows, kept=floats(declared, rows))
    return known if isinstance(condition, c.FieldSet) else opposite(known)


def _degrees(condition: c.FieldCondition, sight: Sight) -> exp.Expr:
    """A condition on a latitude or longitude, which is missing with its position; no longer test than it needs."""
    field, rows = condition.field, sight[condition.field.scope]
    declared = rows.properties[field.name]
    kept = floats(declared, rows)
    known = on_earth(declared.latitude or "", declared.longitude or "", rows, kept=kept)
    if isinstance(condition, c.FieldSet | c.FieldEmpty):
        return known if isinstance(condition, c.FieldSet) else opposite(known)
    column = declared.latitude if field.part == "latitude" else declared.longitude
    degrees = Stored(coordinate(column or "", rows, kept=kept), field.type, scale=DEGREES)
    fits = of_value(condition, degrees, sight)
    match condition:
        case c.FieldComparison(op=">" | ">=" | "<" | "<=" as op, right=Decimal() as right) if abs(right) <= 90:
            # On one side the comparison says already that it is on earth.
            end, sign = ("<=", 1) if op in (">", ">=") else (">=", -1)
            axes = ((declared.latitude or "", 90), (declared.longitude or "", 180))
            mine, other = axes if field.part == "latitude" else axes[::-1]
            reach = n.compare(coordinate(mine[0], rows, kept=kept), end, n.number(sign * mine[1]))
            there = coordinate(other[0], rows, kept=kept)
            between = exp.Between(this=there, low=n.number(-other[1]), high=n.number(other[1]))
            return n.both([fits, reach, between])
        case _:
            return n.both([fits, known])
