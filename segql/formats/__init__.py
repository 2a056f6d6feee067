"""The room for the rules of other programs: each format is one module or package of this folder, found by listing it.

A format is a module `segql/formats/NAME.py` or a package `segql/formats/NAME/` (a hyphen in the name is `_` there) with

    REVISION = "2026-07-15"     what was read when it was written: a revision, a date, a commit

    def read(document: Source, names: Names) -> Iterator[Imported]         where it can be read
    def write(segment: ast.Segment, setting: Setting) -> Exported          where it can be written

`read` gives one `Imported` for each segment of the document, in its order. It raises SegQLError, with a place, for what
is no such document at all: half of it, another shape at the top (`core/documents.py` does so for JSON). Whatever is
wrong with one segment is a `Finding` of that one, and the rest go on. It takes any text.

**Nothing is dropped silently.** Every condition of the foreign document is one `Finding` at least: its path there, the
vendor's name for its kind, a verdict, and what changes for whom (`approximate`) or what is missing (`impossible`).
A field that a reader does not know is impossible (`Node.only`), as is whatever it could only guess. A segment with
something impossible has no rule: `core/written.py` writes it as a comment, with what there was. An approximate
condition has its words as a comment above it. `condition()` of `core/report.py` does both, so that a reader of one
condition returns its tree, calls `notes.add(..)` where it is only near, and raises `Impossible` where nothing says it.

Trees are built of the nodes of `segql.ast`, and printed by the formatter; `core/trees.py` has the few functions that
all formats need: names as the grammar has them, groups without groups of one kind inside, comments. Every rule is
parsed again before it is written: what the language has no spelling for is impossible, and not an error later.

`write` gives one `Exported`: the document (text, or data that JSON can hold) or None, and findings whose path is
`line:column` in the `.segql` text. `Setting` has the catalog, the names, the other segments, the dialect, the instant.

Names: what is called by ids there is called by words here. `Names` looks both ways: `names.find("events", "WdT4nW")`
and `names.id_of("events", "placed order")`; the kinds are in `core/names.py`. Values that are spelled otherwise there
are changed around `read` and `write`, for all formats (`core/values.py`). One that is not known is impossible,
and `names.missing(..)` has the words for it. `names.catalog` is there where `--catalog` was given: its zone and types
make more of a document exact.

Tests: `tests/formats/NAME/*.segql-import` hold a document and, filled in by `pytest --update`, the text and the report;
`*.segql-export` the other way round. `tests/formats/test_any.py` gives every reader any text and any JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from ..ast import Segment
from ..source import Source
from .core.names import Names, read_names
from .core.report import Exported, Finding, Imported, Setting, Verdict
from .core.values import read_here, written_there
from .core.written import settled, text_of

__all__ = [
    "Exported", "Finding", "Imported", "Names", "Setting", "Verdict", "exporter", "formats", "importer", "read_names",
    "revision", "settled", "text_of",
]  # fmt: skip


def formats() -> list[str]:
    """The names of all formats, by the listing of this folder."""
    here = Path(__file__).parent
    found = [path.stem for path in here.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()]
    return sorted(name.replace("_", "-") for name in found if not name.startswith("_") and name != "core")


def revision(name: str) -> str:
    """What the format was written after. Raises KeyError for an unknown format."""
    found: str = _module(name).REVISION
    return found


def importer(name: str) -> Callable[[Source, Names], Iterator[Imported]] | None:
    """What reads that format; None where it can only be written. Raises KeyError for an unknown format."""
    read: Callable[[Source, Names], Iterator[Imported]] | None = getattr(_module(name), "read", None)
    return None if read is None else lambda document, names: read_here(read(document, names), names)


def exporter(name: str) -> Callable[[Segment, Setting], Exported] | None:
    """What writes that format; None where it can only be read. Raises KeyError for an unknown format."""
    write: Callable[[Segment, Setting], Exported] | None = getattr(_module(name), "write", None)
    return None if write is None else written_there(write)


def _module(name: str) -> Any:
    if name not in formats():
        raise KeyError(f"There is no format `{name}`: {', '.join(formats())}.")
    return import_module(f".{name.replace('-', '_')}", __name__)
