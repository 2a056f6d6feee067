"""What those who teach the language are told of it: its words with their spellings, its units, examples of its forms.

The words are those of the table, for the terminals of the grammar; the examples are the lines `//> example` above the
grammar's rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ... import words
from .tables import grammar, tables
from .terminals import NAMES, VALUES


@cache
def spellings() -> Mapping[str, tuple[str, ...]]:
    """Each keyword and sign with its spellings, in the order of the table: those that are explained.

    The others are read, and neither taught nor printed.
    """
    kinds = {t.name for t in tables().terminals}.difference(NAMES, VALUES)
    known = words.words().meanings
    return {
        kind: said
        for kind in words.words().senses
        if kind in kinds and (said := tuple(one for one in words.spellings(kind) if (kind, one) in known))
    }


@cache
def units() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The values that are a number with a unit, and their units as words, for one and for many: `day` and `days`."""
    spelled = words.words().spelled
    found = {kind: [(all_[-1], all_[0]) for (of, _), all_ in spelled.items() if of == kind] for kind in VALUES}
    found["DURATION"] = [(words.word("UNIT", unit), many[0]) for (of, unit), many in spelled.items() if of == "UNITS"]
    return {kind: tuple(pairs) for kind, pairs in found.items() if pairs}


@cache
def examples() -> tuple[str, ...]:
    """One line for each form of the language, in the order of the grammar."""
    return _lines("//>")


@cache
def said_examples() -> tuple[str, ...]:
    """Lines that show what is printed in other words."""
    return _lines("//~")


def _lines(mark: str) -> tuple[str, ...]:
    lines = (line.strip() for line in grammar().splitlines())
    return tuple(line.removeprefix(mark).strip() for line in lines if line.startswith(mark))
