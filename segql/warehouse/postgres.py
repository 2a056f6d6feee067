"""Postgres as a warehouse's connection, over ADBC: read only, with an end for every statement, and Arrow results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..plain import dataclass
from .arrow import batches, texted, write_parquet
from .connection import Answer, Reference, Row, Warehouse
from .duckdb import dotted, literal
from .faults import WarehouseError, misfit, missing, too_long, unfit
from .layout import Indexed, Layout
from .stopping import interruptible
from .types import ColumnType, column_type
from .urls import Secrets, shown

if TYPE_CHECKING:
    import pyarrow

_TABLES = """
SELECT CASE WHEN table_schema = current_schema() THEN table_name ELSE table_schema || '.' || table_name END
FROM information_schema.tables WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1
"""

_REFERENCES = """
WITH named AS (
  SELECT t.oid, CASE WHEN s.nspname = current_schema() THEN t.relname ELSE s.nspname || '.' || t.relname END AS name
  FROM pg_class AS t JOIN pg_namespace AS s ON s.oid = t.relnamespace
)
SELECT t.name::text, a.attname::text, o.name::text, k.attname::text FROM pg_constraint AS c
JOIN named AS t ON t.oid = c.conrelid JOIN named AS o ON o.oid = c.confrelid
JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute AS k ON k.attrelid = c.confrelid AND k.attnum = c.confkey[1]
WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 ORDER BY 1, 2
"""

_LAYOUT = """
SELECT t.relkind::text, t.reltuples::bigint, i.indexrelid::bigint, a.attname::text
FROM pg_class AS t LEFT JOIN pg_index AS i ON i.indrelid = t.oid AND i.indisvalid AND i.indpred IS NULL
LEFT JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS k(attribute, place) ON true
LEFT JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.attribute
WHERE t.oid = to_regclass({table}) ORDER BY i.indexrelid, k.place
"""

_NO_COPY = {"adbc.postgresql.use_copy": "false"}
"""What the driver needs for statements that are no query."""


def open_postgres(url: str, seconds: int = 600) -> Warehouse:
    """The warehouse at a URL, which libpq reads. A statement ends after so many seconds; 0: never.

    A password that the URL does not hold comes from PGPASSWORD or ~/.pgpass. Raises WarehouseError.
    """
    name, secrets = f"The warehouse {shown(url)}", Secrets.of(url)
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise missing(name, "postgres") from None
    try:
        # A host that is not there may be waited for; nothing is to be cancelled before there is a connection.
        driver = interruptible(lambda: None, lambda: dbapi.connect(url, autocommit=True))
        found = Postgres(driver, secrets, seconds)
        for setting in (
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            f"SET statement_timeout = {seconds * 1000:d}",
            "SET application_name = 'segql'",
        ):
            found.do(setting)
    except dbapi.Error as error:
        said = secrets.taken_out(_said(error))
        raise WarehouseError(f"{name} cannot be opened: {said}", _way_in(said)) from None
    return Warehouse(found, name)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A connection of the driver `adbc_driver_postgresql`."""

    driver: Any
    secrets: Secrets
    seconds: int
    dialect: str = "postgres"
    one_thread: bool = False
    billed: bool = False
    reconnects: bool = True
    writes_named: bool = False
    _open: list[Any] = field(default_factory=list)
    """The cursor of the last answer, whose rows may still be read, in a transaction that is still open."""

    def run(self, sql: str) -> Answer:
        reader = self.arrow(sql)
        return Answer(tuple(reader.schema.names), self._rows(reader))

    def arrow(self, sql: str) -> pyarrow.RecordBatchReader:
        import pyarrow as pa

        reader = self._asked(sql).fetch_record_batch()

        def read() -> Iterator[pyarrow.RecordBatch]:
            yield from reader
            self.end()  # a transaction left open would hold its locks

        return texted(pa.RecordBatchReader.from_batches(reader.schema, read()))

    def _asked(self, sql: str, options: Mapping[str, str] | None = None) -> Any:
        """The cursor of a query in a transaction of its own, which cannot write and leaves nothing behind.

        What a query may set (`set_config`) ends with it: it can neither make the next one write nor run for longer.
        """
        self.end()
        self.do("BEGIN READ ONLY")
        return self._cursor(sql, options or {})

    def end(self) -> None:
        """End the transaction of the last query, if there is one."""
        if self._open:
            self.do("ROLLBACK")

    def _cursor(self, sql: str, options: Mapping[str, str]) -> Any:
        self._close()
        cursor = self.driver.cursor(adbc_stmt_kwargs=dict(options))
        self._open.append(cursor)
        cursor.execute(sql)
        return cursor

    def _close(self) -> None:
        while self._open:
            self._open.pop().close()

    def _rows(self, reader: pyarrow.RecordBatchReader) -> Iterator[Sequence[Row]]:
        # The driver gives `numeric` as its digits.
        numeric = [_type_name(column) == "numeric" for column in reader.schema]
        for rows in batches(reader):
            if not any(numeric):
                yield rows
                continue
            yield [
                tuple(
                    Decimal(v) if is_numeric and v is not None else v
                    for v, is_numeric in zip(row, numeric, strict=True)
                )
                for row in rows
            ]

    def do(self, sql: str) -> None:
        """Run a statement that gives no rows."""
        self._cursor(sql, _NO_COPY)
        self._close()

    def fetched(self, sql: str) -> list[Row]:
        """The rows of a query in the transaction that is open."""
        rows: list[Row] = self._cursor(sql, _NO_COPY).fetchall()
        self._close()
        return rows

    def write_parquet(self, sql: str, path: str) -> None:
        write_parquet(self.arrow(sql), path)

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        schema = self.arrow(f"SELECT * FROM (\n{sql}\n) AS t LIMIT 0").read_all().schema
        return [(column.name, column_type(_type_name(column), self.dialect)) for column in schema]

    def tables(self) -> Sequence[str]:
        return [name for batch in self.run(_TABLES).batches for (name,) in batch]

    def references(self) -> Sequence[Reference]:
        """As `Declaring` has it."""
        return [Reference(*row) for batch in self.run(_REFERENCES).batches for row in batch]

    def layout(self, table: str) -> Layout | None:
        rows = [row for batch in self.run(_LAYOUT.format(table=literal(dotted(table)))).batches for row in batch]
        if not rows or rows[0][0] not in ("r", "m", "p"):
            return None
        indexes: dict[int, list[str]] = {}
        for _, _, index, column in rows:
            if index is not None:  # no column: an expression
                indexes.setdefault(index, []).append(column or "")
        about = int(rows[0][1])
        if about < 0:  # nobody has looked at it yet
            ((about,),) = (row for batch in self.run(f"SELECT count(*) FROM {dotted(table)}").batches for row in batch)
        return Indexed(about, tuple(map(tuple, indexes.values())))

    def explain(self, sql: str) -> str:
        plan = self._asked(f"EXPLAIN {sql}", _NO_COPY).fetchall()
        self.end()
        return "\n".join(line for (line,) in plan)

    def cancel(self) -> None:
        self.driver.adbc_cancel()

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        import pyarrow
        from adbc_driver_postgresql import dbapi

        # Half way through an answer Arrow says what the driver says, in errors of its own.
        if isinstance(error, OverflowError):  # a date that Python has not: infinite, or of another age
            return misfit(name, str(error))
        if not isinstance(error, dbapi.Error | pyarrow.ArrowException | OSError):
            return None
        said, state = self.secrets.taken_out(_said(error)), getattr(error, "sqlstate", None) or ""
        if "statement timeout" in said:
            return too_long(name, self.seconds)
        match state[:2]:
            case "42" if state != "42501":  # the right to read is missing, not the table
                return unfit(name, said)
            case "22":
                return misfit(name, said)
            case _:
                return WarehouseError(f"{name} cannot answer: {said}")

    def close(self) -> None:
        self._close()
        self.driver.close()


def _type_name(column: pyarrow.Field) -> str:
    """The name of a column's type in Postgres, as `pg_type` has it: `int4`, `timestamptz`, `_text`."""
    return (column.metadata or {}).get(b"POSTGRESQL:type", b"").decode() or str(column.type)


def _said(error: BaseException) -> str:
    """What the server says, without what the driver puts around it."""
    said = str(error)
    for prefix in ("ERROR:", "FATAL:", "Failed to connect:"):
        if prefix in said:
            said = said.split(prefix, 1)[1]
    return said.strip().split("\n", 1)[0].split(". SQLSTATE", 1)[0].strip()


def _way_in(said: str) -> str:
    if "password" in said:
        return "the password is in the URL, in PGPASSWORD, or in ~/.pgpass"
    return "postgresql://USER@HOST:PORT/DATABASE; docs/warehouses.md says what else may stand there"
