"""A literal meets a type: the Python value it stands for, or the error that says what would fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from .. import ast
from ..calendar import resolve, to_utc
from ..conditions import Field, Type, Value
from ..errors import Fix
from ..formatter import format as format_
from ..formatter.phrases import operand
from ..parser.checks import one_reading
from .scope import Scope, fail, instead

SIGNS: dict[str, frozenset[str]] = {
    "$": frozenset(
        [
            "USD",
            "CAD",
            "AUD",
            "NZD",
            "SGD",
            "HKD",
            "MXN",
            "TWD",
            "BRL",
            "ARS",
            "CLP",
            "COP",
            "BBD",
            "BMD",
            "BND",
            "BSD",
            "BZD",
            "FJD",
            "GYD",
            "JMD",
            "KYD",
            "LRD",
            "NAD",
            "SBD",
            "SRD",
            "TTD",
            "XCD",
        ]
    ),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "GIP", "FKP", "SHP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₹": frozenset({"INR"}),
    "₩": frozenset({"KRW"}),
    "₽": frozenset({"RUB"}),
    "₺": frozenset({"TRY"}),
    "₴": frozenset({"UAH"}),
    "₫": frozenset({"VND"}),
    "₪": frozenset({"ILS"}),
    "₱": frozenset({"PHP"}),
    "₦": frozenset({"NGN"}),
    "฿": frozenset({"THB"}),
}
"""The currencies that a sign can mean; it means the catalog's if that is one of them."""

EXAMPLES: dict[Type, str] = {
    Type.TEXT: 'text is quoted: `"NL"`',
    Type.NUMBER: "numbers look like `5`, `2.5`, `10k`",
    Type.MONEY: "amounts look like `100` or `€100`",
    Type.BOOLEAN: "say `true` or `false`",
    Type.DATE: "dates look like `2025-11-28`",
    Type.TIME: "times look like `2025-11-28T10:00`",
}

LISTS = {Type.TEXTS: Type.TEXT, Type.NUMBERS: Type.NUMBER}
"""The element type of a list type."""

NUMBERS = frozenset({Type.NUMBER, Type.MONEY})

_YEARS = range(1900, 2101)
"""Numbers that may be years."""
MOST_DIGITS = 18
"""Before the point, and after it: what every engine computes exactly."""


def comparable(one: Type, other: Type) -> bool:
    """Types compare with themselves, and numbers with money."""
    return one is other or {one, other} <= NUMBERS


def value_as(scope: Scope, literal: ast.Literal_, wanted: Type, left: str | ast.Subject) -> Value:
    """The literal as a value of the type; `left` is what it is compared with, for the error."""
    match literal, wanted:
        case ast.Text(value=text), Type.TEXT:
            return text
        case ast.Number(value=number), Type.NUMBER | Type.MONEY:
            if wanted is Type.MONEY:
                one_reading(literal)
            return _sized(number, literal)
        case ast.Money(), Type.MONEY:
            return _sized(amount(scope, literal), literal)
        case ast.Bool(value=truth), Type.BOOLEAN:
            return truth
        case ast.Date(value=day), Type.DATE:
            return day
        case ast.Time(), Type.TIME:
            return instant(scope, literal)
        case _:
            name = left if isinstance(left, str) else format_(left)
            fail(
                "wrong-type",
                f"`{name}` is {article(wanted)}, and `{format_(literal)}` is {kind(literal)}.",
                literal.span,
                *_instead(literal, wanted),
            )


def no_years(name: str, of: Type, comparison: ast.Comparison, subject: ast.Subject) -> None:
    """`birthday between 1980 and 1989`: a date is compared with dates, its year with years."""
    match comparison:
        case ast.Compare(right=ast.Number() as first):
            years: tuple[ast.Number, ...] = (first,)
        case ast.Between(low=ast.Number() as first, high=ast.Number() as last):
            years = (first, last)
        case _:
            return
    head = subject.head
    if of in (Type.DATE, Type.TIME) and isinstance(head, ast.Name) and all(one.value in _YEARS for one in years):
        meant = instead(subject, replace(subject, head=ast.DatePart("year", head, head.span), comments=()))
        fail("wrong-type", f"`{name}` is {article(of)}, and `{format_(first)}` is a number.", comparison.span,
             "of years say", meant)  # fmt: skip


def _instead(literal: ast.Literal_, wanted: Type) -> tuple[str, *tuple[Fix | str, ...]]:
    """The nearest thing that would fit."""
    match literal, wanted:
        case ((ast.Number() | ast.Money()), Type.TEXT):
            return "text is quoted:", f'"{format_(literal)}"'
        case ast.Money(value=value), Type.NUMBER:
            return "say", format_(ast.Number(value))
        case ast.Percent(value=value, span=span), Type.NUMBER | Type.MONEY:
            fraction, number = format_(ast.Number(value / 100)), format_(ast.Number(value))
            return "say", Fix(span, fraction, "the fraction"), Fix(span, number, "the number")
        case ast.Duration(count=count, unit="d" | "w" as unit), Type.NUMBER:
            return "for a number of days say", f"{count * (7 if unit == 'w' else 1)}"
        case ast.Time(value=at), Type.DATE:
            return "say", f"{at.date()}"
        case ast.Date(value=day), Type.TIME:
            return "say", f"{day}T00:00"
        case _:
            return (EXAMPLES.get(wanted, ""),)


def _sized(number: Decimal, literal: ast.Number | ast.Money) -> Decimal:
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or len(digits) + exponent > MOST_DIGITS or -exponent > MOST_DIGITS:
        fail(
            "bad-number",
            f"Numbers have at most {MOST_DIGITS} digits before the point and {MOST_DIGITS} after it.",
            literal.span,
        )
    return number


def ascending(first: Value, last: Value, given: ast.Between) -> None:
    """`between` goes upwards; windows alone may be written either way."""
    if first > last:  # type: ignore[operator]
        low, high = (operand(end, False, False) for end in (given.low, given.high))
        fail("descending", f"`between {low} and {high}` goes down, so nothing lies between.", given.span,
             "swap the ends:", f"between {high} and {low}")  # fmt: skip


def instant(scope: Scope, time: ast.Time) -> datetime:
    """The instant in UTC of a time, which without an offset is local in the catalog's zone."""
    return to_utc(time.value) if time.value.tzinfo else resolve(time.value, scope.zone)


def amount(scope: Scope, money: ast.Money) -> Decimal:
    """The amount, if its currency is the catalog's: SegQL never converts."""
    ours = scope.catalog.currency
    if money.currency != ours and ours not in SIGNS.get(money.currency, ()):
        fail(
            "wrong-currency",
            f"`{format_(money)}` is not in {ours}, the currency of this catalog.",
            money.span,
            f"SegQL never converts: give the amount in {ours}, for example `{format_(ast.Money(money.value, ours))}`",
        )
    return money.value


def said(field: Field) -> str:
    """The property as messages call it: `birthday`, `month of birthday`."""
    if field.to is not None:
        return f"days from {field.name} to {field.to.name}"
    return field.name if field.part is None else f"{field.part} of {field.name}"


def kind(literal: ast.Literal_) -> str:
    """What messages call such a value."""
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
    """The type as a sentence says it."""
    return {"text": "text", "boolean": "true or false", "money": "an amount of money"}.get(
        wanted.value, f"a {wanted.value}"
    )
