"""Owns the rewriting of a bound rule into an equal, simpler one. Knows neither catalog nor dialect.

Each rule in `RULES` turns one node into an equal one; they run over the whole tree, also inside `where`, `has` and
items, until nothing changes. Equal means: the same members for every shop, by the two-valued meaning of
`conditions`, in which a missing value fits no comparison (so `not (x > 5)` is not `x <= 5`).
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from operator import is_
from typing import TypeAlias, cast

from .. import conditions as c
from ..conditions import All, AnyOf, Condition, Tree
from ..conditions.implication import implies
from ..conditions.memory import Memory
from ..conditions.walk import Node, Rewrite, mapped, size, with_parts
from ..errors import Problem
from .leaf import count_occurrences, loosen_edges, name_single, settle_empty
from .merging import filter_choices, merge_choices, merge_counts, merge_windows
from .redundancy import find
from .structure import (
    absorb_constants,
    drop_duplicates,
    drop_implied,
    factor,
    flatten,
    push_not,
    settle_contradictions,
    unfold_segments,
    use_known,
)

RULES: tuple[Rewrite, ...] = (
    unfold_segments,
    push_not,
    flatten,
    count_occurrences,
    loosen_edges,
    settle_empty,
    absorb_constants,
    name_single,
    drop_duplicates,
    merge_counts,
    merge_windows,
    merge_choices,
    filter_choices,
    settle_contradictions,
    drop_implied,
    use_known,
    factor,
)

_OF_GROUPS: tuple[Rewrite, ...] = (
    flatten, absorb_constants, drop_duplicates, merge_counts, merge_windows, merge_choices, filter_choices,
    settle_contradictions, drop_implied, use_known, factor,
)  # fmt: skip
"""The rules about `and` and `or`; the others leave these alone."""
_OF_ONE_KIND: dict[Rewrite, type] = {
    unfold_segments: c.InSegment,
    push_not: c.Not,
    count_occurrences: c.MeasureComparison,
    loosen_edges: c.EdgeOccurrence,
    name_single: c.FieldIn,
}
"""The rules about one kind of node; they leave all others alone."""

ROUNDS = 20
"""Rules shrink a tree, so that a few rounds do; the limit only makes the end certain."""
LARGE = 300
"""A rule with more leaves gets three rounds."""


def optimize(rule: Tree[Condition]) -> Tree[Condition]:
    """The simplest equal rule that `RULES` reach."""
    found = steps(rule)
    return found[-1][1] if found else rule


def steps(rule: Tree[Condition]) -> list[tuple[str, Tree[Condition]]]:
    """Each rewrite that changed something, in words, and the rule after it."""
    small = size(rule) <= LARGE
    done: Done = {}
    found: list[tuple[str, Tree[Condition]]] = []
    asked = len(RULES)
    with Memory():
        for _ in range(ROUNDS if small else 3):
            # Where nothing is left to do one walk finds it, instead of one for each rule.
            if small and _finished(rule, done, asked):
                break
            asked = 0
            for place, rewrite in enumerate(RULES):
                after = cast("Tree[Condition]", everywhere(rewrite, rule, done))
                if after is not rule:
                    rule = after
                    found.append((rewrite.__name__.replace("_", " "), rule))
                    asked = place + 1  # those after it have looked at what is there now
            if not asked:
                break
    return found


Done: TypeAlias = dict[int, Node]
"""Nodes that no rule changes any more, by their identity."""


def everywhere(rewrite: Rewrite, node: Node, done: Done | None = None) -> Node:
    """The rewrite applied to every node but what is done, parts before wholes, also inside `where`, `has` and items.

    Gives back the very same object where nothing changed.
    """
    settled: Container[int] = done or ()
    if id(node) in settled:
        return node
    # The hottest loop of the optimiser: comparing types is several times quicker than matching patterns.
    kind = type(node)
    if kind is All or kind is AnyOf:
        parts = node.parts  # type: ignore[union-attr]
        after = [part if id(part) in settled else everywhere(rewrite, part, done) for part in parts]
        if not all(map(is_, parts, after)):
            node = with_parts(node, tuple(after))  # type: ignore[arg-type]
    else:
        node = mapped(lambda inner: everywhere(rewrite, inner, done), node)
    return rewrite(node)


def _finished(node: Node, done: Done, asked: int) -> bool:
    """Whether none of the first rules, so many of them, changes anything; what none changes is done."""
    if id(node) in done:
        return True
    open_: list[Node] = []

    def look(part: Node) -> Node:
        if not _finished(part, done, asked):
            open_.append(part)
        return part

    kind = type(node)
    if kind is All or kind is AnyOf:
        for part in node.parts:  # type: ignore[union-attr]
            look(part)
    else:
        mapped(look, node)
    concerned: tuple[Rewrite, ...] = _concerned(kind, asked)  # type: ignore[arg-type]  # a class of ours can be hashed
    if open_ or any(rewrite(node) is not node for rewrite in concerned):
        return False
    done[id(node)] = node
    return True


@cache
def _concerned(kind: type, asked: int) -> tuple[Rewrite, ...]:
    """Those of the first rules that may change a node of a kind."""
    if kind is All or kind is AnyOf:
        return tuple([one for one in RULES[:asked] if one in _OF_GROUPS])
    return tuple([one for one in RULES[:asked] if one not in _OF_GROUPS and _OF_ONE_KIND.get(one, kind) is kind])


def _all_rules(node: Node) -> Node:
    for rewrite in RULES:
        node = rewrite(node)
    return node


def warnings(rule: Tree[Condition]) -> list[Problem]:
    """A rule that can never match or always matches, and every part that changes nothing, by its span."""
    simplify = cast("Rewrite", optimize)
    # In a large rule a group is looked at once, when its parts are done; in a small one as closely as can be.
    return find(rule, simplify, simplify if size(rule) <= LARGE else _all_rules)


__all__ = ["RULES", "implies", "optimize", "steps", "warnings"]
