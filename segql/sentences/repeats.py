"""How often in which time: `once a month`, `every week for two months`, `twice in the same week`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ..formatter import format_name
from ..words import say, word
from .people import People
from .said import Said, joined
from .slots import often_
from .telling import Around, told
from .verbs import Verbs

_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_FOR_EXAMPLE = {"day": 7, "week": 8, "month": 12, "quarter": 4, "year": 2}
"""So many periods, where nobody said for how long."""
_MOST_STEPS = 8
_LENGTH = re.compile(r"(?:(?P<number>\d+) ?)?(?P<unit>[a-z]+?)s?")


def _window(found: Mapping[str, Any]) -> str:
    return f" {found['w']}" if "w" in found else ""


def _periods(unit: str, length: str) -> tuple[int, bool]:
    """How many of a unit a length has, and whether that is exact: 2 months are 8 weeks, about."""
    found = _LENGTH.fullmatch(length.lower())
    of = found["unit"] if found else ""
    if found is None or of not in _DAYS or _DAYS[of] < _DAYS[unit]:
        return 0, False
    number = int(found["number"] or 1)
    whole = {("month", "year"): 12, ("month", "quarter"): 3, ("quarter", "year"): 4, ("day", "week"): 7}.get((unit, of))
    if unit == of or whole:
        return number * (whole or 1), True
    return number * (_DAYS[of] // _DAYS[unit]), False


def in_each(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered once a month for 6 months`, `opened emails every week`: in each of so many."""
    event, around = found["p"] if "p" in found else (found["e"], Around())
    unit, often = found["u"], found.get("t", around.times)
    if "c" in found:
        often = often_(found["c"])
    if around.window or (around.times and "t" in found):
        return
    count, is_exact = _periods(unit, found["d"]) if "d" in found else (_FOR_EXAMPLE[unit], False)
    note = "" if is_exact else f"for example in {count} {unit}s"
    for times in _times(often):
        for one in told(event, replace(around, times=times)) if count else ():
            units = f"{unit}s" if count > 1 else unit
            units = "periods of 3 months" if unit == "quarter" else units
            text = say("{} IN AT_LEAST {} OF_THE_LAST {} {}", one.text, str(count), str(count), units)
            least = "or more often" * (times != often)
            said = "; ".join(filter(None, (note, least)))
            yield replace(one, text=text, sure=one.sure and is_exact and len(_times(often)) == 1, note=said)
            if "d" not in found and times:
                yield Said(f"{one.text} {word('IN_THE_LAST')} 1 {unit}", "", False, f"in the last {unit} alone")


