"""Measures that are added, as they are said: their windows, and what else they have of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from .. import ast
from .. import conditions as c
from ..errors import Fix
from ..formatter import format as format_
from .scope import fail


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


def same_windows(subject: ast.Subject, head: ast.Terms, measures: list[c.Measure]) -> None:
    """Raises SegQLError where one measure has a window and another says none: `A - B in 30d` may be about both."""
    windows = [one.window for one in head.terms if one.window is not None and not isinstance(one.window, ast.Ever)]
    bare = [one for one, of in zip(head.terms, measures, strict=True) if one.window is None and endless(of)]
    if not windows or not bare:
        return

    def filled(window: ast.Window, note: str) -> Fix:
        terms = tuple(replace(one, window=window) if one in bare else one for one in head.terms)
        return Fix(head.span, format_(ast.Subject(replace(head, terms=terms))), note)

    all_alike = [filled(windows[0], "in the same window")] if all(one == windows[0] for one in windows) else []
    fail("window-on-one-side", f"`{format_(bare[0])}` says no window, and another measure of the sum has one.",
         bare[0].span, "say which:", *all_alike, filled(ast.Ever(), "over all time"))  # fmt: skip


def endless(of: c.Measure) -> bool:
    """Whether it looks at events of all time, where a window could stand."""
    match of:
        case c.Count(of=occurrences) | c.Aggregate(of=occurrences) | c.DaysBetween(of=occurrences):
            return occurrences.window.start is None and occurrences.window.end is not None
        case c.Ratio(top=top, bottom=bottom):
            return endless(top) or endless(bottom)
        case c.Terms():
            return any(map(endless, of.parts))
        case c.DaysSince() | c.Field():
            return False
        case _:
            assert_never(of)
