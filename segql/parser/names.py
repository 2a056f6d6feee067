"""What a bare name may be, for those who write texts."""

from __future__ import annotations

from functools import cache, lru_cache

from ..source import Source
from .lexer import Lexer, bare_words, keyword_words
from .tables import tables


@cache
def _follow() -> frozenset[str]:
    """Every keyword that may stand after a name somewhere."""
    states = tables().states
    return frozenset(
        symbol for state in states if "NAME" in state for symbol in states[state["NAME"]] if symbol != "NAME"
    )


@lru_cache(4096)
def is_bare(text: str) -> bool:
    """Whether these words, without quotes, are read as one name where a name can stand."""
    words = text.split(" ")
    while len(words) > 1 and words[-1].lower() == "in":
        words.pop()
    kept = " ".join(words)
    lexer = Lexer(Source(kept), 0, len(kept))
    starts = bare_words(kept)
    return bool(starts) and not any(lexer.keyword(start, _follow() if start else frozenset()) for start in starts)


@lru_cache(4096)
def begins_keyword(text: str) -> bool:
    """Whether some keyword, reserved or not, begins with the first word."""
    return text.split(" ", 1)[0].lower() in keyword_words()
