"""Tables that are kept in a schema of Postgres."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ..plain import dataclass
from .duckdb import literal, quoted

if TYPE_CHECKING:
    from .postgres import Postgres


@dataclass(frozen=True, slots=True)
class PostgresKeeper:
    """Tables in a schema of Postgres. What is asked runs read only, which temporary tables allow."""

    connection: Postgres
    schema: str

    def show(self, shown: bool) -> None:
        """Nothing: who reads is in nobody's way."""

    def there(self, table: str) -> bool:
        """As `Keeper` has it."""
        found = self.connection.run(f"SELECT to_regclass({literal(f'{self.schema}.{quoted(table)}')}) IS NOT NULL")
        return bool(next(iter(next(found.batches)))[0])

    def hold(self, name: str, sql: str) -> None:
        """As `Keeper` has it."""
        self.connection.end()
        made = (f"DROP TABLE IF EXISTS pg_temp.{name}", f"CREATE TEMPORARY TABLE {name} AS\n{sql}\nWITH NO DATA")
        self._all("READ WRITE", *made)
        self._all("READ ONLY", f"INSERT INTO pg_temp.{name}\n{sql}")
        self._all("READ WRITE", f"ANALYZE pg_temp.{name}")

    def write(self, statements: Sequence[str], unless: str) -> bool:
        """As `Keeper` has it."""
        self.connection.end()
        # The lock ends with the transaction; who reads takes no notice of it.
        lock = f"SELECT pg_advisory_xact_lock(hashtextextended({literal(f'segql {self.schema}')}, 0))"
        return self._all("READ WRITE", lock, *statements, unless=unless)

    def _all(self, how: str, *statements: str, unless: str | None = None) -> bool:
        """Statements in a transaction; all but the first only where a query has no rows."""
        do = self.connection.do
        do(f"BEGIN {how}")
        try:
            for place, statement in enumerate(statements):
                if place == 1 and unless is not None and self.connection.fetched(unless):
                    do("ROLLBACK")
                    return False
                do(statement)
            do("COMMIT")
        except BaseException:
            with suppress(Exception):  # the server may be gone
                do("ROLLBACK")
            raise
        return True
