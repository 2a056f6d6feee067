"""What is read phrase by phrase and taken (certain.tsv), and what is nearly the same and never taken for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import segql
from segql import Catalog, Segments, demo

LINES = [
    line.split("\t")
    for line in Path(__file__).with_name("certain.tsv").read_text("utf-8").splitlines()
    if line and line[0] != "#"
]
TAKEN = [(line[0], line[1]) for line in LINES if len(line) == 2]


def _near() -> list[tuple[str, str]]:
    """Each sentence that is near another, and the rule of that one."""
    found, rule = [], ""
    for typed, *said in LINES:
        rule = said[0] if said else rule
        if not said:
            found.append((typed, rule))
    return found


@cache
def _shop() -> tuple[Catalog, Segments]:
    folder = demo.shop_folder()
    return segql.load_catalog(str(folder / "catalog.yaml")), segql.load_segments(str(folder))


def _meant(text: str) -> object:
    catalog, segments = _shop()
    return segql.meaning(text, catalog, now=demo.NOW, segments=segments).optimized


@pytest.mark.sampled
@pytest.mark.parametrize(("typed", "rule"), TAKEN, ids=[typed for typed, _ in TAKEN])
def test_what_is_certain_is_taken(typed: str, rule: str) -> None:
    catalog, segments = _shop()
    found = segql.meaning(typed, catalog, now=demo.NOW, segments=segments)
    assert found.optimized == _meant(rule)
    assert _meant(found.text) == found.optimized  # what is printed means the same


@pytest.mark.sampled
@pytest.mark.parametrize(("typed", "rule"), _near(), ids=[typed for typed, _ in _near()])
def test_what_is_nearly_the_same_is_not_taken_for_it(typed: str, rule: str) -> None:
    try:
        found = _meant(typed)
    except segql.SegQLError:
        return
    assert found != _meant(rule)
