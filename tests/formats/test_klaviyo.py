"""Klaviyo's definitions hold for the same people there and here, both ways; and a round trip is the normal form."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import segql
from segql import ast
from segql.catalog import Catalog, catalog_from_yaml
from segql.formats import Imported, Setting, exporter

from ..worlds.shops import CATALOG, FOCUSES, NOWS, random_shop
from .imported import imported, names_of
from .klaviyo_chance import random_definition
from .klaviyo_words import NAMES, members

Json = dict[str, Any]
SHOPS = (*FOCUSES[:2], FOCUSES[3], ("placed order", "answered survey"), ("logged in", "opened email", "clicked email"))


@pytest.fixture(scope="module")
def utc() -> Catalog:
    """The tests' catalog, on the vendor's calendar."""
    text = CATALOG.read_text("utf-8")
    assert text.count("timezone: Europe/Amsterdam") == 1
    return catalog_from_yaml(text.replace("timezone: Europe/Amsterdam", "timezone: UTC"))


def read(definition: Json, catalog: Catalog) -> Imported:
    document = {"data": {"type": "segment", "attributes": {"name": "S", "definition": definition}}}
    (found,) = imported("klaviyo", json.dumps(document), NAMES, catalog)
    return found


def written(rule: ast.Rule, catalog: Catalog) -> Json | None:
    write = exporter("klaviyo")
    assert write is not None
    segment = ast.Segment(ast.Name("", "S"), rule)
    document = write(segment, Setting(catalog, names_of(NAMES, catalog))).document
    return None if document is None else document["data"]["attributes"]["definition"]


def agree(seed: int, catalog: Catalog) -> bool:
    """Whether both agree on who is in, of which some are and some are not."""
    random = Random(seed)
    definition = random_definition(random)
    found = read(definition, catalog)
    assert found.rule is not None, [finding for finding in found.findings if finding.verdict == "impossible"]
    now = random.choice(NOWS)
    shop = random_shop(random, now, random.choice(SHOPS))
    expected = members(definition, shop, now)
    assert segql.evaluate(found.rule, catalog, shop, now=now) == expected, segql.format(found.rule)
    if (again := written(found.rule, catalog)) is not None:
        assert members(again, shop, now) == expected, json.dumps(again)
        back = read(again, catalog)
        assert back.rule is not None
        assert written(back.rule, catalog) == again
    return 0 < len(expected) < len(shop.profiles)


@given(seed=st.integers(0, 10**9))
def test_members_are_the_same(utc: Catalog, seed: int) -> None:
    agree(seed, utc)


@pytest.mark.long
def test_members_are_the_same_at_length(utc: Catalog) -> None:
    assert sum(agree(seed, utc) for seed in range(3_000)) > 600
