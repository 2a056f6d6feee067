"""Rows from all over a large table: one that lies in the order of its kinds has one kind alone in its first rows."""

from __future__ import annotations

from sqlglot import exp

from ..dialects import known_or_plain
from ..emitter import nodes as n
from ..emitter import sql_text
from ..plain import dataclass
from ..warehouse import Warehouse, WarehouseError
from .seen import Column, Table

MOST_ROWS, MOST_OF_COLUMNS = 2_000_000, 200_000_000
"""Rows in which names of events, and values that a sample has none of, are looked for. More where columns are read
alone, and quickly.
"""
PIECES = 100
"""So many pieces of a table are read where the engine has no sample of its own."""
SEED = 1
_SAMPLES = ("postgres", "bigquery", "duckdb")
"""Dialects whose engines read a share of a table's blocks. Spark's reads all of them."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Some rows of a table, in pieces that are read one by one. `most`: so many rows at most are in all of them.

    `said` tells which rows these are; empty where no row is left out, as far as is known.
    """

    pieces: tuple[exp.Select, ...]
    most: int
    said: str = ""


def most_rows(warehouse: Warehouse) -> int:
    """How many rows of a table are looked at for what a sample does not tell."""
    return MOST_OF_COLUMNS if known_or_plain(warehouse.dialect).engine == "columns" else MOST_ROWS


def spread(warehouse: Warehouse, table: Table) -> Spread:
    """The rows of a table to look at: all, a share of its blocks, slices of its key, or the first ones."""
    most, rows = most_rows(warehouse), _rows(warehouse, table)
    if rows is None or rows <= most:
        return Spread((limited(_all(table), most),), most)
    about = f"about {most:,} of {rows:,} rows"
    if warehouse.dialect in _SAMPLES:
        tree = _all(table)
        sample = exp.TableSample(method=exp.Var(this="SYSTEM"), percent=_share(warehouse, most, rows))
        if warehouse.dialect != "bigquery":  # the same rows whenever it is asked, so that a proposal can be made again
            sample.set("seed", n.number(SEED))
        tree.args["from_"].this.set("sample", sample)
        return Spread((tree,), rows, f"{about}, of blocks from all over it")
    if (key := _key(warehouse, table)) is not None and (ends := _ends(warehouse, table, key)) is not None:
        each = most // PIECES
        pieces = tuple(limited(_slice(table, key, ends, place), each) for place in range(PIECES))
        return Spread(pieces, most, f"{about}, in {PIECES} slices of `{key.name}`")
    return Spread((limited(_all(table), most),), most, f"the first {most:,} of {rows:,} rows")


def limited(tree: exp.Select, rows: int) -> exp.Select:
    """The query with a limit."""
    tree.set("limit", exp.Limit(expression=exp.Literal.number(rows)))
    return tree


def _all(table: Table) -> exp.Select:
    return n.select([exp.Star()], n.table(table.name))


def _share(warehouse: Warehouse, most: int, rows: int) -> exp.Expr:
    """The percentage of a table that is looked at, of which BigQuery's SQL has whole ones here."""
    percent = 100 * most / rows
    return exp.Literal.number(max(1, round(percent)) if warehouse.dialect == "bigquery" else f"{percent:.6f}")


def _rows(warehouse: Warehouse, table: Table) -> int | None:
    """About how many rows a table has; None where nobody knows, as of a view."""
    if table.whole:
        return table.rows
    try:
        layout = warehouse.layout(table.name)
    except WarehouseError:
        return None
    return layout.rows if layout is not None else None


def _key(warehouse: Warehouse, table: Table) -> Column | None:
    """A column of whole numbers by which the engine finds rows at once."""
    try:
        layout = warehouse.layout(table.name)
    except WarehouseError:
        return None
    for first, *_ in getattr(layout, "indexes", ()):
        column = table.column(first) if first else None
        if column is not None and column.family == "integer" and column.is_unique:
            return column
    return None


def _ends(warehouse: Warehouse, table: Table, key: Column) -> tuple[int, int] | None:
    """The least and the largest value of a key."""
    ends: list[exp.Expr] = [kind(this=n.column("t", key.name)) for kind in (exp.Min, exp.Max)]
    try:
        tree = n.select(ends, n.aliased(n.table(table.name), "t"))
        ((least, most),) = warehouse.rows(sql_text(tree, None, warehouse.dialect))
    except WarehouseError:
        return None
    return (least, most) if isinstance(least, int) and isinstance(most, int) else None


def _slice(table: Table, key: Column, ends: tuple[int, int], place: int) -> exp.Select:
    """The rows of one of the slices between the ends of a key, in its order."""
    least, most = ends
    bounds = [least + (most + 1 - least) * at // PIECES for at in (place, place + 1)]
    own = n.column("t", key.name)
    within = exp.and_(
        n.compare(own, ">=", exp.Literal.number(bounds[0])), n.compare(own.copy(), "<", exp.Literal.number(bounds[1]))
    )
    tree = n.select([exp.Star()], n.aliased(n.table(table.name), "t"), where=within)
    tree.set("order", exp.Order(expressions=[exp.Ordered(this=own.copy())]))
    return tree
