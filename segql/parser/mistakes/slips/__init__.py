"""Known mistakes: what people write who know other languages, or English, and how SegQL says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ....errors import Problem, problem
from ....source import Source, Span
from ...engine.lexer import Token
from ...engine.tables import END
from .amounts import AMOUNTS, COMPARING
from .forms import Slip

__all__ = ["COMPARING", "known_mistake", "mistakes_at"]

_AROUND = 120
"""Letters before and behind a place that are looked at."""
_LONGEST = 200
"""Letters of a place where slips are looked for: each is looked for again at each problem."""


def known_mistake(source: Source, token: Token) -> Problem | None:
    """The first that reaches a token which the parser cannot take."""
    start, end = token.start, token.end
    for found in mistakes_at(Span(source, start, end)):
        if found.span.start <= start and (found.span.end > start or token.type == END):
            return found
    return None


def mistakes_at(place: Span) -> Iterator[Problem]:
    """Those at a place or beside it, in the order of the tables; none at a place longer than a person's sentence."""
    if place.end - place.start > _LONGEST:
        return
    from .conditions import CONDITIONS  # here: a rule without mistakes needs none of it
    from .times import TIMES

    text, start, end = place.source.text, max(0, place.start - _AROUND), place.end + _AROUND
    for slip in (*TIMES, *AMOUNTS, *CONDITIONS):
        for found in _compiled(slip.pattern).finditer(text, start, end):
            if not text[min(found.end(), place.end) : max(found.start(), place.start)].strip():
                yield _problem(slip, found, Span(place.source, found.start(), found.end()))


def _problem(slip: Slip, found: re.Match[str], span: Span) -> Problem:
    groups = found.groupdict()
    said = slip.fixes(found) if callable(slip.fixes) else [fix.format(**groups) for fix in slip.fixes]
    lead = ["Write"] if said else []
    words = [slip.words.format(**groups)] if slip.words else []
    return problem(slip.code, slip.message.format(**groups), span, "\n".join(lead + words), *said)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Spaces stand for any white space; a pattern of words begins with a word."""
    spaced = pattern.replace(" ?", r"\s?").replace(" ", r"\s+")
    return re.compile(spaced if pattern[0] in "=<" else rf"(?<![\w\"'])(?:{spaced})", re.IGNORECASE)
