"""`segql grammar`: what llguidance takes under it, and whether what it draws is a rule."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import segql
from segql.agents import gbnf
from segql.agents.grammar import START, grammar_of
from segql.agents.productions import Grammar
from segql.formatter.layout import flat
from segql.parser import parse_rule
from segql.project import Project

from ..case_files import read_case
from ..meaning.test_cases import CASES, NOW
from ..parser.test_grammar import EXAMPLES
from ..worlds.shops import CATALOG

SMALL = """
profiles: {table: customers, key: id, properties: {country: text, age: {type: number}, born: date}}
events:
  placed order:
    table: orders
    profile: customer
    time: bought
    properties: {total: {type: number}, coupon: text}
"""
SHOP = Path(__file__).parents[2] / "examples" / "shop"
LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
LONGEST = 400


@cache
def project(name: str) -> Project:
    if name == "small":
        return Project(segql.catalog_from_yaml(SMALL), now=NOW)
    if name == "tests":
        return Project(segql.load_catalog(CATALOG), now=NOW)
    return Project(segql.load_catalog(SHOP / "catalog.yaml"), segql.load_segments(SHOP), now=NOW)


@cache
def grammar(name: str) -> Grammar:
    return grammar_of(project(name))


def lark(name: str) -> str:
    return grammar(name).lark(START)


class Decoder:
    """llguidance over the bytes of a text."""

    def __init__(self, text: str) -> None:
        from llguidance import LLMatcher, LLTokenizer

        self.matcher: Any = LLMatcher(LLTokenizer("byte"), LLMatcher.grammar_from_lark(text))
        assert not self.matcher.is_error(), self.matcher.get_error()

    def takes(self, text: str) -> bool:
        self.matcher.reset()
        data = list(text.encode())
        return bool(self.matcher.try_consume_tokens(data) == len(data) and self.matcher.is_accepting())

    def drawn(self, chance: random.Random, begin: str = "") -> str:
        """A text that begins so, letter by letter of those that may come next."""
        self.matcher.reset()
        out = bytearray(begin.encode())
        assert self.matcher.try_consume_tokens(list(out)) == len(out), begin
        while len(out) < LONGEST:
            mask = self.matcher.compute_bitmask()
            able = [one for one in range(256) if mask[one // 8] >> one % 8 & 1]
            if self.matcher.is_accepting() and (not able or len(out) > 60 or chance.random() < 0.3):
                return out.decode()
            weights = [8 if one in LETTERS else 0.05 if one >= 128 else 2 for one in able]
            out += bytes(chance.choices(able, weights))
            self.matcher.consume_token(out[-1])
        return self.drawn(chance, begin)


def errors(text: str, name: str) -> list[str]:
    known = project(name)
    found = segql.check(text, known.catalog, now=NOW, segments=known.segments)
    return [str(one) for one in found if one.severity == "error"]


@pytest.mark.parametrize(
    ("name", "count"), [("small", 30), *(pytest.param(one, 1000, marks=pytest.mark.long) for one in ("tests", "shop"))]
)
def test_what_is_drawn_is_a_rule(name: str, count: int) -> None:
    decoder, chance = Decoder(lark(name)), random.Random(16)
    drawn = [decoder.drawn(chance) for _ in range(count)]
    assert {text: wrong for text in drawn if (wrong := errors(text, name))} == {}


BEGINNINGS = (
    "all of (", "all of (any of (", "all of (placed order where total > 5, ", "placed order then ", "any of (",
    "placed order between ", "most common ", "number of distinct ", "sum of ", "last placed order has ",
    "birthday between ", "placed order where day ", "more than 10% of ", "placed order at least twice with the same ",
)  # fmt: skip
"""Of the rarer forms: few texts that are drawn freely are any of them."""


@pytest.mark.long
@pytest.mark.parametrize("name", ["tests", "shop"])
def test_what_is_drawn_of_rare_forms_is_a_rule(name: str) -> None:
    decoder, chance = Decoder(lark(name)), random.Random(17)
    drawn = [decoder.drawn(chance, begin) for begin in BEGINNINGS for _ in range(40)]
    assert {text: wrong for text in drawn if (wrong := errors(text, name))} == {}


def test_an_unknown_name_cannot_be_said() -> None:
    decoder = Decoder(lark("small"))
    assert decoder.takes('placed order at least twice in 30d and country in ("NL", "BE")')
    for text in (
        "opened letter", "placed order where colour is set", "country is NL", 'age contains "x"', "in list Nowhere",
        "country >= 3", "placed order where (total > 5", "placed  order", "top 10% by country",
        "within 5 km of nowhere",
    ):  # fmt: skip
        assert not decoder.takes(text), text


def said(text: str) -> str:
    """In the canonical spelling, on one line."""
    return flat(parse_rule(text))


def is_sentence(text: str, name: str) -> bool:
    """Whether it is no rule of the catalog, but is taken for one."""
    known = project(name)
    return bool(segql.meaning(text, known.catalog, now=NOW, segments=known.segments).read)


def texts_of(name: str) -> dict[str, list[str]]:
    """The grammar's examples that are rules of the catalog, and the texts of the cases or segments that are its own."""
    shown = [one for one in EXAMPLES if not one.startswith(("let ", "segment "))]
    examples = [one for one in map(said, shown) if not errors(one, name) and not is_sentence(one, name)]
    if name == "tests":
        cases = map(read_case, CASES)
        return {
            "examples": examples,
            "own": [said(one.sections["text"]) for one in cases if "segments" not in one.sections],
        }
    segments = project(name).segments
    own = [flat(segments[one].rule) for one in segments if not segments[one].parameters]
    return {"examples": examples, "own": own}


