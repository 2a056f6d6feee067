"""The row that a predicate looks at, and which properties it has: a profile, an event, a line item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from .. import ast
from ..catalog import fold
from ..catalog.model import Property
from ..conditions import BUILT_IN, Field, Type
from .scope import Scope, fail, listed


@dataclass(frozen=True, slots=True)
class Row:
    """A profile (without events), an event, an item of it; or an item beside its event, in the `where` of an aggregate
    over items.
    """

    events: tuple[str, ...] = ()
    of: Literal["profile", "event", "item", "item beside event"] = "profile"

    def field(self, scope: Scope, name: ast.Name) -> Field | None:
        """The property of this row with that name."""
        if name.words and name.quoted is not None:
            return None
        if self.of == "profile":
            key = scope.catalog.find_property(name.text)
            return Field("profile", key, Type(scope.catalog.profiles.properties[key].type)) if key else None
        event = event_field(scope, self.events, name) if self.of != "item" else None
        item = item_field(scope, self.events, name) if self.of != "event" else None
        if event and item and not _built_in(scope, self.events, name):
            fail(
                "ambiguous-name",
                f"`{name.text}` is a property of {self.said} and of its items.",
                name.span,
                f"`any item ({name.text} ..)` selects whole events; to select items, give one of the two another name",
            )
        return item or event

    @property
    def said(self) -> str:
        if self.of == "profile":
            return "the profile"
        events = f"`{self.events[0]}`" if len(self.events) == 1 else "these events"
        return f"the items of {events}" if self.of == "item" else events

    def names(self, scope: Scope) -> list[str]:
        """Every name that can stand here, for suggestions."""
        if self.of == "profile":
            return _spelled([scope.catalog.profiles.properties])
        events = [scope.catalog.events[name] for name in self.events]
        names: list[str] = []
        if self.of != "item":
            names += _spelled([event.properties for event in events])
            names += BUILT_IN if all(event.time for event in events) else []
        if self.of != "event":
            names += _spelled([event.items.properties for event in events if event.items])
        return names


PROFILE = Row()


def event_field(scope: Scope, events: tuple[str, ...], name: ast.Name) -> Field | None:
    """A property that all the events have; None when the first of them does not have it."""
    found = [_event_property(scope, event, name.text) for event in events]
    first = found[0]
    if first is None:
        return None
    for event, other in zip(events, found, strict=True):
        if other is None:
            fail("unknown-name", f"`{events[0]}` has a property `{first[0]}`, but `{event}` has none.", name.span,
                 "in `any of (..)` a property must belong to every event")  # fmt: skip
        if other != first:
            fail(
                "wrong-type",
                f"`{first[0]}` of `{events[0]}` is {_kind(first)}, but `{other[0]}` of `{event}` is {_kind(other)}.",
                name.span,
                "give the property one name and one type in the catalog",
            )
    return Field("event", first[0], first[1])


def _event_property(scope: Scope, event: str, name: str) -> tuple[str, Type, bool] | None:
    """The spelling, the type, and whether it is built in."""
    found = scope.catalog.find_event_property(event, name)
    if found is not None:
        return found, Type(scope.catalog.events[event].properties[found].type), False
    if (folded := fold(name)) in BUILT_IN and scope.catalog.events[event].time is not None:
        return folded, BUILT_IN[folded], True
    return None


def _kind(found: tuple[str, Type, bool]) -> str:
    return f"{found[1].value}, built in" if found[2] else found[1].value


def _built_in(scope: Scope, events: tuple[str, ...], name: ast.Name) -> bool:
    return scope.catalog.find_event_property(events[0], name.text) is None


def item_field(scope: Scope, events: tuple[str, ...], name: ast.Name) -> Field | None:
    """A property of the items of all the events; None when one has none of that name."""
    found: list[tuple[str, Type]] = []
    for event in events:
        key, items = scope.catalog.find_item_property(event, name.text), scope.catalog.events[event].items
        if key is None or items is None:
            return None
        found.append((key, Type(items.properties[key].type)))
    if len(set(found)) > 1:
        fail("wrong-type", f"The items of {listed(events)} differ in what `{name.text}` is.", name.span,
             "give the property one name and one type in the catalog")  # fmt: skip
    return Field("item", *found[0])


def _spelled(owners: Iterable[Mapping[str, Property]]) -> list[str]:
    return [n for owner in owners for name, part in owner.items() for n in (name, *part.also)]
