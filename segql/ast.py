"""The tree of a text: what was said, before any name means anything.

A rule is a boolean tree over phrases, `Tree[Phrase]`. The boolean nodes are generic in their leaf; `conditions.py` puts
bound conditions into the same nodes. Sugar is gone already: `never`, `once`, `at least twice` are one `Quantity`.
Spans and comments stand outside equality, so that `parse(format(t)) == t`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Literal, TypeAlias, TypeVar

from .source import NOWHERE, Span

L = TypeVar("L", covariant=True)  # noqa: PLC0105


def _span() -> Span:
    return field(default=NOWHERE, compare=False, repr=False)


def _comments() -> tuple[str, ...]:
    return field(default=(), compare=False, repr=False)


# --- boolean structure -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class All(Generic[L]):
    """Every part holds. With no parts: `everyone`."""

    parts: tuple[Tree[L], ...]
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class AnyOf(Generic[L]):
    """At least one part holds. With no parts: `no one`."""

    parts: tuple[Tree[L], ...]
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class Not(Generic[L]):
    part: Tree[L]
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


Tree: TypeAlias = All[L] | AnyOf[L] | Not[L] | L


# --- names and values --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, white space folded, NFC: bare words, a quoted string, or words before a quoted string.

    `clicked sms` is ("clicked sms", None), `"last seen"` is ("", "last seen"), `last "seen"` is ("last", "seen").
    What begins a name may turn out to be a word of the language (`first`, `last`, `every`, `no`, `number of`,
    `days since last`, `days between`); the binder tries the whole name first.
    """

    words: str
    quoted: str | None = None
    span: Span = _span()

    @property
    def text(self) -> str:
        return " ".join(w for w in (self.words, self.quoted) if w)


@dataclass(frozen=True, slots=True)
class Text:
    value: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Percent:
    """`10%` is Percent(10)."""

    value: Decimal
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with the sign or code it was written with (`$`, `€`, `EUR`); the binder looks whether it is ours."""

    value: Decimal
    currency: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Bool:
    value: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Date:
    value: date
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Time:
    """An instant with an offset, or naive: then on the wall clock of the catalog's zone."""

    value: datetime
    span: Span = _span()


Unit = Literal["s", "min", "h", "d", "w", "mo", "y"]


@dataclass(frozen=True, slots=True)
class Duration:
    count: int
    unit: Unit
    span: Span = _span()


Literal_: TypeAlias = Text | Number | Percent | Money | Bool | Date | Time | Duration
Length: TypeAlias = Duration | Name
"""A duration, or the name of one (a parameter, a `let`, a constant)."""


# --- moments and windows -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    name: Literal["today", "yesterday", "tomorrow"]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Ago:
    """`3 days ago`, an instant; with `whole_day`, `the day 3 days ago`, a local day."""

    length: Length
    whole_day: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FromNow:
    length: Length
    span: Span = _span()


Moment: TypeAlias = Date | Time | Day | Ago | FromNow | Name


@dataclass(frozen=True, slots=True)
class InLast:
    """`in 72h` (not `explicit`), `in the last 72h`, `over the last 72h`, `less than 72h ago` (all explicit)."""

    length: Length
    explicit: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InNext:
    length: Length
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class BetweenAgo:
    """`between 4 and 13 months ago`: the first length lowered to the unit of the second when it had none."""

    one: Length
    other: Length
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class MoreThanAgo:
    length: Length
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Relative:
    """`before|after|since|on MOMENT`."""

    word: Literal["before", "after", "since", "on"]
    moment: Moment
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class BetweenMoments:
    start: Moment
    end: Moment
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period: `today`, `this week`, `last month`, `next quarter` ..; `ever` is the absence of a window."""

    name: Literal["today", "yesterday", "tomorrow", "this", "last", "next"]
    unit: Literal["week", "month", "quarter", "year"] | None = None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Ever:
    span: Span = _span()


Window: TypeAlias = InLast | InNext | BetweenAgo | MoreThanAgo | Relative | BetweenMoments | Period | Ever


# --- what a comparison compares with -----------------------------------------------------------------------------

Op = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Scaled:
    """Another measure on the right, `0.5 x total spent in 90d`, or a right-hand name that parts follow, `> aov in 90d`.

    With factor 1 and a name alone on the right the operand is the Name itself. When the name of `> aov in 90d` turns
    out to be a parameter, the binder gives the window back to the left side.
    """

    factor: Decimal
    of: Subject
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """`segment NAME [(param = value, ..)]`."""

    name: Name
    arguments: tuple[tuple[Name, Literal_ | Name], ...] = ()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Population:
    """`[2 x] the average|median|90th percentile [of MEASURE] [of segment S]`, `the overall average`."""

    statistic: Literal["average", "median", "percentile", "overall average"]
    percentile: int | None = None
    factor: Decimal = Decimal(1)
    measure: Subject | None = None
    segment: SegmentRef | None = None
    span: Span = _span()


Operand: TypeAlias = Literal_ | Name | Scaled | Population


@dataclass(frozen=True, slots=True)
class Compare:
    """`>= 2`, `is "NL"`, `at most $100`; `is not` is `!=`. A Subject on the right has parts of its own."""

    op: Op
    right: Operand
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Between:
    """`between X and Y`, both ends in. `negated` never: `not between` is not in the language."""

    low: Operand
    high: Operand
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class In:
    """`in (..)`, `not in (..)`."""

    values: tuple[Literal_ | Name, ...]
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InName:
    """`in EU`, `not in EU`, `in recently`: a named set or a duration; the binder knows which."""

    name: Name
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Like:
    """`contains`, `does not contain`, `starts with`, `ends with`, `matches`."""

    how: Literal["contains", "starts with", "ends with", "matches"]
    pattern: Text | Name
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Includes:
    """`includes "x"` is any of one; `does not include`, `include none of` are negated any."""

    how: Literal["any", "all"]
    values: tuple[Literal_ | Name, ...]
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Is:
    """`is set`, `is not set`, `is empty`, `is not empty`."""

    what: Literal["set", "empty"]
    negated: bool = False
    span: Span = _span()


Comparison: TypeAlias = Compare | Between | In | InName | Like | Includes | Is


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many times: `never` is (=, 0), `once` (=, 1), `at least 3 times` (>=, 3), `between 2 and 5 times` both."""

    op: Op | Literal["between"]
    count: Number | Name
    most: Number | Name | None = None
    span: Span = _span()


