"""What the grammar says about its words to those who teach them: their spellings, meanings and examples.

All of it is read from the grammar file: the spellings from a terminal's pattern, the meanings from the lines
`//: words: meaning` above the keywords, the examples from the lines `//> example` above the rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import product

from .tables import grammar, tables
from .terminals import NAMES, VALUES

_MEANING = re.compile(r"//: (.+?): (.+)")
_LOOKAHEAD = re.compile(r"\(\?[=!]")
_PART = re.compile(r"\(\?:([^()]*)\)|([^()]+)")


@cache
def spellings() -> Mapping[str, tuple[str, ...]]:
    """Each keyword and sign with its spellings, in the order in which the grammar explains them.

    Of one with endless spellings those that are explained.
    """
    found: dict[str, tuple[str, ...]] = {}
    for t in tables().terminals:
        if t.sign:
            found[t.name] = (t.pattern,)
        elif t.name not in (*NAMES, *VALUES, "STRING"):
            pattern = _plain(t.pattern)
            if "[" in pattern:
                found[t.name] = tuple(words for words in meanings() if re.fullmatch(pattern, words))
            else:
                found[t.name] = _spelled(pattern)
    explained = {words: place for place, words in enumerate(meanings())}
    return dict(sorted(found.items(), key=lambda one: explained.get(one[1][0], len(explained))))


@cache
def units() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The values that are a number with a unit, and their units as words, for one and for many: `day` and `days`."""
    found = {}
    for t in tables().terminals:
        if t.name in VALUES and (unit := re.search(r"\(\?ai:([^()]+)\)$", t.pattern)):
            words = unit[1].split("|")
            whole = [word for word in words if not any(longer != word and longer.startswith(word) for longer in words)]
            found[t.name] = tuple((word[:-1] if word[:-1] in words else word, word) for word in whole)
    return found


@cache
def meanings() -> Mapping[str, str]:
    """What each spelling says, in one line."""
    return {m[1]: m[2] for line in grammar().splitlines() if (m := _MEANING.fullmatch(line.strip()))}


@cache
def examples() -> tuple[str, ...]:
    """One line for each form of the language, in the order of the grammar."""
    lines = (line.strip() for line in grammar().splitlines())
    return tuple(line.removeprefix("//>").strip() for line in lines if line.startswith("//>"))


def _plain(pattern: str) -> str:
    """A pattern without what has to follow."""
    ahead = _LOOKAHEAD.search(pattern)
    return pattern[: ahead.start()] if ahead else pattern


def _spelled(pattern: str) -> tuple[str, ...]:
    parts = [(group or plain).split("|") if group else [plain] for group, plain in _PART.findall(pattern)]
    return tuple("".join(words) for words in product(*parts))
