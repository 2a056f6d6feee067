"""Doubts between neighbours under one `and` or `or`: whose window?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ... import ast
from ...catalog import fold
from ...errors import Fix, SegQLError
from ...formatter import format as format_
from ...source import Span
from ...words import word
from ..heads import Events, resolve
from ..occurrence import settled
from ..rows import PROFILE
from ..scope import Scope
from .ambiguities import between

ZERO, ONE = Decimal(0), Decimal(1)


def whose_window(scope: Scope, parts: tuple[ast.Rule, ...], every: bool) -> None:
    """`opened email or clicked email in 7d`: only the last has the window."""
    before = parts[-2]
    if not isinstance(before, ast.Subject):
        return
    if before.window is not None:
        if every:
            _denied_ever(scope, before, parts[-1])
        return
    if every:
        _window_of_denial(scope, before, parts[-1])
    last = _windowed(scope, parts[-1])
    if last is None or last.window is None or isinstance(last.window, ast.Ever):
        return
    alike = [last]
    for part in reversed(parts[:-1]):
        one = _windowed(scope, part)
        if one is None or replace(one, head=last.head, window=last.window, span=last.span) != last:
            break
        if one.window is not None:
            break
        alike.insert(0, one)
    if len(alike) == 1 or any(PROFILE.field(scope, one.head) for one in alike if isinstance(one.head, ast.Name)):
        return
    said = [format_(ast.Subject(one.head)) for one in alike]
    *others, mine = [f"`{text}`" for text in said]
    scope.note(
        "warning",
        "window-on-last",
        f"The window belongs to {mine} only, not to {', '.join(others)}.",
        last.window.span,
        "for all of them:",
        Fix(Span(last.span.source, parts[-len(alike)].span.start, last.span.end), _with_window(alike, every)),
    )


def _did_not(rule: ast.Subject, *spoken: str) -> bool:
    never = rule.quantity
    return never is not None and never.count == ast.Number(ZERO) and fold(never.span.text).startswith(("did", *spoken))


def _denied_ever(scope: Scope, before: ast.Subject, after: ast.Rule) -> None:
    """`clicked sms in 72h but did not order`: what did not happen did so at no time, not in those 72 hours alone."""
    if not isinstance(after, ast.Subject) or not _did_not(after, "has", "have", "had"):
        return
    if between(before, after) != word("BUT") or after.window is not None or after.close_to:
        return
    one, last = _windowed(scope, before), _windowed(scope, after)
    if one is None or last is None or one.window is None or isinstance(one.window, ast.Ever):
        return
    whole = Span(after.span.source, before.span.start, after.span.end)
    both = format_(ast.All((one, replace(last, window=one.window))))
    name, event = format_(ast.Subject(one.head)), format_(ast.Subject(last.head))
    scope.note("warning", "window-on-first", f"The window belongs to `{name}` only: `{event}` happened at no time.",
               one.window.span, "for all of them:", Fix(whole, both))  # fmt: skip


def _window_of_denial(scope: Scope, before: ast.Subject, after: ast.Rule) -> None:
    """`viewed product but didn't buy in 30d`: the window is that of what did not happen; for both it is said twice."""
    if not isinstance(after, ast.Subject) or not _did_not(after) or between(before, after) != word("BUT"):
        return
    one, last = _windowed(scope, before), _windowed(scope, after)
    if one is None or last is None or last.window is None or isinstance(last.window, ast.Ever):
        return
    whole = Span(after.span.source, before.span.start, after.span.end)
    both = format_(ast.All((replace(one, window=last.window), last)))
    name, event = format_(ast.Subject(last.head)), format_(ast.Subject(one.head))
    scope.note("warning", "window-on-last", f"The window belongs to `{name}` only, not to `{event}`.",
               last.window.span, "for all of them:", Fix(whole, both))  # fmt: skip


def _windowed(scope: Scope, rule: ast.Rule) -> ast.Subject | None:
    """A condition on how often an event happened, as it is meant."""
    if not isinstance(rule, ast.Subject) or rule.has is not None:
        return None
    try:
        head = resolve(scope, rule.head)
        if not isinstance(head, Events) or head.edge is not None:
            return None
        return replace(settled(scope, rule, windowed=True), comments=())
    except SegQLError:  # binding says it
        return None


def _with_window(alike: list[ast.Subject], every: bool) -> str:
    """The same with the window on each; one `any of` where that means the same."""
    last = alike[-1]
    names = [one.head for one in alike]
    never = last.quantity == ast.Quantity("=", ast.Number(ZERO))
    once = last.quantity in (None, ast.Quantity(">=", ast.Number(ONE)))
    if (
        last.where is None
        and last.comparison is None
        and all(isinstance(n, ast.Name) for n in names)
        and (never if every else once)
    ):
        return format_(replace(last, head=ast.Either(tuple(ast.Subject(name) for name in names))))
    each = tuple(replace(one, window=last.window) for one in alike)
    return format_(ast.All(each) if every else ast.AnyOf(each))
