"""Several months, quarters or years in a row: `in January or February`, `in both Q1 and Q2 of 2026`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from ..words import spellings, words

_MONTHS = "|".join(words().senses["MONTH"])
_ONE = rf"(?:(?:{_MONTHS}|q[1-4])(?:,? (?:of )?20\d\d)?|20\d\d)"
_SEVERAL = re.compile(
    rf"\b(?:in|during) (?P<way>both |either |any of |all of )?(?P<first>{_ONE}(?:, {_ONE})*),? (?P<link>and|or) "
    rf"(?P<again>(?:in|during) )?(?P<last>{_ONE})\b",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?P<part>{_MONTHS}|q[1-4])?(?:,? ?(?:of )?(?P<year>20\d\d))?", re.IGNORECASE)
_JOINT = re.compile(r",| (?:and|or|but|who|that)\b|[.?!]", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|never|no|without)\b|n['’]t\b", re.IGNORECASE)
_WHO = re.compile(rf"(?:(?:all|the|our|any) )?(?:(?:{'|'.join(spellings('PEOPLE'))}) (?:who|that))?", re.IGNORECASE)
_COUNTED = re.compile(
    r"\d|\b(?:once|twice|thrice|times|only|just|first|last|average|total|spent|number"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b",
    re.IGNORECASE,
)
"""Of what happens so often, or of a sum, two months apart say something else than both together."""


def several(text: str, today: date) -> Iterator[tuple[str, str]]:
    """The sentence with the days of each of several periods, and which of its readings that is.

    Where a year is missing they are of this year and of the last. What is denied of one or another is denied of all.
    """
    found = _SEVERAL.search(text)
    parts = _parts(found) if found else None
    if found is None or parts is None:
        return
    years = (today.year, today.year - 1) if parts[-1][1] is None else (0,)
    for year in years:
        spans = [_days(part, of or year) for part, of in parts]
        for written, note in _read(text, found, spans):
            yield written, "; ".join(filter(None, (str(year) if year else "", note)))


def _parts(found: re.Match[str]) -> list[tuple[str, int | None]] | None:
    """Each period by its name and its year; a year behind the last is that of all. None where some lack theirs."""
    said = [*found["first"].split(", "), found["last"]]
    parts = [
        (one["part"] or "", int(one["year"]) if one["year"] else None) for one in map(_PART.fullmatch, said) if one
    ]
    years_alone = [not part for part, _ in parts]
    if len(parts) != len(said) or (any(years_alone) and not all(years_alone)):
        return None
    before = found.string[: found.start()]
    is_each = found["link"].lower() == "and" and found["again"] and _COUNTED.search(before)
    if all(years_alone) and len(said) == 2 and not found["way"] and not is_each and not _DENIED.search(before):
        return None  # its helps know more of the event
    if all(year is None for _, year in parts[:-1]):
        return [(part, parts[-1][1]) for part, _ in parts]
    return parts if all(year is not None for _, year in parts) else None


def _days(part: str, year: int) -> tuple[date, date]:
    """The first and the last day of a period of a year."""
    if not part:
        return date(year, 1, 1), date(year, 12, 31)
    is_quarter = part[1:].isdigit()
    first = int(part[1:]) * 3 - 2 if is_quarter else int(words().senses["MONTH"][part.lower()])
    after = first + (3 if is_quarter else 1)
    return date(year, first, 1), date(year + after // 13, (after - 1) % 12 + 1, 1) - timedelta(days=1)


def _read(text: str, found: re.Match[str], spans: list[tuple[date, date]]) -> Iterator[tuple[str, str]]:
    """What is said of several periods: of one or another, of each, of all together."""
    starts = [one.end() for one in _JOINT.finditer(text, 0, found.start())]
    start = max(starts, default=0)
    behind = _JOINT.search(text, found.end())
    stop = behind.start() if behind else len(text)
    before, head, rest = text[:start], text[start : found.start()].strip(), text[found.end() : stop]
    tail, link, way = text[stop:], found["link"].lower(), (found["way"] or "").lower()
    if not head:
        return
    gap = " " if before and not before.endswith(" ") else ""
    is_beside = bool(tail.strip(" .?!") or not _WHO.fullmatch(before.strip()))

    def apart(join: str) -> str:
        each = f" {join} ".join(f"{head} between {first} and {last}{rest}" for first, last in spans)
        return f"{before}{gap}({each}){tail}" if is_beside else f"{before}{gap}{each}{tail}"

    in_a_row = all(one[1] + timedelta(days=1) == other[0] for one, other in pairwise(spans))
    together = f"{before}{gap}{head} between {spans[0][0]} and {spans[-1][1]}{rest}{tail}"
    is_denied, is_counted = bool(_DENIED.search(head)), bool(_COUNTED.search(f"{head} {rest}"))
    if is_denied and (link == "and" or is_counted):
        return
    if is_denied:
        yield (together if in_a_row else apart("and")), ""
    elif link == "or":
        if in_a_row:
            yield together, "over all of them" if is_counted else ""
        if not in_a_row or is_counted:
            yield apart("or"), "in one of them" if is_counted else ""
    else:
        is_each = bool(way or found["again"])
        if in_a_row and not is_each:
            yield together, "in either"
        yield apart("and"), "in each" if in_a_row and not is_each else ""


__all__ = ["several"]
