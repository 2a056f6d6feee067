"""The shape of what is optimised: negation, size, and what a part speaks about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import is_
from typing import TypeAlias, assert_never

from ..conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Condition,
    Consent,
    Count,
    DaysBetween,
    DaysSince,
    EdgeOccurrence,
    Field,
    FieldAnniversary,
    FieldComparison,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    InList,
    InSegment,
    InSequence,
    ItemCount,
    Measure,
    MeasureComparison,
    MostCommon,
    Near,
    Not,
    NotFollowed,
    Occurrences,
    Occurs,
    OnDifferent,
    Population,
    Random,
    Rank,
    Ratio,
    Regular,
    Repeats,
    Share,
    Tree,
    Value,
)

Leaf: TypeAlias = Condition | AnyItem | ItemCount
Node: TypeAlias = Tree[Leaf]
"""A rule, or the tree of a `where` or `has`: the boolean laws are the same."""
Rewrite: TypeAlias = Callable[[Node], Node]

EVERYONE: All[Leaf] = All(())
NO_ONE: AnyOf[Leaf] = AnyOf(())


def with_parts(node: All[Leaf] | AnyOf[Leaf], parts: tuple[Node, ...]) -> Node:
    """The same kind of node, in the same place, with these parts; itself when they are its own."""
    if len(parts) == len(node.parts) and all(map(is_, parts, node.parts)):
        return node
    return All(parts, node.span) if isinstance(node, All) else AnyOf(parts, node.span)


def inner_trees(leaf: Leaf) -> Iterator[Node]:
    """The trees that a leaf holds: `where`, `has`, of items; a segment's rule not among them."""
    match leaf:
        case Occurs(of):
            yield of.where
        case EdgeOccurrence(_, of, _, has):
            yield from (of.where, has)
        case MeasureComparison(left, _, right):
            for measure in (left, *measures(right)):
                yield from (of.where for of in occurrences(measure))
        case Rank(_, by):
            yield from (of.where for of in occurrences(by))
        case AnyItem(where) | ItemCount(where):
            yield where
        case Share(of, has):
            yield from (of.where, has)
        case Regular(of) | OnDifferent(of) | Repeats(of):
            yield of.where
        case MostCommon(of, _, fits):
            yield from (of.where, fits)
        case InSequence(steps):
            yield from (step.of.where for step in steps)
        case NotFollowed(first, then):
            yield from (first.where, then.of.where)


def measures(right: Value | Measure | Population) -> tuple[Measure, ...]:
    """The measures on the right of a comparison."""
    if isinstance(right, Population):
        return (right.of,)
    return () if isinstance(right, Value) else (right,)


def occurrences(measure: Measure) -> Iterator[Occurrences]:
    """What a measure is over."""
    match measure:
        case Field():
            return
        case Count(of) | Aggregate(_, _, of) | DaysSince(_, of) | DaysBetween(of):
            yield of
        case Ratio(top, bottom):
            yield from occurrences(top)
            yield from occurrences(bottom)
        case _:
            assert_never(measure)


def opposite(node: Node) -> Node:
    """Who is out is in: negation, pushed down to the leaves."""
    match node:
        case All(parts, span):
            return AnyOf(tuple([opposite(part) for part in parts]), span)
        case AnyOf(parts, span):
            return All(tuple([opposite(part) for part in parts]), span)
        case Not(part):
            return normal(part)
        case Occurs(of, least, None, span):
            return Occurs(of, 0, least - 1, span) if least > 0 else NO_ONE
        case Occurs(of, 0, int(most), span):
            return Occurs(of, most + 1, None, span)
        case _:
            return Not(node, node.span)


def normal(node: Node) -> Node:
    """Negation normal form: `not` stands on leaves only, and on no count with one bound."""
    match node:
        case All(parts) | AnyOf(parts):
            return with_parts(node, tuple([normal(part) for part in parts]))
        case Not(part):
            after = opposite(part)
            return node if isinstance(after, Not) and after.part is part else after
        case _:
            return node


def opened(node: Node) -> bool:
    """Whether the node is a segment that stands for its rule; a sampled one is its own condition."""
    return isinstance(node, InSegment) and node.sample is None


def size(node: Node) -> int:
    """The number of leaves, segments opened, those inside `where` and `has` not counted."""
    match node:
        case All(parts) | AnyOf(parts):
            return sum([size(part) for part in parts])
        case Not(part):
            return size(part)
        case InSegment(_, part) if opened(node):
            return size(part)
        case _:
            return 1


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves, segments opened, from left to right."""
    match node:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case InSegment(_, rule) if opened(node):
            yield from leaves(rule)
        case _:
            yield node


def topics(node: Node) -> set[object]:
    """What a part speaks about. Two parts that share no topic never decide about each other."""
    found: set[object] = set()
    for leaf in leaves(node):
        match leaf:
            case FieldComparison(field, _, right):
                found.add(field)
                if isinstance(right, Field):
                    found.add(right)
            case (
                FieldIn(field)
                | FieldLike(field)
                | FieldIncludes(field)
                | FieldSet(field)
                | FieldEmpty(field)
                | FieldWithin(field)
                | FieldAnniversary(field)
            ):
                found.add(field)
            case (
                Occurs(of)
                | EdgeOccurrence(_, of)
                | Share(of)
                | Regular(of)
                | OnDifferent(of)
                | Repeats(of)
                | MostCommon(of)
            ):
                found.update(of.events)
            case MeasureComparison(left, _, right):
                found = found.union(*map(_spoken, (left, *measures(right))))
            case InSequence(steps):
                found.update(event for step in steps for event in step.of.events)
            case NotFollowed(first, then):
                found.update((*first.events, *then.of.events))
            case Rank(_, by):
                found |= _spoken(by)
            case Near(field, place):
                found.add((field, place))
            case Random(seed):
                found.add(("random", seed))
            case AnyItem() | ItemCount():
                found.add("items")
            case Consent(channel):
                found.add(("channel", channel))
            case InList(name):
                found.add(("list", name))
            case InSegment(_, rule, _, sample):
                found |= topics(rule) if sample is None else {("sample", sample)}
            case _:
                assert_never(leaf)
    return found


def _spoken(measure: Measure) -> set[object]:
    return {measure, *(event for of in occurrences(measure) for event in of.events)}
