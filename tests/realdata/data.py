"""The public data beside the repository, as tables of an in-memory DuckDB."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import segql
from segql.catalog import load_catalog

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data"


def tables(folder: str) -> Any:
    """A connection with one table per file of the folder; skips the tests where there is none."""
    files = sorted((DATA / folder).glob("*.parquet"))
    if not files:
        pytest.skip(f"no data in {DATA / folder}: these tests need the public data beside the repository")
    import duckdb

    # In a zone that no catalog speaks of, as nothing may depend on the session's.
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Kathmandu'")
    for file in files:
        connection.execute(f"CREATE TABLE {file.stem} AS FROM read_parquet('{file}')")
    return connection


def members(connection: Any, catalog: str, rule: str, now: datetime) -> set[Any]:
    """Whom a rule finds, by the SQL that SegQL writes."""
    sql = segql.compile(rule, load_catalog(HERE / catalog), now=now).sql
    keys = [key for (key,) in connection.execute(sql).fetchall()]
    assert len(keys) == len(set(keys)), sql
    return set(keys)
