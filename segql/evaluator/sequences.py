"""Sequences: occurrences one after the other, all different events, sought by trying them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from .. import conditions as c
from .measures import edges, occurrences
from .predicates import Sight, value_of
from .shop import Profile
from .values import Cell, within


def in_sequence(sequence: c.InSequence, profile: Profile) -> bool:
    """Whether there is an occurrence for each step, in order."""
    return bool(chain(sequence, profile))


def chain(sequence: c.InSequence, profile: Profile) -> list[Sight]:
    """An occurrence for each step, in order; none where there are no such."""
    steps = sequence.steps
    every = [occurrences(step.of, profile) for step in steps]

    def goes_on(taken: list[Sight], shared: frozenset[Cell]) -> list[Sight]:
        """Those taken and what follows them, if it can; `shared` are the values of the run so far."""
        place = len(taken)
        if place == len(steps):
            return taken
        step, before = steps[place], taken[-1]
        for sight in every[place]:
            # Two equal rows are two events: an event is itself only.
            if any(sight.occurrence is other.occurrence for other in taken) or not _soon(before, sight, step.within):
                continue
            common: frozenset[Cell] = frozenset()
            if step.same is not None:
                known = shared if _goes_with(steps[place - 1], step) else _values(step.same[0], before)
                common = known & _values(step.same[1], sight)
                if not common:
                    continue
            if found := goes_on([*taken, sight], common):
                return found
        return []

    firsts = first_steps(steps[0].of, sequence.edge, sequence.window, profile)
    return next((found for first in firsts if (found := goes_on([first], frozenset()))), [])


def not_followed(condition: c.NotFollowed, profile: Profile) -> bool:
    """Whether there is an occurrence whose time for a follow-up is over, and that has none."""
    return bool(left_alone(condition, profile))


def left_alone(condition: c.NotFollowed, profile: Profile) -> list[Sight]:
    """The occurrences whose time for a follow-up is over, and that have none."""
    then = condition.then
    follow_ups = occurrences(then.of, profile)

    def followed(first: Sight) -> bool:
        return any(
            sight.occurrence is not first.occurrence and _soon(first, sight, then.within) and _share(then, first, sight)
            for sight in follow_ups
        )

    def over(first: Sight) -> bool:
        assert first.time is not None
        return then.within is None or first.time + then.within < condition.now

    firsts = first_steps(condition.first, condition.edge, condition.window, profile)
    return [first for first in firsts if over(first) and not followed(first)]


def first_steps(of: c.Occurrences, edge: str | None, window: c.Interval | None, profile: Profile) -> Sequence[Sight]:
    """What a sequence may begin with."""
    if edge is None:
        return occurrences(of, profile)
    found = edges("first" if edge == "first" else "last", of, profile)
    return [one for one in found if one.time is not None and (window is None or within(one.time, window))]


def _soon(before: Sight, after: Sight, most: timedelta | None) -> bool:
    """At the same instant or later, and not too late."""
    assert before.time is not None
    assert after.time is not None
    return before.time <= after.time and (most is None or after.time - before.time <= most)


def _goes_with(before: c.Step, step: c.Step) -> bool:
    """Whether the step before shares the value of that property already: then one value is shared throughout."""
    return before.same is not None and step.same is not None and before.same[1] == step.same[0]


def _share(step: c.Step, before: Sight, after: Sight) -> bool:
    return step.same is None or bool(_values(step.same[0], before) & _values(step.same[1], after))


def _values(field: c.Field, sight: Sight) -> frozenset[Cell]:
    """The values of the event, or of its items; missing ones are none."""
    sights = [replace(sight, item=item) for item in sight.items] if field.scope == "item" else [sight]
    return frozenset(value for one in sights if (value := value_of(field, one)) is not None)
