"""What a text names: a saved segment, or a rule; never the one where it may be the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from .. import parser
from ..answers.why import key_of
from ..arguments import Given
from ..ast import InSegment
from ..catalog import fold
from ..errors import Fix, Problem, SegQLError
from ..formatter.values import quoted
from ..joining import either
from ..nearest import nearest
from ..project import Project
from ..source import NOWHERE, Source, Span

T = TypeVar("T")


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
    text = text.strip()  # a file ends with a line feed
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


def of_person(text: str, project: Project, ask: Callable[[str | int], T]) -> T:
    """What is asked of the profile that a person means: by its key, or by a text that the catalog shows of each
    (`shown`), or by how that begins (`ann@..`), where one profile alone has it.

    Raises SegQLError where nobody has it, or several have; and as `ask`.
    """
    try:
        return ask(key_of(text, project.catalog))
    except SegQLError as error:
        if error.problems[0].code != NOBODY:
            raise
        if (key := _shown(text, project)) is None:
            raise
    return ask(key)


NOBODY = "unknown-name"
SEVERAL = 5


def _shown(text: str, project: Project) -> str | int | None:
    """The key of the one profile of which this is shown."""
    from ..rules import of  # here: a rule alone needs none of it
    from ..rules import quoted as quoted_name

    properties = project.catalog.profiles.properties
    shown = [name for name in project.catalog.profiles.shown if properties[name].type == "text"]
    begins = text.rstrip(".…")
    for fits in (lambda name: of(quoted_name(name)).is_(text), lambda name: of(quoted_name(name)).starts_with(begins)):
        found = list(project.members(either(*map(fits, shown)), SEVERAL)) if shown and begins else []
        if len(found) == 1:
            key: str | int = found[0]
            return key
        if found:
            some = ", ".join(map(str, found[: SEVERAL - 1])) + ", .." * (len(found) == SEVERAL)
            problem = Problem(
                "ambiguous-name", f"`{text}` is shown of several profiles: {some}.", NOWHERE, "say which by its key"
            )
            raise SegQLError([problem])
    return None
