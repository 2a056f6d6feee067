"""Tables that are kept in a dataset of BigQuery, in a table to which rows are added (`log_keeping`).

What is asked stays in temporary tables of a session, which ends with the connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..plain import dataclass
from .log_keeping import LogKeeper

if TYPE_CHECKING:
    from .bigquery import BigQuery
    from .connection import Row


@dataclass(frozen=True, slots=True)
class BigQueryKeeper(LogKeeper):
    """Tables in a dataset of the client's project."""

    connection: BigQuery
    name: str
    """Of the dataset."""
    turn_table = "(turn INT64)"

    @property
    def schema(self) -> str:
        """Where the tables are, as SQL names it."""
        return f"`{self.connection.client.project}`.`{self.name}`"

    def show(self, shown: bool) -> None:
        """Nothing: who reads is in nobody's way."""

    def there(self, table: str) -> bool:
        """As `Keeper` has it."""
        from google.api_core.exceptions import NotFound

        try:
            self.connection.client.get_table(f"{self.name}.{table}")
        except NotFound:
            return False
        return True

    def hold(self, name: str, sql: str) -> None:
        """As `Keeper` has it."""
        self.connection.do(f"CREATE OR REPLACE TEMP TABLE {name} AS\nSELECT * FROM (\n{sql}\n) AS held")

    def _is_there(self) -> bool:
        from google.api_core.exceptions import NotFound

        try:
            next(iter(self.connection.client.list_tables(self.name, max_results=1)), None)
        except NotFound:
            return False
        return True

    def _named(self) -> list[str]:
        names = (table.table_id for table in self.connection.client.list_tables(self.name))
        return [name for name in names if name.startswith("segql_run_")]

    def _is_taken(self, error: Exception) -> bool:
        from google.api_core.exceptions import Conflict

        return isinstance(error, Conflict) or "Already Exists" in str(error)

    def _do(self, sql: str) -> None:
        self.connection.do(sql)

    def _rows(self, sql: str) -> list[Row]:
        return [row for batch in self.connection.run(sql).batches for row in batch]
