"""Every YAML block of docs/catalog.md is a catalog (a fragment lacks the profiles), and the page names every key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from segql.catalog import catalog_from_yaml, catalog_schema
from segql.catalog.names import built_in_set_names, fold

PAGE = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml( fragment)?\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("fragment", "text"), BLOCKS)
def test_the_blocks_are_catalogs(fragment: str, text: str) -> None:
    catalog_from_yaml(("profiles: {table: customers, key: customer_id}\n" if fragment else "") + text)


def test_there_are_blocks() -> None:
    assert len(BLOCKS) > 15


def test_the_page_names_every_key() -> None:
    schema = catalog_schema()
    parts = [schema, *(part.get("anyOf", [part])[0] for part in schema["$defs"].values())]
    assert {key for part in parts for key in part["properties"] if f"`{key}`" not in PAGE} == set()


def test_the_built_in_sets_that_the_page_names_exist() -> None:
    section = PAGE.split("## Built-in sets")[1].split("## How YAML")[0]
    names = re.findall(r"`([^`]+)`", section.replace("country in the ", "").replace("country in ", ""))
    assert len(names) > 30
    assert [name for name in names if fold(name) not in built_in_set_names()] == []


def test_the_links_lead_somewhere() -> None:
    titles = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    }
    assert {link for link in re.findall(r"\]\(#([^)]+)\)", PAGE) if link not in titles} == set()
