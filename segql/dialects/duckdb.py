"""DuckDB."""

from __future__ import annotations

from .model import Dialect
from .rewriting import zoned

DUCKDB = Dialect(
    "duckdb",
    executed=True,
    repeated_hour="later",
    wide_integers=True,
    lambdas=True,
    list_count="LIST_COUNT",
    named_parameter="$",
    rewrite=zoned,
)
