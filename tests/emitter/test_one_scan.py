"""Sequences that read a table once, as where scans are paid for, and those that join their steps, on the demo shop."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

import segql
from segql.catalog import Catalog
from segql.console.opening import demo_shop, shop
from segql.demo import NOW
from segql.emitter.sequences import scans
from segql.planner.costs import COSTS

EVENTS = (
    "opened email", "clicked email", "clicked sms", "viewed product", "added to cart", "started checkout",
    "placed order",
)  # fmt: skip
WITH_PRODUCTS = {"viewed product", "added to cart", "placed order"}


def rule(random: Random) -> str:
    steps = random.sample(EVENTS, random.choice((2, 2, 3)))
    same = " with the same product" if {*steps} <= WITH_PRODUCTS else ""
    text = f"{random.choice(('', '', 'first ', 'last '))}{steps[0]} in {random.choice((30, 90, 365))}d"
    text += ' where product contains "a"' if steps[0] == "viewed product" and random.random() < 0.3 else ""
    for place, step in enumerate(steps[1:], 2):
        link = "not followed by" if place == len(steps) and random.random() < 0.4 else "then"
        text += f" {link} {step}{random.choice((' within 1h', ' within 1d', ' within 7d', ''))}{same}"
    return text


def test_both_find_the_same_members(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog: Catalog = segql.load_catalog(shop() / "catalog.yaml")
    driver, random = demo_shop(500, lambda _: None).connection.driver, Random(3)  # type: ignore[attr-defined]
    paid = {**COSTS, "columns": replace(COSTS["columns"], scans=True)}

    def found(text: str, costs: object) -> tuple[str, set[object]]:
        monkeypatch.setattr(scans, "COSTS", costs)
        sql = segql.compile(text, catalog, now=NOW).sql
        return sql, {row[0] for row in driver.execute(sql).fetchall()}

    otherwise = told = 0
    for _ in range(80):
        text = rule(random)
        (joined, one), (once, other) = found(text, COSTS), found(text, paid)
        assert one == other, (text, once)
        otherwise += joined != once
        told += bool(one)
    assert otherwise > 30
    assert told > 40
