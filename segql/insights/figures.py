"""The numbers of a segment beside others: its measures, what its members have more often, and whom one may write to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ..exact import rounded, shifted
from ..plain import dataclass

SURE = 3
"""A share stands out where it differs by more than so many standard errors: chance does that once in some 400 times."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure on one side: how many `have` a value, their sum and their median.

    `members` are all of the side. A count or a sum is had by who has any of what it counts.
    """

    members: int
    have: int
    sum: Decimal
    median: Decimal | None

    @property
    def average(self) -> Decimal | None:
        """Of those who have a value; missing where nobody has."""
        return divided(self.sum, self.have)

    @property
    def per_member(self) -> Decimal | None:
        """The sum over all of the side; missing where the side is empty."""
        return divided(self.sum, self.members)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure on both sides. `adds`: whether its sum says something, as that of counts and sums does."""

    name: str
    money: bool
    adds: bool
    here: Figure
    there: Figure


@dataclass(frozen=True, slots=True)
class Held:
    """How many of each side have something: a value of a property, a product, consent."""

    of: str
    value: str
    here: int
    there: int
    members: int
    others: int

    @property
    def share(self) -> Decimal | None:
        """The share of the members; missing where there are none."""
        return divided(self.here, self.members)

    @property
    def other_share(self) -> Decimal | None:
        """The share of the others; missing where there are none."""
        return divided(self.there, self.others)

    @property
    def lift(self) -> Decimal | None:
        """How many times the share of the others the members' is; missing where nobody of the others has it."""
        if not self.there or not self.members:
            return None
        return _rounded(Fraction(self.here * self.others, self.members * self.there))

    @property
    def score(self) -> float:
        """By how many standard errors the shares differ; below 0 where the members have it less often."""
        if not self.members or not self.others:
            return 0.0
        both = (self.here + self.there) / (self.members + self.others)
        spread = both * (1 - both) * (1 / self.members + 1 / self.others)
        return (self.here / self.members - self.there / self.others) / spread**0.5 if spread > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Stats:
    """A segment (`members`) beside others. `revenue`, `orders`, `gap` are named in `measures` by the catalog's roles.

    `missing` says what the catalog lacks, and what cannot be said therefore.
    """

    text: str
    against: str
    profiles: int
    members: int
    others: int
    measures: tuple[Measured, ...]
    roles: Mapping[str, Measured]
    consent: tuple[Held, ...]
    held: tuple[Held, ...] = ()
    asked: Mapping[str, Held] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    """What of `held` says what was bought: the catalog's role."""

    @property
    def share(self) -> Decimal | None:
        """The share of all profiles."""
        return divided(self.members, self.profiles)

    @property
    def stand_out(self) -> tuple[Held, ...]:
        """What the members have more or less often than others, where chance does not explain it; the surest first."""
        sure = [one for one in self.held if abs(one.score) > SURE]
        return tuple(sorted(sure, key=lambda one: (-abs(one.score), one.of, one.value)))

    def order_value(self, side: Literal["here", "there"]) -> Decimal | None:
        """Revenue over orders; missing without orders, or without the roles."""
        if not {"revenue", "orders"} <= self.roles.keys():
            return None
        return divided(getattr(self.roles["revenue"], side).sum, getattr(self.roles["orders"], side).sum)


def divided(top: Decimal | int, bottom: Decimal | int) -> Decimal | None:
    """A quotient in millionths, halves away from zero; missing over nothing."""
    return _rounded(Fraction(top) / Fraction(bottom)) if bottom else None


def _rounded(number: Fraction) -> Decimal:
    return rounded(shifted(number.numerator * 10**9 // number.denominator, -9), 6)
