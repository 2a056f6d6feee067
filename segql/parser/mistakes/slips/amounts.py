"""How often and how much, as people say it."""

from __future__ import annotations

import re

from ...builders.literals import SIGNS
from .forms import AMOUNT, NAME_BEFORE, NAMED, NUMBER, Slip, number

COMPARING = {
    "over": "more than", "above": "more than", "exceeds": "more than", "exceeding": "more than",
    "greater than": "more than", "bigger than": "more than", "higher than": "more than", "larger than": "more than",
    "no more than": "at most", "up to": "at most", "maximum": "at most", "under": "less than", "below": "less than",
    "smaller than": "less than", "lower than": "less than", "no less than": "at least", "minimum": "at least",
    "at-least": "at least", "atleast": "at least", "at-most": "at most", "atmost": "at most", "equals": "=",
    "equal to": "=", "greater than or equal to": ">=", "less than or equal to": "<=",
}  # fmt: skip
"""Words that compare in English and not in SegQL, and those that do."""

_LONGEST_FIRST = "|".join(sorted(COMPARING, key=len, reverse=True))
_CMP = r"(?:at least|at most|more than|less than|fewer than|exactly)"
_STATISTIC = {"mean": "average", "avg": "average"}
_TURNED = {"<": ">", ">": "<", "=": "=", "!": "!"}
_OFTEN = rf"[0-9]+|{NUMBER}|once|twice|thrice"


def _or_more(found: re.Match[str]) -> tuple[str, ...]:
    """`3 times or more`, `twice or more`, `$100 or more`."""
    said = found["value"].lower()
    count = said if said in ("once", "twice") or said[0] in SIGNS + "0123456789" else str(number(said))
    times = " times" if re.search(r"\btimes?\b", found[0], re.IGNORECASE) and count[0].isdigit() else ""
    return (f"{'at least' if found['more'] else 'at most'} {count}{times}",)


def _compared(found: re.Match[str]) -> tuple[str, ...]:
    return (f"{COMPARING[' '.join(found['word'].lower().split())]} {found['value']}",)


def _statistic(found: re.Match[str]) -> tuple[str, ...]:
    word, said = " ".join(found["word"].lower().split()), found["statistic"].lower()
    return (f"{COMPARING.get(word, word)} the {_STATISTIC.get(said, said)}",)


def _amount_alone(found: re.Match[str]) -> tuple[str, ...]:
    """`spent $500`: at least so much, or exactly; where no word before it compares."""
    before = found.string[: found.start()].rstrip().lower()
    if re.search(rf"(?:[=<>(,]|\b(?:than|least|most|exactly|between|and|of|for|worth|{_LONGEST_FIRST}))$", before):
        return ()
    return f"at least {found['value']}", f"= {found['value']}"


def _two_counts(found: re.Match[str]) -> tuple[str, ...]:
    """`2 or 3 times`; between 2 and 5 there are others."""
    least, most = int(found["least"]), int(found["most"])
    return (f"between {least} and {most} times",) if most == least + 1 else ()


def _distinct(found: re.Match[str]) -> tuple[str, ...]:
    measure = f"number of distinct {found['property']} of {found['name']}"
    signs = (found["cmp"],) if found["cmp"] else (">=", "=")
    return tuple(f"{measure} {sign.strip()} {found['count']}" for sign in signs)


def _days_since(found: re.Match[str]) -> tuple[str, ...]:
    edge = "first" if found["edge"].lower() == "first" else "last"
    return (f"days since {edge} {found['name']} {found['cmp']} {found['count']}",)


def _turned(found: re.Match[str]) -> tuple[str, ...]:
    return (f"{found['name']} {_TURNED[found['op'][0]]}{found['op'][1:]} {found['value']}",)


_NOT_COMPARED = "".join(rf"(?<!{word}\s)" for word in ("least", "most", "than", "over", "under", "above", "below"))
"""Not behind words that compare already."""

