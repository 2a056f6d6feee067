"""Doubts between neighbours under one `or`: whose denial?"""

from __future__ import annotations

from decimal import Decimal
from itertools import takewhile

from ... import ast
from ...catalog import fold
from ...errors import Fix, SegQLError
from ...formatter import format as format_
from ...source import Span
from ...words import word
from ..heads import Events, resolve
from ..scope import Scope
from .ambiguities import between

_NEVER = ast.Quantity("=", ast.Number(Decimal(0)))


def whose_denial(scope: Scope, parts: tuple[ast.Rule, ...]) -> None:
    """`never opened email or clicked email`: only the first is denied, where people may mean neither."""
    for i, first in enumerate(parts[:-1]):
        denial, one = _denied(first)
        if one is None or not _happened(scope, one) or between(first, parts[i + 1]) != word("OR"):
            continue
        others = list(takewhile(lambda part: _happened(scope, part), parts[i + 1 :]))
        heads = tuple(ast.Subject(part.head) for part in (one, *others) if isinstance(part, ast.Subject))
        windows = [part.window for part in others if isinstance(part, ast.Subject)]
        if not others or any(windows[:-1]):
            continue
        whole = Span(first.span.source, first.span.start, others[-1].span.end)
        neither = format_(_none_of(scope, heads, windows[-1]))
        name, *names = (f"`{format_(head)}`" for head in heads)
        scope.note(
            "warning", "denial-on-first", f"`{denial}` denies {name} only, not {', '.join(names)}.", first.span,
            "say which:", Fix(whole, neither, "if none of them happened"),
            Fix(whole, format_(ast.AnyOf((*others, ast.Subject(one.head, _NEVER)))), "as it is read"),
        )  # fmt: skip


def _none_of(scope: Scope, heads: tuple[ast.Subject, ...], window: ast.Window | None) -> ast.Rule:
    """None of these events happened in the window; one by one where they cannot be pooled."""
    events = [head.names for one in heads if isinstance(head := resolve(scope, one.head), Events)]
    every = [name for names in events for name in names]
    timed = [all(scope.catalog.events[name].time is not None for name in names) for names in events]
    if all(timed) and len({*every}) == len(every):
        return ast.Subject(ast.Either(heads), _NEVER, window=window)
    each = zip(heads, timed, strict=True)
    return ast.All(tuple(ast.Subject(one.head, _NEVER, window=window if when else None) for one, when in each))


def _denied(rule: ast.Rule) -> tuple[str, ast.Subject | None]:
    """The word that denies, and what, where nothing behind it ends the denial: no window, no `where`."""
    match rule:
        case ast.Not(part=ast.Subject(head) as one) if one == ast.Subject(head):
            return word("NOT"), one
        case ast.Subject(head, ast.Quantity() as never) if rule == ast.Subject(head, _NEVER):
            if fold(never.span.text) == word("NEVER"):
                return word("NEVER"), ast.Subject(head)
    return "", None


def _happened(scope: Scope, rule: ast.Rule) -> bool:
    """Whether it is the name of an event, with no more than a window."""
    match rule:
        case ast.Subject(ast.Name() as name, window=window) if rule == ast.Subject(name, window=window):
            try:
                head = resolve(scope, name)
            except SegQLError:  # binding says it
                return False
            return isinstance(head, Events) and head.edge is None
    return False
