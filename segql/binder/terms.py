"""Measures that are added, as they are said: their windows, and what else they have of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .. import ast
from .. import conditions as c


def each(said: ast.Subject, change: Callable[[ast.Subject], ast.Subject]) -> ast.Subject:
    """The measure, or the sum of them, with each of its measures changed."""
    if not isinstance(said.head, ast.Terms):
        return change(said)
    return replace(said, head=replace(said.head, terms=tuple(map(change, said.head.terms))))


def in_window(said: ast.Subject, window: ast.Window | None) -> ast.Subject:
    """The same in another window."""
    return each(said, lambda one: replace(one, window=window))


def window_of(said: ast.Subject) -> ast.Window | None:
    """The window that is said, of each measure the same."""
    if not isinstance(said.head, ast.Terms):
        return said.window
    first, *others = (one.window for one in said.head.terms)
    return first if all(one == first for one in others) else None


def flat(signs: tuple[str, ...], parts: tuple[c.Measure, ...]) -> c.Terms:
    """All of them beside each other: what a metric adds is added, or subtracted, with it."""
    plus: list[c.Measure] = []
    minus: list[c.Measure] = []
    for sign, part in zip(("+", *signs), parts, strict=True):
        more, less = (plus, minus) if sign == "+" else (minus, plus)
        if isinstance(part, c.Terms):
            more += part.plus
            less += part.minus
        else:
            more.append(part)
    return c.Terms(tuple(plus), tuple(minus))
