"""Measures: one value per profile, from its events or its properties; metrics of the catalog among them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NoReturn, assert_never

from .. import ast, parser
from .. import conditions as c
from ..errors import Fix, Problem, SegQLError
from ..fixes import held
from ..formatter import format as format_
from ..formatter import format_name
from ..source import Span
from ..words import word
from .built_in import comes_back
from .field_tests import ORDERED
from .heads import Events, Measured, MetricHead, Shared, resolve
from .rows import RowScope, item_field, no_property
from .scope import Scope, Together, fail, instead
from .surroundings import Around, occurrences, timed
from .terms import flat, same_windows
from .values import NUMBERS, article, said

_NOT_COUNTED = (c.Type.TEXTS, c.Type.NUMBERS, c.Type.POSITION, c.Type.MONTH_DAY)
MOST_METRICS = 50
"""So deep may metrics be defined by metrics."""


def measure(scope: Scope, subject: ast.Subject, around: tuple[Around, ...] = ()) -> tuple[c.Measure, c.Type]:
    """A subject that must be a measure: its head, window and `where`, and what the rule puts around it."""
    only = ast.Subject(subject.head, window=subject.window, where=subject.where, close_to=subject.close_to)
    if subject != only and isinstance(subject.head, ast.Terms):
        fail("not-a-measure", "A sum of measures is one number per profile: each takes a window and a `where` only.",
             subject.span, "leave the rest out, or make it a condition of its own with `and`")  # fmt: skip
    if subject != only:
        fail(
            "not-a-measure",
            "Here stands one number per profile, which takes a window and a `where` only.",
            subject.span,
            "say",
            instead(subject, only),
        )
    if isinstance(subject.head, ast.Terms):
        return _added(scope, subject, subject.head, around)
    around = (Around(scope, subject, scope.metrics[-1] if scope.metrics else None), *around)
    match resolve(scope, subject.head):
        case Events() as events:
            _no_measure(events, subject)
        case Shared() as shared:
            fail("not-a-measure", f"A share of `{shared.events.said}` is a condition, not a number.", subject.span)
        case c.Field() as field:
            if field.type not in NUMBERS:
                fail(
                    "wrong-type",
                    f"`{said(field)}` is {article(field.type)}, and a number is needed here.",
                    subject.head.span,
                )
            for part in (p for one in around for p in (one.window, one.where, one.close_to)):
                if part is not None and not isinstance(part, ast.Ever):
                    fail(
                        "not-an-event",
                        f"`{said(field)}` is a property, which takes no window and no `where`.",
                        part.span,
                    )
            return field, field.type
        case MetricHead(name=name):
            return _metric(scope, name, subject, around)
        case Measured(aggregate=aggregate, events=events):
            return _measured(scope, aggregate, events, around)
        case ast.Terms():
            raise AssertionError("several measures")
        case other:
            assert_never(other)


MOST_TERMS = 8


def _added(scope: Scope, subject: ast.Subject, head: ast.Terms, around: tuple[Around, ...]) -> tuple[c.Measure, c.Type]:
    """`MEASURE + MEASURE - MEASURE`: of one kind, and of windows that all say or none."""
    found: list[tuple[c.Measure, c.Type]] = []
    together = Together()
    for one in head.terms:
        with together:
            if isinstance(one.head, ast.Name) and scope.value(one.head) is not None:
                fail("misplaced", f"`{one.head.text}` is a value, and measures are added.", one.span,
                     "bring all measures to one side, and leave the value alone")  # fmt: skip
            found.append(measure(scope, one, around))
    together.done()
    for one, (_, kind) in zip(head.terms, found, strict=True):
        if kind not in NUMBERS:
            fail("wrong-type", f"`{format_(one)}` is {article(kind)}, and only numbers are added.", one.span)
        if kind is not found[0][1]:
            first = f"`{format_(head.terms[0])}` is {article(found[0][1])}"
            fail("wrong-type", f"{first}, and `{format_(one)}` is {article(kind)}: they are not added.", one.span)
    same_windows(subject, head, [of for of, _ in found])
    terms = flat(head.signs, tuple(of for of, _ in found))
    if len(terms.parts) > MOST_TERMS:
        fail("too-long", f"At most {MOST_TERMS} measures are added; with those of its metrics this has "
             f"{len(terms.parts)}.", subject.span)  # fmt: skip
    return terms, found[0][1]


def _no_measure(events: Events, subject: ast.Subject) -> NoReturn:
    if events.edge is not None:
        fail("not-a-measure", f"`{word('EDGE', events.edge)} {events.said}` is an event, not a number.", subject.span)
    counted = replace(subject, head=counting(events), comments=())
    fail("not-a-measure", f"`{events.said}` is an event; compared with a measure, it has to be counted.", subject.span,
         "say", instead(subject, counted))  # fmt: skip


def counting(events: Events) -> ast.Head:
    """`number of EVENT`."""
    if isinstance(events.of, ast.Either):
        return ast.Aggregate("number", None, events.of)
    quoted = events.of.quoted is not None or format_name(events.of.text) != events.of.text
    words = word("MEASURE_OF", "number")
    return ast.Name(words, events.of.text) if quoted else ast.Name(f"{words} {events.of.text}")


def metric_text(scope: Scope, name: str) -> ast.MetricText:
    """What the catalog writes for a metric, by its spelling there. Raises SegQLError."""
    return _parsed(scope.catalog.metrics[name].value)


@lru_cache(1024)
def _parsed(text: str) -> ast.MetricText:
    return parser.parse_metric(text, "metric")


def _metric(scope: Scope, name: str, subject: ast.Subject, around: tuple[Around, ...]) -> tuple[c.Measure, c.Type]:
    """A metric as the catalog writes it, with the rule's window and `where` put into each of its measures."""
    place = scope.catalog.span("metrics", name, "value")
    place = place if place.source.text else subject.head.span
    if name in scope.metrics:
        names = [*scope.metrics[scope.metrics.index(name) :], name]
        fail(
            "bad-metric",
            "These metrics are defined by each other: " + " → ".join(f"`{n}`" for n in names) + ".",
            place,
            "one of them has to be said without the others",
        )
    if len(scope.metrics) >= MOST_METRICS:
        fail("bad-metric", f"Metrics are defined by metrics more than {MOST_METRICS} deep.", place)
    scope.count(subject.span)
    inner = scope.inside_metric(name)
    # A mark of the subject alone says nothing to a metric: what is around goes in.
    around = tuple(part for part in around if part.window or part.where is not None or part.close_to)

    def bound(text: ast.MetricText) -> tuple[c.Measure, c.Type]:
        return of_text(inner, text, around)

    def errors(fix: Fix) -> tuple[Problem, ...]:
        try:
            bound(_parsed(fix.applied(fix.span.source.text)))
        except SegQLError as error:
            return error.problems
        return ()

    source = None
    try:
        text = metric_text(scope, name)
        source = text.span.source
        return bound(text)
    except SegQLError as error:
        problems = [
            _in_catalog(name, place, held(p, error.problems, errors)) if source in (None, p.span.source) else p
            for p in error.problems
        ]
        raise SegQLError(dict.fromkeys(problems)) from None


