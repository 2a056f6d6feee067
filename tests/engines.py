"""The engines that run SQL in the tests. A new engine is one class here and one entry in `ENGINES`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from segql.evaluator import Key, Shop

from . import shop_tables


class Engine(Protocol):
    """A warehouse that holds one shop at a time."""

    dialect: str

    def load(self, shop: Shop) -> None: ...

    def members(self, sql: str) -> set[Key]: ...


class DuckDB:
    dialect = "duckdb"

    def __init__(self) -> None:
        import duckdb

        self._connection = duckdb.connect(config={"threads": 1})
        self._loaded: Shop | None = None
        shop_tables.create(self._connection)

    def load(self, shop: Shop) -> None:
        if shop is not self._loaded:
            shop_tables.load(shop, self._connection)
            self._loaded = shop

    def members(self, sql: str) -> set[Key]:
        """The keys that the statement selects: one column, no key twice."""
        rows = self._connection.execute(sql).fetchall()
        keys = [key for (key,) in rows]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)


ENGINES: dict[str, Callable[[], Engine]] = {"duckdb": DuckDB}
