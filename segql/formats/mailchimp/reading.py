"""Mailchimp's segments as rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ... import ast
from ...source import Source
from ..core import phrases
from ..core.documents import Node, read_json, wrong
from ..core.names import Names, asked
from ..core.reading import Conditions, segment, text_at, unknown_type
from ..core.report import Finding, Imported, Impossible, Notes
from ..core.trees import commented, unique
from .activity import ACTIVITY
from .contacts import CONTACTS
from .shopping import SHOPPING
from .world import Reader, World

READERS: Mapping[str, Reader] = {**CONTACTS, **ACTIVITY, **SHOPPING}
"""How each type of condition is read."""
NOT_HERE: Mapping[str, str] = {
    "Automation": "whether somebody started or finished an automation",
    "CampaignPoll": "the answers to a poll in a letter",
    "Conversation": "who replied to a letter",
    "SurveyMonkey": "who answered a survey there",
    "FuzzySegment": "who is like whom: the vendor's own model",
    "SocialNetworkMember": "the vendor's data of social networks",
    "SocialNetworkFollow": "the vendor's data of social networks",
    "IPGeoIn": "in which unit the radius is, which the vendor does not say",
    "IPGeoInZip": "where a postal code lies",
    "ZipMerge": "where a city or a postal code lies",
}
"""What is missing for the types that have no form here."""


def read(document: Source, names: Names) -> Iterator[Imported]:
    """The segments of a document, one after the other. Raises SegQLError for what is no such document."""
    nodes = _segments(document)
    said = unique([text_at(node, "name") for node in nodes])
    ids = {text_at(node, "id"): name for node, name in zip(nodes, said, strict=True) if text_at(node, "id")}
    world = World(names, ids)
    for node, name in zip(nodes, said, strict=True):
        yield segment(name, node, partial(_rule, node, world))


def _segments(document: Source) -> list[Node]:
    root = read_json(document)
    found = root.get("segments") or root
    if isinstance(found.value, list):
        return list(found.items())
    if isinstance(found.value, dict) and {"options", "conditions", "condition_type"}.intersection(found.value):
        return [found]
    help = "a segment is `{name, options: {match: all, conditions: [..]}}`, and several are `{segments: [..]}`"
    raise wrong(document, "This is no segment of Mailchimp, and no list of them.", 0, help)


def _rule(node: Node, world: World, found: Conditions) -> ast.Rule:
    node.object()
    audience = text_at(node, "list_id")
    rule = _members(node, world, found)
    if not audience:
        return rule
    name, path = world.names.find("lists", audience), f"{node.path}/list_id"
    if name is not None:
        found.add(Finding(path, "audience", "exact"))
        return phrases.every([phrases.in_list(name), rule])
    said = f"{_EVERYBODY} `lists: {{{audience[:80]}: NAME}}`."
    found.add(Finding(path, "audience", "approximate", said))
    noted: ast.Rule = commented(rule, f"approximate: {said}")
    return noted


_EVERYBODY = "It asks everybody, where the vendor asks only the contacts of this audience: give --names with"


def _members(node: Node, world: World, found: Conditions) -> ast.Rule:
    kind = node.get("type")
    if kind is not None and kind.one_of("saved", "static", "fuzzy") != "saved":
        id = text_at(node, "id")
        if kind.value == "static" and (name := world.names.find("lists", id)) is not None:
            return phrases.in_list(name)
        raise Impossible(f"Its members were put in by hand: give --names with {asked('lists', id)}.", kind.path)
    options = node.get("options") or node
    if options is not node:
        options.only("match", "conditions")
    match = options.get("match")
    join = phrases.some if match is not None and match.one_of("any", "all") == "any" else phrases.every
    conditions = list(options.need("conditions").items())
    if not conditions:
        raise Impossible("The segment has no conditions.", options.path)
    return join(found.read(one, text_at(one, "condition_type"), partial(_condition, one, world)) for one in conditions)


def _condition(node: Node, world: World, notes: Notes) -> ast.Rule:
    type = node.need("condition_type").text()
    if type in NOT_HERE:
        raise Impossible(f"What is missing: {NOT_HERE[type]}.", node.path)
    reader: Callable[[Node, World, Notes], ast.Rule] | None = READERS.get(type)
    if reader is None:
        raise unknown_type(node, type, sorted(READERS))
    node.only("condition_type", "field", "op", "value", "extra")
    return reader(node, world, notes)
