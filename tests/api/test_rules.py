# ruff: noqa: E501
"""Rules written in Python: each makes the very tree of its text, and every node of the language can be made."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

import segql
from segql import ast, rules
from segql.catalog import Catalog
from segql.rules import (
    after,
    ago,
    all_of,
    anniversary_of,
    any_item,
    any_of,
    before,
    between,
    between_ago,
    can_receive,
    cannot_receive,
    date_part,
    days_from,
    did,
    edge,
    entered_segment,
    ever,
    every_item,
    everyone,
    following,
    from_now,
    had,
    in_last,
    in_list,
    in_next,
    in_segment,
    items,
    joined_list,
    last,
    left_segment,
    length,
    money,
    more_than_ago,
    name,
    near,
    no_item,
    no_one,
    of,
    on,
    percent,
    quoted,
    random,
    rank,
    segment,
    share,
    since,
    the,
    their,
    this,
    times,
    today,
    value_of,
    was_in_segment,
    yesterday,
)

ACME = of("brand").is_("Acme")
ORDERS = did("placed order")
DAY = date(2026, 1, 1)
BUILT: list[tuple[rules.Rule, str]] = [
    (ORDERS.at_least(3).within(days=90) & can_receive("sms"), "placed order at least 3 times in 90d and can receive sms"),
    (ORDERS.never() | ~of("vip"), "never placed order or not vip"),
    ((ORDERS | of("vip")) & ~(of("age").below(18) & of("country").is_("NL")),
     '(placed order or vip) and not (age < 18 and country is "NL")'),
    (everyone & ORDERS.at_most(2), "everyone and placed order at most 2 times"),
    (no_one | ORDERS.more_than(2), "no one or placed order more than 2 times"),
    (ORDERS.fewer_than(4).during(today), "placed order fewer than 4 times today"),
    (ORDERS.exactly(2).during(yesterday), "placed order exactly twice yesterday"),
    (ORDERS.not_exactly(2).during(ever), "placed order != 2 times ever"),
    (ORDERS.between_times(2, 5).during(in_last(length(months=3))), "placed order between 2 and 5 times in the last 3 months"),
    (ORDERS.at_least(name("few")).during(in_last(name("recently"))), "placed order at least few times in the last recently"),
    (ORDERS.during(more_than_ago(length(days=90))), "placed order more than 90 days ago"),
    (ORDERS.during(between_ago(length(months=4), length(months=13))), "placed order between 4 and 13 months ago"),
    (ORDERS.during(before(DAY)) & ORDERS.during(since(datetime(2026, 1, 1, 10, tzinfo=UTC))),
     "placed order before 2026-01-01 and placed order since 2026-01-01T10:00Z"),
    (ORDERS.during(after(ago(length(days=3), whole_day=True))), "placed order after the day 3 days ago"),
    (ORDERS.during(on(DAY)), "placed order on 2026-01-01"),
    (ORDERS.during(between(DAY, "yesterday")), "placed order between 2026-01-01 and yesterday"),
    (ORDERS.during(last("month")) & ORDERS.during(last("week", 3)), "placed order last month and placed order in the last 3 whole weeks"),
    (ORDERS.during(this("month")) & ORDERS.during(this("year", so_far=True)), "placed order this month and placed order this year so far"),
    (of("renewal date").during(following("week")), "renewal date next week"),
    (of("renewal date").during(in_next(length(days=14))), "renewal date in the next 14 days"),
    (of("renewal date").during(before(from_now(length(days=3)))), "renewal date before 3 days from now"),
    (ORDERS.where(of("total").above(100) & any_item(ACME)), 'placed order where (total > 100 and any item (brand is "Acme"))'),
    (ORDERS.where(every_item(ACME) | no_item(ACME)), 'placed order where (every item (brand is "Acme") or no item (brand is "Acme"))'),
    (ORDERS.where(items(">=", 4) & items("<", 2, ACME)), 'placed order where (at least 4 items and fewer than 2 items (brand is "Acme"))'),
    (did(any_of("opened email", did("clicked email").where(of("campaign").is_("winter")))).within(days=30),
     'any of (opened email, clicked email where campaign is "winter") in 30d'),
    (did(all_of("viewed product", "added to cart")).with_the_same("brand"),
     "all of (viewed product, added to cart) with the same brand"),
    (did(edge("first", any_of("a", "b"))).within(weeks=2), "first any of (a, b) in 2w"),
    (did("last placed order").has(of("total").above(100)), "last placed order has total > 100"),
    (share(">=", 80, "placed order").has(of("total").above(100)), "at least 80% of placed order have total > 100"),
    (share("between", 20, any_of("a", "b"), 80).has(of("x").above(1)), "between 20% and 80% of any of (a, b) have x > 1"),
    (of("number of placed order").above(3), "number of placed order > 3"),
    (of(value_of("sum", "total", "placed order")).during(in_last(length(years=1))).at_least(money(100, "$")),
     "sum of total of placed order in the last year >= $100"),
    (of(value_of("number", None, any_of("a", "b"))).above(times(0.5, of("c"))), "number of any of (a, b) > 0.5 x c"),
    ((of("number of a") + of("number of b") - of("number of c")).above(3), "number of a + number of b - number of c > 3"),
    (of(date_part("month", "birthday")).is_(5), "month of birthday = 5"),
    (of(days_from("signed up", quoted("last seen"))).above(3), 'days from signed up to "last seen" > 3'),
    (of(anniversary_of("birthday")).during(in_next(length(days=7))), "anniversary of birthday in the next 7 days"),
    (had("placed order") & had("birthday", no=True), "has placed order and has no birthday"),
    (of("country").is_in("NL", "BE") & of("country").is_in_set("EU", negated=True), 'country in ("NL", "BE") and country not in EU'),
    (of("age").between(18, 30) & of("discount").is_(percent(10)), "age between 18 and 30 and discount = 10%"),
    (of("note").contains("x") & of("note").matches("^x", regex=True) & of("note").starts_with("a", negated=True) & of("note").ends_with("b"),
     'note contains "x" and note matches regex "^x" and note does not start with "a" and note ends with "b"'),
    (of("tags").includes("vip") & of("tags").includes("a", "b", how="all") & of("tags").include_like("any", "contains", "x"),
     'tags includes "vip" and tags include all of ("a", "b") and tags include any containing "x"'),
    (of("birthday").is_set() & of("note").is_empty(negated=True), "birthday is set and note is not empty"),
    (ORDERS.where(of("shop country").is_not(their("country"))), "placed order where shop country is not their country"),
    (of("total spent").above(of("total spent").within(days=90)), "total spent > total spent in 90d"),
    (of("total spent").above(name("aov")) & of("vip").is_(True), "total spent > aov and vip is true"),
    (of("total spent").above(the("average", factor=2, of=of("total spent"), segment=segment("Buyers"), within_each="country")),
     "total spent > 2 x the average of total spent of segment Buyers within each country"),
    (of("total spent").above(the(90)), "total spent > the 90th percentile"),
    (ORDERS.in_periods(3, 4, length(weeks=1)), "placed order in at least 3 of the last 4 weeks"),
    (ORDERS.on_different(2, "days") & ORDERS.on_different(3, "weeks", in_a_row=True),
     "placed order on at least 2 different days and placed order in at least 3 weeks in a row"),
    (ORDERS.close_to(length(days=7), "signed up", "before"), "placed order within 7 days before signed up"),
    (did("a").within(days=9).then(did("b").soon(length(days=3)), did("c").later(length(hours=2)), all_within=length(days=7)),
     "a in 9d then b within 3d then c at least 2h later all within 7d"),
    (did("a").followed_by(did("b")) & did("a").not_followed_by(did("b").soon(length(days=3))),
     "a followed by b and a not followed by b within 3d"),
    (cannot_receive("email", because="bounced", during=in_last(length(days=30))),
     'cannot receive email because "bounced" in the last 30 days'),
    (in_list("VIP") & joined_list("VIP", in_last(length(days=3))), "in list VIP and joined list VIP in the last 3 days"),
    (in_segment(segment("Buyers", few=3, min_total=name("aov"))), "in segment Buyers (few = 3, min total = aov)"),
    (was_in_segment("B", length(days=7)) & entered_segment("B", last("week")) & left_segment("B", today),
     "was in segment B 7 days ago and entered segment B last week and left segment B today"),
    (rank("top", percent(10), of("total spent"), among="Buyers", within_each="country"),
     "top 10% by total spent among segment Buyers within each country"),
    (rank("bottom", 5, of("points")), "bottom 5 by points"),
    (near(20, "Amsterdam") & near(3, unit="miles") & near(5, (Decimal("-33.86"), 151.2)),
     "within 20 km of Amsterdam and within 3 miles of any store and within 5 km of (-33.86, 151.2)"),
    (random(10, "A"), 'random 10% seed "A"'),
    (rules.rule("vip or points > 3") & ORDERS, "(vip or points > 3) and placed order"),
]  # fmt: skip


@pytest.mark.parametrize(("built", "text"), BUILT, ids=[text for _, text in BUILT])
def test_it_is_the_tree_of_the_text(built: rules.Rule, text: str) -> None:
    assert built.__segql__() == segql.parse(text)
    assert segql.parse(str(built)) == built.tree


def kinds(node: Any) -> set[type]:
    if isinstance(node, tuple):
        return set().union(*map(kinds, node)) if node else set()
    if not is_dataclass(node) or isinstance(node, type):
        return set()
    return {type(node)}.union(*(kinds(getattr(node, field.name)) for field in fields(node) if field.name != "span"))


def test_every_node_of_the_language_can_be_made() -> None:
    made = set().union(*(kinds(built.tree) for built, _ in BUILT))
    every = {one for one in (getattr(ast, said) for said in ast.__all__) if isinstance(one, type) and is_dataclass(one)}
    of_files = {ast.Definitions, ast.Let, ast.Segment, ast.Sample, ast.Test, ast.Invariant, ast.MetricText, ast.At}
    assert every - made == of_files


def test_it_is_asked_wherever_a_rule_is(catalog: Catalog) -> None:
    now = datetime(2025, 11, 28, 11, tzinfo=UTC)
    rule = ORDERS.at_least(3).within(days=90) & can_receive("sms")
    text = "placed order at least 3 times in 90d and can receive sms"
    assert segql.compile(rule, catalog, now=now).sql == segql.compile(text, catalog, now=now).sql
    assert segql.describe(rule, catalog, now=now) == segql.describe(text, catalog, now=now)
    assert segql.check(did("placd order"), catalog)[0].code == "unknown-name"
    assert segql.format(rule) == str(rule) == text
    assert segql.to_json(rule) == segql.to_json(text)
    assert segql.both(rule, "vip") == ast.All((segql.parse(text), segql.parse("vip")))


def anything(given: object) -> Any:
    return given


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ORDERS & anything("vip"), "`rule` is a rule that was built"),
        (lambda: bool(ORDERS), "neither true nor false"),
        (length, "one unit"),
        (lambda: length(days=1, hours=2), "one unit"),
        (lambda: did(anything(3)), "`event` is a text, name"),
        (lambda: before(anything(3)), "`moment` is a date"),
        (lambda: of("x").above(anything(object())), "`right` is a text, a number"),
    ],
)
def test_wrong_types_are_named(make: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        make()
