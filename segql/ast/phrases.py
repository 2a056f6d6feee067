"""Phrases: a head with its parts, sequences, consent, lists, segments, ranks, places."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from ..plain import dataclass
from ..source import Span
from .comparisons import Comparison, DatePart, DaysFrom, Op, Quantity, SegmentRef
from .trees import Tree, comments_, span_
from .values import Duration, Length, Name, Number, Percent, Text, Unit, Window


@dataclass(frozen=True, slots=True)
class Either:
    """`any of (opened email, clicked email where campaign is "winter")`: each a name, with a `where` at most."""

    events: tuple[Subject, ...]
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class AllOf:
    """`all of (viewed product, added to cart where total > 5)`, which are `with the same` of something."""

    events: tuple[Subject, ...]
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`sum of total of EVENT`, `number of distinct brand of EVENT`, `most common brand of EVENT`.

    `number of EVENT`, `days since last EVENT`, `days between EVENT` are names, split in binding; before `any of (..)`
    they are an Aggregate without a property. So is `PROP of first|last EVENT`, as `first` or `last`.
    """

    kind: Literal[
        "sum", "average", "min", "max", "median", "distinct", "most common", "first", "last",
        "number", "days since first", "days since last", "days between",
    ]  # fmt: skip
    property: Name | None
    of: Name | Either
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Anniversary:
    """`anniversary of birthday`."""

    property: Name
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Share:
    """`at least 80% of EVENT .. have PRED`; `every EVENT has` and `no EVENT has` are names, split in binding."""

    op: Op | Literal["between"]
    percent: Percent
    of: Name | Either
    most: Percent | None = None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Edge:
    """`first|last any of (..)`, `every|no any of (..)`; before a plain name the word is part of the name."""

    word: Literal["first", "last", "every", "no"]
    of: Either
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Terms:
    """`MEASURE + MEASURE - MEASURE`, each with its own window and `where`; a subject of them has none itself."""

    terms: tuple[Subject, ...]
    signs: tuple[Literal["+", "-"], ...]
    """Before each but the first."""
    span: Span = span_()


Head: TypeAlias = Name | Either | AllOf | Edge | Aggregate | DatePart | DaysFrom | Anniversary | Share | Terms


@dataclass(frozen=True, slots=True)
class Items:
    """`any|every|no item (PREDS)`, `at least 4 items [(PREDS)]`."""

    how: Literal["any", "every", "no", "count"]
    where: Tree[Subject | Items] | None
    quantity: Quantity | None = None
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class Regularity:
    """`in at least 3 of the last 4 weeks`, `in at least 2 of the last 3 periods of 10 days`."""

    quantity: Quantity
    periods: int
    unit: Unit
    length: int = 1
    """Of a period, in units."""
    span: Span = span_()


_UNITS: dict[str, Unit] = {"days": "d", "weeks": "w", "months": "mo"}


@dataclass(frozen=True, slots=True)
class Different:
    """`on at least 2 different days|weeks|months`, `in at least 2 days|weeks|months in a row`."""

    quantity: Quantity
    unit: Literal["days", "weeks", "months"]
    in_a_row: bool = False
    span: Span = span_()

    @property
    def length_unit(self) -> Unit:
        """The unit as lengths have it."""
        return _UNITS[self.unit]


@dataclass(frozen=True, slots=True)
class CloseTo:
    """`within 7 days of|before|after signed up`: an event near a date or a time of the profile."""

    length: Duration
    side: Literal["of", "before", "after"]
    property: Name
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Subject:
    """A head and its parts. What the head is (event, metric, property) is settled in binding."""

    head: Head
    quantity: Quantity | None = None
    comparison: Comparison | None = None
    window: Window | None = None
    where: Tree[Subject | Items] | None = None
    has: Tree[Subject | Items] | None = None
    with_the_same: tuple[Name, ...] = ()
    within: Length | None = None
    later: Duration | None = None
    regularity: Regularity | None = None
    different: Different | None = None
    close_to: CloseTo | None = None
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


Follows: TypeAlias = Literal["then", "followed by", "not followed by"]


@dataclass(frozen=True, slots=True)
class Sequence:
    """`A then B within 3d then C all within 7d`; `A followed by B`; `A then B not followed by C`."""

    words: tuple[Follows, ...]
    """What stands before each step but the first."""
    steps: tuple[Subject, ...]
    within: Length | None = None
    """Of all steps that happen: `all within 7d`."""
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class CanReceive:
    """`cannot receive` is `negated`."""

    channel: Name
    reason: Text | Name | None = None
    window: Window | None = None
    negated: bool = False
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class InList:
    """`in list NAME`; `joined list NAME WINDOW` has `joined`."""

    name: Name
    joined: bool = False
    window: Window | None = None
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class InSegment:
    """`in segment S`, `was in segment S D ago` (a length), `entered|left segment S WINDOW`."""

    word: Literal["in", "was in", "entered", "left"]
    segment: SegmentRef
    length: Duration | None = None
    window: Window | None = None
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class Rank:
    """`top|bottom 10%|100 by MEASURE [among segment S] [within each PROPERTY]`."""

    word: Literal["top", "bottom"]
    size: Number | Percent
    by: Subject
    among: SegmentRef | None = None
    each: Name | None = None
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class Near:
    """`within 20 km of PLACE|(lat, lon)|any store`."""

    distance: Decimal
    unit: Literal["km", "miles"]
    place: Name | tuple[Decimal, Decimal] | None
    """None is `any store`."""
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


@dataclass(frozen=True, slots=True)
class Random:
    percent: Percent
    seed: Text | None = None
    span: Span = span_()
    comments: tuple[str, ...] = comments_()


Phrase: TypeAlias = Subject | Sequence | CanReceive | InList | InSegment | Rank | Near | Random
Predicate: TypeAlias = Subject | Items
Rule: TypeAlias = Tree[Phrase]
