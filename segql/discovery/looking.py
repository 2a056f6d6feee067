"""Looks at a warehouse: its tables and columns, a sample of rows, names of events, which columns refer to which keys.

It reads schemas, and never more of a table than a limit says. A table that cannot be read is said; looking goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sqlglot import exp

from ..emitter import nodes as n
from ..emitter import sql_text
from ..warehouse import Warehouse, WarehouseError
from ..warehouse.types import ColumnType
from .layouts import applied, known_links, recognised
from .links import candidates, keys_of
from .seen import Column, Layout, Link, Seen, Table
from .spread import limited
from .usages import anywhere, named, statements, told_apart

SAMPLE = 1_000
"""Rows that are read of a table."""
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

    Where bytes are billed, rows are shown that cost nothing, `sampled` is about what has none of these, and nothing is
    counted: `size_of_counts` says what `with_counts` would read.

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
    stated = _declared(warehouse, found)
    found = _with_keys(found, stated)
    if sampled and not warehouse.billed:
        found = [told_apart(warehouse, table, [key.name for key in keys_of(table)[:2]]) for table in found]
    layout, names = recognised(found, like), frozenset(table.name for table in found)
    known = []
    if layout is not None:
        found = applied(layout, found)
        known = known_links(layout, found)
    sure = {(link.table, link.column) for link in known}
    known += [link for link in stated if (link.table, link.column) not in sure and _are_here(link, found)]
    sure |= {(link.table, link.column) for link in known}
    guessed = [link for link in candidates(found) if (link.table, link.column) not in sure]
    seen = Seen(tuple(found), warehouse.dialect, (*known, *guessed), refused, layout, names)
    return with_counts(warehouse, seen, say) if sampled and not warehouse.billed else seen


def with_counts(warehouse: Warehouse, seen: Seen, say: Callable[[str], None] = lambda part: None) -> Seen:
    """What was seen, with how many values of what seems to refer to a key are keys, and with the names of events, from
    all over each table that has a column of such.
    """
    say("keys")
    links = tuple(_asked(warehouse, link) if link.guessed else link for link in seen.links)
    tables = []
    for table in seen.tables:
        say(f"names in {table.name}")
        tables.append(named(warehouse, table, seen.layout))
    return replace(seen, tables=tuple(tables), links=links)


def size_of_counts(warehouse: Warehouse, seen: Seen) -> int:
    """How many bytes `with_counts` would read, as far as the warehouse knows. Raises WarehouseError."""
    asked = [sql for table in seen.tables for sql in statements(warehouse, table, seen.layout)]
    asked += [_asking(link, warehouse.dialect) for link in seen.links if link.guessed]
    return sum(filter(None, map(warehouse.size, asked)))


def size_of_samples(warehouse: Warehouse, tables: Iterable[str]) -> int:
    """How many bytes a sample of each table reads, where each is billed: none of one whose rows are shown for nothing.

    Raises WarehouseError.
    """
    asked = [table for table in tables if warehouse.preview(table, 1) is None]
    return sum(filter(None, (warehouse.size(_sample(table, warehouse.dialect)) for table in asked)))


def _sample(table: str, dialect: str) -> str:
    return sql_text(limited(n.select([exp.Star()], n.table(table)), SAMPLE), None, dialect)


def _table(warehouse: Warehouse, name: str, *, sampled: bool) -> Table:
    sql = _sample(name, warehouse.dialect)
    types = warehouse.columns(sql)
    rows = warehouse.preview(name, SAMPLE)
    if rows is None and sampled:
        rows = warehouse.rows(_without_zones(name, types, warehouse.dialect) or sql)
    seen = rows or []
    columns = [Column(column, type_, tuple(row[at] for row in seen)) for at, (column, type_) in enumerate(types)]
    table = Table(name, tuple(columns), len(seen), whole=rows is not None and len(rows) < SAMPLE)
    return anywhere(warehouse, table, SAMPLE) if sampled and not warehouse.billed else table


def _without_zones(table: str, types: Sequence[tuple[str, ColumnType]], dialect: str) -> str | None:
    """The sample with instants as texts, where it has some: DuckDB 1.4 gives Python no instants without pytz."""
    zoned = {column for column, type_ in types if type_.family == "timestamp with zone"}
    if not zoned:
        return None
    values = [
        n.named(n.cast(n.column("t", column), exp.DType.TEXT), column) if column in zoned else n.column("t", column)
        for column, _ in types
    ]
    return sql_text(limited(n.select(values, n.aliased(n.table(table), "t")), SAMPLE), None, dialect)


def _declared(warehouse: Warehouse, tables: Sequence[Table]) -> list[Link]:
    """The references that the warehouse itself declares, between these tables."""
    names = {table.name: table for table in tables}
    try:
        references = warehouse.references()
    except WarehouseError:
        return []
    found = [
        Link(one.table, own.name, one.to, key.name, declared=True) for one in references
        if one.table in names and one.to in names and one.table != one.to
        and (own := names[one.table].column(one.column)) and (key := names[one.to].column(one.key))
    ]  # fmt: skip
    return list({(link.table, link.column): link for link in reversed(found)}.values())


def _are_here(link: Link, tables: Sequence[Table]) -> bool:
    """Whether both tables are still looked at: a layout passes over some."""
    return {link.table, link.to} <= {table.name for table in tables}


def _with_keys(tables: Sequence[Table], links: Sequence[Link]) -> list[Table]:
    """The tables with the columns marked that references are declared to lead to."""
    led_to = {(link.to, link.key) for link in links}
    return [
        replace(table, columns=tuple(replace(one, is_key=(table.name, one.name) in led_to) for one in table.columns))
        for table in tables
    ]  # fmt: skip


def _asked(warehouse: Warehouse, link: Link) -> Link:
    """How many of some values stand among the keys to which they seem to refer."""
    try:
        ((looked_for, found),) = warehouse.rows(_asking(link, warehouse.dialect))
    except WarehouseError:  # of types that do not compare, as a rule
        return replace(link, looked_for=1)
    return replace(link, looked_for=looked_for, found=found)


def _asking(link: Link, dialect: str) -> str:
    own = limited(_distinct(link.column, link.table), KEYS)
    on = n.compare(n.column("k", link.key), "=", n.column("own", link.column))
    counts: list[exp.Expr] = [exp.Count(this=exp.Star()), exp.Count(this=n.column("k", link.key))]
    # Not by IN, which Spark does not take in what is counted.
    joined = n.left_join(n.aliased(n.table(link.to), "k"), on)
    return sql_text(n.select(counts, n.aliased(exp.Subquery(this=own), "own"), [joined]), None, dialect)


def _distinct(column: str, table: str) -> exp.Select:
    found = n.select([n.column("t", column)], n.aliased(n.table(table), "t"), where=n.is_set(n.column("t", column)))
    found.set("distinct", exp.Distinct())
    return found
