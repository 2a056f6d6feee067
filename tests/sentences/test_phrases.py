"""Stretches that say the same in other words: the table is whole, and binds to what a catalog has in a role."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

import segql
from segql.catalog import catalog_from_yaml
from segql.sentences.chart.phrases import ROLES
from segql.words import written

_LINES = [line for line in written("sentences.txt").splitlines() if line.startswith("PHRASE.")]

_SOFTWARE = """
timezone: UTC
currency: EUR
profiles:
  table: users
  key: id
  properties:
    plan: {type: text, values: [text message, Pro]}
    country: text
    registered: {column: registered_at, type: time}
channels:
  email: {table: users, profile: id, receives when: email_ok}
events:
  paid invoice: &row
    table: events
    profile: user_id
    time: {column: at, zone: UTC}
    where: name = 'paid'
    properties: {price: {type: money, scale: 2}}
    amount: price
    also: [bought]
  opened email: {table: events, profile: user_id, time: at, where: name = 'opened'}
metrics:
  turnover: {value: sum of price of paid invoice}
insights: {order: paid invoice, revenue: turnover}
"""


def test_a_phrase_has_the_gaps_that_are_read() -> None:
    for line in _LINES:
        said = line.split(": ", 2)
        assert len(said) == 2, line
        needed = set(re.findall(r"\{(\w+)\}", said[0])) - set(ROLES)
        assert needed <= set(re.findall(r"\{(\w+):", said[1])), line


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("clients worth more than 1000 euros over their lifetime", "turnover > €1000"),
        ("brought in at least €500", "turnover >= €500"),
        ("average ticket above €60", "average of price of paid invoice > 60"),
        ("their orders came to more than €500", "sum of price of paid invoice > €500"),
        ("has yet to spend a cent", "never paid invoice"),
        ("no account set up with us", ""),
        ("we may email them", "can receive email"),
        ("we may text them", ""),  # there is no such channel
        ("set foot on our website this week", ""),
        ("latest order came to over €150", "last paid invoice has price > €150"),
        ("plan is text message", 'plan is "text message"'),  # a value, and no channel
        ("members who set up an account this year", "registered this year"),
    ],
)
def test_another_catalog_has_other_things_in_these_roles(typed: str, said: str) -> None:
    catalog, now = catalog_from_yaml(_SOFTWARE), datetime(2026, 11, 22, tzinfo=UTC)
    try:
        found = segql.meaning(typed, catalog, now=now).optimized
    except segql.SegQLError as error:
        fixes = [fix for one in error.problems for fix in one.fixes]
        offered = [segql.meaning(one.applied(typed), catalog, now=now).optimized for one in fixes]
    else:
        offered = [found]
    assert offered == ([segql.meaning(said, catalog, now=now).optimized] if said else [])
