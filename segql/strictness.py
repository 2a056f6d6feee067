"""What is no mistake in saved segments, and yet worth a look before they go live: `segql check --strict`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from . import ast, binder, parser
from .catalog import Catalog, fold
from .compiler import meaning
from .conditions.walk import nodes
from .errors import Problem, SegQLError
from .segments import Segments, segments_from
from .source import Source


def strict(sources: Sequence[Source], catalog: Catalog, now: datetime) -> list[Problem]:
    """Parameters and `let`s that nothing uses, and segments that ask for nobody's consent.

    A segment that others use is a part of these: it is they that somebody writes to. What has errors is passed over.
    """
    segments = segments_from(*sources)
    found = [*_unused(sources, segments)]
    within = {fold(name) for segment in segments.segments.values() for name in _segments_in(segment)}
    for key, segment in segments.segments.items():
        if key in within:
            continue
        try:
            bound = meaning(segment, catalog, now=now, segments=segments).bound
        except SegQLError:
            continue
        if (unasked := binder.unasked(segment.rule, bound, catalog)) is not None:
            found.append(unasked)
    return found


def _unused(sources: Sequence[Source], segments: Segments) -> Iterator[Problem]:
    everywhere = set[str]()
    for segment in segments.segments.values():
        names = {fold(node.text) for node in nodes(segment.rule) if isinstance(node, ast.Name)}
        everywhere |= names
        for name, _ in segment.parameters:
            if fold(name.text) not in names:
                said = f"The parameter `{name.text}` of `{segment.name.text}` is used nowhere in it."
                yield Problem("no-effect", said, name.span, "leave it out, or use it", "warning")
    for source in sources:
        for part in parser.parse_definitions_all(source.text, source.name)[0].parts:
            if isinstance(part, ast.Let) and fold(part.name.text) not in everywhere:
                said = f"`let {part.name.text}` is used by none of these segments."
                yield Problem("no-effect", said, part.name.span, "leave it out, or use it", "warning")


def _segments_in(segment: ast.Segment) -> Iterator[str]:
    return (node.name.text for node in nodes(segment.rule) if isinstance(node, ast.SegmentRef))
