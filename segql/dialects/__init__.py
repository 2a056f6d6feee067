"""SQL dialects: one file each, a row of answers to a few named questions. Nothing outside this room asks which dialect
it writes.

`executed` dialects are run by the tests on a real engine; of the others only the text is checked.
"""

from __future__ import annotations

from .bigquery import BIGQUERY
from .clickhouse import CLICKHOUSE
from .duckdb import DUCKDB
from .model import Dialect, NotInDialect
from .mysql import MYSQL
from .postgres import POSTGRES
from .redshift import REDSHIFT
from .reserved import RESERVED
from .rewriting import is_set, rewritten
from .snowflake import SNOWFLAKE
from .spark import DATABRICKS, SPARK
from .sqlite import SQLITE
from .trino import TRINO

__all__ = ["DIALECTS", "RESERVED", "Dialect", "NotInDialect", "dialect", "is_set", "rewritten"]

DIALECTS: dict[str, Dialect] = {
    one.name: one
    for one in (
        DUCKDB, POSTGRES, BIGQUERY, SPARK, DATABRICKS, CLICKHOUSE, SNOWFLAKE, REDSHIFT, TRINO, MYSQL, SQLITE,
    )
}  # fmt: skip


def dialect(name: str) -> Dialect:
    """The dialect of a name. Raises ValueError for an unknown one."""
    if name not in DIALECTS:
        raise ValueError(f"unknown dialect {name!r}; known are {', '.join(sorted(DIALECTS))}")
    return DIALECTS[name]
