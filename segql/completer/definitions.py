"""The definition that the cursor is in, in the text of a `.segql` file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ..ast import Literal_, Segment
from ..catalog import fold
from ..errors import SegQLError
from ..parser import parse_definitions
from ..parser.builders.definitions import beginning, stretches
from ..parser.builders.given import SECTIONS, marked, names_test
from ..plain import dataclass
from ..source import Source
from ..words import word


@dataclass(frozen=True, slots=True)
class Inside:
    """A stretch of a text, the grammar's symbol that it is, and the parameters that it has, by folded name."""

    start: int
    end: int
    symbol: str
    parameters: Mapping[str, Literal_] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    """The words of tests that may follow."""


def within(text: str, cursor: int, definitions: bool) -> Inside:
    """The definition at the cursor; the whole text where it is said to have none and begins with none."""
    starts = [one.start for one in stretches(Source(text))[0]]
    if not definitions and not (starts and _begins(text, starts[0])):
        return Inside(0, len(text), "rule")
    start = max((start for start in starts if start <= cursor), default=0)
    end = min((start for start in starts if start > cursor), default=len(text))
    if names_test(Source(text), start, end):
        return _in_test(text, start, end, cursor)
    return Inside(start, end, "definition", _parameters(text[start:end]), marks=("TEST",))


def _in_test(text: str, start: int, end: int, cursor: int) -> Inside:
    """The section at the cursor; before the first one what a test says of itself."""
    found, _ = marked(Source(text), start, end)
    here = next((one for one in reversed(found) if one.start <= cursor), None)
    if here is None:
        return Inside(start, end, "test", marks=SECTIONS)
    symbol = "now" if here.kind == "NOW" else "rule"
    return Inside(here.start, here.end, symbol, marks=SECTIONS[SECTIONS.index(here.kind) + 1 :])


def _begins(text: str, start: int) -> bool:
    """Whether a definition begins here, be it with its first word alone."""
    return text[start:].split(maxsplit=1)[0].lower() in (word("LET"), word("SEGMENT"), word("TEST"))


def _parameters(text: str) -> Mapping[str, Literal_]:
    if not (found := beginning().match(text, len(word("SEGMENT")))):
        return {}
    try:
        (segment,) = parse_definitions(f"{text[: found.end()]} {word('EVERYONE')}").parts
    except (SegQLError, ValueError):
        return {}
    return {fold(name.text): value for name, value in segment.parameters} if isinstance(segment, Segment) else {}
