"""What people say is taken as it is meant: accepted.tsv, on the demo shop's catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import segql
from segql import Catalog, Segments, demo
from segql.formatter import format
from segql.parser import parse_rule

ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("accepted.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.fixture(scope="module")
def shop() -> tuple[Catalog, Segments]:
    folder = demo.shop_folder()
    return segql.load_catalog(str(folder / "catalog.yaml")), segql.load_segments(str(folder))


def meaning(rule: str, shop: tuple[Catalog, Segments]) -> Any:
    return segql.meaning(rule, shop[0], now=demo.NOW, segments=shop[1]).optimized


@pytest.mark.parametrize(("typed", "canonical", "plain"), ROWS, ids=[row[0] for row in ROWS])
def test_it_is_taken_as_it_is_meant(typed: str, canonical: str, plain: str, shop: tuple[Catalog, Segments]) -> None:
    read = parse_rule(typed)
    assert format(read) == canonical
    assert parse_rule(canonical) == read
    assert format(parse_rule(canonical)) == canonical
    assert meaning(typed, shop) == meaning(plain, shop)
    assert meaning(canonical, shop) == meaning(plain, shop)
