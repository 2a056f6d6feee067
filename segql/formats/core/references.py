"""Which segments a rule names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from ... import ast
from ...catalog.names import fold


def references(node: Any) -> Iterator[str]:
    """The names of the segments that a tree refers to, folded."""
    if isinstance(node, ast.SegmentRef):
        yield fold(node.name.text)
    if isinstance(node, tuple):
        for part in node:
            yield from references(part)
    elif is_dataclass(node):
        for field in fields(node):
            if field.name not in ("span", "comments"):
                yield from references(getattr(node, field.name))