def of_text(scope: Scope, text: ast.MetricText, around: tuple[Around, ...] = ()) -> tuple[c.Measure, c.Type]:
    """MEASURE, or MEASURE / MEASURE: a number of the kind that its type says. Raises SegQLError."""
    if text.bottom is None:
        return measure(scope, text.top, around)
    together = Together()
    with together:
        top, kind = measure(scope, text.top, around)
    with together:
        bottom, other = measure(scope, text.bottom, around)
    together.done()
    for side, type_ in ((text.top, kind), (text.bottom, other)):
        if isinstance(side.head, ast.Terms):
            fail("misplaced", "A sum is not divided, nor divided by: what goes first could be read in two ways.",
                 side.span, "make the sum a metric of its own, and name it here")  # fmt: skip
        if type_ not in NUMBERS:
            fail("wrong-type", f"`{side.span.text}` is {article(type_)}, and only numbers are divided.", side.span)
    return c.Ratio(top, bottom), c.Type.MONEY if (kind, other) == (c.Type.MONEY, c.Type.NUMBER) else c.Type.NUMBER


def _in_catalog(name: str, place: Span, problem: Problem) -> Problem:
    """A problem in the text of a metric, at its place in the catalog; its fixes, which hold, as the whole text."""
    text = problem.span.source.text
    whole = Span(problem.span.source, 0, len(text))
    hint = replace(problem, fixes=tuple(Fix(whole, fix.applied(text), fix.note) for fix in problem.fixes)).hint
    return Problem("bad-metric", f"The metric `{name}` of the catalog has a mistake: {problem.message}", place, hint)


def _measured(
    scope: Scope, aggregate: ast.Aggregate, events: Events, around: tuple[Around, ...]
) -> tuple[c.Measure, c.Type]:
    kind, span = aggregate.kind, aggregate.span
    match kind:
        case "number":
            return c.Count(occurrences(scope, events, around)), c.Type.NUMBER
        case "days since first" | "days since last":
            for one in around:
                if one.window is not None and not isinstance(one.window, ast.Ever):
                    fail(
                        "misplaced",
                        "`days since` counts up to now, so it takes no window.",
                        one.window.span,
                        "leave the window out",
                    )
            timed(scope, events, kind, span)
            of = occurrences(
                scope, events, tuple(replace(one, subject=replace(one.subject, window=None)) for one in around)
            )
            return c.DaysSince("first" if kind == "days since first" else "last", of), c.Type.NUMBER
        case "days between":
            timed(scope, events, kind, span)
            return c.DaysBetween(occurrences(scope, events, around)), c.Type.NUMBER
        case "most common":
            text = format_(ast.Subject(aggregate))
            fail("not-a-measure", f"`{text}` is a value of the property, not a number.", span,
                 "count something: `number of ..`, `number of distinct ..`")  # fmt: skip
        case _:
            return _aggregate(scope, kind, aggregate, events, around)


