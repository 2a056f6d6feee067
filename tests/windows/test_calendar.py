"""The wall clock: steps, clamps, DST gaps and folds, days that do not exist, the ends of time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest

from segql.ast import Unit
from segql.calendar import (
    add_days,
    add_months,
    local,
    midnight,
    next_period,
    offsets,
    period_start,
    resolve,
    step,
    swing,
    to_utc,
    whole_days,
    zone_of,
)

AMSTERDAM = zone_of("Europe/Amsterdam")
APIA = zone_of("Pacific/Apia")  # had no 30 December 2011
SAO_PAULO = zone_of("America/Sao_Paulo")  # skipped midnight until 2018
ST_JOHNS = zone_of("America/St_Johns")  # until 2011 clocks changed at 00:01
HAVANA = zone_of("America/Havana")  # repeats the hour after midnight


def at(text: str, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time, by the offset that it states."""
    return datetime.fromisoformat(text).astimezone(zone).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", ["Europe", "", "../etc", "Europe/Nowhere", "x" * 5000, "a\0b"])
def test_what_is_no_zone_is_a_known_error(name: str) -> None:
    with pytest.raises((ZoneInfoNotFoundError, ValueError)):
        zone_of(name)


def test_a_skipped_time_moves_forward_by_the_gap() -> None:
    assert resolve(datetime(2025, 3, 30, 2, 30), AMSTERDAM) == utc("2025-03-30T01:30")  # 03:30 there
    assert local(utc("2025-03-30T01:30"), AMSTERDAM) == datetime(2025, 3, 30, 3, 30)


def test_a_repeated_time_is_the_earlier_instant() -> None:
    assert resolve(datetime(2025, 10, 26, 2, 30), AMSTERDAM) == utc("2025-10-26T00:30")
    assert local(utc("2025-10-26T00:30"), AMSTERDAM) == local(utc("2025-10-26T01:30"), AMSTERDAM)


def test_to_utc_is_a_plain_datetime() -> None:
    class Stamp(datetime):
        pass

    found = to_utc(Stamp(2025, 1, 1, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=1))))
    assert type(found) is datetime
    assert found == datetime(2025, 1, 1, 0, 2, 3, 4, tzinfo=UTC)


def test_local_keeps_no_fold() -> None:
    assert local(utc("2025-10-26T01:30"), AMSTERDAM).fold == 0


@pytest.mark.parametrize(
    ("day", "zone", "begins"),
    [
        (date(2025, 7, 1), AMSTERDAM, "2025-06-30T22:00"),
        (date(2025, 3, 30), AMSTERDAM, "2025-03-29T23:00"),
        (date(2018, 11, 4), SAO_PAULO, "2018-11-04T03:00"),  # 00:00 to 01:00 does not exist: the day begins at 01:00
        (
            date(2018, 2, 18),
            SAO_PAULO,
            "2018-02-18T03:00",
        ),  # clocks go back at 24:00: 23:00 to 24:00 twice the day before
        (date(2025, 11, 2), HAVANA, "2025-11-02T04:00"),  # 00:00 to 01:00 twice: from the first
        (date(2011, 12, 29), APIA, "2011-12-29T10:00"),
        (date(2011, 12, 30), APIA, "2011-12-30T10:00"),  # no such day: empty
        (date(2011, 12, 31), APIA, "2011-12-30T10:00"),
        (date(2006, 4, 2), ST_JOHNS, "2006-04-02T03:30"),  # the gap is 00:01 to 01:01
        (date(2006, 10, 29), ST_JOHNS, "2006-10-29T02:30"),  # at 00:01 back to 23:01: 00:00 twice
    ],
)
def test_a_day_begins_at_its_first_instant(day: date, zone: ZoneInfo, begins: str) -> None:
    assert midnight(day, zone) == utc(begins)
    if day != date(2011, 12, 30):
        assert local(midnight(day, zone), zone).date() == day
    assert local(midnight(day, zone) - timedelta(microseconds=1), zone).date() < day


def test_a_gap_around_midnight_begins_the_day_in_it() -> None:
    toronto = zone_of("America/Toronto")  # 1919-03-30 23:30 became 1919-03-31 00:30
    assert midnight(date(1919, 3, 31), toronto) == utc("1919-03-31T04:30")
    assert local(midnight(date(1919, 3, 31), toronto), toronto) == datetime(1919, 3, 31, 0, 30)


