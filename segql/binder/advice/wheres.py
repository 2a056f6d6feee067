"""Where something happened, said as a window would be: `ordered in Germany`, `ordered in the app`."""

from __future__ import annotations

import re

from ... import ast
from ...errors import Fix, SegQLError
from ...formatter import format_name
from ...parser.mistakes.slips import mistakes_at
from ...source import Span
from ...words import pattern, spellings, word
from ..scope import Scope
from .suggestions import Help
from .things import MOST_TEXTS, tests

_IN = re.compile(pattern(r"\b(?:<IN>|<SPAN>)\s+\Z"), re.IGNORECASE)
_OF_ALL = re.compile(pattern(r"(?:<STATISTIC>|<BARE_STATISTIC>)\s+\Z"), re.IGNORECASE)


def place_meant(scope: Scope, name: ast.Name) -> Help:
    """What has such a value, of the event (those that it has not are not shown) and of who did it; else nothing.

    Raises SegQLError for what is said in another way: `in the morning`, `in a row`.
    """
    text = name.span.source.text
    if name.quoted is not None or not (begins := _IN.search(text, 0, name.span.start)):
        return ()
    for slip in mistakes_at(name.span):
        if slip.fixes and slip.span.start < begins.start() and slip.span.end >= name.span.end:
            raise SegQLError([slip])
    if _OF_ALL.search(text, 0, begins.start()):
        return ("a statistic of some people is that of a saved segment: `the average of segment ..`",)
    first, _, rest = name.words.partition(" ")
    said = rest if rest and first.lower() in spellings("ARTICLE") else name.words
    catalog, whole = scope.catalog, Span(name.span.source, begins.start(), name.span.end)
    parts = {one: part for event in catalog.events.values() for one, part in event.properties.items()}
    found = [f"{word('WHERE')} {format_name(one)}{test}" for one, test in tests(catalog, parts, said)]
    own = tests(catalog, catalog.profiles.properties, said)
    found += [f"{word('AND')} {format_name(one)}{test}" for one, test in own]
    if not found:
        return ()
    return "a window is a length of time; say what it is of:", *(Fix(whole, one) for one in found[:MOST_TEXTS])
