"""What a rule means, once names have met the catalog and windows have become instants: the bound tree.

`Tree[Condition]` is what the optimiser, the evaluator, the planner and the describer read. It is plain data: names are
the catalog's own spelling, values are Python values, windows are constants. No node knows SQL, rows or text.

Two-valued throughout: a condition holds or does not. A comparison with a missing side does not hold; every negated
operator is `Not` of its positive form. So `!=`, `not in`, `never`, `cannot receive` have no node of their own.

Numbers and money are `Decimal`, instants aware `datetime`s in UTC, date-only values `date`s in the catalog's zone.
"""

from __future__ import annotations

from ..ast import All, AnyOf, Not, Tree
from .columns import Column, Moment, Truth
from .habits import Habit, InCommon, MostCommon, OnDifferent, Regular, Repeats, Share
from .leaves import (
    AT_PLACE,
    NEAREST_TIE,
    Condition,
    Consent,
    EdgeOccurrence,
    InList,
    InSegment,
    MeasureComparison,
    Near,
    Nearest,
    Occurs,
    Population,
    Random,
    Rank,
    Sample,
)
from .measures import Aggregate, Count, DaysBetween, DaysSince, Measure, Occurrences, Ratio, Terms
from .rows import (
    BUILT_IN,
    AnyItem,
    CloseTo,
    Days,
    Field,
    FieldAnniversary,
    FieldComparison,
    FieldCondition,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldIncludesLike,
    FieldLike,
    FieldSet,
    FieldWithin,
    Interval,
    ItemCount,
    OfEvent,
    Op,
    Predicate,
    Scope,
    Type,
    Value,
)
from .sequences import InSequence, Step

__all__ = [
    "AT_PLACE",
    "BUILT_IN",
    "NEAREST_TIE",
    "Aggregate",
    "All",
    "AnyItem",
    "AnyOf",
    "CloseTo",
    "Column",
    "Condition",
    "Consent",
    "Count",
    "Days",
    "DaysBetween",
    "DaysSince",
    "EdgeOccurrence",
    "Field",
    "FieldAnniversary",
    "FieldComparison",
    "FieldCondition",
    "FieldEmpty",
    "FieldIn",
    "FieldIncludes",
    "FieldIncludesLike",
    "FieldLike",
    "FieldSet",
    "FieldWithin",
    "Habit",
    "InCommon",
    "InList",
    "InSegment",
    "InSequence",
    "Interval",
    "ItemCount",
    "Measure",
    "MeasureComparison",
    "Moment",
    "MostCommon",
    "Near",
    "Nearest",
    "Not",
    "Occurrences",
    "Occurs",
    "OfEvent",
    "OnDifferent",
    "Op",
    "Population",
    "Predicate",
    "Random",
    "Rank",
    "Ratio",
    "Regular",
    "Repeats",
    "Sample",
    "Scope",
    "Share",
    "Step",
    "Terms",
    "Tree",
    "Truth",
    "Type",
    "Value",
]  # fmt: skip
