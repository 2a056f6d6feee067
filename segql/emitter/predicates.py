"""What an event, or an item of it, has to fit: trees of predicates as SQL.

A predicate may be NULL where it does not hold; `boolean` makes a tree of them two-valued.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlglot import exp

from .. import conditions as c
from ..ast import All, AnyOf, Not, Tree
from ..conditions.walk import among
from ..planner import fields_of
from . import nodes as n
from .bounds import MICROSECOND
from .fields import holds
from .opposites import opposite
from .rows import Rows
from .sources import counted_items, items, named_as
from .times import date_difference, micros
from .values import Sight, stored


def boolean(tree: Tree[Any], leaf: Callable[[Any], exp.Expr], negated: bool = False) -> exp.Expr:
    """The tree as SQL that is true where the tree holds, and NULL or false where it does not.

    Negation goes down to the leaves: AND and OR never turn a NULL into true, so only a negated leaf needs to be
    two-valued.
    """
    match tree:
        case All(parts) | AnyOf(parts):
            joined = n.both if isinstance(tree, All) is not negated else n.either
            return joined([boolean(part, leaf, negated) for part in parts])
        case Not(part):
            return boolean(part, leaf, not negated)
        case _:
            condition = leaf(tree)
            return opposite(condition) if negated else condition


def fits(predicate: Tree[c.Predicate], sight: Sight) -> exp.Expr:
    """The tree of predicates, true exactly where it holds."""
    if (event := sight.get("event")) is not None:
        predicate = among(predicate, event.names)
    return boolean(predicate, lambda one: _fits(one, sight))


def _fits(predicate: c.Predicate, sight: Sight) -> exp.Expr:
    match predicate:
        case c.AnyItem(where=where) | c.ItemCount(where=where):
            event = sight["event"]
            if event.event is None or event.event.items is None:
                return n.false()
            if isinstance(predicate, c.ItemCount):
                return _item_count(predicate, event)
            if any(field.scope == "profile" for field in fields_of(where)):
                # Found for all events at once: not every engine sees from here who is joined to the event.
                return _item_count(c.ItemCount(where, 1, None), event)
            rows, of_event = items(event)
            return rows.exists([of_event], [fits(where, {"item": rows})])
        case c.OfEvent(events=events):
            return named_as(sight["event"], [name for name in sight["event"].names if name in events])
        case c.CloseTo():
            return _close_to(predicate, sight)
        case _:
            return holds(predicate, sight)


def _close_to(near: c.CloseTo, sight: Sight) -> exp.Expr:
    """Whether the event is near a date or a time of the profile; NULL or false where one of the two is missing."""
    found, event = stored(near.field, sight), sight["event"]
    if found is None or event.time is None:
        return n.false()
    target = event.target
    if near.field.type is c.Type.DATE:
        day = n.cast(event.wall(), exp.DType.DATE)
        away = date_difference(day, n.cast(found.known(), exp.DType.DATE))
        return exp.Between(this=away, low=n.number(-near.before.days), high=n.number(near.after.days))
    at, date_ = (micros(node, clock, target.dialect) for node, clock in
                 ((event.at(), event.clock), (found.known(), found.clock)))  # fmt: skip
    low, high = date_, date_.copy()
    if near.before:
        low = exp.Sub(this=low, expression=n.number(near.before // MICROSECOND))
    if near.after:
        high = exp.Add(this=high, expression=n.number(near.after // MICROSECOND))
    return exp.Between(this=at, low=low, high=high)


def _item_count(count: c.ItemCount, event: Rows) -> exp.Expr:
    """Whether the number of the event's items that fit is within bounds. Events without any have no group."""
    least, most = count.at_least, count.at_most
    if least <= 0:
        beyond = None if most is None else replace(count, at_least=most + 1, at_most=None)
        return n.true() if beyond is None else opposite(_item_count(beyond, event))

    def within_bounds(number: exp.Expr) -> exp.Expr:
        if least == most:
            return n.compare(number, "=", n.number(least))
        bounds = [n.compare(number, ">=", n.number(least))]
        bounds += [n.compare(number.copy(), "<=", n.number(most))] if most is not None else []
        return n.both(bounds)

    def fitting(rows: Rows, of_event: Rows) -> exp.Expr:
        return fits(count.where, {"item": rows, "event": of_event})

    return counted_items(event, fitting, within_bounds)
