"""ClickHouse's HTTP interface over chdb, which is ClickHouse's own engine in this process: sessions with temporary
tables, settings, errors. What the SQL does, and what `readonly` refuses, the engine itself says.
"""

from __future__ import annotations

import re
import threading
import time
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .stand_in import Reply, Request

_REFUSED = b"Code: 516. DB::Exception: ann: Authentication failed. (AUTHENTICATION_FAILED)"
_TRANSPORT = ("session_id", "session_timeout", "query_id", "database", "wait_end_of_query", "client_protocol_version")
_SESSION_TABLES = re.compile(r"\s*(CREATE|DROP)\s+(OR\s+REPLACE\s+)?TEMPORARY\s", re.IGNORECASE)


class _Session:
    """One of the server's: in chdb two, as one cannot take `readonly` back for a statement that writes.

    Both have its temporary tables, which are made while it is in force.
    """

    def __init__(self, path: str) -> None:
        from chdb.session import Session

        self.lock = threading.Lock()
        self.reads, self.writes = Session(path), Session(path)
        for one in (self.reads, self.writes):  # tables of a few rows: compiling costs more than running
            one.query("SET compile_expressions = 0, compile_aggregate_expressions = 0, max_threads = 1")
        self.reads.query("SET readonly = 2")
        self.set: dict[str, str] = {}

    def answer(self, sql: str, settings: dict[str, str], database: str) -> bytes:
        read_only = settings.pop("readonly", "0") == "2"
        with self.lock:
            for name, value in {"": database, **settings}.items():
                if self.set.get(name) != value:
                    for one in (self.reads, self.writes):
                        one.query(f"SET {name} = '{value}'" if name else f"USE `{database}`")
                    self.set[name] = value
            if read_only and _SESSION_TABLES.match(sql):
                self.reads.query(sql)
            chosen = self.reads if read_only and not _SESSION_TABLES.match(sql) else self.writes
            return bytes(chosen.query(sql, "TabSeparated").bytes())


@dataclass
class Service:
    """A server over the databases of chdb in a folder.

    `slow`: parts of statements that end only when they are killed.
    """

    path: str
    slow: tuple[str, ...] = ()
    status: int = 200
    password: str = ""
    """`USER:PASSWORD`, where anybody else is refused."""
    asked: list[Request] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    sessions: dict[str, _Session] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        if self.status != 200:
            return Reply(self.status, "text/html", b"<html><b>Go away</b></html>")
        if self.password and b64decode(request.headers["Authorization"].split()[1]).decode() != self.password:
            return Reply(403, "text/plain", _REFUSED)
        given = dict(parse_qsl(urlsplit(request.path).query))
        sql = request.body.decode() or given.pop("query", "SELECT 1")
        self.queries.append(sql)
        if found := re.match(r"KILL QUERY WHERE query_id = '([^']*)'", sql):
            self.killed.append(found[1])
            return Reply(200, "text/plain", b"")
        try:
            if any(part in sql for part in self.slow):
                while given.get("query_id") not in self.killed:
                    time.sleep(0.01)
                raise RuntimeError("Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)")
            settings = {name: value for name, value in given.items() if name not in _TRANSPORT and known(name)}
            session = self._session(given.get("session_id", ""))
            return Reply(200, "text/plain", session.answer(sql, settings, given.get("database", "default")))
        except RuntimeError as error:
            return Reply(500, "text/plain", f"{error} (version 26.9.2.1)\n".encode())

    def _session(self, name: str) -> _Session:
        with self.lock:
            if name not in self.sessions:
                self.sessions[name] = _Session(self.path)
            return self.sessions[name]


def known(setting: str) -> bool:
    """Whether it is no setting of HTTP alone."""
    return not setting.startswith(("send_progress", "http_", "cancel_http", "enable_http", "param_", "decompress"))


def path_of(engine: Any) -> str:
    """Where the engine of the tests has its databases."""
    return str(engine._session._path)
