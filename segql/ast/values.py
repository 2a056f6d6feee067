"""Names, values, moments and windows, as written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from ..plain import dataclass
from ..source import Span
from .trees import span_


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, white space folded, NFC: bare words, a quoted string, or words before a quoted string.

    `clicked sms` is ("clicked sms", None), `"last seen"` is ("", "last seen"), `last "seen"` is ("last", "seen").
    What begins a name may turn out to be a word of the language (`first`, `last`, `every`, `no`, `number of`,
    `days since last`, `days between`); the binder tries the whole name first.
    """

    words: str
    quoted: str | None = None
    span: Span = span_()

    @property
    def text(self) -> str:
        """The name without its quotes."""
        if not self.quoted:
            return self.words
        return f"{self.words} {self.quoted}" if self.words else self.quoted


@dataclass(frozen=True, slots=True)
class Text:
    value: str
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Percent:
    """`10%` is Percent(10)."""

    value: Decimal
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with the sign or code it was written with (`$`, `€`, `EUR`); the binder looks whether it is ours."""

    value: Decimal
    currency: str
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Bool:
    value: bool
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Date:
    value: date
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Time:
    """An instant with an offset, or naive: then on the wall clock of the catalog's zone."""

    value: datetime
    span: Span = span_()


Unit = Literal["s", "min", "h", "d", "w", "mo", "y"]


@dataclass(frozen=True, slots=True)
class Duration:
    count: int
    unit: Unit
    span: Span = span_()


Literal_: TypeAlias = Text | Number | Percent | Money | Bool | Date | Time | Duration
Length: TypeAlias = Duration | Name
"""A duration, or the name of one (a parameter, a `let`, a constant)."""


@dataclass(frozen=True, slots=True)
class Day:
    name: Literal["today", "yesterday", "tomorrow"]
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Ago:
    """`3 days ago`, an instant; with `whole_day`, `the day 3 days ago`, a local day."""

    length: Length
    whole_day: bool = False
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class FromNow:
    length: Length
    span: Span = span_()


Moment: TypeAlias = Date | Time | Day | Ago | FromNow | Name


@dataclass(frozen=True, slots=True)
class InLast:
    """`in 72h` (not `explicit`), `in the last 72h`, `over the last 72h`, `less than 72h ago` (all explicit)."""

    length: Length
    explicit: bool = False
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class InNext:
    length: Length
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class BetweenAgo:
    """`between 4 and 13 months ago`: the first length lowered to the unit of the second when it had none."""

    one: Length
    other: Length
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class MoreThanAgo:
    length: Length
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Relative:
    """`before|after|since|on MOMENT`."""

    word: Literal["before", "after", "since", "on"]
    moment: Moment
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class BetweenMoments:
    start: Moment
    end: Moment
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period: `today`, `this week`, `last month`, `next quarter` ..; `ever` is the absence of a window.

    `so far` is `this` up to now. `last` may be more than one, up to the one before that of now: `the last 3 whole
    months`, also of days.
    """

    name: Literal["today", "yesterday", "tomorrow", "this", "so far", "last", "next"]
    unit: Literal["day", "week", "month", "quarter", "year"] | None = None
    count: int = 1
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class Ever:
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class At:
    """`2 hours ago`, one instant: what is given in a test says it, and a rule never does."""

    moment: Ago | Time
    span: Span = span_()


Window: TypeAlias = At | InLast | InNext | BetweenAgo | MoreThanAgo | Relative | BetweenMoments | Period | Ever
