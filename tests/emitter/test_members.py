"""Whom the SQL finds in a few rows, written by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any, Literal

import duckdb
from sqlglot import exp

from segql.conditions import (
    Aggregate,
    All,
    AnyItem,
    AnyOf,
    Condition,
    Consent,
    Count,
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
    InList,
    Interval,
    MeasureComparison,
    Not,
    Occurs,
    Predicate,
    Ratio,
    Tree,
    Type,
)

from ..worlds.small_shop import (
    AGE,
    CATALOG,
    COUNTRY,
    EVER,
    NOW,
    TABLES,
    TOTAL,
    ago,
    ask,
    last,
    of,
    orders,
    people,
    tree,
)


def test_everyone_is_whoever_has_a_key() -> None:
    everyone: tuple[Tree[Condition], ...]
    everyone = (All(()), Not(FieldSet(COUNTRY)), Not(Occurs(of("placed order"), 1, None)), FieldEmpty(COUNTRY))
    for rule in everyone:
        assert ask(rule, customers=people(1, 2, "NULL")) == {1, 2}
    assert ask(AnyOf(()), customers=people(1, 2)) == set()


def test_missing_is_never_a_member_nor_lost_under_not() -> None:
    rows = "SELECT * FROM (VALUES (1, 20, 1.5::DOUBLE, 'NL'), (2, NULL, 'NaN'::DOUBLE, NULL), (3, 10, NULL, '')) AS"\
           " t(customer_id, age, score, country)"  # fmt: skip
    score = Field("profile", "score", Type.NUMBER)
    for rule, found in (
        (FieldComparison(AGE, ">", Decimal(15)), {1}), (FieldComparison(AGE, "<=", Decimal(15)), {3}),
        (FieldComparison(score, ">", Decimal(-100)), {1}), (FieldSet(score), {1}),
        (FieldIn(COUNTRY, ("NL", "BE")), {1}), (FieldLike(COUNTRY, "contains", ""), {1, 3}),
        (FieldComparison(AGE, "<", score), set()), (FieldIn(COUNTRY, ()), set()),
        (FieldEmpty(COUNTRY), {2, 3}), (FieldComparison(AGE, "=", Decimal("10.5")), set()),
        (FieldComparison(AGE, ">", Decimal("-1E+60")), {1, 3}), (FieldComparison(AGE, "<", Decimal("-1E+60")), set()),
    ):  # fmt: skip
        assert ask(rule, customers=rows) == found, rule
        assert ask(Not(rule), customers=rows) == {1, 2, 3} - found, rule


def test_a_number_is_rounded_half_away_from_zero() -> None:
    rows = "SELECT * FROM (VALUES (1, 0.125), (2, -0.125), (3, 0.124), (4, 'inf'::DOUBLE)) AS t(customer_id, score)"
    score = Field("profile", "score", Type.NUMBER)
    assert ask(FieldComparison(score, "=", Decimal("0.13")), customers=rows) == {1}
    assert ask(FieldComparison(score, "=", Decimal("-0.13")), customers=rows) == {2}
    assert ask(FieldComparison(score, ">=", Decimal("0.121")), customers=rows) == {1}


def test_lists() -> None:
    rows = "SELECT * FROM (VALUES (1, ['a', 'b']), (2, []), (3, NULL), (4, [NULL])) AS t(customer_id, tags)"
    tags = Field("profile", "tags", Type.TEXTS)
    assert ask(FieldIncludes(tags, "any", ("b", "c")), customers=rows) == {1}
    assert ask(FieldIncludes(tags, "all", ("b", "c")), customers=rows) == set()
    assert ask(Not(FieldIncludes(tags, "any", ("z",))), customers=rows) == {1, 2, 3, 4}
    assert ask(FieldEmpty(tags), customers=rows) == {2, 3, 4}
    assert ask(FieldSet(tags), customers=rows) == {1, 2, 4}


def test_windows_are_half_open() -> None:
    rows = orders((1, 3, 1), (2, 3 + 1e-9, 1), (3, 0, 1), (4, 1, 1), (5, -1, 1))
    rule = Occurs(of("placed order", window=last(days=3)), 1, None)
    assert ask(rule, customers=people(1, 2, 3, 4, 5), orders=rows) == {1, 4}


def test_counts() -> None:
    rows = orders((1, 1, 5), (1, 2, 5), (2, 1, 5), ("NULL", 1, 5))
    everybody = people(1, 2, 3)
    for low, high, found in ((1, None, {1, 2}), (0, 0, {3}), (2, None, {1}), (1, 1, {2}), (0, 1, {2, 3}), (2, 3, {1}),
                             (0, None, {1, 2, 3}), (2, 1, set())):  # fmt: skip
        rule = Occurs(of("placed order"), low, high)
        assert ask(rule, customers=everybody, orders=rows) == found, (low, high)
        assert ask(Not(rule), customers=everybody, orders=rows) == {1, 2, 3} - found, (low, high)


def test_a_driven_pass_finds_the_same() -> None:
    rows = orders((1, 1, 5), (1, 2, 5), (2, 1, 5), (3, 40, 5), (3, 41, 5))
    lately = Occurs(of("placed order", window=last(days=3)), 1, None)
    twice = Occurs(of("placed order"), 2, None)
    today = Count(of("placed order", window=last(days=1, hours=1)))
    dear = MeasureComparison(Count(of("placed order")), ">=", today, Decimal(2))
    cases: tuple[tuple[Tree[Condition], set[int]], ...] = (
        (All((lately, twice)), {1}), (All((lately, Not(twice))), {2}), (All((lately, dear)), {1}),
        (All((Not(twice), Not(lately))), {4}), (Not(All((lately, twice))), {2, 3, 4}),
    )  # fmt: skip
    for rule, found in cases:
        assert ask(rule, customers=people(1, 2, 3, 4), orders=rows) == found, rule


def test_a_sum_over_nothing_is_zero_and_an_average_missing() -> None:
    rows = orders((1, 1, 5), (2, 1, "NULL"))
    everybody = people(1, 2, 3)
    total = Aggregate("sum", TOTAL, of("placed order"))
    average = Aggregate("average", TOTAL, of("placed order"))
    assert ask(MeasureComparison(total, "<", Decimal(5)), customers=everybody, orders=rows) == {2, 3}
    assert ask(MeasureComparison(total, "=", Decimal(0)), customers=everybody, orders=rows) == {2, 3}
    assert ask(MeasureComparison(average, "<", Decimal(100)), customers=everybody, orders=rows) == {1}
    assert ask(Not(MeasureComparison(average, "<", Decimal(1))), customers=everybody, orders=rows) == {1, 2, 3}


def test_averages_are_exact_against_a_value_and_millionths_against_a_measure() -> None:
    # A third of -1.00, and of 1.00: below the rounded value, exactly floor in millionths.
    rows = orders((1, 1, -1), (1, 2, 0), (1, 3, 0), (2, 1, 1), (2, 2, 0), (2, 3, 0))
    rows += "".join(f" UNION ALL SELECT {who}, {ago(9)}, {total}, 99" for who, total in ((1, "-0.33"), (2, "0.33")))
    recent = Aggregate("average", TOTAL, of("placed order", window=last(days=5)))
    count = Count(of("placed order", window=last(days=5)))
    everybody = people(1, 2)
    for value, found in (("-0.333333", {1}), ("-0.333334", set()), ("0.333333", {1}), ("0.333334", {1, 2})):
        assert ask(MeasureComparison(recent, "<", Decimal(value)), customers=everybody, orders=rows) == found, value
    # floor(-10^6 / 3) = -333334, floor(10^6 / 3) = 333333; the count is 3.
    for factor, found in (("-0.111111", set()), ("-0.111112", {1}), ("0.111111", {2})):
        rule = MeasureComparison(recent, ">=" if factor > "0" else "<", count, Decimal(factor))
        expected = {1} if factor == "-0.111111" else found
        assert ask(rule, customers=everybody, orders=rows) == (set() if factor == "-0.111112" else expected), factor


def test_ratios_keep_their_sign() -> None:
    rows = orders((1, 1, -4), (2, 1, 4), (3, 1, 0))
    ratio = Ratio(Count(of("placed order")), Aggregate("sum", TOTAL, of("placed order")))
    everybody = people(1, 2, 3, 4)
    assert ask(MeasureComparison(ratio, "<", Decimal("0.25")), customers=everybody, orders=rows) == {1}
    assert ask(MeasureComparison(ratio, "<=", Decimal("0.25")), customers=everybody, orders=rows) == {1, 2}
    assert ask(MeasureComparison(ratio, "=", Decimal("-0.25")), customers=everybody, orders=rows) == {1}
    assert ask(MeasureComparison(ratio, ">", ratio, Decimal(2)), customers=everybody, orders=rows) == {1}


def test_large_sums_are_exact() -> None:
    rows = f"SELECT 1 AS customer_id, {ago(1)} AS created_at, 9999999.99 AS total, range AS order_id FROM range(1000)"
    total = Aggregate("sum", TOTAL, of("placed order"))
    assert ask(MeasureComparison(total, "=", Decimal("9999999990")), customers=people(1), orders=rows) == {1}
    assert ask(MeasureComparison(total, ">", Decimal("9999999989.99999")), customers=people(1), orders=rows) == {1}
    assert ask(MeasureComparison(total, "<", Decimal(10) ** 30), customers=people(1), orders=rows) == {1}
    assert ask(MeasureComparison(total, "<", Count(of("placed order")), Decimal("9999999.9901")),
               customers=people(1), orders=rows) == {1}  # fmt: skip


def test_the_median_is_the_nearest_rank() -> None:
    """For n = 1 .. 200: the smallest v with 2 * count(<= v) >= n, also beside values that a CASE leaves out."""
    random = Random(1)
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(TABLES)
    medians, rows = {}, []
    for size in range(1, 201):
        values = [Decimal(random.randint(-9, 9)) / 4 for _ in range(size)]
        ordered = sorted(values)
        medians[size] = next(v for v in ordered if 2 * sum(one <= v for one in ordered) >= size)
        rows += [(size, NOW - timedelta(days=1), v) for v in values]
        rows += [(size, NOW - timedelta(days=9), Decimal(99))] * (size % 7)
    connection.execute(
        "INSERT INTO orders (customer_id, created_at, total) SELECT unnest(?), unnest(?), unnest(?)",
        [list(column) for column in zip(*rows, strict=True)],
    )
    rule = All((
        MeasureComparison(Aggregate("median", TOTAL, of("placed order", window=last(days=3))), "=", Decimal(0)),
        Occurs(of("placed order"), 2, None),
    ))  # fmt: skip
    (cte,) = tree(rule, CATALOG).find_all(exp.CTE)
    found = connection.execute(cte.this.sql("duckdb")).fetchall()
    column = [c.alias_or_name for c in cte.this.expressions].index("median_of_total")
    assert {row[0]: row[column] for row in found} == medians


def test_first_and_last() -> None:
    rows = orders((1, 1, 5), (1, 20, 9), (2, 20, 5), (3, 1, 5), (3, 1, 9), (4, 40, 5))
    everybody = people(1, 2, 3, 4, 5)
    dear = FieldComparison(TOTAL, ">", Decimal(7))
    edges: tuple[tuple[Literal["first", "last"], Interval, Tree[Predicate], set[int]], ...] = (
        ("last", last(days=5), All(()), {1, 3}), ("first", last(days=5), All(()), {3}),
        ("first", last(days=30), All(()), {1, 2, 3}),
        ("last", Interval(None, NOW - timedelta(days=5)), All(()), {2, 4}),
        ("last", EVER, dear, {3}), ("first", EVER, dear, {1, 3}), ("last", last(days=5), dear, {3}),
        ("first", Interval(None, NOW - timedelta(days=15)), dear, {1}), ("last", EVER, Not(dear), {1, 2, 3, 4}),
    )  # fmt: skip
    for which, window, has, found in edges:
        rule = EdgeOccurrence(which, of("placed order"), window, has)
        assert ask(rule, customers=everybody, orders=rows) == found, rule
        assert ask(Not(rule), customers=everybody, orders=rows) == {1, 2, 3, 4, 5} - found, rule


def test_days_since_and_between() -> None:
    rows = orders((1, 1, 5), (1, 4, 5), (1, 10, 5), (2, 2.5, 5), (2, 2.5, 6))
    everybody = people(1, 2, 3)
    since = DaysSince("last", of("placed order"))
    between = DaysBetween(of("placed order"))
    assert ask(MeasureComparison(since, "=", Decimal(2)), customers=everybody, orders=rows) == {2}
    assert ask(MeasureComparison(since, "<", Decimal(2)), customers=everybody, orders=rows) == {1}
    assert ask(MeasureComparison(between, "=", Decimal("4.5")), customers=everybody, orders=rows) == {1}
    assert ask(Not(MeasureComparison(between, ">", Decimal(0))), customers=everybody, orders=rows) == {2, 3}


def consents(*rows: tuple[int, str, str | None, str | None, float | None]) -> str:
    def quoted(value: str | None) -> str:
        return "NULL" if value is None else f"'{value}'"

    return " UNION ALL ".join(
        f"SELECT {who} AS customer_id, '{channel}' AS channel, {quoted(status)} AS status, {quoted(method)} AS method,"
        f" {'NULL' if at is None else ago(at)}::TIMESTAMPTZ AS changed_at"
        for who, channel, status, method, at in rows
    )


def test_consent_without_a_date_needs_all_records() -> None:
    rows = consents((1, "sms", "subscribed", "form", None), (2, "sms", "subscribed", "form", None),
                    (2, "sms", "unsubscribed", "form", None), (3, "sms", None, "form", None),
                    (4, "email", "subscribed", None, 1), (5, "sms", "subscribed", None, None))  # fmt: skip
    everybody = people(1, 2, 3, 4, 5)
    assert ask(Consent("sms"), customers=everybody, consent=rows) == {1, 5}
    assert ask(Not(Consent("sms")), customers=everybody, consent=rows) == {2, 3, 4}
    assert ask(Consent("sms", reason="form"), customers=everybody, consent=rows) == {1}
    assert ask(Consent("sms", given=False), customers=everybody, consent=rows) == {2, 3}
    assert ask(Consent("sms", given=False, reason="import"), customers=everybody, consent=rows) == set()


def test_the_latest_of_dated_records_decides() -> None:
    rows = consents((1, "email", "subscribed", None, 1), (1, "email", "unsubscribed", None, 2),
                    (2, "email", "subscribed", None, 2), (2, "email", "unsubscribed", None, 1),
                    (3, "email", "subscribed", None, 1), (3, "email", "unsubscribed", None, 1),
                    (4, "email", "subscribed", None, None), (5, "email", None, None, 1))  # fmt: skip
    everybody = people(1, 2, 3, 4, 5, 6)
    assert ask(Consent("email"), customers=everybody, consent=rows) == {1}
    assert ask(Not(Consent("email")), customers=everybody, consent=rows) == {2, 3, 4, 5, 6}
    assert ask(Consent("email", given=False), customers=everybody, consent=rows) == {2, 3, 5}
    assert ask(Consent("email", window=last(hours=12)), customers=everybody, consent=rows) == set()
    assert ask(Consent("email", window=last(days=2)), customers=everybody, consent=rows) == {1}


def test_lists_with_and_without_a_date() -> None:
    rows = f"SELECT * FROM (VALUES (1, {ago(1)}), (2, NULL), (3, {ago(-1)}), (4, {ago(9)})) AS t(customer_id, added_at)"
    everybody = people(1, 2, 3, 4, 5)
    assert ask(InList("Newsletter", EVER, dated=False), customers=everybody, list_members=rows) == {1, 2, 4}
    assert ask(InList("Newsletter", last(days=5), dated=True), customers=everybody, list_members=rows) == {1}


def test_joined_tables_of_an_event_and_of_its_items_stay_apart() -> None:
    rule = Occurs(of("placed order", where=All((
        FieldComparison(Field("event", "city", Type.TEXT), "=", "Delft"),
        AnyItem(FieldComparison(Field("item", "origin", Type.TEXT), "=", "Gouda")),
    ))), 1, None)  # fmt: skip
    found = ask(
        rule, customers=people(1, 2, 3), stores="SELECT * FROM (VALUES (1, 'Delft'), (2, 'Gouda')) AS t(id, city)",
        orders=f"SELECT *, {ago(1)} AS created_at FROM (VALUES (1, 1, 1), (2, 2, 2), (3, 3, 1)) AS"
               " t(customer_id, order_id, store)",
        order_lines="SELECT * FROM (VALUES (1, 2), (2, 2), (3, 1)) AS t(order_id, origin)",
    )  # fmt: skip
    assert found == {1}
    price = Field("item", "price", Type.MONEY)
    both = Aggregate("sum", price, of("placed order", where=rule.of.where))
    assert ask(MeasureComparison(both, ">=", Decimal(0)), customers=people(1)) == {1}


def test_negated_item_conditions() -> None:
    brand = FieldComparison(Field("item", "brand", Type.TEXT), "=", "A")
    lines = "SELECT * FROM (VALUES (0, 'A'), (0, 'B'), (1, NULL), (2, 'A')) AS t(order_id, brand)"
    rows: Any = {"customers": people(1, 2, 3, 4), "orders": orders((1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 1, 1)),
            "order_lines": lines}  # fmt: skip
    for where, found in ((AnyItem(brand), {1, 3}), (AnyItem(Not(brand)), {1, 2}), (Not(AnyItem(brand)), {2, 4}),
                         (Not(AnyItem(Not(brand))), {3, 4})):  # fmt: skip
        assert ask(Occurs(of("placed order", where=where), 1, None), **rows) == found, where
