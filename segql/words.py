"""The words of the language: `grammar/english.txt` is the one place where the spelling of each stands.

A line there says `KEYWORD.sense: spelling: meaning`. The keyword is a terminal of the grammar, whose patterns take
their spellings from here; the sense is what the trees call it, and does not change from one human language to another.
A table of its own, rather than the grammar's patterns: those say before what a word counts, which is the same in every
language, and a printer has to ask for one spelling by what it means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from math import prod
from pathlib import Path

from .plain import dataclass

_MADE_OF = re.compile(r"<([A-Z_]+)(?:\.([a-z ]+))?>")
_SAID = re.compile(r"[A-Z_]{2,}")
NUMBERED = re.compile("[0-9]+[a-z]+")
"""The number with its ending in `the 90th percentile`, which stands for any."""
_ORDINAL = "[0-9]+(?:st|nd|rd|th)"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one human language.

    `spelled`: those of a keyword in one sense, the one that is printed first. `senses`: what a keyword means as it is
    spelled. `meanings`: what each spelling of a keyword says, in one line.
    """

    spelled: Mapping[tuple[str, str], tuple[str, ...]]
    senses: Mapping[str, Mapping[str, str]]
    meanings: Mapping[tuple[str, str], str]


def read(text: str) -> Words:
    """A table as it is written."""
    spelled: dict[tuple[str, str], tuple[str, ...]] = {}
    senses: dict[str, dict[str, str]] = {}
    meanings: dict[tuple[str, str], str] = {}
    for line in text.splitlines():
        if not line or line[0] == "#":
            continue
        key, words, *meaning = line.split(": ", 2)
        keyword, _, sense = key.partition(".")
        spelled[keyword, sense] = (*spelled.get((keyword, sense), ()), words)
        senses.setdefault(keyword, {})[words] = sense
        if meaning:
            meanings[keyword, words] = meaning[0]
    return Words(spelled, senses, meanings)


@cache
def written(name: str) -> str:
    """A file of the folder `grammar`: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "grammar" / name
    return (inside if inside.is_file() else package.parent / "grammar" / name).read_text(encoding="utf-8")


@cache
def words() -> Words:
    """The words of the language, as `english.txt` has them; read once."""
    return read(written("english.txt"))


@cache
def word(keyword: str, sense: str = "") -> str:
    """A keyword as it is printed."""
    return words().spelled[keyword, sense][0]


def spellings(keyword: str) -> tuple[str, ...]:
    """All spellings of a keyword, in every sense."""
    return tuple(words().senses.get(keyword, ()))


@lru_cache(1024)
def sense(keyword: str, text: str) -> str:
    """What a keyword says as it is spelled here, in letters of either case. Raises KeyError for other words."""
    return words().senses[keyword][text.lower()]


def say(form: str, *texts: str) -> str:
    """A form such as `BETWEEN {} AND {}` with its keywords spelled, and texts in its gaps."""
    return _form(form).format(*texts)


@cache
def _form(form: str) -> str:
    return _SAID.sub(lambda found: word(found[0]), form)


def pattern(text: str) -> str:
    """A regular expression in which `<IN_THE_LAST>`, `<RELATIVE.since>` stand for all spellings of a keyword.

    Of the spellings of a number with an ending, `the 90th percentile`, any number may stand there.
    """
    return _MADE_OF.sub(lambda found: _any_of(found[1], found[2]), text)


@cache
def _any_of(keyword: str, sense: str | None) -> str:
    found = spellings(keyword) if sense is None else words().spelled[keyword, sense]
    longest_first = sorted(found, key=lambda one: -one.count(" "))
    return _one_of([NUMBERED.sub(lambda _: _ORDINAL, one) for one in longest_first])


def _one_of(spelled: list[str]) -> str:
    """`(?:this|last) (?:week|month)` where each word goes with each: far fewer patterns of white space to compile."""
    if len(spelled) == 1:
        return spelled[0]
    lengths = dict.fromkeys(one.count(" ") for one in spelled)
    kinds = [_each_with_each([one for one in spelled if one.count(" ") == length]) for length in lengths]
    return kinds[0] if len(kinds) == 1 else f"(?:{'|'.join(kinds)})"


def _each_with_each(spelled: list[str]) -> str:
    """Spellings of equally many words."""
    columns = [list(dict.fromkeys(column)) for column in zip(*(one.split(" ") for one in spelled), strict=True)]
    if prod(map(len, columns)) == len(spelled) and len(columns) > 1:
        return " ".join(map(_one_of, columns))
    return f"(?:{'|'.join(spelled)})" if len(spelled) > 1 else spelled[0]
