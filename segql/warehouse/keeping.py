"""Tables that are kept: the one way by which SegQL writes to a warehouse, into a schema that is named for it.

What rules ask runs read only, as ever: its rows become temporary tables of the session. Only then one short transaction
writes, and it does nothing where another program has written meanwhile. So nobody waits for a rule, and who is killed
leaves the old tables or the new ones.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, cast

import duckdb

from ..plain import dataclass
from .connection import Warehouse
from .duckdb import literal, quoted
from .faults import WarehouseError
from .opening import KEPT, READERS, alias_of, open_warehouse
from .urls import scheme, shown

if TYPE_CHECKING:
    from .bigquery import BigQuery
    from .clickhouse import ClickHouse
    from .duckdb import DuckDB
    from .mysql import MySQL
    from .postgres import Postgres
    from .spark import Spark
    from .sqlite import SQLite

_BUSY = re.compile(r"\block\b|already attached", re.IGNORECASE)
"""How DuckDB says that another program has a file open, or this one."""
_KNOWN = ("DuckDB", "Postgres", "MariaDB", "BigQuery", "ClickHouse", "Spark")
PATIENCE = 60.0
"""Seconds that a DuckDB file is waited for which another program has open."""


class Keeper(Protocol):
    """What a driver does for tables that are kept."""

    @property
    def schema(self) -> str:
        """Where they are, as SQL names it."""

    def there(self, table: str) -> bool:
        """Whether there is a table of that name."""

    def show(self, shown: bool) -> None:
        """Let the tables be read, or have done with it, so that others may write."""

    def hold(self, name: str, sql: str) -> None:
        """Make a temporary table of a query's rows, in place of one of that name; the query cannot write."""

    def write(self, statements: Sequence[str], unless: str) -> bool:
        """Run statements in one transaction, by one program at a time; none, and False, where a query has rows."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """An open warehouse, and what keeps tables in it. Raises WarehouseError where something goes wrong."""

    warehouse: Warehouse
    keeper: Keeper

    @property
    def schema(self) -> str:
        """Where the tables are, as SQL names it."""
        return self.keeper.schema

    @contextmanager
    def shown(self) -> Iterator[None]:
        """While the tables are read."""
        self.warehouse.doing(lambda: self.keeper.show(True))
        try:
            yield
        finally:
            self.warehouse.doing(lambda: self.keeper.show(False))

    def there(self, table: str) -> bool:
        """Whether there is a table of that name."""
        return self.warehouse.doing(lambda: self.keeper.there(table))

    def hold(self, name: str, sql: str) -> None:
        """Make a temporary table of a query's rows, in place of one of that name; the query cannot write."""
        self.warehouse.doing(lambda: self.keeper.hold(name, sql))

    def write(self, statements: Sequence[str], unless: str) -> bool:
        """Run statements in one transaction, by one program at a time; none, and False, where a query has rows."""
        return self.warehouse.doing(lambda: self.keeper.write(statements, unless))

    def close(self) -> None:
        """Close the warehouse; the temporary tables are gone."""
        self.warehouse.close()


def open_keeping(
    place: str,
    into: str,
    tables: dict[str, str] | None = None,
    *,
    seconds: int | None = None,
    writes: str | None = None,
) -> Keeping:
    """A warehouse with a schema whose tables are kept: DuckDB, Postgres, MariaDB, BigQuery, ClickHouse,
    Spark or SQLite.

    `into` is the name of a schema, made when something is written; beside DuckDB and files also the path of a DuckDB
    file of its own (`members.duckdb`), so that the warehouse stays as it is; beside SQLite the path of a file of its
    own (`members.sqlite`), or `main`. The other arguments are those of
    `open_warehouse`. Raises WarehouseError.
    """
    match scheme(place):
        case "postgresql" | "postgres":
            from .postgres import open_postgres
            from .postgres_keeping import PostgresKeeper
            from .servers import SECONDS

            name = _schema(into)
            warehouse = open_postgres(place.strip(), SECONDS if seconds is None else seconds)
            return Keeping(warehouse, PostgresKeeper(cast("Postgres", warehouse.connection), name))
        case "sqlite":
            from .sqlite import open_sqlite, path_of
            from .sqlite_keeping import keeper_of, recovered

            if into != "main" and not into.endswith((".sqlite", ".sqlite3", ".db")):
                raise WarehouseError(
                    f"SQLite has no schemas: {into[:80]!r} is none.",
                    "--into members.sqlite keeps them in a file of its own, --into main in the warehouse itself",
                )
            recovered(path_of(place.strip()))
            warehouse = open_sqlite(place.strip()) if seconds is None else open_sqlite(place.strip(), seconds)
            sqlite = cast("SQLite", warehouse.connection)
            return Keeping(warehouse, keeper_of(sqlite.driver, path_of(place.strip()), into))
        case "mariadb":
            from .mariadb_keeping import MariaDBKeeper
            from .mysql import open_mysql

            name = _name(into)
            warehouse = open_mysql(place.strip()) if seconds is None else open_mysql(place.strip(), seconds)
            return Keeping(warehouse, MariaDBKeeper(cast("MySQL", warehouse.connection), name))
        case "sc":
            from .spark import open_spark_connect
            from .spark_keeping import SparkKeeper

            warehouse, name = open_spark_connect(place.strip()), _name(into)
            return Keeping(warehouse, SparkKeeper(cast("Spark", warehouse.connection), name))
        case "bigquery":
            from .bigquery import open_bigquery
            from .bigquery_keeping import BigQueryKeeper

            name = _name(into)
            warehouse = open_bigquery(place.strip()) if seconds is None else open_bigquery(place.strip(), seconds)
            return Keeping(warehouse, BigQueryKeeper(cast("BigQuery", warehouse.connection), name))
        case "clickhouse":
            from .clickhouse import open_clickhouse
            from .clickhouse_keeping import ClickHouseKeeper

            name = _name(into)
            warehouse = open_clickhouse(place.strip()) if seconds is None else open_clickhouse(place.strip(), seconds)
            return Keeping(warehouse, ClickHouseKeeper(cast("ClickHouse", warehouse.connection), name))
        case None:
            return _beside_files(place, into, tables or {}, writes)
        case _:
            raise WarehouseError(
                f"Memberships are kept in {', '.join(_KNOWN)} and SQLite, not at {shown(place)}.",
                "`segql members --segments DIR` lists them from there",
            )


