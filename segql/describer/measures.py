"""Occurrences and measures in words: `their average total of placed order, ever, is above $100`."""

from __future__ import annotations

from typing import Literal, assert_never

from .. import conditions as c
from .predicates import inline, name_of, operator, times
from .values import WallClock, instant, value_of, window

_KINDS = {
    "sum": "sum of",
    "average": "average",
    "min": "smallest",
    "max": "largest",
    "median": "median",
    "distinct": "number of different",
}
_ON_DATES = {"min": "earliest", "max": "latest"}


def events(of: c.Occurrences, word: Literal["and", "or"]) -> str:
    """The events as the catalog spells them: `opened email or clicked email`."""
    names = tuple(dict.fromkeys(of.events))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def narrowed(of: c.Occurrences, clock: WallClock) -> str:
    """Which of the events: `, ever, where gift is true`."""
    when = window(of.window, clock)
    where = "" if of.where == c.All(()) else f" where {inline(of.where, clock)}"
    return (", ever" if when == "ever" else f" {when}" if when else "") + (f",{where}" if when and where else where)


def often(least: int, most: int | None, holds: bool) -> str:
    """How many times: `at least once`; not so many."""
    if most is None:
        return f"at least {_times(least)}"
    if least == 0:
        return f"at most {_times(most)} (or never)"
    exact = f"exactly {_times(least)}" if least == most else f"between {least:,} and {_times(most)}"
    return exact if holds else f"not {exact} (perhaps never)"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def measure(of: c.Measure, clock: WallClock) -> str:
    """The measure as the subject of a sentence."""
    match of:
        case c.Field():
            return name_of(of)
        case c.Count(occurring):
            return f"their number of {events(occurring, 'and')}{aside(occurring, clock)}"
        case c.Aggregate("first" | "last" as which, field, occurring):
            return f"the {field.name} of their {which} {events(occurring, 'or')}{aside(occurring, clock)}"
        case c.Aggregate(kind, field, occurring):
            word = _ON_DATES.get(kind, _KINDS[kind]) if field.type in (c.Type.DATE, c.Type.TIME) else _KINDS[kind]
            items = " of the items" if field.scope == "item" else ""
            return f"their {word} {field.name}{items} of {events(occurring, 'and')}{aside(occurring, clock)}"
        case c.DaysSince(which, occurring):
            plain = c.Occurrences(occurring.events, c.Interval(None, None), occurring.where)
            end = occurring.window.end
            asof = "" if end is None or end == clock.now else f" (counted at {instant(end, clock)})"
            return f"the number of days since their {which} {events(occurring, 'or')}{asof}{aside(plain, clock)}"
        case c.DaysBetween(occurring):
            return f"the average number of days between their {events(occurring, 'and')}{aside(occurring, clock)}"
        case c.Ratio(top, bottom):
            return f"({measure(top, clock).rstrip(',')}) divided by ({measure(bottom, clock).rstrip(',')})"
        case c.Terms(plus, minus):
            signed = [(" plus ", one) for one in plus] + [(" minus ", one) for one in minus]
            said = "".join(f"{sign}({measure(one, clock).rstrip(',')})" for sign, one in signed)
            return said.removeprefix(" plus ").removeprefix(" ")
        case _:
            assert_never(of)


def aside(of: c.Occurrences, clock: WallClock) -> str:
    """Window and `where` between commas."""
    said = narrowed(of, clock).removeprefix(",").strip()
    return f", {said}," if said else ""


def kind_of(of: c.Measure) -> Literal["money", "date", "time", "number"]:
    """What the measure's values are."""
    match of:
        case c.Field(_, _, kind) | c.Aggregate(
            "sum" | "average" | "min" | "max" | "median" | "first" | "last", c.Field(_, _, kind)
        ):
            match kind:
                case c.Type.MONEY:
                    return "money"
                case c.Type.DATE:
                    return "date"
                case c.Type.TIME:
                    return "time"
            return "number"
        case c.Terms():
            return kind_of(of.parts[0])
        case c.Ratio(top, bottom):
            return "money" if kind_of(top) == "money" and kind_of(bottom) != "money" else "number"
        case _:
            return "number"


def missing_of(*measures: c.Measure) -> str:
    """A note on what the negation of a comparison also holds for."""
    for of in measures:
        match of:
            case c.Count() | c.Aggregate("sum" | "distinct"):
                continue
            case c.Terms() if not missing_of(*of.parts):
                continue
            case _:
                return " (or missing)" if len(measures) == 1 else " (or one of the two missing)"
    return ""


def measure_comparison(leaf: c.MeasureComparison, clock: WallClock, holds: bool) -> str:
    """A comparison of two measures or with a value, or its opposite, which a missing measure fulfils."""
    kind = kind_of(leaf.left)
    types = {"date": c.Type.DATE, "time": c.Type.TIME}
    verb = f"is {'' if holds else 'not '}{operator(leaf.op, types.get(kind))}{times(leaf.factor)}"
    if isinstance(leaf.right, c.Value):
        right, measures = value_of(leaf.right, clock, is_money=kind == "money"), (leaf.left,)
    else:
        assert not isinstance(leaf.right, c.Population), "populations.py says these"
        right, measures = measure(leaf.right, clock).rstrip(","), (leaf.left, leaf.right)  # type: ignore[assignment]
    return f"{measure(leaf.left, clock)} {verb}{right}{'' if holds else missing_of(*measures)}"
