"""The tree of a text: what was said, before any name means anything.

A rule is a boolean tree over phrases, `Tree[Phrase]`. The boolean nodes are generic in their leaf; `conditions` puts
bound conditions into the same nodes. Sugar is gone already: `never`, `once`, `at least twice` are one `Quantity`.
Spans and comments stand outside equality, so that `parse(format(t)) == t`.
"""

from __future__ import annotations

from .comparisons import (
    Between,
    Compare,
    Comparison,
    DatePart,
    DayPart,
    DaysFrom,
    In,
    Includes,
    IncludesLike,
    InName,
    Is,
    Like,
    Op,
    Operand,
    PlacePart,
    Population,
    Quantity,
    Scaled,
    SegmentRef,
    Their,
)
from .definitions import Definition, Definitions, Invariant, Let, MetricText, Sample, Segment, Test
from .phrases import (
    Aggregate,
    AllOf,
    Anniversary,
    CanReceive,
    CloseTo,
    Different,
    Edge,
    Either,
    Follows,
    Head,
    InList,
    InSegment,
    Items,
    Near,
    Phrase,
    Predicate,
    Random,
    Rank,
    Regularity,
    Rule,
    Sequence,
    Share,
    Subject,
    Terms,
)
from .trees import All, AnyOf, Not, Tree
from .values import (
    Ago,
    At,
    BetweenAgo,
    BetweenMoments,
    Bool,
    Date,
    Day,
    Duration,
    Ever,
    FromNow,
    InLast,
    InNext,
    Length,
    Literal_,
    Moment,
    Money,
    MoreThanAgo,
    Name,
    Number,
    Percent,
    Period,
    Relative,
    Text,
    Time,
    Unit,
    Window,
)

__all__ = [
    "Aggregate", "Ago", "All", "AllOf", "Anniversary", "AnyOf", "At", "Between", "BetweenAgo", "BetweenMoments", "Bool",
    "CanReceive", "CloseTo", "Compare", "Comparison", "Date", "DatePart", "Day", "DayPart", "DaysFrom", "Definition",
    "Definitions", "Different", "Duration", "Edge", "Either", "Ever", "Follows", "FromNow", "Head", "In", "InLast",
    "InList", "InName", "InNext", "InSegment", "Includes", "IncludesLike", "Invariant", "Is", "Items", "Length", "Let",
    "Like", "Literal_", "MetricText", "Moment", "Money", "MoreThanAgo", "Name", "Near", "Not", "Number", "Op",
    "Operand", "Percent", "Period", "Phrase", "PlacePart", "Population", "Predicate", "Quantity", "Random", "Rank",
    "Regularity", "Relative", "Rule", "Sample", "Scaled", "Segment", "SegmentRef", "Sequence", "Share", "Subject",
    "Terms", "Test", "Text", "Their", "Time", "Tree", "Unit", "Window",
]  # fmt: skip
