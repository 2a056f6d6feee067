"""The smallest change that flips membership: the fewest conditions that would have to be otherwise.

Conditions count as free of each other, but for what the optimiser knows: a set that cannot be, such as being below 18
and above 65, is none. The same condition at two places is one.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations
from math import comb

from ... import conditions as c
from ... import optimizer
from .changes import change, effort
from .model import Change
from .outline import Group, Line, Outline, Truth, holds, leaves
from .parts import ProfileJudge

MOST_SETS = 20_000
"""So many sets of conditions are tried."""

MOST_PROOFS = 50
"""For so many of them the optimiser is asked whether they can be."""

FEW = 3
"""So many sets of the same size are said, the nearest first."""


def flips(node: Outline, judge: ProfileJudge) -> tuple[tuple[Change, ...], ...]:
    """The smallest sets, the first few of equal size."""
    by_bound = {leaf.bound: leaf for leaf in leaves(node)}
    truth = {bound: judge.leaf(leaf) for bound, leaf in by_bound.items()}
    now = holds(node, truth)
    free = [bound for bound, leaf in by_bound.items() if not _fixed(leaf)]

    def said(chosen: tuple[c.Tree[c.Condition], ...]) -> tuple[Change, ...]:
        other = {**truth, **{bound: not truth[bound] for bound in chosen}}
        drawn = [leaf for leaf in by_bound.values() if judge.is_open(leaf)]
        # Whom a sample would keep is open until they are members.
        drawn = [leaf for leaf in drawn if holds(node, {**other, leaf.bound: False}) == now]
        luck = [Change(leaf.text, True, f"being drawn in `{leaf.text}`") for leaf in drawn]
        return (*(change(by_bound[bound], not truth[bound], judge) for bound in chosen), *luck)

    tried, proofs = 0, 0
    for size in range(1, len(free) + 1):
        tried += comb(len(free), size)
        if tried > MOST_SETS:
            break
        found: list[tuple[c.Tree[c.Condition], ...]] = []
        for chosen in combinations(free, size):
            other = {**truth, **{bound: not truth[bound] for bound in chosen}}
            if holds(node, other) == now or proofs >= MOST_PROOFS:
                continue
            proofs += 1
            if _can_be(other):
                found.append(chosen)
        if found:
            found.sort(key=lambda chosen: sum(effort(by_bound[b], not truth[b], judge) for b in chosen))
            return tuple(said(one) for one in found[:FEW])
    # Too many to try: the fewest, part by part.
    least = _fewest(node, truth, not now, set(free))
    other = {**truth, **{bound: not truth[bound] for bound in least or ()}}
    if not least or holds(node, other) == now or not _can_be(other):
        return ()
    return (said(tuple(b for b in by_bound if b in least)),)


def _fewest(
    node: Outline, truth: Truth, wanted: bool, free: Collection[c.Tree[c.Condition]]
) -> frozenset[c.Tree[c.Condition]] | None:
    """The fewest conditions that make the node so, if each stood at one place only; None where nothing does."""
    match node:
        case Line(bound=bound):
            return frozenset() if truth[bound] == wanted else frozenset([bound]) if bound in free else None
        case Group(kind="not", parts=(part,)):
            return _fewest(part, truth, not wanted, free)
        case Group(kind=kind, parts=parts):
            ways = [_fewest(part, truth, wanted, free) for part in parts]
            known = [way for way in ways if way is not None]
            if (kind == "any") == wanted:
                return min(known, key=len, default=None)
            return frozenset().union(*known) if len(known) == len(ways) else None


def _fixed(leaf: Line) -> bool:
    """Whether nothing that a profile does changes it: everyone and no one, chance."""
    return leaf.phrase is None or isinstance(leaf.bound, c.Random)


def _can_be(truth: Truth) -> bool:
    """Whether the conditions can be so all at once, as far as the optimiser knows."""
    every: list[c.Tree[c.Condition]] = [
        bound if holds else c.Not(bound) for bound, holds in truth.items() if not isinstance(bound, c.InSegment)
    ]
    return optimizer.optimize(c.All(tuple(every))) != c.AnyOf(())
