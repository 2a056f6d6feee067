"""What alone is no name says again what the condition before it said: `country in Germany or Austria`."""

from __future__ import annotations

import re
from dataclasses import replace

from .. import ast
from ..catalog import fold
from ..errors import Fix, SegQLError
from ..formatter import format as format_
from ..words import spellings, word
from .advice.ambiguities import between
from .advice.phrases import channel_of, phrased
from .advice.suggestions import is_no_name
from .heads import resolve
from .scope import Scope, fail
from .taken import in_words


def said_again(scope: Scope, parts: tuple[ast.Rule, ...], every: bool) -> tuple[ast.Rule, ...]:
    """Operands of an `and` or `or`: what alone is no name says once more what was said before. Raises SegQLError."""
    if not every:
        parts = tuple(located(scope, part) for part in parts)
    found: list[ast.Rule] = []
    for part in parts:
        again = (one(scope, found[-1], part) for one in (_AND if every else _OR)) if found else ()
        if (said := next((one for one in again if one is not None), None)) is not None:
            scope.work.taken[part] = said
        found.append(said or part)
    return tuple(found)


def _received_too(scope: Scope, before: ast.Rule, part: ast.Rule) -> ast.Rule | None:
    """`can receive email and sms`, `can be texted but not emailed`: a channel alone, which is no other name, too."""
    bare = part.part if isinstance(part, ast.Not) else part
    if not isinstance(bare, ast.Subject) or not isinstance(name := bare.head, ast.Name) or bare != ast.Subject(name):
        return None
    channel = channel_of(scope.catalog, name.text)
    if channel is None:
        return None
    if isinstance(before, ast.Subject):
        before = said_of(scope, before) or before
    if (
        not isinstance(before, ast.CanReceive)
        or before != ast.CanReceive(before.channel, negated=before.negated)
        or not is_no_name(scope, name)
    ):
        return None
    again = ast.CanReceive(ast.Name(channel, None, name.span), negated=isinstance(part, ast.Not), span=part.span)
    if before.negated and not again.negated and between(before, part) in spellings("BUT"):
        # Printed with `and` it would be denied as well.
        fail("unknown-name", f"Nothing that happened is called `{name.text}`.", part.span, "say", format_(again))
    return None if before.negated else again


def located(scope: Scope, part: ast.Rule) -> ast.Rule:
    """`lives in Belgium`, as the property that it is compared with."""
    if isinstance(part, ast.Subject) and isinstance(part.comparison, ast.InName):
        try:
            resolve(scope, part.head)
        except SegQLError as error:
            if said := in_words(scope, part, error):
                scope.work.taken[part] = said
                return said
    return part


def _compared_too(scope: Scope, before: ast.Rule, after: ast.Rule) -> ast.Subject | None:
    """`country in Germany or Austria`: a value alone is compared as the one before it is."""
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


def _included_too(scope: Scope, before: ast.Rule, after: ast.Rule) -> ast.Rule | None:
    """`tagged "club" and "gift"`: a text alone is in the list as well that the one before it is in."""
    if not isinstance(after, ast.Subject) or not isinstance(name := after.head, ast.Name):
        return None
    match before := said_of(scope, before) or before:
        case ast.Subject(head=head, comparison=ast.Includes("any", (ast.Text(),), False) as test) if (
            name.quoted is not None and not name.words and after == ast.Subject(name)
            and before == ast.Subject(head, comparison=test) and is_no_name(scope, name)
        ):  # fmt: skip
            again = ast.Includes("any", (ast.Text(name.quoted, name.span),), span=name.span)
            return ast.Subject(head, comparison=again, span=after.span)
    return None


def said_of(scope: Scope, part: ast.Rule) -> ast.Rule | None:
    """What a condition alone is taken for whose head is no name."""
    if isinstance(part, ast.Subject) and isinstance(part.head, ast.Name) and part == ast.Subject(part.head):
        try:
            resolve(scope, part.head)
        except SegQLError as error:
            return in_words(scope, part, error)
    return None


def _thing_too(scope: Scope, before: ast.Rule, after: ast.Rule) -> ast.Rule | None:
    """`bought beans or Molen products`: a thing alone, which is no name, had the same done to it."""
    one, other = said_of(scope, before), with_its_verb(scope, before, after)
    if not (isinstance(one, ast.Subject) and isinstance(other, ast.Subject) and one.where and one.head == other.head):
        return None
    if one != ast.Subject(one.head, where=one.where) or other != ast.Subject(other.head, where=other.where):
        return None
    return other if _is_whole(format_(one), format_(other)) else None


def _is_whole(one: str, other: str) -> bool:
    """Whether no thing may be meant to have what the other one has: `beans from Molen or Øst`, `Molen or Øst beans`.

    `grinders or Molen beans` are two things, each of its own kind, and so are `beans or Øst products`; in `beans or
    grinders from Molen` what stands behind both may be said of both.
    """
    first, second = ({*_TESTED.findall(said)} for said in (one, other))
    return first == second or first.isdisjoint(second)


