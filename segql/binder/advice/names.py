"""Known names that a name can have been meant for: slips of letters and other forms of its words, none left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cache, lru_cache

from ...catalog.forms import irregular
from ...nearest import nearest
from ...words import words

_MOST = 3
_LOOKED_AT = 12
"""So many near names are looked at."""
_WORD_SLIP, _NAME_SLIP = 0.65, 0.85
"""How alike two words are, or two names without their spaces, where one is meant for the other."""

_ARTICLES = frozenset({"a", "an", "the", "my", "our", "your", "their", "some", "any"})
CANNOT = frozenset({"cannot", "can't", "cant", "won't"})
DENIALS = CANNOT | {
    "no", "not", "non", "never", "without", "un", "didn't", "doesn't", "don't", "hasn't", "haven't", "neither", "nor",
    "nobody", "none", "nothing", "except", "but",
}  # fmt: skip
_OPPOSITE = re.compile(r"(?:never|not|non|no|without|un|in|im|ir|il|dis|de|re|anti|ex)-?")


def alike(said: str, known: Iterable[str], most: int = _MOST) -> list[str]:
    """The nearest first. Every word that was said is in them: what a name would lose might be what decides."""
    names = tuple(known)
    near = [*_forms(names).get(_form(said), ()), *nearest(said, names, _LOOKED_AT)]
    kept = [(_more(said, name), name) for name in dict.fromkeys(near) if _keeps(said, name)]
    fewest = min((more for more, _ in kept), default=0)
    return [name for more, name in kept if more == fewest or fewest][:most]


@lru_cache(16)
def _forms(names: tuple[str, ...]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        found.setdefault(_form(name), []).append(name)
    return found


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\s_-]+", name.casefold()) if word and word not in _ARTICLES]


def _form(name: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in _words(name))


@lru_cache(4096)
def _stem(word: str) -> str:
    """`order`, `orders`, `ordered` and `ordering` are one; so are `buy` and `bought`."""
    word = irregular().get(word, word)
    if len(word) > 3:
        word = re.sub(r"(?:ies|ied)$", "y", word)
        word = re.sub(r"(?<=[a-z]{2})(?:ing|ed|es|s|e)$", "", word)
        word = re.sub(r"([^aeiouls])\1$", r"\1", word)
    return word


def _more(said: str, name: str) -> int:
    return max(0, len(_words(name)) - len(_words(said)))


def _keeps(said: str, name: str) -> bool:
    """Whether each word said has its own in the name, which denies nothing beyond them."""
    left, words = _words(name), _words(said)
    if not DENIALS.intersection(words) <= set(left):
        return False
    joined = "".join(words), "".join(left)
    if len(words) > len(left) and {*map(_stem, left)} <= {*map(_stem, words)}:
        return False  # a word more, and no slip: `clicked all emails`
    apart = len(words) != len(left) and not (set(words) <= set(left) or set(left) <= set(words))
    whole = _likeness(*joined)
    if not whole or (apart and whole >= _NAME_SLIP):
        return bool(whole)
    for word in words:
        best = max(left, key=lambda other: _likeness(word, other), default="")
        if not best or _likeness(word, best) < _WORD_SLIP:
            return False
        left.remove(best)
    return DENIALS.isdisjoint(left)


@lru_cache(4096)
def _likeness(one: str, other: str) -> float:
    if one == other or _stem(one) == _stem(other):
        return 1
    short, long = sorted((one, other), key=len)
    begins = _OPPOSITE.match(long)
    if begins and SequenceMatcher(None, long[begins.end() :], short).ratio() >= _NAME_SLIP:
        return 0
    if _glued(one, other):
        return 0
    digits = re.findall(r"[0-9]+", one), re.findall(r"[0-9]+", other)
    if all(digits) and digits[0] != digits[1]:
        return 0
    return SequenceMatcher(None, one, other).ratio()


def _glued(said: str, known: str) -> bool:
    """Whether a word of the language runs together with the name: `countrynot`, `lastplaced`. Then it is no slip."""
    for at in range(2, len(said) - 1):
        for keyword, rest in ((said[:at], said[at:]), (said[at:], said[:at])):
            if keyword in _keywords() and SequenceMatcher(None, rest, known).ratio() >= _NAME_SLIP:
                return True
    return False


@cache
def _keywords() -> frozenset[str]:
    return frozenset(
        word for _, spelled in words().meanings for word in spelled.split() if word.isalpha() and len(word) > 1
    )
