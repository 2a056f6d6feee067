"""Completion: what is offered where. That everything offered leads somewhere: test_law.py."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import segql
from segql import demo
from segql.catalog import Catalog, catalog_from_yaml, load_catalog
from segql.completer import Completion, complete
from segql.completer.matching import match
from segql.completer.words import _forms
from segql.parser.builders.given import SECTIONS
from segql.parser.engine.spellings import examples, spellings
from segql.segments import segments_from
from segql.words import words as table

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "catalog.yaml"
SEGMENTS = segments_from(
    """\
let recently = 30d

-- Who spends much for each order.
segment "High rollers" (aov = $100) = average order value > aov
segment VIP = vip
"""
)
STORED = {
    ("country",): ["NL", "BE", "DE"],
    ("placed order", "coupon"): ["WELCOME", 'SAY "HI"'],
    ("placed order", "items", "brand"): ["Acme", "Nobel"],
}


@cache
def shop() -> Catalog:
    return load_catalog(SHOP)


def offered(text: str, definitions: bool = False) -> list[Completion]:
    """Completions at the `|` of a text, or at its end."""
    cursor, text = text.index("|") if "|" in text else len(text), text.replace("|", "")
    known: dict[str, Any] = {"segments": SEGMENTS, "parameters": {"least": 3}, "stored": STORED, "now": demo.NOW}
    return complete(text, cursor, shop(), definitions=definitions, **known)


def texts(text: str, kind: str | None = None) -> list[str]:
    return [one.text for one in offered(text) if kind is None or one.kind == kind]


# --- positions ------------------------------------------------------------------------------------------------------


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("text", "among", "not_among"),
    [
        ("", "placed order, total spent, vip, country, can receive, in segment, not, (, at least, no", "and, coupon"),
        ("vip and ", "placed order, can receive, in list", "and, or"),
        ("placed order ", "in the last, at least, where, then, and, today, last month", "because, tomorrow, contains"),
        ("vip ", "and, or, is", "at least, where, in the last, once, contains"),
        ("country ", "is, contains, in, not in, is set, and", "at least, <, where, in the last, once, includes"),
        ("tags ", "includes, include any of, include any containing, is empty", "contains, <, in the last"),
        ("sign-up date ", "before, in the next, tomorrow, between, next week", "contains, includes, once, where"),
        ("top 2 by total spent ", "within each, among segment, in the last, and", "of segment, contains"),
        ("top 2 by total spent within each ", "country, vip, birthday", "position, total spent, placed order, tags"),
        ("total spent > the average ", "within each, of segment", "among segment"),
        ("total spent > the average within each ", "country, vip", "placed order, average order value"),
        ("nearest", "nearest store", ""),
        ("nearest store ", "is, is not, in", ""),
        ("nearest store is ", "Utrecht store, Roastery", "vip, placed order, total spent"),
        ("can receive ", "email, sms, push, whatsapp", "placed order, vip, Newsletter"),
        ("can receive sms ", "because, in the last, and", "at least, where, contains"),
        ("in list ", "Newsletter, VIP club", "placed order, VIP, email"),
        ("in segment ", "High rollers, VIP", "Newsletter, vip"),
        ('in segment "High rollers" (', "aov", "vip, placed order"),
        ("was in segment VIP 3 months ", "ago", "and, or"),
        ("never ", "placed order, any of", "vip, total spent, can receive"),
        ("placed order where (", "total, coupon, any item, weekday, number", "vip, country, price, can receive"),
        ("viewed product then placed order with the same product ", "and the same, and, within", "where total"),
        ("placed order at least twice with the same coupon and the same ", "channel, total", "vip, country"),
        ("all of (placed order, ", "clicked sms", "total, vip, country"),
        ("all of (viewed product, placed order where ", "total, coupon", "vip, country, product"),
        ("all of (viewed product, added to cart) ", "in the last, where, with the same, and", "contains"),
        ("all of (viewed product where value > 5, added to cart) with the same ", "product, brand", "vip, total"),
        ("any of (placed order, ", "clicked sms", "total, vip, country"),
        ("any of (placed order ", "where", "in the last, at least, once"),
        ("any of (placed order where ", "total, coupon, any item, weekday", "vip, country, clicked sms"),
        ("any of (clicked sms, placed order where ", "total, coupon, any item", "vip, country, clicked sms"),
        ("any of (clicked sms, placed order where total ", "<, at least", "contains, where"),
        ("any of (placed order where total > 5, ", "clicked sms", "total, vip, country"),
        ("any of (placed order where total > 5, clicked sms) ", "at least, in the last, where", "contains"),
        ("any of (placed order where total > 5, placed order) where ", "total, coupon", "vip, country, clicked sms"),
        ("placed order where ", "total, coupon, any item, (", "vip, country, price, can receive"),
        ("placed order where any item (", "price, brand", "total, vip, any item, can receive"),
        ("placed order where (total > 5 and ", "coupon, any item", "placed order, vip, can receive"),
        ("placed order where (total > 5) in ", "recently", "next-day countries, total"),
        ("country in ", "next-day countries, home market", "total spent, vip, recently"),
        ("country in EE", "EEA", "EU"),
        ("country is ", '"NL", "BE", city', "points, NL, home market, 1"),
        ('country in ("NL", ', '"BE", "DE"', "points, next-day"),
        ('country is "N', '"NL"', '"BE", city'),
        ("country is 'N", "'NL'", '"NL", city'),
        ("placed order where coupon is ", '"WELCOME", "SAY ""HI""", channel', '"NL", total, country'),
        ("placed order where (any item (brand is ", '"Acme", "Nobel", product', '"WELCOME", price, coupon'),
        ("total spent > ", "big basket, least, total spent, points, sum of, the average", "country, vip, placed order"),
        ("points > ", "least, total spent, the median", "country, vip, placed order"),
        ("total spent in 30d ", "+, -, <, and", "then"),
        ("total spent - ", "total spent, average order value, sum of, days from", "vip, placed order, country"),
        ("total spent > total spent + ", "average order value, number of", "vip, placed order"),
        ("total of ", "total of last placed order, total of first refunded order", "total of last clicked sms"),
        ("coupon of last ", "coupon of last placed order", "coupon of last opened email, coupon of first placed order"),
        ("coupon of last placed order ", "is, contains, is empty, where", "then, <"),
        ("coupon of last placed order is ", '"WELCOME", "SAY ""HI"""', '"NL"'),
        ("total of last placed order ", "<, at least, +, -, where, in the last", "then, contains"),
        ("total of last placed order where ", "coupon, weekday", "vip, clicked sms"),
        ("placed order in at least 3 months ", "in a row", "of the last, times"),
        ("days from ", "birthday, signed up", "country, placed order"),
        ("days from birthday ", "to", "and"),
        ("days from birthday to ", "signed up", "country"),
        ("days from birthday to signed up ", "<, at least, between", "contains"),
        ("placed order where shipping country is their ", "country, city", "coupon, points"),
        ("viewed product then no added to cart ", "then", "within, at least, in the last, and, or, but, except"),
        ("vip and viewed product then no added to cart ", "then", "and, but"),
        ("viewed product then no added to cart then placed order ", "and, or, then, within", "in the last"),
        ("number of tag", "number of tags", "vip"),
        ("number of tags ", "is, at least, <, between, and", "contains, includes, times"),
        ("latitude ", "latitude of", "longitude of"),
        ("latitude of ", "position", "country, birthday, vip"),
        ("latitude of position ", "<, >, between", "contains, includes"),
        ("entered segment VIP ", "since, after, on, this month, last week", "because, times, ever, before"),
        ("left segment VIP since ", "yesterday", "30 days, vip"),
        ("note matches ", "matches regex", "and"),
        ("viewed product then added to cart ", "then, within, all within, not followed by", "in the last"),
        ("viewed product then added to cart at least 2d ", "later", "and"),
        ("sum of ", "total, quantity, price", "coupon, vip, placed order, total spent"),
        ("sum of total of ", "placed order, any of", "total, vip, total spent"),
        ("number of distinct ", "coupon, brand", "vip, placed order"),
        ("placed order within 7 days ", "of, before, after", "since, in, birthday"),
        ("placed order within 7d of ", "birthday, signed up, their", "country, placed order"),
        ("placed order within 7d after their ", "birthday, signed up", "country, placed order"),
        ("month of ", "birthday, signed up", "country, placed order"),
        ("top 10% by ", "total spent, points, sum of", "country, can receive"),
        ("top 10% by total spent among segment ", "VIP", "vip"),
        ("within 5 km of ", "Amsterdam store, Roastery, any store", "vip, placed order"),
        ("placed order then ", "added to cart, any of", "vip, can receive"),
        ("placed order at least 2 times with the same ", "coupon, brand, price", "vip"),
        ("any of (opened email, ", "clicked email", "vip, total spent"),
        ("first ", "first placed order, any of", "and, at least"),
        ("no ", "no placed order, any of", "and"),
        ("number of ", "number of placed order, number of orders", "and"),
        ("days since last ", "days since last placed order, days since last order", "and"),
        ("placed order 3", "3 times", "3 days"),
        ("placed order at least 1", "1 time", "1 times, 1 days"),
        ("placed order in 3", "3 days, 3 months", "3 times, 3 day, 3%"),
        ("placed order in 1", "1 day, 1 month", "1 days"),
        ("placed order in 3 d", "3 days", "3 months"),
        ("random 10", "10%", "10 days, 10 times"),
        ("within 20", "20 km, 20 miles", "20%"),
        ("total spent > 100", "100 USD", "100 km"),
        ("vip or country is \"NL\" ", "or", "and"),
        ("placed order in the last month ", "and, at least, where", "in the last, today"),
        ("active on site on at least 2 ", "different days, different weeks", ""),
        ("active on site in at least 3 ", "of the last", ""),
        ("-- vip", "", "vip, placed order"),
        ('segment X = placed order at l', "at least", ""),
        ('-- Two.\nsegment "X" = vip\n\nSegment "Y" (aov = $10) =\n  total spent > a', "aov, average order value", ""),
        ("segment X = pla|\n\nsegment Y = vip", "placed order", ""),
        ("segment X = vip\n\nsegment Y| = vip", "", "placed order, and"),
        ("let recently = 4|\nsegment Y = vip", "4 months, 4%", "placed order, and"),
        ("segment X = vip ", "sample, and", "segment, let"),
        ("segment X = vip\n  ", "sample, and", "segment, let"),
        ("segment X = vip\n", "sample, and, segment, let", ""),
        ("segment X = vip and\n", "placed order", "segment, let, sample"),
        ("-- One.\n|let x = 3", "let, segment", "vip"),
        ("let x = 30d\n", "let, segment", "and, vip"),
        ("let x = ", "true, 4 months", "vip, recently"),
        ("segment X = vip sample ", "10%", "and"),
        ("segment X = vip sample 5", "5%", "5 times, 5 days"),
        ("segment X = vip sample 10% ", "or, seed", "and"),
        ("segment X = vip sample 10% or ", "at least", "vip"),
        ("vip s", "is set", "sample, segment"),
        ("segment ", "", "vip, VIP, placed order"),
        ("segment X ", "=, (", "and, vip"),
        ("segment X (", "", "vip, placed order, aov"),
        ("segment X (country = ", '"NL", 4 months', "vip, recently"),
        ("segment X (few = 3", '3 days', ""),
        ("segment X (few = 3 ", ")", "="),
        ("segment X (few = 3) ", "=", ""),
        ("segment X (few = 3) = placed order at least ", "few", ""),
        ("vip -- and ", "", "and"),
        ("vip and and ", "", "vip"),
    ],
)  # fmt: skip
def test_what_is_offered_where(text: str, among: str, not_among: str) -> None:
    found = {one.strip('"') if " " in one else one for one in texts(text)} | set(texts(text))
    for words in filter(None, re.split(", ", among)):
        assert words in found, f"{words} is not offered: {sorted(found)}"
    for words in filter(None, re.split(", ", not_among)):
        assert words not in found, f"{words} is offered"


