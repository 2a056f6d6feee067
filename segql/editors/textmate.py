"""The colours of SegQL for editors that know TextMate grammars, made of the terminals of the grammar.

A TextMate grammar looks at words alone: `in` in `logged in` is coloured as a keyword, which the parser takes for a part
of the name. `segql lsp` says what is wrong; here one only sees the words.
"""

from __future__ import annotations

import re
from typing import Any

from ..parser.engine.tables import tables
from ..parser.engine.terminals import NAMES, VALUES

_DATES = ("TIMESTAMP", "DATE", "MONTH_DAY", "CALENDAR")
_DECLARE = ("LET", "SEGMENT", "SAMPLE", "SEED")
_LOGIC = ("AND", "OR", "NOT", "BUT", "EXCEPT", "NEVER", "LACKS", "DENIED", "EVERYONE", "NO_ONE")
_SIGNS = ("NE", "LE", "GE", "EQ", "LT", "GT", "PLUS", "MINUS", "SLASH")
_OTHERS = frozenset({*NAMES, *VALUES, *_DECLARE, *_LOGIC, "STRING", "BOOL", "UNIT", "TIME"})
"""Those that have a place of their own here, and two that are names more often than not."""


def grammar() -> dict[str, Any]:
    """The TextMate grammar, as JSON has it."""
    known = {terminal.name: terminal for terminal in tables().terminals}
    keywords = [name for name, one in known.items() if name not in _OTHERS and not one.sign]
    # A sentence has several: of those that begin at one place the first counts, so that longer ones go before.
    keywords.sort(key=lambda name: (known[name].reserved, name))
    numbers = [name for name in VALUES if name not in (*_DATES, "LIST_NUMBER", "YEAR_NUMBER")]

    def of(scope: str, *names: str) -> dict[str, str]:
        return {"name": f"{scope}.segql", "match": _whole([known[name].pattern for name in names])}

    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "SegQL",
        "scopeName": "source.segql",
        "comment": "Made from grammar/segql.lark; `pytest --update tests/editors` writes it anew.",
        "patterns": [
            {"name": "comment.line.segql", "match": r"(?:--|#).*$"},
            {"name": "string.quoted.double.segql", "match": r'"(?:[^"]|"")*"'},
            {"name": "string.quoted.single.segql", "match": r"'(?:[^']|'')*'"},
            {
                "match": r'(?i)^\s*(let|segment|test)\s+("(?:[^"]|"")*"|[^=(\s"][^=("]*?)?(?=\s*(?:[=(]|$))',
                "captures": {"1": {"name": "storage.type.segql"}, "2": {"name": "entity.name.type.segql"}},
            },
            {"name": "storage.type.segql", "match": _whole([*(known[name].pattern for name in _DECLARE), "test"])},
            {"name": "keyword.control.segql", "match": r"(?i)^\s*(?:now|given|expect):"},
            of("constant.other.date", *_DATES),
            *(of("constant.numeric", name) for name in numbers),
            of("constant.language", "BOOL"),
            of("keyword.operator.logical", *_LOGIC),
            *(of("keyword.other", *part) for part in _parts(keywords)),
            {"name": "keyword.operator.segql", "match": "|".join(re.escape(known[name].pattern) for name in _SIGNS)},
            {"name": "punctuation.segql", "match": r"[(),]"},
        ],
    }  # fmt: skip


def _parts(names: list[str], size: int = 30) -> list[list[str]]:
    return [names[at : at + size] for at in range(0, len(names), size)]


def _whole(patterns: list[str]) -> str:
    """One of these, as whole words, in letters of either case."""
    ordered = sorted(patterns, key=len, reverse=True)
    return rf"(?i)(?<![\w'.-])(?:{'|'.join(map(_written, ordered))})(?![\w-])"


def _written(pattern: str) -> str:
    """A pattern of ours in the letters of Oniguruma."""
    found = pattern.replace("(?ai:", "(?i:").replace(r"\Z", "$").replace(" ?", r"\s*").replace(" ", r"\s+")
    # In a set of characters a space stays one.
    return re.sub(r"\[(?:\\.|[^\]\\])*\]", lambda part: part[0].replace(r"\s+", " ").replace(r"\s*", " ?"), found)