# --- phrases -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Either:
    """`any of (opened email, clicked email)`."""

    events: tuple[Name, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`sum of total of EVENT`, `number of distinct brand of EVENT`, `most common brand of EVENT`.

    `number of EVENT`, `days since last EVENT`, `days between EVENT` are names, split in binding; before `any of (..)`
    they are an Aggregate without a property.
    """

    kind: Literal[
        "sum", "average", "min", "max", "median", "distinct", "most common",
        "number", "days since first", "days since last", "days between",
    ]  # fmt: skip
    property: Name | None
    of: Name | Either
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DatePart:
    """`month of birthday`."""

    part: Literal["month", "day", "weekday", "year"]
    property: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Anniversary:
    """`anniversary of birthday`."""

    property: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Share:
    """`at least 80% of EVENT .. have PRED`; `every EVENT has` and `no EVENT has` are names, split in binding."""

    op: Op | Literal["between"]
    percent: Percent
    of: Name | Either
    most: Percent | None = None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Edge:
    """`first|last any of (..)`, `every|no any of (..)`; before a plain name the word is part of the name."""

    word: Literal["first", "last", "every", "no"]
    of: Either
    span: Span = _span()


Head: TypeAlias = Name | Either | Edge | Aggregate | DatePart | Anniversary | Share


@dataclass(frozen=True, slots=True)
class Items:
    """`any|every|no item (PREDS)`, `at least 4 items [(PREDS)]`."""

    how: Literal["any", "every", "no", "count"]
    where: Tree[Subject | Items] | None
    quantity: Quantity | None = None
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class Regularity:
    """`in at least 3 of the last 4 weeks`."""

    quantity: Quantity
    periods: int
    unit: Unit
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Different:
    """`on at least 2 different days|weeks|months`."""

    quantity: Quantity
    unit: Literal["days", "weeks", "months"]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Subject:
    """A head and its parts. What the head is (event, metric, property) is settled in binding."""

    head: Head
    quantity: Quantity | None = None
    comparison: Comparison | None = None
    window: Window | None = None
    where: Tree[Subject | Items] | None = None
    has: Tree[Subject | Items] | None = None
    with_the_same: Name | None = None
    within: Duration | None = None
    regularity: Regularity | None = None
    different: Different | None = None
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class Sequence:
    """`A then B within 3d then C`; `A followed by B within D`; `A not followed by B`."""

    word: Literal["then", "followed by", "not followed by"]
    steps: tuple[Subject, ...]
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class CanReceive:
    """`cannot receive` is `negated`."""

    channel: Name
    reason: Text | Name | None = None
    window: Window | None = None
    negated: bool = False
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class InList:
    """`in list NAME`; `joined list NAME WINDOW` has `joined`."""

    name: Name
    joined: bool = False
    window: Window | None = None
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class InSegment:
    """`in segment S`, `was in segment S D ago`, `entered|left segment S in D`."""

    word: Literal["in", "was in", "entered", "left"]
    segment: SegmentRef
    length: Duration | None = None
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class Rank:
    """`top|bottom 10%|100 by MEASURE [among segment S]`."""

    word: Literal["top", "bottom"]
    size: Number | Percent
    by: Subject
    among: SegmentRef | None = None
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class Near:
    """`within 20 km of PLACE|(lat, lon)|any store`."""

    distance: Decimal
    unit: Literal["km", "miles"]
    place: Name | tuple[Decimal, Decimal] | None
    """None is `any store`."""
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class Random:
    percent: Percent
    seed: Text | None = None
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


Phrase: TypeAlias = Subject | Sequence | CanReceive | InList | InSegment | Rank | Near | Random
Predicate: TypeAlias = Subject | Items
Rule: TypeAlias = Tree[Phrase]


# --- metrics of a catalog ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MetricText:
    """A catalog metric: MEASURE, or MEASURE / MEASURE."""

    top: Subject
    bottom: Subject | None = None
    span: Span = _span()


# --- definitions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Let:
    name: Name
    value: Literal_
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class Sample:
    """`sample P% [or at least N] [seed TEXT]`."""

    percent: Percent
    at_least: int | None = None
    seed: Text | None = None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Segment:
    """A named rule. The comments directly above it are its description."""

    name: Name
    rule: Rule
    parameters: tuple[tuple[Name, Literal_], ...] = ()
    sample: Sample | None = None
    span: Span = _span()
    comments: tuple[str, ...] = _comments()


@dataclass(frozen=True, slots=True)
class Definitions:
    """A `.segql` file, its definitions in order. `comments` are those after the last one."""

    parts: tuple[Let | Segment, ...]
    span: Span = _span()
    comments: tuple[str, ...] = _comments()
