"""PostHog's cohorts as rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ... import ast
from ...plain import dataclass
from ...source import Source
from ..core import phrases
from ..core.documents import Node, read_json, wrong
from ..core.names import Names, asked
from ..core.reading import Conditions, segment, text_at, type_of, unknown_type
from ..core.report import Imported, Impossible, Notes
from ..core.trees import unique
from .behaviours import BEHAVIOURS
from .properties import property_test

LEAVES = ("person", "person_metadata", "cohort", "behavioral")


@dataclass(frozen=True, slots=True)
class World:
    """What a leaf is read with: the names, and the cohorts of the same document by their ids."""

    names: Names
    cohorts: Mapping[str, str]


def read(document: Source, names: Names) -> Iterator[Imported]:
    """The cohorts of a document, one after the other. Raises SegQLError for what is no such document."""
    nodes = _cohorts(document)
    said = unique([text_at(node, "name") for node in nodes])
    world = World(names, {text_at(n, "id"): name for n, name in zip(nodes, said, strict=True) if text_at(n, "id")})
    for node, name in zip(nodes, said, strict=True):
        yield segment(name, node, partial(_rule, node, world), text_at(node, "description"))


def _cohorts(document: Source) -> list[Node]:
    root = read_json(document)
    found = root.get("results") or root
    if isinstance(found.value, list):
        return list(found.items())
    if isinstance(found.value, dict) and {"filters", "properties", "values", "is_static"}.intersection(found.value):
        return [found]
    help = "a cohort is `{name, filters: {properties: {type: AND, values: [..]}}}`, and several are `{results: [..]}`"
    raise wrong(document, "This is no cohort of PostHog, and no list of them.", 0, help)


def _rule(node: Node, world: World, found: Conditions) -> ast.Rule:
    node.object()
    if (static := node.get("is_static")) is not None and static.truth():
        name = world.names.find("lists", text_at(node, "id"))
        if name is None:
            said = f"A static cohort is a list of persons: give --names with {asked('lists', text_at(node, 'id'))}."
            raise Impossible(said, node.path)
        return found.read(node, "static", lambda notes: phrases.in_list(name))
    filters = node.get("filters") or node
    return _tree(filters.get("properties") or filters, world, found)


def _tree(node: Node, world: World, found: Conditions) -> ast.Rule:
    if node.get("values") is None:
        kind = text_at(node, "value") if text_at(node, "type") == "behavioral" else text_at(node, "type")
        return found.read(node, kind or "leaf", partial(_leaf, node, world))
    node.only("type", "values")
    every = node.need("type").one_of("AND", "OR") == "AND"
    parts = [_tree(one, world, found) for one in node.need("values").items()]
    if not parts:
        raise Impossible("The group has no values.", node.path)
    return phrases.every(parts) if every else phrases.some(parts)


def _leaf(node: Node, world: World, notes: Notes) -> ast.Rule:
    kind = node.need("type").text()
    negation = node.get("negation")
    denied = negation is not None and negation.truth()
    match kind:
        case "person" | "person_metadata":
            node.only("type", "key", "operator", "value", "negation")
            key = node.need("key").text()
            name = world.names.find("properties", key) or plain(key)
            return phrases.unless(denied, property_test(name, node, notes, type_of(world.names, name)))
        case "cohort":
            node.only("type", "key", "value", "negation", "operator", "cohort_name")
            return phrases.unless(denied, _cohort(node, world))
        case "behavioral":
            value = node.need("value").text()
            if value not in BEHAVIOURS:
                raise unknown_type(node, value, BEHAVIOURS)
            return phrases.unless(denied, BEHAVIOURS[value](node, world.names, notes))
    raise unknown_type(node, kind, LEAVES)


def _cohort(node: Node, world: World) -> ast.Rule:
    id = text_at(node, "value")
    operator = text_at(node, "operator") or "in"
    if operator not in ("in", "not_in", "exact"):
        raise Impossible(f"`{operator[:40]}` is no operator of a cohort.", node.path)
    if (name := world.cohorts.get(id) or world.names.find("segments", id)) is not None:
        return phrases.unless(operator == "not_in", phrases.in_segment(name))
    if (name := world.names.find("lists", id)) is not None:
        return phrases.unless(operator == "not_in", phrases.in_list(name))
    there = f"{asked('segments', id)}, or under `lists`"
    said = f"There is no cohort `{id[:40]}` in this document: give --names with {there}."
    raise Impossible(said, node.path + "/value")


def plain(key: str) -> str:
    """A key as a name: `$initial_utm_source` is `initial utm source`."""
    return " ".join(key.lstrip("$").replace("_", " ").split()) or key
