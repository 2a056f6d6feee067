"""How names are compared, and the canonical spelling of every name of a catalog.

Two names are one when they are equal after NFC, `casefold` and folding of white space. A name that the catalog spells
`Placed order` is found as `placed  ORDER`, and by its aliases.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TypeAlias

from ..plain import dataclass
from .declared import Declarations
from .forms import meant_by
from .parts import Property

Spellings: TypeAlias = Mapping[str, str]
"""Folded name: the catalog's own spelling."""


@lru_cache(8192)  # the same few names, asked for again and again
def fold(name: str) -> str:
    """The form in which names are equal."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return " ".join(folded.split())


def spellings(named: Mapping[str, object]) -> Spellings:
    """The names and aliases of one kind. A name of its own goes before an alias of another."""
    found = {fold(alias): name for name, part in named.items() for alias in getattr(part, "also", ())}
    return {**found, **{fold(name): name for name in named}}


@dataclass(frozen=True)
class Index:
    """The names of one catalog, made once with it. Outside its equality."""

    events: Spellings = field(compare=False)
    properties: Spellings = field(compare=False)
    event_properties: Mapping[str, Spellings] = field(compare=False)
    item_properties: Mapping[str, Spellings] = field(compare=False)
    metrics: Spellings = field(compare=False)
    channels: Spellings = field(compare=False)
    lists: Spellings = field(compare=False)
    places: Spellings = field(compare=False)
    sets: Spellings = field(compare=False)
    constants: Spellings = field(compare=False)
    leaves: Mapping[str, tuple[str, ...]] = field(compare=False)

    @cached_property
    def event_forms(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """The events by the base forms of their names; made when a name is no event's as it is written."""
        return meant_by(self.events)


def index(catalog: Declarations) -> Index:
    """The names of a catalog."""
    events = spellings(catalog.events)
    leaves = {name: tuple(_leaves(catalog, events, name, ())) for name in catalog.events}
    return Index(
        events=events,
        properties=spellings(catalog.profiles.properties),
        event_properties={
            name: _shared([catalog.events[leaf].properties for leaf in of]) for name, of in leaves.items()
        },
        item_properties={
            name: _shared([items.properties if (items := catalog.events[leaf].items) else {} for leaf in of])
            for name, of in leaves.items()
        },
        metrics=spellings(catalog.metrics),
        channels=spellings(catalog.channels),
        lists=spellings(catalog.lists),
        places=spellings(catalog.places),
        sets=spellings(catalog.sets),
        constants=spellings(catalog.constants),
        leaves=leaves,
    )


def _leaves(catalog: Declarations, events: Spellings, name: str, above: tuple[str, ...]) -> Mapping[str, None]:
    """The events that a union stands for, each once, in the catalog's order. Of a broken catalog: those that exist."""
    event = catalog.events[name]
    if not event.any_of or name in above:
        return {name: None}
    found: dict[str, None] = {}
    for part in event.any_of:
        if known := events.get(fold(part)):
            found.update(_leaves(catalog, events, known, (*above, name)))
    return found


def _shared(owners: list[Mapping[str, Property]]) -> Spellings:
    """The names that every owner knows, spelled as the first one spells them."""
    if not owners:
        return {}
    first, *others = (spellings(owner) for owner in owners)
    return {folded: name for folded, name in first.items() if all(folded in other for other in others)}


@cache
def _frozen() -> dict[str, dict[str, str]]:
    frozen: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("sets.json").read_text(encoding="utf-8"))
    return frozen


@cache
def built_in_sets() -> Mapping[str, tuple[str, ...]]:
    """The sets that every catalog has: ISO 3166 alpha-2 codes of unions, continents, regions and countries."""
    return {name: tuple(codes.split()) for name, codes in _frozen()["sets"].items()}


@cache
def built_in_set_names() -> Spellings:
    """Folded name or alias: the built-in set's own spelling."""
    frozen = _frozen()
    return {**{fold(a): name for a, name in frozen["also"].items()}, **{fold(name): name for name in frozen["sets"]}}
