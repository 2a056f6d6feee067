"""The terminals of the grammar as patterns that a lexer can look for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ... import words
from ...plain import dataclass
from ..builders.literals import SIGNS
from .tables import tables

# `(?u:..)`: white space of every script, also where the letters of a keyword are those of ASCII. A set of characters
# beyond Latin is slow to compile, and these stand in every pattern: there is only one such set.
SPACE = r"(?:(?u:[\s\ufeff])|(?:--|#)[^\n]*(?:\n|\Z))"
LETTER = rf"(?![\u2018-\u201f\ufeff{SIGNS}])(?u:[^\s\x00-\x1f\x7f!-/:-@\[-^`{{-~\u00ab\u00bb])"
PLAIN = {SPACE: r"(?u:\s)", LETTER: r"\w"}
"""What they come to in plain texts, see `plain`."""
WORD_END = rf"(?![-'.]?{LETTER})"
GAP = re.compile(f"{SPACE}+")
WORD = re.compile(rf"(?![0-9])(?:{LETTER})+(?:[-'.](?:{LETTER})+)*")
# From the longest to the shortest: the first that fits is it.
NAMES = ("NAME", "PROPERTY", "DATED", "THING")
VALUES = (
    "TIMESTAMP", "DATE", "MONTH_DAY", "CALENDAR", "MONEY", "PERCENT", "WHOLE_PERIODS", "DURATION", "NUMBER_X", "FACTOR",
    "DISTANCE", "LIST_NUMBER", "NUMBER_PLUS", "NUMBER", "YEAR_NUMBER",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terminals:
    """Keywords by their first word, those of more words first; values by kind; signs by their text.

    Values that begin with a word (`three days`, `March 2026`) stand among the keywords, too.
    """

    word: Pattern
    in_phrase: Pattern
    in_windows: tuple[Pattern, ...]
    keywords: Mapping[str, tuple[tuple[str, Pattern, bool], ...]]
    values: Mapping[str, Pattern]
    signs: Mapping[str, str]
    ends: Mapping[str, frozenset[str]]
    """What may stand after a name (after the property of an aggregate) anywhere, and so ends it everywhere."""


class Pattern:
    """A regular expression that is compiled at the first use: to compile all of them takes as long as a small rule.

    In plain texts it is looked for in a shorter form, which takes a third of the time to compile.
    """

    __slots__ = ("_compiled", "_flags", "_pattern")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern, self._flags = pattern, flags
        self._compiled: dict[bool, re.Pattern[str]] = {}

    def match(self, text: str, start: int, end: int, plain: bool) -> re.Match[str] | None:
        """What stands at `start` and fits; `plain` as `plain(text[start:end])` says."""
        if (found := self._compiled.get(plain)) is None:
            pattern = self._pattern
            for long, short in PLAIN.items() if plain else ():
                pattern = pattern.replace(long, short)
            found = self._compiled[plain] = re.compile(pattern, self._flags)
        return found.match(text, start, end)


def plain(text: str) -> bool:
    """Whether a text has letters of ASCII alone, and nothing that looks like a comment."""
    return text.isascii() and "#" not in text and "--" not in text


def _keyword(pattern: str) -> Pattern:
    """Letters of either case, any white space and comments between words, whole words only."""
    return Pattern(_spaced(pattern) + WORD_END, re.IGNORECASE | re.ASCII)


def _spaced(pattern: str) -> str:
    return pattern.replace(" ?", f"{SPACE}*").replace(" ", f"{SPACE}+")


_DEFINED = re.compile(r"^([A-Z_]+)(?:\.2)?: /(.*)/$", re.MULTILINE)
_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?[=!]|[()]|<[A-Z_]+(?:\.[a-z ]+)?>")


@cache
def _made_of() -> Mapping[str, frozenset[str]]:
    """The keywords whose words a terminal's pattern has, but for what it looks ahead to."""
    return {name: frozenset(_consumed(pattern)) for name, pattern in _DEFINED.findall(words.written("segql.lark"))}


def _consumed(pattern: str) -> Iterator[str]:
    ahead: list[bool] = []
    for piece in _PIECE.findall(pattern):
        if piece[0] == "(":
            ahead.append(len(piece) > 1)
        elif piece == ")":
            ahead.pop()
        elif piece[0] == "<" and not any(ahead):
            yield piece[1:-1].partition(".")[0]


def first_words(terminal: str) -> frozenset[str]:
    """The words a terminal may begin with."""
    made = _made_of().get(terminal, frozenset({terminal}))
    return frozenset(spelled.split()[0] for keyword in made for spelled in words.spellings(keyword))


def _after(kind: str) -> frozenset[str]:
    states = tables().states
    shifts = {state[kind] for state in states if state.get(kind, -1) >= 0}
    # `started one month trial` is a name: a length of time in words ends none.
    return frozenset(symbol for state in shifts for symbol in states[state]) - {"DURATION"}


@cache
def terminals() -> Terminals:
    """What the lexer looks for. Patterns of keywords are compiled when their first word is first met."""
    keywords: dict[str, list[tuple[str, Pattern, bool]]] = {}
    values: dict[str, Pattern] = {}
    signs: dict[str, str] = {}
    word = ""
    for t in sorted(tables().terminals, key=lambda t: (-t.pattern.count(" "), -len(t.pattern))):
        if t.sign:
            signs[t.pattern] = t.name
        elif t.name == "NAME":
            word = t.pattern
        elif t.name in VALUES:
            # In a list a comma may stand directly after a number.
            more = "[-./:][0-9]" if t.name == "LIST_NUMBER" else "[-.,/:][0-9]"
            values[t.name] = Pattern(_spaced(t.pattern) + rf"(?!{LETTER}|{more})")
            for first in first_words(t.name):
                keywords.setdefault(first, []).append((t.name, _keyword(t.pattern), False))
        elif t.name == "STRING":
            values[t.name] = Pattern(t.pattern)
        elif t.name not in NAMES:
            keyword = _keyword(t.pattern)
            for first in first_words(t.name):
                keywords.setdefault(first, []).append((t.name, keyword, t.reserved))
    return Terminals(
        Pattern(_spaced(word) + WORD_END, re.IGNORECASE),
        Pattern(
            _spaced(
                # `logged in in at least 3 of the last 4 weeks`, `.. in a row`: a count follows, in words that begin
                # nothing else.
                words.pattern(
                    r"<IN> (?:(?:(?:<AT_LEAST>|<AT_MOST>|<MORE_THAN>|<LESS_THAN>|<FEWER_THAN>|<EXACTLY>) |[<>=!]+ ?)"
                    r"(?:(?!(?:<IN>|<ON>|<AND>|<OR>|<WHERE>|<HAS>|<THEN>)(?![\w-]))"
                    r"(?:[^\s#()\",=<>!-]|-(?!-)){1,60} ){1,6}?"
                    r"|<BETWEEN> (?:(?!(?:<IN>|<ON>|<OR>|<WHERE>|<HAS>|<THEN>)(?![\w-]))"
                    r"(?:[^\s#()\",=<>!-]|-(?!-)){1,60} ){1,12}?)"
                    r"(?:<OF_THE_LAST>|<IN_A_ROW>)\b"
                )
            ),
            re.IGNORECASE | re.ASCII,
        ),
        tuple(pattern for name, pattern, _ in keywords[words.word("IN")] if name in ("IN_THE_LAST", "IN_THE_NEXT")),
        {first: tuple(spelled) for first, spelled in keywords.items()},
        values,
        signs,
        {kind: _after(kind) for kind in NAMES},
    )
