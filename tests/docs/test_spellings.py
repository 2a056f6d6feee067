"""The table of all spellings in docs/language.md: each is taken, and printed as it says; none is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import segql
from segql import Catalog, Segments, demo
from segql.formatter import format
from segql.parser import parse_rule

_PAGE = Path(__file__).parents[2] / "docs" / "language.md"
_WORDS = Path(__file__).parents[2] / "grammar" / "english.txt"
_CODE = re.compile(r"`([^`]+)`")


def _spelled(text: str) -> list[str]:
    """`in/within [the] last` written out: each of the words between strokes, with and without what is in brackets."""
    found = [""]
    for word in re.findall(r"\[[^]]*\]|\S+", text):
        bare = word.strip("[]")
        ways = [bare] if word == bare and '"' in word else _ways(bare)
        found = [f"{one} {way}".strip() for one in found for way in (ways if word == bare else ["", *ways])]
    return found


def _ways(words: str) -> list[str]:
    found = [""]
    for word in words.split():
        found = [f"{one} {way}".strip() for one in found for way in word.split("/")]
    return found


def _rows() -> Iterator[tuple[bool, str, list[str]]]:
    """Each row: whether its group needs the catalog, what is printed, and what else is said."""
    table = _PAGE.read_text("utf-8").split("| printed | also accepted |")[1].split("\n\n")[0]
    behind, catalog = "", False
    for line in table.splitlines()[2:]:
        printed, said = line.strip("|").split(" | ", 1) if " | " in line[1:] else (line.strip("|"), "")
        if line.startswith("| **"):
            behind = "".join(f"{code} " for code in _CODE.findall(printed))
            catalog = "catalog" in printed
            continue
        (canonical,) = _CODE.findall(printed)
        yield catalog, behind + canonical, [behind + way for one in _CODE.findall(said) for way in _spelled(one)]


ROWS = list(_rows())


@pytest.fixture(scope="module")
def shop() -> tuple[Catalog, Segments]:
    folder = demo.shop_folder()
    return segql.load_catalog(str(folder / "catalog.yaml")), segql.load_segments(str(folder))


@pytest.mark.parametrize(("catalog", "printed", "said"), ROWS, ids=[row[1] for row in ROWS])
def test_each_spelling_is_printed_as_the_table_says(
    catalog: bool, printed: str, said: list[str], shop: tuple[Catalog, Segments]
) -> None:
    assert said
    assert _one_line(printed) == printed
    meant = segql.meaning(printed, shop[0], now=demo.NOW, segments=shop[1]).optimized if catalog else None
    for typed in said:
        if catalog:
            assert segql.meaning(typed, shop[0], now=demo.NOW, segments=shop[1]).optimized == meant, typed
        else:
            assert _one_line(typed) == printed, typed


def test_no_spelling_is_missing() -> None:
    """Each other word for a keyword that the grammar's table has."""
    told = " , ".join(text for _, printed, said in ROWS for text in (printed, *said)).lower()
    kinds = re.compile("starting with|ending with|matching regex|matching")  # one of them stands for all
    for line in _WORDS.read_text("utf-8").split("# --- words inside of values")[0].splitlines():
        if line[:1].isupper():
            spelling = line.split(": ", 1)[1].split(": ")[0]
            # What completion explains it also offers.
            if ": " not in line.split(": ", 1)[1]:
                spelling = kinds.sub("containing", spelling)
                assert re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", told), line


def _one_line(text: str) -> str:
    return format(parse_rule(text)).replace("\n", " ")
