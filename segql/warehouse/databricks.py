"""Databricks as a warehouse's connection, over its own client: SQL warehouses, and clusters; Arrow results."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..plain import dataclass
from .address import Address, reach, said_by
from .connection import BATCH, Warehouse
from .cursors import ByCursor, Fault, first_line, lost, opened
from .faults import WarehouseError, missing
from .types import ColumnType, column_type
from .urls import Secrets

if TYPE_CHECKING:
    import pyarrow

_FORM = "databricks://HOST?http_path=/sql/1.0/warehouses/ID&catalog=CATALOG&schema=SCHEMA"
_OPTIONS = ("http_path", "catalog", "schema", "auth")
_TABLES = """
SELECT CASE WHEN table_schema = CURRENT_SCHEMA() THEN table_name ELSE CONCAT(table_schema, '.', table_name) END
FROM information_schema.tables WHERE table_schema <> 'information_schema' ORDER BY 1
"""
_UNFIT = (
    "TABLE_OR_VIEW_NOT_FOUND", "UNRESOLVED_", "SCHEMA_NOT_FOUND", "NO_SUCH_CATALOG", "PARSE_", "DATATYPE_MISMATCH",
    "INVALID_EXTRACT_BASE_FIELD_TYPE", "FIELD_NOT_FOUND",
)  # fmt: skip
_MISFIT = ("CAST_", "ARITHMETIC_OVERFLOW", "NUMERIC_", "CANNOT_PARSE_", "BINARY_ARITHMETIC_OVERFLOW", "DIVIDE_BY_ZERO")
"""How the classes of its errors begin, which it says in brackets."""
_LONGEST = 2 * 24 * 60 * 60
"""Seconds that it lets a statement run."""


def open_databricks(url: str, seconds: int = 600) -> Warehouse:
    """The warehouse at `databricks://HOST?http_path=..&catalog=..&schema=..`. A statement ends after so many seconds,
    0: as the workspace says.

    A token that the URL does not hold (`token:TOKEN@HOST`) comes from DATABRICKS_TOKEN, a path from
    DATABRICKS_HTTP_PATH; `auth=oauth` asks in a browser. Raises WarehouseError.
    """
    address, secrets = Address.of(url, _OPTIONS, _FORM), Secrets.of(url)
    try:
        from databricks import sql
    except ImportError:
        raise missing(address.name, "databricks") from None
    options = address.options
    token = address.password if options.get("auth") == "oauth" else address.secret("DATABRICKS_TOKEN")
    path = options.get("http_path") or said_by("DATABRICKS_HTTP_PATH")
    if not address.host or not path or address.path:
        raise WarehouseError(f"{address.name} cannot be opened: its URL lacks a server or its http_path.", _FORM)
    if token is None and options.get("auth") != "oauth":
        message = f"{address.name} cannot be opened: it needs a token."
        raise WarehouseError(message, "set DATABRICKS_TOKEN, or ask in a browser: auth=oauth")
    secrets = secrets.and_(token)
    way = {"access_token": token} if token is not None else {"auth_type": "databricks-oauth"}
    logging.getLogger("databricks").addHandler(logging.NullHandler())  # what is wrong is said once, by us
    limit = {"STATEMENT_TIMEOUT": f"{min(seconds, _LONGEST):d}"} if seconds else {}
    host, port = address.host, address.port or 443

    def connected() -> Databricks:
        reach(host, port)
        driver = sql.connect(
            server_hostname=host,
            http_path=path,
            _port=port,
            catalog=options.get("catalog"),
            schema=options.get("schema"),
            session_configuration={"TIMEZONE": "UTC"} | limit,
            user_agent_entry="segql",
            enable_telemetry=False,
            **way,
        )
        return Databricks(driver, secrets, seconds, _TABLES)

    return opened(address.name, connected, _fault, secrets, _FORM)


@dataclass(slots=True)
class Databricks(ByCursor):
    """A connection of the driver `databricks.sql`."""

    dialect: str = "databricks"

    def _read(self, cursor: Any) -> pyarrow.RecordBatchReader:
        import pyarrow as pa

        first = cursor.fetchmany_arrow(BATCH)

        def read() -> Iterator[pyarrow.RecordBatch]:
            table = first
            while table.num_rows:
                yield from table.cast(first.schema).to_batches()
                table = cursor.fetchmany_arrow(BATCH)

        return pa.RecordBatchReader.from_batches(first.schema, read())

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        return [(name, column_type(said, self.dialect)) for name, said, *_ in self.rows(f"DESCRIBE QUERY {sql}")]

    def _means(self, error: Exception) -> Fault | None:
        return _fault(error)


def _fault(error: Exception) -> Fault | None:
    from databricks.sql.exc import Error

    if isinstance(error, OSError):
        return lost(error)
    if not isinstance(error, Error) and not type(error).__module__.startswith("urllib3"):
        return None
    said = first_line(str(error)) or "the connection is lost"
    kind = re.search(r"\[([A-Z_]+)[.\]]", said)
    # What it says after the place of a statement, and of who may know it, is no news.
    said = re.split(r" SQLSTATE: |; line \d+ pos \d+", said, maxsplit=1)[0]
    if kind is not None and kind[1].startswith(_UNFIT):
        return Fault("unfit", said)
    if kind is not None and kind[1].startswith(_MISFIT):
        return Fault("misfit", said)
    if re.search(r"STATEMENT_TIMEOUT|timed? ?out|TIMEDOUT", said):
        return Fault("too long", said)
    if (getattr(error, "context", None) or {}).get("http-code") in (401, 403):
        said = "the token is wrong, or may not do this"
    return Fault("other", said)