def test_a_file_that_is_empty_still_is_completed_when_it_is_said_to_be_one() -> None:
    assert [one.text for one in offered("", definitions=True)] == ["let", "segment", 'test "']
    assert [one.text for one in offered("-- Who buys.\nseg", definitions=True)] == ["segment"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("bought in ", ["30d", "90d", "72h", "7d", "1y", "recently", "in the last", "in the last month"]),
        ("bought in 9", ["9 days", "9 weeks", "9 months", "9 years", "9 hours", "9 minutes", "9 seconds"]),
        ("bought in 9 m", ["9 months", "9 minutes"]),
        ("bought in the last ", ["7 days", "30 days", "2 years", "72 hours", "recently", "day"]),
        ("renewal date in the next ", ["7 days", "14 days"]),
        ("entered segment VIP in ", ["30d", "90d", "72h", "7d", "1y"]),
        ("viewed product then placed order within ", ["2d", "12h", "1d"]),
        ("within ", ["20 km", "5 km"]),
        ("random ", ["10%"]),
        ("total spent > 2", ["2 USD", "2 x"]),
        ("country in ", ["next-day countries", "home market"]),
    ],
)
def test_values_come_before_operators_where_a_value_is_meant(text: str, first: list[str]) -> None:
    assert texts(text)[: len(first)] == first


