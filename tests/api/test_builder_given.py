"""What the builder is given: odd things for each argument of each word, and odd names."""

from __future__ import annotations

import re
from datetime import date, timedelta
from inspect import getmembers, isfunction, ismethod, signature
from typing import Any

import pytest

import segql
from segql import rules as written

rules: Any = written
DAY, EITHER = date(2026, 1, 1), rules.any_of("x")
ODD: tuple[Any, ...] = (None, 3, 1.5, b"x", [], {}, object(), True, timedelta(1), rules.in_last, rules.in_list("A"))
WORDS = [word for word in map(rules.__dict__.get, rules.__all__) if isfunction(word)]
METHODS = [
    method
    for of in (rules.did("a"), rules.of("b"), rules.did("a").then(rules.did("b")))
    for name, method in getmembers(of, ismethod)
    if name[0] != "_"
]


def fitting(hint: str) -> Any:
    """Something that a parameter takes, by how its type is written."""
    some = {
        "str": "x", "Named": "x", "Exact": 5, "Op": ">=", "Count": 3, "int": 3, "Rule": rules.of("b"),
        "Did": rules.did("b"),
        "Condition": rules.of("b"), "ast.Duration": rules.length(days=3), "Length": rules.length(days=3), "Moment": DAY,
        "ast.Window": rules.today, "Value": 3, "Of": rules.of("b"), "Events": "x", "Unit": "day", "ast.Either": EITHER,
    }  # fmt: skip
    first = re.sub(r"ast\.SegmentRef|ast\.Name|None", "", hint).split("|")[0].strip()
    return some[first] if first in some else re.findall(r"['\"]([^'\"]+)['\"]", hint)[0]


@pytest.mark.parametrize("word", [*WORDS, *METHODS], ids=lambda word: word.__qualname__)
def test_an_argument_of_a_wrong_type_is_named(word: Any) -> None:
    taken = signature(word).parameters
    needed = {n: fitting(p.annotation) for n, p in taken.items() if p.default is p.empty and p.kind is p.KEYWORD_ONLY}
    needed |= {
        n: fitting(p.annotation) for n, p in taken.items() if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
    }
    for name, parameter in taken.items():
        for odd in ODD:
            try:
                if parameter.kind is parameter.VAR_POSITIONAL:
                    made = word(odd)
                else:
                    made = word(**needed | {name: odd})
            except (TypeError, ValueError) as error:
                assert re.match("`|a length of time has one unit", str(error)), error  # noqa: PT017
            else:
                str(made)


@pytest.mark.parametrize(
    "words", ["last seen", "a and b", "and", "in list", "3 days", 'a"b', "x\ny", "never x", "vip is"]
)
def test_any_text_is_a_name(words: str) -> None:
    rule = rules.did(words).at_least(2)
    assert segql.parse(str(rule)) == rule.tree
    assert rule.tree.head.text == " ".join(words.split())
