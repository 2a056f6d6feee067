"""The words of English that is no rule, as `grammar/sentences.txt` has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ..words import Words, read, words, written


@cache
def _table() -> Words:
    return read(written("sentences.txt"))


@cache
def all_of(kind: str, sense: str | None = None) -> frozenset[str]:
    """The words of a kind, in one sense or in any."""
    return frozenset(meanings(kind) if sense is None else _table().spelled[kind, sense])


def meanings(kind: str) -> Mapping[str, str]:
    """What each word of a kind says, in the order of the table."""
    return _table().senses[kind]


@cache
def known_words() -> frozenset[str]:
    """Each word of the table but those for which a catalog has to have something: `women`."""
    kinds = (said for kind, said in _table().senses.items() if kind not in ("SEX", "LANGUAGE", "NATION"))
    return frozenset(one for kind in kinds for said in kind for one in said.split())


_CONTRACTED = re.compile(r"(?:is|are|was|were|do|does|did|has|have|had|ca|wo|would|could|should)n['’]?t")


def is_small(folded: str) -> bool:
    """Whether a word says how others are meant, and begins no text: `only`, `not`, `wasn't`, `more`, `two`."""
    number = folded.isdigit() or folded in words().senses["CARDINAL"]
    return number or folded in all_of("SMALL") or bool(_CONTRACTED.fullmatch(folded))


def nation(folded: str) -> str | None:
    """Where people of this word live, in the plural or not: `German`, `Austrians`."""
    return meanings("NATION").get(folded) or meanings("NATION").get(folded.removesuffix("s"))


def several(kind: str) -> tuple[tuple[str, str], ...]:
    """What each word of a kind says, where one may say several things: the sense, and the word."""
    return tuple((sense, said) for (of, sense), all_ in _table().spelled.items() if of == kind for said in all_)
