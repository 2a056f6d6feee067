"""HubSpot's lists as rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ... import ast
from ...plain import dataclass
from ...source import Source
from ..core import phrases
from ..core.documents import Node, read_json, wrong
from ..core.names import Names
from ..core.reading import Conditions, event_type, known, known_property, segment, text_at, type_of, unknown_type
from ..core.report import Imported, Impossible, Notes
from ..core.trees import unique
from .operations import Subject, tested
from .times import window_of

NOT_HERE: Mapping[str, str] = {
    "ADS_SEARCH": "the vendor's data of advertisements",
    "ADS_TIME": "the vendor's data of advertisements",
    "ASSOCIATION": "records of other objects, and what ties them to contacts",
    "CAMPAIGN_INFLUENCED": "the vendor's own attribution to campaigns",
    "COMMUNICATION_SUBSCRIPTION": "which types of subscription a contact has: a channel's consent is not one of them",
    "CTA": "the vendor's data of its calls to action",
    "EMAIL_EVENT": "which letters are meant: only events by `eventTypeId` are known",
    "EMAIL_SUBSCRIPTION": "which types of subscription a contact has: a channel's consent is not one of them",
    "EVENT": "the vendor's older events, which have no properties in its API",
    "FORM_SUBMISSION_ON_PAGE": "the pages of forms",
    "INTEGRATION_EVENT": "the lines of events of other programs",
    "NUM_ASSOCIATIONS": "records of other objects, and what ties them to contacts",
    "PAGE_VIEW": "which of the pages' addresses are alike, which the vendor does not say",
    "PRIVACY": "the vendor's data of consent to cookies",
    "PROPERTY_ASSOCIATION": "records of other objects, and what ties them to contacts",
    "SURVEY_MONKEY": "who answered a survey there",
    "SURVEY_MONKEY_VALUE": "who answered a survey there",
    "WEBINAR": "who came to a webinar",
}
TIME = "hs_timestamp"
"""The vendor's property for when an event was."""


@dataclass(frozen=True, slots=True)
class World:
    """The names, and the lists of the same document by their ids."""

    names: Names
    lists: Mapping[str, str]


def read(document: Source, names: Names) -> Iterator[Imported]:
    """The lists of a document, one after the other. Raises SegQLError for what is no such document."""
    root = read_json(document)
    found = root.get("lists") or root.get("list") or root
    if not isinstance(found.value, list | dict) or (
        isinstance(found.value, dict) and not {"filterBranch", "filterBranchType"}.intersection(found.value)
    ):
        help = "a list is `{name, filterBranch: {filterBranchType: OR, ..}}`, and several are `{lists: [..]}`"
        raise wrong(document, "This is no list of HubSpot, and no array of them.", 0, help)
    nodes = list(found.items()) if isinstance(found.value, list) else [found]
    said = unique([text_at(node, "name") for node in nodes])
    world = World(names, {text_at(node, "listId"): name for node, name in zip(nodes, said, strict=True)})
    for node, name in zip(nodes, said, strict=True):
        yield segment(name, node, partial(_list, node, world))


def _list(node: Node, world: World, found: Conditions) -> ast.Rule:
    node.object()
    type = text_at(node, "objectTypeId")
    if type not in ("", "0-1"):
        raise Impossible("These are no contacts (`0-1`).", f"{node.path}/objectTypeId")
    return _branch(node.get("filterBranch") or node, world, found)


def _branch(node: Node, world: World, found: Conditions) -> ast.Rule:
    type = node.need("filterBranchType")
    match type.text():
        case "OR" | "AND" | "NOT_ANY" | "NOT_ALL":
            if "name" not in node.object():  # a branch, and not a list that is its own branch
                node.only("filterBranchType", "filterBranchOperator", "filterBranches", "filters")
            parts = [_filter(one, world, found) for one in _items(node, "filters")]
            parts += [_branch(one, world, found) for one in _items(node, "filterBranches")]
            if not parts:
                raise Impossible("The branch has no filters.", node.path)
            some = type.value in ("OR", "NOT_ANY")
            rule = phrases.some(parts) if some else phrases.every(parts)
            return phrases.unless(type.value.startswith("NOT"), rule)
        case "UNIFIED_EVENTS":
            return found.read(node, type.value, partial(_event, node, world))
        case _:
            return found.read(node, type.value, partial(_lost, type, type.value))


def _items(node: Node, key: str) -> list[Node]:
    found = node.get(key)
    return [] if found is None else list(found.items())


def _filter(node: Node, world: World, found: Conditions) -> ast.Rule:
    return found.read(node, text_at(node, "filterType") or "filter", partial(_read, node, world))


def _lost(node: Node, type: str, notes: Notes) -> ast.Rule:
    if type in NOT_HERE:
        raise Impossible(f"What is missing: {NOT_HERE[type]}.", node.path)
    raise unknown_type(node, type, ("PROPERTY", "IN_LIST", "CONSTANT", "FORM_SUBMISSION", "UNIFIED_EVENTS", *NOT_HERE))


