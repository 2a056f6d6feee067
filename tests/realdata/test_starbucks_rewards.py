"""Segments of the members of a coffee house, each against SQL that a person wrote from the meaning of its words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from .data import members, tables

NOW = datetime(2018, 7, 28, 6, tzinfo=UTC)
"""Hour 30 of the log, where it is cut off: what is in that hour is not yet."""

SEGMENTS = {
    "received offer and never viewed offer": """
        SELECT person FROM log WHERE event = 'offer received'
        EXCEPT SELECT person FROM log WHERE event = 'offer viewed'""",
    'viewed offer where offer type is "bogo"': """
        SELECT DISTINCT person FROM log JOIN portfolio p ON offer = p.id
        WHERE event = 'offer viewed' AND offer_type = 'bogo'""",
    "paid at least twice in 12h": """
        SELECT person FROM log WHERE event = 'transaction' AND hour >= 18 GROUP BY person HAVING count(*) >= 2""",
    "never received offer": """
        SELECT id FROM profile WHERE id NOT IN (SELECT person FROM log WHERE event = 'offer received')""",
    "age is not set": "SELECT id FROM profile WHERE age = 118",
    'gender is "F" and age >= 60': "SELECT id FROM profile WHERE gender = 'F' AND age >= 60 AND age <> 118",
    'gender not in ("F", "M")': "SELECT id FROM profile WHERE gender = 'O' OR gender IS NULL",
    "total spent > $50": """
        SELECT person FROM log WHERE event = 'transaction' GROUP BY person
        HAVING sum(CAST(amount AS DECIMAL(18, 2))) > 50""",
    "completed offer and never viewed offer": """
        SELECT person FROM log GROUP BY person
        HAVING count(*) FILTER (event = 'offer completed') > 0 AND count(*) FILTER (event = 'offer viewed') = 0""",
    'received offer where channels includes "social"': """
        SELECT DISTINCT person FROM log JOIN portfolio p ON offer = p.id
        WHERE event = 'offer received' AND list_contains(channels, 'social')""",
    'received offer where not channels includes "social" and received offer in 30h': """
        SELECT DISTINCT person FROM log JOIN portfolio p ON offer = p.id
        WHERE event = 'offer received' AND NOT list_contains(channels, 'social')""",
    "joined more than 3 years ago": "SELECT id FROM profile WHERE became_member_on <= '20150728'",
    "joined in the last week": "SELECT id FROM profile WHERE became_member_on BETWEEN '20180722' AND '20180728'",
    "income between 50k and 70k and paid": """
        SELECT id FROM profile WHERE income BETWEEN 50000 AND 70000
        AND id IN (SELECT person FROM log WHERE event = 'transaction')""",
    "average of amount of paid >= $25": """
        SELECT person FROM log WHERE event = 'transaction' GROUP BY person
        HAVING sum(CAST(amount AS DECIMAL(18, 2))) >= 25 * count(*)""",
    "max of amount of paid > $100": "SELECT DISTINCT person FROM log WHERE event = 'transaction' AND amount > 100",
    "answered offer at least 2 times": """
        SELECT person FROM log WHERE event IN ('offer viewed', 'offer completed')
        GROUP BY person HAVING count(*) >= 2""",
    "viewed offer in 6h": "SELECT DISTINCT person FROM log WHERE event = 'offer viewed' AND hour >= 24",
    "first paid has amount > $20": """
        SELECT DISTINCT person FROM log a WHERE event = 'transaction' AND amount > 20 AND hour =
          (SELECT min(hour) FROM log b WHERE b.person = a.person AND b.event = 'transaction')""",
    "view rate < 1": """
        SELECT person FROM log WHERE event = 'offer received' AND person NOT IN
          (SELECT person FROM log WHERE event = 'offer viewed')""",
}


@pytest.fixture(scope="module")
def house() -> Iterator[Any]:
    connection = tables("starbucks_rewards")
    connection.execute("""
        CREATE TABLE log AS SELECT person, event, coalesce("offer id", offer_id) AS offer, amount, time AS hour
        FROM transcript WHERE time < 30""")
    yield connection
    connection.close()


@pytest.mark.realdata
@pytest.mark.parametrize("rule", SEGMENTS)
def test_segment(rule: str, house: Any) -> None:
    expected = {key for (key,) in house.execute(SEGMENTS[rule]).fetchall()}
    assert expected, "a segment without members says little"
    assert members(house, "starbucks_rewards.yaml", rule, NOW) == expected
