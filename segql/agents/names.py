"""Everything that has a name in a project, to be looked for by words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..catalog import Catalog
from ..catalog.declared import Event
from ..catalog.parts import Property
from ..plain import dataclass
from ..project import Project


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a project: each with its kind, what it is of, and what is known of it; no table or column."""

    entries: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, project: Project) -> Names:
        """Those of its catalog and of its saved segments."""
        segments = project.segments
        saved = (segments[name] for name in segments)
        told = ({"name": one.name.text, "kind": "segment", "says": " ".join(one.comments)} for one in saved)
        return cls((*map(_known, _catalog(project.catalog)), *map(_known, told)))

    def like(self, words: str) -> list[dict[str, Any]]:
        """The entries in which most of these words begin a word, first those whose names have them."""
        wanted = re.findall(r"\w+", words.casefold())
        if not wanted:
            return list(self.entries)
        found = [(_fit(entry, wanted), place, entry) for place, entry in enumerate(self.entries)]
        return [entry for fit, _, entry in sorted(found, key=lambda one: (-one[0], one[1])) if fit]


def _fit(entry: Mapping[str, Any], wanted: list[str]) -> float:
    """How many of the words begin one of an entry's; those of its name count more than those of what is said of it."""
    own, more = (set(re.findall(r"\w+", str(text).casefold())) for text in (entry["name"], list(entry.values())))
    met = [
        3 * any(word.startswith(one) for word in own) or any(word.startswith(one) for word in more) for one in wanted
    ]
    return sum(met) + (0.5 if met and len(own) == len(wanted) else 0)


def _known(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value}


def _catalog(known: Catalog) -> Iterator[dict[str, Any]]:
    for name, event in known.events.items():
        yield _named(name, "event", event) | {"any of": list(event.any_of)}
        yield from _of_event(name, event)
    yield from _properties(known.profiles.properties, "profile")
    for name, metric in known.metrics.items():
        yield _named(name, "metric", metric) | {"says": metric.description or metric.value}
    for kind, parts in (("channel", known.channels), ("list", known.lists)):
        for name, part in parts.items():
            yield _named(name, kind, part)
    for name in known.sets:
        yield {"name": name, "kind": "set", "values": list(known.sets[name])}
    for name in known.places:
        yield {"name": name, "kind": "place"}
    for name, constant in known.constants.items():
        yield {"name": name, "kind": "constant", "says": str(constant)}


def _of_event(name: str, event: Event) -> Iterator[dict[str, Any]]:
    yield from _properties(event.properties, name)
    if event.items is not None:
        yield from _properties(event.items.properties, f"items of {name}")


def _properties(found: Mapping[str, Property], of: str) -> Iterator[dict[str, Any]]:
    for name, part in found.items():
        yield _named(name, "property", part) | {"of": of, "type": part.type, "values": list(part.values)}


def _named(name: str, kind: str, part: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "also": list(part.also), "says": part.description}
