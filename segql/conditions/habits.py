"""Habits: what a profile's occurrences are like, taken together."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from ..ast import Tree
from ..ast.trees import span_
from ..plain import dataclass
from ..source import Span
from .measures import Occurrences
from .rows import Field, FieldCondition, Interval, Op, Predicate


@dataclass(frozen=True, slots=True)
class Share:
    """Of the occurrences, of which there is at least one, the share that fits `has`: `fitting * 100 OP percent * n`.

    `every EVENT has` is `= 100`. (`no EVENT has` is Not of Occurs.)
    """

    of: Occurrences
    has: Tree[Predicate]
    op: Op
    percent: Decimal
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Regular:
    """In at least `at_least` (and at most `at_most`) of the periods the number of occurrences is within `each`.

    `of.window` is the hull of the periods; they are disjoint, latest first. `each`: at least, at most (None: no bound).
    Both lower bounds are 1 or more: a range that holds 0 is the Not of one that does not.
    """

    of: Occurrences
    periods: tuple[Interval, ...]
    each: tuple[int, int | None]
    at_least: int
    at_most: int | None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class OnDifferent:
    """The number of different local days, weeks (from Monday) or months that have an occurrence is within bounds.

    `in_a_row`: the number of those in the longest streak without a gap. `at_least` is 1 or more.
    """

    of: Occurrences
    unit: Literal["day", "week", "month"]
    at_least: int
    at_most: int | None
    in_a_row: bool = False
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Repeats:
    """Some one value of the fields together (none of them missing) is that of a number of occurrences within bounds.

    With a field of items, an occurrence counts for each different value that some of its items has.
    `at_least` is 1 or more: a value that no occurrence has does not count.
    """

    of: Occurrences
    fields: tuple[Field, ...]
    at_least: int
    at_most: int | None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class MostCommon:
    """A most common value of the field among the occurrences (tied values all count, missing ones never) fits `fits`.

    `fits` speaks of the field only. With a field of items every item is a row, selected as in Aggregate.
    """

    of: Occurrences
    field: Field
    fits: Tree[FieldCondition]
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class InCommon:
    """Some one value of fields together (none of them missing) is that of an occurrence of each of `of`.

    `fields` are those of each in its own way; of items, one item of an occurrence has all of them. One occurrence may
    be one of several of `of`.
    """

    of: tuple[Occurrences, ...]
    fields: tuple[tuple[Field, ...], ...]
    span: Span = span_()


Habit: TypeAlias = Share | Regular | OnDifferent | Repeats | MostCommon | InCommon
