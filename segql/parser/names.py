"""What a bare name may be, for those who write texts."""

from __future__ import annotations

from functools import cache, lru_cache

from ..source import Source
from .lexer import Lexer
from .tables import tables
from .terminals import terminals


@cache
def _follow() -> frozenset[str]:
    """Every terminal that may stand after a name somewhere."""
    states = tables().states
    shifts = {state["NAME"] for state in states if state.get("NAME", -1) >= 0}
    return frozenset(symbol for state in shifts for symbol in states[state])


@lru_cache(4096)
def is_bare(text: str) -> bool:
    """Whether these words, without quotes, are read as one name where a name can stand."""
    words = text.split(" ")
    while len(words) > 1 and words[-1].lower() == "in":
        words.pop()
    kept = " ".join(words)
    lexer = Lexer(Source(kept), 0, len(kept))
    starts = _starts(kept)
    return bool(starts) and not any(lexer.keyword(start, _follow() if start else frozenset()) for start in starts)


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
