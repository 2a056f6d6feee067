"""Whoever is in a segment by Shopify's words is in the imported one, and nobody else."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

import segql
from segql.formats import text_of
from segql.formats.shopify.parsing import parse
from segql.source import Source

from ..imported import imported
from . import queries, vendor
from .shop import CATALOG, NOW, customers, shop

ROWS = customers(Random(7), 60)
SHOP = shop(ROWS)
SEEDS = st.integers(0, 10**9)


@given(SEEDS)
def test_members_are_those_of_the_query(seed: int) -> None:
    random = Random(seed)
    check(queries.clause(random) if random.random() < 0.7 else queries.query(random))


def check(text: str) -> None:
    if (found := read(text)) is not None:
        name, segments = found
        evaluated = segql.evaluate(segments[name], CATALOG, SHOP, now=NOW, segments=segments)
        assert set(evaluated) == members(text), text


def members(text: str) -> set[int]:
    """Who is in a query by the vendor's words."""
    return vendor.members(parse(Source(text)), ROWS)


def read(text: str) -> tuple[str, segql.Segments] | None:
    """The segment that a query becomes; None where it says what cannot be, and that is told."""
    [one] = imported("shopify", text)
    if one.rule is None:
        said = [f.said for f in one.findings if f.verdict == "impossible"]
        assert all("window" in s or "Nothing lies between" in s or "in days" in s for s in said), (text, said)
        return None
    segments = segql.segments_from(text_of([one]))
    assert segments.problems == ()
    problems = segql.check(segments[one.name], CATALOG, segments=segments, now=NOW)
    if errors := {problem.code for problem in problems if problem.severity == "error"}:
        # A window of records from a date to a day that moves on: today it ends before it starts.
        assert errors == {"descending"}, (text, text_of([one]))
        assert "MATCHES (" in text
        return None
    return one.name, segments
