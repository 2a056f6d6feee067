"""What the library gives can be copied, and sent to another process, and says the same there."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import segql
import segql.rules
from segql.catalog import Catalog

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = (
    "vip and placed order in 30d", "placed order this month or placed order in the last 3 whole weeks",
    "customers who ordered twice in the last 30 days", 'top 10% by total spent and in segment "A"', "vip and vip",
)  # fmt: skip
WAYS: tuple[Callable[[Any], Any], ...] = (lambda of: pickle.loads(pickle.dumps(of)), copy.copy, copy.deepcopy)


@pytest.mark.parametrize("way", WAYS, ids=["pickle", "copy", "deepcopy"])
@pytest.mark.parametrize("rule", RULES)
def test_what_was_compiled_is_the_same_elsewhere(rule: str, way: Callable[[Any], Any], catalog: Catalog) -> None:
    saved = segql.segments_from('segment "A" = placed order in 30d')
    for done in (
        segql.compile(rule, catalog, now=NOW, segments=saved),
        segql.compile(rule, catalog, segments=saved, live=True),
        segql.prepare(rule, catalog, segments=saved).at(NOW),
        segql.compile(rule, catalog, now=NOW, segments=saved, bind="qmark"),
    ):
        found = way(done)
        assert found == done
        assert repr(found) == repr(done)
        for said in ("text", "english", "windows", "problems", "sql", "parameters"):
            assert getattr(found, said) == getattr(done, said)
        assert found.meaning.optimized == done.meaning.optimized


@pytest.mark.parametrize("way", WAYS, ids=["pickle", "copy", "deepcopy"])
def test_the_rest_is_the_same_elsewhere(way: Callable[[Any], Any], catalog: Catalog) -> None:
    saved = segql.segments_from('segment "A" = vip', "segment B = (")
    rule = RULES[0]
    every = [
        catalog, saved, segql.prepare(rule, catalog), segql.explain(rule, catalog, now=NOW), segql.parse(rule),
        segql.compile_many({"a": rule}, catalog, now=NOW), segql.compile_columns(rule, "country", catalog, now=NOW),
        segql.complete("placed order ", 13, catalog), segql.Project(catalog, saved, now=NOW), segql.rules.did("a"),
        segql.check("vipp", catalog), segql.Shop([{"key": "a"}]),
        segql.why(rule, catalog, segql.Shop([{"key": "a"}]), "a", now=NOW),
    ]  # fmt: skip
    for given in every:
        assert way(given) == given, given
    with pytest.raises(segql.SegQLError) as error:
        segql.parse("vip and")
    assert way(error.value).problems == error.value.problems
