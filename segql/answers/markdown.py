"""What stands in Markdown: texts that are no markup, tables, lists, blocks of code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKS = re.compile(r"[\\`*<\[\]|~]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
_AT_AN_EDGE = re.compile(r"^(?=[-+#>=])|(?<![#\\])(?=#+$)")
"""What begins a list, a quote or a heading, or ends a heading."""
_LISTED = re.compile(r"^(\d{1,9})(?=[.)](?: |$))")
"""The number that begins an item of a list."""


def text(given: str) -> str:
    """A text on one line, whose marks are those of the text: a name may be `*` or `<b>`."""
    return _LISTED.sub(r"\1\\", _AT_AN_EDGE.sub(r"\\", _cell(given)))


def _cell(given: str) -> str:
    return _MARKS.sub(r"\\\g<0>", " ".join(given.split()))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows under their heads."""

    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(cells)} |"

    return "\n".join(line(map(_cell, cells)) for cells in (heads, ["---"] * len(heads), *rows))


def items(lines: Iterable[str]) -> str:
    """A list, an item each."""
    return "\n".join(f"- {text(line)}" for line in lines)


def code(language: str, lines: Sequence[str]) -> str:
    """A block of code, between fences longer than any that it holds."""
    longest = max((len(found) for line in lines for found in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{language}", *lines, fence])
