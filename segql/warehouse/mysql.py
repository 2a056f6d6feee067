"""MySQL and MariaDB as a warehouse's connection, over PyMySQL: read only, with an end for every statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..plain import dataclass
from .address import Address
from .arrow import write_parquet
from .connection import BATCH, Answer, Reference, Row, Warehouse
from .faults import WarehouseError, misfit, missing, too_long, unfit
from .layout import Indexed, Layout
from .mysql_types import arrow_type, column_type
from .stopping import interruptible
from .types import ColumnType
from .urls import Secrets, dialect_of, shown

if TYPE_CHECKING:
    import pyarrow

_TABLES = """
SELECT CASE WHEN table_schema = DATABASE() THEN table_name ELSE CONCAT(table_schema, '.', table_name) END
FROM information_schema.tables
WHERE table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY 1
"""
_LAYOUT = """
SELECT t.table_rows, s.index_name, s.column_name
FROM information_schema.tables AS t LEFT JOIN information_schema.statistics AS s
ON s.table_schema = t.table_schema AND s.table_name = t.table_name
WHERE t.table_schema = {schema} AND t.table_name = {table} ORDER BY s.index_name, s.seq_in_index
"""
_REFERENCES = """
SELECT CASE WHEN table_schema = DATABASE() THEN table_name ELSE CONCAT(table_schema, '.', table_name) END,
  MIN(column_name), CASE WHEN referenced_table_schema = DATABASE() THEN referenced_table_name
  ELSE CONCAT(referenced_table_schema, '.', referenced_table_name) END, MIN(referenced_column_name)
