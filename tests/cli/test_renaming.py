"""`segql rename`: a segment under another name, wherever it is named; everything else stays, letter for letter."""

from __future__ import annotations

from pathlib import Path

import pytest

import segql
from segql.errors import SegQLError
from segql.renaming import segment_renamed as renamed
from segql.source import Source

from ..chance.pairs import CATALOG
from ..chance.rules import DEFINITIONS
from .command_line import answer
from .command_line import segql as command

NAMED = """\
-- Buyers, who are not renamed here: "Buyers".
segment   "Buyers" = placed order  -- of Buyers
let buyers = 3d

segment Lapsed (Buyers = 90d)=
  in segment   buyers   -- in segment Buyers
  and not was in segment "Buyers" 30 days ago
  and (entered segment Buyers in 30d or not placed order in Buyers)
  and total of placed order > the average of segment Buyers
"""
NAMED = NAMED.replace("total of placed order >", "sum of total of placed order >")


@pytest.mark.parametrize("new", ["Clients", "in the club", 'the "best"', "and", "#1", "Büyers", "sample 10%", "BUYERS"])
def test_every_place_and_nothing_else(new: str) -> None:
    (text,) = renamed([Source(NAMED, "named")], "buyers", new).sources
    quoted = '"' + new.replace('"', '""') + '"'
    assert f"segment   {quoted} = placed order  -- of Buyers\n" in text.text
    assert text.text.startswith('-- Buyers, who are not renamed here: "Buyers".\n')
    assert "let buyers = 3d" in text.text
    assert "segment Lapsed (Buyers = 90d)=\n" in text.text
    assert "-- in segment Buyers\n" in text.text
    assert "placed order in Buyers)" in text.text
    assert f"was in segment {quoted} 30 days ago" in text.text
    (back,) = renamed([text], new, "Buyers").sources
    assert back.text.replace('"Buyers"', "Buyers").lower() == NAMED.replace('"Buyers"', "Buyers").lower()


def test_the_same_members_by_the_same_statement() -> None:
    """Of the segments of random rules, each renamed."""
    before = segql.segments_from(DEFINITIONS)
    for name in before:
        (text,) = renamed([Source(DEFINITIONS, "saved")], name, "Otherwise called").sources
        after = segql.segments_from(text)
        assert not after.problems
        for one, other in zip(before.segments.values(), after.segments.values(), strict=True):
            mine, its = (segql.meaning(s, CATALOG, segments=all_) for s, all_ in ((one, before), (other, after)))
            asked = [segql.compile(s, CATALOG, segments=all_, now=mine.now).sql for s, all_ in
                     ((one, before), (other, after))]  # fmt: skip
            assert its.bound is not None
            assert asked[0].partition("-- now = ")[2] == asked[1].partition("-- now = ")[2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Buyer", "X", "did you mean `Buyers`"),
        ("Buyers", "lapsed", "There is a segment `lapsed` already."),
        ("Buyers", "", "cannot be the name"),
    ],
)
def test_what_cannot_be_is_said(old: str, new: str, said: str) -> None:
    with pytest.raises(SegQLError, match=said):
        renamed([Source(NAMED, "named")], old, new)


def test_texts_with_mistakes_stay() -> None:
    with pytest.raises(SegQLError):
        renamed([Source(NAMED, "named"), Source("segment Y = and", "bad")], "Buyers", "X")


def test_it_writes_when_it_is_told_to(shop_folder: Path) -> None:
    file = shop_folder / "named.segql"
    file.write_text(NAMED)
    given = ["--segments", "named.segql"]
    said = command("rename", "segment", "Buyers", "Clients", *given)
    assert 'named.segql:2: "Buyers"\n' in said.stdout
    assert "5 places in 1 file: nothing written" in said.stderr
    assert file.read_text() == NAMED
    told = answer("rename", "segment", "Buyers", "Clients", *given, "--write")
    assert told == {"files": ["named.segql"], "places": 5, "written": True}
    assert 'segment   "Clients" = placed order  -- of Buyers\n' in file.read_text()
    assert "There is no segment" in command("rename", "segment", "Buyers", "Clients", *given, code=1).stderr
    assert "in which files" in command("rename", "segment", "a", "b", code=2).stderr
