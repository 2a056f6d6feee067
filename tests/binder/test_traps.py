"""Silent traps: what is told of them is true, and what is offered instead finds whom the text was meant to find."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segql
from segql.catalog import catalog_from_yaml
from segql.evaluator import Shop

from .bound import notes

NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)
CATALOG = catalog_from_yaml(
    """
    currency: EUR
    timezone: UTC
    profiles: {table: p, key: id, properties: {note: text}}
    channels:
      sms: {table: s, profile: p, receives when: yes_, reason: why, time: at}
    events:
      called: {table: c, profile: p, time: at, properties: {why: text}}
      wrote: {table: w, profile: p, time: at, properties: {number: {type: number, scale: 0}}}
    """
)

# --- patterns --------------------------------------------------------------------------------------------------------

TEXTS = [
    "x",
    "ax",
    "xa",
    "axa",
    "a",
    "",
    "ab",
    "aab",
    "b@x.com",
    "B@X.COM",
    "%x%",
    "x.",
    "a?x",
    "aXb",
    "cab",
    "abc",
    "a.b",
]
SHOP = Shop([{"key": i, "note": text} for i, text in enumerate(TEXTS)])
LIKE = ["%x", "x%", "%x%", "%@x.com", "a%b", "%a%b", "a%b%c", "%?x"]
REGULAR = ["^a", "b$", "^ab$", "^a.*b", r"@x\.com$", "^a.*b$", "x.com$", "^.*@x"]


def found(rule: str) -> set[str]:
    return {TEXTS[int(str(key))] for key in segql.evaluate(rule, CATALOG, SHOP, now=NOW)}


def fixed(rule: str) -> str:
    (note,) = (note for note in notes(rule, CATALOG) if note.fixes)
    (fix,) = note.fixes
    again = fix.applied(rule)
    assert not segql.check(again, CATALOG, now=NOW), again
    return again


def like(text: str) -> str:
    return ".*".join(re.escape(part) for part in text.split("%"))


@pytest.mark.parametrize(
    ("how", "pattern"), [*product(["matches", "is", "contains", "starts with", "ends with"], LIKE)]
)
@pytest.mark.parametrize("sign", ["%", "*"])
@pytest.mark.parametrize("negated", [False, True])
def test_what_is_offered_for_like_finds_what_like_finds(how: str, pattern: str, sign: str, negated: bool) -> None:
    if (how == "matches" and (sign == "*" or "?" in pattern)) or (sign == "*" and pattern == "%?x"):
        return
    no = {"matches": "does not match", "is": "is not", "contains": "does not contain",
          "starts with": "does not start with", "ends with": "does not end with"}[how]  # fmt: skip
    before, after = how in ("contains", "ends with"), how in ("contains", "starts with")
    wanted = re.compile(f"{'.*' * before}{like(pattern)}{'.*' * after}", re.IGNORECASE)
    fits = {text for text in TEXTS if wanted.fullmatch(text)}
    rule = f'note {no if negated else how} "{pattern.replace("%", sign)}"'
    assert found(fixed(rule)) == (set(TEXTS) - fits if negated else fits)


@pytest.mark.parametrize(("how", "pattern"), [*product(["matches", "contains"], REGULAR)])
def test_what_is_offered_for_a_regular_expression_finds_what_that_finds(how: str, pattern: str) -> None:
    assert found(fixed(f'note {how} "{pattern}"')) == {t for t in TEXTS if re.search(pattern, t, re.IGNORECASE)}


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ('note in ("*x", "ab")', {"x", "ax", "a?x", "ab"}),
        ('note in ("a*b", "%x", "a")', {"ab", "aab", "aXb", "a.b", "x", "ax", "a?x", "a"}),
        ('not note not in ("*x", "%b")', {"x", "ax", "a?x", "ab", "aab", "aXb", "cab", "a.b"}),
    ],
)
def test_patterns_in_a_list(rule: str, texts: set[str]) -> None:
    assert found(fixed(rule)) == texts


@pytest.mark.parametrize(
    "text",
    ["20%", "100%", "% off", "50% off", "%20", "a%20b", "%C3%A9", "US$", "***", "5*", "5*10", "*", "%", "a^b", "why?",
     "a|b", "(x)", "AT&T", "x+y", "C:\\data", "[e-mail]"],
)  # fmt: skip
@pytest.mark.parametrize("how", ["is", "contains", "starts with", "ends with"])
def test_a_text_that_may_be_meant_is_left_alone(how: str, text: str) -> None:
    assert notes(f'note {how} "{text}"', CATALOG) == ()


@pytest.mark.parametrize("text", ["*@x.com", "a?b", "file.*", "www.*.com", "*", "20%*", "*US$", "a b", "*.*"])
def test_a_pattern_of_segql_is_left_alone(text: str) -> None:
    assert notes(f'note matches "{text}"', CATALOG) == ()


# --- the first event, and what comes back ----------------------------------------------------------------------------

TESTS = [
    "number > 1", "number >= 1", "number = 1", "number != 1", "number in (1, 3)", "number in (2, 3)", "number is set",
    "days since previous <= 7", "days since previous is set", "days since previous is not set", 'why is "a"',
    '(number > 1 and why is "a")', '(number > 1 or why is "a")', "(number > 1 or days since previous < 3)",
    "not number > 1", "not (number = 1 and days since previous is not set)",
]  # fmt: skip
HEADS = ["every called{} has {}", "first called{} has {}", "at least 100% of called{} have {}"]
NARROWED = ["", " in 90d", " before 2025-11-20", " where number >= 1", ' where why is "a"', " where (number > 1)"]


@st.composite
def calls(draw: st.DrawFn) -> Shop:
    ages = st.lists(st.integers(0, 12), max_size=4)
    rows = [
        {"profile": key, "time": NOW - timedelta(days=10 * age + 1), "why": draw(st.sampled_from("ab"))}
        for key in range(4)
        for age in draw(ages)
    ]
    return Shop([{"key": key} for key in range(4)], {"called": rows})


@settings(max_examples=200)
@given(st.sampled_from(HEADS), st.sampled_from(NARROWED), st.sampled_from(TESTS), calls())
def test_what_is_never_true_finds_nobody(head: str, narrowed: str, has: str, shop: Shop) -> None:
    rule = head.format(narrowed, has)
    for note in notes(rule, CATALOG):
        if note.code == "never-true":
            assert segql.evaluate(rule, CATALOG, shop, now=NOW) == set(), rule
            again = [p for fix in note.fixes for p in segql.check(fix.applied(rule), CATALOG, now=NOW)]
            assert {p.code for p in again} <= {"no-effect"}, again


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("every called has days since previous <= 7", "every called where number > 1 has days since previous <= 7"),
        (
            'every called has (why is "a" and number > 1)',
            'every called where number > 1 has (why is "a" and number > 1)',
        ),
        (
            "at least 100% of called have number in (2, 3)",
            "at least 100% of called where number > 1 have number in (2, 3)",
        ),
        ("every called has number > 1", "called where number > 1"),
        ("first called in 30d has days since previous < 7", "called where days since previous < 7 in 30d"),
        # A catalog's own `number` is its own affair.
        (
            "every wrote has days since previous <= 7",
            "every wrote where days since previous is set has days since previous <= 7",
        ),
    ],
)
def test_the_first_is_left_out_as_offered(rule: str, said: str) -> None:
    assert segql.meaning(fixed(rule), CATALOG, now=NOW).bound == segql.meaning(said, CATALOG, now=NOW).bound


@pytest.mark.parametrize(
    "rule", ["every wrote has number > 1", "first wrote has number > 1", "last called has number > 1"]
)
def test_what_can_be_true_is_left_alone(rule: str) -> None:
    assert notes(rule, CATALOG) == ()


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("called at least twice with the same day", True),
        ("called at least twice with the same day in 28d", False),
        ("called at least twice with the same day in 29d", True),
        ("called at least twice with the same month in 10 months", False),
        ("called at least twice with the same month in 1y", True),
        ("called at least twice with the same hour in 1d", True),
        ("called at least twice with the same hour in 12h", False),
        ("called at least twice with the same weekday in 6d", False),
        ("called at least twice with the same weekday in 1w", True),
        ("called at least twice with the same why", False),
        ("called then called with the same day", True),
        ("number of distinct month of called > 3", True),
        ("number of distinct day of called in 4w > 3", False),
        ("number of distinct weekday of called > 3", False),
        ("called on at least 2 different months", False),
    ],
)
def test_what_comes_back_is_told(rule: str, told: bool) -> None:
    assert [note.code for note in notes(rule, CATALOG)] == ["comes-back"] * told


@settings(max_examples=100)
@given(calls())
def test_what_is_not_told_never_comes_back(shop: Shop) -> None:
    """Within a window of which nothing is said, the same day is one day."""
    same = segql.evaluate("called at least twice with the same day in 28d", CATALOG, shop, now=NOW)
    close = segql.evaluate("called then called within 1d", CATALOG, shop, now=NOW)
    assert set(same) <= set(close)


# --- one consent record ----------------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from("ab"), st.integers(0, 1)), max_size=4),
    st.sampled_from(["can receive sms because {}", "cannot receive sms because {}"]),
    st.tuples(st.sampled_from("ab"), st.sampled_from("ab")),
)
def test_two_reasons_of_one_record(records: list[tuple[bool, str, int]], head: str, reasons: tuple[str, str]) -> None:
    rows = [
        {"profile": 1, "receives": gives, "reason": reason, "time": NOW - timedelta(days=1 + age)}
        for gives, reason, age in records
    ]
    rule = " and ".join(head.format(f'"{reason}"') for reason in reasons)
    said = [problem for problem in segql.check(rule, CATALOG, now=NOW) if problem.code == "never-true"]
    assert bool(said) == (reasons[0] != reasons[1])
    members = segql.evaluate(rule, CATALOG, Shop([{"key": 1}], channels={"sms": rows}), now=NOW)
    ties = len({age for _, _, age in records}) < len(records)
    assert not (said and members) or (said[0].severity == "hint" and ties)
