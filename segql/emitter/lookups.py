"""Texts of a looked-up table as numbers: it has few rows, and an engine may group by numbers sooner than by texts."""

from __future__ import annotations

from collections.abc import Collection

from sqlglot import exp

from .. import conditions as c
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
        if value.alias in names and (join := _looked_up(select, value)) is not None:
            _number(join, value)


def compared(value: exp.Expr, name: str, field: c.Field) -> exp.Expr:
    """A value under a name; a text with a mark, as it is only compared with the others of this name."""
    one = n.named(value, name)
    if field.type is c.Type.TEXT:
        one.meta[_ALIKE] = name
    return one


_ALIKE = "alike"


def numbered_alike(query: exp.Expr) -> None:
    """Makes marked values numbers where all of one name are texts of one column of a looked-up table: so that they are
    equal where these are, in whichever SELECT they stand.
    """
    values: dict[str, list[tuple[exp.Select, exp.Expr]]] = {}
    for select in below(query):
        if isinstance(select, exp.Select):
            for value in select.expressions:
                if _ALIKE in value.meta:
                    values.setdefault(value.meta[_ALIKE], []).append((select, value))
    for places in values.values():
        joins = [(_looked_up(select, value), value) for select, value in places]
        found = [(join, value) for join, value in joins if join is not None and isinstance(value, exp.Alias)]
        texts = {(*(part.name for part in join.this.parts), value.this.name) for join, value in found}
        if len(found) == len(places) and len(texts) == 1:
            for join, value in found:
                _number(join, value)


def _looked_up(select: exp.Select, value: exp.Expr) -> exp.Join | None:
    """The join with the table that a value is looked up in, if nothing else of it is read but its keys."""
    if not isinstance(value, exp.Alias) or not isinstance(value.this, exp.Column):
        return None
    alias = value.this.table
    join: exp.Join | None = next((one for one in select.args.get("joins") or () if one.this.alias == alias), None)
    if join is None or join.side != "LEFT" or not isinstance(join.this, exp.Table):
        return None
    read = [one for one in below(select) if isinstance(one, exp.Column) and one.table == alias]
    keys = _keys(join)
    return None if len(read) > len(keys) + 1 or any(key.name.lower() == RANK for key in keys) else join


def _keys(join: exp.Join) -> list[exp.Column]:
    alias = join.this.alias
    return [one for one in below(join.args["on"]) if isinstance(one, exp.Column) and one.table == alias]


def _number(join: exp.Join, value: exp.Alias) -> None:
    text, table = value.this, join.this
    order = exp.Order(expressions=[exp.Ordered(this=text.copy(), nulls_first=False)])
    rank = exp.Window(this=n.call("DENSE_RANK"), order=order, over="OVER")
    columns = {key.name: key.copy() for key in _keys(join)}
    texts = n.select([*columns.values(), n.named(rank, RANK)], table.copy(), where=n.is_set(text.copy()))
    join.set("this", n.aliased(exp.Subquery(this=texts), text.table))
    text.set("this", n.identifier(RANK))
