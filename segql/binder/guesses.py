"""What an unknown name was meant to say: one that is known, with words around it that SegQL says otherwise."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import TypeAlias

from .. import ast
from ..calendar import add_months
from ..catalog import Catalog, fold
from ..catalog.parts import Event
from ..errors import Fix, nearest
from ..formatter import format as format_
from ..formatter import format_name
from ..parser.slips import COMPARING
from ..source import Span
from .scope import Scope, fail

Help: TypeAlias = tuple[()] | tuple[str, *tuple[Fix | str, ...]]
"""Words, and the fixes that they lead to."""

_TESTS = {
    "equals": "is", "equal to": "is", "isn't": "is not", "isnt": "is not", "like": "matches", "is like": "matches",
}  # fmt: skip
_BESIDE = {"who", "customers", "people", "users", "profiles", "contacts", "with", "that", "which", "whose", "the"}
_LACKS = {"no", "not", "non", "without", "never", "didn't", "doesn't", "don't", "hasn't", "haven't"}
_WITHDREW = {
    "unsubscribed", "unsubscribe", "out", "complained", "bounced", "blocked", "withdrew", "revoked", "stopped",
    "suppressed", "refused",
}  # fmt: skip
"""Words before a channel that say no consent: `opted out of sms`."""
_REASONS = {"unsubscribed", "complained", "bounced", "blocked", "suppressed"}
"""Those of them that are also what a catalog keeps as the reason."""
_STATISTICS = {"average": "the average", "avg": "the average", "mean": "the average", "median": "the median"}
_PERIOD = re.compile(r"(?:this|last|next) (?:week|month|quarter|year)|today|yesterday", re.IGNORECASE)
_SLIP = 0.8
"""How alike a name and what was written are where only letters of it are wrong: `clickt sms`."""
_MOST_WORDS = 30
"""Of a name that is guessed at: each word may be the first of one that is known."""
_IN = re.compile(r"\bin\s+$", re.IGNORECASE)
_MONTHS = [(name.casefold(), name[:3].casefold()) for name in month_name[1:]]
_WHEN = ("on", "before", "after", "since")


def meant(scope: Scope, name: ast.Name) -> Help:
    """The help for a name, where all of it means nothing and a part of it does; else nothing."""
    words, catalog = name.words.split(), scope.catalog
    if len(words) > _MOST_WORDS:
        return ()
    for size in range(len(words), 0, -1):
        known, rest = " ".join(words[:size]), " ".join(words[size:])
        if event := catalog.find_event(known):
            return _after_event(catalog, event, known, rest, name.quoted)
        if catalog.find_property(known) or catalog.find_metric(known):
            return _after_measure(known, rest, name.quoted)
    if name.quoted is not None:
        return ()
    if words[0].casefold() == "near":
        return (f"say how near, for example `within 20 km of {' '.join(words[1:])}`",)
    for start in range(1, len(words)):
        known, before = " ".join(words[start:]), [word.casefold() for word in words[:start]]
        if found := _after_words(catalog, known, before, name.span):
            return found
    if said := _STATISTICS.get(name.words.casefold()):
        return "say", said
    if _PERIOD.fullmatch(name.words) and catalog.events:
        example = f"{format_name(next(iter(catalog.events)))} {name.words}"
        return (f"a window stands behind what happened, for example `{example}`",)
    return _compared(words, scope)


def another_value(scope: Scope, before: ast.Rule, after: ast.Rule) -> None:
    """`country is "NL" or "BE"`: the second text begins a condition, and was meant as a value."""
    match before, after:
        case (
            ast.Subject(
                head=head, comparison=ast.Compare("=" | "!=" as op, ast.Name(words=either, quoted=str() as one))
            ),
            ast.Subject(head=ast.Name(words="", quoted=str() as two) as name),
        ) if fold(either) == "either":
            said = format_(ast.Subject(head, comparison=ast.In((ast.Text(one), ast.Text(two)), op == "!=")))
            fail("unknown-name", "`either` is no word of SegQL.", name.span, "for one of several values:",
                 Fix(Span(name.span.source, before.span.start, after.span.end), said))  # fmt: skip
        case (
            ast.Subject(head=head, comparison=ast.Compare("=" | "!=" as op, ast.Text(value=one))),
            ast.Subject(head=ast.Name(words="", quoted=str() as two) as name),
        ) if fold(two) not in scope.segments and not any(find(two) for find in _finders(scope.catalog)):
            said = format_(ast.Subject(head, comparison=ast.In((ast.Text(one), ast.Text(two)), op == "!=")))
            whole = Span(name.span.source, before.span.start, after.span.end)
            fail("unknown-name", f"A condition begins with a name, and nothing is called `{two}`.", name.span,
                 "for one of several values:", Fix(whole, said))  # fmt: skip


def month_meant(scope: Scope, name: ast.Name) -> Help:
    """`in October`: the last one, by its days; nothing where the name is no month."""
    number = next((n for n in range(1, 13) if fold(name.text) in _MONTHS[n - 1]), 0)
    before = _IN.search(name.span.source.text, 0, name.span.start)
    if not number or before is None or name.quoted is not None:
        return ()
    first = scope.today.replace(month=number, day=1)
    if first > scope.today:
        first = add_months(first, -12)
    last = add_months(first, 1) - timedelta(days=1)
    whole = Span(name.span.source, before.start(), name.span.end)
    return "for the last one:", Fix(whole, f"between {first} and {last}")


def _after_event(catalog: Catalog, event: str, known: str, rest: str, text: str | None) -> Help:
    words = rest.casefold()
    if text is None and words in COMPARING:
        return "say", f"{known} {COMPARING[words]}"
    if words.split(" ")[0] in _WHEN and text is None:
        return (f"a day is written as a date, for example `{known} {words.split(' ')[0]} 2025-11-28`",)
    value = "" if text is None else f' is "{_doubled(text)}"'
    properties: tuple[tuple[str, Callable[[str, str], str | None]], ...] = (
        ("{}", catalog.find_event_property), ("any item ({})", catalog.find_item_property),
    )  # fmt: skip
    for tail in _tails(rest):
        for form, find in properties:
            if find(event, tail):
                if value:
                    return "say which by `where`:", f"{known} where {form.format(tail + value)}"
                return (f"say which by `where`: `{known} where {form.format(tail + ' ..')}`",)
    if text is not None:
        return (f"say which by `where`, for example `{known} where {_example(catalog.events[event], value)}`",)
    return ("conditions are joined by `and`:", f"{known} and {rest[4:]}") if words.startswith("but ") else ()


def _example(event: Event, value: str) -> str:
    """A text of the event's items, or of the event itself."""
    for form, properties in (
        ("any item ({})", event.items.properties if event.items else {}), ("{}", event.properties),
    ):  # fmt: skip
        for name, part in properties.items():
            if part.type == "text":
                return form.format(format_name(name) + value)
    return f"PROPERTY{value}"


