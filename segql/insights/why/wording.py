"""Values, lengths of time and rows of the data in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ... import conditions as c
from ...catalog.model import Property
from ...describer.measures import kind_of
from ...describer.values import WallClock, instant, money, number, value_of
from ...evaluator import Row
from ...evaluator.predicates import Sight
from ...evaluator.predicates import value_of as read
from ...evaluator.values import Cell
from .model import Fact

_LENGTHS = (
    (timedelta(days=730), timedelta(days=365), "years"),
    (timedelta(days=60), timedelta(days=30), "months"),
    (timedelta(days=3), timedelta(days=1), "days"),
    (timedelta(hours=2), timedelta(hours=1), "hours"),
    (timedelta(minutes=2), timedelta(minutes=1), "minutes"),
)
"""From so long on, in units of so much."""


def length(of: timedelta) -> str:
    """About how long: `31 hours`."""
    for least, unit, name in _LENGTHS:
        if of >= least:
            return f"{of // unit:,} {name}"
    return "less than 2 minutes"


def ago(time: datetime, clock: WallClock) -> str:
    """`3 days ago`, or `3 days from now`."""
    return f"{length(clock.now - time)} ago" if time < clock.now else f"{length(time - clock.now)} from now"


def times(count: int) -> str:
    """`never`, `once`, `twice`, `3 times`."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def cell(value: Cell | None, type_: c.Type | Literal["money", "date", "time", "number"], clock: WallClock) -> str:
    """A value as a person writes it."""
    match value:
        case None:
            return "missing"
        case Fraction():
            near = round(value, 2 if type_ in (c.Type.MONEY, "money") else 4)
            said = amount(Decimal(near.numerator) / Decimal(near.denominator), type_, clock)
            return said if near == value else f"about {said}"
        case tuple():
            return ", ".join(cell(one, c.Type.TEXT, clock) for one in value) or "an empty list"
        case datetime():
            return f"{instant(value, clock)} ({ago(value, clock)})"
        case date() if type_ is c.Type.MONTH_DAY:
            return f"{value.day} {value:%b}"
        case str() | bool() | date():
            return value_of(value, clock)


def amount(value: Decimal, type_: object, clock: WallClock) -> str:
    """A number, or an amount of the catalog's currency where the type is money."""
    return money(value, clock.currency) if type_ in (c.Type.MONEY, "money") else number(value)


def measured(of: c.Measure, value: Cell | None, clock: WallClock) -> str:
    """The value of a measure."""
    if not isinstance(of, c.DaysSince | c.DaysBetween) or not isinstance(value, Fraction):
        return cell(value, kind_of(of), clock)
    return f"{tenths(value)} day{'' if value == 1 else 's'}"


def tenths(value: Fraction) -> str:
    """A number that no one needs more exactly: `about 13.3`."""
    near = round(value, 1)
    return f"{'' if near == value else 'about '}{number(Decimal(near.numerator) / Decimal(near.denominator))}"


def facts(sights: Sequence[Sight], fields: Sequence[c.Field], clock: WallClock) -> tuple[Fact, ...]:
    """The rows of some occurrences, each once, with those of these fields that they have."""
    found: dict[int, list[Sight]] = {}
    for sight in sights:
        if sight.occurrence is not None:
            found.setdefault(id(sight.occurrence), []).append(sight)
    return tuple(_fact(seen, fields, clock) for seen in found.values())


def _fact(seen: Sequence[Sight], fields: Sequence[c.Field], clock: WallClock) -> Fact:
    """One event, seen as a whole or as some of its items."""
    first = seen[0]
    assert first.occurrence is not None
    event = first.profile.records.catalog.events[first.occurrence.event]
    row = first.occurrence.row
    own = [field for field in fields if field.scope == "event" and field.name in event.properties]
    of_items = event.items.properties if event.items else {}
    inside = [field for field in fields if field.scope == "item" and field.name in of_items]
    items = [one.item for one in seen if one.item is not None] or list(first.items)
    shown = items[:3] if inside else []
    cells = _said(own, event.properties, replace(first, item=None), clock)
    if shown:
        each = [_said(inside, of_items, replace(first, item=item), clock) for item in shown]
        more = [f"{len(items) - len(shown):,} more"] if len(items) > len(shown) else []
        cells["items"] = "; ".join([*(" ".join(f"{n} {said}" for n, said in one.items()) for one in each), *more])
    properties, of_each = _values(own, row), tuple(_values(inside, item) for item in shown)
    return fact(first.occurrence.event, first.time, cells, clock, properties=properties, items=of_each)


def fact(
    what: str,
    time: datetime | None,
    cells: Mapping[str, str],
    clock: WallClock,
    *,
    properties: Mapping[str, object],
    items: tuple[Mapping[str, object], ...] = (),
) -> Fact:
    """A fact in words: what happened, when, and how long ago; without a time where it has none."""
    when, since = ("", "") if time is None else (instant(time, clock), ago(time, clock))
    return Fact(what, time, properties, items, when, since, cells)


def _said(fields: Sequence[c.Field], declared: dict[str, Property], sight: Sight, clock: WallClock) -> dict[str, str]:
    """`$12` for `total`, and so each property once."""
    whole = dict.fromkeys(replace(field, part=None, type=c.Type(declared[field.name].type)) for field in fields)
    return {field.name: cell(read(field, sight), field.type, clock) for field in whole}


def _values(fields: Sequence[c.Field], row: Row) -> dict[str, object]:
    return {field.name: row.get(field.name) for field in fields}
