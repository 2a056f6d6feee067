"""Rules as PostHog's cohorts: groups in which all of some conditions hold, or any of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeAlias

from ... import ast
from ..core.normal import groups, pushed, turned
from ..core.report import Exported, Finding, Impossible, Notes, Setting
from ..core.words import place_of
from ..core.writing import Writer, group_id
from . import events, persons
from .words import Words, leaf, unless

Tree: TypeAlias = Any
Json: TypeAlias = dict[str, Any]
DENIED = (
    "PostHog's form takes what does not hold only where all conditions of a group have to, beside one that holds: "
    "say who it is about, too, as in `placed order in 90d and ..`."
)


def write(segment: ast.Segment, setting: Setting) -> Exported:
    """A segment as the body of `POST /api/projects/ID/cohorts`; no document where something in it is impossible."""
    name = segment.name.text
    writer = Writer(segment, setting, partial(_written, setting))
    properties: Json = {}
    try:
        if segment.sample is not None:
            raise Impossible("A cohort has no place for `sample`.", place_of(segment.sample))
        tree = pushed(segment.rule, writer.leaf)
        if not writer.lost:
            properties = _arranged(tree)
    except Impossible as error:
        writer.findings.append(Finding(error.path or place_of(segment), "segment", "impossible", error.said))
    findings = tuple(writer.findings)
    if writer.lost:
        return Exported(name, None, findings)
    return Exported(name, {"name": name, "filters": {"properties": properties}}, findings)


def _arranged(tree: Tree) -> Json:
    """All of some groups, or else any of some: as the form can show them. Raises Impossible."""
    every = groups(tree)
    if not every:
        raise Impossible("Everyone is no cohort there: it has a condition.")
    if () in every:
        raise Impossible("No one is no cohort there: each group has a condition.")
    alone = [group[0] for group in every if len(group) == 1]
    several = [group for group in every if len(group) > 1]
    if _shown(alone) and not any(one.get("negation") for group in several for one in group):
        return _group("AND", [_group("AND", alone)] * bool(alone) + [_group("OR", group) for group in several])
    any_ = groups(turned(tree))
    if not all(map(_shown, any_)):
        raise Impossible(DENIED)
    return _group("OR", [_group("AND", group) for group in any_])


def _shown(group: Any) -> bool:
    """Whether the form takes these conditions, all of which hold."""
    return not group or not all(one.get("negation") for one in group)


def _group(type: str, values: Any) -> Json:
    return {"type": type, "values": list(values)}


def _written(
    setting: Setting, node: ast.Phrase, values: Mapping[str, ast.Literal_], notes: Notes, positive: bool
) -> tuple[Tree, str]:
    """The conditions of a phrase, and the vendor's name for their kind. Raises Impossible."""
    words = Words(setting, values, notes)
    match node:
        case ast.Subject():
            return _subject(node, words, positive)
        case ast.Sequence():
            return events.sequence(node, words, positive), "performed_event_sequence"
        case ast.InList() if node.window is None and not node.joined:
            return _cohort(node.name.text, "lists", words, positive), "cohort"
        case ast.InSegment("in", segment) if not segment.arguments:
            return _cohort(segment.name.text, "segments", words, positive), "cohort"
        case ast.InList():
            raise words.no_form("since when somebody is in a list")
        case ast.InSegment():
            raise words.no_form("segments at other times")
        case ast.CanReceive():
            raise words.no_form("consent: keep it as a property of the person")
        case ast.Near():
            raise words.no_form("a distance")
        case ast.Rank():
            raise words.no_form("a rank: it may be a property there, which is filled from here")
        case ast.Random():
            raise words.no_form("a random share: feature flags alone have one")
        case _:
            raise words.no_form("this condition")


def _subject(node: ast.Subject, words: Words, positive: bool) -> tuple[Tree, str]:
    head, catalog = node.head, words.setting.catalog
    if isinstance(head, ast.Either):
        return events.happened(node, words, positive), "performed_event"
    if isinstance(head, ast.Name):
        if words.event(head) is not None:
            return events.happened(node, words, positive), events.kind_of(node)
        if catalog.find_property(head.text) is not None:
            return persons.tested(node, head.text, words, positive), "person"
        if (metric := catalog.find_metric(head.text)) is not None:
            return events.metric(node, metric, words, positive), "performed_event_multiple"
        word, _, rest = head.text.partition(" ")
        if word.lower() in ("first", "last") and (event := catalog.find_event(rest)) is not None:
            return events.edge(node, word.lower(), event, words, positive), "performed_event_first_time"
        of, _, rest = head.text.partition(" of ")
        if of.lower() == "number" and (event := catalog.find_event(rest)) is not None:
            return events.number_of(node, event, words, positive), "performed_event_multiple"
    if isinstance(head, ast.Aggregate):
        raise words.no_form(f"`{head.kind}`: a number of times is all that is measured there")
    raise words.no_form("this condition")


def _cohort(name: str, kind: str, words: Words, positive: bool) -> Json:
    id = group_id(name, kind, words.setting)
    if id is None:
        said = f"Nobody said which cohort `{name}` is: give --names with `{kind}: {{ID: {name}}}`."
        raise Impossible(said)
    return unless(not positive, leaf("cohort", key="id", value=int(id) if id.isdecimal() else id))
