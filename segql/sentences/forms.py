"""Patterns of English in a line each: words, alternatives, what may be left out, and typed gaps.

`[is|are] older than {n:number}` is read word by word: `a|b` is one of several words, `did_not` two in a row, `[..]` may
be missing, `{name:slot}` is what the slot `slot` finds, kept by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias, TypeVar

from .tokens import Token

T = TypeVar("T")
Slot: TypeAlias = Callable[[int, int, Mapping[str, Any]], Iterator[tuple[int, Any]]]
"""What stands at a place, up to an end, behind what was found before: each way to read it, and where it ends."""

Edge: TypeAlias = "frozenset[str] | None"
"""Words of which one has to be there; None where a gap can be."""

_PIECE = re.compile(r"\{(?P<name>\w+):(?P<slot>\w+)\}|\[(?P<maybe>[^\]]+)\]|(?P<words>\S+)")


@cache
def pieces(form: str) -> tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...]:
    """Each piece of a pattern: the name and slot of a gap, or the words that may stand there."""
    found = []
    for one in _PIECE.finditer(form):
        words = one["maybe"] or one["words"] or ""
        several = tuple(tuple(each.split("_")) for each in words.split("|")) if words else ()
        found.append((one["name"] or "", one["slot"] or "", (*several, ()) if one["maybe"] else several))
    return tuple(found)


@cache
def _needed(form: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Of each piece of words that may not be missing, those that may stand there."""
    return tuple(several for _, _, several in pieces(form) if several and () not in several)


def possible(forms: tuple[tuple[str, T], ...], words: frozenset[str]) -> list[tuple[str, T]]:
    """The patterns, in their order, of which a sentence of these words has those that may not be missing."""
    always, by_word = _by_word(tuple(form for form, _ in forms))
    places = {*always, *(place for word in words for place in by_word.get(word, ()))}
    return [forms[place] for place in sorted(places) if _may_match(forms[place][0], words)]


@cache
def _by_word(forms: tuple[str, ...]) -> tuple[tuple[int, ...], Mapping[str, list[int]]]:
    """The places of the patterns that need no word, and of the others by a word of the piece with the fewest."""
    always, by_word = [], dict[str, list[int]]()
    for place, form in enumerate(forms):
        if needed := _needed(form):
            for said in min(needed, key=lambda several: (len(several), -max(map(len, several[0])))):
                by_word.setdefault(said[0], []).append(place)
        else:
            always.append(place)
    return tuple(always), by_word


def _may_match(form: str, words: frozenset[str]) -> bool:
    return all(any(words.issuperset(said) for said in several) for several in _needed(form))


@cache
def edges(form: str) -> tuple[Edge, Edge]:
    """What a stretch that fills a pattern has to begin with, and to end with."""
    return _edge(pieces(form), 0), _edge(pieces(form)[::-1], -1)


def _edge(parts: tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...], at: int) -> Edge:
    found = set[str]()
    for _, slot, several in parts:
        if slot:
            return None
        found |= {words[at] for words in several if words}
        if () not in several:
            break
    return frozenset(found)


def matches(
    form: str, tokens: tuple[Token, ...], start: int, stop: int, slots: Mapping[str, Slot]
) -> Iterator[dict[str, Any]]:
    """Every way in which all words of a stretch fill a pattern: what stands in each gap."""
    parts = pieces(form)

    def rest(place: int, at: int, found: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if place == len(parts):
            if at == stop:
                yield found
            return
        name, slot, several = parts[place]
        if slot:
            for end, value in slots[slot](at, stop, found):
                yield from rest(place + 1, end, {**found, name: value})
        for words in several:
            end = at + len(words)
            if end <= stop and all(token.folded == word for token, word in zip(tokens[at:end], words, strict=True)):
                yield from rest(place + 1, end, found)

    return rest(0, start, {})
