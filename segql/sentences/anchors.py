"""What something is counted from: `since their last order`, `after the first visit`, `since they last clicked`."""

from __future__ import annotations

from collections.abc import Iterator

from ..words import say, word
from . import denials
from .lexicon import is_article
from .people import People
from .repeats import least_
from .said import Said
from .slots import Slots
from .telling import Around
from .verbs import Verbs
from .vocabulary import meanings

_WHOSE = frozenset({"their", "his", "her", "they", "he", "she"})
_WITHIN = (("within",), ("less", "than"), ("under",))
_AT_LEAST = (("at", "least"), ("more", "than"), ("over",))
_MOST_TIMES = 6
_FEW = 4
"""Kinds of deeds that one verb may be."""


def edges(verbs: Verbs, people: People, at: int, stop: int) -> Iterator[tuple[str, Around, str]]:
    """The first or last of an event, by its noun or its verb, to the end: the event, what is said of it, and which.

    Of `their second order` it is the number.
    """
    tokens = verbs.tokens
    while at < stop and (is_article(tokens[at].folded) or tokens[at].folded in _WHOSE):
        at += 1
    edge = meanings("ORDINAL").get(tokens[at].folded, tokens[at].folded) if at + 1 < stop else ""
    if edge not in ("first", "last") and not edge.isdigit():
        return
    at += 1
    if tokens[at].folded == "time" and at + 1 < stop:
        at += 1 + (tokens[at + 1].folded in _WHOSE)
    for event, around in events(verbs, people, at, stop) if at < stop else ():
        if not (around.window or around.times or around.each or around.either):
            yield event, around, edge


def events(verbs: Verbs, people: People, at: int, stop: int) -> list[tuple[str, Around]]:
    """An event by its noun or its verb; `click` alone is of the kind that was spoken of, or of each."""
    lexicon, said = verbs.lexicon, verbs.tokens[at].folded
    found = [(event, around) for end, event in lexicon.nouns(at, stop) for around in verbs.around(event, end, stop)]
    found = found or list(denials.deeds(verbs, at, stop))
    if at + 1 == stop and not found:
        visits = people.standing.visits()[:1] if said.startswith("visit") else []
        found = [(event, Around()) for event in visits or lexicon.begun(said)]
    spoken = {token.folded.removesuffix("s") for token in verbs.tokens[:at]}
    alike = [one for one in found if one[0].split()[-1].casefold().removesuffix("s") in spoken]
    return (alike or found)[:_FEW]


def bounds(slots: Slots, at: int, stop: int, is_after: bool) -> list[tuple[str, str]]:
    """`within 3 days`, `at least 3 days`, before `after` also `3 days`: each bound that it may be, and which."""

    def behind(forms: tuple[tuple[str, ...], ...]) -> int:
        return next((at + len(form) for form in forms if slots.folded[at : at + len(form)] == form), 0)

    soon, late = behind(_WITHIN), behind(_AT_LEAST) if is_after else 0
    start = soon or late or (at if is_after else stop)
    length = next((length for end, length in slots.duration(start, stop) if end == stop), "")
    within, later = f"{word('WITHIN')} {length}", f"{say('AT_LEAST {}', length)} later"
    if not length or soon:
        return [(within, "")] * bool(length)
    least = "that instant too" if slots.folded[at] != "at" else ""
    return [(later, least)] if late else [(within, "at most"), (later, "at least")]


def after_none(told: Iterator[Said], alone: str, then: str, bound: str, in_time: bool) -> Iterator[Said]:
    """`never ordered after clicking an sms`: not after the latest of them, as `told`, or after none of them.

    After none is not after the first, where neither a length nor a time narrows which of them it is.
    """
    for one in told:
        yield one.unsure("after one of them" if bound else "after the latest of them")
        if bound or in_time:
            none = f"{alone} {word('AND')} {word('NOT')} ({alone} {word('THEN')} {then} {bound})"
        else:
            none = f"{word('EDGE', 'first')} {alone} {word('NOT_FOLLOWED_BY')} {then}"
        yield Said(none, "AND" if bound or in_time else "", False, "after none of them")


def not_before(first: str, then: str, name: str) -> Iterator[Said]:
    """`did not open an email before ordering`: before none of the orders, or not before the first."""
    which = ((name, "before none of them"), (say("{} WHERE {}", name, "number = 1"), "not before the first"))
    for last, note in which if first and then else ():
        none = f"{word('NOT')} ({first} {word('THEN')} {last})"
        yield Said(f"{name} {word('AND')} {none}", "AND", False, note)


def so_often(first: str, then: str, often: str) -> Iterator[Said]:
    """`visited the site at least 3 times since their last order`: so many steps; just so many cannot be told."""
    way, least = least_(often)
    if first and then and 1 < least <= _MOST_TIMES:
        text = f" {word('THEN')} ".join((first, *(then,) * least))
        yield Said(text, "", way != "=", "or more often" * (way == "="))


__all__ = ["after_none", "bounds", "edges", "events", "not_before", "so_often"]
