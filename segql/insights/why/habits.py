"""What was seen where a condition is about the set of a profile's occurrences: shares, periods, days, values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from ... import conditions as c
from ...calendar import local
from ...describer.measures import events as events_of
from ...describer.values import WallClock
from ...evaluator.habits import calendar_unit, different, in_common, longest
from ...evaluator.measures import occurrences, rows
from ...evaluator.predicates import Sight, fits, value_of
from ...evaluator.records import Profile
from ...evaluator.values import Cell, within
from .wording import cell, tenths, times


def seen(condition: c.Habit, profile: Profile, clock: WallClock) -> tuple[str, Sequence[Sight]]:
    """The value in words, and the occurrences behind it."""
    match condition:
        case c.Share(of=of, has=has):
            sights = occurrences(of, profile)
            if not sights:
                return "there is none", ()
            fitting = [sight for sight in sights if fits(has, sight)]
            rest = [sight for sight in sights if not any(sight is one for one in fitting)]
            share = Fraction(100 * len(fitting), len(sights))
            said = f"{len(fitting):,} of {len(sights):,} fit ({tenths(share)}%)"
            # Few exceptions tell more than many that are as they should be.
            return said, [*rest, *fitting] if len(rest) <= len(fitting) else [*fitting, *rest]
        case c.Regular(of=of, periods=periods, each=(least, most)):
            sights = occurrences(of, profile)
            counts = [sum(one.time is not None and within(one.time, period) for one in sights) for period in periods]
            fit = sum(least <= count and (most is None or count <= most) for count in counts)
            listed = ", ".join(map(str, counts[:12])) + (", .." if len(counts) > 12 else "")
            return f"in {fit:,} of {len(periods):,} periods (the latest first: {listed})", _latest(sights)
        case c.OnDifferent(of=of, unit=unit, in_a_row=in_a_row):
            sights = [sight for sight in occurrences(of, profile) if sight.time is not None]
            zone = profile.records.zone
            units = {calendar_unit(local(sight.time, zone), unit): sight for sight in sights if sight.time is not None}
            many = f"{len(units):,} different {unit}{'' if len(units) == 1 else 's'}"
            if in_a_row and units:
                return f"on {many}, at most {longest(units, unit):,} in a row", _latest(list(units.values()))
            return f"on {many}" if units else "never", _latest(list(units.values()))
        case c.Repeats(of=of, fields=fields):
            sights = occurrences(of, profile)
            repeated = Counter(value for sight in sights for value in different(fields, sight))
            return _commonest(repeated, fields, clock), [
                sight for sight in _latest(sights) if repeated and _top(repeated) in different(fields, sight)
            ]
        case c.InCommon(of=each, fields=fields):
            every = [occurrences(one, profile) for one in each]
            if not (shared := in_common(each, fields, profile)):
                pairs = zip(every, each, strict=True)
                known = ", ".join(f"{times(len(some))} {events_of(one, 'or')}" for some, one in pairs)
                return f"no value in common ({known})", [sight for one in every for sight in one[-1:]]
            common = sorted(shared, key=repr)[0]
            having = [
                next(sight for sight in one if common in different(own, sight))
                for one, own in zip(every, fields, strict=True)
            ]
            return f"{together(common, fields[0], clock)} of each", having
        case c.MostCommon(of=of, field=field):
            sights = rows(field, of, profile)
            values = Counter[tuple[Cell, ...]]()
            values.update((value,) for sight in sights if (value := value_of(field, sight)) is not None)
            return _commonest(values, [field], clock), [
                sight for sight in _latest(sights) if values and (value_of(field, sight),) == _top(values)
            ]
        case _:
            assert_never(condition)


def together(values: tuple[Cell, ...], fields: Sequence[c.Field], clock: WallClock) -> str:
    """`"A" and 3`: values of several properties at once."""
    return " and ".join(cell(value, field.type, clock) for value, field in zip(values, fields, strict=True))


def _top(values: Counter[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    return values.most_common(1)[0][0]


def _commonest(values: Counter[tuple[Cell, ...]], fields: Sequence[c.Field], clock: WallClock) -> str:
    """`"NL", 3 times`, with what is as common."""
    most = max(values.values(), default=0)
    if not most:
        return f"no {' and '.join(field.name for field in fields)} at all"
    tied = [value for value, count in values.items() if count == most]
    said = ", ".join(together(value, fields, clock) for value in tied[:3])
    more = f" and {len(tied) - 3:,} more" if len(tied) > 3 else ""
    return f"{said}{more}{', each' if len(tied) > 1 else ','} {times(most)}"


def _latest(sights: Sequence[Sight]) -> list[Sight]:
    timed = [sight for sight in sights if sight.time is not None]
    return sorted(timed, key=lambda sight: sight.time, reverse=True)  # type: ignore[arg-type, return-value]