@pytest.mark.parametrize(
    ("text", "first", "start", "end"),
    [
        ("placed order at le", "at least", 13, 18),
        ("pl", "placed order", 0, 2),
        ("pl or", "placed order", 0, 5),
        ("bough", "placed order", 0, 5),
        ("PLACED", "placed order", 0, 6),
        ("vip and plac|ed", "placed order", 8, 14),
        ("placed order in the l", "in the last", 13, 21),
        ("can rec", "can receive", 0, 7),
        ("placed order where cou", "coupon", 19, 22),
        ("vip and not pla", "placed order", 12, 15),
        ("first pl", "first placed order", 0, 8),
        ('"pla', '"placed order"', 0, 4),
        ("can receive wh", "whatsapp", 12, 14),
        ("segment X = vip\nsegment Y = vip and plac|ed\nsegment Z = vip", "placed order", 36, 42),
    ],
)
def test_the_best_one_comes_first(text: str, first: str, start: int, end: int) -> None:
    found = offered(text)
    assert found, text
    assert (found[0].text.strip() if first[0] == '"' else found[0].text, found[0].start, found[0].end) == (
        first,
        start,
        end,
    )


def test_meanings_come_from_the_catalog() -> None:
    meaning = {one.text: one.meaning for text in ("", "in list ", "in segment ", "vip is ") for one in offered(text)}
    assert meaning["placed order"] == "Placed an order that was not cancelled"
    assert meaning["total spent"] == "sum of total of placed order"
    assert meaning["first name"] == "text of the profile"
    assert meaning["Newsletter"] == "Asked for the weekly letter"
    assert meaning["High rollers"] == "Who spends much for each order."
    assert meaning["can receive"] == table().meanings["CAN_RECEIVE", "can receive"]


