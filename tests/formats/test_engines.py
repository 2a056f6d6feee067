"""What was imported, as SQL: each engine finds whom the vendor's words find, on random documents and random shops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from ..engines import Engine
from . import (
    test_customerio,
    test_dittofeed,
    test_hubspot,
    test_klaviyo,
    test_mailchimp,
    test_mautic,
    test_posthog,
    test_segment,
)

JUDGES = {
    module.JUDGE.format: module.JUDGE
    for module in (
        test_customerio, test_dittofeed, test_hubspot, test_klaviyo, test_mailchimp, test_mautic, test_posthog,
        test_segment,
    )
}  # fmt: skip
SHOPS = {"duckdb": 60, "postgres": 40, "sqlite": 20, "bigquery": 4}
"""Of each format; an engine that takes long for a query gets fewer, those that are asked for by name 10."""
DOCUMENTS = 6
"""Filling the tables takes longer than a rule does."""


def compare(format: str, engine: Engine, shops: int, number: int) -> int:
    """So many shops, each with its documents; how often some were in and some were not."""
    judge, telling = JUDGES[format], 0

    @seed(number)
    @settings(max_examples=shops, phases=(Phase.generate,))
    @given(documents=st.lists(judge.documents, min_size=DOCUMENTS, max_size=DOCUMENTS), at=st.integers(0, 10**9))
    def agree(documents: list[Any], at: int) -> None:
        nonlocal telling
        telling += judge.agrees(documents, at, engine, 1)

    agree()
    return telling


@pytest.mark.parametrize("engine", ["duckdb"], indirect=True, scope="session")
@pytest.mark.parametrize("format", JUDGES)
def test_members_on_duckdb(
    format: str, engine: Engine, base_seed: int, record_property: Callable[[str, object], None]
) -> None:
    record_property("seed", base_seed)
    compare(format, engine, 3, base_seed)


@pytest.mark.long
@pytest.mark.parametrize("format", JUDGES)
def test_members_on_every_engine(
    format: str, engine: Engine, base_seed: int, record_property: Callable[[str, object], None]
) -> None:
    record_property("seed", base_seed)
    shops = SHOPS.get(engine.dialect, 10)
    assert compare(format, engine, shops, base_seed) > shops // 4
