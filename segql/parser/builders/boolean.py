"""`and`, `or`, `not` and parentheses: flat runs of operands become boolean nodes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...ast import All, AnyOf, Not
from ...errors import Problem, SegQLError, problem
from ...source import Span
from ..engine.lexer import folded


def tree_first(v: list[Any], span: Span) -> list[Any]:
    """A run of one operand. An entry is the link before it (none at first), the operand, and where it stands."""
    return [(None, v[0], span)]


def tree_more(v: list[Any], span: Span) -> list[Any]:
    """`.. and age > 18`, `.. or age > 18`: the run so far and one more operand."""
    run: list[Any] = v[0]
    operand_span = Span(span.source, v[1].end, span.end)  # parentheses around it are its own
    run.append((v[1], v[2], operand_span))
    return run


def finish(run: list[Any]) -> Any:
    """A run of operands as one node; `and` and `or` do not mix in it."""
    if len(run) == 1:
        return run[0][1]
    span = run[0][2].to(run[-1][2])
    words = {link.type for link, _, _ in run[1:]}
    if len(words) > 1:
        raise SegQLError([_mixed(run, span)])
    parts = tuple(operand for _, operand, _ in run)
    return All(parts, span) if words == {"AND"} else AnyOf(parts, span)


def group(v: list[Any], span: Span) -> Any:
    """What parentheses hold. They vanish, but a boolean node keeps their place."""
    node = finish(v[1])
    return replace(node, span=span) if isinstance(node, All | AnyOf | Not) else node


def negation(v: list[Any], span: Span) -> Not[Any]:
    """`not placed order`."""
    return Not(v[1], span)


def _mixed(run: list[Any], span: Span) -> Problem:
    """Both readings, in the words of the text."""
    readings = []
    for tight in ("AND", "OR"):
        groups: list[list[str]] = [[]]
        words: list[str] = []
        for link, _, operand in run:
            text = folded(operand.text)
            if link is not None and link.type != tight:
                words.append(link.type.lower())
                groups.append([])
            groups[-1].append(text)
        inner = f" {tight.lower()} "
        shown = [f"({inner.join(g)})" if len(g) > 1 else g[0] for g in groups]
        readings.append("".join(w + t for w, t in zip(["", *(f" {w} " for w in words)], shown, strict=True)))
    return problem(
        "mixed-and-or",
        "`and` and `or` stand side by side, and this has two readings. Parentheses say which one is meant.",
        span, "Write", *readings,
    )  # fmt: skip
