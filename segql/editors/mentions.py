"""What the names in a file of segments mean: where each stands, and where its meaning is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from .. import ast
from ..catalog import Catalog, fold
from ..conditions.walk import compared
from ..plain import dataclass
from ..segments import Segments
from ..source import Span

Key: TypeAlias = tuple[str, ...]
"""A path of the catalog, `("events", "placed order", "properties", "total")`; or `("segment", NAME)`, `("let", NAME)`,
`("parameter", SEGMENT, NAME)` with folded names.
"""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, what it means, and whether this is where a file says what that is."""

    span: Span
    key: Key
    defines: bool = False


def mentions(found: ast.Definitions, catalog: Catalog | None, segments: Segments) -> Iterator[Mention]:
    """The names of a file with what they mean, in no order; without a catalog those of the files alone."""
    for part in found.parts:
        match part:
            case ast.Segment():
                name = fold(part.name.text)
                keys = {fold(one.text): ("parameter", name, fold(one.text)) for one, _ in part.parameters}
                yield Mention(part.name.span, ("segment", name), True)
                for one, _ in part.parameters:
                    yield Mention(one.span, keys[fold(one.text)], True)
                yield from _Reading(catalog, segments, keys).inside(part.rule)
            case ast.Let():
                yield Mention(part.name.span, ("let", fold(part.name.text)), True)
            case ast.Test():
                reading = _Reading(catalog, segments, {})
                yield from reading.inside((part.given, part.expect))
            case _:
                pass


@dataclass(frozen=True, slots=True)
class _Reading:
    """What names mean at a place of a rule: among the rows of which events, their items, or the profile's."""

    catalog: Catalog | None
    segments: Segments
    parameters: Mapping[str, Key]
    events: tuple[str, ...] = ()
    items: bool = False

    def inside(self, node: Any) -> Iterator[Mention]:
        """The mentions of a tree."""
        match node:
            case tuple():
                for part in node:
                    yield from self.inside(part)
            case ast.Name():
                yield from self._name(node)
            case ast.SegmentRef():
                name = fold(node.name.text)
                if name in self.segments.segments:
                    yield Mention(node.name.span, ("segment", name))
                for one, value in node.arguments:
                    yield Mention(one.span, ("parameter", name, fold(one.text)))
                    yield from self.inside(value)
            case ast.InList():
                yield from self._known(node.name, "lists")
                yield from self.inside(node.window)
            case ast.CanReceive():
                yield from self._known(node.channel, "channels")
                yield from self.inside((node.reason, node.window))
            case ast.Near() if isinstance(node.place, ast.Name):
                yield from self._known(node.place, "places")
            case ast.Their():
                yield from replace(self, events=(), items=False)._name(node.property)
            case ast.Items():
                yield from replace(self, items=True).inside((node.where, node.quantity))
            case ast.Subject():
                of = self._events(node.head) or self.events
                there = replace(self, events=of)
                own = self if isinstance(node.head, ast.Name) else there
                yield from own.inside(node.head)
                yield from there.inside((node.where, node.has, node.with_the_same))
                rest = (name for name in compared(ast.Subject) if name not in ("head", "where", "has", "with_the_same"))
                yield from self.inside(tuple(getattr(node, name) for name in rest))
            case ast.Aggregate():
                yield from replace(self, events=self._events(node) or self.events).inside((node.property, node.of))
            case _:
                kind: type = type(node)
                for name in compared(kind):
                    yield from self.inside(getattr(node, name))

    def _events(self, head: Any) -> tuple[str, ...]:
        """The events that a head is about."""
        match head:
            case ast.Name():
                return tuple(one.key[1] for one in self._name(head) if one.key[0] == "events")
            case ast.Either() | ast.AllOf():
                return tuple(event for one in head.events for event in self._events(one.head))
            case ast.Aggregate() | ast.Edge() | ast.Share():
                return self._events(head.of)
            case _:
                return ()

    def _known(self, name: ast.Name, kind: str) -> Iterator[Mention]:
        """The name of a list, a channel or a place."""
        find = {"lists": "find_list", "channels": "find_channel", "places": "find_place"}[kind]
        known = getattr(self.catalog, find)(name.text) if self.catalog else None
        if known is not None:
            yield Mention(name.span, (kind, known))

    def _name(self, name: ast.Name) -> Iterator[Mention]:
        """The names in a run of words: of `days since last placed order` the event, of `total of last placed order`
        its property too. The longest come first, and none twice.
        """
        words = list(_WORD.finditer(name.span.text))
        free = set(range(len(words)))
        of_this: tuple[str, ...] = ()
        for with_own in (False, True):  # the property of an event is known once the event is
            for length in range(len(words), 0, -1):
                for first in range(len(words) - length + 1):
                    run = range(first, first + length)
                    if not free.issuperset(run) or (with_own and not of_this):
                        continue
                    said = " ".join(_unquoted(words[place].group()) for place in run)
                    key = self._event_property(said, of_this) if with_own else self._key(said)
                    if key is None:
                        continue
                    free.difference_update(run)
                    of_this += (key[1],) if key[0] == "events" and len(key) == 2 else ()
                    start = name.span.start
                    yield Mention(
                        Span(name.span.source, start + words[first].start(), start + words[run[-1]].end()), key
                    )

    def _key(self, said: str) -> Key | None:
        """What words mean here, as the binder looks for them."""
        if (own := self.parameters.get(fold(said))) is not None:
            return own
        if (key := self._event_property(said, self.events)) is not None:
            return key
        if self.catalog is not None:
            if (found := self.catalog.find_property(said)) is not None:
                return "profiles", "properties", found
            for kind, find in _FINDERS.items():
                if (found := getattr(self.catalog, find)(said)) is not None and found in getattr(self.catalog, kind):
                    return kind, found
        return ("let", fold(said)) if fold(said) in self.segments.values else None

    def _event_property(self, said: str, events: tuple[str, ...]) -> Key | None:
        """The property of these events, or of their items, that is called so: as the first of them has it."""
        if self.catalog is None:
            return None
        for event in (leaf for one in events for leaf in self.catalog.leaf_events(one)):
            if self.items and (found := self.catalog.find_item_property(event, said)) is not None:
                return "events", event, "items", "properties", found
            if (found := self.catalog.find_event_property(event, said)) is not None:
                return "events", event, "properties", found
        return None


_WORD = re.compile(r"""(?:"(?:[^"]|"")*"|'(?:[^']|'')*')|[^\s"']+""")
_FINDERS = {"events": "find_event", "metrics": "find_metric", "constants": "find_constant", "sets": "find_set"}


def _unquoted(word: str) -> str:
    return word[1:-1].replace(word[0] * 2, word[0]) if word[:1] in ('"', "'") else word
