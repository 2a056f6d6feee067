"""Numbers about some profiles, in the plainest way: what a measure sums up to among them, and how many have a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction

from .. import conditions as c
from .measures import values
from .populations import values_of
from .predicates import Sight, value_of
from .records import Profile
from .values import Cell


def figure(of: c.Measure, people: Collection[Profile]) -> tuple[int, Fraction, Fraction | None]:
    """How many of the people have the measure, as where a rule compares profiles; its sum, and its median (the smallest
    value that at least half of these do not exceed), None where nobody has.
    """
    found = sorted(values_of(of, people, chosen=False).values())
    return len(found), sum(found, Fraction(0)), found[(len(found) - 1) // 2] if found else None


def holders(field: c.Field, of: c.Occurrences | None, people: Collection[Profile]) -> Mapping[Cell, int]:
    """How many of the people have each value: of a property, or of some of their occurrences or these's items."""
    counts: Counter[Cell] = Counter()
    for one in people:
        own = value_of(field, Sight(one)) if of is None else None
        counts.update({own} if own is not None else () if of is None else set(values(field, of, one)))
    return counts
