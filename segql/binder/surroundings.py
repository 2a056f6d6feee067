"""Events with what stands around them: the windows and `where`s of a rule and of the metrics that it names."""

from __future__ import annotations

from dataclasses import replace

from .. import ast
from .. import conditions as c
from ..conditions.walk import nodes
from ..formatter import format as format_
from ..formatter.windows import window as window_text
from ..plain import dataclass
from ..source import Span
from . import windows
from .built_in import is_built_in
from .closeness import close_to
from .heads import Events
from .heads import events as named
from .predicates import predicate
from .rows import RowScope
from .scope import Scope, Together, fail

_PLACES = ("number", "days since previous")
"""What depends on the other events of a stream."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around events: a window, a `where`, in the scope in which they were said.

    A rule's window and `where` around a metric meet those of the metric's own text, each in its own scope.
    """

    scope: Scope
    subject: ast.Subject
    metric: str | None = None
    """The metric whose text this is."""

    @property
    def window(self) -> ast.Window | None:
        """The window that is said, not yet bound."""
        return self.subject.window

    @property
    def where(self) -> c.Tree[ast.Predicate] | None:
        """The `where` that is said, not yet bound."""
        return self.subject.where

    @property
    def close_to(self) -> ast.CloseTo | None:
        """The date of the profile that is said to be near, not yet bound."""
        return self.subject.close_to


def occurrences(scope: Scope, events: Events, around: tuple[Around, ...], row: RowScope | None = None) -> c.Occurrences:
    """The events with their window clipped at `now`, and every `where` bound."""
    span = around[-1].subject.span
    timeless = [e for e in events.names if scope.catalog.events[e].time is None]
    if timeless and len(timeless) < len(events.names):
        fail(
            "no-time",
            f"`{timeless[0]}` has no time in the catalog, and other events of {events.said} have one.",
            span,
            "count them apart, or add `time:` to the event in the catalog",
        )
    together = Together()
    interval = c.Interval(None, None)
    with together:
        interval = _window(scope, around, timeless[0] if timeless else None)
    wheres: list[c.Tree[c.Predicate]] = []
    with together:
        wheres += _of_branches(around[0].scope, events, row)
    for one in around:
        if one.where is not None:
            with together:
                wheres.append(predicate(one.scope, one.where, row or RowScope(events.names, "event")))
        if one.close_to is not None:
            with together:
                wheres.append(close_to(one.scope, events, one.subject))
    together.done()
    where: c.Tree[c.Predicate] = wheres[0] if len(wheres) == 1 else c.All(tuple(wheres))
    return c.Occurrences(events.names, interval, where)


def _of_branches(scope: Scope, pooled: Events, row: RowScope | None) -> list[c.Tree[c.Predicate]]:
    """What the events of `any of (..)` fit, each by its own `where`; nothing where none has one."""
    if not isinstance(pooled.of, ast.Either) or all(one.where is None for one in pooled.of.events):
        return []
    parts: list[c.Tree[c.Predicate]] = []
    plain: dict[str, None] = {}
    together = Together()
    for one in pooled.of.events:
        assert isinstance(one.head, ast.Name)
        names = named(scope, one.head).names
        if one.where is None:
            plain |= dict.fromkeys(names)
            continue
        with together:
            where = predicate(scope, one.where, RowScope(names, row.of if row else "event"))
            if set(names) != set(pooled.names):
                _own_place(scope, names, where, one)
                where = c.All((c.OfEvent(names, one.head.span), where))
            parts.append(where)
    together.done()
    if plain.keys() >= set(pooled.names):
        return []
    parts += [c.OfEvent(tuple(plain), pooled.of.span)] if plain else []
    return [parts[0] if len(parts) == 1 else c.AnyOf(tuple(parts))]


def _own_place(scope: Scope, names: tuple[str, ...], where: c.Tree[c.Predicate], given: ast.Subject) -> None:
    """`any of (A where number = 1, B)`: the first `A`, or the first of them all?"""
    for field in nodes(where):
        if isinstance(field, c.Field) and field.name in _PLACES and is_built_in(scope, field, names):
            fail("misplaced", f"`{field.name}` could be among these events alone, or among all of `any of (..)`.",
                 (given.where or given).span, "behind the parenthesis it is among all of them; these alone are a "
                 f"condition of their own: `{format_(given)}`")  # fmt: skip


def _window(scope: Scope, around: tuple[Around, ...], timeless: str | None) -> c.Interval:
    said = [one for one in around if one.window is not None]
    if len(said) > 1:
        inner, outer = said[0], said[-1]
        assert inner.window is not None
        assert outer.window is not None
        place = scope.catalog.span("metrics", inner.metric or "")
        number, _ = place.source.position(place.start)
        at = f" ({place.source.name}:{number})" if place.source.text else ""
        fail(
            "misplaced",
            f"The metric `{inner.metric}` has a window of its own, `{window_text(inner.window)}`{at}.",
            outer.window.span,
            "leave this one out, or write the measure in full: "
            f"`{format_(replace(inner.subject, window=outer.window))}`",
        )
    if not said:
        return c.Interval(None, None) if timeless else windows.past(scope, None)
    window = said[0].window
    assert window is not None
    if timeless is None:
        return windows.past(said[0].scope, window)
    if not isinstance(window, ast.Ever):
        fail("no-time", f"`{timeless}` has no time in the catalog, so it takes no window.", window.span,
             "leave the window out, or add `time:` to the event in the catalog")  # fmt: skip
    return c.Interval(None, None)


def timed(scope: Scope, events: Events, what: str, span: Span) -> None:
    """These events must have a time."""
    for event in events.names:
        if scope.catalog.events[event].time is None:
            fail("no-time", f"`{event}` has no time in the catalog, so `{what}` cannot be told.", span,
                 "add `time:` to the event in the catalog")  # fmt: skip
