"""Which column types of DuckDB fit which words of a catalog."""

from __future__ import annotations

from typing import Literal

Family = Literal["text", "integer", "number", "boolean", "date", "timestamp", "timestamp with zone", "list", "other"]

_INTEGERS = {
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
}  # fmt: skip


def family(column_type: str) -> Family:
    """The kind of a column type as `DESCRIBE` prints it."""
    kind = column_type.upper()
    if kind.endswith("]"):
        return "list"
    head = kind.split("(")[0].strip()
    if head in _INTEGERS:
        return "integer"
    if head in ("VARCHAR", "ENUM"):
        return "text"
    if head in ("DECIMAL", "DOUBLE", "FLOAT"):
        return "number"
    if head in ("BOOLEAN", "DATE"):
        return "boolean" if head == "BOOLEAN" else "date"
    if head == "TIMESTAMP WITH TIME ZONE":
        return "timestamp with zone"
    return "timestamp" if head in ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS") else "other"


def fits(column_type: str, declared: str) -> bool:
    """Whether a column can be a property of the declared type."""
    found = family(column_type)
    match declared:
        case "text":
            return found == "text"
        case "number" | "money":
            return found in ("integer", "number")
        case "boolean" | "date":
            return found == declared
        case "time":
            return found in ("timestamp", "timestamp with zone")
        case "list of text" | "list of number":
            element = family(column_type.rsplit("[", 1)[0])
            return found == "list" and (
                element == "text" if declared == "list of text" else element in ("integer", "number")
            )
        case _:
            return True


def declared_as(column_type: str) -> str:
    """The type that a catalog would declare for a column; empty where there is none."""
    match family(column_type):
        case "text" | "boolean" | "date" | "number" as same:
            return same
        case "integer":
            return "number"
        case "timestamp" | "timestamp with zone":
            return "time"
        case "list":
            element = family(column_type.rsplit("[", 1)[0])
            return "list of text" if element == "text" else "list of number" if element in ("integer", "number") else ""
        case _:
            return ""
