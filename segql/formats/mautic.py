"""Mautic's segments: a flat list of filters, each glued to those before it by `and` or by `or`.

Facts are those of the vendor's public code (`LeadBundle/Segment`) at `REVISION`. `or` begins a new group: `a and b or
c` is `(a and b) or c`. A denial is also of who has no value, but that of a regular expression is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from .. import ast
from ..plain import dataclass
from ..source import Source
from .core import phrases
from .core.documents import Node, read_json, wrong
from .core.names import Names, asked
from .core.reading import (
    Conditions,
    day_of,
    duration,
    known,
    number_of,
    parsed_number,
    segment,
    text_at,
    type_of,
    unknown_type,
)
from .core.report import Imported, Impossible, Notes
from .core.trees import named, unique

__all__ = ["REVISION", "read"]

TYPES = (
    "text", "textarea", "html", "email", "url", "tel", "lookup", "lookup_id", "select", "multiselect", "tags",
    "boolean", "number", "date", "datetime", "country", "region", "timezone", "locale",
)  # fmt: skip
"""Those of fields that are compared; the others are the vendor's own lists."""
REVISION = "24271492, 2024-10-24"

COLLATION = "Letter case counts here; there it is the database's collation that decides, and accents with it."
ANY_CASE = "Letter case does not count here; there it is the database's collation that decides, and accents with it."
TIMES = "A time is compared by its day in the catalog's zone; there it is an instant of the default zone."
OPS: dict[str, ast.Op] = {"=": "=", "!=": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
LIKE: dict[str, phrases.Likeness] = {
    "like": "contains", "!like": "contains", "contains": "contains", "startsWith": "starts with",
    "endsWith": "ends with",
}  # fmt: skip
PERIODS: dict[str, ast.Period] = {
    f"{name} {unit}": ast.Period(name, unit) for name in ("this", "last", "next") for unit in ("week", "month", "year")
}


@dataclass(frozen=True, slots=True)
class _World:
    """The names, and the segments of the same document by their ids."""

    names: Names
    segments: dict[str, str]


def read(document: Source, names: Names) -> Iterator[Imported]:
    """The segments of a document, one after the other. Raises SegQLError for what is no such document."""
    root = read_json(document)
    found = root.get("lists") or root.get("list") or root
    if isinstance(found.value, dict) and "filters" not in found.value and all(
        isinstance(one, dict) for one in found.value.values()
    ) and found.value:  # fmt: skip
        nodes = [Node(one, f"{found.path}/{key}") for key, one in found.value.items() if key.isdecimal()]
    elif isinstance(found.value, list):
        nodes = list(found.items())
    else:
        nodes = [found] if isinstance(found.value, dict) and "filters" in found.value else []
    if not nodes:
        help = "a segment is `{name, filters: [..]}`, and several are `{lists: [..]}`"
        raise wrong(document, "This is no segment of Mautic, and no list of them.", 0, help)
    said = unique([text_at(node, "name") for node in nodes])
    ids = {text_at(node, "id"): name for node, name in zip(nodes, said, strict=True) if text_at(node, "id")}
    for node, name in zip(nodes, said, strict=True):
        yield segment(name, node, partial(_segment, node, _World(names, ids)))


def _segment(node: Node, world: _World, found: Conditions) -> ast.Rule:
    groups: list[list[ast.Rule]] = [[]]
    for filter in node.need("filters").items():
        glue = filter.get("glue")
        if glue is not None and glue.one_of("and", "or") == "or" and groups[-1]:
            groups.append([])
        groups[-1].append(found.read(filter, text_at(filter, "field") or "filter", partial(_filter, filter, world)))
    if not groups[-1]:
        id = text_at(node, "id")
        if (name := world.names.find("lists", id)) is not None:
            return phrases.in_list(name)
        raise Impossible(f"Its members were put in by hand: give --names with {asked('lists', id)}.", node.path)
    return phrases.some(phrases.every(group) for group in groups)


def _filter(node: Node, world: _World, notes: Notes) -> ast.Rule:
    node.only("glue", "field", "object", "type", "operator", "filter", "display", "properties", "merged_property")
    field, operator = node.need("field"), node.need("operator")
    if field.text() == "leadlist":
        return _in_segments(node, operator, world)
    if (of := node.get("object")) is not None and of.text() not in ("lead", "company"):
        raise Impossible(f"`{field.value[:80]}` is what a contact did: the vendor's own data.", field.path)
    name = known(world.names, "properties", field.text(), field.path)
    type = text_at(node, "type")
    if type not in TYPES:
        raise unknown_type(node, type, TYPES)
    if operator.text() in ("empty", "!empty"):
        return phrases.is_empty(name, operator.value == "!empty")
    if type in ("date", "datetime"):
        if type == "datetime":
            notes.add(TIMES)
        return _dated(name, operator, _value(node), type)
    return _compared(name, type, operator, node, world.names, notes)


def _value(node: Node) -> Node:
    properties = node.get("properties")
    inner = properties.get("filter") if properties is not None and isinstance(properties.value, dict) else None
    return inner or node.need("filter")


def _in_segments(node: Node, operator: Node, world: _World) -> ast.Rule:
    denied = operator.one_of("in", "!in") == "!in"
    value = _value(node)
    parts: list[ast.Rule] = []
    for one in value.items() if isinstance(value.value, list) else [value]:
        id = text_at(Node({"id": one.value}), "id")
        name, other = world.names.find("lists", id), world.names.find("segments", id) or world.segments.get(id)
        if name is None and other is None:
            raise Impossible(world.names.missing("segments", id), one.path)
        parts.append(phrases.in_list(name) if name is not None else phrases.in_segment(other or ""))
    if not parts:
        raise Impossible("It names no segments.", value.path)
    return phrases.unless(denied, phrases.some(parts))


def _compared(name: str, type: str, operator: Node, node: Node, names: Names, notes: Notes) -> ast.Rule:  # noqa: PLR0917
    value, sign, own = _value(node), operator.value, type_of(names, name)
    if type == "boolean":
        wanted = value.value in (True, 1, "1", "true", "yes")
        if sign not in ("=", "!=") or (not wanted and value.value not in (False, 0, "0", "false", "no")):
            raise Impossible("A truth is compared with a truth.", value.path)
        return phrases.unless(sign == "!=", phrases.truth(name, wanted))
    if sign in OPS:
        if own in ("number", "money") or (own is None and (type == "number" or sign not in ("=", "!="))):
            return phrases.compared(name, OPS[sign], ast.Number(number_of(value)))
        if sign not in ("=", "!="):
            raise Impossible("The order of texts has no form here.", operator.path)
        notes.add(COLLATION)
        return phrases.compared(name, OPS[sign], ast.Text(_text(value)))
    if sign in ("in", "!in"):
        texts = [_text(one) for one in value.items()] if isinstance(value.value, list) else value.text().split("|")
        if not texts:
            raise Impossible("It names no values.", value.path)
        notes.add(COLLATION)
        if own == "list of text":
            listed = tuple(map(ast.Text, texts))
            return ast.Subject(named(name), comparison=ast.Includes("any", listed, negated=sign == "!in"))
        if own in ("number", "money"):
            numbers = [parsed_number(text) for text in texts]
            if None in numbers:
                raise Impossible("Among these values are some that are no numbers.", value.path)
            found = tuple(ast.Number(number) for number in numbers if number is not None)
            return ast.Subject(named(name), comparison=ast.In(found, negated=sign == "!in"))
        return phrases.one_of(name, texts, negated=sign == "!in")
    if sign in LIKE:
        text = value.text()
        if "%" in text or "_" in text or "\\" in text:
            raise Impossible("Wildcards of the database (`%`, `_`) have no form here.", value.path)
        notes.add(ANY_CASE)
        return phrases.like(name, LIKE[sign], text, negated=sign == "!like")
    raise Impossible(
        f"`{sign[:80]}` has no form here: {', '.join([*OPS, *LIKE, 'in', '!in', 'empty'])} do.", operator.path
    )


def _text(node: Node) -> str:
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return str(node.value)
    return node.text()


_RELATIVE = re.compile(r"([+-]?)\s*(\d{1,6})\s*(day|week|month|year)s?( ago)?\Z", re.ASCII)
_UNITS: dict[str, ast.Unit] = {"day": "d", "week": "w", "month": "mo", "year": "y"}


def _dated(name: str, operator: Node, value: Node, type: str) -> ast.Rule:
    """A day, `today`, `-7 days`, `last month`, `birthday`."""
    text, sign = value.text().strip().lower(), operator.one_of("=", "!=", "gt", "gte", "lt", "lte")
    if text in ("birthday", "anniversary") or text in PERIODS:
        if text in PERIODS and type == "date":
            raise Impossible(
                "A day in a period of the calendar could be its anniversary here: name its days.", value.path
            )
        if sign not in ("=", "!="):
            raise Impossible("A period is compared by `=` and `!=`.", operator.path)
        head = named(name) if text in PERIODS else ast.Anniversary(named(name))
        window = PERIODS.get(text, ast.Period("today"))
        return phrases.unless(sign == "!=", ast.Subject(head, window=window))
    day = _day(text, value)
    match sign:
        case "=" | "!=":
            return phrases.unless(sign == "!=", phrases.when(name, ast.Relative("on", day)))
        case "gt":
            return phrases.when(name, ast.Relative("after", day))
        case "gte":
            return phrases.when(name, ast.Relative("since", day))
        case "lt":
            return phrases.when(name, ast.Relative("before", day))
        case _:
            parts = [phrases.when(name, ast.Relative("before", day)), phrases.when(name, ast.Relative("on", day))]
            return phrases.some(parts)


def _day(text: str, value: Node) -> ast.Moment:
    if text in ("today", "yesterday", "tomorrow"):
        return ast.Day(text)  # type: ignore[arg-type]
    if (found := _RELATIVE.match(text)) is None:
        return day_of(value)
    if not found[4] and found[1] != "-":
        raise Impossible("A whole day that is still to come has no spelling here.", value.path)
    return ast.Ago(duration(int(found[2]), _UNITS[found[3]], value.path), whole_day=True)
