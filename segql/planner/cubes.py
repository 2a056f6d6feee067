"""Rules over numbered bits as disjoint cubes: bits that must be set and bits that must not, each a few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ..ast import All, AnyOf, Not, Tree
from ..conditions.walk import leaves

Cube: TypeAlias = tuple[int, int]
"""`care`: the bits that are looked at, as one number, and `want`: those of them that must be set."""

MOST = 8
"""Of a rule with more cubes its tree is asked, once for each profile."""
_STEPS = 64


class _TooMany(Exception):
    pass


def cubes(rule: Tree[int]) -> tuple[Cube, ...] | None:
    """Disjoint cubes that hold together where the rule does; None where they would be many."""
    steps = iter(range(_STEPS))
    found: list[Cube] = []

    def split(tree: Tree[int] | bool, care: int, want: int) -> None:
        if next(steps, None) is None or len(found) > MOST:
            raise _TooMany
        if tree is True:
            found.append((care, want))
        elif tree is not False:
            bit = next(_leaves(tree))
            for value in (True, False):
                split(_given(tree, bit, value), care | 1 << bit, want | value << bit)

    try:
        split(_given(rule, -1, True), 0, 0)
    except _TooMany:
        return None
    return tuple(found) if len(found) <= MOST else None


def _leaves(tree: Tree[int]) -> Iterator[int]:
    return leaves(tree)


def _given(tree: Tree[int], bit: int, value: bool) -> Tree[int] | bool:
    """What is left to ask of the rule, where the bit is known."""
    match tree:
        case Not(part):
            inner = _given(part, bit, value)
            return (not inner) if isinstance(inner, bool) else Not(inner)
        case All(parts) | AnyOf(parts):
            decides = isinstance(tree, AnyOf)
            left: list[Tree[int]] = []
            for part in parts:
                inner = _given(part, bit, value)
                if inner is decides:
                    return decides
                if not isinstance(inner, bool):
                    left.append(inner)
            if not left:
                return not decides
            return left[0] if len(left) == 1 else AnyOf(tuple(left)) if decides else All(tuple(left))
        case _:
            return value if tree == bit else tree
