"""Profiles beside the others: values of a population, ranks and statistics of them, samples of members.

A population's number is a query of one row, cross-joined (within each value of a property: of one row for each, joined
by that); ranks and samples are queries of keys. All in whole numbers
and decimals: ranks by counting, no engine's own percentile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from sqlglot import exp

from .. import conditions as c
from ..plain import dataclass
from ..planner import Members, Question, Valued, any_needs, members, needs_of, valued
from . import nodes as n
from .measures import Fraction, Read, counting, cross, floored, fraction, guards_of, node_of, scale_of, times, units_of
from .rows import Rows
from .target import Target
from .texts import by_code_point, hashed
from .values import value

VALUE, TOTAL, NUMBER, GROUP = "measured_value", "sum_of_values", "number_of_values", "group_value"
PLACE, HASH = "place_in_order", "sample_hash"
"""Columns of these queries, none of which is likely to be a profile's key."""
MILLION = Decimal(10**6)
_FEW = 10**5
"""Of the best, so many are found by keeping them while reading; of more, all are ranked."""


class Answers(Read, Protocol):
    """The columns of the passes, and the names of the queries about other profiles."""

    def answer(self, question: Question) -> str:
        """The name of the query that answers a question."""


# --- within each value of a property --------------------------------------------------------------------------------


def group_of(each: c.Field, profile: Rows) -> exp.Expr:
    """The profile's own value of the property."""
    return value(each, {"profile": profile}) or exp.Null()


def group(each: c.Field | None, read: Read) -> list[exp.Expr]:
    """By which columns of the profile a query of numbers is grouped."""
    return [] if each is None else [group_of(each, read.profile)]


def _grouped(each: c.Field | None, name: str) -> list[exp.Expr]:
    """The column of a query that holds that value."""
    return [] if each is None else [n.column(name, GROUP)]


def _with_group(each: c.Field | None, read: Read) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """The column, and what demands that the value is there."""
    mine = group(each, read)
    return [n.named(one, GROUP) for one in mine], [n.is_set(one.copy()) for one in mine]


# --- values ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Worth:
    """A profile's value beside the others': a number of units, of which there are so many in 1."""

    value: exp.Expr
    units: Decimal
    there: tuple[exp.Expr, ...]
    """What must hold for it to be there."""
    scale: int = 0
    """Its decimals."""


def worth(of: c.Measure, read: Read) -> Worth:
    """What a measure is worth, in whole millionths where it is a fraction."""
    match of:
        case c.Ratio():
            ratio = fraction(of, read)
            return Worth(floored(of, read), MILLION, (*guards_of(ratio), n.is_set(node_of(ratio.top))))
        case c.Terms():
            added = fraction(of, read)
            there = () if counting(of) else (n.is_set(node_of(added.top)),)
            assert isinstance(added.bottom, Decimal)
            return Worth(node_of(added.top), added.bottom, there, added.scales[0])
        case c.Aggregate(kind="average"):
            count = read.need(needs_of(of)[1])
            return Worth(node_of(fraction(of, read).top), MILLION, (n.compare(count, ">", n.number(0)),))
        case c.DaysBetween(of=occurrences):
            _, pairs = read.gaps(occurrences)
            return Worth(node_of(fraction(of, read).top), MILLION, (n.compare(pairs, ">", n.number(0)),))
        case _:
            value, scale = node_of(fraction(of, read).top), scale_of(of, read.profile.target.catalog)
            return Worth(value, Decimal(1), () if counting(of) else (n.is_set(value.copy()),), scale)


def values(of: Valued, read: Answers) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """What a SELECT over the profiles takes of each who is in the population: key and value, and the conditions."""
    mine = worth(of.of, read)
    conditions = list(mine.there)
    if of.among is not None:
        conditions.append(listed(of.among, read))
    elif needs := any_needs(of.of):
        conditions.append(n.either(n.compare(read.need(need), ">", n.number(0)) for need in needs))
    groups, there = _with_group(of.each, read)
    return [read.profile.key(), n.named(mine.value, VALUE), *groups], [*conditions, *there]


