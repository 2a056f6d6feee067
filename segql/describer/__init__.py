"""Owns plain English: a bound rule, before optimisation, as a list that a marketer understands and an analyst trusts.

Plain text, one line a condition. Names stand as the catalog spells them. Windows are said with their instants, and
where a missing value fits, it is said.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import assert_never

from .. import conditions as c
from ..calendar import zone_of
from ..catalog.model import Catalog
from .habits import about_all
from .measures import events, kind_of, measure, measure_comparison, missing_of, narrowed, often
from .populations import beside, rank, sampled
from .predicates import before_now, between, field_condition, inline, name_of
from .sequences import in_sequence
from .values import WallClock, instant, number, value_of, window

__all__ = ["describe", "describe_condition"]


def describe(rule: c.Tree[c.Condition], catalog: Catalog, now: datetime, sample: c.Sample | None = None) -> str:
    """The rule bound at `now` (aware), in words: a line on the clock, then nested lists of conditions, its sample."""
    clock = WallClock(zone_of(catalog.timezone), now, catalog.currency)
    head = f"Times are {catalog.timezone}; now is {instant(now, clock)}."
    tail = [] if sample is None else [f"Of these only {sampled(sample, clock)}."]
    first, *rest = _lines(rule, clock, True)
    if first.endswith(" of:"):
        return "\n".join([head, first[0].upper() + first[1:], *(line[2:] for line in rest), *tail])
    return "\n".join([head, f"- {first}", *rest, *tail])


def describe_condition(condition: c.Condition, catalog: Catalog, now: datetime) -> str:
    """One condition in words; several lines only where it is a segment."""
    return "\n".join(_leaf(condition, WallClock(zone_of(catalog.timezone), now, catalog.currency), True))


def _lines(node: c.Tree[c.Condition], clock: WallClock, holds: bool) -> list[str]:
    """The node, or its negation, in words: a first line, and below it its parts as indented bullets."""
    match node:
        case c.All(()):
            return ["everyone" if holds else "no one"]
        case c.AnyOf(()):
            return ["no one" if holds else "everyone"]
        case c.All() if (ends := _between(node, clock, holds)) is not None:
            return [ends]
        case c.All(parts):
            return ["all of:" if holds else "not all of:", *_bullets(parts, clock)]
        case c.AnyOf(parts):
            return ["any of:" if holds else "none of:", *_bullets(parts, clock)]
        case c.Not(part):
            return _lines(part, clock, not holds)
        case _:
            return _leaf(node, clock, holds)


def _bullets(parts: tuple[c.Tree[c.Condition], ...], clock: WallClock) -> list[str]:
    lines = []
    for part in parts:
        first, *rest = _lines(part, clock, True)
        lines += [f"  - {first}", *(f"  {line}" for line in rest)]
    return lines


def _between(node: c.Tree[c.Condition], clock: WallClock, holds: bool) -> str | None:
    match between(node):
        case c.MeasureComparison(left), low, high:
            ends = " and ".join(value_of(end, clock, is_money=kind_of(left) == "money") for end in (low, high))
            missing = "" if holds else missing_of(left)
            return f"{measure(left, clock)} is {'' if holds else 'not '}between {ends}{missing}"
        case c.FieldComparison(), _, _:
            return inline(node if holds else c.Not(node), clock)  # type: ignore[arg-type]
        case _:
            return None


def _leaf(leaf: c.Condition, clock: WallClock, holds: bool) -> list[str]:
    match leaf:
        case _ if isinstance(leaf, c.FieldCondition):
            return [field_condition(leaf, clock, holds)]
        case c.Occurs():
            return [_occurs(leaf, clock, holds)]
        case c.MeasureComparison(right=c.Population() as population):
            return _with_members(beside(leaf, population, clock, holds), population.among, clock)
        case c.MeasureComparison():
            return [measure_comparison(leaf, clock, holds)]
        case c.EdgeOccurrence():
            return [_edge(leaf, clock, holds)]
        case c.Share() | c.Regular() | c.OnDifferent() | c.Repeats() | c.MostCommon() | c.InCommon():
            return [about_all(leaf, clock, holds)]
        case c.Nearest():
            return [_nearest(leaf, clock, holds)]
        case c.Near():
            return [_near(leaf, holds)]
        case c.Random():
            return [_random(leaf, holds)]
        case c.InSequence():
            return [in_sequence(leaf, clock, holds)]
        case c.Consent():
            return [_consent(leaf, clock, holds)]
        case c.InList(name, joined, dated):
            if not dated:
                return [f"they are {'' if holds else 'not '}in list {name}"]
            unknown = "" if holds else " (or it is not known when)"
            when = window(joined, clock)
            return [f"they {'joined' if holds else 'did not join'} list {name} {when}{unknown}"]
        case c.InSegment(label, rule, sample=sample, at=at):
            be, when = ("are", "") if at is None else ("were", f" as of {instant(at, clock)}")
            if at is not None and label.endswith(" ago"):
                when = f" ({instant(at, clock)})"
            part = "" if sample is None else f"{sampled(sample, clock)} of "
            which = f"which {'is' if at is None else 'was'} {part}".rstrip()
            return [f"they {be} {'' if holds else 'not '}in segment {label}{when}, {which}:", *_bullets((rule,), clock)]
        case c.Rank(among=among):
            return _with_members(rank(leaf, clock, holds), among, clock)
        case _:
            assert_never(leaf)


def _with_members(said: str, among: c.InSegment | None, clock: WallClock) -> list[str]:
    """What is said of a segment's members, and who they are."""
    if among is None:
        return [said]
    part = "" if among.sample is None else f" {sampled(among.sample, clock)} of"
    return [f"{said}, where segment {among.label} is{part}:", *_bullets((among.rule,), clock)]


