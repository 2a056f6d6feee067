"""Random rules on random shops: an engine finds whom the evaluator finds, and what must always hold does.

A failing example is printed as a case file: save it under tests/cases/ and it is a test of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import segql
from segql import emitter, evaluator, planner
from segql.catalog import Catalog
from segql.evaluator import Shop

from .engines import Engine
from .rules import DEFINITIONS, rules, soups
from .shop_text import write
from .shops import NOWS, shops

SEGMENTS = segql.segments_from(DEFINITIONS)
RULES_PER_SHOP = 8

quickly = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
}


@st.composite
def examples(draw: st.DrawFn) -> tuple[datetime, Shop, list[str]]:
    now = draw(st.sampled_from(NOWS))
    shop = draw(shops(now))
    return now, shop, draw(st.lists(rules(), min_size=RULES_PER_SHOP, max_size=RULES_PER_SHOP, unique=True))


def case(rule: str, now: datetime, shop: Shop) -> str:
    """The example as a case file that can be saved as it is."""
    definitions = f"=== segments\n{DEFINITIONS}" if "segment" in rule or " a " in rule else ""
    return f"\n# Found by chance.\n\n=== rule\n{rule}\n=== now\n{now.isoformat()}\n{definitions}=== shop\n{write(shop)}"


@pytest.fixture(scope="module")
def seen() -> Iterator[Counter[str]]:
    counts: Counter[str] = Counter()
    yield counts
    print("\n" + ", ".join(f"{count} {what}" for what, count in counts.items()))  # noqa: T201


def agree(example: tuple[datetime, Shop, list[str]], catalog: Catalog, engine: Engine, seen: Counter[str]) -> None:
    now, shop, texts = example
    for rule in texts:
        compiled = segql.compile(rule, catalog, dialect=engine.dialect, now=now, segments=SEGMENTS)
        found = compiled.meaning
        members = evaluator.members(found.bound, shop, catalog, now)
        assert evaluator.members(found.optimized, shop, catalog, now) == members, case(rule, now, shop)
        engine.load(shop)
        assert engine.members(compiled.sql) == members, f"{case(rule, now, shop)}\n{compiled.sql}"
        seen["pairs of a rule and a shop"] += 1
        seen["where some are in and some are out"] += 0 < len(members) < len(shop.profiles)


def test_the_engine_finds_whom_the_evaluator_finds(catalog: Catalog, engine: Engine, seen: Counter[str]) -> None:
    """Also: the optimised rule finds the same, by the evaluator."""

    @settings(max_examples=260, **quickly)
    @given(examples())
    def check(example: tuple[datetime, Shop, list[str]]) -> None:
        agree(example, catalog, engine, seen)

    check()
    assert seen["pairs of a rule and a shop"] >= 2_000


@pytest.mark.long
def test_the_engine_finds_whom_the_evaluator_finds_at_length(
    catalog: Catalog, engine: Engine, seen: Counter[str]
) -> None:
    @settings(max_examples=6_500, **quickly)
    @given(examples())
    def check(example: tuple[datetime, Shop, list[str]]) -> None:
        agree(example, catalog, engine, seen)

    check()
    assert seen["pairs of a rule and a shop"] >= 50_000


def test_sql_without_the_optimizer_finds_the_same(catalog: Catalog, engine: Engine) -> None:
    @settings(max_examples=40, **quickly)
    @given(examples())
    def check(example: tuple[datetime, Shop, list[str]]) -> None:
        now, shop, texts = example
        engine.load(shop)
        for rule in texts:
            found = segql.meaning(rule, catalog, now=now, segments=SEGMENTS)
            tree = emitter.emit(planner.plan(found.bound, catalog, now), catalog, engine.dialect)
            sql = emitter.sql_text(tree, engine.dialect, rule)
            expected = evaluator.members(found.bound, shop, catalog, now)
            assert engine.members(sql) == expected, f"{case(rule, now, shop)}\n{sql}"

    check()


def test_everybody_is_either_in_or_out(catalog: Catalog, engine: Engine) -> None:
    """R and not R partition the profiles, by SQL; and one profile alone is asked the same as all."""

    @settings(max_examples=30, **quickly)
    @given(examples())
    def check(example: tuple[datetime, Shop, list[str]]) -> None:
        now, shop, texts = example
        engine.load(shop)
        everyone = {row["key"] for row in shop.profiles}
        for rule in texts:
            both: list[set[Any]] = []
            for text in (f"({rule})", f"not ({rule})"):
                sql = segql.compile(text, catalog, dialect=engine.dialect, now=now, segments=SEGMENTS).sql
                both.append(engine.members(sql))
            inside, outside = both
            assert inside | outside == everyone, case(rule, now, shop)
            assert not inside & outside, case(rule, now, shop)
            for key in sorted(map(str, everyone))[:2]:
                held = segql.holds(rule, catalog, shop, key, now=now, segments=SEGMENTS)
                assert held == (key in inside), f"{key}\n{case(rule, now, shop)}"

    check()


@settings(max_examples=600, **quickly)
@given(rules())
def test_a_rule_survives_the_formatter(rule: str) -> None:
    tree = segql.parse(rule)
    text = segql.format(tree)
    assert segql.parse(text) == tree, f"{rule}\n{text}"
    assert segql.format(text) == text


def test_any_text_ends_in_a_result_or_in_problems(catalog: Catalog) -> None:
    """`check` raises nothing, whatever it reads; what has no errors compiles."""

    @settings(max_examples=1_000, **quickly)
    @given(soups())
    def check(text: str) -> None:
        problems = segql.check(text, catalog, now=NOWS[0], segments=SEGMENTS)
        for problem in problems:
            assert problem.message
            assert str(problem)
            assert problem.code in segql.errors.CODES
        if not any(problem.severity == "error" for problem in problems):
            segql.compile(text, catalog, now=NOWS[0], segments=SEGMENTS)

    check()


@settings(max_examples=300, **quickly)
@given(st.lists(st.one_of(soups(), st.sampled_from(DEFINITIONS.splitlines())), max_size=5).map("\n".join))
def test_any_file_of_definitions_ends_in_segments_or_in_problems(text: str) -> None:
    segments = segql.segments_from(text)
    for problem in segments.problems:
        assert str(problem)
