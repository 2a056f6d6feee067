"""What may stand where: behind `where` properties and items, in a rule conditions on profiles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...ast import All, AnyOf, Items, Not, Subject
from ..checks import fail


def of_a_row(tree: Any) -> Any:
    """The tree, if each part of it can be said of an event or an item."""
    for part in _parts(tree):
        if not isinstance(part, Subject | Items):
            fail(
                "misplaced",
                "Here stand properties of the event or its items, no conditions on the profile.",
                part.span,
                "Join the condition to the whole with `and`.",
            )
    return tree


def of_a_profile(tree: Any) -> Any:
    """The tree, if each part of it can be said of a profile."""
    for part in _parts(tree):
        if isinstance(part, Items):
            fail(
                "misplaced", "Items belong to an event, and no event stands here.", part.span,
                f"Put the event before them: .. where {part.span.text}",
            )  # fmt: skip
    return tree


def _parts(tree: Any) -> Iterator[Any]:
    """Without recursion: the tree may nest deeper than Python's stack."""
    waiting = [tree]
    while waiting:
        match waiting.pop():
            case All(parts) | AnyOf(parts):
                waiting.extend(reversed(parts))
            case Not(part):
                waiting.append(part)
            case part:
                yield part
