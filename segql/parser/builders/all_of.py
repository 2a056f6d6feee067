"""`all of (A, B)`: with the same of something it is one condition, else several joined by `and`."""

from __future__ import annotations

from dataclasses import replace

from ...ast import All, AllOf, Between, BetweenMoments, InLast, InName, Items, Name, Subject, Tree
from ..checks import fail


def apart(node: Subject) -> Subject | All[Subject]:
    """The events as conditions of their own, where they have nothing in common; else the node as it is."""
    head = node.head
    assert isinstance(head, AllOf)
    node = _windowed(node)
    if node != Subject(head, window=node.window, where=node.where, with_the_same=node.with_the_same):
        part = node.quantity or node.comparison or node.has or node.regularity or node.different or node
        fail("misplaced", "`all of (..)` takes a window, a `where`, and `with the same`.", part.span,
             "What else is meant is a condition of its own.")  # fmt: skip
    if node.with_the_same:
        return node
    every = tuple(replace(one, window=node.window, where=both(one.where, node.where)) for one in head.events)
    return every[0] if len(every) == 1 else All(every, node.span)


def _windowed(node: Subject) -> Subject:
    """`in recently`, `between start and finish`: behind `all of (..)` these are windows."""
    match node.comparison:
        case InName(name, negated=False, span=span) if node.window is None:
            return replace(node, comparison=None, window=InLast(name, span=span))
        case Between(Name() as low, Name() as high, span=span) if node.window is None:
            return replace(node, comparison=None, window=BetweenMoments(low, high, span))
        case _:
            return node


def both(one: Tree[Subject | Items] | None, other: Tree[Subject | Items] | None) -> Tree[Subject | Items] | None:
    """What fits two `where`s."""
    return All((one, other)) if one is not None and other is not None else one or other
