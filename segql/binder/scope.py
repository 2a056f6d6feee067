"""What names mean at one place of one compilation, and how binding says that something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from functools import lru_cache
from types import TracebackType
from typing import Literal, NoReturn
from zoneinfo import ZoneInfo

from .. import ast, parser
from ..calendar import local_day, zone_of
from ..catalog import Catalog, fold
from ..conditions import Condition, InSegment, Occurrences, Tree, live
from ..conditions.tracked import follow
from ..errors import Code, Fix, Problem, SegQLError, problem
from ..formatter import format as format_
from ..formatter import format_name
from ..parser.checks import one_reading, two_readings
from ..plain import dataclass
from ..source import Span
from ..words import word
from .advice.names import alike

Values = Mapping[str, ast.Literal_]
"""Parameters or `let`s, by folded name."""

MOST_DEPTH = 100
"""How deep a rule nests, with all its segments unfolded."""

FEW = 8
"""So many known names are listed when none of them is near."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A segment bound with its arguments: its rule, how many conditions it holds, how deep it nests."""

    rule: Tree[Condition]
    conditions: int
    depth: int


_TOO_LARGE: Code = "too-many-conditions"


@dataclass(slots=True)
class Work:
    """What gathers while one rule is bound."""

    notes: list[Problem] = field(default_factory=list)
    """Warnings and hints."""
    unsure: list[tuple[Problem, Occurrences]] = field(default_factory=list)
    """Hints that people without such occurrences are included, until a neighbour says that there are some."""
    segments: dict[object, Saved | SegQLError] = field(default_factory=dict)
    """Segments already bound, by name and arguments; a broken one is not tried again."""
    taken: dict[ast.Rule, ast.Rule] = field(default_factory=dict)
    """What conditions were taken for whose words are no names, but have one reading."""
    conditions: int = 0
    depth: int = 0
    """How many conditions so far, and the deepest, segments unfolded."""
    large: Span | None = None
    """The first condition that was one too many."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The catalog, the one `now` (UTC), and what is defined beside the rule. All names in mappings are folded."""

    catalog: Catalog
    now: datetime
    zone: ZoneInfo
    lets: Values
    values: Values
    """The `let`s and, before them, the parameters of the rule or segment at hand; never those of a caller."""
    segments: Mapping[str, ast.Segment]
    work: Work = field(default_factory=Work)
    trail: tuple[str, ...] = ()
    """The saved segments being bound, outermost first: to find cycles."""
    metrics: tuple[str, ...] = ()
    """The same for metrics."""
    refer: Callable[[ast.SegmentRef], InSegment] | None = None
    """Binds a segment that a rank or a comparison speaks of; set where one does."""
    negated: bool = False
    """Under an odd number of `not`s: what a condition includes, the rule leaves out."""

    @property
    def today(self) -> date:
        """The local day of `now`."""
        return live.day_of(follow(local_day, self.now, self.zone), self.now)

    def inside_segment(self, segment: str, arguments: Values) -> Scope:
        """The scope of a segment's own rule: it knows the `let`s and its parameters, not those of who refers to it."""
        values = {**self.lets, **arguments}
        return replace(self, values=values, trail=(*self.trail, segment), negated=False)

    def inside_metric(self, metric: str) -> Scope:
        """The scope of a metric's text: it knows the catalog only."""
        return replace(self, lets={}, values={}, segments={}, metrics=(*self.metrics, metric))

    def inside_not(self) -> Scope:
        """The scope of what stands under a `not`."""
        return replace(self, negated=not self.negated)

    def note(
        self, severity: Literal["warning", "hint"], code: Code, message: str, span: Span, words: str = "", *fixes: Fix
    ) -> None:
        """A warning or hint, which does not keep the rule from being bound."""
        self.work.notes.append(Problem(code, message, span, words, severity, fixes))

    def three_decimals(self, span: Span) -> None:
        """A hint where the number that a stretch begins with has three decimals, and may have been a thousand."""
        if found := two_readings(span):
            self.work.notes.append(replace(found, severity="hint"))

    def includes_never(self, message: str, span: Span, fix: Fix, of: Occurrences) -> None:
        """A hint that stands unless a neighbour demands such an occurrence."""
        found = Problem("includes-never", message, span, "to leave them out:", "hint", (fix,))
        self.work.unsure.append((found, of))

    def count(self, span: Span, more: int = 1) -> None:
        """So much more to compile, segments unfolded, in plain conditions."""
        self.work.conditions += more
        if self.work.conditions > self.catalog.largest_rule:
            self.work.large = self.work.large or span
            fail(_TOO_LARGE, "", self.work.large)

    def said(self, problems: Sequence[Problem]) -> list[Problem]:
        """The problems; that a rule is too large is one, and says how large."""
        size, most = self.work.conditions, self.catalog.largest_rule
        enough = most
        while enough < size:
            enough *= 2
        large = f"With its segments unfolded this rule is at least as large as {size:,} plain conditions"
        words = f"cut it into rules of their own, or write `largest_rule: {enough}` into the catalog"
        said = f"{large}; {most:,} are the most."
        unsaid = [one.code == _TOO_LARGE and not one.message for one in problems]
        return [
            replace(one, message=said, words=words) if empty else one
            for one, empty in zip(problems, unsaid, strict=True)
        ]

    def value(self, name: ast.Name) -> ast.Literal_ | None:
        """The value of a parameter, `let` or constant, at the place of its use; None when the name is none."""
        if name.words and name.quoted is not None:
            return None
        found = self.values.get(fold(name.text))
        if found is None and (constant := self.catalog.find_constant(name.text)) is not None:
            found = constant_value(self.catalog, constant)
        return None if found is None else replace(found, span=name.span)

    def known_values(self) -> Iterable[str]:
        """The names of parameters, `let`s and constants, for suggestions."""
        return [*self.values, *self.catalog.constants]


