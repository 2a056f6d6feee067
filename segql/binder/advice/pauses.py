"""What was done for the first time in so long: for the first time ever, or again after that long without it."""

from __future__ import annotations

import re
from dataclasses import replace

from ... import ast
from ...catalog import Catalog
from ...errors import Fix
from ...formatter import format_name
from ...parser.engine.lexer import in_digits
from ...words import word

FIRST_TIME = r"for the (?:first|1st) time"
_SO_LONG = re.compile(
    r" +in +(?P<count>an? |[0-9]+ ?|[a-z]+ )(?P<unit>d|days?|w|weeks?|mo|months?|y|years?)\b", re.IGNORECASE
)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def after_a_pause(catalog: Catalog, name: ast.Name) -> list[Fix] | None:
    """`ordered for the first time in a year`, which is no window to most who say so; `in the last year` is one.

    None where that is not said. Without fixes for numbers of months and the like, which in days would be other numbers.
    """
    found = re.fullmatch(rf"(?P<event>.+) {FIRST_TIME}", name.words, re.IGNORECASE)
    length = _SO_LONG.match(name.span.source.text, name.span.end)
    if found is None or length is None:
        return None
    count = in_digits(length["count"].strip())
    if not (count.isdigit() or count.lower() in ("a", "an")):
        return None
    unit, number = length["unit"][0].lower(), int(count) if count.isdigit() else 1
    if number > 1 and unit != "d":
        return []
    days = _DAYS[unit] * number
    whole, fixes = replace(name.span, end=length.end()), list[Fix]()
    event = catalog.find_event(found["event"])
    for one in map(format_name, (event,) if event else catalog.events_meant(found["event"])):
        again = f"{word('EDGE', 'last')} {one} {word('HAS', 'one')} days since previous >= {days}"
        fixes.append(Fix(whole, f"{word('EDGE', 'first')} {one}{length[0]}", "for the first time ever"))
        fixes.append(Fix(whole, again, "again after so long without"))
    return fixes


__all__ = ["FIRST_TIME", "after_a_pause"]