@pytest.mark.parametrize("zone", [AMSTERDAM, APIA, SAO_PAULO, HAVANA, zone_of("UTC"), zone_of("Africa/Cairo")])
def test_days_tile(zone: ZoneInfo) -> None:
    days = [midnight(date(2011, 12, 1) + timedelta(days=n), zone) for n in range(400)]
    assert days == sorted(days)
    for one, following in pairwise(days):
        middle = one + (following - one) / 2
        assert one == following or local(middle, zone).date() == local(one, zone).date()


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 3, 31), -4, date(2024, 11, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2025, 1, 15), -1, date(2024, 12, 15)),
    ],
)
def test_months_clamp_at_their_end(day: date, count: int, later: date) -> None:
    assert add_months(day, count) == later


def test_units_of_days() -> None:
    day = date(2024, 2, 29)
    assert add_days(day, -1, "y") == date(2023, 2, 28)
    assert add_days(day, 2, "w") == date(2024, 3, 14)
    assert add_days(day, 1, "d") == date(2024, 3, 1)
    assert add_days(day, -1, "mo") == date(2024, 1, 29)


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ("2025-03-31T10:00", -24, "h", "2025-03-30T10:00"),  # exact
        ("2025-03-30T10:00", -1, "d", "2025-03-29T11:00"),  # 12:00 there, on a day of 23 hours: 12:00 the day before
        ("2025-03-31T00:30", -1, "d", "2025-03-30T01:30"),  # 02:30 there, skipped the day before: 03:30
        ("2025-10-27T01:30", -1, "d", "2025-10-26T00:30"),  # 02:30 there, twice the day before: the earlier
        ("2025-10-26T10:00", -1, "w", "2025-10-19T09:00"),
        ("2025-03-31T10:00", -1, "mo", "2025-02-28T11:00"),
        ("2024-02-29T10:00", -1, "y", "2023-02-28T10:00"),
        ("2025-10-26T01:30", 0, "d", "2025-10-26T01:30"),  # 02:30 there for the second time: no step, none
        ("2025-01-01T00:00", 90, "min", "2025-01-01T01:30"),
        ("2025-03-30T00:59:30", 45, "s", "2025-03-30T01:00:15"),
    ],
)
def test_steps(start: str, count: int, unit: Unit, end: str) -> None:
    assert step(utc(start), count, unit, AMSTERDAM) == utc(end)


def test_two_months_back_is_one_step() -> None:
    now = utc("2025-03-31T10:00")
    once = step(now, -2, "mo", AMSTERDAM)
    twice = step(step(now, -1, "mo", AMSTERDAM), -1, "mo", AMSTERDAM)
    assert (once, twice) == (utc("2025-01-31T11:00"), utc("2025-01-28T11:00"))


@pytest.mark.parametrize("unit", ["s", "min", "h", "d", "w", "mo", "y"])
@pytest.mark.parametrize("count", [-(10**12), 10**12, -(10**30), 10**30])
def test_steps_out_of_time_are_known_errors(unit: Unit, count: int) -> None:
    with pytest.raises((OverflowError, ValueError)):
        step(utc("2025-01-01T00:00"), count, unit, AMSTERDAM)


@pytest.mark.parametrize(
    ("start", "end", "zone", "days"),
    [
        ("2025-11-01T10:00", "2025-11-04T10:00", AMSTERDAM, 3),  # to the microsecond
        ("2025-11-01T10:00:00.000001", "2025-11-04T10:00", AMSTERDAM, 2),
        ("2025-03-29T11:00", "2025-03-30T10:00", AMSTERDAM, 1),  # 23 hours are a day
        ("2025-10-25T10:00", "2025-10-26T10:30", AMSTERDAM, 0),  # 24 and a half hours are none
        ("2025-03-29T01:30", "2025-03-30T01:15", AMSTERDAM, 0),  # 02:30, a day later skipped: 03:30
        ("2025-03-29T01:30", "2025-03-30T01:30", AMSTERDAM, 1),
        ("2025-10-25T00:30", "2025-10-26T00:30", AMSTERDAM, 1),  # 02:30, a day later twice: the earlier
        ("2011-12-29T20:00", "2011-12-30T19:00", APIA, 0),  # 29 December 10:00 to 31 December 09:00
        ("2011-12-29T20:00", "2011-12-30T20:00", APIA, 2),  # 10:00 on the 30th and on the 31st are one instant
        ("2006-10-28T02:30:30", "2006-10-29T03:00", ST_JOHNS, 1),  # 00:00:30 came before the second 23:30
        ("2025-11-04T10:00", "2025-11-01T10:00", AMSTERDAM, -3),
        ("2025-11-04T10:00", "2025-11-01T09:00", AMSTERDAM, -4),
        ("2025-11-04T10:00", "2025-11-04T10:00", AMSTERDAM, 0),
        ("0001-01-01T00:00", "9999-12-31T23:59:59.999999", AMSTERDAM, 3652058),
        ("0001-01-01T00:00", "9999-12-31T23:59:59.999999", zone_of("America/New_York"), 3652058),
    ],
)
def test_whole_days(start: str, end: str, zone: ZoneInfo, days: int) -> None:
    one, other = utc(start), utc(end)
    assert whole_days(one, other, zone) == days
    if one.year > 1 and other.year < 9999:  # the definition
        wall = local(one, zone)
        assert resolve(wall + timedelta(days=days), zone) <= other < resolve(wall + timedelta(days=days + 1), zone)


