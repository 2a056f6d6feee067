"""The text before the cursor, read at each place where what is being typed may begin.

Where a name ends, and so what the last words are, is often open while somebody types: `placed order at le` may end in a
name or in the beginning of `at least`. So there are several places, one for each of the last words, and what was typed
from there on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache

from ..catalog import fold
from ..errors import SegQLError
from ..parser.builders import BUILDERS
from ..parser.engine.lexer import Lexer, Token
from ..parser.engine.machine import Reading, Rule, rules_of
from ..parser.engine.tables import END
from ..parser.engine.terminals import GAP, WORD
from ..plain import dataclass
from ..source import Source
from ..words import pattern, say, spellings, word

Levels = tuple[tuple[Token, ...], ...]
"""The tokens of the condition at hand; with open parentheses, those of the conditions around it, outermost first."""

MOST_WORDS = 7
"""Words of the longest name or keyword that is completed from its first word on."""

_LONGEST, _DEEPEST = 1_000, 600
"""Letters of a name, and what waits on the parser's stack (200 open parentheses), behind which nothing is offered any
more: the text is read for each place, and each offer is judged by a text that ends all that is open."""

UNIONS = frozenset({"ANY_OF", "ALL_OF"})
"""Behind these words stand several events in parentheses, each with a `where` at most."""

_LEXEME = re.compile(
    r"""(?P<comment>(?:--|#)[^\n]*)|(?P<text>"(?:[^"\n]|"")*"|'(?:[^'\n]|'')*')|(?P<open>["'][^\n]*)"""
    rf"|(?P<word>{WORD.pattern})|(?P<number>[0-9][\w.,]*(?: ?%)?)|(?P<sign>[<>=!]+)|(?P<gap>[\s\ufeff]+)|.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Caret:
    """A place in a text, what the parser has read before it, and what was typed from there to the cursor."""

    at: int
    typed: str
    reading: Reading
    takes: frozenset[str]
    levels: Levels

    @property
    def before(self) -> Token | None:
        """The token before, if it is one of this condition."""
        return self.levels[-1][-1] if self.levels[-1] else None


@dataclass(frozen=True, slots=True)
class _Trail:
    reading: Reading
    at: int
    levels: Levels


@cache
def _ahead() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """Where some keywords may stand that are read as such only with more behind them (`on .. different days`): the text
    before it, the words that it is about, the text that makes it one.
    """
    openings = "|".join({words.split()[-1]: 0 for kind in ("EDGE", "MEASURE_OF") for words in spellings(kind)})
    return tuple(
        (re.compile(pattern(before), re.IGNORECASE), about, ahead)
        for before, about, ahead in (
            (rf"(?:^|\W)(?:{openings})\s*\Z", word("ANY_OF"), say("ANY_OF (x)")),
            (r"(?:^|\W)<IN>\s*\Z", "", "(x"),
            (r"(?:^|\W)(?:<RANDOM>|<SAMPLE>|<TOP>)\s*\Z", "", "1%"),
            (r"(?:^|\W)<WITHIN> (?:[0-9]+ ?(?:<UNITS>|<UNIT>|<SHORT>))\s*\Z", "", say("OF x")),
            (r"(?:^|\W)<ON>\s.", word("DIFFERENT", "days").split()[0], word("DIFFERENT", "days")),
            (r"(?:^|\W)<IN>\s.", word("OF_THE_LAST"), say("OF_THE_LAST 4 {}", word("UNITS", "w"))),
        )
    )


def places(text: str, cursor: int, symbol: str) -> list[Caret]:
    """The places from which on something may be completed, the last first, in a rule or in a definition."""
    found: list[Caret] = []
    starts = _starts(text, cursor)
    # `3 or mo` is no other condition.
    more = (at for at in starts[1:2] if any(one.startswith(fold(text[at:cursor])) for one in spellings("OR_MORE")))
    if starts and (trail := _condition(text, next(more, starts[0]), symbol)):
        for at in starts:
            if at >= trail.at:
                read = list(_read(text, cursor, at, trail))
                if symbol == "definition" and at and text[at - 1] == "\n" and any(END in one.takes for one in read):
                    found.append(_place(_beginning(Source(text[:at]), symbol, at), at, text[at:cursor]))
                found += read
    return found


def _starts(text: str, cursor: int) -> list[int]:
    """Where the last words begin, the last first; none inside a comment."""
    found: list[int] = []
    word = False
    for lexeme in _LEXEME.finditer(text, 0, cursor):
        start, end, kind = lexeme.start(), lexeme.end(), lexeme.lastgroup
        if kind == "comment":
            if end == cursor:
                return []
            found, word = [], False
        elif kind == "gap":
            word = False
        elif kind in ("word", "number"):
            found, word = [*found[1 - MOST_WORDS :], start], True
        elif kind == "open" and end == cursor:
            return [start]
        elif kind == "text":
            found, word = [], True
        elif kind == "sign" and end == cursor:
            found, word = [start], False
        else:
            found, word = [], lexeme[0] in ")+"
    return [*([] if word else [cursor]), *reversed(found)]


@cache
def _rules() -> tuple[Rule, ...]:
    return rules_of(BUILDERS)


def _beginning(source: Source, symbol: str, at: int = 0) -> _Trail:
    """Nothing read yet."""
    return _Trail(Reading(source, symbol, _rules(), at), at, ((),))


def _condition(text: str, end: int, symbol: str) -> _Trail | None:
    """The text as read where the last condition before `end` begins; None where it is longer or deeper than any."""
    source = Source(text[:end])
    last, at = _beginning(source, symbol), 0
    for after in _steps(source, end, last):
        if after.at - at > _LONGEST or len(after.reading.stack) > _DEEPEST:
            return None
        at = after.at
        if "CAN_RECEIVE" in after.reading.actions:
            last = replace(after, reading=after.reading.fork(source))
    return last


def _read(text: str, cursor: int, at: int, trail: _Trail) -> Iterator[Caret]:
    """The places at one offset: the text read as it is, and as it is once more of it is there."""
    typed = text[at:cursor]
    # `random`, `top` and `in` are read as such before a number.
    plain = _reach(Source(text[:cursor]), at, trail) if typed[:1].isdigit() else None
    plain = plain or _reach(Source(text[:at]), at, trail)
    if plain:
        yield _place(plain, at, typed)
    for before, words, ahead in _ahead():
        beginning = min(len(words), len(typed))
        if words[:beginning] != typed[:beginning].lower() or not before.search(text, trail.at, at):
            continue
        if (other := _reach(Source(f"{text[:at]} {ahead}"), at, trail)) and _differs(other, plain):
            yield _place(other, at, typed)


def _differs(other: _Trail, plain: _Trail | None) -> bool:
    return plain is None or [t.type for t in other.levels[-1]] != [t.type for t in plain.levels[-1]]


def _place(trail: _Trail, at: int, typed: str) -> Caret:
    return Caret(at, typed, trail.reading, frozenset(trail.reading.takes()), trail.levels)


def _reach(source: Source, at: int, trail: _Trail) -> _Trail | None:
    """The text read up to an offset, when it can be read and a token ends there."""
    last = trail
    for after in _steps(source, at, trail):
        last = after
    return last if last.at >= len(source.text[:at].rstrip()) or _only_gap(source.text, last.at, at) else None


def _only_gap(text: str, start: int, end: int) -> bool:
    return GAP.fullmatch(text, start, end) is not None if start < end else start == end


def _steps(source: Source, end: int, trail: _Trail) -> Iterator[_Trail]:
    """The text after each token that ends before `end`, as long as it can be read; all with one reading, going on."""
    reading, levels = trail.reading.fork(source), trail.levels
    lexer = Lexer(source, trail.at, len(source.text))
    with suppress(SegQLError):
        while (token := lexer.next(reading.actions)).type != END and token.end <= end and reading.take(token):
            levels = _pushed(levels, token, "CAN_RECEIVE" in reading.actions)
            yield _Trail(reading, token.end, levels)


def _events(inside: tuple[Token, ...]) -> Iterator[Token]:
    """The names of events in the parentheses of a union, without what their `where`s say."""
    at = 0
    for place, token in enumerate(inside):
        if token.type == "COMMA":
            at = place + 1
        if place == at or token.type == "COMMA" or (place == at + 1 and token.type == "STRING"):
            yield token


def _pushed(levels: Levels, token: Token, begins: bool) -> Levels:
    """A condition's tokens and one more; with a new condition they begin anew."""
    *outer, tokens = levels
    match token.type:
        case "LPAR":
            return (*outer, (*tokens, token), ())
        case "RPAR":
            *outer, around = outer
            inside = tokens if len(around) > 1 and around[-2].type in UNIONS else ()
            return (*outer, (*around, *_events(inside), token))
        case "AND" | "OR" | "BUT" | "EXCEPT" | "WHO" | "EQ" if begins:
            return (*outer, ())
        case "NOT" | "PEOPLE" | "LACKS":
            return levels
        case "IS" | "IS_NOT" if not tokens:  # before a condition, of which it says nothing
            return levels
        case _:
            return (*outer, (*tokens, token))
