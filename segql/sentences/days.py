"""More times in words of SegQL: `since Monday`, `in the week before Christmas`, `within a month of`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from ..parser.mistakes.slips.forms import NUMBERS
from .vocabulary import meanings

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def feast(said: str, year: int) -> date | None:
    """A day of the year that has a name: `Christmas`, `Black Friday` (after the fourth Thursday of November)."""
    known = meanings("FEAST").get(said)
    if known in ("black friday", "cyber monday"):
        first = date(year, 11, 1)
        friday = first + timedelta(days=(3 - first.weekday()) % 7 + 22)
        return friday if known == "black friday" else friday + timedelta(days=3)
    return date(year, *map(int, known.split("-"))) if known else None


def stretch(said: str, today: date) -> tuple[date, date] | None:
    """The first and last day of `next month`, `last week`, `today`."""
    if said in ("today", "tomorrow", "yesterday"):
        day = today + timedelta(days={"today": 0, "tomorrow": 1, "yesterday": -1}[said])
        return day, day
    if found := re.fullmatch(r"(?:in|within) the next (?P<number>\d{1,3}) (?P<unit>day|week)s?", said):
        return today, today + timedelta(days=int(found["number"]) * {"day": 1, "week": 7}[found["unit"]])
    which, _, unit = said.partition(" ")
    if which not in ("last", "this", "next") or unit not in ("week", "month"):
        return None
    by = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        monday = today + timedelta(days=7 * by - today.weekday())
        return monday, monday + timedelta(days=6)
    months = today.year * 12 + today.month - 1 + by
    first, after = (date(one // 12, one % 12 + 1, 1) for one in (months, months + 1))
    return first, after - timedelta(days=1)


def first_of_all(text: str) -> Iterator[tuple[str, str]]:
    """`first viewed a product, then ordered`: in this order, or the very first view."""
    if found := re.search(r"(?:^|(?<=who ))first (?P<one>\w+ed .+?), (?:and )?then (?P<then>.+)", text, re.IGNORECASE):
        before, both = text[: found.start()], f"{found['one']} then {found['then']}"
        yield f"{before}{both}", "in this order"
        yield f"{before}first {both}", "the very first"


def instead(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`viewed grinders but bought beans instead`: both; that the first was not done as well is said apart."""
    if found := re.search(r"^(?P<both>.+\b(?:but|and) .+) instead[.?!]?$", text, re.IGNORECASE):
        yield found["both"], 'without "instead": both of them'


def months_long(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`within a month of the first order`: what follows is told in days."""
    form = (
        rf"\bwithin (?P<number>an?|\d+|{'|'.join(NUMBERS)}) (?P<unit>month|year)s?(?= (?:of|after|afterwards|later)\b)"
    )
    if found := re.search(form, text, re.IGNORECASE):
        said, unit = found["number"].lower(), found["unit"].lower()
        count, days = 1 if said in ("a", "an") else int(NUMBERS.get(said, said)), 30 if unit == "month" else 365
        yield f"{text[: found.start()]}within {count * days}d{text[found.end() :]}", f"a {unit} as {days} days"


def since_a_day(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`ordered since Monday`: since the latest one; on a Monday since today, or since that of last week."""
    if found := re.search(rf"\bsince (?P<day>{'|'.join(DAYS)})\b", text, re.IGNORECASE):
        last = today - timedelta(days=(today.weekday() - DAYS.index(found["day"].lower())) % 7)
        for day, note in ((last, "today"), (last - timedelta(days=7), "last week")) if last == today else ((last, ""),):
            yield f"{text[: found.start()]}since {day}{text[found.end() :]}", note


def before_yesterday(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`the day before yesterday`."""
    if found := re.search(r"\b(?:on )?the day before yesterday\b", text, re.IGNORECASE):
        yield f"{text[: found.start()]}on {today - timedelta(days=2)}{text[found.end() :]}", ""


def a_year_before(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`more this month than in the same month last year`: all of it; `the same period`: its days up to this one."""
    form = (
        r"\bthis (?P<unit>month|quarter|year)\b(?P<mid>.*?)\b(?:in |during )?the same "
        r"(?P<of>month|quarter|period|time) (?:of |in )?(?:last year|the year before|a year ago)\b"
    )
    found = re.search(form, text, re.IGNORECASE)
    if found is None or found["of"].lower() not in ("period", "time", found["unit"].lower()):
        return
    months = {"month": 1, "quarter": 3, "year": 12}[found["unit"].lower()]
    first = (today.month - 1) // months * months + 1
    end = date(today.year - 1 + (first - 1 + months) // 12, (first - 1 + months) % 12 + 1, 1) - timedelta(days=1)
    if found["of"].lower() in ("period", "time"):
        end = today.replace(year=today.year - 1, day=min(today.day, 28) if today.month == 2 else today.day)
    window = f"between {date(today.year - 1, first, 1)} and {end}"
    yield f"{text[: found.start()]}this {found['unit']}{found['mid']}{window}{text[found.end() :]}", ""


_SIDES = "before|after|leading up to|following|preceding"
_BESIDE = re.compile(
    rf"\b(?:(?:in|during|within|on|over) )?the (?:(?P<number>\w+) )?(?P<unit>day|week)s? (?P<side>{_SIDES}) "
    r"(?P<name>[a-z][a-z' ]*?|20\d\d-\d\d-\d\d)(?: (?P<year>20\d\d|last year|this year))?"
    r"(?=$|[.,?!]| (?:and|or|but|who)\b)",
    re.IGNORECASE,
)


def beside(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`in the week before Christmas 2025`: the seven days before it, or that week; without a year of two."""
    if (found := _BESIDE.search(text)) is None:
        return
    said, unit = (found["number"] or "one").lower(), found["unit"].lower()
    number, year = str(NUMBERS.get(said, said)), (found["year"] or "").lower()
    if not number.isdigit() or not 0 < int(number) < 100:
        return
    length = int(number) * {"day": 1, "week": 7}[unit]
    years = (int(year),) if year.isdigit() else {"last year": (today.year - 1,), "this year": (today.year,)}.get(year)
    for one in years or (today.year, today.year - 1):
        day = date.fromisoformat(found["name"]) if found["name"][0].isdigit() else feast(found["name"].lower(), one)
        if day is None:
            return
        is_before = found["side"].lower() in ("before", "leading up to", "preceding")
        first, last = (day - timedelta(days=length), day - timedelta(days=1))
        if not is_before:
            first, last = (day + timedelta(days=1), day + timedelta(days=length))
        monday = day - timedelta(days=day.weekday() + 7 * (1 if is_before else -1))
        weeks = [(first, last)]
        if (unit, length) == ("week", 7):
            weeks += [(monday, monday + timedelta(days=6))] * (monday != first)
        for start, end in weeks:
            which = f"{one}" * (not years and not found["name"][0].isdigit())
            span = "these seven days" if (start, end) == weeks[0] else "Monday to Sunday"
            note = "; ".join(filter(None, (which, span * (len(weeks) > 1))))
            window = f"between {start} and {end}" if start != end else f"on {start}"
            yield f"{text[: found.start()]}{window}{text[found.end() :]}", note


__all__ = [
    "DAYS",
    "a_year_before",
    "before_yesterday",
    "beside",
    "feast",
    "first_of_all",
    "instead",
    "months_long",
    "since_a_day",
]
