"""What a text says that no help may lose: its numbers, its values, its times, and that it denies."""

from __future__ import annotations

import re
from functools import cache

from ...errors import Fix
from ...words import pattern, spellings, word, words
from .slips.forms import NUMBERS

_DENIES = re.compile(
    r"(?<![\w-])(?:not?|never|without|nobody|none|nothing|neither|nor|except|excluding|besides|outside|lacks?|cannot"
    r"|can'?t|won'?t|empty|blank|missing|unknown|null|zero|exactly 0|(?:did|do|does|has|have|had|was|were|is|are)n'?t"
    r"|inactive|opt(?:ed)?[ -]out|out of|other than|fewer than|complained|bounced|blocked|suppressed"
    r"|(?:un|non-?)(?!til|ited|der|its?\b|ion|ique)\w+)(?!\w)|!=|<>|= ?0(?![\d.,])",
    re.IGNORECASE,
)
_NARROWS = (
    (
        r"only|just|exclusively|solely|purely|mostly|mainly|nothing but",
        r"\b(?:only|just|exactly|once|twice)\b|=|\bnever\b.* is not |\bevery\b.* has weekday\b",
    ),
    (
        r"recently|lately|often|frequently|rarely|seldom|regularly|repeatedly|again|(?:first|second|last) time",
        r"\b(?:exactly|once|twice|first|last|regularly|recently)\b|\d",
    ),
    (
        r"all(?! (?:(?:of )?(?:the|our|my) )?(?:who|<PEOPLE>)\b)|every(?! single (?:one|customer))|each|always",
        r"\b(?:every|all|each|always|different|of the last)\b",
    ),
    (
        r"(?<!at )(?<!for the )(?:most|half of|majority)(?! (?:often|common|recent))|nearly|almost|barely|hardly",
        r"%|\b(?:most|half|random)\b",
    ),
    (
        r"biggest|largest|smallest|highest|lowest|cheapest|priciest|single",
        r"\b(?:once|single|where|biggest|largest|smallest|highest|lowest|cheapest|max\w*|min\w*|top|bottom)\b",
    ),
    (r"still|no longer|any ?more|any longer", r"\b(?:still|never|not|last)\b"),
)
"""Words that say that nothing else is meant, of how many it is said, or how often and how long ago; and what of a help
may stand for them."""
_TWICE = re.compile(
    r"\b(?:no|not) (?=(?:more|less|fewer|over|under|above|below|greater|later|earlier|longer|older)\b)"
    r"|(?:\b(?:is|are)(?: not|n'?t)|!=|<>) ?(?:null|empty|blank|missing|unknown)\b",
    re.IGNORECASE,
)
"""What compares, and denies nothing: `no more than`; and what denies twice."""
_TEXT = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")
_COUNTED = {"twice": 2, "thrice": 3, **NUMBERS}
_NUMBER = re.compile(rf"(?<![\w-])(?:\d[\d.,]*|(?:{'|'.join(_COUNTED)})(?!\w| of\b))", re.IGNORECASE)
_DATE = re.compile(r"\b\d{4}-\d\d(?:-\d\d)?\b")
_TIME = re.compile(r"\b(?:(?:this|last|next) (?:week|month|quarter|year)|today|yesterday|tomorrow)\b", re.IGNORECASE)
_DAYS = {"today", "yesterday", "tomorrow"}


_BUT = re.compile(r"\b(?:nothing|anything|everything|all|none) (?:but|except|besides)\s+\Z", re.IGNORECASE)

_NOTHING_BUT = re.compile(r"\bnothing\s+(?:but|except|besides)\b", re.IGNORECASE)


_NEAR = 100
"""Characters before a fix that are looked at."""


def keeps_around(fix: Fix) -> bool:
    """Whether a help says what it stands in the place of, and is not what somebody excepts: `nothing but beans`."""
    before = fix.span.source.text[max(0, fix.span.start - _NEAR) : fix.span.start]
    parted = _NOTHING_BUT.search(f"{before[-8:]}{fix.span.text}")
    behind = _BUT.search(" ".join(before.split()) + " ") or (parted and parted.start() < len(before[-8:]))
    return keeps(fix.span.text, fix.text) and not behind


def keeps(said: str, fix: str) -> bool:
    """Whether a help says what the text in its place says: each number, value and time, and a denial where it denies.

    What is worked out is kept as well: `3 quarters` in 9 months, `until yesterday` in `before today`, `in Q3` in dates;
    `twice` in a sequence of two.
    """
    if _denies(said) and not _denies(fix):
        return said.strip() in fix  # what denied was a text without its quotes
    for narrows, kept in _NARROWS:
        if re.search(pattern(rf"\b(?:{narrows})\b"), _plain(said), re.IGNORECASE) and not re.search(
            kept, fix, re.IGNORECASE
        ):
            return said.strip() in fix
    texts = _TEXT.findall(said)
    if said.strip() not in texts and not all(_bare(one) in _bare(fix) for one in texts):
        return False
    if set(_DATE.findall(fix)) - set(_DATE.findall(said)):
        return True
    numbers = _numbers(_plain(said)) - {1}  # `one-time` is `once`
    steps = {fix.count(f" {word('THEN')} ") + 1}
    return numbers <= _numbers(fix) | _numbers(fix, 3) | steps and _times(said) <= _times(fix)


def undenied(text: str) -> str:
    """The text without the words that deny."""
    return _denials().sub(" ", _DENIES.sub(" ", _plain(text)))


def _denies(text: str) -> bool:
    said = _TWICE.sub("", _plain(text))
    return bool(_DENIES.search(said) or _denials().search(said))


_DENIALS = ("NOT", "NEVER", "DENIED", "IS_NOT", "NOT_IN", "LACKS", "EXCEPT", "CANNOT_RECEIVE", "NOT_FOLLOWED_BY")


@cache
def _denials() -> re.Pattern[str]:
    """The words of the language that deny."""
    said = [one for keyword in _DENIALS for one in spellings(keyword)]
    for (_, sense), spelled in words().spelled.items():
        if sense in ("empty", "no") or sense.startswith(("not ", "none")):
            said += spelled
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, dict.fromkeys(said)))})(?!\w)", re.IGNORECASE)


def _plain(text: str) -> str:
    """A text without the texts in it, in single spaces."""
    return _TEXT.sub('""', " ".join(text.split()))


def _bare(text: str) -> str:
    """A text without its quotes, and without the signs of a pattern."""
    return re.sub(r"[\"'%*_?]", "", text).casefold()


def _numbers(text: str, part: int = 1) -> set[int]:
    """Its whole numbers, or parts of them, without what groups their digits."""
    found = set()
    for one in _NUMBER.findall(text):
        digits = re.sub(r"\D", "", one)
        if not re.fullmatch(r"\d{1,3}(?:\.\d{3})+", one):  # of which nobody can tell what it is
            found.add(int(digits) // part if digits else _COUNTED[one.lower()])
    return found


def _times(text: str) -> set[str]:
    """Periods of the calendar; the day before and the day after another are as good as it."""
    return {"day" if one in _DAYS else one for one in map(str.casefold, _TIME.findall(_plain(text)))}