REFUSED = {"every placed order between 2025-11-28T12:00 and 2025-11-28T12:00 has gift"}
"""An instant and the same again: a grammar without memory would list each."""
ON_PURPOSE = {
    'placed order where any item (brand is "Acme" and price > $10)',
    'most common brand of placed order is "Acme" in 1 year',
}
"""The demo shop sells no such brand."""


@pytest.mark.long
@pytest.mark.parametrize(("name", "refused"), [("tests", REFUSED), ("shop", ON_PURPOSE)])
def test_what_it_does_not_take(name: str, refused: set[str]) -> None:
    """All else that binds is taken: every example, every case, every segment."""
    decoder = Decoder(lark(name))
    texts = texts_of(name)
    print(*(f"{name} {kind}: {sum(map(decoder.takes, those))} of {len(those)}" for kind, those in texts.items()))
    assert {text for those in texts.values() for text in those if not decoder.takes(text)} == refused


@pytest.mark.long
def test_what_has_segments_of_its_own_is_taken() -> None:
    """Their names, arguments and constants are in the grammar of their project; each tenth, as each has a grammar."""
    cases = [one for one in map(read_case, CASES) if "segments" in one.sections]
    for case in cases[::10]:
        own = Project(segql.load_catalog(CATALOG), segql.segments_from(case.sections["segments"]), now=NOW)
        assert Decoder(grammar_of(own).lark(START)).takes(said(case.sections["text"])), case.sections["text"]


