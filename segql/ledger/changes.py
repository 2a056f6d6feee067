"""Who came and who went since a run, or since an instant: the feed for whoever acts on segments."""

from __future__ import annotations

from datetime import datetime

from ..catalog import fold
from ..errors import expect
from ..nearest import nearest
from ..warehouse import Keeping, WarehouseError
from . import tables
from .words import words


def changes(keeping: Keeping, since: int | datetime, segment: str | None = None, *, first_time: bool = False) -> str:
    """A query of the ledger with a row for each change, its columns `at`, `segment`, `profile` and `change`.

    `change` is `entered` or `left`. After run number `since`, of each segment after its own last run up to that one; or
    from an aware instant on. With `first_time` only who entered a segment and was never in it before. Runs within
    `keeping.shown()`. Raises WarehouseError where there is no ledger, no such run or no such segment in it; ValueError
    for an instant without a zone.
    """
    expect("since", "the number of a run, or an instant", since, int, datetime)
    if isinstance(since, datetime) and since.utcoffset() is None:
        raise ValueError("`since` needs a time zone")
    schema, rows = keeping.schema, keeping.warehouse.rows
    if not keeping.there("runs"):
        raise WarehouseError("No run was written there yet.", "`segql refresh --into SCHEMA --write` writes the first")
    if not isinstance(since, datetime):
        ((last,),) = rows(tables.newest(f"{schema}.runs"))
        if not 0 <= since <= last:
            raise WarehouseError(f"There is no run {since:,}: the last is run {last:,}.", "0 is before the first")
    if segment is not None:
        names = [str(name) for (name,) in rows(tables.names(schema))]
        asked, segment = segment, next((name for name in names if fold(name) == fold(str(segment))), None)
        if segment is None:
            near = ", ".join(f"`{name}`" for name in nearest(asked, names))
            raise WarehouseError(f"No run has looked at a segment `{asked}`.", f"did you mean {near}?" if near else "")
    return tables.changed(schema, since, segment, keeping.warehouse.dialect, first_time=first_time)


def listed(sql: str, dialect: str) -> str:
    """The query of `changes` with its instants as numbers, which `tables.read` reads."""
    at, *names = map(words(dialect).quoted, ("at", "segment", "profile", "change"))
    return f"SELECT {tables.told('at', dialect)} AS {at}, {', '.join(names)} FROM (\n{sql}\n) AS changes"
