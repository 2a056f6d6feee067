"""ClickHouse, in this process, from the wheel `chdb`."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from segql.evaluator import Key, Shop

from ..worlds.shop_tables import TABLES, raw

TYPES = {
    "text": "String",
    "json": "String",
    "boolean": "Bool",
    "smallint": "Int16",
    "integer": "Int32",
    "bigint": "Int64",
    "double precision": "Float64",
    "date": "Date32",
    "instant": "DateTime64(6, 'Asia/Kathmandu')",
    "wall": "DateTime64(6, 'UTC')",
    "list of text": "Array(Nullable(String))",
    "list of integer": "Array(Nullable(Int32))",
}
"""Of the types in `TABLES`, those that are written differently here."""


class ClickHouse:
    dialect = "clickhouse"

    def __init__(self) -> None:
        from chdb.session import Session

        self._session = Session()
        self._loaded: Shop | None = None
        self._stored: tuple[Shop, Shop] | None = None
        # The session's zone is one that no test speaks of: nothing may depend on it.
        self._session.query("SET session_timezone = 'Asia/Kathmandu'")
        # Tables of a few rows: compiling costs more than running.
        self._session.query("SET compile_expressions = 0, compile_aggregate_expressions = 0")
        self._session.query("CREATE DATABASE shop")

    def stored(self, shop: Shop) -> Shop:
        """The shop as ClickHouse can hold it: a list is never missing, it has no elements."""
        if self._stored is None or self._stored[0] is not shop:
            self._stored = (shop, _without_missing_lists(shop))
        return self._stored[1]

    def load(self, shop: Shop) -> None:
        if shop is self._loaded:
            return
        tables = raw(shop)
        for name, columns in TABLES.items():
            self.make(name, columns, tables.get(name, []))
        self._loaded = shop

    def make(
        self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], missing: Container[str] = ()
    ) -> None:
        """Make a table of some rows, in place of one of that name; in the columns of `missing` values may be."""
        # Nullable is only what must be: a column that is not has a default, which may not be taken for a value.
        defined = ", ".join(
            f"`{column}` {_type(type_, column in missing or any(row[index] is None for row in rows))}"
            for index, (column, type_) in enumerate(columns.items())
        )
        self.do(f"DROP TABLE IF EXISTS {name}")
        self.do(f"CREATE TABLE {name} ({defined}) ENGINE = Memory")
        if rows:
            types = list(columns.values())
            values = ", ".join(
                f"({', '.join(_literal(value, type_) for value, type_ in zip(row, types, strict=True))})"
                for row in rows
            )
            self.do(f"INSERT INTO {name} VALUES {values}")

    def do(self, sql: str) -> None:
        """A statement without rows."""
        self._session.query(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        found = str(self._session.query(sql, "JSONCompactEachRow"))
        return [tuple(json.loads(line, parse_float=Decimal)) for line in found.splitlines()]

    def members(self, sql: str) -> set[Key]:
        keys = [key for (key,) in self.rows(sql)]
        assert len(keys) == len(set(keys)), f"keys come twice:\n{sql}"
        return set(keys)

    def close(self) -> None:
        self._session.close()


def _without_missing_lists(shop: Shop) -> Shop:
    def filled(rows: Iterable[Mapping[str, Any]], *lists: str) -> list[dict[str, Any]]:
        return [{**row, **{name: row.get(name) or () for name in lists}} for row in rows]

    orders = [
        {**order, "items": filled(order.get("items", ()), "colours")}
        for order in filled(shop.events.get("placed order", ()), "labels")
    ]
    events = {**shop.events, "placed order": orders}
    return replace(shop, profiles=filled(shop.profiles, "tags", "lucky numbers"), events=events)


def _type(type_: str, nullable: bool) -> str:
    written = TYPES.get(type_) or type_.capitalize()
    return f"Nullable({written})" if nullable and not type_.startswith("list") else written


def _literal(value: Any, type_: str) -> str:
    match value:
        case None:
            return "[]" if type_.startswith("list") else "NULL"
        case bool():
            return str(value).lower()
        case float():
            return repr(value)
        case Decimal():
            return f"'{value:f}'"
        case int():
            return str(value)
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            return f"toDateTime64('{moment.replace(tzinfo=None).isoformat(sep=' ')}', 6, 'UTC')"
        case date():
            return f"'{value}'"
        case tuple() | list():
            return f"[{', '.join(_literal(one, '') for one in value)}]"
        case _:
            return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0") + "'"
