"""Names, values and lengths of time, as rules have them."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

from .. import ast
from ..errors import SegQLError
from ..parser import parse_rule
from ..parser.names import is_bare
from .checked import checked

Named: TypeAlias = str | ast.Name
"""A name as rules write it, or `quoted("last seen")`."""
Exact: TypeAlias = Decimal | float | str
"""A number; a float is the decimal that it prints as."""


Count: TypeAlias = int | ast.Name
"""A whole number, or the name of one."""
Op: TypeAlias = Literal[">=", "<=", ">", "<", "=", "!=", "between"]


@checked
def name(words: str) -> ast.Name:
    """A name where a text would be a text: a property, a set, a `let`, a parameter."""
    return named(words)


@checked
def quoted(text: str, words: str = "") -> ast.Name:
    """A name in quotes, `"last seen"`, with words before them if any: `first "seen"`."""
    return ast.Name(words, text)


@checked
def money(amount: Exact, currency: str) -> ast.Money:
    """`$100`, `100 EUR`: with the sign or the code of a currency."""
    return ast.Money(exact("amount", amount), currency)


@checked
def percent(number: Exact) -> ast.Percent:
    """`10%`."""
    return ast.Percent(exact("number", number))


def exact(argument: str, given: Exact) -> Decimal:
    """The number. Raises ValueError, by the argument's name, for a text that is none, and for what has no end."""
    try:
        found = Decimal(str(given))
    except ArithmeticError:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ValueError(f"`{argument}` is a number, not {given!r:.60}")
    return found


def quantity(op: Op, count: Count, most: Count | None = None) -> ast.Quantity:
    """How often, or how many. Raises TypeError for `between` with one number, and for any other with two."""

    def number(given: Count) -> ast.Number | ast.Name:
        return given if isinstance(given, ast.Name) else ast.Number(Decimal(given))

    if (op == "between") == (most is None):
        raise TypeError("`most` is said of `between` alone: `at_least 2` has one number, `between 2 and 5` two")
    return ast.Quantity(op, number(count), None if most is None else number(most))


@checked
def length(
    *, days: int | None = None, hours: int | None = None, weeks: int | None = None, months: int | None = None,
    years: int | None = None, minutes: int | None = None, seconds: int | None = None,
) -> ast.Duration:  # fmt: skip
    """A length of time in one unit. Raises TypeError for none, and for several."""
    units: dict[ast.Unit, int | None] = {
        "d": days, "h": hours, "w": weeks, "mo": months, "y": years, "min": minutes, "s": seconds
    }  # fmt: skip
    said = [ast.Duration(count, unit) for unit, count in units.items() if count is not None]
    if len(said) != 1:
        raise TypeError("a length of time has one unit: days=90, months=3")
    return said[0]


def named(given: Named) -> ast.Name:
    """A name of the tree: in quotes where a word of the language would end it. Raises ValueError for an empty one."""
    if isinstance(given, ast.Name):
        return given
    words = " ".join(given.split())
    if not words:
        raise ValueError(f"`name` has letters, not {given!r:.60} alone")
    return ast.Name(words) if _is_name(words) else ast.Name("", words)


@lru_cache(1024)
def _is_name(words: str) -> bool:
    """Whether these words are read as a name: `date of birth` is, `month of birthday` says something of one."""
    with suppress(SegQLError):
        return is_bare(words) and parse_rule(words) == ast.Subject(ast.Name(words))
    return False