FROM information_schema.key_column_usage WHERE referenced_table_name IS NOT NULL
GROUP BY table_schema, table_name, constraint_name, referenced_table_schema, referenced_table_name
HAVING COUNT(*) = 1 ORDER BY 1, 2
"""
_MODE = "STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
MODES = {"mysql": f"ONLY_FULL_GROUP_BY,{_MODE}", "mariadb": _MODE}
"""MySQL's own. In others `||`, `"` and the backslash mean something else. With ONLY_FULL_GROUP_BY MariaDB refuses a
grouped query whose WHERE asks for other rows of a row's.
"""
_ZONES = re.compile(r"'\+00:00',\s*'([^']+)'|'([^']+)',\s*'\+00:00'")
_OPTIONS = ("unix_socket", "connect_timeout", "ssl", "ssl_ca", "ssl_cert", "ssl_key")
_UNFIT = (1054, 1064, 1146, 1267, 1271, 1305, 1370, 1582)
"""No such column, table or function; wrong syntax; collations that do not go together."""
_NO_FUNCTION = 1305
_MISFIT = (1264, 1292, 1366, 1690, 3156)
_TOO_LONG = (1969, 3024)
_NO_WAY_IN = (1044, 1045, 1698)


def open_mysql(url: str, seconds: int = 600) -> Warehouse:
    """The warehouse at `mysql://USER@HOST:PORT/DATABASE` or `mariadb://..`. A statement ends after so many seconds.

    A password that the URL does not hold comes from MYSQL_PWD or ~/.my.cnf. Raises WarehouseError.
    """
    dialect = dialect_of(url)
    name, secrets = f"The warehouse {shown(url)}", Secrets.of(url)
    try:
        import pymysql
    except ImportError:
        raise missing(name, "mysql") from None
    way = _way(url, name)
    try:
        driver = interruptible(lambda: None, lambda: pymysql.connect(**way))
        if ("mariadb" in str(driver.get_server_info()).lower()) != (dialect == "mariadb"):
            other = "mysql" if dialect == "mariadb" else "mariadb"
            raise WarehouseError(f"{name} is the other of the two: its SQL is that of {other}.", f"{other}://..")
        found = MySQL(driver, way, secrets, seconds, dialect)
        found.settle()
    except (pymysql.err.Error, OSError) as error:
        code, said = _said(error)
        hint = "mysql://USER@HOST:PORT/DATABASE; docs/warehouses.md says what else may stand there"
        if code in _NO_WAY_IN:
            hint = "the password is in the URL, in MYSQL_PWD, or in ~/.my.cnf"
        raise WarehouseError(f"{name} cannot be opened: {secrets.taken_out(said)}", hint) from None
    return Warehouse(found, name)


def _way(url: str, name: str) -> dict[str, Any]:
    """What the driver needs to connect."""
    hint = "mysql://USER@HOST:PORT/DATABASE?unix_socket=PATH"
    address = Address.of(url, _OPTIONS, hint)
    options = dict(address.options)
    way: dict[str, Any] = {"charset": "utf8mb4", "autocommit": True, "program_name": "segql"}
    given = {
        "host": address.host, "port": address.port, "user": address.user, "password": address.secret("MYSQL_PWD"),
        "database": "/".join(address.path) or None,
    }  # fmt: skip
    if options.pop("ssl", "false").lower() in ("true", "1", "required"):
        way["ssl"] = {"check_hostname": False}
    if "connect_timeout" in options:
        if not options["connect_timeout"].isdigit():
            raise WarehouseError(f"{name} has a `connect_timeout` that is no number of seconds.", hint)
        way["connect_timeout"] = int(options.pop("connect_timeout"))
    if (file := Path.home() / ".my.cnf").is_file():
        way["read_default_file"] = str(file)
    return way | options | {key: value for key, value in given.items() if value is not None}


@dataclass(slots=True)
class MySQL:
    """A connection of the driver `pymysql`; `way` opens another one, to stop what this one does."""

    driver: Any
    way: Mapping[str, Any]
    secrets: Secrets
    seconds: int
    dialect: str
    one_thread: bool = False
    billed: bool = False
    reconnects: bool = True
    writes_named: bool = False
    _open: list[Any] = field(default_factory=list)
    """The cursor of the last answer, whose rows may still be read, in a transaction that is still open."""
    _zones: set[str] = field(default_factory=set)
    """Time zones that the server knows."""

    def __repr__(self) -> str:
        return f"MySQL({self.dialect})"

    def settle(self) -> None:
        """The session as every statement finds it, whatever a function that a catalog calls has set."""
        limit = f"max_execution_time = {self.seconds * 1000:d}"
        if self.dialect == "mariadb":
            limit = f"max_statement_time = {self.seconds:d}"
        self.do(f"SET time_zone = '+00:00', sql_mode = '{MODES[self.dialect]}', {limit}")
        self.do("SET NAMES utf8mb4")

    def run(self, sql: str) -> Answer:
        cursor = self._asked(sql)
        return Answer(tuple(column[0] for column in cursor.description), self._batches(cursor))

    def _asked(self, sql: str) -> Any:
        """The cursor of a query in a read-only transaction of its own."""
        from pymysql.cursors import SSCursor

        self.begin(sql)
        self.do("START TRANSACTION READ ONLY")
        cursor = self.driver.cursor(SSCursor)
        self._open.append(cursor)
        cursor.execute(sql)
        return cursor

    def begin(self, sql: str = "") -> None:
        """Have done with the last query; the session is as a statement should find it, whose zones are known."""
        self._end()
        self._know_zones(sql)
        self.settle()

    def _batches(self, cursor: Any) -> Iterator[Sequence[Row]]:
        while batch := cursor.fetchmany(BATCH):
            yield batch
        self._end()  # a transaction left open would hold its locks

    def _end(self) -> None:
        """End the transaction of the last query, if there is one."""
        import pymysql

        while self._open:
            with suppress(pymysql.err.Error):  # it was stopped, which has been said
                self._open.pop().close()
            self.do("ROLLBACK")

    def do(self, sql: str) -> Sequence[Row]:
        """Run a statement; its rows, where it has some."""
        with self.driver.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def _know_zones(self, sql: str) -> None:
        """Of a zone that the server does not know CONVERT_TZ makes NULL, without a word."""
        for zone in {one or other for one, other in _ZONES.findall(sql)} - self._zones:
            quoted = zone.replace("\\", "\\\\").replace("'", "''")
            if self.do(f"SELECT CONVERT_TZ('2025-01-01 00:00:00', '+00:00', '{quoted}')") == [(None,)]:
                tool = "mariadb-tzinfo-to-sql" if self.dialect == "mariadb" else "mysql_tzinfo_to_sql"
                raise WarehouseError(
                    f"The server does not know the time zone {zone}, so times there would be missing.",
                    f"load its time zone tables: {tool} /usr/share/zoneinfo | {self.dialect} -u root mysql",
                )
            self._zones.add(zone)

    def arrow(self, sql: str) -> pyarrow.RecordBatchReader:
        import pyarrow as pa

        cursor = self._asked(sql)
        types = [arrow_type(one) for one in cursor._result.fields]
        schema = pa.schema([(column[0], type_) for column, type_ in zip(cursor.description, types, strict=True)])

        def read() -> Iterator[pyarrow.RecordBatch]:
            for rows in self._batches(cursor):
                columns = zip(*rows, strict=True)
                yield pa.record_batch(
                    [pa.array(column, type_) for column, type_ in zip(columns, types, strict=True)], schema=schema
                )

        return pa.RecordBatchReader.from_batches(schema, read())

    def write_parquet(self, sql: str, path: str) -> None:
        write_parquet(self.arrow(sql), path)

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        cursor = self._asked(f"SELECT * FROM (\n{sql}\n) AS t LIMIT 0")
        found = [(one.name, column_type(one)) for one in cursor._result.fields]
        self._end()
        return found

    def tables(self) -> Sequence[str]:
        return [name for batch in self.run(_TABLES).batches for (name,) in batch]

    def references(self) -> Sequence[Reference]:
        """As `Declaring` has it."""
        return [Reference(*row) for batch in self.run(_REFERENCES).batches for row in batch]

    def layout(self, table: str) -> Layout | None:
        from pymysql.converters import escape_string

        schema, _, name = table.rpartition(".")
        within = f"'{escape_string(schema)}'" if schema else "database()"
        rows = [
            row
            for batch in self.run(_LAYOUT.format(schema=within, table=f"'{escape_string(name)}'")).batches
            for row in batch
        ]
        if not rows or rows[0][0] is None:  # none of a view
            return None
        indexes: dict[str, list[str]] = {}
        for _, index, column in rows:
            if index is not None:  # no column: an expression
                indexes.setdefault(index, []).append(column or "")
        return Indexed(int(rows[0][0]), tuple(map(tuple, indexes.values())))

    def explain(self, sql: str) -> str:
        answer = self.run(f"EXPLAIN {sql}")
        rows = [row for batch in answer.batches for row in batch]
        lines = [answer.columns, *rows] if len(answer.columns) > 1 else rows
        return "\n".join("  ".join("" if cell is None else str(cell) for cell in line).rstrip() for line in lines)

    def cancel(self) -> None:
        import pymysql

        with pymysql.connect(**self.way) as other, other.cursor() as cursor:
            cursor.execute(f"KILL QUERY {self.driver.thread_id():d}")

    def translated(self, error: Exception, name: str) -> WarehouseError | None:
        import pymysql

        if not isinstance(error, pymysql.err.Error | OSError):
            return None
        code, said = _said(error)
        said = self.secrets.taken_out(said)
        if code in _TOO_LONG:
            return too_long(name, self.seconds)
        if code == _NO_FUNCTION and "MD5" in said:  # from MySQL 9.6 on
            hint = "INSTALL COMPONENT 'file://component_classic_hashing'"
            return WarehouseError(f"{name} has no MD5, which random shares and samples go by.", hint)
        if code in _UNFIT:
            return unfit(name, said)
        if code in _MISFIT:
            return misfit(name, said)
        return WarehouseError(f"{name} cannot answer: {said}")

    def close(self) -> None:
        # Not by way of the open cursor, which would read the rest of its rows first.
        self._open.clear()
        self.driver._force_close()


def _said(error: BaseException) -> tuple[int | None, str]:
    """The number of an error, and what the server says."""
    match error.args:
        case (int() as code, str() as said, *_) if said:
            return code, said.split("\n", 1)[0]
        case _:
            return None, str(error).split("\n", 1)[0] or "the connection is lost"
