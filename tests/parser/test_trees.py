"""What texts mean: the tree of every form, its spans, definitions."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from segql import ast
from segql.ast import (
    All,
    AnyOf,
    BetweenAgo,
    BetweenMoments,
    Compare,
    Duration,
    InLast,
    InName,
    Let,
    Money,
    MoreThanAgo,
    Name,
    Not,
    Number,
    Period,
    Quantity,
    Scaled,
    Segment,
    Subject,
    Text,
)
from segql.errors import SegQLError
from segql.formatter import format
from segql.parser import parse_definitions, parse_definitions_all, parse_metric, parse_rule, parse_value

# rulings, part 5: sentences worth keeping
SENTENCES = (
    "logged in with the same x the last 7 whole days",
    "logged in with the same x the last 2 whole months",
    "total spent - points has vip",
    "total spent + points has (total > 100) > 5",
    "total spent + points > 5 has total > 100",
    "logged in in at least 3 of the last 4 weeks",
    "x between 1 and 5 and y",
    "date of birth before 1990-01-01",
    "days since last order between 30 and 60",
    'last "checked in at store" more than 90 days ago',
    'number of distinct "number of items" of placed order > 2',
    "total spent > 100 AND clicked sms",
    "within 5 km of (-33.86, 151.2)",
    "placed order where shipped in the last 30 days in 90d",
    'never any of (opened email, "checked in at store")',
    "every day low price is true",
    'every "checked in at store" in 90d has duration > 10',
    "x > last order value",
    "joined the club once",
    "viewed last call banner once",
    "country in the Netherlands",
    "in-app purchase at least twice",
    "заказ оформлен at least twice in 30d",
    'note is "say ""hi"""',
    "placed order at -- c\n least once",
)


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_worth_keeping(text: str) -> None:
    tree = parse_rule(text)
    assert parse_rule(format(tree)) == tree


@pytest.mark.parametrize("text", ["placed order >= 3 times android is true", "size in (100,200)"])
def test_sentences_that_are_errors(text: str) -> None:
    with pytest.raises(SegQLError):
        parse_rule(text)


CANONICAL = InLast(Duration(72, "h"))
TWICE = Quantity(">=", Number(Decimal(2)))

