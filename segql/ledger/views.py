"""A view for each segment beside the tables that are kept: its members, under a name of its own."""

from __future__ import annotations

from collections.abc import Iterable

from ..planner import slug
from ..warehouse import Keeping, WarehouseError
from ..warehouse.duckdb import literal
from .tables import viewed

_TABLES = ("members", "history", "runs")


def views(segments: Iterable[str], keeping: Keeping) -> list[str]:
    """The statements that make the views which are not there as they should be.

    One that is there stays, so that nobody who reads it waits. Raises WarehouseError where two would be called alike.
    """
    named: dict[str, str] = {}
    for segment in segments:
        name = slug(segment)
        if (other := name if name in _TABLES else named.get(name)) is not None:
            raise WarehouseError(
                f"The view of `{segment}` would be called like `{other}`: {name}.",
                "call one otherwise, or leave --views out",
            )
        named[name] = segment
    if keeping.warehouse.dialect == "postgres":
        schema = keeping.schema[1:-1].replace('""', '"')
        there = keeping.warehouse.rows(
            f"SELECT viewname, definition FROM pg_views WHERE schemaname = {literal(schema)}"
        )
        for name, definition in there:
            if name in named and f"= {literal(named[name])}" in definition:
                del named[name]
    return viewed(keeping.schema, named, keeping.warehouse.dialect)
