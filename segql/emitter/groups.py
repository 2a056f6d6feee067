"""Groups of the rows of a stream: those of one part of a profile's occurrences, and those of a profile.

A `part` is what occurrences are told apart by: a period, a day, a value.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from . import nodes as n
from .streams import over
from .target import Target

KEY, PART, LENGTH = "profile_key", "part", "streak"
"""Columns inside of a pass."""


def part_of(number: int) -> str:
    """The column of one of several values that tell occurrences apart together."""
    return f"{PART}_{number + 1}" if number else PART


def by_part(
    stream: exp.Expr,
    at_least: int,
    at_most: int | None,
    *,
    names: Sequence[str] = (PART,),
    missing: Sequence[str],
    told: bool = False,
) -> exp.Expr:
    """A row for each part of a profile's occurrences that has so many of them; `told`: which part it is.

    `missing` are the names of those that an occurrence may lack: to ask of others is to find them twice.
    """
    key, parts = n.column("stream", KEY), [n.column("stream", name) for name in names]
    group = [key.copy(), *(part.copy() for part in parts)]
    there = n.both(n.is_set(n.column("stream", name)) for name in missing)
    query = n.select([key, *parts] if told else [key], stream, where=there, group=group)
    if (at_least, at_most) != (1, None):
        query.set("having", exp.Having(this=within(at_least, at_most)))
    return n.aliased(exp.Subquery(this=query), "parts")


def streak(parts: exp.Expr, back: tuple[int, int], target: Target) -> exp.Query:
    """The profiles with a part, so many parts before which lies the one that is so many steps less."""
    many, step = back
    if not many:
        return grouped(parts, target)
    key, part = n.column("parts", KEY), n.column("parts", PART)
    before = over(exp.Lag(this=part.copy(), offset=n.number(many)), key.copy(), part.copy())
    rows = n.select([key, part, n.named(before, "earlier")], parts)
    held = n.compare(n.column("runs", "earlier"), "=", n.binary(exp.Sub, n.column("runs", PART), n.number(many * step)))
    found = [n.named(n.column("runs", KEY), target.catalog.profiles.key)]
    return n.select(found, n.aliased(exp.Subquery(this=rows), "runs"), where=held, distinct=True)


def streaks(parts: exp.Expr, step: int) -> exp.Expr:
    """A row with the length of each run of a profile's parts, numbers that are a step apart where they follow."""
    key, part = n.column("parts", KEY), n.column("parts", PART)
    place = over(exp.RowNumber(), key.copy(), part.copy())
    runs = n.select([key, n.named(n.binary(exp.Sub, part, times(place, step)), "begins")], parts)
    key, begins = n.column("runs", KEY), n.column("runs", "begins")
    values = [key, n.named(count(), LENGTH)]
    query = n.select(values, n.aliased(exp.Subquery(this=runs), "runs"), group=[key.copy(), begins])
    return n.aliased(exp.Subquery(this=query), "streaks")


def grouped(source: exp.Expr, target: Target, holds: exp.Expr | None = None) -> exp.Query:
    """The keys of the profiles whose rows together fulfil the condition."""
    key = n.column(source.alias, KEY)
    query = n.select([n.named(key, target.catalog.profiles.key)], source, group=[key.copy()])
    if holds is not None:
        query.set("having", exp.Having(this=holds))
    return query


def within(at_least: int, at_most: int | None) -> exp.Expr:
    """So many rows."""
    return bounds(count(), at_least, at_most)


def bounds(number: exp.Expr, at_least: int, at_most: int | None) -> exp.Expr:
    """The number is within bounds."""
    if at_least == at_most:
        return n.compare(number, "=", n.number(at_least))
    most = [] if at_most is None else [n.compare(number.copy(), "<=", n.number(at_most))]
    return n.both([n.compare(number, ">=", n.number(at_least)), *most])


def count() -> exp.Expr:
    """How many rows."""
    return exp.Count(this=exp.Star())


def times(number: exp.Expr, factor: int) -> exp.Expr:
    """So many times the number."""
    return number if factor == 1 else n.binary(exp.Mul, number, n.number(factor))
