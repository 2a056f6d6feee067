"""Known names that a word may have been meant for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

_HELPING: ContextVar[bool] = ContextVar("helping", default=True)


@contextmanager
def without_helps() -> Iterator[None]:
    """Where nobody reads the helps, no name is looked for that is near: it takes most of the time of a mistake."""
    token = _HELPING.set(False)
    try:
        yield
    finally:
        _HELPING.reset(token)


def nearest(word: str, known: Iterable[str], most: int = 3) -> Sequence[str]:
    """The known names closest to a word, best first; ignores case."""
    return _nearest(word, tuple(known), most) if _HELPING.get() else ()


@lru_cache(256)  # a name that is unknown stands in a text again and again
def _nearest(word: str, known: tuple[str, ...], most: int) -> tuple[str, ...]:
    folded = {k.casefold(): k for k in known}
    from difflib import get_close_matches  # here: a rule without mistakes needs none of it

    return tuple(folded[m] for m in get_close_matches(word.casefold(), folded, n=most, cutoff=0.6))
