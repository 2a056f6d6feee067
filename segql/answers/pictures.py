"""Numbers as pictures in a terminal: bars and lines of text, as wide as there is room for, without colours."""

from __future__ import annotations

from collections.abc import Sequence

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LEVELS = "▁▂▃▄▅▆▇█"


def bar(number: int, most: int, width: int) -> str:
    """A bar whose length says how much of `most` a number is; some of it for whatever is above 0."""
    if number <= 0 or most <= 0:
        return ""
    eighths = max(1, round(8 * width * number / most))
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def sparkline(numbers: Sequence[int]) -> str:
    """A character for each number, the higher the more it is, from the lowest to the highest of them."""
    low, high = min(numbers, default=0), max(numbers, default=0)
    span = high - low or 1
    return "".join(_LEVELS[(number - low) * (len(_LEVELS) - 1) // span] for number in numbers)