def is_file(into: str) -> bool:
    """Whether tables are kept in a DuckDB file of their own, and not in a schema."""
    return into.endswith((".duckdb", ".db"))


def _schema(into: str) -> str:
    """The name of a schema, quoted."""
    return quoted(_name(into))


def _name(into: str) -> str:
    """The name of a schema."""
    if not into.strip() or "\0" in into or "." in into:
        raise WarehouseError(f"{into[:80]!r} is no name of a schema.", "--into segments")
    return into.strip()


# --- DuckDB -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DuckDBKeeper:
    """Tables in a DuckDB file, which is attached read only, and anew for the moment in which it is written."""

    driver: duckdb.DuckDBPyConnection
    path: str
    alias: str
    home: str
    """The database in which tables of the warehouse are found."""
    name: str
    """Of the schema, quoted."""

    @property
    def schema(self) -> str:
        """Where the tables are, as SQL names it."""
        return f"{quoted(self.alias)}.{self.name}"

    def there(self, table: str) -> bool:
        """As `Keeper` has it."""
        found = self.driver.execute(
            "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND schema_name = ? AND table_name = ?",
            [self.alias, self.name[1:-1].replace('""', '"'), table],
        )
        return found.fetchone() is not None

    def hold(self, name: str, sql: str) -> None:
        """As `Keeper` has it."""
        self.driver.execute(f"CREATE OR REPLACE TEMPORARY TABLE {name} AS\n{sql}")

    def write(self, statements: Sequence[str], unless: str) -> bool:
        """As `Keeper` has it."""
        do = self.driver.execute
        self._attach("")
        try:
            do("BEGIN")
            try:
                if do(unless).fetchone() is not None:
                    do("ROLLBACK")
                    return False
                for statement in statements:
                    do(statement)
                do("COMMIT")
            except BaseException:
                do("ROLLBACK")
                raise
        finally:
            self._attach(" (READ_ONLY)" if self.is_home else None)
        return True

    @property
    def is_home(self) -> bool:
        """Whether the tables are in the warehouse itself."""
        return quoted(self.alias) == self.home

    def show(self, shown: bool) -> None:
        """As `Keeper` has it."""
        if not self.is_home:
            self._attach(" (READ_ONLY)" if shown and os.path.exists(self.path) else None)

    def _attach(self, how: str | None) -> None:
        """Attach the file in another way, or not at all."""
        do = self.driver.execute
        do("USE memory")
        do(f"DETACH DATABASE IF EXISTS {quoted(self.alias)}")
        if how is not None:
            self._patiently(lambda: do(f"ATTACH {literal(self.path)} AS {quoted(self.alias)}{how}"))
        do(f"USE {self.home}")

    def _patiently(self, work: Callable[[], Any]) -> None:
        """Does it, and waits for whoever has the file open."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                work()
                return
            except (duckdb.IOException, duckdb.BinderException) as error:
                if not _BUSY.search(str(error)):
                    raise
                if time.monotonic() > end:
                    holder = re.search(r"\(PID (\d+)\)", str(error))
                    who = f" (process {holder[1]})" if holder else ""
                    raise WarehouseError(
                        f"{self.path} is open in another program{who}, and cannot be written.",
                        "close it there, or keep the tables in a file of their own: --into members.duckdb",
                    ) from None
            time.sleep(0.05)


def _beside_files(place: str, into: str, tables: dict[str, str], writes: str | None) -> Keeping:
    is_database = os.path.isfile(place) and not place.lower().endswith(tuple(READERS))
    own = is_file(into)
    if not own and not is_database:
        raise WarehouseError(
            f"{shown(place)} has no schemas that could be written.",
            "--into members.duckdb keeps them in a file of its own",
        )
    path = os.path.abspath(into if own else place)
    if not os.path.isdir(os.path.dirname(path)):
        raise WarehouseError(f"There is no folder {os.path.dirname(path)}.", "make it first")
    warehouse = open_warehouse(place, tables, writes, keeps=path)
    driver = cast("DuckDB", warehouse.connection).driver
    home = alias_of(place) if is_database else "memory"
    same = is_database and os.path.realpath(place) == os.path.realpath(path)
    keeper = DuckDBKeeper(driver, path, home if same else KEPT, quoted(home), quoted("main") if own else _schema(into))
    return Keeping(warehouse, keeper)
