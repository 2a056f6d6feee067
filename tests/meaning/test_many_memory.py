"""Many rules in one statement keep to the memory that the engine is given: what has no room goes to its disk."""

from __future__ import annotations

from pathlib import Path
from random import Random

import duckdb
import pytest

import segql
from segql import demo
from segql.console.opening import shop

EVENTS = ("opened email", "clicked email", "viewed product", "added to cart")
ALONE = [
    *(f"{event} in {days}d" for event in EVENTS for days in (30, 90, 180)),
    *(f"placed order at least {times} times" for times in (1, 2, 3)),
    'country is "NL"',
    "can receive email",
    "total spent > 100",
]

TIGHT = "40MB"
"""Less than what is written takes."""


@pytest.mark.long
def test_what_has_no_room_is_spilled(tmp_path: Path) -> None:
    path, random = tmp_path / "shop.duckdb", Random(1)
    with duckdb.connect(str(path)) as connection:
        demo.build(connection, 20_000)
    rules = {f"r{place}": " or ".join(random.sample(ALONE, 2)) for place in range(1_000)}
    sql = segql.compile_many(rules, segql.load_catalog(shop() / "catalog.yaml"), now=demo.NOW).sql

    def written(limit: str) -> tuple[object, int]:
        """A sum over the members that were written, and the bytes that lie on disk meanwhile."""
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute(f"SET memory_limit = '{limit}'; SET temp_directory = '{tmp_path / 'spilled'}'")
            connection.execute("SET threads = 1; SET preserve_insertion_order = false; SET TimeZone = 'UTC'")
            connection.execute(f"CREATE TEMP TABLE written AS {sql}")
            (spilled,) = connection.execute("SELECT coalesce(sum(size), 0) FROM duckdb_temporary_files()").fetchall()
            return connection.execute("SELECT count(*), sum(hash(written)) FROM written").fetchall(), spilled[0]

    roomy, nothing = written("2GB")
    assert nothing == 0
    tight, spilled = written(TIGHT)
    assert spilled > 0
    assert tight == roomy
