"""A warehouse: what its connection must do, and what a caller may ask of it, whatever the driver.

Statements can be stopped with Ctrl-C. What goes wrong is a `WarehouseError`, made for people, without secrets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar, runtime_checkable
from uuid import UUID

from ..plain import dataclass
from .arrow import write_arrow
from .faults import WarehouseError
from .layout import Layout
from .stopping import interruptible
from .types import ColumnType

if TYPE_CHECKING:
    import pyarrow

Row: TypeAlias = tuple[Any, ...]
T = TypeVar("T")

BATCH = 10_000
"""How many rows are read at a time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gives: the names of its columns, and its rows, read as they are needed."""

    columns: tuple[str, ...]
    batches: Iterator[Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that is declared to hold keys of another table; tables as `tables()` names them."""

    table: str
    column: str
    to: str
    key: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A list as text: what stands before, between and after its values, and in their stead where there are none."""

    quotes: Literal["csv", "json"]
    """How a value is written."""
    before: str
    between: str
    after: str
    empty: str


class Connection(Protocol):
    """What a driver does for a warehouse: one statement at a time. Errors are the driver's own."""

    @property
    def dialect(self) -> str:
        """The dialect of its SQL."""

    @property
    def one_thread(self) -> bool:
        """Whether only the caller's thread may use it; then Ctrl-C waits for the driver."""

    @property
    def billed(self) -> bool:
        """Whether each byte that a statement reads costs money."""

    @property
    def reconnects(self) -> bool:
        """Whether a connection may get lost, and another be opened in its place."""

    @property
    def writes_named(self) -> bool:
        """Whether it writes only the file for which it was opened."""

    def run(self, sql: str) -> Answer:
        """Run a query."""

    def arrow(self, sql: str) -> pyarrow.RecordBatchReader:
        """Run a query; its rows as Arrow."""

    def write_parquet(self, sql: str, path: str) -> None:
        """Run a query and write its rows to a Parquet file."""

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        """The columns of a query, which does not run."""

    def tables(self) -> Sequence[str]:
        """The names of the tables, for proposals: those of the default schema bare, others dotted."""

    def layout(self, table: str) -> Layout | None:
        """How a table lies there; None where there is nothing to know, as of a view."""

    def explain(self, sql: str) -> str:
        """How the engine would run a query."""

    def cancel(self) -> None:
        """Stop the running statement; called from another thread."""

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        """An error of the driver as a WarehouseError; None for an error that is not the driver's."""

    def close(self) -> None:
        """Close it; nothing can be asked of it afterwards."""


@runtime_checkable
class Writer(Protocol):
    """A connection whose engine writes text itself."""

    def write_list(self, sql: str, path: str, lines: Callable[[str], Lines]) -> bool:
        """Run a query and write its one column, whose name says how, to a file; False where nothing was done."""


@runtime_checkable
class Metered(Protocol):
    """A connection that knows before how many bytes a statement would read."""

    def size(self, sql: str) -> int:
        """How many bytes a query would read, which does not run."""


@runtime_checkable
class Previewing(Protocol):
    """A connection that shows rows of a table without a statement, where each byte of one is billed."""

    def preview(self, table: str, rows: int) -> list[Row] | None:
        """Some rows, with all columns in their order; None of what is no plain table, as a view."""


@runtime_checkable
class Declaring(Protocol):
    """A connection whose engine has foreign keys."""

    def references(self) -> Sequence[Reference]:
        """The foreign keys of one column that are declared, and whose both tables may be seen."""


