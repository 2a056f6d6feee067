"""SQLite, from the standard library, in this process."""

from __future__ import annotations

import json
import math
import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from segql.evaluator import Key, Shop

from ..worlds.shop_tables import TABLES, raw
from .unable import Unable

TYPES = {"json": "text", "instant": "text", "wall": "text", "date": "text", "list of text": "text",
         "list of integer": "text"}  # fmt: skip
"""Of the types in `TABLES`, those that are written differently here."""


class SQLite:
    dialect = "sqlite"

    def __init__(self) -> None:
        import sqlite3

        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._loaded: Shop | None = None
        self._connection.execute("ATTACH ':memory:' AS shop")
        for name, columns in TABLES.items():
            defined = ", ".join(f'"{column}" {TYPES.get(type_, type_)}' for column, type_ in columns.items())
            self._connection.execute(f"CREATE TABLE {name} ({defined})")

    def load(self, shop: Shop) -> None:
        if shop is self._loaded:
            return
        tables = raw(shop)
        self._connection.execute("BEGIN")
        for name, columns in TABLES.items():
            self._connection.execute(f"DELETE FROM {name}")
            rows = [[stored(value) for value in row] for row in tables.get(name, ())]
            self._connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' for _ in columns)})", rows)
        self._connection.execute("COMMIT")
        self._loaded = shop

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
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
