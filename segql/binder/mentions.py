"""Where a text speaks of events, as the binder reads it: `placed order`, `last placed order`, `number of orders`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from .. import ast
from ..catalog import Catalog, fold
from ..conditions.walk import compared
from ..errors import SegQLError
from ..plain import dataclass
from ..source import Span
from .heads import Events, Measured, Shared, events, resolve
from .scope import Scope, scope_of


@dataclass(frozen=True, slots=True)
class Mention:
    """The name of an event in a text: the event by the catalog's spelling, its place, and what is said of it there."""

    event: str
    span: Span
    said: str
    name: ast.Name
    """The whole name that it stands in, with words of the language before it."""


def mentions(said: object, catalog: Catalog, values: Collection[str] = ()) -> Iterator[Mention]:
    """Every event that a rule or a metric's text names, in no order; `values` are folded names that are no events.

    What is no name and yet has one reading is passed over.
    """
    scope = scope_of(catalog, datetime.now(UTC), {}, {}, {})
    for name, found in _spoken(scope, said, frozenset(values)):
        span = _place(name, found)
        if span is not None:
            yield Mention(found.said, span, _bare(found.of), name)


def _spoken(scope: Scope, node: Any, values: Collection[str]) -> Iterator[tuple[ast.Name, Events]]:
    """The names in a tree and what they are, without those of rows: in a `where` stand properties."""
    if isinstance(node, tuple):
        for part in node:
            yield from _spoken(scope, part, values)
        return
    match node:
        case ast.Subject(head=ast.Name() as name):
            yield from _headed(scope, name)
        case ast.Aggregate(of=ast.Name() as name) | ast.Share(of=ast.Name() as name):
            with suppress(SegQLError):
                yield name, events(scope, name)
        case ast.DatePart(property=name):
            yield from _headed(scope, name)
        case ast.Compare(right=ast.Name() as name) if fold(name.text) not in values:
            yield from _headed(scope, name, measured=True)
        case ast.Between(low=low, high=high):
            for end in (low, high):
                if isinstance(end, ast.Name) and fold(end.text) not in values:
                    yield from _headed(scope, end, measured=True)
    kind: type = type(node)
    for field in compared(kind):
        if not (isinstance(node, ast.Subject) and field == "has") and not (field == "where" and not _pooled(node)):
            yield from _spoken(scope, getattr(node, field), values)


def _pooled(node: object) -> bool:
    return not isinstance(node, ast.Subject | ast.Items)


def _headed(scope: Scope, name: ast.Name, *, measured: bool = False) -> Iterator[tuple[ast.Name, Events]]:
    with suppress(SegQLError):
        found = resolve(scope, name)
        if isinstance(found, Measured | Shared):
            found = found.events
        elif measured:
            return
        if isinstance(found, Events) and isinstance(found.of, ast.Name):
            yield name, found


def _bare(of: ast.Name | ast.Either) -> str:
    assert isinstance(of, ast.Name)
    return of.text


def _place(name: ast.Name, found: Events) -> Span | None:
    """Where the event's own name stands; None where a comment cuts it."""
    text, said = name.span.text, _bare(found.of)
    words = fold(name.text)
    before = words.removesuffix(fold(said)).split()
    at = re.match(r"\s+".join(map(re.escape, before)) + (r"\s*" if before else ""), fold_case(text))
    if at is None:
        return None
    span = Span(name.span.source, name.span.start + at.end(), name.span.end)
    left = span.text
    if left[:1] in "\"'":
        return span if left[-1:] == left[:1] else None
    return span if fold(left) == fold(said) else None


def fold_case(text: str) -> str:
    """In small letters, each where it was."""
    return "".join(one if len(one) == 1 else letter for letter in text for one in [letter.lower()])
