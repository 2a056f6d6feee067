"""A sentence in fewer ways to say it: money with its sign, numbers in digits, without words that ask for people."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..vocabulary import meanings

_NUMBER = r"\d[\d,]*(?:\.\d+)?k?"
_LEADS = re.compile(
    r"^(?:please )?(?:(?:can|could) you )?(?:"
    r"(?:i|we)(?:'d| would)? (?:like|want|need)(?: to (?:see|target|reach|email|find|know))?|"
    r"(?:show|give|get|find|list|select|target|fetch)(?: me| us)?|"
    r"looking for|search for|how many|count|count of|the number of|which|what|who are|"
    r"send (?:it|this) to)(?: (?:a list of|the list of))? ",
    re.IGNORECASE,
)
_WHO = re.compile(r"^(?:who|they|he|she)(?:['’](?:ve|d|s))? ", re.IGNORECASE)
_BUT = r"(?:even though|although|though|whereas|while|yet|however)"
_VERBAL = r"(?:they|have|has|had|never|did|do|does|not|no|is|are|was|were|can|cannot|without|still)"
_LATER = r"(?:finally|eventually|subsequently|afterwards|later|next|after that)"
_SOON = r"(?:in (?:the )?(?:space of |under |less than ))"
_LAST = r"(?:within|in|during|over|throughout) (?:the )?(?:course of )?(?:the )?(?:last|past|previous)"
_DENIED = r"(?: later| never| not| didn't| did not)?(?: \w+){1,2}"
_BEFORE_THAT = (
    r"\b(?P<last>in the last (?P<number>\d+) (?P<unit>day|week|month|year)s?) than (?:in |during |over )?the "
    r"(?:(?P=number) (?P=unit)s? (?:before|prior|preceding)(?: to)?(?: that| those| them| it| then)?|"
    r"(?:preceding|prior|previous) (?P=number) (?P=unit)s?|(?:preceding|prior|previous) period)$"
)


def _before_that(found: re.Match[str]) -> str:
    """`in the last 90 days than in the 90 days before that`: twice as long ago."""
    number, unit = int(found["number"]), found["unit"]
    return f"{found['last']} than between {2 * number} and {number} {unit}s ago"


_WAYS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"[\s.?!…]+$", ""),
    (r",? (?:please|thanks|thank you)$", ""),
    (r"[“”]", '"'),
    (r"\s*[—–]\s*", ", "),
    (rf"({_NUMBER}) ?([$€£])(?!\d)", r"\2\1"),
    (r"\bhalf a dozen\b", "6"),
    (r"\b(?:a|one) couple(?: of)? (days|weeks|months|years|hours)\b", r"2 \1"),
    (r"\b(?:a|one) few (days|weeks|months)\b", r"3 \1"),
    (r"\bhalf a year\b", "6 months"),
    (r"\bhalf an hour\b", "30 minutes"),
    (r"\ba year and a half\b", "18 months"),
    (r"\b(?:a|one) fortnight\b", "2 weeks"),
    (r"\ba quarter of a year\b", "3 months"),
    (r"\b(?:as well as|and also|and additionally|plus|along with)\b", "and"),
    (r"\bstill (?:get|receive)s?\b", "can receive"),
    (r"\bbut (?:also|then|still)\b", "but"),
    (rf"\b{_BUT}\b(?= {_VERBAL}\b)", "but"),
    (rf"\b(?:and|but),? {_LATER},? ", "and then "),
    (r"\bwith no\b", "without"),
    (r"\b(\d+|two|three|four|five|six|seven|eight|nine|ten|twelve) times or (?:more|over)\b", r"at least \1 times"),
    (r"\b(\d+|two|three|four|five|six|seven|eight|nine|ten|twelve) times or (?:less|fewer)\b", r"at most \1 times"),
    (r"(?<=\w) (?:with|off|from) us\b", ""),
    (_BEFORE_THAT, _before_that),
    (r"\b(or|and) as (?=an? |[a-z]+ )", r"\1 "),
    (r"\b(who|that|they|he|she)['’](?:ve|d|s) ", r"\1 "),
    (r"(?<=\d )(?:kilometres?|kilometers?|kms)\b", "km"),
    (r"(?<=\w )either (?=[^,]+ or )", ""),
    (rf"\b(then|later|and|but)({_DENIED}) the same (?:product|item|one|thing)\b", r"\1\2 it"),
    (r"\band then\b", "then"),
    (r", then\b", " then"),
    (rf"\b{_LAST} (?=\w)", "in the last "),
    (r"\bin the last (week|month|year|quarter) (?=and|or|but|who|,|$)", r"in the last \1 "),
    (rf"\b{_SOON}(?=(?:an?|one|\d+) (?:minute|hour|day|week|month)s?\b)", "within "),
)  # fmt: skip


def normal(text: str) -> str:
    """The sentence so; what is in quotes is left as it is."""
    parts = re.split(r'("(?:[^"]|"")*")', text)
    return "".join(part if part[:1] == '"' else _normal(part) for part in parts).strip()


def _normal(text: str) -> str:
    for form, instead in _WAYS:
        text = re.sub(form, instead, text, flags=re.IGNORECASE)
    words = "|".join(meanings("MONEY"))
    money = re.compile(
        rf"({_NUMBER})( (?:to|and|or|-) )?(?<!\d)({_NUMBER})? ?(?:us )?({words}|usd|eur|gbp)\b", re.IGNORECASE
    )
    text = money.sub(_signed, text)
    text = re.sub(rf"(?<=between )({_NUMBER})(?= and ([$€£]))", r"\2\1", text, flags=re.IGNORECASE)
    return _WHO.sub("", _LEADS.sub("", text))


def _signed(found: re.Match[str]) -> str:
    codes = {"usd": "$", "eur": "€", "gbp": "£"}
    said = found[4].lower()
    sign = codes.get(said) or meanings("MONEY")[said]
    if found[2] and found[3]:
        return f"{sign}{found[1]}{found[2]}{sign}{found[3]}"
    return f"{sign}{found[1]}"


__all__ = ["normal"]
