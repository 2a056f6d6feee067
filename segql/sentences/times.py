"""Times in words of SegQL: days that have a name, seasons, weeks by their number, parts of years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from ..parser.mistakes.slips.forms import NUMBERS
from ..words import words
from . import days
from .alike import UNIT, alike
from .days import DAYS, feast
from .periods import several
from .tokens import Token
from .vocabulary import meanings


def with_dates(text: str, found: tuple[Token, ...], today: date) -> Iterator[tuple[str, str]]:
    """The sentence with a time in the words of SegQL; the note is a year, or empty, where nothing else can be meant.

    `Black Friday 2025` is its date; without a year there are two, of this year and of the last.
    """
    if in_order := list(days.first_of_all(text)):
        yield from in_order
        return
    if (written := alike(text)) != text:
        yield written, ""
        return
    ways = (
        several,
        _than,
        _weekend,
        _last_day,
        _part_of,
        days.instead,
        days.months_long,
        days.since_a_day,
        days.before_yesterday,
        days.a_year_before,
        _on_a_day,
        _ends,
        _since_last,
        _last_month,
        _stretches,
        _of_late,
        _far,
        days.beside,
    )
    for one in (
        _shared_year(text),
        *(way(text, today) for way in ways),
        days.beside(text, today),
        _feasts(text, found, today),
    ):
        if read := list(one):
            yield from read
            return


_ON_A_DAY = re.compile(rf"\bon (?P<day>{'|'.join(DAYS)})\b(?! (?:or|and) )", re.IGNORECASE)


def _on_a_day(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`ordered on Monday`: on any, or on the last one."""
    if (found := _ON_A_DAY.search(text)) and not re.search(r"\bon\b", text[found.end() :]):
        last = today - timedelta(days=(today.weekday() - DAYS.index(found["day"].lower()) - 1) % 7 + 1)
        yield f"{text[: found.start()]}on a {found['day']}{text[found.end() :]}", "any of them"
        yield f"{text[: found.start()]}on {last}{text[found.end() :]}", "the last one"


