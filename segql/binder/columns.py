"""Columns of profiles, as they are asked for: a property, a metric or another measure, `last EVENT`, a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn

from .. import ast, parser
from .. import conditions as c
from ..catalog import Catalog
from ..errors import SegQLError
from ..formatter import format as format_
from ..formatter import format_name
from ..words import say, word
from . import bind
from .heads import Events, resolve
from .measures import counting, of_text
from .rows import PROFILE
from .scope import Scope, fail, scope_of
from .surroundings import Around, occurrences, timed

WHERE = "column"
"""What messages call the text of a column."""


def column(
    text: str,
    catalog: Catalog,
    now: datetime,
    *,
    lets: Mapping[str, ast.Literal_],
    segments: Mapping[str, ast.Segment],
    parameters: Mapping[str, ast.Literal_],
) -> tuple[c.Column, c.Type]:
    """What a text asks of each profile at `now` (aware), and the type of its values. Mappings have folded names.

    A text that is no number and no time is a rule: whether it holds. Raises SegQLError with what is wrong.
    """
    scope = scope_of(catalog, now, lets, parameters, segments)
    try:
        return _value(scope, parser.parse_metric(text, WHERE))
    except SegQLError as error:
        first = error
    if any(one.code == "misplaced" for one in first.problems):
        raise first
    try:
        rule = parser.parse_rule(text, WHERE)
    except SegQLError:
        raise first from None
    is_measure = all(one.code != "syntax" for one in first.problems)  # which `(clicked email)` is not
    if (
        is_measure
        and isinstance(rule, ast.Subject)
        and rule == ast.Subject(rule.head)
        and isinstance(rule.head, ast.Name)
    ):
        raise first  # a name alone, which stands for no value
    try:
        bound = bind(rule, catalog, now, lets=lets, segments=segments, parameters=parameters)
    except SegQLError as error:
        raise (first if {one.code for one in first.problems} == {"unknown-name"} else error) from None
    return c.Truth(bound.rule), c.Type.BOOLEAN


def _value(scope: Scope, given: ast.MetricText) -> tuple[c.Column, c.Type]:
    """A number, a time or a property. Raises SegQLError."""
    head = given.top.head
    if given.bottom is None and isinstance(head, ast.Name) and given.top == ast.Subject(head):
        if (field := PROFILE.field(scope, head)) is not None:
            return field, field.type
        channel = scope.catalog.find_channel(head.text)
        if channel is not None and not scope.catalog.find_metric(head.text):
            fail("unknown-name", f"`{head.text}` is a channel, and no property of the profile.", head.span, "say",
                 say("CAN_RECEIVE {}", format_name(channel)))  # fmt: skip
    events = resolve(scope, head) if given.bottom is None and isinstance(head, ast.Name | ast.Edge) else None
    if isinstance(events, Events) and events.edge in ("first", "last"):
        return _moment(scope, given.top, events), c.Type.TIME
    if isinstance(events, Events) and given.top == ast.Subject(head):
        _which(given.top, events)
    return of_text(scope, given)


def _moment(scope: Scope, subject: ast.Subject, events: Events) -> c.Moment:
    edge = events.edge
    assert edge in ("first", "last")
    if subject.window is not None and not isinstance(subject.window, ast.Ever):
        fail("misplaced", f"`{word('EDGE', edge)} {events.said}` is the {edge} ever: its time takes no window.",
             subject.window.span, "leave the window out")  # fmt: skip
    timed(scope, events, f"{word('EDGE', edge)} {events.said}", subject.head.span)
    return c.Moment(edge, occurrences(scope, events, (Around(scope, subject, None),)))


def _which(subject: ast.Subject, events: Events) -> NoReturn:
    """An event alone may be its time or its number."""
    number = format_(ast.Subject(counting(events)))
    last = f"{word('EDGE', 'last')} {events.said}"
    fail("not-a-measure", f"`{events.said}` is an event: its time, or how many there are?", subject.span,
         "say which:", last, number)  # fmt: skip
