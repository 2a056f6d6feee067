"""What a rule means, once names have met the catalog and windows have become instants: the bound tree.

`Tree[Condition]` is what the optimiser, the evaluator, the planner and the describer read. It is plain data: names are
the catalog's own spelling, values are Python values, windows are constants. No node knows SQL, rows or text.

Two-valued throughout: a condition holds or does not. A comparison with a missing side does not hold; every negated
operator is `Not` of its positive form. So `!=`, `not in`, `never`, `cannot receive` have no node of their own.

Numbers and money are `Decimal`, instants aware `datetime`s in UTC, date-only values `date`s in the catalog's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Literal, TypeAlias

from .ast import All, AnyOf, Not, Tree
from .source import NOWHERE, Span

__all__ = ["All", "AnyOf", "Not", "Tree"]


def _span() -> Span:
    return field(default=NOWHERE, compare=False, repr=False)


class Type(Enum):
    """The type of a property, in the catalog's words."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    TEXTS = "list of text"
    NUMBERS = "list of number"
    POSITION = "position"


Value: TypeAlias = str | Decimal | bool | date | datetime
"""Of types text, number and money, boolean, date, time. (A datetime is a date to Python: test for it first.)"""

Op = Literal["=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Interval:
    """Half-open stretch of instants `[start, end)`, UTC; None is without bound.

    For events and list joins the binder always sets `end`, at most `now`: nothing at or after `now` exists.
    """

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Days:
    """Half-open stretch of local days `[start, end)`, for date-only properties; None is without bound."""

    start: date | None
    end: date | None


# --- fields: conditions on one row (a profile, an event, an item) --------------------------------------------------

Scope = Literal["profile", "event", "item"]

BUILT_IN: dict[str, Type] = {
    "number": Type.NUMBER,  # 1 + the profile's such events at earlier instants, ever
    "days since previous": Type.NUMBER,  # whole days on the local clock since the latest strictly earlier instant
    "hour": Type.NUMBER,  # 0-23, as the rest in the catalog's zone
    "weekday": Type.TEXT,  # "Monday" .. "Sunday"
    "day": Type.NUMBER,  # 1-31
    "month": Type.NUMBER,  # 1-12
}
"""Properties that every timed event has (scope `event`), unless the catalog declares one of that name."""


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the profile, the event or the item at hand; `name` as the catalog spells it."""

    scope: Scope
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """The field against a value or another field of comparable type. Booleans, text: `=` only.

    Numbers and money compare as decimals, text by code point.
    """

    field: Field
    op: Op
    right: Value | Field
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FieldIn:
    """The field equals one of the values."""

    field: Field
    values: tuple[Value, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FieldLike:
    """Text tests that ignore case by simple one-to-one folding (`folding.py`).

    `matches`: `*` any run, `?` one code point, the whole text; no escape.
    """

    field: Field
    how: Literal["contains", "starts with", "ends with", "matches"]
    pattern: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FieldIncludes:
    """The list field has any (all) of the values as elements; a missing list has none."""

    field: Field
    how: Literal["any", "all"]
    values: tuple[Value, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FieldSet:
    """`is set`: not missing (NaN is missing, an empty string is set)."""

    field: Field
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FieldEmpty:
    """`is empty`: missing, the empty string, or a list of no elements."""

    field: Field
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FieldWithin:
    """A time field in an Interval, a date field in Days."""

    field: Field
    window: Interval | Days
    span: Span = _span()


FieldCondition: TypeAlias = FieldComparison | FieldIn | FieldLike | FieldIncludes | FieldSet | FieldEmpty | FieldWithin


@dataclass(frozen=True, slots=True)
class AnyItem:
    """Some item of the event fits all of `where` at once (fields of scope `item`)."""

    where: Tree[FieldCondition]
    span: Span = _span()


Predicate: TypeAlias = FieldCondition | AnyItem


# --- occurrences and measures --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The profile's events of these kinds, in the window, that fit `where` (All(()) when there is none).

    Several events are one pooled stream, also for `number` and `days since previous`. An event named twice counts once.
    A union event of the catalog stands here as its parts, in the catalog's order.
    An event without time has no window: `window` is Interval(None, None) for it, and all its rows exist.
    """

    events: tuple[str, ...]
    window: Interval
    where: Tree[Predicate] = All(())


@dataclass(frozen=True, slots=True)
class Count:
    """How many; 0 over nothing."""

    of: Occurrences


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Over the field's non-missing values among the occurrences.

    sum and distinct are 0 over nothing; average, min, max, median are missing. Median is nearest rank: the smallest v
    with 2 * count(<= v) >= n. Distinct counts values by equality.
    With a field of scope `item` every item of a fitting event is a row, and conditions on item fields that stand
    plainly in `of.where` select items (an AnyItem selects events, whose items then all count).
    """

    kind: Literal["sum", "average", "min", "max", "median", "distinct"]
    field: Field
    of: Occurrences


@dataclass(frozen=True, slots=True)
class DaysSince:
    """The largest whole n with t + n days <= now on the local clock, t the first (last) occurrence; missing if none."""

    which: Literal["first", "last"]
    of: Occurrences


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """Average, over neighbouring distinct instants of the occurrences, of the whole days between (as DaysSince counts).

    Missing with fewer than two instants.
    """

    of: Occurrences


@dataclass(frozen=True, slots=True)
class Ratio:
    """top / bottom; missing where a side is missing or the bottom is 0. Compared as the fraction it is."""

    top: Measure
    bottom: Measure


Measure: TypeAlias = Count | Aggregate | DaysSince | DaysBetween | Ratio | Field
"""One value per profile, or missing. A Field has scope `profile` and is a number or money."""


# --- conditions: leaves of a bound rule ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Occurs:
    """The number of occurrences is at least `at_least` and, unless None, at most `at_most`. Never both 0 and None."""

    of: Occurrences
    at_least: int
    at_most: int | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class MeasureComparison:
    """left OP factor x right; false when a side is missing.

    Exact. Against a value an average is its fraction (sum OP value * n) and so is a Ratio. Against another measure, and
    inside a Ratio, an average (also DaysBetween) is `floor(sum * 10^6 / n)` millionths; a Ratio stays a fraction.
    """

    left: Measure
    op: Op
    right: Value | Measure
    factor: Decimal = Decimal(1)
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class EdgeOccurrence:
    """The ever first (most recent) of `of` lies in `window` and fits `has`; false if there is none.

    `of.window` is all time before `now`. At a tied instant any of the tied may fit.
    """

    which: Literal["first", "last"]
    of: Occurrences
    window: Interval
    has: Tree[Predicate] = All(())
    span: Span = _span()


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
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InList:
    """The profile stands in the list, joined within the window (its end at most `now`).

    When not `dated` (`in list`), a missing join time counts as in; `joined list` needs the time.
    """

    list: str
    window: Interval
    dated: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InSegment:
    """Membership of a saved segment, its rule bound with its arguments. `label` is how a person names it."""

    label: str
    rule: Tree[Condition]
    span: Span = _span()


Condition: TypeAlias = FieldCondition | Occurs | MeasureComparison | EdgeOccurrence | Consent | InList | InSegment
"""Field conditions here have fields of scope `profile`."""
