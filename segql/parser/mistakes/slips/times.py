"""Windows, days and lengths of time as people say them."""

from __future__ import annotations

import re

from ..bad_literals import MONTHS
from .forms import DATE, LENGTH, NAME_BEFORE, NUMBER, Slip, alone, number

_SAVED = r"(?:\"[^\"\n]*\"|[^\"()\n]{1,40}?)(?: ?\([^()\n]*\))?"
"""The name of a segment, and what stands in parentheses behind it."""
_UNIT = r"(?:second|minute|hour|day|week|month|quarter|year)"
_WINDOW = (
    rf"(?:in (?:the (?:last|past|next) )?{LENGTH}|(?:in|over) the (?:last|past) {_UNIT}\b|in (?:19|20)[0-9]{{2}}\b"
    rf"|(?:this|last|next) (?:week|month|quarter|year)\b|(?:today|yesterday)\b|(?:since|before|after|on) {DATE})"
)
_MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]*"
_WEEKEND = '("Saturday", "Sunday")'
_HOURS = {
    "morning": ("hour between 6 and 11", "hour < 12"), "afternoon": ("hour between 12 and 17",),
    "evening": ("hour between 18 and 23",), "night": ("hour < 6", "(hour < 6 or hour >= 22)"),
}  # fmt: skip
"""The first that is meant, and another."""
_RUNS = ("day", "week", "month")
_WEEKDAYS = "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"

_DAY_SAID = {
    "=": "is {0}", "!=": "is not {0}", "<": "before {0}", ">": "after {0}", ">=": "since {0}",
}  # fmt: skip
_NEXT_DAY = {"yesterday": "today", "today": "tomorrow"}


def _day_compared(found: re.Match[str]) -> tuple[str, ...]:
    day = found["day"].lower()
    if found["sign"] == "<=":
        return (f"before {_NEXT_DAY[day]}",) if day in _NEXT_DAY else ()
    return (_DAY_SAID[found["sign"]].format(day),)


def _for_length(found: re.Match[str]) -> tuple[str, ...]:
    """What did not happen for so long did not happen in that time; what did may have gone on all the while."""
    before = re.split(r"\b(?:and|or)\b|\(", found.string[: found.start()].lower())[-1]
    return (f"in the last {found['length']}",) if re.search(r"\b(?:never|not|no)\b|n't\b", before) else ()


def _same_event(found: re.Match[str]) -> tuple[str, ...]:
    """`bought in 90d but not in 30d`: the second window is about the same; not where the first is denied as well."""
    if re.search(r"\b(?:never|not)\s*$", found.string[: found.start()].lower()):
        return ()
    return (f"{found['name']} {found['first']} and not {found['name']} {found['second']}",)


def _later_between(found: re.Match[str]) -> tuple[str, ...]:
    """`between 1 and 3 days later`."""
    one, two = found["one"], found["two"]
    least = one if re.search("[a-z]", one) else f"{one}{re.sub('^[0-9]+', '', two)}"
    least = re.sub("^(1 [a-z]+)s$", r"\1", least)
    return (f"within {two} at least {least} later",)


def _one_ago(found: re.Match[str]) -> tuple[str, ...]:
    """`a week ago`; not that of `half a year ago`, `twice a week ago`."""
    before = found.string[: found.start()].rstrip().lower()
    return () if re.search(r"\b(?:half|once|twice|times)$", before) else (f"1 {found['unit']} {found['after']}",)


def _either_time(found: re.Match[str]) -> tuple[str, ...]:
    """`bought yesterday or today`."""
    if re.search(r"\b(?:never|not)\s*$", found.string[: found.start()].lower()):
        return ()
    said = f"{found['name']} {found['first']} or {found['name']} {found['second']}"
    return (said if alone(found) else f"({said})",)


def _either_month(found: re.Match[str]) -> tuple[str, ...]:
    """`bought in January 2026 or February 2026`."""
    if re.search(r"\b(?:never|not)\s*$|n't\s*$", found.string[: found.start()].lower()):
        return ()
    said = f"{found['name']} in {found['one']} or {found['name']} in {found['two']}"
    return (said if alone(found) else f"({said})",)


def _neither_time(found: re.Match[str]) -> tuple[str, ...]:
    """`bought neither in 2024 nor in 2025`."""
    said = f"never {found['name']} {found['one']} and never {found['name']} {found['two']}"
    return (said if alone(found) else f"({said})",)


