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
from .records import Profile
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
        case c.Aggregate():
            return _aggregate(of, profile, exact)
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
        case c.Terms(plus=plus, minus=minus):
            added, taken = ([cut(one, profile) for one in some] for some in (plus, minus))
            if None in (*added, *taken):
                return None
            return sum(filter(None, added), Fraction(0)) - sum(filter(None, taken), Fraction(0))
        case _:
            assert_never(of)


def cut(of: c.Measure, profile: Profile) -> Fraction | None:
    """The profile's number as a whole number of millionths where it would be a fraction."""
    found = measure(of, profile, exact=False)
    assert found is None or isinstance(found, Fraction), "only numbers are added and stand beside those of others"
    return _floored(found) if found is not None and isinstance(of, c.Ratio) else found


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
    return _there(field, rows(field, of, profile))


def _there(field: c.Field, sights: Sequence[Sight]) -> list[Cell]:
    return [value for sight in sights if (value := value_of(field, sight)) is not None]


def _aggregate(of: c.Aggregate, profile: Profile, exact: bool) -> Cell | None:
    match of.kind:
        case "first" | "last" as which:
            return max(_there(of.field, edges(which, of.of, profile)), default=None)
        case kind:
            values_ = values(of.field, of.of, profile)
    match kind:
        case "distinct":
            return Fraction(len(set(values_)))
        case "sum":
            return sum(_numbers(values_), Fraction(0))
        case "average":
            return _average(_numbers(values_), exact)
        case "min":
            return min(values_, default=None)
        case "max":
            return max(values_, default=None)
        case "median":
            # The smallest v with 2 * count(<= v) >= n: of an even number the lower middle.
            return sorted(_numbers(values_))[(len(values_) - 1) // 2] if values_ else None
        case _:
            assert_never(kind)


def _average(values: Sequence[Fraction], exact: bool) -> Fraction | None:
    if not values:
        return None
    average = sum(values, Fraction(0)) / len(values)
    return average if exact else _floored(average)


def _floored(number: Fraction) -> Fraction:
    return Fraction(math.floor(number * MILLION), MILLION)


def _numbers(values: Sequence[Cell]) -> list[Fraction]:
    return [value for value in values if isinstance(value, Fraction)]
