"""Other ways to say just the same of a time, and of what came after what: each is put in the words that are read."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..parser.mistakes.slips.forms import NUMBERS

UNIT = r"(?:days?|weeks?|months?|quarters?|years?|hours?)"
NUMBER = rf"(?:\d+|{'|'.join(NUMBERS)})"
_DECADES = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet")


def _decade(found: re.Match[str]) -> str:
    """`in their thirties`: ten years."""
    ten = found[2] or str(_DECADES.index(found[1].lower()) + 2)
    return f"aged {ten}0 to {ten}9"


_RATES = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year",
          "annually": "year"}  # fmt: skip


def _rate(found: re.Match[str]) -> str:
    """`ordered monthly`: every month."""
    return f" every {_RATES[found[1].lower()]}"


ALIKE: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    # what says nothing: `they`, `still` before a denial
    (
        r"\b(after|before|since|until|once|when|then|and|but|who|that|,) (?:they|he|she)(?:['’](?:ve|d|s))?"
        r"(?: (?:have|has|had)(?! (?:not|never|no)\b))? (?=[a-z])",
        r"\1 ",
    ),
    (r"\bstill (?=has\b|have\b|had\b|did\b|do\b|does\b|never\b|not\b|hasn|haven|hadn|didn|don|doesn)", ""),
    (r"\bhas yet to\b", "did not"),
    (r"\bhave yet to\b", "did not"),
    (r",? \b(?:and|but) (?:then )?(?:left|went away|walked away|quit|dropped out|bounced) without\b", " without"),
    (
        r"\b(?:no more than|at most|up to|not more than) "
        rf"((?:an?|{NUMBER}) {UNIT}) (?:after|of)\b",
        r"within \1 after",
    ),
    (rf"\b((?:an?|{NUMBER}) {UNIT}) or (?:less|sooner) after\b", r"within \1 after"),
    (r"(^|who |that |and |but )spends\b", r"\1spent"),
    (r"\bon or (?:after|since) ", "since "),
    (r"\bas well as\b", "and"),
    (r"\bon or before ", "up to and including "),
    (r"\bthis morning\b", "today before noon"),
    (r"\b(?:a )?couple of (?=(?:days|weeks|months|years|hours)\b)", "2 "),
    (r"\bever since$", "since"),
    (
        r"(?:, and|, but| and| but|,) (?:subsequently|thereafter|after that|afterwards) (?=[a-z]+ed\b|bought\b|came\b)",
        " then ",
    ),
    (rf"\b({NUMBER} [a-z]+) or more\b", r"at least \1"),
    (rf"\b({NUMBER} [a-z]+) or (?:less|fewer)\b", r"at most \1"),
    (
        rf"\b(?:inside|within|in) (?:of )?(?:the )?(?:prior|preceding|trailing|most recent) (\w+ {UNIT})\b",
        r"in the last \1",
    ),
    (r"\binside (?:of )?the (last|past)\b", r"in the \1"),
    (rf"\b(\w+ {UNIT}) ago or (?:less|sooner|later)\b", r"in the last \1"),
    (rf"\b(\w+ {UNIT}) ago or (?:more|longer|earlier)\b", r"more than \1 ago"),
    (rf"\b((?:last|past) \w+ ({UNIT}) but not) (?:in )?(?:the )?(?:last|past) (\d+)$", r"\1 in the last \3 \2"),
    (r"\bin ((?:at least|more than|exactly|at most|fewer than) \w+ different (?:days|weeks|months))\b", r"on \1"),
    (
        r"^(?:(?:people|customers|everyone|those|all) )?(?:(?:that|who|whom) )?(?:we|you|i) (can(?:not|'t)?|may)\b",
        r"\1",
    ),
    (  # the first or last is no step of a sequence
        r"\b((?:first|last|latest|most recent) (?:(?!(?:and|or|but|then|in|within)\b)[a-z]+ ){1,4})within "
        rf"((?:an?|{NUMBER}) {UNIT})\b(?! (?:of|after|before|from)\b)",
        r"\1in the last \2",
    ),
    (rf"\b(?:most recent|latest) (?!{UNIT}|\w+ {UNIT})(?=[a-z])", "last "),
    (r"(?<![\d.,-])\b(\d{1,3}) ?[-–] ?(\d{1,3})\b(?![\d.,-])", r"\1 to \2"),
    (r"\b(?:less than|at most|up to) (\d+ ?(?:km|miles?|mi|kilomet(?:er|re)s?)) from\b", r"within \1 of"),
    (r"\bnon-(?=[a-z])", "non "),
    (rf"\b(\w+s) of the ((?:last|past) (?:\w+ )?{UNIT})\b", r"\1 in the \2"),
    (r"\bhalf a year\b", "6 months"),
    (r"\b(last|past) half(?: an)? hour\b", r"\1 30 minutes"),
    (r"\ba year and a half\b", "18 months"),
    (r"\bin the (19|20)(\d)0s\b", r"between \g<1>\g<2>0-01-01 and \g<1>\g<2>9-12-31"),
    (r"(\w), (?:but )?(not in|never in) ", r"\1 but \2 "),
    (r"\b(?:any|some|one) of (?:our|the|your|my) (?=\w+s\b)", "any "),
    (r"\bin (?:their|his|her) (?:(twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies|([2-9])0s)\b", _decade),
    (r"\breordered\b", "ordered again"),
    (r"\b(?:together|along) with (?:an? )?", "and "),
    (r" first,? (?:and )?then\b", " then"),
    (r"\b(without|not|never|n't)\b(.*) (?:in|within) the next (\d+ \w+|an? \w+)$", r"\1\2 within \3 afterwards"),
    (r"\bnot yet (?=this\b|in\b|since\b)", "not "),
    (r"\bearlier (this|today)\b", r"\1"),
    (r"-(?=speaking\b)", " "),
    (r"\b(and|who|but|are|is|that) also\b", r"\1"),
    (r"\b(more|fewer) (\w+) than (\d+)\b(?! ?%| (?:hours|days|weeks|months|years)\b)", r"\1 than \3 \2"),
    (
        rf"\b(this ({UNIT}) (?:than|as)) (?:in )?(?:the )?(?:last|previous)(?: one)?(?=$|[.,?!]| (?:and|but|or)\b)",
        r"\1 last \2",
    ),
    (
        rf"(?<=[a-z]) (?:on a )?({'|'.join(_RATES)})(?: basis)?"
        r"(?=$|[.,?!]| (?:this|last|in|for|over|since|during|and|but)\b)",
        _rate,
    ),
    (r"\b(in 20\d\d (?:than|as)) (20\d\d)\b", r"\1 in \2"),
    (r"(?:, and|,| and) then (?!(?:never|not|no|did|didn|has|have)\b)", " then "),
    (r"\b(since|from|before) this (week|month|quarter|year)\b", r"\1 the start of this \2"),
)
"""What says the same of a time, and how SegQL says it."""


def alike(text: str) -> str:
    """The text in the words that are read."""
    for form, instead in ALIKE:
        text = re.sub(form, instead, text, flags=re.IGNORECASE)
    return text.strip()


__all__ = ["UNIT", "alike"]
