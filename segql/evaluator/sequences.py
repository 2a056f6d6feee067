"""Sequences: occurrences one after the other, all different events, sought by trying them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .. import conditions as c
from .habits import different
from .measures import edges, occurrences
from .predicates import Sight
from .records import Profile
from .values import Cell, within


def in_sequence(sequence: c.InSequence, profile: Profile) -> bool:
    """Whether there is an occurrence for each step that happens, in order, and none for those that do not."""
    return any(chains(sequence, profile))


def chains(sequence: c.InSequence, profile: Profile) -> Iterator[list[Sight]]:
    """For each occurrence that it can begin with, one for each step that happens, in order."""
    chain = _Chain(sequence, profile)
    for first in first_steps(sequence, profile):
        if found := chain.after(first):
            yield found


def first_steps(sequence: c.InSequence, profile: Profile) -> Sequence[Sight]:
    """What a sequence may begin with."""
    of, edge, window = sequence.steps[0].of, sequence.edge, sequence.window
    if edge is None:
        return occurrences(of, profile)
    found = edges(edge, of, profile)
    return [one for one in found if one.time is not None and (window is None or within(one.time, window))]


class _Chain:
    """What is taken so far, by the place of its step."""

    def __init__(self, sequence: c.InSequence, profile: Profile) -> None:
        self._sequence, self._steps = sequence, sequence.steps
        self._every = [occurrences(step.of, profile) for step in sequence.steps]
        self._taken: dict[int, Sight] = {}
        self._shared: dict[int, frozenset[tuple[Cell, ...]]] = {}
        """The values that the run of steps up to each has in common."""

    def after(self, first: Sight) -> list[Sight]:
        """The first and what follows it; none where the sequence does not begin with it."""
        self._taken, self._shared = {0: first}, {0: frozenset()}
        return list(self._taken.values()) if self._goes_on(1) else []

    def _goes_on(self, place: int) -> bool:
        while place < len(self._steps) and self._steps[place].absent:
            place += 1
        if place == len(self._steps):
            return not any(self._comes(one) for one, step in enumerate(self._steps) if step.absent)
        step, before = self._steps[place], self._taken[self._before(place)]
        for sight in self._every[place]:
            # Two equal rows are two events: an event is itself only.
            if self._is_taken(sight) or not _soon(before, sight, step) or not self._all_soon(sight):
                continue
            shared = self._in_common(place, sight)
            if step.same and not shared:
                continue
            self._taken[place], self._shared[place] = sight, shared
            if not any(map(self._surely_comes, range(self._before(place) + 1, place))) and self._goes_on(place + 1):
                return True
            del self._taken[place], self._shared[place]
        return False

    def _surely_comes(self, place: int) -> bool:
        """Whether what must not come does, and no step that is still sought can be that very event."""
        own = set(self._steps[place].of.events)
        later = (step.of.events for step in self._steps[max(self._taken) + 1 :] if not step.absent)
        return all(own.isdisjoint(events) for events in later) and self._comes(place)

    def _comes(self, place: int) -> bool:
        """Whether what must not come does, or still may."""
        step, before = self._steps[place], self._taken[self._before(place)]
        until = next((self._taken[one] for one in self._taken if one > place), None)
        if until is None and step.within is not None:
            assert before.time is not None
            assert step.of.window.end is not None
            if before.time + step.within >= step.of.window.end:
                return True
        return any(
            not self._is_taken(sight)
            and _soon(before, sight, step)
            and (until is None or _soon(sight, until))
            and (not step.same or self._in_common(place, sight))
            for sight in self._every[place]
        )

    def _before(self, place: int) -> int:
        """The place of the step before that happens."""
        return next(one for one in range(place - 1, -1, -1) if not self._steps[one].absent)

    def _is_taken(self, sight: Sight) -> bool:
        return any(sight.occurrence is one.occurrence for one in self._taken.values())

    def _all_soon(self, sight: Sight) -> bool:
        return _soon(self._taken[0], sight, c.Step(self._steps[0].of, self._sequence.within))

    def _in_common(self, place: int, sight: Sight) -> frozenset[tuple[Cell, ...]]:
        """The values that the step shares with the run before it."""
        step, before = self._steps[place], self._before(place)
        if not step.same:
            return frozenset()
        goes_with = self._steps[before].shared == step.shared_before
        known = self._shared[before] if goes_with else different(step.shared_before, self._taken[before])
        return known & different(step.shared, sight)


def _soon(before: Sight, after: Sight, step: c.Step | None = None) -> bool:
    """At the same instant or later, not too soon and not too late."""
    assert before.time is not None
    assert after.time is not None
    if before.time > after.time:
        return False
    gap = after.time - before.time
    if step is None:
        return True
    return (step.within is None or gap <= step.within) and (step.later is None or gap >= step.later)