def _on_weekdays(found: re.Match[str]) -> tuple[str, ...]:
    """Of an event, or of a date: which of them the name is, the catalog says."""
    name, day = found["name"], found["day"].lower()
    days = [f'"{one.capitalize()}"' for one in re.findall(_WEEKDAYS, day)]
    if days:
        test = f"is {days[0]}" if len(days) == 1 else f"in ({', '.join(days)})"
    else:
        test = f"{'in' if 'end' in day else 'not in'} {_WEEKEND}"
    if found["only"]:
        return (f"every {name} has weekday {test}",)
    return f"{name} where weekday {test}", f"weekday of {name} {test}"


def _two_years(found: re.Match[str]) -> tuple[str, ...]:
    """`bought in 2025 and 2026`: in each of them, or over both."""
    name, one, two = found["name"], found["one"], found["two"]
    if re.search(r"\b(?:never|not)\s*$|n't\s*$", found.string[: found.start()].lower()):
        return (
            (f"{name} between {one} and {two}",) if found["link"].lower() == "or" and int(two) == int(one) + 1 else ()
        )
    each = f"{name} in {one} {found['link']} {name} in {two}"
    both = [f"{name} between {one}-01-01 and {two}-12-31"] if found["link"].lower() == "and" else []
    return (each if alone(found) else f"({each})", *both)


def _not_since(found: re.Match[str]) -> tuple[str, ...]:
    """`ordered last year but hasn't ordered since`, `ordered before March 2026 but not since`."""
    if re.search(r"\b(?:never|not)\s*$|n't\s*$", found.string[: found.start()].lower()):
        return ()
    return (f"{found['name']} {found['when']} not followed by {found['other'] or found['name']}",)


