"""A literal meets a type: the Python value it stands for, or the error that says what would fit."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from .. import ast
from ..calendar import resolve
from ..conditions import Type, Value
from ..formatter import format as format_
from .scope import Scope, fail

SIGNS: dict[str, frozenset[str]] = {
    "$": frozenset("USD CAD AUD NZD SGD HKD MXN TWD BRL ARS CLP COP".split()),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "GIP", "FKP", "SHP"}),
    "¥": frozenset({"JPY", "CNY"}),
}
"""The currencies that a sign can mean; it means the catalog's if that is one of them."""

EXAMPLES: dict[Type, str] = {
    Type.TEXT: 'text is quoted: `"NL"`',
    Type.NUMBER: "numbers look like `5`, `2.5`, `10k`",
    Type.MONEY: "amounts look like `100` or `$100`",
    Type.BOOLEAN: "use `true` or `false`",
    Type.DATE: "dates look like `2025-11-28`",
    Type.TIME: "times look like `2025-11-28T10:00`",
    Type.TEXTS: 'text is quoted: `"NL"`',
    Type.NUMBERS: "numbers look like `5`, `2.5`, `10k`",
}

COMPARABLE: dict[Type, frozenset[Type]] = {
    Type.NUMBER: frozenset({Type.NUMBER, Type.MONEY}),
    Type.MONEY: frozenset({Type.NUMBER, Type.MONEY}),
}
"""Types that compare with each other; any other type compares with itself only."""


def comparable(one: Type, other: Type) -> bool:
    return other in COMPARABLE.get(one, frozenset({one}))


def value_as(scope: Scope, literal: ast.Literal_, wanted: Type, what: str) -> Value:
    """The literal as a value of the type; `what` names the left side in the error."""
    match literal, wanted:
        case ast.Text(value=text), Type.TEXT | Type.TEXTS:
            return text
        case ast.Number(value=number), Type.NUMBER | Type.NUMBERS | Type.MONEY:
            return number
        case ast.Money(), Type.MONEY:
            return amount(scope, literal)
        case ast.Bool(value=truth), Type.BOOLEAN:
            return truth
        case ast.Date(value=day), Type.DATE:
            return day
        case ast.Time(), Type.TIME:
            return instant(scope, literal)
        case ast.Date(), Type.TIME:
            fail("wrong-type", f"{what} is a time, and `{format_(literal)}` is a whole day.", literal.span,
                 f"use a window: `on {format_(literal)}`, or give the time: `{format_(literal)}T00:00`")  # fmt: skip
        case ast.Time(value=at), Type.DATE:
            fail("wrong-type", f"{what} is a date without a time of day.", literal.span, f"use `{at.date()}`")
        case _:
            fail("wrong-type", f"{what} is {article(wanted)}, and `{format_(literal)}` is {kind(literal)}.", literal.span,
                 EXAMPLES.get(wanted, ""))  # fmt: skip


def instant(scope: Scope, time: ast.Time) -> datetime:
    return time.value.astimezone(UTC) if time.value.tzinfo else resolve(time.value, scope.zone)


def amount(scope: Scope, money: ast.Money) -> Decimal:
    """The amount, if its currency is the catalog's: SegQL never converts."""
    ours = scope.catalog.currency
    if money.currency != ours and ours not in SIGNS.get(money.currency, ()):
        fail("wrong-currency", f"`{format_(money)}` is not in {ours}, the currency of this catalog.", money.span,
             f"SegQL never converts money: give the amount in {ours}, `{money.value:f} {ours}`")  # fmt: skip
    return money.value


def kind(literal: ast.Literal_) -> str:
    match literal:
        case ast.Text():
            return "text"
        case ast.Number():
            return "a number"
        case ast.Percent():
            return "a percentage"
        case ast.Money():
            return "an amount of money"
        case ast.Bool():
            return "true or false"
        case ast.Date():
            return "a date"
        case ast.Time():
            return "a time"
        case ast.Duration():
            return "a duration"


def article(wanted: Type) -> str:
    return {"text": "text", "boolean": "true or false", "money": "an amount of money"}.get(
        wanted.value, wanted.value if wanted.value.startswith("list") else f"a {wanted.value}"
    )
