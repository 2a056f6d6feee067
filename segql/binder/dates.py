"""The parts of a row's dates and positions: `month of birthday`, `latitude of position`."""

from __future__ import annotations

from datetime import timedelta

from .. import ast
from ..calendar import add_months
from ..catalog import fold
from ..conditions import Days, Field, Type
from ..conditions.tracked import follow
from ..errors import Fix
from ..formatter import format as format_
from ..formatter import format_name
from ..formatter.windows import window as window_text
from ..words import say, word
from . import windows
from .advice.things import apart
from .rows import RowScope, some_only
from .scope import Scope, Together, fail, unknown
from .values import article

_DATES = (Type.DATE, Type.TIME)
_EACH_YEAR = (*_DATES, Type.MONTH_DAY)
"""What has a month and a day, and so anniversaries."""


def part_of(scope: Scope, head: ast.DatePart | ast.DaysFrom, row: RowScope) -> Field:
    """The part of a date or of a position of the row, or the days from one date to another, as a field."""
    if isinstance(head, ast.DaysFrom):
        ends: list[Field] = []
        together = Together()
        for name in (head.start, head.end):
            with together:
                ends.append(date_of(scope, name, row, "days to another one"))
        together.done()
        start, end = ends
        if start.scope != end.scope:
            fail("wrong-type", f"`{start.name}` is of the {start.scope}, and `{end.name}` of the {end.scope}.",
                 head.span, "both dates have to be of one event, or both of one item")  # fmt: skip
        return Field(start.scope, start.name, Type.NUMBER, "days to", end)
    if head.part in ("latitude", "longitude"):
        name = head.property
        place = row.field(scope, name)
        if place is None or place.type is not Type.POSITION:
            known = [n for n in row.names(scope) if _is(row.field(scope, ast.Name("", n)), Type.POSITION)]
            if place is None:
                unknown(f"position of {row.said}", name, known)
            fail("wrong-type", f"`{place.name}` is {article(place.type)}, and only a position has a {head.part}.",
                 name.span, "say", *map(format_name, known))  # fmt: skip
        return Field(place.scope, place.name, Type.NUMBER, head.part)
    each_year = head.part in ("month", "day")
    whole = date_of(scope, head.property, row, f"a {head.part}", _EACH_YEAR if each_year else _DATES)
    return Field(whole.scope, whole.name, Type.TEXT if head.part == "weekday" else Type.NUMBER, head.part)


def returning(scope: Scope, name: ast.Name, row: RowScope) -> Field:
    """The property of the row that is said to have anniversaries."""
    return date_of(scope, name, row, "an anniversary", _EACH_YEAR)


def date_of(scope: Scope, name: ast.Name, row: RowScope, what: str, types: tuple[Type, ...] = _DATES) -> Field:
    """The property of the row that is said to be a date; `what` is what only dates have."""
    field = row.field(scope, name)
    if field is None:
        some_only(scope, name, row)
        known = [n for n in row.names(scope) if _is(row.field(scope, ast.Name("", n)), *types)]
        unknown(f"date of {row.said}", name, known)
    if _is(field, Type.MONTH_DAY) and Type.MONTH_DAY not in types:
        fail("wrong-type", f"`{field.name}` is a day of each year, and only a date with a year has {what}.",
             name.span, "it has anniversaries, a month and a day")  # fmt: skip
    if not _is(field, *types):
        fail("wrong-type", f"`{field.name}` is {article(field.type)}, and only a date has {what}.", name.span)
    return field


def _is(field: Field | None, *types: Type) -> bool:
    return field is not None and field.part is None and field.type in types


def comes_back(field: Field) -> bool:
    """Whether a date is one of which people mean the day that comes back each year."""
    return field.type is Type.MONTH_DAY or (field.type is Type.DATE and "birth" in fold(field.name))


