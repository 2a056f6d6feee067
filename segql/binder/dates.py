"""The dates of a row that are asked for more than a window: their parts, `month of birthday`."""

from __future__ import annotations

from .. import ast
from ..calendar import add_months
from ..catalog import fold
from ..conditions import Days, Field, Type
from ..errors import Fix
from ..formatter import format as format_
from ..formatter.windows import window as window_text
from ..words import say
from . import windows
from .rows import RowScope, some_only
from .scope import Scope, fail, unknown
from .values import article


def part_of(scope: Scope, head: ast.DatePart, row: RowScope) -> Field:
    """The part of a date of the row, as a field."""
    whole = date_of(scope, head, row)
    return Field(whole.scope, whole.name, Type.TEXT if head.part == "weekday" else Type.NUMBER, head.part)


def date_of(scope: Scope, head: ast.DatePart | ast.Anniversary, row: RowScope) -> Field:
    """The property of the row that is said to be a date."""
    name = head.property
    field = row.field(scope, name)
    if field is None:
        some_only(scope, name, row)
        unknown(
            f"date of {row.said}", name, [n for n in row.names(scope) if _is_date(row.field(scope, ast.Name("", n)))]
        )
    if not _is_date(field):
        what = "an anniversary" if isinstance(head, ast.Anniversary) else f"a {head.part}"
        fail("wrong-type", f"`{field.name}` is {article(field.type)}, and only a date has {what}.", name.span)
    return field


def _is_date(field: Field | None) -> bool:
    return field is not None and field.type in (Type.DATE, Type.TIME)


def comes_back(field: Field) -> bool:
    """Whether a date is one of which people mean the day that comes back each year."""
    return field.type is Type.DATE and "birth" in fold(field.name)


def each_year_meant(scope: Scope, field: Field, window: ast.Window, subject: ast.Subject) -> None:
    """A hint for `birthday this week`: nobody was born this week."""
    if not comes_back(field) or not isinstance(subject.head, ast.Name):
        return
    looks_around = isinstance(window, ast.InLast | ast.InNext | ast.Period) or (
        isinstance(window, ast.Relative) and window.word == "on" and not isinstance(window.moment, ast.Date)
    )
    if looks_around and shorter_than_a_year(windows.days(scope, window, field.name)):
        said = f"{format_(ast.Subject(subject.head))} {window_text(window)}"
        fix = Fix(subject.span, say("ANNIVERSARY_OF {}", said))
        scope.note("hint", "not-each-year", f"`{said}` is about the day of birth itself, year and all.", subject.span,
                   "for the day that comes back each year:", fix)  # fmt: skip


def shorter_than_a_year(days: Days) -> bool:
    """Whether they are less than twelve months; never where an end is open."""
    if days.start is None or days.end is None:
        return False
    try:
        return days.end < add_months(days.start, 12)
    except ValueError:  # the last year of all
        return True
