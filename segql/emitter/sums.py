"""A sum over several streams of events, of which some add to it and some take from it."""

from __future__ import annotations

from sqlglot import exp

from .. import conditions as c
from ..planner import Net, summed
from . import nodes as n
from .measures import scale_of
from .predicates import fits
from .sources import items
from .streams import branches, driven
from .target import Target
from .values import value

SUM, AMOUNT = "net", "amount"
"""Columns of the pass: the sum, and inside of it what a row adds."""


def net(of: Net, target: Target) -> exp.Query:
    """A row with the sum for each profile that has a row in one of the streams."""
    key, adding = target.catalog.profiles.key, len(of.of.plus)
    selects = []
    for place, part in enumerate(summed(of.of)):
        field = part.field if isinstance(part, c.Aggregate) else None
        for rows in branches(part.of.events, [part.of.where], target, part.of.window, field):
            sight: dict = {"event": rows}  # type: ignore[type-arg]
            joined = []
            if field is not None and field.scope == "item":
                if rows.event is None or rows.event.items is None:
                    continue
                joined = [items(rows)]
                sight["item"] = joined[0][0]
            # Whoever has only rows without a value has the sum of nothing, which is zero.
            amount = n.number(1) if field is None else value(field, sight) or n.number(0)
            if place >= adding:
                amount = exp.Neg(this=n.operand(amount))
            conditions = [*driven(of.only, rows), rows.in_window(part.of.window), fits(part.of.where, sight)]
            selects.append(rows.select([n.named(rows.key(), key), n.named(amount, AMOUNT)], conditions, joined=joined))
    total = n.of_decimals(exp.Sum(this=n.column("stream", AMOUNT)), scale_of(of.of, target.catalog))
    mine = n.column("stream", key)
    source = n.aliased(exp.Subquery(this=n.union_all(selects)), "stream")
    return n.select([mine, n.named(total, SUM)], source, group=[mine.copy()])
