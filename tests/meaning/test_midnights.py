"""Zones whose clocks go back or forward over midnight: every form that counts local days, on every engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import available_timezones

import pytest

import segql
from segql.calendar import changes, local, midnight, resolve, zone_of
from segql.catalog import Catalog
from segql.evaluator import Shop

from ..engines import Engine, compiled
from .test_live import BOUND, at

BACK = {
    "America/St_Johns": "2010-11-07T02:31Z", "America/Goose_Bay": "2010-11-07T03:01Z",
    "America/Moncton": "2006-10-29T03:01Z", "Antarctica/Casey": "2010-03-04T15:00Z",
}  # fmt: skip
"""Back to the day before, the last time."""
FORWARD = {
    "America/Nuuk": "2026-03-29T01:00Z", "America/Scoresbysund": "2026-03-29T01:00Z", "Asia/Dhaka": "2009-06-19T17:00Z",
    "Asia/Pyongyang": "2018-05-04T15:00Z",
}  # fmt: skip
"""A time of the day's last hour was skipped, and so moves into the next day."""
BESIDE = {
    "America/Havana": "2025-11-02T05:00Z", "America/Sao_Paulo": "2018-11-04T03:00Z",
    "Africa/Cairo": "2025-10-30T21:00Z", "Atlantic/Azores": "2025-10-26T01:00Z", "Pacific/Apia": "2011-12-30T10:00Z",
}  # fmt: skip
"""Just not over midnight, and a skipped day."""
SOME = ("America/St_Johns", "Antarctica/Casey", "America/Nuuk", "Asia/Dhaka", "Pacific/Apia")
EACH = ("America/St_Johns", "Asia/Dhaka", "Pacific/Apia")
"""Those of every run: back, forward, and a day left out."""
OTHERS = tuple(zone for zone in (*BACK, *FORWARD, *BESIDE) if zone not in SOME)

RULES = (
    "days since first placed order = 0", "days since first placed order = 1", "days since last placed order >= 1",
    "days since last placed order < 0", "days between placed order = 0", "days between placed order >= 1",
    "days between placed order < 0", "placed order where days since previous = 0",
    "placed order where days since previous = 1", "placed order where weekday is \"Saturday\"",
    "placed order where (hour >= 23 or hour = 0)", "placed order in 1d", "placed order in 2d", "placed order today",
    "placed order yesterday", "last placed order more than 1 day ago", "placed order on at least 2 different days",
    "placed order in at least 2 of the last 3 days", "placed order where weekday is \"Saturday\" in 20d",
    "placed order where (hour >= 23 or hour = 0) in 20d", "placed order in 20d on at least 2 different days",
    "placed order in 20d in at least 2 weeks in a row", "last seen in the last 1 day",
    "last seen between 2 and 1 days ago",
    "last seen on today", "anniversary of last seen is today", "weekday of last seen is not \"Friday\"",
    "birthday after 1 day ago and birthday before tomorrow", "anniversary of birthday in the next 2 days",
)  # fmt: skip


def shop_around(change: datetime, zone: str) -> Shop:
    """People who did two things within two days of a change of the clocks, at every second quarter of an hour."""
    minutes = [*range(-90, 91, 15), -7, 7, *(day * 1440 + m for day in (-2, -1, 1) for m in (-65, -35, 0, 20, 59))]
    times = [change + timedelta(minutes=m) for m in minutes]
    pairs = [(one, times[(place * 7 + 3) % len(times)]) for place, one in enumerate(times)]
    profiles = [
        {"key": f"{place}", "last seen": one, "birthday": local(other, zone_of(zone)).date().replace(year=1990)}
        for place, (one, other) in enumerate(pairs)
    ]
    orders = [{"profile": f"{place}", "time": time} for place, pair in enumerate(pairs) for time in pair]
    return Shop(profiles, {"placed order": orders})


SLOW = {"bigquery": 41, "sqlite": 23}
"""Of how many rules one is asked where not all are."""


