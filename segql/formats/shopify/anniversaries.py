"""`anniversary('metafields.facts.birth_date')`: a date of each year."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ... import ast
from ..core.names import Names
from ..core.report import Impossible, Notes
from ..core.trees import all_of, any_of, named, negated, number
from . import days, names
from .tree import Between, Clause, Compare, Null, Offset, Value, Word

YEAR = 365
OF_ITSELF = (
    "The year is left out there: a date within these very days counts in its own year too, here only later years have "
    "anniversaries. 29 February is 28 February here in years without one, of which Shopify says nothing."
)


def rule(clause: Clause, known: Names, notes: Notes) -> Any:
    """The rule of an anniversary that was checked. Raises Impossible."""
    assert clause.date is not None
    of = named(names.property_name(known, clause.date))
    match clause.test:
        case Null(negated_):
            return ast.Subject(of, comparison=ast.Is("set", not negated_))
        case Compare("!=", value):
            return negated(_within(of, value, value, notes))
        case Compare("=", value):
            return _within(of, value, value, notes)
        case Between(low, high):
            return _within(of, low, high, notes)
    raise AssertionError(clause)


def _within(of: ast.Name, low: Value, high: Value, notes: Notes) -> Any:
    if isinstance(low, datetime) or isinstance(high, datetime):
        raise Impossible("An anniversary is a day, and has no time of day.")
    if isinstance(low, date) and isinstance(high, date):
        return _of_each_year(of, low, high)
    if isinstance(low, date) or isinstance(high, date):
        raise Impossible(
            "A day of each year and one that moves on make no window: write both as dates, or both from today."
        )
    long = days.span_of(low, high)
    if long >= YEAR:
        return ast.Subject(of, comparison=ast.Is("set"))
    notes.add(OF_ITSELF)
    days.say(Between(low, high), notes)
    window: Any = days.between(low, high) if low != high else days.compared("=", low)
    if low == Word("today") and isinstance(high, Offset) and high.unit == "d" and high.count > 0:
        window = ast.InNext(ast.Duration(high.count + 1, "d"))
    if long < 0:
        return ast.AnyOf(())
    return ast.Subject(ast.Anniversary(of), window=window)


def _of_each_year(of: ast.Name, low: date, high: date) -> Any:
    """Days by month and day of month; a stretch may reach over the end of the year."""
    if (low.month, low.day) == (high.month, high.day):
        return all_of([_part("month", of, "=", low.month), _part("day", of, "=", low.day)])
    if low > high:
        raise Impossible("Whether this reaches over the end of the year is not said: write the second in a later year.")
    if low.year < high.year and (high - low).days >= YEAR:
        return ast.Subject(of, comparison=ast.Is("set"))
    ends = [_side(of, ">", low), _side(of, "<", high)]
    return all_of(ends) if (low.month, low.day) < (high.month, high.day) else any_of(ends)


def _side(of: ast.Name, op: Any, day: date) -> Any:
    on = all_of([_part("month", of, "=", day.month), _part("day", of, f"{op}=", day.day)])
    if day.month == (12 if op == ">" else 1):
        return on
    return any_of([_part("month", of, op, day.month), on])


def _part(part: Any, of: ast.Name, op: Any, value: int) -> Any:
    return ast.Subject(ast.DatePart(part, of), comparison=ast.Compare(op, number(Decimal(value))))