def pooled(of: c.Population, read: Answers) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """The sum and the number of all single values of everybody, and the conditions."""
    assert isinstance(of.of, c.Aggregate), "only values of events are pooled"
    total, count = (read.need(need) for need in needs_of(replace(of.of, kind="average")))
    conditions = [] if of.among is None else [listed(members(of.among), read)]
    summed = n.of_decimals(exp.Sum(this=total), units_in(of, read.profile.target)[1])
    groups, there = _with_group(of.each, read)
    return [n.named(summed, TOTAL), n.named(exp.Sum(this=count), NUMBER), *groups], [*conditions, *there]


# --- what is made of them ---------------------------------------------------------------------------------------------


def statistic(of: c.Population, read: Answers) -> exp.Select:
    """One row, or one for each group: the sum and the number of the values, or the value at a percentile."""
    name = read.answer(valued(of.of, of.among, of.each))
    value, groups = n.column(name, VALUE), _grouped(of.each, name)
    if of.percentile is None:
        total = n.of_decimals(exp.Sum(this=value), units_in(of, read.profile.target)[1])
        number = exp.Count(this=exp.Star())
        return n.select([n.named(total, TOTAL), n.named(number, NUMBER), *groups], n.table(name), group=groups)
    place = _place(exp.RowNumber(), [(value.copy(), False)], groups)
    placed = n.select([value, place, _number(groups), *groups], n.table(name))
    least = exp.Min(this=n.column("placed", VALUE))
    # The smallest value that so many per cent of all do not exceed.
    reached = n.compare(
        n.binary(exp.Mul, n.column("placed", PLACE), n.number(100)),
        ">=",
        n.binary(exp.Mul, n.column("placed", NUMBER), n.number(of.percentile)),
    )
    of_each = _grouped(of.each, "placed")
    return n.select([n.named(least, VALUE), *of_each], _subquery(placed, "placed"), where=reached, group=of_each)


def ranked(of: c.Rank, read: Answers) -> exp.Select:
    """The keys of the profiles that rank high (low) enough. Ties share a rank."""
    name = read.answer(valued(of.by, of.among, of.each))
    key = read.profile.target.catalog.profiles.key
    value, down, groups = n.column(name, VALUE), of.which == "top", _grouped(of.each, name)
    if of.count is not None and of.count <= _FEW and not groups:
        return _as_good_as_last(name, key, of.count, down)
    placed = n.select([n.column(name, key), _place(n.call("RANK"), [(value, down)], groups)], n.table(name))
    if of.count is not None:
        fits = n.compare(n.column("ranked", PLACE), "<=", n.number(of.count))
    else:
        assert of.percent is not None
        placed.append("expressions", _number(groups))
        fits = _within_share("ranked", of.percent)
    return n.select([n.column("ranked", key)], _subquery(placed, "ranked"), where=fits)


def _as_good_as_last(name: str, key: str, count: int, down: bool) -> exp.Select:
    """The keys of those as good as the last of so many: nobody has to put all values in order."""
    value = n.column(name, VALUE)
    most = n.select([value], n.table(name))
    # None is missing, so where missing ones would stand need not be said; nor can it be everywhere.
    order = exp.Ordered(this=value.copy(), desc=True, nulls_first=False) if down else value.copy()
    most.set("order", exp.Order(expressions=[order]))
    most.set("limit", exp.Limit(expression=n.number(count)))
    last = n.named((exp.Min if down else exp.Max)(this=n.column("most", VALUE)), VALUE)
    joined = exp.Join(this=_subquery(n.select([last], _subquery(most, "most")), "last_of_them"), kind="CROSS")
    as_good = n.compare(value.copy(), ">=" if down else "<=", n.column("last_of_them", VALUE))
    return n.select([n.column(name, key)], n.table(name), [joined], as_good)


