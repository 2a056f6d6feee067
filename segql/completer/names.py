"""Which names may stand at a place. Many are offered where a value stands; the judge drops those that do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..binder.places import NEAREST_STORE
from ..catalog import Catalog, fold
from ..formatter import format as format_
from ..formatter import format_name
from ..parser.engine.lexer import Token
from ..parser.engine.terminals import NAMES
from ..parser.names import NameKind
from ..words import sense, word
from .held import conditions, counted, things
from .kinds import (
    MEANINGS,
    arguments_of,
    based,
    behind_words,
    events_of,
    measure,
    named,
    of_one_event,
    properties_of,
    segments_of,
)
from .matching import match
from .model import Known, Offer, kept
from .offers import members, offered, offered_text
from .reading import UNIONS, Caret
from .rows import STEPS, RowKind, events, opened, row, said, step
from .rows import of_one_event as split

if TYPE_CHECKING:
    from .rows import KnownRows as KnownProperty

_SEGMENTS = frozenset({"IN_SEGMENT", "WAS_IN_SEGMENT", "ENTERED_SEGMENT", "OF_SEGMENT", "AMONG_SEGMENT"})
_NAMES = frozenset({*NAMES, "STRING"})
_DEFINED = frozenset({"LET", "SEGMENT"})
"""Behind these stands a name that is new."""
_NUMBERS = frozenset({"number", "money"})
_PARTED = _NUMBERS | {"text", "boolean", "date"}
_DATES = frozenset({"date", "time"})
_COUNTS = frozenset({"NUMBER", "NUMBER_PLUS", "ONCE", "TWICE", "TIMES", "TIME", "OR_MORE"})
"""Behind these an event may stand: `at least 3 placed order`."""
_EQUAL = frozenset({"IS", "IS_NOT", "EQ"})


def names_at(place: Caret, known: Known) -> Iterator[Offer]:
    """Names and stored values that may stand here, as the position tells."""
    if "THING" in place.takes and place.typed:
        yield from counted(place, known)
    if not place.takes & _NAMES:
        return
    if place.before is None and len(place.levels) > 1:
        yield from _in_parentheses(place, known)
        return
    match place.before.type if place.before else None:
        case None | "WHERE" | "HAS":
            yield from _subjects(place, known)
        case "COMMA" if len(place.levels) > 1:
            yield from _in_parentheses(place, known)
        case "CAN_RECEIVE" | "CANNOT_RECEIVE":
            yield from named(known.catalog.channels, "channel", lambda part: "a channel")
        case "IN_LIST" | "JOINED_LIST":
            yield from named(known.catalog.lists, "list", lambda part: "a list")
        case kind if kind in _SEGMENTS:
            yield from segments_of(known)
        case "DENIED":
            yield from based(events_of(known))
        case "NEVER" | "THEN" | "FOLLOWED_BY" | "NOT_FOLLOWED_BY" as kind:
            yield from events_of(known)
            if kind == "THEN":  # `then no ..`
                yield from behind_words(place, known)
        case "SIDE":
            yield from properties_of(RowKind(), known, lambda kind: kind in _DATES)
        case "OF":
            yield from _after_of(place, known)
        case "BY":
            yield from _measures(known)
        case "AGGREGATE_OF":
            yield from _aggregated(place, known)
        case "DAYS_FROM" | "TO" as kind:
            token: NameKind = "DATED" if kind == "DAYS_FROM" else "NAME"
            yield from properties_of(row(place.levels, known.catalog), known, lambda kind: kind in _DATES, token)
        case "WITHIN_EACH":
            yield from properties_of(RowKind(), known, lambda kind: kind in _PARTED)
        case "THEIR":
            yield from properties_of(RowKind(), known, lambda kind: kind != "position")
        case "DATE_PART_OF" | "ANNIVERSARY_OF" as kind:
            assert place.before
            placed = kind == "DATE_PART_OF" and sense(kind, fold(place.before.text)) in ("latitude", "longitude")
            wanted = {"position"} if placed else {*_DATES, "month-day"}
            yield from properties_of(row(place.levels, known.catalog), known, lambda kind: kind in wanted)
        case "WITH_THE_SAME" | "AND_THE_SAME":
            tokens = [token for token in place.levels[-1] if token.type not in STEPS]
            union = next((at for at, token in enumerate(tokens) if token.type == "RPAR"), 0)
            of = events(tokens[: union if tokens[0].type in UNIONS else 1], known.catalog)
            same = {fold(said(token)) for token in tokens[1:] if token.type in ("PROPERTY", "STRING")}
            for offer in properties_of(RowKind(of, "event and item") if of else None, known, token="PROPERTY"):
                if same.isdisjoint(map(fold, (offer.text, *offer.also))):
                    yield offer
        case kind if kind in _COUNTS and "AT_LEAST" not in place.takes:
            yield from events_of(known)
            yield from _values(place, known)
        case kind if kind not in _DEFINED:
            yield from things(place, known)
            yield from _values(place, known)


def _in_parentheses(place: Caret, known: Known) -> Iterator[Offer]:
    around = place.levels[-2]
    opener = around[-2].type if len(around) > 1 else None
    match opener:
        case kind if kind in UNIONS:
            yield from events_of(known)
        case "IN" | "NOT_IN" | "INCLUDE_OF":
            yield from _values(place, known)
        case "NAME" | "STRING" if len(around) > 2 and around[-3].type in _SEGMENTS:
            yield from arguments_of(around[-2], known)
        case "NAME" | "STRING" if len(around) > 2 and around[-3].type in _DEFINED:
            return
        case "OF":
            return
        case _ if place.before is None:
            yield from _subjects(place, known)


def _subjects(place: Caret, known: Known) -> Iterator[Offer]:
    """What a condition is about."""
    found = row(place.levels, known.catalog)
    if found is not None and found.of == "profile":
        yield from events_of(known)
        yield from behind_words(place, known)
        yield from of_one_event(place, known)
        yield from named(known.catalog.metrics, "metric", measure)
        if known.catalog.stores is not None:
            yield offered(NEAREST_STORE, "property", "the nearest of the stores")
    yield from properties_of(found, known, lambda kind: kind != "position")
    yield from _numbers(place, found, known)
    if found is not None and found.of == "profile" and place.typed.strip():
        yield from conditions(place, known)


def _numbers(place: Caret, of: RowKind | None, known: Known) -> Iterator[Offer]:
    """`number of tags`, behind the words for it, one name to the parser."""
    words = word("MEASURE_OF", "number")
    if f"{fold(place.typed)} ".startswith(f"{words} "):
        for offer in properties_of(of, known, lambda kind: kind.startswith("list")):
            ((kind, text),) = offer.tokens
            tokens = (("NAME", f"{words} {text}"),) if kind == "NAME" else (("NAME", words), (kind, text))
            also = tuple(f"{words} {name}" for name in offer.also)
            yield replace(offer, text=f"{words} {text}", tokens=tokens, also=also, weight=3, alike=f"{words} list")


def _after_of(place: Caret, known: Known) -> Iterator[Offer]:
    match place.levels[-1][-2].type:
        case "DISTANCE":
            yield from _places(known)
        case "STATISTIC":
            yield from _measures(known)
        case _:
            yield from events_of(known)


def _places(known: Known) -> Iterator[Offer]:
    for name, (latitude, longitude) in known.catalog.places.items():
        yield offered(name, "place", f"{latitude}, {longitude}")


def _measures(known: Known) -> Iterator[Offer]:
    yield from named(known.catalog.metrics, "metric", measure)
    yield from properties_of(RowKind(), known, lambda kind: kind in _NUMBERS)


def _aggregated(place: Caret, known: Known) -> Iterator[Offer]:
    """Properties of any event or its items; each name once."""
    assert place.before
    any_type = sense("AGGREGATE_OF", fold(place.before.text)) in ("distinct", "most common")
    yield from kept(known.catalog, f"aggregated {any_type}", lambda: _of_all_events(known, any_type))


def _of_all_events(known: Known, any_type: bool) -> tuple[Offer, ...]:
    found: dict[str, Offer] = {}
    for event in known.catalog.events:
        of = known.catalog.leaf_events(event)
        for offer in properties_of(
            RowKind(of, "event and item"), known, lambda kind: any_type or kind in _NUMBERS, "PROPERTY"
        ):
            found.setdefault(fold(offer.text), offer)
    return tuple(found.values())


def _values(place: Caret, known: Known) -> Iterator[Offer]:
    """The right side of a comparison, a moment, a length, a number: values and whatever has one."""
    subject = _subject(place, known)
    valued = place.takes & {"NUMBER", "LIST_NUMBER"} and not (place.before and place.before.type in ("NAME", "STRING"))
    if subject and valued and "STRING" in place.takes:
        for text in dict.fromkeys(str(value) for value in known.stored.get(subject.path, ())):
            yield offered_text(text, place.typed, f"a value of {subject.name}")
    if "NAME" not in place.takes:
        return
    if any(token.type == "NAME" and fold(token.text) == NEAREST_STORE for level in place.levels for token in level[:1]):
        yield from _places(known)
        return
    for name, value in known.parameters.items():
        yield offered(name, "parameter", f"a parameter, {format_(value)}", weight=0.3, of=type(value).__name__)
    for name, value in known.segments.values.items():
        yield offered(name, "value", format_(value), weight=0.2, of=type(value).__name__)
    for name, text in known.catalog.constants.items():
        yield offered(name, "value", text, weight=0.2, of=f"constant {name}")
    around = place.levels[-2][-2:] if len(place.levels) > 1 else ()
    opener = place.before or (around[0] if around else None)
    if opener and opener.type in ("IN", "NOT_IN", "INCLUDE_OF", "COMMA"):
        yield from _sets(place, known)
        return
    if place.before and place.before.type in _EQUAL and place.typed:
        yield from _sets(place, known)
    found = row(place.levels, known.catalog)
    yield from properties_of(found, known, lambda kind: kind != "position")
    if found == RowKind():
        yield from named(known.catalog.metrics, "metric", measure)
        yield from of_one_event(place, known)


def _subject(place: Caret, known: Known) -> KnownProperty | None:
    """The property that is compared here."""
    inside = place.levels[-1]
    levels = place.levels[:-1] if not inside or inside[-1].type == "COMMA" else place.levels
    if not levels:
        return None
    tokens = step(levels[-1])
    at = opened(tokens)
    head = tokens[0 if at is None else at + 1 :]
    found = row(levels, known.catalog)
    if found is None or not head or head[0].type not in ("NAME", "STRING"):
        return None
    name = said(head[0])
    if found == RowKind() and (one := split(name, known.catalog)):
        name, event = one
        found = RowKind(known.catalog.leaf_events(event), "event")
    return found.find(known.catalog, name)


def _sets(place: Caret, known: Known) -> Iterator[Offer]:
    """There are hundreds: the catalog's own, and of the others only those that what was typed may mean."""
    typed = fold(place.typed)
    for name in known.catalog.known_sets():
        own = name in known.catalog.sets
        if (own or typed) and match(typed, name) is not None:
            values = known.catalog.set_values(name) or ()
            yield offered(name, "value", members(values), weight=0 if own else -0.5, of="set")


