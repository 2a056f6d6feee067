"""Months and days without a year: there are 366, so that a condition on one is a list of those that fit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from sqlglot import exp

from .. import conditions as c
from ..conditions.live import is_live
from . import nodes as n
from .anniversaries import number_of, stretches
from .opposites import opposite
from .values import Sight, month_and_day, whose

_EVERY = tuple(date(2000, 1, 1) + timedelta(days=day) for day in range(366))
_COMPARED: dict[c.Op, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda a, b: a == b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}  # fmt: skip


def of_month_day(condition: c.FieldCondition, sight: Sight) -> exp.Expr | None:
    """A condition on a month and a day, or on a part of it; None where it is on something else, or moves,
    or where its text would tell its values.
    """
    field = condition.field
    declared = whose(field.scope, sight).properties.get(field.name)
    if declared is None or declared.type != "month-day":
        return None
    told = isinstance(condition, c.FieldSet | c.FieldEmpty)
    fits = None if sight[field.scope].target.lasting and not told else _fits(condition)
    if fits is None:
        return None
    days = [f"{day:%m%d}" for day in _EVERY if fits(day)]
    node = month_and_day(field, sight)
    found: exp.Expr
    if (
        declared.stored == "digits"
        and days
        and len(days) == sum(days[0] <= f"{day:%m%d}" <= days[-1] for day in _EVERY)
    ):
        # One day after the other: nothing but the digits of days is stored, so that nothing else lies between.
        found = exp.Between(this=node, low=exp.Literal.string(days[0]), high=exp.Literal.string(days[-1]))
    else:
        found = exp.In(this=node, expressions=[exp.Literal.string(day) for day in days]) if days else n.false()
    return opposite(found) if isinstance(condition, c.FieldEmpty) else found


def _fits(condition: c.FieldCondition) -> Callable[[date], bool] | None:
    """Which days fit; of `is empty` those that do not."""
    part = condition.field.part

    def number(day: date) -> Decimal:
        return Decimal(day.month if part == "month" else day.day)

    match condition:
        case c.FieldSet() | c.FieldEmpty():
            return lambda day: True
        case c.FieldComparison(op=op, right=Decimal() as right):
            return lambda day: _COMPARED[op](number(day), right)
        case c.FieldIn(values=values):
            return lambda day: number(day) in values
        case c.FieldAnniversary(window=window) if not is_live(window):
            kept = [(first, last) for _, first, last in stretches(window)]
            return lambda day: any(first <= number_of(day) <= last for first, last in kept)
        case _:
            return None
