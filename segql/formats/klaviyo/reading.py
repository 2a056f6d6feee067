"""Klaviyo's definitions as rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ... import ast
from ...plain import dataclass
from ...source import Source
from ..core.documents import Node
from ..core.names import Names
from ..core.report import Finding, Imported, Impossible, Notes, condition
from ..core.trees import all_of, any_of
from .consent import consent, permissions
from .envelope import Found, segments_of
from .funnels import funnel
from .metrics import custom_object, metric
from .profiles import distance, group, prediction, property_test, region


@dataclass(frozen=True, slots=True)
class World:
    """What a condition is read with: the names, and the segments of the same document by their ids."""

    names: Names
    segments: Mapping[str, str]


READERS: Mapping[str, Callable[[Node, World, Notes], ast.Rule]] = {
    "profile-metric": lambda node, world, notes: metric(node, world.names, notes),
    "profile-metric-funnel": lambda node, world, notes: funnel(node, world.names, notes),
    "profile-property": lambda node, world, notes: property_test(node, world.names, notes),
    "profile-marketing-consent": lambda node, world, notes: consent(node, world.names, notes),
    "profile-permissions": lambda node, world, notes: permissions(node, world.names, notes),
    "profile-group-membership": lambda node, world, notes: group(node, world.names, world.segments, notes),
    "profile-region": lambda node, world, notes: region(node, world.names, notes),
    "profile-postal-code-distance": lambda node, world, notes: distance(node, world.names, notes),
    "profile-predictive-analytics": lambda node, world, notes: prediction(node, world.names, notes),
    "profile-has-custom-object": lambda node, world, notes: custom_object(node, world.names, notes),
}
"""How each type of condition is read: by its node and the world; notes where it is only near."""


def read(document: Source, names: Names) -> Iterator[Imported]:
    """The segments of a document, one after the other. Raises SegQLError for what is no such document."""
    found = segments_of(document)
    world = World(names, {one.id: one.name for one in found if one.id})
    for one in found:
        yield _segment(one, world)


def _segment(one: Found, world: World) -> Imported:
    findings: list[Finding] = []
    groups: list[ast.Rule] = []
    lost = False
    try:
        if isinstance(one.definition, Impossible):
            raise one.definition
        one.definition.only("condition_groups")
        for group in one.definition.need("condition_groups").items():
            group.only("conditions")
            parts: list[ast.Rule] = []
            for node in group.need("conditions").items():
                done = condition(node.path, _kind(node), partial(_condition, node, world), world.names.catalog)
                findings.append(done.finding)
                if done.rule is None:
                    lost = True
                else:
                    parts.append(done.rule)
            if not parts and not lost:
                raise Impossible("The group has no conditions.", group.path)
            groups.append(any_of(parts))
        if not groups:
            raise Impossible("The definition has no groups.", one.definition.path)
    except Impossible as error:
        lost = True
        findings.append(Finding(error.path or one.path, "segment", "impossible", error.said))
    rule = None if lost else all_of(groups)
    return Imported(one.name, rule, tuple(findings), one.path, was=one.was)


def _kind(node: Node) -> str:
    found = node.get("type")
    return found.value[:80] if found is not None and isinstance(found.value, str) else "condition"


def _condition(node: Node, world: World, notes: Notes) -> ast.Rule:
    type = node.need("type")
    if type.text() not in READERS:
        raise Impossible(f"This type is not known to this revision: `{type.text()[:80]}`.", type.path)
    return READERS[type.text()](node, world, notes)
