"""Anniversaries of dates: `anniversary of birthday in the next 7 days`."""

from __future__ import annotations

from .. import ast
from ..conditions import FieldAnniversary
from ..formatter import format as format_
from ..formatter.windows import window as window_text
from . import windows
from .dates import returning, shorter_than_a_year
from .field_windows import one_sided
from .fields import no_event_parts
from .rows import RowScope
from .scope import Scope, fail


def anniversary(scope: Scope, head: ast.Anniversary, subject: ast.Subject, row: RowScope) -> FieldAnniversary:
    """`anniversary of birthday in the next 7 days`."""
    field = returning(scope, head.property, row)
    plain = format_(ast.Subject(head))
    example = f"for example `{plain} in the next 7 days` or `{plain} is today`"
    no_event_parts(plain, subject, example)
    window = subject.window
    match subject.comparison:
        case ast.InName(name=name, span=span) if window is None:
            window = ast.InLast(name, span=span)
        case None:
            pass
        case comparison:
            fail("wrong-type", "An anniversary is a day of each year: it takes a window, no comparison.",
                 comparison.span, example)  # fmt: skip
    if window is None:
        fail("incomplete", f"`{plain}` needs a window.", subject.span, example)
    one_sided(plain, window)
    days = windows.days(scope, window, field.name)
    if not shorter_than_a_year(days):
        fail("bad-window", f"Every date has an anniversary `{window_text(window)}`: the window is a year or more.",
             window.span, f"make it shorter, {example}")  # fmt: skip
    return FieldAnniversary(field, days, subject.span)
