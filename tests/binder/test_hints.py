"""Warnings, hints and problems: each where there is doubt, all of them at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import segql
from segql import binder
from segql.catalog import Catalog
from segql.errors import Problem
from segql.parser import parse_rule

from ..worlds.shop_text import read
from .bound import NOW, ODD_NAMES, notes, problems

# --- warnings and hints ----------------------------------------------------------------------------------------------


def suggestions(note: Problem) -> list[str]:
    said = [*re.findall(r"`([^`]*)`", note.words), *(fix.text for fix in note.fixes)]
    return [" ".join(text.split()) for text in said]


@pytest.mark.parametrize(
    ("rule", "code", "fixed", "same_as"),
    [
        ("placed order once in 30d", "exactly", "placed order at least once in 30d", "placed order in 30d"),
        (
            "any of (opened email, clicked email) twice",
            "exactly",
            "any of (opened email, clicked email) at least twice",
            "",
        ),
        (
            "placed order fewer than 3 times in 30d where gift",
            "includes-never",
            "placed order between 1 and 2 times in 30d where gift",
            "",
        ),
        ("placed order fewer than 2 times", "includes-never", "placed order exactly once", ""),
        ("placed order at most 5 times", "includes-never", "placed order between 1 and 5 times", ""),
        ("placed order between 0 and 1 times", "includes-never", "placed order exactly once", ""),
        ("placed order between 0 and 3", "includes-never", "placed order between 1 and 3 times", ""),
        ("placed order != 1", "includes-never", "placed order more than once", ""),
        (
            "placed order != 2 in 30d",
            "includes-never",
            "(placed order exactly once in 30d or placed order more than twice in 30d)",
            "",
        ),
        (
            "placed order is not 3",
            "includes-never",
            "(placed order between 1 and 2 times or placed order more than 3 times)",
            "",
        ),
        (
            "number of placed order < 3 in 30d",
            "includes-never",
            "number of placed order < 3 in 30d and placed order in 30d",
            "",
        ),
        ("order count at most 3", "includes-never", "order count <= 3 and placed order", ""),
        ("total spent < 50 in 30d", "includes-never", "total spent < 50 in 30d and placed order in 30d", ""),
        (
            "total spent != 50 where gift",
            "includes-never",
            "total spent != 50 where (gift) and placed order where gift",
            "",
        ),
        ("pieces between 0 and 3", "includes-never", "pieces between 0 and 3 and placed order", ""),
        (
            "sum of price of placed order where (fragile) < 3",
            "includes-never",
            "sum of price of placed order < 3 where (fragile) and placed order",
            "",
        ),
        (
            "opened email but didn't click email in 7d",
            "window-on-last",
            "opened email in 7d and never click email in 7d",
            "",
        ),
        ("never opened email or clicked email", "denial-on-first", "never any of (opened email, clicked email)", ""),
        ("opened email or clicked email in 7d", "window-on-last", "any of (opened email, clicked email) in 7d", ""),
        ("opened email and clicked email in 7d", "window-on-last", "opened email in 7d and clicked email in 7d", ""),
        (
            "never opened email and never clicked email in 7d",
            "window-on-last",
            "never any of (opened email, clicked email) in 7d",
            "",
        ),
        (
            "opened email twice or clicked email twice or logged in twice in 7d",
            "window-on-last",
            "opened email exactly twice in 7d or clicked email exactly twice in 7d or logged in exactly twice in 7d",
            "",
        ),
        (
            "opened email or clicked email in recently",
            "window-on-last",
            "any of (opened email, clicked email) in recently",
            "",
        ),
        (
            "total spent > order count in 90d",
            "window-on-one-side",
            "total spent ever > order count in 90d",
            "total spent > order count in 90d",
        ),
        ("total spent > 2 x order count in 90d", "window-on-one-side", "total spent in 90d > 2 x order count", ""),
        ("total spent > order count in 90d", "window-on-one-side", "total spent in 90d > order count in 90d", ""),
    ],
)
def test_what_a_hint_suggests_can_be_pasted_and_says_no_hint_again(
    rule: str, code: str, fixed: str, same_as: str, catalog: Catalog
) -> None:
    found = [note for note in notes(rule, catalog) if note.code == code]
    assert len(found) == 1, notes(rule, catalog)
    assert fixed in suggestions(found[0]), found[0].hint
    for said in suggestions(found[0]):
        again = binder.bind(parse_rule(said), catalog, NOW)
        assert code not in [note.code for note in again.notes], said
    if same_as:
        assert binder.bind(parse_rule(fixed), catalog, NOW).rule == binder.bind(parse_rule(same_as), catalog, NOW).rule


SHOP = read((Path(__file__).parents[1] / "cases" / "shop.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("rule", "who_did"),
    [
        ("placed order fewer than 3 times in 30d where gift", "placed order in 30d where gift"),
        ("placed order fewer than 2 times", "placed order"),
        ("opened email at most 5 times", "opened email"),
        ("opened email between 0 and 1 times", "opened email"),
        ("opened email != 1", "opened email"),
        ("opened email != 2 in 30d", "opened email in 30d"),
        ("placed order is not 3", "placed order"),
        ("number of placed order < 3 in 60d", "placed order in 60d"),
        ("order count at most 3", "placed order"),
        ("total spent < 100 in 60d", "placed order in 60d"),
        ("total spent != 20 where gift", "placed order where gift"),
        ("pieces between 0 and 3", "placed order"),
    ],
)
def test_the_bounded_spelling_leaves_out_who_never_did_and_nobody_else(
    rule: str, who_did: str, catalog: Catalog
) -> None:
    def members(said: str) -> set[Any]:
        return set(segql.evaluate(said, catalog, SHOP, now=NOW))

    (bounded,) = [suggestions(note)[0] for note in notes(rule, catalog) if note.code == "includes-never"]
    assert members(bounded) == members(rule) & members(who_did) != members(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "placed order exactly once",
        "placed order 1 times",
        "placed order = 1",
        "never placed order",
        "placed order fewer than 1 times",
        "placed order at most 0 times",
        "placed order = 0",
        "placed order between 0 and 0 times",
        "placed order at least twice",
        "number of placed order < 1",
        "number of placed order = 0",
        "total spent <= 0",
        "total spent > -5",
        "average order value < 50",
        "click rate < 0.5",
        "days since last order < 5",
        "age < 50",
        # who never did it is left out by a neighbour, or by `not`
        "placed order fewer than 3 times and placed order",
        "total spent < 50 and vip and placed order at least once",
        "placed order and (vip or total spent < 50)",
        "not placed order fewer than 3 times",
        "not (vip or total spent < 50)",
        # no doubt about windows
        "opened email in 7d or clicked email",
        "opened email in 3d or clicked email in 7d",
        "opened email or clicked email ever",
        "opened email 2 times or clicked email in 7d",
        "opened email or vip",
        'opened email where campaign is "x" or clicked email in 7d',
        "total spent in 30d > order count in 90d",
        "total spent ever > order count in 90d",
        "balance > total spent in 90d",
        "days since last order > order count in 90d",
        "total spent > high in 90d",
        "total spent > order count ever",
    ],
)
def test_no_hint_where_there_is_no_doubt(rule: str, catalog: Catalog) -> None:
    assert notes(rule, catalog) == ()


def test_a_metric_with_a_window_of_its_own_is_not_over_all_time() -> None:
    assert notes("recent spent > spent in 30d", ODD_NAMES) == ()
    assert [n.code for n in notes("spent > recent spent", ODD_NAMES)] == []


@pytest.mark.parametrize(
    ("rule", "warned"),
    [
        ("never clicked", True),
        ("never clicked in 30d", False),
        ("never clicked in 1y", True),
        ("never clicked since 2025-06-01", False),
        ("never clicked before 2025-06-01", True),
        ("never clicked since 2025-05-31", True),
        ("not clicked", True),
        ("clicked at most twice", True),
        ("clicked once", True),
        ("clicked between 1 and 3 times", True),
        ("clicked", False),
        ("clicked at least 3 times", False),
        ("not never clicked", False),
        ("not (clicked or order)", True),
        ("never order", False),
        ("never touched since 2025-04-01", True),
        ("never opened since 2025-04-01", False),
        ("last clicked more than 1 year ago", False),
    ],
)
def test_absence_before_an_event_could_be_seen(rule: str, warned: bool) -> None:
    found = [note for note in notes(rule, ODD_NAMES) if note.code == "not-yet-visible"]
    assert len(found) == warned
    if warned:
        assert found[0].severity == "warning"
        assert "2025-06-01" in found[0].hint


# --- all at once -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        ('plased order and contry is "NL" and can receive smss', ["plased order", "contry", "smss"]),
        ("placed order = 2.5 where totl > 3 in the next 3 days", ["2.5", "totl", "in the next 3 days"]),
        (
            'placed order at least nobody times in nothing where (totl > 3 or cupon is "x")',
            ["nobody", "nothing", "totl", "cupon"],
        ),
        ("total spent where (totl > 3) > nobody", ["totl", "nobody"]),
        ("total spent > 5 where totl > 3 since nothing", ["totl", "nothing"]),
        ('last placed order where totl > 3 in nothing has cupon is "x"', ["totl", "nothing", "cupon"]),
        ("country in (NL, BE, 5)", ["NL", "BE", "5"]),
        ("age between nothing and nobody", ["nothing", "nobody"]),
        ("any of (plased order, clickt sms)", ["plased order", "clickt sms"]),
        ("can receive push because nothing in 30d", ["nothing", "in 30d"]),
        ('plased order where total > 3 and contry is "NL"', ["plased order", "contry"]),
        ("plased order or clicked email where x > 3 in 7d", ["plased order", "x"]),
        ("plased order and plased order", ["plased order", "plased order"]),
    ],
)
def test_every_problem_at_once_in_the_order_of_the_text(rule: str, places: list[str], catalog: Catalog) -> None:
    found = problems(rule, catalog)
    assert [p.span.text for p in found] == places
    assert [p.span.start for p in found] == sorted(p.span.start for p in found)
    assert len(set(found)) == len(found)


def test_notes_stand_in_the_order_of_the_text(catalog: Catalog) -> None:
    found = notes("placed order fewer than 3 times and clicked sms once and logged in twice", catalog)
    assert [n.code for n in found] == ["includes-never", "exactly", "exactly"]