def _aggregate(
    scope: Scope, kind: str, aggregate: ast.Aggregate, events: Events, around: tuple[Around, ...]
) -> tuple[c.Measure, c.Type]:
    name = aggregate.property
    if name is None:
        fail(
            "incomplete",
            f"`{kind} of` needs a property.",
            aggregate.span,
            f"for example `{kind} of total of {events.said}`",
        )
    field, row = property_of(scope, events, name)
    if kind in ("first", "last"):
        one_value(scope, aggregate, field, events)
    together = Together()
    with together:
        of = occurrences(scope, events, around, row)
    with together:
        if kind == "distinct":
            if field.type in _NOT_COUNTED:
                fail(
                    "wrong-type",
                    f"`{field.name}` is {article(field.type)}, and only plain values are counted.",
                    name.span,
                )
        elif kind in ("first", "last") and field.type not in ORDERED:
            fail("wrong-type", f"`{format_(ast.Subject(aggregate))}` is {article(field.type)}; beside other measures "
                 "stand numbers and dates.", aggregate.span, "compare it with values")  # fmt: skip
        elif field.type not in (ORDERED if kind in ("min", "max", "first", "last") else NUMBERS):
            counted = ast.Subject(ast.Aggregate("distinct", name, aggregate.of))
            plain = field.type not in _NOT_COUNTED
            fail("wrong-type", f"`{field.name}` is {article(field.type)}, which has no {kind}.", name.span,
                 *("to count its values:", Fix(aggregate.span, format_(counted))) if plain else ())  # fmt: skip
    together.done()
    if kind in ("first", "last"):
        edge_of_window(scope, aggregate, events, of, around[-1].subject.span)
    match kind:
        case "distinct":
            if field.name in ("day", "month"):
                unit: Literal["days", "months"] = "days" if field.name == "day" else "months"
                example = ast.Different(ast.Quantity(">=", ast.Number(Decimal(2))), unit)
                said_so = format_(ast.Subject(events.of, different=example))
                words = f"for {unit} of the calendar, such as two: `{said_so}`"
                comes_back(scope, field, of, aggregate.span, words)
            return c.Aggregate("distinct", field, of), c.Type.NUMBER
        case "sum" | "average" | "min" | "max" | "median" | "first" | "last":
            return c.Aggregate(kind, field, of), field.type
        case _:
            raise AssertionError(kind)


def one_value(scope: Scope, aggregate: ast.Aggregate, field: c.Field, events: Events) -> None:
    """`PROP of first|last EVENT`: the event has a time, and one value of the property."""
    timed(scope, events, aggregate.kind, aggregate.span)
    if field.scope == "item":
        assert aggregate.property is not None
        edge = f"{word('EDGE', aggregate.kind)} {events.said}"
        item = f"{word('ANY_ITEM', 'any')} ({format_name(field.name)} .. )"
        fail("item-property", f"`{field.name}` is a property of the items, of which one `{events.said}` has several.",
             aggregate.property.span, f"say which items: `{edge} {word('HAS', 'one')} {item}`")  # fmt: skip


def edge_of_window(scope: Scope, aggregate: ast.Aggregate, events: Events, of: c.Occurrences, span: Span) -> None:
    """A hint where the first (last) in the window need not be the first ever, which `first EVENT WINDOW` is about."""
    first = aggregate.kind == "first"
    if of.window.start is not None if first else of.window.end != scope.now:
        edge = f"{word('EDGE', aggregate.kind)} {events.said}"
        scope.note(
            "hint",
            "first-of-window",
            f"This is the {aggregate.kind} `{events.said}` in the window, whatever came "
            f"{'before' if first else 'after'} it.",
            span,
            f"of the {aggregate.kind} ever say `{edge} .. {word('HAS', 'one')} ..`",
        )


def property_of(scope: Scope, events: Events, name: ast.Name) -> tuple[c.Field, RowScope]:
    """A property of the events, else of their items, and the row that a `where` beside it looks at."""
    row = RowScope(events.names, "event")
    if (field := row.field(scope, name)) is not None:
        return field, row
    if (field := item_field(scope, events.names, name)) is not None:
        return field, RowScope(events.names, "item beside event")
    no_property(scope, name, RowScope(events.names, "item beside event"))
