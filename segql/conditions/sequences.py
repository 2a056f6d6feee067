"""Sequences: occurrences one after the other, and what does not follow."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from ..ast.trees import span_
from ..plain import dataclass
from ..source import Span
from .measures import Occurrences
from .rows import Field, Interval


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sequence: which occurrences, how much later than the step before, and sharing what values.

    `later` is the least (None: any time at or after it), `within` the most. With `same`, this step and the step before
    share a value of each property at once (of items: of one item of each), missing never; a run of steps with the same
    properties shares these values throughout. The fields are pairs of the step before and of this one. The step before
    is the nearest that is not `absent`.
    """

    of: Occurrences
    within: timedelta | None = None
    same: tuple[tuple[Field, Field], ...] = ()
    later: timedelta | None = None
    absent: bool = False

    @property
    def shared(self) -> tuple[Field, ...]:
        """What of this step is shared with the step before."""
        return tuple(own for _, own in self.same)

    @property
    def shared_before(self) -> tuple[Field, ...]:
        """What of the step before is shared with this one."""
        return tuple(before for before, _ in self.same)


@dataclass(frozen=True, slots=True)
class InSequence:
    """There are occurrences, one for each step but the `absent` ones, all different events, each at or after the one
    before it; the last is at most `within` later than the first.

    An absent step: no other event of it lies at or between the instants of the two around it. With `same`, only what
    shares one of the values that the run before it has in common counts. When it is the last step, none comes at or
    after the one before it, at most its `within` D later; then only what is fully past counts: t + D < now, the end of
    its own window.

    Only the first step has a window; with `edge` it is the ever first (last) such event, which must lie in `window`
    (`steps[0].of.window` is then all time before now; at a tied instant any of the tied may do).
    """

    steps: tuple[Step, ...]
    edge: Literal["first", "last"] | None = None
    window: Interval | None = None
    within: timedelta | None = None
    span: Span = span_()

    @property
    def never(self) -> Step | None:
        """The last step, if it is one that does not happen."""
        return self.steps[-1] if self.steps[-1].absent else None
