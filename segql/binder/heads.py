"""What the head of a phrase is: an event, a measure, a property. The whole name first, then the words that may begin it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from .. import ast
from ..catalog import fold
from ..conditions import Field
from ..formatter import format_name
from .fields import Row
from .scope import Scope, fail, not_yet, unknown

EdgeWord = Literal["first", "last", "every", "no"]

AGGREGATES: dict[str, Literal["number", "days since first", "days since last", "days between"]] = {
    "number of": "number",
    "days since first": "days since first",
    "days since last": "days since last",
    "days between": "days between",
}
"""Words that begin a measure of an event and may also begin a name."""


@dataclass(frozen=True, slots=True)
class Events:
    """One event or several pooled, by leaf; with the word that stood before them."""

    names: tuple[str, ...]
    said: str
    edge: EdgeWord | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """`sum of total of placed order`, `number of placed order`, ..."""

    aggregate: ast.Aggregate
    events: Events


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of the catalog, by its spelling there."""

    name: str


Head: TypeAlias = Events | Measured | Metric | Field


def resolve(scope: Scope, head: ast.Head) -> Head:
    match head:
        case ast.Name():
            return _name(scope, head)
        case ast.Either():
            return events(scope, head)
        case ast.Edge(word=word, of=of):
            return replace(events(scope, of), edge=word)
        case ast.Aggregate(kind="most common"):
            not_yet("`most common`", head.span)
        case ast.Aggregate(of=of):
            return Measured(head, events(scope, of))
        case ast.DatePart():
            not_yet("`month of`, `day of`, `weekday of` and `year of`", head.span)
        case ast.Anniversary():
            not_yet("`anniversary of`", head.span)
        case ast.Share():
            not_yet("A share of events", head.span)


def events(scope: Scope, of: ast.Name | ast.Either) -> Events:
    """The leaf events of a name that must be an event, or of `any of (..)`."""
    if isinstance(of, ast.Name):
        found = scope.catalog.find_event(of.text)
        if found is None:
            unknown("event", of, event_names(scope))
        return Events(scope.catalog.leaf_events(found), found)
    named = [events(scope, name) for name in of.events]
    leaves = tuple(dict.fromkeys(leaf for one in named for leaf in one.names))
    return Events(leaves, f"any of ({', '.join(one.said for one in named)})")


def event_names(scope: Scope) -> Iterable[str]:
    for key, event in scope.catalog.events.items():
        yield key
        yield from event.also


def _name(scope: Scope, name: ast.Name) -> Head:
    catalog, text = scope.catalog, name.text
    readings = list(_prefixed(scope, name))
    if name.words and name.quoted is not None:
        # `last "seen"`: only the word and the rest.
        if readings:
            return readings[0][1]
        fail("unknown-name", f"`{name.words}` before a quoted name says nothing here.", name.span,
             f"quote the whole name: `\"{text}\"`")  # fmt: skip
    whole: Head | None = None
    if event := catalog.find_event(text):
        whole = Events(catalog.leaf_events(event), event)
    elif metric := catalog.find_metric(text):
        whole = Metric(metric)
    else:
        whole = Row().field(scope, name)
    if whole is None:
        if readings:
            return readings[0][1]
        unknown("event, property or metric", name, _everything(scope), _guess(scope, name))
    if readings and name.quoted is None:
        words, _, rest = readings[0]
        fail("ambiguous-name", f"`{text}` is a name in the catalog, and `{rest}` is an event of its own.", name.span,
             f'say `"{text}"` for the name, or `{words} "{rest}"` for the event')  # fmt: skip
    return whole


def _prefixed(scope: Scope, name: ast.Name) -> Iterable[tuple[str, Head, str]]:
    """The readings of a name as words of the language before an event: the words, what it is, the event as written."""
    tokens = name.words.split()
    splits: list[tuple[str, str]] = []
    if name.quoted is not None:
        splits = [(name.words, name.quoted)] if name.words else []
    else:
        splits = [(" ".join(tokens[:n]), " ".join(tokens[n:])) for n in (1, 2, 3) if n < len(tokens)]
    for words, rest in splits:
        found = scope.catalog.find_event(rest)
        if found is None:
            continue
        these, folded = Events(scope.catalog.leaf_events(found), found), fold(words)
        if folded in ("first", "last", "every", "no"):
            yield words, replace(these, edge=folded), rest  # type: ignore[arg-type]
        elif folded in AGGREGATES:
            event = ast.Name("", rest, name.span)
            yield words, Measured(ast.Aggregate(AGGREGATES[folded], None, event, name.span), these), rest


def _everything(scope: Scope) -> Iterable[str]:
    catalog = scope.catalog
    yield from event_names(scope)
    for kind in (catalog.profiles.properties, catalog.metrics):
        for key, part in kind.items():
            yield key
            yield from part.also


def _guess(scope: Scope, name: ast.Name) -> str:
    """What else the name might be, when nothing resembles it."""
    tokens = name.words.split()
    if len(tokens) > 1 and fold(tokens[0]) in ("first", "last", "every", "no"):
        rest = ast.Name(" ".join(tokens[1:]), None, name.span)
        return f"nor is there an event `{rest.text}` for `{tokens[0]} EVENT`"
    for what, found in (
        ("list", scope.catalog.find_list(name.text)),
        ("channel", scope.catalog.find_channel(name.text)),
        ("segment", scope.segments.get(fold(name.text)) and name.text),
    ):
        if found:
            say = {"list": "in list", "channel": "can receive", "segment": "in segment"}[what]
            return f"`{found}` is a {what}: say `{say} {format_name(found)}`"
    return "`segql catalog` lists the names" if not scope.catalog.events else ""
