"""What a refresh says of itself."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Literal

from ..conditions.live import LiveDay, LiveInstant
from ..errors import Problem
from ..plain import dataclass

Mode = Literal["full", "incremental"]


@dataclass(frozen=True, slots=True)
class Last:
    """The last run of a segment: its number and instant, what the rule meant, until when it saw rows, its members."""

    run: int
    now: datetime
    hash: str
    seen: datetime
    members: int


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What becomes of a segment in a run: a row of `runs`.

    `hash` is that of what the rule means, whatever the instant. `state` is `done` or `failed`; a segment that failed
    keeps its members as they were. `note` says in words what is to be known of the run, empty where that is nothing.
    """

    segment: str
    text: str
    hash: str
    mode: Mode
    members: int
    entered: int
    left: int
    state: Literal["done", "failed"]
    note: str
    reason: str = ""
    """Why it was asked of everybody; empty where it was not."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """A run at `now`: its number, how long its question took, what becomes of each segment, what is wrong with some.

    Rows that were written before `seen` were seen. `candidates`: how many profiles the incremental segments asked.
    """

    run: int
    now: datetime
    seen: datetime
    seconds: float
    segments: tuple[Refreshed, ...]
    problems: tuple[Problem, ...] = ()
    candidates: int = 0
    verified: int = 0
    differing: tuple[tuple[str, str, bool], ...] = ()
    """Of those that were looked at although nothing says that they changed: the segment, the profile's key as text, and
    whether it would enter, or else leave. Any of these says that a promise of the catalog is broken.
    """

    @property
    def entered(self) -> int:
        """Memberships that begin."""
        return sum(one.entered for one in self.segments)

    @property
    def left(self) -> int:
        """Memberships that end."""
        return sum(one.left for one in self.segments)


def signature(node: object) -> str:
    """What a tree says, made with a running clock: the same text at every instant, another one where it means more."""
    match node:
        case LiveInstant() | LiveDay():
            return signature(node.recipe)
        case tuple():
            return f"({','.join(map(signature, node))})"
        case frozenset():
            return f"{{{','.join(sorted(map(signature, node)))}}}"
        case _ if is_dataclass(node):
            parts = (f"{one.name}={signature(getattr(node, one.name))}" for one in fields(node) if one.name != "span")
            return f"{type(node).__name__}({','.join(parts)})"
        case _:
            return repr(node)
