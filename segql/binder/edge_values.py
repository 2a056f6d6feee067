"""`PROP of first|last EVENT` against what only a property is compared with: text, truths, sets, whether it is there."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from .. import ast
from .. import conditions as c
from ..errors import Fix
from ..formatter import format as format_
from ..source import Span
from ..words import word
from .field_tests import ORDERED
from .fields import property_condition
from .habits import compares, one_of
from .heads import BoundHead, Measured, opened
from .measures import edge_of_window, one_value
from .rows import PROFILE, RowScope
from .scope import Scope, Together, fail
from .surroundings import Around, occurrences


def is_edge_value(head: BoundHead) -> bool:
    """Whether it is the property of one event."""
    return isinstance(head, Measured) and head.aggregate.kind in ("first", "last")


def edge_value(scope: Scope, head: Measured, given: ast.Subject) -> c.Tree[c.Condition] | None:
    """The condition; None where it is a number or a date that is compared as measures are."""
    field, row = one_of(scope, head, given)
    one_value(scope, head.aggregate, field, head.events)
    if field.type in ORDERED and isinstance(given.comparison, ast.Compare | ast.Between):
        return None
    if given.comparison is None and given.window and given.where is None and field.type in (c.Type.DATE, c.Type.TIME):
        _window_of_the_date(head, given, given.window)
    compares(field, given)
    together = Together()
    of, fits = None, None
    with together:
        of = occurrences(scope, head.events, (Around(scope, given),), row)
    with together:
        compared = ast.Subject(given.head, comparison=_of_the_profile(scope, given.comparison), span=given.span)
        fits = property_condition(scope, field, compared, RowScope(head.events.names, "event"))
    together.done()
    assert of is not None
    assert fits is not None
    edge_of_window(scope, head.aggregate, head.events, of, given.span)
    return _at_edge(head.aggregate.kind, of, fits, given.span)


def _window_of_the_date(head: Measured, given: ast.Subject, window: ast.Window) -> NoReturn:
    """An error: the window of `delivery of last placed order in the next 7 days` says which orders count."""
    of, name = head.aggregate, head.aggregate.property
    assert name is not None
    edge = f"{word('EDGE', of.kind)} {format_(ast.Subject(head.events.of))}"
    said = f"{edge} {word('HAS', 'one')} {format_(ast.Subject(name))} {window.span.text}"
    fail("incomplete", f"A window there says which `{head.events.said}` count, and the date needs a comparison.",
         window.span, "of the date itself say", Fix(given.span, said))  # fmt: skip


def _of_the_profile(scope: Scope, comparison: ast.Comparison | None) -> ast.Comparison | None:
    """A name on the right is the profile's, as on the right of every measure."""
    match comparison:
        case ast.Compare(right=ast.Name() as name) if scope.value(name) is None:
            if PROFILE.field(scope, name):
                return replace(comparison, right=ast.Their(name, name.span))
            if isinstance(opened(scope, name), Measured):
                fail("wrong-type", "Texts and truths of two events are not compared with each other, as numbers are.",
                     name.span, 'compare each with a value: `.. is ".."`')  # fmt: skip
    return comparison


def _at_edge(kind: str, of: c.Occurrences, fits: c.Tree[c.FieldCondition], span: Span) -> c.Tree[c.Condition]:
    """A negated operator is the negation of all: `is not "X"` also holds of who has no such event."""
    match fits:
        case c.Not(part):
            return c.Not(_at_edge(kind, of, part, span), span)
        case c.FieldEmpty(field=field):
            none = c.Not(at_edge(kind, of, c.FieldSet(field, span), span), span)
            return c.AnyOf((none, at_edge(kind, of, fits, span)), span)
        case _:
            return at_edge(kind, of, fits, span)


def at_edge(kind: str, of: c.Occurrences, fits: c.Tree[c.FieldCondition], span: Span) -> c.EdgeOccurrence:
    """One of the first (last) of these fits."""
    return c.EdgeOccurrence("first" if kind == "first" else "last", of, of.window, fits, span)
