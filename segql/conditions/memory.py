"""What is asked about the same nodes again and again, found out once: `with Memory(): ..`. It ends with what it is for.

Nodes are told apart by identity, which is quicker than to compare them, and a rewrite that changes nothing gives back
the very same node.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, Token
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
Found = TypeVar("Found")


class Memory:
    """What is known of nodes. It keeps them alive, so that no other node gets their identity."""

    def __init__(self) -> None:
        self.known: dict[tuple[object, ...], tuple[Any, Any]] = {}

    def __enter__(self) -> None:
        self.outer: Token[Memory | None] = _MEMORY.set(self)

    def __exit__(self, *_: object) -> None:
        _MEMORY.reset(self.outer)


_MEMORY: ContextVar[Memory | None] = ContextVar("memory", default=None)


def remembered(judge: Callable[P, Found]) -> Callable[P, Found]:
    """A pure function of one node or two, which is asked once about the same ones while there is a memory."""
    asked: Callable[..., Found] = judge

    # The hottest places of the optimiser: no arguments are gathered that need not be.
    def of_one(node: Any) -> Found:
        if (memory := _MEMORY.get()) is None:
            return asked(node)
        key = (asked, id(node))
        if (known := memory.known.get(key)) is None:
            known = memory.known[key] = asked(node), node
        found: Found = known[0]
        return found

    def of_two(one: Any, other: Any) -> Found:
        if (memory := _MEMORY.get()) is None:
            return asked(one, other)
        key = (asked, id(one), id(other))
        if (known := memory.known.get(key)) is None:
            known = memory.known[key] = asked(one, other), (one, other)
        found: Found = known[0]
        return found

    judged = of_one if judge.__code__.co_argcount == 1 else of_two
    return cast("Callable[P, Found]", wraps(judge)(judged))
