"""Conditions on one row: a profile, an event with its items, or one item."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Literal, assert_never

from .. import conditions as c
from .. import regex
from ..ast import All, AnyOf, Not, Tree
from ..calendar import local, whole_days
from ..catalog.model import Property
from ..folding import fold
from ..plain import dataclass
from .dates import anniversary, days_from, local_day, part_of, time_from
from .records import Occurrence, Profile
from .shop import Row
from .values import Cell, compare, literal, read, within


@dataclass(frozen=True, slots=True)
class Sight:
    """What a predicate sees: the profile; in `where` and `has` one occurrence; in item predicates one of its items.

    `stream` holds the instants, in order, of all the profile's events of the kinds at hand, ever.
    """

    profile: Profile
    occurrence: Occurrence | None = None
    stream: Sequence[datetime] = ()
    item: Row | None = None

    @property
    def time(self) -> datetime | None:
        """When the occurrence was; None without one, and of an event without a time."""
        return self.occurrence.time if self.occurrence else None

    @property
    def items(self) -> Sequence[Row]:
        """The occurrence's items; none without one."""
        return self.occurrence.items if self.occurrence else ()


def fits(predicate: Tree[c.Predicate], sight: Sight) -> bool:
    """Whether what is seen fits a tree of predicates."""
    match predicate:
        case All(parts):
            return all(fits(part, sight) for part in parts)
        case AnyOf(parts):
            return any(fits(part, sight) for part in parts)
        case Not(part):
            return not fits(part, sight)
        case c.AnyItem(where=where):
            return any(fits(where, replace(sight, item=item)) for item in sight.items)
        case c.ItemCount(where=where, at_least=at_least, at_most=at_most):
            count = sum(fits(where, replace(sight, item=item)) for item in sight.items)
            return at_least <= count and (at_most is None or count <= at_most)
        case c.OfEvent(events=events):
            return sight.occurrence is not None and sight.occurrence.event in events
        case c.CloseTo(field=field, before=before, after=after):
            near = value_of(field, sight)
            away = (
                None if near is None or sight.time is None else time_from(near, sight.time, sight.profile.records.zone)
            )
            return away is not None and -before <= away <= after
        case condition:
            return _fits(condition, value_of(condition.field, sight), sight)


def value_of(field: c.Field, sight: Sight) -> Cell | None:
    """The value of a property of the profile, the event or the item at hand; None when missing."""
    catalog = sight.profile.records.catalog
    match field.scope:
        case "profile":
            return _read(field, catalog.profiles.properties, sight.profile.row, sight)
        case "event":
            occurrence = sight.occurrence
            assert occurrence is not None, f"no event here has a {field.name}"
            properties = catalog.events[occurrence.event].properties
            if field.name in properties:
                return _read(field, properties, occurrence.row, sight)
            return _built_in(field.name, occurrence.time, sight)
        case "item":
            assert sight.occurrence is not None, f"no item here has a {field.name}"
            assert sight.item is not None, f"no item here has a {field.name}"
            items = catalog.events[sight.occurrence.event].items
            return _read(field, items.properties if items else {}, sight.item, sight)
        case _:
            assert_never(field.scope)


def _fits(condition: c.FieldCondition, value: Cell | None, sight: Sight) -> bool:
    """Whether the value of the condition's field fits it."""
    match condition:
        case c.FieldSet():
            return value is not None
        case c.FieldEmpty():
            return value is None or value in ("", ())
        case c.FieldComparison(op=op, right=right):
            other = value_of(right, sight) if isinstance(right, c.Field) else literal(right)
            return value is not None and other is not None and compare(value, op, other)
        case c.FieldIn(values=values):
            return value is not None and any(compare(value, "=", literal(one)) for one in values)
        case c.FieldLike(how=how, pattern=pattern):
            return value is not None and _like(str(value), how, pattern)
        case c.FieldIncludes(how=how, values=values):
            elements = value if isinstance(value, tuple) else ()
            return (any if how == "any" else all)(literal(one) in elements for one in values)
        case c.FieldIncludesLike(how=how, like=like, pattern=pattern):
            fitting = [_like(str(one), like, pattern) for one in (value if isinstance(value, tuple) else ())]
            return any(fitting) if how == "any" else bool(fitting) and all(fitting)
        case c.FieldWithin(window=window):
            return value is not None and within(value, window)
        case c.FieldAnniversary(window=window):
            dated = condition.field.type is not c.Type.MONTH_DAY
            return value is not None and anniversary(local_day(value, sight.profile.records.zone), window, dated=dated)
        case _:
            assert_never(condition)


