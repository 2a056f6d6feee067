"""What a condition reads: every node inside it, its fields, the events that it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from ..conditions import All, AnyOf, Condition, Consent, Field, InList, InSegment, Near, Not, Occurrences, Tree


def nodes(node: object) -> Iterator[object]:
    """The node and all that stands in it, down to plain values; the rules of segments too."""
    yield node
    if isinstance(node, tuple):
        for part in node:
            yield from nodes(part)
    elif is_dataclass(node):
        for one in fields(node):
            if one.compare:  # spans and labels mean nothing
                yield from nodes(getattr(node, one.name))


def read_fields(node: object) -> tuple[Field, ...]:
    return tuple(dict.fromkeys(part for part in nodes(node) if isinstance(part, Field)))


def events(node: object) -> tuple[str, ...]:
    """The events, each once, by the catalog's spelling."""
    return tuple(dict.fromkeys(name for part in nodes(node) if isinstance(part, Occurrences) for name in part.events))


def channels(node: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.channel for part in nodes(node) if isinstance(part, Consent)))


def lists(node: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.list for part in nodes(node) if isinstance(part, InList)))


def any_store(node: object) -> bool:
    return any(isinstance(part, Near) and part.place is None for part in nodes(node))


def conditions(rule: Tree[Condition]) -> Iterator[Condition]:
    """The single conditions of a rule, those of its segments instead of these; a sampled one stays whole."""
    match rule:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from conditions(part)
        case Not(part):
            yield from conditions(part)
        case InSegment(rule=of_segment, sample=None):
            yield from conditions(of_segment)
        case _:
            yield rule
