"""The catalog: what the words of a business are in the tables of a warehouse.

`load_catalog(path)` reads the YAML file, `catalog_from_yaml(text)` its text, `Catalog.model_validate({...})` the same
from Python. Each raises SegQLError with every problem at once, with its place in the file.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import Problem, SegQLError, expect
from ..source import Source, Span
from . import kept
from .currencies import CURRENCIES
from .model import Catalog
from .names import fold
from .schema import catalog_schema

__all__ = ["CURRENCIES", "Catalog", "catalog_from_yaml", "catalog_schema", "fold", "load_catalog"]


def load_catalog(path: str | os.PathLike[str]) -> Catalog:
    """The catalog of a YAML file (UTF-8). Raises as `catalog_from_yaml`, also for a file that cannot be read."""
    expect("path", "a file's path", path, str, os.PathLike)
    name = os.fsdecode(path)
    nowhere = Span(Source("", name), 0, 0)
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SegQLError([Problem("catalog-file", f"The catalog {name} cannot be read: {reason}.", nowhere)]) from None
    except UnicodeDecodeError as error:
        message = f"The catalog {name} is not UTF-8 text (byte {error.start + 1} is 0x{error.object[error.start]:02x})."
        raise SegQLError([Problem("catalog-file", message, nowhere, "save it as UTF-8")]) from None
    except ValueError:  # a NUL in the path
        raise SegQLError([Problem("catalog-file", f"{name!r} is no file name.", nowhere)]) from None
    if (found := kept.kept(text, name)) is None:
        found = catalog_from_yaml(text, name)
        kept.keep(found, text, name)
    return found


def catalog_from_yaml(text: str, name: str = "catalog") -> Catalog:
    """The catalog of a YAML text, called `name` in messages.

    Raises SegQLError with all that is wrong in it, TypeError that names an argument of a wrong type.
    """
    expect("text", "a catalog's YAML", text, str)
    expect("name", "what messages call the catalog", name, str)
    from .reader import read  # here: of a catalog that is kept no YAML is read

    data, marks, problems = read(Source(str(text), name))
    if data is None:
        raise SegQLError(problems)
    try:
        catalog = Catalog.model_validate(data, context=marks)
    except SegQLError as error:
        raise SegQLError(sorted([*problems, *error.problems], key=lambda problem: problem.span.start)) from None
    if problems:
        raise SegQLError(problems)
    return catalog
