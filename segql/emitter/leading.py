"""A query in the place of the profiles: what it found of them is all that is asked, so that nobody else is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from .. import conditions as c
from ..ast import All, Tree
from ..dialects import below
from ..planner import Members, Test, nothing_fits, own_pool
from . import nodes as n
from .populations import GROUP, group_of
from .predicates import boolean
from .rules import Written, tested

_FOUND = "found"


def led(rule: Tree[Test], written: Written) -> exp.Select | None:
    """The keys of those for whom the tests hold and whom a query found; None where more of the profiles is asked.

    A rule that is one comparison may hold for others too: see `nothing_fits`.
    """
    for lead, rest in _leads(rule, written):
        found = _over([written.profile.key()], [boolean(rest, lambda test: tested(test, lead))], lead)  # noqa: B023
        if found is not None:
            return found
    return None


def of_events(
    values: Sequence[exp.Expr], conditions: Sequence[exp.Expr], written: Written, group: Sequence[exp.Expr] = ()
) -> exp.Select | None:
    """The SELECT over a pass over events whose profiles are known to exist; None where it needs the profiles.

    The conditions hold for nobody of whom the pass has no row, or the values are numbers of the pass.
    """
    for name in demanded(conditions, written.complete):
        found = _over(values, conditions, replace(written, lead=name), group)
        if found is not None:
            return found
    return None


def narrowed_first(query: exp.Select) -> exp.Select:
    """The same query of the profiles and one pass over events, of which it computes before it joins; or as it was.

    What is joined is less then, where a value is computed of several columns.
    """
    joins = query.args.get("joins") or []
    if len(joins) != 1 or query.args.get("group") or not isinstance(joins[0].this, exp.Table):
        return query
    key, *values = query.expressions
    where, name = query.args["where"].this, joins[0].this.name
    parts = list(where.flatten(unnest=False)) if isinstance(where, exp.And) else [where]
    of_pass = [one for one in parts if tables_of(one) == {name}]
    others = [one for one in parts if one not in of_pass]
    if any(tables_of(one) != {name} for one in values) or any(name in tables_of(one) for one in others):
        return query
    if not demanded(of_pass, [name]):
        return query
    found = n.select([n.column(name, key.name), *values], joins[0].this, where=n.both(of_pass))
    tied = n.compare(n.column(_FOUND, key.name), "=", key.copy())
    join = exp.Join(this=n.aliased(exp.Subquery(this=found), _FOUND), on=tied)
    columns = [n.column(_FOUND, one.alias) for one in values]
    return n.select([key, *columns], query.args["from_"].this, [join], n.both(others) if others else None)


def tables_of(part: exp.Expr) -> set[str]:
    """By which names the columns are told whose they are."""
    return {one.table for one in below(part) if type(one) is exp.Column}


def demanded(conditions: Sequence[exp.Expr], names: Sequence[str]) -> list[str]:
    """The queries without whose row the conditions hold for nobody."""
    found: dict[str, None] = {}
    for condition in conditions:
        match condition:
            case exp.And():
                found |= dict.fromkeys(demanded([condition.this, condition.expression], names))
            case exp.Paren():
                found |= dict.fromkeys(demanded([condition.this], names))
            case exp.GT() | exp.GTE() | exp.LT() | exp.LTE() | exp.EQ():
                found |= dict.fromkeys(_missed_with(condition.this))
                found |= dict.fromkeys(_missed_with(condition.expression))
            case exp.Is(this=exp.Column() as column, expression=exp.Not()):
                found[column.table] = None
            case exp.Column():
                found[condition.table] = None
            case _:
                pass
    return [name for name in found if name in names]


def _missed_with(value: exp.Expr) -> Iterator[str]:
    """The queries without whose row the value is missing."""
    match value:
        case exp.Column():
            yield value.table
        case exp.Mul() | exp.Add() | exp.Sub():
            yield from _missed_with(value.this)
            yield from _missed_with(value.expression)
        case exp.Paren() | exp.Neg() | exp.Cast():
            yield from _missed_with(value.this)
        case _:
            pass


def _leads(rule: Tree[Test], written: Written) -> Iterator[tuple[Written, Tree[Test]]]:
    """What may stand in the place of the profiles, and what is to be tested of them then."""
    parts = rule.parts if isinstance(rule, All) else (rule,)
    listed: dict[object, str] = {of: name for of, name in written.listed.items() if name in written.complete}
    for place, part in enumerate(parts):
        if part in listed:
            yield replace(written, lead=listed[part]), All((*parts[:place], *parts[place + 1 :]))
        elif isinstance(part, Members | c.Rank):
            yield replace(written, lead=written.answer(part)), All((*parts[:place], *parts[place + 1 :]))
        elif (own := own_pool(part)) is not None and (len(parts) == 1 or not nothing_fits(part)):
            yield replace(written, lead=written.answer(own)), rule


def _over(
    values: Sequence[exp.Expr], conditions: Sequence[exp.Expr], written: Written, group: Sequence[exp.Expr] = ()
) -> exp.Select | None:
    """The SELECT over the query that leads; None where something else of the profiles is read than their key."""
    rows, name, key = written.profile, written.lead, written.profile.target.catalog.profiles.key
    columns = [one for part in (*values, *conditions, *group) for one in below(part) if type(one) is exp.Column]
    read = {column.table for column in columns}
    joins = [
        n.left_join(n.table(other), n.compare(n.column(other, key), "=", rows.key()))
        for other in written.joined
        if other in read and other != name
    ]
    for other, each in written.numbers.items():
        if other not in read:
            continue
        if each is None:
            joins.append(exp.Join(this=n.table(other), kind="CROSS"))
            continue
        mine = n.column(rows.alias, GROUP) if written.groups.get(name) == each else group_of(each, rows)
        tied = n.compare(n.column(other, GROUP), "=", mine)
        columns += [one for one in below(mine) if type(one) is exp.Column]
        joins.append(n.left_join(n.table(other), tied))
    joined = set(rows.used.values())
    if any(
        not one.table or one.table in joined or (one.table == rows.alias and one.name not in (key, GROUP))
        for one in columns
    ):
        return None
    for column in columns:
        if column.table == name:
            column.set("table", n.identifier(rows.alias))
    return n.select(values, n.aliased(n.table(name), rows.alias), joins, n.both(conditions), group)
