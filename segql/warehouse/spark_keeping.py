"""Tables that are kept in a schema of Spark, in files to which rows are added (`log_keeping`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..plain import dataclass
from .log_keeping import LogKeeper

if TYPE_CHECKING:
    from .connection import Row
    from .spark import Spark


@dataclass(frozen=True, slots=True)
class SparkKeeper(LogKeeper):
    """Tables in a schema. What is asked are queries alone; their rows stay with Spark for the session."""

    connection: Spark
    name: str
    turn_table = "(turn INT) USING parquet"

    @property
    def schema(self) -> str:
        """Where the tables are, as SQL names it."""
        return "`" + self.name.replace("`", "``") + "`"

    def show(self, shown: bool) -> None:
        """Let the session look at the files anew: it remembers which there were."""
        if shown and self.there("log"):
            self._do(f"REFRESH TABLE {self.schema}.log")

    def there(self, table: str) -> bool:
        """As `Keeper` has it."""
        return bool(self.connection.session.catalog.tableExists(f"{self.schema}.`{table}`"))

    def hold(self, name: str, sql: str) -> None:
        """As `Keeper` has it. Rows that are lost with one of Spark's machines are an error, and not asked again."""
        held = self.connection.session.sql(f"SELECT * FROM (\n{sql}\n) AS held")  # a command would be done at once
        with _active(self.connection.session):
            held.localCheckpoint(eager=True).createOrReplaceTempView(name)

    def _is_there(self) -> bool:
        return bool(self.connection.session.catalog.databaseExists(self.schema))

    def _named(self) -> list[str]:
        return [name for _, name, *_ in self._rows(f"SHOW TABLES IN {self.schema} LIKE 'segql_run_*'")]

    def _is_taken(self, error: Exception) -> bool:
        from pyspark.errors import AnalysisException

        return isinstance(error, AnalysisException) and "ALREADY_EXISTS" in str(error)

    def _do(self, sql: str) -> None:
        self.connection.session.sql(sql).collect()

    def _rows(self, sql: str) -> list[Row]:
        return [tuple(row) for row in self.connection.session.sql(sql).collect()]


@contextmanager
def _active(session: Any) -> Iterator[None]:
    """While that is this thread's session, for whose the client of Spark Connect takes rows that stay."""
    active = getattr(type(session), "_active_session", None)  # none of a session in this process
    if active is None:
        yield
        return
    before, active.session = getattr(active, "session", None), session
    try:
        yield
    finally:
        active.session = before
