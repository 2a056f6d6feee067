"""Known mistakes: what people write who know other languages, or English, and how SegQL says it."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..errors import Code, Problem
from ..source import Source, Span
from .bad_literals import MONTHS
from .lexer import Token
from .literals import SIGNS

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

_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TEXT = r"(?:\"[^\"\n]*\"|'[^'\n]*')"


def _window_hint(found: re.Match[str]) -> str:
    return f"in the last {found.group('length')}"


_DAY_SAID = {
    "=": "is {0}", "!=": "is not {0}", "<": "before {0}", ">": "after {0}", ">=": "since {0}",
    "<=": "Write one of these:\nbefore {0}\nis {0}",
}  # fmt: skip

_TURNED = {"<": ">", ">": "<", "=": "=", "!": "!"}
_SAVED = r"(?:\"[^\"\n]*\"|[^\"()\n]{1,40}?)(?: ?\([^()\n]*\))?"
"""The name of a segment, and what stands in parentheses behind it."""

# Each pattern is looked for around the token; what it finds must reach the token. The hint may be pasted.
_MISTAKES: tuple[tuple[str, Code, str, Callable[[re.Match[str]], str]], ...] = (
    (rf"(?:within|during|over) (?:the )?next (?P<length>{_LENGTH})", "bad-window",
     "A window ahead says `in the next`.", lambda m: f"in the next {m['length']}"),
    (rf"on the day (?P<length>{_LENGTH}) from now", "bad-window", "A day ahead is said without `the day`.",
     lambda m: f"on {m['length']} from now"),
    (rf"within (?:the )?(?:last|past) (?P<length>{_LENGTH})", "bad-window",
     "`within` is for the steps of a sequence; a window says `in the last`.", _window_hint),
    (rf"in (?:the )?(?:past|previous) (?P<length>{_LENGTH})", "bad-window",
     "A window says `in the last`.", _window_hint),
    (rf"in (?P<word>last|next) (?P<length>{_LENGTH})", "bad-window",
     "A rolling window says `in the last`, `in the next`.",
     lambda m: f"in the {m.group('word').lower()} {m.group('length')}"),
    (rf"for (?:the (?:last|past) )?(?P<length>{_LENGTH})", "bad-window", "`for` begins no window.", _window_hint),
    (rf"since (?P<length>{_LENGTH})", "bad-window", "After `since` stands a moment, no length of time.", _window_hint),
    (rf"more than (?P<length>{_LENGTH}) from now", "bad-window",
     "Ahead, `after` says what `more than` says of the past.", lambda m: f"after {m.group('length')} from now"),
    (rf"(?:less than )?(?P<length>{_LENGTH}) from now", "bad-window", "A moment alone is no window.",
     lambda m: f"in the next {m.group('length')}"),
    (r"(?P<sign>[<>]=?|!?=) ?(?P<day>today|yesterday|tomorrow)\b", "bad-window", "A day of the calendar is a window.",
     lambda m: _DAY_SAID[m.group("sign")].format(m.group("day"))),
    (rf"in (?P<count>[0-9]+) of the last (?P<length>{_LENGTH})", "bad-window",
     "How many of them: these, or more?",
     lambda m: "Write one of these:\nin at least {0} of the last {1}\nin exactly {0} of the last {1}".format(
         m.group("count"), m.group("length"))),
    (r"different (?P<unit>day|week|month)\b", "bad-window", "It stays `{unit}s`, also of one.",
     lambda m: f"different {m['unit'].lower()}s"),
    (r"different (?P<unit>minutes?|hours?|quarters?|years?)\b", "bad-window",
     "Different days, weeks and months are told apart, no {unit}.", lambda m: "different days"),
    (r"of the last (?P<count>[1-9][0-9]{0,2}) quarters?\b", "bad-window", "A quarter is no period of its own.",
     lambda m: f"of the last {3 * int(m['count'])} months   (each by itself)"),
    (r"(?P<count>[1-9][0-9]{0,2}) quarters?\b", "bad-duration", "A quarter is three months.",
     lambda m: f"{3 * int(m['count'])} months"),
    (r"on (?P<count>[0-9]+) different (?P<unit>days|weeks|months)", "bad-window", "How many of them: these, or more?",
     lambda m: "Write one of these:\non at least {0} different {1}\non exactly {0} different {1}".format(
         m.group("count"), m.group("unit"))),
    (rf"(?:entered|left) segment {_SAVED} (?P<length>{_LENGTH}) ago", "bad-window",
     "`entered` and `left` compare now with so long ago.", lambda m: f"in {m['length']}"),
    (rf"was in segment {_SAVED} in (?:the last )?(?P<length>{_LENGTH})", "bad-window",
     "`was in` asks about one instant.", lambda m: f"{m['length']} ago"),
    (rf"(?:entered|left) segment {_SAVED} (?:since|before|after|on|between|ever|today|yesterday|this|last)\b",
     "bad-window", "`entered` and `left` compare now with so long ago.", lambda m: "in 30d"),
    (rf"(?P<length>{_LENGTH}) ago", "bad-window", "A moment alone is no window.",
     lambda m: "Write one of these:\nin the last {0}\nmore than {0} ago\non the day {0} ago".format(m.group("length"))),
    (rf"(?:during |over )?(?:the )?(?:last|past) (?P<length>{_LENGTH})", "bad-window",
     "A window says `in the last`.", _window_hint),
    (rf"(?P<day>[0-9]{{1,2}}) (?P<month>{'|'.join(MONTHS)})[a-z]*,? (?P<year>[0-9]{{4}})", "bad-date",
     "A date is year-month-day.",
     lambda m: f"{m['year']}-{MONTHS.index(m['month'].lower()) + 1:02}-{int(m['day']):02}"),
    (rf"(?P<word>{'|'.join(COMPARING)}) (?P<value>[{SIGNS}]?[0-9][0-9.,]*)", "syntax",
     "SegQL compares in other words than `{word}`.",
     lambda m: f"{COMPARING[' '.join(m['word'].lower().split())]} {m['value']}"),
    (rf"(?P<word>{'|'.join(_COUNTS)}) times", "syntax", "A number is written in digits.",
     lambda m: f"{_COUNTS.index(m['word'].lower()) + 1} times"),
    (r"(?P<count>[0-9]+)x\b", "syntax", "How often is said in `times`.", lambda m: f"{m['count']} times"),
    (r"(?P<each>per|a|each|every) (?P<unit>day|week|month|year)\b", "syntax",
     "How often belongs to one window, or to several periods.",
     lambda m: "Write one of these:\nin the last {0}\nin at least 3 of the last 4 {0}s".format(m["unit"].lower())),
    (r"but (?P<no>never|not)\b(?: \w)?", "syntax", "Conditions are joined by `and` or `or`.",
     lambda m: f"and {m['no']} .."),
    (r"but\b", "syntax", "Conditions are joined by `and` or `or`.", lambda m: "and"),
    (rf"(?:older|longer|earlier) than (?P<length>{_LENGTH})(?: ago\b)?", "bad-window",
     "How long ago at least is `more than .. ago`.", lambda m: f"more than {m['length']} ago"),
    (r"in (?P<year>(?:19|20)[0-9]{2})\b(?!\s*[Qq][1-4])", "bad-window", "A year is said by its first and its last day.",
     lambda m: f"between {m['year']}-01-01 and {m['year']}-12-31"),
    (r"once or twice\b", "syntax", "Two counts have `between`.", lambda m: "between 1 and 2 times"),
    (r"(?P<least>[0-9]+) or (?P<most>[0-9]+)(?: times\b)?", "syntax", "Two counts have `between`.",
     lambda m: f"between {m['least']} and {m['most']} times"),
    (r"between (?P<least>[^\s()]+) to (?P<most>[^\s()]+)", "syntax", "After `between` the two are joined by `and`.",
     lambda m: f"between {m['least']} and {m['most']}"),
    (r"of (?P<latitude>-?[0-9.]+), ?(?P<longitude>-?[0-9.]+)", "syntax", "A point stands in parentheses.",
     lambda m: f"of ({m['latitude']}, {m['longitude']})"),
    (r"(?:did|does|do) not\b", "syntax", "Who did not do something never did it.", lambda m: "never placed order"),
    (r"then (?:not|never|no)\b", "syntax", "That nothing followed is said in other words.",
     lambda m: "not followed by"),
    (r"and (?P<link>then|followed by|not followed by)\b", "syntax", "A sequence goes on without `and`.",
     lambda m: m["link"].lower()),
    (rf"(?:is|in|is in) (?P<texts>{_TEXT}(?:, ?{_TEXT})+)", "syntax", "Several values stand in parentheses.",
     lambda m: f"in ({m['texts']})"),
    (r"is (?:not )?(?:one|any|either) of (?=\()\(", "syntax", "One of several values is `in`.",
     lambda m: "in (.., ..)"),
    (r"(?P<cmp>at least|at most|more than|less than|fewer than|exactly) (?P<count>[0-9]+) of\b", "syntax",
     "A share of events is a percentage; a number of them says `times`.",
     lambda m: f"{m.group('cmp')} {m.group('count')} times"),
    (r"(?:except|excluding|without|minus|but not) in (?P<what>list|segment)\b", "syntax",
     "Who is left out is said by `and not`.", lambda m: f"and not in {m['what'].lower()}"),
    (r"in segment\b", "syntax", "`in segment` is a condition of its own.", lambda m: "and in segment"),
    (r"in list\b", "syntax", "`in list` is a condition of its own.", lambda m: "and in list"),
    (r"(?P<was>was|is) (?P<no>not )?in (?P<what>segment|list)\b", "syntax",
     "`in {what}` is a condition of its own.",
     lambda m: f"{'not ' if m['no'] else ''}{'was ' if m['was'].lower() == 'was' else ''}in {m['what'].lower()}"),
    (r"not between\b", "syntax", "`not` goes before the whole condition, or after `is`.", lambda m: "is not between"),
    (rf"(?P<value>[{SIGNS}]?[0-9][0-9.,]*) ?(?P<op>[<>]=?|!?=)", "syntax", "A comparison begins with what is compared.",
     lambda m: f".. {_TURNED[m['op'][0]]}{m['op'][1:]} {m['value']}"),
    (r"not in (?=the (?:last|next)\b|[0-9])", "syntax", "`not` goes before the whole condition.",
     lambda m: "Put `not` before the condition; of a date say: is not in"),
    (r"==", "syntax", "Equality is one sign.", lambda m: "="),
    (r"<>", "syntax", "Inequality is written another way.", lambda m: "!="),
    (r"=>", "syntax", "The signs stand the other way round.", lambda m: ">="),
    (r"=<", "syntax", "The signs stand the other way round.", lambda m: "<="),
)  # fmt: skip
_COMPILED: dict[str, re.Pattern[str]] = {}


def known_mistake(source: Source, token: Token) -> Problem | None:
    start, end = max(0, token.start - _AROUND), token.end + _AROUND
    for pattern, code, message, hint in _MISTAKES:
        compiled = _COMPILED.setdefault(pattern, re.compile(_worded(pattern), re.IGNORECASE))
        for found in compiled.finditer(source.text, start, end):
            if found.start() <= token.start <= found.end() and found.end() > token.start:
                said = message.format(**found.groupdict())
                return Problem(code, said, Span(source, found.start(), found.end()), hint(found))
    return None


def _worded(pattern: str) -> str:
    """Spaces stand for any white space; a pattern of words begins with a word."""
    spaced = pattern.replace(" ?", r"\s?").replace(" ", r"\s+")
    return spaced if pattern[0] in "=<" else rf"(?<![\w\"'])(?:{spaced})"
