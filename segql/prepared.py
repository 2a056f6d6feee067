"""A rule that is compiled once and asked at many instants: `prepare(rule, catalog).at(now)`.

`at` gives what `compile` gives at that instant, to the letter. It binds the rule anew; where the moments that come of
it stand in an order in which they stood before, simplifying, planning and writing would go as they went then, and only
the bounds in the text are others. What asks a moment for more than its order (`conditions.tracked`) is compiled as
ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import Any

from . import ast, binder, optimizer
from .arguments import Given, Parameter, context, given_rule, instant
from .catalog import Catalog
from .catalog.tenants import tenant_of
from .compiler import Compiled, Meaning, format, header_of, meant, written
from .conditions.tracked import Track, Untold, flat, order, tracked
from .plain import dataclass
from .segments import NONE, Segments

MOST = 16
"""Forms of a text that one prepared rule remembers."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement with holes for the bounds that moments make."""

    parts: tuple[str, ...]
    holes: tuple[tuple[Any, int, int], ...]
    """Between the parts: a key of `stretches`, which of them, and which end."""
    lengths: Mapping[tuple[int, int], timedelta]
    stretches: Mapping[Any, tuple[tuple[bool, ...], ...]]
    """By a window: which of its stretches are bounded on which side."""
    tables: tuple[str, ...]

    def filled(self, moments: list[date]) -> str | None:
        """The statement with these moments; None where they do not go into its holes."""
        from .emitter import bounds

        for (one, other), length in self.lengths.items():
            if moments[one] - moments[other] != length:
                return None
        found = {window: window.of(moments) for window in self.stretches}
        if any(_sides(found[window]) != sides for window, sides in self.stretches.items()):
            return None
        text = [self.parts[0]]
        for (window, stretch, side), part in zip(self.holes, self.parts[1:], strict=True):
            bound = found[window][stretch][side]
            assert bound is not None
            text += (bounds.said(bound), part)
        return "".join(text)


def _sides(stretches: tuple[tuple[Any, Any], ...]) -> tuple[tuple[bool, ...], ...]:
    return tuple([(start is not None, end is not None) for start, end in stretches])


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
    forms: dict[object, _Form | None] = field(default_factory=dict, repr=False, compare=False)

    def at(self, now: datetime | None = None) -> Compiled:
        """The SQL at an aware instant, or by the clock: the very text that `compile` gives then.

        Raises as `compile`: what is right at one instant may be wrong at another.
        """
        now = instant(now)

        def bind(rule: ast.Rule | ast.Segment) -> binder.Bound:
            return binder.bind(
                rule, self.catalog, now,
                lets=self.segments.values, segments=self.segments.segments, parameters=self.parameters,
            )  # fmt: skip

        found = meant(self.given, self.text, bind, now, self.segments)
        shape, moments = flat((found.now, found.bound, found.sample))
        key = (shape, order(moments))
        if (form := self.forms.get(key)) is not None and (body := form.filled(moments)) is not None:
            from .emitter import headed

            sql = f"{headed(header_of(found, self.catalog), self.dialect)}{body}"
            return Compiled(sql, self.dialect, form.tables, found)
        done = written(found, self.catalog, self.dialect)
        if key not in self.forms or form is not None:
            while len(self.forms) >= MOST:
                self.forms.pop(next(iter(self.forms)), None)
            self.forms[key] = _form(found, done, moments, self.catalog)
        return done


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
    given = given_rule(rule)
    return Prepared(given, format(given), catalog, dialect_of(dialect).name, segments, values)


def _form(found: Meaning, done: Compiled, moments: list[date], catalog: Catalog) -> _Form | None:
    """The statement with holes; None where something in it depends on more than the order of its moments."""
    from . import emitter, planner
    from .dialects import dialect as dialect_of
    from .emitter import bounds

    track = Track(moments)
    try:
        now, bound, sample = tracked((found.now, found.bound, found.sample), track)
        plan = planner.plan(optimizer.optimize(bound), catalog, now, sample, dialect_of(done.dialect).engine)
        text = emitter.sql_text(emitter.emit(plan, catalog, done.dialect), catalog, done.dialect)
    except Untold:
        return None
    pieces = bounds.MARK.split(text)
    holes = tuple([track.notes[int(number)] for number in pieces[1::2]])
    stretches = {window: _sides(window.of(moments)) for window, _, _ in holes}
    form = _Form(tuple(pieces[::2]), holes, track.lengths, stretches, done.tables)
    body = form.filled(moments)
    # A dialect may read what stands in a literal, and say something else.
    return form if body is not None and done.sql.endswith(body) and "\ue000" not in done.sql else None


__all__ = ["Prepared", "prepare"]
