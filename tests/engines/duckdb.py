"""DuckDB, in this process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from segql.evaluator import Key

from ..worlds.shop_tables import TABLES
from .filling import Filling

TYPES = {
    "text": "VARCHAR",
    "json": "VARCHAR",  # as JSON, it would refuse what is none
    "instant": "TIMESTAMPTZ",
    "wall": "TIMESTAMP",
    "list of text": "VARCHAR[]",
    "list of integer": "INTEGER[]",
}
"""Of the types in `TABLES`, those that are written differently here."""


class DuckDB(Filling):
    dialect = "duckdb"

    def __init__(self) -> None:
        import duckdb

        super().__init__()
        self._connection = duckdb.connect(config={"threads": 1})
        # The session's zone is one that no test speaks of: nothing may depend on it.
        self._connection.execute("SET TimeZone = 'Asia/Kathmandu'; CREATE SCHEMA shop")
        for name, columns in TABLES.items():
            defined = ", ".join(f'"{column}" {TYPES.get(type_, type_)}' for column, type_ in columns.items())
            self._connection.execute(f"CREATE TABLE {name} ({defined})")

    def _refill(self, tables: dict[str, tuple[bool, Sequence[tuple[Any, ...]]]]) -> None:
        statements = ["BEGIN"]
        for name, (had, rows) in tables.items():
            if had:
                statements.append(f"DELETE FROM {name}")
            if rows:
                values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
                statements.append(f"INSERT INTO {name} VALUES {values}")
        self._connection.execute(";".join([*statements, "COMMIT"]))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        self.fill(sql)
        return self._connection.execute(sql).fetchall()

    def members(self, sql: str) -> set[Key]:
        keys = [key for (key,) in self.rows(sql)]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case float():
            return f"'{value!r}'::DOUBLE"
        case int() | Decimal():
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        case datetime():
            type_ = "TIMESTAMPTZ" if value.tzinfo else "TIMESTAMP"
            return f"{type_} '{value.astimezone(UTC) if value.tzinfo else value}'"
        case date():
            return f"DATE '{value}'"
        case tuple() | list():
            return f"[{', '.join(map(_literal, value))}]"
        case _:
            # Before DuckDB 2 no NUL may stand in a statement.
            return "('" + str(value).replace("'", "''").replace("\0", "' || chr(0) || '") + "')"
