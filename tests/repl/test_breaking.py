"""Long lines at the prompt: they go on below between two words, and the cursor stands where it is."""

from __future__ import annotations

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.layout.controls import BufferControl
from prompt_toolkit.layout.processors import TransformationInput

from segql.repl.breaking import BetweenWords, filling


def lines(text: str, width: int) -> list[str]:
    """As a terminal of so many columns shows it."""
    shown = "".join(" " * blanks + letter for blanks, letter in zip(filling(text, width), text, strict=True))
    return [shown[at : at + width].rstrip() for at in range(0, len(shown), width)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('country is "NL" and vip', ["country", 'is "NL"', "and vip"]),
        ("vip and vip and vip", ["vip and", "vip and", "vip"]),
        ("vip and  vip", ["vip and", " vip"]),
        ("averyverylongname vip", ["averyver", "ylongnam", "e vip"]),
        ("vip averyverylongname", ["vip aver", "yverylon", "gname"]),
        ("", []),
        ("   ", [""]),
    ],
)
def test_words_stay_whole(text: str, shown: list[str]) -> None:
    assert lines(text, 8) == shown


@pytest.mark.parametrize("width", [-3, 0, 1, 2, 7, 8, 9, 30, 200])
def test_each_place_of_the_text_is_found_again(width: int) -> None:
    text = 'placed order in 90d and country is "Österreich" or 漢字 is set'
    given = TransformationInput(BufferControl(Buffer()), Document(text), 0, lambda i: i, [("", text)], width + 7, 1)
    made = BetweenWords(7).apply_transformation(given)
    shown = "".join(part[1] for part in made.fragments)
    assert [shown[made.source_to_display(at)] for at in range(len(text))] == list(text)
    assert [made.display_to_source(made.source_to_display(at)) for at in range(len(text) + 3)] == [
        *range(len(text) + 3)
    ]
    assert made.source_to_display(len(text)) == len(shown)
