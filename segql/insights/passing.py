"""When time alone may change a rule: the instants at which a bound that moves with `now` passes what does not move.

Rules are bound at a running clock, so that their bounds say how they are made of `now`; what does not move are the
instants and days of the profile's rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ..calendar import local, resolve
from ..conditions import (
    Condition,
    Consent,
    DaysSince,
    Field,
    FieldAnniversary,
    InList,
    MeasureComparison,
    NotFollowed,
    Tree,
    Type,
)
from ..conditions.live import (
    LiveDay,
    LiveInstant,
)
from ..evaluator.measures import occurrences
from ..evaluator.predicates import Sight, value_of
from ..evaluator.shop import Profile
from .moving import DAY, MICROSECOND, clock_changes, day_passed, passed
from .reads import conditions, events, nodes, read_fields


def instants(rule: Tree[Condition], profile: Profile, until: datetime) -> list[datetime]:
    """Every instant after the profile's `now`, up to `until`, at which the rule may change, in order."""
    now = profile.records.now
    found: set[datetime] = set()
    for one in dict.fromkeys(conditions(rule)):
        found.update(at for at in _of_condition(one, profile, until) if now < at <= until)
    return sorted(found)


def _of_condition(condition: Condition, profile: Profile, until: datetime) -> Iterator[datetime]:
    zone, now = profile.records.zone, profile.records.now
    moving = list(dict.fromkeys(part for part in nodes(condition) if isinstance(part, LiveInstant | LiveDay)))
    times, days = _fixed(condition, profile, until) if moving else ([], [])
    if times or days:
        yield from clock_changes(zone, now, until)
        gaps = list(clock_changes(zone, min([now, *times]) - DAY, until))
        for bound in moving:
            if isinstance(bound, LiveInstant):
                yield from (at for time in times for at in passed(bound.recipe, time, gaps, zone))
            else:
                yield from (at for day in days for at in day_passed(bound.recipe, day, zone))
    for part in nodes(condition):
        match part:
            case NotFollowed(then=then) if then.within is not None:
                yield from (time + then.within + MICROSECOND for time in times)
            case DaysSince(of=of):
                whole = condition.right if isinstance(condition, MeasureComparison) else None
                for sight in occurrences(of, profile):
                    if sight.time is not None:
                        yield from _days_since(sight.time, whole, until, zone)


def _fixed(condition: Condition, profile: Profile, until: datetime) -> tuple[list[datetime], list[date]]:
    """The instants and the days of the profile's rows that the condition reads."""
    records, key = profile.records, profile.key
    found: set[object] = set()
    rows = [Sight(profile, one) for event in events(condition) for one in records.occurrences(event, key)]
    found.update(sight.time for sight in rows)
    for field in read_fields(condition):
        if field.type in (Type.DATE, Type.TIME) and field.part is None:
            found.update(_values(field, rows, profile))
    match condition:
        case Consent(channel=channel):
            found.update(record.time for record in records.consents(channel, key))
        case InList(list=name):
            found.update(records.joins(name, key))
        case FieldAnniversary(field=field):
            born = value_of(field, Sight(profile))
            if isinstance(born, date):
                found = {_birthday(born, year) for year in range(records.now.year - 1, until.year + 3)}
    times = [one for one in found if isinstance(one, datetime)]
    return times, [one for one in found if isinstance(one, date) and not isinstance(one, datetime)]


def _values(field: Field, rows: Iterable[Sight], profile: Profile) -> Iterator[object]:
    match field.scope:
        case "profile":
            yield value_of(field, Sight(profile))
        case "event":
            yield from (value_of(field, sight) for sight in rows)
        case "item":
            yield from (value_of(field, Sight(profile, s.occurrence, (), item)) for s in rows for item in s.items)


def _birthday(born: date, year: int) -> date:
    """The day on which it is celebrated, or the day after 28 February."""
    try:
        return date(year, born.month, born.day)
    except ValueError:
        return date(year, 2, 28)


def _days_since(time: datetime, right: object, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """When the number of whole days since then becomes one that matters: next to a literal, else any."""
    wall = local(time, zone)
    if isinstance(right, Decimal):
        near: Iterable[int] = range(max(0, int(right) - 1), int(right) + 3)
    else:
        near = range((until - time).days + 2)
    for count in near:
        try:
            yield resolve(wall + DAY * count, zone)
        except (OverflowError, ValueError):
            return
