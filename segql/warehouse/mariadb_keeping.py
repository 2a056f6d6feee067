"""Tables that are kept in a database of MariaDB, by transactions of InnoDB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import md5
from typing import TYPE_CHECKING

from ..plain import dataclass
from .faults import WarehouseError

if TYPE_CHECKING:
    from .mysql import MySQL

_BOTH, _ONE = "(profile, segment)", "(profile)"
_KEY_TOO_LONG = 1071
PATIENCE = 60
"""Seconds that another program is waited for which writes."""


@dataclass(frozen=True, slots=True)
class MariaDBKeeper:
    """Tables in a database beside the warehouse. What is asked runs read only, which temporary tables allow."""

    connection: MySQL
    name: str
    """Of the database."""

    @property
    def schema(self) -> str:
        """Where the tables are, as SQL names it."""
        return _quoted(self.name)

    def show(self, shown: bool) -> None:
        """Nothing: who reads is in nobody's way."""

    def there(self, table: str) -> bool:
        """As `Keeper` has it."""
        of = f"table_schema = {_literal(self.name)} AND table_name = {_literal(table)}"
        return bool(self.connection.do(f"SELECT 1 FROM information_schema.tables WHERE {of}"))

    def hold(self, name: str, sql: str) -> None:
        """As `Keeper` has it."""
        self.connection.begin(sql)
        do = self.connection.do
        do(f"DROP TEMPORARY TABLE IF EXISTS {name}")
        do(f"CREATE TEMPORARY TABLE {name} AS SELECT * FROM (\n{sql}\n) AS held LIMIT 0")
        both = len(do(f"SHOW COLUMNS FROM {name} LIKE 'segment'")) > 0
        self._make(f"CREATE INDEX stays ON {name} {_BOTH if both else _ONE}")
        # What a query makes NULL with a warning is an error where a strict session keeps its rows.
        do("SET sql_mode = REPLACE(@@sql_mode, 'STRICT_TRANS_TABLES', '')")
        # By the default the rows that it reads would be locked, and whoever changes them would wait.
        do("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        with self._transaction("READ ONLY"):
            do(f"INSERT INTO {name}\n{sql}")

    def write(self, statements: Sequence[str], unless: str) -> bool:
        """As `Keeper` has it. What makes tables and views would end a transaction: it comes first, and changes none."""
        self.connection.begin()
        do = self.connection.do
        with self._alone():
            for statement in statements:
                if statement.startswith("CREATE "):
                    self._make(statement)
            with self._transaction("READ WRITE"):
                if do(unless):
                    return False
                for statement in statements:
                    if not statement.startswith("CREATE "):
                        do(statement)
        return True

    def _make(self, statement: str) -> None:
        """Make a table, a view or an index; one of long texts is of the beginnings of profiles alone."""
        import pymysql

        try:
            self.connection.do(statement)
        except pymysql.err.MySQLError as error:
            if error.args[0] != _KEY_TOO_LONG:
                raise
            self.connection.do(statement.replace(_BOTH, _ONE))

    @contextmanager
    def _transaction(self, how: str) -> Iterator[None]:
        do = self.connection.do
        do(f"START TRANSACTION {how}")
        try:
            yield
        except BaseException:
            with suppress(Exception):  # the server may be gone
                do("ROLLBACK")
            raise
        do("COMMIT")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other program writes there; the lock ends with the connection, too."""
        do = self.connection.do
        lock = _literal(f"segql {md5(self.name.encode()).hexdigest()}")
        if do(f"SELECT GET_LOCK({lock}, {PATIENCE:d})") != [(1,)]:
            who = do(f"SELECT id, user, host FROM information_schema.processlist WHERE id = IS_USED_LOCK({lock})")
            said = "".join(f" (connection {number} of {user} at {host})" for number, user, host in who)
            raise WarehouseError(
                f"{self.schema} is being written by another program{said}.", "let one program refresh it at a time"
            )
        try:
            yield
        finally:
            with suppress(Exception):
                do(f"SELECT RELEASE_LOCK({lock})")


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
