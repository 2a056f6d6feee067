"""Reading plain values: what a value of a row means under the type that the catalog declares.

Missing (None) are no value, NaN, and a number that is infinite or has more than 38 digits, its `scale` among them; a
list lacks its missing elements. Numbers are exact `Fraction`s, rounded to the `scale` of the property half away from
zero (a float counts as the decimal that it prints as). Instants are in UTC. A month and a day
without a year are those of a leap year.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from numbers import Rational
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from .. import conditions as c
from ..calendar import local, midnight, to_utc
from ..errors import Problem, SegQLError
from ..source import NOWHERE

Cell: TypeAlias = str | Fraction | bool | date | datetime | tuple[str | Fraction, ...]
"""A value that is there, in the one form that the evaluator computes with."""

LEAP_YEAR: Final = 2000
"""The year of a month and a day that have none."""

DIGITS: Final = 38
"""The most that a number has, those behind the point among them."""
_COMPARE: Final[dict[c.Op, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def read(value: object, type_: c.Type, scale: int, zone: ZoneInfo, what: str) -> Cell | None:
    """The cell of a row's value, None when missing.

    `what` names the value in errors. Raises SegQLError (`shop-row`) for a value of another type.
    """
    if _missing(value):
        return None
    match type_, value:
        case c.Type.TEXT, str():
            return str(value)
        case c.Type.BOOLEAN, bool():
            return value
        case ((c.Type.NUMBER | c.Type.MONEY), _):
            return _number(value, scale, what)
        case c.Type.TIME, (datetime() | date()):
            return instant(value, zone, what)
        case c.Type.DATE, datetime():
            return local(to_utc(value), zone).date() if value.tzinfo else value.date()
        case c.Type.DATE, date():
            return value
        case c.Type.MONTH_DAY, str():
            return month_day(value)
        case c.Type.MONTH_DAY, date():
            return value.replace(year=LEAP_YEAR)
        case c.Type.TEXTS, (list() | tuple() | set() | frozenset()):
            return tuple(_text(element, what) for element in value if not _missing(element))
        case c.Type.NUMBERS, (list() | tuple() | set() | frozenset()):
            found = (_number(element, scale, what) for element in value if not _missing(element))
            return tuple(number for number in found if number is not None)
        case c.Type.POSITION, (list() | tuple()) if len(value) == 2:
            if any(map(_missing, value)):
                return None
            latitude, longitude = (_number(degrees, 9, what) for degrees in value)
            if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
                return None
            return latitude, longitude
        case _:
            raise wrong(f"{what} is of type {type_.value}, and a row holds {value!r} ({type(value).__name__}) there.")


def month_day(text: str) -> date | None:
    """The day of a leap year that a text says, the month first: `--05-17`, `05/17`, `0517`; None where it says none."""
    digits = text.replace("-", "").replace("/", "")
    if len(digits) != 4 or not (digits.isascii() and digits.isdecimal()):
        return None
    try:
        return date(LEAP_YEAR, int(digits[:2]), int(digits[2:]))
    except ValueError:  # a day that no month has
        return None


def instant(value: object, zone: ZoneInfo, what: str) -> datetime | None:
    """The instant of a row's time, in UTC and to the microsecond; a date is its local midnight."""
    if _missing(value):
        return None
    match value:
        case datetime(tzinfo=None):
            raise wrong(
                f"{what} is an instant, and a row holds {value} there, which has no time zone.",
                "Use an aware datetime: value.replace(tzinfo=timezone.utc), or the zone that it was recorded in.",
            )
        case datetime():
            return to_utc(value)
        case date():
            return midnight(value, zone)
        case _:
            raise wrong(f"{what} is an instant, and a row holds {value!r} ({type(value).__name__}) there.")


def literal(value: c.Value) -> Cell:
    """The cell of a rule's value."""
    match value:
        case Decimal():
            return Fraction(value)
        case datetime():
            return to_utc(value)
        case _:
            return value


def compare(left: Cell, op: c.Op, right: Cell) -> bool:
    """`left OP right`. Raises TypeError where types differ: Python finds 1 = True, and no date equal to a datetime."""
    if type(left) is not type(right):
        raise TypeError(f"cannot compare {left!r} with {right!r}")
    return _COMPARE[op](left, right)


def within(cell: Cell, window: c.Interval | c.Days) -> bool:
    """Whether an instant lies in an Interval, or a day in Days; both half-open."""
    match window:
        case c.Interval(start, end) if isinstance(cell, datetime):
            return (start is None or start <= cell) and (end is None or cell < end)
        case c.Days(first, beyond) if isinstance(cell, date) and not isinstance(cell, datetime):
            return (first is None or first <= cell) and (beyond is None or cell < beyond)
        case _:
            raise TypeError(f"cannot look for {cell!r} in {window!r}")


def wrong(message: str, hint: str = "") -> SegQLError:
    """The error of a row that does not fit the catalog."""
    return SegQLError([Problem("shop-row", message, NOWHERE, hint)])


def _missing(value: object) -> bool:
    match value:
        case None:
            return True
        case Decimal():
            return not value.is_finite()
        case float():
            return not math.isfinite(value)
        case datetime():  # pandas' NaT is a datetime that, like NaN, does not equal itself
            return value != value  # noqa: PLR0124
        case _:
            return False


def _text(value: object, what: str) -> str:
    if isinstance(value, str):
        return str(value)
    raise wrong(f"{what} is a list of text, and a row holds {value!r} ({type(value).__name__}) in it.")


def _number(value: object, scale: int, what: str) -> Fraction | None:
    match value:
        case bool():
            raise wrong(f"{what} is a number, and a row holds {value} there.")
        case Rational():
            exact = Fraction(value)
        case Decimal():
            exact = Fraction(value)
        case float():
            exact = Fraction(repr(float(value)))
        case _:
            raise wrong(f"{what} is a number, and a row holds {value!r} ({type(value).__name__}) there.")
    units = math.floor(abs(exact) * 10**scale + Fraction(1, 2))
    if units >= 10**DIGITS:
        return None
    return Fraction(units if exact >= 0 else -units, 10**scale)
