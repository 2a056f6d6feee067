"""`has NAME`, said plainly once the catalog says what it is: an event happened, a property is there."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import NoReturn

from .. import ast
from .. import conditions as c
from ..errors import Fix
from .dates import comes_back
from .heads import BoundHead, Events
from .scope import fail, instead
from .values import LISTS, NUMBERS, article, said

_ZERO = ast.Number(Decimal(0))


def possessed(given: ast.Subject) -> ast.Is | None:
    """The `has` before a name, where one stands."""
    match given.comparison:
        case ast.Is(what="had") as had:
            return had
        case _:
            return None


def plainly(head: BoundHead, given: ast.Subject, had: ast.Is) -> ast.Subject:
    """What `has` says of such a name, denied as it is. Raises SegQLError where it may be 0 or none."""
    alone = replace(given, comparison=None, comments=())
    match head:
        case Events():
            never = ast.Quantity("=", _ZERO, None, had.span) if had.negated else None
            return replace(alone, quantity=never)
        case c.Field(type=c.Type.BOOLEAN):
            return replace(alone, comparison=ast.Compare("!=" if had.negated else "=", ast.Bool(True)))
        case c.Field(type=kind) if kind in NUMBERS:
            _there_or_more(given, had, f"`{said(head)}` is {article(kind)}: is it there, or more than 0?",
                           instead(given, replace(alone, comparison=ast.Is("set", had.negated))))  # fmt: skip
        case c.Field() if given.window is not None and isinstance(given.head, ast.Name) and comes_back(head):
            return replace(alone, head=ast.Anniversary(given.head, given.head.span))
        case c.Field() if given.window is not None:
            return alone
        case c.Field(type=kind) if kind is c.Type.TEXT or kind in LISTS:
            return replace(alone, comparison=ast.Is("empty", not had.negated, had.span))
        case c.Field():
            return replace(alone, comparison=ast.Is("set", had.negated, had.span))
        case _:
            _there_or_more(given, had, "A measure is a number, which is compared.")


def _there_or_more(given: ast.Subject, had: ast.Is, message: str, *there: Fix) -> NoReturn:
    more: ast.Rule = replace(given, comparison=ast.Compare(">", _ZERO), comments=())
    fail("incomplete", message, given.span, "say which:" if there else "say", *there,
         instead(given, ast.Not(more) if had.negated else more))  # fmt: skip
