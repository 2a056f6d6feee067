"""Whether an offer can go on to a rule: parser and binder read it with the shortest end that the grammar has.

So nothing is listed twice: that a text has no order, or that consent is not counted, is known to the binder alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from .. import ast, binder
from ..errors import Problem, SegQLError
from ..parser.lexer import Token
from ..parser.machine import Reading
from ..parser.tables import END
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
    reading = place.reading.fork(Source(f"{place.reading.source.text[: place.at]}{offer.text}"))
    at = place.at
    try:
        for kind, text in offer.tokens:
            if not reading.take(Token(kind, text, at, at + len(text))):
                return False
            at += len(text)
    except SegQLError:
        return False
    found = False
    for way in closings(tuple(reading.stack)):
        verdict = _ends_well(reading, way, at, place.at, known)
        if verdict:
            return True
        found = found or verdict is False
    return not found


def _ends_well(reading: Reading, way: Filling, end: int, start: int, known: Known) -> bool | None:
    """What parser and binder say; None when they only find fault with the filling."""
    text = reading.source.text
    tokens: list[Token] = []
    for kind, filling in way:
        words = known.event if kind == "NAME" else filling
        tokens.append(Token(kind, words, len(text) + 1, len(text) + 1 + len(words)))
        text += f" {words}"
    reading = reading.fork(Source(text))
    try:
        if not all(reading.take(token) for token in (*tokens, Token(END, "", len(text), len(text)))):
            return None
        binder.bind(
            _last(reading.values[-1]), known.catalog, _NOW, lets=known.segments.values,
            segments=known.segments.segments, parameters=known.parameters,
        )  # fmt: skip
    except SegQLError as error:
        return _verdict(error.problems, start, end)
    return True


def _verdict(problems: Iterable[Problem], start: int, end: int) -> bool | None:
    """What is before the offer is the text's own fault, what is behind is the filling's."""
    there = [p for p in problems if p.code not in _FITS_SO_FAR and p.span.end > start]
    if any(p.span.start <= end for p in there):
        return False
    return None if there else True


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
