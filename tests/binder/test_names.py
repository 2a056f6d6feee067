"""Names meet the catalog: whole names, the nearest to one that is unknown, what hides what."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from segql.catalog import Catalog
from segql.conditions import (
    Count,
    DaysBetween,
    DaysSince,
    EdgeOccurrence,
    Field,
    FieldComparison,
    FieldWithin,
    Interval,
    MeasureComparison,
    Occurrences,
    Occurs,
    Type,
)

from .bound import AGE, COUNTRY, EVER, NOW, ODD_NAMES, SPENT, TOTAL, codes, is_, notes, of_odd, orders, problems


@pytest.mark.parametrize(
    ("rule", "head"),
    [
        # the whole name first
        ("every day low price", Field("profile", "every day low price", Type.BOOLEAN)),
        ('"every day low price"', Field("profile", "every day low price", Type.BOOLEAN)),
        ("Every  Day\u00a0LOW price", Field("profile", "every day low price", Type.BOOLEAN)),
    ],
)
def test_whole_names(rule: str, head: Field) -> None:
    assert of_odd(rule) == FieldComparison(head, "=", True)


def test_words_of_the_language_before_an_event() -> None:
    order, ever = Occurrences(("order",), EVER), EVER
    ninety = Interval(datetime(2025, 8, 30, 11, tzinfo=UTC), NOW)
    assert of_odd("last order in 90d") == EdgeOccurrence("last", order, ninety)
    assert of_odd('first "order" in 90d') == EdgeOccurrence("first", order, ninety)
    assert of_odd("last ORDRE in 90d") == EdgeOccurrence("last", order, ninety)
    assert of_odd("first cafe\u0301 VISIT in 90d") == EdgeOccurrence("first", order, ninety)
    assert of_odd("days since last order > 3") == MeasureComparison(DaysSince("last", order), ">", Decimal(3))
    assert of_odd('days since first "order" > 3') == MeasureComparison(DaysSince("first", order), ">", Decimal(3))
    assert of_odd("days between order > 3") == MeasureComparison(DaysBetween(order), ">", Decimal(3))
    assert of_odd("number of order > 0.5") == MeasureComparison(Count(order), ">", Decimal("0.5"))
    assert of_odd('number of "café visit" > 0.5') == MeasureComparison(Count(order), ">", Decimal("0.5"))
    assert of_odd("last any of (order, touched) in 90d") == EdgeOccurrence(
        "last", Occurrences(("order", "clicked", "opened"), ever), ninety
    )
    assert of_odd('last "seen" in 90d') == EdgeOccurrence("last", Occurrences(("seen",), ever), ninety)
    assert of_odd('"last seen" in the last 90d') == FieldWithin(Field("profile", "last seen", Type.TIME), ninety)
    # a property that begins like a measure, of which there is no event
    assert of_odd("days since last party > 3") == is_(
        Field("profile", "days since last party", Type.NUMBER), Decimal(3), ">"
    )
    assert of_odd("number of orders > 3") == is_(Field("profile", "number of orders", Type.NUMBER), Decimal(3), ">")


def test_both_readings_of_a_name_are_offered() -> None:
    for rule, name, event in [
        ("last seen in 3d", '"last seen"', 'last "seen"'),
        ("first name is set", '"first name"', 'first "name"'),
    ]:
        (problem,) = problems(rule, ODD_NAMES)
        assert problem.code == "ambiguous-name"
        assert name in problem.hint
        assert event in problem.hint
        assert problem.span.text == name.strip('"')


def test_unknown_names_offer_the_nearest(catalog: Catalog) -> None:
    for rule, hint in [
        ("plased order in 3d", "did you mean `placed order`"),
        ("last plased order in 3d", "did you mean `last placed order`?"),
        ("number of plased order > 3", "did you mean `number of placed order`"),
        ('last "plased order" in 3d', "did you mean `placed order`?"),
        ("any of (clickt sms, ordred) in 3d", "did you mean `clicked sms`"),
        ("sum of totl of placed order > 3", "did you mean `total`"),
        ("sum of total of plased order > 3", "did you mean `placed order`"),
        ("placed order where totl > 3", "did you mean `total`"),
        ("placed order where any item (brnd is set)", "did you mean `brand`"),
        ("age > scor", "did you mean `score`"),
        ("total spent > averge order value", "did you mean `average order value`"),
        ("country in Benelx", "did you mean `Benelux`"),
        ("can receive smss", "did you mean `sms`"),
        ("can receive telegram", "known here: `email`, `e-mail`, `sms`, `push` and `post`"),
        ("in list Newsleter", "did you mean `Newsletter`"),
        ("placed order in recentl", "did you mean `recently`"),
        ("placed order at least nn times", "let nn = 3"),
        ("engaged with email with the campaign", "`engaged with email where campaign is set`"),
        ("push", "say `received push` or `can receive push`"),
        ("any of (opened email, country)", "`country` is a property"),
        ("any of (opened email, total spent)", "`total spent` is a metric"),
    ]:  # fmt: skip
        found = problems(rule, catalog)
        assert found[0].code == "unknown-name", rule
        assert hint in found[0].hint, (rule, found[0].hint)


def test_the_right_side_is_looked_up_in_order(catalog: Catalog, bind: Any) -> None:
    order = Field("event", "total", Type.NUMBER)
    clicked = Occurrences(("clicked",), EVER, is_(order, Decimal(5), ">"))
    # parameter, let, constant, event property (inside where), property, named set, metric
    assert of_odd("clicked where total > total") == Occurs(clicked, 1, None)  # the constant, and not the event's own
    assert bind("age > score") == is_(AGE, Field("profile", "score", Type.NUMBER), ">")
    assert bind("age > score", score="3") == is_(AGE, Decimal(3), ">")
    assert bind("age > total spent") == MeasureComparison(AGE, ">", SPENT)
    assert bind("age > total spent", total_spent="3") == is_(AGE, Decimal(3), ">")
    assert bind("country is home") == is_(COUNTRY, "NL")
    assert bind("country is home", home='"BE"') == is_(COUNTRY, "BE")
    assert bind("balance > high") == is_(Field("profile", "balance", Type.MONEY), Decimal(100), ">")
    assert bind("placed order where total > discount") == Occurs(
        orders(is_(TOTAL, Field("event", "discount", Type.NUMBER), ">")), 1, None
    )
    assert bind("placed order where total > discount", discount="7") == Occurs(
        orders(is_(TOTAL, Decimal(7), ">")), 1, None
    )
    assert bind("x > last order value") == is_(
        Field("profile", "x", Type.NUMBER), Field("profile", "last order value", Type.MONEY), ">"
    )
    # a quoted name, where text cannot stand
    assert bind('x > "last order value"') == bind("x > last order value")
    assert bind('total spent > "average order value"') == bind("total spent > average order value")
    assert bind('last seen > "first contact"') == bind("last seen > first contact")
    assert bind('age > "n"', n="3") == is_(AGE, Decimal(3), ">")
    assert bind('total spent > "n"', n="3") == MeasureComparison(SPENT, ">", Decimal(3))
    assert bind('country is "note"') == is_(COUNTRY, "note")  # text is text
    assert bind("country is note") == is_(COUNTRY, Field("profile", "note", Type.TEXT))
    assert codes('age > "old"', catalog) == ["wrong-type"]


def test_a_value_that_hides_the_property_of_an_event_is_said() -> None:
    (note,) = notes("clicked where total > total", ODD_NAMES)
    assert (note.code, note.severity, note.span.text, note.span.start) == ("hides-name", "warning", "total", 22)


def test_text_is_always_quoted(catalog: Catalog) -> None:
    for rule, fixed in [
        ("country is NL", '"NL"'),
        ("country is not NL", '"NL"'),
        ("placed order where coupon is XMAS", '"XMAS"'),
        ("country in (NL)", '"NL"'),
        ("note contains NL", '"NL"'),
        ("tags includes NL", '"NL"'),
        ("can receive sms because checkout", '"checkout"'),
    ]:
        (problem,) = problems(rule, catalog)
        assert problem.code == "unquoted-text"
        assert f"`{fixed}`" in problem.hint


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("date of birth before 1990-01-01", "birthday"),
        ("joined the club once", "attended class"),
        ("viewed last call banner once", "logged in"),
        ("in-app purchase at least twice", "clicked sms"),
        ("заказ оформлен at least twice in 30d", "placed order"),
        ("logged in in 7d", "logged in"),
        ("logged in at least twice", "logged in"),
        ('last "checked in at store" more than 90 days ago', "visited store"),
        ('never any of (opened email, "checked in at store")', "opened email"),
        ("number of distinct \"number of items\" of placed order > 2", "number of items"),
        ("placed order where shipped in the last 30 days in 90d", "shipped"),
        ("days since last order between 30 and 60", "DaysSince"),
        ("country in the Netherlands", "('NL',)"),
        ('note is "say ""hi"""', 'say "hi"'),
        ("age between 1 and 5 and vip", "vip"),
        ("at -- c\nleast", None),
    ],
)  # fmt: skip
def test_sentences_worth_keeping(rule: str, expected: str | None, bind: Any, catalog: Catalog) -> None:
    if expected is None:
        assert codes(rule.replace("at -- c\nleast", "placed order where age > 3"), catalog) == ["unknown-name"]
        return
    assert expected in repr(bind(rule))
