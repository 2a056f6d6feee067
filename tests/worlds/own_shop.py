"""A small warehouse of one's own: its tables, its catalog, its segments."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

TABLES = """
CREATE TABLE customers AS SELECT 'c' || range AS id, CASE WHEN range % 2 = 0 THEN 'NL' ELSE 'BE' END AS country
  FROM range(1, 31);
CREATE TABLE orders AS SELECT range AS id, 'c' || (1 + range % 10) AS customer,
  TIMESTAMPTZ '2026-01-01 12:00:00+00' AS bought FROM range(20);
"""
CATALOG = """\
timezone: Europe/Amsterdam
profiles: {table: customers, key: id, properties: {country: text}}
events:
  placed order: {table: orders, profile: customer, time: bought, id: id, description: A purchase.}
"""
SEGMENTS = """\
-- The Dutch.
segment "Dutch" = country is "NL"

segment "Buyers" (wanted = 2) = placed order >= wanted
"""


def write_shop(folder: Path, segments: str) -> None:
    """The warehouse `shop.duckdb`, `catalog.yaml` and a file of segments."""
    (folder / "shop.duckdb").write_bytes(_database())
    (folder / "catalog.yaml").write_text(CATALOG)
    (folder / segments).write_text(SEGMENTS)


@cache
def _database() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "shop.duckdb")
        with duckdb.connect(str(file)) as connection:
            connection.execute(TABLES)
        return file.read_bytes()