_TESTED = re.compile(rf"(?:\(|{word('WHERE')} | {word('AND')} )([^\W\d][\w ]*?) {word('IS')} ")
"""What a thing is told by, in a canonical text."""


def _things_of_one(scope: Scope, before: ast.Rule, after: ast.Rule) -> None:
    """`bought beans and grinders`: together, or each at some time."""
    other, one = _thing_too(scope, before, after), said_of(scope, before)
    if isinstance(one, ast.Subject) and isinstance(other, ast.Subject):
        whole = before.span.to(after.span)
        assert one.where
        assert other.where
        both = format_(replace(one, where=ast.All((one.where, other.where)), comments=()))
        each = format_(ast.All((replace(one, comments=()), other)))
        alone = whole.text.strip() == whole.source.text.strip()
        fail("unknown-name", f"`{after.span.text}` is no name that a condition begins with.", after.span, "say which:",
             Fix(whole, both, "at once"), Fix(whole, each if alone else f"({each})", "each at some time"))  # fmt: skip


def what_alone(scope: Scope, before: ast.Rule, after: ast.Rule) -> None:
    """`bought nothing but beans`, `bought anything but beans`: `but` joins nothing there."""
    match before, after:
        case ast.Subject(head=ast.Name(words=said, quoted=None)), ast.Subject(
            head=ast.Name(words=thing, quoted=None)
        ) if fold(said).endswith((" nothing", " anything")) and between(before, after) in spellings("BUT"):
            whole = replace(before.span, end=after.head.span.end)
            alone = before == ast.Subject(before.head) and after == ast.Subject(after.head)
            fixes = phrased(scope, ast.Name(f"{said} {word('BUT')} {thing}", None, whole)) if alone else []
            fail(
                "unknown-name", f"What `{thing}` is left out of is no condition.", whole, *["say"] * bool(fixes), *fixes
            )


def what_was_done(scope: Scope, before: ast.Rule, after: ast.Rule, every: bool) -> None:
    """`clicked sms or email in 7d`, `opened or clicked an email`: one window or thing of both. Raises SegQLError."""
    if not isinstance(before, ast.Subject) or not isinstance(after, ast.Subject):
        return
    if before != ast.Subject(before.head) or after != ast.Subject(after.head, window=after.window):
        return
    first, last = before.head, after.head
    if not isinstance(first, ast.Name) or not isinstance(last, ast.Name) or between(before, after) in spellings("BUT"):
        return
    if after.window and (other := with_its_verb(scope, before, replace(after, window=None), events=True)):
        names = [first.words, format_(other)]
    elif " " not in first.words and " " in last.words and first.quoted is None and is_no_name(scope, first):
        names = [f"{first.words} {last.words.partition(' ')[2]}", last.words]
    else:
        return
    events = [scope.catalog.find_event(name) or next(iter(scope.catalog.events_meant(name)), None) for name in names]
    if None in events or events[0] == events[1]:
        return
    each = tuple(ast.Subject(ast.Name(str(event)), window=after.window) for event in events)
    whole = before.span.to(after.span)
    alone = whole.text.strip() == whole.source.text.strip()
    said = format_(ast.All(each) if every else ast.AnyOf(each))
    fail("unknown-name", f"`{whole.text}` is about two events.", whole, "say each:",
         Fix(whole, said if alone else f"({said})"))  # fmt: skip


def _done_too(scope: Scope, before: ast.Rule, after: ast.Rule) -> ast.Rule | None:
    """`clicked sms and email`: the same was done, where what was done to it is an event."""
    other = with_its_verb(scope, before, after, events=True)
    return other if isinstance(before, ast.Subject) and before == ast.Subject(before.head) else None


def with_its_verb(scope: Scope, before: ast.Rule, after: ast.Rule, events: bool = False) -> ast.Rule | None:
    """What a name alone says behind the verb of the condition before: an event, or what it is taken for."""
    match before, after:
        case ast.Subject(head=ast.Name(words=said, quoted=None)), ast.Subject(head=ast.Name(quoted=None) as name) if (
            after == ast.Subject(name)
            and said
            and is_no_name(scope, name)
            and between(before, after) not in spellings("BUT")
        ):
            again = ast.Name(f"{said.split()[0]} {name.words}", None, name.span)
        case _:
            return None
    if not events:
        return said_of(scope, replace(after, head=again))
    event = scope.catalog.find_event(again.words) or next(iter(scope.catalog.events_meant(again.words)), None)
    return replace(after, head=ast.Name(event, None, name.span)) if event else None


_OR = (_received_too, _compared_too, _thing_too, _done_too, _included_too)
_AND = (_received_too, _things_of_one, _done_too, _included_too)
