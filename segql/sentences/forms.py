"""Patterns of English in a line each: words, alternatives, what may be left out, and typed gaps.

`[is|are] older than {n:number}` is read word by word: `a|b` is one of several words, `did_not` two in a row, `[..]` may
be missing, `{name:slot}` is what the slot `slot` finds, kept by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from .tokens import Token

Slot: TypeAlias = Callable[[int, int, Mapping[str, Any]], Iterator[tuple[int, Any]]]
"""What stands at a place, up to an end, behind what was found before: each way to read it, and where it ends."""

_PIECE = re.compile(r"\{(?P<name>\w+):(?P<slot>\w+)\}|\[(?P<maybe>[^\]]+)\]|(?P<words>\S+)")


@cache
def _pieces(form: str) -> tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...]:
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
    return tuple(several for _, _, several in _pieces(form) if several and () not in several)


def may_match(form: str, words: frozenset[str]) -> bool:
    """Whether a sentence of these words has those that a pattern cannot lack."""
    return all(any(words.issuperset(said) for said in several) for several in _needed(form))


def matches(
    form: str, tokens: tuple[Token, ...], start: int, stop: int, slots: Mapping[str, Slot]
) -> Iterator[dict[str, Any]]:
    """Every way in which all words of a stretch fill a pattern: what stands in each gap."""
    pieces = _pieces(form)

    def rest(place: int, at: int, found: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if place == len(pieces):
            if at == stop:
                yield found
            return
        name, slot, several = pieces[place]
        if slot:
            for end, value in slots[slot](at, stop, found):
                yield from rest(place + 1, end, {**found, name: value})
        for words in several:
            end = at + len(words)
            if end <= stop and all(token.folded == word for token, word in zip(tokens[at:end], words, strict=True)):
                yield from rest(place + 1, end, found)

    return rest(0, start, {})
