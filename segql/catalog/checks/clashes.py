"""Names of a catalog that mean two things, or that rows need for themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..declared import Declarations
from ..marks import Path
from ..names import fold
from .findings import Finding, called

RESERVED = frozenset({"profile", "time", "items", "key"})
"""What plain rows call a profile's key, an event's profile, instant and lines: no property takes these names."""


def clashes(catalog: Declarations) -> Iterator[Finding]:
    """Every name that a rule could not tell apart, at its second place."""
    profile: Path = ("profiles", "properties")
    owners: dict[Path, Mapping[str, object]] = {profile: catalog.profiles.properties}
    for name, event in catalog.events.items():
        owners["events", name, "properties"] = event.properties
        if event.items:
            owners["events", name, "items", "properties"] = event.items.properties
    for path, properties in owners.items():
        yield from _reserved(path, properties)
        if path != profile:
            yield from _among({path: properties})
    # These begin a condition: `placed order`, `total spent > 5`, `country is "NL"`. One name, one meaning.
    yield from _among(
        {("events",): catalog.events, ("metrics",): catalog.metrics, profile: catalog.profiles.properties}
    )
    for kind in ("channels", "lists", "places", "sets", "constants"):
        yield from _among({(kind,): getattr(catalog, kind)})


def _reserved(path: Path, properties: Mapping[str, object]) -> Iterator[Finding]:
    for name, at in _spelled(path, properties):
        if fold(name) in RESERVED:
            message = f'No property can be called "{name}": rows use the name themselves.'
            hint = f"call it something else: `.. {name}: {{column: {name}}}`"
            yield Finding("reserved-name", at, message, hint, at_key=True)


def _among(kinds: Mapping[Path, Mapping[str, object]]) -> Iterator[Finding]:
    """The names that two things of these kinds share."""
    seen: dict[str, tuple[Path, str]] = {}
    for kind, named in kinds.items():
        for name, at in _spelled(kind, named):
            owner = at[: len(kind) + 1]
            first, written = seen.setdefault(fold(name), (owner, name))
            if first == owner:  # an alias may repeat the name of its own
                continue
            as_ = f' (as "{written}")' if written != name else ""
            message = f'"{name}" is also the name of {called(first)}{as_}.'
            hint = "a rule could not tell them apart; rename one of them"
            yield Finding("name-clash", at, message, hint, at_key=len(at) == len(owner))


def _spelled(kind: Path, named: Mapping[str, object]) -> Iterator[tuple[str, Path]]:
    """Every name and alias with its path: first the names, so that an alias is what clashes with a name."""
    yield from ((name, (*kind, name)) for name in named)
    for name, part in named.items():
        yield from ((alias, (*kind, name, "also", i)) for i, alias in enumerate(getattr(part, "also", ())))
