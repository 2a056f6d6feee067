"""Conditions on one row in words: a profile (`their country ..`), an event, an item."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from .. import conditions as c
from .values import WallClock, days, length, value_of, values_of, window

_OPS: dict[c.Op, str] = {"=": "", "<": "below ", "<=": "at most ", ">": "above ", ">=": "at least "}
_TIME_OPS: dict[c.Op, str] = {"=": "", "<": "before ", "<=": "at or before ", ">": "after ", ">=": "at or after "}
_DAY_OPS: dict[c.Op, str] = {"=": "", "<": "before ", "<=": "on or before ", ">": "after ", ">=": "on or after "}
_LIKE = {
    "contains": ("contains", "does not contain"),
    "starts with": ("starts with", "does not start with"),
    "ends with": ("ends with", "does not end with"),
    "matches": ("matches", "does not match"),
    "matches regex": ("matches the regular expression", "does not match the regular expression"),
}


def operator(op: c.Op, kind: c.Type | None) -> str:
    """The words before the right side: `above `, `before `; none for equality."""
    return (_DAY_OPS if kind is c.Type.DATE else _TIME_OPS if kind is c.Type.TIME else _OPS)[op]


def name_of(field: c.Field) -> str:
    """What the text calls a property: `their age`, `total`, `the year of birthday`."""
    name = f"their {field.name}" if field.scope == "profile" else field.name
    if field.to is not None:
        return f"the days from {name} to {name_of(field.to)}"
    return name if field.part is None else f"the {field.part} of {name}"


def between(node: object) -> tuple[c.FieldComparison | c.MeasureComparison, c.Value, c.Value] | None:
    """What `between X and Y` was bound to: the lower comparison and the two ends."""
    match node:
        case c.All((c.FieldComparison(field, ">=", low) as lower, c.FieldComparison(same, "<=", high))) if (
            field == same
        ):
            return None if isinstance(low, c.Field) or isinstance(high, c.Field) else (lower, low, high)
        case c.All(
            (c.MeasureComparison(left, ">=", low, factor) as first, c.MeasureComparison(same, "<=", high, factor2))
        ):
            if (
                left != same
                or not factor == factor2 == 1
                or not isinstance(low, c.Value)
                or not isinstance(high, c.Value)
            ):
                return None
            return first, low, high
        case _:
            return None


def inline(tree: c.Tree[c.Predicate], clock: WallClock) -> str:
    """The tree of a `where` or `has` in one line; brackets wherever `and` and `or` meet."""
    match tree:
        case c.All(()):
            return "anything"
        case c.AnyOf(()):
            return "nothing"
        case c.All((c.AnyItem(c.All(())), c.Not(c.AnyItem(c.Not(where))))):
            return f"every item fits ({inline(where, clock)}) and there is at least one"
        case c.All() if (ends := _between(tree, clock, True)) is not None:
            return ends
        case c.All(parts):
            return " and ".join(_bracketed(part, clock) for part in parts)
        case c.AnyOf(parts):
            return " or ".join(_bracketed(part, clock) for part in parts)
        case c.Not(part):
            match part:
                case c.Not(inner):
                    return inline(inner, clock)
                case c.All() | c.AnyOf():
                    return _between(part, clock, False) or f"not ({inline(part, clock)})"
                case _:
                    return predicate(part, clock, False)
        case _:
            return predicate(tree, clock, True)


def _bracketed(part: c.Tree[c.Predicate], clock: WallClock) -> str:
    compound = isinstance(part, (c.All, c.AnyOf)) and len(part.parts) > 0 and between(part) is None
    return f"({inline(part, clock)})" if compound else inline(part, clock)


def _between(tree: c.Tree[c.Predicate], clock: WallClock, holds: bool) -> str | None:
    match between(tree):
        case c.FieldComparison(field), low, high:
            money, year = field.type is c.Type.MONEY, field.part == "year"
            ends = " and ".join(value_of(end, clock, is_money=money, is_year=year) for end in (low, high))
            return f"{name_of(field)} is {'' if holds else 'not '}between {ends}{'' if holds else ' (or missing)'}"
        case _:
            return None


def predicate(leaf: c.Predicate, clock: WallClock, holds: bool) -> str:
    """One leaf in words, or its negation, which a missing value fits: `country is not "NL" (or missing)`."""
    match leaf:
        case c.AnyItem(c.All(())):
            return "there is at least one item" if holds else "there is no item"
        case c.AnyItem(where):
            return f"{'some' if holds else 'no'} item fits ({inline(where, clock)})"
        case c.OfEvent(events):
            names = events[0] if len(events) == 1 else f"{', '.join(events[:-1])} or {events[-1]}"
            return f"it {'is' if holds else 'is not'} {names}"
        case c.ItemCount(where, least, most):
            alone = (least, most) == (1, 1)
            if where == c.All(()):
                return f"there {'is' if alone else 'are'} {_items(least, most, holds)}"
            return f"{_items(least, most, holds)} {'fits' if alone else 'fit'} ({inline(where, clock)})"
        case c.CloseTo(field, before, after):
            side = "of" if before == after else "after" if after else "before"
            in_hours = field.type is c.Type.TIME
            if not max(before, after):
                near = f"{'at the instant' if in_hours else 'on the day'} of {name_of(field)}"
                return f"it was {near}" if holds else f"it was not {near} (or one of the two is missing)"
            near = f"within {length(max(before, after), in_hours=in_hours)} {side} {name_of(field)}"
            return f"it was {near}" if holds else f"it was not {near} (or one of the two is missing)"
        case _:
            return field_condition(leaf, clock, holds)


def _items(least: int, most: int | None, holds: bool) -> str:
    if most is None:
        return f"{'at least' if holds else 'fewer than'} {least:,} items"
    number = f"exactly {least:,} item{'s' * (least != 1)}" if least == most else f"between {least:,} and {most:,} items"
    return f"{'' if holds else 'not '}{number}"


def field_condition(leaf: c.FieldCondition, clock: WallClock, holds: bool) -> str:
    """A condition on one property, or its opposite, which a missing value fulfils."""
    name, money, year = name_of(leaf.field), leaf.field.type is c.Type.MONEY, leaf.field.part == "year"
    is_, missing = ("is ", "") if holds else ("is not ", " (or missing)")
    match leaf:
        case c.FieldComparison(field, op, right):
            verb = f"{name} {is_}{operator(op, field.type)}"
            if isinstance(right, c.Field):
                return f"{verb}{_right(field, right)}{'' if holds else ' (or one of the two missing)'}"
            return f"{verb}{value_of(right, clock, is_money=money, is_year=year)}{missing}"
        case c.FieldIn(_, (value,)):
            return f"{name} {is_}{value_of(value, clock, is_money=money, is_year=year)}{missing}"
        case c.FieldIn(_, values):
            several = values_of(values, clock, is_money=money, is_year=year)
            return f"{name} is {'one' if holds else 'none'} of {several}{missing}"
        case c.FieldLike(_, how, pattern):
            case = "" if how == "matches regex" else " in any case"
            return f"{name} {_LIKE[how][not holds]} {value_of(pattern, clock)}{case}{missing}"
        case c.FieldIncludes(_, how, values):
            many = "" if len(values) == 1 else f"{how} of "
            if not holds and how == "any" and many:
                return f"{name} include none of {values_of(values, clock)}{missing}"
            return f"{name} {'' if holds else 'do not '}include {many}{values_of(values, clock)}{missing}"
        case c.FieldIncludesLike(_, how, like, pattern):
            test = f"{_LIKE[like][0]} {value_of(pattern, clock)}{'' if like == 'matches regex' else ' in any case'}"
            if how == "any":
                return f"{name} include {'one' if holds else 'none'} that {test}{missing}"
            return (
                f"each of {name} {test}, and there is one" if holds else f"not each of {name} {test} (or there is none)"
            )
        case c.FieldSet():
            return f"{name} is set" if holds else f"{name} is missing"
        case c.FieldEmpty():
            return f"{name} is empty or missing" if holds else f"{name} is set and not empty"
        case c.FieldWithin(_, given):
            if isinstance(given, c.Days):
                return f"{name} {is_}{days(given)}{missing}"
            return f"{name} {is_}{before_now(given, clock)}{missing}"
        case c.FieldAnniversary(_, given):
            return f"{name} has {'an' if holds else 'no'} anniversary {days(given)}{missing}"
        case _:
            assert_never(leaf)


def before_now(given: c.Interval, clock: WallClock) -> str:
    """A window of what, unlike an event, may lie at or after now: `ever` would not say where it ends."""
    if given.start is None and given.end in (None, clock.now):
        return "before now" if given.end else "set"
    return window(given, clock)


def _right(left: c.Field, right: c.Field) -> str:
    return name_of(right) if right.scope in (left.scope, "profile") else f"the {right.scope}'s {right.name}"


def times(factor: Decimal) -> str:
    """`2 times `, before what is multiplied."""
    return "" if factor == 1 else f"{factor.normalize():f} times "
