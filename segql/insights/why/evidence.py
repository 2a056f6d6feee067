"""What was seen of a profile where a condition was decided: the value in words, and the occurrences behind it.

Everything is asked of the evaluator's own functions, so that it is what the evaluator saw. Where nothing counts, the
nearest that did not count is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from ... import conditions as c
from ...conditions.walk import leaves
from ...describer.measures import events as events_of
from ...describer.values import WallClock, instant, number
from ...evaluator.measures import cut, edges, measure, occurrences, rows
from ...evaluator.places import degrees, distance
from ...evaluator.populations import hashed
from ...evaluator.predicates import Sight, fits, value_of
from ...evaluator.records import Profile
from ...evaluator.rules import nearest
from ...evaluator.sequences import chains, first_steps
from ...evaluator.values import within
from ...plain import dataclass
from . import habits as spread
from .model import Fact
from .wording import ago, cell, fact, facts, measured, times

FEW = 3
"""So many rows are shown."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen, and the occurrences that decided it, the most telling first."""

    says: str
    sights: Sequence[Sight] = ()
    facts: tuple[Fact, ...] = ()
    """Rows that are no occurrences."""


def seen(condition: c.Condition, profile: Profile, clock: WallClock) -> Seen:
    """What was seen of a condition that looks at this profile alone."""
    match condition:
        case _ if isinstance(condition, c.FieldCondition):
            return Seen(_field(condition.field, profile, clock) + _other_field(condition, profile, clock))
        case c.Occurs(of=of):
            return counted(of, profile, clock)
        case c.MeasureComparison(right=c.Population()) | c.Rank() | c.InSegment():
            raise AssertionError("these look at other profiles too")
        case c.MeasureComparison():
            return _compared(condition, profile, clock)
        case c.EdgeOccurrence():
            return _edge(condition, profile, clock)
        case c.Share() | c.Regular() | c.OnDifferent() | c.Repeats() | c.MostCommon() | c.InCommon():
            return Seen(*spread.seen(condition, profile, clock))
        case c.InSequence():
            return _sequence(condition, profile, clock)
        case c.Nearest():
            return _nearest(condition, profile)
        case c.Near():
            return _near(condition, profile)
        case c.Random(seed=seed, below=below):
            drawn = Decimal(int(hashed(seed, profile.key)[:8], 16)) * 100 / 16**8
            end = (
                ""
                if below is None
                else f"; in are those below {number(round(Decimal(int(below, 16)) * 100 / 16**8, 2))}"
            )
            return Seen(f"draws {drawn:.2f} of 100{end}")
        case c.Consent():
            return _consent(condition, profile, clock)
        case c.InList():
            return _in_list(condition, profile, clock)
        case _:
            assert_never(condition)


def _field(field: c.Field, profile: Profile, clock: WallClock) -> str:
    value = value_of(field, Sight(profile))
    return cell(value, field.type, clock) if field.part != "year" else str(value or "missing")


def _other_field(condition: c.Condition, profile: Profile, clock: WallClock) -> str:
    match condition:
        case c.FieldComparison(right=c.Field() as right):
            return f", and {right.name} is {_field(right, profile, clock)}"
        case _:
            return ""


# --- occurrences ---------------------------------------------------------------------------------------------------


def latest(sights: Sequence[Sight]) -> list[Sight]:
    """The last one first."""
    timed = [sight for sight in sights if sight.time is not None]
    return sorted(timed, key=lambda sight: sight.time, reverse=True) if timed else list(sights)  # type: ignore[arg-type, return-value]


def counted(of: c.Occurrences, profile: Profile, clock: WallClock) -> Seen:
    """`twice, the last 31 hours ago`; where there is none, what came near."""
    found = latest(occurrences(of, profile))
    if found:
        return Seen(times(len(found)) + _last(found, clock), found)
    ever = latest(occurrences(replace(of, window=c.Interval(None, of.window.end and clock.now)), profile))
    if ever:
        many = f"{len(ever):,} at other times" if len(ever) > 1 else "once at another time"
        return Seen(f"never in that window; {many}{_last(ever, clock)}", ever[:1])
    if of.where != c.All(()):
        unfit = latest(occurrences(replace(of, where=c.All(())), profile))
        undated = [near.field.name for near in _near_dates(of) if value_of(near.field, Sight(profile)) is None]
        if unfit and undated:
            return Seen(f"never; {undated[0]} is missing")
        if unfit:
            which = "the only one does not fit" if len(unfit) == 1 else f"none of {len(unfit):,} fits"
            return Seen(f"never; {which}", unfit)
    return Seen("never")


