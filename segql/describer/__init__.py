"""Owns plain English: a bound rule, before optimisation, as a list that a marketer understands and an analyst trusts.

Plain text, one line a condition. Names stand as the catalog spells them. Windows are said with their instants, and
where a missing value fits, it is said.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from ..calendar import zone_of
from ..catalog.model import Catalog
from ..conditions import (
    All,
    AnyOf,
    Condition,
    Consent,
    EdgeOccurrence,
    FieldComparison,
    FieldEmpty,
    FieldIn,
    FieldIncludes,
    FieldLike,
    FieldSet,
    FieldWithin,
    InList,
    InSegment,
    Interval,
    MeasureComparison,
    Not,
    Occurrences,
    Occurs,
    Tree,
)
from .measures import events, kind_of, measure, measure_comparison, missing_of, narrowed
from .predicates import before_now, between, field_condition, inline
from .values import Clock, instant, value_of, window

__all__ = ["describe", "describe_condition"]


def describe(rule: Tree[Condition], catalog: Catalog, now: datetime) -> str:
    """The rule bound at `now` (aware), in words: a line on the clock, then nested lists of conditions."""
    clock = Clock(zone_of(catalog.timezone), now, catalog.currency)
    head = f"Times are {catalog.timezone}; now is {instant(now, clock)}."
    first, *rest = _lines(rule, clock, True)
    if first.endswith(" of:"):
        return "\n".join([head, first[0].upper() + first[1:], *(line[2:] for line in rest)])
    return "\n".join([head, f"- {first}", *rest])


def describe_condition(condition: Condition, catalog: Catalog, now: datetime) -> str:
    """One condition in words; several lines only where it is a segment."""
    return "\n".join(_leaf(condition, Clock(zone_of(catalog.timezone), now, catalog.currency), True))


def _lines(node: Tree[Condition], clock: Clock, holds: bool) -> list[str]:
    """The node, or its negation, in words: a first line, and below it its parts as indented bullets."""
    match node:
        case All(()):
            return ["everyone" if holds else "no one"]
        case AnyOf(()):
            return ["no one" if holds else "everyone"]
        case All() if (ends := _between(node, clock, holds)) is not None:
            return [ends]
        case All(parts):
            return ["all of:" if holds else "not all of:", *_bullets(parts, clock)]
        case AnyOf(parts):
            return ["any of:" if holds else "none of:", *_bullets(parts, clock)]
        case Not(part):
            return _lines(part, clock, not holds)
        case _:
            return _leaf(node, clock, holds)


def _bullets(parts: tuple[Tree[Condition], ...], clock: Clock) -> list[str]:
    lines = []
    for part in parts:
        first, *rest = _lines(part, clock, True)
        lines += [f"  - {first}", *(f"  {line}" for line in rest)]
    return lines


def _between(node: Tree[Condition], clock: Clock, holds: bool) -> str | None:
    match between(node):
        case MeasureComparison(left), low, high:
            ends = " and ".join(value_of(end, clock, is_money=kind_of(left) == "money") for end in (low, high))
            missing = "" if holds else missing_of(left)
            return f"{measure(left, clock)} is {'' if holds else 'not '}between {ends}{missing}"
        case FieldComparison(), _, _:
            return inline(node if holds else Not(node), clock)  # type: ignore[arg-type]
        case _:
            return None


def _leaf(leaf: Condition, clock: Clock, holds: bool) -> list[str]:
    match leaf:
        case FieldComparison() | FieldIn() | FieldLike() | FieldIncludes() | FieldSet() | FieldEmpty() | FieldWithin():
            return [field_condition(leaf, clock, holds)]
        case Occurs():
            return [_occurs(leaf, clock, holds)]
        case MeasureComparison():
            return [measure_comparison(leaf, clock, holds)]
        case EdgeOccurrence():
            return [_edge(leaf, clock, holds)]
        case Consent():
            return [_consent(leaf, clock, holds)]
        case InList(name, joined, dated):
            if not dated:
                return [f"they are {'' if holds else 'not '}in list {name}"]
            unknown = "" if holds else " (or it is not known when)"
            when = window(joined, clock)
            return [f"they {'joined' if holds else 'did not join'} list {name} {when}{unknown}"]
        case InSegment(label, rule):
            first, *rest = _lines(rule, clock, True)
            within = [f"  - {first}", *(f"  {line}" for line in rest)]
            return [f"they are {'' if holds else 'not '}in segment {label}, which is:", *within]
        case _:
            assert_never(leaf)


def _occurs(leaf: Occurs, clock: Clock, holds: bool) -> str:
    of, least, most = leaf.of, leaf.at_least, leaf.at_most
    if not holds and most is None:  # not at least 3 times: at most 2 times
        least, most, holds = 0, least - 1, True
    elif not holds and least == 0 and most is not None:
        least, most, holds = most + 1, None, True
    if most == 0:
        return f"they never {events(of, 'or')}{narrowed(of, clock)}"
    together = " in all" if len(of.events) > 1 and (least, most) != (1, None) else ""
    return f"they {events(of, 'or')} {_quantity(least, most, holds)}{together}{narrowed(of, clock)}"


def _quantity(least: int, most: int | None, holds: bool) -> str:
    if most is None:
        return f"at least {_times(least)}"
    if least == 0:
        return f"at most {_times(most)} (or never)"
    exact = f"exactly {_times(least)}" if least == most else f"between {least:,} and {_times(most)}"
    return exact if holds else f"not {exact} (perhaps never)"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _edge(leaf: EdgeOccurrence, clock: Clock, holds: bool) -> str:
    of = Occurrences(leaf.of.events, Interval(None, None), leaf.of.where)  # its window is all time before now
    which = f"{leaf.which} {events(of, 'or')}{narrowed(of, clock)}"
    everywhen = leaf.window.start is None and leaf.window.end in (None, leaf.of.window.end)
    when = "" if everywhen else window(leaf.window, clock)
    test = "" if leaf.has == All(()) else f"fits ({inline(leaf.has, clock)})"
    if not when and not test:
        return f"they have a {which}" if holds else f"they have no {which}"
    if when and test:
        said = f"was {when} and {test}" if holds else f"was not both {when} and such that it {test}"
    elif when:
        said = f"was {'' if holds else 'not '}{when}"
    else:
        said = test if holds else f"does not fit{test.removeprefix('fits')}"
    return f"their {which} {said}{'' if holds else ' (or they have none)'}"


def _consent(leaf: Consent, clock: Clock, holds: bool) -> str:
    reason = "" if leaf.reason is None else f" because {value_of(leaf.reason, clock)}"
    when = "" if leaf.window is None else before_now(leaf.window, clock)
    decided = f", {'given' if leaf.given else 'withdrawn'} {when}" if when else ""
    can = "can" if leaf.given else "cannot"
    if not (reason or decided):
        if leaf.given:
            return f"they {'can' if holds else 'cannot'} receive {leaf.channel}"
        return f"they have {'' if holds else 'not '}withdrawn consent to {leaf.channel}"
    denied = "" if holds else "it is not so that "
    return f"{denied}they {can} receive {leaf.channel}{reason}{decided}"
