"""The way of a rule, from its text to SQL: parse, bind, optimise, plan, emit. Pure functions, no I/O.

A rule is given as text, as a parsed tree, or as a saved `Segment`. `now` is one instant (aware); left out, it is the
clock, read once. Errors are raised together as SegQLError; warnings and hints come with the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from . import ast, binder, formatter, optimizer, parser, sentences, trial
from .arguments import Given, Parameter, context, given_rule, instant, running
from .catalog import Catalog
from .errors import Problem, SegQLError, expect
from .meanings import Meaning
from .plain import dataclass
from .segments import NONE, Segments

if TYPE_CHECKING:
    from .catalog.tenants import TenantValue
    from .conditions import Interval
    from .emitter import Style, Values
    from .evaluator import Key, Shop


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule as SQL that selects the keys of its members, one row each.

    `text` is the canonical rule, `tables` the warehouse tables that the SQL reads, `problems` warnings and hints.
    """

    sql: str
    dialect: str
    tables: tuple[str, ...]
    meaning: Meaning
    parameters: Values = ()
    """What `bind` took out of the SQL: pass it to the driver with the SQL."""
    columns: tuple[str, ...] = ()
    """The key alone."""

    @property
    def text(self) -> str:
        """The canonical text of the rule."""
        return self.meaning.text

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings and hints, looked for when asked."""
        return self.meaning.problems

    @property
    def english(self) -> str:
        """The rule in words."""
        return self.meaning.english

    @property
    def windows(self) -> tuple[tuple[str, Interval], ...]:
        """Conditions with their instants."""
        return self.meaning.windows

    def __repr__(self) -> str:
        """The rule, for what, at which instant."""
        rule = " ".join(self.text.split())
        shown = rule if len(rule) <= 80 else f"{rule[:79]}…"
        at = self.meaning.now.isoformat().replace("+00:00", "Z")
        return f"<Compiled {shown!r}, {self.dialect}, now {at}, {len(self.sql):,} characters of SQL>"

    def _repr_html_(self) -> str:
        """For a notebook: the rule, its SQL below."""
        from html import escape

        rule, sql = escape(self.text.strip()), escape(self.sql)
        return f"<p><strong>{rule}</strong></p><details><summary>{self.dialect}</summary><pre>{sql}</pre></details>"


def compile(
    rule: Given,
    catalog: Catalog,
    *,
    dialect: str = "duckdb",
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
    bind: Style | None = None,
    live: bool = False,
    tenant: TenantValue | None = None,
) -> Compiled:
    """The SQL of a rule; with `bind` its values are bind parameters in that style of PEP 249, for `driver.paramstyle`.

    With `bind` the text depends on the rule's shape alone, without a comment: kept plans are met again.

    `live` SQL makes every window from the engine's own clock, with the same meaning: for a view, which outlives any
    `now`. `tenant` says whose rows, where the catalog has tenants.
    Raises SegQLError with all that is wrong, also what the dialect lacks; ValueError for a naive
    `now`, a `now` for live SQL, an unknown dialect or style, a style for SQLite; TypeError that names an argument
    of a wrong type.
    """
    from .dialects import dialect as dialect_of

    if live and now is not None:
        raise ValueError("live SQL reads the engine's clock: it takes no `now`")
    if bind is not None and not dialect_of(dialect).binds:
        raise ValueError(f"the SQL of {dialect} has its values in it: it takes no `bind`")
    meant = _meaning(rule, catalog, running() if live else instant(now), segments, parameters)
    narrowed = catalog if tenant is None else catalog.narrowed(tenant)
    return written(meant, narrowed, dialect_of(dialect).name, bind, live=live)


def written(
    meant: Meaning, catalog: Catalog, dialect: str, bind: Style | None = None, *, live: bool = False
) -> Compiled:
    """The SQL of a meaning, in a dialect by its own name. Raises as `compile`."""
    from . import emitter, planner
    from .dialects import NotInDialect
    from .dialects import dialect as dialect_of

    # What is redundant now may not be at the next instant.
    engine = dialect_of(dialect).engine
    plan = planner.plan(meant.bound if live else meant.optimized, catalog, meant.now, meant.sample, engine)
    header = header_of(meant, catalog, live=live)
    try:
        tree = emitter.emit(plan, catalog, dialect, lasting=bind is not None)
        tables, columns = emitter.tables(tree), emitter.selects(tree)
        if bind is None:
            return Compiled(emitter.sql_text(tree, catalog, dialect, header), dialect, tables, meant, (), columns)
        sql, values = emitter.bound_text(tree, catalog, bind, dialect)
    except (NotInDialect, SegQLError) as error:
        from .emitter.lacking import lacking

        raise SegQLError(lacking(meant.bound, catalog, meant.now, dialect, error)) from None
    return Compiled(sql, dialect, tables, meant, values, columns)


def header_of(meant: Meaning, catalog: Catalog, *, live: bool = False) -> str:
    """What stands above the SQL: the rule, and when and where it was asked."""
    said = "the engine's clock" if live else meant.now.isoformat().replace("+00:00", "Z")
    return f"{meant.text.rstrip()}\n\nnow = {said}, calendar of {catalog.timezone}"


def meaning(
    rule: Given,
    catalog: Catalog,
    *,
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> Meaning:
    """Parse and bind. Raises SegQLError with all that is wrong, and ValueError for a naive `now`."""
    return _meaning(rule, catalog, instant(now), segments, parameters)


def _meaning(
    rule: Given, catalog: Catalog, now: datetime, segments: Segments, parameters: Mapping[str, Parameter] | None
) -> Meaning:
    values = context(catalog, segments, parameters)

    def bind(tree: ast.Rule | ast.Segment) -> binder.Bound:
        return binder.bind(tree, catalog, now, lets=segments.values, segments=segments.segments, parameters=values)

    try:
        given, write = _met(rule) if isinstance(rule, str) and len(rule) <= 2_000 else _read(rule)
    except SegQLError as error:
        given = sentences.taken(error, None, bind, segments, catalog, now=now)
        return replace(meant(given, lambda: format(given), bind, now, segments, catalog=catalog), read=given)
    return meant(given, write, bind, now, segments, catalog=catalog)


def _read(rule: Given) -> tuple[ast.Rule | ast.Segment, Callable[[], str]]:
    given = given_rule(rule)
    return given, cache(lambda: format(given))


_met = lru_cache(256)(_read)
"""Short texts are kept: trees depend on nothing else."""


def meant(
    given: ast.Rule | ast.Segment,
    write: Callable[[], str],
    bind: Callable[[ast.Rule | ast.Segment], binder.Bound],
    now: datetime,
    segments: Segments,
    *,
    catalog: Catalog,
) -> Meaning:
    """What a parsed rule means; `write` gives its canonical text. Raises SegQLError."""
    read = None
    try:
        bound = bind(given)
    except SegQLError as error:
        given = read = sentences.taken(error, given, bind, segments, catalog, now=now)
        bound = bind(given)

    if said := bound.said or read:
        write = cache(lambda: format(said))
    return Meaning(write, now, bound.sample, lambda: bound, notes_of(given, bind, segments), catalog, read)


def notes_of(
    given: ast.Rule | ast.Segment, bind: Callable[[ast.Rule | ast.Segment], binder.Bound], segments: Segments
) -> Callable[[binder.Bound], tuple[Problem, ...]]:
    """What finds the warnings and hints of a rule that was bound so."""
    return lambda bound: trial.bound((*optimizer.warnings(bound.rule), *bound.notes), given, bind, segments)


def check(
    rule: Given | Segments,
    catalog: Catalog,
    *,
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> list[Problem]:
    """Everything to say about a rule, or about all definitions of `Segments`: errors, or else warnings and hints.

    Empty when there is nothing. Raises ValueError for a naive `now`.
    """
    if isinstance(rule, Segments):

        def bind(part: ast.Segment, among: Segments) -> binder.Bound:
            return binder.bind(part, catalog, instant(now), lets=among.values, segments=among.segments)

        of_each = (check(rule[name], catalog, now=now, segments=rule) for name in rule)
        return list(dict.fromkeys([*trial.defined(rule, bind), *(problem for found in of_each for problem in found)]))
    try:
        return list(meaning(rule, catalog, now=now, segments=segments, parameters=parameters).problems)
    except SegQLError as error:
        return list(error.problems)


def evaluate(
    rule: Given,
    catalog: Catalog,
    shop: Shop,
    *,
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> Set[Key]:
    """The keys of the members among plain rows, in pure Python: the meaning itself, slowly. Raises as `meaning`."""
    from . import evaluator

    expect("shop", "a Shop", shop, evaluator.Shop)
    found = meaning(rule, catalog, now=now, segments=segments, parameters=parameters)
    return evaluator.members(found.bound, shop, catalog, found.now, found.sample)


def holds(
    rule: Given,
    catalog: Catalog,
    shop: Shop,
    profile: Key,
    *,
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> bool:
    """Whether one profile is a member.

    The shop need hold that profile's rows only, unless the rule looks at others too, by a rank, a population or a
    sample. Raises as `meaning`.
    """
    from . import evaluator

    expect("shop", "a Shop", shop, evaluator.Shop)
    expect("profile", "the key of a profile, a text or an integer", profile, str, int)
    found = meaning(rule, catalog, now=now, segments=segments, parameters=parameters)
    return evaluator.holds(found.bound, shop, catalog, found.now, profile, sample=found.sample)


def describe(
    rule: Given,
    catalog: Catalog,
    *,
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> str:
    """The rule in plain English, with its instants on the catalog's wall clock. Raises as `meaning`."""
    return meaning(rule, catalog, now=now, segments=segments, parameters=parameters).english


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule in plain English: what it `says`, what is worth knowing, and what it says after each rewrite."""

    done: Compiled
    problems: tuple[Problem, ...]
    says: str
    steps: tuple[tuple[str, str], ...]
    """The name of each rewrite of the optimiser that changed something, and the rule in words after it."""


def explain(
    rule: Given,
    catalog: Catalog,
    *,
    dialect: str = "duckdb",
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> Explained:
    """A rule explained, beside its SQL; a hint more where it asks for nobody's consent. Raises as `compile`."""
    from . import describer

    done = compile(rule, catalog, dialect=dialect, now=now, segments=segments, parameters=parameters)
    found = done.meaning
    given = given_rule(found.read or rule)
    unasked = binder.unasked(given.rule if isinstance(given, ast.Segment) else given, found.bound, catalog)
    problems = (*found.problems, *((unasked,) if unasked else ()))
    steps = tuple(
        (name, describer.describe(tree, catalog, found.now, found.sample))
        for name, tree in optimizer.steps(found.bound)
    )
    return Explained(done, problems, done.english, steps)


def parse(text: str) -> ast.Rule:
    """The tree of a rule's text; needs no catalog. Raises SegQLError."""
    expect("text", "a rule as text", text, str)
    return parser.parse_rule(text)


def format(rule: Given | ast.Definitions) -> str:
    """The one canonical text of a rule or of definitions; comments survive. Raises SegQLError on a mistake."""
    if isinstance(rule, ast.Definitions):
        return formatter.format(rule)
    given = given_rule(rule)
    return formatter.format(ast.Definitions((given,)) if isinstance(given, ast.Segment) else given)
