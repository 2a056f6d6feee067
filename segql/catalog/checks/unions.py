"""The checks of unions: the events that they are any of, and that none is part of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...nearest import nearest
from ..declared import Declarations, Event
from ..names import Spellings, fold, spellings
from ..parts import spelled
from .findings import Finding, needless

_OWN = ("any_of", "also", "description", "visible_since")
"""What a union says itself; all else its events say."""


def union_findings(catalog: Declarations, name: str, declared: Iterable[str]) -> Iterator[Finding]:
    """The union called `name`. `declared` are the names of all events, also of those with another mistake."""
    event, path, events = catalog.events[name], ("events", name), spellings(catalog.events)
    for field in Event.model_fields:
        if field in event.model_fields_set and field not in _OWN and getattr(event, field):
            yield needless(path, spelled(field), "it is any of other events, and each has its own")
    known = {**{fold(other): other for other in declared}, **events}
    for i, part in enumerate(event.any_of):
        if fold(part) not in known:
            close = nearest(part, known.values(), 1)
            hint = f"did you mean `{close[0]}`?" if close else "declare the event, or remove it here"
            yield Finding("unknown-reference", (*path, "any of", i), f'There is no event "{part}".', hint)
    # A circle is one mistake: the first of its events says it.
    circle = _circle(catalog, events, name)
    if circle and name == next(other for other in catalog.events if other in circle):
        message = f"The event is part of itself: {' → '.join([*circle, name])}."
        yield Finding("event-cycle", (*path, "any of"), message, "take one of them out", at_key=True)


def _circle(catalog: Declarations, events: Spellings, start: str) -> list[str]:
    """The events through which a union comes back to itself, from itself on; none when it does not."""
    trail: dict[str, list[str]] = {start: [start]}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for part in catalog.events[here].any_of:
            name = events.get(fold(part))
            if name == start:
                return trail[here]
            if name is not None and name not in trail:
                trail[name] = [*trail[here], name]
                waiting.append(name)
    return []