def some_name(place: Caret, known: Known, tokens: Sequence[Token]) -> str:
    """A name that can stand behind these tokens, to try others beside it: a set, a property of the row, an event.

    A known one, for the binder looks long for what an unknown one may have meant.
    """
    catalog = known.catalog
    match tokens[-1].type:
        case "OF" if of := tokens[-2] if len(tokens) > 1 else place.before:
            having = (name for name in catalog.events if _has(name, said(of), catalog))
            return _bare((*having, *catalog.events))
        case "IN" | "NOT_IN":
            return format_name(catalog.known_sets()[0])
        case "CAN_RECEIVE" | "CANNOT_RECEIVE":
            return _bare(catalog.channels)
        case "IN_LIST" | "JOINED_LIST":
            return _bare(catalog.lists)
        case kind if kind in _SEGMENTS:
            return _bare(segment.name.text for segment in known.segments.segments.values())
        case "SIDE":
            return _bare(p.name for p in RowKind().properties(catalog) if p.property and p.property.type in _DATES)
    found = row(place.levels, catalog)
    first = next((p.name for p in found.properties(catalog)), None) if found and found.events else None
    return format_name(first or next(iter(catalog.events), "x"))


def _has(event: str, name: str, catalog: Catalog) -> bool:
    return bool(catalog.find_event_property(event, name) or catalog.find_item_property(event, name))


def _bare(names: Iterable[str]) -> str:
    """The first that needs no quotes."""
    return next((name for name in names if format_name(name) == name), "x")


def all_names(known: Known) -> frozenset[str]:
    """Every name that can stand somewhere, folded."""
    found = [*known.parameters, *known.segments.segments, *known.segments.values]
    for segment in known.segments.segments.values():
        found += [name.text for name, _ in segment.parameters]
    return kept(known.catalog, "names", lambda: _catalog_names(known.catalog)).union(map(fold, found))


def _catalog_names(catalog: Catalog) -> frozenset[str]:
    found = [*MEANINGS, *(name for kind in catalog.names().values() for name in kind)]
    for event in catalog.events.values():
        for owner in (event.properties, event.items.properties if event.items else {}):
            found += [one for name, part in owner.items() for one in (name, *part.also)]
    return frozenset(map(fold, found))
