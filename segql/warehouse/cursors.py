"""What warehouses over a driver of PEP 249 share, whose every statement has a cursor: Snowflake, Databricks, Trino.

Each says in a file of its own how it is reached, what its types are, and what its errors mean.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal

from ..plain import dataclass
from .arrow import batches, texted, write_parquet
from .connection import Answer, Row, Warehouse
from .faults import WarehouseError, misfit, too_long, unfit
from .layout import Layout
from .stopping import interruptible
from .types import ColumnType
from .urls import Secrets

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True, slots=True)
class Fault:
    """What a driver's error means, and what the server says."""

    kind: Literal["unfit", "misfit", "too long", "too large", "other"]
    said: str


@dataclass(slots=True)
class ByCursor(ABC):
    """A connection of some driver, one cursor at a time. `tables_sql` lists the tables, where there is such a query."""

    driver: Any
    secrets: Secrets
    seconds: int
    tables_sql: str | None
    settings: tuple[str, ...] = ()
    """Statements with which a session begins."""
    dialect: str = ""
    one_thread: bool = False
    billed: bool = False
    reconnects: bool = True
    writes_named: bool = False
    _open: list[Any] = field(default_factory=list)
    """The cursor of the last answer, whose rows may still be read."""

    @abstractmethod
    def _means(self, error: Exception) -> Fault | None:
        """What an error means; None for one that is not the driver's."""

    @abstractmethod
    def _read(self, cursor: Any) -> pyarrow.RecordBatchReader:
        """The rows of a statement that was asked, as they come."""

    @abstractmethod
    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        """As `Connection` has it."""

    def _asked(self, sql: str) -> Any:
        """The cursor of a statement; that of the last one is closed."""
        self._end()
        cursor = self.driver.cursor()
        self._open.append(cursor)  # before it runs, for `cancel`
        cursor.execute(sql)
        return cursor

    def _end(self) -> None:
        while self._open:
            self._done(self._open[-1])

    def _done(self, cursor: Any) -> None:
        if cursor in self._open:
            self._open.remove(cursor)
            with suppress(Exception):  # it was stopped, or lost, which has been said
                cursor.close()

    def settle(self) -> None:
        """The first words with the server: the session as statements find it."""
        for setting in self.settings:
            self.rows(setting)

    def run(self, sql: str) -> Answer:
        reader = self.arrow(sql)
        return Answer(tuple(reader.schema.names), batches(reader))

    def arrow(self, sql: str) -> pyarrow.RecordBatchReader:
        import pyarrow as pa

        cursor = self._asked(sql)
        reader = texted(self._read(cursor))

        def read() -> Iterator[pyarrow.RecordBatch]:
            yield from reader
            self._done(cursor)

        return pa.RecordBatchReader.from_batches(reader.schema, read())

    def write_parquet(self, sql: str, path: str) -> None:
        write_parquet(self.arrow(sql), path)

    def rows(self, sql: str) -> list[Row]:
        """All rows of a statement of ours."""
        return [row for batch in self.run(sql).batches for row in batch]

    def tables(self) -> Sequence[str]:
        return [] if self.tables_sql is None else [name for (name,) in self.rows(self.tables_sql)]

    def layout(self, table: str) -> Layout | None:
        """Nothing is known."""
        return None

    def explain(self, sql: str) -> str:
        return "\n".join(str(row[0]) for row in self.rows(f"EXPLAIN {sql}")).strip()

    def cancel(self) -> None:
        for cursor in tuple(self._open):
            cursor.cancel()

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        # A date that Python has not, of another age; Arrow and sockets say what the driver says half way through.
        found = Fault("misfit", str(error)) if isinstance(error, OverflowError) else self._means(error)
        if found is None:
            return None
        said = self.secrets.taken_out(found.said)
        match found.kind:
            case "unfit":
                return unfit(name, said)
            case "misfit":
                return misfit(name, said)
            case "too long":
                return too_long(name, self.seconds)
            case "too large":
                return WarehouseError(f"{name} would read more than --max-bytes allows: {said}", "--max-bytes N")
            case _:
                return WarehouseError(f"{name} cannot answer: {said}")

    def close(self) -> None:
        self._end()
        with suppress(Exception):  # a server that is gone cannot be told
            self.driver.close()


def opened(name: str, connect: Callable[[], ByCursor], fault: Callable[[Exception], Fault | None], secrets: Secrets,
           hint: str) -> Warehouse:  # fmt: skip
    """The warehouse of a connection that is made here; `hint` says how it is named. Raises WarehouseError."""

    def begun() -> ByCursor:
        found = connect()
        try:
            found.settle()
        except BaseException:
            found.close()
            raise
        return found

    try:
        # A host that is not there may be waited for; nothing is to be cancelled before there is a connection.
        return Warehouse(interruptible(lambda: None, begun), name)
    except WarehouseError:
        raise
    except Exception as error:
        found = fault(error)
        if found is None:
            raise
        raise WarehouseError(f"{name} cannot be opened: {secrets.taken_out(found.said)}", hint) from None


def lost(error: OSError) -> Fault:
    """What the system says where no server is reached."""
    return Fault("other", error.strerror or first_line(str(error)) or "the connection is lost")


def first_line(said: str) -> str:
    """What a server says first."""
    return said.strip().partition("\n")[0].strip()


def quoted(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"
