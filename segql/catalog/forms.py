"""Words of a name in their base form: `did not open email` is about the event `opened email`.

The rules are those of the language's table: verbs that are irregular, what others end with, the articles. A word may
have several base forms, `used` those of `us` and of `use`; two names are meant alike where they share one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import product

from ..words import spellings, words

_MOST_WORDS = 8
"""Of a name that is looked at: each word may have several base forms."""
_SHORTEST = 3
"""Letters that an ending leaves at least."""


def base_forms(folded: str) -> frozenset[tuple[str, ...]]:
    """The base forms of a folded name, without its articles; none of a long one."""
    said = [word for word in folded.split() if word not in spellings("ARTICLE")]
    if not 0 < len(said) <= _MOST_WORDS:
        return frozenset()
    return frozenset(product(*map(bases, said)))


@lru_cache(4096)
def bases(word: str) -> tuple[str, ...]:
    """What a word may be a form of, itself first."""
    found = dict.fromkeys([word])
    if base := irregular().get(word):
        return (word, base)
    for ending, stead in _endings():
        left = word.removesuffix(ending)
        if left == word or (not stead and left.endswith(ending[0])):
            continue  # `smss` is no more than one `sms`
        if len(left) + len(stead) >= _SHORTEST:
            found[left + stead] = None
            if len(left) > _SHORTEST and left[-1] == left[-2] and ending[0] == "e":
                found[left[:-1]] = None  # `shopped`, `cancelled`
    return tuple(found)


def meant_by(named: Mapping[str, str]) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """By base form: what the spellings with that form stand for."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for folded, name in named.items():
        for form in base_forms(folded):
            found.setdefault(form, {})[name] = None
    return {form: tuple(names) for form, names in found.items()}


@cache
def irregular() -> Mapping[str, str]:
    """The base forms of the forms that no ending makes."""
    return words().senses.get("IRREGULAR", {})


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    """What a form ends with, and what the base form has in its place."""
    spelled = words().spelled
    return tuple((ending, stead) for (of, stead), all_ in spelled.items() if of == "ENDING" for ending in all_)
