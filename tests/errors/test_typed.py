"""What people type is mended into what it means, and into nothing else: typed.tsv, on the demo shop's catalog."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import pytest

import segql
from segql import Catalog, Segments, demo
from segql.errors import Problem, SegQLError

from ..pace import allowed

ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("typed.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.fixture(scope="module")
def shop() -> tuple[Catalog, Segments]:
    folder = demo.shop_folder()
    return segql.load_catalog(str(folder / "catalog.yaml")), segql.load_segments(str(folder))


def _meaning(rule: str, shop: tuple[Catalog, Segments]) -> Any:
    return segql.meaning(rule, shop[0], now=demo.NOW, segments=shop[1]).optimized


def _read(text: str, shop: tuple[Catalog, Segments]) -> tuple[Any, tuple[Problem, ...]]:
    """What it means, or None and its errors."""
    try:
        return _meaning(text, shop), ()
    except SegQLError as error:
        return None, error.problems


def _said(rule: str, shop: tuple[Catalog, Segments]) -> list[Problem]:
    return segql.check(rule, shop[0], now=demo.NOW, segments=shop[1])


@pytest.mark.sampled
@pytest.mark.parametrize(("typed", "readings"), ROWS, ids=[typed for typed, _ in ROWS])
def test_fixes_make_what_is_meant(typed: str, readings: str, shop: tuple[Catalog, Segments]) -> None:
    expected = [_meaning(reading, shop) for reading in readings.split(" || ") if reading]
    taken, errors = _read(typed, shop)
    if not errors:  # it is taken for its one reading
        assert expected == [taken]
        return
    offered = []
    for problem in errors:
        read = (_read(fix.applied(typed), shop) for fix in problem.fixes)
        found = [meaning for meaning, wrong in read if not wrong]
        assert all(found.count(meaning) == 1 for meaning in found), "one reading is offered twice"
        offered += found
    assert all(meaning in expected for meaning in offered), "something else is offered"
    assert all(meaning in offered for meaning in expected), "a reading is missing"


@pytest.mark.parametrize(
    "words", ["a ", "a-", "one or more ", "people who ", "either ", "neither a nor b ", "except vip ", "not more than ",
              "bought in 30d but not in ", '"a", ', "with a coupon ", "two weeks "],
)  # fmt: skip
def test_long_texts_are_said_soon(words: str, shop: tuple[Catalog, Segments]) -> None:
    _said("people who did not click an sms", shop)
    for times in (20, 100, 4000 if words.count(" ") < 2 else 400):
        start = process_time()
        _said(words * times, shop)
        assert process_time() - start < allowed(1), times


@pytest.mark.parametrize(
    "words",
    ["un{}", "{} seldom", *(pytest.param(one, marks=pytest.mark.long) for one in (
        "hardly ever {}", "{} no", "almost {}", "{} 2nd",
    ))],
)  # fmt: skip
def test_a_name_loses_no_word(words: str, shop: tuple[Catalog, Segments]) -> None:
    """Words that deny, count or narrow, before or behind a name that is known: no fix is the name alone."""
    catalog = shop[0]
    for name in [*catalog.events, *catalog.profiles.properties, *catalog.metrics]:
        typed = words.format(name)
        fixes = [fix.applied(typed) for problem in _said(typed, shop) for fix in problem.fixes]
        assert name not in fixes, typed
