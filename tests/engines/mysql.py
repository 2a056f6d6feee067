"""MySQL itself, from the programs in the folder $SEGQL_TEST_MYSQL: a server of its own for each test process."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from . import mariadb


class Server(mariadb.Server):
    dialect = "mysql"
    exact = "utf8mb4_0900_bin"
    read_only = "transaction_read_only"
    time_limit = "max_execution_time"
    programs = ("mysqld", "mysqld", "mysql_tzinfo_to_sql")
    options = ("--mysqlx=off", "--skip-log-bin", "--secure-file-priv=NULL")

    def path(self) -> str:
        """Not the system's: there MariaDB calls itself so."""
        if folder := os.environ.get("SEGQL_TEST_MYSQL"):
            return folder
        raise ImportError("no $SEGQL_TEST_MYSQL")

    def install(self) -> Sequence[str]:
        return ("--initialize-insecure",)


class MySQL(mariadb.MariaDB):
    dialect = "mysql"
    server_type = Server

    def __init__(self) -> None:
        import pymysql

        super().__init__()
        with suppress(pymysql.err.OperationalError):  # before 9.6 it has MD5 itself
            self._execute("INSTALL COMPONENT 'file://component_classic_hashing'")
