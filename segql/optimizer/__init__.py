"""Owns the rewriting of a bound rule into an equal, simpler one. Knows neither catalog nor dialect.

Each rule in `RULES` turns one node into an equal one; they run over the whole tree, also inside `where`, `has` and
items, until nothing changes. Equal means: the same members for every shop, by the two-valued meaning of
`conditions`, in which a missing value fits no comparison (so `not (x > 5)` is not `x <= 5`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import TypeAlias, cast

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
_OF_OTHERS = tuple([rewrite for rewrite in RULES if rewrite not in _OF_GROUPS])

ROUNDS = 20
"""Rules shrink a tree, so that a few rounds do; the limit only makes the end certain."""
LARGE = 300
"""A rule with more leaves gets three rounds."""


def optimize(rule: Tree[Condition]) -> Tree[Condition]:
    """The simplest equal rule that `RULES` reach."""
    return deque(chain((rule,), (after for _, after in steps(rule))), maxlen=1)[0]


def steps(rule: Tree[Condition]) -> Iterator[tuple[str, Tree[Condition]]]:
    """Each rewrite that changed something, in words, and the rule after it."""
    small = size(rule) <= LARGE
    done: Done = {}
    memory = Memory()
    for _ in range(ROUNDS if small else 3):
        # Where nothing is left to do one walk finds it, instead of one for each rule.
        if small:
            with memory:
                if _finished(rule, done):
                    return
        before = rule
        for rewrite in RULES:
            with memory:
                after = cast("Tree[Condition]", everywhere(rewrite, rule, done))
            if after is not rule:
                rule = after
                yield rewrite.__name__.replace("_", " "), rule
        if rule is before:
            return


Done: TypeAlias = dict[int, Node]
"""Nodes that no rule changes any more, by their identity."""


def everywhere(rewrite: Rewrite, node: Node, done: Done | None = None) -> Node:
    """The rewrite applied to every node but what is done, parts before wholes, also inside `where`, `has` and items.

    Gives back the very same object where nothing changed.
    """
    if done and id(node) in done:
        return node
    # The hottest loop of the optimiser: comparing types is several times quicker than matching patterns.
    kind = type(node)
    if kind is All or kind is AnyOf:
        parts = node.parts  # type: ignore[union-attr]
        node = with_parts(node, tuple([everywhere(rewrite, part, done) for part in parts])) if parts else node  # type: ignore[arg-type]
    else:
        node = mapped(lambda inner: everywhere(rewrite, inner, done), node)
    return rewrite(node)


def _finished(rule: Node, done: Done) -> bool:
    """Whether no rule changes anything; what none changes is done."""

    def changed(node: Node) -> Node:
        for rewrite in _OF_GROUPS if type(node) in (All, AnyOf) else _OF_OTHERS:
            if (after := rewrite(node)) is not node:
                return after
        done[id(node)] = node
        return node

    return everywhere(changed, rule, done) is rule


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
