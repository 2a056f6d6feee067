"""The shop as tables, in SQL that DuckDB and Postgres both read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, cast

from segql.catalog.parts import Property
from segql.evaluator import Shop

from .shop import CATALOG

TYPES = {"time": "timestamp", "money": "decimal(18, 2)", "number": "decimal(18, 1)", "list of text": "text[]"}


def script(shop: Shop) -> str:
    """The statements that make and fill the tables which the catalog names; times are UTC's."""
    profiles = CATALOG.profiles
    columns = {"id": "integer", **_columns(profiles.properties)}
    people = [(row["key"], *_cells(profiles.properties, row)) for row in shop.profiles]
    tables = [_table(str(profiles.table), columns, people)]
    for name, event in CATALOG.events.items():
        time = event.time.column[0] if event.time and event.time.column else None
        numbers, lines, rows = count(1), count(1), []
        items: list[tuple[Any, ...]] = []
        for row in shop.events.get(name, ()):
            key, when = next(numbers), (row["time"],) if time else ()
            rows.append((key, row["profile"], *when, *_cells(event.properties, row)))
            for item in cast("list[dict[str, Any]]", row.get("items", ())):
                assert event.items is not None
                items.append((next(lines), key, *_cells(event.items.properties, item)))
        when_ = {time: "timestamp"} if time else {}
        own = {"id": "integer", "customer_id": "integer", **when_, **_columns(event.properties)}
        tables.append(_table(str(event.table), own, rows))
        if event.items is not None:
            lines_ = {"id": "integer", "order_id": "integer", **_columns(event.items.properties)}
            tables.append(_table(str(event.items.table), lines_, items))
    return ";\n".join(tables)


def _columns(properties: Mapping[str, Property]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in properties.values():
        if part.type == "position":
            found |= {str(part.latitude): "double precision", str(part.longitude): "double precision"}
        else:
            found[str(part.column)] = TYPES.get(part.type, part.type)
    return found


def _cells(properties: Mapping[str, Property], row: Mapping[str, Any]) -> Iterator[Any]:
    for name, part in properties.items():
        value = row.get(name)
        if part.type == "position":
            yield from value or (None, None)
        else:
            yield value


def _table(name: str, columns: Mapping[str, str], rows: list[tuple[Any, ...]]) -> str:
    made = f"CREATE TABLE {name} ({', '.join(f'{column} {type_}' for column, type_ in columns.items())})"
    values = ",\n".join(f"({', '.join(map(_literal, row))})" for row in rows)
    return f"{made};\nINSERT INTO {name} VALUES {values}" if rows else made


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case datetime():
            return f"TIMESTAMP '{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}'"
        case date():
            return f"DATE '{value}'"
        case list():
            return f"CAST(ARRAY[{', '.join(map(_literal, value))}] AS text[])"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return str(value)
