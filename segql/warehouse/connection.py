"""A connection that runs statements: they can be interrupted with Ctrl-C, and their errors are for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any, TypeAlias, TypeVar

import duckdb

Row: TypeAlias = tuple[Any, ...]
T = TypeVar("T")


class WarehouseError(Exception):
    """What is wrong with a warehouse, or with what was asked of it, and how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Warehouse:
    """An open warehouse. `name` is what messages call it."""

    connection: duckdb.DuckDBPyConnection
    name: str

    def rows(self, sql: str) -> list[Row]:
        """All rows of a statement."""
        return self._run(lambda: self.connection.execute(sql).fetchall())

    def count(self, sql: str) -> int:
        """How many rows a query has."""
        return int(self.rows(f"SELECT count(*) FROM (\n{sql}\n) AS members")[0][0])

    def members(self, sql: str, limit: int | None = None) -> tuple[str, Iterator[Any]]:
        """The name of a query's one column and its first `limit` values in order, read as they are needed."""
        end = "" if limit is None else f" LIMIT {limit:d}"
        self._run(lambda: self.connection.execute(f"SELECT * FROM (\n{sql}\n) AS members ORDER BY ALL{end}"))
        return self.connection.description[0][0], self._values()

    def write_parquet(self, sql: str, path: str, limit: int | None = None) -> None:
        """Write a query's rows to a Parquet file, in order. The warehouse must have been opened with `writes=path`."""
        end = "" if limit is None else f" LIMIT {limit:d}"
        query = f"SELECT * FROM (\n{sql}\n) AS members ORDER BY ALL{end}"
        self.rows(f"COPY (\n{query}\n) TO {literal(path)} (FORMAT parquet)")

    def close(self) -> None:
        self.connection.close()

    def _values(self) -> Iterator[Any]:
        while chunk := self._run(lambda: self.connection.fetchmany(10_000)):
            for row in chunk:
                yield row[0]

    def _run(self, work: Callable[[], T]) -> T:
        try:
            return interruptible(self.connection, work)
        except duckdb.Error as error:
            raise translated(error, self.name) from None


def interruptible(connection: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """Does some work with a connection; Ctrl-C ends it at once, with KeyboardInterrupt."""
    # The driver does not always hear Ctrl-C while it works; so it works in a thread, and this one listens.
    done, results, errors = Event(), list[T](), list[BaseException]()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            done.set()

    Thread(target=run, daemon=True).start()
    try:
        while not done.wait(1):
            pass
    except KeyboardInterrupt:
        connection.interrupt()
        done.wait(2)
        raise
    if errors:
        raise errors[0]
    return results[0]


def translated(error: duckdb.Error, name: str) -> WarehouseError:
    """An error of the driver as a WarehouseError."""
    said = first_line(error)
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return WarehouseError(
            f"{name} does not have what the catalog says: {said}", "`segql catalog check` lists all that differs"
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return WarehouseError(f"{name} ran out of memory: {said}", "close other programs, or ask for less at a time")
    if isinstance(error, duckdb.ConversionException | duckdb.InvalidInputException | duckdb.OutOfRangeException):
        return WarehouseError(
            f"A value in {name} does not fit its type in the catalog: {said}",
            "`segql catalog check` compares the types",
        )
    return WarehouseError(f"{name} cannot answer: {said}")


def first_line(error: BaseException) -> str:
    """What the driver says, without its prefix and its advice."""
    line = str(error).split("\n", 1)[0].strip()
    return re.sub(r"^[A-Z][A-Za-z ]* Error: ", "", line)


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def dotted(name: str) -> str:
    """A name that may be dotted, as SQL identifiers."""
    return ".".join(quoted(part) for part in name.split("."))
