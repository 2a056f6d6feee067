"""Plain English for every node, word for word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from segql.catalog.model import Catalog
from segql.conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Consent,
    Count,
    Days,
    DaysBetween,
    DaysSince,
    EdgeOccurrence,
    Field,
    FieldComparison,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    InList,
    InSegment,
    Interval,
    MeasureComparison,
    Not,
    Occurrences,
    Occurs,
    Ratio,
    Type,
)
from segql.describer import describe, describe_condition

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # Sunday, 10:00 in Amsterdam
CATALOG = Catalog.model_validate(
    {
        "timezone": "Europe/Amsterdam",
        "currency": "EUR",
        "profiles": {"table": "p", "key": "id", "properties": {"country": {}}},
    }
)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


EVER = Interval(None, NOW)
THREE_DAYS = Interval(ago(3), NOW)
EVERYONE: All[Any] = All(())
NO_ONE: AnyOf[Any] = AnyOf(())
COUNTRY = Field("profile", "country", Type.TEXT)
CITY = Field("profile", "city", Type.TEXT)
AGE = Field("profile", "age", Type.NUMBER)
BALANCE = Field("profile", "balance", Type.MONEY)
VIP = Field("profile", "vip", Type.BOOLEAN)
BIRTHDAY = Field("profile", "birthday", Type.DATE)
SEEN = Field("profile", "last seen", Type.TIME)
TAGS = Field("profile", "tags", Type.TEXTS)
TOTAL = Field("event", "total", Type.MONEY)
GIFT = Field("event", "gift", Type.BOOLEAN)
SHIPPED = Field("event", "shipped", Type.TIME)
PRICE = Field("item", "price", Type.MONEY)
BRAND = Field("item", "brand", Type.TEXT)


def of(*events: str, window: Interval = EVER, where: Any = EVERYONE) -> Occurrences:
    return Occurrences(events, window, where)


ORDERS = of("placed order")


def compare(field: Field, op: Any, right: Any) -> FieldComparison:
    return FieldComparison(field, op, Decimal(right) if isinstance(right, int) and right is not True else right)


GIFTS = compare(GIFT, "=", True)
BIG = compare(TOTAL, ">", 100)


@pytest.mark.parametrize(
    ("condition", "text", "negated"),
    [
        # fields
        (compare(COUNTRY, "=", "NL"), 'their country is "NL"', 'their country is not "NL" (or missing)'),
        (compare(COUNTRY, "=", 'a "b"'), 'their country is "a ""b"""', 'their country is not "a ""b""" (or missing)'),
        (compare(AGE, ">", 18), "their age is above 18", "their age is not above 18 (or missing)"),
        (compare(AGE, "<=", 12345), "their age is at most 12,345", "their age is not at most 12,345 (or missing)"),
        (compare(BALANCE, ">=", Decimal("1000.5")), "their balance is at least €1,000.50",
         "their balance is not at least €1,000.50 (or missing)"),
        (compare(BALANCE, "<", Decimal("-5.00")), "their balance is below -€5",
         "their balance is not below -€5 (or missing)"),
        (compare(VIP, "=", True), "their vip is true", "their vip is not true (or missing)"),
        (compare(BIRTHDAY, "<", date(1990, 1, 1)), "their birthday is before Mon 1 Jan 1990",
         "their birthday is not before Mon 1 Jan 1990 (or missing)"),
        (compare(SEEN, ">=", ago(3)), "their last seen is at or after Thu 19 Nov 2026 10:00",
         "their last seen is not at or after Thu 19 Nov 2026 10:00 (or missing)"),
        (compare(COUNTRY, "=", CITY), "their country is their city",
         "their country is not their city (or one of the two missing)"),
        (FieldIn(COUNTRY, ("NL", "BE")), 'their country is one of "NL", "BE"',
         'their country is none of "NL", "BE" (or missing)'),
        (FieldIn(COUNTRY, ("NL",)), 'their country is "NL"', 'their country is not "NL" (or missing)'),
        (FieldLike(CITY, "contains", "dam"), 'their city contains "dam" in any case',
         'their city does not contain "dam" in any case (or missing)'),
        (FieldLike(CITY, "matches", "a*"), 'their city matches "a*" in any case',
         'their city does not match "a*" in any case (or missing)'),
        (FieldIncludes(TAGS, "any", ("a",)), 'their tags include "a"', 'their tags do not include "a" (or missing)'),
        (FieldIncludes(TAGS, "any", ("a", "b")), 'their tags include any of "a", "b"',
         'their tags include none of "a", "b" (or missing)'),
        (FieldIncludes(TAGS, "all", ("a", "b")), 'their tags include all of "a", "b"',
         'their tags do not include all of "a", "b" (or missing)'),
        (FieldSet(CITY), "their city is set", "their city is missing"),
        (FieldEmpty(CITY), "their city is empty or missing", "their city is set and not empty"),
        (FieldWithin(SEEN, THREE_DAYS), "their last seen is from Thu 19 Nov 2026 10:00 up to now",
         "their last seen is not from Thu 19 Nov 2026 10:00 up to now (or missing)"),
        (FieldWithin(SEEN, EVER), "their last seen is before now", "their last seen is not before now (or missing)"),
        (FieldWithin(BIRTHDAY, Days(date(2026, 11, 16), date(2026, 11, 23))),
         "their birthday is from Mon 16 Nov 2026 to Sun 22 Nov 2026 (both days in)",
         "their birthday is not from Mon 16 Nov 2026 to Sun 22 Nov 2026 (both days in) (or missing)"),
        (FieldWithin(BIRTHDAY, Days(date(2026, 11, 22), date(2026, 11, 23))), "their birthday is on Sun 22 Nov 2026",
         "their birthday is not on Sun 22 Nov 2026 (or missing)"),
        (FieldWithin(BIRTHDAY, Days(None, date(2026, 11, 22))), "their birthday is before Sun 22 Nov 2026",
         "their birthday is not before Sun 22 Nov 2026 (or missing)"),
        # counts
        (Occurs(ORDERS, 1, None), "they placed order at least once, ever", "they never placed order, ever"),
        (Occurs(ORDERS, 3, None), "they placed order at least 3 times, ever",
         "they placed order at most 2 times (or never), ever"),
        (Occurs(ORDERS, 2, 2), "they placed order exactly 2 times, ever",
         "they placed order not exactly 2 times (perhaps never), ever"),
        (Occurs(ORDERS, 1, 1), "they placed order exactly once, ever",
         "they placed order not exactly once (perhaps never), ever"),
        (Occurs(ORDERS, 2, 5), "they placed order between 2 and 5 times, ever",
         "they placed order not between 2 and 5 times (perhaps never), ever"),
        (Occurs(ORDERS, 0, 1), "they placed order at most once (or never), ever",
         "they placed order at least 2 times, ever"),
        (Occurs(of("placed order", window=THREE_DAYS), 0, 0),
         "they never placed order from Thu 19 Nov 2026 10:00 up to now",
         "they placed order at least once from Thu 19 Nov 2026 10:00 up to now"),
        (Occurs(of("opened email", "clicked email", window=THREE_DAYS), 1, None),
         "they opened email or clicked email at least once from Thu 19 Nov 2026 10:00 up to now",
         "they never opened email or clicked email from Thu 19 Nov 2026 10:00 up to now"),
        (Occurs(of("a", "b", "c"), 3, None), "they a, b or c at least 3 times in all, ever",
         "they a, b or c at most 2 times (or never) in all, ever"),
        (Occurs(of("got survey", window=Interval(None, None)), 1, None), "they got survey at least once",
         "they never got survey"),
        (Occurs(of("placed order", where=All((GIFTS, BIG))), 1, None),
         "they placed order at least once, ever, where gift is true and total is above €100",
         "they never placed order, ever, where gift is true and total is above €100"),
        # the first and the last
        (EdgeOccurrence("last", ORDERS, Interval(None, ago(90))),
         "their last placed order was before Mon 24 Aug 2026 11:00",
         "their last placed order was not before Mon 24 Aug 2026 11:00 (or they have none)"),
        (EdgeOccurrence("first", ORDERS, EVER, BIG), "their first placed order fits (total is above €100)",
         "their first placed order does not fit (total is above €100) (or they have none)"),
        (EdgeOccurrence("last", of("placed order", where=GIFTS), THREE_DAYS, BIG),
         "their last placed order where gift is true was from Thu 19 Nov 2026 10:00 up to now"
         " and fits (total is above €100)",
         "their last placed order where gift is true was not both from Thu 19 Nov 2026 10:00 up to now"
         " and such that it fits (total is above €100) (or they have none)"),
        (EdgeOccurrence("last", ORDERS, EVER), "they have a last placed order", "they have no last placed order"),
        # measures
        (MeasureComparison(Aggregate("average", TOTAL, ORDERS), ">", Decimal(100)),
         "their average total of placed order, ever, is above €100",
         "their average total of placed order, ever, is not above €100 (or missing)"),
        (MeasureComparison(Aggregate("sum", TOTAL, of("placed order", window=THREE_DAYS)), ">=", Decimal(1)),
         "their sum of total of placed order, from Thu 19 Nov 2026 10:00 up to now, is at least €1",
         "their sum of total of placed order, from Thu 19 Nov 2026 10:00 up to now, is not at least €1"),
        (MeasureComparison(Aggregate("distinct", BRAND, ORDERS), "=", Decimal(2)),
         "their number of different brand of the items of placed order, ever, is 2",
         "their number of different brand of the items of placed order, ever, is not 2"),
        (MeasureComparison(Aggregate("max", SHIPPED, ORDERS), "<", ago(3)),
         "their latest shipped of placed order, ever, is before Thu 19 Nov 2026 10:00",
         "their latest shipped of placed order, ever, is not before Thu 19 Nov 2026 10:00 (or missing)"),
        (MeasureComparison(Aggregate("min", TOTAL, ORDERS), "<", Decimal("0.5")),
         "their smallest total of placed order, ever, is below €0.50",
         "their smallest total of placed order, ever, is not below €0.50 (or missing)"),
        (MeasureComparison(Count(of("a", "b")), ">", Decimal(2)), "their number of a and b, ever, is above 2",
         "their number of a and b, ever, is not above 2"),
        (MeasureComparison(DaysSince("last", ORDERS), ">", Decimal(30)),
         "the number of days since their last placed order is above 30",
         "the number of days since their last placed order is not above 30 (or missing)"),
        (MeasureComparison(DaysBetween(ORDERS), "<", Decimal(14)),
         "the average number of days between their placed order, ever, is below 14",
         "the average number of days between their placed order, ever, is not below 14 (or missing)"),
        (MeasureComparison(Ratio(Aggregate("sum", TOTAL, ORDERS), Count(of("visited"))), ">", Decimal(5)),
         "(their sum of total of placed order, ever) divided by (their number of visited, ever) is above €5",
         "(their sum of total of placed order, ever) divided by (their number of visited, ever) is not above €5"
         " (or missing)"),
        (MeasureComparison(BALANCE, "<", Aggregate("sum", TOTAL, ORDERS), Decimal("0.5")),
         "their balance is below 0.5 times their sum of total of placed order, ever",
         "their balance is not below 0.5 times their sum of total of placed order, ever"
         " (or one of the two missing)"),
        # consent and lists
        (Consent("sms"), "they can receive sms", "they cannot receive sms"),
        (Consent("sms", True, "form", THREE_DAYS),
         'they can receive sms because "form", given from Thu 19 Nov 2026 10:00 up to now',
         'it is not so that they can receive sms because "form", given from Thu 19 Nov 2026 10:00 up to now'),
        (Consent("sms", False, "form"), 'they cannot receive sms because "form"',
         'it is not so that they cannot receive sms because "form"'),
        (Consent("sms", False, None, EVER), "they cannot receive sms, withdrawn before now",
         "it is not so that they cannot receive sms, withdrawn before now"),
        (Consent("sms", False), "they have withdrawn consent to sms", "they have not withdrawn consent to sms"),
        (InList("Staff", EVER, False), "they are in list Staff", "they are not in list Staff"),
        (InList("Staff", THREE_DAYS, True), "they joined list Staff from Thu 19 Nov 2026 10:00 up to now",
         "they did not join list Staff from Thu 19 Nov 2026 10:00 up to now (or it is not known when)"),
    ],
)  # fmt: skip
def test_each_condition_and_its_negation(condition: Any, text: str, negated: str) -> None:
    head = "Times are Europe/Amsterdam; now is Sun 22 Nov 2026 10:00."
    assert describe_condition(condition, CATALOG, NOW) == text
    assert describe(condition, CATALOG, NOW) == f"{head}\n- {text}"
    assert describe(Not(condition), CATALOG, NOW) == f"{head}\n- {negated}"
    assert describe(Not(Not(condition)), CATALOG, NOW) == f"{head}\n- {text}"


def body(rule: Any) -> str:
    return describe(rule, CATALOG, NOW).split("\n", 1)[1]


def test_the_espresso_shot() -> None:
    rule = All(
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
    rule = AnyOf((vip, All((dutch, Not(AnyOf((vip, FieldSet(CITY)))))), Not(All((vip, dutch)))))
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
        (Not(AnyOf((GIFTS, BIG))), "not (gift is true or total is above €100)"),
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
