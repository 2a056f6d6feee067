"""The properties that every timed event has: what the first event can never fit, and what comes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from .. import ast
from .. import conditions as c
from ..errors import Fix
from ..formatter import format as format_
from ..source import Span
from .heads import Events
from .scope import Scope

_FIRST = Decimal(1)
"""`number` of the first event, which has no `days since previous`."""

_ROUND = {
    "day": ("day of the month", "the 3rd of January and of February", timedelta(28)),
    "month": ("month of any year", "May of this year and of the last", timedelta(334)),
    "hour": ("hour of any day", "9:00 today and yesterday", timedelta(hours=23)),
    "weekday": ("weekday of any week", "Monday of this week and of the last", timedelta(6)),
}
"""What a property is, two that are the same, and how long a window may be that holds none twice."""


def is_built_in(scope: Scope, field: c.Field, events: Iterable[str]) -> bool:
    """Whether the catalog leaves the property of these events to SegQL."""
    if field.part is not None or field.scope != "event" or field.name not in c.BUILT_IN:
        return False
    return not any(scope.catalog.find_event_property(event, field.name) for event in events)


# --- the first one ---------------------------------------------------------------------------------------------------


def never_of_all(scope: Scope, head: Events, of: c.Occurrences, has: c.Tree[c.Predicate], given: ast.Subject) -> None:
    """A warning where all events have to fit, the ever first among them, and that one never does."""
    if of.window.start is not None or not _of_first(scope, of, of.where) or _of_first(scope, of, has) is not False:
        return
    later = ast.Subject(ast.Name("number"), comparison=ast.Compare(">", ast.Number(_FIRST)))
    if not is_built_in(scope, c.Field("event", "number", c.BUILT_IN["number"]), of.events):
        later = ast.Subject(ast.Name("days since previous"), comparison=ast.Is("set"))
    if given.has == later:
        return _any_of(scope, head, given)
    where: c.Tree[ast.Predicate] = later if given.where is None else ast.All((given.where, later))
    fix = Fix(given.span, format_(replace(given, where=where, comments=())))
    _never(scope, head, given, f"to leave the first `{head.said}` out:", fix)


def never_of_first(scope: Scope, head: Events, of: c.Occurrences, has: c.Tree[c.Predicate], given: ast.Subject) -> None:
    """The same of the first one alone."""
    if _of_first(scope, of, of.where) and _of_first(scope, of, has) is False:
        _any_of(scope, head, given)


def _any_of(scope: Scope, head: Events, given: ast.Subject) -> None:
    wheres = tuple(where for where in (given.where, given.has) if where is not None)
    some = replace(given, head=head.of, has=None, where=wheres[0] if len(wheres) == 1 else ast.All(wheres), comments=())
    _never(scope, head, given, f"for any `{head.said}`:", Fix(given.span, format_(some)))


def _never(scope: Scope, head: Events, given: ast.Subject, words: str, fix: Fix) -> None:
    said = " ".join(given.span.text.split())
    message = f"`{said}` can never be true: the first `{head.said}` has number 1 and none before it."
    scope.note("warning", "never-true", message, given.span, words, fix)


def _of_first(scope: Scope, of: c.Occurrences, tree: c.Tree[c.Predicate]) -> bool | None:
    """Whether the ever first of the events fits; None where that is not known."""
    match tree:
        case c.All(parts):
            known = [_of_first(scope, of, part) for part in parts]
            return False if False in known else None if None in known else True
        case c.AnyOf(parts):
            known = [_of_first(scope, of, part) for part in parts]
            return True if True in known else None if None in known else False
        case c.Not(part):
            inside = _of_first(scope, of, part)
            return None if inside is None else not inside
        case c.FieldComparison(field) | c.FieldIn(field) | c.FieldSet(field) if is_built_in(scope, field, of.events):
            return _fits(tree) if field.name == "number" else False if field.name == "days since previous" else None
        case _:
            return None


def _fits(leaf: c.Predicate) -> bool | None:
    """Whether a condition on `number` holds of the first."""
    match leaf:
        case c.FieldSet():
            return True
        case c.FieldIn(_, values):
            return _FIRST in values
        case c.FieldComparison(_, op, Decimal() as right):
            signs = {"=": right == _FIRST, "<": right > _FIRST, "<=": right >= _FIRST}
            return signs.get(op, right < _FIRST if op == ">" else right <= _FIRST)
        case _:
            return None


# --- what comes back -------------------------------------------------------------------------------------------------


def comes_back(scope: Scope, field: c.Field, of: c.Occurrences, span: Span, words: str = "", *fixes: Fix) -> None:
    """A hint where values are taken for equal that many tell apart, in a window that can hold both."""
    if field.name not in _ROUND or not is_built_in(scope, field, of.events):
        return
    window = of.window
    what, alike, short = _ROUND[field.name]
    if window.start is not None and window.end is not None and window.end - window.start <= short:
        return
    message = f"`{field.name}` is the {what}: {alike} are the same."
    scope.note("hint", "comes-back", message, span, words, *fixes)


def close_together(field: c.Field, given: ast.Subject) -> tuple[str, tuple[Fix, ...]]:
    """`at least 2 times` within one day, or hour, as a sequence says it; the words before the fix."""
    length = {"day": ast.Duration(1, "d"), "hour": ast.Duration(1, "h")}.get(field.name)
    twice = ast.Quantity(">=", ast.Number(Decimal(2)))
    one = replace(given, quantity=None, with_the_same=(), comments=())
    if length is None or given.quantity != twice or not isinstance(given.window, ast.InLast | ast.Ever | None):
        return "", ()
    then = ast.Sequence(("then",), (one, replace(one, window=None, within=length)))
    return f"for two within {'24 hours' if field.name == 'day' else 'an hour'}:", (Fix(given.span, format_(then)),)
