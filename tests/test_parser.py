"""The grammar and the parser: every form parses, nothing else does, and nothing breaks it."""

from __future__ import annotations

import datetime
import logging
import re
import time
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import lark
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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
from segql.parser import (
    Limits,
    parse_definitions,
    parse_definitions_all,
    parse_metric,
    parse_rule,
    parse_value,
)
from segql.parser import tables as tables_module
from segql.parser.builders import BUILDERS
from segql.parser.machine import Build, rules_of, run
from segql.parser.tables import STARTS, grammar, tables
from segql.parser.terminals import first_words, terminals
from segql.parser.wrong import unexpected
from segql.source import Source, Span

EXAMPLES = [line.split("//>", 1)[1].strip() for line in grammar().splitlines() if line.strip().startswith("//>")]

# rulings, part 1: reserved words
RESERVED = frozenset(
    re.findall(
        "[a-z]+",
        """and or not in is has have where then between before after since once twice never ever exactly today yesterday
        contains matches includes include within because ago times segment let tomorrow""",
    )
)

# rulings, part 5: sentences worth keeping
SENTENCES = (
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


def named(words: str, quoted: str | None = None) -> Name:
    return Name(words, quoted)


# --- the grammar ----------------------------------------------------------------------------------------------------


def conflicts(text: str, starts: list[str], caplog: pytest.LogCaptureFixture) -> list[str]:
    lark.logger.propagate = True
    try:
        with caplog.at_level(logging.DEBUG, logger=lark.logger.name):
            caplog.clear()
            lark.Lark(text, parser="lalr", start=starts, debug=True)
    finally:
        lark.logger.propagate = False
    return [m for m in caplog.messages if "Shift/Reduce" in m or "Reduce/Reduce" in m]


def test_the_grammar_has_no_conflict(caplog: pytest.LogCaptureFixture) -> None:
    assert conflicts(grammar(), list(STARTS), caplog) == []
    # Lark resolves such a conflict silently; that it is seen here shows that the line above says something.
    assert conflicts('a: "x" | "x" a | a "x"', ["a"], caplog)


def test_every_rule_is_built_and_every_builder_used() -> None:
    names = {name for name, _, _ in tables().rules}
    assert set(BUILDERS) <= names
    assert {name for name, size, _ in tables().rules if size > 1} <= set(BUILDERS)


def test_reserved_words_are_those_of_the_contract() -> None:
    words = {t.pattern for t in tables().terminals if t.reserved and re.fullmatch("[a-z]+", t.pattern)}
    words |= {
        word
        for t in tables().terminals
        if t.reserved and t.pattern.startswith("(?:")
        for word in re.sub(r"[(?:)]", "", t.pattern).split("|")
        if " " not in word
    }
    assert words == RESERVED


@pytest.mark.parametrize("word", sorted(RESERVED - {"in"}))
def test_a_reserved_word_is_no_name(word: str) -> None:
    with pytest.raises(SegQLError):
        parse_rule(word)
    assert parse_rule(f'"{word}"') == Subject(named("", word))


def test_every_keyword_has_its_first_words() -> None:
    """The lexer looks keywords up by their first word: each alternative must begin with one."""
    for t in tables().terminals:
        if t.sign or t.name in ("NAME", "PROPERTY", "STRING") or t.name in terminals().values:
            continue
        assert first_words(t), t
        for first in first_words(t):
            assert t.name in [name for name, _, _ in terminals().keywords[first]]


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_of_the_grammar(text: str) -> None:
    tree = parse_rule(text)
    assert parse_rule(format(tree)) == tree


def test_every_builder_has_an_example() -> None:
    """Each named alternative is exercised by some example; what only other starts and plain values use is listed."""
    used: set[str] = set()

    def watched(name: str, build: Build) -> Build:
        def build_it(v: list[Any], span: Span) -> Any:
            used.add(name)
            return build(v, span)

        return build_it

    rules = rules_of({name: watched(name, build) for name, build in BUILDERS.items()})
    for text in EXAMPLES:
        run(Span(Source(text), 0, len(text)), "rule", rules, unexpected)
    other_starts = {"let", "segment", "sample", "metric"}
    values = {"percent", "money", "bool", "date", "time"}
    assert set(BUILDERS) - used <= other_starts | values


def test_tables_come_from_a_cache_and_survive_a_broken_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    fresh = tables_module.tables.__wrapped__
    made = fresh()
    (file,) = (tmp_path / "segql").iterdir()
    assert fresh() == made
    # Lark numbers the states differently each time.
    file.write_text("{")
    assert fresh().terminals == made.terminals
    file.unlink()
    (tmp_path / "segql").rmdir()
    (tmp_path / "segql").write_text("a file where the folder should be")
    assert len(fresh().states) == len(made.states)


# --- what texts mean ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_worth_keeping(text: str) -> None:
    tree = parse_rule(text)
    assert parse_rule(format(tree)) == tree


@pytest.mark.parametrize("text", ["placed order >= 3 android is true", "size in (100,200)"])
def test_sentences_that_are_errors(text: str) -> None:
    with pytest.raises(SegQLError):
        parse_rule(text)


CANONICAL = InLast(Duration(72, "h"))
TWICE = Quantity(">=", Number(Decimal(2)))

TREES = {
    "logged in in 7d": Subject(named("logged in"), window=InLast(Duration(7, "d"))),
    "logged in at least twice": Subject(named("logged in"), quantity=TWICE),
    "any of (logged in, opted in)": Subject(ast.Either((named("logged in"), named("opted in")))),
    "(logged in)": Subject(named("logged in")),
    "logged in this month": Subject(named("logged in"), window=Period("this", "month")),
    "clicked on link": Subject(named("clicked on link")),
    "clicked on 2025-11-28": Subject(
        named("clicked"), window=ast.Relative("on", ast.Date(datetime.date(2025, 11, 28)))
    ),
    "days since last order < 5": Subject(named("days since last order"), comparison=Compare("<", Number(Decimal(5)))),
    "days between placed order": Subject(named("days between placed order")),
    "days between 3 and 5": Subject(named("days"), comparison=ast.Between(Number(Decimal(3)), Number(Decimal(5)))),
    'last "seen" in 72h': Subject(named("last", "seen"), window=CANONICAL),
    "number of orders > 3": Subject(named("number of orders"), comparison=Compare(">", Number(Decimal(3)))),
    "requested sample 3": Subject(named("requested sample"), quantity=Quantity("=", Number(Decimal(3)))),
    "sum insured > 1k": Subject(named("sum insured"), comparison=Compare(">", Number(Decimal(1000)))),
    "set size is 5": Subject(named("set size"), comparison=Compare("=", Number(Decimal(5)))),
    "everyone": All(()),
    "no one": AnyOf(()),
    "no one time buyers": Subject(named("no one time buyers")),
    "not not vip": Not(Not(Subject(named("vip")))),
    "a > aov in 90d": Subject(
        named("a"),
        comparison=Compare(">", Scaled(Decimal(1), Subject(named("aov"), window=InLast(Duration(90, "d"))))),
    ),
    "a in 90d > aov": Subject(named("a"), comparison=Compare(">", named("aov")), window=InLast(Duration(90, "d"))),
    "a > 1 x aov": Subject(named("a"), comparison=Compare(">", named("aov"))),
    "a > $100 in 90d": Subject(
        named("a"), comparison=Compare(">", Money(Decimal(100), "$")), window=InLast(Duration(90, "d"))
    ),
    "a between 4 and 13 months ago": Subject(named("a"), window=BetweenAgo(Duration(4, "mo"), Duration(13, "mo"))),
    "a between 2 and 5 times": Subject(
        named("a"), quantity=Quantity("between", Number(Decimal(2)), Number(Decimal(5)))
    ),
    "a between 10 days ago and yesterday": Subject(
        named("a"), window=BetweenMoments(ast.Ago(Duration(10, "d")), ast.Day("yesterday"))
    ),
    "a more than 90 days ago": Subject(named("a"), window=MoreThanAgo(Duration(90, "d"))),
    "a less than 90 days ago": Subject(named("a"), window=InLast(Duration(90, "d"), explicit=True)),
    "a in the last month": Subject(named("a"), window=InLast(Duration(1, "mo"), explicit=True)),
    "a in recently": Subject(named("a"), comparison=InName(named("recently"))),
    "a where total > 100 in the last 30 days": Subject(
        named("a"),
        where=Subject(named("total"), comparison=Compare(">", Number(Decimal(100)))),
        window=InLast(Duration(30, "d"), explicit=True),
    ),
    "a where shipped in 3d in 90d": Subject(
        named("a"), where=Subject(named("shipped"), window=InLast(Duration(3, "d"))), window=InLast(Duration(90, "d"))
    ),
    "a where not vip": Subject(named("a"), where=Not(Subject(named("vip")))),
    "age is not between 1 and 5": Not(
        Subject(named("age"), comparison=ast.Between(Number(Decimal(1)), Number(Decimal(5))))
    ),
    "country is not in EU": Subject(named("country"), comparison=InName(named("EU"), negated=True)),
    "a = 100 EUR and b": All(
        (Subject(named("a"), comparison=Compare("=", Money(Decimal(100), "EUR"))), Subject(named("b")))
    ),
    "a = 100 AND b": All((Subject(named("a"), comparison=Compare("=", Number(Decimal(100)))), Subject(named("b")))),
    "balance < -5": Subject(named("balance"), comparison=Compare("<", Number(Decimal(-5)))),
    "size in (1,2,3)": Subject(
        named("size"), comparison=ast.In((Number(Decimal(1)), Number(Decimal(2)), Number(Decimal(3))))
    ),
    "PLACED   Order\N{NO-BREAK SPACE}AT  LEAST twice": Subject(named("PLACED Order"), quantity=TWICE),
    "a # one\n-- two\n at # three\n least twice": Subject(named("a"), quantity=TWICE),
    "cafe\N{COMBINING ACUTE ACCENT} twice": Subject(named("café"), quantity=Quantity("=", Number(Decimal(2)))),
    "note is 'it''s'": Subject(named("note"), comparison=Compare("=", Text("it's"))),
    r'note is "\"': Subject(named("note"), comparison=Compare("=", Text("\\"))),
    "x is yes": Subject(named("x"), comparison=Compare("=", ast.Bool(True))),
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
    assert metric.bottom == Subject(named("number of placed order"))
    assert metric.top.window == InLast(Duration(30, "d"))
    assert parse_metric("average of total of placed order").bottom is None
    for text in ("total > 5", "placed order at least twice", "a / b / c", "can receive sms", ""):
        with pytest.raises(SegQLError):
            parse_metric(text)


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


def test_a_broken_definition_harms_no_other() -> None:
    text = (
        'let a = 5m\nsegment "B" = x and\nsegment "C" = "unclosed\nsegment D = y\nlet = 5\nlet e = 5 let f = 6 nonsense'
    )
    found, problems = parse_definitions_all(text)
    assert [part.name.text for part in found.parts] == ["D", "e"]
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
    assert [part.name.text for part in parse_definitions(text).parts] == ["A", "B", "x", "F", "y"]


# --- limits ---------------------------------------------------------------------------------------------------------


def code_of(text: str, limits: Limits | None = None) -> str:
    with pytest.raises(SegQLError) as error:
        parse_rule(text, limits=limits or Limits())
    return error.value.problems[0].code


def test_grouping_parentheses_vanish() -> None:
    assert parse_rule("(" * 10_000 + "a" + ")" * 10_000) == Subject(named("a"))


def test_limits() -> None:
    assert code_of("not " * 10_000 + "a") == "too-deep"
    assert code_of("a and (" * 500 + "c" + ")" * 500) == "too-deep"
    assert code_of("a where (b where (" * 300 + "c" + "))" * 300) == "too-deep"
    assert code_of("(" * 100_000) == "too-deep"
    assert code_of(" " * 1_000_000) == "too-long"
    assert code_of(" and ".join(["clicked sms"] * 10_001)) == "too-many-conditions"
    assert code_of("a then b", Limits(conditions=1)) == "too-many-conditions"
    assert code_of("not not a", Limits(depth=1)) == "too-deep"
    assert code_of("abcdef", Limits(length=5)) == "too-long"
    parse_rule("not " * 100 + "a")
    parse_rule(" and ".join(["a"] * 10_000))


@pytest.mark.parametrize(
    "text",
    [
        "a in (" + ",".join(["1"] * 20_000) + ")",
        "x > " + "1" * 40_000,
        "a " + "in " * 13_000,
        "a " + "on at least x " * 3_000,
        "a " + "-" * 40_000,
        "x > 5 #" + "#- " * 20_000,
        "a at" + " " * 40_000 + "x",
        "a on at least " + "a#a-" * 10_000,
        "segment " * 5_000,
    ],
    ids=lambda text: text[:20],
)
def test_time_is_linear(text: str) -> None:
    """Each takes some tens of milliseconds; a pattern that backtracks would take minutes."""
    start = time.process_time()
    for parse in (parse_rule, parse_definitions_all):
        with suppress(SegQLError):
            parse(text)
    assert time.process_time() - start < 5


# --- nothing breaks it ----------------------------------------------------------------------------------------------

PIECES = (
    *RESERVED, "placed order", "total", "first", "last", "every", "no", "any of (", "(", ")", ",", "=", ">=", "!=", "<",
    "/", "at least", "more than", "is not", "is set", "does not contain", "in the last", "over", "the average", "of",
    "by", "top", "10%", "100", "-5", "1,000", "0.5 x", "$5", "5 EUR", "5m", "72h", "3 days", "2025-11-28", '"NL"', "'x",
    "2025-11-28T10:00Z", "true", "in list", "in segment", "entered segment", "can receive", "number of distinct", "#",
    "sum of", "month of", "anniversary of", "random", "seed", "sample", "any item (", "at least 4 items", "then",
    "20 km",
    "followed by", "not followed by", "with the same", "of the last", "different days", "among segment", "of segment",
    "any store", "everyone", "no one", "last month", "today", "from now", "the day", "-- c\n", "\n", "é", "🎁", "“",
    "\x00",
    "include any of (", "zero times",
)  # fmt: skip
soups = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)


@given(st.one_of(st.text(max_size=60), soups))
@example("a does not \N{LATIN SMALL LETTER LONG S}tart with 'x'")
@example("3 day\N{LATIN SMALL LETTER LONG S} ago")
@example("is 2025-11-28T10:00:60")
@example("x > 0000-00-00")
def test_anything_ends_in_a_tree_or_an_error(text: str) -> None:
    for parse in (parse_rule, parse_metric, parse_value, parse_definitions):
        try:
            tree = parse(text)
        except SegQLError as error:
            problems = error.problems
            tree = None
        if tree is None:
            assert problems
            assert all(0 <= p.span.start <= p.span.end <= len(text) and str(p) for p in problems)
        else:
            again = format(tree)
            assert parse(again) == tree
            assert format(parse(again)) == again
