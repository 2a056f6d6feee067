"""Whether an offer can go on to a rule: parser and binder read it with the shortest end that the grammar has.

So nothing is listed twice: that a text has no order, or that consent is not counted, is known to the binder alone.
"""

from __future__ import annotations

from datetime import UTC, datetime

from .. import ast, binder
from ..errors import SegQLError
from ..parser.lexer import Token
from ..parser.tables import END, advance
from ..source import Source
from .closing import Filling, closings
from .model import Known, Offer
from .reading import Place

_NOW = datetime(2025, 1, 1, tzinfo=UTC)
"""Whether words fit does not depend on it."""

_FITS_SO_FAR = frozenset({
    "incomplete", "unknown-name", "unquoted-text", "ambiguous-name", "bad-count", "bad-number", "bad-duration",
    "bad-date", "bad-money", "descending",
})  # fmt: skip
"""What more text can put right."""


def can_stand(offer: Offer, place: Place, known: Known) -> bool:
    """Whether some text after the offer makes it part of a rule that means something, as far as is known here."""
    at = place.at
    tokens: list[Token] = []
    stack: tuple[int, ...] | None = tuple(place.reading.stack)
    for kind, text in offer.tokens:
        tokens.append(Token(kind, text, at, at + len(text)))
        at += len(text)
        stack = advance(stack, kind)
        if stack is None:
            return False
    unfit = False
    for way in closings(stack):
        verdict = _verdict(place, tokens, offer.text, way, known)
        if verdict:
            return True
        unfit = unfit or verdict is False
    return not unfit


def _verdict(place: Place, offered: list[Token], said: str, way: Filling, known: Known) -> bool | None:
    """What parser and binder say; None when they only find fault with the filling."""
    end = offered[-1].end
    text = f"{place.reading.source.text[: place.at]}{said}".ljust(end)
    tokens = offered.copy()
    for kind, filling in way:
        words = known.event if kind == "NAME" else filling
        tokens.append(Token(kind, words, len(text) + 1, len(text) + 1 + len(words)))
        text += f" {words}"
    tokens.append(Token(END, "", len(text), len(text)))
    reading = place.reading.fork(Source(text))
    try:
        if not all(reading.take(token) for token in tokens):
            return None
        binder.bind(
            _last(reading.values[-1]), known.catalog, _NOW, lets=known.segments.values,
            segments=known.segments.segments, parameters=known.parameters,
        )  # fmt: skip
    except SegQLError as error:
        there = [p for p in error.problems if p.code not in _FITS_SO_FAR and p.span.end > place.at]
        if any(p.span.start <= end for p in there):
            return False
        return None if there else True  # what is before the offer is the text's own fault, not the offer's
    return True


def _last(rule: ast.Rule) -> ast.Rule:
    """The last condition: the one at hand, with all that it stands in."""
    while True:
        match rule:
            case ast.All(parts) | ast.AnyOf(parts) if parts:
                rule = parts[-1]
            case ast.Not(part):
                rule = part
            case _:
                return rule
