"""Asks for the names of events with their rows, the columns that these fill, and what a sample has nothing of."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from sqlglot import exp

from ..emitter import nodes as n
from ..emitter import sql_text
from ..warehouse import Warehouse, WarehouseError
from .links import name_columns
from .seen import Layout, Table, Usage
from .spread import Spread, limited, most_rows, spread

MOST_NAMES = 200


def named(warehouse: Warehouse, table: Table, layout: Layout | None) -> Table:
    """The table with the names of its events, where it has columns of such."""
    wanted = _wanted(table, layout)
    if not wanted:
        return table
    rows = spread(warehouse, table)
    return replace(
        table, usages=tuple(found for one in wanted if (found := _counted(warehouse, table, one, rows)).names)
    )


def statements(warehouse: Warehouse, table: Table, layout: Layout | None) -> list[str]:
    """The SQL by which `named` asks."""
    return [
        sql_text(_counting(table, one, piece), None, warehouse.dialect)
        for one in _wanted(table, layout) for piece in spread(warehouse, table).pieces
    ]  # fmt: skip


def _wanted(table: Table, layout: Layout | None) -> list[Usage]:
    told = layout.of(table).get("names", ()) if layout is not None else ()
    if layout is None or not told:
        return [Usage(one.name, {}, {}) for one in name_columns(table)]
    return [
        Usage(one["column"], {}, {}, layout.whole(one["table"]) if "table" in one else None)
        for one in told if table.column(one["column"]) is not None
    ]  # fmt: skip


def _counting(table: Table, usage: Usage, piece: exp.Select) -> exp.Select:
    """The names in some rows, the most frequent first: each with its rows, and with how many have each other column."""
    name = n.column("t", usage.column)
    joins = []
    if usage.table is not None:
        on = n.compare(n.column("names", usage.key), "=", name)
        name = n.column("names", usage.name)
        joins.append(exp.Join(this=n.aliased(n.table(usage.table), "names"), on=on, kind="LEFT"))
    values = [name, exp.Count(this=exp.Star())]
    values += [exp.Count(this=n.column("t", one.name)) for one in table.columns if one.name != usage.column]
    counted = n.select(values, n.aliased(exp.Subquery(this=piece.copy()), "t"))
    if joins:
        counted.set("joins", joins)
    counted.set("group", exp.Group(expressions=[name.copy()]))
    counted.set("order", exp.Order(expressions=[exp.Ordered(this=exp.Literal.number(2), desc=True)]))
    return limited(counted, MOST_NAMES)


def _counted(warehouse: Warehouse, table: Table, usage: Usage, rows: Spread) -> Usage:
    """The names of a column; where the engine refuses, none."""
    others = [one.name for one in table.columns if one.name != usage.column]
    found: Counter[str] = Counter()
    filled: dict[str, set[str]] = {}
    read = 0
    for piece in rows.pieces:
        try:
            counted = warehouse.rows(sql_text(_counting(table, usage, piece), None, warehouse.dialect))
        except WarehouseError:
            return usage
        for name, count, *counts in counted:
            read += count
            if name is not None:
                found[str(name)] += count
                filled.setdefault(str(name), set()).update(
                    one for one, have in zip(others, counts, strict=True) if have
                )
    said = rows.said or (f"the first {rows.most:,} rows" if read >= rows.most and not table.whole else "")
    names = dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
    return replace(usage, names=names, filled={one: frozenset(has) for one, has in filled.items()}, said=said)


def anywhere(warehouse: Warehouse, table: Table, rows: int) -> Table:
    """The table with some values of the columns that its first rows have none of."""
    empty = [one for one in table.columns if one.is_empty]
    if table.whole or not empty:
        return table
    pieces = spread(warehouse, table).pieces
    more = {one.name: _some(warehouse, pieces, one.name, rows) for one in empty}
    return replace(table, columns=tuple(replace(one, more=more.get(one.name, ())) for one in table.columns))


def _some(warehouse: Warehouse, pieces: tuple[exp.Select, ...], column: str, rows: int) -> tuple[Any, ...]:
    own = n.column("some", column)
    for piece in pieces:
        there = n.select([own.copy()], n.aliased(exp.Subquery(this=piece.copy()), "some"), where=n.is_set(own.copy()))
        try:
            found = warehouse.rows(sql_text(limited(there, rows), None, warehouse.dialect))
        except WarehouseError:
            return ()
        if found:
            return tuple(value for (value,) in found)
    return ()


def told_apart(warehouse: Warehouse, table: Table, keys: list[str]) -> Table:
    """The table with its keys looked at beyond the sample: whether a value of theirs stands there twice."""
    if table.whole:
        return table
    repeated = {key for key in keys if _stands_twice(warehouse, table, key)}
    return replace(
        table, columns=tuple(replace(one, repeated=one.repeated or one.name in repeated) for one in table.columns)
    )


def _stands_twice(warehouse: Warehouse, table: Table, key: str) -> bool:
    some = limited(n.select([n.column("t", key)], n.aliased(n.table(table.name), "t")), most_rows(warehouse))
    own = n.column("some", key)
    twice = n.select([own], n.aliased(exp.Subquery(this=some), "some"))
    twice.set("group", exp.Group(expressions=[own.copy()]))
    twice.set("having", exp.Having(this=exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))))
    try:
        return bool(warehouse.rows(sql_text(limited(twice, 1), None, warehouse.dialect)))
    except WarehouseError:
        return False
