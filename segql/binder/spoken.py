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
from ..words import pattern, say, spellings, word
from .advice.phrases import channel_of
from .advice.suggestions import is_no_name
from .advice.things import through
from .heads import Events, resolve
from .scope import Scope, fail
from .taken import in_words

_ZERO = ast.Number(Decimal(0))


def channels_again(scope: Scope, parts: tuple[ast.Rule, ...]) -> tuple[ast.Rule, ...]:
    """`can receive email and sms`, `can be texted but not emailed`: a channel alone, which is no other name, too."""
    found: list[ast.Rule] = []
    for part in parts:
        found.append(_received_too(scope, found[-1], part) if found else part)
    return tuple(found)


def _received_too(scope: Scope, before: ast.Rule, part: ast.Rule) -> ast.Rule:
    bare = part.part if isinstance(part, ast.Not) else part
    if not isinstance(bare, ast.Subject) or not isinstance(name := bare.head, ast.Name) or bare != ast.Subject(name):
        return part
    channel = channel_of(scope.catalog, name.text)
    if channel is None:
        return part
    if isinstance(before, ast.Subject):
        before = _said_of(scope, before) or before
    if (
        not isinstance(before, ast.CanReceive)
        or before != ast.CanReceive(before.channel, negated=before.negated)
        or not is_no_name(scope, name)
    ):
        return part
    again = ast.CanReceive(ast.Name(channel, None, name.span), negated=isinstance(part, ast.Not), span=part.span)
    if before.negated and not again.negated and _between(before, part) in spellings("BUT"):
        # Printed with `and` it would be denied as well.
        fail("unknown-name", f"Nothing that happened is called `{name.text}`.", part.span, "say", format_(again))
    return part if before.negated else again


def _between(before: ast.Rule, after: ast.Rule) -> str:
    """What stands between two operands."""
    return fold(Span(before.span.source, before.span.end, after.span.start).text.strip())


def values_again(scope: Scope, parts: tuple[ast.Rule, ...]) -> tuple[ast.Rule, ...]:
    """Operands of an `or`: a value alone, which is no name, is compared as the one before it is."""
    parts = tuple(_located(scope, part) for part in parts)
    found: list[ast.Rule] = []
    for part in parts:
        again = (_again(scope, found[-1], part) or _thing_again(scope, found[-1], part)) if found else None
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


def elements_again(scope: Scope, parts: tuple[ast.Rule, ...]) -> tuple[ast.Rule, ...]:
    """`tagged "club" and "gift"`: a text alone is in the list as well that the one before it is in."""
    found: list[ast.Rule] = []
    for part in parts:
        again = part
        if found and isinstance(part, ast.Subject) and isinstance(name := part.head, ast.Name):
            before = _said_of(scope, found[-1]) or found[-1]
            match before:
                case ast.Subject(head=head, comparison=ast.Includes("any", (ast.Text(),), False)) if (
                    name.quoted is not None and not name.words and part == ast.Subject(name)
                    and before == ast.Subject(head, comparison=before.comparison) and is_no_name(scope, name)
                ):  # fmt: skip
                    test = ast.Includes("any", (ast.Text(name.quoted, name.span),), span=name.span)
                    again = scope.work.taken[part] = ast.Subject(head, comparison=test, span=part.span)
        found.append(again)
    return tuple(found)


def _said_of(scope: Scope, part: ast.Rule) -> ast.Rule | None:
    """What a condition alone is taken for whose head is no name."""
    if isinstance(part, ast.Subject) and isinstance(part.head, ast.Name) and part == ast.Subject(part.head):
        try:
            resolve(scope, part.head)
        except SegQLError as error:
            return in_words(scope, part, error)
    return None


