"""Other words for what a catalog may have: `looked at` for `viewed`, `50 euros` for an amount in its own currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from itertools import islice

from ..binder.values import SIGNS
from ..catalog import fold
from ..catalog.forms import bases
from ..segments import Segments
from ..words import words
from .lexicon import Lexicon
from .tokens import Token
from .vocabulary import all_of, known_words, meanings, several

_GLUED = re.compile(r"(?:never|not?|non|un|dis|last|first|in|im|anti|ex)\w{3}")
"""What a word may begin with that turns the rest of it."""
_MOST_OF_ALL = re.compile(r"\w{3,}est")
"""`newest`: it says who comes first."""
_MAY_PRECEDE = frozenset(re.findall(r"\w+", "the a an all our some who that which and but also people customers users"))
"""Words before one that may be left out."""
_LONG = 3
"""Letters of a word that is looked for within another, at least one more."""
_SLIP = 0.75
"""How alike a slip of the pen is to what was meant."""
_MOST = 12
"""Sentences that are tried in the place of one."""


def reworded(text: str, found: tuple[Token, ...], limit: int = _MOST) -> Iterator[tuple[str, str]]:
    """The sentence with other words in the place of some of its own, and what those are; the fewest first.

    No note is made of words that say the same, so that what is read with them may be taken.
    """
    words = [token.folded for token in found]
    ways = [
        (at, at + len(said), instead)
        for at in range(len(words))
        for said in _said_from(words[at])
        if tuple(words[at : at + len(said)]) == said
        for instead in _instead()[said]
    ]
    ways.sort(key=lambda one: one[0] - one[1])

    def written(chosen: tuple[tuple[int, int, str], ...]) -> tuple[str, str]:
        result = text
        notes: list[str] = []
        for start, end, instead in sorted(chosen, reverse=True):
            first, last = found[start].start, found[end - 1].end
            said = " ".join(words[start:end])
            if said not in _same(instead):
                notes.insert(0, f'"{text[first:last]}" read as "{instead}"')
            result = f"{result[:first]}{instead}{result[last:]}"
        return result, ", ".join(notes)

    several_ = ((one, other) for i, one in enumerate(ways) for other in ways[i + 1 :] if _apart(one, other))
    yield from islice((written(one) for one in (*((way,) for way in ways), *several_)), limit)


def completed(text: str, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """The sentence with a value in the place of one word of it, where no other value has that: `filters`."""
    for token, behind in zip(lexicon.tokens, (*lexicon.tokens[1:], None), strict=True):
        forms = {one for one in bases(token.folded) if len(one) > _LONG}
        if behind is not None and behind.text[0].isalpha() and english().isdisjoint(bases(behind.folded)):
            continue  # `a gift box` is no winter gift
        if not forms or lexicon.is_verb(token.folded) or not forms.isdisjoint(english()):
            continue
        fitting = [value for value in _values(lexicon) if not forms.isdisjoint(_parts(value))]
        if len(fitting) == 1 and " " in fitting[0]:
            value = fitting[0]
            yield f"{text[: token.start]}{value}{text[token.end :]}", f'"{token.text}" read as "{value}"'


def _values(lexicon: Lexicon) -> Iterator[str]:
    """Each value that a property of the catalog is known to have, once."""
    catalog = lexicon.catalog
    parts = [*catalog.profiles.properties.values()]
    for event in catalog.events.values():
        parts += [*event.properties.values(), *(event.items.properties.values() if event.items else ())]
    yield from dict.fromkeys(value for part in parts for value in part.values)


def _parts(value: str) -> set[str]:
    return {base for one in fold(value).split() for base in bases(one)}


def left_out(text: str, lexicon: Lexicon, segments: Segments) -> Iterator[tuple[str, str]]:
    """The sentence without the words that nobody knows, and which those are.

    Nothing is left out that may turn what is said into something else: `hardly`, what runs together with a denial, or
    stands behind one, behind a comparison or a preposition that says how the rest is meant.
    """
    tokens, catalog = lexicon.tokens, lexicon.catalog
    if any(token.folded in all_of("TURNING") or _MOST_OF_ALL.fullmatch(token.folded) for token in tokens):
        return
    known = _words_of(lexicon, segments) | english()
    gone = [
        i for i, token in enumerate(tokens)
        if token.text[0].isalpha() and known.isdisjoint((token.folded, *bases(token.folded)))
        and not catalog.find_set(token.text) and not catalog.find_place(token.text)
    ]  # fmt: skip
    before = {tokens[i - 1].folded for i in gone if i}
    if not 0 < len(gone) <= len(tokens) // 2 or not before <= _MAY_PRECEDE | {tokens[i].folded for i in gone}:
        return
    if not any(_may_be_known(tokens[i].folded, known) for i in gone):
        yield _without(text, tokens, frozenset(gone))


def _may_be_known(folded: str, known: frozenset[str]) -> bool:
    """Whether a word runs together with another one, or is a slip of the pen for one: `countrynot`, `contry`."""
    long = [one for one in known if len(one) > _LONG]
    glued = _GLUED.match(folded) or any(folded.startswith(one) or folded.endswith(one) for one in long)
    return bool(glued or folded.endswith(("not", "never")) or get_close_matches(folded, long, 1, _SLIP))


def _without(text: str, tokens: tuple[Token, ...], gone: frozenset[int]) -> tuple[str, str]:
    kept = " ".join(text[token.start : token.end] for i, token in enumerate(tokens) if i not in gone)
    said = ", ".join(f'"{tokens[i].text}"' for i in sorted(gone))
    return kept, f"without {said}, which is not understood"


@cache
def english() -> frozenset[str]:
    """Words of the language, and of English that is no rule."""
    own = (one for kind in words().senses.values() for said in kind for one in said.split())
    return known_words().union(own)


def _words_of(lexicon: Lexicon, segments: Segments) -> frozenset[str]:
    """Every word that a catalog's names and values have, in its base forms."""
    catalog = lexicon.catalog
    parts = list(catalog.profiles.properties.items())
    for event in catalog.events.values():
        parts += event.properties.items()
        parts += event.items.properties.items() if event.items else ()
    named = [one for name, part in parts for one in (name, *part.also, *part.values)]
    for several_ in (catalog.events, catalog.metrics, catalog.channels):
        named += [one for name, part in several_.items() for one in (name, *part.also)]
    named += [*catalog.lists, *catalog.places, *catalog.sets, *segments.segments]
    return frozenset(base for one in named for said in fold(one).split() for base in bases(said))


def in_currency(text: str, ours: str) -> Iterator[tuple[str, str]]:
    """The sentence with amounts of another currency in that of the catalog, which has to be said: none is converted."""
    sign = next((sign for sign, codes in SIGNS.items() if ours in codes), "")
    number, words, others = r"(\d[\d,.]*k?)", "|".join(meanings("MONEY")), "".join(set(SIGNS) - {sign})
    written = re.sub(rf"{number}\s+(?:{words})\b|[{others}]{number}", rf"{sign}\1\2", text, flags=re.IGNORECASE)
    if written != text:
        yield written, f"not converted: the amount in {ours}"


def _apart(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


@cache
def _same(meant: str) -> frozenset[str]:
    """Words that say just the same."""
    return frozenset(said for one, said in several("SAME") if one == meant)


@cache
def _instead() -> dict[tuple[str, ...], tuple[str, ...]]:
    """By the words that were said: those that may have been meant."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for meant, said in (*several("SAME"), *several("INSTEAD")):
        key = tuple(said.split())
        found[key] = (*found.get(key, ()), meant)
    return found


@cache
def _said_from(first: str) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((said for said in _instead() if said[0] == first), key=len, reverse=True))


__all__ = ["english", "reworded"]