def _near_dates(of: c.Occurrences) -> list[c.CloseTo]:
    return [leaf for leaf in leaves(of.where) if isinstance(leaf, c.CloseTo)]


def _last(found: Sequence[Sight], clock: WallClock) -> str:
    time = found[0].time
    if time is None:
        return ""
    return f", {'the last ' if len(found) > 1 else ''}{ago(time, clock)}"


def _edge(condition: c.EdgeOccurrence, profile: Profile, clock: WallClock) -> Seen:
    found = edges(condition.which, condition.of, profile)
    if not found:
        return Seen(f"there is none ({counted(condition.of, profile, clock).says})")
    time = found[0].time
    assert time is not None
    said = f"the {condition.which} one was {instant(time, clock)}, {ago(time, clock)}"
    if condition.has != c.All(()):
        fitting = [sight for sight in found if fits(condition.has, sight)]
        said += ", and fits" if fitting else ", and does not fit"
        found = fitting or found
    elif not within(time, condition.window):
        said += ", outside of the window"
    return Seen(said, found)


def _sequence(condition: c.InSequence, profile: Profile, clock: WallClock) -> Seen:
    first, never = condition.steps[0].of, condition.never
    if never is None or len(condition.steps) > 2:
        if found := next(chains(condition, profile), None):
            return Seen(f"it happened{_ending(found[-1].time, clock)}", found)
        said = [f"{times(len(occurrences(step.of, profile)))} {events_of(step.of, 'or')}" for step in condition.steps]
        firsts = latest(first_steps(condition, profile))
        return Seen(f"not in that order and time ({', '.join(said)})", firsts)
    if alone := latest([found[0] for found in chains(condition, profile)]):
        last = f"the last {ago(alone[0].time, clock)}" if alone[0].time else ""
        return Seen(f"{times(len(alone))} without it{last and ', ' + last}", alone)
    firsts = latest(first_steps(condition, profile))
    name = events_of(first, "or")
    waiting = " or may still be" if never.within is not None else ""
    if not firsts:
        return Seen(f"no {name} to begin with ({counted(first, profile, clock).says})")
    each = f"the {name} was" if len(firsts) == 1 else f"each of {len(firsts):,} {name} was"
    return Seen(f"{each} followed{waiting}", firsts)


def _ending(time: datetime | None, clock: WallClock) -> str:
    return "" if time is None else f", and ended {ago(time, clock)}"


# --- measures ------------------------------------------------------------------------------------------------------


def _compared(condition: c.MeasureComparison, profile: Profile, clock: WallClock) -> Seen:
    left, right = condition.left, condition.right
    measures: tuple[c.Measure, ...] = (left,)
    if isinstance(right, c.Count | c.Aggregate | c.DaysSince | c.DaysBetween | c.Ratio | c.Terms | c.Field):
        measures = (left, right)
        said = " against ".join(measured(of, measure(of, profile, exact=False), clock) for of in measures)
    else:
        said = measured(left, measure(left, profile, exact=True), clock) + _from(left, profile, clock)
    return Seen(said, [sight for of in measures for sight in behind(of, profile)])


def _from(of: c.Measure, profile: Profile, clock: WallClock) -> str:
    """Over how many rows a value is, or of what it is made."""
    match of:
        case c.Terms(plus=plus, minus=minus):
            signed = [(" + ", one) for one in plus] + [(" - ", one) for one in minus]
            said = "".join(sign + measured(one, cut(one, profile), clock) for sign, one in signed)
            return f" ({said.removeprefix(' + ').strip()})"
        case c.Aggregate(kind="first" | "last" as kind, of=occurring):
            found = edges(kind, occurring, profile)
            return _last(found, clock) if found else f" (there is no {events_of(occurring, 'or')} that counts)"
        case c.Aggregate(of=occurring, field=field):
            count = len(rows(field, occurring, profile))
            said = f"{'item' if field.scope == 'item' else 'event'}{'' if count == 1 else 's'}"
            return f", from {count:,} {said}" if count else f" (there is no {events_of(occurring, 'or')} that counts)"
        case c.DaysSince(of=occurring) | c.DaysBetween(of=occurring):
            count = len(occurrences(occurring, profile))
            return "" if count else f" (there is no {events_of(occurring, 'or')} that counts)"
        case _:
            return ""


