"""Names, values and runs of them, out of tokens."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from ... import words
from ...ast import Duration, Name, Number, Text
from ...source import Span
from ..checks import fail, one_reading
from ..engine.lexer import Token, folded, folded_quoted, in_digits
from .literals import literal, text_value

Values = list[Any]


def name(v: Values, span: Span) -> Name:
    """Words, a quoted string, or said before a quoted string."""
    said = folded(v[0].text) if v[0].type != "STRING" else ""
    quoted = folded_quoted(text_value(v[-1].text)) if v[-1].type == "STRING" else None
    if quoted == "":
        fail("syntax", "A name is never empty.", span, "Write the name between the quotes.")
    return Name(said, quoted, span)


def word_value(v: Values, span: Span) -> Name | Number:
    """A name on the right, or a number in words."""
    said = v[0].words
    return v[0] if v[0].quoted is not None or (digits := in_digits(said)) == said else Number(Decimal(digits), span)


def month_day(v: Values, span: Span) -> Name:
    """`5 March`: of which year, nobody says here."""
    return Name(v[0].text, None, span)


def value(v: Values, span: Span) -> Any:
    """A literal, of the kind that its token has."""
    return literal(v[0].type, v[0].text, span)


def text(token: Token, span: Span) -> Text:
    """A text in quotes, without them."""
    return Text(text_value(token.text), Span(span.source, token.start, token.end))


def duration(token: Token, span: Span) -> Duration:
    """`72h`, `3 months`."""
    return cast(Duration, literal("DURATION", token.text, Span(span.source, token.start, token.end)))


def sense(token: Token) -> Any:
    """What a keyword means, as the trees call it."""
    return words.sense(token.type, token.text)


def pair(v: Values, span: Span) -> tuple[Any, Any]:
    """`few = 3`: a parameter or an argument, and its value."""
    one_reading(v[2])
    return v[0], v[2]


def first(v: Values, span: Span) -> Values:
    """The beginning of a run: a list of its own."""
    return v


def more(v: Values, span: Span) -> Values:
    """The run so far and, after a comma, one more."""
    run: Values = v[0]
    run.append(v[2])
    return run


def longer(v: Values, span: Span) -> Values:
    """The run so far and one more."""
    run: Values = v[0]
    run.append(v[1])
    return run
