"""So many things behind a verb: `opened at least 3 emails` counts `opened emails`."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ... import ast
from ...errors import Fix
from ...source import Span
from ...words import word
from ..checks import ascending, at, count_number, count_token, fail
from ..engine.lexer import Token, folded, in_digits
from .comparisons import OPS, or_more, times_of
from .parts import Never, Things
from .values import Values

_DIFFERENT = re.compile(r"different (?P<unit>minute|hour|day|week|month|quarter|year)", re.IGNORECASE)


def counted_things(v: Values, span: Span) -> Things:
    """`at least 3 emails`, `3 emails`, `2 or more emails`, `3 orders or more`."""
    compared = v[0].type in OPS
    op: ast.Op = OPS[v[0].type] if compared else or_more(v)
    return _things(v, ast.Quantity(op, times_of(v[1 if compared else 0], span), None, span), span)


def counted_things_between(v: Values, span: Span) -> Things:
    """`between 2 and 5 orders`, `2 to 5 orders`."""
    low, high = (_count(end, span) for end in v[0 if len(v) == 4 else 1 : 4 : 2])
    ascending(low, high, span)
    return _things(v, ast.Quantity("between", low, high, span), span)


def in_words(part: Any) -> Any:
    """`at least three emails`: what looked like a name on the right of a comparison is a number, and things."""
    if isinstance(part, ast.Compare) and isinstance(name := part.right, ast.Name) and name.quoted is None:
        first, _, rest = name.words.partition(" ")
        if rest and part.span.text[:1].isalpha() and (digits := in_digits(first)) != first:
            number = ast.Number(Decimal(digits), name.span)
            return Things(rest, ast.Quantity(part.op, number, None, part.span), part.span)
    return part


def with_things(head: Any, things: Things) -> Any:
    """The head that says what was done to what. Raises SegQLError where no name of an event stands before it."""
    match head:
        case Never(of=of):
            return head._replace(of=with_things(of, things))
        case ast.Name(words=said, quoted=None) if said.lower() == word("WHO", "with"):
            count = folded(things.span.text).removesuffix(things.words)
            fail("syntax", "How often stands behind the event.", head.span.to(things.span), "Write",
                 f"{things.words} {count}".strip())  # fmt: skip
        case ast.Name(quoted=None):
            # Its place stays its own: a fix for the name takes no number with it.
            return replace(head, words=f"{head.words} {things.words}")
    fail("syntax", "How often stands behind an event, what is counted before it.", things.span,
         "Write the name of the event, and then how often: at least 3 times")  # fmt: skip


def no_share(words: str, span: Span) -> None:
    """Raises SegQLError for `3 of ..`."""
    if f"{words.lower()} ".startswith(f"{word('OF')} "):
        fail("syntax", "A share of events is a percentage; a number of them stands behind the event, and says `times`.",
             span)  # fmt: skip


def _things(v: Values, quantity: ast.Quantity, span: Span) -> Things:
    (name,) = (one for one in v if isinstance(one, Token) and one.type == "THING")
    no_share(name.text, span)
    if found := _DIFFERENT.match(name.text):
        days = found["unit"].lower() in ("day", "week", "month")
        said = f"It stays `{found['unit']}s`, also of one." if days else (
            f"Different days, weeks and months are told apart, no {found['unit']}s."
        )  # fmt: skip
        fixes = [Fix(at(name, span), f"{name.text[: found.end()]}s")] if days else []
        fail("bad-window", said, at(name, span), "Write" if days else "", *fixes)
    return Things(folded(name.text), replace(quantity, span=span), span)


def _count(end: Any, span: Span) -> ast.Number | ast.Name:
    if isinstance(end, Token):
        return count_token(end, span)
    if isinstance(end, ast.Number):
        return count_number(end)
    fail("bad-count", f"{end.span.text} is no number of times.", end.span)
