"""The engine's own grammar reads the SQL of every case: Trino's, and Spark's for Databricks, by dt-sql-parser.

Where its packages are: SEGQL_TEST_PARSERS names the folder in which npm installed it. `.ci/run` makes one.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

import segql
from segql.catalog import Catalog
from segql.dialects import DIALECTS

from ..case_files import read_case
from ..engines import Unable
from ..engines import compiled as compiled_for
from ..meaning.test_cases import CASES, now_of

SCRIPT = Path(__file__).with_name("validate.mjs")
PARSED = [name for name, one in DIALECTS.items() if one.proof == "parsed"]


@pytest.fixture(scope="module")
def folder() -> Path:
    if not (folder := os.environ.get("SEGQL_TEST_PARSERS")):
        pytest.skip("SEGQL_TEST_PARSERS is not set; CONTRIBUTING.md says what it names")
    return Path(folder)


def refused(statements: list[dict[str, str]], folder: Path, given: Path) -> list[dict[str, str]]:
    """Those that their dialect's grammar does not read, with `line` and `message`."""
    given.write_text(json.dumps(statements), encoding="utf-8")
    done = subprocess.run(
        ["node", str(SCRIPT), str(given)], cwd=folder, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    answer: list[dict[str, str]] = json.loads(done.stdout)
    return answer


@pytest.mark.parsed
@pytest.mark.parametrize("dialect", PARSED)
def test_the_grammar_reads_every_case(dialect: str, folder: Path, catalog: Catalog, tmp_path: Path) -> None:
    statements = []
    for path in CASES:
        case = read_case(path)
        segments = segql.segments_from(case.sections.get("segments", ""))
        try:
            sql = compiled_for(case.sections["rule"], catalog, dialect, now=now_of(case), segments=segments).sql
        except Unable:
            continue
        statements.append({"dialect": dialect, "name": f"{path.parent.name}/{path.stem}", "sql": sql})
    assert len(statements) > 0.9 * len(CASES)
    assert refused(statements, folder, tmp_path / "statements.json") == []


@pytest.mark.parsed
@pytest.mark.parametrize("dialect", PARSED)
def test_the_grammar_refuses_what_is_no_sql(dialect: str, folder: Path, tmp_path: Path) -> None:
    wrong = [
        "SELECT a FROM t WHERE a =",
        "SELECT CAST(a AS) FROM t",
        "SELECT a FROM t WHERE a IN ()",
        "SELECT (a FROM t",
    ]
    statements = [{"dialect": dialect, "name": sql, "sql": sql} for sql in wrong]
    found = refused(statements, folder, tmp_path / "statements.json")
    assert [statement["name"] for statement in found] == wrong