class Gbnf:
    """Whether a text is one of a grammar in the notation of llama.cpp, letter by letter."""

    _PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|[A-Za-z][A-Za-z0-9-]*|\{[0-9,]+\}|[()|?]')

    def __init__(self, text: str) -> None:
        self.rules = {}
        for line in text.splitlines():
            name, _, body = line.partition(" ::= ")
            self.rules[name] = self._read(self._PIECE.findall(body))

    def _read(self, pieces: list[str]) -> Any:
        """Alternatives of sequences."""
        stack: list[list[list[Any]]] = [[[]]]
        for piece in pieces:
            if piece == "(":
                stack.append([[]])
            elif piece == ")":
                inner = stack.pop()
                stack[-1][-1].append(("any", inner))
            elif piece == "|":
                stack[-1].append([])
            elif piece == "?" or piece[0] == "{":
                low, _, high = (0, "", 1) if piece == "?" else piece[1:-1].partition(",")
                stack[-1][-1].append(("times", stack[-1][-1].pop(), int(low), int(high or low)))
            elif piece[0] == '"':
                stack[-1][-1].append(("text", json.loads(piece)))
            elif piece[0] == "[":
                stack[-1][-1].append(("letter", re.compile(piece)))
            else:
                stack[-1][-1].append(("rule", piece))
        return ("any", stack[0])

    def takes(self, text: str) -> bool:
        @cache
        def rule(name: str, at: int) -> frozenset[int]:
            return ends(self.rules[name], at)

        def ends(node: Any, at: int) -> frozenset[int]:
            match node:
                case ("text", said):
                    return frozenset({at + len(said)}) if text.startswith(said, at) else frozenset()
                case ("letter", pattern):
                    return frozenset({at + 1}) if pattern.match(text, at) else frozenset()
                case ("rule", name):
                    return rule(name, at)
                case ("times", inner, low, high):
                    found, here = set[int](), {at}
                    for count in range(high + 1):
                        found |= here if count >= low else set()
                        here = {end for one in here for end in ends(inner, one)}
                    return frozenset(found)
                case _:
                    return frozenset(end for one in node[1] for end in run(one, at))

        def run(parts: list[Any], at: int) -> set[int]:
            here = {at}
            for part in parts:
                here = {end for one in here for end in ends(part, one)}
            return here

        return len(text) in rule("root", 0)


def test_gbnf_says_the_same() -> None:
    made, both, chance = Gbnf(gbnf.written(grammar("small"), START)), Decoder(lark("small")), random.Random(7)
    for text in (both.drawn(chance) for _ in range(20)):
        assert made.takes(text), text
    for text in ("opened letter", 'country is "NL', "vip and", "age >= 18 or vip and android"):
        assert not made.takes(text), text


def test_pairs_by_their_letters_are_pairs() -> None:
    made, both, chance = Gbnf(gbnf.written(grammar("small"), START)), Decoder(lark("small")), random.Random(8)
    for _ in range(60):
        low, high = (chance.randrange(10 ** chance.randint(1, 3)) for _ in range(2))
        text = f"placed order between {low} and {high} times"
        assert made.takes(text) == both.takes(text) == (low <= high and (low // 10 != high // 10 or high < 100)), text
    for text, right in {
        "placed order between 2025-11-30 and 2026-02-03": True,
        "placed order between 2026-02-03 and 2025-11-30": False,
        "placed order between 2025-11-31 and 2026-02-03": False,
        "placed order between 2025-11-01T10:00 and 2025-12-01T09:30": True,
    }.items():
        assert made.takes(text) == right, text


def test_gbnf_has_no_escape_that_llama_cpp_does_not_know() -> None:
    assert set(re.findall(r"\\(.)", gbnf.written(grammar("small"), START))) <= {*'"\\[]xuUtrn'}


@pytest.mark.skipif(not os.environ.get("SEGQL_TEST_LLAMA"), reason="SEGQL_TEST_LLAMA is not set; see CONTRIBUTING.md")
def test_llama_cpp_says_the_same(tmp_path: Path) -> None:
    """Where npm installed node-llama-cpp: `.ci/run` makes the folder."""
    taken = [one for those in texts_of("tests").values() for one in those if one not in REFUSED]
    texts = [*taken[::32], *REFUSED, "opened letter", 'country is "NL', "vip and"]
    given = tmp_path / "given.json"
    given.write_text(json.dumps({"grammar": gbnf.written(grammar("tests"), START), "texts": texts}), encoding="utf-8")
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("llama.mjs")), str(given)],
        cwd=os.environ["SEGQL_TEST_LLAMA"], check=True, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert json.loads(done.stdout) == texts[len(taken[::32]) :]
