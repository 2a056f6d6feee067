"""`check --fix`: fixes that leave no choice are written, and nothing that was right becomes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import segql as api
from segql.catalog import Catalog
from segql.errors import Fix, Problem, problem
from segql.mending import ROUNDS, Checked, mended, mended_rule, mended_segments
from segql.project import Project
from segql.source import Source, Span

from .command_line import OWN, answer, segql

NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)


def after(catalog: Catalog, *texts: str) -> list[str]:
    sources = [Source(text, f"{number}.segql") for number, text in enumerate(texts)]
    return [source.text for source in mended_segments(sources, catalog, NOW).sources]


def test_several_in_one_file_and_all_else_stays(catalog: Catalog) -> None:
    text = '-- Clicks.\nsegment  "A" = clicked smz in 72h\n  and placed oder -- really\n\nsegment "B" = country is NL\n'
    right = text.replace("smz", "sms").replace("oder", "order").replace("NL", '"NL"')
    assert after(catalog, text) == [right]


def test_a_fix_that_shows_another_mistake(catalog: Catalog) -> None:
    found = mended_rule(Source("clicked smz in 72h and (placed order at least two times"), Project(catalog, now=NOW))
    assert found.sources[0].text == "clicked sms in 72h and (placed order at least 2 times)"
    assert {fix.text for fix in found.changes} == {"2 times", ")", "clicked sms"}
    assert len({fix.span.source for fix in found.changes}) > 1
    assert not [p for p in found.problems if p.severity == "error"]


@pytest.mark.parametrize(
    "rule",
    [
        "placed order in 5m",  # two readings
        "vip and placed order or clicked sms",
        "placed order once in 30d",  # a hint
        "opened email or clicked email in 7d",  # a warning
        "placed order in 30d",  # nothing wrong
        "qqqq zzzz",  # no fix
    ],
)
def test_what_leaves_a_choice_or_is_no_error_stays(rule: str, catalog: Catalog) -> None:
    found = mended_rule(Source(rule), Project(catalog, now=NOW))
    assert (found.sources[0].text, found.changes) == (rule, ())
    assert found.problems == tuple(api.check(rule, catalog, now=NOW))


def test_names_of_one_thing_are_one_reading() -> None:
    """A slip that two names of one property are near to has one fix; near to another property, two."""
    for more, fixes in (("", 1), (", tower: text", 2)):
        properties = "{town: {type: text, also: [towne]}" + more + "}"
        catalog = api.catalog_from_yaml(f"profiles: {{table: people, key: id, properties: {properties}}}\n")
        assert len(api.check("townr is set", catalog)[0].fixes) == fixes
        found = mended_rule(Source("townr is set"), Project(catalog, now=NOW))
        assert found.sources[0].text == ("town is set" if fixes == 1 else "townr is set")


def test_a_definition_that_was_right_stays_right(catalog: Catalog) -> None:
    """Read by itself the first would be mended; then there would be two segments of one name."""
    good, broken = 'segment "VIPs" = vip\n', 'segment "VIPs" = vip and placed order in 3 dyas\n'
    assert after(catalog, broken) == [broken.replace("dyas", "days")]
    assert after(catalog, broken, good) == [broken, good]


# --- the law, with a checker of its own ------------------------------------------------------------------------------


def says(**fixes: str) -> Callable[[Sequence[Source]], Checked]:
    """A checker for which each of these letters is wrong, and another text its only fix."""

    def check(texts: Sequence[Source]) -> Checked:
        found: list[Problem] = []
        for source in texts:
            for at, letter in enumerate(source.text):
                if letter in fixes:
                    span = Span(source, at, at + 1)
                    found.append(problem("unknown-name", f"no {letter}", span, "say", fixes[letter]))
        return Checked(tuple(found))

    return check


def test_overlapping_fixes_wait_for_each_other(catalog: Catalog) -> None:
    def check(texts: Sequence[Source]) -> Checked:
        text = texts[0].text
        wanted = [("ab", "A"), ("bc", "C")] if "ab" in text else [("c", "C")]
        found = []
        for old, new in wanted:
            if (at := text.find(old)) >= 0:
                found.append(problem("unknown-name", "wrong", Span(texts[0], at, at + len(old)), "say", new))
        return Checked(tuple(found))

    found = mended([Source("x abc y")], check)
    assert found.sources[0].text == "x AC y"
    assert [fix.text for fix in found.changes] == ["A", "C"]


def test_fixes_without_end_end(catalog: Catalog) -> None:
    there_and_back = mended([Source("a")], says(a="b", b="a"))
    assert there_and_back.sources[0].text in ("a", "b")
    growing = mended([Source("a")], says(a="xa"))
    assert len(growing.changes) <= ROUNDS
    assert growing.problems


def test_a_fix_that_breaks_what_was_right_is_left_out_and_the_others_are_written(catalog: Catalog) -> None:
    def check(texts: Sequence[Source]) -> Checked:
        text = texts[0].text
        spans = [Span(texts[0], at, at + 1) for at, letter in enumerate(text) if letter in "abc"]
        wrong = [Problem("unknown-name", s.text, s, fixes=(Fix(s, s.text.upper()),)) for s in spans]
        return Checked(tuple(wrong), frozenset() if "B" in text else frozenset({("x", "segment", "y")}))

    assert mended([Source("a b c")], check).sources[0].text == "A b C"


# --- the command -----------------------------------------------------------------------------------------------------


def test_files_are_mended(shop_folder: Path) -> None:
    (shop_folder / "more").mkdir()
    one, two = shop_folder / "more" / "one.segql", shop_folder / "more" / "two.segql"
    one.write_bytes(
        '\ufeff-- Once.\r\nsegment "One" = placed oder -- here\r\nsegment "Two" = placed order in 5m\n'.encode()
    )
    two.write_text('segment "Three" = placed order\n')
    before = two.stat().st_ino
    result = segql("check", *OWN[:2], "--segments", "more", "--fix", code=1)
    assert "more/one.segql:2:17: `placed oder` is now `placed order`\n" in result.stdout
    assert "error[bad-duration]" in result.stdout
    assert result.stdout.endswith("files: 1 fix written, 1 error.\n")
    assert one.read_bytes().decode() == (
        '\ufeff-- Once.\r\nsegment "One" = placed order -- here\r\nsegment "Two" = placed order in 5m\n'
    )
    assert two.stat().st_ino == before
    assert answer("check", *OWN[:2], "--segments", "more", "--fix", code=1)["changed"] == []


def test_a_rule_is_printed(shop_folder: Path) -> None:
    result = segql("check", *OWN[:2], "--fix", "placed oder")
    assert (result.stdout, result.stderr) == (
        "placed order\n", "rule:1:1: `placed oder` is now `placed order`\nNothing wrong.\n",
    )  # fmt: skip
    found = answer("check", *OWN[:2], "--fix", "placed oder")
    assert found == {
        "text": "placed order", "problems": [],
        "changed": [{"file": "rule", "line": 1, "column": 1, "before": "placed oder", "after": "placed order"}],
    }  # fmt: skip
    assert segql("check", *OWN[:2], "--fix", "-", stdin="placed oder\n").stdout == "placed order\n"
    segql("check", *OWN[:2], "--fix", code=2)
    segql("check", *OWN[:2], "--fix", "--segments", "good.segql", "--segment", "Dutch", code=2)


def test_a_file_that_changed_meanwhile_is_left_alone(shop_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from segql import mending

    path, real = shop_folder / "mine.segql", mending.mended_segments
    path.write_text('segment "One" = placed oder\n')

    def meanwhile(*given: Any) -> mending.Mended:
        path.write_text('segment "Other" = placed order\n')
        return real(*given)

    monkeypatch.setattr(mending, "mended_segments", meanwhile)
    result = segql("check", *OWN[:2], "--segments", "mine.segql", "--fix", code=1)
    assert "was changed meanwhile" in result.stderr
    assert path.read_text() == 'segment "Other" = placed order\n'
