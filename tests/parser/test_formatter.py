"""The canonical text: one spelling of every tree, which reads back as the tree; comments survive."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segql import ast
from segql.ast import All, AnyOf, Definitions, MetricText, Name, Not, Rule, Subject
from segql.errors import SegQLError
from segql.formatter import format, format_name
from segql.parser import parse_definitions, parse_metric, parse_rule, parse_value
from segql.parser.engine.tables import tables

from ..chance import trees
from ..chance.tree_values import literals

CANONICAL = {
    "clicked sms>=1 in 72h AND placed order 0 in 72h": "clicked sms >= 1 in 72h and never placed order in 72h",
    "a in 72 hours": "a in 72h",
    "a in 4 mo": "a in 4 months",
    "a less than 72h ago": "a in the last 72 hours",
    "a over the last 1 month": "a in the last month",
    "a in 30d at least 2 times": "a at least twice in 30d",
    "a where x > 5 in 30d once": "a exactly once in 30d where x > 5",
    "a where x > 5 and b": "a where (x > 5) and b",
    "b and a where x > 5": "b and a where x > 5",
    "a where x and b where y": "a where (x) and b where y",
    "(a where (x > 5)) or b": "a where (x > 5) or b",
    "a never": "never a",
    "a zero times": "never a",
    "a = 0 times": "never a",
    "a fewer than 3 times": "a fewer than 3 times",
    "a is not 3 times": "a != 3 times",
    "country = 'NL'": 'country is "NL"',
    "vip != no": "vip is not false",
    "vip is true": "vip is true",
    "age is 5": "age = 5",
    "age exactly 5": "age = 5",
    "age is not 5": "age != 5",
    "age at least 18": "age >= 18",
    "total more than 1,000.50 EUR": "total > 1000.50 EUR",
    "total > $10k": "total > $10000",
    "x = 2.50": "x = 2.5",
    "x is home country": "x is home country",
    "x = set size": "x = set size",
    "birthday = 2025-11-28": "birthday is 2025-11-28",
    "t is 2025-11-28T10:00:00+00:00": "t is 2025-11-28T10:00Z",
    "t is 2025-11-28T10:00:05.25": "t is 2025-11-28T10:00:05.250000",
    "a in 90d > aov": "a in 90d > aov",
    "a > aov in 90d": "a > aov in 90d",
    "a > 5 in 90d": "a > 5 in 90d",
    "a > the average of segment X in 90d": "a in 90d > the average of segment X",
    "a between 3w and 2mo ago": "a between 3 weeks and 2 months ago",
    "a between 4 and 13 mo ago": "a between 4 and 13 months ago",
    "a between 1 and 1d ago": "a between 1 and 1 day ago",
    "tags include 'x'": 'tags includes "x"',
    "tags include any of ('x')": 'tags includes "x"',
    "tags include none of ('x', 'y')": 'tags include none of ("x", "y")',
    "country is not in EU": "country not in EU",
    "age is not between 1 and 5": "not age between 1 and 5",
    "last seen over all time": "last seen ever",
    "a then b with the same c within 72 hours": "a then b within 72h with the same c",
    "a where (x) then b where (y)": "a where (x) then b where y",
    "top 10% by a where x among segment Y": "top 10% by a where (x) among segment Y",
    "a where at least 1 item": "a where at least 1 item",
    "a where exactly 2 item (x)": "a where exactly 2 items (x)",
    "every a have x": "every a has x",
    "at least 80% of a has x": "at least 80% of a have x",
    "((a or b)) and ((c))": "(a or b) and c",
    "not (a)": "not a",
    "not (a or b)": "not (a or b)",
    "(a and b) and c": "(a and b) and c",
}


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical(text: str) -> None:
    tree = parse_rule(text)
    assert format(tree) == CANONICAL[text]
    assert parse_rule(CANONICAL[text]) == tree


def test_long_rules_break_over_lines() -> None:
    long = "placed order at least 3 times in the last 12 months"
    text = f"{long} and ({long} or never {long[:12]} and 1 x) and not ({long} or clicked sms)".replace(" and 1 x", "")
    assert format(parse_rule(text)) == (
        "placed order at least 3 times in the last 12 months\n"
        "and (placed order at least 3 times in the last 12 months or never placed order)\n"
        "and not (placed order at least 3 times in the last 12 months or clicked sms)"
    )
    deep = f"a and ({long} or ({long} and {long})) and not ({long} or {long})"
    printed = format(parse_rule(deep))
    assert printed == (
        "a\n"
        "and (\n"
        "  placed order at least 3 times in the last 12 months\n"
        "  or (\n"
        "    placed order at least 3 times in the last 12 months\n"
        "    and placed order at least 3 times in the last 12 months\n"
        "  )\n"
        ")\n"
        "and not (\n"
        "  placed order at least 3 times in the last 12 months\n"
        "  or placed order at least 3 times in the last 12 months\n"
        ")"
    )
    assert parse_rule(printed) == parse_rule(deep)


def test_long_predicates_break_too() -> None:
    text = 'placed order at least once in 72h where (coupon contains "welcome" and total > 100 and country is "NL")'
    assert format(parse_rule(text)) == (
        "placed order at least once in 72h where (\n"
        '  coupon contains "welcome"\n'
        "  and total > 100\n"
        '  and country is "NL"\n'
        ")"
    )


def test_definitions() -> None:
    text = """\
