"""The types of columns as MySQL and MariaDB say them, by way of pymysql."""

from __future__ import annotations

from typing import Any

from .types import ColumnType

_BINARY = 63
"""The character set of what is no text."""


def column_type(column: Any) -> ColumnType:
    """The type of a column that pymysql describes."""
    from pymysql.constants import FIELD_TYPE as T

    text = column.charsetnr != _BINARY
    match column.type_code:
        case T.TINY | T.SHORT | T.LONG | T.LONGLONG | T.INT24 if column.length == 1:
            return ColumnType("tinyint(1)", "boolean")
        case T.TINY | T.SHORT | T.LONG | T.LONGLONG | T.INT24 | T.YEAR:
            return ColumnType("integer", "integer")
        case T.DECIMAL | T.NEWDECIMAL:
            return ColumnType("decimal", "number")
        case T.FLOAT | T.DOUBLE:
            return ColumnType("double", "number")
        case T.DATE | T.NEWDATE:
            return ColumnType("date", "date")
        case T.DATETIME:
            return ColumnType("datetime", "timestamp")
        case T.TIMESTAMP:
            return ColumnType("timestamp", "timestamp with zone")
        case T.JSON:
            return ColumnType("json", "list", "any")
        case T.BLOB | T.TINY_BLOB | T.MEDIUM_BLOB | T.LONG_BLOB if text:  # MariaDB's JSON is such a text
            return ColumnType("text", "text", "any")
        case T.VARCHAR | T.VAR_STRING | T.STRING | T.ENUM | T.SET if text:
            return ColumnType("varchar", "text")
        case T.NULL:
            return ColumnType("null", "other")
        case _:
            return ColumnType("binary" if not text else "other", "other")


def arrow_type(column: Any) -> Any:
    """The type in Arrow of a column that pymysql describes."""
    import pyarrow as pa

    found = column_type(column)
    match found.said:
        case "tinyint(1)" | "integer":
            return pa.int64()
        case "decimal":
            return pa.decimal128(38, column.scale)
        case "double":
            return pa.float64()
        case "date":
            return pa.date32()
        case "datetime" | "timestamp":
            return pa.timestamp("us", "UTC" if found.said == "timestamp" else None)
        case "binary":
            return pa.binary()
        case _:
            return pa.string()