@pytest.mark.parametrize("zone", [zone_of("Pacific/Kiritimati"), zone_of("America/New_York"), AMSTERDAM])
def test_the_ends_of_time_are_no_crash(zone: ZoneInfo) -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert local(first, zone) >= datetime.min
    assert local(last, zone) <= datetime.max
    assert midnight(date.min, zone) >= first
    assert midnight(date.max, zone) <= last
    assert to_utc(datetime.max.replace(tzinfo=timezone(-timedelta(hours=5)))) == last
    assert to_utc(datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))) == first


@pytest.mark.parametrize(
    ("unit", "start", "following"),
    [
        ("week", date(2025, 12, 29), date(2026, 1, 5)),
        ("month", date(2026, 1, 1), date(2026, 2, 1)),
        ("quarter", date(2026, 1, 1), date(2026, 4, 1)),
        ("year", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_periods(unit: str, start: date, following: date) -> None:
    assert period_start(date(2026, 1, 4), unit) == start  # a Sunday
    assert next_period(start, unit) == following
    assert next_period(following, unit, -1) == start


def test_quarters() -> None:
    assert [period_start(date(2025, m, 28), "quarter").month for m in range(1, 13)] == [1] * 3 + [4] * 3 + [7] * 3 + [
        10
    ] * 3


def held_to_the_zone(name: str, step_: timedelta) -> None:
    """The offsets said of years are those of the zone, at each step in them."""
    start, end = utc("1990-01-01"), utc("2038-01-01")
    latest_first = offsets(start, end, name)
    since = list(reversed(latest_first))
    instant, place = start, 0
    while instant < end:
        while place + 1 < len(since) and (since[place + 1][0] or start) <= instant:
            place += 1
        assert since[place][1] == instant.astimezone(zone_of(name)).utcoffset(), (name, instant)
        instant += step_


@pytest.mark.parametrize("name", ["Europe/Amsterdam", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_offsets_are_those_of_the_zone(name: str) -> None:
    held_to_the_zone(name, timedelta(hours=7))
    for at, _ in offsets(utc("2020-01-01"), utc("2026-01-01"), name)[:-1]:
        assert at is not None
        before = at - timedelta(microseconds=1)
        assert offsets(before, before, name)[0][1] == before.astimezone(zone_of(name)).utcoffset()
        assert offsets(at, at, name)[0][1] == at.astimezone(zone_of(name)).utcoffset()


@pytest.mark.long
def test_offsets_are_those_of_every_zone() -> None:
    for name in sorted(available_timezones() - {"localtime"}):
        held_to_the_zone(name, timedelta(hours=23))


def test_offsets_of_unknown_years_are_not_said() -> None:
    assert offsets(utc("1989-12-31"), utc("1995-01-01"), "Europe/Amsterdam") == ()
    assert offsets(utc("2030-12-31"), utc("2038-01-02"), "Europe/Amsterdam") == ()


SWUNG = ("Europe/Amsterdam", "Europe/Istanbul", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
"""Istanbul's clocks were two hours ahead of winter's for some months of 1978 to 1985."""


@pytest.mark.parametrize(
    "names", [pytest.param(SWUNG, id="some"), pytest.param(available_timezones(), id="all", marks=pytest.mark.long)]
)
def test_no_offset_is_outside_of_the_swing(names: Iterable[str]) -> None:
    days = [datetime(1850, 1, 1, tzinfo=UTC) + timedelta(days=days) for days in range(0, 188 * 365, 4)]
    for name in names:
        zone = zone_of(name)
        found = {day.astimezone(zone).utcoffset() or timedelta() for day in days}
        assert swing(name) == max(found) - min(found), name
