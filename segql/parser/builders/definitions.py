"""Files of definitions, and metrics. A file is cut into its definitions first, so that a broken one harms no other."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from ...ast import Let, MetricText, Sample, Segment, Subject
from ...source import Source, Span
from ...words import pattern, spellings
from ..checks import count_token, fail, one_reading, percent
from ..engine.lexer import Comment
from .boolean import finish
from .contexts import of_a_profile
from .given import is_test
from .subjects import lower
from .values import Values, text

_LEXEME = re.compile(
    r"""((?:--|\#)[^\n]*) | "(?:[^"\n]|"")*" | '(?:[^'\n]|'')*' | [^\W\d]\w*(?:[-'.]\w+)* | [^\s]""", re.VERBOSE
)
_MARK = re.compile("(?:--|#) ?")
_SEGMENTS = ("IN_SEGMENT", "WAS_IN_SEGMENT", "ENTERED_SEGMENT", "OF_SEGMENT", "AMONG_SEGMENT")


class Passage(NamedTuple):
    """Where a definition stands, and the comments above it; a line end alone is an empty line among them."""

    start: int
    end: int
    comments: tuple[str, ...]


@cache
def beginning() -> re.Pattern[str]:
    """What stands behind the first word of a definition."""
    name = pattern(r"""(?!(?:<AND>|<OR>|<IN>|<LET>|<SEGMENT>)\b|[0-9])[^\s"'=()<>!,]+(?:'[^\s"'=()<>!,]+)*""")
    return re.compile(
        rf"""\s+(?:"[^"\n]*"|'[^'\n]*'|{name})(?:\s+{name}){{0,12}}(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*   # a name
            (?:\((?:[^()"']|"[^"\n]*"|'[^'\n]*')*\)\s*)?=""",  # parameters, and what only a definition has
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _in_a_rule() -> frozenset[str]:
    """`segment` after one of these names a segment, unless a definition follows: `.. = logged in`, `segment X = ..`."""
    return frozenset(words.split()[-2] for kind in _SEGMENTS for words in spellings(kind))


def stretches(source: Source) -> tuple[list[Passage], tuple[str, ...]]:
    """The definitions of a file, in order, and the comments after the last."""
    text = source.text
    found: list[Passage] = []
    above: list[Comment] = []
    start, before, end = -1, "", 0
    leading: tuple[str, ...] = ()
    firsts = {*spellings("LET"), *spellings("SEGMENT")}
    for lexeme in _LEXEME.finditer(text):
        if lexeme.group(1) is not None:
            if start >= 0 and "\n" not in text[end : lexeme.start()]:
                end = lexeme.end()
            else:
                above.append(Comment(_MARK.sub("", lexeme.group(), count=1).rstrip(), lexeme.start()))
            continue
        word = lexeme.group().lower()
        own_line = "\n" in text[end : lexeme.start()]
        inside = before in _in_a_rule() or not own_line
        begins = word in firsts and (not inside or beginning().match(text, lexeme.end()))
        if start < 0 or begins or (word in spellings("TEST") and is_test(text, lexeme.end())):
            if start >= 0:
                found.append(Passage(start, end, leading))
            start, leading = lexeme.start(), _lines(text, above, lexeme.start())
        above, before, end = [], word, lexeme.end()
    if start >= 0:
        found.append(Passage(start, end, leading))
    return found, _lines(text, above, None)


def _lines(text: str, comments: list[Comment], until: int | None) -> tuple[str, ...]:
    """The texts of comments, with a line end for each gap of empty lines between them and before `until`."""
    found: list[str] = []
    starts = [c.start for c in comments[1:]] + [until]
    for comment, following in zip(comments, starts, strict=False):
        found.append(comment.text)
        line_end = text.find("\n", comment.start)
        if following is not None and text.count("\n", line_end, following) > 1:
            found.append("\n")
    return tuple(found)


def let(v: Values, span: Span) -> Let:
    """`let recently = 4 months`."""
    one_reading(v[3])
    return Let(v[1], v[3], span)


def segment(v: Values, span: Span) -> Segment:
    """`segment Buyers (few = 3) = placed order at least few times sample 10%`."""
    sampled = v.pop() if isinstance(v[-1], Sample) else None
    run: list[Any] = v[-1]
    parameters = tuple(v[3]) if len(v) > 4 else ()
    return Segment(v[1], of_a_profile(finish(run)), parameters, sampled, span)


def sample(v: Values, span: Span) -> Sample:
    """`sample 50% or at least 1000 seed "x"`."""
    seed = next((text(t, span) for t in v if t.type == "STRING"), None)
    number = next((count_token(t, span) for t in v if t.type == "NUMBER"), None)
    return Sample(percent(v[1], span), int(number.value) if number else None, seed, span)


def metric(v: Values, span: Span) -> MetricText:
    """MEASURE, or MEASURE / MEASURE: nothing is compared or counted."""
    cuts = [span.start, span.end] if len(v) == 1 else [span.start, v[1].start, span.end]
    sides = [lower(parts, Span(span.source, cuts[i], cuts[i + 1])) for i, parts in enumerate(v[::2])]
    for side in sides:
        if not isinstance(side, Subject) or side != Subject(
            side.head, window=side.window, where=side.where, close_to=side.close_to
        ):
            fail(
                "syntax",
                "A metric is a measure, with a window and a `where` at most.",
                span,
                "It counts, adds up or averages: number of .., sum of .. of .., average .. of ..",
            )
    return MetricText(sides[0], sides[1] if len(sides) > 1 else None, span)
