"""DuckDB as a warehouse's connection."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ..files import replacing
from ..plain import dataclass
from .connection import BATCH, Answer, Lines, Reference, Row
from .faults import WarehouseError, misfit, unfit, writing
from .layout import Layout, Ordered
from .types import ColumnType, column_type

if TYPE_CHECKING:
    import pyarrow

_TABLES = """
SELECT CASE WHEN table_schema = current_schema() THEN table_name ELSE table_schema || '.' || table_name END
FROM information_schema.tables WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1
"""

_REFERENCES = """
SELECT CASE WHEN schema_name = current_schema() THEN table_name ELSE schema_name || '.' || table_name END,
  constraint_column_names[1],
  CASE WHEN schema_name = current_schema() THEN referenced_table ELSE schema_name || '.' || referenced_table END,
  referenced_column_names[1]
FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY' AND len(constraint_column_names) = 1 ORDER BY 1, 2
"""
"""Both tables are in one schema: DuckDB declares no others."""
_TEXTS = ("VARCHAR", "UUID")
_INTEGERS = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
)  # fmt: skip
_CSV = """CASE WHEN COALESCE({0}, '') = '' OR regexp_matches({0}, '[",\\r\\n]')
THEN '"' || replace(COALESCE({0}, ''), '"', '""') || '"' ELSE {0} END"""
"""A text in a column that is alone: quoted where it must be."""


ROW_GROUP = 122_880
"""Rows of a block, of each of which DuckDB knows the least and the largest value."""


@dataclass(frozen=True, slots=True)
class DuckDB:
    """A connection of the driver `duckdb`."""

    driver: duckdb.DuckDBPyConnection
    writes: tuple[str, Path] | None = None
    """The one file that may be written, and the place where it is."""
    dialect: str = "duckdb"
    one_thread: bool = False
    billed: bool = False
    reconnects: bool = False
    writes_named: bool = True

    def run(self, sql: str) -> Answer:
        self.driver.execute(sql)
        return Answer(tuple(column[0] for column in self.driver.description), self._batches())

    def _batches(self) -> Iterator[Sequence[Row]]:
        while batch := self.driver.fetchmany(BATCH):
            yield batch

    def arrow(self, sql: str) -> pyarrow.RecordBatchReader:
        return self.driver.sql(self._exact(sql)).to_arrow_table().to_reader()

    def _exact(self, sql: str) -> str:
        """The query in types that files hold: readers take a UUID for bytes, the largest integers become floats."""
        casts = {"UUID": "VARCHAR", "HUGEINT": "DECIMAL(38, 0)", "UHUGEINT": "DECIMAL(38, 0)"}
        kinds = [(name, casts[type_.said]) for name, type_ in self.columns(sql) if type_.said in casts]
        if not kinds:
            return sql
        replaced = ", ".join(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in kinds)
        return f"SELECT * REPLACE ({replaced}) FROM (\n{sql}\n) AS members"

    def write_parquet(self, sql: str, path: str) -> None:
        sql = self._exact(sql)
        with writing(path, self.writes[1] if self.writes and self.writes[0] == path else None) as part:
            # DuckDB's own way of replacing a file needs another file, which may not be written, and syncs nothing.
            self.driver.execute(f"COPY (\n{sql}\n) TO {literal(str(part))} (FORMAT parquet, USE_TMP_FILE false)")

    def write_list(self, sql: str, path: str, lines: Callable[[str], Lines]) -> bool:
        """As `Writer` has it: texts and integers, to the one file that may be written. Raises OSError as well."""
        ((name, type_),) = self.columns(sql)
        if self.writes is None or self.writes[0] != path or type_.said not in {*_TEXTS, *_INTEGERS}:
            return False
        value, how = f"CAST({quoted(name)} AS VARCHAR)", lines(name)
        if how.quotes == "json":
            value = f"COALESCE({value if type_.said in _INTEGERS else f'CAST(to_json({value}) AS VARCHAR)'}, 'null')"
        elif type_.said not in _INTEGERS:
            value = _CSV.format(value)
        rows = f"SELECT {value} FROM (\n{sql}\n) AS members"
        with replacing(path, self.writes[1]) as part:
            if not self._copied(rows, part, how.before, how.between, how.after):
                self._copied("SELECT '' WHERE false", part, how.empty[:-1], how.between, how.empty[-1:])
        return True

    def _copied(self, sql: str, part: Path, before: str, between: str, after: str) -> int:
        """Write one column of text as it stands, with both ends or with none; how many rows it has."""
        found = self.driver.execute(
            f"COPY ({sql}) TO {literal(str(part))} (FORMAT csv, HEADER false, DELIMITER '', QUOTE '',"
            f" USE_TMP_FILE false, PREFIX {literal(before)}, NEW_LINE {literal(between)}, SUFFIX {literal(after)})"
        ).fetchone()
        return int(found[0]) if found else 0

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        return [
            (row[0], column_type(row[1], self.dialect)) for row in self.driver.execute(f"DESCRIBE {sql}").fetchall()
        ]

    def tables(self) -> Sequence[str]:
        return [row[0] for row in self.driver.execute(_TABLES).fetchall()]

    def references(self) -> Sequence[Reference]:
        """As `Declaring` has it."""
        return [Reference(*row) for row in self.driver.execute(_REFERENCES).fetchall()]

    def layout(self, table: str) -> Layout | None:
        try:
            ((rows,),) = self.driver.execute(f"SELECT count(rowid) FROM {dotted(table)}").fetchall()
        except duckdb.BinderException:  # of a view, or of files
            return None
        return Ordered(rows, f"rowid // {ROW_GROUP}")

    def explain(self, sql: str) -> str:
        return "\n".join(row[-1] for row in self.driver.execute(f"EXPLAIN {sql}").fetchall())

    def cancel(self) -> None:
        self.driver.interrupt()

    def progress(self) -> float | None:
        """As `Progressing` has it."""
        done = self.driver.query_progress()
        return done / 100 if done >= 0 else None  # below zero: nothing runs, or it cannot be told

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        if not isinstance(error, duckdb.Error):
            return None
        said = first_line(error)
        if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
            return unfit(name, said)
        if isinstance(error, duckdb.OutOfMemoryException):
            return WarehouseError(
                f"{name} ran out of memory: {said}", "close other programs, or ask for less at a time"
            )
        if isinstance(error, duckdb.ConversionException | duckdb.InvalidInputException | duckdb.OutOfRangeException):
            return misfit(name, said)
        return WarehouseError(f"{name} cannot answer: {said}")

    def close(self) -> None:
        self.driver.close()


def first_line(error: BaseException) -> str:
    """What the driver says, without its prefix and its advice."""
    line = str(error).split("\n", 1)[0].strip()
    return re.sub(r"^[A-Z][A-Za-z ]* Error: ", "", line)


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def dotted(name: str) -> str:
    """A name that may be dotted, as SQL identifiers."""
    return ".".join(map(quoted, name.split(".")))


def quoted(name: str) -> str:
    """A name as one SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
