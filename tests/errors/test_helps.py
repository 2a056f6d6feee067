"""A help can be trusted: a fix parses, binds and keeps the meaning, and speaks of what the catalog at hand knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time

import pytest

import segql
from segql.catalog import Catalog, catalog_from_yaml
from segql.errors import Fix, Problem, SegQLError
from segql.evaluator import Shop
from segql.fixes import tried
from segql.source import Source, Span

from ..case_files import CaseFile, read_case
from ..pace import allowed
from .test_errors import CASES, problems_at, problems_of

NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)


def mended(case: CaseFile, fix: Fix) -> CaseFile:
    """The case with a fix applied to the text that it is of."""
    given, text = case.sections, fix.span.source.text
    count, _, words = given.get("repeat", "0").partition(" ")
    whole = {
        name: f"{words} " * int(count) + said if name == "rule" else said
        for name, said in given.items()
        if name in ("rule", "explain", "segments")
    }
    name = next(name for name, said in whole.items() if said == text)
    return replace(case, sections={**given, "repeat": "0", **whole, name: fix.applied(text)})


def errors(problems: Iterable[Problem]) -> Counter[tuple[str, str]]:
    return Counter((p.code, p.message) for p in problems if p.severity == "error")


def with_a_text(path: Path) -> bool:
    given = read_case(path).sections
    return {"rule", "explain", "segments"} & given.keys() != set() and "shop" not in given


@pytest.mark.sampled
@pytest.mark.parametrize("path", [path for path in CASES if with_a_text(path)], ids=lambda path: path.stem)
def test_every_fix_of_every_case_mends_it(path: Path, catalog: Catalog) -> None:
    """Applied, the text parses and binds, but for what else was wrong with it."""
    case = read_case(path)
    problems = problems_at(path, catalog) if "dialect" not in case.sections else ()
    for problem in problems:
        for fix in problem.fixes:
            assert fix.text in problem.hint
            left = errors(_again(mended(case, fix), catalog))
            before = errors(problems)
            if problem.severity == "error":
                assert left[problem.code, problem.message] < before[problem.code, problem.message], fix
            assert left <= before, (fix, left)


def _again(case: CaseFile, catalog: Catalog) -> Iterable[Problem]:
    try:
        return list(problems_of(case, catalog))
    except SegQLError as error:
        return error.problems


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("vip and a or (b)", ["(vip and a) or (b)", "vip and (a or (b))"]),
    ],
)
def test_a_fix_makes_the_whole_text(rule: str, said: list[str]) -> None:
    with pytest.raises(SegQLError) as caught:
        segql.parse(rule)
    assert [fix.applied(rule) for fix in caught.value.problems[0].fixes] == said


def test_a_fix_that_does_not_hold_is_not_offered() -> None:
    text = Source("wrong here")
    problem = Problem(
        "syntax", "No.", Span(text, 0, 5), "Write\nor leave it out", fixes=(Fix(Span(text, 0, 5), "bad"),)
    )
    still = Problem("syntax", "Still no.", Span(Source("bad here"), 0, 3))
    assert [p.hint for p in tried([problem], lambda fix: [still])] == ["or leave it out"]
    assert [p.hint for p in tried([problem], lambda fix: [])] == ["Write `bad`\nor leave it out"]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("unsubscribed from email", "cannot receive email"),
        ("viewed product then never placed order", "not followed by"),
        ("birthday within the next 3 days", "in the next 3 days"),
        ("birthday during the next 3 days", "in the next 3 days"),
        ("birthday on the day 3 days from now", "on 3 days from now"),
    ],
)
def test_a_help_keeps_the_word_that_decides(rule: str, kept: str, catalog: Catalog) -> None:
    assert kept in "".join(p.hint for p in segql.check(rule, catalog, now=NOW))


@pytest.mark.parametrize(
    "rule",
    [
        "total spent > {}", "number of placed order > {}", "top {} by total spent", "placed order at least {} times",
        "placed order where total > {}", "placed order where at least {} items", "total spent between 0 and {}",
    ],
)  # fmt: skip
def test_a_point_that_may_group_thousands_has_two_readings(rule: str, catalog: Catalog) -> None:
    (problem,) = segql.check(rule.format("1.000"), catalog, now=NOW)
    assert (problem.code, [fix.text for fix in problem.fixes]) == ("bad-number", ["1000", "1"])


def test_a_point_in_a_definition_has_two_readings() -> None:
    for text in ("let x = 1.000", 'segment "A" (x = 1.000) = a > x', 'segment "A" = a\n  sample 50% or at least 1.000'):
        (problem,) = segql.segments_from(text).problems
        assert [fix.text for fix in problem.fixes] == ["1000", "1"]


PLAIN = """
profiles: {table: people, key: id, properties: {plan: text, seats: number, trial ends: date, beta: boolean,
  history segment: text, days ago: number}}
