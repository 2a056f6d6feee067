"""DuckDB."""

from __future__ import annotations

from .model import Dialect

DUCKDB = Dialect(
    "duckdb",
    executed=True,
    repeated_hour="later",
    wide_integers=True,
    lambdas=True,
    list_count="LIST_COUNT",
)
