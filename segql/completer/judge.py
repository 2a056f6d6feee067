"""Whether an offer can go on to a rule: parser and binder read it with the shortest end that the grammar has.

So nothing is listed twice: that a text has no order, or that consent is not counted, is known to the binder alone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeAlias

from .. import ast, binder
from ..errors import Problem, SegQLError
from ..parser.lexer import Token
from ..parser.tables import END, advance
from ..source import Source
from .closing import Filling, closings
from .model import Known, Offer
from .names import some_name
from .reading import Place

_NAMES = frozenset({"NAME", "PROPERTY", "STRING"})
_NOW = datetime(2025, 1, 1, tzinfo=UTC)
"""Whether words fit does not depend on it."""

_FITS_SO_FAR = frozenset({
    "incomplete", "unknown-name", "unquoted-text", "ambiguous-name", "bad-count", "bad-number", "bad-duration",
    "bad-date", "bad-money", "descending",
})  # fmt: skip
"""What more text can put right."""

Offered: TypeAlias = tuple[list[Token], str]
"""The tokens of an offer, and the text up to its end."""


def can_stand(offer: Offer, place: Place, known: Known, meaning: bool) -> bool:
    """Whether some text after the offer makes it part of a rule that parses and, if asked, has a meaning."""
    at = place.at
    tokens: list[Token] = []
    stack = tuple(place.reading.stack)
    for kind, text in offer.tokens:
        tokens.append(Token(kind, text, at, at + len(text)))
        at += len(text)
        after = advance(stack, kind)
        if after is None:
            return False
        stack = after
    offered = tokens, f"{place.reading.source.text[: place.at]}{offer.text}".ljust(at)
    name = some_name(place, known)
    return any(_ends_well(place, offered, way, name, known if meaning else None) for way in closings(stack))


def _ends_well(place: Place, offered: Offered, way: Filling, name: str, known: Known | None) -> bool:
    """Whether it parses with this end, and the binder finds fault with the filling only."""
    tokens, text = offered
    start, end = place.at, tokens[-1].end
    for kind, filling in way:
        words = name if kind == "NAME" else filling
        tokens = [*tokens, Token(kind, words, len(text) + 1, len(text) + 1 + len(words))]
        text += f" {words}"
    reading = place.reading.fork(Source(text))
    try:
        if not all(reading.take(token) for token in (*tokens, Token(END, "", len(text), len(text)))):
            return False
    except SegQLError:
        return False
    named = start if tokens[0].type in _NAMES else -1
    return known is None or not any(
        p.code == "not-an-event"
        or (p.span.start <= end and p.code not in _FITS_SO_FAR)
        or (p.span.start == named and p.code != "incomplete")
        for p in _problems(_last(reading.values[-1]), known)
    )


def _problems(rule: ast.Rule, known: Known) -> tuple[Problem, ...]:
    try:
        binder.bind(
            rule, known.catalog, _NOW, lets=known.segments.values, segments=known.segments.segments,
            parameters=known.parameters,
        )  # fmt: skip
    except SegQLError as error:
        return error.problems
    return ()


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
