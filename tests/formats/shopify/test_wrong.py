"""Text that is no query: the place, and what to write."""

from __future__ import annotations

import pytest

from segql.errors import SegQLError
from segql.formats.shopify.parsing import parse
from segql.source import Source


@pytest.mark.parametrize(
    ("text", "code", "column", "help"),
    [
        ("number_of_orders >", "syntax", 19, "a value"),
        ("number_of_orders == 5", "syntax", 18, "write `=`"),
        ("number_of_orders <> 5", "syntax", 18, "write `!=`"),
        ("number_of_orders > 1,000", "bad-number", 20, "write `1000`"),
        ("number_of_orders > 5 && amount_spent > 3", "syntax", 22, "write `AND`"),
        ("NOT number_of_orders > 5", "syntax", 1, "`NOT MATCHES`"),
        ("customer_tags IN ('vip')", "syntax", 15, "OR"),
        ('customer_tags CONTAINS "it\'s"', "syntax", 24, "write `'it\\'s'`"),
        ("customer_tags CONTAINS vip", "unquoted-text", 24, "write `'vip'`"),
        ("customer_tags CONTAINS 'vip", "unclosed-quote", 24, "'"),
        ("last_order_date > 7d", "bad-date", 19, "-7d"),
        ("last_order_date > 2020-5-3", "bad-date", 19, "2026-05-30"),
        ("last_order_date > 2020-02-30", "bad-date", 19, ""),
        ("last_order_date > 60_days_ago", "bad-date", 19, "-7d"),
        ("last_order_date > -123456789d", "bad-date", 19, ""),
        ("(number_of_orders > 5", "syntax", 22, "`)`"),
        ("orders_placed MATCHES (count > 1, count < 5)", "doubled-part", 35, "BETWEEN"),
        ("orders_placed(count: 5) = 5", "syntax", 1, "MATCHES"),
        ("orders_placed(count: 5) > true", "syntax", 25, "write `=`"),
        ("FROM orders SHOW id WHERE amount_spent > 5", "syntax", 6, "customers"),
        ("number_of_orders > é", "stray-character", 20, "a value"),
        (" OR ".join(["amount_spent > 1"] * 6000), "too-long", 1, ""),
        ("(" * 70 + "amount_spent > 1" + " AND amount_spent > 1) OR amount_spent > 1)" * 35, "too-deep", 1, ""),
    ],
)
def test_the_place_and_the_fix(text: str, code: str, column: int, help: str) -> None:
    with pytest.raises(SegQLError) as caught:
        parse(Source(text))
    [problem] = caught.value.problems
    assert (problem.code, problem.column) == (code, column), str(problem)
    assert help in problem.hint


def test_parentheses_that_only_group_may_nest() -> None:
    assert parse(Source("(" * 5000 + "amount_spent > 1" + ")" * 5000)) == parse(Source("amount_spent > 1"))


def test_white_space_case_of_words_and_comments() -> None:
    plain = parse(Source("customer_tags NOT CONTAINS 'a' AND orders_placed NOT MATCHES (count BETWEEN 1 AND 2)"))
    odd = "customer_tags\nnot contains'a'/* x */and orders_placed NOT_MATCHES(count between 1 and 2) -- y"
    assert parse(Source(odd)) == plain


def test_the_older_calls_are_those_of_today() -> None:
    older = parse(Source("products_purchased(id: (1, 2), since: -7d, until: today) = true"))
    assert older == parse(Source("products_purchased MATCHES (id IN (1, 2), date BETWEEN -7d AND today)"))
    denied = parse(Source("shopify_email.opened(activity_id: 5) != true"))
    assert denied == parse(Source("shopify_email.opened(activity_id: 5) = false"))
    assert denied == parse(Source("shopify_email.opened NOT MATCHES (activity_id = 5)"))
