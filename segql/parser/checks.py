"""What a parser cannot say well: values in range, ends in order."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NoReturn

from ..ast import Money, Name, Number, Percent
from ..errors import Code, Fix, Problem, SegQLError, problem
from ..source import Span
from .builders.literals import decimal
from .engine.lexer import Token


def fail(code: Code, message: str, span: Span, words: str = "", *fixes: Fix | str) -> NoReturn:
    """Raises SegQLError with one problem."""
    raise SegQLError([problem(code, message, span, words, *fixes)])


def at(token: Token, span: Span) -> Span:
    """Where a token stands, in the source of a span."""
    return Span(span.source, token.start, token.end)


_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")


def one_reading(value: object) -> None:
    """`1.000` is a thousand for half of Europe: where it could be, both readings are shown."""
    if isinstance(value, Number) and (found := two_readings(value.span)):
        raise SegQLError([found])


_NUMBER = re.compile(rf"(?:within\s+)?({_THOUSANDS.pattern})(?![0-9.])", re.IGNORECASE)


def two_readings(span: Span) -> Problem | None:
    """What is to be said of the number that a stretch begins with, where it could be a thousand or have decimals."""
    found = _NUMBER.match(span.text)
    if found is None:
        return None
    text, place = found[1], Span(span.source, span.start + found.start(1), span.start + found.end(1))
    decimals = f"{Decimal(text.replace('.', '', text.count('.') - 1)).normalize():f}"
    exact = decimals if decimals != text else f"{decimals}0"
    message = f"{text} could be a thousand or have three decimals."
    return problem("bad-number", message, place, "Write", text.replace(".", ""), exact)


def count_number(number: Number) -> Number:
    """How many times, items, periods: whole and not negative."""
    one_reading(number)
    if number.value != number.value.to_integral_value() or number.value < 0:
        fail("bad-count", f"{number.span.text} is no count: counts are whole and not negative.", number.span)
    return number


def count_token(token: Token, span: Span) -> Number:
    """The count that a token says. Raises SegQLError where it is no whole number from 0 on."""
    return count_number(Number(decimal(token.text), at(token, span)))


def count_value(found: Any, example: str) -> Number | Name:
    """A count, or the name of one."""
    if isinstance(found, Number):
        return count_number(found)
    if not isinstance(found, Name):
        fail(
            "bad-count",
            f"{found.span.text or 'This'} is no count.",
            found.span,
            f"Write a number or the name of one: {example}",
        )
    return found


def percent(token: Token, span: Span, zero: bool = False) -> Percent:
    """A share: more than 0% (or, with `zero`, 0% too), at most 100%, at most 4 decimals."""
    value = decimal(token.text)
    if not 0 <= value <= 100 or value != round(value, 4) or (value == 0 and not zero):
        least = "at least 0%" if zero else "more than 0%"
        fail(
            "bad-number", f"{token.text} is no share: it is {least} and at most 100%, with at most 4 decimals.",
            at(token, span),
        )  # fmt: skip
    return Percent(value, at(token, span))


def ascending(low: Any, high: Any, span: Span) -> None:
    """The ends of a `between` over values or counts stand in order."""
    if isinstance(low, Number | Percent | Money) and type(low) is type(high) and low.value > high.value:
        fail(
            "descending", f"Nothing is between {low.span.text} and {high.span.text}: the first is the larger.", span,
            "Write", Fix(low.span.to(high.span), f"{high.span.text} and {low.span.text}"),
        )  # fmt: skip