def test_the_cursor_goes_inside_a_form() -> None:
    (form,) = [one for one in offered("can receive sms beca") if one.kind == "form"]
    assert (form.text, form.cursor) == ('because ""', len('because "'))


def test_an_empty_catalog_is_enough() -> None:
    catalog = catalog_from_yaml("profiles: {table: t, key: k}")
    assert "can receive" in [one.text for one in segql.complete("can", 3, catalog)]


def test_a_person_can_be_led_through_a_rule() -> None:
    """Each next word of a rule is among what is offered for its first letters."""
    for rule in (
        "can receive sms and clicked sms at least twice in the last 72 hours",
        "vip or total spent > the average",
        "in list Newsletter and not placed order where (coupon is set and any item (price > 10))",
        "viewed product followed by placed order within 12 hours",
    ):
        for word in re.finditer(r"[a-zA-Z]+", rule):
            cursor = word.start() + min(2, len(word[0]) - 1)
            found = offered(rule[:cursor])
            assert any(rule[: one.start] + one.text == rule[: one.start + len(one.text)] for one in found), rule[
                :cursor
            ]


# --- words ----------------------------------------------------------------------------------------------------------


def test_each_spelling_has_a_meaning_and_each_meaning_a_spelling() -> None:
    spelled = {(kind, words) for kind, all_of_one in spellings().items() for words in all_of_one}
    of_tests = {(kind, kind.lower()) for kind in ("TEST", *SECTIONS)}  # no words of the grammar
    assert spelled | of_tests == set(table().meanings)
    assert all(len(meaning) <= 70 for meaning in table().meanings.values())


def test_forms_come_from_the_grammars_examples() -> None:
    forms = [form.text for form in _forms()]
    assert {"top 10% by", "in the last 7 days", "at least 80% of", "between 2 and 5 times", 'because ""'} <= set(forms)
    assert all(any(form.replace('""', "").split(" ")[0] in line for line in examples()) for form in forms)


def test_matching() -> None:
    names = ["placed order", "order total", "reordered", "opened app", "previous order"]
    scores = {name: match("order", name) for name in names}
    assert max(names, key=lambda name: scores[name] or 0) == "order total"
    assert (scores["placed order"] or 0) > (match("order", "ordinary deer") or 0)
    assert match("po", "placed order") is not None
    assert match("placed ", "placed order") is not None
    assert match("orderr", "placed order") is None
    assert match("xyz", "placed order") is None


@pytest.mark.parametrize(
    "text",
    [
        "city is set", "city is empty", "vip", "points > 10", "placed order in 9d", "bought", "in segment VIP",
        "vip and country is set", "placed order where coupon is set", "segment X = vip", "never placed order in 30d",
    ],
)  # fmt: skip
def test_behind_a_whole_rule_only_what_begins_with_its_last_words(text: str) -> None:
    known = segments_from('segment "VIP" = vip\nsegment "VIPs outside" = vip')
    for one in complete(text, len(text), shop(), segments=known):
        assert one.text.casefold().startswith(text[one.start :].casefold()), one


