"""Many rules in one statement: `compile_many(segments, catalog)`. What rules have in common is looked for once.

The members of each rule are those that `compile` finds, and `evaluate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

from . import ast
from .arguments import Given, Parameter, context, instant
from .catalog import Catalog, fold
from .catalog.tenants import tenant_of
from .compiler import meaning
from .errors import Problem, SegQLError, expect, wrong_type
from .meanings import Meaning
from .plain import dataclass
from .segments import NONE, Segments

if TYPE_CHECKING:
    from .emitter.many import Shape

Rules: TypeAlias = Segments | Mapping[str, Given | tuple[Given, datetime]]
"""Saved segments, all of them; or rules by names of your choice, each with an instant of its own if it has one."""


@dataclass(frozen=True, slots=True)
class CompiledMany:
    """Rules as one SQL statement. `meanings` are those of the rules, by their names; `tables` what the SQL reads.

    `sql` gives, by the `shape` that was asked for:

    - `members`: a row for each member of each rule, its columns `segment` and the profile's key;
    - `counts`: `segment` and `members`, for each rule that has some;
    - `columns`: the profile's key, and a truth under the name of each rule, for each profile;
    - `lists`: the profile's key and the array `segments`, in order, for each profile that is a member of some;
    - `alike`: a truth under the name of each rule, and `profiles`: how many are alike in all of these.
    """

    sql: str
    dialect: str
    tables: tuple[str, ...]
    meanings: Mapping[str, Meaning]
    shape: Shape = "members"

    @property
    def ordered_by(self) -> int:
        """By how many of its first columns the rows have one order: none agrees in all of these."""
        return 2 if self.shape == "members" else 1

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings and hints of all rules, each once. Looked for when asked."""
        return tuple(dict.fromkeys(problem for one in self.meanings.values() for problem in one.problems))


def compile_many(
    rules: Rules,
    catalog: Catalog,
    *,
    dialect: str = "duckdb",
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
    shape: Shape = "members",
) -> CompiledMany:
    """One statement for many rules. `now` is that of the rules without an instant of their own.

    A parameter goes to the segments that have it, and to all rules that are texts.

    Raises SegQLError with all that is wrong with any of them, also where the dialect lacks what they need; ValueError
    for a naive instant, an unknown dialect or shape, a parameter that no segment has; TypeError that names an argument
    of a wrong type.
    """
    from .emitter.many import SHAPES

    expect("shape", "the name of a shape", shape, str)
    if shape not in SHAPES:
        raise ValueError(f"`shape` is one of {', '.join(SHAPES)}, not {shape[:40]!r}")
    found, problems = meanings(rules, catalog, now=now, segments=segments, parameters=parameters)
    if problems:
        raise SegQLError(problems)
    return written_many(found, catalog, dialect, shape)


def meanings(
    rules: Rules,
    catalog: Catalog,
    *,
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
    took: dict[str, float] | None = None,
) -> tuple[dict[str, Meaning], list[Problem]]:
    """What the rules mean that mean something, by name; and what is wrong with the others. Raises as `compile_many`.

    `took` gets the seconds that each took to be bound and simplified.
    """
    expect("rules", "Segments, or a mapping of names to rules", rules, Segments, Mapping)
    values = context(catalog, segments, parameters)
    if isinstance(rules, Segments):
        segments = rules if segments is NONE else segments
        rules = {name: rules[name] for name in rules}
    now = instant(now)
    every = [_pair(given, now)[0] for given in rules.values()]
    if all(isinstance(rule, ast.Segment) for rule in every) and every:
        known = frozenset[str]().union(*(taken(rule) for rule in every if isinstance(rule, ast.Segment)))
        for name in values.keys() - known:
            raise ValueError(f"`parameters`: none of the segments has `{name}`")
    found: dict[str, Meaning] = {}
    problems: list[Problem] = []
    for name, given in rules.items():
        expect("rules", "a mapping of names, which are texts", name, str)
        if "\0" in name or any("\ud800" <= letter <= "\udfff" for letter in name):
            raise ValueError("`rules`: a name has a character that no SQL can hold")
        rule, at = _pair(given, now)
        mine = parameters
        if isinstance(rule, ast.Segment):
            mine = {one: values[one] for one in taken(rule) & values.keys()}
        start = perf_counter()
        try:
            found[name] = meaning(rule, catalog, now=at, segments=segments, parameters=mine)
            _ = found[name].optimized
        except SegQLError as error:
            problems += error.problems
        if took is not None:
            took[name] = perf_counter() - start
    return found, list(dict.fromkeys(problems))


