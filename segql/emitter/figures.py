"""SQL of numbers about some profiles beside others: sums and medians of measures, and who has which value.

Each statement first gathers the profiles with whether they are on each of the two sides (1 or 0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from sqlglot import exp

from .. import conditions as c
from ..catalog.model import Catalog
from ..dialects import below
from ..plain import dataclass
from ..planner import Plan, any_needs, free, summed
from ..planner.names import table_names
from . import nodes as n
from . import of_profiles, queries_of, with_queries, without_clashes
from .bits import union
from .columns import Kept, kept_as, number, told
from .leading import demanded
from .lookups import RANK, many_in, numbered_value
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
        written = _consents_together(Written.of(plan, profiles(target)), plan)
        values, joins = dict[str, exp.Expr](), dict[str, exp.Join]()
        for place, of in enumerate(numbers, 1):
            values[f"number_{place}"] = _of_population(of, written)
        for place, truth in enumerate(truths, 1):
            values[f"truth_{place}"], more = told(truth, written)
            joins |= more
        kept[:] = [kept_as(of, target) for of in numbers]
        apart = _apart(values, written)
        own = {one: of for one, of in values.items() if not any(one in part for part in apart.values())}
        name, queries = _everybody(plan, sides, own, joins, written)
        taken, parts = {name, *(one for one, _ in queries), *table_names(target.catalog)}, {name: own}
        for passes, part in apart.items():
            parts[free(f"numbers_of_{passes[0]}", taken)] = part
            queries.append(([*parts][-1], _joined(name, passes, part, target)))
        selects = [_side(place, parts, [*values], kept) for place in range(3)]
        return _with(union(selects), queries, [*parts], target)

    return without_clashes(write, catalog, dialect, plan.now), tuple(kept)


def _consents_together(written: Written, plan: Plan) -> Written:
    """Where queries list who receives several channels, these are bits of one: profiles are joined with it once."""
    key, taken = written.profile.target.catalog.profiles.key, {one.name for one in (*plan.passes, *plan.around)}
    tables = {one: table for one, table in written.listed.items() if isinstance(one, c.Consent)}
    if len(tables) < 2:
        return written
    name = free("consents", taken | table_names(written.profile.target.catalog))
    bits, places = free("bits", {key.lower()}), {one: n.number(1 << place) for place, one in enumerate(tables)}
    rows = [
        n.select([n.column(table, key), n.named(places[one], bits)], n.table(table)) for one, table in tables.items()
    ]
    every = n.aliased(exp.Subquery(this=union(rows)), "receives")
    joined = n.named(exp.BitwiseOrAgg(this=n.column("receives", bits)), bits)
    query = n.select([n.column("receives", key), joined], every, group=[n.column("receives", key)])
    held = {
        one: n.binary(exp.NEQ, n.binary(exp.BitwiseAnd, n.column(name, bits), bit.copy()), n.number(0))
        for one, bit in places.items()
    }
    return replace(
        written, consents={**written.consents, **held}, beside=((name, query),), joined=(*written.joined, name)
    )


def _apart(values: Mapping[str, exp.Expr], written: Written) -> dict[tuple[str, ...], dict[str, exp.Expr]]:
    """The values that passes alone tell, by these passes: those that read a pass together are together. Joined with one
    row of all values, profiles would be carried through each of the joins.
    """
    found: list[tuple[set[str], dict[str, exp.Expr]]] = []
    for name, value_ in values.items():
        read = {node.table for node in below(value_) if type(node) is exp.Column}
        if not read or not read <= {*written.joined}:
            continue
        together = {name: value_}
        for other in [one for one in found if not read.isdisjoint(one[0])]:
            found.remove(other)
            read, together = read | other[0], other[1] | together
        found.append((read, together))
    return {tuple(one for one in written.joined if one in read): part for read, part in found}


def _joined(everybody: str, passes: Sequence[str], values: Mapping[str, exp.Expr], target: Target) -> exp.Select:
    """These values of everybody, with the sides; of whom a pass that tells them all knows nothing, there is no row."""
    key = target.catalog.profiles.key
    alone = len(passes) == 1 and all(_nothing_without(passes[0], one, of) for of, one in values.items())
    tied = [n.compare(n.column(one, key), "=", n.column(everybody, key)) for one in passes]
    joins = [
        exp.Join(this=n.table(one), side=None if alone else "LEFT", on=on) for one, on in zip(passes, tied, strict=True)
    ]
    columns = [n.column(everybody, side) for side in SIDES]
    return n.select([*columns, *(n.named(of, one) for one, of in values.items())], n.table(everybody), joins)


def _nothing_without(table: str, value_: exp.Expr, of: str) -> bool:
    """Whether the number is missing, or the truth does not hold, where that query has no row."""
    other = n.number(0) if of.startswith("truth") else None
    if not isinstance(value_, exp.Case) or value_.args.get("default") != other:
        return False
    return all(_fails_without(table, one.this) for one in value_.args["ifs"])


def _fails_without(table: str, condition: exp.Expr) -> bool:
    match condition:
        case exp.Or():
            return _fails_without(table, condition.this) and _fails_without(table, condition.expression)
        case exp.Paren():
            return _fails_without(table, condition.this)
        case exp.NEQ(this=exp.Paren(this=exp.BitwiseAnd(this=exp.Column() as bits))):
            return bool(bits.table == table)
        case _:
            return bool(demanded([condition], [table]))


def _side(
    place: int, parts: Mapping[str, Mapping[str, exp.Expr]], order: Sequence[str], kept: Sequence[Kept]
) -> exp.Select:
    """The row of a side, made of its parts, the first of which is everybody; what is told of a side comes in order."""
    (everybody, _), *_ = parts.items()
    numbered = [n.named(n.number(place), "side"), n.named(exp.Count(this=exp.Star()), "profiles")]
    if not place:
        names = [name for of in order for name in _aggregates(of, everybody, kept)]
        return n.select([*numbered, *(n.named(n.number(0), name) for name in names)], n.table(everybody))
    selects, told_ = list[exp.Select](), dict[str, dict[str, exp.Expr]]()
    for at, (part, values) in enumerate(parts.items()):
        found = {of: _aggregates(of, part, kept) for of in values}
        columns = [n.named(one, name) for told_of in found.values() for name, one in told_of.items()]
        where = n.compare(n.column(part, SIDES[place - 1]), "=", n.number(1))
        selects.append(n.select([*([] if at else numbered), *columns], n.table(part), where=where))
        told_ |= {of: {name: n.column(f"told_{at}", name) for name in names} for of, names in found.items()}
    if len(selects) == 1:
        return selects[0]
    sources = [n.aliased(exp.Subquery(this=one), f"told_{at}") for at, one in enumerate(selects)]
    columns = [n.column("told_0", "side"), n.column("told_0", "profiles")]
    columns += [one for of in order for one in told_[of].values()]
    return n.select(columns, sources[0], [exp.Join(this=one, kind="CROSS") for one in sources[1:]])


def _aggregates(of: str, part: str, kept: Sequence[Kept]) -> dict[str, exp.Expr]:
    """What is told of a value's column, by name: of a number how many have it, their sum and their median."""
    what, _, at = of.partition("_")
    held = n.column(part, of)
    if what == "truth":
        return {f"members_{at}": exp.Sum(this=held)}
    total = n.of_decimals(exp.Sum(this=held.copy()), kept[int(at) - 1].decimals)
    return {f"have_{at}": exp.Count(this=held), f"sum_{at}": total, f"median_{at}": median(held.copy())}


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
            texts: exp.Select | None = None
            if isinstance(field, Things):
                things, query = free(f"things_{place}", taken), _things(field, target)
                if target.dialect.numbers_first and many_in(field.of.window) and isinstance(query, exp.Select):
                    texts = numbered_value(query, VALUE)
                queries.append((things, query))
                tied = n.compare(n.column(things, key), "=", n.column(name, key))
                joins, held = [exp.Join(this=n.table(things), on=tied)], n.column(things, VALUE)
            counts = [exp.Sum(this=n.column(name, side)) for side in SIDES]
            values = [n.named(n.number(place), WHAT), n.named(held, VALUE)]
            values += [n.named(count, side) for count, side in zip(counts, SIDES, strict=True)]
            found = n.select(values, n.table(name), joins, n.is_set(held.copy()), [held.copy()])
            enough = [n.compare(count.copy(), ">=", n.number(one)) for count, one in zip(counts, least, strict=True)]
            found.set("having", exp.Having(this=n.either(enough)))
            selects.append(found if texts is None else _with_texts(found, texts))
        return _with(union(selects), queries, [name], target)

    return without_clashes(write, catalog, dialect, plan.now)


def _with_texts(found: exp.Select, texts: exp.Select) -> exp.Select:
    """What was counted by the numbers of texts, by these texts."""
    counted, known = (n.aliased(exp.Subquery(this=one), name) for one, name in ((found, "counted"), (texts, "texts")))
    tied = n.compare(n.column("texts", RANK), "=", n.column("counted", VALUE))
    columns = [n.column("texts" if name == VALUE else "counted", name) for name in (WHAT, VALUE, *SIDES)]
    return n.select(columns, counted, [exp.Join(this=known, on=tied)])


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


def _with(tree: exp.Query, queries: list[tuple[str, exp.Query]], names: Sequence[str], target: Target) -> exp.Query:
    return with_queries(tree, queries, names if target.dialect.materialized else ())


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
