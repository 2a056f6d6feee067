"""Conditions on where a profile is, and on chance."""

from __future__ import annotations

from decimal import Decimal

from ..conditions import Near, Random
from .predicates import name_of
from .values import number


def near(leaf: Near, holds: bool) -> str:
    """`home is within 20 km of Amsterdam store`; of its opposite, that the place may be unknown."""
    if leaf.place is None:
        where = "some store" if holds else "any store"
    else:
        degrees = ", ".join(number(one) for one in leaf.place)
        where = f"{leaf.label} ({degrees})" if leaf.label else f"({degrees})"
    said = f"{name_of(leaf.field)} is {'' if holds else 'not '}within {number(leaf.metres / 1000)} km of {where}"
    return said if holds else f"{said} (or not known)"


def random(leaf: Random, holds: bool) -> str:
    """`they are among a random 10% of all profiles, seed "B"`."""
    share = Decimal(100) if leaf.below is None else Decimal(int(leaf.below, 16)) * 100 / 16**8
    seed = f', seed "{leaf.seed.replace(chr(34), chr(34) * 2)}"' if leaf.seed else ""
    return f"they are {'' if holds else 'not '}among a random {number(round(share, 4))}% of all profiles{seed}"
