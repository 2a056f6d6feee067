"""What a bare name may be, for those who write texts."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from ..source import Source
from .lexer import Lexer
from .terminals import terminals


@lru_cache(4096)
def is_bare(text: str, kind: Literal["NAME", "PROPERTY"] = "NAME") -> bool:
    """Whether these words, without quotes, are read as one name (or property of an aggregate) where one can stand."""
    words = text.split(" ")
    while len(words) > 1 and words[-1].lower() == "in":
        words.pop()
    kept = " ".join(words)
    lexer = Lexer(Source(kept), 0, len(kept))
    starts, ends = _starts(kept), terminals().ends[kind]
    return bool(starts) and not any(lexer.keyword(start, ends if start else frozenset()) for start in starts)


def _starts(text: str) -> list[int]:
    """Where the words begin; empty when this is no run of words with single spaces between."""
    starts, at = [], 0
    while found := terminals().word.match(text, at):
        starts.append(at)
        at = found.end() + 1
        if at > len(text):
            return starts
        if text[at - 1] != " ":
            return []
    return []


@lru_cache(4096)
def begins_keyword(text: str) -> bool:
    """Whether some keyword, reserved or not, begins with the first word."""
    return text.split(" ", 1)[0].lower() in terminals().keywords
