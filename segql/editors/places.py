"""Places as an editor counts them: lines, and units of an encoding in a line, both from 0."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TypeAlias

Place: TypeAlias = tuple[int, int]
"""Line and column."""

_ENDS = re.compile(r"\r\n|\n|\r")
_WIDTHS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
"""Bytes of a unit."""


class Places:
    """The places of one text, in the encoding that the editor and the server agreed on."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._text, self._wide = text, _WIDTHS[encoding]
        self._codec = encoding if encoding == "utf-8" else f"{encoding}-le"
        ends = list(_ENDS.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        self._stops = [*(end.start() for end in ends), len(text)]

    def of(self, offset: int) -> Place:
        """The place of an offset in code points."""
        line = bisect_right(self._starts, offset) - 1
        return line, self._units(self._text[self._starts[line] : min(offset, self._stops[line])])

    def offset(self, line: int, column: int) -> int:
        """The offset of a place; of one behind the end of its line, or of the text, that end."""
        if line >= len(self._starts):
            return len(self._text)
        at, left = self._starts[line], column
        while at < self._stops[line] and left > 0:
            left -= self._units(self._text[at])
            at += left >= 0  # inside a letter of several units: before it
        return at

    def _units(self, text: str) -> int:
        if text.isascii():
            return len(text)
        return len(text.encode(self._codec, "surrogatepass")) // self._wide
