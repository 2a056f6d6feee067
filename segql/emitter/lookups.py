"""Texts of a looked-up table as numbers: it has few rows, and an engine may group by numbers sooner than by texts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlglot import exp

from .. import conditions as c
from ..conditions.tracked import told
from ..dialects import below
from . import nodes as n

RANK = "rank"
"""The column of a looked-up table with a number for each of its texts, the same for equal ones."""


def numbered_texts(rows: exp.Expr, names: Collection[str]) -> None:
    """Makes columns of a subquery that are texts of a looked-up table numbers: equal where these are, and missing where
    they are missing; those of a subquery that is joined to it as well. Left as it is where rows of several tables are
    put together, or where more of that table is read than its keys and one text.
    """
    select = rows.this
    if not isinstance(select, exp.Select):
        return
    for value in select.expressions:
        if value.alias in names and isinstance(value.this, exp.Column):
            _number_alone(select, value.this, every=False)
    for join in select.args.get("joins") or ():
        if isinstance(join.this, exp.Subquery):
            numbered_texts(join.this, names)


def numbered_distinct(select: exp.Select) -> None:
    """Makes texts of looked-up tables numbers where the different ones are counted, as far as `numbered_texts` does."""
    for distinct in [one for value in select.expressions for one in below(value) if isinstance(one, exp.Distinct)]:
        for column in distinct.expressions:  # SELECT DISTINCT has none
            if isinstance(column, exp.Column):
                _number_alone(select, column, every=True)


def _number_alone(select: exp.Select, text: exp.Column, *, every: bool) -> None:
    """The rank in place of a text, where no more of its table is read than its keys and this text."""
    join = _looked_up(select, text)
    if join is not None:
        alias = join.this.alias
        read = [one for one in below(select) if isinstance(one, exp.Column) and one.table == alias]
        if len(read) == len(_read(join.args["on"], alias)) + 1:
            _number(select, join, text, every=every)


def numbered_value(select: exp.Select, name: str) -> exp.Select | None:
    """Makes the selected text of that name, of a looked-up table, a number wherever it is read. Gives the different
    texts under the same name, each with its RANK; None, and all as it was, where it is no such text.
    """
    text = next(one.this for one in select.expressions if one.alias_or_name == name)
    join = _looked_up(select, text)
    if join is None or text.name in _read(join.args["on"], text.table):
        return None
    table, stored = join.this.copy(), text.copy()
    for node in [*below(select)]:
        if isinstance(node, exp.Column) and (node.table, node.name) == (stored.table, stored.name):
            node.set("this", n.identifier(RANK))
    _number(select, join, stored.copy())
    values = [n.named(stored.copy(), name), n.named(_place_of(stored), RANK)]
    return n.select(values, table, where=n.is_set(stored.copy()), distinct=True)


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
        found = [
            (select, join, value.this) for select, value in places
            if isinstance(value, exp.Alias) and (join := _looked_up(select, value.this)) is not None
        ]  # fmt: skip
        texts = {(*(part.name for part in join.this.parts), text.name) for _, join, text in found}
        if len(found) == len(places) and len(texts) == 1:
            for one in found:
                _number(*one)


def many_in(window: c.Interval) -> bool:
    """Whether a window is so long that there are enough events to number the texts of a table for them."""
    return window.start is None or (window.end is not None and told(_lasts, (window.start, window.end)))


_MUCH = timedelta(days=7)


def _lasts(start: datetime, end: datetime) -> bool:
    return end - start >= _MUCH


def _looked_up(select: exp.Select, text: exp.Expr) -> exp.Join | None:
    """The join with the table that a column is of."""
    if not isinstance(text, exp.Column):
        return None
    alias = text.table
    join: exp.Join | None = next((one for one in select.args.get("joins") or () if one.this.alias == alias), None)
    if join is None or join.side != "LEFT" or not isinstance(join.this, exp.Table):
        return None
    return None if RANK in {name.lower() for name in _read(select, alias)} else join


def _read(within: exp.Expr, alias: str) -> dict[str, exp.Column]:
    """The columns of a table that are read."""
    return {one.name: one for one in below(within) if isinstance(one, exp.Column) and one.table == alias}


def _number(select: exp.Select, join: exp.Join, text: exp.Column, *, every: bool = False) -> None:
    """The rank in place of the text, beside all else that is read of its table; of `every` row, or of those with it."""
    table = join.this
    rank = _place_of(text)
    where = n.is_set(text.copy())
    text.set("this", n.identifier(RANK))
    columns = {name: one.copy() for name, one in _read(select, text.table).items() if name != RANK}
    if every or columns.keys() != _read(join.args["on"], text.table).keys():  # rows without the text are read as well
        rank, where = n.case(where, rank), n.true()
    texts = n.select([*columns.values(), n.named(rank, RANK)], table.copy(), where=where)
    join.set("this", n.aliased(exp.Subquery(this=texts), text.table))


def _place_of(text: exp.Column) -> exp.Expr:
    order = exp.Order(expressions=[exp.Ordered(this=text.copy(), nulls_first=False)])
    return exp.Window(this=n.call("DENSE_RANK"), order=order, over="OVER")
