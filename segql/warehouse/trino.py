"""Trino as a warehouse's connection, over its own client: an end for every statement, in time and in bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from ..plain import dataclass
from .address import Address, said_by
from .arrow import array
from .connection import BATCH, Answer, Row, Warehouse
from .cursors import ByCursor, Fault, first_line, opened, quoted
from .faults import WarehouseError, missing
from .types import ColumnType, column_type
from .urls import Secrets

if TYPE_CHECKING:
    import pyarrow

_FORM = "trino://USER@HOST:PORT/CATALOG/SCHEMA; docs/warehouses.md says where the password comes from"
_OPTIONS = ("ssl", "ssl_ca", "ssl_cert", "ssl_key", "role")
_TLS_PORTS = (443, 8443)
_TABLES = """
SELECT CASE WHEN table_schema = {schema} THEN table_name ELSE table_schema || '.' || table_name END
FROM information_schema.tables WHERE table_schema <> 'information_schema' ORDER BY 1
"""
_UNFIT = (
    "TABLE_NOT_FOUND", "COLUMN_NOT_FOUND", "SCHEMA_NOT_FOUND", "CATALOG_NOT_FOUND", "FUNCTION_NOT_FOUND",
    "MISSING_CATALOG_NAME", "MISSING_SCHEMA_NAME", "TYPE_MISMATCH", "SYNTAX_ERROR", "TYPE_NOT_FOUND",
)  # fmt: skip
_MISFIT = (
    "NUMERIC_VALUE_OUT_OF_RANGE", "INVALID_CAST_ARGUMENT", "INVALID_FUNCTION_ARGUMENT", "DIVISION_BY_ZERO",
)  # fmt: skip
_STOPPED = "The statement was stopped."
_TOO_LONG = ("EXCEEDED_TIME_LIMIT", "EXCEEDED_CPU_LIMIT")
_TYPE = re.compile(r"(?P<head>[a-z]+)(?:\((?P<inner>.*?)\))?(?P<zone> with time zone)?", re.DOTALL)


def open_trino(url: str, seconds: int = 600, max_bytes: int | None = None) -> Warehouse:
    """The warehouse at `trino://USER@HOST:PORT/CATALOG/SCHEMA`. A statement ends after so many seconds (0: never), and
    before it reads more than so many bytes.

    A password that the URL does not hold comes from TRINO_PASSWORD, a token from TRINO_TOKEN. Raises WarehouseError.
    """
    address, secrets = Address.of(url, _OPTIONS, _FORM), Secrets.of(url)
    try:
        from trino import auth, dbapi
    except ImportError:
        raise missing(address.name, "trino") from None
    if address.host is None or len(address.path) > 2:
        raise WarehouseError(f"{address.name} cannot be opened: its URL has no server where one should be.", _FORM)
    options, user = address.options, address.user or said_by("USER", "USERNAME") or "segql"
    password, token = address.secret("TRINO_PASSWORD"), said_by("TRINO_TOKEN")
    secrets = secrets.and_(password, token)
    known: Any = None
    if password is not None:
        known = auth.BasicAuthentication(user, password)
    elif token is not None:
        known = auth.JWTAuthentication(token)
    elif "ssl_cert" in options:
        known = auth.CertificateAuthentication(options["ssl_cert"], options.get("ssl_key", options["ssl_cert"]))
    safe = known is not None or address.port in _TLS_PORTS
    if "ssl" in options:
        safe = options["ssl"].lower() in ("true", "1", "required")
    if known is not None and not safe:
        raise WarehouseError(f"{address.name} is not encrypted, and a password needs that.", "ssl=true")
    limits = {"query_max_run_time": f"{seconds:d}s"} if seconds else {}
    if max_bytes is not None:
        limits["query_max_scan_physical_bytes"] = f"{max_bytes:d}B"
    catalog, schema = (*address.path, None, None)[:2]

    def connected() -> Trino:
        driver = dbapi.connect(
            host=address.host,
            port=address.port or (443 if safe else 8080),
            user=user,
            catalog=catalog,
            schema=schema,
            http_scheme="https" if safe else "http",
            auth=known,
            verify=options.get("ssl_ca", True),
            roles={"system": options["role"]} if "role" in options else None,
            source="segql",
            timezone="UTC",
            session_properties=limits,
        )
        tables = _TABLES.format(schema=quoted(schema or "")) if catalog else None
        return Trino(driver, secrets, seconds, tables, ("SELECT 1",))

    return opened(address.name, connected, _fault, secrets, _FORM)


@dataclass(slots=True)
class Trino(ByCursor):
    """A connection of the driver `trino`."""

    dialect: str = "trino"

    def _asked(self, sql: str) -> Any:
        cursor = ByCursor._asked(self, sql)
        if cursor.description is None:  # of what was stopped before it had columns the driver says nothing
            raise WarehouseError(_STOPPED)
        return cursor

    def run(self, sql: str) -> Answer:
        cursor = self._asked(sql)
        return Answer(tuple(column[0] for column in cursor.description), _batches(cursor))

    def _read(self, cursor: Any) -> pyarrow.RecordBatchReader:
        import pyarrow as pa

        schema = pa.schema([(column[0], _arrow_type(column[1])) for column in cursor.description])

        def read() -> Iterator[pyarrow.RecordBatch]:
            for rows in _batches(cursor):
                columns = zip(*rows, strict=True)
                arrays = [array(column, one.type) for column, one in zip(columns, schema, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

        return pa.RecordBatchReader.from_batches(schema, read())

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        cursor = self._asked(f"SELECT * FROM (\n{sql}\n) AS t LIMIT 0")
        return [(column[0], column_type(column[1], self.dialect)) for column in cursor.description]

    def _means(self, error: Exception) -> Fault | None:
        return _fault(error)


def _batches(cursor: Any) -> Iterator[Sequence[Row]]:
    while batch := [tuple(row) for row in cursor.fetchmany(BATCH)]:
        yield batch


def _arrow_type(said: str) -> Any:
    import pyarrow as pa

    found = _TYPE.fullmatch(said)
    known = {
        "bigint": pa.int64(), "integer": pa.int32(), "smallint": pa.int16(), "tinyint": pa.int8(),
        "double": pa.float64(), "real": pa.float32(), "boolean": pa.bool_(), "date": pa.date32(),
        "varbinary": pa.binary(), "timestamp": pa.timestamp("us"),
    }  # fmt: skip
    match (found["head"], found["inner"], found["zone"]) if found else ("", None, None):
        case "array", str(inner), None:
            return pa.list_(_arrow_type(inner))
        case "decimal", str(inner), None:
            return pa.decimal128(*map(int, inner.split(",")))
        case "timestamp", _, str():
            return pa.timestamp("us", "UTC")
        case head, _, None if head in known:
            return known[head]
        case _:
            return pa.string()


def _fault(error: Exception) -> Fault | None:
    from requests import RequestException
    from trino.exceptions import Error, HttpError, TrinoQueryError
    from urllib3.exceptions import LocationValueError

    if isinstance(error, TrinoQueryError):
        code, said = error.error_name, first_line(error.message)
        if code in _UNFIT:
            return Fault("unfit", said)
        if code in _MISFIT:
            return Fault("misfit", said)
        if code == "USER_CANCELED":
            return Fault("other", _STOPPED)
        if code in _TOO_LONG:
            return Fault("too long", said)
        return Fault("too large" if code == "EXCEEDED_SCAN_LIMIT" else "other", said)
    if isinstance(error, HttpError):
        return Fault("other", _refused(str(error)))
    if isinstance(error, JSONDecodeError):
        return Fault("other", "what answers there is no Trino")
    if isinstance(error, ValueError) and "isoformat" in str(error):  # a date that Python has not
        return Fault("misfit", str(error))
    known = Error | RequestException | LocationValueError | OSError
    return Fault("other", _reached(str(error))) if isinstance(error, known) else None


def _refused(said: str) -> str:
    """What the server answers to a request: without a way in a number of HTTP, and a page."""
    if "error 401" in said:
        return "the user or the password is wrong"
    return first_line(re.sub(r"<[^>]*>", " ", said))[:200]


def _reached(said: str) -> str:
    """Why no server was reached, which the driver says at the end of much else."""
    found = re.search(r"\[Errno -?\d+\] ([^'\")]+)|(CERTIFICATE_VERIFY_FAILED|SSLError|Read timed out)", said)
    return (found[1] or found[2]) if found else first_line(said)
