"""Conditions on one row: a profile, an event, a line item."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Literal, TypeAlias

from ..ast import DayPart, PlacePart, Tree
from ..ast.trees import span_
from ..plain import dataclass
from ..source import Span


class Type(Enum):
    """The type of a property, in the catalog's words."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    MONTH_DAY = "month-day"
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
    """A property of the profile, the event or the item at hand; `name` as the catalog spells it.

    With `part` it is that part of a date or of an instant on the local clock, and `type` that of the part: a number (a
    weekday: text, "Monday" .. "Sunday"). Of a position it is its latitude or longitude in degrees, missing with it; of
    a list the `number` of its elements, 0 where it is missing. With `days to` it is the whole days from the date or the
    time to another one of the same row, counted as DaysSince counts, below 0 where that lies before; where one is a
    date, the days of the calendar from one local day to the other; missing with one of the two.
    """

    scope: Scope
    name: str
    type: Type
    part: DayPart | PlacePart | Literal["number", "days to"] | None = None
    to: Field | None = None


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """The field against a value or another field of comparable type. Booleans, text: `=` only.

    Numbers and money compare as decimals, text by code point.
    """

    field: Field
    op: Op
    right: Value | Field
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class FieldIn:
    """The field equals one of the values."""

    field: Field
    values: tuple[Value, ...]
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class FieldLike:
    """Text tests that ignore case by simple one-to-one folding (`folding.py`).

    `matches`: `*` any run, `?` one code point, the whole text; no escape. `matches regex` does not fold: the regular
    expression (`regex.py`) fits somewhere in the text.
    """

    field: Field
    how: Literal["contains", "starts with", "ends with", "matches", "matches regex"]
    pattern: str
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class FieldIncludes:
    """The list field has any (all) of the values as elements; a missing list has none."""

    field: Field
    how: Literal["any", "all"]
    values: tuple[Value, ...]
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class FieldIncludesLike:
    """Some element of the list of text (`all`: each, and there is one) fits a test of text, as FieldLike has them."""

    field: Field
    how: Literal["any", "all"]
    like: Literal["contains", "starts with", "ends with", "matches", "matches regex"]
    pattern: str
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class FieldSet:
    """`is set`: not missing (NaN is missing, an empty string is set)."""

    field: Field
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class FieldEmpty:
    """`is empty`: missing, the empty string, or a list of no elements."""

    field: Field
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class FieldWithin:
    """A time field in an Interval, a date field in Days."""

    field: Field
    window: Interval | Days
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class FieldAnniversary:
    """Some day of the window is an anniversary of the date (of an instant: of its local day).

    It has the month and day of the date, in a later year; of a month and a day without a year, in any. 29 February
    counts as 28 February when that day's year is common. The window is shorter than a year.
    """

    field: Field
    window: Days
    span: Span = span_()


FieldCondition: TypeAlias = (
    FieldComparison | FieldIn | FieldLike | FieldIncludes | FieldIncludesLike | FieldSet | FieldEmpty | FieldWithin
    | FieldAnniversary
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnyItem:
    """Some item of the event fits all of `where` at once (fields of scope `item`)."""

    where: Tree[FieldCondition]
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class ItemCount:
    """The number of the event's items that fit `where` is at least `at_least` and, unless None, at most `at_most`."""

    where: Tree[FieldCondition]
    at_least: int
    at_most: int | None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class OfEvent:
    """The event at hand is one of these: of several that are pooled, those that a part of the `where` is about."""

    events: tuple[str, ...]
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class CloseTo:
    """The event lies at most `before` before and at most `after` after a date or a time of its profile, both ends in.

    Of a time the two are exact lengths, between the instants; of a date whole days, between the event's local day and
    the date. Missing with one of the two.
    """

    field: Field
    before: timedelta
    after: timedelta
    span: Span = span_()


Predicate: TypeAlias = FieldCondition | AnyItem | ItemCount | OfEvent | CloseTo
