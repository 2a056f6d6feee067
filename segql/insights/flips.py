"""The smallest change that flips membership: the fewest conditions that would have to be otherwise.

Conditions count as free of each other, but for what the optimiser knows: a set that cannot be, such as being below 18
and above 65, is none. The same condition at two places is one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import TypeAlias

from .. import ast, optimizer
from ..conditions import (
    All,
    AnyOf,
    Condition,
    InSegment,
    MeasureComparison,
    Not,
    Occurs,
    Random,
    Tree,
)
from ..describer.measures import kind_of
from ..describer.values import instant
from ..evaluator.measures import measure, occurrences
from ..formatter.layout import flat
from .model import Change
from .nodes import Group, Leaf, Node, leaves
from .parts import Judge
from .words import cell

MOST_SETS = 20_000
"""So many sets of conditions are tried."""

MOST_PROOFS = 50
"""For so many of them the optimiser is asked whether they can be."""

FEW = 3
"""So many sets of the same size are said, the nearest first."""

Truth: TypeAlias = Mapping[Tree[Condition], bool]


def flips(node: Node, judge: Judge) -> tuple[tuple[Change, ...], ...]:
    """The smallest sets, the first few of equal size."""
    by_bound = {leaf.bound: leaf for leaf in leaves(node)}
    truth = {bound: judge.leaf(leaf) for bound, leaf in by_bound.items()}
    now = _holds(node, truth)
    free = [bound for bound, leaf in by_bound.items() if not _fixed(leaf)]
    tried, proofs = 0, 0
    for size in range(1, len(free) + 1):
        tried += comb(len(free), size)
        if tried > MOST_SETS:
            break
        found: list[tuple[Tree[Condition], ...]] = []
        for chosen in combinations(free, size):
            other = {**truth, **{bound: not truth[bound] for bound in chosen}}
            if _holds(node, other) == now or proofs >= MOST_PROOFS:
                continue
            proofs += 1
            if _can_be(other):
                found.append(chosen)
        if found:
            found.sort(key=lambda chosen: sum(_effort(by_bound[b], not truth[b], judge) for b in chosen))
            return tuple(tuple(_change(by_bound[b], not truth[b], judge) for b in one) for one in found[:FEW])
    # Too many to try: the fewest, part by part.
    least = _fewest(node, truth, not now, set(free))
    other = {**truth, **{bound: not truth[bound] for bound in least or ()}}
    if not least or _holds(node, other) == now or not _can_be(other):
        return ()
    return (tuple(_change(by_bound[b], not truth[b], judge) for b in by_bound if b in least),)


def _fewest(
    node: Node, truth: Truth, wanted: bool, free: Collection[Tree[Condition]]
) -> frozenset[Tree[Condition]] | None:
    """The fewest conditions that make the node so, if each stood at one place only; None where nothing does."""
    match node:
        case Leaf(bound=bound):
            return frozenset() if truth[bound] == wanted else frozenset([bound]) if bound in free else None
        case Group(kind="not", parts=(part,)):
            return _fewest(part, truth, not wanted, free)
        case Group(kind=kind, parts=parts):
            ways = [_fewest(part, truth, wanted, free) for part in parts]
            known = [way for way in ways if way is not None]
            if (kind == "any") == wanted:
                return min(known, key=len, default=None)
            return frozenset().union(*known) if len(known) == len(ways) else None


def _holds(node: Node, truth: Truth) -> bool:
    match node:
        case Leaf(bound=bound):
            return truth[bound]
        case Group(kind="not", parts=(part,)):
            return not _holds(part, truth)
        case Group(kind="any", parts=parts):
            return any(_holds(part, truth) for part in parts)
        case Group(parts=parts):
            return all(_holds(part, truth) for part in parts)


def _fixed(leaf: Leaf) -> bool:
    """Whether nothing that a profile does changes it: everyone and no one, chance."""
    return leaf.phrase is None or isinstance(leaf.bound, Random)


def _can_be(truth: Truth) -> bool:
    """Whether the conditions can be so all at once, as far as the optimiser knows."""
    every: list[Tree[Condition]] = [
        bound if holds else Not(bound) for bound, holds in truth.items() if not isinstance(bound, InSegment)
    ]
    return optimizer.optimize(All(tuple(every))) != AnyOf(())


# --- in words --------------------------------------------------------------------------------------------------------


def _change(leaf: Leaf, becomes: bool, judge: Judge) -> Change:
    says = _more_or_fewer(leaf, becomes, judge) or f"`{leaf.text}` {'holds' if becomes else 'does not hold'}"
    if leaf.at is not None:
        says += f", as of {instant(leaf.at, judge.clock)}"
    return Change(leaf.text, becomes, says)


def _effort(leaf: Leaf, becomes: bool, judge: Judge) -> int:
    """How far it is: in events where that is a number; and what is past is furthest."""
    bound, far = leaf.bound, 0 if leaf.at is None else 1_000_000
    if isinstance(bound, Not):
        bound, becomes = bound.part, not becomes
    if not isinstance(bound, Occurs):
        return far + 1
    count = len(occurrences(bound.of, judge.profile))
    return far + abs(_target(count, bound.at_least, bound.at_most, becomes) - count)


def _more_or_fewer(leaf: Leaf, becomes: bool, judge: Judge) -> str:
    """What it takes, where that is a number: `one more clicked sms in 72h`, `$12.50 more`."""
    bound = leaf.bound
    if isinstance(bound, Not):
        bound, becomes = bound.part, not becomes
    match bound, leaf.phrase:
        case Occurs(of=of, at_least=least, at_most=most), ast.Subject(head=ast.Name() | ast.Either()) as phrase:
            if phrase.has is not None or not isinstance(phrase.comparison, ast.InName | None):
                return ""  # (`clicked sms in hot` has a window by its name)
            count = len(occurrences(of, judge.profile))
            what = flat(replace(phrase, quantity=None))
            return _so_many(count, _target(count, least, most, becomes), what)
        case MeasureComparison(right=Decimal() as right), _:
            return _so_much(bound, right, becomes, leaf.text, judge)
        case _:
            return ""


def _target(count: int, least: int, most: int | None, becomes: bool) -> int:
    """The nearest number that is within bounds, or is not."""
    if becomes:
        return least if count < least else most if most is not None and count > most else count
    below, above = least - 1, None if most is None else most + 1
    if below < 0 or (above is not None and above - count < count - below):
        return above if above is not None else count
    return below


def _so_many(count: int, target: int, what: str) -> str:
    if target > count:
        return f"{'one' if target - count == 1 else f'{target - count:,}'} more `{what}`"
    if target == 0:
        return f"no `{what}`"
    return f"{'one' if count - target == 1 else f'{count - target:,}'} fewer `{what}`" if target < count else ""


def _so_much(condition: MeasureComparison, right: Decimal, becomes: bool, text: str, judge: Judge) -> str:
    left = measure(condition.left, judge.profile, exact=True)
    if not isinstance(left, Fraction):
        return ""
    gap = Fraction(right * condition.factor) - left
    if gap == 0:
        return ""
    said = f"{cell(abs(gap), kind_of(condition.left), judge.clock)} {'more' if gap > 0 else 'less'}"
    exactly = condition.op == "=" or (condition.op in (">=", "<=")) == becomes
    words = said if exactly else f"more than {said}"
    return f"`{text}` {'holds' if becomes else 'does not hold'} ({words})"
