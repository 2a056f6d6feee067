"""Conditions on the profile: its properties, region, position, lists, predictions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ... import ast
from ..core.documents import Node
from ..core.names import Names
from ..core.report import Impossible, Notes
from ..core.trees import all_of, any_of, named, negated, quoted
from .dates import Kind, date_test
from .filters import test
from .timeframes import window

_WRAPPED = re.compile(r"""(?:properties|location)\[(['"])(.+)\1\]""", re.DOTALL)
_WELL_KNOWN = {
    "first_name", "last_name", "phone_number", "external_id", "last_event_date", "email", "title", "organization",
    "locale", "image", "created", "updated",
}  # fmt: skip
CODES = "`{}` has to hold the two letters of ISO 3166 (NL, US) here; the vendor goes by the name of the country."
NO_POSITION = "Who has no position is in here, as `not within` holds for them; the vendor does not say."
POSITIONS = "Measured from the profile's own position; the vendor goes by the middle of its postal code."
ALL_OF_THEM = "Here it is being in none of them; the vendor does not say whether it is, or not being in all."


def name_of(node: Node, names: Names) -> str:
    """What a property is called: as the names say, else as it is called there, without its wrapping."""
    id = node.text()
    if (found := names.find("properties", id)) is not None:
        return found
    if wrapped := _WRAPPED.fullmatch(id):
        return names.find("properties", wrapped[2]) or wrapped[2]
    if not id.strip():
        raise Impossible("It has no name.", node.path)
    return id.replace("_", " ") if id in _WELL_KNOWN else id


def property_test(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """`profile-property`."""
    node.only("type", "property", "filter")
    return tested(name_of(node.need("property"), names), node.need("filter"), names, notes)


def tested(name: str, node: Node, names: Names, notes: Notes) -> ast.Rule:
    """A filter of any kind on a property of the profile."""
    if node.need("type").value == "date":
        return date_test(name, kind_of(name, names), node, names, notes)
    return test(name, node, notes)


def kind_of(name: str, names: Names) -> Kind:
    """Whether a property is a date or a time, as the catalog says."""
    if names.catalog is None or (own := names.catalog.find_property(name)) is None:
        return None
    type = names.catalog.profiles.properties[own].type
    return "date" if type == "date" else "time" if type == "time" else None


def region(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """`profile-region`."""
    node.only("type", "in_region", "region")
    country = names.find("properties", "location['country']") or "country"
    notes.add(CODES.format(country))
    where = node.need("region").one_of("european_union", "united_states")
    inside = node.need("in_region").truth()
    if where == "european_union":
        return ast.Subject(named(country), comparison=ast.InName(ast.Name("EU"), negated=not inside))
    return ast.Subject(named(country), comparison=ast.Compare("=" if inside else "!=", ast.Text("US")))


def distance(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """`profile-postal-code-distance`: the place is one that the names give for the postal code."""
    node.only("type", "country_code", "postal_code", "unit", "filter")
    code = f"{node.need('country_code').text()} {node.need('postal_code').text()}"
    unit = node.need("unit").one_of("kilometers", "miles")
    place = names.find("places", code)
    if place is None:
        raise Impossible(f"SegQL knows no postal codes. {names.missing('places', code)}", node.path)
    asked = node.need("filter")
    asked.only("type", "operator", "value")
    operator = asked.need("operator").one_of("greater-than", "less-than")
    notes.add(POSITIONS)
    near = ast.Near(asked.need("value").number(), "km" if unit == "kilometers" else "miles", named(place))
    if operator == "less-than":
        return near
    notes.add(NO_POSITION)
    return ast.Not(near)


def group(node: Node, names: Names, segments: Mapping[str, str], notes: Notes) -> ast.Rule:
    """`profile-group-membership`: lists by the names, segments by the document as well."""
    node.only("type", "is_member", "group_ids", "timeframe_filter")
    inside = node.need("is_member").truth()
    time = node.get("timeframe_filter")
    when = window(time, names, notes) if time is not None else None
    parts: list[ast.Rule] = []
    for one in node.need("group_ids").items():
        id = one.text()
        if (list := names.find("lists", id)) is not None:
            if when is None:
                parts.append(ast.InList(named(list)))
                continue
            if isinstance(when, ast.InNext):
                raise Impossible("Nobody joins a list ahead of now here.", one.path)
            parts.append(ast.InList(named(list), joined=True, window=when))
            continue
        segment = segments.get(id) or names.find("segments", id)
        if segment is None:
            raise Impossible(f"It is no segment of this document. {names.missing('lists', id)}", one.path)
        if when is not None:
            raise Impossible("When somebody came into a segment is known of lists alone here.", one.path)
        parts.append(ast.InSegment("in", ast.SegmentRef(quoted(segment))))
    if not parts:
        raise Impossible("It names no groups.", node.path)
    if inside:
        return _rule(any_of(parts))
    if time is not None:
        raise Impossible("The time of joining is for members only.", time.path)
    if len(parts) > 1:
        notes.add(ALL_OF_THEM)
    return _rule(all_of(negated(part) for part in parts))


def _rule(found: Any) -> ast.Rule:
    rule: ast.Rule = found
    return rule


NUMBERS = (
    "average_days_between_orders", "average_order_value", "churn_probability", "historic_clv",
    "historic_number_of_orders", "predicted_clv", "predicted_number_of_orders", "total_clv",
)  # fmt: skip


def prediction(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """`profile-predictive-analytics`: a property that holds the vendor's prediction, where the names give one."""
    dimension = node.need("dimension").one_of(
        "expected_date_of_next_purchase", *NUMBERS, "predicted_gender", "channel_affinity"
    )
    asked = node.get("filter")
    if dimension == "channel_affinity":
        node.only("type", "dimension", "predicted_channel", "measurement", "filter")
        channel = node.need("predicted_channel").one_of("email", "push", "sms", "whatsapp")
        dimension = f"channel_affinity.{channel}.{node.need('measurement').one_of('priority', 'rank')}"
    else:
        node.only("type", "dimension", "filter")
    name = names.find("properties", dimension)
    if name is None:
        raise Impossible(f"SegQL predicts nothing. {names.missing('properties', dimension)}", node.path)
    if asked is None:
        raise Impossible("`filter` is missing.", node.path)
    return tested(name, asked, names, notes)
