"""Sequences: occurrences one after the other, and what does not follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ..ast.trees import span_
from ..source import Span
from .measures import Occurrences
from .rows import Field, Interval


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sequence: which occurrences, at most how much later than the step before, and sharing what value.

    With `same`, this step and the step before share a value of the property (of items: some item of each), missing
    never; a run of steps with the same property shares one value throughout. The fields are of the step before and of
    this one.
    """

    of: Occurrences
    within: timedelta | None = None
    same: tuple[Field, Field] | None = None


@dataclass(frozen=True, slots=True)
class InSequence:
    """There are occurrences, one for each step, all different events, each at or after the one before it.

    Only the first step has a window; with `edge` it is the ever first (last) such event, which must lie in `window`
    (`steps[0].of.window` is then all time before now; at a tied instant any of the tied may do).
    """

    steps: tuple[Step, ...]
    edge: Literal["first", "last"] | None = None
    window: Interval | None = None
    span: Span = span_()


@dataclass(frozen=True, slots=True)
class NotFollowed:
    """There is an occurrence of `steps[0]` (or the ever first, last one, see InSequence) without a follow-up.

    A follow-up is a different event of `steps[1]` at or after it and at most `within` later. With `within` D, at
    instant t, only what is fully past counts: t + D < now. Without, none up to now.
    """

    first: Occurrences
    then: Step
    now: datetime
    edge: Literal["first", "last"] | None = None
    window: Interval | None = None
    span: Span = span_()
