"""The row that a predicate looks at, and which properties it has: a profile, an event, a line item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Literal, NoReturn

from .. import ast
from ..catalog import fold
from ..catalog.model import Property
from ..conditions import BUILT_IN, Field, Type
from ..plain import dataclass
from ..words import words as table
from .scope import Scope, fail, listed, unknown


@dataclass(frozen=True, slots=True)
class RowScope:
    """A profile (without events), an event, an item of it; or an item beside its event, in the `where` of an aggregate
    over items.
    """

    events: tuple[str, ...] = ()
    of: Literal["profile", "event", "item", "item beside event"] = "profile"

    def field(self, scope: Scope, name: ast.Name) -> Field | None:
        """The property of this row with that name; `number of NAME` of a list."""
        return self._whole(scope, name) or self._number_of(scope, name)

    def _number_of(self, scope: Scope, name: ast.Name) -> Field | None:
        """How many elements a list of the row has, where the name says that."""
        for words in _number_words():
            if name.quoted is None and fold(name.words).startswith(f"{words} "):
                rest = ast.Name(" ".join(name.words.split()[len(words.split()) :]), None, name.span)
            elif name.quoted is not None and fold(name.words) == words:
                rest = ast.Name("", name.quoted, name.span)
            else:
                continue
            whole = self._whole(scope, rest)
            if whole is not None and whole.type in (Type.TEXTS, Type.NUMBERS):
                return Field(whole.scope, whole.name, Type.NUMBER, "number")
        return None

    def _whole(self, scope: Scope, name: ast.Name) -> Field | None:
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
        """What messages call such a row."""
        if self.of == "profile":
            return "the profile"
        events = f"`{self.events[0]}`" if len(self.events) == 1 else "these events"
        return f"the items of {events}" if self.of == "item" else events

    def names(self, scope: Scope) -> list[str]:
        """Every name that can stand here, for suggestions."""
        if self.of == "profile":
            return _spelled([scope.catalog.profiles.properties])
        catalog, first = scope.catalog, scope.catalog.events[self.events[0]]
        names: list[str] = []
        if self.of != "item":
            names += _of_all(_spelled([first.properties]), self.events, catalog.find_event_property)
            names += BUILT_IN if all(catalog.events[event].time for event in self.events) else []
        if self.of != "event" and first.items:
            names += _of_all(_spelled([first.items.properties]), self.events, catalog.find_item_property)
        return names


@cache
def _number_words() -> tuple[str, ...]:
    return tuple(words for words, sense in table().senses["MEASURE_OF"].items() if sense == "number")


PROFILE = RowScope()


def no_property(scope: Scope, name: ast.Name, row: RowScope) -> NoReturn:
    """The error where the row has no such property; of several events perhaps some have it."""
    some_only(scope, name, row)
    unknown(f"property of {row.said}", name, row.names(scope))


def some_only(scope: Scope, name: ast.Name, row: RowScope) -> None:
    """An error where some of several events have such a property, and others have not, or only their items."""
    catalog, key = scope.catalog, name.text
    own = [event for event in row.events if row.of != "item" and catalog.find_event_property(event, key)]
    of_items = [event for event in row.events if row.of != "event" and catalog.find_item_property(event, key)]
    others = [event for event in row.events if event not in (own or of_items)]
    if not others or not (own or of_items):
        return
    have = f"{listed(own)} {_has(own)}" if own else f"The items of {listed(of_items)} have"
    in_items = own and set(others) <= set(of_items)
    lack = f"of {listed(others)} only the items have one" if in_items else f"{listed(others)} {_has(others)} none"
    fail("unknown-name", f"{have} a property `{key}`, but {lack}.", name.span,
         "in `any of (..)` a property must belong to every event")  # fmt: skip


def _has(events: Sequence[str]) -> str:
    return "has" if len(events) == 1 else "have"


def event_field(scope: Scope, events: tuple[str, ...], name: ast.Name) -> Field | None:
    """A property that all the events have; None when one of them does not have it."""
    found = [_event_property(scope, event, name.text) for event in events]
    first = found[0]
    if first is None or None in found:
        return None
    for event, other in zip(events, found, strict=True):
        if other is not None and other != first:
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


def _of_all(names: Iterable[str], events: tuple[str, ...], find: Callable[[str, str], str | None]) -> list[str]:
    return [name for name in names if all(find(event, name) for event in events)]


def _spelled(owners: Iterable[Mapping[str, Property]]) -> list[str]:
    return [n for owner in owners for name, part in owner.items() for n in (name, *part.also)]
