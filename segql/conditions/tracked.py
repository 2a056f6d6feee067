"""Moments that are known by their order alone: what comes of them comes of all others in the same order.

A rule that is bound again at another `now` has the same conditions with other moments. Where whatever is made of them
only asks which is earlier, it is made of those others alike, and how much later an instant is than another is noted;
what asks more, for its day or its hour, gets `Untold`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Any, NoReturn, TypeVar

from ..plain import dataclass
from .walk import compared

Whole = TypeVar("Whole")


class Untold(Exception):
    """More was asked of a moment than its order tells."""


@dataclass(slots=True)
class Track:
    """The moments of a tree in the order in which they stand there, and what was noted of them."""

    moments: list[date]
    notes: list[Any] = field(default_factory=list)
    lengths: dict[tuple[int, int], timedelta] = field(default_factory=dict)
    """How much later than another some instants had to be known to be, by their places."""


def _untold(*_: object) -> NoReturn:
    raise Untold


def _compares(kind: type, name: str) -> Any:
    own = getattr(kind, name)

    def judged(self: Any, other: object) -> Any:
        if isinstance(other, Instant | Day):
            return own(self, other)
        return _untold() if isinstance(other, date) else NotImplemented

    return judged


def _only_ordered(kind: type) -> Any:
    """Whatever a moment can do besides being compared with its like."""
    kept = {"__class__", "__new__", "__init__", "__hash__", "__reduce__", "__reduce_ex__", "__getattribute__",
            "__setattr__", "__delattr__", "__init_subclass__", "__subclasshook__", "__doc__", "__dir__", "__sizeof__",
            "__getstate__", "__repr__", "min", "max", "resolution"}  # fmt: skip
    body: dict[str, Any] = {}
    for name in {name for base in kind.__mro__ for name in vars(base)} - kept:
        if name in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
            body[name] = _compares(kind, name)
        elif callable(getattr(kind, name)):
            body[name] = _untold
        else:
            body[name] = property(_untold)
    return {**body, "__hash__": kind.__hash__}


class _Placed:
    place: int
    track: Track


class Instant(_Placed, datetime):
    """An instant of a track."""


class Day(_Placed, date):
    """A day of a track."""


for _kind, _of in ((Instant, datetime), (Day, date)):
    for _name, _value in _only_ordered(_of).items():
        setattr(_kind, _name, _value)


def _later(self: Instant, other: object) -> timedelta:
    if not isinstance(other, Instant):
        raise Untold
    length: timedelta = self.track.moments[self.place] - self.track.moments[other.place]
    self.track.lengths[self.place, other.place] = length
    return length


setattr(Instant, "__sub__", _later)  # noqa: B010


def flat(tree: object) -> tuple[tuple[object, ...], list[date]]:
    """What a tree is, but for the moments in it; these in the order in which they stand there."""
    shape: list[object] = []
    moments: list[date] = []
    _flatten(tree, shape, moments)
    return tuple(shape), moments


def _flatten(node: Any, shape: list[object], moments: list[date]) -> None:
    kind: Any = type(node)
    shape.append(kind)
    if kind is tuple:
        shape.append(len(node))
        for part in node:
            _flatten(part, shape, moments)
    elif kind is datetime or kind is date:
        moments.append(node)
    elif names := compared(kind):
        for name in names:
            _flatten(getattr(node, name), shape, moments)
    else:
        shape.append(node)


def order(moments: list[date]) -> tuple[int, ...]:
    """The rank of each moment among those of its kind; equal ones share it."""
    ranks: dict[date, int] = {}
    for kind in (datetime, date):
        for rank, one in enumerate(sorted({one for one in moments if type(one) is kind})):
            ranks[one] = rank
    return tuple([ranks[one] for one in moments])


def tracked(tree: Whole, track: Track) -> Whole:
    """The tree with the moments of the track in their places."""
    made: Whole = _tracked(tree, iter(range(len(track.moments))), track)
    return made


def _tracked(node: Any, places: Iterator[int], track: Track) -> Any:
    kind: Any = type(node)
    if kind is tuple:
        return tuple([_tracked(part, places, track) for part in node])
    if kind is datetime or kind is date:
        return placed(next(places), track)
    changed = {name: _tracked(getattr(node, name), places, track) for name in compared(kind)}
    return replace(node, **changed) if changed else node


def placed(place: int, track: Track) -> Any:
    """One moment of a track, known by its order alone."""
    at = track.moments[place]
    made: Instant | Day
    if isinstance(at, datetime):
        made = Instant(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, at.tzinfo)
    else:
        made = Day(at.year, at.month, at.day)
    made.place, made.track = place, track
    return made


def place_of(at: date | None) -> int | None:
    """The place of a moment in its track; None for no moment. Raises Untold for one that is not tracked."""
    if at is None:
        return None
    return at.place if isinstance(at, Instant | Day) else _untold()


def track_of(*moments: date | None) -> Track | None:
    """The track of some moments; None where none of them has one."""
    return next((at.track for at in moments if isinstance(at, Instant | Day)), None)
