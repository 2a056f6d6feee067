"""Profiles beside the others in plain English."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segql.conditions import (
    Aggregate,
    DaysBetween,
    DaysSince,
    Field,
    FieldComparison,
    InSegment,
    Interval,
    MeasureComparison,
    Not,
    Occurrences,
    Population,
    Rank,
    Sample,
    Type,
)
from segql.describer import describe, describe_condition

from .described import CATALOG, NOW, ORDERS, TOTAL, ago

SPENT = Aggregate("sum", TOTAL, ORDERS)
VIPS = InSegment(
    "VIPs", FieldComparison(Field("profile", "vip", Type.BOOLEAN), "=", True), sample=Sample(Decimal(10), 100, "s")
)


@pytest.mark.parametrize(
    ("leaf", "holds", "denied"),
    [
        (
            Rank("top", SPENT, Decimal("10"), None),
            "they rank in the top 10% of all customers who have any by their sum of total of placed order, ever",
            "they do not rank in the top 10% of all customers who have any by their sum of total of placed order, ever"
            " (or have no rank)",
        ),
        (
            Rank("bottom", Field("profile", "age", Type.NUMBER), None, 1000),
            "they rank in the bottom 1,000 of all customers where it is known by their age",
            "they do not rank in the bottom 1,000 of all customers where it is known by their age (or have no rank)",
        ),
        (
            MeasureComparison(SPENT, ">", Population("average", None, SPENT), Decimal(2)),
            "their sum of total of placed order, ever, is above 2 times the average of the same over all"
            " customers who have any",
            "their sum of total of placed order, ever, is not above 2 times the average of the same over all"
            " customers who"
            " have any",
        ),
        (
            MeasureComparison(DaysSince("last", ORDERS), "<=", Population("percentile", 50, DaysBetween(ORDERS))),
            "the number of days since their last placed order is at most the median of the average number of"
            " days between"
            " their placed order, ever, over all customers who have any",
            "the number of days since their last placed order is not at most the median of the average number of days"
            " between their placed order, ever, over all customers who have any (or missing)",
        ),
        (
            MeasureComparison(SPENT, "=", Population("percentile", 91, SPENT)),
            "their sum of total of placed order, ever, is the 91st percentile of the same over all customers who"
            " have any",
            "their sum of total of placed order, ever, is not the 91st percentile of the same over all customers"
            " who have"
            " any",
        ),
        (
            MeasureComparison(
                Aggregate("average", TOTAL, ORDERS),
                ">=",
                Population("overall average", None, Aggregate("average", TOTAL, ORDERS)),
            ),
            "their average total of placed order, ever, is at least the average total of every single placed"
            " order, ever,"
            " of all customers together",
            "their average total of placed order, ever, is not at least the average total of every single placed order,"
            " ever, of all customers together (or missing)",
        ),
    ],
)
def test_profiles_beside_the_others(leaf: Any, holds: str, denied: str) -> None:
    assert describe(leaf, CATALOG, NOW).splitlines()[1:] == [f"- {holds}"]
    assert describe(Not(leaf), CATALOG, NOW).splitlines()[1:] == [f"- {denied}"]


def test_the_members_of_a_population_are_said_below() -> None:
    said = 'a sample of 10% or, where that is more, 100 (seed "s")'
    assert describe_condition(Rank("top", SPENT, None, 5, VIPS), CATALOG, NOW).splitlines() == [
        "they rank in the top 5 of the members of segment VIPs by their sum of total of placed order, ever,"
        f" where segment VIPs is {said} of:",
        "  - their vip is true",
    ]
    assert describe_condition(VIPS, CATALOG, NOW).splitlines() == [
        f"they are in segment VIPs, which is {said} of:",
        "  - their vip is true",
    ]
    assert describe(VIPS.rule, CATALOG, NOW, VIPS.sample).splitlines()[1:] == [
        "- their vip is true",
        f"Of these only {said}.",
    ]


def test_a_segment_at_another_time_and_the_days_until_then() -> None:
    rule = MeasureComparison(
        DaysSince("last", Occurrences(("placed order",), Interval(None, ago(30)))), "<", Decimal(5)
    )
    then = InSegment("Buyers 30 days ago", rule, at=ago(30))
    below = ["  - the number of days since their last placed order (counted at Fri 23 Oct 2026 11:00) is below 5"]
    first = "they were in segment Buyers 30 days ago (Fri 23 Oct 2026 11:00), which was:"
    assert describe_condition(then, CATALOG, NOW).splitlines() == [first, *below]
    denied = describe(Not(then), CATALOG, NOW).splitlines()
    assert denied[1] == "- they were not in segment Buyers 30 days ago (Fri 23 Oct 2026 11:00), which was:"
