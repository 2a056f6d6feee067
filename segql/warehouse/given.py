"""Given rows on an engine: a query of literals for each source of the catalog, and who is a member there.

The catalog that goes with them says of each source that query, with a column for each property, and nothing else: its
joins, filters and SQL have done their work on rows as the evaluator has them. So what runs is all of the rule's SQL but
for how values are stored, no table is read and none is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlglot import exp

from ..arguments import Given
from ..catalog.declared import Event, Items, Stores
from ..catalog.model import Catalog
from ..catalog.parts import CatalogPart, Property, StoredMoment, Whose
from ..compiler import compile
from ..dialects import Dialect, printed, rewritten
from ..dialects import dialect as dialect_of
from ..emitter import nodes as n
from ..evaluator import Key, Shop
from .connection import Warehouse

_TYPES: Mapping[str, exp.DType | exp.DataType] = {
    "text": exp.DType.TEXT, "boolean": exp.DType.BOOLEAN, "date": exp.DType.DATE, "time": exp.DType.TIMESTAMPTZ,
    "month-day": exp.DType.TEXT, "list of text": n.array(exp.DType.TEXT), "position": exp.DType.DOUBLE,
    "integer": exp.DType.BIGINT, "uuid": exp.DType.UUID,
}  # fmt: skip
_NONE = {"table": None, "query": None, "where": None}
_PLAIN: Mapping[str, Any] = {
    "column": None, "json_": None, "entry": None, "sql": None, "latitude": None, "longitude": None, "stored": None,
    "zone": None,
}  # fmt: skip
Columns = dict[str, tuple[str, exp.DType | exp.DataType]]
"""By the key of a row: its column, and the column's type."""


def members_of(rule: Given, catalog: Catalog, shop: Shop, warehouse: Warehouse, **asked: Any) -> set[Key]:
    """The members of a rule among these rows, by its SQL in a warehouse, which is read for nothing else.

    `asked` are `now`, `segments`, `parameters` of `compile`. Raises as that, and WarehouseError.
    """
    dialect = dialect_of(warehouse.dialect)
    made = plain(catalog)
    queries = {table: _query(columns, rows, dialect) for table, columns, rows in _tables(catalog, made, shop)}
    done = compile(rule, _asking(made, queries, dialect), dialect=dialect.name, **asked)
    return {key if isinstance(key, int) else str(key) for (key,) in warehouse.rows(done.sql)}


def _asking(made: Catalog, queries: Mapping[str, str], dialect: Dialect) -> Catalog:
    """The catalog with a query in the place of each table."""

    def asked(part: Any, **more: object) -> Any:
        if part is None or part.table is None:
            return part
        return part.model_copy(update={"table": None, "query": queries[part.table], **more})

    events = {
        name: asked(
            event,
            items=event.items and Items.of({**vars(event.items), **_NONE, "query": queries[str(event.items.table)]}),
        )
        for name, event in made.events.items()
    }  # fmt: skip
    return Catalog.of({
        **{name: getattr(made, name) for name in Catalog.fields}, "sql_dialect": dialect.name,
        "profiles": asked(made.profiles), "events": events, "stores": asked(made.stores),
        "channels": {name: asked(one) for name, one in made.channels.items()},
        "lists": {name: asked(one) for name, one in made.lists.items()},
    })  # fmt: skip


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
        stores = Stores.of({
            **vars(catalog.stores), **_NONE, "table": "stores", "name": "name", "latitude": "latitude",
            "longitude": "longitude",
        })  # fmt: skip
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
    text, number, degrees = exp.DType.TEXT, exp.DType.BIGINT, exp.DType.DOUBLE
    key = _TYPES.get(catalog.profiles.key_type, text)
    whose: Columns = {"profile": ("profile", key), "time": ("time", exp.DType.TIMESTAMPTZ)}
    yield "profiles", {"key": ("key", key), **_columns(made.profiles)}, shop.profiles
    for name, event in made.events.items():
        if event.table is None:
            continue
        rows = [{**row, "id": i} for i, row in enumerate(shop.events.get(name, ()))]
        yield event.table, {**whose, "id": ("id", number), **_columns(event)}, rows
        if event.items is not None and event.items.table is not None:
            lines = [{**item, "event": row["id"]} for row in rows for item in _items(row)]
            yield event.items.table, {"event": ("event", number), **_columns(event.items)}, lines
    for name, channel in made.channels.items():
        columns: Columns = {**whose, "receives": ("receives", exp.DType.BOOLEAN), "reason": ("reason", text)}
        yield str(channel.table), columns, shop.channels.get(name, ())
    for name, one in made.lists.items():
        yield str(one.table), whose, shop.lists.get(name, ())
    places: Columns = {"name": ("name", text), "latitude": ("latitude", degrees), "longitude": ("longitude", degrees)}
    yield "stores", places, shop.stores


