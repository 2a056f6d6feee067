"""What the benchmarks of emitted SQL share: the demo shop in DuckDB, names for what is written by hand, times."""

from __future__ import annotations

from statistics import median
from time import process_time
from typing import Any

import duckdb

import segql
from segql.catalog import Catalog
from segql.console.opening import demo_shop
from segql.demo import shop_folder
from segql.segments import Segments
from segql.warehouse.duckdb import DuckDB

RUNS = 7

VIEWS = """
CREATE TEMP MACRO t() AS TIMESTAMPTZ '2026-11-22 10:00:00+00:00';
CREATE TEMP MACRO event(which) AS TABLE SELECT * FROM events WHERE name = which AND occurred_at < t();
CREATE TEMP VIEW bought AS SELECT * FROM orders
  WHERE cancelled_at IS NULL AND NOT test AND created_at < TIMESTAMP '2026-11-22 10:00:00';
CREATE TEMP VIEW opened AS SELECT * FROM event('Opened Email') WHERE NOT machine_open;
CREATE TEMP VIEW clicked AS SELECT * FROM event('Clicked Email');
CREATE TEMP VIEW viewed AS SELECT * FROM event('Viewed Product');
CREATE TEMP VIEW carted AS SELECT * FROM event('Added to Cart');
CREATE TEMP VIEW checkout AS SELECT * FROM event('Started Checkout');
CREATE TEMP TABLE stores AS
  SELECT 'store ' || i AS name, 50.8 + i // 10 * 0.27 AS latitude, 3.5 + i % 10 * 0.36 AS longitude
  FROM range(100) AS t(i);
CREATE TEMP TABLE customers AS SELECT *, strftime(birthday, '%m%d') AS name_day FROM customers;
CREATE TEMP VIEW lines AS SELECT * FROM order_lines JOIN products USING (product_id);
"""


def opened(profiles: int, *more: str) -> tuple[duckdb.DuckDBPyConnection, Catalog, Segments]:
    """The demo shop of so many profiles with the views, its catalog, its saved segments and these."""
    shop = shop_folder()
    saved = [file.read_text(encoding="utf-8") for file in shop.iterdir() if file.name.endswith(".segql")]
    connection = demo_shop(profiles, print).connection
    assert isinstance(connection, DuckDB)
    connection.driver.execute(VIEWS)
    catalog = segql.catalog_from_yaml(_told((shop / "catalog.yaml").read_text(encoding="utf-8")))
    return connection.driver, catalog, segql.segments_from(*saved, *more)


def _told(catalog: str) -> str:
    """The catalog with what those who write by hand know of the shop's columns, and with a day of each year."""
    catalog = catalog.replace(
        "    birthday:", "    name day: {type: month-day, column: name_day, stored: digits}\n    birthday:"
    )
    catalog = catalog.replace("longitude: longitude, also", "longitude: longitude, stored: float, also")
    for said, stored in (("type: money, scale: 2", "decimal"), ("type: number, scale: 0", "integer")):
        assert said in catalog
        catalog = catalog.replace(said, f"{said}, stored: {stored}")
    return catalog


def heading(profiles: int, *columns: str) -> str:
    titles = "".join(f"{title:>10}" for title in columns)
    return f"{profiles:,} profiles, {30 * profiles:,} events\n\n{'segment':<26}{'members':>9}{titles}"


def compared(connection: duckdb.DuckDBPyConnection, name: str, *statements: str) -> tuple[int, list[float]]:
    """The number of members, and the milliseconds of CPU of each statement, one after the other in turns.

    All must find the same members; one that gives no `customer_id` is a scan, and only timed.
    """
    times: list[list[float]] = [[] for _ in statements]
    found: dict[int, Any] = {}
    for run in range(RUNS + 1):
        for number, (sql, taken) in enumerate(zip(statements, times, strict=True)):
            members = "customer_id" in connection.sql(sql).columns
            # Counted, so that the time is the engine's; the hash tells whether the members are the same.
            what = "count(*), bit_xor(hash(customer_id))" if members else "count(*)"
            start = process_time()
            row = connection.execute(f"SELECT {what} FROM ({sql})").fetchone()
            if run:
                taken.append(process_time() - start)
            elif members:
                found[number] = row
    assert len(set(found.values())) == 1, f"{name}: {found}\n{statements}"
    return found[0][0], [1000 * median(taken) for taken in times]
