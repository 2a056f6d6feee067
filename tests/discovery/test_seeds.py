"""The tables that Fivetran loads, with their real columns: recognised, fitting, and said in every dialect."""

from __future__ import annotations

from pathlib import Path

import pytest

from segql.dialects import DIALECTS

from ..realdata.data import DATA
from .test_init import init
from .test_layouts import refused

SEEDS = {
    "klaviyo": ("Klaviyo, loaded by Fivetran", ("received email", "placed order")),
    "shopify_rest": ("Shopify, loaded by Fivetran (REST)", ("placed order", "started checkout", "refunded order")),
    "shopify_graphql": ("Shopify, loaded by Fivetran (GraphQL)", ("placed order", "started checkout")),
}


@pytest.mark.realdata
@pytest.mark.parametrize("folder", SEEDS)
def test_real_columns(folder: str, tmp_path: Path) -> None:
    place = DATA / "fivetran_seeds" / folder
    if not place.is_dir():
        pytest.skip(f"no data in {place}: these tests need the public data beside the repository")
    called, events = SEEDS[folder]
    known, text = init(str(place), tmp_path)
    flat = " ".join(text.replace("#", " ").split())
    assert f"the tables are those of {called}" in flat
    assert flat.count("in which currency? `") <= len(events)
    for event in events:
        assert event in known.events
        for dialect in DIALECTS:
            assert refused(f"{event} in 30d", known, dialect) <= {"not-in-dialect"}, (event, dialect)
    if folder == "klaviyo":
        assert known.profiles.properties["shopify tags"].type == "list of text"
