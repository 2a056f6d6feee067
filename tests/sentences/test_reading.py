"""Sentences that are no rules are read as what they say, on the demo shop's catalog: read.tsv."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import pytest

import segql
from segql import Catalog, Segments, demo
from segql.errors import Problem

from ..pace import allowed

ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("read.tsv").read_text("utf-8").splitlines()
    if line and line[0] != "#"
]


@pytest.fixture(scope="module")
def shop() -> tuple[Catalog, Segments]:
    folder = demo.shop_folder()
    return segql.load_catalog(str(folder / "catalog.yaml")), segql.load_segments(str(folder))


def _meant(rule: str, shop: tuple[Catalog, Segments]) -> Any:
    return segql.meaning(rule, shop[0], now=demo.NOW, segments=shop[1])


def _errors(rule: str, shop: tuple[Catalog, Segments]) -> list[Problem]:
    said = segql.check(rule, shop[0], now=demo.NOW, segments=shop[1])
    return [problem for problem in said if problem.severity == "error"]


@pytest.mark.sampled
@pytest.mark.parametrize(("typed", "said"), ROWS, ids=[typed for typed, _ in ROWS])
def test_a_sentence_is_read_as_what_it_says(typed: str, said: str, shop: tuple[Catalog, Segments]) -> None:
    if said.startswith("= "):
        done = segql.explain(typed, shop[0], now=demo.NOW, segments=shop[1])  # it has no errors
        found = done.done.meaning
        assert found.optimized == _meant(said[2:], shop).optimized
        # What it was taken for is what is printed, and means the same.
        assert _meant(found.text, shop).bound == found.bound
        assert segql.format(found.text) == found.text
        assert done.says == segql.describe(found.text, shop[0], now=demo.NOW, segments=shop[1])
        return
    errors = _errors(typed, shop)
    assert errors
    mended = {fix.applied(typed) for problem in errors for fix in problem.fixes}
    offered = [_meant(text, shop).optimized for text in mended if not _errors(text, shop)]
    expected = [_meant(one, shop).optimized for one in said.split(" || ") if one]
    assert all(one in expected for one in offered)
    assert all(one in offered for one in expected)


def test_a_sentence_is_read_soon(shop: tuple[Catalog, Segments]) -> None:
    for typed in ("people who " * 20, "bought and " * 20, "vip or " * 30, "and bought but never viewed " * 6):
        start = process_time()
        segql.check(typed, shop[0], now=demo.NOW, segments=shop[1])
        assert process_time() - start < allowed(1), typed


@pytest.mark.parametrize(
    "typed",
    [pytest.param(typed, marks=() if at % 48 == 0 else pytest.mark.long) for at, (typed, _) in enumerate(ROWS)][::12],
)
def test_a_sentence_half_typed_is_a_rule_or_an_error(typed: str, shop: tuple[Catalog, Segments]) -> None:
    for end in range(3, len(typed), 4):
        segql.check(typed[:end], shop[0], now=demo.NOW, segments=shop[1])
    segql.check("didn't or", shop[0], now=demo.NOW, segments=shop[1])


def test_what_is_taken_is_asked_as_any_rule(shop: tuple[Catalog, Segments]) -> None:
    """By a prepared rule, and by what says why."""
    typed, said = "women under 25 or speaks German", 'language is "de"'
    catalog, _ = shop
    assert segql.check(typed, catalog, now=demo.NOW)  # nobody knows there who a woman is
    for typed in ("speaks German", "vip customers in Germany only and only bought once"):
        said = segql.meaning(typed, catalog, now=demo.NOW).text
        assert segql.prepare(typed, catalog).at(demo.NOW).sql == segql.compile(said, catalog, now=demo.NOW).sql
        nobody = segql.evaluator.Shop([{"key": 1}])
        found = segql.why(typed, catalog, nobody, 1, now=demo.NOW)
        assert (found.member, found.text) == (False, said)


@pytest.mark.parametrize(
    ("month", "typed", "said"),
    [
        ("2027-02-10", "turns 31 this month", "birthday between 1996-02-01 and 1996-02-29"),
        ("2028-02-10", "turns 30 this month", "birthday between 1998-02-01 and 1998-02-28"),
        ("2028-02-10", "turns 32 this month", "birthday between 1996-02-01 and 1996-02-29"),
    ],
)
def test_who_was_born_on_29_february_turns_so_old_in_february(
    month: str, typed: str, said: str, shop: tuple[Catalog, Segments]
) -> None:
    now = demo.NOW.replace(year=int(month[:4]), month=int(month[5:7]), day=int(month[8:]))
    assert segql.meaning(typed, shop[0], now=now).optimized == segql.meaning(said, shop[0], now=now).optimized
