"""Measures: one value per profile, from its events or its properties, and how they compare."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .. import ast, parser
from ..conditions import (
    Aggregate,
    All,
    Count,
    DaysBetween,
    DaysSince,
    Field,
    Interval,
    Measure,
    MeasureComparison,
    Not,
    Occurrences,
    Op,
    Ratio,
    Tree,
    Type,
)
from ..conditions import Condition as Condition_
from ..errors import Problem, SegQLError
from ..source import Source, Span
from . import windows
from .fields import ORDERED, Row, ascending, predicate
from .heads import Events, Measured, Metric, resolve
from .scope import Scope, event_properties, event_property, fail, item_property, not_yet, unknown
from .values import comparable, value_as

TIMELESS = "`days since` counts up to now, so it takes no window."


def occurrences(
    scope: Scope, events: Events, window: ast.Window | None, where: Tree[ast.Predicate] | None, row: Row | None = None
) -> Occurrences:
    """The events with their window clipped at `now`, and their `where` bound."""
    timed = [e for e in events.names if scope.catalog.events[e].time is not None]
    if window is not None and not isinstance(window, ast.Ever) and len(timed) < len(events.names):
        timeless = next(e for e in events.names if e not in timed)
        fail("no-time", f"`{timeless}` has no time in the catalog, so it takes no window.", window.span,
             "add `time:` to the event in the catalog, or leave the window out")  # fmt: skip
    if timed and len(timed) < len(events.names):
        timeless = next(e for e in events.names if e not in timed)
        fail("no-time", f"`{timeless}` has no time in the catalog, the other events of {events.said} have one.",
             window.span if window else (where.span if where else scope_span(events)), "count them apart")  # fmt: skip
    interval = windows.past(scope, window) if timed else Interval(None, None)
    bound = predicate(scope, where, row or Row(events.names)) if where is not None else All(())
    return Occurrences(events.names, interval, bound)


def scope_span(events: Events) -> Span:
    return Span(Source(events.said), 0, len(events.said))


def measure(scope: Scope, subject: ast.Subject) -> tuple[Measure, Type]:
    """A subject that must be a measure: its head, window and `where`."""
    if subject.quantity or subject.has or subject.regularity or subject.different or subject.with_the_same:
        fail("not-a-measure", "Here stands one number per profile, which takes a window and `where` only.", subject.span)
    match resolve(scope, subject.head):
        case Events(said=said, edge=None):
            fail("not-a-measure", f"`{said}` is an event; to compare how many, count it.", subject.span,
                 f"say `number of {said}`")  # fmt: skip
        case Events(said=said, edge=edge):
            fail("not-a-measure", f"`{edge} {said}` is an event, not a number.", subject.span)
        case Field() as field:
            if field.type not in (Type.NUMBER, Type.MONEY):
                fail("wrong-type", f"`{field.name}` is {field.type.value}, and a number is needed here.", subject.head.span)
            if subject.window or subject.where:
                part = subject.window or subject.where
                fail("not-an-event", f"`{field.name}` is a property, which has no window and no `where`.", part.span)  # type: ignore[union-attr]
            return field, field.type
        case Metric(name=name):
            return _metric(scope, name, subject)
        case Measured(aggregate=aggregate, events=events):
            return _measured(scope, aggregate, events, subject)


def _metric(scope: Scope, name: str, subject: ast.Subject) -> tuple[Measure, Type]:
    """A metric as the catalog writes it, with the rule's window and `where` put into each of its measures."""
    place = scope.catalog.span("metrics", name)
    try:
        text = parser.parse_metric(scope.catalog.metrics[name].value, f"metric {name}")
        top, kind = measure(scope, _dressed(text.top, subject, name))
        if text.bottom is None:
            return top, kind
        bottom, _ = measure(scope, _dressed(text.bottom, subject, name))
        return Ratio(top, bottom), Type.NUMBER
    except SegQLError as error:
        if all(p.span.source is subject.span.source for p in error.problems):
            raise
        said = error.problems[0]
        raise SegQLError(
            [Problem("bad-metric", f"The metric `{name}` of the catalog has a mistake: {said.message}",
                     place if place.source.text else said.span, said.hint)]  # fmt: skip
        ) from None


def _dressed(metric: ast.Subject, rule: ast.Subject, name: str) -> ast.Subject:
    if metric.window is not None and rule.window is not None:
        fail("misplaced", f"The metric `{name}` has a window of its own in the catalog.", rule.window.span,
             "leave this window out, or write the measure in full")  # fmt: skip
    parts = tuple(w for w in (metric.where, rule.where) if w is not None)
    where: Tree[ast.Predicate] | None = ast.All(parts, rule.span) if len(parts) == 2 else (parts[0] if parts else None)
    return replace(metric, window=metric.window or rule.window, where=where)


