"""What people say is taken, and printed in its canonical text: said.tsv, on the demo shop's catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import segql
from segql import Catalog, Segments, demo
from segql.formatter import format
from segql.parser import parse_rule

ROWS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("said.tsv").read_text("utf-8").splitlines()
    if line and line[0] != "#"
]


@pytest.fixture(scope="module")
def shop() -> tuple[Catalog, Segments]:
    folder = demo.shop_folder()
    return segql.load_catalog(str(folder / "catalog.yaml")), segql.load_segments(str(folder))


@pytest.mark.parametrize(("typed", "canonical"), ROWS, ids=[typed for typed, _ in ROWS])
def test_what_is_said_is_taken(typed: str, canonical: str, shop: tuple[Catalog, Segments]) -> None:
    assert format(parse_rule(typed)).replace("\n", " ") == canonical
    assert format(parse_rule(canonical)).replace("\n", " ") == canonical
    assert _meaning(typed, shop) == _meaning(canonical, shop)
    if '"' not in typed and "€" not in typed:
        assert _meaning(typed.upper().replace(" ", "  "), shop) == _meaning(typed, shop)


def _meaning(rule: str, shop: tuple[Catalog, Segments]) -> Any:
    return segql.meaning(rule, shop[0], now=demo.NOW, segments=shop[1]).optimized
