"""A server that speaks as much of BigQuery's REST protocol as one client's queries need. DuckDB answers them.

It tests the wire: requests, pages, dry runs, limits, errors. What BigQuery's SQL means is ZetaSQL's to say.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import sqlglot

PAGE = 1000
_WRITES = re.compile(r"\s*(CREATE|INSERT|DROP|CALL)\b")
TYPES = {
    "VARCHAR": "STRING", "INTEGER": "INTEGER", "BIGINT": "INTEGER", "DOUBLE": "FLOAT", "BOOLEAN": "BOOLEAN",
    "HUGEINT": "INTEGER", '"NULL"': "INTEGER",
    "DATE": "DATE", "TIMESTAMP": "DATETIME", "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
}  # fmt: skip


@dataclass
class Service:
    """What the server knows, and what it was asked. `size` is what each query reads, `kind` what it takes it for."""

    tables: duckdb.DuckDBPyConnection
    size: int = 0
    kind: str = "SELECT"
    slow: set[str] = field(default_factory=set)
    """Parts of queries that never end."""
    queries: list[dict[str, Any]] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """Tables of which rows were shown without a query."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    failed: list[str] = field(default_factory=list)

    def insert(self, job: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        configuration = job["configuration"]
        query = configuration["query"]["query"]
        self.queries.append(configuration)
        limit = configuration["query"].get("maximumBytesBilled")
        if limit is not None and int(limit) < self.size:
            said = f"Query exceeded limit for bytes billed: {limit}. {self.size} or higher required."
            return 400, _error(400, "bytesBilledLimitExceeded", said)
        session, failed = self.session(configuration["query"]), dict[str, Any]()
        try:
            schema = self._done(query, session) if _WRITES.match(query) else self._schema(query, session)
        except duckdb.CatalogException as error:
            if "already exists" not in str(error):
                return 404, _error(404, "notFound", "Not found: Table project:shop.nope was not found in location EU")
            schema, failed = {}, {"errorResult": {"reason": "duplicate", "message": "Already Exists: Table"}}
        except duckdb.Error as error:
            self.failed.append(f"{error}\n{query}")
            return 400, _error(400, "invalidQuery", "Unrecognized name: nope at [1:8]")
        reference = job.get("jobReference", {"projectId": "project"}) | {"location": "EU"}
        running = any(part in query for part in self.slow)
        done = {
            "jobReference": reference, "configuration": configuration,
            "status": {"state": "RUNNING" if running else "DONE"} | failed,
            "statistics": {"totalBytesProcessed": str(self.size), "query": {
                "totalBytesProcessed": str(self.size), "schema": schema, "statementType": self.kind,
            }, "sessionInfo": {"sessionId": session or ""}},
        }  # fmt: skip
        if not configuration.get("dryRun"):
            self.jobs[reference["jobId"]] = done
        return 200, done

    def results(self, name: str, asked: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        job = self.jobs[name]
        if name in self.cancelled:
            return 400, _error(400, "stopped", "Job execution was cancelled: User requested cancellation")
        if job["status"]["state"] != "DONE":
            return 200, {"jobReference": job["jobReference"], "jobComplete": False}
        query, session = job["configuration"]["query"]["query"], job["statistics"]["sessionInfo"]["sessionId"]
        if _WRITES.match(query):
            return 200, {"jobReference": job["jobReference"], "jobComplete": True, "schema": {}, "totalRows": "0"}
        start, size = int(asked.get("pageToken", ["0"])[0]), int(asked.get("maxResults", [PAGE])[0])
        size = min(size, PAGE)
        rows = self._rows(query, session)
        schema = self._schema(query, session)
        page = [{"f": [{"v": _cell(value)} for value in row]} for row in rows[start : start + size]]
        more = {"pageToken": str(start + size)} if start + size < len(rows) else {}
        return 200, {
            "jobReference": job["jobReference"], "jobComplete": True, "schema": schema, "totalRows": str(len(rows)),
            "rows": page, **more,
        }  # fmt: skip

    def session(self, query: dict[str, Any]) -> str | None:
        """The session that a statement names, or begins: here there are none."""
        return None

    def _done(self, statement: str, session: str | None) -> dict[str, Any]:
        raise NotImplementedError(statement)

    def _schema(self, query: str, session: str | None = None) -> dict[str, Any]:
        with self.lock:
            columns = self.tables.execute(f"DESCRIBE {_spoken(query)}").fetchall()
        return {"fields": [_field(name, type_) for name, type_, *_ in columns]}

    def _rows(self, query: str, session: str | None) -> list[tuple[Any, ...]]:
        with self.lock:
            return self.tables.execute(_spoken(query)).fetchall()

    def _names(self) -> list[tuple[str, str]]:
        """Of all tables and views, behind those of their schemas."""
        with self.lock:
            return self.tables.execute("SELECT table_schema, table_name FROM information_schema.tables").fetchall()

    def table(self, name: str) -> dict[str, Any]:
        with self.lock:
            ((kind,),) = self.tables.execute(
                "SELECT table_type FROM information_schema.tables WHERE table_name = ?", [name]
            ).fetchall()
        reference = {"projectId": "project", "datasetId": "shop", "tableId": name}
        type_ = "VIEW" if kind == "VIEW" else "TABLE"
        return {"tableReference": reference, "type": type_, "schema": self._schema(f"SELECT * FROM {name}")}

    def rows(self, name: str, asked: dict[str, list[str]]) -> dict[str, Any]:
        """What shows rows of a table, without a statement."""
        self.shown.append(name)
        with self.lock:
            rows = self.tables.execute(f"SELECT * FROM {name} LIMIT {int(asked['maxResults'][0])}").fetchall()
        return {"totalRows": str(len(rows)), "rows": [{"f": [{"v": _cell(value)} for value in row]} for row in rows]}

    def there(self, dataset: str, name: str) -> bool:
        return name in [one["id"] for one in self.listed(dataset)["tables"]]

    def listed(self, dataset: str = "shop") -> dict[str, Any]:
        own = "main" if dataset == "shop" else dataset
        names = [name for schema, name in self._names() if schema == own]
        reference = {"projectId": "project", "datasetId": dataset}
        return {"tables": [{"id": name, "tableReference": reference | {"tableId": name}} for name in names]}


def _field(name: str, type_: str) -> dict[str, str]:
    repeated = type_.endswith("[]")
    kind = "NUMERIC" if type_.startswith("DECIMAL") else TYPES[type_.removesuffix("[]")]
    return {"name": name, "type": kind, "mode": "REPEATED" if repeated else "NULLABLE"}


def _cell(value: Any) -> Any:
    return [{"v": str(one)} for one in value] if isinstance(value, list) else None if value is None else str(value)


def _spoken(query: str) -> str:
    return str(sqlglot.transpile(query, read="bigquery", write="duckdb")[0])


def _error(code: int, reason: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "errors": [{"reason": reason, "message": message}]}}


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """The address of a server that answers for the service."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if found := re.search(r"/queries/([^/]+)$", parts.path):
                self._answer(*service.results(found[1], parse_qs(parts.query)))
            elif found := re.search(r"/jobs/([^/]+)$", parts.path):
                self._answer(200, service.jobs[found[1]])
            elif found := re.search(r"/tables/([^/]+)/data$", parts.path):
                self._answer(200, service.rows(found[1], parse_qs(parts.query)))
            elif (found := re.search(r"/datasets/(?!shop/)([^/]+)/tables(?:/([^/]+))?$", parts.path)) and found[2]:
                there = service.there(found[1], found[2])
                reference = {"projectId": "project", "datasetId": found[1], "tableId": found[2]}
                error = _error(404, "notFound", "Not found: Table")
                self._answer(*((200, {"tableReference": reference}) if there else (404, error)))
            elif found:
                self._answer(200, service.listed(found[1]))
            elif found := re.search(r"/tables/([^/]+)$", parts.path):
                self._answer(200, service.table(found[1]))
            else:
                self._answer(200, service.listed())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
            if found := re.search(r"/jobs/([^/]+)/cancel$", urlsplit(self.path).path):
                service.cancelled.append(found[1])
                self._answer(200, {"job": service.jobs[found[1]]})
            else:
                self._answer(*service.insert(body))

        def _answer(self, status: int, data: dict[str, Any]) -> None:
            text = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
