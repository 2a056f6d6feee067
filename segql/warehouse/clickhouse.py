"""ClickHouse as a warehouse's connection, over its own client for HTTP: read only, with an end for every statement."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ..plain import dataclass
from .address import Address, said_by
from .arrow import array
from .clickhouse_types import arrow_type, column_type
from .connection import Answer, Row, Warehouse
from .cursors import ByCursor, Fault, first_line, opened
from .faults import WarehouseError, missing
from .types import ColumnType
from .urls import Secrets

if TYPE_CHECKING:
    import pyarrow

_FORM = "clickhouse://USER@HOST:PORT/DATABASE; docs/warehouses.md says where the password comes from"
_OPTIONS = ("ssl", "ssl_ca", "ssl_cert", "ssl_key", "connect_timeout")
_TLS_PORTS = (443, 8443)
_TABLES = """
SELECT if(database = currentDatabase(), name, concat(database, '.', name)) FROM system.tables
WHERE NOT is_temporary AND database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA') ORDER BY 1
"""
_UNFIT = frozenset({16, 36, 42, 43, 46, 47, 53, 60, 62, 81, 386})
"""No such column, table, database or function; arguments or types that do not go together; wrong syntax."""
_MISFIT = frozenset({6, 27, 38, 41, 69, 70, 72, 153, 321, 349, 376, 407, 675, 676})
"""Texts that are no number, date or UUID; division by nothing; numbers with too many digits."""
_TOO_LONG = frozenset({159, 160})
_STOPPED = 394
_NOBODY = "nobody answers there"
_BEHIND = re.compile(r"(?:[:.]? In scope | \(for url |\s*\([A-Z_0-9]{4,}\)(?:\s|$)).*", re.DOTALL)
"""Behind what an error says: the whole statement, the error's name, the server's version and its address."""
_LONGEST = 100_000_000
"""Bytes of the longest statement: hundreds of segments in one are longer than ClickHouse takes unasked."""
_LIMITS = {
    "max_query_size": _LONGEST, "max_ast_elements": 10_000_000, "max_expanded_ast_elements": 10_000_000,
    "max_ast_depth": 100_000, "date_time_input_format": "basic",
}  # fmt: skip
"""For the same reason; and dates are read as ClickHouse does, not as its client asks for."""
_READS = {"readonly": 2, "cancel_http_readonly_queries_on_client_close": 1}


def open_clickhouse(url: str, seconds: int = 600) -> Warehouse:
    """The warehouse at `clickhouse://USER@HOST:PORT/DATABASE`, over HTTP. A statement ends after so many seconds
    (0: never).

    A password that the URL does not hold comes from CLICKHOUSE_PASSWORD. Raises WarehouseError.
    """
    address, secrets = Address.of(url, _OPTIONS, _FORM), Secrets.of(url)
    try:
        from clickhouse_connect.driver import create_client
    except ImportError:
        raise missing(address.name, "clickhouse") from None
    if address.host is None or len(address.path) > 1:
        raise WarehouseError(f"{address.name} cannot be opened: its URL has no server where one should be.", _FORM)
    options, password = address.options, address.secret("CLICKHOUSE_PASSWORD")
    secrets = secrets.and_(password)
    wait = options.get("connect_timeout", "10")
    if not wait.isdigit():
        raise WarehouseError(f"{address.name} has a `connect_timeout` that is no number of seconds.", _FORM)
    safe = address.port in _TLS_PORTS or "ssl_ca" in options or "ssl_cert" in options
    if "ssl" in options:
        safe = options["ssl"].lower() in ("true", "1", "required")
    way: dict[str, Any] = {
        "host": address.host,
        "port": address.port or (8443 if safe else 8123),
        "interface": "https" if safe else "http",
        "username": address.user or said_by("CLICKHOUSE_USER") or "default",
        "password": password or "",
        "database": address.path[0] if address.path else None,
        "connect_timeout": int(wait),
        "send_receive_timeout": seconds + 60 if seconds else None,
        "ca_cert": options.get("ssl_ca"),
        "client_cert": options.get("ssl_cert"),
        "client_cert_key": options.get("ssl_key"),
        "client_name": "segql",
        "tz_mode": "aware",
        "autogenerate_session_id": False,
    }
    session = {"session_id": str(uuid4()), "session_timeout": 3600}
    limits = {**_LIMITS, "max_execution_time": seconds}
    logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())  # else it writes to standard error

    def connected() -> ClickHouse:
        with ExitStack() as undo:
            made = []
            for own, settings in ((session, {**limits, **_READS}), (session, limits), ({}, {})):
                client = create_client(**way, settings=own)
                undo.callback(client.close)
                for name, value in settings.items():
                    known = client.server_settings.get(name)
                    if known is not None and not known.readonly:  # what a role may not change it keeps
                        client.set_client_setting(name, value)
                made.append(client)
            undo.pop_all()
        reader, writer, others = made
        return ClickHouse(reader, secrets, seconds, _TABLES, (), writer=writer, others=others)

    return opened(address.name, connected, _fault, secrets, _FORM)


@dataclass(slots=True)
class _Stream:
    """A statement that runs there, and its rows as they come."""

    number: str
    others: Any
    rows: Any = None
    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def cancel(self) -> None:
        self.others.command(f"KILL QUERY WHERE query_id = '{self.number}' ASYNC")

    def close(self) -> None:
        if self.rows is not None:
            self.rows.__exit__(None, None, None)


@dataclass(slots=True)
class ClickHouse(ByCursor):
    """Clients of one session: `driver` only reads, `writer` is for tables that are kept, `others` has no session."""

    writer: Any = None
    others: Any = None
    dialect: str = "clickhouse"

    def _asked(self, sql: str) -> _Stream:
        self._end()
        found = _Stream(str(uuid4()), self.others)
        self._open.append(found)  # before it runs, for `cancel`
        rows = self.driver.query_row_block_stream(
            sql, settings={"query_id": found.number}, query_formats={"FixedString": "string"}
        )
        found.rows = rows.__enter__()
        found.names = tuple(rows.source.column_names)
        found.types = tuple(one.name for one in rows.source.column_types)
        return found

    def do(self, sql: str, *, writes: bool = False) -> None:
        """A statement without rows; one that changes more than tables of the session `writes`."""
        self._end()
        found = _Stream(str(uuid4()), self.others)
        self._open.append(found)
        (self.writer if writes else self.driver).command(sql, settings={"query_id": found.number})
        self._done(found)

    def run(self, sql: str) -> Answer:
        found = self._asked(sql)
        return Answer(found.names, self._batches(found))

    def _batches(self, found: _Stream) -> Iterator[Sequence[Row]]:
        for block in found.rows:
            yield [tuple(row) for row in block]
        self._done(found)

    def _read(self, cursor: _Stream) -> pyarrow.RecordBatchReader:
        import pyarrow as pa

        schema = pa.schema([*zip(cursor.names, map(arrow_type, cursor.types), strict=True)])

        def read() -> Iterator[pyarrow.RecordBatch]:
            for rows in cursor.rows:
                columns = zip(*rows, strict=True)
                arrays = [array(column, one.type) for column, one in zip(columns, schema, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

        return pa.RecordBatchReader.from_batches(schema, read())

    def columns(self, sql: str) -> Sequence[tuple[str, ColumnType]]:
        return [(str(name), column_type(said)) for name, said, *_ in self.rows(f"DESCRIBE (\n{sql}\n)")]

    def _means(self, error: Exception) -> Fault | None:
        return _fault(error)

    def close(self) -> None:
        ByCursor.close(self)
        for client in (self.writer, self.others):
            with suppress(Exception):
                client.close()


def _fault(error: Exception) -> Fault | None:
    from clickhouse_connect.driver.exceptions import ClickHouseError
    from urllib3.exceptions import HTTPError

    if not isinstance(error, ClickHouseError):
        return Fault("other", _NOBODY) if isinstance(error, HTTPError | OSError) else None
    said = str(error)
    found = re.search(r"\bCode: (\d+)\. (?:DB::Exception: )?(.*)", said, re.DOTALL)
    if found is None:
        if distrust := re.search(r"\[SSL: \w+\] ([^(']*)", said):
            return Fault("other", distrust[1].strip())
        answers = "response code" in said or "server response" in said
        return Fault("other", "what answers there is no ClickHouse" if answers else _NOBODY)
    code, said = int(found[1]), first_line(_BEHIND.sub("", found[2])).removesuffix(".") + "."
    if code in _UNFIT:
        return Fault("unfit", said)
    if code in _MISFIT:
        return Fault("misfit", said)
    if code in _TOO_LONG:
        return Fault("too long", said)
    return Fault("other", "The statement was stopped." if code == _STOPPED else said)
