"""What people are told when something is wrong: errors/CODE-WHAT.segql-error holds an input and all that is said.

By hand, one of: `rule` (with `segments`, `now` or a `catalog` of its own where needed; `repeat` holds a number and
words that come so many times before it; `dialect` one that cannot say it, `tenant` whose rows, `found` the numbers of
an answer), `explain` (a rule, for what is said only there), `segments` alone, `catalog` (with `tables`, SQL that makes
a warehouse to compare it with), `shop` (plain rows, as they are, with a `rule`), `catalog file` or `segments file` (a
path), `import` (a format and its document), `names` (those for a document). Filled in by `pytest --update`: `message`.
The first of a code is its example in docs/errors.md, or those whose comment says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

import segql
import segql.formats
from segql import explain
from segql.answers.ties import tied
from segql.catalog import Catalog, catalog_from_yaml, load_catalog
from segql.codes import MEANINGS
from segql.errors import CODES, Problem, SegQLError, render
from segql.evaluator import Shop
from segql.source import Source

from ..case_files import CaseFile, read_case, settle
from .errors_page import MARK, examples, page

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.glob("*.segql-error"))
DOCS = FOLDER.parents[1] / "docs" / "errors.md"
WRITTEN = (
    "repeat", "rule", "explain", "segments", "catalog", "tables", "shop", "catalog file", "segments file", "now",
    "dialect", "found", "tenant", "import", "names",
)  # fmt: skip
NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)


def problems_of(case: CaseFile, catalog: Catalog) -> Iterable[Problem]:
    given = case.sections
    now = datetime.fromisoformat(given["now"]) if "now" in given else NOW
    tenant = given["tenant"].strip() if "tenant" in given else None
    if "catalog file" in given:
        return raised(lambda: load_catalog(given["catalog file"].strip()))
    if "segments file" in given:
        return segql.load_segments(given["segments file"].strip()).problems
    if "catalog" in given:
        if "rule" not in given:
            return catalog_problems(given["catalog"] + "\n", given.get("tables"), tenant)
        catalog = catalog_from_yaml(given["catalog"])
    if "names" in given:
        return raised(lambda: segql.formats.read_names(Source(given["names"], "names.yaml")))
    if "import" in given:
        format, _, text = given["import"].partition(" ")
        read = segql.formats.importer(format)
        assert read is not None
        return raised(lambda: list(read(Source(text, "segments.json"), segql.formats.read_names(Source("")))))
    if "shop" in given:
        shop = Shop(**yaml.safe_load(given["shop"]))
        return raised(lambda: segql.evaluate(given["rule"], catalog, shop, now=now))
    segments = segql.segments_from(given.get("segments", ""))
    if "dialect" in given:
        dialect = given["dialect"].strip()
        how: dict[str, Any] = {"dialect": dialect, "segments": segments, "now": now, "tenant": tenant}
        return raised(lambda: segql.compile(given["rule"], catalog, **how))
    if "found" in given:
        members, profiles = map(int, given["found"].replace(",", "").split(" of "))
        return tied(segql.meaning(given["rule"], catalog, segments=segments, now=now), members, profiles)
    if "explain" in given:
        return explain(given["explain"], catalog, segments=segments, now=now).problems
    if "rule" in given:
        count, _, words = given.get("repeat", "0").partition(" ")
        rule = f"{words} " * int(count) + given["rule"]
        return [*segments.problems, *segql.check(rule, catalog, segments=segments, now=now)]
    saved = [p for name in segments for p in segql.check(segments[name], catalog, segments=segments, now=now)]
    return dict.fromkeys([*segments.problems, *saved])


_FOUND: dict[Path, tuple[Problem, ...]] = {}


def problems_at(path: Path, catalog: Catalog) -> tuple[Problem, ...]:
    """Of the case in a file, on the tests' own catalog; asked once, however many tests look at it."""
    if path not in _FOUND:
        _FOUND[path] = tuple(problems_of(read_case(path), catalog))
    return _FOUND[path]


def catalog_problems(text: str, tables: str | None, tenant: str | None) -> Iterable[Problem]:
    if tables is None:
        return raised(lambda: catalog_from_yaml(text))
    import duckdb

    from segql.warehouse import Warehouse, check_catalog
    from segql.warehouse.doctor import advice
    from segql.warehouse.duckdb import DuckDB
    from segql.warehouse.promises import promises

    connection = duckdb.connect()
    connection.execute(tables)
    try:
        warehouse, catalog = Warehouse(DuckDB(connection), "The warehouse"), catalog_from_yaml(text)
        catalog = catalog if tenant is None else catalog.narrowed(tenant)
        hints = [*check_catalog(warehouse, catalog), *advice(warehouse, catalog)]
        return hints or promises(warehouse, catalog)[0]  # what is declared wrongly is mended first
    finally:
        connection.close()


def raised(work: Callable[[], object]) -> Iterable[Problem]:
    with pytest.raises(SegQLError) as caught:
        work()
    return caught.value.problems


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_error(path: Path, catalog: Catalog, update: bool) -> None:
    case = read_case(path)
    problems = problems_at(path, catalog)
    assert problems, "nothing is wrong with it"
    settle(case, {"message": "\n\n".join(render(p) for p in problems)}, WRITTEN, update)
    assert any(path.stem.startswith(p.code) for p in problems), [p.code for p in problems]


def test_every_code_is_shown_and_explained() -> None:
    """The codes of the program, their meanings and the codes of these cases are the same."""
    shown = {code for path in CASES for code in re.findall(r"^\w+\[([a-z-]+)\]", path.read_text("utf-8"), re.MULTILINE)}
    assert set(CODES) - shown == set(), "codes without a case in tests/errors"
    assert shown - set(CODES) == set(), "cases of codes that are no more"
    meant = [code for codes in MEANINGS.values() for code in codes]
    assert sorted(meant) == sorted(CODES), "segql/codes.py says what each code means, once"


def test_the_page_is_written_from_the_codes_and_the_cases(update: bool) -> None:
    cases = [read_case(path) for path in CASES]
    assert [code for code in CODES if not examples(code, cases)] == [], "codes without a case that has their name"
    if update:
        DOCS.write_text(page(cases), encoding="utf-8")
    assert DOCS.read_text("utf-8") == page(cases), "pytest tests/errors/test_errors.py --update writes docs/errors.md"


def test_the_mark_chooses_the_example() -> None:
    first, second = (
        CaseFile(Path(f"cycle-{name}.segql-error"), f"# A.{mark}", {"rule": name, "message": "error[cycle]: No."})
        for name, mark in (("a", ""), ("b", f" {MARK}"))
    )
    assert examples("cycle", [first]) == [first]
    assert examples("cycle", [first, second]) == [second]
    assert examples("cyc", [first]) == []
