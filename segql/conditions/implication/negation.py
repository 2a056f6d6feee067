"""Negation normal form: `not` stands on leaves only, and on no count with one bound."""

from __future__ import annotations

from typing import Any

from ...ast import All, AnyOf, Not
from .. import Occurs
from ..memory import remembered
from ..walk import NO_ONE, Node, with_parts


@remembered
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


def normal(node: Any) -> Node:
    """Negation normal form: `not` stands on leaves only, and on no count with one bound."""
    kind: type = type(node)
    found: Node = node
    if kind is All or kind is AnyOf:
        found = with_parts(node, tuple([normal(part) for part in node.parts]))
    elif kind is Not and (not isinstance(after := opposite(node.part), Not) or after.part is not node.part):
        found = after
    return found
