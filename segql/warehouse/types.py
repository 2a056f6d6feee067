"""Which column types of the engines fit which words of a catalog."""

from __future__ import annotations

import re
from typing import Literal

from ..plain import dataclass

Family = Literal[
    "text", "integer", "number", "boolean", "date", "timestamp", "timestamp with zone", "list", "uuid", "any", "other"
]


@dataclass(frozen=True, slots=True)
class ColumnType:
    """The type of a column: as its engine says it, and its kind; of a list also that of its elements (any: JSON)."""

    said: str
    family: Family
    element: Family | None = None

    @property
    def is_decimal(self) -> bool:
        """Whether it is a number of so many decimals, no float."""
        return self.said.upper().startswith(("DECIMAL", "NUMERIC", "BIGNUMERIC", "NUMBER"))

    @property
    def decimals(self) -> int | None:
        """How many decimals its numbers have at most, where the engine says so."""
        found = _DECIMALS.search(self.said)
        return int(found[1] or 0) if found is not None and self.is_decimal else None

    def __str__(self) -> str:
        return self.said


_DECIMALS = re.compile(r"\(\s*\d+\s*(?:,\s*(\d+)\s*)?\)")
_FAMILIES: dict[Family, str] = {
    "integer": """
        TINYINT SMALLINT INTEGER INT BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT
        INT2 INT4 INT8 INT64 LONG
    """,
    "text": "VARCHAR ENUM TEXT CHAR BPCHAR CHARACTER STRING NAME CITEXT",
    "number": "DECIMAL NUMERIC NUMBER BIGNUMERIC DOUBLE FLOAT REAL FLOAT4 FLOAT8 FLOAT64",
    "boolean": "BOOLEAN BOOL",
    "date": "DATE",
    "timestamp": "TIMESTAMP TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS TIMESTAMP_NTZ DATETIME",
    "timestamp with zone": "TIMESTAMPTZ TIMESTAMP_LTZ TIMESTAMP_TZ",
    "uuid": "UUID",
}
_BY_NAME: dict[str, Family] = {name: family for family, names in _FAMILIES.items() for name in names.split()}


_LISTS = re.compile(r"(?P<square>.*)\[\d*\]|ARRAY<(?P<angle>.*)>|ARRAY\((?P<round>.*)\)", re.DOTALL)
_KNOWS_ITS_ZONE = {"bigquery": "TIMESTAMP", "spark": "TIMESTAMP", "databricks": "TIMESTAMP"}
"""Dialects whose plain timestamp is an instant."""


def column_type(said: str, dialect: str) -> ColumnType:
    """A column type by its name in a dialect: `DECIMAL(10, 2)`, `VARCHAR[]`, `array<string>`, `array(varchar)`,
    `_int4`.
    """
    kind = said.upper().strip()
    if dialect == "postgres" and kind.startswith("_"):
        return ColumnType(said, "list", _family(kind[1:], dialect))
    if found := _LISTS.fullmatch(kind):
        return ColumnType(said, "list", _family(found["square"] or found["angle"] or found["round"] or "", dialect))
    return ColumnType(said, _family(kind, dialect))


def _family(kind: str, dialect: str) -> Family:
    head = kind.split("(", maxsplit=1)[0].strip()
    if head == _KNOWS_ITS_ZONE.get(dialect) or (head.startswith("TIMESTAMP") and kind.endswith("WITH TIME ZONE")):
        return "timestamp with zone"
    return _BY_NAME.get(head.split(" ", maxsplit=1)[0], "other")


def fits(found: ColumnType, declared: str) -> bool:
    """Whether a column can be a property of the declared type."""
    if found.family == "any":
        return True
    match declared:
        case "text" | "month-day":
            return found.family == "text"
        case "number" | "money":
            return found.family in ("integer", "number")
        case "boolean" | "date":
            return found.family == declared
        case "time":
            return found.family in ("timestamp", "timestamp with zone")
        case "list of text":
            return found.element in ("text", "any")
        case "list of number":
            return found.element in ("integer", "number", "any")
        case _:
            return True


def declared_as(found: ColumnType) -> str:
    """The type that a catalog would declare for a column; empty where there is none."""
    match found.family:
        case "text" | "boolean" | "date" | "number" as same:
            return same
        case "integer":
            return "number"
        case "timestamp" | "timestamp with zone":
            return "time"
        case "list":
            numbers = "list of number" if found.element in ("integer", "number") else ""
            return "list of text" if found.element == "text" else numbers
        case _:
            return ""
