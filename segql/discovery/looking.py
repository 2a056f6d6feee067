"""Looks at a warehouse: its tables and columns, a sample of rows, names of events, which columns refer to which keys.

It reads schemas, and never more of a table than a limit says. A table that cannot be read is said; looking goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlglot import exp

from ..dialects import known_or_plain
from ..emitter import nodes as n
from ..emitter import sql_text
from ..warehouse import Warehouse, WarehouseError
from ..warehouse.types import ColumnType
from .layouts import applied, known_links, recognised
from .links import candidates, keys_of, name_columns
from .seen import Column, Layout, Link, Seen, Table, Usage

SAMPLE = 1_000
"""Rows that are read of a table."""
MOST_ROWS, MOST_OF_COLUMNS = 2_000_000, 200_000_000
"""Rows in which names of events, and values that a sample has none of, are looked for: a table may lie in order of its
kinds. More where columns are read alone, and quickly.
"""
MOST_NAMES = 200
MOST_TABLES = 300
"""Of more tables nobody reads a proposal: a schema has to be named."""
_DEFAULTS = ("main", "public", "default", "dbo")
"""What engines call the schema whose tables have bare names."""
KEYS = 100
"""Keys that are looked for in the table to which they seem to refer."""


class TooMany(Exception):
    """There are more tables than one proposal is made of; `schemas` says how many each schema has."""

    def __init__(self, schemas: dict[str, int]) -> None:
        super().__init__(schemas)
        self.schemas = schemas


def listed(warehouse: Warehouse, schema: str | None = None) -> list[str]:
    """The tables to look at: all of them, or those of a schema. Raises TooMany, WarehouseError."""
    tables = _newest(warehouse.tables())
    if schema is not None:
        named = {schema.casefold()} | ({""} if schema.casefold() in _DEFAULTS else set())
        return [table for table in tables if _schema(table) in named]
    if len(tables) > MOST_TABLES:
        raise TooMany(dict(Counter(map(_schema, tables)).most_common()))
    return tables


def _newest(tables: Sequence[str]) -> list[str]:
    """The tables, of those that hold a day each (`events_20261120`) the newest alone."""
    days = {re.sub(r"_\d{8}\Z", "", table): table for table in sorted(tables)}
    return [table for table in tables if table in days.values()]


def _schema(table: str) -> str:
    return table.rpartition(".")[0].casefold()


def look(
    warehouse: Warehouse, tables: Sequence[str], say: Callable[[str], None] = lambda part: None, *,
    sampled: bool = True, like: Layout | None = None,
) -> Seen:  # fmt: skip
    """What there is to see of these tables; of their columns alone where not `sampled`. `like` names a layout.

    Raises WarehouseError where the warehouse does not answer at all.
    """
    warehouse.tables()
    found: list[Table] = []
    refused: dict[str, str] = {}
    for table in tables:
        say(f"table {table}")
        try:
            found.append(_table(warehouse, table, sampled=sampled))
        except WarehouseError as error:
            refused[table] = error.message.split(": ", 1)[-1]
    say("keys")
    if sampled and not warehouse.billed:
        found = [_told_apart(warehouse, table) for table in found]
    layout, names = recognised(found, like), frozenset(table.name for table in found)
    known = []
    if layout is not None:
        found = applied(layout, found)
        known = known_links(layout, found)
    sure = {(link.table, link.column) for link in known}
    guessed = [link for link in candidates(found) if (link.table, link.column) not in sure]
    if sampled:
        guessed = [_asked(warehouse, link) for link in guessed]
        found = [_named(warehouse, table, layout) for table in found]
    return Seen(tuple(found), warehouse.dialect, (*known, *guessed), refused, layout, names)


def samples(tables: Iterable[str], dialect: str) -> list[str]:
    """The statements that read a sample of each table."""
    return [sql_text(_limited(n.select([exp.Star()], n.table(table)), SAMPLE), dialect) for table in tables]


def _table(warehouse: Warehouse, name: str, *, sampled: bool) -> Table:
    (sql,) = samples([name], warehouse.dialect)
    types = warehouse.columns(sql)
    rows = warehouse.rows(_without_zones(name, types, warehouse.dialect) or sql) if sampled else []
    columns = []
    for place, (column, type_) in enumerate(types):
        found = Column(column, type_, tuple(row[place] for row in rows))
        if found.is_empty and len(rows) == SAMPLE and not warehouse.billed:
            found = replace(found, more=_anywhere(warehouse, name, column))
        columns.append(found)
    return Table(name, tuple(columns), len(rows), whole=sampled and len(rows) < SAMPLE)


def _without_zones(table: str, types: Sequence[tuple[str, ColumnType]], dialect: str) -> str | None:
    """The sample with instants as texts, where it has some: DuckDB 1.4 gives Python no instants without pytz."""
    zoned = {column for column, type_ in types if type_.family == "timestamp with zone"}
    if not zoned:
        return None
    values = [
        n.named(n.cast(n.column("t", column), exp.DType.TEXT), column) if column in zoned else n.column("t", column)
        for column, _ in types
    ]
    return sql_text(_limited(n.select(values, n.aliased(n.table(table), "t")), SAMPLE), dialect)


def _told_apart(warehouse: Warehouse, table: Table) -> Table:
    """The table with its keys looked at beyond the sample: whether a value of theirs stands there twice."""
    if table.whole:
        return table
    repeated = set()
    for key in keys_of(table)[:2]:
        some = _limited(n.select([n.column("t", key.name)], n.aliased(n.table(table.name), "t")), _most(warehouse))
        own = n.column("some", key.name)
        twice = n.select([own], n.aliased(exp.Subquery(this=some), "some"))
        twice.set("group", exp.Group(expressions=[own.copy()]))
        twice.set("having", exp.Having(this=exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))))
        try:
            if warehouse.rows(sql_text(_limited(twice, 1), warehouse.dialect)):
                repeated.add(key.name)
        except WarehouseError:
            continue
    return replace(table, columns=tuple(replace(one, repeated=one.name in repeated) for one in table.columns))


def _anywhere(warehouse: Warehouse, table: str, column: str) -> tuple[Any, ...]:
    """Some values of a column that the first rows have none of: a table may lie in the order of its kinds."""
    some = _limited(n.select([n.column("t", column)], n.aliased(n.table(table), "t")), _most(warehouse))
    own = n.column("some", column)
    there = n.select([own], n.aliased(exp.Subquery(this=some), "some"), where=n.is_set(own.copy()))
    try:
        return tuple(value for (value,) in warehouse.rows(sql_text(_limited(there, SAMPLE), warehouse.dialect)))
    except WarehouseError:
        return ()


def _named(warehouse: Warehouse, table: Table, layout: Layout | None) -> Table:
    """The table with the names of its events, where it has columns of such."""
    told = layout.of(table).get("names", ()) if layout is not None else ()
    wanted = [Usage(one.name, {}, {}) for one in name_columns(table)]
    if layout is not None and told:
        wanted = [
            Usage(one["column"], {}, {}, layout.whole(one["table"]) if "table" in one else None)
            for one in told if table.column(one["column"]) is not None
        ]  # fmt: skip
    return replace(table, usages=tuple(found for one in wanted if (found := _counted(warehouse, table, one)).names))


def _counted(warehouse: Warehouse, table: Table, usage: Usage) -> Usage:
    """The names of a column with their rows, and the columns that these fill; where the engine refuses, none."""
    others = [one for one in table.columns if one.name != usage.column]
    some = n.aliased(exp.Subquery(this=_limited(n.select([exp.Star()], n.table(table.name)), _most(warehouse))), "t")
    name, joins = n.column("t", usage.column), []
    if usage.table is not None:
        on = n.compare(n.column("names", usage.key), "=", name)
        name, joins = n.column("names", usage.name), [(n.aliased(n.table(usage.table), "names"), on)]
    values = [name, exp.Count(this=exp.Star()), *(exp.Count(this=n.column("t", one.name)) for one in others)]
    source = [exp.Join(this=other, on=on, kind="INNER") for other, on in joins]
    counted = n.select(values, some, where=n.is_set(name.copy()))
    if source:
        counted.set("joins", source)
    counted.set("group", exp.Group(expressions=[name.copy()]))
    try:
        rows = warehouse.rows(sql_text(_limited(counted, MOST_NAMES), warehouse.dialect))
    except WarehouseError:
        return usage
    rows.sort(key=lambda row: (-row[1], str(row[0])))
    filled = {
        str(name): frozenset(one.name for one, count in zip(others, counts, strict=True) if count)
        for name, _, *counts in rows
    }
    return replace(usage, names={str(row[0]): row[1] for row in rows}, filled=filled)


def _asked(warehouse: Warehouse, link: Link) -> Link:
    """How many of some values stand among the keys to which they seem to refer."""
    own = _limited(_distinct(link.column, link.table), KEYS)
    among = exp.In(
        this=n.column("own", link.column),
        query=exp.Subquery(this=n.select([n.column("k", link.key)], n.aliased(n.table(link.to), "k"))),
    )
    counts: list[exp.Expr] = [
        exp.Count(this=exp.Star()),
        exp.Count(this=n.case(among, exp.Literal.number(1))),
    ]
    tree = n.select(counts, n.aliased(exp.Subquery(this=own), "own"))
    try:
        ((looked_for, found),) = warehouse.rows(sql_text(tree, warehouse.dialect))
    except WarehouseError:  # of types that do not compare, as a rule
        return replace(link, looked_for=1)
    return replace(link, looked_for=looked_for, found=found)


def _distinct(column: str, table: str) -> exp.Select:
    found = n.select([n.column("t", column)], n.aliased(n.table(table), "t"), where=n.is_set(n.column("t", column)))
    found.set("distinct", exp.Distinct())
    return found


def _most(warehouse: Warehouse) -> int:
    return MOST_OF_COLUMNS if known_or_plain(warehouse.dialect).engine == "columns" else MOST_ROWS


def _limited(tree: exp.Select, rows: int) -> exp.Select:
    tree.set("limit", exp.Limit(expression=exp.Literal.number(rows)))
    return tree
