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
    MostCommon,
    Not,
    Occurrences,
    Occurs,
    OnDifferent,
    Population,
    Rank,
    Ratio,
    Regular,
    Repeats,
    Sample,
    Share,
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


WEEKS = tuple(Interval(ago(7 * week), ago(7 * week - 7)) for week in (1, 2, 3))
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
        # all of them
        (Share(of("placed order", where=GIFTS), BIG, "=", Decimal(100)),
         "every placed order, ever, where gift is true, fits (total is above €100), and there is one",
         "some placed order, ever, where gift is true, does not fit (total is above €100), or there is none"),
        (Share(of("a", "b"), BIG, ">=", Decimal("33.30")),
         "at least 33.3% of their a and b, ever, fit (total is above €100), and there is one",
         "less than 33.3% of their a and b, ever, fit (total is above €100), or there is none"),
        (Share(ORDERS, GIFTS, "=", Decimal(50)),
         "exactly 50% of their placed order, ever, fit (gift is true), and there is one",
         "not exactly 50% of their placed order, ever, fit (gift is true), or there is none"),
        (Regular(of("placed order", where=GIFTS), WEEKS, (1, None), 2, None),
         "they placed order in at least 2 of the 3 periods up to now that begin Sun 1 Nov 2026 10:00,"
         " Sun 8 Nov 2026 10:00 and Sun 15 Nov 2026 10:00, where gift is true",
         "they placed order in at most 1 of the 3 periods up to now that begin Sun 1 Nov 2026 10:00,"
         " Sun 8 Nov 2026 10:00 and Sun 15 Nov 2026 10:00, where gift is true"),
        (Regular(ORDERS, WEEKS[:1], (2, 3), 1, None),
         "they placed order between 2 and 3 times in the period from Sun 15 Nov 2026 10:00 up to now",
         "it is not so that they placed order between 2 and 3 times in the period from Sun 15 Nov 2026 10:00 up to"
         " now"),
        (Regular(ORDERS, tuple(Interval(ago(d), ago(d - 1)) for d in range(1, 8)), (1, None), 2, 3),
         "they placed order in between 2 and 3 of the 7 periods from Sun 15 Nov 2026 10:00 up to now",
         "it is not so that they placed order in between 2 and 3 of the 7 periods from Sun 15 Nov 2026 10:00 up to"
         " now"),
        (OnDifferent(ORDERS, "day", 2, None), "they placed order on at least 2 different days, ever",
         "they placed order on at most 1 different day, ever"),
        (OnDifferent(ORDERS, "week", 2, 2),
         "they placed order in exactly 2 different calendar weeks (from Monday), ever",
         "it is not so that they placed order in exactly 2 different calendar weeks (from Monday), ever"),
        (OnDifferent(ORDERS, "month", 1, None), "they placed order in at least 1 different calendar month, ever",
         "they never placed order, ever"),
        (Repeats(ORDERS, BRAND, 2, None), "some brand of the items comes up in at least 2 of their placed order, ever",
         "no brand of the items comes up in at least 2 of their placed order, ever"),
        (MostCommon(ORDERS, BRAND, compare(BRAND, "=", "Acme")),
         'a most common brand of the items of their placed order, ever, is "Acme"',
         'no most common brand of the items of their placed order, ever, is "Acme" (perhaps there is none)'),
        (MostCommon(of("placed order", where=GIFTS), TOTAL, All((compare(TOTAL, ">=", 1), compare(TOTAL, "<=", 2)))),
         "a most common total of their placed order, ever, where gift is true, is between €1 and €2",
         "no most common total of their placed order, ever, where gift is true, is between €1 and €2"
         " (perhaps there is none)"),
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


# --- beside the others ------------------------------------------------------------------------------------------------

ORDERS = Occurrences(("placed order",), EVER)
TOTAL = Field("event", "total", Type.MONEY)
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
