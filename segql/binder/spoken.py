"""What people leave out when they speak, and the catalog fills in: `country in Germany or Austria`."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from .. import ast
from ..catalog import fold
from ..catalog.forms import bases
from ..errors import Fix, SegQLError
from ..formatter import format as format_
from ..source import Span
from ..words import pattern, spellings
from .advice.suggestions import is_no_name
from .heads import Events, resolve
from .scope import Scope, fail
from .taken import in_words

_ZERO = ast.Number(Decimal(0))


def channels_again(scope: Scope, parts: tuple[ast.Rule, ...]) -> tuple[ast.Rule, ...]:
    """`can receive email and sms`, `but not sms`: a channel alone, which is no other name, is received as well."""
    found: list[ast.Rule] = []
    for part in parts:
        name = part.part if isinstance(part, ast.Not) else part
        before = found[-1] if found else None
        if (
            isinstance(before, ast.CanReceive)
            and before == ast.CanReceive(before.channel)
            and isinstance(name, ast.Subject)
            and isinstance(name.head, ast.Name)
            and name == ast.Subject(name.head)
            and scope.catalog.find_channel(name.head.text)
            and is_no_name(scope, name.head)
        ):
            found.append(ast.CanReceive(name.head, negated=isinstance(part, ast.Not), span=part.span))
        else:
            found.append(part)
    return tuple(found)


def values_again(scope: Scope, parts: tuple[ast.Rule, ...]) -> tuple[ast.Rule, ...]:
    """Operands of an `or`: a value alone, which is no name, is compared as the one before it is."""
    parts = tuple(_located(scope, part) for part in parts)
    found: list[ast.Rule] = []
    for part in parts:
        again = _again(scope, found[-1], part) if found else None
        found.append(part if again is None else again)
    return tuple(found)


def _located(scope: Scope, part: ast.Rule) -> ast.Rule:
    """`lives in Belgium`, as the property that it is compared with."""
    if isinstance(part, ast.Subject) and isinstance(part.comparison, ast.InName):
        try:
            resolve(scope, part.head)
        except SegQLError as error:
            if said := in_words(scope, part, error):
                scope.work.taken[part] = said
                return said
    return part


def _again(scope: Scope, before: ast.Rule, after: ast.Rule) -> ast.Subject | None:
    match before, after:
        case (
            ast.Subject(
                head=head,
                comparison=(ast.Compare("=", ast.Text() | ast.Name() as one) | ast.InName(one, False)) as test,
            ),
            ast.Subject(head=ast.Name(words=words, quoted=quoted) as name),
        ) if after == ast.Subject(name) and before == ast.Subject(head, comparison=test):
            pass
        case _:
            return None
    if not is_no_name(scope, name):
        return None
    sets = scope.catalog.find_set
    if quoted is None and isinstance(one, ast.Name) and sets(one.text) and sets(words):
        return ast.Subject(head, comparison=ast.InName(name, span=name.span), span=name.span)
    if quoted is not None and not words and isinstance(one, ast.Text):
        text = ast.Text(quoted, name.span)
        return ast.Subject(head, comparison=ast.Compare("=", text, name.span), span=name.span)
    return None


def what_is_denied(scope: Scope, before: ast.Rule, after: ast.Rule, every: bool) -> None:
    """`has not ordered or clicked sms`: is what follows denied as well? `did not order and clicked sms` says no."""
    if not isinstance(before, ast.Subject) or not isinstance(after, ast.Subject) or not _is_denied(before):
        return
    never = before.quantity
    assert never is not None
    if isinstance(after.comparison, ast.Is) or (after.quantity and after.quantity.count == _ZERO):
        return
    between = Span(before.span.source, before.span.end, after.span.start).text
    if not re.fullmatch(pattern("(?:<AND>|<OR>)"), between.strip(), re.IGNORECASE) or not _is_event(scope, after):
        return
    if fold(never.span.text).startswith("did") and _is_finite(scope, after):
        return
    once = replace(before, quantity=None, comments=())
    one, other = format_(replace(before, comments=())), format_(replace(after, comments=()))
    said = [f"{other} and {one}" if every else f"({one}) or {other}", format_(ast.Not(ast.AnyOf((once, after))))]
    if every:
        said.append(format_(ast.Not(ast.All((once, after)))))
    whole = before.span.to(after.span)
    alone = whole.text.strip() == whole.source.text.strip()
    denial, event = fold(never.span.text), format_(ast.Subject(after.head))
    fail("mixed-and-or", f"Whether `{denial}` denies `{event}` as well, nobody can tell.", whole, "say which:",
         *(Fix(whole, text if alone else f"({text})") for text in said))  # fmt: skip


def _is_denied(rule: ast.Subject) -> bool:
    never = rule.quantity
    return never is not None and never.count == _ZERO and fold(never.span.text) in spellings("DENIED")


def _is_event(scope: Scope, rule: ast.Subject) -> bool:
    try:
        head = resolve(scope, rule.head)
    except SegQLError:
        return False
    return isinstance(head, Events) and head.edge is None


def _is_finite(scope: Scope, rule: ast.Subject) -> bool:
    """Whether an event is said in another form than the one that stands behind `did not`."""
    if not isinstance(rule.head, ast.Name) or not scope.catalog.find_event(rule.head.text):
        return False
    return len(bases(fold(rule.head.text).split()[0])) > 1
