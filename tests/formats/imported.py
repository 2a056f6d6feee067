"""What becomes of a document, as `segql import` and `segql export` say it."""

from __future__ import annotations

from segql import formats
from segql.catalog import Catalog
from segql.formats import Exported, Finding, Imported, Names, read_names
from segql.source import Source


def imported(format: str, document: str, names: str = "", catalog: Catalog | None = None) -> list[Imported]:
    reads = formats.importer(format)
    assert reads is not None
    return formats.settled(reads(Source(document, "document"), names_of(names, catalog)))


def names_of(text: str, catalog: Catalog | None = None) -> Names:
    return read_names(Source(text, "names"), catalog)


def report(found: list[Imported] | list[Exported]) -> str:
    """A line for each condition, below the name of its segment."""
    return "\n".join(line for one in found for line in (one.name, *(f"  {said(finding)}" for finding in one.findings)))


def said(finding: Finding) -> str:
    return f"{finding.verdict} {finding.kind} at {finding.path or '/'}{f': {finding.said}' * bool(finding.said)}"
