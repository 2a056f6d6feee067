"""Rewriting in every corner of a tree: a rule's parts, and the trees that its leaves hold."""

from __future__ import annotations

from dataclasses import replace
from operator import is_
from typing import assert_never

from ..conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Count,
    DaysBetween,
    DaysSince,
    EdgeOccurrence,
    Field,
    InSegment,
    InSequence,
    ItemCount,
    Measure,
    MeasureComparison,
    MostCommon,
    Not,
    NotFollowed,
    Occurrences,
    Occurs,
    OnDifferent,
    Population,
    Rank,
    Ratio,
    Regular,
    Repeats,
    Share,
    Step,
    Value,
)
from .tree import Node, Rewrite, with_parts


def everywhere(rewrite: Rewrite, node: Node) -> Node:
    """The rewrite applied to every node, parts before wholes, also inside `where`, `has` and items.

    Gives back the very same object where nothing changed.
    """
    # The hottest loop of the optimiser: comparing types is several times quicker than matching patterns.
    kind = type(node)
    if kind is All or kind is AnyOf:
        parts = node.parts  # type: ignore[union-attr]
        node = with_parts(node, tuple([everywhere(rewrite, part) for part in parts])) if parts else node  # type: ignore[arg-type]
    elif kind in _HOLDERS:
        node = _inside(lambda inner: everywhere(rewrite, inner), node)
    return rewrite(node)


_HOLDERS = {
    Not, Occurs, EdgeOccurrence, MeasureComparison, AnyItem, ItemCount, Share, Regular, OnDifferent, Repeats,
    MostCommon, InSequence, NotFollowed, Rank, InSegment,
}  # fmt: skip
"""What holds trees of its own."""


def _inside(change: Rewrite, node: Node) -> Node:
    """The negation or leaf with the trees that it holds changed."""
    match node:
        case Not(part):
            after_part = change(part)
            return node if after_part is part else Not(after_part, node.span)
        case Occurs(of, least, most, span):
            after = _of(change, of)
            return node if after is of else Occurs(after, least, most, span)
        case EdgeOccurrence(which, of, window, has, span):
            after, fits = _of(change, of), change(has)
            return node if after is of and fits is has else EdgeOccurrence(which, after, window, fits, span)  # type: ignore[arg-type]
        case MeasureComparison(left, op, right, factor, span):
            one = _measured(change, left)
            if isinstance(right, Population):
                against, among = _measured(change, right.of), _among(change, right.among)
                same = against is right.of and among is right.among
                other: Value | Measure | Population = right if same else replace(right, of=against, among=among)
            else:
                other = right if isinstance(right, Value) else _measured(change, right)
            return node if one is left and other is right else MeasureComparison(one, op, other, factor, span)
        case AnyItem(where, span):
            fits = change(where)
            return node if fits is where else AnyItem(fits, span)  # type: ignore[arg-type]
        case ItemCount(where):
            fits = change(where)
            return node if fits is where else replace(node, where=fits)  # type: ignore[arg-type]
        case Share(of, has):
            after, fits = _of(change, of), change(has)
            return node if after is of and fits is has else replace(node, of=after, has=fits)  # type: ignore[arg-type]
        case Regular(of) | OnDifferent(of) | Repeats(of):
            after = _of(change, of)
            return node if after is of else replace(node, of=after)
        case MostCommon(of, _, fits_):
            after, fits = _of(change, of), change(fits_)
            return node if after is of and fits is fits_ else replace(node, of=after, fits=fits)  # type: ignore[arg-type]
        case InSequence(steps):
            afters = tuple([_step(change, step) for step in steps])
            return node if all(map(is_, afters, steps)) else replace(node, steps=afters)
        case NotFollowed(first, then):
            after, follow = _of(change, first), _step(change, then)
            return node if after is first and follow is then else replace(node, first=after, then=follow)
        case Rank(_, by):
            one, among = _measured(change, by), _among(change, node.among)
            return node if one is by and among is node.among else replace(node, by=one, among=among)
        case InSegment(_, rule):
            members = change(rule)
            return node if members is rule else replace(node, rule=members)  # type: ignore[arg-type]
        case _:
            return node


def _among(change: Rewrite, among: InSegment | None) -> InSegment | None:
    """The members of a population: their rule may become simpler."""
    if among is None:
        return None
    rule = change(among.rule)
    return among if rule is among.rule else replace(among, rule=rule)  # type: ignore[arg-type]


def _of(change: Rewrite, of: Occurrences) -> Occurrences:
    if type(of.where) is All and not of.where.parts:
        return of
    where = change(of.where)
    return of if where is of.where else Occurrences(of.events, of.window, where)  # type: ignore[arg-type]


def _step(change: Rewrite, step: Step) -> Step:
    after = _of(change, step.of)
    return step if after is step.of else replace(step, of=after)


def _measured(change: Rewrite, measure: Measure) -> Measure:
    match measure:
        case Field():
            return measure
        case Count(of):
            after = _of(change, of)
            return measure if after is of else Count(after)
        case Aggregate(kind, field, of):
            after = _of(change, of)
            return measure if after is of else Aggregate(kind, field, after)
        case DaysSince(which, of):
            after = _of(change, of)
            return measure if after is of else DaysSince(which, after)
        case DaysBetween(of):
            after = _of(change, of)
            return measure if after is of else DaysBetween(after)
        case Ratio(top, bottom):
            one, other = _measured(change, top), _measured(change, bottom)
            return measure if one is top and other is bottom else Ratio(one, other)
        case _:
            assert_never(measure)