_IN_NAME = r"(?!(?:and|or|but|where|in|among|of|by|per|for|within|each|every)\b)[^\W\d][\w-]*"
"""A word of the name of a property."""

AMOUNTS: tuple[Slip, ...] = (
    Slip(rf"(?P<word>{NUMBER}) (?P<rest>times|items?|different|distinct|unique)\b(?! or\b)", "syntax",
         "A number is written in digits.", lambda m: (f"{number(m['word'])} {m['rest']}",)),
    Slip(rf"(?P<edge>top|bottom) (?P<word>{NUMBER})\b", "syntax", "A number is written in digits.",
         lambda m: (f"{m['edge']} {number(m['word'])}",)),
    Slip(r"(?P<edge>top|bottom) (?P<count>[0-9]+) (?:percent|per cent|pct)\b", "syntax", "A percentage has its sign.",
         ("{edge} {count}%",)),
    Slip(rf"(?P<cmp>at least|>=) (?P<value>{AMOUNT}|{_OFTEN}) or more\b"
         rf"|(?P<less>at most|<=) (?P<most>{AMOUNT}|{_OFTEN}) or (?:fewer|less)\b", "syntax", "This is said twice.",
         lambda m: (f"{m['cmp']} {m['value']}" if m["cmp"] else f"{m['less']} {m['most']}",)),
    Slip(rf"{_NOT_COMPARED}(?:is |of |= ?)?(?P<value>{AMOUNT}|{_OFTEN})(?: times?)? or "
         r"(?:(?P<more>more|over|above|greater|higher)|fewer|less|under|below)\b(?! than)(?: times?\b)?", "syntax",
         "How many at least or at most is said before the number.", _or_more),
    Slip(rf"(?:no|not) (?:more than|over|above) (?P<next>once|twice|the|{AMOUNT})", "syntax",
         "Not more is `at most`.", ("at most {next}",)),
    Slip(rf"(?:no|not) (?:less than|fewer than|under|below) (?P<next>once|twice|the|{AMOUNT})", "syntax",
         "Not less is `at least`.", ("at least {next}",)),
    Slip(r"thrice\b", "syntax", "A number is written in digits.", ("3 times",)),
    Slip(r"(?:one|a|1)(?: single)? time\b", "syntax", "One time is `once`.", ("once",)),
    Slip(rf"{NAME_BEFORE} (?:from |of )?(?P<cmp>{_CMP} )?(?P<count>[0-9]+) (?:different|distinct|unique) "
         r"(?!(?:day|week|month|year|quarter|hour)s?\b)(?P<property>[^\W\d][\w-]*)", "syntax",
         "Different values are counted by a measure.", _distinct),
    Slip(rf"{NAME_BEFORE} from (?P<cmp>{_CMP} )?(?P<count>[0-9]+) "
         r"(?!(?:day|week|month|year|quarter|hour)s?\b)(?P<property>[^\W\d][\w-]*)", "syntax",
         "Different values are counted by a measure.", _distinct),
    Slip(rf"(?P<cmp>{_CMP}) (?P<count>[0-9]+) days? since (?:their |the )?(?P<edge>first|last|latest) {NAMED}",
         "syntax", "The days since something are a measure.", _days_since),
    Slip(r"(?:at least )?once (?:a|per|each|every) (?P<unit>day|week|month) (?:for|in|over|during) (?:the )?"
         r"(?:last|past) (?P<count>[0-9]+) (?P<units>day|week|month)s?\b", "syntax",
         "How regular something was is said in periods.",
         lambda m: (f"in each of the last {m['count']} {m['units']}s",) if m["unit"] == m["units"] else ()),
    Slip(rf"(?P<word>{_LONGEST_FIRST}|{_CMP})(?: the)? (?P<statistic>average|mean|avg|median)\b", "syntax",
         "A statistic of everybody is `the average`, `the median`.", _statistic),
    Slip(rf"(?:for|of|worth) (?:over|more than|above) (?P<value>[{SIGNS}][0-9][0-9.,]*k?)", "syntax",
         "An amount is compared in other words.", ("more than {value}",)),
    Slip(rf"(?:for|of|worth) (?:under|less than|below) (?P<value>[{SIGNS}][0-9][0-9.,]*k?)", "syntax",
         "An amount is compared in other words.", ("less than {value}",)),
    Slip(rf"(?:for|of|worth) (?P<cmp>at least|at most) (?P<value>[{SIGNS}][0-9][0-9.,]*k?)", "syntax",
         "An amount is compared in other words.", ("{cmp} {value}",)),
    Slip(rf"(?P<word>{_LONGEST_FIRST}) (?P<value>{AMOUNT})", "syntax",
         "SegQL compares in other words than `{word}`.", _compared),
    Slip(rf"(?P<value>[{SIGNS}][0-9][0-9.,]*k?)\b(?! or\b)", "syntax",
         "An amount is compared: with at least so much, or with exactly so much.",
         _amount_alone),
    Slip(r"(?:a few|few|several|many|some|multiple|a couple of) times\b", "syntax", "How often is a number.", (),
         "Say how many times: at least 3 times"),
    Slip(rf"(?P<top>(?:top|bottom) [0-9.,]+ ?%?) (?:per|in each|for each|of each|within each|by) "
         rf"(?P<name>{_IN_NAME}(?: {_IN_NAME})*?) by (?P<measure>{_IN_NAME}(?: {_IN_NAME})*)", "syntax",
         "Beside those who have the same value is `within each`, behind what is ranked by.",
         ("{top} by {measure} within each {name}",)),
    Slip(rf"(?:per|by|(?:for|by|of|per) (?:each|every)|in every) (?!(?:day|week|month|year)\b)"
         rf"(?P<name>{_IN_NAME}(?: {_IN_NAME})*)", "syntax",
         "Beside those who have the same value is `within each`.", ("within each {name}",)),
    Slip(r"(?P<each>per|a|each|every) (?P<unit>day|week|month|year)\b", "syntax",
         "How often belongs to one window, or to several periods.", (),
         "One window: in the last {unit}. Several periods: in at least 3 of the last 4 {unit}s."),
    Slip(r"once or twice\b", "syntax", "Two counts have `between`.", ("between 1 and 2 times",)),
    Slip(r"(?P<least>[0-9]{1,9}) or (?P<most>[0-9]{1,9}) times\b", "syntax",
         "One number of times stands after the event.", _two_counts),
    Slip(r"between (?P<least>[^\s()]+) to (?P<most>[^\s()]+)", "syntax",
         "After `between` the two are joined by `and`.", ("between {least} and {most}",)),
    Slip(r"(?:at least|at most|more than|less than|fewer than|exactly) [0-9]+ of\b", "syntax",
         "A share of events is a percentage; a number of them stands behind the event, and says `times`."),
    Slip(rf"(?P<cmp>{_CMP}) (?P<count>[0-9]+) (?!items?\b){NAMED}",
         "syntax", "How often stands behind the event.", ("{name} {cmp} {count} times",)),
    Slip(rf"(?P<value>[{SIGNS}]?[0-9][0-9.,]*) ?(?P<op>[<>]=?|!?=) ?{NAMED}", "syntax",
         "A comparison begins with what is compared.", _turned),
    Slip(rf"[{SIGNS}]?[0-9][0-9.,]* ?(?:[<>]=?|!?=)", "syntax", "A comparison begins with what is compared."),
    Slip(r"not between\b", "syntax", "`not` goes before the whole condition, or after `is`.", ("is not between",)),
    Slip(r"==", "syntax", "Equality is one sign.", ("=",)),
    Slip(r"<>", "syntax", "Inequality is written another way.", ("!=",)),
    Slip(r"=>", "syntax", "The signs stand the other way round.", (">=",)),
    Slip(r"=<", "syntax", "The signs stand the other way round.", ("<=",)),
)  # fmt: skip
