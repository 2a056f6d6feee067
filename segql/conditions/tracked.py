"""Moments that follow from one `now`, and what was asked of them: of the same answers comes the same again.

A rule that is bound at `Track(now).now` has moments that the track can make of any other `now` (`follow`). What is
asked about them, such as which of two is earlier, is noted with its answer (`ask`). At a `now` where all answers are
the same, binding, planning and writing go the way that they went. Whatever asks for more gets `Untold`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any, NoReturn, TypeVar, cast

from .rows import Days, Interval
from .walk import compared

Whole = TypeVar("Whole")
Made = TypeVar("Made")
_Asked = tuple[Callable[..., Any], tuple[int, ...], tuple[Any, ...]]
"""A pure function, the places of the values that it is given first, and what else it is given."""


class Untold(Exception):
    """More was asked of a moment than its track can tell."""


class Track:
    """Values by their places, and how each is made of others, in the order in which it was."""

    def __init__(self, now: datetime) -> None:
        self.values: list[Any] = [now]
        self.failed = False
        self._steps: list[tuple[int, bool, _Asked]] = []
        """The place of a value, whether it has to be the same at another `now`, and what makes it."""
        self._places: dict[object, int] = {}

    @property
    def now(self) -> datetime:
        """The `now` of the track."""
        found: datetime = self.placed(0)
        return found

    def place(self, value: object) -> int:
        """Where a value is: one that follows from `now`, or one that is always the same."""
        if isinstance(value, Placed):
            return value.place if value.track is self else _untold()
        return self._placed((type(value), value), value)

    def step(self, make: Callable[..., Any], of: tuple[int, ...], *rest: object) -> int:
        """The place of what a pure function makes of values. Raises what it raises; the track is of no use then."""
        return self._step(False, make, of, rest)

    def ask(self, ask: Callable[..., Made], of: tuple[int, ...], *rest: object) -> Made:
        """What a pure function says of values, which has to be the same at another `now`."""
        found: Made = self.values[self._step(True, ask, of, rest)]
        return found

    def at(self, now: datetime) -> list[Any] | None:
        """The values at another `now`; None where something that was asked has another answer."""
        values = self.values.copy()
        values[0] = now
        try:
            for place, same, (make, of, rest) in self._steps:
                value = make(*[values[one] for one in of], *rest)
                if not same:
                    values[place] = value
                elif value != values[place]:
                    return None
        except (OverflowError, ValueError):
            return None
        return values

    def placed(self, place: int) -> Any:
        """The value at a place, as one that tells no more than the track can."""
        at = self.values[place]
        made: Any
        if isinstance(at, datetime):
            made = Instant(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, at.tzinfo)
        elif isinstance(at, date):
            made = Day(at.year, at.month, at.day)
        else:
            made = Length(at.days, at.seconds, at.microseconds)
        made.place, made.track = place, self
        return made

    def _step(self, same: bool, make: Callable[..., Any], of: tuple[int, ...], rest: tuple[object, ...]) -> int:
        asked = make, of, rest
        if (place := self._places.get((same, asked))) is None:
            try:
                value = make(*[self.values[one] for one in of], *rest)
            except (OverflowError, ValueError):  # somebody may take another way for that
                self.failed = True
                raise
            place = self._placed((same, asked), value)
            self._steps.append((place, same, asked))
        return place

    def _placed(self, key: object, value: object) -> int:
        if (place := self._places.get(key)) is None:
            place = self._places[key] = len(self.values)
            self.values.append(value)
        return place


def follow(make: Callable[..., Made], of: object, *rest: object) -> Made:
    """`make(of, *rest)`, a moment made of a moment; of one with a track the track can make it again."""
    if not isinstance(of, Placed):
        return make(of, *rest)
    return cast("Made", of.track.placed(of.track.step(make, (of.place,), *rest)))


def told(ask: Callable[..., Made], of: tuple[object, ...], *rest: object) -> Made:
    """`ask(*of, *rest)`, which is about moments; of those of a track it has to be the same at another `now`."""
    track = track_of(*of)
    return ask(*of, *rest) if track is None else track.ask(ask, tuple(map(track.place, of)), *rest)


def tracked(tree: Whole, track: Track) -> Whole:
    """The tree with the windows' written moments in the track too, so that they compare like the others."""
    made: Whole = _tracked(tree, track)
    return made


