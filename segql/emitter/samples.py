"""The commonest values of a property among some of its rows: SQL for those who complete what somebody types."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from ..conditions import Field, Type
from ..planner import slug
from . import nodes as n
from .rows import Rows, alias_of
from .sources import events, item_ties, profiles
from .target import Target
from .values import value

LOOKED_AT = 50_000
"""Rows of which the values are counted."""

MOST = 50
"""Values that are given."""


def common_values(path: Sequence[str], target: Target) -> exp.Select | None:
    """The commonest values of a text property by its path, and how often each was met; None for no property.

    A path is (property,) of profiles, (event, property), or (event, "items", property).
    """
    match path:
        case (name,):
            rows = profiles(target)
            return _counted(rows.select(*_value(Field("profile", name, Type.TEXT), rows)))
        case (event, name):
            rows = _events(event, target)
            return _counted(rows.select(*_value(Field("event", name, Type.TEXT), rows)))
        case (event, "items", name):
            rows = _events(event, target)
            items, ties = item_ties(rows, "item")
            tied = n.both(same(of_item, of_event) for same, of_item, of_event in ties)
            return _counted(rows.select(*_value(Field("item", name, Type.TEXT), items), joined=[(items, tied)]))
        case _:
            return None


def _events(event: str, target: Target) -> Rows:
    return events(list(target.catalog.leaf_events(event)), alias_of(slug(event), target), target)


def _value(field: Field, rows: Rows) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """The property under a name of its own, and that it is there."""
    node = value(field, {field.scope: rows})
    if node is None:
        return [n.named(exp.Null(), "value")], [n.false()]
    return [n.named(node.copy(), "value")], [n.is_set(node.copy())]


def _counted(found: exp.Select) -> exp.Select:
    found.set("limit", exp.Limit(expression=n.number(LOOKED_AT)))
    column, often = n.column("seen", "value"), exp.Count(this=exp.Star())
    counted = n.select(
        [column, n.named(often, "often")], n.aliased(exp.Subquery(this=found), "seen"), group=[column.copy()]
    )
    counted.set("order", exp.Order(expressions=[exp.Ordered(this=often.copy(), desc=True)]))
    counted.set("limit", exp.Limit(expression=n.number(MOST)))
    return counted
