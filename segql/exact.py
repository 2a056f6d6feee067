"""Decimals of any size. The operators of `decimal` keep 28 digits, and an engine's DECIMAL has 38."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=200)


def rounded(number: Decimal, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """The number with so many decimals, however many digits stand before them; halves away from zero unless told."""
    return number.quantize(Decimal(1).scaleb(-places), rounding, _WIDE)


def shifted(number: Decimal | int, places: int) -> Decimal:
    """The number with its point so many places to the right: times a power of ten, no digit lost."""
    return Decimal(number).scaleb(places, _WIDE)
