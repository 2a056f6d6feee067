"""What a column of ClickHouse is: for a catalog, and in Arrow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import types
from .types import ColumnType, Family

if TYPE_CHECKING:
    import pyarrow

_WRAPPED = re.compile(r"(?:Nullable|LowCardinality)\((?P<inner>.*)\)", re.DOTALL)
_PARTS = re.compile(r"(?P<head>\w+)(?:\((?P<inner>.*)\))?", re.DOTALL)
_INTEGERS = re.compile(r"U?Int\d+")
_FAMILIES: dict[str, Family] = {
    "String": "text", "FixedString": "text", "Enum": "text", "Enum8": "text", "Enum16": "text", "Bool": "boolean",
    "Date": "date", "Date32": "date", "DateTime": "timestamp with zone", "DateTime64": "timestamp with zone",
    "UUID": "uuid", "Decimal": "number", "Float32": "number", "Float64": "number", "BFloat16": "number", "JSON": "any",
}  # fmt: skip


def column_type(said: str) -> ColumnType:
    """A column's type by its name: `LowCardinality(Nullable(String))`, `Array(Int32)`, `DateTime64(6, 'UTC')`."""
    head, inner = _parts(said)
    if head == "Array":
        return ColumnType(said, "list", _family(_parts(inner)[0]))
    plain = "Decimal(" + inner + ")" if head == "Decimal" else said
    return ColumnType(plain, _family(head))


def _family(head: str) -> types.Family:
    return "integer" if _INTEGERS.fullmatch(head) else _FAMILIES.get(head, "other")


def _parts(said: str) -> tuple[str, str]:
    """A type's name and what stands in its brackets, without what says that values may be missing."""
    while found := _WRAPPED.fullmatch(said.strip()):
        said = found["inner"]
    parts = _PARTS.fullmatch(said.strip())
    return (parts["head"], parts["inner"] or "") if parts else (said, "")


def arrow_type(said: str) -> pyarrow.DataType:
    """What holds a column's values in Arrow; their text where Arrow has no such type."""
    import pyarrow as pa

    head, inner = _parts(said)
    known = {
        "Bool": pa.bool_(), "Date": pa.date32(), "Date32": pa.date32(), "Float32": pa.float32(),
        "Float64": pa.float64(), "DateTime": pa.timestamp("us", "UTC"), "DateTime64": pa.timestamp("us", "UTC"),
        "Int8": pa.int8(), "Int16": pa.int16(), "Int32": pa.int32(), "Int64": pa.int64(),
        "UInt8": pa.uint8(), "UInt16": pa.uint16(), "UInt32": pa.uint32(), "UInt64": pa.uint64(),
    }  # fmt: skip
    match head:
        case "Array":
            return pa.list_(arrow_type(inner))
        case "Decimal":
            precision, scale = map(int, inner.split(","))
            return pa.decimal128(precision, scale) if precision <= 38 else pa.decimal256(precision, scale)
        case _:
            return known.get(head, pa.string())
