"""Klaviyo's date filters on a profile's property: windows, anniversaries, months."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, TypeAlias

from ... import ast
from ..core.documents import Node
from ..core.names import Names
from ..core.report import Impossible, Notes
from ..core.trees import named, number
from .timeframes import UNITS, duration, instant, window

Kind: TypeAlias = Literal["date", "time"] | None
"""What the property is in the catalog; None where nobody knows."""
WHOLE_DAYS = (
    "Of a date without a time whole days of the catalog's calendar count; the vendor compares its midnight in UTC with "
    "the instant of now."
)
TAKEN_FOR_TIME = "It is taken for a time; of a date without one this is an error (--catalog says which it is)."
ANNIVERSARY = (
    "29 February counts as 28 February in common years, the day itself is not yet its anniversary, and days are those "
    "of the catalog's calendar; the vendor says nothing of these."
)
ENDS_COUNT = "Both days count; the vendor does not say whether the last does."
ZONE_OF_MONTH = "The month is that on the clock of the catalog's zone, and not in UTC."


def date_test(name: str, kind: Kind, node: Node, names: Names, notes: Notes) -> ast.Subject:
    """A date filter on a property of the profile. Raises Impossible."""
    operator = node.need("operator").text()
    match operator:
        case "anniversary" | "anniversary-month":
            node.only("type", "operator")
            notes.add(ANNIVERSARY)
            today = ast.Period("today") if operator == "anniversary" else ast.Period("this", "month")
            return ast.Subject(ast.Anniversary(named(name)), window=today)
        case "anniversary-last" | "anniversary-next":
            node.only("type", "operator", "quantity", "unit")
            if node.need("unit").one_of(*UNITS) == "hour":
                raise Impossible("An anniversary is a day: hours do not apply to it here.", node.path)
            length = duration(node.need("quantity"), node.need("unit"), names, Notes())
            notes.add(ANNIVERSARY)
            days = ast.InLast(length, explicit=True) if operator == "anniversary-last" else ast.InNext(length)
            return ast.Subject(ast.Anniversary(named(name)), window=days)
        case "calendar-month":
            node.only("type", "operator", "value")
            month = node.need("value").whole()
            if not 1 <= month <= 12:
                raise Impossible("There is no such month.", node.path)
            if kind != "date" and not names.in_utc:
                notes.add(ZONE_OF_MONTH)
            return ast.Subject(ast.DatePart("month", named(name)), comparison=ast.Compare("=", number(month)))
        case "alltime":
            node.only("type", "operator")
            notes.add("All time is taken for a date that is set.")
            return ast.Subject(named(name), comparison=ast.Is("set"))
    found = _whole_days(node, operator, notes) if kind == "date" else None
    if found is None:
        found = window(node, names, notes)
        if kind is None and isinstance(found, ast.Relative | ast.BetweenMoments):
            notes.add(TAKEN_FOR_TIME)
        elif kind != "time":
            notes.add(WHOLE_DAYS)
    return ast.Subject(named(name), window=found)


def _whole_days(node: Node, operator: str, notes: Notes) -> ast.Window | None:
    """The window of instants on a date, whose instant is its midnight in UTC; None where it counts from now."""
    if operator in ("before", "after"):
        node.only("type", "operator", "date")
        at = instant(node.need("date")).value
        day = at.date()
        if operator == "after":
            return ast.Relative("after", ast.Date(day))
        return ast.Relative("before", ast.Date(day if at.time() == at.min.time() else day + timedelta(days=1)))
    if operator != "between-static":
        return None
    node.only("type", "operator", "start", "end")
    start, end = (instant(node.need(key)).value for key in ("start", "end"))
    first = start.date() if start.time() == start.min.time() else start.date() + timedelta(days=1)
    if end.date() < first:
        raise Impossible("It ends before it begins.", node.path)
    notes.add(ENDS_COUNT)
    return ast.BetweenMoments(ast.Date(first), ast.Date(end.date()))
