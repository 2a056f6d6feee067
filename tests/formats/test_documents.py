"""FORMAT/*.segql-import hold a foreign document, and what becomes of it; *.segql-export the other way round.

By hand: `document` (or `segments`), with `names`, and `catalog` (`yes` for the tests' own). Filled in by
`pytest --update`: `text` (or `document`) and `report`. A text that is written binds in that catalog.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import segql
from segql import formats
from segql.catalog import Catalog
from segql.formats import Setting, text_of

from ..binder.bound import NOW
from ..case_files import read_case, settle
from .imported import imported, names_of, report

FOLDER = Path(__file__).parent
IMPORTS = sorted(FOLDER.glob("*/*.segql-import"))
EXPORTS = sorted(FOLDER.glob("*/*.segql-export"))


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", IMPORTS, ids=named)
def test_import(path: Path, catalog: Catalog, update: bool) -> None:
    case = read_case(path)
    given = case.sections
    format = path.parent.name.replace("_", "-")
    found = imported(format, given["document"], given.get("names", ""), catalog if "catalog" in given else None)
    text = text_of(found)
    settle(case, {"text": text, "report": report(found)}, ("names", "catalog", "document"), update)
    segments = segql.segments_from(text)
    assert segments.problems == ()
    assert list(segments) == [one.name for one in found if one.written]
    if "catalog" in given:
        for name in segments:
            said = segql.check(segments[name], catalog, segments=segments, now=NOW)
            assert [problem for problem in said if problem.severity == "error"] == [], name


@pytest.mark.parametrize("path", EXPORTS, ids=named)
def test_export(path: Path, catalog: Catalog, update: bool) -> None:
    case = read_case(path)
    given = case.sections
    write = formats.exporter(path.parent.name.replace("_", "-"))
    assert write is not None
    segments = segql.segments_from(given["segments"])
    assert segments.problems == ()
    setting = Setting(catalog, names_of(given.get("names", ""), catalog), segments, given.get("dialect", "duckdb"), NOW)
    found = [write(segment, setting) for segment in segments.segments.values()]
    documents = [one.document for one in found if one.document is not None]
    texts = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False, indent=1) for one in documents]
    filled = {"document": "\n\n".join(text.strip("\n") for text in texts), "report": report(found)}
    settle(case, filled, ("names", "dialect", "segments"), update)
