"""SQL dialects: one file each, a row of answers to a few named questions. Nothing outside this room asks which dialect
it writes.

Each says how the tests judge its SQL: on the engine itself, on one that stands in, or only as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from ..errors import expect
from ..nearest import nearest
from .exactness import inexact
from .model import Dialect, NotInDialect
from .printing import printed
from .reserved import RESERVED
from .rewriting import DECIMALS, VALUE, below, is_set, rewritten

__all__ = [
    "DECIMALS",
    "DIALECTS",
    "RESERVED",
    "VALUE",
    "Dialect",
    "NotInDialect",
    "below",
    "dialect",
    "inexact",
    "is_set",
    "printed",
    "rewritten",
]

_HOME = {
    "duckdb": "duckdb", "postgres": "postgres", "bigquery": "bigquery", "spark": "spark", "databricks": "spark",
    "clickhouse": "clickhouse", "snowflake": "snowflake", "redshift": "redshift", "trino": "trino", "mysql": "mysql",
    "mariadb": "mysql", "sqlite": "sqlite",
}  # fmt: skip
"""The file of each dialect: it is loaded when the dialect is asked for."""


@cache
def _loaded(name: str) -> Dialect:
    found: Dialect = getattr(import_module(f".{_HOME[name]}", __name__), name.upper())
    return found


class _Dialects(Mapping[str, Dialect]):
    def __getitem__(self, name: str) -> Dialect:
        return _loaded(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_HOME)

    def __len__(self) -> int:
        return len(_HOME)

    def __contains__(self, name: object) -> bool:
        return name in _HOME


DIALECTS: Mapping[str, Dialect] = _Dialects()


_ALSO = {
    "postgresql": "postgres", "pg": "postgres", "psycopg": "postgres", "sqlite3": "sqlite", "pyspark": "spark",
    "sparksql": "spark", "sc": "spark", "googlesql": "bigquery",
}  # fmt: skip
"""What drivers and URLs call them."""


def dialect(name: str) -> Dialect:
    """The dialect of a name, or of one that its drivers and URLs have, in any case.

    Raises ValueError for an unknown one.
    """
    expect("dialect", "the name of a dialect", name, str)
    plain = name if name in _HOME else name.strip().lower()
    plain = _ALSO.get(plain, plain)
    if plain not in _HOME:
        near = nearest(plain[:40], (*_HOME, *_ALSO), 1)
        meant = f"did you mean {_ALSO.get(near[0], near[0])}? " if near else ""
        shown = repr(name) if len(name) <= 40 else f"{name[:40]!r}.."
        raise ValueError(f"unknown dialect {shown}; {meant}known are {', '.join(sorted(DIALECTS))}")
    return _loaded(plain)


def known_or_plain(name: str) -> Dialect:
    """The dialect of a catalog's SQL, which need not be one that SegQL writes."""
    return DIALECTS.get(_ALSO.get(name, name)) or Dialect(name)
