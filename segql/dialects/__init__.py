"""SQL dialects: one file each, a row of answers to a few named questions. Nothing outside this room asks which dialect
it writes.

Each says how the tests judge its SQL: on the engine itself, on one that stands in, or only as text.
"""

from __future__ import annotations

from ..errors import expect
from .bigquery import BIGQUERY
from .clickhouse import CLICKHOUSE
from .duckdb import DUCKDB
from .exactness import inexact
from .model import Dialect, NotInDialect
from .mysql import MARIADB, MYSQL
from .postgres import POSTGRES
from .printing import printed
from .redshift import REDSHIFT
from .reserved import RESERVED
from .rewriting import DECIMALS, VALUE, below, is_set, rewritten
from .snowflake import SNOWFLAKE
from .spark import DATABRICKS, SPARK
from .sqlite import SQLITE
from .trino import TRINO

__all__ = [
    "DECIMALS",
    "DIALECTS",
    "RESERVED",
    "VALUE",
    "Dialect",
    "NotInDialect",
    "below",
    "dialect",
    "inexact",
    "is_set",
    "printed",
    "rewritten",
]

DIALECTS: dict[str, Dialect] = {
    one.name: one
    for one in (
        DUCKDB, POSTGRES, BIGQUERY, SPARK, DATABRICKS, CLICKHOUSE, SNOWFLAKE, REDSHIFT, TRINO, MYSQL, MARIADB, SQLITE,
    )
}  # fmt: skip


_ALSO = {"postgresql": "postgres", "sqlite3": "sqlite"}
"""What drivers and URLs call them."""


def dialect(name: str) -> Dialect:
    """The dialect of a name, or of the name that its URLs have. Raises ValueError for an unknown one."""
    expect("dialect", "the name of a dialect", name, str)
    found = DIALECTS.get(_ALSO.get(name, name))
    if found is None:
        raise ValueError(f"unknown dialect {name!r}; known are {', '.join(sorted(DIALECTS))}")
    return found


def known_or_plain(name: str) -> Dialect:
    """The dialect of a catalog's SQL, which need not be one that SegQL writes."""
    return DIALECTS.get(_ALSO.get(name, name)) or Dialect(name)
