"""The engines that run SQL in the tests: one file each, with a class, and an entry in `ENGINES`.

An engine writes the tables of `shop_tables.TABLES` in its own types, once, and holds one shop at a time. Heavy imports
belong into its `__init__`: whoever runs one engine needs no other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from segql.evaluator import Key, Shop

from .bigquery import BigQuery
from .duckdb import DuckDB
from .postgres import Postgres

__all__ = ["ENGINES", "BigQuery", "DuckDB", "Engine", "Postgres"]


class Engine(Protocol):
    """A warehouse that holds one shop at a time."""

    dialect: str

    def load(self, shop: Shop) -> None: ...

    def members(self, sql: str) -> set[Key]:
        """The keys that the statement selects: one column, no key twice."""
        ...


ENGINES: dict[str, Callable[[], Engine]] = {"duckdb": DuckDB, "postgres": Postgres, "bigquery": BigQuery}
