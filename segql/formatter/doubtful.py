"""Names that are words of the language: does a canonical spelling still say what was meant?

`minutes` and `since` are names, but `minutes since` is one as well. Where a name may run together with the words
beside it, the text is parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from typing import Any

from ..ast import Name, Phrase
from ..errors import SegQLError
from ..parser import parse_rule
from ..parser.engine.tables import tables
from ..parser.engine.terminals import GAP

_WORDS = re.compile(r"[a-z]+")
_QUOTED = re.compile(r"""("(?:[^"\n]|"")*"|'(?:[^'\n]|'')*')""")


def undoubted(text: str, node: Phrase) -> str:
    """The text where it says the phrase, else the phrase in its own words, on one line and without comments."""
    # Texts whose names share no word with the language need not be parsed.
    if not any(_doubtful(name.words) for name in _names(node)) or _parsed(text) == node:
        return text
    parts = _QUOTED.split(node.span.text)
    written = "".join(part if place % 2 else GAP.sub(" ", part) for place, part in enumerate(parts)).strip()
    return written if _parsed(written) == node else text


@lru_cache(1024)
def _parsed(text: str) -> object:
    try:
        return parse_rule(text)
    except SegQLError:
        return None


@lru_cache(4096)
def _doubtful(words: str) -> bool:
    split = words.lower().split(" ")
    return split[0] in _language() or split[-1] in _language()


@cache
def _language() -> frozenset[str]:
    """The words that keywords are made of."""
    return frozenset(word for terminal in tables().terminals for word in _WORDS.findall(terminal.pattern))


def _names(node: Phrase) -> Iterator[Name]:
    parts: list[Any] = [node]
    for part in parts:
        kind: Any = type(part)
        if isinstance(part, Name):
            yield part
        elif kind is tuple:
            parts += part
        elif compared := _compared(kind):
            parts += [getattr(part, name) for name in compared]


@cache
def _compared(kind: type) -> tuple[str, ...]:
    """The fields that make a node equal to another; what is no node has none."""
    return tuple(field.name for field in fields(kind) if field.compare) if is_dataclass(kind) else ()
