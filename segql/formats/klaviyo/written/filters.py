"""Comparisons as Klaviyo's filters: of a profile's property, and of an event's."""

from __future__ import annotations

from typing import Any

from .... import ast
from ...core.report import Impossible
from .words import FLIPPED, OPERATORS, Words, no_form

MISSING = "What lacks it is in here; the vendor does not say whether it is."
CASE = "Letter case does not count here; the vendor does not say whether it does."
LOST = "What lacks it is in here, and not there."


def holds_without(comparison: ast.Comparison, positive: bool) -> bool:
    """Whether a comparison, or its opposite, holds for what lacks the property."""
    if isinstance(comparison, ast.Is):
        return False
    negative = comparison.op == "!=" if isinstance(comparison, ast.Compare) else getattr(comparison, "negated", False)
    return bool(negative == positive)


def filter_of(comparison: ast.Comparison, type: str, words: Words, positive: bool, *, of_event: bool) -> dict[str, Any]:
    """One filter for a comparison, or for its opposite. Raises Impossible.

    Of an event, where two filters cannot be joined by `or`, notes say what becomes of those that lack the property.
    """
    found = _filter(comparison, type, words, positive, of_event)
    if of_event and holds_without(comparison, positive):
        words.notes.add(LOST if found["type"] == "boolean" or found["operator"] in _POSITIVE else MISSING)
    return found


_POSITIVE = [operator for op, operator in OPERATORS.items() if op != "!="]


def _filter(comparison: ast.Comparison, type: str, words: Words, positive: bool, of_event: bool) -> dict[str, Any]:
    match comparison:
        case ast.Is("set", negated):
            return {"type": "existence", "operator": "is-set" if negated != positive else "not-set"}
        case ast.Compare(op, right):
            return _compared(op if positive else FLIPPED[op], words.value(right), type, words)
        case ast.In(values, negated) if type == "text":
            return _texts([words.value(one) for one in values], negated == positive)
        case ast.InName(name, negated) if type == "text":
            found = words.setting.catalog.set_values(name.text)
            if found is None:
                raise no_form(f"`{name.text}`, which is no set")
            return _texts([ast.Text(one) for one in found], negated == positive)
        case ast.Like(how, pattern, negated) if how != "matches":
            return _like(how, words.value(pattern), negated == positive, words)
        case ast.Includes(how, values, negated):
            texts = [_json(words.value(one), words) for one in values]
            no = negated == positive
            if not of_event and (how == "all" or len(texts) > 1):
                raise no_form("several elements of a profile's list at once")
            if not of_event:
                return {"type": "list", "operator": "not-contains" if no else "contains", "value": texts[0]}
            return {"type": "list", "operator": f"{'not-' * no}contains-{how}", "value": texts}
        case ast.IncludesLike("any", "contains", pattern, negated) if of_event:
            words.notes.add(CASE)
            no = negated == positive
            text = _json(words.value(pattern), words)
            return {"type": "list", "operator": f"{'not-' * no}contains-substring", "value": text}
        case _:
            raise no_form("this comparison")


def _compared(op: ast.Op, value: Any, type: str, words: Words) -> dict[str, Any]:
    if isinstance(value, ast.Bool) and op in ("=", "!="):
        return {"type": "boolean", "operator": "equals", "value": value.value == (op == "=")}
    if isinstance(value, ast.Text) and op in ("=", "!="):
        return {"type": "string", "operator": OPERATORS[op], "value": value.value}
    if isinstance(value, ast.Number | ast.Money) and type in ("number", "money"):
        return {"type": "numeric", "operator": OPERATORS[op], "value": words.number(value)}
    raise no_form("this comparison")


def _texts(values: list[Any], negated: bool) -> dict[str, Any]:
    if not all(isinstance(one, ast.Text) for one in values):
        raise Impossible("These are not texts.")
    return {"type": "string", "operator": "not-in" if negated else "in", "value": [one.value for one in values]}


def _like(how: str, value: Any, negated: bool, words: Words) -> dict[str, Any]:
    if how == "matches regex":
        operator = "nregex" if negated else "regex"
    else:
        words.notes.add(CASE)
        operator = f"{'not-' * negated}{how.replace(' ', '-')}"
    return {"type": "string", "operator": operator, "value": _json(value, words)}


def _json(value: Any, words: Words) -> Any:
    return value.value if isinstance(value, ast.Text) else words.number(value)
