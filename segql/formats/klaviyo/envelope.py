"""The segments of a document: a segment as the API gives it, a list of them, or a definition alone."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from ...plain import dataclass
from ...source import Source
from ..core.documents import Node, read_json, wrong
from ..core.report import Impossible
from ..core.trees import unique


@dataclass(frozen=True, slots=True)
class Found:
    """A segment of the document: its name here, its id there, its definition or what is wrong with it."""

    name: str
    id: str
    path: str
    definition: Node | Impossible

    @property
    def was(self) -> str:
        """Its definition as text, a condition to a line."""
        if isinstance(self.definition, Impossible):
            return ""
        groups = self.definition.value.get("condition_groups")
        if not isinstance(groups, list) or not all(
            isinstance(group, dict) and isinstance(group.get("conditions"), list) for group in groups
        ):
            return _json(self.definition.value)
        lines = [
            f"{'or' if place else 'and' if number else '   '} {_json(one)}"
            for number, group in enumerate(groups) for place, one in enumerate(group["conditions"])
        ]  # fmt: skip
        return "\n".join(lines)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=float)


def segments_of(document: Source) -> list[Found]:
    """The segments of a document. Raises SegQLError for what holds none."""
    root = read_json(document)
    data = root.get("data") or root
    if isinstance(data.value, dict) and not {"attributes", "definition", *_GROUPS}.intersection(data.value):
        help = "a segment is `{data: {type: segment, attributes: {name, definition}}}`"
        raise wrong(document, "This is no segment of Klaviyo, and no list of them.", 0, help)
    if not isinstance(data.value, dict | list):
        raise wrong(document, "This is no segment of Klaviyo, and no list of them.")
    nodes = list(data.items()) if isinstance(data.value, list) else [data]
    names = unique(_name(node) for node in nodes)
    return [Found(name, _id(node), node.path, _definition(node)) for name, node in zip(names, nodes, strict=True)]


_GROUPS = ("condition_groups", "conditionGroups")


def _name(node: Node) -> str:
    name = (node.get("attributes") or node).get("name")
    return name.value if name is not None and isinstance(name.value, str) else ""


def _id(node: Node) -> str:
    id = node.get("id")
    return id.value if id is not None and isinstance(id.value, str) else ""


def _definition(node: Node) -> Node | Impossible:
    if (type := node.get("type")) is not None and type.value != "segment":
        return Impossible("This is no segment.", type.path)
    attributes = node.get("attributes") or node
    found = attributes.get("definition") or attributes
    if not isinstance(found.value, dict) or not set(_GROUPS).intersection(found.value):
        return Impossible("The segment has no `definition` with `condition_groups`.", found.path)
    return Node(_snake(found.value), found.path)


def _snake(value: Any) -> Any:
    """Keys as the API has them, where another tool spelled them `conditionGroups`."""
    if isinstance(value, list):
        return [_snake(one) for one in value]
    if not isinstance(value, dict):
        return value
    spelled = {key: re.sub(r"(?<=[a-z])[A-Z]", lambda c: f"_{c[0].lower()}", key) for key in value}
    counts = Counter(spelled.values())
    return {spelled[key] if counts[spelled[key]] == 1 else key: _snake(one) for key, one in value.items()}
