"""`profile-metric`: how often something happened, or how much it came to."""

from __future__ import annotations

from ... import ast
from ..core import phrases
from ..core.documents import Node
from ..core.names import Names, asked
from ..core.report import Impossible, Notes
from ..core.trees import named, number
from .filters import NUMERIC, event_filters, fits_zero, object_filters
from .timeframes import window

VALUE = "$value"
"""The vendor's name for what an event is worth."""
ZERO_SUM = "Who has no such event has a sum of 0 here, and is in; the vendor does not say so."


def metric(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """A `profile-metric` as an event with a number of times, or as a sum."""
    node.only("type", "metric_id", "measurement", "measurement_filter", "timeframe_filter", "metric_filters")
    event = event_of(node.need("metric_id"), names)
    measurement = node.need("measurement").one_of("count", "sum")
    measured = node.need("measurement_filter")
    measured.only("type", "operator", "value")
    measured.need("type").one_of("numeric")
    op = NUMERIC[measured.need("operator").one_of(*NUMERIC)]
    value = measured.need("value").number()
    time = node.get("timeframe_filter")
    when = window(time, names, notes) if time is not None else None
    if isinstance(when, ast.InNext):
        raise Impossible("Events lie in the past here: nothing is known of what is ahead.", time.path if time else "")
    where = event_filters(node.get("metric_filters"), event, names, notes)
    if measurement == "sum":
        amount = names.property_of(event, VALUE)
        if amount is None:
            raise Impossible(
                f"Nobody said which property is the value of `{event}`: give --names with "
                f"{asked('event properties', VALUE, event)}.", node.path + "/measurement",
            )  # fmt: skip
        if fits_zero(op, value):
            notes.add(ZERO_SUM)
        head = ast.Aggregate("sum", named(amount), named(event))
        return ast.Subject(head, comparison=ast.Compare(op, number(value)), window=when, where=where)
    return phrases.counted(event, op, value, when, where)


def event_of(node: Node, names: Names) -> str:
    """The event that a metric is called here."""
    id = node.text()
    found = names.find("events", id)
    if found is None:
        raise Impossible(names.missing("events", id), node.path)
    return found


def custom_object(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """`profile-has-custom-object`: how many of its objects fit, which an event without a time may be."""
    node.only("type", "object_type_id", "object_type_relationship_id", "filter", "filters")
    id = node.need("object_type_id").text()
    link = node.get("object_type_relationship_id")
    event = (names.find("events", f"{id}/{link.text()}") if link is not None else None) or names.find("events", id)
    if event is None:
        raise Impossible(f"The catalog has no objects but events. {names.missing('events', id)}", node.path)
    asked = node.need("filter")
    asked.only("type", "operator", "value")
    asked.need("type").one_of("numeric")
    op, value = NUMERIC[asked.need("operator").one_of(*NUMERIC)], asked.need("value").number()
    return phrases.counted(event, op, value, where=object_filters(node.get("filters"), event, names, notes))
