"""When time alone may change a rule: the instants at which a bound that moves with `now` passes what does not move.

Rules are bound at a running clock, so that their bounds say how they are made of `now`; what does not move are the
instants and days of the profile's rows.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count, pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

from ... import conditions as c
from ...calendar import local, resolve
from ...conditions.live import LiveDay, LiveInstant
from ...conditions.walk import leaves, nodes
from ...evaluator.dates import local_day
from ...evaluator.predicates import Sight, value_of
from ...evaluator.records import Profile
from .inputs import events, read_fields
from .moving_bounds import DAY, MICROSECOND, made, made_day, reaches, reaches_day

MOST_BACK = timedelta(days=40)
"""A bound moves with `now`, but may go back a little, where clocks do and where a month begins at such an hour."""

T = TypeVar("T", date, datetime)


def instants(rule: c.Tree[c.Condition], profile: Profile, start: datetime, until: datetime) -> set[datetime]:
    """Every instant after `start`, up to `until`, at which the rule may change."""
    each = dict.fromkeys(leaves(rule))
    return {at for one in each for at in _of_condition(one, profile, start, until) if start < at <= until}


def work(rule: c.Tree[c.Condition], profile: Profile) -> int:
    """About how much it takes to judge the rule once: its bounds by the rows that it reads."""
    rows = sum(len(profile.records.occurrences(event, profile.key)) for event in events(rule))
    return (1 + len(_moving(rule))) * (30 + rows)


def _moving(node: object) -> list[LiveInstant | LiveDay]:
    return list(dict.fromkeys(part for part in nodes(node) if isinstance(part, LiveInstant | LiveDay)))


def _of_condition(condition: c.Condition, profile: Profile, start: datetime, until: datetime) -> Iterator[datetime]:
    zone, moving = profile.records.zone, _moving(condition)
    if not moving:
        return
    key, records = profile.key, profile.records
    sights = [Sight(profile, one) for event in events(condition) for one in records.occurrences(event, key)]
    times, days = _fixed(condition, sights, profile, until)
    happened = [sight.time for sight in sights if sight.time is not None]

    # Half-open: what is at a bound itself lies on its later side, so it is passed just after.
    def passed(bound: LiveInstant, marks: Iterable[datetime]) -> Iterator[datetime]:
        recipe = bound.recipe
        near = _near(marks, made(recipe, start, zone), made(recipe, until, zone))
        return _each(near, lambda mark: reaches(recipe, mark + MICROSECOND, zone))

    def passed_day(bound: LiveDay, marks: Iterable[date]) -> Iterator[datetime]:
        recipe = bound.recipe
        near = _near(marks, made_day(recipe, start, zone), made_day(recipe, until, zone))
        return _each(near, lambda mark: reaches_day(recipe, mark + DAY, zone))

    for bound in moving:
        yield from passed(bound, times) if isinstance(bound, LiveInstant) else passed_day(bound, days)
    for part in nodes(condition):
        match part:
            case c.Step(c.Occurrences(window=c.Interval(end=LiveInstant() as end)), timedelta() as within, absent=True):
                yield from passed(end, [time + within for time in happened])
            case c.DaysSince(of=of):
                assert isinstance(of.window.end, LiveInstant)
                own = {one.time for one in sights if one.time and one.occurrence and one.occurrence.event in of.events}
                for time, last in _spans(sorted(own), part, until):
                    yield from passed(of.window.end, _whole_days(time, _counts(condition, part), last, zone))


def _near(marks: Iterable[T], first: T, last: T) -> list[T]:
    """Those that a bound may pass on its way."""
    return [mark for mark in dict.fromkeys(marks) if first - mark <= MOST_BACK and mark - last <= MOST_BACK]


def _each(marks: Iterable[T], way: Callable[[T], Iterator[datetime]]) -> Iterator[datetime]:
    for mark in marks:
        try:
            yield from way(mark)
        except (OverflowError, ValueError):  # beyond the calendar
            continue


# --- what does not move ----------------------------------------------------------------------------------------------


def _fixed(
    condition: c.Condition, sights: Sequence[Sight], profile: Profile, until: datetime
) -> tuple[list[datetime], list[date]]:
    """The instants and the days of the profile's rows that the condition reads."""
    records, key = profile.records, profile.key
    found: list[object] = [sight.time for sight in sights]
    for field in read_fields(condition):
        if field.type in (c.Type.DATE, c.Type.TIME) and field.part is None:
            found += _values(field, sights, profile)
    for part in nodes(condition):
        match part:
            case c.Consent(channel=channel):
                found += [record.time for record in records.consents(channel, key)]
            case c.InList(list=name):
                found += records.joins(name, key)
            case c.FieldAnniversary(field=field):
                for value in _values(field, sights, profile):
                    if isinstance(value, date):
                        found += _anniversaries(local_day(value, records.zone), until)
    times = [one for one in found if isinstance(one, datetime)]
    return times, [one for one in found if isinstance(one, date) and not isinstance(one, datetime)]


def _values(field: c.Field, sights: Iterable[Sight], profile: Profile) -> list[object]:
    match field.scope:
        case "profile":
            return [value_of(field, Sight(profile))]
        case "event":
            return [value_of(field, sight) for sight in sights]
        case "item":
            return [value_of(field, replace(sight, item=item)) for sight in sights for item in sight.items]


def _anniversaries(born: date, until: datetime) -> Iterator[date]:
    leap = (born.month, born.day) == (2, 29)
    for year in range(born.year + 1, until.year + 3):
        yield date(year, 2, 28) if leap and not isleap(year) else date(year, born.month, born.day)


def _spans(times: Sequence[datetime], days: c.DaysSince, until: datetime) -> list[tuple[datetime, datetime]]:
    """Each of these from which days may be counted, and up to when: the first one, or the last one so far."""
    if days.of.where != c.All(()):
        return [(time, until) for time in times]  # any may be the only one that fits
    return [(time, until) for time in times[:1]] if days.which == "first" else list(pairwise([*times, until]))


def _whole_days(time: datetime, counts: Iterable[int], until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Just before the number of whole days since then becomes each of these."""
    wall = local(time, zone)
    for days in counts:
        try:
            at = resolve(wall + DAY * days, zone)
        except (OverflowError, ValueError):
            return
        if at > until:
            return
        yield at - MICROSECOND


def _counts(condition: c.Condition, days: c.DaysSince) -> Iterable[int]:
    """The numbers of days that matter: next to a literal, else any."""
    match condition:
        case c.MeasureComparison(left=left, right=Decimal() as right) if left == days:
            return range(max(0, int(right) - 1), int(right) + 3)
        case _:
            return count()
