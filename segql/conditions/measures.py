"""Occurrences of events, and measures: one value per profile, or missing."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ..ast import All, Tree
from ..plain import dataclass
from .rows import Field, Interval, Predicate


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The profile's events of these kinds, in the window, that fit `where` (All(()) when there is none).

    Several events are one pooled stream, also for `number` and `days since previous`. An event named twice counts once.
    A union event of the catalog stands here as its parts, in the catalog's order.
    An event without time has no window: `window` is Interval(None, None) for it, and all its rows exist.
    """

    events: tuple[str, ...]
    window: Interval
    where: Tree[Predicate] = All(())


@dataclass(frozen=True, slots=True)
class Count:
    """How many; 0 over nothing."""

    of: Occurrences


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Over the field's non-missing values among the occurrences.

    sum and distinct are 0 over nothing; the others are missing. Median is nearest rank: the smallest v with
    2 * count(<= v) >= n. Distinct counts values by equality. First (last) is the largest value among the occurrences at
    the earliest (latest) instant of them all: missing where these have none, whatever others have.
    With a field of scope `item` every item of a fitting event is a row, and conditions on item fields that stand
    plainly in `of.where` select items (an AnyItem selects events, whose items then all count).
    """

    kind: Literal["sum", "average", "min", "max", "median", "distinct", "first", "last"]
    field: Field
    of: Occurrences


@dataclass(frozen=True, slots=True)
class DaysSince:
    """The largest whole n with t + n days <= now on the local clock, t the first (last) occurrence; missing if none.

    `now` is the end of the window: an earlier one inside `was in segment`.
    """

    which: Literal["first", "last"]
    of: Occurrences


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """Average, over neighbouring distinct instants of the occurrences, of the whole days between (as DaysSince counts).

    Missing with fewer than two instants.
    """

    of: Occurrences


@dataclass(frozen=True, slots=True)
class Ratio:
    """top / bottom; missing where a side is missing or the bottom is 0. Compared as the fraction it is."""

    top: Measure
    bottom: Measure


@dataclass(frozen=True, slots=True)
class Terms:
    """The measures of `plus` less those of `minus`; missing where one is missing. None of them is Terms itself.

    What would be a fraction (an average, DaysBetween, a Ratio) is floored to millionths before it is added.
    """

    plus: tuple[Measure, ...]
    minus: tuple[Measure, ...]

    @property
    def parts(self) -> tuple[Measure, ...]:
        """All of them."""
        return (*self.plus, *self.minus)


Measure: TypeAlias = Count | Aggregate | DaysSince | DaysBetween | Ratio | Terms | Field
"""One value per profile, or missing. A Field has scope `profile` and is a number or money."""
