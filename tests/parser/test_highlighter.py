"""Colours: every text comes back whole, a right one without errors, and its words have the types that they mean."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.token import Error, Token

from segql.highlighter import SegQLLexer
from segql.parser.engine.spellings import examples

from ..case_files import read_case

ROOT = Path(__file__).parents[2]
RULES = [read_case(path).sections["rule"] for path in sorted(ROOT.glob("tests/cases/*/*.segql-case"))]
FILES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("**/*.segql"))]


def pieces(text: str) -> list[str]:
    """The type and the text of each piece but white space."""
    found = SegQLLexer().get_tokens_unprocessed(text)
    return [f"{str(kind).removeprefix('Token.')} {said}" for _, kind, said in found if not said.isspace()]


@pytest.mark.sampled
@pytest.mark.parametrize("text", [*RULES, *FILES, *examples()], ids=lambda text: text[:40])
def test_a_right_text_comes_back_whole_and_without_errors(text: str) -> None:
    found = list(SegQLLexer().get_tokens_unprocessed(text))
    assert "".join(said for _, _, said in found) == text
    assert [start for start, _, _ in found] == [sum(len(s) for _, _, s in found[:i]) for i in range(len(found))]
    assert not [said for _, kind, said in found if kind in Error]


ODD = st.lists(st.sampled_from([*examples(), '"', "--", "\n", "€", "%", "(", "5m", "`"]), max_size=4).map(" ".join)


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=80), ODD))
def test_any_text_comes_back_whole(text: str) -> None:
    found = list(SegQLLexer().get_tokens_unprocessed(text))
    assert "".join(said for _, _, said in found) == text
    assert all(said and kind in Token for _, kind, said in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vip and not placed order", "Name vip | Operator.Word and | Operator.Word not | Name placed order"),
        (
            "placed order at least once in 72h",
            "Name placed order | Keyword at least | Keyword once | Keyword in | Literal.Number 72h",
        ),
        (
            'country in ("NL") -- here',
            'Name country | Keyword in | Punctuation ( | Literal.String "NL" | Punctuation ) | Comment.Single -- here',
        ),
        ("total spent >= $1,000", "Name total spent | Operator >= | Literal.Number $1,000"),
        ("vip is true", "Name vip | Keyword is | Keyword.Constant true"),
        ("logged in since 2025-11-28", "Name logged in | Keyword since | Literal.Date 2025-11-28"),
        (
            "at # c\n least 80% of x have y",
            "Keyword at | Comment.Single # c | Keyword least | Literal.Number 80% | Keyword of | Name x | Keyword have"
            " | Name y",
        ),
        ("let a = 4 months", "Keyword.Declaration let | Name a | Operator = | Literal.Number 4 months"),
        ('country is "NL', 'Name country | Keyword is | Error "NL'),
        ("vip ` and x", "Name vip | Error ` | Operator.Word and | Name x"),
        (
            "and vip is 5 5",
            "Operator.Word and | Name vip | Keyword is | Literal.Number 5 | Literal.Number 5",
        ),
    ],
)
def test_types(text: str, expected: str) -> None:
    assert " | ".join(pieces(text)) == expected


def test_pygments_finds_it_by_its_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["pygments.lexers"]["segql"].partition(":")
    lexer = getattr(import_module(module), name)
    assert lexer is SegQLLexer
    assert (lexer.aliases, lexer.filenames) == (["segql"], ["*.segql"])


def test_it_colours_what_other_tools_give_it() -> None:
    assert "<span" in highlight("vip and placed order in 30d", SegQLLexer(), HtmlFormatter())
