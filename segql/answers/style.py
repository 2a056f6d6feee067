"""Text with the colours of a terminal, as ANSI codes; whoever prints it leaves them out where nobody sees them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias
from zoneinfo import ZoneInfo

from ..calendar import local

if TYPE_CHECKING:
    from ..errors import Problem

Colour: TypeAlias = Literal["red", "green", "yellow", "magenta", "cyan"]
_CODES = {"red": 31, "green": 32, "yellow": 33, "magenta": 35, "cyan": 36, "bold": 1, "dim": 2}
_ANSI = re.compile(r"\x1b\[[;\d]*m")
_COLUMN = re.compile(r" *(?:[-+] |help: |(?:\S+ )*\S+ {2,}|)")
"""The beginning of a line under which it goes on: its mark, or what stands in a column of its own."""
_COLOURS: dict[str, Colour] = {"error": "red", "warning": "yellow", "hint": "cyan"}


def style(text: str, fg: Colour | None = None, *, bold: bool = False, dim: bool = False) -> str:
    """The text in a colour, bold, dim."""
    names = (fg, "bold" if bold else None, "dim" if dim else None)
    return "".join(f"\x1b[{_CODES[name]}m" for name in names if name) + text + "\x1b[0m"


def plain(text: str) -> str:
    """The text without its colours."""
    return _ANSI.sub("", text)


def painted(problem: Problem) -> str:
    """A problem as text with colours."""
    colour = _COLOURS[problem.severity]
    head, *lines = str(problem).split("\n")
    label, said = head.split(": ", 1)
    shown = [fitted(style(label, colour, bold=True) + ": " + style(said, bold=True))]
    for line in lines:
        if line.startswith("  help: "):
            shown.append(fitted(style("  help: ", "green") + line.removeprefix("  help: ")))
        elif line.lstrip(" ").startswith("|") and line.rstrip().endswith("^"):
            bar, carets = line.split("|", 1)
            shown.append(f"{bar}|" + style(carets, colour, bold=True))
        else:
            shown.append(line)
    return "\n".join(shown)


def fitted(text: str) -> str:
    """A text whose lines break between words where the terminal is too narrow; what goes on stands under its column."""
    if not sys.stdout.isatty():
        return text
    import shutil  # here: what goes to a file or a pipe needs none of it

    width = shutil.get_terminal_size().columns
    return "\n".join(line for given in text.split("\n") for line in _broken(given, width))


def _broken(line: str, width: int) -> Iterator[str]:
    column = _COLUMN.match(plain(line)[:width])
    indent = " " * column.end() if column and column.end() <= width // 2 else "  "
    shown = ""
    for word in re.findall(r" *[^ ]+", line):
        if shown and len(plain(shown + word)) > width:
            yield shown
            shown = indent + word.lstrip(" ")
        else:
            shown += word
    yield shown


def shared(count: int, of: int) -> str:
    """`1,310 of 20,000 profiles (6.6 %)`."""
    if not of:
        return "0 of 0 profiles"
    return f"{count:,} of {of:,} profile{'s' * (of != 1)} ({percent(count, of)} %)"


def percent(count: int, of: int) -> str:
    """`6.6`; 0 of nothing."""
    if count in (0, of) or not of:
        return f"{100 * count // (of or 1)}"
    tenths = (2000 * count + of) // (2 * of)  # rounded half up, in whole numbers
    if tenths in (0, 1000):
        return "less than 0.1" if tenths == 0 else "more than 99.9"
    return f"{tenths // 10}.{tenths % 10}"


def counted(number: int, noun: str) -> str:
    """`1 error`, `2,000 errors`, `2 fixes`, `3 guesses`."""
    many = "es" if noun.endswith(("x", "ss")) else "s"
    return f"{number:,} {noun}{many * (number != 1)}"


def signed(number: int) -> str:
    """`+1,310`, `-2`, `0`."""
    return f"{number:+,}" if number else "0"


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """An instant on the wall clock: `2026-11-22 11:00`, at midnight the day alone."""
    wall = local(instant, zone)
    return f"{wall:%Y-%m-%d}" if (wall.hour, wall.minute, wall.second) == (0, 0, 0) else f"{wall:%Y-%m-%d %H:%M}"


def utc(instant: datetime) -> str:
    """An instant for machines: `2026-11-22T10:00:00Z`."""
    return instant.isoformat().replace("+00:00", "Z")