def sampled(chosen: exp.Select, sample: c.Sample, target: Target) -> exp.Select:
    """Of the keys that a SELECT gives the sample: those with the smallest hashes."""
    key = target.catalog.profiles.key
    drawn = n.select(
        [n.column("chosen", key), n.named(hashed(sample.seed, n.column("chosen", key), target), HASH)],
        _subquery(chosen, "chosen"),
    )
    last: exp.Expr = n.column("drawn", key)
    if target.catalog.profiles.key_type != "integer":
        last = by_code_point(
            last if target.catalog.profiles.key_type == "text" else n.cast(last, exp.DType.TEXT), target
        )
    order = [(by_code_point(n.column("drawn", HASH), target), False), (last, False)]
    placed = n.select([n.column("drawn", key), _place(exp.RowNumber(), order), _number()], _subquery(drawn, "drawn"))
    fits = _within_share("placed", sample.percent)
    if sample.at_least:
        fits = n.either([fits, n.compare(n.column("placed", PLACE), "<=", n.number(sample.at_least))])
    return n.select([n.column("placed", key)], _subquery(placed, "placed"), where=fits)


def _within_share(alias: str, percent: Decimal) -> exp.Expr:
    """`(place - 1) * 100 < percent * number`, in whole numbers: the place is at most ceil(percent of the number)."""
    places = max(0, -int(percent.normalize().as_tuple().exponent))
    before = exp.Paren(this=exp.Sub(this=n.column(alias, PLACE), expression=n.number(1)))
    return n.compare(
        n.binary(exp.Mul, before, n.number(100 * 10**places)),
        "<",
        n.binary(exp.Mul, n.column(alias, NUMBER), n.number(percent.scaleb(places))),
    )


def _place(function: exp.Expr, order: Sequence[tuple[exp.Expr, bool]], groups: Sequence[exp.Expr] = ()) -> exp.Expr:
    ordered = exp.Order(expressions=[exp.Ordered(this=by, desc=down, nulls_first=False) for by, down in order])
    return n.named(exp.Window(this=function, partition_by=_copies(groups), order=ordered, over="OVER"), PLACE)


def _number(groups: Sequence[exp.Expr] = ()) -> exp.Expr:
    counted = exp.Count(this=exp.Star())
    return n.named(exp.Window(this=counted, partition_by=_copies(groups), over="OVER"), NUMBER)


def _copies(groups: Sequence[exp.Expr]) -> list[exp.Expr]:
    return [one.copy() for one in groups]


def _subquery(query: exp.Select, alias: str) -> exp.Expr:
    return n.aliased(exp.Subquery(this=query), alias)


# --- tests -----------------------------------------------------------------------------------------------------------


def listed(test: Members | c.Rank, read: Answers) -> exp.Expr:
    """The profile's key is one of these."""
    name, key = read.answer(test), read.profile.target.catalog.profiles.key
    tied = n.compare(n.column(name, key), "=", read.profile.key())
    return n.exists(n.select([exp.Literal.number(1)], n.table(name), [], tied))


def beside(condition: c.MeasureComparison, read: Answers) -> exp.Expr:
    """`left OP factor x` a number about a population."""
    population = condition.right
    assert isinstance(population, c.Population)
    name = read.answer(population)
    mine = worth(condition.left, read)
    units, scale = units_in(population, read.profile.target)
    if mine.units == units:
        mine, units = replace(mine, units=Decimal(1)), Decimal(1)
    one = Fraction(mine.value, mine.units, scales=(mine.scale, 0))
    if population.percentile is not None:
        two = Fraction(n.column(name, VALUE), units, scales=(scale, 0))
    else:
        two = Fraction(n.column(name, TOTAL), times(n.column(name, NUMBER), units), scales=(scale, 0))
    whole = read.profile.target.dialect.whole_products
    return n.both([*mine.there, cross(one, condition.op, two, condition.factor, whole=whole)])


def units_in(population: c.Population, target: Target) -> tuple[Decimal, int]:
    """How many units the values of a population are 1, and their decimals, or those of their sum."""
    of = population.of
    if population.statistic == "overall average":
        assert isinstance(of, c.Aggregate)
        return Decimal(1), scale_of(replace(of, kind="sum"), target.catalog)
    units, scale = units_of(of, target)
    return Decimal(units), scale
