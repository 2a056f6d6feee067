"""Events near a date of their profile: `placed order within 7 days of signed up`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from .. import ast
from .. import conditions as c
from ..errors import Fix
from ..formatter import format as format_
from ..formatter.values import duration
from ..source import NOWHERE
from .dates import comes_back, date_of
from .heads import Events, without_article
from .rows import PROFILE
from .scope import Scope, fail

_YEAR = timedelta(days=365)
LENGTHS = {
    "s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}  # fmt: skip


def close_to(scope: Scope, events: Events, subject: ast.Subject) -> c.CloseTo:
    """The test of the events that a subject says to be near a date of the profile, in days, or near a time, exactly.

    Raises SegQLError: the events must have a time.
    """
    given = subject.close_to
    assert given is not None
    for event in events.names:
        if scope.catalog.events[event].time is None:
            fail("no-time", f"`{event}` has no time in the catalog, so it is near no date.", given.span,
                 "leave `within` out, or add `time:` to the event in the catalog")  # fmt: skip
    if PROFILE.field(scope, given.property) is None and (bare := without_article(given.property)):
        given = replace(given, property=bare)
    if PROFILE.field(scope, given.property) is None:
        _no_property(scope, events, subject, given)
    field = date_of(scope, given.property, PROFILE, "events near it")
    length, none = _length(scope, field, given.length), timedelta()
    if comes_back(field) and length < _YEAR:
        scope.note("warning", "not-each-year", f"`{given.span.text}` is near the day of birth itself, year and all.",
                   given.span, "what lies near a birthday of any year is not told")  # fmt: skip
    before, after = none if given.side == "after" else length, none if given.side == "before" else length
    return c.CloseTo(field, before, after, given.span)


def _no_property(scope: Scope, events: Events, subject: ast.Subject, given: ast.CloseTo) -> None:
    """An error where an event, or a value that has a name, stands in the place of a property."""
    name = given.property
    if scope.value(name) is not None:
        fail("misplaced", f"`{name.text}` is one moment for everybody, and here stands a date of the profile.",
             name.span, "a window says `since`, `before` or `between`")  # fmt: skip
    if scope.catalog.find_event(name.text) is None:
        return
    one, other = (ast.Subject(events.of), ast.Subject(name))
    within = replace(given.length, span=NOWHERE)
    later = format_(ast.Sequence(("then",), (other, replace(one, within=within))))
    earlier = format_(ast.Sequence(("then",), (one, replace(other, within=within))))
    ways = {"after": (later,), "before": (earlier,)}.get(given.side, (later, earlier))
    alone = subject == ast.Subject(subject.head, close_to=given) and events.edge is None
    fixes = [Fix(subject.span, way) for way in ways if alone]
    fail("misplaced", f"`{name.text}` is an event, and what comes soon after another event is a sequence.", name.span,
         "say" if fixes else f"for example `{ways[0]}`", *fixes)  # fmt: skip


def _length(scope: Scope, field: c.Field, given: ast.Duration) -> timedelta:
    if field.type is c.Type.DATE and given.unit in ("s", "min", "h"):
        fail("bad-window", f"`{field.name}` is a day, so it cannot be counted in `{given.unit}`.", given.span,
             "count in days: `3d`, `2 weeks`")  # fmt: skip
    try:
        length = LENGTHS[given.unit] * given.count
        _ = scope.now + length, scope.now - length
    except OverflowError:
        fail("bad-window", f"`within {duration(given)}` reaches beyond the years 1 to 9999.", given.span,
             "leave `within` out: then any time will do")  # fmt: skip
    return length
