"""What a run loads and makes once, done before there are processes to be killed; nothing is opened here."""

from __future__ import annotations

import adbc_driver_postgresql.dbapi  # noqa: F401
import duckdb  # noqa: F401
import pyarrow  # noqa: F401

from segql import compile_many
from segql.ledger.drafts import hashes
from segql.warehouse import arrow, mariadb_keeping, mysql, postgres, servers, sqlite_keeping  # noqa: F401

from .killed import project

for _dialect in ("duckdb", "postgres", "sqlite", "mariadb"):
    _done = compile_many(project(0).segments, project(0).catalog, dialect=_dialect)
    hashes(project(0), _done.meanings)
