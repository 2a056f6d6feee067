"""When time alone changes something: the instants at which a bound that moves with `now` passes what does not move.

Rules are bound at a running clock, so that their bounds say how they are made of `now` (`conditions/live.py`); for each
such bound and each instant or day of the profile's rows the `now` is sought at which the one passes the other. Where
clocks change or months differ in length a bound may move back, so that some instants here are none: whoever uses them
looks at each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ..ast import Unit
from ..calendar import EXACT, add_days, local, midnight, next_period, period_start, resolve, step
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
    Begins,
    DayOf,
    DayRecipe,
    Earliest,
    LiveDay,
    LiveInstant,
    Moved,
    Now,
    Recipe,
    StartOf,
    Stepped,
)
from ..evaluator.measures import occurrences
from ..evaluator.predicates import Sight, value_of
from ..evaluator.shop import Profile
from .reads import conditions, events, nodes, read_fields

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


def instants(rule: Tree[Condition], profile: Profile, until: datetime) -> list[datetime]:
    """Every instant after the profile's `now`, up to `until`, at which the rule may change, in order."""
    zone, now = profile.records.zone, profile.records.now
    changes = list(_changes(zone, now, until))
    found: set[datetime] = set()
    for one in dict.fromkeys(conditions(rule)):
        for at in (*_of_condition(one, profile, until), *changes * bool(found)):
            # What passes an instant at it, and what passes it just after.
            found.update(x for x in (at, at + MICROSECOND) if now < x <= until)
    return sorted(found)


def _of_condition(condition: Condition, profile: Profile, until: datetime) -> Iterator[datetime]:
    zone, now = profile.records.zone, profile.records.now
    moving = list(dict.fromkeys(part for part in nodes(condition) if isinstance(part, LiveInstant | LiveDay)))
    if moving:
        times, days = _fixed(condition, profile, until)
        marks = [*times, *_changes(zone, min([now, *times]), until)] if times else []
        for bound in moving:
            if isinstance(bound, LiveInstant):
                yield from _tried(_passes, bound.recipe, marks, zone)
            else:
                yield from _tried(_day_passes, bound.recipe, (day + DAY * n for day in days for n in (0, 1)), zone)
    for part in nodes(condition):
        match part:
            case NotFollowed(then=then) if then.within is not None:
                yield from (time + then.within for time in _fixed(condition, profile, until)[0])
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


# --- solving for now -------------------------------------------------------------------------------------------------


def _tried(
    solve: Callable[..., Iterator[datetime]], recipe: object, marks: Iterable[object], zone: ZoneInfo
) -> Iterator[datetime]:
    """The solutions, as far as they lie in the calendar."""
    for mark in marks:
        try:
            yield from solve(recipe, mark, zone)
        except (OverflowError, ValueError):
            continue


def _passes(recipe: Recipe, at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """About each `now` for which what the recipe makes of it reaches an instant."""
    match recipe:
        case Now():
            yield at
        case Stepped(of=of, count=count, unit="us"):
            yield from _passes(of, at - MICROSECOND * count, zone)
        case Stepped(of=of, count=count, unit=unit):
            for back in _stepped_back(at, count, unit, zone):
                yield from _passes(of, back, zone)
        case Begins(day=day):
            first = local(at, zone).date()
            for one in (first, first + DAY):
                yield from _day_passes(day, one, zone)
        case Earliest(of=several):
            for one in several:
                if isinstance(one, LiveInstant):
                    yield from _passes(one.recipe, at, zone)


def _day_passes(recipe: DayRecipe, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    match recipe:
        case DayOf(of=of):
            yield from _passes(of, midnight(day, zone), zone)
        case Moved(of=of, count=count, unit=unit):
            back = add_days(day, -count, unit)
            for n in _slack(unit):
                yield from _day_passes(of, back + DAY * n, zone)
        case StartOf(of=of, period=period):
            start = period_start(day, period)
            yield from _day_passes(of, start if start == day else next_period(start, period), zone)


def _stepped_back(at: datetime, count: int, unit: Unit, zone: ZoneInfo) -> Iterator[datetime]:
    """From where so many units lead to an instant: the same wall-clock time, in months of other lengths a few days."""
    if unit in EXACT:
        yield step(at, -count, unit, zone)
        return
    wall = local(at, zone)
    for n in _slack(unit):
        day = add_days(wall.date(), -count, unit) + DAY * n
        again = datetime.combine(day, wall.time())
        yield resolve(again, zone)
        yield again.replace(tzinfo=zone, fold=1).astimezone(UTC)
        if n:
            yield midnight(day, zone)


def _slack(unit: Unit) -> range:
    return range(-1, 4) if unit in ("mo", "y") else range(1)


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """When the clocks change."""
    at = start
    while at < end:
        after = min(at + DAY * 7, end)
        if _offset(at, zone) != _offset(after, zone):
            one, other = at, after
            while other - one > MICROSECOND:
                middle = one + (other - one) / 2
                one, other = (middle, other) if _offset(middle, zone) == _offset(at, zone) else (one, middle)
            yield other
        at = after


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
