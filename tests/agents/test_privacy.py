"""What an agent is not shown of one person."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import segql
from segql.agents.privacy import shown
from segql.answers.why import why_data
from segql.evaluator import Shop

CATALOG = segql.catalog_from_yaml("""
profiles: {table: people, key: id, properties: {birthday: date, city: text, points: {type: number, also: [stars]}}}
events: {bought: {table: orders, profile: person, time: at, properties: {total: number}}}
metrics: {balance: points, spent: sum of total of bought}
""")
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ANN = {"key": "ann", "birthday": date(1987, 11, 26), "city": "Lyon", "points": 4711}
SHOP = Shop([ANN], {"bought": [{"profile": "ann", "time": NOW.replace(day=20), "total": 5}]})


def told(rule: str, *allowed: str) -> str:
    found = segql.why(rule, CATALOG, SHOP, "ann", now=NOW)
    return str(shown(why_data(found), CATALOG, allowed))


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("anniversary of birthday in the next 7 days", "27 Nov 2026"), ('city is "Paris"', "Lyon"),
        ("points > 5000", "4,711"), ("stars > 5000", "4,711"), ("balance > 5000", "4,711"),
        ('bought in 3d and (everyone except (city is "Paris"))', "Lyon"),
        ("anniversary of birthday today and bought in 30d", "26 Nov 2026"),
    ],
)  # fmt: skip
def test_no_property_is_told_that_is_not_allowed(rule: str, value: str) -> None:
    assert value in told(rule, "birthday", "city", "points", "balance")
    assert value not in told(rule)


def test_what_somebody_did_is_told() -> None:
    assert "2026-11-20" in told("bought in 3d")
    assert "not shown" not in told("bought in 3d and spent > 3")
