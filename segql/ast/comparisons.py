"""What a head is compared with, and how many times an event happened."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..plain import dataclass
from ..source import Span
from .trees import span_
from .values import Literal_, Name, Number, Text

if TYPE_CHECKING:
    from .phrases import Subject

Op = Literal["=", "!=", "<", "<=", ">", ">="]


DayPart = Literal["month", "day", "weekday", "year"]
PlacePart = Literal["latitude", "longitude"]


@dataclass(frozen=True, slots=True)
class DatePart:
    """`month of birthday`, `latitude of position`."""

    part: DayPart | PlacePart
    property: Name
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class DaysFrom:
    """`days from signed up to last seen`."""

    start: Name
    end: Name
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Their:
    """`their country`: the profile's own property, beside those of its events and items."""

    property: Name
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Scaled:
    """Another measure on the right, `0.5 x total spent in 90d`, or a right-hand name that parts follow, `> aov in 90d`.

    With factor 1 and a name alone on the right the operand is the Name itself. When the name of `> aov in 90d` turns
    out to be a parameter, the binder gives the window back to the left side.
    """

    factor: Decimal
    of: Subject
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """`segment NAME [(param = value, ..)]`."""

    name: Name
    arguments: tuple[tuple[Name, Literal_ | Name], ...] = ()
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Population:
    """`[2 x] the average|median|90th percentile|overall average [of MEASURE] [of segment S] [within each PROPERTY]`."""

    statistic: Literal["average", "median", "percentile", "overall average"]
    percentile: int | None = None
    factor: Decimal = Decimal(1)
    measure: Subject | None = None
    segment: SegmentRef | None = None
    each: Name | None = None
    span: Span = span_()


Operand: TypeAlias = Literal_ | Name | DatePart | DaysFrom | Their | Scaled | Population


@dataclass(frozen=True, slots=True)
class Compare:
    """`>= 2`, `is "NL"`, `at most $100`; `is not` is `!=`. A Subject on the right has parts of its own."""

    op: Op
    right: Operand
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Between:
    """`between X and Y`, both ends in. `negated` never: `not between` is not in the language."""

    low: Operand
    high: Operand
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class In:
    """`in (..)`, `not in (..)`."""

    values: tuple[Literal_ | Name, ...]
    negated: bool = False
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class InName:
    """`in EU`, `not in EU`, `in recently`: a named set or a duration; the binder knows which."""

    name: Name
    negated: bool = False
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Like:
    """`contains`, `does not contain`, `starts with`, `ends with`, `matches`."""

    how: Literal["contains", "starts with", "ends with", "matches", "matches regex"]
    pattern: Text | Name
    negated: bool = False
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Includes:
    """`includes "x"` is any of one; `does not include`, `include none of` are negated any."""

    how: Literal["any", "all"]
    values: tuple[Literal_ | Name, ...]
    negated: bool = False
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class IncludesLike:
    """`include any containing "x"`, `include all starting with "x"`; `include none ending with` is a negated any."""

    how: Literal["any", "all"]
    like: Literal["contains", "starts with", "ends with", "matches", "matches regex"]
    pattern: Text | Name
    negated: bool = False
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Is:
    """`is set`, `is not set`, `is empty`, `is not empty`.

    `had` is `has NAME [WINDOW]`, `has no NAME`: whether that happened, or is there, is settled in binding.
    """

    what: Literal["set", "empty", "had"]
    negated: bool = False
    span: Span = span_()


Comparison: TypeAlias = Compare | Between | In | InName | Like | Includes | IncludesLike | Is


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many times: `never` is (=, 0), `once` (=, 1), `at least 3 times` (>=, 3), `between 2 and 5 times` both."""

    op: Op | Literal["between"]
    count: Number | Name
    most: Number | Name | None = None
    span: Span = span_()
