"""How regularly: in so many of the last periods, on so many different days, so many in a row."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from ... import ast
from ...source import Span
from ..checks import ascending, at, count_token, count_value, fail
from ..engine.lexer import Token
from .comparisons import OPS
from .values import Values, duration, sense


def regularity(v: Values, span: Span) -> ast.Regularity:
    """`in at least 3 of the last 4 weeks`."""
    how_many = count_value(v[2], "in at least 3 of the last 4 weeks")
    return _regular(ast.Quantity(OPS[v[1].type], how_many, None, span), v[4:], span)


def regularity_each(v: Values, span: Span) -> ast.Regularity:
    """`in each of the last 4 weeks`: in at least 4 of them; `in all of the last 3 periods of 10 days`."""
    every = count_token(v[1], span) if len(v) > 2 else ast.Number(Decimal(duration(v[-1], span).count), at(v[-1], span))
    return _regular(ast.Quantity(">=", every, None, span), [v[1], v[-1]] if len(v) > 2 else v[-1:], span)


def regularity_between(v: Values, span: Span) -> ast.Regularity:
    """`in between 2 and 3 of the last 4 weeks`."""
    example = "in between 2 and 3 of the last 4 weeks"
    low, high = count_value(v[2], example), count_value(v[4], example)
    ascending(low, high, span)
    return _regular(ast.Quantity("between", low, high, span), v[6:], span)


def _regular(quantity: ast.Quantity, tokens: Sequence[Token], span: Span) -> ast.Regularity:
    """`4 weeks`, or `3 periods of 10 days`."""
    length = duration(tokens[-1], span)
    if len(tokens) == 1:
        return ast.Regularity(quantity, length.count, length.unit, span=span)
    periods = count_token(tokens[0], span)
    return ast.Regularity(quantity, int(periods.value), length.unit, length.count, span)


def different(v: Values, span: Span) -> ast.Different:
    """`on at least 2 different days`."""
    how_many = count_value(v[2], "on at least 2 different days")
    return ast.Different(ast.Quantity(OPS[v[1].type], how_many, None, span), sense(v[3]), span=span)


def different_between(v: Values, span: Span) -> ast.Different:
    """`on between 2 and 5 different days`."""
    example = "on between 2 and 5 different days"
    low, high = count_value(v[2], example), count_value(v[4], example)
    ascending(low, high, span)
    return ast.Different(ast.Quantity("between", low, high, span), sense(v[5]), span=span)


_CALENDAR: dict[str, Literal["days", "weeks", "months"]] = {"d": "days", "w": "weeks", "mo": "months"}


def in_a_row(v: Values, span: Span) -> ast.Different:
    """`in at least 3 months in a row`."""
    length, unit = _calendar(v[2], span)
    return ast.Different(ast.Quantity(OPS[v[1].type], length, None, span), unit, in_a_row=True, span=span)


def in_a_row_between(v: Values, span: Span) -> ast.Different:
    """`in between 2 and 3 weeks in a row`."""
    low = count_value(v[2], "in between 2 and 3 weeks in a row")
    high, unit = _calendar(v[4], span)
    ascending(low, high, span)
    return ast.Different(ast.Quantity("between", low, high, span), unit, in_a_row=True, span=span)


def _calendar(token: Token, span: Span) -> tuple[ast.Number, Literal["days", "weeks", "months"]]:
    """So many days, weeks or months."""
    length = duration(token, span)
    if length.unit not in _CALENDAR:
        fail("bad-duration", "Days, weeks and months come in a row, no other lengths.", length.span,
             "For example: in at least 3 weeks in a row")  # fmt: skip
    return ast.Number(Decimal(length.count), length.span), _CALENDAR[length.unit]
