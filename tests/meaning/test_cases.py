"""One segment, one file: cases/THEME/NAME.segql-case holds a rule and what becomes of it.

By hand: `rule`, and where needed `now`, `segments` (a text of definitions) and `shop` (rows as YAML; without it the
nearest shop.yaml above the file). Filled in by `pytest --update`: `text` (canonical), `says` (in plain English),
`problems` (warnings and hints), `members` (by the evaluator) and `sql duckdb`. Every engine has to find the members
that the evaluator finds, also while updating, and where the catalog says how values are stored; but its SQL stands only
in cases that have a section for it, such as `=== sql postgres`, which may be empty at first.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import segql
from segql import evaluator
from segql.catalog import Catalog
from segql.errors import render
from segql.evaluator import Shop

from ..case_files import CaseFile, read_case, settle
from ..engines import Engine, stored
from ..engines import compiled as compiled_for
from ..worlds.shop_text import read
from ..worlds.told import told

FOLDER = Path(__file__).parents[1] / "cases"
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


@pytest.fixture(scope="module")
def kept(catalog: Catalog) -> Catalog:
    """The catalog that says in addition how values are stored."""
    return told(catalog)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path, engine: Engine, catalog: Catalog, kept: Catalog, update: bool) -> None:
    case, shop = read_case(path), shop_of(path)
    now, rule = now_of(case), case.sections["rule"]
    segments = segql.segments_from(case.sections.get("segments", ""))
    assert not segments.problems, segments.problems

    compiled = compiled_for(rule, catalog, engine.dialect, now=now, segments=segments)
    found, held, own = compiled.meaning, stored(shop, engine), f"sql {engine.dialect}"
    engine.load(held)
    members = evaluator.members(found.bound, held, catalog, found.now, found.sample)
    assert engine.members(compiled.sql) == members, compiled.sql
    shorter = compiled_for(rule, kept, engine.dialect, now=now, segments=segments).sql
    assert shorter == compiled.sql or engine.members(shorter) == members, shorter

    filled = {name: text for name, text in case.sections.items() if name not in WRITTEN}
    if engine.dialect == "duckdb":  # what is the same for all engines is compared once
        filled = said(rule, shop, catalog, compiled, now=now, segments=segments) | {
            name: sql for name, sql in sorted(filled.items()) if name.startswith("sql ") and name != own
        }
    elif own in filled:
        filled[own] = compiled.sql
    settle(case, filled, WRITTEN, update)


def said(rule: str, shop: Shop, catalog: Catalog, compiled: segql.Compiled, **how: Any) -> dict[str, str]:
    """What becomes of a rule, the SQL last."""
    assert segql.parse(compiled.text) == segql.parse(rule)
    assert segql.format(compiled.text) == compiled.text
    found = {"text": compiled.text, "says": segql.describe(rule, catalog, **how)}
    if compiled.problems:
        found["problems"] = "\n\n".join(render(p) for p in compiled.problems)
    found["members"] = " ".join(sorted(map(str, segql.evaluate(rule, catalog, shop, **how))))
    return found | {f"sql {compiled.dialect}": compiled.sql}


def test_there_are_cases_of_everything() -> None:
    assert len(CASES) >= 120
