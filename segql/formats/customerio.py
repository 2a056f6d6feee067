"""Customer.io's filters of people: those of its App API, which also say who gets a broadcast.

Facts are those of the vendor's page on the format of API-triggered broadcasts. What its segment builder holds is in no
API: a segment is known by its id alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from .. import ast
from ..source import Source
from .core import phrases
from .core.documents import Node, read_json, wrong
from .core.names import Names
from .core.reading import Conditions, known, parsed_number, segment, text_at, type_of
from .core.report import Imported, Impossible, Notes
from .core.trees import unique

__all__ = ["REVISION", "read"]

REVISION = "the page of 2026"

KINDS = ("and", "or", "not", "segment", "attribute")


def read(document: Source, names: Names) -> Iterator[Imported]:
    """The filters of a document: one, or an array. Raises SegQLError for what is no such document."""
    root = read_json(document)
    nodes = list(root.items()) if isinstance(root.value, list) else [root]
    if isinstance(root.value, dict) and not {"filter", "recipients", *KINDS}.intersection(root.value):
        help = "a filter is `{and: [{segment: {id: 7}}, {attribute: {field, operator: eq, value}}]}`"
        raise wrong(document, "This is no filter of Customer.io, and no array of them.", 0, help)
    if not isinstance(root.value, dict | list):
        raise wrong(document, "This is no filter of Customer.io, and no array of them.")
    for node, name in zip(nodes, unique([text_at(node, "name") for node in nodes]), strict=True):
        yield segment(name, node, partial(_whole, node, names))


def _whole(node: Node, names: Names, found: Conditions) -> ast.Rule:
    node.object()
    filter, recipients = node.get("filter"), node.get("recipients")
    if filter is not None and recipients is not None:
        raise Impossible("It has two filters.", node.path)
    inner = filter or recipients
    if inner is None:
        return _filter(node, names, found, "name")
    return _filter(inner, names, found)


def _filter(node: Node, names: Names, found: Conditions, *beside: str) -> ast.Rule:
    kinds = [key for key in node.object() if key in KINDS]
    if len(kinds) != 1:
        raise Impossible(f"A filter has one of {', '.join(KINDS)}.", node.path)
    (kind,) = kinds
    node.only(kind, *beside)
    inner = node.need(kind)
    match kind:
        case "and" | "or":
            parts = [_filter(one, names, found) for one in inner.items()]
            if not parts:
                raise Impossible("The filter has nothing inside.", inner.path)
            return phrases.every(parts) if kind == "and" else phrases.some(parts)
        case "not":
            return phrases.unless(True, _filter(inner, names, found))
        case "segment":
            return found.read(inner, kind, partial(_segment, inner, names))
        case _:
            return found.read(inner, kind, partial(_attribute, inner, names))


def _segment(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only("id")
    node.need("id")
    id = text_at(node, "id")
    if (name := names.find("lists", id)) is not None:
        return phrases.in_list(name)
    other = names.find("segments", id)
    if other is None:
        raise Impossible(names.missing("segments", id), f"{node.path}/id")
    return phrases.in_segment(other)


def _attribute(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only("field", "operator", "value")
    field = node.need("field")
    name = known(names, "properties", field.text(), field.path)
    if node.need("operator").one_of("eq", "exists") == "exists":
        node.only("field", "operator")
        return phrases.is_set(name)
    value, type = node.need("value"), type_of(names, name)
    if isinstance(value.value, bool):
        return phrases.compared(name, "=", ast.Bool(value.value))
    if not isinstance(value.value, str):
        return phrases.compared(name, "=", ast.Number(value.number()))
    if type in ("number", "money") and (number := parsed_number(value.value)) is not None:
        return phrases.compared(name, "=", ast.Number(number))
    if type == "boolean" and value.value in ("true", "false"):
        return phrases.compared(name, "=", ast.Bool(value.value == "true"))
    return phrases.compared(name, "=", ast.Text(value.value))
