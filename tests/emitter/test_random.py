"""Random bound trees on random shops: the SQL finds whom the evaluator finds, and R and not R partition the profiles.

Trees are drawn directly, so that they also hold what no text says yet (measures against measures of every kind, filters
of any depth, pooled streams over every storage of time).
"""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

import pytest
from sqlglot import exp

from segql import emitter, evaluator, planner
from segql.catalog import Catalog, load_catalog
from segql.conditions import Not

from ..chance.bound_trees import Drawing
from ..engines import DuckDB
from ..worlds import shops as s


@pytest.fixture(scope="module")
def plain_catalog() -> Catalog:
    return load_catalog(s.CATALOG)


def agree(seed: int, now: datetime, catalog: Catalog, engine: DuckDB, rules: int = 20) -> int:
    """How many rules had some members and some others."""
    drawing = Drawing(Random(seed), now)
    shop = drawing.shop()
    engine.load(shop)
    mixed = 0
    for _ in range(rules):
        rule = drawing.rule()
        expected = evaluator.members(rule, shop, catalog, now)
        mixed += 0 < len(expected) < len(shop.profiles)
        for tree, wanted in ((rule, expected), (Not(rule), {row["key"] for row in shop.profiles} - expected)):
            sql = checked(tree, now, catalog)
            try:
                found = engine.members(sql)
            except Exception as error:
                raise AssertionError(f"seed {seed}: {error}\n{sql}") from error
            assert found == wanted, f"seed {seed}: {tree}\nfound {found}, wanted {wanted}\n{now!r}\n{sql}"
    return mixed


def checked(tree: Any, now: datetime, catalog: Catalog) -> str:
    """The SQL of a tree, its nodes whole and its shape right."""
    node = emitter.emit(planner.plan(tree, catalog, now), catalog, "duckdb")
    for part in node.walk():
        assert not part.error_messages(), part.error_messages()
        # A node that stands in two places is rewritten in one of them.
        assert all(child.parent is part for child in part.iter_expressions()), part.sql()
    for count in node.find_all(exp.Count):
        select = count.find_ancestor(exp.Select)
        assert select is not None
        assert select.args.get("group"), "counted without a grouped pass"
        # Lines of events that are counted without a condition, too.
        timeless = any(table.name in ("answers", "order_lines") for table in select.find_all(exp.Table))
        assert select.args.get("where") or select.find(exp.Subquery) or timeless, "counted over all there is"
    return emitter.sql_text(node, None, "duckdb", repr(tree))


@pytest.mark.sampled
@pytest.mark.parametrize("part", range(3))
def test_sql_finds_whom_the_evaluator_finds(part: int, plain_catalog: Catalog) -> None:
    engine = DuckDB()
    seeds = range(2 * part, 2 * part + 2)
    mixed = sum(agree(seed, s.NOWS[seed % len(s.NOWS)], plain_catalog, engine) for seed in seeds)
    assert mixed > 8