TREES: dict[str, ast.Rule] = {
    "logged in in 7d": Subject(Name("logged in"), window=InLast(Duration(7, "d"))),
    "logged in at least twice": Subject(Name("logged in"), quantity=TWICE),
    "any of (logged in, opted in)": Subject(ast.Either((Subject(Name("logged in")), Subject(Name("opted in"))))),
    "(logged in)": Subject(Name("logged in")),
    "logged in this month": Subject(Name("logged in"), window=Period("this", "month")),
    "clicked on link": Subject(Name("clicked on link")),
    "clicked on 2025-11-28": Subject(Name("clicked"), window=ast.Relative("on", ast.Date(datetime.date(2025, 11, 28)))),
    "days since last order < 5": Subject(Name("days since last order"), comparison=Compare("<", Number(Decimal(5)))),
    "days between placed order": Subject(Name("days between placed order")),
    "days between 3 and 5": Subject(Name("days"), comparison=ast.Between(Number(Decimal(3)), Number(Decimal(5)))),
    'last "seen" in 72h': Subject(Name("last", "seen"), window=CANONICAL),
    "number of orders > 3": Subject(Name("number of orders"), comparison=Compare(">", Number(Decimal(3)))),
    "requested sample 3": Subject(Name("requested sample"), quantity=Quantity("=", Number(Decimal(3)))),
    "sum insured > 1k": Subject(Name("sum insured"), comparison=Compare(">", Number(Decimal(1000)))),
    "set size is 5": Subject(Name("set size"), comparison=Compare("=", Number(Decimal(5)))),
    "everyone": All(()),
    "no one": AnyOf(()),
    "no one time buyers": Subject(Name("no one time buyers")),
    "not not vip": Not(Not(Subject(Name("vip")))),
    "a > aov in 90d": Subject(
        Name("a"),
        comparison=Compare(">", Scaled(Decimal(1), Subject(Name("aov"), window=InLast(Duration(90, "d"))))),
    ),
    "a in 90d > aov": Subject(Name("a"), comparison=Compare(">", Name("aov")), window=InLast(Duration(90, "d"))),
    "a > 1 x aov": Subject(Name("a"), comparison=Compare(">", Name("aov"))),
    "a > $100 in 90d": Subject(
        Name("a"), comparison=Compare(">", Money(Decimal(100), "$")), window=InLast(Duration(90, "d"))
    ),
    "a between 4 and 13 months ago": Subject(Name("a"), window=BetweenAgo(Duration(4, "mo"), Duration(13, "mo"))),
    "a between 2 and 5 times": Subject(Name("a"), quantity=Quantity("between", Number(Decimal(2)), Number(Decimal(5)))),
    "a between 10 days ago and yesterday": Subject(
        Name("a"), window=BetweenMoments(ast.Ago(Duration(10, "d")), ast.Day("yesterday"))
    ),
    "a more than 90 days ago": Subject(Name("a"), window=MoreThanAgo(Duration(90, "d"))),
    "a less than 90 days ago": Subject(Name("a"), window=InLast(Duration(90, "d"), explicit=True)),
    "a in the last month": Subject(Name("a"), window=InLast(Duration(1, "mo"), explicit=True)),
    "a in recently": Subject(Name("a"), comparison=InName(Name("recently"))),
    "a + b in recently": Subject(
        ast.Terms((Subject(Name("a")), Subject(Name("b"))), ("+",)), comparison=InName(Name("recently"))
    ),
    "a + b where (c) in recently": Subject(
        ast.Terms(
            (Subject(Name("a")), Subject(Name("b"), where=Subject(Name("c")), window=InLast(Name("recently"), False))),
            ("+",),
        )
    ),
    "a where total > 100 in the last 30 days": Subject(
        Name("a"),
        where=Subject(Name("total"), comparison=Compare(">", Number(Decimal(100)))),
        window=InLast(Duration(30, "d"), explicit=True),
    ),
    "a where shipped in 3d in 90d": Subject(
        Name("a"), where=Subject(Name("shipped"), window=InLast(Duration(3, "d"))), window=InLast(Duration(90, "d"))
    ),
    "a where not vip": Subject(Name("a"), where=Not(Subject(Name("vip")))),
    "age is not between 1 and 5": Not(
        Subject(Name("age"), comparison=ast.Between(Number(Decimal(1)), Number(Decimal(5))))
    ),
    "country is not in EU": Subject(Name("country"), comparison=InName(Name("EU"), negated=True)),
    "a = 100 EUR and b": All(
        (Subject(Name("a"), comparison=Compare("=", Money(Decimal(100), "EUR"))), Subject(Name("b")))
    ),
    "a = 100 AND b": All((Subject(Name("a"), comparison=Compare("=", Number(Decimal(100)))), Subject(Name("b")))),
    "balance < -5": Subject(Name("balance"), comparison=Compare("<", Number(Decimal(-5)))),
    "size in (1,2,3)": Subject(
        Name("size"), comparison=ast.In((Number(Decimal(1)), Number(Decimal(2)), Number(Decimal(3))))
    ),
    "PLACED   Order\N{NO-BREAK SPACE}AT  LEAST twice": Subject(Name("PLACED Order"), quantity=TWICE),
    "a # one\n-- two\n at # three\n least twice": Subject(Name("a"), quantity=TWICE),
    "cafe\N{COMBINING ACUTE ACCENT} twice": Subject(Name("café"), quantity=Quantity("=", Number(Decimal(2)))),
    "note is 'it''s'": Subject(Name("note"), comparison=Compare("=", Text("it's"))),
    r'note is "\"': Subject(Name("note"), comparison=Compare("=", Text("\\"))),
    "x is yes": Subject(Name("x"), comparison=Compare("=", ast.Bool(True))),
}


@pytest.mark.parametrize("text", TREES)
def test_trees(text: str) -> None:
    assert parse_rule(text) == TREES[text]


@pytest.mark.parametrize(
    "text", ["नमस्ते है", "می‌خواهم دید", "cafe\u0301 visité", "заказ", "注文 した", "customer's order", "a.b.c", "_x"]
)  # fmt: skip
def test_names_of_every_script(text: str) -> None:
    tree = parse_rule(f"{text} at least twice")
    assert isinstance(tree, Subject)
    assert isinstance(tree.head, Name)
    assert tree.quantity == TWICE


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u202f", "\ufeff", "\u3000"])
def test_any_white_space_stands_between_words(space: str) -> None:
    text = "placed order in 7d and not clicked sms at least 2 times"
    assert parse_rule(text.replace(" ", space)) == parse_rule(text)