def _tracked(node: Any, track: Track) -> Any:
    if type(node) is tuple:
        return tuple([_tracked(part, track) for part in node])
    if isinstance(node, Interval | Days):
        ends: list[Any] = [at if at is None or isinstance(at, Placed) else track.placed(track.place(at))
                for at in (node.start, node.end)]  # fmt: skip
        return type(node)(*ends)
    kind: type = type(node)
    changed = {}
    for name in compared(kind):
        before = getattr(node, name)
        if (after := _tracked(before, track)) is not before:
            changed[name] = after
    return replace(node, **changed) if changed else node


def track_of(*moments: object) -> Track | None:
    """The track of some moments; None where none of them has one."""
    return next((at.track for at in moments if isinstance(at, Placed)), None)


# --- values that tell no more than their track can -------------------------------------------------------------------


class Placed:
    """A value at a place of a track."""

    place: int
    track: Track


class Instant(Placed, datetime):
    """An instant of a track."""


class Day(Placed, date):
    """A day of a track."""


class Length(Placed, timedelta):
    """How much later one is than another."""


def _untold(*_: object) -> NoReturn:
    raise Untold


def _compares(ask: Callable[[Any, Any], bool]) -> Any:
    def judged(self: Placed, other: object) -> Any:
        if not isinstance(other, date | timedelta):
            return NotImplemented
        track, mine = self.track, self.place
        place = track.place(other)
        one, another = track.values[mine], track.values[place]
        if place == mine or type(one) is not type(another):
            return ask(one, another)  # at every `now`
        if place > mine:
            return ask(track.ask(_order, (mine, place)), 0)
        return ask(0, track.ask(_order, (place, mine)))

    return judged


def _order(one: Any, other: Any) -> int:
    """How two are ordered: all that can be asked of a pair follows from it, whichever stands first."""
    return 0 if one == other else -1 if one < other else 1


def _makes(make: Callable[[Any, Any], Any], *, turned: bool = False) -> Any:
    def made(self: Placed, other: object) -> Any:
        track = self.track
        ends = self.place, track.place(other)
        return track.placed(track.step(make, ends[::-1] if turned else ends))

    return made


_TELLS = {
    **{f"__{ask.__name__}__": _compares(ask) for ask in (eq, ne, lt, le, gt, ge)},
    "__add__": _makes(add), "__radd__": _makes(add, turned=True),
    "__sub__": _makes(sub), "__rsub__": _makes(sub, turned=True), "__mul__": _makes(mul),
    # All alike: so what may be equal at another `now` is compared in a dictionary too.
    "__hash__": lambda _: 1,
}  # fmt: skip
_KEPT = {"__class__", "__new__", "__init__", "__reduce__", "__reduce_ex__", "__getattribute__", "__setattr__",
         "__delattr__", "__init_subclass__", "__subclasshook__", "__doc__", "__dir__", "__sizeof__", "__getstate__",
         "__repr__", "min", "max", "resolution"}  # fmt: skip


def _withhold(kind: type, own: type) -> None:
    """Leaves nothing of what its values can do but what a track can tell."""
    for name in {name for base in own.__mro__ for name in vars(base)} - _KEPT:
        told = _TELLS.get(name) or (_untold if callable(getattr(own, name)) else property(_untold))
        setattr(kind, name, told)


for _kind, _own in ((Instant, datetime), (Day, date), (Length, timedelta)):
    _withhold(_kind, _own)
