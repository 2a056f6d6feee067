"""Known mistakes: what people write who know other languages, or English, and how SegQL says it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..errors import Code, Problem, problem
from ..source import Source, Span
from .bad_literals import MONTHS, between_days
from .lexer import Token
from .literals import SIGNS
from .tables import END

_AROUND = 120

_LENGTH = r"[0-9]+ ?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|min|mo|s|h|d|w|y)\b"

COMPARING = {
    "over": "more than", "above": "more than", "exceeds": "more than", "exceeding": "more than",
    "greater than": "more than", "bigger than": "more than", "higher than": "more than", "larger than": "more than",
    "no more than": "at most", "up to": "at most", "maximum": "at most", "under": "less than", "below": "less than",
    "smaller than": "less than", "lower than": "less than", "no less than": "at least", "minimum": "at least",
    "at-least": "at least", "atleast": "at least", "at-most": "at most", "atmost": "at most", "equals": "=",
    "equal to": "=",
}  # fmt: skip
"""Words that compare in English and not in SegQL, and those that do."""

_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
           "twelve")  # fmt: skip
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TEXT = r"(?:\"[^\"\n]*\"|'[^'\n]*')"


_PART = (
    r"(?:in|where|and|or|since|before|after|between|on|during|ever|today|yesterday|this|last|then|followed|within)\b"
)
_NAMED = rf"(?P<name>[^\W\d][\w ]*?)(?= {_PART}| ?[),]| ?$)"
"""A name of the text, up to what goes on after it."""
_SAVED = r"(?:\"[^\"\n]*\"|[^\"()\n]{1,40}?)(?: ?\([^()\n]*\))?"
"""The name of a segment, and what stands in parentheses behind it."""

_DAY_SAID = {
    "=": "is {0}", "!=": "is not {0}", "<": "before {0}", ">": "after {0}", ">=": "since {0}",
}  # fmt: skip
_NEXT_DAY = {"yesterday": "today", "today": "tomorrow"}
_TURNED = {"<": ">", ">": "<", "=": "=", "!": "!"}


def _day_compared(found: re.Match[str]) -> str:
    day = found["day"].lower()
    if found["sign"] == "<=":
        return f"before {_NEXT_DAY[day]}" if day in _NEXT_DAY else ""
    return _DAY_SAID[found["sign"]].format(day)


def _two_counts(found: re.Match[str]) -> str:
    """`2 or 3 times`; between 2 and 5 there are others."""
    least, most = int(found["least"]), int(found["most"])
    return f"between {least} and {most} times" if most == least + 1 else ""


class _Slip(NamedTuple):
    """What is looked for around the token, and must reach it; and what says in its place what was meant: texts with
    the groups of the pattern (several are several readings), or a function of what was found, where it is worked out.
    """

    pattern: str
    code: Code
    message: str
    fixes: tuple[str, ...] | Callable[[re.Match[str]], str] = ()
    words: str = ""


_LAST = ("in the last {length}",)
_SLIPS: tuple[_Slip, ...] = (
    _Slip(rf"(?:within|during|over) (?:the )?next (?P<length>{_LENGTH})", "bad-window",
          "A window ahead says `in the next`.", ("in the next {length}",)),
    _Slip(rf"on the day (?P<length>{_LENGTH}) from now", "bad-window", "A day ahead is said without `the day`.",
          ("on {length} from now",)),
    _Slip(rf"within (?:the )?(?:last|past) (?P<length>{_LENGTH})", "bad-window",
          "`within` is for the steps of a sequence; a window says `in the last`.", _LAST),
    _Slip(rf"in (?:the )?(?:past|previous) (?P<length>{_LENGTH})", "bad-window", "A window says `in the last`.", _LAST),
    _Slip(rf"in (?P<word>last|next) (?P<length>{_LENGTH})", "bad-window",
          "A rolling window says `in the last`, `in the next`.", ("in the {word} {length}",)),
    _Slip(rf"for (?:the (?:last|past) )?(?P<length>{_LENGTH})", "bad-window", "`for` begins no window.", _LAST),
    _Slip(rf"(?:for |during )?(?:the )?next (?P<length>{_LENGTH})", "bad-window", "A window ahead says `in the next`.",
          ("in the next {length}",)),
    _Slip(rf"since (?P<length>{_LENGTH})", "bad-window", "After `since` stands a moment, no length of time.", _LAST),
    _Slip(rf"more than (?P<length>{_LENGTH}) from now", "bad-window",
          "Ahead, `after` says what `more than` says of the past.", ("after {length} from now",)),
    _Slip(rf"less than (?P<length>{_LENGTH}) from now", "bad-window", "A window ahead says `in the next`.",
          ("in the next {length}",)),
    _Slip(rf"(?P<length>{_LENGTH}) from now", "bad-window", "A moment alone is no window.",
          ("in the next {length}", "on {length} from now", "after {length} from now")),
    _Slip(r"(?P<sign>[<>]=?|!?=) ?(?P<day>today|yesterday|tomorrow)\b", "bad-window",
          "A day of the calendar is a window.", _day_compared),
    _Slip(rf"in (?P<count>[0-9]+) of the last (?P<length>{_LENGTH})", "bad-window",
          "How many of them: these, or more?",
          ("in at least {count} of the last {length}", "in exactly {count} of the last {length}")),
    _Slip(r"different (?P<unit>day|week|month)\b", "bad-window", "It stays `{unit}s`, also of one.",
          ("different {unit}s",)),
    _Slip(r"different (?P<unit>minutes?|hours?|quarters?|years?)\b", "bad-window",
          "Different days, weeks and months are told apart, no {unit}."),
    _Slip(r"of the last (?P<count>[1-9][0-9]{0,2}) quarters?\b", "bad-window", "A quarter is no period of its own."),
    _Slip(r"(?P<count>[1-9][0-9]{0,2}) quarters?\b", "bad-duration", "A quarter is three months.",
          lambda m: f"{3 * int(m['count'])} months"),
    _Slip(r"on (?P<count>[0-9]+) different (?P<unit>days|weeks|months)", "bad-window",
          "How many of them: these, or more?",
          ("on at least {count} different {unit}", "on exactly {count} different {unit}")),
    _Slip(rf"(?:entered|left) segment {_SAVED} (?P<length>{_LENGTH}) ago", "bad-window",
          "`entered` and `left` compare now with so long ago.", (), "Its form is `in {length}`, and asks about now."),
    _Slip(rf"was in segment {_SAVED} in (?:the last )?(?P<length>{_LENGTH})", "bad-window",
          "`was in` asks about one instant.", (), "Its form is `{length} ago`, and asks about that instant alone."),
    _Slip(rf"(?:entered|left) segment {_SAVED} (?:since|before|after|on|between|ever|today|yesterday|this|last)\b",
          "bad-window", "`entered` and `left` compare now with so long ago.", (), "Say how long, as in `in 30d`."),
    _Slip(rf"(?P<length>{_LENGTH}) ago", "bad-window", "A moment alone is no window.",
          ("in the last {length}", "more than {length} ago", "on the day {length} ago")),
    _Slip(rf"(?:during |over )?(?:the )?(?:last|past) (?P<length>{_LENGTH})", "bad-window",
          "A window says `in the last`.", _LAST),
    _Slip(rf"(?P<day>[0-9]{{1,2}}) (?P<month>{'|'.join(MONTHS)})[a-z]*,? (?P<year>[0-9]{{4}})", "bad-date",
          "A date is year-month-day.",
          lambda m: f"{m['year']}-{MONTHS.index(m['month'].lower()) + 1:02}-{int(m['day']):02}"),
    _Slip(rf"(?P<word>{'|'.join(COMPARING)}) (?P<value>[{SIGNS}]?[0-9][0-9.,]*)", "syntax",
          "SegQL compares in other words than `{word}`.",
          lambda m: f"{COMPARING[' '.join(m['word'].lower().split())]} {m['value']}"),
    _Slip(rf"(?P<word>{'|'.join(_COUNTS)}) times", "syntax", "A number is written in digits.",
          lambda m: f"{_COUNTS.index(m['word'].lower()) + 1} times"),
    _Slip(r"(?P<count>[0-9]+) or (?:more|over) times?\b", "syntax", "How often at least is said before the number.",
          ("at least {count} times",)),
    _Slip(r"(?P<count>[0-9]+) or (?:fewer|less) times?\b", "syntax", "How often at most is said before the number.",
          ("at most {count} times",)),
    _Slip(r"(?P<count>[0-9]+)x\b", "syntax", "How often is said in `times`.", ("{count} times",)),
    _Slip(r"(?P<each>per|a|each|every) (?P<unit>day|week|month|year)\b", "syntax",
          "How often belongs to one window, or to several periods.", (),
          "One window: in the last {unit}. Several periods: in at least 3 of the last 4 {unit}s."),
    _Slip(r"but (?:did|does|do|has|have) not\b(?: (?P<next>\w+))?", "syntax",
          "Conditions are joined by `and` or `or`.", lambda m: f"and never {m['next'] or ''}".rstrip()),
    _Slip(r"but (?P<no>never|not) (?!in (?:list|segment)\b)(?P<next>\w+)", "syntax",
          "Conditions are joined by `and` or `or`.", ("and {no} {next}",)),
    _Slip(r"but\b", "syntax", "Conditions are joined by `and` or `or`.", ("and",)),
    _Slip(rf"(?:older|longer|earlier) than (?P<length>{_LENGTH})(?: ago\b)?", "bad-window",
          "How long ago at least is `more than .. ago`.", ("more than {length} ago",)),
    _Slip(r"in (?P<year>(?:19|20)[0-9]{2}) ?[Qq](?P<quarter>[1-4])\b", "bad-date",
          "A quarter is said by its first and its last day.",
          lambda m: between_days(m["year"], 3 * int(m["quarter"]), 3)),
    _Slip(r"in (?P<year>(?:19|20)[0-9]{2})\b", "bad-window",
          "A year is said by its first and its last day.", ("between {year}-01-01 and {year}-12-31",)),
    _Slip(rf"from (?P<first>{_DATE}) (?:to|until|till) (?P<last>{_DATE})", "bad-window",
          "Two days that a window lies between have `between`.", ("between {first} and {last}",)),
    _Slip(r"once or twice\b", "syntax", "Two counts have `between`.", ("between 1 and 2 times",)),
    _Slip(r"(?P<least>[0-9]{1,9}) or (?P<most>[0-9]{1,9}) times\b", "syntax",
          "One number of times stands after the event.", _two_counts),
    _Slip(r"between (?P<least>[^\s()]+) to (?P<most>[^\s()]+)", "syntax",
          "After `between` the two are joined by `and`.", ("between {least} and {most}",)),
    _Slip(r"of (?P<latitude>-?[0-9.]+), ?(?P<longitude>-?[0-9.]+)", "syntax", "A point stands in parentheses.",
          ("of ({latitude}, {longitude})",)),
    _Slip(r"do(?:es)? not (?P<verb>include|contain|match|start with|end with)\b", "syntax",
          "A comparison says `does not`.", ("does not {verb}",)),
    _Slip(rf"not like (?P<text>{_TEXT})", "syntax", "A pattern says `does not match`, and has `*` for any letters.",
          lambda m: f"does not match {m['text'].replace('%', '*')}" if "_" not in m["text"] else ""),
    _Slip(r"(?:did|does|do|has|have) not (?P<verb>\w+) (?:an?|the|any)(?= )", "syntax",
          "Who did not do something never did it.", ("never {verb}",)),
    _Slip(r"(?:did|does|do|has|have) not\b", "syntax", "Who did not do something never did it.", ("never",)),
    _Slip(r"(?P<has>has|have) (?P<verb>\w+)", "reserved-word",
          "A condition begins with what was done, or with what is compared, without `{has}`.", ("{verb}",),
          'If it begins a name, quote the whole name: "{has} .."'),
    _Slip(r"then (?:not|never|no)\b", "syntax", "That nothing followed is said in other words.", ("not followed by",)),
    _Slip(r"and (?P<link>then|followed by|not followed by)\b", "syntax", "A sequence goes on without `and`.",
          ("{link}",)),
    _Slip(rf"(?:is not|is not in|not in) (?P<texts>{_TEXT}(?:, ?{_TEXT})+)", "syntax",
          "Several values stand in parentheses.", ("not in ({texts})",)),
    _Slip(rf"(?:is|in|is in) (?P<texts>{_TEXT}(?:, ?{_TEXT})+)", "syntax", "Several values stand in parentheses.",
          ("in ({texts})",)),
    _Slip(r"is not (?:one|any|either) of ?\(", "syntax", "None of several values is `not in`.", ("not in (",)),
    _Slip(r"is (?:one|any|either) of ?\(", "syntax", "One of several values is `in`.", ("in (",)),
    _Slip(r"(?:at least|at most|more than|less than|fewer than|exactly) [0-9]+ of\b", "syntax",
          "A share of events is a percentage; a number of them stands behind the event, and says `times`."),
    _Slip(rf"(?P<cmp>at least|at most|more than|less than|fewer than|exactly) (?P<count>[0-9]+) (?!items?\b){_NAMED}",
          "syntax", "How often stands behind the event.", ("{name} {cmp} {count} times",)),
    _Slip(rf"(?P<count>(?:at least |at most |more than |less than |fewer than |exactly )?(?:once|twice)) {_NAMED}",
          "syntax", "How often stands behind the event.", ("{name} {count}",)),
    _Slip(r"(?P<was>was |is )not in (?P<what>segment|list)\b", "syntax", "`in {what}` is a condition of its own.",
          lambda m: f"not {m['was'] if m['was'].lower().strip() == 'was' else ''}in {m['what']}"),
    _Slip(r"(?:was|is) in (?P<what>segment|list)\b", "syntax", "`in {what}` is a condition of its own.",
          ("in {what}",)),
    _Slip(r"(?:except|excluding|without|minus|but not|not) in (?P<what>list|segment)\b", "syntax",
          "Who is left out is said by `and not`.", ("and not in {what}",)),
    _Slip(r"in (?P<what>segment|list)\b", "syntax", "`in {what}` is a condition of its own.", ("and in {what}",)),
    _Slip(r"not between\b", "syntax", "`not` goes before the whole condition, or after `is`.", ("is not between",)),
    _Slip(rf"(?P<value>[{SIGNS}]?[0-9][0-9.,]*) ?(?P<op>[<>]=?|!?=) ?{_NAMED}", "syntax",
          "A comparison begins with what is compared.",
          lambda m: f"{m['name']} {_TURNED[m['op'][0]]}{m['op'][1:]} {m['value']}"),
    _Slip(rf"[{SIGNS}]?[0-9][0-9.,]* ?(?:[<>]=?|!?=)", "syntax", "A comparison begins with what is compared."),
    _Slip(r"not in (?=the (?:last|next)\b|[0-9])", "syntax", "`not` goes before the whole condition.", (),
          "Put `not` before the condition; of a date say `is not` before `in`."),
    _Slip(r"==", "syntax", "Equality is one sign.", ("=",)),
    _Slip(r"<>", "syntax", "Inequality is written another way.", ("!=",)),
    _Slip(r"=>", "syntax", "The signs stand the other way round.", (">=",)),
    _Slip(r"=<", "syntax", "The signs stand the other way round.", ("<=",)),
)  # fmt: skip
_COMPILED: dict[str, re.Pattern[str]] = {}


def known_mistake(source: Source, token: Token) -> Problem | None:
    start, end = max(0, token.start - _AROUND), token.end + _AROUND
    for slip in _SLIPS:
        compiled = _COMPILED.setdefault(slip.pattern, re.compile(_worded(slip.pattern), re.IGNORECASE))
        for found in compiled.finditer(source.text, start, end):
            reaches = found.end() > token.start or token.type == END
            if found.start() <= token.start <= found.end() and reaches:
                return _problem(slip, found, Span(source, found.start(), found.end()))
    return None


def _problem(slip: _Slip, found: re.Match[str], span: Span) -> Problem:
    groups = found.groupdict()
    if callable(slip.fixes):
        fixes = [fix] if (fix := slip.fixes(found)) else []
    else:
        fixes = [fix.format(**groups) for fix in slip.fixes]
    words = [slip.words.format(**groups)] if slip.words else []
    lead = ["Write one of these:" if len(fixes) > 1 else "Write"] if fixes else []
    return problem(slip.code, slip.message.format(**groups), span, "\n".join(lead + words), *fixes)


def _worded(pattern: str) -> str:
    """Spaces stand for any white space; a pattern of words begins with a word."""
    spaced = pattern.replace(" ?", r"\s?").replace(" ", r"\s+")
    return spaced if pattern[0] in "=<" else rf"(?<![\w\"'])(?:{spaced})"
