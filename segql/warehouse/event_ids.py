"""What events are called by id in the warehouse, for the rules of other programs."""

from __future__ import annotations

from ..catalog import Catalog
from ..emitter import nodes as n
from ..emitter.sources import one_of
from ..errors import SegQLError
from .connection import Warehouse
from .survey import Survey


def event_ids(warehouse: Warehouse, catalog: Catalog) -> dict[str, str]:
    """The ids of the events whose names stand in a table of their own (`names:`), each with the event's name.

    An id of two events, which the catalog tells apart by more than the name, is none. Raises SegQLError for a table or
    a column that is not there.
    """
    survey = Survey(warehouse, catalog, catalog.profiles.key_type)
    found: dict[str, set[str]] = {}
    for name, event in catalog.events.items():
        path = ("events", name, "names")
        if event.names is None or not event.name:
            continue
        table = survey.table(event.names.table, path)
        columns = (event.names.id, event.names.name)
        if table is None or None in [survey.column(column, table, path) for column in columns]:
            continue
        where = event.names.where
        if where is not None:
            if not survey.condition(where, table, (*path, "where")):
                continue
            table = table.among(survey.sql(where))
        called = one_of(n.column("t", event.names.name), event.name)
        for (id,) in survey.rows(table.select([n.column("t", event.names.id)], called)):
            found.setdefault(str(id), set()).add(name)
    if survey.problems:
        raise SegQLError(survey.problems)
    return {id: next(iter(events)) for id, events in found.items() if len(events) == 1}
