"""The benchmarks say more of the demo shop than its catalog does: what they say has to fit it still."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from statistics import fmean

import pytest

import segql
from segql.demo import NOW, shop_folder
from segql.dialects import DIALECTS
from segql.planner.costs import COSTS

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(str(FOLDER))
    yield __import__
    for name in ("forms", "shapes", "measured"):
        sys.modules.pop(name, None)


def test_every_form_that_is_measured_compiles(benchmarks) -> None:  # type: ignore[no-untyped-def]
    forms = benchmarks("forms")
    _, catalog, segments = forms.opened(500, forms.TEST)
    for rule, _ in forms.FORMS:
        assert segql.compile(rule, catalog, now=NOW, segments=segments).sql


@pytest.mark.parametrize("dialect", [name for name, one in DIALECTS.items() if COSTS[one.engine].scans])
def test_where_scans_are_paid_for_they_are_few(dialect: str, benchmarks) -> None:  # type: ignore[no-untyped-def]
    scans, shop = benchmarks("shapes").scans, Path(str(shop_folder()))
    catalog, segments = segql.load_catalog(shop / "catalog.yaml"), segql.load_segments(shop)
    found = {}
    for name in segments:
        with suppress(segql.SegQLError):  # what the dialect cannot say
            sql = segql.compile(segments[name], catalog, now=NOW, segments=segments, dialect=dialect).sql
            found[name] = scans(sql, dialect)
    assert len(found) > 130
    assert max(found.values()) <= 1.5, max(found, key=found.__getitem__)
    assert fmean(found.values()) <= 1.1
