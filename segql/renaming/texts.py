"""What a text is where names in it are called otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from .. import ast, parser
from ..formatter import format_name
from ..formatter.values import quoted
from ..plain import dataclass
from ..source import Source, Span


@dataclass(frozen=True, slots=True)
class Renamed:
    """The texts with the new name, in their order, and the places where the old one stood."""

    sources: tuple[Source, ...]
    places: tuple[Span, ...]


def read(source: Source) -> ast.Definitions:
    """Its definitions. Raises SegQLError."""
    return parser.parse_definitions(source.text, source.name)


def edited(source: Source, changes: Iterable[tuple[int, int, str]]) -> Source:
    """The text with stretches of it replaced: where each begins, where it ends, and what comes there."""
    text, at = "", 0
    for start, end, put in sorted(changes):
        text += source.text[at:start] + put
        at = end
    return Source(text + source.text[at:], source.name)


def rules_of(part: ast.Definition) -> tuple[ast.Rule, ...]:
    """The rules that stand in a definition."""
    match part:
        case ast.Segment():
            return (part.rule,)
        case ast.Test():
            return part.given, part.expect
        case _:
            return ()


def written(before: str, new: str) -> str:
    """The new name, in quotes where the old one had some or where it needs them."""
    return quoted(new) if before[:1] in "\"'" else format_name(new)
