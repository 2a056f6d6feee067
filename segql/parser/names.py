"""What a bare name may be, for those who write texts."""

from __future__ import annotations

from contextlib import suppress
from functools import cache, lru_cache
from typing import Literal

from ..errors import SegQLError
from ..source import Source
from ..words import word
from .engine.lexer import Lexer
from .engine.tables import tables
from .engine.terminals import plain, terminals

NameKind = Literal["NAME", "PROPERTY", "DATED", "THING"]
"""The places of a name, by what ends it there: the property of an aggregate `of`, the first of two dates `to`."""


@lru_cache(4096)
def is_bare(text: str, kind: NameKind = "NAME") -> bool:
    """Whether these words, without quotes, are read as one name (or property of an aggregate) where one can stand."""
    words = text.split(" ")
    while len(words) > 1 and words[-1].lower() == word("IN"):
        words.pop()
    kept = " ".join(words)
    lexer = Lexer(Source(kept), 0, len(kept))
    with suppress(SegQLError):
        lexer.check_letters(0, len(kept))
        starts, ends = _starts(kept), terminals().ends[kind]
        return bool(starts) and not any(lexer.keyword(start, ends if start else frozenset()) for start in starts)
    return False


def _starts(text: str) -> list[int]:
    """Where the words begin; empty when this is no run of words with single spaces between."""
    starts, at, shorter = [], 0, plain(text)
    while found := terminals().word.match(text, at, len(text), shorter):
        starts.append(at)
        at = found.end() + 1
        if at > len(text):
            return starts
        if text[at - 1] != " ":
            return []
    return []


@lru_cache(4096)
def begins_keyword(text: str) -> bool:
    """Whether a keyword, reserved or not, stands at the beginning."""
    return Lexer(Source(text), 0, len(text)).keyword(0, _all_terminals())


@cache
def _all_terminals() -> frozenset[str]:
    return frozenset(t.name for t in tables().terminals)
