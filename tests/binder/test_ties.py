"""A rank that takes far more than it says: what is told is true, and what is offered leaves out who ties."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import segql
from segql.answers.ties import tied
from segql.catalog import catalog_from_yaml
from segql.cli import main
from segql.evaluator import Shop

NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)
YAML = """
currency: EUR
timezone: UTC
profiles: {table: p, key: id, key type: integer, properties: {points: {type: number, scale: 0}}}
events:
  bought: {table: b, profile: p, time: at, properties: {total: {type: money, scale: 2}}}
metrics: {total spent: sum of total of bought}
"""
CATALOG = catalog_from_yaml(YAML)
RANKS = [
    "top 10% by points", "bottom 10% by points", "top 25% by total spent", "bottom 25% by total spent in 30d",
    "top 2 by points", "bottom 2 by total spent", "top 12.5% by points", "top 20% by number of bought",
    "points >= 0 and top 10% by points", "top 10% by points among segment Some",
]  # fmt: skip
SEGMENTS = segql.segments_from("segment Some = bought or points > 0")


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    few = st.sampled_from([0, 0, 0, 1, 2])
    number = draw(st.integers(1, 30))
    profiles = [{"key": i, "points": draw(few | st.none())} for i in range(number)]
    bought = [
        {"profile": i, "time": NOW - timedelta(days=1), "total": draw(few)}
        for i in range(number)
        if draw(st.booleans())
    ]
    return Shop(profiles, {"bought": bought})


@settings(max_examples=60)
@given(st.sampled_from(RANKS), shops())
def test_what_is_told_is_true(rule: str, shop: Shop) -> None:
    def members(rule: str) -> int:
        return len(segql.evaluate(rule, CATALOG, shop, now=NOW, segments=SEGMENTS))

    meaning = segql.meaning(rule, CATALOG, now=NOW, segments=SEGMENTS)
    profiles = len(shop.profiles)
    share = rule.split()[1 if rule.startswith(("top", "bottom")) else 5]
    most = float(share.rstrip("%")) * (profiles / 100 if "%" in share else 1)
    found = members(rule)
    told = tied(meaning, found, profiles)
    assert not told or found > 2 * most
    assert told or found <= 2 * (most + 1)
    for fix in (fix for problem in told for fix in problem.fixes):
        again = segql.check(fix.applied(rule), CATALOG, now=NOW, segments=SEGMENTS)
        assert not [problem for problem in again if problem.severity == "error"]
        if "%" in share and "." not in share:
            assert members(fix.applied(rule)) <= most


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    (tmp_path / "catalog.yaml").write_text(YAML, "utf-8")
    rows = "".join(f"{i},{i % 50 == 0:d}\n" for i in range(100))
    (tmp_path / "p.csv").write_text(f"id,points\n{rows}", "utf-8")
    (tmp_path / "b.csv").write_text("p,at,total\n1,2025-01-01T00:00:00Z,5\n", "utf-8")
    return ["--catalog", str(tmp_path / "catalog.yaml"), "--warehouse", str(tmp_path)]


def test_commands_tell_it(place: list[str]) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(main, [*words, *place])
        assert done.exit_code == 0, done.output
        return done.output

    for command in ("count", "members"):
        assert "takes 100 people and not 5" in run(command, "top 5% by points")
        assert "tied" not in run(command, "top 2% by points")
    (problem,) = json.loads(run("count", "top 5% by points", "--json"))["problems"]
    assert problem["code"] == "tied"
    assert [fix["text"] for fix in problem["fixes"]] == ["(top 5% by points and points > the 95th percentile)"]


@pytest.mark.parametrize("format_", ["csv", "json", "jsonl", "parquet", "markdown"])
def test_exports_tell_it_beside_the_file(place: list[str], tmp_path: Path, format_: str) -> None:
    def errors(rule: str, *words: str) -> str:
        output = str(tmp_path / f"them.{format_}")
        done = CliRunner().invoke(main, ["members", rule, "--format", format_, "--output", output, *words, *place])
        assert done.exit_code == 0, done.output
        assert "takes" not in Path(output).read_text("utf-8", errors="replace")
        return done.stderr

    assert "takes 100 people and not 5" in errors("top 5% by points")
    if format_ != "markdown":
        assert "takes 100 people and not 5" in errors("top 5% by points", "--limit", "3")
    assert "takes" not in errors("top 2% by points")
    assert "takes" not in errors("points > 0")