@runtime_checkable
class Progressing(Protocol):
    """A connection that knows how far it is."""

    def progress(self) -> float | None:
        """The part of the running statement that is done, 0 to 1; called from another thread."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """An open warehouse. `name` is what messages call it."""

    connection: Connection
    name: str

    @property
    def dialect(self) -> str:
        """The dialect that `segql.compile` should write for it."""
        return self.connection.dialect

    @property
    def billed(self) -> bool:
        """Whether each byte that a statement reads costs money."""
        return self.connection.billed

    def rows(self, sql: str) -> list[Row]:
        """All rows of a query."""
        return self.table(sql)[1]

    def table(self, sql: str) -> tuple[tuple[str, ...], list[Row]]:
        """The names of a query's columns, and all of its rows."""

        def read() -> tuple[tuple[str, ...], list[Row]]:
            answer = self.connection.run(sql)
            return answer.columns, [row for batch in answer.batches for row in _plain(batch)]

        return self._run(read)

    def count(self, sql: str) -> int:
        """How many rows a query has."""
        return self.counts(sql)[0]

    def counts(self, *queries: str) -> list[int]:
        """How many rows each of some queries has, by one statement."""
        rows = self.rows(counting(*queries)) if queries else []
        found = {int(place): int(members) for place, members in rows}
        return [found[place] for place in range(len(queries))]

    def members(self, sql: str, limit: int | None = None) -> tuple[str, Iterator[Any]]:
        """The name of a query's one column and its first `limit` values in order, read as they are needed."""
        answer = self._run(lambda: self.connection.run(in_order(sql, limit)))
        return answer.columns[0], (row[0] for batch in self._batches(answer) for row in batch)

    def listing(self, sql: str, limit: int | None = None, by: int = 1) -> tuple[tuple[str, ...], Iterator[Row]]:
        """The names of a query's columns and its first `limit` rows, read as they are needed, in the order of the first
        `by` columns.
        """
        answer = self._run(lambda: self.connection.run(in_order(sql, limit, by)))
        return answer.columns, (row for batch in self._batches(answer) for row in batch)

    def arrow(self, sql: str, limit: int | None = None) -> pyarrow.Table:
        """A query's rows in order, as an Arrow table. Needs pyarrow, which comes with the extras of the servers."""
        return self._run(lambda: self.connection.arrow(in_order(sql, limit)).read_all())

    def write_parquet(self, sql: str, path: str, limit: int | None = None, by: int = 1) -> None:
        """Write a query's rows to a Parquet file, in the order of the first `by` columns.

        DuckDB must have been opened with `writes=path`.
        """
        self._run(lambda: self.connection.write_parquet(in_order(sql, limit, by), path))

    def write_arrow(self, sql: str, path: str, limit: int | None = None, by: int = 1) -> None:
        """Write a query's rows to a file of Arrow's own format, in the order of the first `by` columns."""
        self._run(lambda: write_arrow(self.connection.arrow(in_order(sql, limit, by)), path))

    def write_list(self, sql: str, path: str, lines: Callable[[str], Lines], limit: int | None = None) -> bool:
        """Have the engine write a query's one column to a file, in order; `lines` says how, given the column's name.

        False where it cannot, and nothing is done: DuckDB can, opened with `writes=path`, where the column holds text,
        UUIDs or integers. Raises OSError for a path that cannot be written.
        """
        connection = self.connection
        if not isinstance(connection, Writer):
            return False
        return self._run(lambda: connection.write_list(in_order(sql, limit), path, lines))

    def size(self, sql: str) -> int | None:
        """How many bytes a query would read, which does not run; None where nobody knows."""
        connection = self.connection
        return self._run(lambda: connection.size(sql)) if isinstance(connection, Metered) else None

    def preview(self, table: str, rows: int) -> list[Row] | None:
        """Some rows of a table, for which nothing is billed; None where only a statement shows them."""
        connection = self.connection
        return self._run(lambda: connection.preview(table, rows)) if isinstance(connection, Previewing) else None

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        """The columns of a query and their types; the query does not run."""
        return self._run(lambda: self.connection.columns(sql))

    def tables(self) -> Sequence[str]:
        """The names of its tables."""
        return self._run(self.connection.tables)

    def references(self) -> Sequence[Reference]:
        """The foreign keys of one column that are declared; none where the engine has no such."""
        connection = self.connection
        return self._run(connection.references) if isinstance(connection, Declaring) else ()

    def layout(self, table: str) -> Layout | None:
        """How a table lies there; None where there is nothing to know, as of a view."""
        return self._run(lambda: self.connection.layout(table))

    def explain(self, sql: str) -> str:
        """How the engine would run a query, in its own words."""
        return self._run(lambda: self.connection.explain(sql))

    def progress(self) -> float | None:
        """The part of the statement that another thread runs that is done, 0 to 1; None where nobody knows."""
        connection = self.connection
        return connection.progress() if isinstance(connection, Progressing) else None

    def cancel(self) -> None:
        """Stop the statement that another thread runs; there it ends with a WarehouseError."""
        self.connection.cancel()

    def close(self) -> None:
        """Close it; nothing can be asked of it afterwards."""
        self.connection.close()

    def _batches(self, answer: Answer) -> Iterator[Sequence[Row]]:
        while (batch := self._run(lambda: next(answer.batches, None))) is not None:
            yield _plain(batch)

    def doing(self, work: Callable[[], T]) -> T:
        """Does some work of a driver's; what goes wrong in it is a WarehouseError."""
        return self._run(work)

    def _run(self, work: Callable[[], T]) -> T:
        try:
            return work() if self.connection.one_thread else interruptible(self.connection.cancel, work)
        except WarehouseError:
            raise
        except Exception as error:
            if isinstance(error, ModuleNotFoundError) and error.name == "pyarrow":
                raise WarehouseError(
                    "Arrow and Parquet need pyarrow, which is missing.", "pip install pyarrow"
                ) from None
            translated = self.connection.translated(error, self.name)
            if translated is None:
                raise
            raise translated from None


def _plain(batch: Sequence[Row]) -> Sequence[Row]:
    """The rows with text for UUIDs, which some drivers give as objects."""
    if not any(isinstance(value, UUID) for row in batch for value in row):
        return batch
    return [tuple(str(value) if isinstance(value, UUID) else value for value in row) for row in batch]


def counting(*queries: str) -> str:
    """A statement with a row for each query: its place among them, and how many rows it has."""
    counts = (
        f"SELECT {place} AS place, COUNT(*) AS members FROM (\n{sql}\n) AS members" for place, sql in enumerate(queries)
    )
    return "\nUNION ALL\n".join(counts)


def in_order(sql: str, limit: int | None, by: int = 1) -> str:
    """The first rows of a query, in the order of the first `by` columns."""
    end = "" if limit is None else f" LIMIT {limit:d}"
    return f"SELECT * FROM (\n{sql}\n) AS members ORDER BY {', '.join(map(str, range(1, by + 1)))}{end}"
