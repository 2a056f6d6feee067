"""A view for each segment beside the tables that are kept: its members, under a name of its own."""

from __future__ import annotations

from collections.abc import Iterable

from ..planner import slug
from ..warehouse import Keeping, WarehouseError
from .tables import viewed
from .words import words

_TABLES = ("members", "history", "runs", "log", "writes")
_CATALOGS = {
    "postgres": "SELECT viewname, definition FROM pg_views WHERE schemaname = {}",
    "mariadb": "SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = {}",
}
"""Where the views of a schema are named, with what they say."""


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
    dialect = keeping.warehouse.dialect
    if (catalog := _CATALOGS.get(dialect)) is not None:
        own = words(dialect)
        schema = keeping.schema[1:-1].replace(own.quote * 2, own.quote)
        for name, definition in keeping.warehouse.rows(catalog.format(own.literal(schema))):
            if name in named and f"= {own.literal(named[name])}" in definition:
                del named[name]
    return viewed(keeping.schema, named, dialect)