class Together:
    """Steps whose problems are raised together: `with all_: ..` for each, then `all_.done()`."""

    def __init__(self) -> None:
        self.problems: dict[Problem, None] = {}

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, SegQLError):
            self.problems |= dict.fromkeys(error.problems)
            return True
        return False

    def done(self) -> None:
        """Raises SegQLError with all problems, each once, where there were any."""
        if self.problems:
            raise SegQLError(self.problems)


def scope_of(
    catalog: Catalog, now: datetime, lets: Values, values: Values, segments: Mapping[str, ast.Segment]
) -> Scope:
    """The scope of a rule: `values` are its parameters, which hide a `let` of the same name."""
    return Scope(catalog, now, zone_of(catalog.timezone), lets, {**lets, **values}, segments)


def fail(code: Code, message: str, span: Span, words: str = "", *fixes: Fix | str) -> NoReturn:
    """Raises SegQLError with one problem."""
    raise SegQLError([problem(code, message, span, words, *fixes)])


def instead(given: ast.Subject | ast.Rank, said: Tree[ast.Phrase], note: str = "") -> Fix:
    """Another condition in the place of one; several are in parentheses where something may stand beside them."""
    text, span = format_(said), given.span
    alone = span.text.strip() == span.source.text.strip()
    return Fix(span, text if alone or not isinstance(said, ast.All | ast.AnyOf) else f"({text})", note)


def still_denied(problem: Problem, span: Span) -> Problem:
    """A problem whose fixes of a whole denied condition deny as well: `has never placed an order over $50`."""

    def denied(fix: Fix) -> Fix:
        if fix.span != span:
            return fix
        try:
            return replace(fix, text=format_(ast.Not(parser.parse_rule(fix.text))))
        except SegQLError:
            return replace(fix, text=f"{word('NOT')} ({fix.text})")

    return replace(problem, fixes=tuple(map(denied, problem.fixes)))


def unknown(what: str, name: ast.Name, known: Iterable[str], otherwise: str = "", *fixes: Fix | str) -> NoReturn:
    """Nothing has this name: offer the nearest, spelled so that they can be pasted; else other help."""
    known = list(dict.fromkeys(known))
    if close := alike(name.text, known):
        fail("unknown-name", f"There is no {what} called `{name.text}`.", name.span, "did you mean?",
             *map(format_name, close))  # fmt: skip
    if otherwise or not 0 < len(known) <= FEW:
        hint = otherwise
    else:
        hint = f"known here: {listed(known)}"
    fail("unknown-name", f"There is no {what} called `{name.text}`.", name.span, hint, *fixes)


def listed(names: Iterable[str], word: str = "and") -> str:
    """Names as a rule spells them: `a`, `b` and `c`."""
    *first, last = [f"`{format_name(n)}`" for n in names]
    return f"{', '.join(first)} {word} {last}" if first else last


def constant_value(catalog: Catalog, name: str) -> ast.Literal_:
    """The value of a constant, by the catalog's spelling."""
    try:
        return _parsed(catalog.constants[name])
    except SegQLError as error:
        said = error.problems[0]
        place = catalog.span("constants", name)
        fail("bad-constant", f"The constant `{name}` of the catalog is no value: {said.message}",
             place if place.source.text else said.span, said.hint)  # fmt: skip


@lru_cache(1024)
def _parsed(text: str) -> ast.Literal_:
    value = parser.parse_value(text, "constant")
    one_reading(value)
    return value
