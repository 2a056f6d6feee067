"""SQLite, from the standard library, in this process."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from segql.evaluator import Key

from ..worlds.shop_tables import TABLES
from .filling import Filling
from .unable import Unable

TYPES = {"json": "text", "instant": "text", "wall": "text", "date": "text", "list of text": "text",
         "list of integer": "text"}  # fmt: skip
"""Of the types in `TABLES`, those that are written differently here."""


class SQLite(Filling):
    dialect = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.execute("ATTACH ':memory:' AS shop")
        for name, columns in TABLES.items():
            defined = ", ".join(f'"{column}" {TYPES.get(type_, type_)}' for column, type_ in columns.items())
            self._connection.execute(f"CREATE TABLE {name} ({defined})")

    def _refill(self, tables: dict[str, tuple[bool, Sequence[tuple[Any, ...]]]]) -> None:
        self._connection.execute("BEGIN")
        for name, (_, rows) in tables.items():
            self._connection.execute(f"DELETE FROM {name}")
            values = [[stored(value) for value in row] for row in rows]
            self._connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' for _ in TABLES[name])})", values)
        self._connection.execute("COMMIT")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        self.fill(sql)
        try:
            return self._connection.execute(sql).fetchall()
        except sqlite3.OperationalError as error:
            if "integer overflow" in str(error):  # what docs/dialects.md promises where amounts leave 64 bits
                raise Unable(str(error)) from None
            raise

    def members(self, sql: str) -> set[Key]:
        keys = [key for (key,) in self.rows(sql)]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)

    def close(self) -> None:
        self._connection.close()


def stored(value: Any) -> Any:
    match value:
        case bool():
            return int(value)
        case Decimal():
            return float(value)
        case float() if math.isnan(value):
            return None  # SQLite makes it so itself
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            return moment.replace(tzinfo=None).isoformat(sep=" ")
        case date():
            return value.isoformat()
        case tuple() | list():
            return json.dumps(value, default=float)
        case _:
            return value
