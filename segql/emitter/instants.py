"""Values at the first and the last instant of a profile's events, where the engine finds these one by one.

The largest value of each instant comes first: to order the events by time and value takes longer.
"""

from __future__ import annotations

from sqlglot import exp

from .. import conditions as c
from ..planner import NO_FILTER, Grouped, residual
from . import nodes as n
from .predicates import fits
from .rows import Rows
from .streams import driven
from .target import Target
from .values import Sight, value

_INSTANT = "event_time"


def only_edges(of: Grouped) -> bool:
    """Whether all that is asked are values of events at the first or the last instant of those that the pass reads."""
    return of.grain == "event" and all(
        need.kind in ("first", "last")
        and of.windows == (need.of.window,)
        and residual(need.of.where, of.where) == NO_FILTER
        for _, need in of.columns
    )


def by_instant(of: Grouped, rows: Rows, target: Target) -> exp.Select:
    """A row for each profile with the largest value at its first or its last instant, which may be missing."""
    key = target.catalog.profiles.key
    sight: Sight = {"event": rows}
    largest: dict[c.Field, str] = {}
    values: list[exp.Expr] = [n.named(rows.key(), key), n.named(rows.at(), _INSTANT)]
    found: list[exp.Expr] = [n.column("instants", key)]
    for name, need in of.columns:
        field = need.field
        assert field is not None
        if field not in largest:
            largest[field] = f"largest_{len(largest) + 1}" if largest else "largest"
            values.append(n.named(exp.Max(this=value(field, sight) or exp.Null()), largest[field]))
        edge = "ARG_MIN_NULL" if need.kind == "first" else "ARG_MAX_NULL"
        at = n.call(edge, n.column("instants", largest[field]), n.column("instants", _INSTANT))
        found.append(n.named(at, name))
    conditions = [*driven(of.only, rows), rows.in_window(of.windows[0]), *(fits(part, sight) for part in of.where)]
    instants = rows.select(values, conditions, [rows.key(), rows.at()])
    return n.select(found, n.aliased(exp.Subquery(this=instants), "instants"), group=[n.column("instants", key)])
