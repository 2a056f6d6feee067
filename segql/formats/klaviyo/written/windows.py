"""Windows as Klaviyo's date filters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from .... import ast
from ....calendar import midnight, resolve, zone_of
from ...core.report import Impossible
from .words import Words, no_form

UTC_STEPS = "Days are those of UTC there: after clocks changed the window begins an hour earlier or later."
AT_THE_INSTANT = "What lies at the very instant at which it begins counts here; the vendor does not say so."
WHOLE_DAYS = "Whole days of the catalog's calendar count here; there its midnight in UTC is compared with now."
LAST_DAY = "The last day counts here; the vendor does not say whether it does."
MONTHS = "A month is 30 days there, and a year 365."
_HOURS = {"h": 1, "d": 24, "w": 168}
_UNITS = {"h": "hour", "d": "day", "w": "week"}


def timeframe(window: ast.Window | None, words: Words) -> dict[str, Any]:
    """The date filter of a window on events or on times. Raises Impossible."""
    match window:
        case None | ast.Ever():
            return {"type": "date", "operator": "alltime"}
        case ast.InLast(length) | ast.Relative("since", ast.Ago(length, False)):
            return {"type": "date", "operator": "in-the-last", **length_of(length, words)}
        case ast.InNext(length):
            return {"type": "date", "operator": "in-the-next", **length_of(length, words)}
        case ast.MoreThanAgo(length) | ast.Relative("before", ast.Ago(length, False)):
            return {"type": "date", "operator": "at-least", **length_of(length, words)}
        case ast.BetweenAgo(one, other):
            found = [length_of(one, words), length_of(other, words)]
            if found[0]["unit"] != found[1]["unit"]:
                hours = {"hour": 1, "day": 24, "week": 168}
                unit = "hour" if "hour" in (found[0]["unit"], found[1]["unit"]) else "day"
                found = [{"quantity": f["quantity"] * hours[f["unit"]] // hours[unit], "unit": unit} for f in found]
            start, end = sorted(f["quantity"] for f in found)
            return {"type": "date", "operator": "between", "start": start, "end": end, "unit": found[0]["unit"]}
        case ast.Relative("before", moment):
            return {"type": "date", "operator": "before", "date": _written(_start(moment, words))}
        case ast.Relative("since", moment):
            words.notes.add(AT_THE_INSTANT)
            return {"type": "date", "operator": "after", "date": _written(_start(moment, words))}
        case ast.Relative("after", moment):
            if not isinstance(moment, ast.Time):
                words.notes.add(AT_THE_INSTANT)
            return {"type": "date", "operator": "after", "date": _written(_end(moment, words))}
        case ast.Relative("on", ast.Date() as day):
            return _static(_start(day, words), _end(day, words), words)
        case ast.BetweenMoments(start_, end_):
            last = _start(end_, words) if isinstance(end_, ast.Time) else _end(end_, words)
            return _static(_start(start_, words), last, words)
        case _:
            raise no_form("a period of the calendar, or a day that moves with now")


def of_date(window: ast.Window, words: Words) -> dict[str, Any]:
    """The date filter of a window on a date without a time, which counts as its midnight in UTC there.

    Raises Impossible.
    """

    def day(moment: ast.Moment, later: int = 0) -> str:
        found = words.value(moment) if isinstance(moment, ast.Name) else moment
        if not isinstance(found, ast.Date):
            raise no_form("a day that moves with now")
        try:
            return _written(datetime.combine(found.value + timedelta(days=later), datetime.min.time(), UTC))
        except OverflowError:
            raise Impossible("There is no day beside it.") from None

    match window:
        case ast.Relative("before" | "after" as word, moment) if not isinstance(moment, ast.Ago):
            return {"type": "date", "operator": word, "date": day(moment)}
        case ast.Relative("since", moment) if not isinstance(moment, ast.Ago):
            return {"type": "date", "operator": "after", "date": day(moment, -1)}
        case ast.Relative("on", moment):
            words.notes.add(LAST_DAY)
            return {"type": "date", "operator": "between-static", "start": day(moment), "end": day(moment)}
        case ast.BetweenMoments(start, end):
            words.notes.add(LAST_DAY)
            return {"type": "date", "operator": "between-static", "start": day(start), "end": day(end)}
        case _:
            words.notes.add(WHOLE_DAYS)
            return timeframe(window, words)


def _static(start: datetime, end: datetime, words: Words) -> dict[str, Any]:
    words.notes.add(AT_THE_INSTANT)
    return {"type": "date", "operator": "between-static", "start": _written(start), "end": _written(end)}


def length_of(length: ast.Length, words: Words) -> dict[str, Any]:
    """`quantity` and `unit`. Raises Impossible where no unit fits."""
    found = words.length(length)
    count, unit = found.count, found.unit
    if unit in ("mo", "y"):
        words.notes.add(MONTHS)
        count, unit = count * (30 if unit == "mo" else 365), "d"
    if unit in ("s", "min"):
        size = 3600 if unit == "s" else 60
        if count % size:
            raise no_form("minutes and seconds")
        count, unit = count // size, "h"
    if unit != "h" and words.setting.catalog.timezone != "UTC":
        words.notes.add(UTC_STEPS)
    return {"quantity": count, "unit": _UNITS[unit]}


def _start(moment: ast.Moment, words: Words) -> datetime:
    found = words.value(moment) if isinstance(moment, ast.Name) else moment
    zone = zone_of(words.setting.catalog.timezone)
    if isinstance(found, ast.Date):
        return midnight(found.value, zone)
    if isinstance(found, ast.Time):
        at = found.value
        return at if at.tzinfo is not None else resolve(at, zone)
    raise no_form("a day that moves with now")


def _end(moment: ast.Moment, words: Words) -> datetime:
    found = words.value(moment) if isinstance(moment, ast.Name) else moment
    if isinstance(found, ast.Date):
        if found.value == date.max:
            raise Impossible("There is no day after it.")
        return _start(ast.Date(found.value + timedelta(days=1)), words)
    return _start(moment, words)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
