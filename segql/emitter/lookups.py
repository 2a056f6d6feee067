"""Texts of a looked-up table as numbers: it has few rows, and an engine may group by numbers sooner than by texts."""

from __future__ import annotations

from collections.abc import Collection

from sqlglot import exp

from ..dialects import below
from . import nodes as n

RANK = "rank"
"""The column of a looked-up table with a number for each of its texts, the same for equal ones."""


def numbered_texts(rows: exp.Expr, names: Collection[str]) -> None:
    """Makes columns of a subquery that are texts of a looked-up table numbers: equal where these are, and missing where
    they are missing. Left as it is where rows of several tables are put together, or where more of that table is read
    than its keys and one text.
    """
    select = rows.this
    if not isinstance(select, exp.Select):
        return
    for value in select.expressions:
        if isinstance(value, exp.Alias) and value.alias in names and isinstance(value.this, exp.Column):
            _number(select, value)


def _number(select: exp.Select, value: exp.Alias) -> None:
    text, alias = value.this, value.this.table
    join = next((one for one in select.args.get("joins") or () if one.this.alias == alias), None)
    if join is None or join.side != "LEFT" or not isinstance(table := join.this, exp.Table):
        return
    keys = [one for one in below(join.args["on"]) if isinstance(one, exp.Column) and one.table == alias]
    read = [one for one in below(select) if isinstance(one, exp.Column) and one.table == alias]
    if len(read) > len(keys) + 1 or any(key.name.lower() == RANK for key in keys):
        return
    order = exp.Order(expressions=[exp.Ordered(this=text.copy(), nulls_first=False)])
    rank = exp.Window(this=n.call("DENSE_RANK"), order=order, over="OVER")
    columns = {key.name: key.copy() for key in keys}
    texts = n.select([*columns.values(), n.named(rank, RANK)], table.copy(), where=n.is_set(text.copy()))
    join.set("this", n.aliased(exp.Subquery(this=texts), alias))
    text.set("this", n.identifier(RANK))
