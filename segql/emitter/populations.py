"""Profiles beside the others: values of a population, and statistics of them.

A population's number is a query of one row, cross-joined (within each value of a property: of one row for each, joined
by that). All in whole numbers and decimals.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from sqlglot import exp

from .. import conditions as c
from ..plain import dataclass
from ..planner import Members, Need, Question, Valued, any_needs, members, needs_of, own_pool, pool, summed, valued
from . import nodes as n
from .measures import (
    Fraction,
    Read,
    counting,
    cross,
    floored,
    fraction,
    guards_of,
    node_of,
    of_width,
    scale_of,
    times,
    units_of,
)
from .opposites import opposite
from .ranks import at_place, best
from .rows import Rows
from .target import Target
from .values import value

VALUE, TOTAL, NUMBER, GROUP = "measured_value", "sum_of_values", "number_of_values", "group_value"
"""Columns of these queries, none of which is likely to be a profile's key."""
MILLION = Decimal(10**6)


class Answers(Read, Protocol):
    """The columns of the passes, and the names of the queries about other profiles."""

    @property
    def lead(self) -> str:
        """The query that stands in the place of the profiles; empty: none."""

    def any(self, count: Need) -> exp.Expr:
        """A count is more than zero."""

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
        case c.Terms() if not summed(of):
            added = fraction(of, read)
            there = () if counting(of) else (n.is_set(node_of(added.top)),)
            assert isinstance(added.bottom, Decimal)
            return Worth(node_of(added.top), added.bottom, there, added.scales[0])
        case c.Aggregate(kind="average") | c.DaysBetween():
            count = read.need(needs_of(of)[1])
            return Worth(node_of(fraction(of, read).top), MILLION, (n.compare(count, ">", n.number(0)),))
        case _:
            value, scale = node_of(fraction(of, read).top), scale_of(of, read.profile.target.catalog)
            return Worth(value, Decimal(1), () if counting(of) else (n.is_set(value.copy()),), scale)


def computed(of: c.Measure) -> bool:
    """Whether a value takes so much to find that it had better be found once: a division of large numbers."""
    match of:
        case c.Ratio() | c.Aggregate(kind="average") | c.DaysBetween():
            return True
        case c.Terms():
            return any(computed(part) for part in of.parts)
        case _:
            return False


def values(of: Valued, read: Answers) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """What a SELECT over the profiles takes of each who is in the population: key and value, and the conditions."""
    mine = worth(of.of, read)
    conditions = list(mine.there)
    if of.among is not None:
        conditions.append(listed(of.among, read))
    elif isinstance(of.of, c.Terms) and summed(of.of):
        conditions.append(n.is_set(read.net(of.of)[1]))
    elif needs := any_needs(of.of):
        conditions.append(n.either(map(read.any, needs)))
    parts = (
        [n.named(read.need(need), name) for need, name in zip(needs_of(of.of), (TOTAL, NUMBER), strict=True)]
        if of.parts
        else []
    )
    groups, there = _with_group(of.each, read)
    return [read.profile.key(), n.named(mine.value, VALUE), *parts, *groups], [*conditions, *there]


def pooled(of: c.Population, read: Answers) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """The sum and the number of all single values of everybody, and the conditions."""
    assert isinstance(of.of, c.Aggregate), "only values of events are pooled"
    total, count = (read.need(need) for need in needs_of(replace(of.of, kind="average")))
    conditions = [n.compare(count, ">", n.number(0))]
    conditions += [] if of.among is None else [listed(members(of.among), read)]
    summed = n.of_decimals(exp.Sum(this=total), units_in(of, read.profile.target)[1])
    groups, there = _with_group(of.each, read)
    return [n.named(summed, TOTAL), n.named(exp.Sum(this=count.copy()), NUMBER), *groups], [*conditions, *there]


# --- what is made of them ---------------------------------------------------------------------------------------------


def statistic(of: c.Population, read: Answers) -> exp.Select:
    """One row, or one for each group: the sum and the number of the values, or the value at a percentile."""
    own = pool(of)
    name = read.answer(own)
    key = n.column(name, read.profile.target.catalog.profiles.key)
    some = None if of.among is None or own.among else listed(members(of.among), read, key)
    value, groups = n.column(name, VALUE), _grouped(of.each, name)
    counted: exp.Expr = exp.Count(this=exp.Star())
    if own.parts:
        value, counted = n.column(name, TOTAL), exp.Sum(this=n.column(name, NUMBER))
    if of.percentile is not None:
        return at_place(value, Decimal(of.percentile), read.profile.target, groups, some)
    total = n.of_decimals(exp.Sum(this=value), units_in(of, read.profile.target)[1])
    numbers = [n.named(total, TOTAL), n.named(counted, NUMBER)]
    return n.select([*numbers, *groups], n.table(name), where=some, group=[one.copy() for one in groups])


def ranked(of: c.Rank, read: Answers) -> exp.Select:
    """The keys of the profiles that rank high (low) enough. Ties share a rank."""
    name = read.answer(valued(of.by, of.among, of.each))
    return best(of, n.column(name, VALUE), read.profile.target, _grouped(of.each, name))


# --- tests -----------------------------------------------------------------------------------------------------------


def listed(test: Members | c.Rank, read: Answers, whose: exp.Expr | None = None) -> exp.Expr:
    """The profile's key, or this one, is one of these."""
    name, key = read.answer(test), read.profile.target.catalog.profiles.key
    tied = n.compare(n.column(name, key), "=", whose or read.profile.key())
    return n.exists(n.select([exp.Literal.number(1)], n.table(name), [], tied))


def beside(condition: c.MeasureComparison, read: Answers) -> exp.Expr:
    """`left OP factor x` a number about a population."""
    population = condition.right
    assert isinstance(population, c.Population)
    name = read.answer(population)
    mine = worth(condition.left, read)
    own = own_pool(condition)
    if own is not None and read.answer(own) == read.lead:
        mine = replace(mine, value=n.column(read.lead, VALUE), there=())
        if computed(condition.left) and read.profile.target.dialect.wide_integers:
            of_width(mine.value)
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


def of_nothing(condition: c.MeasureComparison, read: Answers) -> list[exp.Expr]:
    """That somebody without a value, which compares as 0, is as a number about a population demands."""
    population, op, own = condition.right, condition.op, own_pool(condition)
    assert isinstance(population, c.Population)
    assert own is not None
    name, values, key = read.answer(population), read.answer(own), read.profile.target.catalog.profiles.key
    fits = n.compare(n.number(0), op, n.column(name, TOTAL if population.percentile is None else VALUE))
    somebody = n.compare(n.column(name, NUMBER), ">", n.number(0))
    tied = n.compare(n.column(values, key), "=", read.profile.key())
    valueless = opposite(n.exists(n.select([exp.Literal.number(1)], n.table(values), where=tied)))
    return [fits, *([somebody] if op == ">=" and population.percentile is None else []), valueless]


def units_in(population: c.Population, target: Target) -> tuple[Decimal, int]:
    """How many units the values of a population are 1, and their decimals, or those of their sum."""
    of = population.of
    if population.statistic == "overall average":
        assert isinstance(of, c.Aggregate)
        return Decimal(1), scale_of(replace(of, kind="sum"), target.catalog)
    units, scale = units_of(of, target)
    return Decimal(units), scale
