"""SQL of a table of profiles: the key, and the values of columns, each in a form that every engine gives alike.

An instant is microseconds since 1970, a number so many of its units, a truth 1 or 0, a position two columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sqlglot import exp

from .. import conditions as c
from ..catalog.model import Catalog
from ..plain import dataclass
from ..planner import Plan, free, needs_of, slug
from ..planner.columns import at, of_consent, truth
from . import nodes as n
from . import of_profiles, queries_of, with_queries, without_clashes
from .bounds import EXACT
from .measures import units_of
from .populations import worth
from .predicates import boolean
from .profile_rows import values_of
from .rules import Written, tested
from .sources import profiles
from .target import Target
from .times import micros

NUMBERS = (c.Type.NUMBER, c.Type.MONEY)


@dataclass(frozen=True, slots=True)
class Kept:
    """How a column's values come: `width` columns, a number in `units` of which there are so many in 1, of so many
    `decimals` each.
    """

    width: int = 1
    units: int = 1
    decimals: int = 0


Say: TypeAlias = Callable[[tuple[str, c.Column, c.Type], list[exp.Expr], Kept, Target], list[exp.Expr]]
"""A column, its values, and how these come."""


def emit_columns(
    plan: Plan,
    columns: Sequence[tuple[str, c.Column, c.Type]],
    of: c.Truth | None,
    catalog: Catalog,
    dialect: str,
    *,
    say: Say | None = None,
) -> tuple[exp.Select, tuple[Kept, ...]]:
    """A SELECT of the key and the columns (name, what, type), of each profile or of the members of a rule alone; and
    how their values come. `say` gives them another form.
    """
    kept: list[Kept] = []

    def write(target: Target) -> exp.Select:
        written = Written.of(plan, profiles(target))
        queries = queries_of(plan, written)
        taken = {target.catalog.profiles.key.lower()}
        kept.clear()
        values, joins = list[exp.Expr](), dict[str, exp.Join]()
        for name, column, type_ in columns:
            found, how, more = cells(column, type_, written)
            if say is not None:
                found = say((name, column, type_), found, how, target)
            values += [n.named(one.copy(), free(slug(name), taken)) for one in found]
            kept.append(how)
            joins |= more
        where = []
        if of is not None and of_consent(truth(of)):
            where = [_holds(of, written)]
        elif of is not None:
            joins |= members_of(of, written, "INNER")
        tree = of_profiles([written.profile.key(), *values], where, written)
        for join in joins.values():
            tree.append("joins", join)
        return with_queries(tree, queries) if queries else tree

    return without_clashes(write, catalog, dialect, plan.now), tuple(kept)


def cells(column: c.Column, type_: c.Type, written: Written) -> tuple[list[exp.Expr], Kept, dict[str, exp.Join]]:
    """The values of a column, how they come, and the queries that have to be joined for them beside the passes."""
    target = written.profile.target
    match column:
        case c.Truth():
            one, joins = told(column, written)
            return [one], Kept(), joins
        case c.Moment():
            return [written.need(at(column))], Kept(), {}
        case c.Field() if type_ not in NUMBERS:
            found = values_of([column], written.profile)
            return found, Kept(len(found)), {}
        case c.Aggregate() if type_ not in NUMBERS and column.kind != "distinct":
            value = written.need(needs_of(column)[0])
            return [micros(value, EXACT, target.dialect) if type_ is c.Type.TIME else value], Kept(), {}
        case _:
            return [number(column, written)], kept_as(column, target), {}


def number(of: c.Measure, written: Written) -> exp.Expr:
    """The value of a number, in its units; NULL where it is missing."""
    mine = worth(of, written)
    return n.case(n.both(one.copy() for one in mine.there), mine.value) if mine.there else mine.value


def kept_as(of: c.Measure, target: Target) -> Kept:
    """How a number comes."""
    units, decimals = units_of(of, target)
    return Kept(1, units, decimals)


def told(of: c.Truth, written: Written) -> tuple[exp.Expr, dict[str, exp.Join]]:
    """1 of a member, 0 of others; and what is joined for that beside the passes."""
    test = truth(of)
    if of_consent(test):
        return n.case(_holds(of, written), n.number(1), n.number(0)), {}
    key = n.column(written.answer(test), written.profile.target.catalog.profiles.key)
    return n.case(n.is_set(key), n.number(1), n.number(0)), members_of(of, written, "LEFT")


def _holds(of: c.Truth, written: Written) -> exp.Expr:
    """Whether a rule of consent alone holds."""
    return boolean(truth(of).rule, lambda leaf: tested(leaf, written))


def members_of(of: c.Truth, written: Written, kind: str) -> dict[str, exp.Join]:
    """The members of a rule, beside the profiles."""
    name, key = written.answer(truth(of)), written.profile.target.catalog.profiles.key
    tied = n.compare(n.column(name, key), "=", written.profile.key())
    return {name: n.left_join(n.table(name), tied) if kind == "LEFT" else exp.Join(this=n.table(name), on=tied)}
