"""HubSpot's operations on a property: of a contact, or of an event."""

from __future__ import annotations

from ... import ast
from ...plain import dataclass
from ..core import phrases
from ..core.documents import Node
from ..core.reading import LETTER_CASE
from ..core.report import Impossible, Notes
from ..core.trees import named
from .times import window_of

NUMERIC: dict[str, ast.Op] = {
    "IS_EQUAL_TO": "=", "IS_NOT_EQUAL_TO": "!=", "IS_GREATER_THAN": ">", "IS_GREATER_THAN_OR_EQUAL_TO": ">=",
    "IS_LESS_THAN": "<", "IS_LESS_THAN_OR_EQUAL_TO": "<=",
}  # fmt: skip
LIKE: dict[str, phrases.Likeness] = {
    "CONTAINS": "contains", "DOES_NOT_CONTAIN": "contains", "STARTS_WITH": "starts with", "ENDS_WITH": "ends with",
}  # fmt: skip
ENDS = "Both ends count; the vendor does not say whether they do."
ANY_CASE = "Letter case does not count here; the vendor does not say whether it does there."


@dataclass(frozen=True, slots=True)
class Subject:
    """A property by its name here, and its type where that is known."""

    name: str
    type: str | None


def tested(node: Node, of: Subject, notes: Notes) -> ast.Rule:
    """An operation as a test; who has no value is in where `includeObjectsWithNoValueSet` says so, and else is not."""
    included = node.get("includeObjectsWithNoValueSet")
    without = included is not None and included.truth()
    type, operator = node.need("operationType").text(), node.need("operator").text()
    if operator.startswith("HAS_"):
        raise Impossible("What a value was before is not known here.", f"{node.path}/operator")
    if operator in ("IS_KNOWN", "IS_UNKNOWN", "IS_NOT_KNOWN"):
        node.only("operationType", "operator", "includeObjectsWithNoValueSet")
        return phrases.is_empty(of.name, operator == "IS_KNOWN")
    denied = "_NOT_" in operator or operator == "IS_NONE_OF"
    match type:
        case "BOOL":
            _only(node, "value")
            rule: ast.Rule = phrases.truth(of.name, node.need("value").truth())
            _known(node, operator, "IS_EQUAL_TO", "IS_NOT_EQUAL_TO")
        case "NUMBER":
            _only(node, "value")
            _known(node, operator, *NUMERIC)
            op = NUMERIC[operator]
            rule = phrases.compared(of.name, "=" if op == "!=" else op, ast.Number(node.need("value").number()))
        case "NUMBER_RANGED" | "RANGED_NUMBER":
            _only(node, "lowerBound", "upperBound")
            _known(node, operator, "IS_BETWEEN", "IS_NOT_BETWEEN")
            notes.add(ENDS)
            low, high = node.need("lowerBound").number(), node.need("upperBound").number()
            rule = ast.Subject(named(of.name), comparison=ast.Between(ast.Number(low), ast.Number(high)))
        case "STRING" | "MULTISTRING":
            _only(node, "value", "values")
            _known(node, operator, "IS_EQUAL_TO", "IS_NOT_EQUAL_TO", *LIKE)
            rule = _texts(of, operator, _values(node), notes)
        case "ENUMERATION":
            _only(node, "values")
            rule = _options(of, node, operator)
        case "TIME_POINT" | "TIME_RANGED":
            rule = phrases.when(of.name, window_of(node, notes))
        case _:
            raise Impossible(f"`{type[:80]}` is not known to this revision.", f"{node.path}/operationType")
    if denied:
        rule = phrases.unless(True, rule)
    if without == denied:
        return rule
    return phrases.some([rule, phrases.is_empty(of.name)]) if without else (
        phrases.every([rule, phrases.is_empty(of.name, True)])
    )  # fmt: skip


def _only(node: Node, *keys: str) -> None:
    node.only("operationType", "operator", "includeObjectsWithNoValueSet", "propertyType", *keys)


def _known(node: Node, operator: str, *known: str) -> None:
    if operator not in known:
        raise Impossible(
            f"`{operator[:80]}` is not known to this revision: {', '.join(known)}.", f"{node.path}/operator"
        )


def _values(node: Node) -> list[str]:
    many = node.get("values")
    found = [node.need("value").text()] if many is None else [one.text() for one in many.items()]
    if not found:
        raise Impossible("It names no values.", node.path)
    return found


def _texts(of: Subject, operator: str, values: list[str], notes: Notes) -> ast.Rule:
    if operator in LIKE:
        notes.add(ANY_CASE)
        return phrases.some(phrases.like(of.name, LIKE[operator], value) for value in values)
    notes.add(LETTER_CASE)
    return phrases.one_of(of.name, values)


def _options(of: Subject, node: Node, operator: str) -> ast.Rule:
    values = _values(node)
    listed = of.type == "list of text"
    match operator:
        case "IS_ANY_OF" | "IS_NONE_OF" if not listed:
            return phrases.one_of(of.name, values)
        case "IS_ANY_OF" | "IS_NONE_OF" | "CONTAINS_ALL" | "DOES_NOT_CONTAIN_ALL" if listed:
            how = "all" if operator.endswith("ALL") else "any"
            texts = tuple(map(ast.Text, values))
            return ast.Subject(named(of.name), comparison=ast.Includes(how, texts))  # type: ignore[arg-type]
        case "IS_EXACTLY" | "IS_NOT_EXACTLY" if not listed and len(values) == 1:
            return phrases.one_of(of.name, values)
        case "IS_EXACTLY" | "IS_NOT_EXACTLY" | "CONTAINS_ALL" | "DOES_NOT_CONTAIN_ALL":
            said = (
                "Of several values together only a list can have all: give --catalog; exactly these is not said here."
            )
            raise Impossible(said, f"{node.path}/operator")
        case _:
            raise Impossible(f"`{operator[:80]}` is not known to this revision.", f"{node.path}/operator")
