"""Klaviyo's date filters as windows."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ... import ast
from ..core.documents import Node
from ..core.names import Names
from ..core.report import Impossible, Notes

UNITS: dict[str, ast.Unit] = {"hour": "h", "day": "d", "week": "w"}
AT_THE_INSTANT = (
    "What lies at the first instant counts, and what lies at the last does not; the vendor does not say which do."
)
LOCAL_STEPS = (
    "Days are steps on the clock of the catalog's zone, and not of UTC: after clocks changed the window begins an hour "
    "earlier or later."
)


def window(node: Node, names: Names, notes: Notes) -> ast.Window | None:
    """The window of a date filter on events or times; None is all time. Raises Impossible for anniversaries."""
    if node.need("type").one_of("date") and (operator := node.need("operator").text()) == "alltime":
        node.only("type", "operator")
        return None
    match operator:
        case "before" | "after":
            node.only("type", "operator", "date")
            return ast.Relative("before" if operator == "before" else "after", instant(node.need("date")))
        case "between-static":
            node.only("type", "operator", "start", "end")
            notes.add(AT_THE_INSTANT)
            start, end = instant(node.need("start")), instant(node.need("end"))
            if end.value <= start.value:
                raise Impossible("It ends before it begins.", node.path)
            return ast.BetweenMoments(start, end)
        case "in-the-last" | "in-the-next" | "at-least":
            node.only("type", "operator", "quantity", "unit")
            length = duration(node.need("quantity"), node.need("unit"), names, notes)
            if operator == "in-the-last":
                return ast.InLast(length, explicit=True)
            return ast.InNext(length) if operator == "in-the-next" else ast.MoreThanAgo(length)
        case "between":
            node.only("type", "operator", "start", "end", "unit")
            one = duration(node.need("start"), node.need("unit"), names, notes)
            return ast.BetweenAgo(one, duration(node.need("end"), node.need("unit"), names, notes))
        case _:
            known = ("alltime", "before", "after", "between-static", "in-the-last", "at-least", "between")
            raise Impossible(f"`{operator[:80]}` has no window here: {', '.join(known)} do.", node.path)


def duration(quantity: Node, unit: Node, names: Names, notes: Notes) -> ast.Duration:
    """A length of time. Days say in a note that they are the catalog's, where its zone is not UTC."""
    count = quantity.whole()
    if not 0 <= count <= 1_000_000:
        raise Impossible("So long a time has no spelling here.", quantity.path)
    found = UNITS[unit.one_of(*UNITS)]
    if found != "h" and not names.in_utc:
        notes.add(LOCAL_STEPS)
    return ast.Duration(count, found)


def instant(node: Node) -> ast.Time:
    """A date or a time; a date counts as its midnight in UTC, as the vendor has it."""
    text = node.text()
    try:
        if len(text) == len("2026-01-31"):
            found = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        else:
            found = datetime.fromisoformat(text)
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Impossible(f"`{text[:40]}` is no date.", node.path) from None
    return ast.Time(found)
