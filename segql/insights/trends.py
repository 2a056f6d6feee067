"""How the members of segments come and go: their number at instants, and who entered and left between these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ..arguments import Given
from ..ast import Duration
from ..calendar import step, zone_of
from ..errors import expect
from ..many import meanings, written_many
from ..meanings import Meaning
from ..plain import dataclass
from ..project import Project
from .meant import all_of, every


@dataclass(frozen=True, slots=True)
class Point:
    """The members at an instant (UTC); how many entered and left since the point before it, None at the first."""

    at: datetime
    members: int
    entered: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """The points of each segment by its name, the earliest first."""

    points: Mapping[str, tuple[Point, ...]]


MOST = 400
"""Points that one trend has at most, of all segments together."""


def instants(project: Project, every: Duration, last: int) -> tuple[datetime, ...]:
    """`now` and the `last - 1` instants before it, the earliest first, each so far from the next on the wall clock.

    Months and years are counted back from `now`, so that none slips by a short one. Raises ValueError before year 1.
    """
    Project.expect(project)
    expect("every", "a Duration", every, Duration)
    expect("last", "a whole number", last, int)
    now, zone = project.instant(), zone_of(project.catalog.timezone)
    try:
        return tuple(step(now, -every.count * back, every.unit, zone) for back in range(last - 1, -1, -1))
    except (OverflowError, ValueError):
        raise ValueError("`last` reaches back before the calendar") from None


def trend(rules: Mapping[str, Given], project: Project, times: Sequence[datetime]) -> Trend:
    """The members of rules at these instants, by one statement. Raises as `segql.compile_many`; WarehouseError."""
    Project.expect(project)
    expect("rules", "a mapping of names to rules", rules, Mapping)
    expect("times", "aware datetimes, in a list", times, Sequence)
    for time in times:
        expect("times", "a list of aware datetimes", time, datetime)
        if time.utcoffset() is None:
            raise ValueError(f"`times` need a time zone, as {time} has none")
    found = asked(rules, project, times)
    done = written_many(found, project.catalog, project.dialect, "counts")
    return trend_of({name: int(number) for name, number in project.opened.rows(done.sql)}, rules, times)


def asked(rules: Mapping[str, Given], project: Project, times: Sequence[datetime]) -> dict[str, Meaning]:
    """What is asked of the warehouse, under names of numbers: `2 at 3`, and of those who entered by then `2 by 3`."""
    found: dict[str, Meaning] = {}
    for number, rule in enumerate(rules.values()):
        at = {f"{number} at {place}": (rule, time) for place, time in enumerate(times)}
        meant = every(meanings(at, project.catalog, segments=project.segments, parameters=project.parameters))
        found |= of_one(number, list(meant.values()))
    return found


def of_one(number: int, at: Sequence[Meaning]) -> dict[str, Meaning]:
    """What is asked of one rule, the `number`-th, which has these meanings at the instants."""
    entered = {f"{number} by {place}": all_of("entered", [at[place]], [at[place - 1]]) for place in range(1, len(at))}
    return {f"{number} at {place}": one for place, one in enumerate(at)} | entered


def trend_of(counts: Mapping[str, int], rules: Iterable[str], times: Sequence[datetime]) -> Trend:
    """The trend, from the counts of what was asked of the rules of these names."""
    points: dict[str, tuple[Point, ...]] = {}
    for number, name in enumerate(rules):
        told: list[Point] = []
        for place, time in enumerate(times):
            members = counts.get(f"{number} at {place}", 0)
            if told:
                entered = counts.get(f"{number} by {place}", 0)
                told.append(Point(time, members, entered, told[-1].members + entered - members))
            else:
                told.append(Point(time, members))
        points[name] = tuple(told)
    return Trend(points)
