"""Tables that are kept in a schema of Spark, in files to which rows are added: `segql.ledger.log` says how.

There is no transaction; what is atomic is to make a table whose name is free, in any catalog of tables. Whoever makes
`segql_run_7_1` may write run 7. Where they are gone before it is written, the next waits for a while, and makes
`segql_run_7_2`: should the first be alive after all, what it still writes is not shown.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..plain import dataclass

if TYPE_CHECKING:
    from .connection import Row
    from .spark import Spark

PATIENCE = 60.0
"""Seconds that another program is waited for which is about to write."""


@dataclass(frozen=True, slots=True)
class SparkKeeper:
    """Tables in a schema. What is asked are queries alone; their rows stay with Spark for the session."""

    connection: Spark
    name: str

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

    def write(self, statements: Sequence[str], unless: str) -> bool:
        """As `Keeper` has it: all but the last show nothing; the rows of that query do, and come with their turn."""
        made = [statement for statement in statements if statement.startswith("CREATE ")]
        for statement in made:
            self._do(statement)
        self.show(True)
        if self._rows(unless):
            return False
        added = statements[len(made) :]
        for statement in added[:-1]:
            self._do(statement)
        for query in added[-1:]:
            ((last,),) = self._rows(f"SELECT COALESCE(MAX(run), 0) FROM {self.schema}.runs")
            if (turn := self._turn(int(last) + 1, unless)) is None:
                return False
            self._do(f"INSERT INTO {self.schema}.log SELECT *, {turn:d} FROM (\n{query}\n) AS rows")
            for name in self._turns(int(last) + 1):
                self._do(f"DROP TABLE IF EXISTS {self.schema}.{name}")
        return True

    def _turn(self, run: int, unless: str) -> int | None:
        """The turn of this program to write the run, 1 where nobody else began to; None where it is written."""
        from pyspark.errors import AnalysisException

        turn, end = len(self._turns(run)) or 1, time.monotonic() + PATIENCE
        while True:
            try:
                self._do(f"CREATE TABLE {self.schema}.segql_run_{run:d}_{turn:d} (turn INT) USING parquet")
                mine = True
            except AnalysisException as error:
                if "ALREADY_EXISTS" not in str(error):
                    raise
                mine = False
            self.show(True)
            if self._rows(unless):
                if mine:
                    self._do(f"DROP TABLE IF EXISTS {self.schema}.segql_run_{run:d}_{turn:d}")
                return None
            if mine:
                return turn
            if time.monotonic() > end:
                turn, end = turn + 1, time.monotonic() + PATIENCE
            time.sleep(0.1)

    def _turns(self, run: int) -> list[str]:
        """The tables by which somebody has said that they write a run."""
        named = self._rows(f"SHOW TABLES IN {self.schema} LIKE 'segql_run_*'")
        return [name for _, name, *_ in named if re.fullmatch(rf"segql_run_{run:d}_\d+", name)]

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
