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
    """The warehouse at a URL: `postgresql://..`, `mysql://..`, `mariadb://..`, `sqlite:///..`, `bigquery://..` or
    `sc://..` (Spark Connect). Raises WarehouseError.

    A statement ends after so many seconds (0: never), on BigQuery also before it reads more than so many bytes;
    `reads` hears there how many each statement will read. On Spark the cluster has its own limits.
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
        case "spark":
            from .spark import open_spark_connect

            return open_spark_connect(url)
        case _:
            near = nearest(found or "", list(SCHEMES))
            known = f"did you mean {near[0]}://?" if near else "known are " + ", ".join(f"{one}://" for one in SCHEMES)
            raise WarehouseError(f"{shown(url)} is no URL of a warehouse.", known)
