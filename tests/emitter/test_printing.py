"""Short ways to the same text: of printing, and of asking a dialect about the nodes that concern it alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlglot import exp

import segql
from segql import emitter, planner
from segql.catalog import Catalog
from segql.dialects import DIALECTS, NotInDialect, printed, rewritten

from ..case_files import read_case
from ..meaning.test_cases import CASES, now_of

PARTS = 40
"""One of them in every run, the others in the long suite."""


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("part", [0, *(pytest.param(one, marks=pytest.mark.long) for one in range(1, PARTS))])
def test_it_is_the_text_that_sqlglot_prints(dialect: str, part: int, catalog: Catalog) -> None:
    spoken = DIALECTS[dialect]
    for path in CASES[part::PARTS]:
        case = read_case(path)
        segments = segql.segments_from(case.sections.get("segments", ""))
        found = segql.meaning(case.sections["rule"], catalog, now=now_of(case), segments=segments)
        plan = planner.plan(found.optimized, catalog, found.now, found.sample)
        try:
            plain = rewritten(emitter.emit(plan, catalog, dialect), replace(spoken, rewrites=None))
            short = rewritten(emitter.emit(plan, catalog, dialect), spoken)
        except NotInDialect:
            continue
        assert printed(short, dialect) == plain.sql(dialect, pretty=True), path.stem


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "a b".c.d, x, y AS "Y" FROM s."T" AS q, u WHERE NOT (a AND b OR (c AND d)) /* why */ AND e = f = g',
        "SELECT DISTINCT a FROM (SELECT 1 AS a LIMIT 3) AS t JOIN u ON t.a = u.b ORDER BY a LIMIT 2 OFFSET 1",
        "WITH a AS (SELECT 1 AS b UNION ALL SELECT 2) SELECT COUNT(*) FROM a GROUP BY b HAVING COUNT(*) > 1",
        f"SELECT CASE WHEN {' AND '.join(f'long_name_{i} = {i}' for i in range(12))} THEN 1 ELSE '\n' END",
        f"SELECT COALESCE({', '.join(f'another_long_name_{i}' for i in range(9))}) IS NOT NULL AND a IS NULL",
    ],
)
def test_so_it_is_of_other_statements(sql: str, dialect: str) -> None:
    tree: exp.Expr = exp.maybe_parse(sql)
    assert printed(tree.copy(), dialect) == tree.sql(dialect, pretty=True)
