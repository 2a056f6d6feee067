"""One segment, one file: cases/THEME/NAME.segql-case holds a rule and what becomes of it.

By hand: `rule`, and where needed `now`, `segments` (a text of definitions) and `shop` (rows as YAML; without it the
nearest shop.yaml above the file). Filled in by `pytest --update`: `text` (canonical), `says` (in plain English),
`problems` (warnings and hints), `members` (by the evaluator) and `sql duckdb`. Every engine has to find the members
that the evaluator finds, also while updating; but its SQL stands only in cases that have a section for it, such as `===
sql postgres`, which may be empty at first.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import segql
from segql.catalog import Catalog
from segql.errors import render
from segql.evaluator import Shop

from .case_files import CaseFile, read_case, settle
from .engines import Engine, stored
from .engines import compiled as compiled_for
from .shop_text import read

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(FOLDER.rglob("*.segql-case"))
SOME = [pytest.param(path, marks=() if index % 16 == 0 else pytest.mark.long) for index, path in enumerate(CASES)]
"""One in sixteen, for what asks the same of every case in another way; the others in the long suite."""
WRITTEN = ("rule", "now", "segments", "shop")
NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)
"""Noon on a Friday in Amsterdam, unless the case says otherwise."""


def now_of(case: CaseFile) -> datetime:
    return datetime.fromisoformat(case.sections["now"].strip()) if "now" in case.sections else NOW


@cache
def shop_of(path: Path) -> Shop:
    """The shop that the case carries, or the nearest shop.yaml above it."""
    if rows := read_case(path).sections.get("shop"):
        return read(rows)
    return _shop_file(next(file for p in path.parents if (file := p / "shop.yaml").exists()))


@cache
def _shop_file(path: Path) -> Shop:
    return read(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path, engine: Engine, catalog: Catalog, update: bool) -> None:
    case, shop = read_case(path), shop_of(path)
    now, rule = now_of(case), case.sections["rule"]
    segments = segql.segments_from(case.sections.get("segments", ""))
    assert not segments.problems, segments.problems

    members = segql.evaluate(rule, catalog, shop, now=now, segments=segments)
    compiled = compiled_for(rule, catalog, engine.dialect, now=now, segments=segments)
    held = stored(shop, engine)
    wanted = members if held is shop else segql.evaluate(rule, catalog, held, now=now, segments=segments)
    engine.load(held)
    assert engine.members(compiled.sql) == wanted, compiled.sql
    assert segql.parse(compiled.text) == segql.parse(rule)
    assert segql.format(compiled.text) == compiled.text

    filled = {"text": compiled.text, "says": segql.describe(rule, catalog, now=now, segments=segments)}
    if compiled.problems:
        filled["problems"] = "\n\n".join(render(p) for p in compiled.problems)
    filled["members"] = " ".join(sorted(map(str, members)))
    shown = {name: sql for name, sql in case.sections.items() if name.startswith("sql ")}
    if engine.dialect == "duckdb" or f"sql {engine.dialect}" in shown:
        shown[f"sql {engine.dialect}"] = compiled.sql
    settle(case, filled | dict(sorted(shown.items(), key=lambda one: (one[0] != "sql duckdb", one))), WRITTEN, update)


def test_there_are_cases_of_everything() -> None:
    assert len(CASES) >= 120
