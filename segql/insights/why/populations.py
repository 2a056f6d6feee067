"""Conditions that look at other profiles too: ranks, comparisons with a population, samples."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from ...conditions import Field, InSegment, MeasureComparison, Population, Rank
from ...describer.values import WallClock
from ...evaluator.measures import cut
from ...evaluator.predicates import Sight, value_of
from ...evaluator.records import Profile
from ...evaluator.rules import holds_for, population_statistic, values_beside
from ...plain import dataclass
from .wording import cell, measured

Relative: TypeAlias = MeasureComparison | Rank | InSegment
"""A comparison has a population on its right, a segment has a sample."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the profile stands among the others."""

    holds: bool
    other: Fraction | None = None
    """The population's number, before any factor; None where it has none or nobody asked."""
    rank: int | None = None
    of: int | None = None
    """The rank, and how many have one."""


Ask: TypeAlias = Callable[[Relative], Standing]
"""Answers a condition about the profile at hand."""


def by_rows(profile: Profile) -> Ask:
    """The answers, where the shop holds all profiles."""

    def ask(condition: Relative) -> Standing:
        holds = holds_for(condition, profile)
        match condition:
            case MeasureComparison(right=Population() as population):
                return Standing(holds, population_statistic(population, profile))
            case Rank(by=by, among=among, which=which, each=each):
                values = values_beside(by, among, each, profile)
                mine = values.get(profile.key)
                if mine is None:
                    return Standing(holds, of=len(values))
                better = sum(other > mine if which == "top" else other < mine for other in values.values())
                return Standing(holds, rank=better + 1, of=len(values))
            case _:
                return Standing(holds)

    return ask


def says(condition: Relative, place: Standing, profile: Profile, clock: WallClock) -> str:
    """What was seen, in words."""
    match condition:
        case InSegment():
            return "the sample keeps them" if place.holds else "the sample leaves them out"
        case Rank(by=by):
            mine = measured(by, cut(by, profile), clock)
            rank = "not among those who are ranked" if place.rank is None else f"rank {place.rank:,} of {place.of:,}"
            return f"{mine}, {rank}{_within(condition.each, profile, clock)}"
        case MeasureComparison(left=left, right=right):
            assert isinstance(right, Population)
            mine, other = measured(left, cut(left, profile), clock), measured(right.of, place.other, clock)
            return f"{mine} against {other}{_within(right.each, profile, clock)}"


def _within(each: Field | None, profile: Profile, clock: WallClock) -> str:
    """Beside whom they stand."""
    return "" if each is None else f" ({each.name}: {cell(value_of(each, Sight(profile)), each.type, clock)})"
