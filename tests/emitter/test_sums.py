"""Sums in ratios, and ratios in sums, by metrics of a catalog: SQL finds whom the evaluator finds."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

import segql
from segql.catalog import Catalog
from segql.evaluator import Shop

from ..worlds.small_shop import NOW, SHOP, ask, orders, people

METRICS = {
    "net": "sum of total of placed order - average of total of placed order",
    "share": "net / sum of total of placed order",
    "each": "sum of total of placed order / number of placed order",
    "nested": "each / share",
    "latest": "total of last placed order",
}
ROWS: tuple[tuple[int, float, Any], ...] = (
    *((1, 3, 10), (1, 2, 20), (1, 1, 5), (2, 9, 7), (2, 8, "NULL"), (3, 5, -10), (3, 4, 10), (3, 4, 12)),
    *((4, 1, "NULL"), (5, 2, 1), (5, 1, 2)),
)


@pytest.mark.parametrize(
    "rule",
    [
        "net > 5",
        "share >= 0.5",
        "share - share = 0",
        "nested > 10",
        "net - each >= 0",
        "latest - net < 10",
        "latest < each",
        "each - each - nested < 0",
        "top 2 by net - each",
        "bottom 50% by latest - each",
        "net - latest > the average",
        "latest > 0.5 x the median of net",
        "net in 36h - net between 10 and 2 days ago > 0",
        "nested - nested + latest > 2",
    ],
)
def test_sums_and_ratios_of_metrics(rule: str) -> None:
    catalog = Catalog.model_validate(deepcopy(SHOP) | {"metrics": METRICS})
    events = [
        {"profile": who, "time": NOW - timedelta(days=ago), "total": None if total == "NULL" else total}
        for who, ago, total in ROWS
    ]
    shop = Shop(profiles=[{"key": key} for key in range(1, 7)], events={"placed order": events})
    meant = segql.evaluate(rule, catalog, shop, now=NOW)
    bound = segql.compile(rule, catalog, now=NOW).meaning.bound
    assert ask(bound, catalog, customers=people(*range(1, 7)), orders=orders(*ROWS)) == set(meant)
