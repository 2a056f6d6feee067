"""Text to tokens, as many as the parser asks for: the lexer is told what the parser can take and looks for that alone.

The grammar has every keyword, spelled as `words` says; this module reads them from its tables. Two things no regular
expression can say are said here: a name runs on until a keyword that may follow it, and `in` ends a name where nothing
follows that `in` needs (`logged in in 7d`, `logged in at least twice`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from typing import NamedTuple

from ...errors import Problem, SegQLError, problem
from ...plain import dataclass
from ...source import Source, Span
from ...words import word, words
from ..builders.literals import SIGNS, day_in_digits, is_currency
from ..mistakes.bad_literals import bad_chunk, bad_literal, bad_sign
from .tables import END
from .terminals import GAP, NAMES, VALUES, WORD, Pattern, plain, terminals

_COMMENT = re.compile(r"(?:--|#)([^\n]*)")
_CURLY = "‘’‚‛“”„‟«»"
_OTHER_SIGNS = {
    "&": "and",
    "|": "or",
    "!": "not",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "×": "x",
    "–": "-",
    "—": "-",
    "−": "-",
}
# The commonest value of long lists, on its own for speed: whole, no leading zero, no group of three after it.
_PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,15})(?=[),])(?!,[0-9]{3}(?![0-9]))")
# The commonest elsewhere: `72h`, and `2` before `in` or an end. Nothing longer can begin as they do; to look for each
# kind of value takes as long as all else of a text, where none was looked for before.
_SHORT = re.compile(
    rf"(?P<DURATION>[0-9]+(?:min|mo|[shdwy])(?=[\s)]|\Z))|(?P<NUMBER>[1-9][0-9]{{0,2}}(?=\s+{word('IN')}\s|\)|\Z))"
)


_COUNTED = ("NUMBER", "DURATION", "WHOLE_PERIODS")
"""Values that may begin with a number in words."""


def in_digits(said: str) -> str:
    """`3` for `three`; another word stays as it is."""
    return words().senses["CARDINAL"].get(said.lower(), said)


class Token(NamedTuple):
    type: str
    text: str
    start: int
    end: int


_HALF = re.compile("[\\ud800-\\udfff]")


class Comment(NamedTuple):
    """`text` is without its mark and the space after it."""

    text: str
    start: int


Actions = Mapping[str, int]


@dataclass(slots=True)
class Lexer:
    """A place in a text. `comments` are those passed so far."""

    source: Source
    at: int
    end: int
    comments: list[Comment] = field(default_factory=list)
    plain: bool = False
    """Whether what is to be read is a plain text."""

    def __post_init__(self) -> None:
        self.plain = plain(self.source.text[self.at : self.end])

    def next(self, actions: Actions) -> Token:
        """The next token for a state of the parser with these actions; one it cannot take when there is no other."""
        text = self.source.text
        start = self._skip()
        if start >= self.end:
            return Token(END, "", self.end, self.end)
        char = text[start]
        known = terminals()
        if word := WORD.match(text, start, self.end):
            return self._word(start, word.group(), actions)
        if char in "+-" and (sign := known.signs[char]) in actions and not text[start + 1 : start + 2].isdigit():
            return self._token(sign, start, start + 1)
        if "0" <= char <= "9" or char == "-" or char in SIGNS:
            return self._value(start, actions)
        if char in "\"'":
            if not (fits := self._fits(known.values["STRING"], start)):
                raise self._unclosed(start)
            if half := _HALF.search(text, start, fits.end()):  # no warehouse can be sent that
                span = Span(self.source, half.start(), half.end())
                raise SegQLError([problem("stray-character", f"U+{ord(half[0]):04X} is half of a letter.", span,
                                          "Leave it out.")])  # fmt: skip
            return self._token("STRING", start, fits.end())
        for length in (2, 1):
            written = text[start : min(start + length, self.end)]
            if (found := known.signs.get(written)) and written not in "+-":
                return self._token(found, start, start + len(written))
        raise SegQLError([_stray(self.source, start, self.end)])

    def _word(self, start: int, word: str, actions: Actions) -> Token:
        """A keyword that the parser can take, else a name; a reserved word is no name, taken or not."""
        known = terminals()
        refused = None
        for name, pattern, reserved in known.keywords.get(word.lower() if word.isascii() else word, ()):
            if (name in actions or reserved) and (fits := self._fits(pattern, start)):
                if name in actions:
                    return self._token(name, start, fits.end())
                refused = refused or self._peek(name, start, fits.end())
        if refused:
            return refused
        found = self._fits(known.word, start)
        assert found
        self.check_letters(start, found.end())
        for kind in NAMES:
            if kind in actions:
                return self._token(kind, start, self._name_end(found.end(), known.ends[kind]))
        return self._peek("NAME", start, found.end())

    def check_letters(self, start: int, end: int) -> None:
        """Letters, marks and digits of every script, and the joiners that some scripts spell with; nothing else."""
        word = self.source.text[start:end]
        if word.isascii():
            return
        for i, char in enumerate(word):
            if not char.isascii() and char not in "\u200c\u200d" and unicodedata.category(char)[0] not in "LMN":
                raise SegQLError([_stray(self.source, start + i, self.end)])

    def _fits(self, pattern: Pattern, start: int) -> re.Match[str] | None:
        return pattern.match(self.source.text, start, self.end, self.plain)

    def _skip(self) -> int:
        text = self.source.text
        if self.at < self.end and text[self.at].isalnum():
            return self.at
        if gap := GAP.match(text, self.at, self.end):
            stretch = gap.group()
            if "-" in stretch or "#" in stretch:
                self._collect(self.at, gap.end())
            self.at = gap.end()
        return self.at

    def _token(self, kind: str, start: int, end: int) -> Token:
        self.at = end
        text = self.source.text[start:end]
        if kind != "STRING" and not (text.isalnum() and text.isascii()):
            if "--" in text or "#" in text:
                self._collect(start, end)
            text = GAP.sub(" ", text)
        if kind == "DATE" and text[4] != "-":
            if problem := bad_literal(self.source, start, end, kind, False):
                raise SegQLError([problem])
            text = day_in_digits(text)
        if kind in _COUNTED and text[0].isalpha():
            first, *rest = text.split(" ")
            one = kind == "DURATION" and first.lower() in words().senses["ONE"]
            text = " ".join(["1" if one else in_digits(first), *rest])
        return Token(kind, text, start, end)

    def _collect(self, start: int, end: int) -> None:
        """The comments of a stretch without strings: between tokens, and between the words of one."""
        self.comments.extend(
            Comment(c.group(1).removeprefix(" ").rstrip(), c.start())
            for c in _COMMENT.finditer(self.source.text, start, end)
        )

    def _peek(self, kind: str, start: int, end: int) -> Token:
        return Token(kind, self.source.text[start:end], start, end)

    def _name_end(self, at: int, follow: frozenset[str]) -> int:
        """Where a name ends whose first word ends at `at`: before a keyword that may follow, or what is no word."""
        text, known = self.source.text, terminals()
        while True:
            gap = GAP.match(text, at, self.end)
            if not gap or not (found := self._fits(known.word, gap.end())):
                return at
            start = gap.end()
            if self.keyword(start, follow) and not self._in_of_name(start, follow):
                return at
            if found.group().lower().endswith(_between()):
                found = WORD.match(text, start, self.end) or found
            self.check_letters(start, found.end())
            at = found.end()

    def keyword(self, start: int, follow: frozenset[str]) -> bool:
        """Whether a reserved word, or a keyword of these, stands here."""
        text = self.source.text
        found = WORD.match(text, start, self.end)
        word = found.group() if found else ""
        return any(
            (name in follow or reserved) and self._fits(pattern, start)
            for name, pattern, reserved in terminals().keywords.get(word.lower() if word.isascii() else word, ())
        )

    def _in_of_name(self, start: int, follow: frozenset[str]) -> bool:
        """Whether the word here is an `in` that ends a name, because what follows is nothing that `in` begins."""
        text, known = self.source.text, terminals()
        found = WORD.match(text, start, self.end)
        if not found or found.group().lower() != word("IN"):
            return False
        gap = GAP.match(text, found.end(), self.end)
        at = gap.end() if gap else found.end()
        if "0" <= text[at : at + 1] <= "9":  # before the patterns, which are long
            return False
        if any(self._fits(pattern, start) for pattern in (*known.in_windows, known.in_phrase)):
            return False
        return at >= self.end or text[at] in "),=!<>/+-" or self.keyword(at, follow)

    def _value(self, start: int, actions: Actions) -> Token:
        """The value that begins here; of several readings of one length the one the parser can take."""
        text, in_list = self.source.text, "LIST_NUMBER" in actions
        if in_list and (plain := _PLAIN.match(text, start, self.end)):
            return self._token("LIST_NUMBER", start, plain.end())
        if not in_list and (short := _SHORT.match(text, start, self.end)):
            best: Token | None = self._peek(str(short.lastgroup), start, short.end())
        else:
            best = self._longest(start, actions, in_list)
        problem = (
            bad_literal(self.source, start, best.end, best.type, in_list)
            if best
            else bad_chunk(self.source, start, in_list)
        )
        if problem:
            raise SegQLError([problem])
        if best is None:
            raise SegQLError([_stray(self.source, start, self.end)])
        return self._token(best.type, best.start, best.end) if best.type in actions else best

    def _longest(self, start: int, actions: Actions, in_list: bool) -> Token | None:
        """The longest value, of whatever kind."""
        best: Token | None = None
        for kind in VALUES:
            if (kind == "NUMBER" and in_list) or (kind == "LIST_NUMBER" and not in_list):
                continue
            fits = self._fits(terminals().values[kind], start)
            if not fits or (kind == "MONEY" and not _currency(fits.group())):
                continue
            if (
                not best
                or fits.end() > best.end
                or (fits.end() == best.end and kind in actions and best.type not in actions)
            ):
                best = self._peek(kind, start, fits.end())
        return best

    def _unclosed(self, start: int) -> SegQLError:
        text = self.source.text
        line_end = text.find("\n", start, self.end)
        end = self.end if line_end < 0 else line_end
        written = text[start:end].rstrip()
        closed = [f"{written}{text[start]}"] if len(written.split()) == 1 else []  # of several words, who knows where
        return SegQLError(
            [
                problem(
                    "unclosed-quote",
                    "This quote is never closed. A text ends on the line it begins on.",
                    Span(self.source, start, start + len(written)),
                    "Write" if closed else "Close it behind the text.",
                    *closed,
                )
            ]
        )


@cache
def _between() -> str:
    """How `days between` ends."""
    return word("MEASURE_OF", "days between").split()[-1]


def _stray(source: Source, start: int, end: int) -> Problem:
    if found := bad_sign(source, start):
        return found
    char = source.text[start]
    span = Span(source, start, start + 1)
    if char in _CURLY:
        close = re.compile(rf"[{_CURLY}]([^{_CURLY}\"\n]*)[{_CURLY}\"]").match(source.text, start, end)
        fixed = f'"{close.group(1)}"' if close else '"'
        span = Span(source, start, close.end()) if close else span
        return problem("stray-character", "Curly quotes do not mark a text; straight ones do.", span, "Write", fixed)
    if char == "`":
        return problem("stray-character", "Backquotes quote nothing.", span, "Write names and texts in double quotes.")
    if char in _OTHER_SIGNS:
        again = 2 if source.text[start : start + 2] in ("&&", "||") else 1
        span = Span(source, start, start + again)
        said = _OTHER_SIGNS[char]
        if said.isalpha():  # a word that touches another would be one with it
            before, behind = source.text[:start][-1:], source.text[span.end : span.end + 1]
            said = " " * _in_a_word(before) + said + " " * _in_a_word(behind)
        return problem("stray-character", f"{span.text} has no meaning here.", span, "Write", said)
    if char in "+-*":
        return problem(
            "stray-character", f"A rule does not calculate: {char} has no meaning here.", span,
            "What is computed of several values is a property or a metric of the catalog.",
        )  # fmt: skip
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    return problem(
        "stray-character",
        f"The character {shown} has no meaning here.",
        span,
        "Leave it out, or put the whole name or text that holds it in double quotes.",
    )


def _in_a_word(char: str) -> bool:
    return char.isalnum() or char in ("_", '"')


def _currency(text: str) -> bool:
    """Three capitals after a number are money only when they are a currency."""
    return text[0] in SIGNS or is_currency(text[-3:])


def folded(text: str) -> str:
    """White space and comments as single spaces, letters in NFC."""
    text = GAP.sub(" ", text).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def folded_quoted(text: str) -> str:
    """The inside of a quoted name: there are no comments in it."""
    return unicodedata.normalize("NFC", " ".join(text.split()))