def _thing_again(scope: Scope, before: ast.Rule, after: ast.Rule) -> ast.Rule | None:
    """`bought beans or Molen products`: a thing alone, which is no name, had the same done to it."""
    one = _said_of(scope, before)
    match one, before, after:
        case (
            ast.Subject(head=ast.Name() as event, where=where),
            ast.Subject(head=ast.Name(words=said, quoted=None)),
            ast.Subject(head=ast.Name(words=words, quoted=None) as name),
        ) if where is not None and one == ast.Subject(event, where=where) and after == ast.Subject(name):
            pass
        case _:
            return None
    if not is_no_name(scope, name):
        return None
    again = ast.Name(f"{said.split()[0]} {words}", None, name.span)
    other = _said_of(scope, replace(after, head=again))
    if isinstance(other, ast.Subject) and other.head == event and other == ast.Subject(event, where=other.where):
        scope.work.taken[after] = other
        return other
    return None


_IT = frozenset({"it", "them", "that", "this"})


def what_it_is(scope: Scope, before: ast.Rule, after: ast.Rule) -> None:
    """`received an email and did not open it`: the same thing afterwards, or any at all."""
    if not isinstance(before, ast.Subject) or not isinstance(after, ast.Subject):
        return
    said = _said_of(scope, replace(before, window=None))
    one, name = said.head if isinstance(said, ast.Subject) else before.head, after.head
    if not isinstance(name, ast.Name) or name.quoted is not None or not isinstance(one, ast.Name):
        return
    verb, _, it = name.words.rpartition(" ")
    if not verb or fold(it) not in _IT or not is_no_name(scope, name):
        return
    first = scope.catalog.find_event(one.text) or next(iter(scope.catalog.events_meant(one.text)), None)
    thing = first.partition(" ")[2] if first else ""
    known = next(iter(scope.catalog.events_meant(f"{verb} {thing}")), None)
    if first is None or known is None:
        return
    done = replace(after, head=ast.Name(known), quantity=None, comments=())
    denied = after.quantity is not None and after.quantity.count == _ZERO
    if after.quantity is not None and not denied:
        return
    start = format_(replace(before, head=ast.Name(first), comments=()))
    then = "NOT_FOLLOWED_BY" if denied else "THEN"
    other = format_(replace(done, quantity=after.quantity))
    whole = before.span.to(after.span)
    fail("unknown-name", f"`{it}` is what was spoken of before, and that may be said in two ways.", whole, "say which:",
         Fix(whole, say(f"{{}} {then} {{}}", start, format_(done)), "this one"),
         Fix(whole, f"{start} {word('AND')} {other}", "any one"))  # fmt: skip


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


def what_else_is_denied(scope: Scope, before: ast.Rule, after: ast.Rule) -> None:
    """`outside Germany or Austria`, `never bought beans or grinders`: is a thing that follows `or` denied as well?"""
    if not isinstance(after, ast.Subject) or not isinstance(name := after.head, ast.Name):
        return
    denies = _denies(before)  # else it may be a phrase that does
    if not (denies or isinstance(before, ast.Subject)) or not is_no_name(scope, name):
        return
    if not denies and not _denies(_said_of(scope, before) or before):
        return
    if channel := channel_of(scope.catalog, name.text):
        said = [(say("CAN_RECEIVE {}", channel), say("CANNOT_RECEIVE {}", channel))]
    else:
        said = [(one, f"{word('NOT')} {one}") for one in through(scope.catalog, name.text)]
    whole = before.span.to(after.span)
    alone = whole.text.strip() == whole.source.text.strip()
    rest = Span(name.span.source, name.span.end, after.span.end).text
    texts = [f"{before.span.text} {word('AND')} {denied}{rest}" for _, denied in said]
    texts += [f"{before.span.text} {word('OR')} {one}{rest}" for one, _ in said]
    if texts:
        fail("mixed-and-or", f"Whether `{name.text}` is denied as well, nobody can tell.", name.span, "say which:",
             *(Fix(whole, text if alone else f"({text})") for text in texts))  # fmt: skip


def _denies(rule: ast.Rule) -> bool:
    """Whether the last that it says is that something is not so."""
    match rule:
        case ast.Not():
            return True
        case ast.All(parts=(*_, last)):
            return _denies(last)
        case ast.CanReceive(negated=negated):
            return negated
        case ast.Subject(quantity=quantity, comparison=comparison):
            return bool(getattr(comparison, "negated", False)) or (quantity is not None and quantity.count == _ZERO)
        case _:
            return False


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
