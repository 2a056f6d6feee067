"""The way of a rule, from its text to SQL: parse, bind, optimise, plan, emit. Pure functions; nothing here does I/O.

A rule is given as text, as a parsed tree, or as a saved `Segment`. `now` is one instant (aware); left out, it is the
clock, read once. Errors are raised together as SegQLError; warnings and hints come with the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, cast, get_args

from . import ast, binder, formatter, optimizer, parser, trial
from .calendar import to_utc
from .catalog import Catalog, fold
from .conditions import Condition, Sample, Tree
from .conditions.live import LiveInstant, Now
from .conditions.walk import leaves
from .errors import Problem, SegQLError, expect, wrong_type
from .segments import NONE, Segments
from .source import NOWHERE

if TYPE_CHECKING:
    from .emitter import Style, Values
    from .evaluator import Key, Shop

Given: TypeAlias = str | ast.Rule | ast.Segment
"""A rule as a caller has it."""

Parameter: TypeAlias = ast.Literal_ | str | bool | int | float | Decimal | date | datetime | timedelta
"""A value for a parameter: a Python value (text is text), or a parsed literal (`parser.parse_value("4 months")`)."""


@dataclass(frozen=True)
class Meaning:
    """What a rule says, before any dialect: its canonical text, its bound and its optimised tree, at `now` (UTC).

    `sample`: of those for whom the rule holds only so many are members.
    """

    text: str
    bound: Tree[Condition]
    optimized: Tree[Condition]
    now: datetime
    notes: Callable[[], tuple[Problem, ...]] = field(repr=False, compare=False)
    sample: Sample | None = None

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings and hints. Looked for when asked: it costs more than the rest of the meaning."""
        return self.notes()


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

    @property
    def text(self) -> str:
        return self.meaning.text

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.meaning.problems


_RULE = (ast.All, ast.AnyOf, ast.Not, ast.Segment, *get_args(ast.Phrase))


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
) -> Compiled:
    """The SQL of a rule; with `bind` its values are bind parameters in that style of PEP 249, for `driver.paramstyle`.

    With `bind` the text depends on the shape of the rule alone and has no comment: a plan that is kept is met again.

    `live` SQL reads the engine's own clock and makes every window from it, with the same meaning: for a view, which
    outlives any `now`. The engine cannot use such bounds as well as constants.
    Raises SegQLError with all that is wrong, also where the dialect lacks what the rule needs; ValueError for a naive
    `now`, a `now` for live SQL, an unknown dialect or style, a style for SQLite; TypeError that names an argument
    of a wrong type.
    """
    from . import emitter, planner
    from .dialects import NotInDialect
    from .dialects import dialect as dialect_of

    if live and now is not None:
        raise ValueError("live SQL reads the engine's clock: it takes no `now`")
    if bind is not None and not dialect_of(dialect).binds:
        raise ValueError(f"the SQL of {dialect} has its values in it: it takes no `bind`")
    found = _meaning(rule, catalog, _running() if live else instant(now), segments, parameters)
    dialect = dialect_of(dialect).name
    # What is redundant at one instant may not be at the next.
    plan = planner.plan(found.bound if live else found.optimized, catalog, found.now, found.sample)
    tree = emitter.emit(plan, catalog, dialect)
    said = "the engine's clock" if live else found.now.isoformat().replace("+00:00", "Z")
    tables = emitter.tables(tree)
    header = f"{found.text.rstrip()}\n\nnow = {said}, calendar of {catalog.timezone}"
    try:
        if bind is None:
            return Compiled(emitter.sql_text(tree, dialect, header), dialect, tables, found)
        sql, values = emitter.bound_text(tree, bind, dialect)
    except NotInDialect as lacking:
        raise SegQLError(_not_in_dialect(found, catalog, dialect, lacking.what)) from None
    return Compiled(sql, dialect, tables, found, values)


def _not_in_dialect(found: Meaning, catalog: Catalog, dialect: str, what: str) -> list[Problem]:
    """What the engine lacks, at the conditions that need it."""
    from . import dialects, emitter, planner
    from .dialects import DIALECTS, NotInDialect

    def lacks(leaf: Tree[Condition], dialect: str) -> str | None:
        try:
            tree = emitter.emit(planner.plan(leaf, catalog, found.now), catalog, dialect)
            dialects.rewritten(tree, dialects.dialect(dialect))
        except NotInDialect as lacking:
            return lacking.what
        except SegQLError:
            return "SQL of the catalog's"
        return None

    problems = []
    for leaf in leaves(found.bound):
        missing = lacks(leaf, dialect)
        if missing is not None:
            others = [name for name in DIALECTS if lacks(leaf, name) is None]
            message = f"The SQL of {dialect} has no {missing}, and `{leaf.span.text}` needs them."
            problems.append(Problem("not-in-dialect", message, leaf.span, f"these have them: {', '.join(others)}"))
    return problems or [Problem("not-in-dialect", f"The SQL of {dialect} has no {what}.", NOWHERE)]


