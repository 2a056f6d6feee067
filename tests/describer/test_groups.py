"""Whole rules in plain English: nested lists, segments by name, ranges, windows."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from segql.conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Condition,
    Consent,
    Field,
    FieldCondition,
    FieldIn,
    FieldSet,
    InSegment,
    Interval,
    MeasureComparison,
    Not,
    Occurs,
    Tree,
    Type,
)
from segql.describer import describe, describe_condition

from .described import (
    AGE,
    BALANCE,
    BIG,
    BRAND,
    CATALOG,
    CITY,
    COUNTRY,
    EVERYONE,
    GIFTS,
    NOW,
    ORDERS,
    THREE_DAYS,
    TOTAL,
    VIP,
    ago,
    compare,
    of,
)

NO_ONE: AnyOf[Any] = AnyOf(())
PRICE = Field("item", "price", Type.MONEY)
NEITHER: Tree[FieldCondition] = Not(AnyOf((GIFTS, BIG)))


def body(rule: Any) -> str:
    return describe(rule, CATALOG, NOW).split("\n", 1)[1]


def test_the_espresso_shot() -> None:
    rule: Tree[Condition] = All(
        (
            Consent("sms"),
            Occurs(of("clicked sms", window=THREE_DAYS), 1, None),
            Not(Occurs(of("placed order", window=THREE_DAYS), 1, None)),
        )
    )
    assert describe(rule, CATALOG, NOW) == (
        "Times are Europe/Amsterdam; now is Sun 22 Nov 2026 10:00.\n"
        "All of:\n"
        "- they can receive sms\n"
        "- they clicked sms at least once from Thu 19 Nov 2026 10:00 up to now\n"
        "- they never placed order from Thu 19 Nov 2026 10:00 up to now"
    )


def test_groups_are_nested_lists() -> None:
    vip, dutch = compare(VIP, "=", True), compare(COUNTRY, "=", "NL")
    rule: Tree[FieldCondition] = AnyOf((vip, All((dutch, Not(AnyOf((vip, FieldSet(CITY)))))), Not(All((vip, dutch)))))
    assert body(rule) == (
        "Any of:\n"
        "- their vip is true\n"
        "- all of:\n"
        '  - their country is "NL"\n'
        "  - none of:\n"
        "    - their vip is true\n"
        "    - their city is set\n"
        "- not all of:\n"
        "  - their vip is true\n"
        '  - their country is "NL"'
    )


def test_everyone_and_no_one() -> None:
    assert [body(rule) for rule in (EVERYONE, NO_ONE, Not(EVERYONE), Not(NO_ONE))] == [
        "- everyone",
        "- no one",
        "- no one",
        "- everyone",
    ]


def test_a_segment_is_named_and_described() -> None:
    rule = All((compare(VIP, "=", True), InSegment("Buyers (n = 2)", AnyOf((Occurs(ORDERS, 2, None), FieldSet(CITY))))))
    assert body(rule) == (
        "All of:\n"
        "- their vip is true\n"
        "- they are in segment Buyers (n = 2), which is:\n"
        "  - any of:\n"
        "    - they placed order at least 2 times, ever\n"
        "    - their city is set"
    )
    assert body(Not(InSegment("Buyers", Consent("sms")))) == (
        "- they are not in segment Buyers, which is:\n  - they can receive sms"
    )


def test_between_is_said_as_one() -> None:
    ages = All((compare(AGE, ">=", 18), compare(AGE, "<=", 30)))
    assert body(ages) == "- their age is between 18 and 30"
    assert body(Not(ages)) == "- their age is not between 18 and 30 (or missing)"
    spent = Aggregate("sum", TOTAL, ORDERS)
    both = All((MeasureComparison(spent, ">=", Decimal(1)), MeasureComparison(spent, "<=", Decimal(2))))
    assert body(both) == "- their sum of total of placed order, ever, is between €1 and €2"
    assert body(Not(both)) == "- their sum of total of placed order, ever, is not between €1 and €2"
    where = All((compare(TOTAL, ">=", 1), compare(TOTAL, "<=", 5)))
    assert describe_condition(Occurs(of("x", where=All((where, GIFTS))), 1, None), CATALOG, NOW) == (
        "they x at least once, ever, where total is between €1 and €5 and gift is true"
    )
    assert body(All((compare(AGE, ">=", 18), compare(BALANCE, "<=", 30)))).startswith("All of:")


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (AnyOf((GIFTS, All((BIG, Not(GIFTS))))),
         "gift is true or (total is above €100 and gift is not true (or missing))"),
        (NEITHER, "not (gift is true or total is above €100)"),
        (AnyItem(All((compare(BRAND, "=", "X"), compare(PRICE, ">", 5)))),
         'some item fits (brand is "X" and price is above €5)'),
        (Not(AnyItem(compare(BRAND, "=", "X"))), 'no item fits (brand is "X")'),
        (AnyItem(EVERYONE), "there is at least one item"),
        (Not(AnyItem(EVERYONE)), "there is no item"),
        (All((AnyItem(EVERYONE), Not(AnyItem(Not(compare(BRAND, "=", "X")))))),
         'every item fits (brand is "X") and there is at least one'),
        (compare(TOTAL, ">", BALANCE), "total is above their balance"),
        (NO_ONE, "nothing"),
        (AnyOf((EVERYONE, GIFTS)), "anything or gift is true"),
    ],
)  # fmt: skip
def test_where_in_one_line(where: Any, text: str) -> None:
    condition = Occurs(of("placed order", where=where), 1, None)
    assert describe_condition(condition, CATALOG, NOW) == f"they placed order at least once, ever, where {text}"


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (Interval(datetime(2026, 11, 15, 23, tzinfo=UTC), datetime(2026, 11, 21, 23, tzinfo=UTC)),
         "from Mon 16 Nov 2026 to Sat 21 Nov 2026 (both days in)"),
        (Interval(datetime(2026, 11, 20, 23, tzinfo=UTC), datetime(2026, 11, 21, 23, tzinfo=UTC)),
         "on Sat 21 Nov 2026"),
        (Interval(ago(5), ago(3)), "from Tue 17 Nov 2026 10:00 up to, not including, Thu 19 Nov 2026 10:00"),
        (Interval(datetime(2026, 11, 1, 9, 0, 7, tzinfo=UTC), NOW), "from Sun 1 Nov 2026 10:00:07 up to now"),
        (Interval(datetime(2026, 11, 1, 9, 0, 0, 1, tzinfo=UTC), NOW), "from Sun 1 Nov 2026 10:00:00.000001 up to now"),
        # The hour that clocks repeat says which of the two it is.
        (Interval(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), NOW), "from Sun 25 Oct 2026 02:30 (+0200) up to now"),
        (Interval(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), NOW), "from Sun 25 Oct 2026 02:30 (+0100) up to now"),
        (Interval(NOW, NOW), "at no time (the window is empty)"),
        # No local time is left there.
        (Interval(None, datetime.max.replace(tzinfo=UTC)), "before Fri 31 Dec 9999 23:59 UTC"),
    ],
)  # fmt: skip
def test_windows_say_their_ends_truthfully(window: Interval, text: str) -> None:
    said = describe_condition(Occurs(of("x", window=window), 1, None), CATALOG, NOW)
    assert said.startswith(f"they x at least once {text}")


def test_a_long_list_is_cut_and_counted() -> None:
    said = describe_condition(FieldIn(COUNTRY, tuple(f"c{i}" for i in range(40))), CATALOG, NOW)
    assert said.endswith('"c29" and 10 more')


def test_other_currencies() -> None:
    for currency, text in (("USD", "$5"), ("NOK", "5 NOK"), ("JPY", "¥5")):
        catalog = CATALOG.model_copy(update={"currency": currency})
        assert describe_condition(compare(BALANCE, "=", 5), catalog, NOW) == f"their balance is {text}"
