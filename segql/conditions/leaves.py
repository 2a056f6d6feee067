"""Conditions: the leaves of a bound rule."""

from __future__ import annotations

from dataclasses import field as data
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from ..ast import All, Tree
from ..ast.trees import span_
from ..plain import dataclass
from ..source import Span
from .habits import Habit
from .measures import Measure, Occurrences
from .rows import Field, FieldCondition, Interval, Op, Predicate, Value
from .sequences import InSequence


@dataclass(frozen=True, slots=True)
class Population:
    """One number about the population of a measure; missing over an empty one.

    The population: every profile with at least one of the measure's events in its window that fits its `where` (of a
    property, a ratio: where it is not missing). With `among`: the members of that segment, counts and sums 0 over
    nothing, missing values left out. With `each` (a text, truth, number or date of the profile): only who has the
    profile's own value of it, and nobody where that is missing. A measure over items looks at items instead of events.

    The value of a profile is that of MeasureComparison against another measure, and a Ratio is
    `floor(top * 10^6 / bottom)` millionths: no engine orders or adds up fractions exactly. A missing value is none.

    `percentile` p is nearest rank: the smallest value v with 100 * count(<= v) >= p * n; the median is 50. `average`
    is sum / n of the per-profile values, as the fraction it is. `overall average` pools the events (or items) instead:
    the average of the measure's field over all of the population's occurrences.
    """

    statistic: Literal["average", "percentile", "overall average"]
    percentile: int | None
    of: Measure
    among: InSegment | None = None
    each: Field | None = None


@dataclass(frozen=True, slots=True)
class Rank:
    """The profile's rank by a measure is among the best (`top`) or the smallest (`bottom`) of the population.

    The rank is 1 + the number of strictly better. With `percent` p, in if (rank - 1) * 100 < p * n; with `count`, if
    rank <= count; exactly one of the two is given. Population and values as of Population, so that who has no value
    has no rank; `among` demands membership too, and n counts within `each`.
    """

    which: Literal["top", "bottom"]
    by: Measure
    percent: Decimal | None
    count: int | None
    among: InSegment | None = None
    each: Field | None = None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Occurs:
    """The number of occurrences is at least `at_least` and, unless None, at most `at_most`. Never both 0 and None."""

    of: Occurrences
    at_least: int
    at_most: int | None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class MeasureComparison:
    """left OP factor x right; false when a side is missing.

    Exact. Against a value an average is its fraction (sum OP value * n) and so is a Ratio. Against another measure, and
    inside a Ratio, an average (also DaysBetween) is `floor(sum * 10^6 / n)` millionths; a Ratio stays a fraction.
    Against a Population a Ratio is floored to millionths too, as its values are there.
    """

    left: Measure
    op: Op
    right: Value | Measure | Population
    factor: Decimal = Decimal(1)
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class EdgeOccurrence:
    """The ever first (most recent) of `of` lies in `window` and fits `has`; false if there is none.

    `of.window` is all time before `now`. At a tied instant any of the tied may fit.
    """

    which: Literal["first", "last"]
    of: Occurrences
    window: Interval
    has: Tree[Predicate] = All(())
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Near:
    """The profile's position lies within a distance of a place, or of any store; false without a position.

    Great circle (haversine, R = 6371.0088 km). `place` is latitude, longitude in degrees; None is any store of the
    catalog. `metres` is the distance. `label` is how a person names the place.
    """

    field: Field
    place: tuple[Decimal, Decimal] | None
    metres: Decimal
    span: Span = span_()
    label: str = data(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Nearest:
    """One of the profile's nearest stores has one of the names, or stands at one of the places; false without any.

    Who has no position has none. Distances are straight lines between points of the sphere of Near: nearest are all
    stores at most NEAREST_TIE metres further than the nearest. What stands at a place is at most AT_PLACE metres (great
    circle) from it. `labels` are how a person names the places.
    """

    field: Field
    names: tuple[str, ...]
    places: tuple[tuple[Decimal, Decimal], ...]
    span: Span = span_()
    labels: tuple[str, ...] = data(default=(), compare=False)


NEAREST_TIE, AT_PLACE = Decimal("0.001"), Decimal(100)


@dataclass(frozen=True, slots=True)
class Random:
    """The first 8 digits of the lower-case hex MD5 of `seed`, U+001F, key (UTF-8) are below `below`; None is everyone.

    `below` is floor(percent * 16^8 / 100) as 8 hex digits.
    """

    seed: str
    below: str | None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Consent:
    """The deciding records of the channel are givings (withdrawals, when not `given`), and fit reason and window.

    Deciding are the records at the profile's latest instant (all its records where the channel has no time; records
    without a time, where it has one, do not exist). With `given`: there is one, all are givings, and all fit. Without:
    some deciding record is a withdrawal that fits. Plain `cannot receive` is Not of plain `can receive`.
    """

    channel: str
    given: bool = True
    reason: str | None = None
    window: Interval | None = None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class InList:
    """The profile stands in the list, joined within the window (its end at most `now`).

    When not `dated` (`in list`), a missing join time counts as in; `joined list` needs the time.
    """

    list: str
    window: Interval
    dated: bool
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Sample:
    """Of a segment's members the max(ceil(percent of them), at_least) with the smallest hashes; all, if fewer.

    The hash is the lower-case hex MD5 of `seed`, U+001F, key (UTF-8); ties by key, by code point.
    """

    percent: Decimal
    at_least: int | None
    seed: str


@dataclass(frozen=True, slots=True)
class InSegment:
    """Membership of a saved segment, its rule bound with its arguments. `label` is how a person names it.

    `was in segment S D ago` is the rule bound at that earlier `now`, which is `at` (else None); `label` says so too.
    `entered` and `left` are made of two of these.
    """

    label: str
    rule: Tree[Condition]
    span: Span = span_()
    sample: Sample | None = None
    at: datetime | None = None


Condition: TypeAlias = (
    FieldCondition | Occurs | MeasureComparison | EdgeOccurrence | Habit | InSequence | Rank | Near | Nearest | Random
    | Consent | InList | InSegment
)  # fmt: skip
"""Field conditions here have fields of scope `profile`."""