def meaning(
    rule: Given,
    catalog: Catalog,
    *,
    now: datetime | None = None,
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> Meaning:
    """Parse, bind and optimise. Raises SegQLError with all that is wrong, and ValueError for a naive `now`."""
    return _meaning(rule, catalog, instant(now), segments, parameters)


def _meaning(
    rule: Given, catalog: Catalog, now: datetime, segments: Segments, parameters: Mapping[str, Parameter] | None
) -> Meaning:
    values = context(catalog, segments, parameters)

    def bind(tree: ast.Rule | ast.Segment) -> binder.Bound:
        return binder.bind(tree, catalog, now, lets=segments.values, segments=segments.segments, parameters=values)

    try:
        given = given_rule(rule)
    except SegQLError as error:
        raise SegQLError(trial.read(error.problems, str(rule), catalog, bind)) from None
    try:
        bound = bind(given)
    except SegQLError as error:
        raise SegQLError(trial.bound(error.problems, given, bind, segments)) from None

    def notes() -> tuple[Problem, ...]:
        return trial.bound((*optimizer.warnings(bound.rule), *bound.notes), given, bind, segments)

    return Meaning(format(given), bound.rule, optimizer.optimize(bound.rule), now, notes, bound.sample)


def context(
    catalog: Catalog, segments: Segments, parameters: Mapping[str, Parameter] | None
) -> dict[str, ast.Literal_]:
    """What a rule is bound with, looked at: the parameters as a rule would write them, by folded name.

    Raises TypeError for a wrong type of any, by its name.
    """
    expect("catalog", "a Catalog, as `segql.load_catalog(path)` gives one", catalog, Catalog)
    expect("segments", "Segments, as `segql.load_segments(path)` gives them", segments, Segments)
    given = {} if parameters is None else parameters
    expect("parameters", "a mapping of names to values", given, Mapping)
    for name in given:
        expect("parameters", "a mapping of names, which are texts", name, str)
    return {fold(name): literal(value) for name, value in given.items()}


def given_rule(rule: Given) -> ast.Rule | ast.Segment:
    """The tree of a rule as a caller has it. Raises SegQLError, and TypeError for what is none."""
    if isinstance(rule, str):
        return parser.parse_rule(rule)
    if not isinstance(rule, _RULE):
        raise wrong_type("rule", "a text, a parsed rule or a saved segment", rule)
    return cast("ast.Rule | ast.Segment", rule)


def all_of(*rules: Given) -> ast.Rule:
    """One rule of several, of which all must hold, each read by itself: for rules that other people wrote.

    Texts that are joined read together, so that a comment or a parenthesis of one reaches the next. Raises SegQLError
    with the mistakes of all of them.
    """
    problems: list[Problem] = []
    parts: list[ast.Rule] = []
    for rule in rules:
        try:
            given = given_rule(rule)
        except SegQLError as error:
            problems += error.problems
        else:
            parts.append(given.rule if isinstance(given, ast.Segment) else given)
    if problems:
        raise SegQLError(problems)
    return parts[0] if len(parts) == 1 else ast.All(tuple(parts))


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

    The shop need hold that profile's rows only, unless the rule looks at others too: a rank, a comparison with a
    population and a sample need the whole shop. Raises as `meaning`.
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
    found = meaning(rule, catalog, now=now, segments=segments, parameters=parameters)
    from . import describer

    return describer.describe(found.bound, catalog, found.now, found.sample)


def parse(text: str) -> ast.Rule:
    """The tree of a rule's text; needs no catalog. Raises SegQLError."""
    expect("text", "a rule as text", text, str)
    return parser.parse_rule(text)


def format(rule: str | ast.Rule | ast.Segment | ast.Definitions) -> str:
    """The one canonical text of a rule or of definitions; comments survive. Raises SegQLError on a mistake."""
    if isinstance(rule, ast.Definitions):
        return formatter.format(rule)
    given = given_rule(rule)
    return formatter.format(ast.Definitions((given,)) if isinstance(given, ast.Segment) else given)


def instant(now: datetime | None) -> datetime:
    """`now` in UTC; the clock when it is None. Raises ValueError without a zone, TypeError for what is no datetime."""
    if now is None:
        return datetime.now(UTC)
    expect("now", "an aware datetime", now, datetime)
    if now.utcoffset() is None:
        raise ValueError("`now` needs a time zone: datetime(2026, 11, 22, 10, tzinfo=UTC)")
    return to_utc(now)


def _running() -> datetime:
    """The clock, going on."""
    return LiveInstant.of(instant(None), Now())


def literal(value: Parameter) -> ast.Literal_:
    """A parameter as a rule would write it.

    Raises ValueError for a timedelta that is no number of seconds, TypeError for what no rule can write.
    """
    match value:
        case timedelta(microseconds=parts) if parts:
            raise ValueError(f"`parameters`: a length of time is whole seconds, not {value}")
        case bool():
            return ast.Bool(value)
        case str():
            return ast.Text(value)
        case int() | Decimal() | float():
            return ast.Number(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))
        case datetime():
            return ast.Time(value)
        case date():
            return ast.Date(value)
        case timedelta():
            return ast.Duration(value // timedelta(seconds=1), "s")
        case _ if isinstance(value, get_args(ast.Literal_)):
            return cast("ast.Literal_", replace(value, span=NOWHERE))
        case _:
            raise wrong_type("parameters", "made of texts, numbers, truths, dates, times and lengths", value)
