"""Names, values and lengths of time, as rules have them."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from .. import ast
from ..errors import wrong_type

Named: TypeAlias = str | ast.Name
"""A name as rules write it, or `quoted("last seen")`."""
Exact: TypeAlias = Decimal | float | str
"""A number; a float is the decimal that it prints as."""


def name(words: str) -> ast.Name:
    """A name where a text would be a text: a property, a set, a `let`, a parameter."""
    return ast.Name(words)


def quoted(text: str, words: str = "") -> ast.Name:
    """A name in quotes, `"last seen"`, with words before them if any: `first "seen"`."""
    return ast.Name(words, text)


def money(amount: Exact, currency: str) -> ast.Money:
    """`$100`, `100 EUR`: with the sign or the code of a currency."""
    return ast.Money(Decimal(str(amount)), currency)


def percent(number: Exact) -> ast.Percent:
    """`10%`."""
    return ast.Percent(Decimal(str(number)))


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
    """A name of the tree. Raises TypeError for what is neither a text nor a name."""
    if isinstance(given, str):
        return ast.Name(given)
    if not isinstance(given, ast.Name):
        raise wrong_type("name", "a text, or quoted(..)", given)
    return given
