"""A server that speaks Snowflake's protocol, as far as one client's queries need it. DuckDB answers them, in Arrow.

It tests the wire: logins, statements, types, errors. What the SQL means is fakesnow's to say, in the tests of meaning.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import threading
from dataclasses import dataclass, field
from typing import Any

import duckdb

from .stand_in import Reply, Request, Tables

ERRORS: dict[type[duckdb.Error], tuple[str, str, str]] = {
    duckdb.CatalogException: ("002003", "42S02", "SQL compilation error:\nObject '{}' does not exist."),
    duckdb.BinderException: ("000904", "42000", "SQL compilation error: error line 1 at position 7\ninvalid '{}'"),
    duckdb.ConversionException: ("100038", "22018", "Numeric value 'NL' is not recognized"),
}  # fmt: skip
PLAN = {"GlobalStats": {"partitionsTotal": 4, "partitionsAssigned": 1, "bytesAssigned": 4096}}


@dataclass
class Service:
    """What the server knows, and what it was asked."""

    tables: Tables = field(default_factory=lambda: Tables("snowflake"))
    denied: bool = False
    slow: tuple[str, ...] = ()
    """Parts of queries that never end."""
    errors: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Number, state and text of the error in which a query with such a part ends."""
    logins: list[dict[str, Any]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __call__(self, request: Request) -> Reply:
        path, body = request.path.partition("?")[0], request.body
        self.paths.append(path)
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        match path:
            case "/session/v1/login-request":
                self.logins.append(json.loads(body)["data"])
                return self._logged_in()
            case "/queries/v1/query-request":
                return self._asked(json.loads(body)["sqlText"])
            case "/queries/v1/abort-request":
                self.stopped.set()
                return _json({}, True)
            case _:
                return _json({}, True)

    def _logged_in(self) -> Reply:
        if self.denied:
            return _json(
                {"authnMethod": "USERNAME_PASSWORD"}, False, "390100", "Incorrect username or password was specified."
            )
        data = {
            "token": "t", "masterToken": "m", "validityInSeconds": 3600, "masterValidityInSeconds": 14400,
            "sessionId": 1, "parameters": [], "sessionInfo": {"databaseName": "LAKE", "schemaName": "MAIN"},
        }  # fmt: skip
        return _json(data, True)

    def _asked(self, sql: str) -> Reply:
        self.queries.append(sql)
        if any(part in sql for part in self.slow):
            self.stopped.wait(10)
            return _error("000604", "57014", "SQL execution canceled")
        for part, said in self.errors.items():
            if part in sql:
                return _error(*said)
        try:
            return _rows(self._table(sql))
        except duckdb.Error as error:
            name = re.search(r'(?:name|column) "?(\w+)', str(error))
            number, state, text = ERRORS[type(error)]
            return _error(number, state, text.format(name[1].upper() if name else ""))

    def _table(self, sql: str) -> Any:
        import pyarrow as pa

        if sql.startswith(("ALTER SESSION", "USE ")):
            return pa.table({"status": ["Statement executed successfully."]})
        if sql.startswith("EXPLAIN USING JSON"):
            return pa.table({"content": [json.dumps(PLAN)]})
        if sql.startswith("EXPLAIN USING TEXT"):
            return pa.table({"content": ["GlobalStats:\n    bytesAssigned=4096\n"]})
        return self.tables.arrow(sql)


def _rows(table: Any) -> Reply:
    """As Snowflake sends them: names in capitals, and each column of a few types of Arrow's, beside its own."""
    import pyarrow as pa

    kinds, columns, fields = [], [], []
    for name, column in zip(table.schema.names, table.columns, strict=True):
        kind, stored = _stored(column.combine_chunks())
        metadata = {
            "logicalType": kind["type"].upper(),
            "precision": str(kind["precision"]),
            "scale": str(kind["scale"]),
        }
        columns.append(stored)
        fields.append(pa.field(name.upper(), stored.type, metadata=metadata))
        kinds.append({"name": name.upper(), "nullable": True, "length": 0, "byteLength": 0, **kind})
    batch = pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))
    sent = io.BytesIO()
    with pa.ipc.new_stream(sent, batch.schema) as stream:
        stream.write_batch(batch)
    data = {
        "parameters": [], "rowtype": kinds, "rowsetBase64": base64.b64encode(sent.getvalue()).decode(),
        "queryResultFormat": "arrow", "total": table.num_rows, "returned": table.num_rows, "queryId": "1", "version": 1,
        "statementTypeId": 4096, "sqlState": "00000",
    }  # fmt: skip
    return _json(data, True)


def _stored(column: Any) -> tuple[dict[str, Any], Any]:
    import pyarrow as pa

    def kind(name: str, precision: int = 0, scale: int = 0) -> dict[str, Any]:
        return {"type": name, "precision": precision, "scale": scale}

    match str(column.type):
        case "int32" | "int64":
            return kind("fixed", 38), column.cast(pa.int64())
        case said if said.startswith("decimal"):
            scale = column.type.scale
            unscaled = [None if v is None else int(v.scaleb(scale)) for v in column.to_pylist()]
            return kind("fixed", column.type.precision, scale), pa.array(unscaled, pa.int64())
        case "double":
            return kind("real"), column
        case "bool":
            return kind("boolean"), column
        case "date32[day]":
            return kind("date"), column
        case "timestamp[us]":
            return kind("timestamp_ntz", 0, 6), column.cast(pa.int64())
        case "timestamp[us, tz=UTC]":
            return kind("timestamp_ltz", 0, 6), column.cast(pa.int64())
        case said if said.startswith("list"):
            written = [None if value is None else json.dumps(value) for value in column.to_pylist()]
            return kind("array"), pa.array(written, pa.string())
        case _:
            return kind("text"), column.cast(pa.string())


def _error(number: str, state: str, said: str) -> Reply:
    return _json(
        {"sqlState": state, "queryId": "01b2c3d4-0000-1111-2222-333344445555", "errorCode": number}, False, number, said
    )


def _json(data: dict[str, Any], success: bool, code: str | None = None, message: str | None = None) -> Reply:
    body = {"data": data, "success": success, "code": code, "message": message}
    return Reply(200, "application/json", json.dumps(body).encode())
