"""The parts of dates that no date has: month 13, a weekday in small letters."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ... import ast
from ... import conditions as c
from ...catalog import fold
from ...errors import Fix
from ...nearest import nearest
from ..built_in import is_built_in
from ..rows import RowScope
from ..scope import Scope, fail, instead
from ..values import said

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RANGES = {"hour": range(24), "day": range(1, 32), "month": range(1, 13), "year": range(1, 10_000)}


def possible(scope: Scope, condition: c.Tree[c.FieldCondition], subject: ast.Subject, row: RowScope) -> None:
    """Fails where the condition asks whether a part of a date is what it can never be."""
    match condition:
        case c.All(parts=parts) | c.AnyOf(parts=parts):
            for part in parts:
                possible(scope, part, subject, row)
        case c.Not(part=part):
            possible(scope, part, subject, row)
        case c.FieldComparison(field=field, op="=", right=Decimal() | str() as right):
            _value(field, _part(scope, field, row), right, subject)
        case c.FieldIn(field=field, values=values):
            for value in values:
                _value(field, _part(scope, field, row), value, subject)


def _part(scope: Scope, field: c.Field, row: RowScope) -> str | None:
    """The part of a date that the field is: said in the rule, or built in."""
    return field.name if is_built_in(scope, field, row.events) else field.part


def _value(field: c.Field, part: str | None, value: c.Value, subject: ast.Subject) -> None:
    span = subject.comparison.span if subject.comparison is not None else subject.span
    if part == "weekday" and value not in WEEKDAYS:
        close = [day for day in WEEKDAYS if fold(day) == fold(str(value))] or nearest(str(value), WEEKDAYS)
        fail("impossible-value", f'No day is a "{value}": weekdays are written "Monday", "Tuesday", ..', span,
             *("did you mean?", _instead(subject, str(value), close[0])) if close else ())  # fmt: skip
    numbers = _RANGES.get(part or "")
    if numbers is not None and value not in numbers:
        fail(
            "impossible-value",
            f"`{said(field)}` runs from {numbers[0]} to {numbers[-1]}, so it is never {value}.",
            span,
        )


def _instead(subject: ast.Subject, value: str, day: str) -> Fix:
    """The condition with a day for the value."""
    old, new = ast.Text(value), ast.Text(day)
    match subject.comparison:
        case ast.Compare(right=right) as given if right == old:
            return instead(subject, replace(subject, comparison=replace(given, right=new), comments=()))
        case ast.In(values=values) as given:
            said = tuple(new if one == old else one for one in values)
            return instead(subject, replace(subject, comparison=replace(given, values=said), comments=()))
        case _:
            return instead(subject, replace(subject, comments=()))
