"""Values at the first and the last instant of a profile's events, of which the largest counts.

A number of few decimals and its instant are one number of 128 bits, the largest of which says both. Of anything else
the largest value of each instant comes first, where the engine finds these one by one: to order the events by time and
value takes longer.
"""

from __future__ import annotations

from decimal import Decimal

from sqlglot import exp

from .. import conditions as c
from ..planner import NO_FILTER, Grouped, Need, residual
from . import nodes as n
from .bounds import Clock
from .measures import declared, scale_of
from .predicates import fits
from .rows import Rows
from .streams import driven
from .target import Target
from .values import Sight, kept_as, value

_INSTANT = "event_time"
_BITS = 63
"""Of a value; above them are the microseconds since (until) 1970, with so many more that none are below zero."""
_NEVER_BELOW, _ZERO, _VALUE = 1 << _BITS, 1 << _BITS - 1, (1 << _BITS) - 1
_DECIMALS = 3
"""Numbers stay below 10^15 (docs/catalog.md): with three decimals they have 60 bits."""


def is_short(need: Need, clock: Clock, target: Target) -> bool:
    """Whether the value and its instant are one number: where the catalog says that it is stored as few decimals."""
    assert need.field is not None
    number = need.field.type in (c.Type.NUMBER, c.Type.MONEY) and _scale(need, target) <= _DECIMALS
    if not number or clock.stored != "timestamp" or not target.dialect.ordered_first:
        return False
    return all(kept_as(one, target) for one in declared(need.field, need.of.events, target.catalog))


def _scale(need: Need, target: Target) -> int:
    assert need.field is not None
    return scale_of(c.Aggregate("last", need.field, need.of), target.catalog)


def dated(need: Need, sight: Sight, time: exp.Expr, target: Target) -> exp.Expr:
    """An event's value and instant as one number, the larger the later (the earlier); a missing value is the least."""
    assert need.field is not None
    units, scale = value(need.field, sight) or exp.Null(), _scale(need, target)
    if scale:
        units = n.binary(exp.Mul, units, n.number(10**scale))
    # More than 62 bits, far beyond what numbers may be, is an error, as it would reach into the time.
    whole = n.cast(exp.Add(this=n.cast(units, exp.DType.BIGINT), expression=n.number(_ZERO)), exp.DType.UBIGINT)
    low = n.coalesce(whole, n.number(0))
    counted: type[exp.Binary] = exp.Sub if need.kind == "first" else exp.Add
    micros = n.cast(exp.UnixMicros(this=time), exp.DType.INT128)
    since = exp.Paren(this=counted(this=n.number(_NEVER_BELOW), expression=micros))
    high = exp.Paren(this=exp.BitwiseLeftShift(this=since, expression=n.number(_BITS)))
    return exp.BitwiseOr(this=high, expression=low)


def undated(found: exp.Expr, need: Need, target: Target) -> exp.Expr:
    """The value of such a number."""
    low = exp.Nullif(this=exp.BitwiseAnd(this=found, expression=n.number(_VALUE)), expression=n.number(0))
    units = n.cast(exp.Sub(this=low, expression=n.number(_ZERO)), exp.DType.BIGINT)
    scale = _scale(need, target)
    return exp.Mul(this=units, expression=exp.Literal.number(Decimal(1).scaleb(-scale))) if scale else units


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
