"""A rule that is compiled once and asked at many instants: `prepare(rule, catalog).at(now)`.

`at` gives what `compile` gives at that instant, to the letter. The first time it compiles, and notes how each bound in
the text follows from `now`, and all that was asked of the moments on the way, such as which of two is earlier
(`conditions.tracked`). At another instant the bounds are made anew; where the answers are the same the text is the same
but for them. Where they are not, and where more was asked of a moment than can be told, it compiles.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any, ParamSpec, cast

from . import ast, binder, optimizer
from .arguments import Given, Parameter, context, given_rule, instant
from .catalog import Catalog
from .catalog.tenants import tenant_of
from .compiler import Compiled, format, header_of, meaning, meant, notes_of, written
from .compiler import compile as compile_
from .conditions import Sample
from .conditions.tracked import Track, Untold, tracked
from .errors import SegQLError
from .meanings import Meaning
from .plain import dataclass
from .segments import NONE, Segments

MOST = 16
"""Forms of a text that one prepared rule remembers."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement with holes for the bounds that follow from `now`."""

    parts: tuple[str, ...]
    holes: tuple[int, ...]
    """Between the parts: the places of what the bounds say."""
    track: Track
    tables: tuple[str, ...]
    columns: tuple[str, ...]
    rule: str
    """The canonical text of the rule, as it was taken."""
    sample: Sample | None

    def filled(self, values: list[Any]) -> str:
        """The statement with the values of the track."""
        text = [*self.parts, *self.parts[1:]]
        text[::2] = self.parts
        text[1::2] = [values[place] for place in self.holes]
        return "".join(text)


@dataclass(slots=True)
class _Forms:
    """What a prepared rule remembers: the latest forms first, and whether there can be some."""

    kept: deque[_Form] = field(default_factory=lambda: deque(maxlen=MOST))
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule, what it is asked of, and the text that was made of it. Made by `prepare`; threads may share it."""

    given: ast.Rule | ast.Segment = field(repr=False)
    text: str
    """The canonical text of the rule."""
    catalog: Catalog = field(repr=False)
    dialect: str
    segments: Segments = field(repr=False)
    parameters: Mapping[str, ast.Literal_] = field(repr=False)
    forms: _Forms = field(default_factory=_Forms, repr=False, compare=False)

    def at(self, now: datetime | None = None) -> Compiled:
        """The SQL at an aware instant, or by the clock: the very text that `compile` gives then.

        Raises as `compile`: what is right at one instant may be wrong at another.
        """
        from .emitter import headed

        now = instant(now)
        for form in tuple(self.forms.kept):
            if (values := form.track.at(now)) is not None:
                meaning = self._meaning(form, now)
                sql = f"{headed(header_of(meaning, self.catalog), self.dialect)}{form.filled(values)}"
                return Compiled(sql, self.dialect, form.tables, meaning, (), form.columns)
        found = meant(self.given, lambda: self.text, self._binding(now), now, self.segments, catalog=self.catalog)
        done = written(found, self.catalog, self.dialect)
        if self.forms.wanted and found.read is None:
            try:
                self.forms.kept.appendleft(self._form(done))
            except Untold:
                self.forms.wanted = False
        return done

    def _binding(self, now: datetime) -> Callable[[ast.Rule | ast.Segment], binder.Bound]:
        def bind(rule: ast.Rule | ast.Segment) -> binder.Bound:
            return binder.bind(
                rule, self.catalog, now,
                lets=self.segments.values, segments=self.segments.segments, parameters=self.parameters,
            )  # fmt: skip

        return bind

    def _meaning(self, form: _Form, now: datetime) -> Meaning:
        """The meaning of a rule that is bound when somebody asks for it."""
        bind = self._binding(now)
        return Meaning(lambda: form.rule, now, form.sample, lambda: bind(self.given),
                       notes_of(self.given, bind, self.segments), self.catalog)  # fmt: skip

    def _form(self, done: Compiled) -> _Form:
        """The statement with holes. Raises Untold where something in it depends on more than a track tells."""
        from . import emitter, planner
        from .dialects import dialect as dialect_of
        from .emitter import bounds

        track = Track(done.meaning.now)
        bound = self._binding(track.now)(self.given)
        rule, engine = optimizer.optimize(tracked(bound.rule, track)), dialect_of(done.dialect).engine
        plan = planner.plan(rule, self.catalog, track.now, bound.sample, engine)
        text = emitter.sql_text(emitter.emit(plan, self.catalog, done.dialect), self.catalog, done.dialect)
        pieces = bounds.MARK.split(text)
        holes = tuple(map(int, pieces[1::2]))
        form = _Form(tuple(pieces[::2]), holes, track, done.tables, done.columns, done.text, bound.sample)
        # A dialect may read what stands in a literal, and say something else.
        if track.failed or "\ue000" in done.sql or not done.sql.endswith(form.filled(track.values)):
            raise Untold
        return form


def prepare(
    rule: Given,
    catalog: Catalog,
    *,
    dialect: str = "duckdb",
    segments: Segments = NONE,
    parameters: Mapping[str, Parameter] | None = None,
) -> Prepared:
    """A rule to be asked again and again, as a list that is renewed each hour is. `prepare(..).at(now)` is its SQL.

    Raises SegQLError for a text with mistakes, ValueError for an unknown dialect, TypeError that names an argument of a
    wrong type. What names and windows mean is found out by `at`.
    """
    from .dialects import dialect as dialect_of

    values = context(catalog, segments, parameters)
    tenant_of(catalog)
    try:
        given = given_rule(rule)
    except SegQLError:
        found = meaning(rule, catalog, segments=segments, parameters=parameters).read
        assert found is not None  # a text with mistakes has raised
        given = found
    return Prepared(given, format(given), catalog, dialect_of(dialect).name, segments, values)


# --- what `compile` remembers -----------------------------------------------------------------------------------------

_TEXTS, _FEW = 128, 2


class _Same:
    """A value that is the same as itself alone, and that stays while this does."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@dataclass(slots=True)
