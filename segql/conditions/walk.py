"""The walk over bound trees: what stands in what, by the fields of the nodes, so that a new node needs no arm."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, NamedTuple, TypeAlias, TypeVar, get_args, get_origin, get_type_hints, overload

from ..ast import All, AnyOf, Not, Tree
from .leaves import Condition, InSegment
from .rows import AnyItem, CloseTo, ItemCount, OfEvent, Predicate

Leaf: TypeAlias = Condition | AnyItem | ItemCount | OfEvent | CloseTo
Node: TypeAlias = Tree[Leaf]
"""A rule, or the tree of a `where` or `has`: the boolean laws are the same."""
Rewrite: TypeAlias = Callable[[Node], Node]

EVERYONE: All[Leaf] = All(())
NO_ONE: AnyOf[Leaf] = AnyOf(())

Part = TypeVar("Part")
Whole = TypeVar("Whole")


@overload
def leaves(tree: Tree[Condition]) -> Iterator[Condition]: ...  # type: ignore[overload-overlap]  # of field conditions
@overload
def leaves(tree: Tree[Predicate]) -> Iterator[Predicate]: ...
@overload
def leaves(tree: Node) -> Iterator[Leaf]: ...
@overload
def leaves(tree: Tree[Part]) -> Iterator[Part]: ...
def leaves(tree: Any) -> Iterator[Any]:
    """The leaves from left to right, segments opened: of one that is not sampled those of its rule."""
    kind: type = type(tree)  # here and below: compared several times quicker than `isinstance` of several answers
    if kind is All or kind is AnyOf:
        for part in tree.parts:
            yield from leaves(part)
    elif kind is Not:
        yield from leaves(tree.part)
    elif opened(tree):
        yield from leaves(tree.rule)
    else:
        yield tree


def opened(node: object) -> bool:
    """Whether the node is a segment that stands for its rule; a sampled one is its own condition."""
    return type(node) is InSegment and node.sample is None


def size(tree: Any) -> int:
    """The number of leaves, segments opened, those inside `where` and `has` not counted."""
    kind: type = type(tree)
    if kind is All or kind is AnyOf:
        return sum([size(part) for part in tree.parts])
    if kind is Not:
        return size(tree.part)
    return size(tree.rule) if opened(tree) else 1


def nodes(node: Any) -> Iterator[object]:
    """The node and all that stands in it, down to plain values, the rules of segments too."""
    yield node
    if isinstance(node, tuple):
        for part in node:
            yield from nodes(part)
    else:
        kind: type = type(node)
        for name in compared(kind):
            yield from nodes(getattr(node, name))


def inside(node: Any) -> Iterator[Node]:
    """The trees that a leaf holds: `where`, `has`, those of items; the rules of segments not among them."""
    if isinstance(node, tuple):
        for part in node:
            yield from inside(part)
    elif not isinstance(node, InSegment):
        kind: type = type(node)
        for name, tree in _holding(kind):
            held = getattr(node, name)
            if tree:
                yield held
            else:
                yield from inside(held)


def mapped(change: Rewrite, node: Whole) -> Whole:
    """The node with each tree changed that it holds: a negation's part, `where`, `has`, those of items and segments.

    Gives back the very same object where nothing changed.
    """
    changed: dict[str, object] = {}
    kind: type = type(node)
    for name, tree in _holding(kind):
        before = getattr(node, name)
        after: object
        if tree:
            # Everyone is the `where` of most: nothing to change.
            after = before if type(before) is All and not before.parts else change(before)
        elif type(before) is tuple:
            parts = tuple([mapped(change, part) for part in before])
            after = before if all(map(is_, before, parts)) else parts
        else:
            after = mapped(change, before)
        if after is not before:
            changed[name] = after
    return replace(node, **changed) if changed else node  # type: ignore[type-var]


def among(tree: Tree[Predicate], events: Collection[str]) -> Tree[Predicate]:
    """What a `where` asks of events of these kinds: an `OfEvent` that all of them fit, or none, is settled."""
    if not any(isinstance(leaf, OfEvent) for leaf in leaves(tree)):
        return tree
    every: Tree[Predicate] = All(())
    none: Tree[Predicate] = AnyOf(())
    match tree:
        case All(parts) | AnyOf(parts):
            decides, idle = (none, every) if isinstance(tree, All) else (every, none)
            after = [one for part in parts if (one := among(part, events)) != idle]
            if decides in after:
                return decides
            return after[0] if len(after) == 1 else replace(tree, parts=tuple(after))
        case Not(part):
            inner = among(part, events)
            return none if inner == every else every if inner == none else Not(inner, tree.span)
        case OfEvent(wanted):
            fitting = sum(event in wanted for event in events)
            return every if fitting == len(events) else tree if fitting else none
        case _:
            return tree


def with_parts(node: All[Leaf] | AnyOf[Leaf], parts: tuple[Node, ...]) -> Node:
    """The same kind of node, in the same place, with these parts; itself when they are its own."""
    if len(parts) == len(node.parts) and all(map(is_, parts, node.parts)):
        return node
    return All(parts, node.span) if isinstance(node, All) else AnyOf(parts, node.span)


class Held(NamedTuple):
    """A field that holds a tree, or else a node (or several) that may hold trees."""

    name: str
    tree: bool


@cache
def compared(kind: type) -> tuple[str, ...]:
    """The fields that mean something: spans and labels do not."""
    return tuple(one.name for one in fields(kind) if one.compare) if is_dataclass(kind) else ()


@cache
def _holding(kind: type) -> tuple[Held, ...]:
    """What of a class of nodes may hold trees, by the types of its fields."""
    return tuple([Held(name, All in types) for name, types in _parts(kind) if _hold_trees(types)])


@cache
def _parts(kind: type) -> tuple[tuple[str, frozenset[type]], ...]:
    """The fields of a class of nodes, each with the classes that its type speaks of."""
    if kind is All or kind is AnyOf or not (names := compared(kind)):
        return ()
    hints = get_type_hints(kind)
    return tuple([(name, frozenset(_types(hints[name]))) for name in names])


def _hold_trees(types: frozenset[type]) -> bool:
    """Whether a tree may stand in one of these, however deep; measures stand in each other."""
    seen, left = set[type](), [*types]
    while left:
        kind = left.pop()
        if kind is All:
            return True
        if kind not in seen:
            seen.add(kind)
            left += [one for _, inner in _parts(kind) for one in inner]
    return False


def _types(hint: Any) -> set[type]:
    """The classes that a type speaks of: those of a union, what a tuple is of."""
    origin = get_origin(hint)
    if origin in (All, AnyOf, Not):
        return {origin}
    parts = get_args(hint)
    return set().union(*map(_types, parts)) if parts else {hint}
