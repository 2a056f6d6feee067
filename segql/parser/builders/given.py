"""Tests in a file of definitions: `test "NAME" now: .. given: .. expect: ..`; invariants: `test "VIP" inside "Buyers"`.

A test is cut into its sections, whose marks are no words of a rule: a colon stands nowhere in one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from ...ast import Ago, At, Relative, Time
from ...source import Source, Span
from ...words import pattern, spellings, word
from ..checks import fail
from ..engine.lexer import Comment

SECTIONS = ("NOW", "GIVEN", "EXPECT")
_STRING = r'"(?:[^"\n]|"")*"|\'(?:[^\'\n]|\'\')*\''
_PIECE = re.compile(rf"(?P<comment>(?:--|\#)(?P<says>[^\n]*))|{_STRING}|(?P<word>[^\W\d]\w*)(?P<mark>\s*:)?|[^\s]")
_GAP = r"(?:\s|(?:--|#)[^\n]*(?:\n|\Z))"


class Section(NamedTuple):
    """A part of a test: `NOW`, `GIVEN`, `EXPECT`; where its mark begins, and what follows the mark."""

    kind: str
    mark: int
    start: int
    end: int


@cache
def begins_test() -> re.Pattern[str]:
    """What stands behind the word `test` where it begins a test; elsewhere it may begin a name."""
    marks = "|".join(re.escape(spelled) for kind in SECTIONS for spelled in spellings(kind))
    return re.compile(rf"{_GAP}+(?:{_STRING}){_GAP}+(?:{marks})\s*:", re.IGNORECASE)


@cache
def begins_invariant() -> re.Pattern[str]:
    """What stands behind the word `test` where it demands something of segments."""
    return re.compile(
        rf"{_GAP}+(?:{_STRING})\s*(?:,|\b(?:and\s*[\"']|inside|exclusive|are|covers?|between|at\s+(?:least|most)|[0-9])\b)",
        re.IGNORECASE,
    )


def in_its_place(node: Any, source: Source, put: Sequence[int]) -> Any:
    """A tree, or a problem, of a text in which `on` was put at these places, with the places of the text itself.

    `on 2 hours ago` is the instant that it says.
    """
    added = len(on_moment())

    def back(at: int) -> int:
        return at - added * sum(place + added * number < at for number, place in enumerate(put))

    def moved(one: Any) -> Any:
        if isinstance(one, Span):
            return Span(source, back(one.start), back(one.end))
        if isinstance(one, tuple) and not hasattr(one, "_fields"):
            return tuple(map(moved, one))
        if not is_dataclass(one) or isinstance(one, type):
            return one
        made: Any = replace(one, **{field.name: moved(getattr(one, field.name)) for field in fields(one)})
        match made:
            case Relative("on", (Ago(whole_day=False) | Time()) as moment):
                return At(moment, moment.span)
        return made

    return moved(node)


@cache
def on_moment() -> str:
    """What makes a window of `2 hours ago`, which is none in a rule."""
    return f"{word('ON')} "


@cache
def instant_said() -> re.Pattern[str]:
    """`2 hours ago`."""
    return re.compile(pattern(r"[0-9]+\s*(?:<UNITS>|<UNIT>|<SHORT>)\s+<AGO>\b"), re.IGNORECASE)


def names_test(source: Source, start: int, end: int) -> bool:
    """Whether a stretch of definitions is a test, or an invariant: its first word says so, and a text follows."""
    first, *rest = source.text[start:end].split(maxsplit=1) or [""]
    return first.lower() in spellings("TEST") and bool(rest) and rest[0][0] in "\"'-#"


def is_test(text: str, at: int) -> bool:
    """Whether a test begins with the word that ends here."""
    return begins_test().match(text, at) is not None or begins_invariant().match(text, at) is not None


def marked(source: Source, start: int, end: int) -> tuple[list[Section], list[re.Match[str]]]:
    """The sections of a test, finished or not, and all of its pieces behind the first word."""
    kinds = {spelled: kind for kind in SECTIONS for spelled in spellings(kind)}
    pieces = list(_PIECE.finditer(source.text, start + len(word("TEST")), end))
    marks = [(one, kinds[one["word"].lower()]) for one in pieces if one["mark"] and one["word"].lower() in kinds]
    ends = [*(one.start() for one, _ in marks), end][1:]
    return [Section(kind, one.start(), one.end(), to) for (one, kind), to in zip(marks, ends, strict=True)], pieces


def sections(source: Source, start: int, end: int) -> tuple[Span, list[Section], list[Comment]]:
    """The name of a test in its quotes, its sections, and the comments before the first rule of it.

    Raises SegQLError for sections that are missing, doubled, or in another order.
    """
    found, pieces = marked(source, start, end)
    first = next(one for one in pieces if not one["comment"])
    name = Span(source, first.start(), first.end())
    for before, one in pairwise(found):
        if SECTIONS.index(one.kind) <= SECTIONS.index(before.kind):
            fail("syntax", "A test says `now:`, then `given:`, then `expect:`, each once at most.",
                 Span(source, one.mark, one.start), "Write one test for each thing that is expected.")  # fmt: skip
    if not found or found[-1].kind != "EXPECT":
        fail("incomplete", "This test expects nothing.", name, 'It ends with a rule: `expect: in segment "Buyers"`.')
    rules = next(one.start for one in found if one.kind != "NOW")
    above = [Comment(p["says"].removeprefix(" ").rstrip(), p.start()) for p in pieces if p["comment"]]
    return name, found, [one for one in above if one.start < rules]
