"""Tables that are kept beside SQLite: in the file of the warehouse itself, or in one of their own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from hashlib import md5
from pathlib import Path
from urllib.parse import quote

from ..plain import dataclass
from .duckdb import literal, quoted
from .faults import WarehouseError
from .opening import KEPT

PATIENCE = 60
"""Seconds that a file is waited for which another program writes."""


@dataclass(frozen=True, slots=True)
class SQLiteKeeper:
    """Tables in a file of SQLite, attached read only while they are read, and for writing at that moment alone.

    The warehouse is open read only, whatever is attached beside it, so that a question can make temporary tables only.
    """

    driver: sqlite3.Connection
    path: str
    schema: str = quoted(KEPT)

    def show(self, shown: bool) -> None:
        """As `Keeper` has it."""
        if shown:
            recovered(self.path)
        self._attach("ro" if shown and os.path.exists(self.path) else None)

    def there(self, table: str) -> bool:
        """As `Keeper` has it."""
        if not self._attached():
            return False
        found = self.driver.execute(f"SELECT 1 FROM {self.schema}.sqlite_schema WHERE name = ?", (table,))
        return found.fetchone() is not None

    def hold(self, name: str, sql: str) -> None:
        """As `Keeper` has it."""
        with self._writing():
            self.driver.execute(f"DROP TABLE IF EXISTS temp.{name}")
            self.driver.execute(f"CREATE TEMPORARY TABLE {name} AS\n{sql}")
            self.driver.execute(f"ANALYZE temp.{name}")

    def write(self, statements: Sequence[str], unless: str) -> bool:
        """As `Keeper` has it."""
        do = self.driver.execute
        with self._writing():
            self._attach("rwc")
            try:
                do("BEGIN")
                try:
                    # Whoever writes first holds the file; BEGIN IMMEDIATE would read the warehouse for so long, too.
                    do(f"CREATE TABLE {self.schema}.segql_writes (one)")
                    do(f"DROP TABLE {self.schema}.segql_writes")
                    if do(unless).fetchone() is not None:
                        do("ROLLBACK")
                        return False
                    for statement in statements:
                        do(statement)
                    do("COMMIT")
                except BaseException as error:
                    if self.driver.in_transaction:
                        do("ROLLBACK")
                    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                        raise WarehouseError(
                            f"{self.path} is being written by another program, and cannot be written.",
                            "close it there, or keep the tables in a file of their own: --into members.sqlite",
                        ) from None
                    raise
            finally:
                self._attach(None)
        return True

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """While statements may write, which none of a question may."""
        self.driver.set_progress_handler(None, 0)
        self.driver.execute("PRAGMA query_only = OFF")
        try:
            yield
        finally:
            self.driver.execute("PRAGMA query_only = ON")

    def _attached(self) -> bool:
        return any(name == KEPT for _, name, _ in self.driver.execute("PRAGMA database_list"))

    def _attach(self, how: str | None) -> None:
        if self._attached():
            self.driver.execute(f"DETACH {self.schema}")
        if how is not None:
            self.driver.execute(f"ATTACH {literal(f'file:{quote(self.path)}?mode={how}')} AS {self.schema}")


def recovered(path: str | Path) -> None:
    """Takes back what somebody wrote half who was killed: a file that is open read only could not be read before."""
    if os.path.exists(f"{path}-journal"):
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as driver, suppress(sqlite3.Error):
            driver.execute("SELECT COUNT(*) FROM sqlite_schema").fetchall()


def keeper_of(driver: sqlite3.Connection, warehouse: Path, into: str) -> SQLiteKeeper:
    """What keeps tables in a file beside the warehouse, or for `main` in the warehouse's own. Raises WarehouseError."""
    path = os.path.abspath(warehouse if into == "main" else into)
    if not os.path.isdir(os.path.dirname(path)):
        raise WarehouseError(f"There is no folder {os.path.dirname(path)}.", "make it first")
    driver.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
    driver.create_function("md5", 1, lambda text: md5(str(text).encode()).hexdigest(), deterministic=True)
    return SQLiteKeeper(driver, path)
