"""Other words than those that are printed, once somebody begins to type them: `in the past`, `people who`, `only once`.

Tables of words alone make these offers: a sentence that is no rule is not read while it is typed, which takes long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

from ..catalog import fold
from ..parser.engine.spellings import said_examples
from ..parser.engine.tables import tables
from ..parser.engine.terminals import NAMES, VALUES
from ..words import spellings, word, words
from .model import Offer
from .reading import Caret
from .words import alike, form_of, kind_of, stretches

_SHORTEST = 3
"""Letters of them that have to be there: nobody is to choose among all of these."""

_SAYS_NOTHING = {
    "PEOPLE": "whoever it is: what follows says who", "ONLY": "so often, and no more", "DURING": "in this time",
    "FROM": "from a moment on", "UNTIL": "before a moment", "THROUGH": "to the end of a day", "BUT": "and",
    "SO_FAR_THIS": "from the beginning of the period until now", "IN_EACH": "in each of so many periods",
}  # fmt: skip
"""What keywords say that are never printed."""

_BEHIND_PEOPLE = (("WHO", "with"), ("WHO", "without"))
"""They begin nothing elsewhere."""

_COMBINED: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("PEOPLE",), ("PEOPLE", "WHO")),
    (("IN_THE_LAST",), ("SPAN", "THE", "PAST")),
    (("IN_THE_LAST",), ("IN", "THE", "PAST")),
    (("IN_THE_LAST",), ("IN", "PAST")),
    (("IN_THE_NEXT",), ("SPAN", "THE", "NEXT")),
    (("ONLY", "ONCE"), ("ONLY", "ONCE")),
    (("ONLY", "TWICE"), ("ONLY", "TWICE")),
    (("MORE_THAN", "STATISTIC"), ("OVER", "STATISTIC")),
    (("LESS_THAN", "STATISTIC"), ("UNDER", "STATISTIC")),
    (("MORE_THAN", "STATISTIC"), ("OVER", "BARE_STATISTIC")),
    (("LESS_THAN", "STATISTIC"), ("UNDER", "BARE_STATISTIC")),
    (("MORE_THAN", "STATISTIC"), ("MORE_THAN", "BARE_STATISTIC")),
    (("LESS_THAN", "STATISTIC"), ("LESS_THAN", "BARE_STATISTIC")),
)  # fmt: skip
"""Terminals, and the keywords whose words, each with each, are spellings of theirs."""


def others(place: Caret, year: int) -> Iterator[Offer]:
    """What begins as it was typed; periods are of this year and of the last."""
    typed = fold(place.typed)
    if len(typed) >= _SHORTEST:
        for offer in _by_letters(year).get(typed[:_SHORTEST], ()):
            if fold(offer.text).startswith(typed) and offer.tokens[0][0] in place.takes:
                yield offer


@cache
def _by_letters(year: int) -> dict[str, tuple[Offer, ...]]:
    found: dict[str, dict[str, Offer]] = {}
    for offer in (*_spelled(), *_together(), *_forms(year)):
        found.setdefault(fold(offer.text)[:_SHORTEST], {}).setdefault(offer.text, offer)
    return {letters: tuple(offers.values()) for letters, offers in found.items()}


def _spelled() -> Iterator[Offer]:
    """The spellings of keywords that are not explained."""
    kinds = {t.name for t in tables().terminals}.difference(NAMES, VALUES, _SAYS_NOTHING)
    for (kind, sense), spelled in words().spelled.items():
        for one in spelled if kind in kinds and (kind, sense) not in _BEHIND_PEOPLE else ():
            if (kind, one) not in words().meanings:
                yield Offer(
                    one, kind_of(kind), meaning_of(kind, sense), ((kind, one),), (), -0.3, alike=alike(kind, one)
                )


def _together() -> Iterator[Offer]:
    for kinds, parts in _COMBINED:
        for said in product(*map(spellings, parts)):
            text = " ".join(said)
            if not any(char.isdigit() for char in text):
                texts = (said[0], " ".join(said[1:])) if len(kinds) > 1 else (text,)
                tokens = tuple(zip(kinds, texts, strict=True))
                yield Offer(text, kind_of(kinds[0]), meaning_of(kinds[0]), tokens, (), -0.3, alike=f"said {kinds}")


def _forms(year: int) -> Iterator[Offer]:
    """The stretches of the grammar's examples of other words, and periods by their names."""
    named = [*map(str.title, spellings("MONTH")), *(one.upper() for of in ("QUARTER", "HALF") for one in spellings(of))]
    periods = [f"x {word('IN')} {one} {of}" for of in (year, year - 1) for one in named]
    for line in (*said_examples(), *periods):
        for tokens in stretches(line):
            if len(tokens) > 1 and len(tokens[0].text) > 1 and tokens[0].text[0].isalpha():
                offer = form_of(line, tokens, meaning_of(tokens[0].type))
                yield replace(offer, weight=offer.weight - 0.01) if line.endswith(f" {year - 1}") else offer


@cache
def meaning_of(kind: str, sense: str = "") -> str:
    """What a keyword says, in the words for another spelling of it."""
    of_sense = (words().meanings.get((kind, one)) for one in words().spelled.get((kind, sense), ()))
    of_any = (words().meanings.get((kind, one)) for one in spellings(kind))
    return next(filter(None, (*of_sense, *of_any)), _SAYS_NOTHING.get(kind, "as people say it"))
