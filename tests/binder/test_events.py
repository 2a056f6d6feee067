"""`where`, items and sequences: whose property it is, and which window."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from segql import binder, catalog_from_yaml
from segql.ast import All, AnyOf, Not
from segql.catalog import Catalog
from segql.conditions import (
    Aggregate,
    AnyItem,
    EdgeOccurrence,
    Field,
    InSequence,
    Interval,
    MeasureComparison,
    Occurrences,
    Occurs,
    Type,
)
from segql.parser import parse_rule

from .bound import DAYS, EVER, NOW, ODD_NAMES, ORDERS, TOTAL, codes, is_, of_odd, orders, problems

PRICE = Field("item", "price", Type.MONEY)

# --- where -----------------------------------------------------------------------------------------------------------


def test_where(bind: Any) -> None:
    big = is_(TOTAL, Decimal(5), ">")
    gift = is_(Field("event", "gift", Type.BOOLEAN), True)
    assert bind("placed order where total > 5") == Occurs(orders(big), 1, None)
    assert bind("placed order where (total > 5 and gift) in 30d") == Occurs(orders(big, gift, window=DAYS), 1, None)
    assert bind("placed order where (total > 5 or not gift)") == Occurs(orders(AnyOf((big, Not(gift)))), 1, None)
    assert bind("placed order where total > 5 in 30d") == Occurs(orders(big, window=DAYS), 1, None)
    assert bind("placed order where number = 1") == Occurs(
        orders(is_(Field("event", "number", Type.NUMBER), Decimal(1))), 1, None
    )
    assert bind('placed order where Weekday is "Monday"') == Occurs(
        orders(is_(Field("event", "weekday", Type.TEXT), "Monday")), 1, None
    )
    campaign = is_(Field("event", "campaign", Type.TEXT), "x")
    mails = Occurrences(("opened email", "clicked email"), EVER, campaign)
    assert bind('engaged with email where campaign is "x"') == Occurs(mails, 1, None)
    assert bind('any of (engaged with email, clicked email) where campaign is "x"') == Occurs(mails, 1, None)
    assert bind("last placed order where total > 5 in 30d has gift") == EdgeOccurrence("last", orders(big), DAYS, gift)
    assert bind("first placed order has (gift and total > 5)") == EdgeOccurrence(
        "first", ORDERS, EVER, All((gift, big))
    )


def test_items(bind: Any, catalog: Catalog) -> None:
    cheap, fragile = is_(PRICE, Decimal(5), "<"), is_(Field("item", "fragile", Type.BOOLEAN), True)
    assert bind("placed order where any item (price < 5 and fragile)") == Occurs(
        orders(AnyItem(All((cheap, fragile)))), 1, None
    )
    assert bind("placed order where no item (price < 5)") == Occurs(orders(Not(AnyItem(cheap))), 1, None)
    assert bind("placed order where every item (price < 5)") == Occurs(
        orders(All((AnyItem(All(())), Not(AnyItem(Not(cheap)))))), 1, None
    )
    # an aggregate over items: plain conditions select items, `any item` whole orders
    sold = Aggregate("sum", PRICE, orders(cheap))
    assert bind("sum of price of placed order where price < 5 > 10") == MeasureComparison(sold, ">", Decimal(10))
    both = Aggregate("sum", PRICE, orders(All((AnyItem(fragile), is_(TOTAL, Decimal(5), ">")))))
    assert bind("sum of price of placed order where (any item (fragile) and total > 5) > 10") == MeasureComparison(
        both, ">", Decimal(10)
    )
    assert codes("placed order where price < 5", catalog) == ["item-property"]
    assert codes("sum of total of placed order where price < 5 > 10", catalog) == ["item-property"]
    assert codes("placed order where any item (total > 5)", catalog) == ["item-property"]
    assert codes("placed order where any item (any item (price < 5))", catalog) == ["misplaced"]
    assert codes("clicked sms where any item (price < 5)", catalog) == ["no-items"]
    assert codes("number of distinct colours of placed order > 3", catalog) == ["wrong-type"]


def test_where_of_several_events_needs_what_all_have(catalog: Catalog) -> None:
    assert codes("any of (opened email, clicked email) where machine open", catalog) == ["unknown-name"]
    assert codes('any of (placed order, opened email) where campaign is "x"', catalog) == ["unknown-name"]
    assert codes("any of (order, clicked) where total > 5", ODD_NAMES) == ["wrong-type"]
    assert codes("any of (order, clicked) where number = 1", ODD_NAMES) == ["wrong-type"]  # own, and built in
    assert codes('answered survey where weekday is "Monday"', catalog) == ["no-time"]
    # of the event and of its items
    assert codes("sum of size of order where points > 5 > 3", ODD_NAMES) == ["ambiguous-name"]
    assert of_odd("order where points > 5") == Occurs(
        Occurrences(("order",), EVER, is_(Field("event", "points", Type.NUMBER), Decimal(5), ">")), 1, None
    )


def test_whose_property(catalog: Catalog) -> None:
    """Both readings are offered and mean what they say."""
    for rule, inside in [
        ('placed order where total > 5 and discount > 3', "placed order where (total > 5 and discount > 3)"),
        ("placed order where total > 5 or not gift", "placed order where (total > 5 or not gift)"),
        ("not placed order where total > 5 and gift", "not placed order where (total > 5 and gift)"),
        ("placed order where total > 5 in 30d and gift", "placed order in 30d where (total > 5 and gift)"),
        ("total spent > sum of total of placed order where gift and discount > 3",
         "total spent > sum of total of placed order where (gift and discount > 3)"),
        ("total spent > 5 where gift and discount > 3", "total spent > 5 where (gift and discount > 3)"),
        ("last placed order has gift and discount > 3", "last placed order has (gift and discount > 3)"),
        ("placed order where total > 5 and hour < 3", "placed order where (total > 5 and hour < 3)"),
        ("placed order where total > 5 and (gift or not hour < 3)",
         "placed order where (total > 5 and (gift or not hour < 3))"),
        ("sum of price of placed order > 5 where fragile and quantity > 3",
         "sum of price of placed order > 5 where (fragile and quantity > 3)"),
    ]:  # fmt: skip
        (problem,) = problems(rule, catalog)
        assert problem.code == "whose-property"
        assert inside in [fix.text for fix in problem.fixes], problem.hint
        assert "if the profile" not in problem.hint
        binder.bind(parse_rule(inside), catalog, NOW)
    (problem,) = problems('order where text is "x" and total > 3', ODD_NAMES)
    inside, outside = (fix.text for fix in problem.fixes)
    assert inside == 'order where (text is "x" and total > 3)'
    assert outside == 'order where (text is "x") and total > 3'
    order = Occurrences(("order",), EVER, is_(Field("event", "text", Type.TEXT), "x"))
    assert binder.bind(parse_rule(outside), ODD_NAMES, NOW).rule == All(
        (Occurs(order, 1, None), is_(Field("profile", "total", Type.MONEY), Decimal(3), ">"))
    )


@pytest.mark.parametrize(
    "rule",
    [
        "placed order where (total > 5) and gift",
        "(placed order where total > 5) and gift",
        "placed order where any item (price > 5) -- :)\nand gift",
    ],
)
def test_parentheses_say_where_a_where_ends(rule: str, catalog: Catalog) -> None:
    assert codes(rule, catalog) == ["whose-property" if ":)" in rule else "unknown-name"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("opened email then clicked email with the same campaign and weekday",
         "opened email then clicked email with the same campaign and the same weekday"),
        ("vip and not opened email then clicked email with the same campaign and weekday and hour",
         "vip and not opened email then clicked email with the same campaign and the same weekday and the same hour"),
        ("opened email then clicked email with the same campaign and hour then placed order",
         "opened email then clicked email with the same campaign and the same hour then placed order"),
        ("all of (opened email, clicked email) with the same campaign and hour",
         "all of (opened email, clicked email) with the same campaign and the same hour"),
        ("placed order at least twice with the same brand and category in 1y and vip",
         "placed order at least twice in 1y with the same brand and the same category and vip"),
    ],
)  # fmt: skip
def test_a_name_alone_is_one_more_that_is_the_same(said: str, meant: str, catalog: Catalog) -> None:
    found, rule = binder.bind(parse_rule(said), catalog, NOW), parse_rule(meant)
    assert found.rule == binder.bind(rule, catalog, NOW).rule
    assert found.said == rule


@pytest.mark.parametrize("rule", [
    "(opened email then clicked email with the same campaign) and weekday",
    "opened email then clicked email with the same campaign and nonsense",
    "opened email then clicked email with the same campaign or weekday",
])  # fmt: skip
def test_no_name_alone_is_the_same_elsewhere(rule: str, catalog: Catalog) -> None:
    assert codes(rule, catalog) == ["unknown-name"]


def test_a_name_that_is_a_condition_as_well_has_two_readings() -> None:
    catalog = catalog_from_yaml("""
