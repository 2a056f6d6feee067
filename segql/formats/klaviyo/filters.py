"""Klaviyo's filters as comparisons: of a profile's property, and of an event's (`metric_filters`)."""

from __future__ import annotations

from ... import ast
from ..core.documents import Node
from ..core.names import Names
from ..core.report import Impossible, Notes

NUMERIC: dict[str, ast.Op] = {
    "equals": "=", "not-equals": "!=", "greater-than": ">", "greater-than-or-equal": ">=", "less-than": "<",
    "less-than-or-equal": "<=",
}  # fmt: skip


def filters(node: Node | None, event: str, names: Names, notes: Notes) -> ast.Tree[ast.Subject | ast.Items] | None:
    """What `metric_filters` ask of an event's own properties, all of it; None where they ask nothing."""
    if node is None or not list(node.items()):
        return None
    raise Impossible("Filters of metrics are not read yet.", node.path)
