"""SQL from a plan: sqlglot nodes, and their text. The dialects' differences are in `dialects` alone.

`emit` gives a SELECT of the profile key, one row for each member. Every condition is two-valued: NULL never makes a
member, not under NOT either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar, assert_never

from sqlglot import exp

from ..ast import Tree
from ..catalog.model import Catalog
from ..conditions import MeasureComparison, Population, Rank, Sample
from ..dialects import below, printed, rewritten
from ..dialects import dialect as dialect_of
from ..planner import Exists, Keys, Members, Plan, Question, Test, Valued, free, nothing_fits, pool, table_names
from . import nodes as n
from . import populations
from .binding import Style, Values, bound
from .leading import demanded, led, narrowed_first, of_events, tables_of
from .passes import query
from .predicates import boolean
from .ranks import sampled
from .rows import Rows
from .rules import Written, tested
from .sources import profiles
from .target import Target
from .tenants import narrowed

__all__ = [
    "Style",
    "Values",
    "bound_text",
    "emit",
    "of_profiles",
    "queries_of",
    "selects",
    "sql_text",
    "tables",
    "with_key",
    "with_queries",
    "without_clashes",
]

PROFILE = "profile"
Q = TypeVar("Q", bound=exp.Query)


def emit(plan: Plan, catalog: Catalog, dialect: str = "duckdb", *, lasting: bool = False) -> exp.Query:
    """The query of a plan; `lasting`: of the same text at another instant. Raises ValueError for an unknown dialect."""
    return without_clashes(lambda target: _emit(plan, target), catalog, dialect, plan.now, lasting=lasting)


def without_clashes(
    write: Callable[[Target], Q],
    catalog: Catalog,
    dialect: str,
    now: datetime,
    *,
    lasting: bool = False,
    only: str | None = None,
) -> Q:
    """What is written for a target, whose aliases are called like no column that is asked for; `only` as there."""
    engine = dialect_of(dialect)
    if lasting:  # how often clocks change in a window hangs on when it is
        engine = replace(engine, known_offsets=False)
    tenant = catalog.tenant
    told = {name.lower() for name in (tenant.column, *tenant.columns.values())} if tenant is not None else set[str]()
    target = Target(catalog, engine, now, PROFILE, columns=told, aliases={PROFILE}, only=only, lasting=lasting)
    tree = write(target)
    if target.columns.isdisjoint(target.aliases):
        return tree
    # A column called like an alias would be taken for it within a subquery.
    profile = "this_profile" if PROFILE in target.columns else PROFILE
    return write(replace(target, profile=profile, avoided=frozenset(target.columns)))


def _emit(plan: Plan, target: Target) -> exp.Query:
    tree: exp.Query
    written = Written.of(plan, profiles(target))
    queries = queries_of(plan, written)
    if isinstance(plan.rule, Members | Rank) and plan.sample is None:
        *queries, (_, tree) = queries  # the last question is all that is asked
    else:
        tree = _members(plan.rule, plan.sample, written)
    kept = [one.name for one in plan.passes if isinstance(one, Keys) and isinstance(one.of, Exists)]
    kept += [one.name for one in plan.around if isinstance(one.of, Valued) and populations.computed(one.of.of)]
    return with_queries(tree, queries, kept if target.dialect.materialized else ()) if queries else tree


def queries_of(plan: Plan, written: Written) -> list[tuple[str, exp.Query]]:
    """The passes of a plan and what is asked about other profiles, with their names."""
    target = written.profile.target
    passes = [(one.name, query(one, target)) for one in plan.passes]
    taken = table_names(target.catalog) | {one.name for one in (*plan.passes, *plan.around)}
    queries = [*_before_all(passes, taken), *written.beside]
    return queries + [(one.name, _answer(one.of, replace(written, profile=profiles(target)))) for one in plan.around]


def _before_all(passes: Sequence[tuple[str, exp.Query]], taken: set[str]) -> list[tuple[str, exp.Query]]:
    """The passes, behind what they read WITH names of their own: MariaDB and Sail read no WITH within another. Equal
    ones are one.
    """
    found: list[tuple[str, exp.Query]] = []
    for name, one in passes:
        if (own := one.args.get("with_")) is not None:
            one.set("with_", None)
            for cte in own.expressions:
                same = next((known for known, other in found if other == cte.this), None)
                known = same or free(cte.alias, taken)
                for table in one.find_all(exp.Table) if known != cte.alias else ():
                    if table.name == cte.alias:
                        table.set("this", n.identifier(known))
                found += [] if same else [(known, cte.this)]
        found.append((name, one))
    return found


def with_queries(tree: Q, queries: Iterable[tuple[str, exp.Query]], kept: Collection[str] = ()) -> Q:
    """The query with named queries before it, of which some are kept."""
    ctes = [
        exp.CTE(this=one, alias=exp.TableAlias(this=n.identifier(name)), materialized=name in kept or None)
        for name, one in queries
    ]
    own = tree.args.get("with_")
    tree.set("with_", exp.With(expressions=[*ctes, *(own.expressions if own is not None else ())]))
    return tree


def with_key(tree: exp.Query, name: str) -> exp.Query:
    """The keys of a query under another name, each once."""
    key = exp.Column(this=n.identifier(tree.named_selects[0]))
    own = tree.args.get("with_")
    tree.set("with_", None)
    members = n.aliased(exp.Subquery(this=tree), "members")
    found = n.select([n.named(key, name)], members)
    found.set("distinct", exp.Distinct())
    found.set("with_", own)
    return found


def _members(rule: Tree[Test], sample: Sample | None, written: Written) -> exp.Query:
    """The keys of the profiles for whom the tests hold; of these only the sample."""
    key = [written.profile.key()]
    found: exp.Query | None = led(rule, written)
    if found is None:
        found = of_profiles(key, [boolean(rule, lambda test: tested(test, written))], written)
    elif isinstance(rule, MeasureComparison) and nothing_fits(rule):
        found = n.union_all([found, of_profiles(key, populations.of_nothing(rule, written), written)])
    return found if sample is None else sampled(found, sample, written.profile.target)


def _answer(question: Question, written: Written) -> exp.Query:
    """What is asked about other profiles."""
    match question:
        case Members(rule=rule, sample=sample):
            return _members(rule, sample, written)
        case Valued():
            found = of_profiles(*populations.values(question, written), written)
            narrow = (
                populations.computed(question.of) and not question.parts and written.profile.target.dialect.materialized
            )
            return narrowed_first(found) if narrow else found
        case Rank():
            return populations.ranked(question, written)
        case Population(statistic="overall average") if pool(question) not in written.asked:
            return of_profiles(
                *populations.pooled(question, written), written, populations.group(question.each, written)
            )
        case Population():
            return populations.statistic(question, written)
        case _:
            assert_never(question)


_GUARD = "nobody without a key"
"""What a reader of the SQL is told where a key is compared with itself."""


def of_profiles(
    values: list[exp.Expr], conditions: list[exp.Expr], written: Written, group: Sequence[exp.Expr] = ()
) -> exp.Select:
    """A SELECT over the profiles, joined with what the values and the conditions read."""
    known = of_events(values, conditions, written, group)
    if known is not None:
        return known
    rows, key = written.profile, written.profile.target.catalog.profiles.key
    needed = any(_needs_key(one, written.joined) for one in conditions)
    asked = [node for part in (*values, *conditions) for node in below(part)]
    read = {node.table for node in asked if type(node) is exp.Column}
    joins = [
        n.left_join(n.table(name), n.compare(n.column(name, key), "=", rows.column(key)))
        for name in written.joined
        if name in read
    ]
    for name, each in written.numbers.items():
        if name not in read:
            continue
        if each is None:
            joins.append(exp.Join(this=n.table(name), kind="CROSS"))
        else:
            mine = populations.group_of(each, rows)
            joins.append(n.left_join(n.table(name), n.compare(n.column(name, populations.GROUP), "=", mine)))
    # Last: what is told of groups may stand in a joined table too.
    joins = [*rows.left_joins(), *joins]
    if written.profile.target.dialect.engine == "columns":
        conditions = [_no_key(one, written.joined) for one in conditions]
    where = [*rows.filters, *conditions]
    if not needed:
        where.append(_guard(rows, alone=not joins and not any(isinstance(node, exp.Query) for node in asked)))
    return n.select(values, rows.source(), joins, n.both(where), group=group)


def _guard(rows: Rows, *, alone: bool) -> exp.Expr:
    """That a profile has a key; `alone`: nothing else is read."""
    if alone:
        return n.is_set(rows.key())
    # As IS NOT NULL, DuckDB's planner would turn the anti-joins beside it into slower ones.
    key_again = rows.key()
    key_again.add_comments([_GUARD])
    return n.compare(rows.key(), "=", key_again)


def _no_key(condition: exp.Expr, joined: Sequence[str]) -> exp.Expr:
    """The condition, in which no equality of what two joined queries tell is the key of a join: DuckDB would join all
    who have the same number with each other.
    """
    match condition:
        case exp.And():
            return exp.And(this=_no_key(condition.this, joined), expression=_no_key(condition.expression, joined))
        case exp.Paren():
            return exp.Paren(this=_no_key(condition.this, joined))
        case exp.EQ():
            left, right = tables_of(condition.this), tables_of(condition.expression)
            apart = left and right and left.isdisjoint(right) and left | right <= set(joined)
            return n.coalesce(condition, n.false()) if apart else condition
        case _:
            return condition


def _needs_key(condition: exp.Expr, joined: Sequence[str]) -> bool:
    """Whether the condition cannot hold without a key: something that must hold is tied to the key, by itself or by the
    row of what is joined.
    """
    match condition:
        case exp.And():
            return _needs_key(condition.this, joined) or _needs_key(condition.expression, joined)
        case exp.Paren():
            return _needs_key(condition.this, joined)
        case exp.Exists():
            return True
        case _:
            return bool(demanded([condition], joined))


def sql_text(tree: exp.Expr, catalog: Catalog | None, dialect: str = "duckdb", header: str = "") -> str:
    """The SQL as a person reads it, below a header of comment lines. The tree is used up.

    It reads rows of the catalog's tenant alone; None: there is no catalog yet. Raises SegQLError for a catalog with
    tenants that is narrowed to none.
    """
    return f"{headed(header, dialect)}{_text(narrowed(tree, catalog), dialect)}"


def _text(tree: exp.Expr, dialect: str) -> str:
    spoken = dialect_of(dialect)
    return printed(rewritten(tree, spoken), spoken.name)


def headed(header: str, dialect: str) -> str:
    """The comment lines above a statement."""
    substituted = dialect_of(dialect).substituted
    return comment(header if substituted is None else header.replace(substituted, " ".join(substituted)))


def bound_text(tree: exp.Expr, catalog: Catalog | None, style: Style, dialect: str = "duckdb") -> tuple[str, Values]:
    """The SQL with its values as bind parameters, and the values. The tree is used up. Raises as `sql_text`."""
    return bound(narrowed(tree, catalog), lambda one: _text(one, dialect), style, dialect)


def comment(header: str) -> str:
    """The text as comment lines. Whatever ends a line anywhere ends it here, and nothing else leaves the comment."""
    lines = header.split("\n")
    if not "".join(lines).isprintable():
        lines = "".join(char if char.isprintable() or char in "\t" else "\n" for char in header).split("\n")
    written = (f"-- {line}".rstrip() for line in lines)
    # After a backslash a comment of Spark's goes on in the next line.
    return "".join(line + (" \n" if line.endswith("\\") else "\n") for line in written) if header else ""


def selects(tree: exp.Expr) -> tuple[str, ...]:
    """What a statement calls its columns."""
    return tuple(tree.named_selects) if isinstance(tree, exp.Query) else ()


def tables(tree: exp.Expr) -> tuple[str, ...]:
    """The warehouse tables that a statement reads, in order of their names."""
    ctes, names = set(), set()
    for node in below(tree):
        if type(node) is exp.CTE:
            ctes.add(node.alias)
        elif type(node) is exp.Table and not isinstance(node.this, exp.Func):
            names.add(".".join(part.name for part in node.parts))
    return tuple(sorted(names - ctes))