def in_quarters(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered in each of the last 3 quarters`: those of the calendar, each said alone, or counted back from now."""
    (event, around), count = found["p"], int(found["n"]) if found.get("n", "4").isdigit() else 0
    if around.window or not 2 <= count <= _MOST_STEPS:
        return
    for times in _times(around.times):
        around = replace(around, times=times)
        for now, note in ((0, "those of the calendar that are over"), (1, "with the one that goes on")):
            first = people.today.year * 4 + (people.today.month - 1) // 3 - count + now
            yield from _in_all(event, around, range(first, first + count), note)
        for one in told(event, around):
            text = say("{} IN AT_LEAST {} OF_THE_LAST {} {}", one.text, str(count), str(count), "periods of 3 months")
            yield Said(text, "", False, "counted back from now")


def in_every_quarter(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered every quarter this year`: in each quarter of it; of a year that goes on, so far."""
    (event, around), today = found["p"], people.today
    if not around.window and (year := found["v"]) <= today.year:
        count = 4 if year < today.year else (today.month + 2) // 3
        for times in _times(around.times):
            quarters = range(year * 4, year * 4 + count)
            yield from _in_all(event, replace(around, times=times), quarters, "so far" * (year == today.year))


def _in_all(event: str, around: Around, quarters: range, note: str) -> Iterator[Said]:
    """The same in each of some quarters, by their numbers since the year 0."""
    parts = []
    for one in quarters:
        first, after = (date(number // 4, number % 4 * 3 + 1, 1) for number in (one, one + 1))
        parts += list(told(event, replace(around, window=f"between {first} and {after - timedelta(days=1)}")))
    both = joined(parts, "AND")
    yield both.unsure(note) if note or len(parts) != len(quarters) else both


def _times(often: str) -> tuple[str, ...]:
    """How often it was in each: once is once at least."""
    if often in ("", "exactly once", "at least once", "at least 1 times", "exactly 1 times"):
        return ("",)
    return (often.replace("exactly", "at least"), often) if often.startswith("exactly") else (often,)


def in_one(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered twice in the same week`, `more than once in a single day`: so often, told as a sequence."""
    event, around = found["p"]
    often = found.get("t", around.times)
    if around.window or (around.times and "t" in found) or around.each or around.either:
        return
    unit = found["u"]
    within, same, note = {
        "hour": ("1h", "", ""), "day": ("25h", f" {say('WITH_THE_SAME {}', 'day')}", ""),
        "week": ("7d", "", "at most a week apart: weeks of the calendar cannot be told so"),
        "month": ("31d", f" {say('WITH_THE_SAME {}', 'month')}", ""),
    }.get(unit, ("", "", ""))  # fmt: skip
    if within:
        for one in told(event, replace(around, times="")):
            yield from _chain(one, often, (within, same), note, sure=not note)


def in_any(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered 3 times within 30 days`: in the last 30 days, or in any."""
    event, around = found["p"]
    often = found.get("t", around.times)
    if around.window or (around.times and "t" in found) or around.each or around.either:
        return
    length = _LENGTH.fullmatch(found["d"].lower())
    is_any = "any" in found
    if length is None or not length["number"] or not (often or is_any):
        return
    for one in told(event, replace(around, times=often, window=f"{word('IN_THE_LAST')} {found['d']}")):
        if not is_any:
            yield one.unsure(f"in the last {found['d']}")
    days = {"month": 30, "year": 365}.get(length["unit"], 0)
    within = f"{int(length['number']) * days}d" if days else found["d"]
    for one in told(event, replace(around, times="")):
        note = f"in any {within if days else found['d']}"
        yield from _chain(one, often, (within, ""), note, sure=is_any and not days)


def _chain(one: Said, often: str, within: tuple[str, str], note: str, sure: bool = True) -> Iterator[Said]:
    """So many of one kind after each other in a time; of exactly so many it can be told that there were as many."""
    (length, same), (way, least) = within, least_(often)
    if not 2 <= least <= _MOST_STEPS:
        return
    then = f" {word('THEN')} {one.text}{same}"
    if least == 2:
        text = f"{one.text} {word('THEN')} {one.text} {word('WITHIN')} {length}{same}"
    else:
        text = f"{one.text}{then * (least - 1)} {word('ALL_WITHIN')} {length}"
    more = "or more often" * (way == "=")
    said = "; ".join(filter(None, (note, more)))
    yield Said(text, "", sure and one.sure and not more, said)


def least_(often: str) -> tuple[str, int]:
    """How often at least, and whether just so often was said."""
    number = {"once": 1, "twice": 2}.get(often.rsplit(maxsplit=1)[-1] if often else "", 0)
    number = number or next((int(part) for part in often.split() if part.isdigit()), 0)
    if often.startswith("more than"):
        return ">", number + 1
    if often.startswith("at least"):
        return ">=", number
    return ("=", number) if often.startswith("exactly") else ("", 0)


def gone(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`stopped opening emails 3 months ago`, `no longer orders`: the last was so long ago; how long, it may not say."""
    event, around = found["p"] if "p" in found else (found["e"], Around())
    length = found.get("d", "90d")
    if around.times or around.window or around.each or around.either:
        return
    for one in told(event, around):
        note = "" if "d" in found else "for example"
        yield Said(f"{word('EDGE', 'last')} {one.text} more than {length} ago", "", False, note)


def used_to(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`used to order but hasn't in the last 6 months`: once did, and not in that time."""
    event, around = found["p"]
    if around.times or around.window or around.each or around.either:
        return
    window = found["w"] if "w" in found else f"{word('IN_THE_LAST')} {found['d']}"
    for one in told(event, around):
        for no in told(event, replace(around, window=window), denied=True):
            yield joined((one, no), "AND").unsure("did so once at least")


def fewer(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`haven't made a second purchase`: fewer than two; who never did is among them, or not."""
    number = int(found["n"])
    event = format_name(found["e"])
    some = f"{event} between 1 and {number - 1} times" if number > 2 else f"{event} exactly once"
    yield Said(some, "", False, "there was a first")
    yield Said(f"{event} fewer than {number} times", "", False, "or none at all")


REPEATS = (
    ("{p:done} in|on each|every [one] of_the last|past {n:number} quarters", in_quarters),
    ("{p:done} every|each quarter {v:year}", in_every_quarter),
    ("{p:done} in every|each quarter [of] {v:year}", in_every_quarter),
    ("{p:done} every|each {u:period}", in_each),
    ("{p:done} every|each {u:period} for|in|over|during [the] [last|past] {d:duration}", in_each),
    ("{p:done} every|each {u:period} of the last|past {d:duration}", in_each),
    ("{p:done} {t:times} a|an|per|each|every {u:period}", in_each),
    ("{p:done} {t:times} a|an|per|each|every {u:period} for|in|over|during [the] [last|past] {d:duration}", in_each),
    ("{p:done} a|per|each|every {u:period} for|in|over|during [the] [last|past] {d:duration}", in_each),
    ("[has|have|had|made|placed|with] {c:compared} {e:noun} a|an|per|each|every {u:period}", in_each),
    (
        "[has|have|had|made|placed|with] {c:compared} {e:noun} a|an|per|each|every {u:period} for|in|over|during [the] "
        "[last|past] {d:duration}",
        in_each,
    ),
    (
        "{p:done} {t:times} in|within|on|during the_same|a_single|any_single|one_and_the_same|any_one|any_given|any "
        "{u:period}",
        in_one,
    ),
    (
        "{p:done} in|within|on|during the_same|a_single|any_single|one_and_the_same|any_one|any_given|any {u:period}",
        in_one,
    ),
    ("{p:done} {t:times} within {d:duration}", in_any),
    ("{p:done} within {d:duration}", in_any),
    ("{p:done} {t:times} in|within {any:any} {d:duration}", in_any),
    ("{p:done} in|within {any:any} {d:duration}", in_any),
    ("stopped|quit|ceased {p:done} {d:duration} ago", gone),
    ("[has|have] stopped|quit|ceased {p:done}", gone),
    ("[is|are] no_longer|not_anymore {p:done}", gone),
    (
        "do_not|does_not|don't|doesn't|is_not|isn't|are_not|aren't|has_not_been|hasn't_been|have_not_been|haven't_been "
        "{p:done} anymore|any_more|any_longer|these_days|now",
        gone,
    ),
    ("used_to {p:done} [,] but|and {no:denial} [done_so|done_it|done_that|since] {w:window}", used_to),
    ("used_to {p:done} [,] but|and {no:denial} [done_so|done_it|done_that] for|in {d:duration}", used_to),
    ("used_to {p:done} [,] but|and {no:denial} [do_so|do_it|do_that] [anymore|any_more|any_longer|now]", gone),
    ("used_to {p:done} [,] but|and no_longer do|does [so|it|that]", gone),
    ("used_to {p:done} [,] but|and have_stopped|has_stopped|stopped|quit", gone),
    ("used_to {p:done}", gone),
    ("{no:denial} [make|made|place|placed|have|had|get] [a|an|their|the] {n:ordinal} {e:noun}", fewer),
)

__all__ = ["REPEATS", "least_"]
