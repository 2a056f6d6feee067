"""The grammar: no conflicts, an example for every form, the words that are reserved."""

from __future__ import annotations

import logging
import re
from itertools import product
from pathlib import Path
from typing import Any

import lark
import pytest

from segql.ast import Name, Subject
from segql.errors import SegQLError
from segql.formatter import format
from segql.parser import parse_definitions, parse_rule
from segql.parser.builders import BUILDERS
from segql.parser.engine import tables as tables_module
from segql.parser.engine.lexer import _SHORT, Lexer
from segql.parser.engine.machine import Build, rules_of, run
from segql.parser.engine.tables import STARTS, grammar, tables
from segql.parser.engine.terminals import NAMES, Pattern, first_words, plain, terminals
from segql.parser.mistakes.wrong import _expected, unexpected
from segql.source import Source, Span
from segql.words import spellings

from .reserved import RESERVED

EXAMPLES = [line.strip()[3:].strip() for line in grammar().splitlines() if line.strip().startswith(("//>", "//~"))]


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
    words = {word for t in tables().terminals if t.reserved for word in spellings(t.name) if " " not in word}
    assert words == RESERVED


@pytest.mark.parametrize("word", sorted(RESERVED - {"in"}))
def test_a_reserved_word_is_no_name(word: str) -> None:
    with pytest.raises(SegQLError):
        parse_rule(word)
    assert parse_rule(f'"{word}"') == Subject(Name("", word))


def test_every_keyword_has_its_first_words() -> None:
    """The lexer looks keywords up by their first word: each alternative must begin with one."""
    for t in tables().terminals:
        if t.sign or t.name in (*NAMES, "STRING") or t.name in terminals().values:
            continue
        assert first_words(t.name), t
        for first in first_words(t.name):
            assert t.name in [name for name, _, _ in terminals().keywords[first]]


def every_pattern() -> set[Pattern]:
    known = terminals()
    spelled = {pattern for of_word in known.keywords.values() for _, pattern, _ in of_word}
    return {known.word, known.in_phrase, *known.in_windows, *known.values.values(), *spelled}


@pytest.mark.sampled
@pytest.mark.parametrize("sign", [*map(chr, range(128))])
def test_in_plain_texts_the_shorter_patterns_find_the_same(sign: str) -> None:
    """Every pattern, at every word of the examples, with each sign of ASCII between words, within and behind them."""
    some = EXAMPLES[ord(sign) % 24 :: 24]  # each sign meets some of them
    texts = [text.replace(" ", sign) for text in some] + [f"{text[:-2]}{sign}{text[-2:]}{sign}" for text in some]
    places = [(text, found.start()) for text in texts if plain(text) for found in re.finditer(r"(?<!\w)\S", text)]
    assert places or sign == "#"
    for pattern in every_pattern():
        for text, start in places:
            short, long = (pattern.match(text, start, len(text), shorter) for shorter in (True, False))
            assert (short and short.span()) == (long and long.span()), (text, start, pattern._pattern)


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_of_the_grammar(text: str) -> None:
    parse = parse_definitions if symbol_of(text) == "definition" else parse_rule
    tree = parse(text)
    assert parse(format(tree)) == tree


def symbol_of(example: str) -> str:
    return "definition" if example.startswith(("let ", "segment ")) else "rule"


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
        run(Span(Source(text), 0, len(text)), symbol_of(text), rules, unexpected)
    values = {"percent", "money", "bool", "date", "time"}
    assert set(BUILDERS) - used <= {"metric"} | values


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


def test_what_was_expected_is_said_of_every_state() -> None:
    """Each terminal belongs to a group that says what it is, or is a word that is said itself."""
    for state in tables().states:
        said = _expected({symbol for symbol in state if symbol.isupper()})
        assert said
        assert not re.search("[A-Z]{2}_", said), said


NUMBERS = ("0", "1", "5", "72", "07", "999", "1000", "2025", "3,000")
UNITS = ("", "h", "d", "w", "mo", "min", "m", "y", "s", "H", "x", "k", "%", "+", "th", ".5", "-05", ":30")
BEHIND = ("", " ", ")", ",", " in 72h", " in", " IN 2d", " int", " and", " INR", " hours", " days of x", " x", " times",
          ")x", ", 3", "\t)", " March", " -- two\nin 2d", ".")  # fmt: skip


def test_a_short_value_is_the_longest() -> None:
    short = 0
    for text in map("".join, product(NUMBERS, UNITS, BEHIND)):
        if found := _SHORT.match(text):
            longest = Lexer(Source(text), 0, len(text))._longest(0, {}, False)
            assert longest is not None
            assert (found.lastgroup, found.end()) == (longest.type, longest.end), text
            short += 1
    assert short > 200