def test_a_value_is_completed_through_what_holds_it() -> None:
    shop = segql.load_catalog(str(demo.shop_folder() / "catalog.yaml"))
    found = [one.text for one in complete("vip and Gri", 11, shop)]
    assert 'placed order where any item (collection is "Grinders")' in found
    assert [one.text for one in complete("Bari", 4, shop, stored={("city",): ["Bari"]})] == ['city is "Bari"']
    # Of an event too where the catalog names other things of it, or none.
    stored: dict[tuple[str, ...], list[str]] = {
        ("placed order", "coupon"): ["XMAS26"],
        ("opened email", "campaign"): ["Xmas cards"],
    }
    found = [one.text for one in complete("Xmas", 4, shop, stored=stored)]
    assert found == ['placed order where coupon is "XMAS26"', 'opened email where campaign is "Xmas cards"']
    assert complete("placed order XMA", 16, shop, stored=stored)[0].text == 'where coupon is "XMAS26"'


def test_names_are_completed_behind_words_that_say_nothing() -> None:
    for words in ("people who ", "customers with ", "has ", "is ", "vip but ", "vip except ", "hasn't "):
        assert texts(f"{words}clicked e")[:1] == ["clicked email"], words


# --- other words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("placed order in the pa", "in the past"),
        ("placed order during the pa", "during the past"),
        ("placed order at least on", "at least once"),
        ("placed order no more th", "no more than"),
        ("placed order only on", "only once"),
        ("placed order 3 or mo", "or more"),
        ("placed order in Mar", "in Mar 2026"),
        ("placed order in Q3", "in Q3 2026"),
        ("peop", "people who"),
        ("customers wh", "customers who"),
        ("customers who hav", "have"),
        ("customers who haven", "haven't"),
        ("customers who ordered and did", "did not"),
        ("didn", "didn't"),
        ("did not bu", "placed order"),
        ("everyone exc", "except"),
        ("total spent more tha", "more than"),
        ("total spent more than the ave", "the average"),
        ("total spent above av", "above average"),
        ("total spent below the me", "below the median"),
        ("points is gre", "greater than"),
        ("total spent is ov", "is over"),
        ("at least 3 pl", "placed order"),
        ("at least once clic", "clicked sms"),
        ("opened at least 3 em", "emails"),
        ("viewed 3 prod", "products"),
        ("has a bir", "birthday"),
        ("opened an em", "opened email"),
        ("Germ", "country in Germany"),
        ("vip and Aus", "country in Austria"),
        ("country is Ger", "Germany"),
        ("High ro", "in segment High rollers"),
        ("Newsl", "in list Newsletter"),
        ("bought bea", 'where any item (collection is "Beans")'),
        ("viewed product mol", 'where brand is "Molen"'),
        ('bought "bea', '"Beans"'),
    ],
)
def test_other_words_go_on_as_well(text: str, first: str) -> None:
    assert first in texts(text)[:3]
    assert all(one.meaning for one in offered(text))


def test_months_without_a_year_are_those_of_today_and_of_a_year_before() -> None:
    now = datetime(2031, 12, 31, 23, 30, tzinfo=UTC)  # in Amsterdam it is 2032
    found = [one.text for one in complete("placed order in Mar", 19, shop(), now=now)]
    assert found[:2] == ["in Mar 2032", "in Mar 2031"]


def test_nobody_chooses_among_all_other_words() -> None:
    assert not {"people who", "in the past", "only once"} & {*texts(""), *texts("placed order "), *texts("p")}


def test_the_start_finds_names_by_any_word_of_theirs() -> None:
    catalog = segql.catalog_from_yaml("""
profiles: {table: people, key: id, properties: {city: {type: text, values: [New York, Yorkville]}}}
lists: {VIP club: {table: clubs, profile: person, time: at}}
""")
    saved = segql.segments_from('segment "Lapsed enthusiasts" = everyone')
    for typed, found in (
        ("enthu", "in segment Lapsed enthusiasts"), ("lapsed e", "in segment Lapsed enthusiasts"),
        ("club", "in list VIP club"), ("york", 'city is "New York"'),
    ):  # fmt: skip
        assert found in [one.text for one in segql.complete(typed, len(typed), catalog, segments=saved)]
    assert not [one for one in segql.complete("en", 2, catalog, segments=saved) if "Lapsed" in one.text]
