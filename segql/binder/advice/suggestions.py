"""What an unknown name was meant to say: one that is known, with words around it that SegQL says otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import TypeAlias

from ... import ast
from ...catalog import Catalog, fold
from ...catalog.forms import bases, irregular
from ...catalog.model import Event
from ...errors import Fix
from ...formatter import format as format_
from ...formatter import format_name
from ...parser.mistakes.slips import COMPARING
from ...source import Span
from ...words import say, word
from ..scope import Scope, fail
from .names import CANNOT, DENIALS, alike
from .things import amounts, of_event, texts

Help: TypeAlias = tuple[()] | tuple[str, *tuple[Fix | str, ...]]
"""Words, and the fixes that they lead to."""

_TESTS = {
    "": "is", "are": "is", "not": "is not", "aren't": "is not", "wasn't": "is not",
    "begins with": "starts with", "beginning with": "starts with", "starting with": "starts with",
    "ending with": "ends with", "containing": "contains", "equal": "is",
    "equals": "is", "equal to": "is", "isn't": "is not", "isnt": "is not", "like": "matches", "is like": "matches",
}  # fmt: skip
_BESIDE = {
    "who", "customers", "people", "users", "profiles", "contacts", "with", "that", "which", "whose", "the", "a", "an",
    "has", "have", "been", "ever", "any",
}  # fmt: skip
_ARTICLES = {"a", "an", "the", "any"}
_LACKS = DENIALS - CANNOT - {"un"}
_WITHDREW = {
    "unsubscribed", "unsubscribe", "out", "complained", "bounced", "blocked", "withdrew", "revoked", "stopped",
    "suppressed", "refused",
}  # fmt: skip
"""Words before a channel that say no consent: `opted out of sms`."""
_CONSENT = {
    "can", "can't", "cannot", "may", "get", "gets", "receive", "receives", "wants", "want", "accepts", "allows",
    "subscribed", "opted", "to", "in", "into", "from", "of", "about", "by", "via", "for", "is", "are", "be",
    "reachable", "has", "have", "consent", "consented", "and",
}  # fmt: skip
"""Words before a channel that speak of consent, and of nothing else."""
_REASONS = {"unsubscribed", "complained", "bounced", "blocked", "suppressed"}
"""Those of `_WITHDREW` that are also what a catalog keeps as the reason."""
_STATISTICS = {"average": "the average", "avg": "the average", "mean": "the average", "median": "the median"}
_PERIOD = re.compile(r"(?:this|last|next) (?:week|month|quarter|year)|today|yesterday", re.IGNORECASE)
_SLIP = 0.8
"""How alike a name and what was written are where only letters of it are wrong: `clickt sms`."""
_MOST_WORDS = 30
"""Of a name that is guessed at: each word may be the first of one that is known."""
_PRESENT = re.compile(
    r"(?P<word>with|without|using|used|had|having|has|contain(?:s|ed)|include(?:s|d)) (?:an? |the |any )?(?P<name>.+)",
    re.IGNORECASE,
)
_EDGE_WITH = re.compile(rf"(?P<edge>first|last|every|no) (?P<event>.+?) {_PRESENT.pattern}", re.IGNORECASE)
_BESIDE_VERBS = ("with", "without", "using")
_WHEN = ("on", "before", "after", "since")


def meant(scope: Scope, name: ast.Name) -> Help:
    """The help for a name, where all of it means nothing and a part of it does; else nothing."""
    words, catalog = name.words.split(), scope.catalog
    if len(words) > _MOST_WORDS:
        return ()
    if said := _tagged(catalog, name):
        return "say", *(Fix(name.span, one, sure=len(said) == 1) for one in said)
    if said := _edge_with(catalog, name):
        return "say", *(Fix(name.span, one, sure=len(said) == 1) for one in said)
    for size in range(len(words), 0, -1):
        known, rest = " ".join(words[:size]), " ".join(words[size:])
        if event := catalog.find_event(known):
            return _after_event(catalog, event, known, rest, name)
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
    if statistic := _STATISTICS.get(name.words.casefold()):
        return "say", statistic
    if _PERIOD.fullmatch(name.words):
        return ("a window stands behind what happened",)
    return _compared(words, scope)


def _tagged(catalog: Catalog, name: ast.Name) -> list[str]:
    """`tagged "gift buyer"`, `the tag "gift buyer"`: an element of a list."""
    words = [one for one in fold(name.words).split() if one not in _BESIDE and one != word("IS")]
    if name.quoted is None or len(words) != 1:
        return []
    lists = {key: part for key, part in catalog.profiles.properties.items() if part.type == "list of text"}
    named = [key for key, part in lists.items() if not set(bases(words[0])).isdisjoint(
        base for one in (key, *part.also) for base in bases(fold(one)))]  # fmt: skip
    return [f'{format_name(key)} {word("INCLUDES", "any")} "{_doubled(name.quoted)}"' for key in named]


def _edge_with(catalog: Catalog, name: ast.Name) -> list[str]:
    """`first order had a coupon`, `last order contained beans`: a property that is there, or a value. By a verb, as in
    `last ordered with a coupon`, it may be the last of those as well.
    """
    found = _EDGE_WITH.fullmatch(name.words) if name.quoted is None else None
    for event in alike(found["event"], _events(catalog)) if found else ():
        assert found
        no = "not " if found["word"].casefold() == "without" else ""
        key = catalog.find_event(event) or event
        given = catalog.find_event_property(key, found["name"])
        tests = [f"{format_name(given)} is {no}set"] if given else [
            f"{no}{one}" for one in of_event(catalog, catalog.events[key], found["name"])
        ]  # fmt: skip
        by_verb = _is_past(found["event"]) and found["edge"].lower() in ("first", "last")
        forms = ("where", "has") if by_verb and found["word"].lower() in _BESIDE_VERBS else ("has",)
        if tests:
            return [f"{found['edge'].lower()} {format_name(key)} {form} {test}" for test in tests for form in forms]
    return []


def _is_past(said: str) -> bool:
    verb = fold(said).split()[0]
    return verb.endswith("ed") or verb in irregular()


def another_value(scope: Scope, before: ast.Rule, after: ast.Rule) -> None:
    """`country is "NL" or "BE"`: the second text begins a condition, and was meant as a value."""
    match before, after:
        case (
            ast.Subject(head=head, comparison=ast.Compare("=" | "!=" as op, ast.Text() | ast.Name() as one)),
            ast.Subject(head=ast.Name() as name),
        ) if after == ast.Subject(name, span=after.span):
            plain = isinstance(one, ast.Name) and one.quoted is None
            first, second = _value_said(scope, one), _value_said(scope, name, plain)
        case _:
            return
    if first is None or second is None:
        return
    said = format_(ast.Subject(head, comparison=ast.In((first, second), op == "!=")))
    whole = Span(name.span.source, before.span.start, after.span.end)
    if isinstance(one, ast.Name) and fold(one.words) == "either":
        fail("unknown-name", "`either` is no word of SegQL.", name.span, "for one of several values:", Fix(whole, said))
    fail("unknown-name", f"A condition begins with a name, and nothing is called `{name.text}`.", name.span,
         "for one of several values:", Fix(whole, said))  # fmt: skip


def _value_said(scope: Scope, said: ast.Text | ast.Name, plain: bool = True) -> ast.Text | ast.Name | None:
    """What stands for a value: a text, a set, or (where they may be `plain`) a word that is like no name."""
    if isinstance(said, ast.Text):
        return said
    if said.words and said.quoted is not None:
        return ast.Text(said.quoted) if fold(said.words) == "either" else None
    if said.quoted is None and (scope.catalog.find_set(said.text) or scope.catalog.find_place(said.text)):
        return ast.Name(said.words)
    if not is_no_name(scope, said):
        return None
    names = [*_names(scope.catalog), *_events(scope.catalog)]
    return ast.Text(said.text) if said.quoted is not None or (plain and not alike(said.text, names)) else None


def is_no_name(scope: Scope, name: ast.Name) -> bool:
    """Whether nothing has this name that a condition may begin with."""
    known = fold(name.text) in scope.segments or scope.value(name) is not None
    return not known and not any(find(name.text) for find in _finders(scope.catalog))


def _after_event(catalog: Catalog, event: str, known: str, rest: str, name: ast.Name) -> Help:
    words, text, span = rest.casefold(), name.quoted, name.span
    if text is None and words in COMPARING:
        return _so_often_or_so_much(catalog.events[event], known, COMPARING[words])
    if text is None and (found := _PRESENT.fullmatch(rest)):
        given = catalog.find_event_property(event, found["name"])
        leaf = catalog.leaf_events(event)[0]  # a property of a union is one of all its events
        own = catalog.find_event_property(leaf, found["name"])
        if given and own and catalog.events[leaf].properties[own].type != "boolean":
            no = "not " if found["word"].casefold() == "without" else ""
            return "say which by `where`:", f"{known} where {format_name(found['name'])} is {no}set"
    if words.split(" ")[0] in _WHEN and text is None:
        return ("a day is written as a date: 2025-11-28",)
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
    said = texts(catalog.events[event], text) if text is not None else of_event(catalog, catalog.events[event], rest)
    if said:
        fixes = [Fix(span, f"{known} where {one}") for one in said]
        return "say which by `where`:", *(replace(fix, sure=len(fixes) == 1) for fix in fixes)
    return ("conditions are joined by `and`:", f"{known} and {rest[4:]}") if words.startswith("but ") else ()


def _so_often_or_so_much(event: Event, known: str, comparison: str) -> Help:
    """`placed order over 100`: times, or of its amount."""
    fixes = [*(f"{known} where {format_name(name)} {comparison}" for name in amounts(event)), f"{known} {comparison}"]
    return "say which:", *fixes


def _after_measure(known: str, rest: str, text: str | None) -> Help:
    words = rest.casefold()
    if text is None:
        for said in sorted(COMPARING, key=len, reverse=True):
            if f"{words} ".startswith(f"{said} "):
                return "say", f"{known} {COMPARING[said]} {rest[len(said) :].strip()}".rstrip()
    if text is not None:
        test = _TESTS.get(words)
        if test is None:
            return ()
        value = text.replace("%", "*").replace("_", "?") if test == "matches" else text
        return "say", f'{known} {test} "{_doubled(value)}"'
    return ()


def _after_words(catalog: Catalog, known: str, before: list[str], span: Span) -> Help:
    """What follows words like `customers who`, `without`."""
    lacks = not _LACKS.isdisjoint(before)
    slip = get_close_matches(" ".join([*before, known.casefold()]), catalog.events, 1, _SLIP)
    if (channel := catalog.find_channel(known)) and not slip and (gone := _WITHDREW.intersection(before)):
        reason = next(iter(gone & _REASONS), None) if catalog.channels[channel].reason is not None else None
        said = say("CANNOT_RECEIVE {}", known)
        if reason:
            return "say", said, Fix(span, say('{} BECAUSE "{}"', said, reason), "for that reason alone")
        return "say", said
    if catalog.find_channel(known) and not slip and all(map(_of_consent, before)) and not _ARTICLES.issuperset(before):
        denied = any(map(_denies, before))
        plainly = not denied and _CONSENT.issuperset(before)
        return "say", Fix(span, say("CANNOT_RECEIVE {}" if denied else "CAN_RECEIVE {}", known), sure=plainly)
    if lacks and (_LACKS | _BESIDE).issuperset(before):
        events = [known] if catalog.find_event(known) else alike(known, _events(catalog))
        if events:
            return "say", *(say("NEVER {}", format_name(event)) for event in events)
    if any(find(known) for find in _finders(catalog)) and _BESIDE.issuperset(before):
        return "a condition is about each customer: say", known
    return ()


def _denies(said: str) -> bool:
    """Whether a word denies, also with a slip: `canno receive sms` is no consent."""
    return said not in _CONSENT - DENIALS and bool(get_close_matches(said, DENIALS, 1, _SLIP))


def _of_consent(word: str) -> bool:
    return word in _LACKS or word in _BESIDE or bool(get_close_matches(word, _CONSENT, 1, _SLIP))


def _compared(words: list[str], scope: Scope) -> Help:
    """`total spend over`: a slip in the name, and an English comparison behind it."""
    for size in (2, 1):
        comparison = " ".join(words[-size:]).casefold()
        if comparison in COMPARING and (close := alike(" ".join(words[:-size]), _names(scope.catalog), 1)):
            return "did you mean?", f"{format_name(close[0])} {COMPARING[comparison]}"
    return ()


def _finders(catalog: Catalog) -> tuple[Callable[[str], str | None], ...]:
    return catalog.find_event, catalog.find_property, catalog.find_metric


def _names(catalog: Catalog) -> Iterator[str]:
    known: Iterable[Mapping[str, object]] = (catalog.events, catalog.profiles.properties, catalog.metrics)
    for names in known:
        yield from names


def _events(catalog: Catalog) -> Iterator[str]:
    for name, event in catalog.events.items():
        yield from (name, *event.also)


def _tails(words: str) -> Iterator[str]:
    split = words.split()
    return (" ".join(split[start:]) for start in range(len(split)))


def _doubled(text: str) -> str:
    return text.replace('"', '""')
