"""Words of the language in a name, before an event: `last ..`, `number of ..`, `total of last ..`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

from .. import ast
from ..catalog import fold
from ..plain import dataclass
from ..words import words as table


@dataclass(frozen=True, slots=True)
class Opening:
    """The words before an event, and what is left to be its name."""

    words: str
    kind: Literal["EDGE", "MEASURE_OF", "OF_EDGE"]
    sense: Any
    rest: str
    property: str | None = None
    """Of which `OF_EDGE` says what it is in the first or the last event."""


def openings(name: ast.Name) -> Iterator[Opening]:
    """The ways to read a name as words of the language and an event; the catalog knows whether there is one."""
    yield from _begun(name)
    yield from _of_edge(name)


def opens(words: str) -> bool:
    """Whether these are all words that stand before an event, or begin a name."""
    return fold(words) in _openings()


def _begun(name: ast.Name) -> Iterator[Opening]:
    if name.quoted is not None:
        if found := _openings().get(fold(name.words)):
            yield Opening(name.words, *found, name.quoted)  # type: ignore[arg-type]
        return
    tokens = name.words.split()
    for length in _first_words().get(tokens[0].casefold(), ()):
        words, rest = " ".join(tokens[:length]), " ".join(tokens[length:])
        if rest and (found := _openings().get(fold(words))):
            yield Opening(words, *found, rest)  # type: ignore[arg-type]


def _of_edge(name: ast.Name) -> Iterator[Opening]:
    """`total of last placed order`, also with the event in quotes."""
    text = name.words.lower() if name.quoted is None else f"{name.words.lower()} "
    for said, sense in table().senses["OF_EDGE"].items():
        at = text.find(f" {said} ")
        while at > 0:
            end = at + len(said) + 2
            if bool(rest := name.words[end:]) is (name.quoted is None):
                yield Opening(name.words[: end - 1], "OF_EDGE", sense, name.quoted or rest, name.words[:at])
            at = text.find(f" {said} ", end - 1)


@cache
def _openings() -> Mapping[str, tuple[str, str]]:
    """All words that may begin a name: their keyword and what they mean."""
    senses = table().senses
    return {words: (kind, sense) for kind in ("EDGE", "MEASURE_OF") for words, sense in senses[kind].items()}


@cache
def _first_words() -> Mapping[str, tuple[int, ...]]:
    """The first of these words, and how many they may be."""
    found: dict[str, set[int]] = {}
    for words in _openings():
        found.setdefault(words.split()[0], set()).add(len(words.split()))
    return {word: tuple(sorted(lengths)) for word, lengths in found.items()}
