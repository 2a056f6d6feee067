"""Opens the warehouse that a URL names, by its scheme. Drivers are loaded only here, each when it is needed."""

from __future__ import annotations

from collections.abc import Callable

from ..nearest import nearest
from .connection import Warehouse
from .faults import WarehouseError
from .urls import SCHEMES, scheme, shown

SECONDS = 600
"""How long a statement may run on a server, unless the caller says it."""


def open_url(
    url: str,
    *,
    seconds: int | None = None,
    max_bytes: int | None = None,
    reads: Callable[[int], None] | None = None,
) -> Warehouse:
    """The warehouse at a URL: `postgresql://..`, `mysql://..`, `mariadb://..`, `sqlite:///..`, `bigquery://..`,
    `clickhouse://..`, `snowflake://..`, `databricks://..`, `trino://..` or `sc://..` (Spark Connect).

    Raises WarehouseError.

    A statement ends after so many seconds (0: never), on BigQuery and Trino also before it reads more than so many
    bytes; `reads` hears on BigQuery how many each statement will read. On Spark the cluster has its own limits.
    """
    found, seconds = scheme(url), SECONDS if seconds is None else seconds
    match SCHEMES.get(found or ""):
        case "postgres":
            from .postgres import open_postgres

            return open_postgres(url, seconds)
        case "mysql" | "mariadb":
            from .mysql import open_mysql

            return open_mysql(url, seconds)
        case "sqlite":
            from .sqlite import open_sqlite

            return open_sqlite(url, seconds)
        case "bigquery":
            from .bigquery import open_bigquery

            return open_bigquery(url, seconds, max_bytes, reads)
        case "clickhouse":
            from .clickhouse import open_clickhouse

            return open_clickhouse(url, seconds)
        case "spark":
            from .spark import open_spark_connect

            return open_spark_connect(url)
        case "snowflake":
            from .snowflake import open_snowflake

            return open_snowflake(url, seconds)
        case "databricks":
            from .databricks import open_databricks

            return open_databricks(url, seconds)
        case "trino":
            from .trino import open_trino

            return open_trino(url, seconds, max_bytes)
        case _:
            near = nearest(found or "", list(SCHEMES))
            known = f"did you mean {near[0]}://?" if near else "known are " + ", ".join(f"{one}://" for one in SCHEMES)
            raise WarehouseError(f"{shown(url)} is no URL of a warehouse.", known)
