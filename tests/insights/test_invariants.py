"""What must hold of segments: DuckDB and the evaluator agree, and each text is read as it is meant."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from time import perf_counter
from typing import Any, cast

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import segql
from segql.catalog import Catalog
from segql.errors import SegQLError
from segql.insights.invariants import invariant, judged, kept, kept_by
from segql.project import Project

from ..chance.pairs import example
from ..engines import DuckDB

NAMES = segql.segments_from('segment "A" = everyone\nsegment "B and C" = everyone\nsegment D = no one')


@pytest.mark.parametrize(
    ("text", "counts", "against"),
    [
        ('"A" inside "B and C"', [0], ()),
        ("a inside d", [3], ("3 profiles are in `A` and not in `D`",)),
        ('A, "B and C" and D exclusive', [0, 1, 0], ("1 profile is in `A` and in `D`",)),
        ('A, "B and C", D are exclusive', [0, 0, 0], ()),
        ("A and D cover everyone", [2], ("2 profiles are in none of them",)),
        ("A covers everyone", [0], ()),
        ("A between 100 and 5,000 members", [5001], ("5,001 profiles are in `A`, more than 5,000",)),
        ("A between 100 and 5,000 members", [100], ()),
        ("A between 100 and 5,000 members", [99], ("99 profiles are in `A`, fewer than 100",)),
        ("A at least 1 member", [0], ("0 profiles are in `A`, fewer than 1",)),
        ("A at most 2 members", [2], ()),
        ("A 2 members", [1], ("1 profile is in `A`, fewer than 2",)),
        ("A 0 members", [1], ("1 profile is in `A`",)),
    ],
)
def test_what_is_against_it(text: str, counts: list[int], against: tuple[str, ...]) -> None:
    assert judged(invariant(text, NAMES), counts).against == against


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A", "demands nothing"),
        ("", "demands nothing"),
        ('A, "B exclusive', "demands nothing"),
        ("A exclusive", "2 to 30"),
        ("A between 5 and 3 members", "smaller one first"),
        ("A inside E", "no segment `E`"),
        ("B and C exclusive", "no segment `B`"),
        ("a and " * 5_000 + "x", "demands nothing"),
        ('"a", ' * 5_000 + "x inside", "demands nothing"),
    ],
)
def test_what_demands_nothing_is_said(text: str, said: str) -> None:
    start = perf_counter()
    with pytest.raises(SegQLError, match=said):
        invariant(text, NAMES)
    assert perf_counter() - start < 20


def test_the_warehouse_and_the_evaluator_agree(catalog: Catalog) -> None:
    engine = DuckDB()

    class Opened:
        """Stands in for a warehouse: it answers statements."""

        def rows(self, sql: str) -> list[tuple[object, ...]]:
            return engine.rows(sql)

    @settings(max_examples=4, phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, rules = example(random)
        engine.load(shop)
        able = []
        for rule in ("everyone", "no one", "vip", "not vip", *rules[:3]):
            try:
                segql.compile(rule, catalog, now=now)
            except SegQLError:
                continue
            able.append(rule)
        segments = segql.segments_from(*(f'segment "S{number}" = {rule}' for number, rule in enumerate(able)))
        project = Project(catalog, segments, now=now)
        names = [f'"{name}"' for name in segments]
        some = ", ".join(random.sample(names, 3))
        texts = [f"{some} exclusive", f"{some} cover everyone", f"{names[0]} inside {names[1]}"]
        texts += [f"{names[2]}, {names[3]} exclusive", f"{names[2]}, {names[3]} cover everyone"]
        texts += [f"{one} inside {other}" for one, other in (random.sample(names, 2) for _ in range(3))]
        texts += [f"{one} between 1 and 3 members" for one in names]
        demanded = [invariant(text, segments) for text in texts]
        found = kept(demanded, replace(project, warehouse=cast(Any, Opened())))
        every = {bound.rule for one in demanded for bound in one.bounds}
        members = {rule: segql.evaluate(rule, catalog, shop, now=now, segments=segments) for rule in every}
        assert found == [kept_by(one, members) for one in demanded]

    check()
