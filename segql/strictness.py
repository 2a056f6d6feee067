"""What is no mistake in saved segments, and yet worth a look before they go live: `segql check --strict`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from . import ast, binder, parser
from .catalog import Catalog, fold
from .compiler import meaning
from .conditions.walk import nodes
from .errors import Problem, SegQLError
from .formatter import format_name
from .segments import Segments, segments_from
from .source import Source
from .words import say


def strict(sources: Sequence[Source], catalog: Catalog, now: datetime) -> list[Problem]:
    """Parameters and `let`s that nothing uses, names that hide others, and segments that nothing uses which ask for
    nobody's consent, or say another's rule.

    A segment that others use is a part of these: it is they that somebody writes to. What has errors is passed over.
    """
    segments = segments_from(*sources)
    found = [*_unused(sources, segments), *_hiding(sources, catalog)]
    meanings: dict[object, ast.Segment] = {}

    def means(segment: ast.Segment, at: datetime) -> tuple[object, object]:
        said = meaning(segment, catalog, now=at, segments=segments)
        return said.bound, said.sample

    within = {fold(name) for segment in segments.segments.values() for name in _segments_in(segment)}
    for key, segment in segments.segments.items():
        try:
            said = meaning(segment, catalog, now=now, segments=segments)
        except SegQLError:
            continue
        bound = said.bound
        first = meanings.setdefault((bound, said.sample), segment)
        if key in within:
            continue
        # Two windows may be one by chance: `this month` on its third day, and `in 3d`.
        if first is not segment and means(first, now + _LATER) == means(segment, now + _LATER):
            text = f"`{segment.name.text}` says what `{first.name.text}` says, and no segment uses it."
            found.append(Problem("no-effect", text, segment.name.span, "leave one of them out", "warning"))
        if (unasked := binder.unasked(segment.rule, bound, catalog)) is not None:
            message = f"No segment uses `{segment.name.text}`, and it asks for nobody's consent."
            found.append(replace(unasked, message=message))
    return found


_LATER = timedelta(days=47, minutes=13)


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


def _hiding(sources: Sequence[Source], catalog: Catalog) -> Iterator[Problem]:
    """`let`s that hide a name of the catalog, and segments that are called as what a rule begins with."""
    heads = {"event": catalog.find_event, "metric": catalog.find_metric, "property": catalog.find_property}
    values = {"constant": catalog.find_constant, "named set": catalog.find_set, **heads}
    for source in sources:
        for part in parser.parse_definitions_all(source.text, source.name)[0].parts:
            if not isinstance(part, ast.Let | ast.Segment):
                continue
            name = part.name.text
            let = isinstance(part, ast.Let)
            kind = next((kind for kind, find in (values if let else heads).items() if find(name)), None)
            if kind is not None and let:
                said = f"`let {name}` hides the {kind} of the same name."
                yield Problem("hides-name", said, part.name.span, "give the `let` another name", "warning")
            elif kind is not None:
                article = "an" if kind == "event" else "a"
                said = f"The segment `{name}` is called as {article} {kind} is: its name alone is that."
                words = f"give the segment another name, or say `{say('IN_SEGMENT {}', format_name(name))}`"
                yield Problem("hides-name", said, part.name.span, words, "warning")


def _segments_in(segment: ast.Segment) -> Iterator[str]:
    return (node.name.text for node in nodes(segment.rule) if isinstance(node, ast.SegmentRef))
