"""What a rule means, found out as far as somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import datetime
from functools import cached_property
from typing import Any

from . import ast, binder, optimizer
from .catalog import Catalog
from .conditions import Condition, Interval, Sample, Tree
from .conditions.walk import leaves, nodes
from .errors import Problem
from .plain import dataclass


@dataclass(frozen=True)
class Meaning:
    """What a rule says, before any dialect: its canonical text, its bound and its optimised tree, at `now` (UTC).

    `sample`: of those for whom the rule holds only so many are members.
    """

    write: Callable[[], str] = field(repr=False)
    now: datetime
    sample: Sample | None
    bind: Callable[[], binder.Bound] = field(repr=False)
    notes: Callable[[binder.Bound], tuple[Problem, ...]] = field(repr=False)
    catalog: Catalog = field(repr=False)
    read: ast.Rule | None = field(default=None, repr=False)
    """The rule that a sentence was taken for which is none."""

    @cached_property
    def text(self) -> str:
        """The canonical text of the rule."""
        return self.write()

    @cached_property
    def _found(self) -> binder.Bound:
        return self.bind()

    @property
    def bound(self) -> Tree[Condition]:
        """The rule with the catalog's names, and windows as instants."""
        return self._found.rule

    @cached_property
    def english(self) -> str:
        """The rule in plain English, with its instants on the catalog's wall clock."""
        from . import describer

        return describer.describe(self.bound, self.catalog, self.now, self.sample)

    @property
    def windows(self) -> tuple[tuple[str, Interval], ...]:
        """Conditions with a window, as they are written, with its instants: half-open, in UTC, in the rule's order."""
        ever = Interval(None, self.now)
        found = (
            (" ".join(leaf.span.text.split()), window)
            for leaf in leaves(self.bound)
            for node in nodes(leaf)
            if isinstance(window := getattr(node, "window", None), Interval) and window != ever
        )
        return tuple(dict.fromkeys(found))

    @cached_property
    def optimized(self) -> Tree[Condition]:
        """The simplest equal rule."""
        return optimizer.optimize(self.bound)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings and hints. Looked for when asked: it costs more than the rest of the meaning."""
        return self.notes(self._found)

    def __reduce__(self) -> tuple[Callable[..., Meaning], tuple[object, ...]]:
        """For another process: all that could be asked later is found out."""
        return _known, (self.text, self._found, self.problems, self.now, self.sample, self.catalog, self.read)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Meaning):
            return NotImplemented
        mine, its = ((one.text, one.now, one.sample) for one in (self, other))
        return mine == its and self.bound == other.bound

    def __hash__(self) -> int:
        return hash((self.text, self.now))


def _known(text: str, bound: binder.Bound, problems: tuple[Problem, ...], *more: Any) -> Meaning:
    now, sample, catalog, read = more
    return Meaning(lambda: text, now, sample, lambda: bound, lambda _: problems, catalog, read)