def _occurs(leaf: c.Occurs, clock: WallClock, holds: bool) -> str:
    of, least, most = leaf.of, leaf.at_least, leaf.at_most
    if not holds and most is None:  # not at least 3 times: at most 2 times
        least, most, holds = 0, least - 1, True
    elif not holds and least == 0 and most is not None:
        least, most, holds = most + 1, None, True
    if most == 0:
        return f"they never {events(of, 'or')}{narrowed(of, clock)}"
    together = " in all" if len(of.events) > 1 and (least, most) != (1, None) else ""
    return f"they {events(of, 'or')} {often(least, most, holds)}{together}{narrowed(of, clock)}"


def _edge(leaf: c.EdgeOccurrence, clock: WallClock, holds: bool) -> str:
    own = leaf.window == leaf.of.window and (leaf.window.start, leaf.window.end) != (None, clock.now)
    # Else its window is all time before now.
    of = leaf.of if own else c.Occurrences(leaf.of.events, c.Interval(None, None), leaf.of.where)
    which = f"{leaf.which} {events(of, 'or')}{narrowed(of, clock)}"
    everywhen = own or (leaf.window.start is None and leaf.window.end in (None, leaf.of.window.end))
    when = "" if everywhen else window(leaf.window, clock)
    test = "" if leaf.has == c.All(()) else f"fits ({inline(leaf.has, clock)})"
    if not when and not test:
        return f"they have a {which}" if holds else f"they have no {which}"
    if when and test:
        said = f"was {when} and {test}" if holds else f"was not both {when} and such that it {test}"
    elif when:
        said = f"was {'' if holds else 'not '}{when}"
    else:
        said = test if holds else f"does not fit{test.removeprefix('fits')}"
    return f"their {which} {said}{'' if holds else ' (or they have none)'}"


def _near(leaf: c.Near, holds: bool) -> str:
    """`home is within 20 km of Amsterdam store`; of its opposite, that the place may be unknown."""
    if leaf.place is None:
        where = "some store" if holds else "any store"
    else:
        degrees = ", ".join(number(one) for one in leaf.place)
        where = f"{leaf.label} ({degrees})" if leaf.label else f"({degrees})"
    said = f"{name_of(leaf.field)} is {'' if holds else 'not '}within {number(leaf.metres / 1000)} km of {where}"
    return said if holds else f"{said} (or not known)"


def _nearest(leaf: c.Nearest, clock: WallClock, holds: bool) -> str:
    """`their nearest store is "Delft" or stands at Utrecht store (52.0894, 5.121)`."""
    ways = [" or ".join(value_of(name, clock) for name in leaf.names)] if leaf.names else []
    places = [f"{label} ({', '.join(map(number, at))})" for label, at in zip(leaf.labels, leaf.places, strict=True)]
    ways += [f"at {' or '.join(places)}"] if places else []
    return f"their nearest store is {'' if holds else 'not '}{' or '.join(ways)}{'' if holds else ' (or not known)'}"


def _random(leaf: c.Random, holds: bool) -> str:
    """`they are among a random 10% of all profiles, seed "B"`."""
    share = Decimal(100) if leaf.below is None else Decimal(int(leaf.below, 16)) * 100 / 16**8
    seed = f', seed "{leaf.seed.replace(chr(34), chr(34) * 2)}"' if leaf.seed else ""
    return f"they are {'' if holds else 'not '}among a random {number(round(share, 4))}% of all profiles{seed}"


def _consent(leaf: c.Consent, clock: WallClock, holds: bool) -> str:
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
