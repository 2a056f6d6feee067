"""Why a profile is a member or not, as plain data: what a terminal, JSON and the REPL show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

from ...evaluator import Key
from ...plain import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the data that decided a condition, as far as the condition reads it.

    `what` is an event, or `consent to sms`, `list Newsletter`; properties and items are the row's own values. `when`,
    `ago` and the named `cells` are the same in words, each for a column of a table.
    """

    what: str
    time: datetime | None
    properties: Mapping[str, object]
    items: tuple[Mapping[str, object], ...]
    when: str
    ago: str
    cells: Mapping[str, str]

    @property
    def says(self) -> str:
        """The row as one line of text."""
        when = [f"{self.when} ({self.ago})"] if self.ago else [self.when] if self.when else []
        return ", ".join([self.what, *when, *(f"{name} {said}" for name, said in self.cells.items())])


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the rule, and whether it holds.

    `text` is its canonical text, of a group the word `all of`, `any of` or `not`. A condition has the value `seen` and
    the few `rows` that decided it, of which there are `more`; everything else has parts.
    """

    kind: Literal["condition", "segment", "all", "any", "not"]
    text: str
    holds: bool
    seen: str = ""
    rows: tuple[Fact, ...] = ()
    more: int = 0
    parts: tuple[Part, ...] = ()

    def conditions(self) -> Iterator[Part]:
        """The conditions in it, in the order of the text."""
        if self.kind == "condition":
            yield self
        for part in self.parts:
            yield from part.conditions()


@dataclass(frozen=True, slots=True)
class Change:
    """A condition that would have to hold (`becomes`) or not to hold, and in words what that takes."""

    text: str
    becomes: bool
    says: str


@dataclass(frozen=True, slots=True)
class Next:
    """The next instant at which time alone flips membership, if nothing else happens.

    `at` is None when there is none before `until`, up to which every instant was looked at. When not even that can be
    said, `until` is None and `says` gives the reason. `because` are the conditions that change at it.
    """

    at: datetime | None
    until: datetime | None
    because: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Since:
    """The instant from which on membership has been as it is, without a break; before it, it was not.

    `at` is None when there is none after `after`, down to which every instant was looked at; both, when nothing is
    known.
    """

    at: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a profile is a member at `now`, or not.

    `text` is the canonical rule. `flips` are the smallest sets of conditions that would flip membership, the few
    nearest of equal size; none where nothing could, or where the rule is too large to say.
    """

    profile: Key
    member: bool
    text: str
    now: datetime
    tree: Part
    flips: tuple[tuple[Change, ...], ...]
    next: Next
