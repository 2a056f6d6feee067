"""The JSON form of rules: it says what the text says, both ways, and its schema knows it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import segql
from segql import ast
from segql.errors import SegQLError
from segql.parser import parse_definitions
from segql.rule_json import kind_of

from ..case_files import read_case
from ..chance.trees import definitions, rules

ROOT = Path(__file__).parents[2]
FILE = ROOT / "segql" / "rule.schema.json"
SCHEMA = segql.rule_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
CASES = [read_case(path).sections["rule"] for path in sorted((ROOT / "tests/cases").glob("*/*.segql-case"))]


def there_and_back(tree: Any) -> None:
    document = json.loads(json.dumps(segql.to_json(tree)))
    again = segql.from_json(document)
    assert again == tree
    assert segql.to_json(again) == document


@settings(max_examples=25)
@given(rules())
def test_rules_there_and_back(tree: ast.Rule) -> None:
    there_and_back(tree)


@settings(max_examples=8)
@given(definitions())
def test_definitions_there_and_back(tree: ast.Definitions) -> None:
    there_and_back(tree)


@pytest.mark.long
@settings(max_examples=300)
@given(rules(), definitions())
def test_all_of_it_there_and_back(tree: ast.Rule, several: ast.Definitions) -> None:
    for one in (tree, several):
        there_and_back(one)
        VALIDATOR.validate(segql.to_json(one))


def test_all_cases_there_and_back() -> None:
    for text in CASES[::19]:
        there_and_back(segql.parse(text))
        VALIDATOR.validate(segql.to_json(text))


def test_comments_and_tests_survive() -> None:
    text = (
        '-- All of them.\nsegment "A" (n = 3) =\n  -- why\n  vip\n  and placed order at least n times\n\n'
        'test "x"\n  now: 2026-11-22T10:00\n  given: placed order 2 hours ago\n  expect: in segment A\n\n'
        'test "A" inside "B"\n'
    )
    document = segql.to_json(parse_definitions(text))
    VALIDATOR.validate(document)
    assert segql.format(segql.from_json(document)) == text


def test_what_it_looks_like() -> None:
    assert segql.to_json('not (placed order in 30d) and "last seen" is set') == {
        "segql": 1,
        "rule": {
            "is": "all",
            "parts": [
                {
                    "is": "not",
                    "part": {
                        "is": "condition",
                        "head": "placed order",
                        "window": {"is": "in last", "length": {"is": "duration", "count": 30, "unit": "d"}},
                    },
                },
                {
                    "is": "condition",
                    "head": {"is": "name", "words": "", "quoted": "last seen"},
                    "comparison": {"is": "is", "what": "set"},
                },
            ],
        },
    }


def test_the_schema_is_the_one_that_is_shipped(request: pytest.FixtureRequest) -> None:
    text = json.dumps(SCHEMA, indent=1) + "\n"
    if request.config.getoption("--update"):
        FILE.write_text(text)
    assert FILE.read_text() == text, "pytest --update writes it"
    Draft202012Validator.check_schema(SCHEMA)
    kinds = {kind_of(getattr(ast, name)) for name in ast.__all__ if hasattr(getattr(ast, name), "__dataclass_fields__")}
    assert kinds - {name.split(" (")[0] for name in SCHEMA["$defs"]} == {"metric text"}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (1, "`/` is a mapping with `segql` and `rule`, not 1."),
        ({}, "`/segql` is 1, the version of the form, not None."),
        ({"segql": 2, "rule": {}}, "`/segql` is 1, the version of the form, not 2."),
        ({"segql": 1}, "`/` has one of `rule`, `segment` and `definitions` beside `segql`, not []."),
        ({"segql": 1, "rule": {"is": "every"}}, "`/rule/is` is one of `all`, `any`, `not`, `condition`"),
        ({"segql": 1, "rule": {"is": ["all"]}}, "`/rule/is` is one of"),
        ({"segql": 1, "rule": "vip"}, "`/rule` is a `all` or"),
        ({"segql": 1, "rule": {"is": "condition"}}, "`/rule/head` is missing"),
        (
            {"segql": 1, "rule": {"is": "condition", "head": "a", "when": 3}},
            "`/rule/when` is no field of `condition`",
        ),
        (
            {"segql": 1, "rule": {"is": "near", "distance": 5, "unit": "km", "place": None}},
            "`/rule/distance` is a number",
        ),
        ({"segql": 1, "rule": {"is": "near", "distance": "NaN", "unit": "km", "place": None}}, "`/rule/distance` is"),
        (
            {"segql": 1, "rule": {"is": "near", "distance": "5", "unit": "m", "place": None}},
            "`/rule/unit` is `km` or",
        ),
        ({"segql": 1, "rule": {"is": "condition", "head": "a and b"}}, "no spelling"),
        ({"segql": 1, "rule": {"is": "condition", "head": ""}}, "no spelling"),
        ({"segql": 1, "rule": {"is": "all", "parts": [{"is": "condition", "head": "a"}]}}, "no spelling"),
    ],
)
def test_what_is_no_rule_is_said_with_its_place(document: Any, said: str) -> None:
    with pytest.raises(SegQLError) as error:
        segql.from_json(document)
    assert said in error.value.problems[0].message


def test_deep_documents_end_in_a_problem() -> None:
    rule: Any = {"is": "condition", "head": "a"}
    for _ in range(5_000):
        rule = {"is": "not", "part": rule}
    with pytest.raises(SegQLError, match="deep"):
        segql.from_json({"segql": 1, "rule": rule})
    with pytest.raises(TypeError, match="`rule` is a text"):
        segql.to_json(3)  # type: ignore[arg-type]


@settings(max_examples=20)
@given(rules(), st.randoms(use_true_random=False), st.sampled_from([None, 3, "x", [], {}, True, {"is": "text"}]))
def test_spoiled_documents_are_rules_or_problems(tree: ast.Rule, random: Any, put: Any) -> None:
    document = segql.to_json(tree)
    places: list[tuple[Any, Any]] = []
    todo: list[Any] = [document]
    while todo:
        node = todo.pop()
        for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
            places.append((node, key))
            if isinstance(value, dict | list):
                todo.append(value)
    node, key = random.choice(places)
    node[key] = put
    try:
        found = segql.from_json(document)
    except SegQLError as error:
        said = error.problems[0].message
    else:
        there_and_back(found)
        said = "`/"
    assert said.startswith(("`/", "The language has no spelling"))


A = {"is": "condition", "head": "a"}


def doubled(levels: int, mixed: bool) -> Any:
    rule: Any = A
    for level in range(levels):
        rule = {"is": "any" if mixed and level % 2 else "all", "parts": [rule, rule]}
    return rule


@pytest.mark.parametrize(
    "rule",
    [
        {**A, "comparison": {"is": "compare", "op": "=", "right": {"is": "number", "value": "1e999999999"}}},
        {"is": "all", "parts": [A] * 20_000},
        {"is": "not", "part": doubled(14, mixed=True)},
        doubled(60, mixed=False),
    ],
    ids=["digits", "wide", "many", "shared"],
)
def test_a_hostile_document_ends_soon(rule: Any) -> None:
    start = time.process_time()
    with pytest.raises(SegQLError):
        segql.from_json({"segql": 1, "rule": rule})
    assert time.process_time() - start < 5


@pytest.mark.parametrize("said", ["1e3", "1_000", " 1", "+1", ".5", "1.", "NaN", "Infinity", "\u0661"])
def test_a_number_is_what_the_schema_takes(said: str) -> None:
    document = {
        "segql": 1,
        "rule": {**A, "comparison": {"is": "compare", "op": "=", "right": {"is": "number", "value": said}}},
    }
    assert not Draft202012Validator(SCHEMA).is_valid(document)
    with pytest.raises(SegQLError, match="a number in a text"):
        segql.from_json(document)