currency: EUR
profiles: {table: people, key: id, properties: {gift: boolean}}
events: {order: {table: orders, profile: person, time: at, properties: {shop: text, gift: boolean}}}
""")
    (problem,) = problems("order twice with the same shop and gift", catalog)
    assert problem.code == "whose-property"
    inside, outside = (fix.text for fix in problem.fixes)
    assert inside == "order exactly twice with the same shop and the same gift"
    assert outside == "(order twice with the same shop) and gift"
    bound = [binder.bind(parse_rule(text), catalog, NOW).rule for text in (inside, outside)]
    assert isinstance(bound[1], All)
    assert bound[0] != bound[1]


# --- sequences -------------------------------------------------------------------------------------------------------


def test_the_window_of_a_sequence_is_that_of_its_first_step(bind: Any) -> None:
    found = bind("opened email in 72h then clicked email within 1d then placed order within 1w")
    assert isinstance(found, InSequence)
    assert [step.of.window for step in found.steps] == [
        Interval(NOW - timedelta(hours=72), NOW), Interval(None, NOW), Interval(None, NOW),
    ]  # fmt: skip
    assert [step.within for step in found.steps] == [None, timedelta(hours=24), timedelta(hours=168)]
    assert found.edge is None
    assert found.window is None


def test_the_first_of_a_sequence_is_the_first_of_all(bind: Any) -> None:
    found = bind("last placed order in 72h not followed by clicked email")
    assert isinstance(found, InSequence)
    assert found.never is not None
    assert (found.edge, found.steps[0].of.window) == ("last", Interval(None, NOW))
    assert found.window == Interval(NOW - timedelta(hours=72), NOW)


def test_then_and_followed_by_mean_the_same(bind: Any) -> None:
    one, other = (f"opened email {word} clicked email within 3d" for word in ("then", "followed by"))
    assert bind(one) == bind(other)
