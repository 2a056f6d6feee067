"""MariaDB, by Debian's package: a server of its own for each test process, at a socket, without a port."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from segql.evaluator import Key, Shop
from segql.warehouse.mysql import MODES

from ..worlds.shop_tables import TABLES, raw

TYPES = {
    "text": "longtext",
    "instant": "datetime(6)",
    "wall": "datetime(6)",
    "double precision": "double",
    "list of text": "json",
    "list of integer": "json",
}
"""Of the types in `TABLES`, those that are written differently here."""

ANY_CASE = "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"
"""How columns compare that tie tables to each other, and all others: as most do, without notice of case and accents."""
TIES = ("person_id", "buyer", "person", "who", "product", "product_id", "invoice_no", "badge", "holder")


class Server:
    """A server in a folder that goes with it. Raises ImportError where it is not installed."""

    dialect = "mariadb"
    exact = "utf8mb4_nopad_bin"
    """The collation by code point."""
    read_only = "tx_read_only"
    time_limit = "max_statement_time"
    """The variables of a session."""
    programs = ("mariadb-install-db", "mariadbd", "mariadb-tzinfo-to-sql")
    """What makes its folder, what runs, and what tells it the zones."""
    options: tuple[str, ...] = ()

    def __init__(self) -> None:
        found = {name: shutil.which(name, path=self.path()) for name in self.programs}
        if missing := [name for name, path in found.items() if path is None]:
            raise ImportError(f"no {', '.join(missing)}")
        install, run, zones = (str(found[name]) for name in self.programs)
        self._folder = Path(tempfile.mkdtemp(prefix="segql-"))
        self.socket = self._folder / "socket"
        user = []
        if os.geteuid() == 0:  # it refuses to run as root unasked
            user = ["--user=root"]
        # A server that starts deletes all temporary tables of its folder for them, also those of others.
        own = [f"--datadir={self._folder / 'data'}", f"--tmpdir={self._folder}", *user]
        self._run([install, "--no-defaults", *self.install(), *own])
        told = subprocess.run([zones, "/usr/share/zoneinfo"], check=True, capture_output=True)
        (self._folder / "zones.sql").write_bytes(b"USE mysql;\n" + told.stdout)
        self._process = subprocess.Popen(
            [
                run, "--no-defaults", *own, f"--socket={self.socket}", "--skip-networking",
                f"--pid-file={self._folder / 'pid'}", "--innodb-flush-log-at-trx-commit=0", "--performance-schema=off",
                "--innodb-buffer-pool-size=32M", f"--init-file={self._folder / 'zones.sql'}", *self.options,
            ],
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "log").open("w"),
        )  # fmt: skip
        deadline = time.monotonic() + 120
        while not self.socket.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.05)

    def path(self) -> str:
        """Where the programs are looked for."""
        return os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"

    def install(self) -> Sequence[str]:
        return ("--auth-root-authentication-method=normal", "--skip-test-db")

    def _run(self, command: Sequence[str]) -> None:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder)


class MariaDB:
    dialect = "mariadb"
    server_type = Server

    def __init__(self) -> None:
        import pymysql

        self.server = self.server_type()
        self._connection = pymysql.connect(unix_socket=str(self.server.socket), user="root", autocommit=True)
        self._loaded: Shop | None = None
        # The session's zone is one that no test speaks of: nothing may depend on it.
        self._execute(f"SET time_zone = '+05:45', sql_mode = '{MODES[self.dialect]}'")
        for database in ("warehouse", "shop"):
            self._execute(f"CREATE DATABASE {database} {ANY_CASE}")
        self._execute("USE warehouse")
        for name, columns in TABLES.items():
            defined = ", ".join(f"`{column}` {self.type_of(column, type_)}" for column, type_ in columns.items())
            self._execute(f"CREATE TABLE {name} ({defined})")

    def close(self) -> None:
        self._connection.close()
        self.server.close()

    def load(self, shop: Shop) -> None:
        if shop is self._loaded:
            return
        tables = raw(shop)
        self._connection.begin()
        for name in TABLES:
            self._execute(f"DELETE FROM {name}")
            if rows := tables.get(name):
                self._fill(name, rows)
        self._connection.commit()
        self._loaded = shop

    def _fill(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        types = list(TABLES[table].values())
        values = [[stored(value) for value in row] for row in rows]
        with self._connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join('%s' for _ in types)})", values)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._execute(sql)]

    def members(self, sql: str) -> set[Key]:
        keys = [key for (key,) in self.rows(sql)]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)

    def type_of(self, column: str, type_: str) -> str:
        return f"{TYPES.get(type_, type_)}{f' COLLATE {self.server.exact}' if column in TIES else ''}"

    def _execute(self, sql: str) -> Sequence[Sequence[Any]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            rows: Sequence[Sequence[Any]] = cursor.fetchall()
            return rows


def stored(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):  # it has none
            return None
        case tuple() | list():
            return json.dumps(value, default=int)
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).replace(tzinfo=None)
        case _:
            return value