def _items(row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return row.get("items") or ()


def _columns(part: CatalogPart) -> Columns:
    found: Columns = {}
    properties: Mapping[str, Property] = part.properties  # type: ignore[attr-defined]
    for name, one in properties.items():
        number = n.decimal(38, one.scale)
        type_ = {"number": number, "money": number, "list of number": n.array(number)}.get(one.type)
        found[name] = (one.column or f"{one.latitude} {one.longitude}", type_ or _TYPES[one.type])
    return found


_MOST = 40
"""Rows in one UNION ALL: SQLite takes 500, and engines that read it by recursion fewer."""
_LISTS_THERE = frozenset({"clickhouse"})
"""Engines whose arrays are never missing: those that are have no elements."""


def _query(columns: Columns, rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> str:
    """A table's rows as a query; names of columns are ours."""
    cells = [
        (name, column, type_, i if " " in said else None)
        for name, (said, type_) in columns.items()
        for i, column in enumerate(said.split())
    ]

    def row(values: Mapping[str, Any]) -> exp.Select:
        return n.select(
            [n.named(_cell(values.get(name), type_, at, dialect), column) for name, column, type_, at in cells], None
        )

    if not rows:
        return printed(rewritten(row({}).limit(0), dialect), dialect.name)
    several = [n.union_all([row(one) for one in rows[at : at + _MOST]]) for at in range(0, len(rows), _MOST)]
    if len(several) > 1:
        several = [
            n.select([exp.Star()], n.aliased(exp.Subquery(this=one), f"rows_{at}")) for at, one in enumerate(several)
        ]
    return printed(rewritten(n.union_all(several), dialect), dialect.name)


def _cell(value: Any, type_: exp.DType | exp.DataType, place: int | None, dialect: Dialect) -> exp.Expr:
    """A value of a type as a literal; of a position one of the two."""
    is_list = isinstance(type_, exp.DataType) and type_.this == exp.DType.ARRAY
    if is_list and not dialect.arrays:  # its lists are JSON
        value, type_ = None if value is None else json.dumps(list(value), default=float), exp.DType.TEXT
    elif is_list and dialect.name in _LISTS_THERE:
        value = value or ()
    elif dialect.name == "bigquery" and isinstance(type_, exp.DataType) and type_.this == exp.DType.DECIMAL:
        type_ = exp.DType.BIGDECIMAL  # it has a scale in columns alone
    if value is not None and place is not None:
        value = Decimal(repr(float(value[place])))
    match value:
        case None:
            literal: exp.Expr = exp.Null()
        case bool():
            literal = n.true() if value else n.false()
        case int() | Decimal():
            literal = n.number(Decimal(value))
        case float():
            literal = n.number(Decimal(repr(value)))
        case datetime():
            return n.instant(value)
        case date():
            return n.day(value)
        case list() | tuple():
            element = type_.expressions[0] if isinstance(type_, exp.DataType) else type_
            literal = exp.Array(expressions=[_cell(one, element, None, dialect) for one in value])
        case _:
            literal = n.text(str(value))
    return n.cast(literal, type_.copy() if isinstance(type_, exp.DataType) else type_)
