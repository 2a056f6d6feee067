"""Each condition and its negation in plain English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from segql.conditions import (
    Aggregate,
    All,
    Consent,
    Count,
    Days,
    DaysBetween,
    DaysSince,
    EdgeOccurrence,
    Field,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    InList,
    Interval,
    MeasureComparison,
    MostCommon,
    Not,
    Occurs,
    OnDifferent,
    Ratio,
    Regular,
    Repeats,
    Share,
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
    EVER,
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

BIRTHDAY = Field("profile", "birthday", Type.DATE)
SEEN = Field("profile", "last seen", Type.TIME)
TAGS = Field("profile", "tags", Type.TEXTS)
SHIPPED = Field("event", "shipped", Type.TIME)


WEEKS = tuple(Interval(ago(7 * week), ago(7 * week - 7)) for week in (1, 2, 3))


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
        (Repeats(ORDERS, (BRAND,), 2, None),
         "some brand of the items comes up in at least 2 of their placed order, ever",
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
