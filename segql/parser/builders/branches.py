"""Several events that are meant together, each with a `where` of its own: `any of (A where .., B)`, `all of (A, B)`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...ast import AllOf, Either, Name, Subject
from ...source import Span
from ...words import word
from ..checks import fail
from .all_of import both
from .parts import Link
from .subjects import chain
from .values import Values


def branch(v: Values, span: Span) -> Subject:
    """`placed order where total > 100`: an event, or `any of` several, and its `where`."""
    node = chain([Link(None, v[0], span)], span)
    if not isinstance(node, Subject) or not isinstance(node.head, Name | Either):
        fail("misplaced", "In these parentheses stand events, each with a `where` at most.", node.span,
             "What else is meant is a condition of its own.")  # fmt: skip
    if node != Subject(node.head, where=node.where):
        part: Any = node.quantity or node.comparison or node.window or node
        fail("misplaced", "In these parentheses an event has a `where` at most; the rest stands behind them, for all.",
             part.span, f"Or say the events apart, joined by `{word('OR')}` or `{word('AND')}`.")  # fmt: skip
    return node


def any_of(v: Values, span: Span) -> Either:
    """`any of (opened email, clicked email where campaign is "winter")`; one inside of another is one list."""
    found: list[Subject] = []
    for one in v[2]:
        inside = one.head.events if isinstance(one.head, Either) else (one,)
        found += inside if inside == (one,) else [replace(part, where=both(part.where, one.where)) for part in inside]
    return Either(tuple(found), span)


def all_of(v: Values, span: Span) -> AllOf:
    """`all of (viewed product, added to cart)`; the parts that follow say what they have in common."""
    return AllOf(tuple(v[2]), span)
