"""The rule that the cursor is in, in the text of a `.segql` file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..ast import Literal_, Segment
from ..catalog import fold
from ..errors import SegQLError
from ..parser import parse_definitions
from ..parser.definitions import BEGINNING, stretches
from ..source import Source


@dataclass(frozen=True, slots=True)
class Within:
    """Where the rule of a definition stands in a text, and the parameters that it has, by folded name."""

    start: int
    end: int
    parameters: Mapping[str, Literal_]


def within(text: str, cursor: int) -> Within | None:
    """The rule at the cursor, which is the whole text where that begins with no definition; None between rules."""
    starts = [one.start for one in stretches(Source(text))[0]]
    if not starts or not _head(text, starts[0]):
        return Within(0, len(text), {})
    start = max((start for start in starts if start <= cursor), default=None)
    if start is None or cursor < (head := _head(text, start)) or text[start].lower() != "s":
        return None
    end = min((start for start in starts if start > cursor), default=len(text))
    return Within(head, end, _parameters(text[start:head]))


def _head(text: str, start: int) -> int:
    """Where the head of a definition ends, behind its `=`; 0 where there is none."""
    word = next((word for word in ("let", "segment") if text[start : start + len(word)].lower() == word), "")
    found = BEGINNING.match(text, start + len(word)) if word else None
    return found.end() if found else 0


def _parameters(head: str) -> Mapping[str, Literal_]:
    try:
        (segment,) = parse_definitions(f"{head} everyone").parts
    except (SegQLError, ValueError):
        return {}
    return {fold(name.text): value for name, value in segment.parameters} if isinstance(segment, Segment) else {}