def _each_year_has_one(field: Field, window: ast.Period, days: Days, subject: ast.Subject) -> None:
    """Raises SegQLError for `birthday this year`: every birthday is in it, and few were born in it."""
    if field.type is not Type.DATE or shorter_than_a_year(days) or days.start is None or days.end is None:
        return
    plain = format_(ast.Subject(subject.head))
    born = say("{} BETWEEN {} AND {}", plain, str(days.start), str(days.end - timedelta(days=1)))
    fail("not-each-year", f"`{plain} {window_text(window)}` may be about the day of birth; the day that comes back is "
         "in every year.", subject.span, "say which:", Fix(subject.span, born, "born then"),
         Fix(subject.span, f"{plain} {word('IS_SET', 'set')}", "everybody whose birthday is known"))  # fmt: skip


def each_year_meant(scope: Scope, field: Field, window: ast.Window, subject: ast.Subject) -> None:
    """A hint for `birthday on 3 days ago`, when few were born, and `birthday after today`, when nobody was.

    Raises SegQLError for `birthday this week` and `in the last week`, which may be of either day, and for next week,
    when nobody was born.
    """
    if not comes_back(field) or not isinstance(subject.head, ast.Name):
        return
    if _lies_ahead(window):
        scope.note("hint", "not-each-year",
                   f"`{format_(subject)}` is about the day of birth itself, and nobody was born then.", subject.span,
                   "the day that comes back each year is told by its anniversary, in a time that ends")  # fmt: skip
    looks_around = isinstance(window, ast.InLast | ast.InNext | ast.Period) or (
        isinstance(window, ast.Relative) and window.word == "on" and not isinstance(window.moment, ast.Date)
    )
    days = windows.days(scope, window, field.name) if looks_around else None
    if days is not None and isinstance(window, ast.Period):
        _each_year_has_one(field, window, days, subject)
    if days is not None and days.end is not None and shorter_than_a_year(days):
        said = f"{format_(ast.Subject(subject.head))} {window_text(window)}"
        fix = Fix(subject.span, say("ANNIVERSARY_OF {}", said))
        if isinstance(window, ast.InNext) or (isinstance(window, ast.Period) and window.name in ("tomorrow", "next")):
            fail("not-each-year", f"`{said}` is about the day of birth itself, and nobody was born then.", subject.span,
                 "for the day that comes back each year:", fix)  # fmt: skip
        if isinstance(window, ast.Relative):
            scope.note("hint", "not-each-year", f"`{said}` is about the day of birth itself, year and all.",
                       subject.span, "for the day that comes back each year:", fix)  # fmt: skip
            return
        plain = format_(ast.Subject(subject.head))
        if isinstance(window, ast.InLast):  # it moves on with the clock
            after, until = (ast.Relative("after", ast.Ago(window.length)), ast.Relative("before", ast.Day("tomorrow")))
            itself = f"{plain} {window_text(after)} {word('AND')} {plain} {window_text(until)}"
        else:
            itself = say("{} BETWEEN {} AND {}", plain, str(days.start), str(days.end - timedelta(days=1)))
        fail("not-each-year", f"`{said}` may be about the day of birth itself, or about the day that comes back.",
             subject.span, "say which:", fix, Fix(subject.span, apart(subject.span, itself)))  # fmt: skip


def _lies_ahead(window: ast.Window) -> bool:
    """Whether a window without an end begins after today, whenever that is."""
    match window:
        case ast.Relative(word="after", moment=ast.Day(name="today" | "tomorrow") | ast.FromNow()):
            return True
        case ast.Relative(word="since", moment=ast.FromNow(length=ast.Duration(count=count))):
            return count > 0
        case ast.Relative(word="since", moment=ast.Day(name="tomorrow")):
            return True
        case _:
            return False


def shorter_than_a_year(days: Days) -> bool:
    """Whether they are less than twelve months; never where an end is open."""
    if days.start is None or days.end is None:
        return False
    try:
        return days.end < follow(add_months, days.start, 12)
    except ValueError:  # the last year of all
        return True
