"""Comments find their operand: the one they stand above, inside of, or behind on the same line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...ast import All, AnyOf, Not
from ..engine.lexer import Comment


def attach(tree: Any, comments: list[Comment]) -> Any:
    """The tree of a rule with its comments. The depth of trees is limited, so this may recurse."""
    if not comments:
        return tree
    if isinstance(tree, Not) and _is_group(tree.part):
        span = tree.part.span
        inside = [c for c in comments if span.start <= c.start < span.end]
        outside = [c for c in comments if not span.start <= c.start < span.end]
        return _above(replace(tree, part=attach(tree.part, inside)), outside)
    if not _is_group(tree):
        return _above(tree, comments)
    parts = tree.parts
    own: list[list[Comment]] = [[] for _ in parts]
    inner: list[list[Comment]] = [[] for _ in parts]
    at = 0
    for comment in comments:
        while at < len(parts) - 1 and _is_further(parts[at], parts[at + 1], comment):
            at += 1
        span = parts[at].span
        (inner if span.start <= comment.start < span.end else own)[at].append(comment)
    return replace(tree, parts=tuple(_above(attach(p, i), o) for p, o, i in zip(parts, own, inner, strict=True)))


def _is_group(tree: Any) -> bool:
    return isinstance(tree, All | AnyOf) and bool(tree.parts)


def _is_further(part: Any, following: Any, comment: Comment) -> bool:
    """Whether a comment belongs to a later operand: it is not in this one, nor behind it on the same line."""
    if comment.start >= following.span.start:
        return True
    return comment.start >= part.span.end and "\n" in part.span.source.text[part.span.end : comment.start]


def _above(node: Any, comments: list[Comment]) -> Any:
    if not comments:
        return node
    return replace(node, comments=(*(c.text for c in comments), *node.comments))