def _after_measure(known: str, rest: str, text: str | None) -> Help:
    words = rest.casefold()
    if text is not None:
        test = _TESTS.get(words, "is")
        value = text.replace("%", "*").replace("_", "?") if test == "matches" else text
        return "say", f'{known} {test} "{_doubled(value)}"'
    return ("say", f"{known} {COMPARING[words]}") if words in COMPARING else ()


def _after_words(catalog: Catalog, known: str, before: list[str], span: Span) -> Help:
    """What follows words like `customers who`, `without`."""
    lacks = not _LACKS.isdisjoint(before)
    slip = get_close_matches(" ".join([*before, known.casefold()]), catalog.events, 1, _SLIP)
    if (channel := catalog.find_channel(known)) and not slip and (gone := _WITHDREW.intersection(before)):
        reason = next(iter(gone & _REASONS), None) if catalog.channels[channel].reason is not None else None
        said = f"cannot receive {known}"
        if reason:
            return "say", said, Fix(span, f'{said} because "{reason}"', "for that reason alone")
        return "say", said
    if catalog.find_channel(known) and not slip:
        return "say", f"{'cannot' if lacks or before[0].startswith('cannot') else 'can'} receive {known}"
    if catalog.find_event(known) and lacks:
        return "say", f"never {known}"
    if any(find(known) for find in _finders(catalog)) and _BESIDE.issuperset(before):
        return "a condition is about each customer: say", known
    return ()


def _compared(words: list[str], scope: Scope) -> Help:
    """`total spend over`: a slip in the name, and an English comparison behind it."""
    for size in (2, 1):
        comparison = " ".join(words[-size:]).casefold()
        if comparison in COMPARING and (close := nearest(" ".join(words[:-size]), _names(scope.catalog), 1)):
            return "did you mean?", f"{format_name(close[0])} {COMPARING[comparison]}"
    return ()


def _finders(catalog: Catalog) -> tuple[Callable[[str], str | None], ...]:
    return catalog.find_event, catalog.find_property, catalog.find_metric


def _names(catalog: Catalog) -> Iterator[str]:
    known: Iterable[Mapping[str, object]] = (catalog.events, catalog.profiles.properties, catalog.metrics)
    for names in known:
        yield from names


def _tails(words: str) -> Iterator[str]:
    split = words.split()
    return (" ".join(split[start:]) for start in range(len(split)))


def _doubled(text: str) -> str:
    return text.replace('"', '""')
