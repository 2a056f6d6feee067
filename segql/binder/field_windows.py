"""A date or an instant of a row in a window: `signed up in the last 30d`, `birthday before 2000-01-01`."""

from __future__ import annotations

from dataclasses import replace

from .. import ast
from .. import conditions as c
from ..formatter.windows import window as window_text
from . import windows
from .dates import each_year_meant
from .operands import example
from .scope import Scope, fail
from .values import article, said


def within(scope: Scope, field: c.Field, window: ast.Window, subject: ast.Subject) -> c.FieldCondition:
    """A date property in a window."""
    if field.type not in (c.Type.DATE, c.Type.TIME):
        hint = example(field)
        if field.scope != "profile":
            hint = f"the window of the event goes before `where` and `has`: `{window_text(window)}`"
        fail(
            "wrong-type",
            f"`{said(field)}` is {article(field.type)}, and a window needs a date.",
            window.span,
            hint,
        )
    one_sided(said(field), window)
    each_year_meant(scope, field, window, subject)
    found = windows.days(scope, window, field.name) if field.type is c.Type.DATE else windows.instants(scope, window)
    return c.FieldWithin(field, found, subject.span)


def one_sided(name: str, window: ast.Window) -> None:
    """`in 14 days` says neither the last nor the next ones."""
    if isinstance(window, ast.InLast) and not window.explicit:
        past, ahead = (window_text(w) for w in (replace(window, explicit=True), ast.InNext(window.length)))
        fail(
            "past-or-future",
            f"`{window_text(window)}` can be the past or the future of the date `{name}`.",
            window.span,
            "say",
            past,
            ahead,
        )


def whole_day(scope: Scope, op: c.Op, day: ast.Date) -> c.Interval:
    """A date against a time counts as its whole local day: `> D` is after its end, `>= D` since its start."""
    on = windows.instants(scope, ast.Relative("on", day, day.span))
    match op:
        case "=":
            return on
        case "<":
            return c.Interval(None, on.start)
        case "<=":
            return c.Interval(None, on.end)
        case ">":
            return windows.instants(scope, ast.Relative("after", day, day.span))
        case ">=":
            return c.Interval(on.start, None)
