"""Profiles beside the others in words: ranks, comparisons with a population, samples."""

from __future__ import annotations

from .. import conditions as c
from .measures import events, measure, missing_of, narrowed
from .predicates import operator, times
from .values import WallClock, number, value_of


def rank(leaf: c.Rank, clock: WallClock, holds: bool) -> str:
    """`they rank in the top 10% of all customers who have any, by their sum of total of placed order, ever`."""
    size = f"{leaf.count:,}" if leaf.percent is None else f"{number(leaf.percent)}%"
    by = measure(leaf.by, clock).rstrip(",")
    without = "" if holds else " (or have no rank)"
    verb = "rank" if holds else "do not rank"
    return f"they {verb} in the {leaf.which} {size} of {_whom(leaf.by, leaf.among, leaf.each)} by {by}{without}"


def beside(leaf: c.MeasureComparison, population: c.Population, clock: WallClock, holds: bool) -> str:
    """`their number of placed order, ever, is more than the average of the same over all customers who have any`."""
    verb = f"is {'' if holds else 'not '}{operator(leaf.op, None)}{times(leaf.factor)}"
    missing = "" if holds else missing_of(leaf.left)
    if population.each is not None and not holds:
        missing += f" (or they have no {population.each.name})"
    return f"{measure(leaf.left, clock)} {verb}{_statistic(population, leaf.left, clock)}{missing}"


def sampled(sample: c.Sample, clock: WallClock) -> str:
    """`a sample of 50% or, where that is more, 1,000 (seed "Win back")`."""
    least = "" if not sample.at_least else f" or, where that is more, {sample.at_least:,}"
    return f"a sample of {number(sample.percent)}%{least} (seed {value_of(sample.seed, clock)})"


def _statistic(population: c.Population, left: c.Measure, clock: WallClock) -> str:
    of = population.of
    if population.statistic == "overall average" and isinstance(of, c.Aggregate):
        whose = "all customers" if population.among is None else _whom(of, population.among)
        whose += _same(population.each)
        aside = narrowed(of.of, clock)
        items = " of the items" if of.field.scope == "item" else ""
        return f"the average {of.field.name}{items} of every single {events(of.of, 'or')}{aside}, of {whose} together"
    said = "the same" if of == left else measure(of, clock)
    return f"{_said(population)} of {said} over {_whom(of, population.among, population.each)}"


def _said(population: c.Population) -> str:
    match population.percentile:
        case None:
            return "the average"
        case 50:
            return "the median"
        case percent:
            ends = {1: "st", 2: "nd", 3: "rd"}
            return f"the {percent}{'th' if percent in (11, 12, 13) else ends.get(percent % 10, 'th')} percentile"


def _whom(of: c.Measure, among: c.InSegment | None, each: c.Field | None = None) -> str:
    if among is not None:
        return f"the members of segment {among.label}{_same(each)}"
    if isinstance(of, c.Terms):
        known = "who have any of these"
    else:
        known = "where it is known" if isinstance(of, c.Field | c.Ratio) else "who have any"
    return f"all customers{_same(each)} {known}"


def _same(each: c.Field | None) -> str:
    return "" if each is None else f" with the same {each.name}"
