"""What stands in for a service: an HTTP server in a thread, and DuckDB, which answers statements of another dialect."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import duckdb
import sqlglot

from segql.discovery import cleaned, look, propose
from segql.warehouse import Warehouse


class Request(NamedTuple):
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    server: str
    """The address of the server."""


class Reply(NamedTuple):
    status: int
    kind: str
    body: bytes


class Tables:
    """A small shop in DuckDB, asked by one thread at a time."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.lock = threading.Lock()
        self.duckdb = duckdb.connect()
        self.duckdb.execute("SET TimeZone = 'UTC'")
        self.duckdb.execute(SHOP)

    def arrow(self, sql: str) -> Any:
        """The rows as an Arrow table. Raises duckdb.Error."""
        spoken = sqlglot.transpile(sql, read=self.dialect, write="duckdb")[0]
        with self.lock:
            return self.duckdb.sql(spoken).to_arrow_table()

    def described(self, sql: str) -> list[tuple[str, str]]:
        """The columns and their types in DuckDB."""
        spoken = sqlglot.transpile(sql, read=self.dialect, write="duckdb")[0]
        with self.lock:
            return [(name, type_) for name, type_, *_ in self.duckdb.execute(f"DESCRIBE {spoken}").fetchall()]


SHOP = """
CREATE MACRO at_timezone(instant, zone) AS timezone(zone, instant);
CREATE TABLE people AS FROM (VALUES
  ('ann', 'NL', DATE '2000-01-31', 1.5::DOUBLE, ['new'], true), ('bob', 'BE', NULL, NULL, NULL, false),
  ('cem', 'NL', NULL, 2, [], NULL)) AS t(id, country, born, score, tags, vip);
CREATE TABLE orders AS FROM (VALUES
  (1::BIGINT, 'ann', TIMESTAMP '2026-11-20 10:00', TIMESTAMPTZ '2026-11-20 10:00:00+00', 12.50::DECIMAL(10, 2)),
  (2, 'bob', TIMESTAMP '2026-01-20 10:00', NULL, 3)) AS t(number, person, placed, paid, total);
"""
CATALOG = """\
timezone: Europe/Amsterdam
profiles:
  table: people
  key: id
  properties: {country: text, born: date, score: number, vip: boolean}
events:
  bought:
    table: orders
    profile: person
    time: {column: placed, zone: UTC}
    id: number
    properties: {total: money, when paid: {column: paid, type: time}}
"""


@contextmanager
def serving(answer: Callable[[Request], Reply]) -> Iterator[int]:
    """The port of a server that answers so."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            at = f"http://127.0.0.1:{server.server_port}"
            status, kind, text = answer(Request(self.command, self.path, dict(self.headers), body, at))
            with suppress(ConnectionError):  # who has stopped a statement may have gone
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        do_GET = do_POST = do_DELETE = do_PUT = _answer

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def a_first_catalog(warehouse: Warehouse, tables: Tables) -> tuple[str, str, list[str]]:
    """The key of the profiles and of one event that are proposed for two tables there, and what is wrong with that."""
    tables.duckdb.execute(
        "CREATE OR REPLACE TABLE customers AS SELECT i AS customer_id, 'c' || i AS email FROM range(9) AS t(i);"
        "CREATE OR REPLACE TABLE visits AS SELECT i AS visit_id, i % 9 AS customer_id,"
        " TIMESTAMPTZ '2026-01-01 10:00:00+00' AS visited_at FROM range(20) AS t(i)"
    )
    draft = propose(look(warehouse, ["customers", "visits"]))
    checked = cleaned(draft, warehouse, [], "catalog.yaml")
    tables.duckdb.execute("DROP TABLE customers; DROP TABLE visits")
    return draft.data["profiles"]["key"], draft.data["events"]["visited"]["profile"], list(map(str, checked.errors))
