"""Tests of a property, of a person or of an event: a key, an operator, and a value or several."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from ... import ast
from ..core import phrases
from ..core.documents import Node
from ..core.reading import number_of
from ..core.report import Impossible, Notes
from ..core.trees import named

_NUMBERS: dict[str, ast.Op] = {"gt": ">", "lt": "<", "gte": ">=", "lte": "<="}
_LIKE: dict[str, phrases.Likeness] = {"icontains": "contains", "regex": "matches regex"}
_UNITS: dict[str, ast.Unit] = {"h": "h", "d": "d", "w": "w", "m": "mo", "y": "y"}
ZONE = "Days are those of the catalog's zone; PostHog's are those of the project."
SINCE_MIDNIGHT = "Whether PostHog counts so far back from now or from midnight it does not say; this counts from now."


def property_test(name: str, node: Node, notes: Notes, type: str | None = None) -> Any:
    """The test of a property, whose type the catalog may have. Raises Impossible."""
    found = node.get("operator")
    operator = "exact" if found is None else found.text()
    match operator:
        case "is_set" | "is_not_set":
            return phrases.is_set(name, operator == "is_not_set")
        case "exact" | "is_not":
            return _exact(name, node.need("value"), operator == "is_not", type)
        case "icontains" | "not_icontains" | "regex" | "not_regex":
            how = _LIKE[operator.removeprefix("not_")]
            denied = operator.startswith("not_")
            texts = [phrases.like(name, how, one.text()) for one in _values(node.need("value"))]
            if len(texts) == 1:
                return phrases.like(name, how, _values(node.need("value"))[0].text(), denied)
            return phrases.unless(denied, phrases.some(texts))
        case "gt" | "lt" | "gte" | "lte":
            return phrases.compared(name, _NUMBERS[operator], ast.Number(number_of(node.need("value"))))
        case "is_date_exact" | "is_date_before" | "is_date_after":
            return phrases.when(name, _day(operator, node.need("value"), notes))
    raise Impossible(f"`{operator[:40]}` is not known to this revision.", node.path + "/operator")


def _values(node: Node) -> list[Node]:
    found = list(node.items()) if isinstance(node.value, list) else [node]
    if not found:
        raise Impossible("There is no value here.", node.path)
    return found


def _exact(name: str, node: Node, denied: bool, type: str | None) -> Any:
    literals = [_literal(one, type) for one in _values(node)]
    if len(literals) == 1:
        return phrases.compared(name, "!=" if denied else "=", literals[0])
    return ast.Subject(named(name), comparison=ast.In(tuple(dict.fromkeys(literals)), denied))


def _literal(node: Node, type: str | None) -> Any:
    """A value; PostHog keeps those of its lists as texts, so that the type says what they are."""
    if isinstance(node.value, bool):
        return ast.Bool(node.value)
    if type == "boolean" and isinstance(node.value, str) and node.value in ("true", "false"):
        return ast.Bool(node.value == "true")
    if type in ("number", "money") and isinstance(node.value, str):
        return ast.Number(number_of(node))
    return ast.Text(node.value) if isinstance(node.value, str) else ast.Number(node.number())


def moment(node: Node, notes: Notes) -> Any:
    """`2026-05-30`, `2026-05-30T10:00:00`, `-30d`. Raises Impossible."""
    text = node.text().strip()
    if back := re.fullmatch(r"-?(\d{1,5})([hdwmy])", text):
        notes.add(SINCE_MIDNIGHT)
        return ast.Ago(ast.Duration(int(back[1]), _UNITS[back[2]]))
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            notes.add(ZONE)
            return ast.Date(date.fromisoformat(text))
        if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
            at = datetime.fromisoformat(text)
            if at.tzinfo is None:
                notes.add(ZONE)
            return ast.Time(at)
    except ValueError:
        pass
    raise Impossible(f"`{text[:40]}` is no day, no time, and not so far back from now.", node.path)


def _day(operator: str, node: Node, notes: Notes) -> Any:
    found = moment(node, notes)
    if operator != "is_date_exact":
        return ast.Relative("before" if operator == "is_date_before" else "after", found)
    if not isinstance(found, ast.Date):
        raise Impossible("A date is compared exactly with a day alone.", node.path)
    return ast.Relative("on", found)