events:
  logged in: {table: logins, profile: person, time: at, properties: {minutes: number}}
  started trial: {table: trials, profile: person, time: at}
channels: {newsletter: {table: letters, profile: person, receives when: given, reason: why}}
lists: {Staff: {table: staff, profile: person}}
"""
"""A catalog without a shop."""

PEOPLE = Shop(
    profiles=[
        {"key": 1, "plan": "a", "seats": 3, "trial ends": date(2025, 11, 29), "beta": True, "history segment": "x"},
        {"key": 2, "plan": "b", "seats": 7, "trial ends": date(2025, 10, 1), "beta": True, "days ago": 5},
        {"key": 3, "plan": "c", "beta": False},
        {"key": 4, "plan": None, "seats": 1},
    ],
    events={
        "logged in": [
            {"profile": 1, "time": datetime(2025, 10, 3, tzinfo=UTC)},
            {"profile": 1, "time": datetime(2025, 11, 3, tzinfo=UTC)},
            {"profile": 2, "time": datetime(2025, 11, 20, tzinfo=UTC)},
        ],
        "started trial": [{"profile": 2, "time": datetime(2025, 11, 21, tzinfo=UTC)}],
    },
    channels={
        "newsletter": [
            {"profile": 1, "receives": True},
            {"profile": 2, "receives": False, "reason": "unsubscribed"},
            {"profile": 3, "receives": False, "reason": "bounced"},
        ]
    },
    lists={"Staff": [{"profile": 1}]},
)


@pytest.mark.parametrize(
    ("typed", "mended", "members"),
    [
        ("opted out of newsletter", "cannot receive newsletter", {2, 3, 4}),
        ("unsubscribed from newsletter", 'cannot receive newsletter because "unsubscribed"', {2}),
        ("logged in in October", "logged in between 2025-10-01 and 2025-10-31", {1}),
        ("plan is blank", "plan is empty", {4}),
        ("plan is not blank", "plan is not empty", {1, 2, 3}),
        ('plan like "a%"', 'plan matches "a*"', {1}),
        ("trial ends in the past", "trial ends before today", {2}),
        ('plan is either "a" or "b"', 'plan in ("a", "b")', {1, 2}),
        ('beta and (plan is either "a" or "b")', 'beta and (plan in ("a", "b"))', {1, 2}),
        ("beta and without logged in", "beta and never logged in", set()),
        ('history segment is "x"', '"history segment" is "x"', {1}),
        ("beta and days ago > 3", 'beta and "days ago" > 3', {2}),
        ("beta and started trial or (seats > 6)", "(beta and started trial) or (seats > 6)", {2}),
        ("complained about newsletter", 'cannot receive newsletter because "complained"', set()),
        ("trial ends on the day 1 day from now", "trial ends on 1 day from now", {1}),
        ("trial ends in the future", "trial ends after today", {1}),
        ("logged in then never started trial", "logged in not followed by started trial", {1}),
        ("logged in in October but not in November of 2025", None, None),
        ("seats + 3", None, None),
        ("sum of minutes of logged in - sum of minutes of logged in > 3", None, None),
        ("logged in then started trial not followed by logged in", None, None),
        ("logged in then no started trial then logged in", None, None),
    ],
)
def test_what_is_typed_is_mended_and_means_it(typed: str, mended: str | None, members: set[int] | None) -> None:
    catalog = catalog_from_yaml(PLAIN)
    said = segql.check(typed, catalog, now=NOW)
    fixes = [fix for problem in said for fix in problem.fixes]
    if mended is not None and not any(problem.severity == "error" for problem in said):  # it is taken for it
        assert segql.format(mended) == segql.meaning(typed, catalog, now=NOW).text
        return
    if mended is None:
        assert fixes == [], "it cannot be said"
        return
    assert mended in [fix.applied(typed) for fix in fixes]
    assert segql.evaluate(mended, catalog, PEOPLE, now=NOW) == members


def test_a_fix_of_a_segment_is_tried_there() -> None:
    catalog = catalog_from_yaml(PLAIN)
    text = 'segment "Warm" (n = 2) = logging in at least n times and plan is a\n\nsegment "B" = in segment Warm'
    segments = segql.segments_from(text)
    for rule in (segments["Warm"], segments["B"], "in segment Warm"):
        found = segql.check(rule, catalog, now=NOW, segments=segments)
        assert [fix.text for problem in found for fix in problem.fixes] == ["logged in", '"a"']


SHOP_WORDS = re.compile(
    r"placed order|total spent|clicked|opened email|viewed product|average order value|order count|high rollers|\bvip\b"
    r"|birthday|acme|country|\bsms\b",
    re.IGNORECASE,
)


def _rules() -> list[str]:
    given = [read_case(path).sections for path in CASES]
    plain = [one["rule"] for one in given if "rule" in one and not {"repeat", "shop"} & one.keys()]
    return [*plain, "did not log in", "has not logged in", "logged in 5+ times", "seats is greater than 3", ""]


@pytest.fixture(scope="module")
def plain() -> Catalog:
    return catalog_from_yaml(PLAIN)


@pytest.mark.parametrize(
    "rule", [pytest.param(rule, marks=() if at % 3 == 0 else pytest.mark.long) for at, rule in enumerate(_rules())]
)
def test_no_help_speaks_of_another_catalog(rule: str, plain: Catalog) -> None:
    for problem in segql.check(rule, plain, now=NOW):
        for word in SHOP_WORDS.findall(f"{problem.message} {problem.hint}"):
            assert word.casefold() in rule.casefold(), problem.hint


def test_a_hundred_mistakes_are_said_soon(catalog: Catalog) -> None:
    rule = " and ".join(f"placed order where totl{n} > 3" for n in range(100))
    segql.check("totl", catalog, now=NOW)
    start = process_time()
    found = segql.check(rule, catalog, now=NOW)
    assert len(found) == 100
    assert process_time() - start < allowed(1)


def test_a_number_of_two_decimals_has_no_third() -> None:
    """Where the catalog keeps fewer than three decimals, a point before three digits may group thousands."""
    head = "profiles: {table: people, key: id, properties: {share: {type: number, scale: 2}, weight: number}}\n"
    for scale, text, codes in [
        ("share", "share > 1.000", ["bad-number"]),
        ("share", "share in (1.000, 2)", ["bad-number"]),
        ("share", "share between 0.5 and 1.500", ["bad-number"]),
        ("weight", "weight > 1.000", ["bad-number"]),
        ("share", "share > 1.5", []),
    ]:
        assert [p.code for p in segql.check(text, catalog_from_yaml(head), now=NOW)] == codes, scale


def test_a_constant_has_one_reading() -> None:
    head = "profiles: {table: people, key: id, properties: {weight: number}}\nconstants: {heavy: 1.000}\n"
    (found,) = segql.check("weight > heavy", catalog_from_yaml(head), now=NOW)
    assert (found.code, "could be a thousand" in found.message) == ("bad-constant", True)


def test_predicates_of_both_sides_stay_apart() -> None:
    """Put into one `where`, those of the right side would be another measure's."""
    catalog = catalog_from_yaml(PLAIN.replace("minutes: number", "minutes: number, paid: boolean"))
    minutes = "sum of minutes of logged in where"
    typed, meant = f"{minutes} not paid > 0.4 x {minutes} paid", f"{minutes} (not paid) > 0.4 x {minutes} paid"
    fixes = [fix.applied(typed) for problem in segql.check(typed, catalog, now=NOW) for fix in problem.fixes]
    assert fixes == [meant]
    assert segql.check(meant, catalog, now=NOW) == []


