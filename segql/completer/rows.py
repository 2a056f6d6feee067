"""Whose properties the cursor stands among, as far as the tokens tell: the profile's, an event's, a line item's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from ..catalog import Catalog, fold
from ..catalog.model import Property
from ..conditions import BUILT_IN
from ..parser.builders.literals import text_value
from ..parser.engine.lexer import Token, folded, folded_quoted
from ..parser.engine.spellings import spellings
from ..plain import dataclass
from .reading import UNIONS, Levels

STEPS = frozenset({"THEN", "FOLLOWED_BY", "NOT_FOLLOWED_BY"})
_PREDICATES = frozenset({"WHERE", "HAS"})
_ITEMS = frozenset({"ANY_ITEM", "ITEMS"})


class KnownRows(NamedTuple):
    """A property by its spelling: where it is in the catalog; None when the language brings it along."""

    name: str
    path: tuple[str, ...]
    property: Property | None


@dataclass(frozen=True, slots=True)
class RowKind:
    """What a predicate looks at. Without events: the profile."""

    events: tuple[str, ...] = ()
    of: Literal["profile", "event", "item", "event and item"] = "profile"

    def properties(self, catalog: Catalog) -> Iterator[KnownRows]:
        """Those that all the events have, in the catalog's order."""
        if self.of == "profile":
            for name, known in catalog.profiles.properties.items():
                yield KnownRows(name, (name,), known)
            return
        first = self.events[0]
        if self.of != "item":
            for name, known in catalog.events[first].properties.items():
                if all(catalog.find_event_property(event, name) for event in self.events):
                    yield KnownRows(name, (first, name), known)
            if all(catalog.events[event].time for event in self.events):
                for name in BUILT_IN:
                    if not catalog.find_event_property(first, name):
                        yield KnownRows(name, (first, name), None)
        items = catalog.events[first].items
        if self.of != "event" and items:
            for name, known in items.properties.items():
                if all(catalog.find_item_property(event, name) for event in self.events):
                    yield KnownRows(name, (first, "items", name), known)

    def find(self, catalog: Catalog, name: str) -> KnownRows | None:
        """The property of that name or alias."""
        key = fold(name)
        for known in self.properties(catalog):
            also = known.property.also if known.property else ()
            if any(fold(one) == key for one in (known.name, *also)):
                return known
        return None


def row(levels: Levels, catalog: Catalog) -> RowKind | None:
    """What the innermost condition is about; None when it is about an event that the catalog does not know."""
    items = False
    for depth in range(len(levels) - 1, -1, -1):
        tokens = _branch(levels, depth)
        if depth < len(levels) - 1:
            tokens = tokens[:-1]  # the parenthesis that is open here
            items = items or bool(tokens and (tokens[-1].type in _ITEMS or _counts_items(tokens)))
        at = opened(tokens, within=depth == len(levels) - 1)
        if at is not None:
            found = events(tokens[:at], catalog)
            if not found:
                return None
            beside = tokens[0].type == "AGGREGATE_OF"
            return RowKind(found, "item" if items else "event and item" if beside else "event")
    return RowKind()


def _branch(levels: Levels, depth: int) -> Sequence[Token]:
    """The last step of a sequence, the last event of a union; of anything else all of it."""
    tokens = step(levels[depth])
    around = levels[depth - 1] if depth else ()
    if len(around) > 1 and around[-2].type in UNIONS:
        for at in range(len(tokens) - 1, -1, -1):
            if tokens[at].type == "COMMA":
                return tokens[at + 1 :]
    return tokens


def opened(tokens: Sequence[Token], within: bool = True) -> int | None:
    """The place of a `where` or `has` whose predicate is not over; parentheses around it are another level."""
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at].type in _PREDICATES and (
            at or tokens[at].type != "HAS"
        ):  # `has` before a name begins a condition
            after = tokens[at + 1 : at + 2]
            return None if within and after and after[0].type == "LPAR" else at
    return None


def step(tokens: Sequence[Token]) -> Sequence[Token]:
    """The last step of a sequence; of anything else all of it."""
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at].type in STEPS:
            return tokens[at + 1 :]
    return tokens


def events(tokens: Sequence[Token], catalog: Catalog) -> tuple[str, ...]:
    """The events that these tokens name, those behind a union in its place; none when one of them is unknown."""
    found: dict[str, None] = {}
    for at, token in enumerate(tokens):
        before = tokens[at - 1].type if at else None
        if token.type in ("NAME", "STRING") and before in (
            None,
            "NEVER",
            "DENIED",
            "HAS",
            "LACKS",
            "OF",
            "LPAR",
            "COMMA",
        ):
            quoted = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1].type == "STRING" else None
            event = _event(f"{said(token)} {said(quoted)}" if quoted else said(token), catalog)
            if event is None:
                return ()
            found |= dict.fromkeys(catalog.leaf_events(event))
    return tuple(found)


def said(token: Token) -> str:
    """A name as a token says it."""
    return folded_quoted(text_value(token.text)) if token.type == "STRING" else folded(token.text)


def openings() -> tuple[str, ...]:
    """Words that may stand before an event: `first`, `number of`."""
    return (*spellings()["EDGE"], *spellings()["MEASURE_OF"])


def of_one_event(name: str, catalog: Catalog) -> tuple[str, str] | None:
    """The property and the event of `total of last placed order`."""
    typed = fold(name)
    for words in spellings()["OF_EDGE"]:
        before, of, rest = typed.partition(f" {words} ")
        if of and (event := catalog.find_event(rest)):
            return before, event
    return None


def _event(name: str, catalog: Catalog) -> str | None:
    if found := catalog.find_event(name):
        return found
    if one := of_one_event(name, catalog):
        return one[1]
    for words in openings():
        if fold(name).startswith(f"{words} ") and (found := catalog.find_event(name[len(words) + 1 :])):
            return found
    return None


def _counts_items(tokens: Sequence[Token]) -> bool:
    """`at least few items`: a parameter and the word."""
    return tokens[-1].type == "NAME" and fold(tokens[-1].text).split()[-1] in spellings()["ITEMS"]
