"""Conditions that are found by what they hold: a value, a named set, a saved segment, a list, a thing of an event."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..binder.advice.things import Holder, holders, other_holders, tests
from ..catalog import Catalog, fold
from ..catalog.forms import base_forms
from ..formatter import format_name
from ..parser.engine.lexer import Lexer
from ..parser.engine.machine import Reading, rules_alone
from ..parser.engine.tables import END
from ..source import Source
from ..words import say, word
from .model import Known, Offer, kept
from .offers import members, offered_text
from .reading import Caret
from .rows import said

_WEIGHT = -1.5
"""Less than what is a name by itself."""


def conditions(place: Caret, known: Known) -> Iterator[Offer]:
    """Whole conditions about what has a word that begins as was typed, through what holds it."""
    typed = fold(place.typed)
    for weight, found in ((_WEIGHT, _holders(known.catalog)), (_WEIGHT - 1, _other_holders(known.catalog))):
        for test, owner, values in found:
            for value in _values(known, owner, values, typed):
                yield _whole(_filled(test, value), f"a value of {owner[-1]}", value, test, weight)
    for name in known.catalog.known_sets() if len(typed) > 1 else ():
        if _has(name, typed):
            shown = members(known.catalog.set_values(name) or ())
            for of, test in tests(known.catalog, known.catalog.profiles.properties, name):
                yield _whole(format_name(of) + test, shown, name, f"set {of}")
    for segment in known.segments.segments.values():
        if _has(segment.name.text, typed):
            name = segment.name.text
            yield _whole(say("IN_SEGMENT {}", format_name(name)), "a saved segment", name, "IN_SEGMENT")
    for name, part in known.catalog.lists.items():
        if _has(name, typed):
            yield _whole(say("IN_LIST {}", format_name(name)), part.description or "a list", name, "IN_LIST")


def things(place: Caret, known: Known) -> Iterator[Offer]:
    """Behind an event: what it was about, `bought "Beans"`; in quotes once they were begun."""
    typed = fold(place.typed).strip("\"'")
    event = known.catalog.find_event(said(place.before)) if place.before and typed and "WHERE" in place.takes else None
    for test, owner, values in (*_holders(known.catalog), *_other_holders(known.catalog)) if event else ():
        for value in _values(known, owner, values, typed) if owner[0] == event else ():
            meaning = f"a value of {owner[-1]}"
            if place.typed[0] in "\"'":
                yield offered_text(value, place.typed, meaning)
            else:
                where = test[test.index(f"{word('WHERE')} ") :]
                text = _filled(where, value)
                yield Offer(text, "value", meaning, _tokens(f"x {text}")[1:], (value,), 0.5, alike=where)


def counted(place: Caret, known: Known) -> Iterator[Offer]:
    """`opened at least 3 emails`: what the verb is said of by the catalog's events."""
    verb = base_forms(fold(said(place.levels[-1][0])))
    for name, event in known.catalog.events.items():
        for spelled in (name, *event.also):
            first, _, rest = fold(spelled).partition(" ")
            if rest.isalpha() and not verb.isdisjoint(base_forms(first)):
                several = rest if rest.endswith("s") else rest + ("es" if rest.endswith(("x", "ch", "sh")) else "s")
                yield Offer(several, "event", event.description or name, (("THING", several),), alike="THING")


def _has(name: str, typed: str) -> bool:
    """Whether a name, or a word of it, begins as was typed; of fewer letters than three only the name."""
    known = fold(name)
    return known.startswith(typed) or (len(typed) > 2 and f" {typed}" in known)


def _values(known: Known, owner: tuple[str, ...], values: tuple[str, ...], typed: str) -> Iterator[str]:
    stored = map(str, known.stored.get(owner, ()))
    return (value for value in dict.fromkeys((*values, *stored)) if _has(value, typed))


def _holders(catalog: Catalog) -> tuple[Holder, ...]:
    return kept(catalog, "holders", lambda: tuple(holders(catalog)))


def _other_holders(catalog: Catalog) -> tuple[Holder, ...]:
    return kept(catalog, "other holders", lambda: tuple(other_holders(catalog)))


def _filled(test: str, value: str) -> str:
    return test.format(value.replace('"', '""'))


def _whole(text: str, meaning: str, found_by: str, alike: str, weight: float = _WEIGHT) -> Offer:
    return Offer(text, "value", meaning, _tokens(text), (found_by,), weight, alike=alike)


@lru_cache(1024)
def _tokens(text: str) -> tuple[tuple[str, str], ...]:
    """A condition as the parser takes it."""
    reading = Reading(Source(text), "rule", rules_alone())
    lexer, found = Lexer(reading.source, 0, len(text)), list[tuple[str, str]]()
    while (token := lexer.next(reading.actions)).type != END:
        reading.take(token)
        found.append((token.type, token.text))
    return tuple(found)