@pytest.mark.parametrize(
    "rule",
    ["within 1.500 km of Home", "seats > 1.500 x the average", "seats > 1.500x number of logged in", "seats > 1.500"],
)
def test_three_decimals_are_told_where_they_may_be_thousands(rule: str) -> None:
    given = PLAIN.replace("plan: text", "plan: text, place: {latitude: lat, longitude: lon}")
    catalog = catalog_from_yaml(f"{given}places: {{Home: [1, 2]}}\n")
    (hint,) = (p for p in segql.check(rule, catalog, now=NOW) if p.code == "bad-number")
    assert (hint.severity, [fix.text for fix in hint.fixes]) == ("hint", ["1500", "1.5"])
    for fix in hint.fixes:
        assert "bad-number" not in [p.code for p in segql.check(fix.applied(rule), catalog, now=NOW)]


def test_fixes_of_definitions_are_tried_there() -> None:
    text = 'let few = 1.000\n\nsegment "A" (n = 2) = logged in n times\n\nsegment B = in segment A and plan are "x"'
    problems = segql.check(segql.segments_from(text), catalog_from_yaml(PLAIN), now=NOW)
    found = {problem.span.text: [fix.text for fix in problem.fixes] for problem in problems}
    assert found["1.000"] == ["1000", "1"]
    assert found['plan are "x"'] == ['plan is "x"']


def test_of_several_readings_one_may_be_left() -> None:
    fix = Fix(Span(Source("x"), 0, 1), "y")
    for words, one in (("Write", "Write `y`"), ("say which:", "say `y`")):
        assert Problem("syntax", "No.", fix.span, words, fixes=(fix,)).hint == one
    two = Problem("syntax", "No.", fix.span, "Write", fixes=(fix, replace(fix, text="z")))
    assert two.hint == "Write one of these:\ny\nz"
