"""Conditions on one row in words: a profile (`their country ..`), an event, an item."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from ..conditions import (
    All,
    AnyItem,
    AnyOf,
    Days,
    Field,
    FieldAnniversary,
    FieldComparison,
    FieldCondition,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    Interval,
    ItemCount,
    MeasureComparison,
    Not,
    Op,
    Predicate,
    Tree,
    Type,
    Value,
)
from .values import Clock, days, value_of, values_of, window

_OPS: dict[Op, str] = {"=": "", "<": "below ", "<=": "at most ", ">": "above ", ">=": "at least "}
_TIME_OPS: dict[Op, str] = {"=": "", "<": "before ", "<=": "at or before ", ">": "after ", ">=": "at or after "}
_DAY_OPS: dict[Op, str] = {"=": "", "<": "before ", "<=": "on or before ", ">": "after ", ">=": "on or after "}
_LIKE = {
    "contains": ("contains", "does not contain"),
    "starts with": ("starts with", "does not start with"),
    "ends with": ("ends with", "does not end with"),
    "matches": ("matches", "does not match"),
}


def operator(op: Op, kind: Type | None) -> str:
    """The words before the right side: `above `, `before `; none for equality."""
    return (_DAY_OPS if kind is Type.DATE else _TIME_OPS if kind is Type.TIME else _OPS)[op]


def name_of(field: Field) -> str:
    name = f"their {field.name}" if field.scope == "profile" else field.name
    return name if field.part is None else f"the {field.part} of {name}"


def between(node: object) -> tuple[FieldComparison | MeasureComparison, Value, Value] | None:
    """What `between X and Y` was bound to: the lower comparison and the two ends."""
    match node:
        case All((FieldComparison(field, ">=", low) as lower, FieldComparison(same, "<=", high))) if field == same:
            return None if isinstance(low, Field) or isinstance(high, Field) else (lower, low, high)
        case All((MeasureComparison(left, ">=", low, factor) as first, MeasureComparison(same, "<=", high, factor2))):
            if left != same or not factor == factor2 == 1 or not isinstance(low, Value) or not isinstance(high, Value):
                return None
            return first, low, high
        case _:
            return None


def inline(tree: Tree[Predicate], clock: Clock) -> str:
    """The tree of a `where` or `has` in one line; brackets wherever `and` and `or` meet."""
    match tree:
        case All(()):
            return "anything"
        case AnyOf(()):
            return "nothing"
        case All((AnyItem(All(())), Not(AnyItem(Not(where))))):
            return f"every item fits ({inline(where, clock)}) and there is at least one"
        case All() if (ends := _between(tree, clock, True)) is not None:
            return ends
        case All(parts):
            return " and ".join(_bracketed(part, clock) for part in parts)
        case AnyOf(parts):
            return " or ".join(_bracketed(part, clock) for part in parts)
        case Not(part):
            match part:
                case Not(inner):
                    return inline(inner, clock)
                case All() | AnyOf():
                    return _between(part, clock, False) or f"not ({inline(part, clock)})"
                case _:
                    return predicate(part, clock, False)
        case _:
            return predicate(tree, clock, True)


def _bracketed(part: Tree[Predicate], clock: Clock) -> str:
    compound = isinstance(part, (All, AnyOf)) and len(part.parts) > 0 and between(part) is None
    return f"({inline(part, clock)})" if compound else inline(part, clock)


def _between(tree: Tree[Predicate], clock: Clock, holds: bool) -> str | None:
    match between(tree):
        case FieldComparison(field), low, high:
            money, year = field.type is Type.MONEY, field.part == "year"
            ends = " and ".join(value_of(end, clock, is_money=money, is_year=year) for end in (low, high))
            return f"{name_of(field)} is {'' if holds else 'not '}between {ends}{'' if holds else ' (or missing)'}"
        case _:
            return None


def predicate(leaf: Predicate, clock: Clock, holds: bool) -> str:
    """One leaf in words, or its negation, which a missing value fits: `country is not "NL" (or missing)`."""
    match leaf:
        case AnyItem(All(())):
            return "there is at least one item" if holds else "there is no item"
        case AnyItem(where):
            return f"{'some' if holds else 'no'} item fits ({inline(where, clock)})"
        case ItemCount(where, least, most):
            alone = (least, most) == (1, 1)
            if where == All(()):
                return f"there {'is' if alone else 'are'} {_items(least, most, holds)}"
            return f"{_items(least, most, holds)} {'fits' if alone else 'fit'} ({inline(where, clock)})"
        case _:
            return field_condition(leaf, clock, holds)


def _items(least: int, most: int | None, holds: bool) -> str:
    if most is None:
        return f"{'at least' if holds else 'fewer than'} {least:,} items"
    number = f"exactly {least:,} item{'s' * (least != 1)}" if least == most else f"between {least:,} and {most:,} items"
    return f"{'' if holds else 'not '}{number}"


def field_condition(leaf: FieldCondition, clock: Clock, holds: bool) -> str:
    name, money, year = name_of(leaf.field), leaf.field.type is Type.MONEY, leaf.field.part == "year"
    is_, missing = ("is ", "") if holds else ("is not ", " (or missing)")
    match leaf:
        case FieldComparison(field, op, right):
            verb = f"{name} {is_}{operator(op, field.type)}"
            if isinstance(right, Field):
                return f"{verb}{_right(field, right)}{'' if holds else ' (or one of the two missing)'}"
            return f"{verb}{value_of(right, clock, is_money=money, is_year=year)}{missing}"
        case FieldIn(_, (value,)):
            return f"{name} {is_}{value_of(value, clock, is_money=money, is_year=year)}{missing}"
        case FieldIn(_, values):
            several = values_of(values, clock, is_money=money, is_year=year)
            return f"{name} is {'one' if holds else 'none'} of {several}{missing}"
        case FieldLike(_, how, pattern):
            return f"{name} {_LIKE[how][not holds]} {value_of(pattern, clock)} in any case{missing}"
        case FieldIncludes(_, how, values):
            many = "" if len(values) == 1 else f"{how} of "
            if not holds and how == "any" and many:
                return f"{name} include none of {values_of(values, clock)}{missing}"
            return f"{name} {'' if holds else 'do not '}include {many}{values_of(values, clock)}{missing}"
        case FieldSet():
            return f"{name} is set" if holds else f"{name} is missing"
        case FieldEmpty():
            return f"{name} is empty or missing" if holds else f"{name} is set and not empty"
        case FieldWithin(_, given):
            if isinstance(given, Days):
                return f"{name} {is_}{days(given)}{missing}"
            return f"{name} {is_}{before_now(given, clock)}{missing}"
        case FieldAnniversary(_, given):
            return f"{name} has {'an' if holds else 'no'} anniversary {days(given)}{missing}"
        case _:
            assert_never(leaf)


def before_now(given: Interval, clock: Clock) -> str:
    """A window of what, unlike an event, may lie at or after now: `ever` would not say where it ends."""
    if given.start is None and given.end in (None, clock.now):
        return "before now" if given.end else "set"
    return window(given, clock)


def _right(left: Field, right: Field) -> str:
    return name_of(right) if right.scope in (left.scope, "profile") else f"the {right.scope}'s {right.name}"


def times(factor: Decimal) -> str:
    return "" if factor == 1 else f"{factor.normalize():f} times "
