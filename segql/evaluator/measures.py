"""Occurrences of one profile, and the measures over them: one value, or missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Literal, assert_never

from .. import conditions as c
from ..calendar import whole_days
from .predicates import Sight, fits, value_of
from .shop import Profile
from .values import Cell, within

MILLION = 10**6


def occurrences(of: c.Occurrences, profile: Profile) -> list[Sight]:
    """Each of the profile's events of these kinds that lies in the window and fits `where`."""
    return [sight for sight in _in_window(of, profile) if fits(of.where, sight)]


def edges(which: Literal["first", "last"], of: c.Occurrences, profile: Profile) -> list[Sight]:
    """The occurrences at the earliest (latest) instant: one, several that tie, or none."""
    found = occurrences(of, profile)
    instants = _instants(found)
    if not instants:
        return []
    edge = instants[0] if which == "first" else instants[-1]
    return [sight for sight in found if sight.time == edge]


def measure(of: c.Measure, profile: Profile, *, exact: bool) -> Cell | None:
    """The profile's value; None when missing.

    `exact`: an average is its fraction (against a literal), else its floor in millionths (against another measure).
    """
    zone = profile.records.zone
    match of:
        case c.Field():
            return value_of(of, Sight(profile))
        case c.Count(of=occurring):
            return Fraction(len(occurrences(occurring, profile)))
        case c.Aggregate(kind=kind, field=field, of=occurring):
            return _aggregate(kind, values(field, occurring, profile), exact)
        case c.DaysSince(which=which, of=occurring):
            instants = _instants(occurrences(occurring, profile))
            if not instants:
                return None
            edge = instants[0] if which == "first" else instants[-1]
            now = occurring.window.end
            assert now is not None, "timed events have a window that ends"
            return Fraction(whole_days(edge, now, zone))
        case c.DaysBetween(of=occurring):
            instants = sorted(set(_instants(occurrences(occurring, profile))))
            return _average([Fraction(whole_days(one, next_, zone)) for one, next_ in pairwise(instants)], exact)
        case c.Ratio(top=top, bottom=bottom):
            above, below = measure(top, profile, exact=False), measure(bottom, profile, exact=False)
            if not isinstance(above, Fraction) or not isinstance(below, Fraction) or below == 0:
                return None
            return above / below
        case _:
            assert_never(of)


def _in_window(of: c.Occurrences, profile: Profile) -> list[Sight]:
    """The events of the window before `where`; an event of a kind without time lies in every window."""
    pool = [found for event in dict.fromkeys(of.events) for found in profile.records.occurrences(event, profile.key)]
    stream = sorted(found.time for found in pool if found.time is not None)
    return [Sight(profile, found, stream) for found in pool if found.time is None or within(found.time, of.window)]


def _instants(sights: Sequence[Sight]) -> list[datetime]:
    """The times of the occurrences, in order; those of a kind without time have none."""
    return sorted(sight.time for sight in sights if sight.time is not None)


def rows(field: c.Field, of: c.Occurrences, profile: Profile) -> list[Sight]:
    """What is there to have the field: the occurrences; for a field of items their items, which `where` selects."""
    if field.scope == "item":
        items = [replace(sight, item=item) for sight in _in_window(of, profile) for item in sight.items]
        return [item for item in items if fits(of.where, item)]
    return occurrences(of, profile)


def values(field: c.Field, of: c.Occurrences, profile: Profile) -> list[Cell]:
    """The field's values that are there."""
    return [value for sight in rows(field, of, profile) if (value := value_of(field, sight)) is not None]


def _aggregate(
    kind: Literal["sum", "average", "min", "max", "median", "distinct"], values: list[Cell], exact: bool
) -> Cell | None:
    match kind:
        case "distinct":
            return Fraction(len(set(values)))
        case "sum":
            return sum(_numbers(values), Fraction(0))
        case "average":
            return _average(_numbers(values), exact)
        case "min":
            return min(values, default=None)
        case "max":
            return max(values, default=None)
        case "median":
            # The smallest v with 2 * count(<= v) >= n: of an even number the lower middle.
            return sorted(_numbers(values))[(len(values) - 1) // 2] if values else None
        case _:
            assert_never(kind)


def _average(values: Sequence[Fraction], exact: bool) -> Fraction | None:
    if not values:
        return None
    average = sum(values, Fraction(0)) / len(values)
    return average if exact else Fraction(math.floor(average * MILLION), MILLION)


def _numbers(values: Sequence[Cell]) -> list[Fraction]:
    return [value for value in values if isinstance(value, Fraction)]
