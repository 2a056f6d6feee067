"""SegQL in colour: a Pygments lexer whose tokens are those of the parser, with the grammar's own terminals.

A text that is right is coloured as it is read. Behind a mistake it is still coloured, word by word; only what is no
word or value at all is an error: here one sees the words, the parser's message says what is wrong with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from pygments.lexer import Lexer as PygmentsLexer
from pygments.token import Comment, Error, Keyword, Literal, Name, Number, Operator, Punctuation, String, Whitespace

from .errors import SegQLError
from .parser.builders.definitions import stretches
from .parser.builders.given import marked, names_test
from .parser.engine.lexer import Lexer, Token
from .parser.engine.machine import Reading, rules_alone
from .parser.engine.tables import END, tables
from .parser.engine.terminals import NAMES, VALUES
from .source import Source
from .words import word

Piece = tuple[int, object, str]
"""Where it begins, its type for Pygments, its text."""

_GAP = re.compile(r"(?:--|#)[^\n]*|[\s\ufeff]+")
_TYPES = {
    **dict.fromkeys(VALUES, Number), **dict.fromkeys(NAMES, Name), **dict.fromkeys(("DATE", "TIMESTAMP"), Literal.Date),
    **dict.fromkeys(("AND", "OR", "NOT"), Operator.Word), **dict.fromkeys(("LPAR", "RPAR", "COMMA"), Punctuation),
    **dict.fromkeys(("LET", "SEGMENT"), Keyword.Declaration), "STRING": String, "BOOL": Keyword.Constant,
}  # fmt: skip
_OWN_PLACES = frozenset({"PROPERTY", "DATED", "THING", "LIST_NUMBER"})
"""Terminals that are another terminal everywhere but in their own place."""


class SegQLLexer(PygmentsLexer):  # type: ignore[misc]
    """Rules, and files of definitions."""

    name = "SegQL"
    aliases = ["segql"]  # noqa: RUF012
    filenames = ["*.segql"]  # noqa: RUF012
    url = "https://github.com/segql/segql"

    def get_tokens_unprocessed(self, text: str) -> Iterator[Piece]:
        """The whole text, in pieces."""
        source, at = Source(text), 0
        for start, end, symbol in _parts(source):
            yield from _gap(text, at, start)
            yield from _coloured(source, start, end, symbol)
            at = end
        yield from _gap(text, at, len(text))


def _parts(source: Source) -> list[tuple[int, int, str]]:
    """The definitions of a file, or the one rule."""
    found, _ = stretches(source)
    first = source.text[found[0].start :].split(maxsplit=1)[0].lower() if found else ""
    if first in (word("LET"), word("SEGMENT"), word("TEST")):
        return [part for start, end, _ in found for part in _stretch(source, start, end)]
    return [(0, len(source.text), "rule")]


def _stretch(source: Source, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """A definition; of a test its words, and between them its rules."""
    if not names_test(source, start, end):
        yield start, end, "definition"
        return
    at = start
    for one in marked(source, start, end)[0]:
        yield at, one.start, "test"
        yield one.start, one.end, "literal" if one.kind == "NOW" else "rule"
        at = one.end
    if at < end:
        yield at, end, "test"


_WORDS = re.compile(
    r"""(?P<string>"(?:[^"\n]|"")*"|'(?:[^'\n]|'')*')|(?P<number>[0-9][0-9,]*)|(?P<word>\w+)|(?P<sign>[:,])"""
)


def _said(text: str, start: int, end: int) -> Iterator[Piece]:
    """What a test says around its rules; an invariant."""
    at = start
    for found in _WORDS.finditer(text, start, end):
        kind = found.lastgroup
        yield from _gap(text, at, found.start())
        type_ = {"string": String, "number": Number, "sign": Punctuation}.get(str(kind), Keyword)
        yield found.start(), Keyword.Declaration if found.start() == start else type_, found.group()
        at = found.end()
    yield from _gap(text, at, end)


def _coloured(source: Source, start: int, end: int, symbol: str) -> Iterator[Piece]:
    if symbol == "test":
        yield from _said(source.text, start, end)
        return
    reading = Reading(source, symbol, rules_alone(), start)
    lexer = Lexer(source, start, end)
    right, at = True, start
    while at < end:
        try:
            token = lexer.next(reading.actions if right else _anywhere())
        except SegQLError as error:
            begins, over = lexer.at, max(lexer.at + 1, error.problems[0].span.end)
            yield from _gap(source.text, at, begins)
            yield begins, Error, source.text[begins:over]
            lexer.at, right, at = over, False, over
            continue
        if right and not reading.take(token):
            right = False
            continue
        if token.type == END:
            break
        yield from _gap(source.text, at, token.start)
        yield from _token(source.text, token)
        lexer.at = at = token.end
    yield from _gap(source.text, at, end)


def _token(text: str, token: Token) -> Iterator[Piece]:
    """A token, but for the comments between its words."""
    type_ = _TYPES.get(token.type) or (Operator if token.type in _signs() else Keyword)
    written = text[token.start : token.end]
    if token.type == "STRING" or not ("--" in written or "#" in written):
        yield token.start, type_, written
        return
    at = token.start
    for gap in _GAP.finditer(text, token.start, token.end):
        yield from ([(at, type_, text[at : gap.start()])] if gap.start() > at else [])
        yield from _gap(text, gap.start(), gap.end())
        at = gap.end()
    yield at, type_, text[at : token.end]


def _gap(text: str, start: int, end: int) -> Iterator[Piece]:
    """White space and comments."""
    at = start
    for gap in _GAP.finditer(text, start, end):
        if gap.start() > at:
            yield at, Error, text[at : gap.start()]
        yield gap.start(), Comment.Single if gap.group()[0] in "-#" else Whitespace, gap.group()
        at = gap.end()
    if at < end:
        yield at, Error, text[at:end]


@cache
def _anywhere() -> Mapping[str, int]:
    return {t.name: 0 for t in tables().terminals if t.name not in _OWN_PLACES}


@cache
def _signs() -> frozenset[str]:
    return frozenset(t.name for t in tables().terminals if t.sign)
