"""docs/dialects.md: what each dialect can say of each form, from the case files themselves.

`pytest -m long tests/docs/test_dialects.py --update` writes the table; the long suite compares it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import segql
from segql.catalog import Catalog
from segql.dialects import DIALECTS
from segql.errors import SegQLError

from ..case_files import read_case
from ..engines import ALWAYS
from ..meaning.test_cases import CASES, FOLDER, now_of

DOC = Path(__file__).parents[2] / "docs" / "dialects.md"
BEGIN, END = "<!-- the table: generated -->\n", "<!-- end of the table -->"
THEMES = sorted({path.parent.name for path in CASES})


def cell(theme: str, dialect: str, catalog: Catalog) -> str:
    """How many of the theme's cases the dialect says."""
    paths = [path for path in CASES if path.parent.name == theme]
    said = 0
    for path in paths:
        case = read_case(path)
        segments = segql.segments_from(case.sections.get("segments", ""))
        try:
            segql.compile(case.sections["rule"], catalog, dialect=dialect, now=now_of(case), segments=segments)
        except SegQLError as error:
            if any(problem.code != "not-in-dialect" for problem in error.problems):
                raise
        else:
            said += 1
    how = DIALECTS[dialect].proof
    if said == len(paths):
        return how
    return f"{how}, {len(paths) - said} of {len(paths)} refused" if said else "refused"


@pytest.mark.long
def test_the_table_is_what_the_cases_say(catalog: Catalog, update: bool) -> None:
    rows = [["form (folder of cases)", *DIALECTS], ["---"] * (len(DIALECTS) + 1)]
    rows += [[theme, *(cell(theme, dialect, catalog) for dialect in DIALECTS)] for theme in THEMES]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    before, rest = DOC.read_text(encoding="utf-8").split(BEGIN)
    written = f"{before}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}"
    if update:
        DOC.write_text(written, encoding="utf-8")
    assert DOC.read_text(encoding="utf-8") == written


def test_every_dialect_and_every_form_is_in_the_table() -> None:
    text = DOC.read_text(encoding="utf-8")
    header = next(line for line in text.splitlines() if line.startswith("| form"))
    assert [name.strip() for name in header.strip("| ").split("|")[1:]] == list(DIALECTS)
    for theme in THEMES:
        assert f"| {theme} |" in text, f"{theme} in {FOLDER} is new: --update writes the table"


def test_what_runs_unasked_is_executed() -> None:
    assert all(DIALECTS[name].proof == "executed" for name in ALWAYS)
