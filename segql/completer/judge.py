"""Whether an offer can go on to a rule: parser and binder read it with the shortest end that the grammar has.

So nothing is listed twice: that a text has no order, or that consent is not counted, is known to the binder alone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeAlias

from .. import ast, binder
from ..errors import Problem, SegQLError
from ..nearest import without_helps
from ..parser import parse_definitions, parse_rule
from ..parser.engine.lexer import Lexer, Token
from ..parser.engine.tables import END, advance
from ..parser.engine.terminals import NAMES
from ..source import Source
from .closing import Filling, closings
from .model import Known, Offer
from .names import some_name
from .reading import Caret

_NAMES = frozenset({*NAMES, "STRING"})
_NOW = datetime(2025, 1, 1, tzinfo=UTC)
"""Whether words fit does not depend on it."""

_FITS_SO_FAR = frozenset({
    "incomplete", "unknown-name", "unquoted-text", "ambiguous-name", "bad-count", "bad-number", "bad-duration",
    "bad-date", "bad-money", "descending",
})  # fmt: skip
"""What more text can put right."""

_FOR_GOOD = frozenset({"misplaced", "doubled-part", "mixed-and-or", "not-an-event", "wrong-type", "future-window"})
"""What no other end puts right, when it is about the offer; but for words that begin several forms."""
_RARE = {"AT_LEAST": frozenset({"THEN", "FOLLOWED_BY"}), "BETWEEN": frozenset({"ENTERED_SEGMENT"})}
"""Words behind which few of the ends have a meaning, in conditions with one of these: `at least 1d later`."""
_MANY = 60
_LINKS = frozenset({"AND", "OR", "BUT", "EXCEPT", "WHO"})
_BEGIN_SEVERAL = frozenset({
    "IN", "BETWEEN", "EXACTLY", "EQ", "NE", "LT", "LE", "GT", "GE", "AT_LEAST", "AT_MOST", "MORE_THAN", "LESS_THAN",
    "FEWER_THAN",
})  # fmt: skip

Offered: TypeAlias = tuple[list[Token], str]
"""The tokens of an offer, and the text up to its end."""


def is_whole(text: str, symbol: str, known: Known) -> bool:
    """Whether a text is a rule, or a definition, with a meaning already."""
    try:
        read = parse_rule(text) if symbol == "rule" else parse_definitions(text).parts[-1]
    except (SegQLError, ValueError, IndexError):
        return False
    return isinstance(read, ast.Test | ast.Invariant) or not _problems(read, known)


def can_stand(offer: Offer, place: Caret, known: Known, meaning: bool) -> bool:
    """Whether some text after the offer makes it part of a rule that parses and, if asked, has a meaning."""
    if _is_of_the_name(offer, place) or _makes_a_window(offer, place):
        return False
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
    final = _FOR_GOOD if tokens[0].type not in _BEGIN_SEVERAL else frozenset()
    rare = _RARE.get(tokens[0].type, frozenset())
    ways = closings(stack, _MANY) if any(token.type in rare for token in place.levels[-1]) else closings(stack)
    for way in ways:
        faults = _faults(place, offered, way, known, meaning and not offer.open)
        if not faults:
            return True
        if any(problem.code in final and problem.span.start <= at for problem in faults):
            return False
    return False


def _is_of_the_name(offer: Offer, place: Caret) -> bool:
    """Whether what looked like a name takes the offer's first word, whatever comes then.

    As `days` takes `since`, `did` is the beginning of `did not`, and `average` is that of `average of`.
    """
    before = place.before
    if before is None or before.type not in NAMES or offer.tokens[0][0] in _NAMES:
        return False
    written = f"{place.reading.source.text[: place.at]}{offer.text}"
    kinds = dict.fromkeys((before.type, "DENIED", "LACKS", "AGGREGATE_OF", "DATE_PART_OF", "MEASURE_OF"), 0)
    texts = (f"{written}{more}" for more in ("", " (x", " 1%"))  # `in` and `sample` are read as such before these
    return all(Lexer(Source(one), before.start, len(one)).next(kinds).end > place.at for one in texts)


def _makes_a_window(offer: Offer, place: Caret) -> bool:
    """Whether what looked like a thing, as `over` in `0 over`, begins a window once the offer stands behind it."""
    before = place.before
    if before is None or before.type != "THING":
        return False
    written = f"{place.reading.source.text[: place.at]}{offer.text}"
    kinds = {before.type: 0, "DURING": 0, "IN_THE_LAST": 0, "IN_THE_NEXT": 0}
    return Lexer(Source(written), before.start, len(written)).next(kinds).type != before.type


def _faults(place: Caret, offered: Offered, way: Filling, known: Known, meaning: bool) -> list[Problem]:
    """What is wrong with the text so ended, but for what the binder finds wrong with the filling."""
    tokens, text = offered
    start, end = place.at, tokens[-1].end
    for kind, filling in way:
        words = some_name(place, known, tokens) if kind == "NAME" else filling
        tokens = [*tokens, Token(kind, words, len(text) + 1, len(text) + 1 + len(words))]
        text += f" {words}"
    reading = place.reading.fork(Source(text))
    try:
        for token in (*tokens, Token(END, "", len(text), len(text))):
            taken = reading.take(token)
            assert taken, f"{token} has no place"
    except SegQLError as error:
        return list(error.problems)
    if not meaning:
        return []
    named = start if tokens[0].type in _NAMES else -1
    if tokens[0].type in _LINKS and (before := _before_last(reading.values[-1])):
        # `viewed product then no added to cart and`: its end is missing
        open_ = [p for p in _problems(before, known) if p.code == "misplaced"]
        if open_:
            return open_
    return [
        p
        for p in _problems(_last(reading.values[-1]), known)
        if p.code == "not-an-event"
        or (p.span.start <= end and p.code not in _FITS_SO_FAR)
        or (p.span.start == named and p.code != "incomplete")
    ]


def _problems(rule: ast.Rule | ast.Segment | ast.Let, known: Known) -> tuple[Problem, ...]:
    if isinstance(rule, ast.Let):
        return ()
    try:
        with without_helps():
            binder.bind(
                rule, known.catalog, _NOW, lets=known.segments.values, segments=known.segments.segments,
                parameters=known.parameters,
            )  # fmt: skip
    except SegQLError as error:
        return error.problems
    return ()


def _before_last(rule: ast.Rule | ast.Segment | ast.Let) -> ast.Rule | None:
    """The condition that the last one is joined to."""
    rule = rule.rule if isinstance(rule, ast.Segment) else rule
    while isinstance(rule, ast.All | ast.AnyOf) and len(rule.parts) > 1:
        if not isinstance(rule.parts[-1], ast.All | ast.AnyOf):
            return rule.parts[-2]
        rule = rule.parts[-1]
    return None


def _last(rule: ast.Rule | ast.Segment | ast.Let) -> ast.Rule | ast.Let:
    """The last condition: the one at hand, with all that it stands in."""
    while True:
        match rule:
            case ast.Segment():
                rule = rule.rule
            case ast.All(parts) | ast.AnyOf(parts) if parts:
                rule = parts[-1]
            case ast.Not(part):
                rule = part
            case _:
                return rule
