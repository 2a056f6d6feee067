"""The definition that the cursor is in, in the text of a `.segql` file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ..ast import Literal_, Segment
from ..catalog import fold
from ..errors import SegQLError
from ..parser import parse_definitions
from ..parser.builders.definitions import beginning, stretches
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


def within(text: str, cursor: int, definitions: bool) -> Inside:
    """The definition at the cursor; the whole text where it is said to have none and begins with none."""
    starts = [one.start for one in stretches(Source(text))[0]]
    if not definitions and not (starts and _begins(text, starts[0])):
        return Inside(0, len(text), "rule")
    start = max((start for start in starts if start <= cursor), default=0)
    end = min((start for start in starts if start > cursor), default=len(text))
    return Inside(start, end, "definition", _parameters(text[start:end]))


def _begins(text: str, start: int) -> bool:
    """Whether a definition begins here, be it with its first word alone."""
    return text[start:].split(maxsplit=1)[0].lower() in (word("LET"), word("SEGMENT"))


def _parameters(text: str) -> Mapping[str, Literal_]:
    if not (found := beginning().match(text, len(word("SEGMENT")))):
        return {}
    try:
        (segment,) = parse_definitions(f"{text[: found.end()]} {word('EVERYONE')}").parts
    except (SegQLError, ValueError):
        return {}
    return {fold(name.text): value for name, value in segment.parameters} if isinstance(segment, Segment) else {}
