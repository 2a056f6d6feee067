"""Rows whose day stands in another table: a warehouse of facts has keys of days, and a table of all days."""

from __future__ import annotations

from ..plain import dataclass
from .links import is_reference
from .properties import quoted
from .rows import Making
from .saying import said_of_table, singular
from .seen import Column, Table

_OF_DAYS = ("date", "day", "calendar", "calendar date", "calendar day")


@dataclass(frozen=True, slots=True)
class Dated:
    """The column of days of another table, and the query that puts it beside the rows."""

    time: Column
    query: str


def dated(table: Table, making: Making) -> Dated | None:
    """The day of a table's rows by the table of days to which one of its columns leads; None where there is none."""
    for link in making.seen.links:
        days = making.seen.table(link.to)
        if link.table != table.name or not link.holds or days is None:
            continue
        if singular(said_of_table(days.bare)) not in _OF_DAYS:
            continue
        day = next((one for one in days.columns if one.family == "date" and one.is_unique), None)
        if day is None or table.column(day.name) is not None or is_reference(day):
            continue
        dialect = making.seen.dialect
        here, there = (".".join(quoted(part, dialect) for part in one.name.split(".")) for one in (table, days))
        own, key, name = (quoted(one, dialect) for one in (link.column, link.key, day.name))
        query = f"SELECT r.*, d.{name} FROM {here} AS r JOIN {there} AS d ON d.{key} = r.{own}"
        return Dated(day, query)
    return None
