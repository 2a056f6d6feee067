"""`never A or B`: both readings are shown for whatever events, and mean what is said of them."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest

import segql
from segql.catalog import Catalog

from ..worlds.shops import NOWS, random_shop

TIMELESS = "answered survey"
EVENTS = (
    "placed order", "opened email", "clicked email", "engaged with email", TIMELESS, "got invoice", "logged in",
)  # fmt: skip
"""With items, pooled ones and those that they pool, without a time, grouped."""


@pytest.mark.parametrize("window", ["", " in 30d"])
def test_both_readings_mean_what_is_said_of_them(catalog: Catalog, window: str) -> None:
    random = Random(1)
    now = random.choice(NOWS)
    shop = random_shop(random, now, EVENTS)

    def members(rule: str) -> set[object]:
        return {*segql.evaluate(rule, catalog, shop, now=now)}

    told = 0
    for one, other in permutations(EVENTS, 2):
        of_last = "" if other == TIMELESS else window
        of_first = "" if one == TIMELESS else of_last
        rule = f"never {one} or {other}{of_last}"
        (problem,) = (found for found in segql.check(rule, catalog, now=now) if found.code == "denial-on-first")
        neither, as_read = (fix.applied(rule) for fix in problem.fixes)
        assert members(as_read) == members(rule), as_read
        assert members(neither) == members(f"never {one}{of_first}") & members(f"never {other}{of_last}"), neither
        assert not any(found.code == "denial-on-first" for found in segql.check(as_read, catalog, now=now))
        told += members(neither) != members(rule)
    assert told > len(EVENTS), "most of these readings are of different people"
