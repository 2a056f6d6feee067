"""What people are told when something is wrong: errors/CODE-WHAT.segql-error holds an input and all that is said.

By hand, one of: `rule` (with `segments`, `now` or a `catalog` of its own where needed; `repeat` holds a number and
words that come so many times before it; `dialect` one that cannot say it, `found` the numbers of an answer), `explain`
(a rule, for what is said only there), `segments` alone, `catalog` (with `tables`, SQL that makes a warehouse to
compare it with), `shop` (plain rows, as they are, with a `rule`), `catalog file` or `segments file` (a path). Filled
in by `pytest --update`: `message`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

import segql
from segql.catalog import Catalog, catalog_from_yaml, load_catalog
from segql.cli.answers import explained
from segql.cli.ties import tied
from segql.errors import CODES, Fix, Problem, SegQLError, render, tried
from segql.evaluator import Shop
from segql.source import Source, Span

from .case_files import CaseFile, read_case, settle

FOLDER = Path(__file__).parent / "errors"
CASES = sorted(FOLDER.glob("*.segql-error"))
DOCS = FOLDER.parents[1] / "docs" / "errors.md"
WRITTEN = (
    "repeat", "rule", "explain", "segments", "catalog", "tables", "shop", "catalog file", "segments file", "now",
    "dialect", "found",
)  # fmt: skip
NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)


def problems_of(case: CaseFile, catalog: Catalog) -> Iterable[Problem]:
    given = case.sections
    now = datetime.fromisoformat(given["now"]) if "now" in given else NOW
    if "catalog file" in given:
        return raised(lambda: load_catalog(given["catalog file"].strip()))
    if "segments file" in given:
        return segql.load_segments(given["segments file"].strip()).problems
    if "catalog" in given:
        if "rule" not in given:
            return catalog_problems(given["catalog"] + "\n", given.get("tables"))
        catalog = catalog_from_yaml(given["catalog"])
    if "shop" in given:
        shop = Shop(**yaml.safe_load(given["shop"]))
        return raised(lambda: segql.evaluate(given["rule"], catalog, shop, now=now))
    segments = segql.segments_from(given.get("segments", ""))
    if "dialect" in given:
        dialect = given["dialect"].strip()
        return raised(lambda: segql.compile(given["rule"], catalog, dialect=dialect, segments=segments, now=now))
    if "found" in given:
        members, profiles = map(int, given["found"].replace(",", "").split(" of "))
        return tied(segql.meaning(given["rule"], catalog, segments=segments, now=now), members, profiles)
    if "explain" in given:
        return explained(given["explain"], catalog, segments=segments, now=now).problems
    if "rule" in given:
        count, _, words = given.get("repeat", "0").partition(" ")
        rule = f"{words} " * int(count) + given["rule"]
        return [*segments.problems, *segql.check(rule, catalog, segments=segments, now=now)]
    saved = [p for name in segments for p in segql.check(segments[name], catalog, segments=segments, now=now)]
    return dict.fromkeys([*segments.problems, *saved])


def catalog_problems(text: str, tables: str | None) -> Iterable[Problem]:
    if tables is None:
        return raised(lambda: catalog_from_yaml(text))
    import duckdb

    from segql.warehouse import Warehouse, check_catalog
    from segql.warehouse.duckdb import DuckDB

    connection = duckdb.connect()
    connection.execute(tables)
    try:
        return check_catalog(Warehouse(DuckDB(connection), "The warehouse"), catalog_from_yaml(text))
    finally:
        connection.close()


def raised(work: object) -> Iterable[Problem]:
    with pytest.raises(SegQLError) as caught:
        work()  # type: ignore[operator]
    return caught.value.problems


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_error(path: Path, catalog: Catalog, update: bool) -> None:
    case = read_case(path)
    problems = list(problems_of(case, catalog))
    assert problems, "nothing is wrong with it"
    settle(case, {"message": "\n\n".join(render(p) for p in problems)}, WRITTEN, update)
    assert any(path.stem.startswith(p.code) for p in problems), [p.code for p in problems]


def test_every_code_is_shown_and_explained() -> None:
    """The codes of the program, the headings of docs/errors.md and the codes of these cases are the same."""
    shown = {code for path in CASES for code in re.findall(r"^\w+\[([a-z-]+)\]", path.read_text("utf-8"), re.MULTILINE)}
    explained = set(re.findall(r"^#+ `?([a-z-]+)`?$", DOCS.read_text("utf-8"), re.MULTILINE)) & (set(CODES) | shown)
    assert set(CODES) - shown == set(), "codes without a case in tests/errors"
    assert shown - set(CODES) == set(), "cases of codes that are no more"
    assert explained == set(CODES), "docs/errors.md has a heading for each code"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_fix_mends_its_problem(path: Path, catalog: Catalog) -> None:
    case = read_case(path).sections
    if "rule" not in case or {"shop", "segments", "catalog", "repeat", "dialect"} & case.keys():
        return
    known = segql.check(case["rule"], catalog, now=NOW)
    for problem in known:
        for fix in problem.fixes:
            assert fix.text in problem.hint
            again = [p for p in segql.check(fix.applied(case["rule"]), catalog, now=NOW) if p.severity == "error"]
            assert problem.message not in [p.message for p in again], fix
            assert {p.message for p in again} <= {p.message for p in known} or problem.code != "unknown-name", fix


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("bought in November 2025", ["bought between 2025-11-01 and 2025-11-30"]),
        ("bought in Q4 2025", ["bought between 2025-10-01 and 2025-12-31"]),
        ("bought in February 2024", ["bought between 2024-02-01 and 2024-02-29"]),
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
        ("opted out of sms", "cannot receive sms"),
        ("viewed product then never placed order", "not followed by"),
        ("vip except in list Newsletter", "and not in list"),
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