def _read(node: Node, world: World, notes: Notes) -> ast.Rule:
    type = node.need("filterType")
    match type.text():
        case "PROPERTY":
            node.only("filterType", "property", "operation")
            id = node.need("property")
            name = known(world.names, "properties", id.text(), id.path)
            return tested(node.need("operation"), Subject(name, type_of(world.names, name)), notes)
        case "IN_LIST":
            node.only("filterType", "listId", "operator", "metadata")
            if text_at(node.get("metadata") or Node({}), "inListType") not in ("", "IMPORT", "STATIC_LIST", "LIST"):
                raise Impossible("Where somebody came in from another tool is not known here.", f"{node.path}/metadata")
            denied = node.need("operator").one_of("IN_LIST", "NOT_IN_LIST") == "NOT_IN_LIST"
            return phrases.unless(denied, _in_list(node, world))
        case "CONSTANT":
            node.only("filterType", "shouldAccept", "source")
            return ast.All(()) if node.need("shouldAccept").truth() else ast.AnyOf(())
        case "FORM_SUBMISSION":
            return _form(node, world, notes)
        case other:
            return _lost(type, other, notes)


def _in_list(node: Node, world: World) -> ast.Rule:
    id = text_at(node, "listId")
    if (name := world.names.find("lists", id)) is not None:
        return phrases.in_list(name)
    other = world.names.find("segments", id) or world.lists.get(id)
    if other is None:
        raise Impossible(world.names.missing("lists", id), f"{node.path}/listId")
    return phrases.in_segment(other)


def _form(node: Node, world: World, notes: Notes) -> ast.Rule:
    node.only("filterType", "formId", "operator", "coalescingRefineBy", "pruningRefineBy")
    id = text_at(node, "formId")
    event = known(world.names, "events", id or "form", f"{node.path}/formId")
    denied = node.need("operator").one_of("FILLED_OUT", "NOT_FILLED_OUT") == "NOT_FILLED_OUT"
    return _happened(node, event, denied, None, None)


def _event(node: Node, world: World, notes: Notes) -> ast.Rule:
    node.only(
        "filterBranchType", "filterBranchOperator", "filterBranches", "filters", "eventTypeId", "operator",
        "coalescingRefineBy", "pruningRefineBy",
    )  # fmt: skip
    if inner := _items(node, "filterBranches"):
        raise Impossible("Branches inside an event are not known to this revision.", inner[0].path)
    if text_at(node, "filterBranchOperator") not in ("", "AND"):
        raise Impossible("Only tests that hold together are known.", f"{node.path}/filterBranchOperator")
    id = node.need("eventTypeId")
    event = known(world.names, "events", id.text(), id.path)
    tests: list[phrases.Where] = []
    window: ast.Window | None = None
    for one in _items(node, "filters"):
        one.only("filterType", "property", "operation")
        one.need("filterType").one_of("PROPERTY")
        property = one.need("property")
        if property.text() == TIME:
            if window is not None:
                raise Impossible("The event has two windows.", one.path)
            operation = one.need("operation")
            if text_at(operation, "operator") == "IS_NOT_BETWEEN":
                raise Impossible("Outside of a window of time an event has no spelling here.", operation.path)
            window = window_of(operation, notes)
            continue
        name = known_property(world.names, event, property.text(), property.path)
        subject = Subject(name, event_type(world.names, event, name))
        tests.append(tested(one.need("operation"), subject, notes))  # type: ignore[arg-type]
    denied = node.need("operator").one_of("HAS_COMPLETED", "HAS_NOT_COMPLETED") == "HAS_NOT_COMPLETED"
    return _happened(node, event, denied, window, phrases.all_tests(tests) if tests else None)


def _happened(node: Node, event: str, denied: bool, window: ast.Window | None, where: phrases.Where | None) -> ast.Rule:
    if (pruned := node.get("pruningRefineBy")) is not None:
        raise Impossible("Times beside those of the event's own properties are not read.", pruned.path)
    refined = node.get("coalescingRefineBy")
    if refined is None:
        return phrases.never(event, window, where) if denied else phrases.happened(event, window, where)
    refined.only("type", "minOccurrences", "maxOccurrences")
    refined.need("type").one_of("NUM_OCCURRENCES", "NumOccurrences")
    low, high = refined.get("minOccurrences"), refined.get("maxOccurrences")
    parts = [] if low is None else [phrases.counted(event, ">=", low.number(), window, where)]
    parts += [] if high is None else [phrases.counted(event, "<=", high.number(), window, where)]
    if not parts:
        raise Impossible("It says no number of times.", refined.path)
    return phrases.unless(denied, phrases.every(parts))
