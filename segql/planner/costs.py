"""What shapes cost, by the kind of engine. Those of columns are measured, on DuckDB; the others are assumed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, TypeAlias

from ..plain import dataclass

Engine: TypeAlias = Literal["columns", "rows", "shuffles"]
"""Columns in one process (DuckDB, ClickHouse), rows and indexes (Postgres, MySQL, SQLite), or many machines, which pay
for each scan of a table and for each exchange of rows (BigQuery, Spark, Snowflake)."""


@dataclass(frozen=True, slots=True)
class Costs:
    """When a driver pays: a set of keys, read once, that passes over more are limited to."""

    driver: timedelta
    """The longest window of an event that still leaves out enough of the profiles."""
    wider: int
    """How many times as long as the driver's has to be what a pass reads."""
    scans: bool = False
    """Whether each scan of a table is paid for, so that what several conditions ask of one is counted in one pass, and
    steps of it are put in order and not joined."""
    apart: bool = False
    """Whether events with some item are found by a query of their own, where others beside them are counted: a
    semi-join of orders in the place of a join that tells of each order whether it has one."""


COSTS: Mapping[Engine, Costs] = {
    "columns": Costs(timedelta(days=125), 4, apart=True),
    "rows": Costs(timedelta(days=125), 4),
    "shuffles": Costs(timedelta(days=60), 4, scans=True),
}
