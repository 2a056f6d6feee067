"""Places in the order of values: percentiles, ranks and samples.

A place is so many per cent of all, rounded up. An engine's own percentile is asked where it is known to find it; else
the rows are numbered, and shares compared in whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlglot import exp

from .. import conditions as c
from ..exact import shifted
from . import nodes as n
from .target import Target
from .texts import by_code_point, hashed

PLACE, NUMBER, HASH = "place_in_order", "number_of_values", "sample_hash"
"""Columns of these queries, none of which is likely to be a profile's key."""
_FEW = 10**5
"""Of the best, so many are found by keeping them while reading; of more, all are ranked."""


def at_place(
    value: exp.Column, percent: Decimal, target: Target, groups: Sequence[exp.Expr], where: exp.Expr | None
) -> exp.Select:
    """The smallest value in a query's column that so many per cent of all do not exceed: one row, or one a group."""
    source = n.table(value.table)
    exact = at_share(value, percent, target)
    if exact is not None:
        return n.select([n.named(exact, value.name), *groups], source, where=where, group=_copies(groups))
    place = _place(exp.RowNumber(), [(value.copy(), False)], groups)
    placed = n.select([value, place, _number(groups), *groups], source, where=where)
    least = n.named(exp.Min(this=n.column("placed", value.name)), value.name)
    reached = n.compare(
        n.binary(exp.Mul, n.column("placed", PLACE), n.number(100)),
        ">=",
        n.binary(exp.Mul, n.column("placed", NUMBER), n.number(int(percent))),
    )
    of_each = [n.column("placed", one.name) for one in groups]
    return n.select([least, *of_each], _subquery(placed, "placed"), where=reached, group=_copies(of_each))


def best(rank: c.Rank, value: exp.Column, target: Target, groups: Sequence[exp.Expr]) -> exp.Select:
    """The keys in a query whose values rank high (low) enough: as good as the last of them. Ties share a rank."""
    name, key, down = value.table, n.column(value.table, target.catalog.profiles.key), rank.which == "top"
    last = None if groups else _last_of(rank, value, target)
    if last is not None:
        as_good = n.compare(value, ">=" if down else "<=", exp.Subquery(this=last))
        return n.select([key], n.table(name), where=as_good)
    placed = n.select([key, _place(n.call("RANK"), [(value, down)], groups)], n.table(name))
    if rank.count is not None:
        fits = n.compare(n.column("ranked", PLACE), "<=", n.number(rank.count))
    else:
        assert rank.percent is not None
        placed.append("expressions", _number(groups))
        fits = _within_share("ranked", rank.percent)
    return n.select([n.column("ranked", key.name)], _subquery(placed, "ranked"), where=fits)


def sampled(chosen: exp.Query, sample: c.Sample, target: Target) -> exp.Select:
    """Of the keys that a query gives the sample: those with the smallest hashes."""
    key = n.column("drawn", target.catalog.profiles.key)
    value = hashed(sample.seed, n.column("chosen", key.name), target)
    drawn = n.select([n.column("chosen", key.name), n.named(value, HASH)], _subquery(chosen, "chosen"))
    mine = by_code_point(n.column("drawn", HASH), target)
    last = None if sample.at_least else at_share(mine, sample.percent, target)
    if last is not None:
        highest = exp.Subquery(this=n.select([last], n.table("drawn")))
        found = n.select([key], n.table("drawn"), where=n.compare(mine, "<=", highest))
        kept = exp.CTE(this=drawn, alias=exp.TableAlias(this=n.identifier("drawn")), materialized=True)
        found.set("with_", exp.With(expressions=[kept]))
        return found
    placed = n.select([key, _place(n.call("RANK"), [(mine, False)]), _number()], _subquery(drawn, "drawn"))
    fits = _within_share("placed", sample.percent)
    if sample.at_least:
        fits = n.either([fits, n.compare(n.column("placed", PLACE), "<=", n.number(sample.at_least))])
    return n.select([n.column("placed", key.name)], _subquery(placed, "placed"), where=fits)


# --- the last of those that are in ------------------------------------------------------------------------------------


def _last_of(rank: c.Rank, value: exp.Column, target: Target) -> exp.Select | None:
    """The value of the last that is in, found without a place for each; None where it cannot be."""
    source, down = n.table(value.table), rank.which == "top"
    if rank.percent is not None:
        last = at_share(value, rank.percent, target, down=down)
        return None if last is None else n.select([last], source)
    if rank.count is None or rank.count > _FEW:
        return None
    most = n.select([value.copy()], source)
    # None is missing, so where missing ones would stand need not be said; nor can it be everywhere.
    order = exp.Ordered(this=value.copy(), desc=True, nulls_first=False) if down else value.copy()
    most.set("order", exp.Order(expressions=[order]))
    most.set("limit", exp.Limit(expression=n.number(rank.count)))
    return n.select([(exp.Min if down else exp.Max)(this=n.column("most", value.name))], _subquery(most, "most"))


def at_share(value: exp.Expr, percent: Decimal, target: Target, *, down: bool = False) -> exp.Expr | None:
    """The value at the place of so many per cent; None where the engine is not trusted with that."""
    less, fraction = target.dialect.less_of_percentiles, shifted(percent, -2)
    if less is None or fraction != round(fraction, 3):
        return None
    asked = exp.Literal.number(format((fraction - less).normalize(), "f"))
    order = exp.Order(expressions=[exp.Ordered(this=value.copy(), desc=down, nulls_first=False)])
    return exp.WithinGroup(this=exp.PercentileDisc(this=asked), expression=order)


# --- a place for each ------------------------------------------------------------------------------------------------


def _within_share(alias: str, percent: Decimal) -> exp.Expr:
    """`(place - 1) * 100 < percent * number`, in whole numbers: the place is at most ceil(percent of the number)."""
    places = max(0, -int(percent.normalize().as_tuple().exponent))
    before = exp.Paren(this=exp.Sub(this=n.column(alias, PLACE), expression=n.number(1)))
    return n.compare(
        n.binary(exp.Mul, before, n.number(100 * 10**places)),
        "<",
        n.binary(exp.Mul, n.column(alias, NUMBER), n.number(shifted(percent, places))),
    )


def _place(function: exp.Expr, order: Sequence[tuple[exp.Expr, bool]], groups: Sequence[exp.Expr] = ()) -> exp.Expr:
    ordered = exp.Order(expressions=[exp.Ordered(this=by, desc=down, nulls_first=False) for by, down in order])
    return n.named(exp.Window(this=function, partition_by=_copies(groups), order=ordered, over="OVER"), PLACE)


def _number(groups: Sequence[exp.Expr] = ()) -> exp.Expr:
    counted = exp.Count(this=exp.Star())
    return n.named(exp.Window(this=counted, partition_by=_copies(groups), over="OVER"), NUMBER)


def _copies(groups: Sequence[exp.Expr]) -> list[exp.Expr]:
    return [one.copy() for one in groups]


def _subquery(query: exp.Query, alias: str) -> exp.Expr:
    return n.aliased(exp.Subquery(this=query), alias)
