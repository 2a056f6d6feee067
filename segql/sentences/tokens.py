"""The words of a sentence, each with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..catalog import fold

_TOKEN = re.compile(
    r"""[$€£¥]?\d(?:[\d,]*\d)?(?:\.\d+)?[kK]?(?![\w-])%?\+?|\d+(?:\.\d+)?(?:x|k|km|[a-z]+)\b|"(?:[^"]|"")*"
    |(?<![\w/])/\w[\w/-]*|[^\W\d]\w*(?:['’\-&]\w+)*|\d[\w:-]*|[^\s\w]""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A word, a number or a sign: as it is written, in small letters, and where."""

    text: str
    folded: str
    start: int
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text in order; signs stand alone."""
    return tuple(
        Token(found[0], fold(found[0].replace("’", "'")), found.start(), found.end()) for found in _TOKEN.finditer(text)
    )