def _measured(scope: Scope, aggregate: ast.Aggregate, events: Events, subject: ast.Subject) -> tuple[Measure, Type]:
    kind = aggregate.kind
    if kind == "days since first" or kind == "days since last":  # noqa: PLR1714 (mypy narrows this form)
        if subject.window is not None and not isinstance(subject.window, ast.Ever):
            fail("misplaced", TIMELESS, subject.window.span, "leave the window out")
        _timed(scope, events, kind, subject.span)
        of = occurrences(scope, events, None, subject.where)
        return DaysSince("first" if kind == "days since first" else "last", of), Type.NUMBER
    if kind == "number":
        return Count(occurrences(scope, events, subject.window, subject.where)), Type.NUMBER
    if kind == "days between":
        _timed(scope, events, kind, subject.span)
        return DaysBetween(occurrences(scope, events, subject.window, subject.where)), Type.NUMBER
    if kind == "most common":
        not_yet("`most common`", aggregate.span)
    name = aggregate.property
    assert name is not None  # the grammar gives every other aggregate a property
    field, row = _property(scope, events, name)
    of = occurrences(scope, events, subject.window, subject.where, row)
    if kind == "distinct":
        if field.type in (Type.TEXTS, Type.NUMBERS, Type.POSITION):
            fail("wrong-type", f"`{field.name}` is {field.type.value}; distinct values are counted of plain properties.", name.span)
        return Aggregate(kind, field, of), Type.NUMBER
    allowed = ORDERED if kind in ("min", "max") else {Type.NUMBER, Type.MONEY}
    if field.type not in allowed:
        fail("wrong-type", f"`{field.name}` is {field.type.value}, which has no {kind}.", name.span,
             f"`number of distinct {field.name} of ..` counts its values")  # fmt: skip
    return Aggregate(kind, field, of), field.type


def _timed(scope: Scope, events: Events, kind: str, span: Span) -> None:
    for event in events.names:
        if scope.catalog.events[event].time is None:
            fail("no-time", f"`{event}` has no time in the catalog, so `{kind}` cannot be told.", span,
                 "add `time:` to the event in the catalog")  # fmt: skip


def _property(scope: Scope, events: Events, name: ast.Name) -> tuple[Field, Row]:
    if found := event_property(scope, events.names, name):
        return Field("event", *found), Row(events.names)
    if found := item_property(scope, events.names, name):
        return Field("item", *found), Row(events.names, items=True)
    unknown(f"property of `{events.said}`", name, event_properties(scope, events.names))


def compared(scope: Scope, subject: ast.Subject) -> Tree[Condition_]:
    """MEASURE CMP VALUE, MEASURE CMP [factor x] MEASURE."""
    given, span = subject.comparison, subject.span
    assert given is not None
    if isinstance(given, ast.Compare) and isinstance(right := given.right, ast.Scaled):
        parts = right.of
        if isinstance(parts.head, ast.Name) and right.factor == 1 and scope.value(parts.head) is not None:
            # `total spent > aov in 90d` with a parameter: the window and `where` are the left side's.
            if (parts.window and subject.window) or (parts.where and subject.where):
                fail("misplaced", "This measure has two windows.", (parts.window or parts.span).span, "keep one of them")  # type: ignore[union-attr]
            subject = replace(subject, window=subject.window or parts.window, where=subject.where or parts.where,
                              comparison=replace(given, right=parts.head))  # fmt: skip
            given = subject.comparison
    left, kind = measure(scope, replace(subject, comparison=None))
    match given:
        case ast.Compare(right=right):
            if given.op == "!=":
                return Not(_one(scope, left, kind, "=", right, subject), span)
            return _one(scope, left, kind, given.op, right, subject)
        case ast.Between(low=low, high=high):
            if isinstance(low, ast.Literal_) and isinstance(high, ast.Literal_):
                ascending(value_as(scope, low, kind, "This measure"), value_as(scope, high, kind, "This measure"), low, high, given.span)
            return All((_one(scope, left, kind, ">=", low, subject), _one(scope, left, kind, "<=", high, subject)), span)
        case _:
            fail("wrong-type", "A measure is one number, which takes a comparison such as `>`, `at most`, `between`.", given.span,  # type: ignore[union-attr]
                 "for example `> 100`")  # fmt: skip


def _one(scope: Scope, left: Measure, kind: Type, op: Op, right: ast.Operand, subject: ast.Subject) -> Tree[Condition_]:
    span = subject.span
    if isinstance(right, ast.Text) and kind is not Type.TEXT:
        right = ast.Name("", right.value, right.span)  # a quoted metric: text cannot stand here
    if isinstance(right, ast.Name) and (value := scope.value(right)) is not None:
        right = replace(value, span=right.span)
    match right:
        case ast.Population():
            not_yet("Comparing with the population", right.span)
        case ast.Scaled(factor=factor, of=of):
            return _versus(scope, left, kind, op, factor, of, subject)
        case ast.Name():
            return _versus(scope, left, kind, op, Decimal(1), ast.Subject(right, span=right.span), subject)
        case _:
            return MeasureComparison(left, op, value_as(scope, right, kind, "This measure"), span=span)


def _versus(
    scope: Scope, left: Measure, kind: Type, op: Op, factor: Decimal, of: ast.Subject, subject: ast.Subject
) -> Tree[Condition_]:
    if isinstance(of.head, ast.Name) and (value := scope.value(of.head)) is not None:
        fail("misplaced", f"`{of.head.text}` is a value, and a factor needs a measure on its right.", of.span,
             f"write the product: the value is `{value.span.text or of.head.text}`")  # fmt: skip
    right, other = measure(scope, of)
    if not comparable(kind, other):
        fail("wrong-type", f"The left side is {kind.value}, the right side is {other.value}.", of.span)
    if factor != 1 and kind not in (Type.NUMBER, Type.MONEY):
        fail("wrong-type", f"A factor multiplies numbers, and this is {kind.value}.", of.span)
    if subject.window is None and of.window is not None and not isinstance(of.window, ast.Ever):
        scope.warn("window-on-one-side", "The window belongs to the right side; the left side counts over all time.", of.window.span,
                   "give the left side its own window, or `over all time` to say that it is meant")  # fmt: skip
    return MeasureComparison(left, op, right, factor, subject.span)
