"""A warehouse over a connection that the caller has already: any driver of PEP 249."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..dialects import dialect as dialect_of
from ..errors import expect, wrong_type
from ..plain import dataclass
from .arrow import write_parquet
from .connection import BATCH, Answer, Row, Warehouse
from .faults import WarehouseError
from .layout import Layout
from .types import ColumnType

if TYPE_CHECKING:
    import pyarrow


def open_dbapi(connection: Any, dialect: str, name: str = "The warehouse") -> Warehouse:
    """A warehouse over the caller's own connection (psycopg, duckdb, ..), whose SQL is of a dialect of SegQL's.

    It stays the caller's: who may do what there, when a transaction ends, and that it is closed. Statements run in the
    calling thread. `name` is what messages call it. Raises ValueError for an unknown dialect,
    TypeError that names an argument of a wrong type.
    """
    if not callable(getattr(connection, "cursor", None)):
        raise wrong_type("connection", "an open connection of PEP 249", connection)
    expect("name", "a text", name, str)
    return Warehouse(Dbapi(connection, dialect_of(dialect).name), name)


@dataclass(frozen=True, slots=True)
class Dbapi:
    """A connection of some driver, which may be usable in one thread only."""

    driver: Any
    dialect: str
    one_thread: bool = True
    billed: bool = False
    reconnects: bool = True
    writes_named: bool = False

    def run(self, sql: str) -> Answer:
        cursor = self.driver.cursor()
        cursor.execute(sql)
        return Answer(tuple(column[0] for column in cursor.description), _batches(cursor))

    def arrow(self, sql: str) -> pyarrow.RecordBatchReader:
        import pyarrow as pa

        answer = self.run(sql)
        rows = [row for batch in answer.batches for row in batch]
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(answer.columns)
        return pa.table([pa.array(column) for column in columns], names=list(answer.columns)).to_reader()

    def write_parquet(self, sql: str, path: str) -> None:
        write_parquet(self.arrow(sql), path)

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        raise WarehouseError(
            "A connection of your own does not say the types of columns.", "segql catalog check --warehouse URL"
        )

    def tables(self) -> Sequence[str]:
        return []

    def layout(self, table: str) -> Layout | None:
        return None

    def explain(self, sql: str) -> str:
        return "\n".join(str(row[-1]) for batch in self.run(f"EXPLAIN {sql}").batches for row in batch)

    def cancel(self) -> None:
        for way in ("cancel", "interrupt"):  # of psycopg; of sqlite3 and duckdb
            if stop := getattr(self.driver, way, None):
                stop()
                return
        raise WarehouseError(f"{type(self.driver).__name__} has no way to stop a statement.")

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        # PEP 249: every driver's errors are kinds of a class `Error`.
        if not any(kind.__name__ == "Error" for kind in type(error).__mro__):
            return None
        return WarehouseError(f"{name} cannot answer: {str(error).strip().split(chr(10), 1)[0]}")

    def close(self) -> None:
        """Nothing: the connection is the caller's."""


def _batches(cursor: Any) -> Iterator[Sequence[Row]]:
    while batch := cursor.fetchmany(BATCH):
        yield batch
    cursor.close()
