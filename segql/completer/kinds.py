"""Names of one kind, as they are offered: what the catalog, the definitions and the row at hand know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ..catalog import fold
from ..catalog.forms import bases
from ..conditions import BUILT_IN
from ..formatter import format as format_
from ..parser.engine.lexer import Token
from ..parser.names import NameKind
from ..words import word
from .model import Kind, Known, Offer
from .offers import offered, short
from .reading import Caret
from .rows import RowKind, openings, said

if TYPE_CHECKING:
    from ..catalog.model import Event, Metric, Named

N = TypeVar("N", bound="Named")


def events_of(known: Known) -> Iterator[Offer]:
    """The events of the catalog."""
    return named(known.catalog.events, "event", _rows)


def based(offers: Iterator[Offer]) -> Iterator[Offer]:
    """Events, found by the base forms of their verbs as well: `did not buy`."""
    for offer in offers:
        names = [name.split(" ", 1) for name in offer.also]
        yield replace(
            offer, also=(*offer.also, *(" ".join((base, *rest)) for verb, *rest in names for base in bases(fold(verb))))
        )


def _rows(event: Event) -> str:
    return f"any of {', '.join(event.any_of)}" if event.any_of else f"rows of {event.table or 'a query'}"


def measure(metric: Metric) -> str:
    """What a metric without a description is said to be."""
    return metric.value


def behind_words(place: Caret, known: Known) -> Iterator[Offer]:
    """An event behind the words that were typed before it: `first placed order`, one name to the parser."""
    typed = fold(place.typed) + " "
    for words in openings():
        if typed.startswith(f"{words} "):
            for offer in events_of(known):
                ((kind, text),) = offer.tokens
                tokens = (("NAME", f"{words} {text}"),) if kind == "NAME" else (("NAME", words), (kind, text))
                also = tuple(f"{words} {name}" for name in offer.also)
                yield replace(
                    offer,
                    text=f"{words} {text}",
                    tokens=tokens,
                    also=also,
                    weight=3,
                    open=words == word("EDGE", "no"),
                    alike=f"{words} event",
                )


def of_one_event(place: Caret, known: Known) -> Iterator[Offer]:
    """`total of last placed order`, behind a property and `of`, one name to the parser."""
    typed = fold(place.typed) + " "
    property_, of, _ = typed.partition(f" {word('OF')} ")
    if not of:
        return
    property_ = place.typed[: len(property_)]
    for words in (word("OF_EDGE", "last"), word("OF_EDGE", "first")):
        begins = f"{property_} {words}"
        for offer in events_of(known):
            ((kind, text),) = offer.tokens
            if known.catalog.find_event_property(said(Token(kind, text, 0, 0)), property_):
                tokens = (("NAME", f"{begins} {text}"),) if kind == "NAME" else (("NAME", begins), (kind, text))
                also = tuple(f"{begins} {name}" for name in offer.also)
                alike = f"{begins} {text}"
                yield replace(offer, text=f"{begins} {text}", tokens=tokens, also=also, weight=3, alike=alike)


def segments_of(known: Known) -> Iterator[Offer]:
    """The saved segments, each with the comment above it, or its rule."""
    for segment in known.segments.segments.values():
        words = " ".join(line for line in segment.comments if line.strip()) or format_(segment.rule)
        yield offered(segment.name.text, "segment", short(words))


def arguments_of(name: Token, known: Known) -> Iterator[Offer]:
    """The parameters of a saved segment, with what each is unless it is given."""
    if segment := known.segments.segments.get(fold(said(name))):
        for parameter, value in segment.parameters:
            yield offered(parameter.text, "parameter", f"else {format_(value)}")


def properties_of(
    of: RowKind | None, known: Known, fits: Callable[[str], bool] = lambda kind: True, token: NameKind = "NAME"
) -> Iterator[Offer]:
    """The properties of a row whose type fits, and what every event has."""
    for found in of.properties(known.catalog) if of else ():
        if found.property is None:
            yield offered(
                found.name, "property", MEANINGS[found.name], token=token, weight=-0.2, of=BUILT_IN[found.name].value
            )
        elif fits(found.property.type):
            owner = "the profile" if len(found.path) == 1 else f"{found.path[0]}" + " items" * (len(found.path) - 2)
            meaning = found.property.description or f"{found.property.type} of {owner}"
            yield offered(
                found.name, "property", meaning, also=found.property.also, token=token, of=found.property.type
            )


MEANINGS: Mapping[str, str] = {
    "number": "1 for the first ever, 2 for the next", "days since previous": "whole days since the one before",
    "hour": "hour of the day, 0 to 23", "weekday": 'day of the week, "Monday"', "day": "day of the month, 1 to 31",
    "month": "month of the year, 1 to 12",
}  # fmt: skip


def named(parts: Mapping[str, N], kind: Kind, made: Callable[[N], str]) -> Iterator[Offer]:
    """Parts of the catalog by name, with their description, else what is made of each."""
    for name, part in parts.items():
        yield offered(name, kind, part.description or short(made(part)), also=part.also)
