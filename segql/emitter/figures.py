"""SQL of numbers about some profiles beside others: sums and medians of measures, and who has which value.

Each statement first gathers the profiles with whether they are on each of the two sides (1 or 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from sqlglot import exp

from .. import conditions as c
from ..catalog.model import Catalog
from ..plain import dataclass
from ..planner import Plan, any_needs, free, summed
from ..planner.names import table_names
from . import nodes as n
from . import of_profiles, queries_of, with_queries, without_clashes
from .bits import union
from .columns import Kept, kept_as, number, told
from .passes import median
from .rules import Written
from .sources import items, profiles
from .streams import branches
from .target import Target
from .values import value

Others: TypeAlias = c.Truth | Literal["rest", "everyone"]
"""Whom the members are held against: those of another rule, all who are no members, or all profiles."""
HERE, THERE, VALUE, WHAT = "here", "there", "told_value", "told_of"
SIDES = (HERE, THERE)


@dataclass(frozen=True, slots=True)
class Sides:
    """The members of a rule, and others."""

    here: c.Truth
    there: Others

    @property
    def asked(self) -> list[c.Truth]:
        """The rules whose members have to be known."""
        return [self.here, *([self.there] if isinstance(self.there, c.Truth) else [])]


def emit_figures(
    plan: Plan, sides: Sides, asked: tuple[Sequence[c.Measure], Sequence[c.Truth]], catalog: Catalog, dialect: str
) -> tuple[exp.Query, tuple[Kept, ...]]:
    """Three rows: of all profiles (0), of the members (1), of the others (2). Their number; then of each measure
    that is asked how many have a value, their sum and their median; then how many are members of each of the truths.
    """
    kept: list[Kept] = []
    numbers, truths = asked

    def write(target: Target) -> exp.Query:
        written = Written.of(plan, profiles(target))
        values, joins = dict[str, exp.Expr](), dict[str, exp.Join]()
        for place, of in enumerate(numbers):
            values[f"number_{place + 1}"] = _of_population(of, written)
        for place, truth in enumerate(truths):
            values[f"truth_{place + 1}"], more = told(truth, written)
            joins |= more
        kept[:] = [kept_as(of, target) for of in numbers]
        name, queries = _everybody(plan, sides, values, joins, written)

        def side(place: int) -> exp.Select:
            found = [n.named(n.number(place), "side"), n.named(exp.Count(this=exp.Star()), "profiles")]
            for at, how in enumerate(kept, 1):
                column = n.column(name, f"number_{at}")
                parts: list[exp.Expr] = [n.number(0), n.number(0), n.number(0)]
                if place:
                    total = n.of_decimals(exp.Sum(this=column.copy()), how.decimals)
                    parts = [exp.Count(this=column.copy()), total, median(column.copy())]
                found += [
                    n.named(one, f"{what}_{at}") for one, what in zip(parts, ("have", "sum", "median"), strict=True)
                ]
            for at in range(1, len(truths) + 1):
                count = exp.Sum(this=n.column(name, f"truth_{at}")) if place else n.number(0)
                found.append(n.named(count, f"members_{at}"))
            where = n.compare(n.column(name, SIDES[place - 1]), "=", n.number(1)) if place else None
            return n.select(found, n.table(name), where=where)

        return _with(union([side(place) for place in range(3)]), queries, name, target)

    return without_clashes(write, catalog, dialect, plan.now), tuple(kept)


@dataclass(frozen=True, slots=True)
class Things:
    """A property of events, or of their items, whose values profiles have: of whom some event has it."""

    of: c.Occurrences
    field: c.Field


def emit_values(
    plan: Plan, sides: Sides, asked: tuple[Sequence[c.Field | Things], tuple[int, int]], catalog: Catalog, dialect: str
) -> exp.Query:
    """Rows of the place of a property, one of its values, and how many of each side have it: those values that at least
    so many of one side have.
    """
    fields, least = asked

    def write(target: Target) -> exp.Query:
        written = Written.of(plan, profiles(target))
        own = {
            f"value_{place}": _text(field, written) for place, field in enumerate(fields) if isinstance(field, c.Field)
        }
        name, queries = _everybody(plan, sides, own, {}, written)
        key, selects = target.catalog.profiles.key, list[exp.Select]()
        taken = {name, *(one for one, _ in queries), *table_names(catalog)}
        for place, field in enumerate(fields):
            joins: list[exp.Join] = []
            held = n.column(name, f"value_{place}")
            if isinstance(field, Things):
                things = free(f"things_{place}", taken)
                queries.append((things, _things(field, target)))
                tied = n.compare(n.column(things, key), "=", n.column(name, key))
                joins, held = [exp.Join(this=n.table(things), on=tied)], n.column(things, VALUE)
            counts = [exp.Sum(this=n.column(name, side)) for side in SIDES]
            values = [n.named(n.number(place), WHAT), n.named(held, VALUE)]
            values += [n.named(count, side) for count, side in zip(counts, SIDES, strict=True)]
            found = n.select(values, n.table(name), joins, n.is_set(held.copy()), [held.copy()])
            enough = [n.compare(count.copy(), ">=", n.number(one)) for count, one in zip(counts, least, strict=True)]
            found.set("having", exp.Having(this=n.either(enough)))
            selects.append(found)
        return _with(union(selects), queries, name, target)

    return without_clashes(write, catalog, dialect, plan.now)


def _everybody(
    plan: Plan, sides: Sides, values: dict[str, exp.Expr], joins: dict[str, exp.Join], written: Written
) -> tuple[str, list[tuple[str, exp.Query]]]:
    """The query of all profiles with their sides and these values; its name, and all queries that it rests on."""
    here, more = told(sides.here, written)
    joins = joins | more
    match sides.there:
        case "rest":
            there: exp.Expr = n.binary(exp.Sub, n.number(1), exp.Paren(this=here.copy()))
        case "everyone":
            there = n.number(1)
        case other:
            there, more = told(other, written)
            joins |= more
    queries = queries_of(plan, written)
    name = free("everybody", {*table_names(written.profile.target.catalog), *(one for one, _ in queries)})
    columns = {HERE: here, THERE: there, **values}
    found = of_profiles([written.profile.key(), *(n.named(one, of) for of, one in columns.items())], [], written)
    for join in joins.values():
        found.append("joins", join)
    return name, [*queries, (name, found)]


def _with(tree: exp.Query, queries: list[tuple[str, exp.Query]], name: str, target: Target) -> exp.Query:
    return with_queries(tree, queries, [name] if target.dialect.materialized else ())


def _of_population(of: c.Measure, written: Written) -> exp.Expr:
    """The number of a profile, missing of who has none of what it counts: as where rules compare profiles."""
    found = number(of, written)
    if isinstance(of, c.Terms) and summed(of):
        return n.case(n.is_set(written.net(of)[1]), found)
    needs = any_needs(of)
    return n.case(n.either(map(written.any, needs)), found) if needs else found


def _text(field: c.Field, written: Written) -> exp.Expr:
    """A text, or a truth as `yes` and `no`."""
    held = value(field, {"profile": written.profile}) or exp.Null()
    if field.type is not c.Type.BOOLEAN:
        return held
    return exp.Case(
        ifs=[
            exp.If(this=held, true=n.text("yes")),
            exp.If(this=exp.Not(this=n.operand(held.copy())), true=n.text("no")),
        ]
    )


def _things(of: Things, target: Target) -> exp.Query:
    """The key and each value that there is, once."""
    selects: list[exp.Select] = []
    for rows in branches(of.of.events, [of.of.where], target, of.of.window, of.field):
        sight: dict = {"event": rows}  # type: ignore[type-arg]
        joined = []
        if of.field.scope == "item":
            if rows.event is None or rows.event.items is None:
                continue
            joined = [items(rows)]
            sight["item"] = joined[0][0]
        held = value(of.field, sight) or exp.Null()
        values = [n.named(rows.key(), target.catalog.profiles.key), n.named(held, VALUE)]
        conditions = [rows.in_window(of.of.window), n.is_set(held.copy())]
        selects.append(rows.select(values, conditions, joined=joined, distinct=True))
    return union(selects, distinct=True) if len(selects) > 1 else selects[0]
