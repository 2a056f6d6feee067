"""What a condition reads: its fields, the events that it looks at, its channels and lists."""

from __future__ import annotations

from ... import conditions as c
from ...conditions.walk import nodes


def read_fields(node: object) -> tuple[c.Field, ...]:
    """The properties that are read anywhere in it, each once."""
    return tuple(dict.fromkeys(part for part in nodes(node) if isinstance(part, c.Field)))


def events(node: object) -> tuple[str, ...]:
    """The events, each once, by the catalog's spelling."""
    return tuple(dict.fromkeys(name for part in nodes(node) if isinstance(part, c.Occurrences) for name in part.events))


def channels(node: object) -> tuple[str, ...]:
    """The channels whose consent it asks for, each once."""
    return tuple(dict.fromkeys(part.channel for part in nodes(node) if isinstance(part, c.Consent)))


def lists(node: object) -> tuple[str, ...]:
    """The lists that it asks for, each once."""
    return tuple(dict.fromkeys(part.list for part in nodes(node) if isinstance(part, c.InList)))


def any_store(node: object) -> bool:
    """Whether it asks for a distance to the nearest store."""
    return any(isinstance(part, c.Nearest) or (isinstance(part, c.Near) and part.place is None) for part in nodes(node))


def named_store(node: object) -> bool:
    """Whether it asks for the name of a store."""
    return any(isinstance(part, c.Nearest) and bool(part.names) for part in nodes(node))
