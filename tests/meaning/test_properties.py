"""Random rules on random shops: an engine finds whom the evaluator finds, and what must always hold does.

A failing example is printed as a case file: save it under tests/cases/ and it is a test of its own. `pytest
--hypothesis-seed=N` repeats a run; the summary names the seed and how many pairs of a rule and a shop were compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

import segql
from segql import emitter, evaluator, planner
from segql.catalog import Catalog
from segql.dialects import NotInDialect
from segql.errors import CODES
from segql.evaluator import Shop

from ..chance import rules
from ..chance.amount import third
from ..chance.pairs import RULES_PER_SHOP, SEGMENTS, Example, answers, case, example, smallest
from ..chance.rules import DEFINITIONS, Draw, random_rule, say
from ..chance.soups import soups
from ..engines import Engine, Unable, compiled, stored
from ..worlds.shops import EVENTS, ITEMS, NOWS, random_shop
from ..worlds.told import told

PARTS = 2
"""Parallel workers share the pairs."""

FEWER = {"duckdb": 1, "sqlite": 24, "postgres": 2, "bigquery": 8}
"""An engine that takes long for a query gets so many times fewer of them."""


def share(number: int, engine: Engine) -> int:
    return max(1, number // FEWER.get(engine.dialect, 16))


def examples() -> st.SearchStrategy[Example]:
    # Hypothesis draws seeds only: drawn choice by choice, it would repeat many; and `minimal` shrinks better here.
    return st.randoms(use_true_random=True).map(example)


def compare(shops: int, number: int, catalog: Catalog, engine: Engine, record: Callable[[str, object], None]) -> None:
    """Engine, evaluator and optimiser on so many random shops; `record` gets how many pairs that were.

    By turns the catalog says how values are stored.
    """
    pairs = telling = 0
    first: tuple[str, Shop, datetime, Catalog] | None = None
    catalogs = (catalog, told(catalog))

    @seed(number)
    @settings(max_examples=shops, phases=(Phase.generate,))
    @given(examples())
    def agree(example: Example) -> None:
        nonlocal pairs, telling, first
        now, shop, texts = example
        asked = catalogs[pairs // RULES_PER_SHOP % 2]
        for rule in texts:
            if first is not None:
                return
            members, wrong = answers(rule, shop, now, asked, engine)
            if wrong:
                first = (rule, shop, now, asked)
            pairs += 1
            telling += 0 < len(members) < len(shop.profiles)

    agree()
    record("pairs", pairs)
    record("telling", telling)
    record("seed", number)
    if first is not None:
        pytest.fail(smallest(*first, engine), pytrace=False)
    assert pairs >= third(shops) * RULES_PER_SHOP


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_finds_whom_the_evaluator_finds(
    part: int, catalog: Catalog, engine: Engine, base_seed: int, record_property: Callable[[str, object], None]
) -> None:
    """200 pairs of a rule and a shop; the optimised rule also finds the same by the evaluator."""
    compare(share(200, engine) // PARTS // RULES_PER_SHOP + 1, base_seed + part, catalog, engine, record_property)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_finds_whom_the_evaluator_finds_at_length(
    part: int, catalog: Catalog, engine: Engine, base_seed: int, record_property: Callable[[str, object], None]
) -> None:
    """50,000 pairs on DuckDB, 8,000 on Postgres, fewer on slower engines."""
    pairs = 50_000 if engine.dialect == "duckdb" else share(16_000, engine)
    compare(pairs // PARTS // RULES_PER_SHOP + 1, base_seed + 100 + part, catalog, engine, record_property)


def test_sql_without_the_optimizer_finds_the_same(catalog: Catalog, engine: Engine) -> None:
    @settings(max_examples=share(2, engine), phases=(Phase.generate,))
    @given(examples())
    def check(example: Example) -> None:
        now, shop, texts = example
        shop = stored(shop, engine)
        engine.load(shop)
        for rule in texts:
            try:
                found = compiled(rule, catalog, engine.dialect, now=now, segments=SEGMENTS).meaning
            except Unable:
                continue
            try:  # what is simplified away may be what the dialect lacks
                tree = emitter.emit(planner.plan(found.bound, catalog, now), catalog, engine.dialect)
                sql = emitter.sql_text(tree, catalog, engine.dialect, rule)
            except NotInDialect:
                continue
            expected = evaluator.members(found.bound, shop, catalog, now)
            assert engine.members(sql) == expected, f"{case(rule, now, shop)}\n{sql}"

    check()


ONE_TABLE = (
    "clicked email in 30d", "never opened email", "opened email at least twice in 4 months", "never clicked sms in 8mo",
    "clicked sms where campaign is 'NL'", "first clicked email in the last month", "clicked email exactly once",
    "last opened email more than 3 days ago", "number of opened email > number of clicked email",
    "days since last clicked email < 30", "opened email where not machine open", "never engaged with email in 30d",
    "placed order in 3d", "never placed order in 1mo", "total spent > 10", "first placed order more than 3 days ago",
    "placed order where any item (fragile)", "in segment \"Few\"", "in segment \"Some buyers\"",
    "top 50% by number of opened email", "number of clicked email > the average", "days between placed order > 3",
    "days since last placed order > the median of days between placed order", "days between opened email in 30d < 2",
    "days between opened email where (not machine open) <= 1",
    "days since last clicked email > 2 x days between clicked email", "days between engaged with email >= 1",
    "average order value > the overall average", "average order value <= 2 x the overall average of segment \"Few\"",
)  # fmt: skip
"""Conditions on events of one table, or on the same events, that one scan can tell."""


def about_items(random: Random, event: str) -> str:
    """A condition on the items of an event, which a scan of these can tell beside others."""
    draw = Draw(random)
    items = f"any item ({rules.together(draw, lambda: rules.tested(draw, ITEMS[event]))})"
    more = random.choice(("", "", f" and {rules.tested(draw, EVENTS[event])}"))
    number = {"placed order": "sum of quantity of {}", "got invoice": "max of price of {}"}.get(event, "number of {}")
    return random.choice((
        f"{event} where ({items}{more})", f"never {event} in 4 months where ({items}{more})",
        f"{event} in 30d where ({items}{more})", f"{number.format(event)} > 2",
    ))  # fmt: skip


def test_what_is_read_once_where_scans_are_paid_for_finds_the_same(catalog: Catalog, engine: Engine) -> None:
    focus = ("placed order", "opened email", "clicked email", "clicked sms")

    @settings(max_examples=share(4, engine), phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, event = random.choice(NOWS), random.choice(list(ITEMS))
        shop = stored(random_shop(random, now, (*focus, event)), engine)
        engine.load(shop)
        for number in range(RULES_PER_SHOP):
            parts = random.sample(ONE_TABLE, random.randint(2, 4))
            if number % 2:
                parts[:3] = [about_items(random, event) for _ in range(3)]
            rule = random.choice((" and ", " or ")).join(random.choice(("", "", "not ")) + part for part in parts)
            try:
                found = compiled(rule, catalog, engine.dialect, now=now, segments=SEGMENTS).meaning
            except Unable:
                continue
            expected = evaluator.members(found.bound, shop, catalog, now)
            kinds: tuple[planner.Engine, ...] = ("shuffles", "columns") if "between" in rule else ("shuffles",)
            for kind in kinds:
                plan = planner.plan(found.optimized, catalog, now, found.sample, kind)
                sql = emitter.sql_text(emitter.emit(plan, catalog, engine.dialect), catalog, engine.dialect, rule)
                assert engine.members(sql) == expected, f"{case(rule, now, shop)}\n{sql}"

    check()


def test_where_the_catalog_promises_that_profiles_are_known(catalog: Catalog, engine: Engine) -> None:
    told = {
        name: event if event.any_of else event.model_copy(update={"profiles_complete": True})
        for name, event in catalog.events.items()
    }
    complete = catalog.model_copy(update={"events": told})
    assert " people " not in compiled("placed order at least twice", complete, "duckdb").sql  # it is of use

    @settings(max_examples=share(4, engine), phases=(Phase.generate,))
    @given(examples())
    def check(example: Example) -> None:
        now, shop, texts = example
        keys = {row["key"] for row in shop.profiles}
        known = {name: [row for row in rows if row["profile"] in keys] for name, rows in shop.events.items()}
        shop = replace(shop, events=known)
        for rule in texts:
            assert answers(rule, shop, now, complete, engine)[1] == "", case(rule, now, shop)

    check()


def test_where_the_catalog_says_how_positions_and_month_days_are_stored(catalog: Catalog, engine: Engine) -> None:
    kept = told(catalog)
    ways = (("<test of position>", "position"), ("<test of month day>", "name day"), ("<near>", ""))
    for rule in ("latitude of position > 52", "month of name day = 11"):
        plain, shorter = (compiled(rule, one, engine.dialect, now=NOWS[0]).sql for one in (catalog, kept))
        assert len(shorter) < len(plain) or "position" in rule  # not every dialect compares floats with decimals

    @settings(max_examples=share(8, engine), phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, draw = random.choice(NOWS), Draw(random)
        shop = random_shop(random, now, ())
        for _ in range(RULES_PER_SHOP):
            way, name = random.choice(ways)
            rule = say(draw, way, it=name, other=name)
            assert answers(rule, shop, now, kept, engine)[1] == "", case(rule, now, shop)

    check()


def test_everybody_is_either_in_or_out(catalog: Catalog, engine: Engine) -> None:
    """R and not R partition the profiles, by SQL; and one profile alone is asked the same as all."""

    @settings(max_examples=share(2, engine), phases=(Phase.generate,))
    @given(examples())
    def check(example: Example) -> None:
        now, shop, texts = example
        shop = stored(shop, engine)
        engine.load(shop)
        everyone = {row["key"] for row in shop.profiles}
        for rule in texts:
            both: list[set[Any]] = []
            for text in (f"({rule})", f"not ({rule})"):
                try:
                    sql = compiled(text, catalog, engine.dialect, now=now, segments=SEGMENTS).sql
                except Unable:
                    break
                both.append(engine.members(sql))
            if not both:
                continue
            inside, outside = both
            assert inside | outside == everyone, case(rule, now, shop)
            assert not inside & outside, case(rule, now, shop)
            for key in sorted(map(str, everyone))[:2]:
                held = segql.holds(rule, catalog, shop, key, now=now, segments=SEGMENTS)
                assert held == (key in inside), f"{key}\n{case(rule, now, shop)}"

    check()


@settings(max_examples=300)
@given(st.randoms(use_true_random=True))
def test_a_rule_survives_the_formatter(random: Random) -> None:
    rule = random_rule(Draw(random))
    tree = segql.parse(rule)
    text = segql.format(tree)
    assert segql.parse(text) == tree, f"{rule}\n{text}"
    assert segql.format(text) == text


def test_any_text_ends_in_a_result_or_in_problems(catalog: Catalog) -> None:
    """`check` raises nothing, whatever it reads; what has no errors compiles."""

    @settings(max_examples=300)
    @given(soups())
    def check(text: str) -> None:
        problems = segql.check(text, catalog, now=NOWS[0], segments=SEGMENTS)
        for problem in problems:
            assert problem.message
            assert str(problem)
            assert problem.code in CODES
        if not any(problem.severity == "error" for problem in problems):
            segql.compile(text, catalog, now=NOWS[0], segments=SEGMENTS)

    check()


@settings(max_examples=100)
@given(st.lists(st.one_of(soups(), st.sampled_from(DEFINITIONS.splitlines())), max_size=5).map("\n".join))
def test_any_file_of_definitions_ends_in_segments_or_in_problems(text: str) -> None:
    segments = segql.segments_from(text)
    for problem in segments.problems:
        assert str(problem)