def behind(of: c.Measure, profile: Profile) -> list[Sight]:
    """The occurrences that a measure is made of, the most telling first."""
    match of:
        case c.Field():
            return []
        case c.Count(of=occurring) | c.DaysBetween(of=occurring):
            return latest(occurrences(occurring, profile))
        case c.DaysSince(which=which, of=occurring):
            return edges(which, occurring, profile)
        case c.Aggregate(kind="first" | "last" as kind, of=occurring):
            return edges(kind, occurring, profile)
        case c.Aggregate(kind="min" | "max" as kind, field=field, of=occurring):
            there = [(value, s) for s in rows(field, occurring, profile) if (value := value_of(field, s)) is not None]
            return [s for _, s in sorted(there, key=lambda pair: pair[0], reverse=kind == "max")]
        case c.Aggregate(field=field, of=occurring):
            return latest([sight for sight in rows(field, occurring, profile) if value_of(field, sight) is not None])
        case c.Ratio(top=top, bottom=bottom):
            return [*behind(top, profile), *behind(bottom, profile)]
        case c.Terms():
            return [sight for one in of.parts for sight in behind(one, profile)]
        case _:
            assert_never(of)


# --- what is no event ----------------------------------------------------------------------------------------------


def _near(condition: c.Near, profile: Profile) -> Seen:
    home = value_of(condition.field, Sight(profile))
    if home is None:
        return Seen(f"{condition.field.name} is missing")
    place = condition.place
    places = [at for _, at in profile.records.stores()] if place is None else [(float(place[0]), float(place[1]))]
    metres = min((distance(degrees(home), one) for one in places), default=None)
    if metres is None:
        return Seen("there is no store")
    return Seen(f"{'the nearest is ' if place is None else ''}{metres / 1000:,.1f} km away")


def _nearest(condition: c.Nearest, profile: Profile) -> Seen:
    home = value_of(condition.field, Sight(profile))
    if home is None:
        return Seen(f"{condition.field.name} is missing")
    found = nearest(home, profile.records)
    if not found:
        return Seen("there is no store")
    said = dict.fromkeys(f'"{name}"' if name else f"one at ({at[0]:g}, {at[1]:g})" for name, at, _ in found)
    return Seen(f"the nearest is {' and '.join(said)}, {found[0][2] / 1000:,.1f} km away")


def _consent(condition: c.Consent, profile: Profile, clock: WallClock) -> Seen:
    name = condition.channel
    records = profile.records.consents(name, profile.key)
    if not records:
        return Seen("no record of consent")
    newest = max((record.time for record in records if record.time is not None), default=None)
    deciding = [record for record in records if record.time == newest]
    found = []
    for record in deciding:
        given = "given" if record.giving else "withdrawn"
        cells = {"consent": given}
        if record.reason is not None:
            cells["because"] = cell(record.reason, "number", clock)
        properties = {"receives": record.giving, "reason": record.reason}
        found.append(fact(f"consent to {name}", newest, cells, clock, properties=properties))
    said = " and ".join(dict.fromkeys("given" if record.giving else "withdrawn" for record in deciding))
    return Seen(said + ("" if newest is None else f" {ago(newest, clock)}"), facts=tuple(found))


def _in_list(condition: c.InList, profile: Profile, clock: WallClock) -> Seen:
    joins = profile.records.joins(condition.list, profile.key)
    there = sorted((time for time in joins if time is not None and time < profile.records.now), reverse=True)
    what = f"list {condition.list}"
    found = tuple(fact(what, time, {}, clock, properties={}) for time in there)
    if there:
        return Seen(f"joined {ago(there[0], clock)}", facts=found)
    if any(time is None for time in joins):
        return Seen("in it, since when is not known", facts=(fact(what, None, {}, clock, properties={}),))
    return Seen("not in it")


def shown(given: Seen, fields: Sequence[c.Field], clock: WallClock) -> tuple[tuple[Fact, ...], int]:
    """The few rows to show, and how many more there are."""
    found = given.facts or facts(given.sights, fields, clock)
    return found[:FEW], max(0, len(found) - FEW)
