"""The items of an event that are the elements of a list in its row: a row for each, with the event's id."""

from __future__ import annotations

from sqlglot import exp

from ..catalog.model import Event, Items, Property
from ..conditions import Interval
from ..dialects import NotInDialect
from . import nodes as n
from .rows import Rows

EVENT_KEY, ELEMENT = "event_key", "element"
"""The columns: the event's id, and the element."""


def elements(own: Items, event: Event, line: Rows, alias: str, window: Interval) -> Rows:
    """The items of the events of these lines, of which nobody asks for those outside of the window.

    Raises NotInDialect.
    """
    target = line.target
    if own.json_ is not None:
        make = target.dialect.json_elements
        if make is None:
            raise NotInDialect("items in JSON")
        found = make(*line.document(own.json_))
    else:
        of_array = target.dialect.array_elements
        if of_array is None:
            raise NotInDialect("items in an array")
        found = of_array(line.column(own.array or ""))
    values = [n.named(line.column(event.id or ""), EVENT_KEY), n.named(found.element, ELEMENT)]
    if line.time is not None:
        line.filters.append(line.in_window(window))
    query = line.select(values, [] if found.holds is None else [found.holds])
    if found.source is not None:
        query.append("joins", exp.Join(this=found.source, kind="CROSS"))
    properties = {name: _within(one, own) for name, one in own.properties.items()}
    rows = Rows(target, alias, exp.Subquery(this=query), properties, own.join, event=event)

    def tie(here: str) -> exp.Expr:
        if own.json_ is None:
            return rows.column(f"{ELEMENT}.{here}")
        keys = [exp.JSONPathRoot(), *(exp.JSONPathKey(this=key) for key in here.split("."))]
        return exp.JSONExtractScalar(this=rows.column(ELEMENT), expression=exp.JSONPath(expressions=keys))

    rows.tie = tie
    return rows


def _within(declared: Property, own: Items) -> Property:
    """What the catalog says of an element, said of the row that holds it."""
    inside = {
        way: f"{ELEMENT}.{value}"
        for way, value in (("column", declared.column), ("json_", declared.json_))
        if value is not None and not (way == "column" and value.split(".")[0] in own.join)
    }
    return declared.model_copy(update=inside) if inside else declared
