"""Spark as a warehouse's connection: Spark Connect at a URL, or a session that the caller brings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..plain import dataclass
from .arrow import write_parquet
from .connection import BATCH, Answer, Row, Warehouse
from .faults import WarehouseError, misfit, missing, unfit
from .layout import Layout
from .stopping import interruptible
from .types import ColumnType, column_type
from .urls import Secrets, shown

if TYPE_CHECKING:
    import pyarrow


def open_spark_connect(url: str) -> Warehouse:
    """The warehouse at a URL of Spark Connect, `sc://HOST:PORT`. Raises WarehouseError."""
    name, secrets = f"The warehouse {shown(url)}", Secrets.of(url)
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession
    except ImportError:
        raise missing(name, "spark") from None

    def connected() -> Any:
        session = SparkSession.builder.remote(url).create()
        session.client.set_retry_policies([DefaultPolicy(max_retries=3)])  # the driver's own go on for minutes
        session.version  # noqa: B018  asks the server
        return session

    try:
        session = interruptible(lambda: None, connected)
    except (PySparkException, OSError) as error:
        said = secrets.taken_out(_said(error))
        raise WarehouseError(f"{name} cannot be opened: {said}", "sc://HOST:PORT") from None
    return Warehouse(Spark(session, secrets, ours=True), name)


def open_spark(session: Any, name: str = "The warehouse") -> Warehouse:
    """A warehouse over a session of the caller's, who closes it; `name` is what messages call it."""
    return Warehouse(Spark(session, Secrets(()), ours=False), name)


@dataclass(frozen=True, slots=True)
class Spark:
    """A `SparkSession`, of Spark Connect or of a JVM in this process."""

    session: Any
    secrets: Secrets
    ours: bool
    """Whether closing the warehouse ends the session."""
    dialect: str = "spark"
    one_thread: bool = False
    billed: bool = False
    reconnects: bool = True
    writes_named: bool = False

    def run(self, sql: str) -> Answer:
        found = self.session.sql(sql)
        return Answer(tuple(found.columns), _batches(found.toLocalIterator()))

    def arrow(self, sql: str) -> pyarrow.RecordBatchReader:
        return self.session.sql(sql).toArrow().to_reader()

    def write_parquet(self, sql: str, path: str) -> None:
        write_parquet(self.arrow(sql), path)

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        fields = self.session.sql(sql).schema.fields
        return [(column.name, column_type(column.dataType.simpleString(), self.dialect)) for column in fields]

    def tables(self) -> Sequence[str]:
        return [table.name for table in self.session.catalog.listTables()]

    def layout(self, table: str) -> Layout | None:
        """Nothing: what its files are partitioned by, each kind of table says in its own way."""
        return None

    def explain(self, sql: str) -> str:
        return str(self.session.sql(f"EXPLAIN {sql}").collect()[0][0])

    def cancel(self) -> None:
        if hasattr(self.session, "interruptAll"):  # Spark Connect
            self.session.interruptAll()
        else:
            self.session.sparkContext.cancelAllJobs()

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        from pyspark.errors import AnalysisException, ArithmeticException, NumberFormatException, PySparkException

        if type(error).__module__ == "py4j.protocol":
            error = _thrown(error)
        if not isinstance(error, PySparkException) and type(error).__module__.partition(".")[0] != "grpc":
            return None
        said = self.secrets.taken_out(_said(error))
        if isinstance(error, AnalysisException):
            return unfit(name, said)
        if isinstance(error, ArithmeticException | NumberFormatException):
            return misfit(name, said)
        return WarehouseError(f"{name} cannot answer: {said}")

    def close(self) -> None:
        if self.ours:
            self.session.stop()


def _batches(rows: Iterator[Any]) -> Iterator[Sequence[Row]]:
    while batch := [tuple(row) for row in islice(rows, BATCH)]:
        yield batch


def _thrown(error: Any) -> Exception:
    """The error at the bottom of what a JVM threw while rows were read; all others pyspark unwraps itself."""
    from pyspark.errors.exceptions.captured import convert_exception

    thrown = error.java_exception
    while cause := thrown.getCause():
        thrown = cause
    found: Exception = convert_exception(thrown)
    return found


def _said(error: BaseException) -> str:
    """The first line of what Spark says; of what stopped a call on its way, the reason."""
    if reason := re.search(r'\bdetails = "(.*)"', str(error)):
        return reason[1]
    return str(error).strip().split("\n", 1)[0]
