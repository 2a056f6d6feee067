"""Given rows in DuckDB: a table for each source of the catalog, a column for each property, and who is a member there.

The catalog that goes with them says that of each source, and nothing else: its joins, filters and SQL have done
their work on rows as the evaluator has them. So what runs is all of the rule's SQL but for how values are stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from ..arguments import Given
from ..catalog.declared import Event, Items, Stores
from ..catalog.model import Catalog
from ..catalog.parts import CatalogPart, Property, StoredMoment, Whose
from ..compiler import compile
from ..evaluator import Key, Shop

_TYPES: Mapping[str, str] = {
    "text": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "time": "TIMESTAMPTZ", "month-day": "VARCHAR",
    "list of text": "VARCHAR[]", "position": "DOUBLE", "integer": "BIGINT", "uuid": "UUID",
}  # fmt: skip
_NONE = {"table": None, "query": None, "where": None}
_PLAIN: Mapping[str, Any] = {
    "column": None, "json_": None, "entry": None, "sql": None, "latitude": None, "longitude": None, "stored": None,
    "zone": None,
}  # fmt: skip
Columns = dict[str, tuple[str, str]]
"""By the key of a row: its column, and the column's type."""


def members_of(rule: Given, catalog: Catalog, shop: Shop, **asked: Any) -> set[Key]:
    """The members of a rule among these rows, by its SQL in a DuckDB of its own.

    `asked` are `now`, `segments`, `parameters` of `compile`. Raises as that.
    """
    made = plain(catalog)
    done = compile(rule, made, dialect="duckdb", **asked)
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for table, columns, rows in _tables(catalog, made, shop):
            if table in done.tables:
                _fill(connection, table, columns, rows)
        return {key if isinstance(key, int) else str(key) for (key,) in connection.execute(done.sql).fetchall()}


def plain(catalog: Catalog) -> Catalog:
    """The same names, each source a table of its own (`event_0`), each property a column of it (`p0`)."""
    profiles = catalog.profiles.model_copy(
        update={**_NONE, "table": "profiles", "key": "key", "join": {}, "currency": None,
                "properties": _properties(catalog.profiles.properties)}
    )  # fmt: skip
    whose, time = (
        Whose.of({"column": ("profile",), "sql": None, "identities": None}),
        StoredMoment.of({"column": ("time",), "sql": None, "stored": "timestamp", "zone": None}),
    )
    dated = {"profile": whose, "time": time, **_NONE}

    def of(part: Any, table: str, **more: object) -> Any:
        return part.model_copy(update={**dated, "table": table, "time": None if part.time is None else time, **more})

    events = {
        name: event if event.any_of else _event(of(event, f"event_{i}"), i)
        for i, (name, event) in enumerate(catalog.events.items())
    }
    channels = {
        name: of(channel, f"channel_{i}", receives_when="receives", reason=channel.reason and "reason")
        for i, (name, channel) in enumerate(catalog.channels.items())
    }
    lists = {name: of(one, f"list_{i}") for i, (name, one) in enumerate(catalog.lists.items())}
    stores = None
    if catalog.stores is not None:
        stores = Stores.of(
            {**_NONE, "table": "stores", "name": "name", "latitude": "latitude", "longitude": "longitude"}
        )
    return Catalog.of({
        **{name: getattr(catalog, name) for name in Catalog.fields}, "sql_dialect": "duckdb", "tenant": None,
        "profiles": profiles, "events": events, "channels": channels, "lists": lists, "stores": stores,
        "identities": {},
    })  # fmt: skip


def _event(event: Event, number: int) -> Event:
    items = event.items
    if items is not None:
        items = Items.of({
            **vars(items), **_NONE, "table": f"items_{number}", "json_": None, "array": None, "join": {},
            "on": {"id": "event"}, "properties": _properties(items.properties),
        })  # fmt: skip
    return event.model_copy(update={
        "id": "id", "name_column": None, "name": (), "names": None, "partition": None, "group_by": (), "join": {},
        "prefix": "", "properties": _properties(event.properties), "items": items, "currency": None,
        "profiles_complete": False,
    })  # fmt: skip


def _properties(given: Mapping[str, Property]) -> dict[str, Property]:
    def placed(one: Property, column: str) -> Property:
        way = {"latitude": f"{column}_n", "longitude": f"{column}_e"} if one.type == "position" else {"column": column}
        return one.model_copy(update={**_PLAIN, **way})

    return {name: placed(one, f"p{i}") for i, (name, one) in enumerate(given.items())}


def _tables(catalog: Catalog, made: Catalog, shop: Shop) -> Iterable[tuple[str, Columns, Sequence[Mapping[str, Any]]]]:
    key = _TYPES.get(catalog.profiles.key_type, "VARCHAR")
    whose: Columns = {"profile": ("profile", key), "time": ("time", "TIMESTAMPTZ")}
    yield "profiles", {"key": ("key", key), **_columns(made.profiles)}, shop.profiles
    for name, event in made.events.items():
        if event.table is None:
            continue
        rows = [{**row, "id": i} for i, row in enumerate(shop.events.get(name, ()))]
        yield event.table, {**whose, "id": ("id", "BIGINT"), **_columns(event)}, rows
        if event.items is not None and event.items.table is not None:
            lines = [{**item, "event": row["id"]} for row in rows for item in _items(row)]
            yield event.items.table, {"event": ("event", "BIGINT"), **_columns(event.items)}, lines
    for name, channel in made.channels.items():
        columns = {**whose, "receives": ("receives", "BOOLEAN"), "reason": ("reason", "VARCHAR")}
        yield str(channel.table), columns, shop.channels.get(name, ())
    for name, one in made.lists.items():
        yield str(one.table), whose, shop.lists.get(name, ())
    places = {"name": ("name", "VARCHAR"), "latitude": ("latitude", "DOUBLE"), "longitude": ("longitude", "DOUBLE")}
    yield "stores", places, shop.stores


def _items(row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return row.get("items") or ()


def _columns(part: CatalogPart) -> Columns:
    found: Columns = {}
    properties: Mapping[str, Property] = part.properties  # type: ignore[attr-defined]
    for name, one in properties.items():
        number = f"DECIMAL(38, {one.scale})"
        type_ = {"number": number, "money": number, "list of number": f"{number}[]"}.get(one.type)
        found[name] = (one.column or f"{one.latitude} {one.longitude}", type_ or _TYPES[one.type])
    return found


def _fill(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Columns, rows: Sequence[Mapping[str, Any]]
) -> None:
    """A table with its rows; names of tables and columns are ours."""
    cells = [
        (name, column, type_, i) for name, (said, type_) in columns.items() for i, column in enumerate(said.split())
    ]
    connection.execute(f"CREATE TABLE {table} ({', '.join(f'{column} {type_}' for _, column, type_, _ in cells)})")
    for row in rows:
        values = [_cell(row.get(name), i if " " in columns[name][0] else None) for name, _, _, i in cells]
        marks = ", ".join(f"CAST(? AS {type_})" for _, _, type_, _ in cells)
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)


def _cell(value: Any, place: int | None) -> Any:
    """A value as the driver takes it; of a position one of the two."""
    if place is not None:
        return None if value is None else float(value[place])
    return value
