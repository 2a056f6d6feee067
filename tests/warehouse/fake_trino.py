"""A server that speaks Trino's client protocol, as far as one client's queries need it. DuckDB answers them.

It tests the wire: statements, pages, types, limits, errors. What Trino's SQL means is not asked here.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

import duckdb

from .stand_in import Reply, Request, Tables

TYPES = {
    "VARCHAR": "varchar", "INTEGER": "integer", "BIGINT": "bigint", "DOUBLE": "double", "BOOLEAN": "boolean",
    "DATE": "date", "TIMESTAMP": "timestamp(6)", "TIMESTAMP WITH TIME ZONE": "timestamp(6) with time zone",
    "MAP(VARCHAR, INTEGER)": "map(varchar, integer)", "UUID": "uuid",
}  # fmt: skip
ERRORS: dict[type[duckdb.Error], str] = {
    duckdb.CatalogException: "TABLE_NOT_FOUND", duckdb.BinderException: "COLUMN_NOT_FOUND",
    duckdb.ParserException: "SYNTAX_ERROR", duckdb.ConversionException: "INVALID_CAST_ARGUMENT",
    duckdb.OutOfRangeException: "NUMERIC_VALUE_OUT_OF_RANGE",
}  # fmt: skip
PAGE = 2


@dataclass
class Service:
    """What the server knows, and what it was asked. `size` is what each query reads."""

    tables: Tables = field(default_factory=lambda: Tables("trino"))
    size: int = 0
    status: int = 200
    slow: tuple[str, ...] = ()
    """Parts of queries that never end."""
    errors: dict[str, str] = field(default_factory=dict)
    """The name of the error in which a query with such a part ends."""
    asked: list[Request] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    results: dict[str, tuple[list[dict[str, Any]], list[list[Any]]]] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        if self.status != 200:
            return Reply(self.status, "text/html", b"<html><b>Go away</b></html>")
        if request.method == "POST":
            name = f"query_{len(self.queries)}"
            self.queries.append(request.body.decode())
            return _json(self._begun(name, request))
        _, name, place = request.path.rsplit("/", 2)
        if request.method == "DELETE":
            self.cancelled.append(name)
            return Reply(204, "text/plain", b"")
        return _json(self._page(name, int(place), request.server))

    def _begun(self, name: str, request: Request) -> dict[str, Any]:
        sql = self.queries[-1]
        limit = re.search(r"query_max_scan_physical_bytes=(\d+)B", request.headers.get("X-Trino-Session", ""))
        if limit is not None and int(limit[1]) < self.size:
            return _error(name, "EXCEEDED_SCAN_LIMIT", f"Query exceeded physical bytes scan limit of {limit[1]}B")
        for part, kind in self.errors.items():
            if part in sql:
                return _error(name, kind, f"It ends in {kind}")
        if not any(part in sql for part in self.slow):
            try:
                self.results[name] = self._result(sql)
            except duckdb.Error as error:
                return _error(name, ERRORS.get(type(error), "GENERIC_INTERNAL_ERROR"), "line 1:8: " + str(error))
        return _status(name) | {"nextUri": f"{request.server}/v1/statement/{name}/0"}

    def _result(self, sql: str) -> tuple[list[dict[str, Any]], list[list[Any]]]:
        plan = sql.startswith("EXPLAIN")
        sql = sql.removeprefix("EXPLAIN")
        columns = [_column(name, type_) for name, type_ in self.tables.described(sql)]
        rows = [[_cell(v) for v in row.values()] for row in self.tables.arrow(sql).to_pylist()]
        return ([_column("Query Plan", "VARCHAR")], [["Fragment 0 [SINGLE]\n  Output\n"]]) if plan else (columns, rows)

    def _page(self, name: str, place: int, server: str) -> dict[str, Any]:
        if name in self.cancelled:
            return _error(name, "USER_CANCELED", "Query was canceled")
        if name not in self.results:
            time.sleep(0.01)
            return _status(name) | {"nextUri": f"{server}/v1/statement/{name}/0"}
        columns, rows = self.results[name]
        more = {"nextUri": f"{server}/v1/statement/{name}/{place + PAGE}"} if place < len(rows) else {}
        return _status(name) | {"columns": columns, "data": rows[place : place + PAGE]} | more


def _column(name: str, type_: str) -> dict[str, Any]:
    return {"name": name, "type": _type(type_), "typeSignature": _signature(_type(type_))}


def _type(type_: str) -> str:
    if type_.endswith("[]"):
        return f"array({_type(type_.removesuffix('[]'))})"
    return type_.lower() if type_.startswith("DECIMAL") else TYPES[type_]


def _signature(said: str) -> dict[str, Any]:
    """As Trino has it beside the type's name."""
    head, _, inner = said.removesuffix(" with time zone").removesuffix(")").partition("(")
    arguments: list[dict[str, Any]]
    if head in ("array", "map"):
        arguments = [{"kind": "TYPE", "value": _signature(one)} for one in inner.split(", ")]
    else:
        inner = str(2**31 - 1) if head == "varchar" else inner
        arguments = [{"kind": "LONG", "value": int(one)} for one in inner.split(",") if one]
    return {"rawType": head + said[len(said.removesuffix(" with time zone")) :], "arguments": arguments}


def _cell(value: Any) -> Any:
    match value:
        case bool() | int() | float() | str() | None:
            return value
        case list():
            return dict(value) if value and isinstance(value[0], tuple) else list(map(_cell, value))
    if getattr(value, "tzinfo", None) is not None:
        return f"{value:%Y-%m-%d %H:%M:%S.%f} UTC"
    return str(value)


def _status(name: str) -> dict[str, Any]:
    return {"id": name, "infoUri": "http://127.0.0.1/ui", "stats": {"state": "RUNNING"}, "warnings": []}


def _error(name: str, kind: str, message: str) -> dict[str, Any]:
    type_ = (
        "USER_ERROR" if kind.endswith(("FOUND", "ARGUMENT", "ERROR", "RANGE", "DENIED")) else "INSUFFICIENT_RESOURCES"
    )
    return _status(name) | {
        "error": {"errorCode": 1, "errorName": kind, "errorType": type_, "message": message, "failureInfo": {}}
    }


def _json(data: dict[str, Any]) -> Reply:
    return Reply(200, "application/json", json.dumps(data).encode())
