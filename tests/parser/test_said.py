"""What people say is taken, and printed in its canonical text: said.tsv, on the demo shop's catalog."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import segql
from segql import Catalog, Segments, demo
from segql.ast import Name
from segql.formatter import format
from segql.parser import parse_rule

ROWS = [
    (*line.split("\t"), "")[:3]
    for line in Path(__file__).with_name("said.tsv").read_text("utf-8").splitlines()
    if line and line[0] != "#"
]


@pytest.fixture(scope="module")
def shop() -> tuple[Catalog, Segments]:
    folder = demo.shop_folder()
    return segql.load_catalog(str(folder / "catalog.yaml")), segql.load_segments(str(folder))


@pytest.mark.sampled
@pytest.mark.parametrize(("typed", "canonical", "plain"), ROWS, ids=[row[0] for row in ROWS])
def test_what_is_said_is_taken(typed: str, canonical: str, plain: str, shop: tuple[Catalog, Segments]) -> None:
    assert format(parse_rule(typed)).replace("\n", " ") == canonical
    assert format(parse_rule(canonical)).replace("\n", " ") == canonical
    assert parse_rule(canonical) == parse_rule(format(parse_rule(typed)))
    assert _meaning(typed, shop) == _meaning(canonical, shop) == _meaning(plain or canonical, shop)
    if '"' not in typed and "€" not in typed:
        assert _meaning(typed.upper().replace(" ", "  "), shop) == _meaning(typed, shop)


NAMES = (
    "placed order over phone", "viewed product under review", "added to cart", "sent from web", "valid until recall",
    "up to date check", "watched formula one", "one time purchase", "started one month trial", "viewed past collection",
    "sold for charity", "last order", "last full moon box", "bought over the counter", "ran from march", "just bought",
    "only child", "above average user", "opened march newsletter", "h1 seen", "viewed first half", "median income",
    "joined during summer", "over achiever", "greater london visit", "may day sale", "next door visit",
    "signed up through friend", "a plus member", "an hour tour", "complete profile", "two factor login",
    "previous owner", "year end sale",
)  # fmt: skip
"""They hold words that count elsewhere, and stay names without quotes."""


@pytest.mark.parametrize("name", NAMES)
def test_names_with_such_words_stay_names(name: str) -> None:
    for text in (f"{name} at least twice", f"{name} in 30d", f"never {name}", f"{name} where total > 1", name):
        said: Any = parse_rule(text.replace(name, "placed order"))
        assert parse_rule(text) == replace(said, head=Name(name))


def _meaning(rule: str, shop: tuple[Catalog, Segments]) -> Any:
    return segql.meaning(rule, shop[0], now=demo.NOW, segments=shop[1]).optimized
