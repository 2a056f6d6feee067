"""Spark, in a JVM of its own, from the wheel `pyspark`; Java 17 or newer must be there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from segql.evaluator import Key, Shop

from ..shop_tables import TABLES, raw

TYPES = {
    "text": "STRING",
    "json": "STRING",
    "integer": "INT",
    "double precision": "DOUBLE",
    "instant": "TIMESTAMP",
    "wall": "TIMESTAMP_NTZ",
    "list of text": "ARRAY<STRING>",
    "list of integer": "ARRAY<INT>",
}
"""Of the types in `TABLES`, those that are written differently here."""

SETTINGS = {
    # One that no test speaks of: nothing may depend on it.
    "spark.sql.session.timeZone": "Asia/Kathmandu",
    # Tables of a few rows: compiling and distributing a query costs far more than running it.
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    # Nothing to see, nothing to keep.
    "spark.sql.catalogImplementation": "in-memory",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


class Spark:
    """A shop as views over literals: there are no files to write."""

    dialect = "spark"

    def __init__(self) -> None:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[1]")
        for key, value in SETTINGS.items():
            builder = builder.config(key, value)
        self._session = builder.getOrCreate()
        self._session.sql("CREATE DATABASE IF NOT EXISTS shop").collect()
        self._loaded: Shop | None = None

    def load(self, shop: Shop) -> None:
        if shop is self._loaded:
            return
        tables = raw(shop)
        for name, columns in TABLES.items():
            self._session.sql(_view(name, columns, tables.get(name, []))).collect()
        self._loaded = shop

    def members(self, sql: str) -> set[Key]:
        keys = [row[0] for row in self._session.sql(sql).collect()]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)


def _view(name: str, columns: dict[str, str], rows: list[tuple[Any, ...]]) -> str:
    values = ", ".join(
        f"CAST({f'c{index}' if rows else 'NULL'} AS {TYPES.get(type_, type_)}) AS `{column}`"
        for index, (column, type_) in enumerate(columns.items())
    )
    if not rows:
        return f"CREATE OR REPLACE VIEW {name} AS SELECT {values} WHERE FALSE"
    written = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
    names = ", ".join(f"c{index}" for index in range(len(columns)))
    return f"CREATE OR REPLACE VIEW {name} AS SELECT {values} FROM VALUES {written} AS t({names})"


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case float():
            return f"DOUBLE('{value!r}')"
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}BD"
        case datetime() if value.tzinfo is None:
            return f"TIMESTAMP_NTZ '{value}'"
        case datetime():
            return f"TIMESTAMP '{value.astimezone(UTC).replace(tzinfo=None)}Z'"
        case date():
            return f"DATE '{value}'"
        case tuple() | list():
            return f"ARRAY({', '.join(map(_literal, value))})"
        case _:
            return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\000") + "'"