def _weekend(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`last weekend`: Saturday and Sunday of the week before this one."""
    if found := re.search(r"\b(?:(?:on|over|during) )?(?:the )?(?:last|past) weekend\b", text, re.IGNORECASE):
        monday = today - timedelta(days=today.weekday())
        first, last = monday - timedelta(days=2), monday - timedelta(days=1)
        yield (
            f"{text[: found.start()]}between {first} and {last}{text[found.end() :]}",
            "" if today.weekday() < 5 else str(first),
        )


def _last_day(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`since last Monday`: the latest one, or that of last week."""
    form = rf"\b(?:(?P<way>on|since|before|after|until) )?last (?P<day>{'|'.join(DAYS)})\b"
    if found := re.search(form, text, re.IGNORECASE):
        at = DAYS.index(found["day"].lower())
        latest = today - timedelta(days=(today.weekday() - at - 1) % 7 + 1)
        of_last_week = today - timedelta(days=today.weekday() + 7 - at)
        for day, note in {latest: "the latest one", of_last_week: "of last week"}.items():
            yield (
                f"{text[: found.start()]}{found['way'] or 'on'} {day}{text[found.end() :]}",
                note if latest != of_last_week else "",
            )


def _part_of(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`in the first 3 months of 2026`."""
    number = rf"(?P<number>\d+|{'|'.join(NUMBERS)})"
    form = rf"\b(?:in|within|during) the (?P<side>first|last) {number} months of (?P<year>20\d\d)\b"
    if found := re.search(form, text, re.IGNORECASE):
        months, year = int(NUMBERS.get(found["number"].lower(), found["number"])), int(found["year"])
        if 0 < months < 12:
            first = date(year, 1, 1) if found["side"].lower() == "first" else date(year, 13 - months, 1)
            last = date(year, months + 1, 1) - timedelta(days=1) if first.month == 1 else date(year, 12, 31)
            yield f"{text[: found.start()]}between {first} and {last}{text[found.end() :]}", ""


def _than(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`more in October than in September`: of one year, this or the last."""
    months = "|".join(words().senses["MONTH"])
    form = rf"\b(?:in|during) (?P<one>{months}) than (?:in |during )?(?P<other>{months})(?P<year> 20\d\d)?(?! 20\d\d)\b"
    if found := re.search(form, text, re.IGNORECASE):
        for year in (int(found["year"]),) if found["year"] else (today.year, today.year - 1):
            both = f"in {found['one']} {year} than in {found['other']} {year}"
            yield f"{text[: found.start()]}{both}{text[found.end() :]}", "" if found["year"] else str(year)


_ENDS = re.compile(
    r"\b(?P<way>since|from|after|until|till|by|before|up to) the (?P<side>start|beginning|end) of "
    r"(?:(?:the|this) (?P<unit>year|month|quarter)|(?P<month>[a-z]+)(?: (?P<year>20\d\d))?|(?P<whole>20\d\d))\b",
    re.IGNORECASE,
)


def _ends(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`since the start of the year`, `until the end of June 2026`: by the first day of what begins there."""
    if (found := _ENDS.search(text)) is None:
        return
    month = int(words().senses["MONTH"].get((found["month"] or "").lower(), 0))
    unit = (found["unit"] or ("month" if month else "year")).lower()
    if found["month"] and not month:
        return
    said = found["year"] or found["whole"]
    years = (today.year, today.year - 1) if month and not said else (int(said or today.year),)
    for year in years:
        first = date(year, month or today.month, 1)
        first = {"year": first.replace(month=1), "quarter": first.replace(month=(first.month - 1) // 3 * 3 + 1)}.get(
            unit, first
        )
        if found["side"].lower() == "end":
            length = {"year": 12, "quarter": 3}.get(unit, 1)
            months = first.month - 1 + length
            first = date(first.year + months // 12, months % 12 + 1, 1)
        way = "since" if found["way"].lower() in ("since", "from", "after") else "before"
        note = str(year) if len(years) > 1 else ""
        yield f"{text[: found.start()]}{way} {first}{text[found.end() :]}", note


def _since_last(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`since last year`: from its first day on, or from its end; `from last year` may be within it."""
    form = rf"\b(?P<way>since|from) last (?P<unit>week|month|quarter|year)\b(?! {UNIT})"
    if found := re.search(form, text, re.IGNORECASE):
        unit = found["unit"].lower()
        months = {"month": 1, "quarter": 3, "year": 12}.get(unit, 0)
        number = (today.year * 12 + today.month - 1) // max(months, 1) * max(months, 1)
        end = date(number // 12, number % 12 + 1, 1) if months else today - timedelta(days=today.weekday())
        before = date((number - months) // 12, (number - months) % 12 + 1, 1) if months else end - timedelta(days=7)
        if found["way"].lower() == "from":
            yield f"{text[: found.start()]}last {unit}{text[found.end() :]}", "in it"
        for first, note in ((before, "from its first day"), (end, "from its end")):
            yield f"{text[: found.start()]}since {first}{text[found.end() :]}", note


def _last_month(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`last December`: the latest one that is over, or that of last year."""
    months = "|".join(one for one in words().senses["MONTH"] if one != "may")
    if found := re.search(rf"\b(?:(?:in|during) )?last (?P<month>{months})\b", text, re.IGNORECASE):
        month = int(words().senses["MONTH"][found["month"].lower()])
        for year in (today.year,) * (month < today.month) + (today.year - 1,):
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            window = f"between {date(year, month, 1)} and {last}"
            yield f"{text[: found.start()]}{window}{text[found.end() :]}", str(year)


_OF_LATE = re.compile(
    r"\s*\b(?:lately|recently|of late|these days|(?:in|for) (?:a while|ages|some time|a long time))(?= |$)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r",?(?: (?:and|or|but|who)\b|[.?!]?$)", re.IGNORECASE)
_LATE = "in the last 90 days"


def _of_late(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`ordered recently`, `has recently ordered`: how long, nobody said."""
    if found := _OF_LATE.search(text):
        rest = text[found.end() :]
        end = _CLAUSE_END.search(rest)
        assert end is not None
        said = found[0].strip()
        note = f'for example: "{said}" may be longer or shorter'
        yield f"{text[: found.start()]}{rest[: end.start()]} {_LATE}{rest[end.start() :]}".strip(), note


def _far(text: str, today: date) -> Iterator[tuple[str, str]]:
    """`more than 50 km from any store`: not near it; where somebody is may not be known."""
    form = r"^(?:(?:lives?|living|are|is) )?(?:more than|over) (\d+ ?(?:km|miles?|mi|kilomet(?:er|re)s?)) from\b"
    if (written := re.sub(form, r"not within \1 of", text, flags=re.IGNORECASE)) != text:
        yield written, "or nobody knows where"


def _shared_year(text: str) -> Iterator[tuple[str, str]]:
    """`from January to March 2026`: one year for both."""
    months = "|".join(words().senses["MONTH"])
    form = rf"\b(?:from|between) ({months}) (?:to|until|till|through|and|-) ({months}) (20\d\d)\b"
    form_in = rf"\bin ({months}) (?:to|until|till|through|-) ({months}) (20\d\d)\b"
    for one in (form, form_in):
        written = re.sub(one, r"between \1 \3 and \2 \3", text, flags=re.IGNORECASE)
        if written != text:
            yield written, ""
            return


def _feasts(text: str, found: tuple[Token, ...], today: date) -> Iterator[tuple[str, str]]:
    """The sentence with a day that has a name as its date."""
    words = [token.folded for token in found]
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            said = " ".join(token.folded for token in found[at : at + size])
            if feast(said, today.year) is None:
                continue
            end = at + size
            year = found[end].text if end < len(found) and re.fullmatch(r"20\d\d", found[end].text) else ""
            which = " ".join(token.folded for token in found[end : end + 2])
            if which in ("last year", "this year"):
                year = str(today.year - (which == "last year"))
                end += 1
            start, stop = found[at].start, found[end - (not year)].end
            before = re.sub(r"\bduring$", "", said_before := text[:start].rstrip(), flags=re.IGNORECASE).rstrip()
            alone = ", that day alone" if before != said_before else ""
            years = (int(year),) if year else (today.year, today.year - 1)
            if not year and before.casefold().endswith(" last"):
                before, past = before[: -len(" last")], feast(said, today.year)
                years = (today.year - (past is None or past >= today),)
            for one in years:
                day = feast(said, one)
                timed = ("on", "since", "before", "after", "until", "from", "to", "between")
                on = "" if at and (before.casefold().endswith(timed) or "between" in words[:at]) else "on "
                yield f"{before} {on}{day}{text[stop:]}".strip(), f"{one}{alone}"
            return


_WEEK = re.compile(r"\b(?:in|during) week (?P<week>\d\d?)(?: (?:of|in))?(?P<year> 20\d\d)?\b", re.IGNORECASE)


def _stretches(text: str, today: date) -> Iterator[tuple[str, str]]:
    """The sentence with a season, or a week by its number (ISO 8601), as its days; without a year, of two."""
    seasons = "|".join(meanings("SEASON"))
    named = re.compile(rf"\b(?:in|during) (?:the )?(?P<season>{seasons})(?: of)?(?P<year> 20\d\d)?\b", re.IGNORECASE)
    for form in (named, _WEEK):
        if (found := form.search(text)) is None:
            continue
        for year in (int(found["year"]),) if found["year"] else (today.year, today.year - 1):
            if form is _WEEK:
                try:
                    first, last = (date.fromisocalendar(year, int(found["week"]), day) for day in (1, 7))
                except ValueError:
                    return
                note = str(year)
            else:
                begin, end = map(int, meanings("SEASON")[found["season"].lower()].split("-"))
                first = date(year, begin, 1)
                last = date(year + (end < begin), end + 1, 1) - timedelta(days=1)
                note = f"{first:%B} to {last:%B %Y}"
            yield f"{text[: found.start()]}between {first} and {last}{text[found.end() :]}", note
        return


__all__ = ["with_dates"]