let recently = 4 months

-- People who clicked but did not buy: re-send the offer.
segment "SMS espresso shot" =
  can receive sms
  and clicked sms at least once in 72h
  and never placed order in 72h

segment "High rollers" (aov = $100) =
  placed order at least 3 times
  and placed order in recently
  and average order value > aov

segment "Win back test" = in segment "One-hit wonders"
  sample 50% or at least 1000
"""
    assert format(parse_definitions(text)) == text


def test_definitions_with_comments() -> None:
    text = """\
# The file.
--

#  Its words.
let a = 1 -- one
let b = 2
-- Not the first.

-- Described.
segment "X" = (
  -- why a
  a and
  b # why b
  )
  sample 5% seed 'x'
# The end.

--   of it
"""
    printed = """\
-- The file.
--

--  Its words.
-- one
let a = 1
let b = 2

-- Not the first.

-- Described.
segment "X" =
  -- why a
  a
  -- why b
  and b
  sample 5% seed "x"

-- The end.

--   of it
"""
    assert format(parse_definitions(text)) == printed
    assert format(parse_definitions(printed)) == printed
    assert format(Definitions(())) == ""


COMMENTED = {
    "-- head\na": "-- head\na",
    "a -- tail": "-- tail\na",
    "a -- of a\nand b": "-- of a\na\nand b",
    "a\n-- of b\nand b": "a\n-- of b\nand b",
    "a and -- of a\nb": "-- of a\na\nand b",
    "placed -- inside\n order in -- too\n 72h or b": "-- inside\n-- too\nplaced order in 72h\nor b",
    "a\n-- group\nand (b or c)": "a\n-- group\nand (b or c)",
    "a and (\n-- of b\nb or c -- of c\n)": "a\nand (\n  -- of b\n  b\n  -- of c\n  or c\n)",
    "a and not -- of it\n b": "-- of it\na\nand not b".replace("-- of it\na\nand not b", "a\n-- of it\nand not b"),
    "not (\n-- x\na or b)": "not (\n  -- x\n  a\n  or b\n)",
    "a where (x -- inner\n and y) and b": "-- inner\na where (x and y)\nand b",
    "a\n\n\n-- last": "-- last\na",
}


@pytest.mark.parametrize("text", COMMENTED)
def test_comments_survive(text: str) -> None:
    printed = format(parse_rule(text))
    assert printed == COMMENTED[text]
    assert parse_rule(printed) == parse_rule(text)
    assert format(parse_rule(printed)) == printed


@given(trees.rules())
def test_every_rule_reads_back(tree: Rule) -> None:
    text = format(tree)
    assert parse_rule(text) == tree
    assert format(parse_rule(text)) == text


@given(trees.rules(), st.data())
def test_comments_anywhere_survive(tree: Rule, data: st.DataObject) -> None:
    """A comment in any gap of a text changes nothing but its own place."""
    text = format(tree)
    gaps = [m.start() for m in re.finditer(r'"[^"]*"|(\s)', text) if m.group(1)]
    places = data.draw(st.lists(st.sampled_from([0, *gaps, len(text)]), max_size=3, unique=True))
    words = [f"note {i}" for i in range(len(places))]
    for place, word in zip(sorted(places, reverse=True), words, strict=True):
        mark = data.draw(st.sampled_from(["--", "#"]))
        start = data.draw(st.sampled_from(["\n", " "]))
        text = f"{text[:place]}{start}{mark} {word}\n{text[place:]}"
    commented = parse_rule(text)
    assert commented == tree
    printed = format(commented)
    assert sorted(re.findall(r"^\s*-- (note \d)$", printed, re.MULTILINE)) == sorted(words)
    assert parse_rule(printed) == tree
    assert format(parse_rule(printed)) == printed


@given(trees.definitions())
def test_every_file_reads_back(tree: Definitions) -> None:
    text = format(tree)
    assert parse_definitions(text) == tree
    assert format(parse_definitions(text)) == text


@given(trees.metrics())
def test_every_metric_reads_back(tree: MetricText) -> None:
    assert parse_metric(format(tree)) == tree


@given(literals)
def test_every_value_reads_back(tree: ast.Literal_) -> None:
    assert parse_value(format(tree)) == tree


FORMS = (
    "N = N", "N != N", "N is N", "N is not N", "N is at least N", "N is not more than N",
    "N between N and N", "N is between N and N", "N in N", "N is not in N", "N is in this month",
    "N contains N", "N is N in 30d", "N since N", "N is since N", "N since N ago", "N since tomorrow in N",
    "N before N contains N", "N = 2 x N", "N is the average", "x in the last N", "x where N = N",
    "x where any item (N = N)", "x has N = N", "every N has N", "x at least N times",
    "N at least twice with the same N", "x matches N at least twice with the same y",
    "N on at least N different days", "x in at least N of the last 4 weeks", "x then N within N",
    "top 10 by N", "most common N of N is N", "month of N = N", "at least 5% of N have N = N",
    "can receive N because N", "in segment N (N = N)", "any of (N, N) in N", "N or N = N", "x in 30d or N",
    "N and not N", "not N in N",
)  # fmt: skip
words = st.sampled_from(sorted({w for t in tables().terminals for w in re.findall("[a-z]{2,}", t.pattern)} | {"price"}))
said = st.lists(words, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=400)
@given(st.sampled_from(FORMS), st.lists(said, min_size=4, max_size=4))
@example("N = N", ["country", "set", "", ""])
@example("N is not in N", ["age", "list", "", ""])
@example("N since tomorrow in N", ["price", "years", "", ""])
@example("N is between N and N", ["days", "low", "high", ""])
@example("N is not more than N", ["ai", "everyone after ai", "", ""])
@example("most common N of N is N", ["above", "above or", "above", ""])
@example("N or N = N", ["vip", "more fun", "price", ""])
def test_names_of_words_of_the_language_mean_the_same(form: str, names: list[str]) -> None:
    """The canonical text binds to the same tree as the text, whatever names a catalog, a file or a caller chose."""
    filled = iter(names)
    text = re.sub("N", lambda _: next(filled), form)
    try:
        tree = parse_rule(text)
    except SegQLError:
        return
    assert unquoted(parse_rule(format(tree))) == unquoted(tree)
    assert format(parse_rule(format(tree))) == format(tree)


def unquoted(tree: Rule) -> str:
    """Quoted, a name is the same name."""
    return re.sub(r"words='', quoted='([^']*)'", r"words='\1', quoted=None", repr(tree))


NAMES = {
    "placed order": "placed order",
    "in-app purchase": "in-app purchase",
    "заказ": "заказ",
    "logged in": "logged in",
    "number of orders": "number of orders",
    "checked in at store": '"checked in at store"',
    "terms and conditions": '"terms and conditions"',
    "5 stars": '"5 stars"',
    'the "best"': '"the ""best"""',
    "top 10 sellers": '"top 10 sellers"',
    "last month total": '"last month total"',
    "a/b": '"a/b"',
    "": '""',
    "in": '"in"',
    "is": '"is"',
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_quoted_where_needed(name: str) -> None:
    assert format_name(name) == NAMES[name]
    if name:
        tree = parse_rule(f"{format_name(name)} at least twice in 30d")
        assert isinstance(tree, Subject)
        assert isinstance(tree.head, Name)
        assert tree.head.text == name


@given(st.text(max_size=12).filter(lambda s: s.strip() and "\n" not in s and "\r" not in s))
def test_every_name_can_be_written(name: str) -> None:
    tree = parse_rule(f"x and {format_name(name)}")
    assert isinstance(tree, All)
    assert isinstance(tree.parts[1], Subject)
    assert isinstance(tree.parts[1].head, Name)


def test_trees_that_no_text_spells_bare() -> None:
    """Names of other origins are quoted where the bare words would say something else."""
    assert format(Subject(Name("terms and conditions"))) == '"terms and conditions"'
    assert format(ast.Number(Decimal("1E+3"))) == "1000"
    assert format(Not(AnyOf((Subject(Name("a")), Subject(Name("b")))))) == "not (a or b)"
