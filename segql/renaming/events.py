"""An event of the catalog under another name, there and wherever texts name it; their layout and comments stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from .. import ast, binder
from ..binder.heads import Events, resolve
from ..binder.measures import measure
from ..binder.mentions import mentions
from ..binder.openings import opens
from ..binder.scope import scope_of
from ..catalog import Catalog, catalog_from_yaml, fold
from ..conditions.walk import compared
from ..errors import Problem, SegQLError, problem
from ..formatter import format as format_
from ..formatter import format_name
from ..nearest import nearest
from ..parser import parse_rule
from ..plain import dataclass
from ..segments import Segments, segments_from
from ..source import NOWHERE, Source, Span
from .catalogs import catalog_renamed
from .texts import Renamed, edited, read, rules_of, written


def event_renamed(sources: Sequence[Source], catalog: Source, old: str, new: str, now: datetime) -> Renamed:
    """Texts of definitions, and last of all the catalog's, in which an event is called otherwise.

    What is written is read again: each segment, test and metric has to be bound to what it was, at `now` (aware). Other
    names of the event stay, and so do texts that say those. Raises SegQLError for texts with mistakes, for an event
    that is not there, and for a name that is taken, or would be read as something else.
    """
    new = " ".join(new.split())
    before = catalog_from_yaml(catalog.text, catalog.name)
    own = _own(before, old)
    _free(before, own, new)
    if not new:
        raise SegQLError([Problem("syntax", "A name is not empty.", NOWHERE)])
    text, at = catalog_renamed(catalog, before, own, new)
    after = catalog_from_yaml(text.text, text.name)
    _read_as_itself(after, new, now)
    _catalog_stays(before, after, own, new, now)
    change = Change(own, new, before, after, now)
    places = change.places(sources, frozenset())
    texts = _written(sources, places)
    if lost := change.lost(sources, texts):
        # What was no name, and had one reading, is written as that.
        places = change.places(sources, frozenset(lost))
        texts = _written(sources, places)
        if lost := change.lost(sources, texts):
            raise SegQLError([Problem("ambiguous-name", f"With `{new}` this would say something else.", span,
                                      "say it in the catalog's own names first") for span in lost])  # fmt: skip
    return Renamed((*texts, text), (*(span for of in places for span in of), *at))


def _written(sources: Sequence[Source], places: Sequence[Mapping[Span, str]]) -> list[Source]:
    return [
        edited(source, [(span.start, span.end, put) for span, put in of.items()])
        for source, of in zip(sources, places, strict=True)
    ]


def _own(catalog: Catalog, old: str) -> str:
    """The event by its own spelling in the catalog."""
    found = catalog.find_event(old)
    if found is None:
        close = nearest(old, catalog.events)
        raise SegQLError([problem("unknown-name", f"There is no event `{old}`.", NOWHERE,
                                  "did you mean" if close else "", *close)])  # fmt: skip
    if fold(found) != fold(old):
        said = f"`{old}` is another name of `{found}`, in its `also`."
        raise SegQLError([Problem("unknown-name", said, catalog.span("events", found), f"rename `{found}`")])
    return found


def _free(catalog: Catalog, old: str, new: str) -> None:
    """Whether nothing else has the new name."""
    places = {
        "event": (catalog.find_event(new), "events"),
        "metric": (catalog.find_metric(new), "metrics"),
        "property": (catalog.find_property(new), "profiles"),
    }
    for kind, (found, key) in places.items():
        if found is None or (found == old and kind == "event" and fold(new) == fold(old)):
            continue
        at = catalog.span(key, "properties", found) if key == "profiles" else catalog.span(key, found)
        said = f"There is {'an' if kind == 'event' else 'a'} {kind} `{found}` already."
        if fold(found) != fold(new):
            said = f"`{new}` is another name of the {kind} `{found}` already, in its `also`."
        raise SegQLError([Problem("name-clash", said, at, "choose another name" * (found != old) or
                                  "take it out of `also` first")])  # fmt: skip


def _read_as_itself(catalog: Catalog, new: str, now: datetime) -> None:
    """Whether a rule that says the name speaks of the event; who needs quotes for a word would forget them."""
    good = False
    with suppress(SegQLError):
        said = parse_rule(format_name(new))
        found = resolve(scope_of(catalog, now, {}, {}, {}), said.head) if isinstance(said, ast.Subject) else None
        good = isinstance(found, Events) and found.said == new
    if not good or opens(new) or (format_name(new) != new and re.fullmatch(r"[\w' -]+", new)):
        said_else = f"`{new}` cannot be the name of an event: a rule would read it as something else."
        raise SegQLError([Problem("reserved-word", said_else, NOWHERE, "choose another name")])


def _catalog_stays(before: Catalog, after: Catalog, old: str, new: str, now: datetime) -> None:
    """Raises SegQLError where a part of the catalog, but for the name, is not what it was."""

    def parts(catalog: Catalog, names: Mapping[str, str]) -> list[object]:
        scope = scope_of(catalog, now, {}, {}, {})
        metrics = [bound_as(measure(scope, ast.Subject(ast.Name("", name))), names) for name in catalog.metrics]
        order = (catalog.insights and catalog.insights.order and catalog.find_event(catalog.insights.order)) or ""
        events = [
            (names.get(name, name), event.also, *(names.get(one, one) for one in catalog.leaf_events(name)))
            for name, event in catalog.events.items()
        ]
        return [events, metrics, names.get(order, order)]

    if parts(before, {old: new}) != parts(after, {}):
        raise SegQLError([Problem("ambiguous-name", f"With `{new}` the catalog would say something else.",
                                  before.span("events", old), "choose another name")])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """An event's name before and after, and the catalogs that know it so."""

    old: str
    new: str
    before: Catalog
    after: Catalog
    now: datetime

    def places(self, sources: Sequence[Source], unsaid: Set[Span]) -> list[dict[Span, str]]:
        """Where texts name the event, and what comes there; those in `unsaid` say first what they were taken for."""
        known = segments_from(*sources)
        if known.problems:
            raise SegQLError(known.problems)
        return [
            {span: put for part in read(source).parts for span, put in self._of(part, known, part.span in unsaid)}
            for source in sources
        ]

    def _of(self, part: ast.Definition, known: Segments, out: bool) -> Iterator[tuple[Span, str]]:
        values = {*known.values, *map(fold, self.before.constants)}
        if isinstance(part, ast.Segment):
            values |= {fold(name.text) for name, _ in part.parameters}
        taken = list(self._taken(part, known)) if out else []
        yield from taken
        for rule in rules_of(part):
            for span, put in self._names(rule, values):
                if not any(whole.start <= span.start and span.end <= whole.end for whole, _ in taken):
                    yield span, put

    def _names(self, rule: ast.Rule, values: Set[str]) -> Iterator[tuple[Span, str]]:
        """A form of the old name that another name has as well stays."""
        for said in mentions(rule, self.before, values):
            if said.event == self.old and (fold(said.said) == fold(self.old) or not self._known(said.said)):
                yield said.span, written(said.span.text, self.new)

    def _known(self, said: str) -> bool:
        return self.after.find_event(said) == self.new or self.after.events_meant(said) == (self.new,)

    def _taken(self, part: ast.Definition, known: Segments) -> Iterator[tuple[Span, str]]:
        """The conditions that are no names, and what they say in names, the event by its new one."""
        rule = part.rule if isinstance(part, ast.Segment) else part.expect if isinstance(part, ast.Test) else None
        if rule is None:
            return
        found = self._bound(part if isinstance(part, ast.Segment) else rule, self.before, known)
        said = found.said.rule if isinstance(found.said, ast.Segment) else found.said
        for given, meant in _otherwise(rule, said or rule):
            text = Source(format_(meant))
            names = [(span.start, span.end, put) for span, put in self._names(parse_rule(text.text), frozenset())]
            if names:
                put = edited(text, names).text
                yield given.span, f"({put})" if isinstance(meant, ast.All | ast.AnyOf) else put

    def _bound(self, given: ast.Rule | ast.Segment, catalog: Catalog, known: Segments) -> binder.Bound:
        return binder.bind(given, catalog, self.now, lets=known.values, segments=known.segments)

    def lost(self, sources: Sequence[Source], texts: Sequence[Source]) -> list[Span]:
        """The definitions that say something else in the new texts. Raises SegQLError for one with mistakes before."""
        known, later = segments_from(*sources), segments_from(*texts)
        lost = []
        for source, text in zip(sources, texts, strict=True):
            try:
                parts = read(text).parts
            except SegQLError:
                parts = ()
            for i, part in enumerate(read(source).parts):
                same = False
                mine = self._says(part, self.before, known, {self.old: self.new})
                with suppress(SegQLError, IndexError):
                    same = mine == self._says(parts[i], self.after, later, {})
                if not same:
                    lost.append(part.span)
        return lost

    def _says(self, part: ast.Definition, catalog: Catalog, known: Segments, names: Mapping[str, str]) -> object:
        """A definition by what it is bound to, with other names of events."""
        values = {*known.values, *map(fold, catalog.constants)}
        match part:
            case ast.Segment(name=name):
                bound = self._bound(part, catalog, known)
                return name.text, bound_as((bound.rule, bound.sample), names)
            case ast.Test(name=name, given=given, expect=expect):
                facts = sorted(names.get(one.event, one.event) for one in mentions(given, catalog, values))
                bound = self._bound(expect, catalog, known)
                return name.value, facts, bound_as(bound.rule, names)
            case _:
                return part


def _otherwise(rule: ast.Rule, said: ast.Rule) -> Iterator[tuple[ast.Rule, ast.Rule]]:
    """The conditions of a rule that another, taken for it, says otherwise."""
    match rule, said:
        case (ast.All(parts=mine), ast.All(parts=its)) | (ast.AnyOf(parts=mine), ast.AnyOf(parts=its)):
            for one, other in zip(mine, its, strict=True):
                yield from _otherwise(one, other)
        case ast.Not(part=one), ast.Not(part=other):
            yield from _otherwise(one, other)
        case _ if rule != said:
            yield rule, said if isinstance(said, ast.All | ast.AnyOf | ast.Not) else replace(said, comments=())


def bound_as(node: Any, names: Mapping[str, str], *, event: bool = False) -> object:
    """A bound tree as plain values, its events by other names."""
    if isinstance(node, tuple):
        return tuple(bound_as(part, names, event=event) for part in node)
    if event and isinstance(node, str):
        return names.get(node, node)
    kind: type = type(node)
    fields = compared(kind)
    if not fields:
        return node
    return kind.__name__, *(bound_as(getattr(node, name), names, event=name == "events") for name in fields)
