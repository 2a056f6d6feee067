"""Tests of a person's and of an event's properties as PostHog's: a key, an operator, a value."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeAlias

from ... import ast
from ..core.report import Impossible
from ..core.words import only
from .properties import SINCE_MIDNIGHT, ZONE
from .words import Words, leaf, unless

Tree: TypeAlias = Any
Json: TypeAlias = dict[str, Any]
AHEAD = "Times ahead of now are in there, and not here."
AT_THE_INSTANT = "What lies at the very instant at which it begins counts here, and not there."
_ORDERED: dict[ast.Op, str] = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
_LIKE = {"contains": "icontains", "matches regex": "regex"}


def tested(node: ast.Subject, name: str, words: Words, positive: bool) -> Tree:
    """A property of the person, with a comparison or in a window. Raises Impossible."""
    only(node, words, "head", "comparison", "window")
    key, type = words.person(name)
    if node.window is not None:
        found = [leaf("person", key=key, **one) for one in _in(node.window, words)]
        kind = ast.All if positive else ast.AnyOf
        return kind(tuple(unless(not positive, one) for one in found))
    tests = operators(node.comparison, type, words, positive)
    if tests is not None:
        parts = tuple(leaf("person", key=key, **one) for one in tests)
        return ast.AnyOf(parts) if is_empty(node.comparison, positive) else ast.All(parts)
    found = [leaf("person", key=key, **one) for one in operators(node.comparison, type, words, True) or ()]
    return ast.AnyOf(tuple(unless(True, one) for one in found))


def operators(comparison: ast.Comparison | None, type: str, words: Words, positive: bool) -> list[Json] | None:
    """Operators and values, all of which hold; None where the opposite has none, as it holds without a value too.

    `is empty` has two, of which one holds. Raises Impossible.
    """
    match comparison:
        case None if type == "boolean":
            return operators(ast.Compare("=", ast.Bool(True)), type, words, positive)
        case ast.Compare("=" | "!=" as op, right):
            value = words.value(right)
            if isinstance(value, ast.Bool | ast.Text):
                return [_exact([value.value], (op == "=") == positive)]
            return [_exact([words.number(right)], (op == "=") == positive)]
        case ast.Compare(op, right):
            return [{"operator": _ORDERED[op], "value": words.number(right)}] if positive else None
        case ast.Between(low, high):
            ends = [{"operator": "gte", "value": words.number(low)}, {"operator": "lte", "value": words.number(high)}]
            return ends if positive else None
        case ast.In(values, negated):
            return [_exact([_json(one, words) for one in values], negated != positive)]
        case ast.InName(name, negated):
            known = words.setting.catalog.set_values(name.text)
            if known is None:
                raise words.no_form(f"`{name.text}`, which is no set")
            return [_exact(list(known), negated != positive)]
        case ast.Like(how, pattern, negated) if how in _LIKE:
            denied = "not_" if negated == positive else ""
            return [{"operator": denied + _LIKE[how], "value": _json(pattern, words)}]
        case ast.Is("set", negated):
            return [{"operator": "is_set" if negated != positive else "is_not_set", "value": "is_set"}]
        case ast.Is("empty", negated) if type == "text":
            empty = negated != positive
            return [{"operator": "is_not_set" if empty else "is_set", "value": "is_set"}, _exact([""], empty)]
        case _:
            raise words.no_form("this comparison")


def is_empty(comparison: ast.Comparison | None, positive: bool) -> bool:
    """Whether one of two operators suffices."""
    return isinstance(comparison, ast.Is) and comparison.what == "empty" and comparison.negated != positive


def _exact(values: list[Any], holds: bool) -> Json:
    return {"operator": "exact" if holds else "is_not", "value": values}


def _json(given: Any, words: Words) -> Any:
    value = words.value(given)
    return value.value if isinstance(value, ast.Text | ast.Bool) else words.number(given)


def _in(window: ast.Window, words: Words) -> list[Json]:
    """The operators of a date or time in a window, all of which hold. Raises Impossible."""
    match window:
        case ast.InLast(length):
            words.notes.add(AHEAD)
            return [_date("after", _back(length, words))]
        case ast.MoreThanAgo(length) | ast.Relative("before", ast.Ago(length, False)):
            return [_date("before", _back(length, words))]
        case ast.Relative("after" | "since" as word, ast.Ago(length, False)):
            if word == "since":
                words.notes.add(AT_THE_INSTANT)
            return [_date("after", _back(length, words))]
        case ast.BetweenAgo(one, other):
            words.notes.add(AT_THE_INSTANT)
            far, near = sorted((one, other), key=lambda length: _days(length, words), reverse=True)
            return [_date("after", _back(far, words)), _date("before", _back(near, words))]
        case ast.Relative("before" | "after" | "on" as word, moment):
            exact = word == "on" and isinstance(
                words.value(moment) if isinstance(moment, ast.Name) else moment, ast.Date
            )
            if word == "on" and not exact:
                raise words.no_form("this window")
            return [_date("exact" if exact else word, at(moment, words))]
        case ast.Relative("since", moment):
            return [_date("after", _before(moment, words))]
        case ast.BetweenMoments(start, end):
            return [_date("after", _before(start, words)), _date("before", at(end, words, later=True))]
        case _:
            raise words.no_form("a period of the calendar, or a day that moves with now")


def _back(length: ast.Length, words: Words) -> str:
    words.notes.add(SINCE_MIDNIGHT)
    return words.back(length)


def _days(length: ast.Length, words: Words) -> float:
    found = words.length(length)
    return found.count * {"h": 1 / 24, "d": 1, "w": 7, "mo": 30.4, "y": 365.2}.get(found.unit, 0)


def _before(moment: ast.Moment, words: Words) -> str:
    """The day before a day, so that `after` it is since the day; a time itself."""
    found = words.value(moment) if isinstance(moment, ast.Name) else moment
    if isinstance(found, ast.Time):
        words.notes.add(AT_THE_INSTANT)
    return at(moment, words, earlier=True)


def at(moment: ast.Moment, words: Words, *, earlier: bool = False, later: bool = False) -> str:
    """A day, or the one beside it, or a time, as PostHog writes it. Raises Impossible."""
    found: Any = words.value(moment) if isinstance(moment, ast.Name) else moment
    if isinstance(found, ast.Date):
        words.notes.add(ZONE)
        try:
            beside: date = found.value + timedelta(days=later - earlier)
        except OverflowError:
            raise Impossible("There is no day beside it.") from None
        return beside.isoformat()
    if isinstance(found, ast.Time):
        if found.value.tzinfo is None:
            words.notes.add(ZONE)
        return found.value.isoformat()
    raise words.no_form("a day that moves with now")


def _date(word: str, value: str) -> Json:
    return {"operator": f"is_date_{word}", "value": value}