_LAST = ("in the last {length}",)
TIMES: tuple[Slip, ...] = (
    Slip(rf"{NAME_BEFORE} (?:in the|at) (?P<part>morning|afternoon|evening|night)s?\b", "syntax",
         "The hour is a property of what happened.",
         lambda m: [f"{m['name']} where {hours}" for hours in _HOURS[m["part"].lower()]]),
    Slip(rf"(?P<count>twice|thrice|(?:[0-9]+|{NUMBER}) times) in a row\b", "syntax",
         "What follows in a row are days, weeks or months that have one.",
         lambda m: [f"in at least {number(m['count'].split()[0])} {unit}s in a row" for unit in _RUNS]),
    Slip(rf"{NAME_BEFORE} neither (?P<one>{_WINDOW}) nor (?P<two>{_WINDOW})", "syntax",
         "None of two is `never` for each.", _neither_time),
    Slip(rf"{NAME_BEFORE} (?:in|during) (?P<one>(?:19|20)[0-9]{{2}}) (?P<link>and|or) (?:in )?"
         r"(?P<two>(?:19|20)[0-9]{2})\b", "syntax", "A window belongs to what happened: each has its own.", _two_years),
    Slip(rf"{NAME_BEFORE} (?P<when>{_WINDOW}|(?:before|after|in|on) [\w -]+?) (?:but|and) (?:not|never"
         r"|(?:has|have|did)(?:n'?t| not| never) (?P<other>[\w ]+?)) since(?= ?\)| ?$| (?:and|or)\b)", "syntax",
         "What did not happen since is said in other words.", _not_since),
    Slip(rf"(?:entered|left) segment {_SAVED} (?P<when>more than {LENGTH} ago)", "bad-window",
         "`{when}` has no beginning, at which somebody was in the segment or not.", (),
         "Say since when: in 30d, since 2025-11-01, this month"),
    Slip(r"(?:never|not) (?P<way>entered|left) segment\b", "syntax", "Who did not enter a segment is said by `not`.",
         ("not {way} segment",)),
    Slip(rf"(?:joined|came into|became (?:an? )?(?:member|part) of) (?P<segment>segment {_SAVED}) (?P<when>{_WINDOW})",
         "syntax", "Who is in a segment, and was not before.", ("entered {segment} {when}",)),
    Slip(rf"(?P<way>entered|left) (?P<segment>\"[^\"\n]*\") (?P<when>{_WINDOW})", "syntax",
         "Who is in a segment, and was not before.", ("{way} segment {segment} {when}",)),
    Slip(rf"(?:was|were) (?:an? |in )?(?P<name>(?!segment\b|in\b|list\b|not\b)[^\W\d][\w ]*?) (?P<length>{LENGTH}) ago",
         "syntax", "Who was in a segment then.", ('was in segment "{name}" {length} ago',)),
    Slip(rf"(?:became|become) (?:an? )?(?P<name>[^\W\d][\w ]*?) (?P<when>{_WINDOW})", "syntax",
         "Who is in a segment, and was not before.", ('entered segment "{name}" {when}',)),
    Slip(rf"{NAME_BEFORE} in none of the last (?P<length>{LENGTH})", "syntax",
         "What happened in none of them never happened in all that time.", ("never {name} in the last {length}",)),
    Slip(r"(?:in|on|for) (?P<op>at least|at most|exactly|more than|fewer than) (?P<count>[0-9]{1,3}) "
         r"(?:consecutive (?P<one>days|weeks|months)|(?P<two>days) in a row)\b", "syntax",
         "Days, weeks and months follow each other in a row.",
         lambda m: (f"in {m['op']} {m['count']} {m['one'] or m['two']} in a row",)),
    Slip(r"(?:(?:for|in|on) )?(?P<count>[1-9][0-9]{0,2}) (?:consecutive (?P<one>days|weeks|months)"
         r"|(?P<two>days|weeks|months) in a row)\b", "bad-window", "How many of them: these, or more?",
         lambda m: [f"in {op} {m['count']} {m['one'] or m['two']} in a row" for op in ("at least", "exactly")]),
    Slip(rf"{NAME_BEFORE} (?P<first>{_WINDOW}) (?:but|and) (?:not|never) (?P<second>{_WINDOW})", "syntax",
         "A window belongs to what happened: each has its own.", _same_event),
    Slip(rf"{NAME_BEFORE} (?:in|during) (?P<one>{_MONTH} [12][0-9]{{3}}) or (?:in |during )?"
         rf"(?P<two>{_MONTH} [12][0-9]{{3}})\b",
         "syntax", "A window belongs to what happened: each has its own.", _either_month),
    Slip(rf"{NAME_BEFORE} (?P<first>{_WINDOW}) or (?P<second>{_WINDOW})", "syntax",
         "A window belongs to what happened: each has its own.", _either_time),
    Slip(rf"{NAME_BEFORE} (?P<only>only )?(?:on|at|over|during)(?: the| an?)? "
         r"(?P<day>weekends?|weekdays?|working days?|work days?)\b",
         "syntax", "The day of the week is a property of what happened.", _on_weekdays),
    Slip(rf"{NAME_BEFORE} (?P<only>only )?on "
         rf"(?P<day>{_WEEKDAYS}s? or (?:on )?{_WEEKDAYS}s?|an? {_WEEKDAYS}|{_WEEKDAYS}s)\b",
         "syntax", "The day of the week is a property of what happened.", _on_weekdays),
    Slip(rf"on the day (?P<length>{LENGTH}) from now", "bad-window", "A day ahead is said without `the day`.",
         ("on {length} from now",)),
    Slip(rf"(?:for|during|over|within|in) the (?:past|previous) (?P<unit>{_UNIT})\b", "bad-window",
         "A window says `in the last`.", ("in the last {unit}",)),
    Slip(rf"for (?P<length>{LENGTH})", "bad-window", "`for` begins no window.", _for_length,
         "That something happened in each part of it is said in periods: in at least 3 of the last 4 weeks"),
    Slip(rf"(?:for |during )?(?:the )?next (?P<length>{LENGTH})", "bad-window", "A window ahead says `in the next`.",
         ("in the next {length}",)),
    Slip(rf"since (?P<length>{LENGTH})", "bad-window", "After `since` stands a moment, no length of time.", _LAST),
    Slip(rf"more than (?P<length>{LENGTH}) from now", "bad-window",
         "Ahead, `after` says what `more than` says of the past.", ("after {length} from now",)),
    Slip(rf"less than (?P<length>{LENGTH}) from now", "bad-window", "A window ahead says `in the next`.",
         ("in the next {length}",)),
    Slip(rf"between (?P<one>{LENGTH}|[0-9]+) and (?P<two>{LENGTH}) (?:later|after(?:wards)?)\b", "bad-window",
         "How much later a step comes has a bound on each side.", _later_between),
    Slip(rf"(?:exactly )?(?<!at\sleast\s)(?<!than\s)(?P<length>{LENGTH}) later\b", "bad-window",
         "How much later: at least, or at most?", ("at least {length} later", "within {length}")),
    Slip(rf"(?P<length>{LENGTH}) from now", "bad-window", "A moment alone is no window.",
         ("in the next {length}", "on {length} from now", "after {length} from now")),
    Slip(r"(?P<sign>[<>]=?|!?=) ?(?P<day>today|yesterday|tomorrow)\b", "bad-window",
         "A day of the calendar is a window.", _day_compared),
    Slip(rf"in (?P<count>[0-9]+) of the last (?P<length>{LENGTH})", "bad-window",
         "How many of them: these, or more?",
         ("in at least {count} of the last {length}", "in exactly {count} of the last {length}")),
    Slip(r"of the last (?P<count>[1-9][0-9]{0,2}) quarters?\b", "bad-window", "A quarter is no period of its own.",
         (), "Say it in months: of the last 12 months has other periods."),
    Slip(r"(?P<count>[1-9][0-9]{0,2}) quarters?\b", "bad-duration", "A quarter is three months.",
         lambda m: (f"{3 * int(m['count'])} months",)),
    Slip(rf"(?P<word>{NUMBER}) (?P<unit>(?:second|minute|hour|day|week|month|quarter|year)s?(?: ago| from now)?)\b",
         "bad-duration", "A number is written in digits.", lambda m: (f"{number(m['word'])} {m['unit']}",)),
    Slip(r"an? (?P<unit>second|minute|hour|day|week|month|quarter|year) (?P<after>ago|from now)\b", "bad-duration",
         "A number is written in digits.", _one_ago),
    Slip(r"within an? (?P<unit>second|minute|hour|day|week)\b", "bad-duration", "A number is written in digits.",
         ("within 1 {unit}",)),
    Slip(r"(?:an? )?half (?:an? )?year\b(?: (?P<after>ago|from now)\b)?", "bad-duration",
         "A length of time is a whole number of units.", lambda m: (f"6 months {m['after'] or ''}".rstrip(),)),
    Slip(r"(?:the |an? |one )?fortnight\b", "bad-duration", "A fortnight is two weeks.", ("2 weeks",)),
    Slip(rf"(?P<word>(?:an? )?few|several|(?:an? )?couple of|some|many) (?P<unit>{_UNIT}s)\b", "bad-duration",
         "`{word}` is no number.", (), "Say how many."),
    Slip(r"on (?P<count>[0-9]+) different (?P<unit>days|weeks|months)", "bad-window",
         "How many of them: these, or more?",
         ("on at least {count} different {unit}", "on exactly {count} different {unit}")),
    Slip(rf"(?:entered|left) segment {_SAVED} (?P<length>{LENGTH}) ago", "bad-window",
         "`entered` and `left` compare now with so long ago.", (), "Its form is `in {length}`, and asks about now."),
    Slip(rf"was in segment {_SAVED} in (?:the last )?(?P<length>{LENGTH})", "bad-window",
         "`was in` asks about one instant.", (), "Its form is `{length} ago`, and asks about that instant alone."),
    Slip(rf"(?P<length>{LENGTH}) ago", "bad-window", "A moment alone is no window.",
         ("in the last {length}", "more than {length} ago", "on the day {length} ago")),
    Slip(rf"(?:during |over )?(?:the )?(?:last|past) (?P<length>{LENGTH})", "bad-window",
         "A window says `in the last`.", _LAST),
    Slip(rf"(?P<day>[0-9]{{1,2}}) (?P<month>{'|'.join(MONTHS)})[a-z]*,? (?P<year>[0-9]{{4}})", "bad-date",
         "A date is year-month-day.",
         lambda m: (f"{m['year']}-{MONTHS.index(m['month'].lower()) + 1:02}-{int(m['day']):02}",)),
    Slip(rf"(?:older|longer|earlier) than (?P<length>{LENGTH})(?: ago\b)?", "bad-window",
         "How long ago at least is `more than .. ago`.", ("more than {length} ago",)),
    Slip(rf"from (?P<first>{DATE}) (?:to|until|till) (?P<last>{DATE})", "bad-window",
         "Two days that a window lies between have `between`.", ("between {first} and {last}",)),
)  # fmt: skip
