"""Tables that are kept in a database of ClickHouse, in a table of MergeTree to which rows are added (`log_keeping`).

What is asked runs read only (`readonly = 2`), which lets a session have temporary tables and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..plain import dataclass
from .log_keeping import LogKeeper

if TYPE_CHECKING:
    from .clickhouse import ClickHouse
    from .connection import Row


@dataclass(frozen=True, slots=True)
class ClickHouseKeeper(LogKeeper):
    """Tables in a database."""

    connection: ClickHouse
    name: str
    """Of the database."""
    turn_table = "(turn Int32) ENGINE = MergeTree ORDER BY turn"

    @property
    def schema(self) -> str:
        """Where the tables are, as SQL names it."""
        return "`" + self.name.replace("\\", "\\\\").replace("`", "\\`") + "`"

    def show(self, shown: bool) -> None:
        """Nothing: who reads is in nobody's way."""

    def there(self, table: str) -> bool:
        """As `Keeper` has it."""
        return bool(self._rows(f"SELECT 1 FROM system.tables WHERE {self._of} AND name = '{table}'"))

    def hold(self, name: str, sql: str) -> None:
        """As `Keeper` has it."""
        self.connection.do(f"DROP TEMPORARY TABLE IF EXISTS {name}")
        self.connection.do(f"CREATE TEMPORARY TABLE {name} AS SELECT * FROM (\n{sql}\n) AS held")

    def _is_there(self) -> bool:
        return bool(self._rows(f"SELECT 1 FROM system.databases WHERE {self._of.replace('database', 'name', 1)}"))

    def _named(self) -> list[str]:
        named = f"SELECT name FROM system.tables WHERE {self._of} AND startsWith(name, 'segql_run_')"
        return [name for (name,) in self._rows(named)]

    def _is_taken(self, error: Exception) -> bool:
        return "(TABLE_ALREADY_EXISTS)" in str(error)

    @property
    def _of(self) -> str:
        said = self.name.replace("\\", "\\\\").replace("'", "\\'")
        return f"database = '{said}'"

    def _do(self, sql: str) -> None:
        self.connection.do(sql, writes=True)

    def _rows(self, sql: str) -> list[Row]:
        return self.connection.rows(sql)