def compared(zone: str, engine: Engine, catalog: Catalog, every: int) -> None:
    there = catalog.model_copy(update={"timezone": zone})
    change = datetime.fromisoformat({**BACK, **FORWARD, **BESIDE}[zone])
    shop = shop_around(change, zone)
    engine.load(shop)
    nows = [change + timedelta(minutes=m) for m in (-10, 5, 29, 44, 70, 185, 1435, 1455)]
    asked = [(rule, now) for now in nows for rule in RULES]
    for place, (rule, now) in enumerate(asked):
        if place % every == 0:
            members = segql.evaluate(rule, there, shop, now=now)
            sql = compiled(rule, there, engine.dialect, now=now).sql
            assert engine.members(sql) == members, (rule, now, sql)
            if place % (3 * every) == 0:
                live = compiled(rule, there, engine.dialect, now=BOUND, live=True)
                assert engine.members(at(live.sql, now, engine.dialect)) == members, (rule, now, live.sql)


def skip_days_that_begin_once(zone: str, engine: Engine) -> None:
    if engine.dialect == "clickhouse" and zone in BACK:
        pytest.skip(
            "for ClickHouse a day begins once: it shows the time past midnight as that before (docs/dialects.md)"
        )


@pytest.mark.sampled
@pytest.mark.parametrize("zone", [pytest.param(one, marks=() if one in EACH else pytest.mark.long) for one in SOME])
def test_local_days_around_some_changes_over_midnight(zone: str, engine: Engine, catalog: Catalog) -> None:
    skip_days_that_begin_once(zone, engine)
    compared(zone, engine, catalog, SLOW.get(engine.dialect, 7))


@pytest.mark.long
@pytest.mark.parametrize("zone", [*SOME, *OTHERS])
def test_local_days_around_all_changes_over_midnight(zone: str, engine: Engine, catalog: Catalog) -> None:
    skip_days_that_begin_once(zone, engine)
    compared(zone, engine, catalog, 5 if engine.dialect == "bigquery" else 1)


@pytest.mark.long
def test_no_other_zone_has_such_changes() -> None:
    known = {changes(zone) for zone in (*BACK, *FORWARD)}
    day = timedelta(days=1)
    for zone in sorted(available_timezones() - {"localtime"}):
        for change in changes(zone):
            first, last = change.walls[0], change.walls[1] - timedelta(microseconds=1)
            moved = last if change.size < timedelta() else last + change.size
            if first.date() < moved.date() and abs(change.size) < day / 2:
                assert changes(zone) in known, (zone, change)
            # What a window of whole days begins with is what midnight means as a wall-clock time.
            for wall in (first.date(), last.date()):
                start = datetime.combine(wall, datetime.min.time())
                assert midnight(wall, zone_of(zone)) == resolve(start, zone_of(zone)), (zone, change)


NAIVE = {
    "Pacific/Norfolk": "2015-10-03T14:30Z", "America/Santo_Domingo": "2000-10-29T04:00Z",
    "Asia/Chita": "2014-10-25T15:00Z", "Australia/Lord_Howe": "2025-04-05T15:00Z",
    "Antarctica/Troll": "2025-10-26T01:00Z",
}  # fmt: skip
"""Clocks that went back by another time than they mostly do, and by others than an hour."""
WRITTEN = {"sqlite": "'{}'", "bigquery": "DATETIME '{}'", "mysql": "CAST('{}' AS DATETIME)",
           "clickhouse": "toDateTime64('{}', 6, 'UTC')", "spark": "TIMESTAMP_NTZ '{}'"}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("zone", NAIVE)
def test_wall_clock_times_where_clocks_go_back_by_an_unusual_time(zone: str, engine: Engine) -> None:
    change = datetime.fromisoformat(NAIVE[zone])
    walls = [local(change, zone_of(zone)) + timedelta(minutes=10 * m) for m in range(-14, 20)]
    literal = WRITTEN.get(engine.dialect, "CAST('{}' AS TIMESTAMP)").format
    meant = [int(resolve(wall, zone_of(zone)).timestamp()) for wall in walls]
    rows = [
        f"SELECT '{place}' AS id, {literal(wall)} AS wall, {seconds} AS meant"
        for place, (wall, seconds) in enumerate(zip(walls, meant, strict=True))
    ]
    properties = {"wall": {"type": "time", "zone": zone}, "meant": {"type": "time", "stored": "seconds"}}
    profiles = {"query": " UNION ALL ".join(rows), "key": "id", "properties": properties}
    catalog = Catalog.model_validate({"timezone": zone, "sql dialect": engine.dialect, "profiles": profiles})
    engine.load(Shop((), {}))
    found = engine.members(compiled("wall = meant", catalog, engine.dialect).sql)
    assert {str(walls[place]) for place in range(len(walls)) if str(place) not in found} == set()