def _read(field: c.Field, properties: Mapping[str, Property], row: Row, sight: Sight) -> Cell | None:
    declared = properties.get(field.name)
    if declared is None:  # of a pooled event that has no such property
        return None
    what = f"The {field.scope} property {field.name}"
    zone = sight.profile.records.zone
    if field.part is None:
        return read(row.get(field.name), field.type, declared.scale, zone, what)
    whole = read(row.get(field.name), c.Type(declared.type), declared.scale, zone, what)
    match field.part, whole:
        case "number", _:
            return Fraction(len(whole) if isinstance(whole, tuple) else 0)
        case _, None:
            return None
        case "days to", start:
            assert field.to is not None
            end = value_of(field.to, sight)
            return None if end is None else Fraction(days_from(start, end, zone))
        case (("latitude" | "longitude"), (latitude, longitude)):
            return latitude if field.part == "latitude" else longitude
        case ("month" | "day" | "weekday" | "year") as part, _:
            return part_of(local_day(whole, zone), part)
        case part, _:
            raise TypeError(f"{whole!r} has no {part}")


def _built_in(name: str, time: datetime | None, sight: Sight) -> Cell | None:
    """`number`, `hour` ..: what every timed event has."""
    if time is None:
        return None
    zone = sight.profile.records.zone
    earlier = bisect_left(sight.stream, time)
    wall = local(time, zone)
    match name:
        case "number":
            return Fraction(1 + earlier)
        case "days since previous":
            return Fraction(whole_days(sight.stream[earlier - 1], time, zone)) if earlier else None
        case "hour":
            return Fraction(wall.hour)
        case "weekday":
            return part_of(wall, "weekday")
        case "day":
            return part_of(wall, "day")
        case "month":
            return part_of(wall, "month")
        case _:  # of a pooled event that has no such property
            return None


def _like(
    text: str, how: Literal["contains", "starts with", "ends with", "matches", "matches regex"], pattern: str
) -> bool:
    if how == "matches regex":
        return regex.found_in(regex.read(pattern), text)
    text, pattern = fold(text), fold(pattern)
    match how:
        case "contains":
            return pattern in text
        case "starts with":
            return text.startswith(pattern)
        case "ends with":
            return text.endswith(pattern)
        case "matches":
            return _matches(text, pattern)
        case _:
            assert_never(how)


def _matches(text: str, pattern: str) -> bool:
    """Whether the whole text fits a pattern in which `*` is any run and `?` any one code point.

    Where a piece does not fit, only the latest `*` takes one more code point: what an earlier one could take, it can.
    So the time is at most the length of the text times that of the pattern.
    """
    at = place = 0  # in the text, in the pattern
    star: tuple[int, int] | None = None  # the place of the latest *, and where its run ends in the text
    while at < len(text):
        if place < len(pattern) and pattern[place] == "*":
            star = (place, at)
            place += 1
        elif place < len(pattern) and pattern[place] in ("?", text[at]):
            at, place = at + 1, place + 1
        elif star is not None:
            star = (star[0], star[1] + 1)
            at, place = star[1], star[0] + 1
        else:
            return False
    return all(char == "*" for char in pattern[place:])
