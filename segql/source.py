"""Where text comes from: a `Source` is a named text, a `Span` is a stretch of it. Every error and node points here."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field
from functools import cached_property

from .plain import dataclass


@dataclass(frozen=True)
class Source:
    """A text with the name that messages call it by (a file's path, `rule`, `catalog`)."""

    text: str
    name: str = "rule"

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(i + 1 for i, c in enumerate(self.text) if c == "\n")]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in code points."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its line end."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open stretch `[start, end)` of a source, in code points."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text of the stretch."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The stretch from the start of this span to the end of the other."""
        return Span(self.source, self.start, max(self.end, other.end))


NOWHERE = Span(Source("", "nowhere"), 0, 0)
