"""Rewriting in every corner of a tree: a rule's parts, and the trees that its leaves hold."""

from __future__ import annotations

from ..conditions import All, AnyOf
from ..conditions.walk import Node, Rewrite, mapped, with_parts


def everywhere(rewrite: Rewrite, node: Node) -> Node:
    """The rewrite applied to every node, parts before wholes, also inside `where`, `has` and items.

    Gives back the very same object where nothing changed.
    """
    # The hottest loop of the optimiser: comparing types is several times quicker than matching patterns.
    kind = type(node)
    if kind is All or kind is AnyOf:
        parts = node.parts  # type: ignore[union-attr]
        node = with_parts(node, tuple([everywhere(rewrite, part) for part in parts])) if parts else node  # type: ignore[arg-type]
    else:
        node = mapped(lambda inner: everywhere(rewrite, inner), node)
    return rewrite(node)
