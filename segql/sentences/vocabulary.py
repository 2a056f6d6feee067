"""The words of English that is no rule, as `grammar/sentences.txt` has them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ..words import Words, read, written


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