def _pair(given: Given | tuple[Given, datetime], now: datetime) -> tuple[Given, datetime]:
    if not isinstance(given, tuple):
        return given, now
    if len(given) != 2:
        raise wrong_type("rules", "made of rules, or of pairs of a rule and an instant", given)
    return given


def taken(segment: ast.Segment) -> frozenset[str]:
    """The folded names of a segment's parameters."""
    return frozenset(fold(name.text) for name, _ in segment.parameters)


def written_many(
    meant: Mapping[str, Meaning], catalog: Catalog, dialect: str, shape: Shape = "members", only: str | None = None
) -> CompiledMany:
    """The statement of meanings. Raises as `compile_many`.

    `only` is a table whose column `profile` has the keys of those who are looked at; no rule may look beside them.
    """
    from .dialects import NotInDialect
    from .dialects import dialect as dialect_of

    tenant_of(catalog)
    spoken = dialect_of(dialect)
    dialect = spoken.name
    if shape == "lists" and not spoken.arrays:
        raise SegQLError([_lacks(dialect, "lists of segments")])
    try:
        return _written(meant, catalog, dialect, shape, only)
    except SegQLError as error:
        problems = list(error.problems)
    except NotInDialect as error:
        problems = [_lacks(dialect, f"{error.what}: ask for fewer segments at once")]
    lacking = lacking_many(meant, catalog, dialect, shape).values()
    raise SegQLError(dict.fromkeys(one for some in lacking for one in some) or problems) from None


def lacking_many(
    meant: Mapping[str, Meaning], catalog: Catalog, dialect: str, shape: Shape = "members"
) -> dict[str, tuple[Problem, ...]]:
    """What the dialect lacks for the rules, by the names of those that it cannot answer in a statement of many."""
    from .compiler import written
    from .dialects import NotInDialect

    lacking: dict[str, tuple[Problem, ...]] = {}
    for name, one in meant.items():
        try:
            written(one, catalog, dialect)
            _written({name: one}, catalog, dialect, shape)
        except SegQLError as error:
            lacking[name] = error.problems
        except NotInDialect as error:
            lacking[name] = (_lacks(dialect, f"{error.what}: `{name}` goes alone only"),)
    return lacking


def _lacks(dialect: str, what: str) -> Problem:
    from .source import NOWHERE

    return Problem("not-in-dialect", f"The SQL of {dialect} has no {what}.", NOWHERE)


def _written(
    meant: Mapping[str, Meaning], catalog: Catalog, dialect: str, shape: Shape, only: str | None = None
) -> CompiledMany:
    """The statement of meanings. Raises NotInDialect as well."""
    from . import emitter
    from .dialects import dialect as dialect_of
    from .emitter.many import emit_many
    from .planner.many import Asking, plan_many

    asking = [Asking(one.optimized, one.sample, name) for name, one in meant.items()]
    now = max((one.now for one in meant.values()), default=instant(None))
    spoken = dialect_of(dialect)
    program = plan_many(asking, catalog, now, wide=spoken.wide_pass, joins_bits=spoken.bit_or)
    tree = emit_many(program, tuple(meant), shape, catalog, dialect, only=only)
    tables = emitter.tables(tree)
    sql = emitter.sql_text(tree, catalog, dialect, _header(meant, catalog))
    return CompiledMany(sql, dialect, tables, dict(meant), shape)


def _header(meant: Mapping[str, Meaning], catalog: Catalog) -> str:
    """What stands above the SQL: how many rules, and when and where they are asked."""
    instants = dict.fromkeys(one.now.isoformat().replace("+00:00", "Z") for one in meant.values())
    said = f"{len(meant):,} rules\n\n" if len(meant) != 1 else "1 rule\n\n"
    return f"{said}now = {', '.join(instants) or 'any'}, calendar of {catalog.timezone}"


__all__ = ["CompiledMany", "Rules", "compile_many"]
