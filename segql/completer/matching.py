"""How well what was typed fits what could be meant."""

from __future__ import annotations

from functools import lru_cache

from ..catalog import fold

PREFIX = 3.0
"""What a beginning scores at least."""


@lru_cache(16_384)
def match(typed: str, name: str) -> float | None:
    """How well folded text fits a name, from 0 to 4, or None: a beginning before the beginning of a word before letters
    in the right order, and those better at the beginnings of words.
    """
    if not typed.strip():
        return 0.0
    known = fold(name)
    share = len(typed) / max(len(known), len(typed))
    if known.startswith(typed):
        return PREFIX + share
    if typed.endswith(" "):
        return None
    if f" {typed}" in f" {known}":
        return 2 + share
    return _scattered(typed, known)


def _scattered(typed: str, known: str) -> float | None:
    """All letters in order, the first at the beginning of a word; best where many begin a word or follow on."""
    at, good, last = 0, 0, -2
    for letter in typed.replace(" ", ""):
        begins = f" {known}".find(f" {letter}", at)
        if at and known[at : at + 1] == letter:
            found = at
        elif begins >= 0:
            found = begins
        else:
            found = known.find(letter, at)
            if found < 0 or not at:
                return None
        good += found == last + 1 or begins == found
        at, last = found + 1, found
    return 1 + good / (len(typed) + 1) if good * 3 >= len(typed) * 2 else None
