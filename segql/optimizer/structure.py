"""Laws of and, or, not. Each rule looks at one node, whose parts it may take as done: `before -> after`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ..conditions import All, AnyOf, InSegment, Not
from ..conditions.implication import MOST, covers, excludes, implies
from ..conditions.implication.negation import opposite
from ..conditions.implication.topics import topics
from ..conditions.memory import remembered
from ..conditions.walk import EVERYONE, NO_ONE, Leaf, Node, opened, size, with_parts

MOST_PAIRS = 200
"""Pairs of parts that one node compares: keeps thousands of parts quick, at the price of missing some."""


def unfold_segments(node: Node) -> Node:
    """`in segment "S"` -> the rule of S; not where only a sample of S is in it"""
    return node.rule if isinstance(node, InSegment) and node.sample is None else node


def push_not(node: Node) -> Node:
    """`not not a -> a`, `not (a and b) -> not a or not b`, `not (x at least twice) -> x at most once`"""
    if not isinstance(node, Not):
        return node
    after = opposite(node.part)
    return node if isinstance(after, Not) and after.part is node.part else after


def flatten(node: Node) -> Node:
    """`a and (b and c) -> a and b and c`, `(a) -> a`"""
    match node:
        case All(parts) | AnyOf(parts):
            if len(parts) == 1:
                return parts[0]
            if any(type(part) is type(node) for part in parts):
                inner = [part.parts if isinstance(part, type(node)) else (part,) for part in parts]
                return with_parts(node, tuple([part for group in inner for part in group]))
    return node


def absorb_constants(node: Node) -> Node:
    """`a and everyone -> a`, `a and no one -> no one`, `a or no one -> a`, `a or everyone -> everyone`"""
    match node:
        case All(parts) | AnyOf(parts):
            unit, zero = (EVERYONE, NO_ONE) if isinstance(node, All) else (NO_ONE, EVERYONE)
            if zero in parts:
                return zero
            if unit in parts:
                return with_parts(node, tuple([part for part in parts if part != unit]))
    return node


def drop_duplicates(node: Node) -> Node:
    """`a and b and a -> a and b`"""
    match node:
        case All(parts) | AnyOf(parts) if len(parts) > 1:
            return with_parts(node, tuple(dict.fromkeys(parts)))
    return node


def settle_contradictions(node: Node) -> Node:
    """`a and not a -> no one`, `a or not a -> everyone` (also by counts, windows and values)"""
    match node:
        case All(parts):
            return NO_ONE if any(excludes(parts[i], parts[j]) for i, j in related(parts)) else node
        case AnyOf(parts):
            return EVERYONE if any(covers(parts[i], parts[j]) for i, j in related(parts)) else node
    return node


def drop_implied(node: Node) -> Node:
    """`a and (a or b) -> a`, `x at least once in 72h and x at least once in 7d -> x at least once in 72h`"""
    match node:
        case All(parts) | AnyOf(parts) if len(parts) > 1:
            gone: set[int] = set()
            for i, j in related(parts):
                if i in gone or j in gone:
                    continue
                one, other = parts[i], parts[j]
                if not isinstance(node, All):
                    one, other = other, one
                # In All the implied one goes, in AnyOf the implying; of two equals the later.
                if implies(one, other):
                    gone.add(j)
                elif implies(other, one):
                    gone.add(i)
            return with_parts(node, tuple([part for i, part in enumerate(parts) if i not in gone]))
    return node


def use_known(node: Node) -> Node:
    """`a and (not a or b) -> a and b`, `a or (not a and b) -> a or b`"""
    match node:
        case All(parts) | AnyOf(parts):
            facts = [part if isinstance(node, All) else opposite(part) for part in parts if _plain(part)]
            nested = [part for part in parts if not _plain(part) and size(part) <= MOST]
            if facts and nested:
                places = {id(part) for part in nested}
                known: dict[object, list[Node]] = {}
                for fact in facts:
                    for topic in topics(fact):
                        known.setdefault(topic, []).append(fact)
                return with_parts(node, tuple([_given(known, part) if id(part) in places else part for part in parts]))
    return node


def _plain(node: Node) -> bool:
    return not isinstance(node, (All, AnyOf)) and not opened(node)


def _given(known: dict[object, list[Node]], node: Node) -> Node:
    """The node, where the known parts hold."""
    match node:
        case All(parts) | AnyOf(parts):
            return with_parts(node, tuple([_given(known, part) for part in parts]))
    for topic in topics(node):
        for fact in known.get(topic, [])[:8]:
            if implies(fact, node):
                return EVERYONE
            if excludes(fact, node):
                return NO_ONE
    return node


def factor(node: Node) -> Node:
    """`(a and b) or (a and c) -> a and (b or c)`, `(a or b) and (a or c) -> a or (b and c)`"""
    match node:
        case AnyOf([All(first), *rest]) if rest and all(isinstance(part, All) for part in rest):
            outer: type[All[Leaf]] | type[AnyOf[Leaf]] = All
        case All([AnyOf(first), *rest]) if rest and all(isinstance(part, AnyOf) for part in rest):
            outer = AnyOf
        case _:
            return node
    others = [set(part.parts) for part in rest if isinstance(part, outer)]
    shared = [part for part in first if all(part in other for other in others)]
    if not shared:
        return node
    gone = set(shared)
    left = [with_parts(p, tuple([x for x in p.parts if x not in gone])) for p in node.parts if isinstance(p, outer)]
    return outer((*shared, with_parts(node, tuple(left))), node.span)


@remembered
def related(parts: Sequence[Node]) -> tuple[tuple[int, int], ...]:
    """Pairs of parts (places, the earlier first) that speak about the same thing; a limited number of them."""
    return tuple(islice(_related(parts), MOST_PAIRS))


def _related(parts: Sequence[Node]) -> Iterator[tuple[int, int]]:
    about: dict[object, list[int]] = {}
    sizes = [size(part) for part in parts]
    for later, part in enumerate(parts):
        if sizes[later] > MOST:
            continue
        mine = topics(part)
        if len(mine) == 1:
            earlier = about.get(next(iter(mine)), [])
        else:
            earlier = sorted({place for topic in mine for place in about.get(topic, [])})
        for place in earlier:
            if sizes[place] * sizes[later] <= MOST:  # implies compares no larger ones
                yield place, later
        for topic in mine:
            about.setdefault(topic, []).append(later)
