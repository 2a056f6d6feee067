"""What a text names: a saved segment, or a rule; never the one where it may be the other."""

from __future__ import annotations

from dataclasses import replace

from .. import parser
from ..arguments import Given
from ..ast import InSegment
from ..catalog import fold
from ..errors import Fix, Problem, SegQLError
from ..formatter.values import quoted
from ..nearest import nearest
from ..project import Project
from ..source import Source, Span


def segment_or_rule(text: str, project: Project) -> Given:
    """The saved segment of this name, or that the text is alone (`in segment "VIP"`), else the text as a rule.

    Raises SegQLError for a name that is also a rule of another meaning, and where a text that is neither is near the
    name of a segment, which is the help.
    """
    one_meaning(text, project)
    try:
        return project.segments[_named(text)]
    except KeyError:
        close = nearest(text, project.segments)
    if close:
        try:
            project.meaning(text)
        except SegQLError as error:
            said = " or ".join(f"`{name}`" for name in close[:2])
            helped = [one if one.hint else replace(one, words=f"did you mean the segment {said}?")
                      for one in error.problems]  # fmt: skip
            raise SegQLError(helped) from None
    return text


def _named(text: str) -> str:
    """The name in `in segment NAME`, else the text."""
    try:
        read = parser.parse_rule(text)
    except SegQLError:
        return text
    if isinstance(read, InSegment) and (read.word, read.segment.arguments) == ("in", ()):
        return read.segment.name.text
    return text


def one_meaning(text: str, project: Project) -> None:
    """Raises SegQLError where a text is a saved segment's name, and also a rule of another meaning."""
    segment = project.segments.segments.get(fold(text))
    if segment is None:
        return
    try:
        meant, saved = project.meaning(text), project.meaning(segment)
    except SegQLError:
        return
    if meant.optimized != saved.optimized:
        place = Span(Source(text, "rule"), 0, len(text))
        ways = Fix(place, f"({text})", "the rule"), Fix(place, f"in segment {quoted(segment.name.text)}", "the segment")
        said = f"`{text}` is a rule, and a saved segment with other members has this name."
        raise SegQLError([Problem("ambiguous-name", said, place, "say which:", fixes=ways)])
