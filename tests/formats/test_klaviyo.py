"""Klaviyo's definitions hold for the same people there and here, both ways; and a round trip is the normal form."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segql
from segql import ast
from segql.catalog import Catalog
from segql.formats import Imported, Setting, exporter
from segql.formats.core.report import VERDICTS
from segql.formats.klaviyo.reading import READERS

from ..binder.bound import NOW
from ..case_files import read_case
from ..chance.rules import DEFINITIONS, Draw, random_rule
from ..worlds.shops import FOCUSES, NOWS, random_shop
from .imported import imported, names_of
from .klaviyo_chance import random_definition
from .klaviyo_words import NAMES, holds, members
from .people import IN_UTC, Judge, Person

Json = dict[str, Any]
FOLDER = Path(__file__).parent / "klaviyo"
SHOPS = (*FOCUSES[:2], FOCUSES[3], ("placed order", "answered survey"), ("logged in", "opened email", "clicked email"))


@pytest.fixture(scope="module")
def utc() -> Catalog:
    """The tests' catalog, on the vendor's calendar."""
    return IN_UTC


def segment(definition: Json) -> Json:
    return {"data": {"type": "segment", "attributes": {"name": "S", "definition": definition}}}


def fits(document: Json, who: Person) -> bool:
    groups = document["data"]["attributes"]["definition"]["condition_groups"]
    return all(any(holds(one, who.own, who.shop, NOW) for one in group["conditions"]) for group in groups)


DOCUMENTS = st.randoms(use_true_random=True).map(lambda random: segment(random_definition(random)))
JUDGE = Judge("klaviyo", NAMES, fits, DOCUMENTS, IN_UTC)


def read(definition: Json, catalog: Catalog) -> Imported:
    (found,) = imported("klaviyo", json.dumps(segment(definition)), NAMES, catalog)
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
    shop = replace(random_shop(random, now, random.choice(SHOPS)), identities={})
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
    assert sum(agree(seed, utc) for seed in range(1_000)) > 200


def same_again(seed: int, catalog: Catalog) -> bool:
    """Whether a random rule can be written exactly; what is read of it then has its members."""
    random = Random(seed)
    rule = segql.parse(random_rule(Draw(random)))
    write = exporter("klaviyo")
    assert write is not None
    segments = segql.segments_from(DEFINITIONS)
    setting = Setting(catalog, names_of(NAMES, catalog), segments)
    found = write(ast.Segment(ast.Name("", "S"), rule), setting)
    json.dumps(found.document)
    if any(finding.verdict != "exact" for finding in found.findings):
        return False
    back = read(found.document["data"]["attributes"]["definition"], catalog)
    assert back.rule is not None
    now = random.choice(NOWS)
    shop = random_shop(random, now)
    expected = segql.evaluate(rule, catalog, shop, now=now, segments=segments)
    assert segql.evaluate(back.rule, catalog, shop, now=now) == expected, segql.format(rule)
    return True


@settings(max_examples=25)
@given(seed=st.integers(0, 10**9))
def test_rules_that_are_written_exactly_are_the_same_again(utc: Catalog, seed: int) -> None:
    same_again(seed, utc)


@pytest.mark.long
def test_rules_that_are_written_exactly_are_the_same_again_at_length(utc: Catalog) -> None:
    assert sum(same_again(seed, utc) for seed in range(1_500)) > 60


def test_the_page_says_what_the_cases_show() -> None:
    """A cell of the table of conditions is filled where a case has such a condition, and where none has it is empty."""
    shown: dict[str, set[str]] = {type: set() for type in READERS}
    for path in sorted(FOLDER.glob("*.segql-import")):
        for verdict, type in re.findall(r"^  (\w+) (profile-[\w-]+) at ", read_case(path).sections["report"], re.M):
            if type in shown:
                shown[type].add(verdict)
    page = (FOLDER.parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    said = {}
    for type, *cells in re.findall(r"^\| `(profile-[\w-]+)` \|(.*)\|(.*)\|(.*)\|$", page, re.M):
        said[type] = {verdict for verdict, cell in zip(VERDICTS, cells, strict=True) if cell.strip()}
    assert said == shown


def test_a_form_that_grows_too_large_is_refused(utc: Catalog) -> None:
    pairs = " or ".join(f"(age = {n} and size = {n})" for n in range(12))
    write = exporter("klaviyo")
    assert write is not None
    (segment,) = segql.segments_from(f'segment "Large" = {pairs}').segments.values()
    found = write(segment, Setting(utc))
    assert found.document is None
    assert "more than 500 conditions" in found.findings[-1].said
    assert found.findings[-1].path == "1:1"


def test_all_that_lean_on_a_wrong_one_are_not_written() -> None:
    """A chain of segments that ends in one without a rule."""
    link = (
        '{"name": "S%d", "id": "S%d", "definition": {"condition_groups": [{"conditions": [{"type": '
        '"profile-group-membership", "is_member": true, "group_ids": ["S%d"]}]}]}}'
    )
    document = ", ".join(link % (n, n, n + 1) for n in range(1, 300))
    found = imported("klaviyo", f'[{document}, {{"name": "S300", "id": "S300", "type": "list"}}]')
    assert [one.name for one in found] == [f"S{n}" for n in range(1, 301)]
    assert not any(one.written for one in found)
    assert all(one.findings[-1].verdict == "impossible" for one in found)
