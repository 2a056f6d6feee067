"""Catalogs that were read before: to read and to check one takes longer than to compile a rule.

What came of a text is kept in the user's cache folder, under a key of the text, of the files here that read it, and of
the libraries that they use. A file that is not whole does not count, the oldest go, and without the folder, or where
nothing can be written, a catalog is read as ever. Nothing but our own classes is made of what a file says.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..files import cache_folder, installed, write
from .model import Catalog

MOST = 20
"""So many are kept."""
_BROKEN = (OSError, ValueError, EOFError, LookupError, TypeError, AttributeError, ImportError, pickle.PickleError)


def kept(text: str, name: str) -> Catalog | None:
    """The catalog of a YAML text that is called `name` in messages; None where it is not kept."""
    path = _path(text, name)
    if path is not None:
        with suppress(*_BROKEN):
            data = path.read_bytes()
            digest, catalog = data[:32], data[32:]
            if hashlib.sha256(catalog).digest() == digest:
                found = _Reader(io.BytesIO(catalog)).load()
                return found if isinstance(found, Catalog) else None
    return None


def keep(catalog: Catalog, text: str, name: str) -> None:
    """Keep what came of a text."""
    path = _path(text, name)
    if path is not None:
        with suppress(*_BROKEN, RecursionError):
            data = pickle.dumps(catalog)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # never one that others may write to
            write(path, hashlib.sha256(data).digest() + data)
            by_age = sorted(path.parent.glob("catalog-*"), key=lambda one: one.stat().st_mtime)
            for old in by_age[:-MOST]:
                old.unlink()


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.startswith("segql.") else None
        if not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a catalog")
        return found


def _path(text: str, name: str) -> Path | None:
    folder = cache_folder()
    if folder is None:
        return None
    try:
        sources = [(one.name, one.stat()) for one in os.scandir(Path(__file__).parent) if one.is_file()]
        checks = [(one.name, one.stat()) for one in os.scandir(Path(__file__).parent / "checks") if one.is_file()]
    except OSError:  # in an archive
        return None
    made_by = [f"{name} {found.st_size} {found.st_mtime_ns}" for name, found in sorted([*sources, *checks])]
    made_of = [sys.version, *map(installed, ("pydantic", "sqlglot", "yaml")), *made_by, name, text]
    return folder / f"catalog-{hashlib.sha256(chr(0).join(made_of).encode()).hexdigest()[:32]}"