class Met:
    """A rule that `compile` was given, with its catalog, dialect and segments; it is `prepared` when it comes again."""

    make: Callable[[], Prepared]
    done: bool = False
    """Whether it was compiled, as it stands."""
    prepared: Prepared | None = None

    def at(self, now: datetime | None) -> Compiled | None:
        """What `compile` gives at an instant, in a small part of the time; None where it was not compiled before."""
        if not self.done:
            return None
        if self.prepared is None:
            self.prepared = self.make()
        forms = self.prepared.forms
        if len(forms.kept) == _FEW:  # what it makes of one instant after the other is of little use
            forms.wanted = False
        return self.prepared.at(now)


@lru_cache(_TEXTS)
def _met(rule: str | _Same, catalog: _Same, dialect: str, segments: _Same) -> Met:
    given, among = rule if isinstance(rule, str) else rule.value, segments.value
    return Met(lambda: prepare(given, catalog.value, dialect=dialect, segments=among))  # type: ignore[arg-type]


forget = _met.cache_clear
Asked = ParamSpec("Asked")


def met(rule: Given, catalog: Catalog, dialect: str, segments: Segments) -> Met:
    """What is remembered of a rule that is compiled with no more than these."""
    return _met(rule if isinstance(rule, str) else _Same(rule), _Same(catalog), dialect, _Same(segments))


def _remembering(compile: Callable[Asked, Compiled]) -> Callable[Asked, Compiled]:
    """The same, which prepares what it was given before."""

    @wraps(compile)
    def compiled(*of: Asked.args, **given: Asked.kwargs) -> Compiled:
        before = _before(*of, **given)
        known = None if before is None else before.at(cast("datetime | None", given.get("now")))
        if known is not None:
            return known
        done = compile(*of, **given)
        if before is not None:
            before.done = done.meaning.read is None
        return done

    return compiled


def _before(*of: Any, **given: Any) -> Met | None:
    """What is remembered of what `compile` is given; None where it is given more than can be prepared, or less."""
    dialect, segments = given.get("dialect", "duckdb"), given.get("segments", NONE)
    if len(of) != 2 or not given.keys() <= _PLAIN or (isinstance(of[0], str) and len(of[0]) > _LONG):
        return None
    return met(*of, dialect, segments) if isinstance(dialect, str) else None


_PLAIN, _LONG = {"dialect", "now", "segments"}, 2_000

compile = _remembering(compile_)

__all__ = ["Met", "Prepared", "compile", "forget", "met", "prepare"]
