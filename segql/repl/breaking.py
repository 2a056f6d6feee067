"""Long lines at the prompt go on below between two words, never within one that has room on a line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from prompt_toolkit.formatted_text.utils import fragment_list_to_text
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.layout.utils import explode_text_fragments
from prompt_toolkit.utils import get_cwidth


class BetweenWords(Processor):
    """Fills a line of the screen with blanks where the next word would not end on it. `indent` stands before each."""

    def __init__(self, indent: int) -> None:
        self.indent = indent

    def apply_transformation(self, given: TransformationInput) -> Transformation:
        """The line with blanks between its words."""
        fragments = explode_text_fragments(given.fragments)
        blanks = filling(fragment_list_to_text(fragments), given.width - self.indent)
        if not any(blanks):
            return Transformation(given.fragments)
        shown = [part for blank, one in zip(blanks, fragments, strict=False) for part in (*[("", " ")] * blank, one)]
        before = list(accumulate(blanks))  # of each letter
        places = [at + blank for at, blank in enumerate(before)]

        def to_shown(at: int) -> int:
            return at + before[min(at, len(before) - 1)]

        def to_text(at: int) -> int:
            found = bisect_right(places, at) - 1
            return max(found, 0) + max(at - places[-1], 0)

        return Transformation(shown, to_shown, to_text)


def filling(text: str, width: int) -> Sequence[int]:
    """How many blanks stand before each letter, so that no word that fits on a line of so many columns is broken."""
    blanks, column, at = [0] * len(text), 0, 0
    while at < len(text):
        end = at + 1
        if not text[at].isspace():
            while end < len(text) and not text[end].isspace():
                end += 1
            wide = sum(map(get_cwidth, text[at:end]))
            if column > 0 and column + wide + 1 > width >= wide + 1:  # with the space behind it, or the cursor
                blanks[at], column = width - column, 0
            column = (column + wide) % width if width > 0 else 0
        else:
            column = (column + get_cwidth(text[at])) % width if width > 0 else 0
        at = end
    return blanks
