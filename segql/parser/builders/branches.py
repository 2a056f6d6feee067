"""Several events that are meant together, each with a `where` of its own: `any of (A where .., B)`."""

from __future__ import annotations

from typing import Any

from ...ast import Either, Name, Subject
from ...source import Span
from ...words import word
from ..checks import fail
from .parts import Link
from .subjects import chain
from .values import Values


def branch(v: Values, span: Span) -> Subject:
    """`placed order where total > 100`: an event and its `where`."""
    node = chain([Link(None, v[0], span)], span)
    if not isinstance(node, Subject) or not isinstance(node.head, Name):
        fail("misplaced", "In these parentheses stand events, each with a `where` at most.", node.span,
             "What else is meant is a condition of its own.")  # fmt: skip
    if node != Subject(node.head, where=node.where):
        part: Any = node.quantity or node.comparison or node.window or node
        fail("misplaced", "In these parentheses an event has a `where` at most; the rest stands behind them, for all.",
             part.span, f"Or say the events apart, joined by `{word('OR')}`.")  # fmt: skip
    return node


def any_of(v: Values, span: Span) -> Either:
    """`any of (opened email, clicked email where campaign is "winter")`."""
    return Either(tuple(v[2]), span)
