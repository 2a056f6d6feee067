"""Months and days that come each year: of this year and of the last."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from ... import ast
from ...calendar import add_months
from ...catalog import fold
from ...errors import Fix
from ...parser.builders.literals import month_and_day
from ...source import Span
from ...words import say, word, words
from ..scope import Scope, fail
from .suggestions import Help

_IN = re.compile(r"\b(?:in|during)(?:\s+the)?\s+$", re.IGNORECASE)


def period_meant(scope: Scope, name: ast.Name) -> Help:
    """`in October`, `in Q3`: this year's and last year's, by their days. `in this month` says `in` for nothing."""
    before = _IN.search(name.span.source.text, 0, name.span.start)
    if before is None or name.quoted is not None:
        return ()
    whole = Span(name.span.source, before.start(), name.span.end)
    if fold(name.text).removesuffix(f" {word('SO_FAR')}") in words().senses["PERIOD"]:
        return "say", Fix(whole, fold(name.text))
    if not (found := _months_of(scope, name)):
        return ()
    first, months = found
    return "say of which year:", *(_window_of(add_months(first, -ago), months, whole) for ago in (0, 12))


def moment_meant(scope: Scope, name: ast.Name) -> Help:
    """`since January`: of this year and of the last; after a period its last day counts."""
    if name.quoted is not None or not (found := _months_of(scope, name)):
        return ()
    first, months = found
    text = name.span.source.text[: name.span.start].lower().rstrip()
    if found[1] == 0:
        return "say of which year:", *(Fix(name.span, str(add_months(found[0], -ago))) for ago in (0, 12))
    shown = [add_months(first, -ago) for ago in (0, 12)]
    if text.endswith(word("RELATIVE", "after")):
        shown = [add_months(day, months) - timedelta(days=1) for day in shown]
    return "say of which year:", *(Fix(name.span, str(day)) for day in shown)


def _months_of(scope: Scope, name: ast.Name) -> tuple[date, int] | None:
    """The first day of a month, quarter or half of this year, and its length in months: 0 for a day."""
    said, known = fold(name.text).removeprefix(f"{word('THE')} "), words().senses
    month, day = month_and_day(said) or (0, 0)
    if 1 <= day <= (monthrange(scope.today.year, month)[1] if month else 0):
        return scope.today.replace(month=month, day=day), 0
    for kind, months in (("MONTH", 1), ("QUARTER", 3), ("HALF", 6)):
        if number := known[kind].get(said):
            return scope.today.replace(month=(int(number) - 1) * months + 1, day=1), months
    return None


def _window_of(first: date, months: int, whole: Span) -> Fix:
    last = add_months(first, months) - timedelta(days=1)
    return Fix(whole, say("BETWEEN {} AND {}", str(first), str(last)))


def ends_meant(scope: Scope, window: ast.BetweenMoments) -> None:
    """`between 1 June and 31 August`: both ends of one year, or of one and the next. Raises SegQLError."""
    names = [one for one in (window.start, window.end) if isinstance(one, ast.Name) and one.quoted is None]
    if len(names) < 2 or any(scope.value(name) is not None for name in names):
        return
    low, high = (_months_of(scope, name) for name in names)
    if low is None or high is None:
        return
    last = add_months(high[0], high[1]) - timedelta(days=1 if high[1] else 0)
    first = low[0] if low[0] <= last else add_months(low[0], -12)
    fixes = [Fix(window.span, say("BETWEEN {} AND {}", str(add_months(first, -ago)), str(add_months(last, -ago))))
             for ago in (0, 12)]  # fmt: skip
    fail("unknown-name", f"`{names[0].text}` comes each year.", window.span, "say of which year:", *fixes)
