"""The dialects that no engine runs here: of every case the text is SQL that reads back as what was meant, without what
is known to be wrong there; or an error says what the dialect lacks.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

import segql
from segql import emitter, planner
from segql.catalog import Catalog
from segql.dialects import DIALECTS
from segql.errors import Problem, SegQLError

from ..case_files import CaseFile, read_case
from ..chance.pairs import CATALOG
from ..meaning.test_cases import CASES, now_of

TEXTS = [name for name, one in DIALECTS.items() if one.proof != "executed"]
ANYWHERE = r"FILTER\s*\(\s*WHERE|APPROX_|UNIX_TO_TIME|DAYOFWEEK_ISO"
"""What an engine lacks, or does otherwise than is meant."""
WRONG: dict[str, str] = {
    "databricks": r"PERCENTILE",
    "snowflake": r"TRY_CAST|AS TIMESTAMP\)|GROUPS BETWEEN|UNIX_MICROS",
    "redshift": r"IS NOT DISTINCT FROM|ARRAY|GROUPS BETWEEN|POWER\(10|UNIX_MICROS",
    "trino": r"PERCENTILE|AS TIMESTAMP\)|AS TIMESTAMP WITH|AS TIME\)|FROM_UNIXTIME\(|GROUPS BETWEEN|UNIX_MICROS",
    "mysql": r"TRANSLATE|TRY_CAST|PERCENTILE|AS DATETIME\)|AT TIME ZONE|STARTS_WITH|FROM_UNIX|ARRAY|UNIX_MICROS",
}
LACKING = {
    "redshift": "has no (lists|regular expressions|tests of the elements)",
    "snowflake": "has no (regular expressions|tests of the elements)",
}
"""What a dialect may lack, as the problem says it."""
PARTS = 24
"""One of them in every run, the others in the long suite."""


def compiled(case: CaseFile, catalog: Catalog, dialect: str) -> segql.Compiled:
    segments = segql.segments_from(case.sections.get("segments", ""))
    return segql.compile(case.sections["rule"], catalog, dialect=dialect, now=now_of(case), segments=segments)


@pytest.mark.parametrize("dialect", TEXTS)
@pytest.mark.parametrize("part", [0, *(pytest.param(one, marks=pytest.mark.long) for one in range(1, PARTS))])
def test_the_text_says_what_was_meant(dialect: str, part: int, catalog: Catalog) -> None:
    for path in CASES[part::PARTS]:
        case = read_case(path)
        problems: tuple[Problem, ...] = ()
        try:
            sql = compiled(case, catalog, dialect).sql
        except SegQLError as error:
            problems = error.problems
        if problems:
            assert {p.code for p in problems} == {"not-in-dialect"}, path.stem
            assert all(re.search(LACKING.get(dialect, "nothing"), p.message) for p in problems), path.stem
            continue
        tables, texts = meant(path, DIALECTS[dialect].engine)
        (read,) = sqlglot.parse(sql, dialect=dialect)
        assert isinstance(read, exp.Query), path.stem
        assert not read.find(exp.Command), path.stem
        assert emitter.tables(read) == tables, path.stem
        said = Counter(one.this for one in read.find_all(exp.Literal) if one.is_string)
        assert not texts - said, f"{path.stem}: {texts - said}\n{sql}"
        body = re.sub(r"^--.*$|'[^']*'", "", sql, flags=re.MULTILINE)
        found = re.search(f"{ANYWHERE}|{WRONG[dialect]}", body)
        assert found is None, f"{path.stem}: {found}\n{sql}"


@pytest.mark.parametrize("part", [0, *(pytest.param(one, marks=pytest.mark.long) for one in range(1, PARTS))])
def test_mysql_says_what_mariadb_says(part: int, catalog: Catalog) -> None:
    """So what MariaDB finds is what MySQL is asked for, but for what is drawn and for elements beside rows. Where lines
    break hangs on the length of a collation's name.
    """
    for path in CASES[part::PARTS]:
        case = read_case(path)
        mysql, mariadb = ("".join(compiled(case, catalog, dialect).sql.split()) for dialect in ("mysql", "mariadb"))
        assert (
            "MD5(" in mysql or "LATERAL" in mysql or mysql.replace("utf8mb4_0900_bin", "utf8mb4_nopad_bin") == mariadb
        ), path.stem


@cache
def meant(path: Path, engine: planner.Engine) -> tuple[tuple[str, ...], Counter[str]]:
    """The tables that the case reads, and the texts that it compares with, planned for a kind of engine. Spark says
    how often: DuckDB has shapes to itself.
    """
    found = compiled(read_case(path), CATALOG, "duckdb").meaning
    plan = planner.plan(found.optimized, CATALOG, found.now, found.sample, engine)
    sql = emitter.sql_text(emitter.emit(plan, CATALOG, "spark"), CATALOG, "spark", "")
    tree = sqlglot.parse_one(sql, dialect="spark")
    return emitter.tables(tree), values(tree)


def values(tree: exp.Expr) -> Counter[str]:
    """The texts that something is compared with, but for what a dialect writes its own way: times, and `${x}`."""
    return Counter(
        one.this
        for one in tree.find_all(exp.Literal)
        if one.is_string
        and isinstance(one.parent, exp.EQ | exp.NEQ | exp.In | exp.ArrayContains)
        and not re.match(r"\d{4}-\d\d|.*\$\{", one.this)
    )