def test_spans_point_at_the_text() -> None:
    text = "a and placed order where total > 5 in 30d"
    tree = parse_rule(text)
    assert isinstance(tree, All)
    second = tree.parts[1]
    assert isinstance(second, Subject)
    assert second.span.text == "placed order where total > 5 in 30d"
    assert isinstance(second.where, Subject)
    assert second.where.span.text == "total > 5"
    assert second.window is not None
    assert second.window.span.text == "in 30d"
    assert isinstance(second.head, Name)
    assert second.head.span.text == "placed order"


def test_the_span_of_a_where_in_parentheses_is_inside_them() -> None:
    """The binder asks whether a predicate stood in parentheses by what stands before it."""
    for text in ("a where (total > 5)", "a where (total > 5 or b)", "a where (not b)"):
        tree = parse_rule(text)
        assert isinstance(tree, Subject)
        assert tree.where is not None
        assert tree.where.span.text == text[9:-1]


def test_values() -> None:
    assert parse_value("4 months") == Duration(4, "mo")
    assert parse_value(" $1,000 ") == Money(Decimal(1000), "$")
    assert parse_value('"NL"') == Text("NL")
    for text in ("", "recently", "1 2", "5m"):
        with pytest.raises(SegQLError):
            parse_value(text)


def test_metrics() -> None:
    metric = parse_metric("sum of total of placed order where (total > 5) in 30d / number of placed order")
    assert metric.bottom == Subject(Name("number of placed order"))
    assert metric.top.window == InLast(Duration(30, "d"))
    assert parse_metric("average of total of placed order").bottom is None
    for text in ("total > 5", "placed order at least twice", "a / b / c", "can receive sms", ""):
        with pytest.raises(SegQLError):
            parse_metric(text)


@pytest.mark.parametrize("name", ["x", "x y", "customer's name", '"a b"', "a's b's c"])
def test_a_definition_begins_behind_a_name_that_ends_in_in(name: str) -> None:
    assert len(parse_definitions(f"segment A =\n  vip and logged in\n\nlet {name} = 0").parts) == 2


def test_definitions() -> None:
    text = """\
# About this file.

let recently = 4 months

-- People who clicked.
# Twice.
segment "A" (aov = $100, n = 2) =
  clicked sms at least n times -- or more
  sample 50% or at least 1,000 seed "x"
segment B = in segment "A" (aov = $5) or left
  segment "A" in 3d
-- the end
"""
    found = parse_definitions(text)
    let, first, second = found.parts
    assert isinstance(let, Let)
    assert let.comments == ("About this file.", "\n")
    assert isinstance(first, Segment)
    assert first.comments == ("People who clicked.", "Twice.")
    assert first.sample == ast.Sample(ast.Percent(Decimal(50)), 1000, Text("x"))
    assert [name.text for name, _ in first.parameters] == ["aov", "n"]
    assert isinstance(first.rule, Subject)
    assert first.rule.comments == ("or more",)
    assert isinstance(second, Segment)
    assert isinstance(second.rule, AnyOf)
    assert found.comments == ("the end",)


def _names(found: ast.Definitions) -> list[str]:
    return [part.name.text for part in found.parts if isinstance(part, ast.Let | ast.Segment)]


def test_a_broken_definition_harms_no_other() -> None:
    text = (
        'let a = 5m\nsegment "B" = x and\nsegment "C" = "unclosed\nsegment D = y\nlet = 5\nlet e = 5 let f = 6 nonsense'
    )
    found, problems = parse_definitions_all(text)
    assert _names(found) == ["D", "e"]
    assert [p.span.source.position(p.span.start)[0] for p in problems] == [1, 2, 3, 5, 6]
    with pytest.raises(SegQLError) as error:
        parse_definitions(text)
    assert error.value.problems == problems
    assert parse_definitions("") == ast.Definitions(())


def test_where_definitions_begin() -> None:
    text = """segment A = logged in
segment B (n = "(x") = left segment C in 3d
or entered
segment "A" (n = 5, m = 1) in 3d or x = 5 or in
segment E let x = 5 segment F = not opted in
let y = 1"""
    assert _names(parse_definitions(text)) == ["A", "B", "x", "F", "y"]
