"""Columns of profiles: what stands beside the key in a table of them, one value per profile, or missing."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ..ast import Tree
from ..plain import dataclass
from .leaves import Condition, Sample
from .measures import Measure, Occurrences


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant of the first (last) occurrence; missing if there is none."""

    which: Literal["first", "last"]
    of: Occurrences


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether the profile is a member of a rule, or of its sample; never missing."""

    rule: Tree[Condition]
    sample: Sample | None = None


Column: TypeAlias = Measure | Moment | Truth
"""A number is that of a profile beside the others': an average, DaysBetween or a Ratio floored to millionths. A Field
here has scope `profile` and any type."""
