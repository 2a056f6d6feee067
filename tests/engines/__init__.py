"""The engines that run SQL in the tests: one file each, with a class, and an entry in `ENGINES`.

An engine writes the tables of `shop_tables.TABLES` in its own types, once, and holds one shop at a time. Heavy imports
belong into its `__init__`: whoever runs one engine needs no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from segql.evaluator import Key, Shop

from .bigquery import BigQuery
from .clickhouse import ClickHouse
from .duckdb import DuckDB
from .mariadb import MariaDB
from .mysql import MySQL
from .postgres import Postgres
from .redshift import Redshift
from .snowflake import Snowflake
from .spark import Sail, Spark
from .sqlite import SQLite
from .unable import Unable, compiled

__all__ = [
    "ALWAYS", "ENGINES", "BigQuery", "ClickHouse", "DuckDB", "Engine", "MariaDB", "MySQL", "Postgres", "Redshift",
    "SQLite", "Sail", "Snowflake", "Spark", "Unable", "compiled", "started", "stored",
]  # fmt: skip


class Engine(Protocol):
    """A warehouse that holds one shop at a time."""

    dialect: str

    def load(self, shop: Shop) -> None: ...

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows that the statement selects; of BigQuery all columns have to be texts."""
        ...

    def members(self, sql: str) -> set[Key]:
        """The keys that the statement selects: one column, no key twice."""
        ...


ENGINES: dict[str, Callable[[], Engine]] = {
    "duckdb": DuckDB, "postgres": Postgres, "bigquery": BigQuery,
    "sail": Sail, "spark": Spark, "clickhouse": ClickHouse,
    "mariadb": MariaDB, "mysql": MySQL, "redshift": Redshift, "snowflake": Snowflake, "sqlite": SQLite,
}  # fmt: skip
ALWAYS = ("duckdb", "sqlite", "postgres")
"""What the tests run on unasked; on another engine with its name as the marker, -m spark."""


def stored(shop: Shop, engine: Engine) -> Shop:
    """The shop as the engine can hold it."""
    return engine.stored(shop) if isinstance(engine, ClickHouse) else shop


def started(name: str) -> Iterator[Engine]:
    """The engine, for a fixture. A server of its own would outlive the process of a parallel worker."""
    try:
        engine = ENGINES[name]()
    except ImportError as error:
        if name in ALWAYS:
            raise
        raise Unable(f"{error}; CONTRIBUTING.md says how to get {name}") from None
    try:
        yield engine
    finally:
        if isinstance(engine, Postgres | Spark | Sail | ClickHouse | MariaDB):
            engine.close()
