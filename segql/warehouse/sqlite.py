"""SQLite as a warehouse's connection, by the standard library: a file that is never written."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from ..nearest import nearest
from ..plain import dataclass
from .arrow import write_parquet
from .connection import BATCH, Answer, Reference, Row, Warehouse
from .duckdb import quoted
from .faults import WarehouseError, misfit, too_long, unfit
from .layout import Indexed, Layout
from .types import ColumnType

if TYPE_CHECKING:
    import pyarrow

_OLDEST = (3, 38)
_STEPS = 100_000
"""Of SQLite's machine, between two looks at the clock."""
_FORM = "sqlite:///shop.db is a file beside you, sqlite:////srv/shop.db an absolute path"


def open_sqlite(url: str, seconds: int = 600) -> Warehouse:
    """The database in the file that a URL names, read only; a statement ends after so many seconds, 0: never.

    `sqlite:///a.db` is a relative path, `sqlite:////srv/a.db` an absolute one. Raises WarehouseError.
    """
    rest, path = url.partition("://")[2], path_of(url)
    name = f"The warehouse {path}"
    if not rest.startswith("/") or not rest[1:] or "?" in rest:
        raise WarehouseError("A URL of SQLite is three slashes and the path of a file.", _FORM)
    if sqlite3.sqlite_version_info < _OLDEST:
        raise WarehouseError(
            f"{name} needs SQLite 3.38 or newer, and this Python has {sqlite3.sqlite_version}.", "take a newer Python"
        )
    if not os.path.isfile(path):
        beside = [one.name for one in path.parent.iterdir()] if os.path.isdir(path.parent) else []
        near = nearest(path.name, beside)
        raise WarehouseError(f"There is no file {path}.", f"did you mean {path.with_name(near[0])}?" if near else _FORM)
    try:
        driver = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
        )
        driver.execute("PRAGMA query_only = ON")
        driver.execute("SELECT COUNT(*) FROM sqlite_schema").fetchall()
    except sqlite3.Error as error:
        raise WarehouseError(f"{path} cannot be opened: {_said(error)}.", "it should be a database of SQLite") from None
    return Warehouse(SQLite(driver, seconds), name)


def path_of(url: str) -> Path:
    """The file that a URL names."""
    return Path(unquote(url.partition("://")[2][1:]))


_REFERENCES = """
SELECT t.name, min(f."from"), f."table",
  coalesce(min(f."to"), (SELECT k.name FROM pragma_table_info(f."table") AS k WHERE k.pk = 1))
FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table'
GROUP BY t.name, f.id, f."table" HAVING count(*) = 1 ORDER BY 1, 2
"""
"""One that names no column means the key."""
_LAYOUT = """
SELECT i.name, coalesce(c.name, '') FROM pragma_index_list(:table) AS i, pragma_index_info(i.name) AS c
WHERE NOT i.partial
UNION ALL SELECT '', t.name FROM pragma_table_info(:table) AS t WHERE t.pk = 1 AND t.type = 'INTEGER'
"""
"""The columns of indexes; a key that is an integer is the table's own order."""


@dataclass(slots=True)
class SQLite:
    """A connection of the driver `sqlite3`."""

    driver: sqlite3.Connection
    seconds: int
    dialect: str = "sqlite"
    one_thread: bool = False
    billed: bool = False
    reconnects: bool = True
    writes_named: bool = False
    late: bool = field(default=False, repr=False)
    """Whether the last statement was stopped because its time was over."""

    def run(self, sql: str) -> Answer:
        cursor = self._asked(sql)
        return Answer(tuple(column[0] for column in cursor.description), _batches(cursor))

    def _asked(self, sql: str) -> sqlite3.Cursor:
        self.late, end = False, time.monotonic() + self.seconds

        def over() -> bool:
            self.late = time.monotonic() > end
            return self.late

        self.driver.set_progress_handler(over if self.seconds else None, _STEPS)
        return self.driver.execute(sql)

    def arrow(self, sql: str) -> pyarrow.RecordBatchReader:
        import pyarrow as pa

        answer = self.run(sql)
        rows = [row for batch in answer.batches for row in batch]
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(answer.columns)
        return pa.table([pa.array(column) for column in columns], names=list(answer.columns)).to_reader()

    def write_parquet(self, sql: str, path: str) -> None:
        write_parquet(self.arrow(sql), path)

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        # A column may hold values of any type: what the catalog says of it is asked of no declaration.
        found = self._asked(f"SELECT * FROM (\n{sql}\n) AS t LIMIT 0").description
        return [(column[0], ColumnType("a column of SQLite", "any")) for column in found]

    def tables(self) -> Sequence[str]:
        listed = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY 1"
        return [name for (name,) in self._asked(listed) if not name.startswith("sqlite_")]

    def references(self) -> Sequence[Reference]:
        """As `Declaring` has it."""
        found = self.driver.execute(_REFERENCES).fetchall()
        return [Reference(*row) for row in found if None not in row]

    def layout(self, table: str) -> Layout | None:
        named = table.rpartition(".")[2]
        kinds = self.driver.execute("SELECT type FROM sqlite_schema WHERE name = ?", (named,)).fetchall()
        if kinds != [("table",)]:
            return None
        (rows,) = self._asked(f"SELECT COUNT(*) FROM {quoted(named)}").fetchone()
        indexes: dict[str, list[str]] = {}
        for index, column in self.driver.execute(_LAYOUT, {"table": named}):
            indexes.setdefault(index, []).append(column)
        return Indexed(rows, tuple(map(tuple, indexes.values())))

    def explain(self, sql: str) -> str:
        return "\n".join(str(row[-1]) for row in self._asked(f"EXPLAIN QUERY PLAN {sql}"))

    def cancel(self) -> None:
        self.driver.interrupt()

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        if not isinstance(error, sqlite3.Error | sqlite3.Warning | OverflowError):
            return None
        said = _said(error)
        if self.late:
            return too_long(name, self.seconds)
        if said.startswith("no such function"):
            return WarehouseError(
                f"{name} cannot answer: {said}.", "this SQLite is built without it: docs/dialects.md says what it needs"
            )
        if said.startswith(("no such", "ambiguous column")):
            return unfit(name, said)
        if "parser stack overflow" in said:
            return WarehouseError(
                f"{name} cannot answer: the statement nests deeper than SQLite reads.",
                "cut the rule into segments of its own",
            )
        if "overflow" in said:
            return misfit(name, said)
        return WarehouseError(f"{name} cannot answer: {said}")

    def close(self) -> None:
        self.driver.close()


def _batches(cursor: sqlite3.Cursor) -> Iterator[Sequence[Row]]:
    while batch := cursor.fetchmany(BATCH):
        yield batch
    cursor.close()


def _said(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]
