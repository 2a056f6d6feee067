"""What slips are made of: patterns that several of them share, and numbers in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ....errors import Code
from ...builders.literals import SIGNS


class Slip(NamedTuple):
    """What is looked for around a place; and what says instead what was meant: texts with the groups of the pattern
    (several are several readings), or a function of what was found, where they are worked out.
    """

    pattern: str
    code: Code
    message: str
    fixes: tuple[str, ...] | Callable[[re.Match[str]], Iterable[str]] = ()
    words: str = ""


LENGTH = r"[0-9]+ ?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|min|mo|s|h|d|w|y)\b"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
TEXT = r"(?:\"[^\"\n]*\"|'[^'\n]*')"
AMOUNT = rf"[{SIGNS}]?[0-9][0-9.,]*[kK]?"

_PART = (
    r"(?:in(?= \S)|where|and|or|since|before|after|between|on|during|ever|today|yesterday|this|last|then|followed"
    r"|within)\b"
)
_STOP = (
    r"(?:and|or|not|never|where|has|have|then|in|is|but|since|before|after|between|on|today|yesterday|this|ever|once"
    r"|twice|times|time|least|most|than|exactly|with|without|any|no|every|of|who|that|only)\b"
)
NAMED = rf"(?P<name>(?!{_STOP})[^\W\d][\w ]*?)(?= {_PART}| ?[),]| ?$)"
"""A name of the text, up to what goes on after it."""

_WORD = rf"(?!{_STOP})[^\W\d_][\w'-]*"
NAME_BEFORE = rf"(?P<name>{_WORD}(?: {_WORD}){{0,7}})"
"""A name without words of the language, before what is looked for."""

SIMPLE = r"(?:(?!\b(?:and|or|nor|either|neither|both|except|but)\b)[^(),])+?"
"""A condition that joins nothing."""

_WORDS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
NUMBERS = {word: n for n, word in enumerate(_WORDS, 1)} | {
    "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
NUMBER = "|".join(NUMBERS)


def number(word: str) -> int:
    """`three`, `3`, `twice`."""
    word = word.lower()
    return {"once": 1, "twice": 2, "thrice": 3}.get(word) or NUMBERS.get(word) or int(word)


def begins(found: re.Match[str]) -> bool:
    """Whether a condition begins there: nothing before it is a part of it."""
    before = found.string[: found.start()].rstrip().lower()
    return not before or bool(re.search(r"[(=]$|\b(?:and|or)$", before))


def alone(found: re.Match[str]) -> bool:
    """Whether there is no other condition beside it."""
    outside = found.string[: found.start()], found.string[found.end() :]
    return not any(part.strip() for part in outside)
