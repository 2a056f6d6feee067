"""An imported segment as SQL, on engines: whoever is in it by Shopify's words, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import duckdb
import pytest

import segql

from ...engines import Postgres
from . import queries
from .shop import CATALOG, NOW
from .tables import script
from .test_members import SHOP, members, read

RULES = 30


def test_members_on_duckdb(base_seed: int) -> None:
    connection = duckdb.connect()
    connection.execute(script(SHOP))
    compare(base_seed, "duckdb", lambda sql: connection.execute(sql).fetchall())


@pytest.mark.parametrize("engine", ["postgres"], indirect=True, scope="session")
def test_members_on_postgres(base_seed: int, engine: Postgres) -> None:
    connection = engine._connection
    try:
        connection.execute(f"CREATE SCHEMA shopify; SET LOCAL search_path TO shopify; {script(SHOP)}")
        compare(base_seed, "postgres", lambda sql: connection.execute(sql).fetchall())
    finally:
        connection.rollback()


def compare(seed: int, dialect: str, run: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """Each query has the members that the vendor's words say."""
    random, telling = Random(seed), 0
    for _ in range(RULES):
        text = queries.clause(random) if random.random() < 0.7 else queries.query(random)
        if (found := read(text)) is None:
            continue
        name, segments = found
        done = segql.compile(segments[name], CATALOG, dialect=dialect, segments=segments, now=NOW)
        wanted = members(text)
        assert {key for (key,) in run(done.sql)} == wanted, text
        telling += 0 < len(wanted) < len(SHOP.profiles)
    assert telling > RULES // 4
