"""Windows as bounds in a column's own domain, against brute force around the days when clocks change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import duckdb
import pytest
from sqlglot import exp

from segql import calendar
from segql.calendar import midnight, resolve, zone_of
from segql.dialects import dialect
from segql.emitter import sql_text
from segql.emitter.bounds import Clock, Stored, before, stretches
from segql.emitter.times import days_apart, days_between, days_since, days_until, instant

ZONES = ("Europe/Amsterdam", "Europe/London", "America/New_York", "Africa/Cairo", "Australia/Sydney", "UTC")
CHANGES = {
    "Europe/Amsterdam": (datetime(2025, 3, 30, 1, tzinfo=UTC), datetime(2025, 10, 26, 1, tzinfo=UTC)),
    "Europe/London": (datetime(2025, 3, 30, 1, tzinfo=UTC), datetime(2025, 10, 26, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2025, 3, 9, 7, tzinfo=UTC), datetime(2025, 11, 2, 6, tzinfo=UTC)),
    "Africa/Cairo": (datetime(2025, 4, 24, 22, tzinfo=UTC), datetime(2025, 10, 30, 21, tzinfo=UTC)),
    "Australia/Sydney": (datetime(2025, 10, 4, 16, tzinfo=UTC), datetime(2025, 4, 5, 16, tzinfo=UTC)),
    "UTC": (datetime(2025, 3, 30, 1, tzinfo=UTC),),
    "Australia/Lord_Howe": (datetime(2025, 10, 4, 15, 30, tzinfo=UTC), datetime(2025, 4, 5, 15, tzinfo=UTC)),
    "Pacific/Apia": (datetime(2011, 12, 30, 10, tzinfo=UTC),),  # a day that never was
    "America/Havana": (datetime(2025, 3, 9, 5, tzinfo=UTC), datetime(2025, 11, 2, 5, tzinfo=UTC)),  # at midnight
    "America/St_Johns": (datetime(2010, 11, 7, 2, 31, tzinfo=UTC),),  # back over midnight
    "Asia/Dhaka": (datetime(2009, 6, 19, 17, tzinfo=UTC),),  # forward over midnight
}
MICRO = timedelta(microseconds=1)
Epoch = Literal["seconds", "milliseconds", "microseconds"]
_LAST = datetime.max.replace(tzinfo=UTC)


def grid(zone: str, hours: int = 28) -> Iterator[datetime]:
    """Instants every half hour around the changes of a zone, and a microsecond beside some."""
    for change in CHANGES[zone]:
        for half in range(-2 * hours, 2 * hours):
            at = change + timedelta(minutes=30 * half)
            yield at
            if abs(half) < 6:
                yield from (at - MICRO, at + MICRO, at + timedelta(minutes=10))


def holds(parts: Iterable[tuple[Any, Any]], value: Stored) -> bool:
    return any((low is None or low <= value) and (high is None or value < high) for low, high in parts)


@pytest.mark.sampled
@pytest.mark.parametrize("zone", [*CHANGES])
def test_wall_times_before_an_instant(zone: str) -> None:
    clock, where = Clock("timestamp", zone), zone_of(zone)
    walls = sorted({calendar.local(at, where).replace(fold=0) for at in grid(zone)})
    walls += [wall + timedelta(minutes=61) for wall in walls] + [wall - timedelta(hours=1) for wall in walls[::3]]
    instants = {wall: resolve(wall, where) for wall in walls}
    for bound in grid(zone):
        parts: tuple[tuple[Any, Any], ...] = before(clock, bound)
        assert [wall for wall in walls if holds(parts, wall)] == [w for w in walls if instants[w] < bound], bound
        assert len(parts) <= 2
        assert all(low is None or low < high for low, high in parts)


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York"])
def test_wall_times_in_a_window(zone: str) -> None:
    clock, where = Clock("timestamp", zone), zone_of(zone)
    bounds = list(grid(zone, hours=3))
    walls = sorted({calendar.local(at, where).replace(fold=0) + timedelta(minutes=m) for at in bounds for m in (0, 59)})
    for start in bounds[::3]:
        for end in bounds[::4]:
            parts = stretches(start, end, clock)
            for wall in walls[::2]:
                assert holds(parts, wall) == (start <= resolve(wall, where) < end), (wall, start, end, parts)


def test_a_bound_after_a_gap_leaves_two_stretches() -> None:
    parts = before(Clock("timestamp", "Europe/Amsterdam"), datetime(2025, 3, 30, 1, 20, tzinfo=UTC))
    assert parts == (
        (None, datetime(2025, 3, 30, 2, 20)),
        (datetime(2025, 3, 30, 3), datetime(2025, 3, 30, 3, 20)),
    )


@pytest.mark.parametrize("zone", [*CHANGES])
def test_dates_before_an_instant(zone: str) -> None:
    clock, where = Clock("date", zone), zone_of(zone)
    for bound in grid(zone):
        ((_, end),) = before(clock, bound)
        assert isinstance(end, date)
        days = [calendar.local(bound, where).date() + timedelta(days=d) for d in range(-3, 4)]
        assert [day for day in days if day < end] == [day for day in days if midnight(day, where) < bound]


@pytest.mark.parametrize(("stored", "per_second"), [("seconds", 1), ("milliseconds", 1000), ("microseconds", 10**6)])
def test_epochs_before_an_instant(stored: Epoch, per_second: int) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    for bound in (epoch, epoch - MICRO, epoch + MICRO, datetime(2025, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC)):
        ((_, end),) = before(Clock(stored), bound)
        assert isinstance(end, int)
        for count in range(end - 2, end + 2):
            assert (count < end) == (epoch + timedelta(microseconds=count * 10**6 // per_second) < bound)


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York", "UTC"])
@pytest.mark.parametrize("end", [datetime.min, datetime.max])
def test_the_ends_of_the_calendar(engine: duckdb.DuckDBPyConnection, zone: str, end: datetime) -> None:
    where, least = zone_of(zone), datetime.min.replace(tzinfo=UTC)
    reach = [timedelta(hours=h) for h in (0, 1, 5, 23, 24, 30, 70)]
    edges = [end.replace(tzinfo=UTC) + (by if end == datetime.min else -by) for by in reach]
    walls, days = sorted({calendar.local(at, where) for at in edges}), sorted({at.date() for at in edges})
    for edge in edges:
        # What the calendar's last and first instants stand for cannot be told apart.
        told = [wall for wall in walls if wall not in (datetime.min, datetime.max) or zone == "UTC"]
        kinds: tuple[tuple[Clock, Sequence[Any], Callable[[Any, ZoneInfo], datetime]], ...] = (
            (Clock("timestamp", zone), told, resolve), (Clock("date", zone), days, midnight),
        )  # fmt: skip
        for clock, values, begins in kinds:
            parts = before(clock, edge)
            telling = [value for value in values if least < begins(value, where) < _LAST or zone == "UTC"]
            assert [v for v in telling if holds(parts, v)] == [v for v in telling if begins(v, where) < edge], edge
        sql = sql_text(days_until(column("wall"), edge, zone), None)
        given = [wall for wall in told if least < resolve(wall, where) <= edge]
        query = f"SELECT {sql} FROM (SELECT unnest(?::TIMESTAMP[]) AS wall)"
        found = [found for (found,) in engine.execute(query, [given]).fetchall()]
        assert found == [calendar.whole_days(resolve(wall, where), edge, where) for wall in given], edge


# --- expressions, by the engine --------------------------------------------------------------------------------------


def column(name: str) -> exp.Expr:
    return exp.column(name)


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'Asia/Kathmandu'")
    return connection


@pytest.mark.parametrize("zone", [*ZONES, "Australia/Lord_Howe"])
def test_instants_of_wall_times(engine: duckdb.DuckDBPyConnection, zone: str) -> None:
    where = zone_of(zone)
    walls = sorted({calendar.local(at, where).replace(fold=0) for at in grid(zone)})
    walls += [wall + timedelta(minutes=61) for wall in walls]
    sql = sql_text(instant(column("wall"), Clock("timestamp", zone), dialect("duckdb")), None)
    rows = engine.execute(f"SELECT wall, epoch_us({sql}) FROM (SELECT unnest(?) AS wall)", [walls]).fetchall()
    for wall, micros in rows:
        assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros) == resolve(wall, where), wall


def test_instants_of_epochs(engine: duckdb.DuckDBPyConnection) -> None:
    factors: dict[Epoch, int] = {"seconds": 10**6, "milliseconds": 1000, "microseconds": 1}
    for stored, factor in factors.items():
        sql = sql_text(instant(column("x"), Clock(stored), dialect("duckdb")), None)
        found = engine.execute(f"SELECT epoch_us({sql}) FROM (SELECT 1761391800::BIGINT AS x)").fetchone()
        assert found == (1761391800 * factor,)


@pytest.mark.sampled
@pytest.mark.parametrize("zone", CHANGES)
def test_whole_days_until_now(engine: duckdb.DuckDBPyConnection, zone: str) -> None:
    where = zone_of(zone)
    starts = [at - timedelta(days=d) for at in list(grid(zone, hours=14))[::5] for d in (0, 1, 2, 40)]
    for now in list(grid(zone, hours=3))[::5]:
        since = days_since(column("a"), Clock("timestamp"), now, zone, dialect("duckdb"))
        asked = ", ".join(sql_text(one, None) for one in (days_until(column("wall"), now, zone), since))
        given = [(at - datetime(1970, 1, 1, tzinfo=UTC)) // MICRO for at in starts]
        instants = "SELECT make_timestamptz(unnest(?::BIGINT[])) AS a"
        query = f"SELECT {asked} FROM (SELECT a, a AT TIME ZONE '{zone}' AS wall FROM ({instants}))"
        found = engine.execute(query, [given]).fetchall()
        assert found == [(calendar.whole_days(start, now, where),) * 2 for start in starts], now


@pytest.mark.sampled
@pytest.mark.parametrize("zone", CHANGES)
def test_whole_days_between(engine: duckdb.DuckDBPyConnection, zone: str) -> None:
    where = zone_of(zone)
    ends, hours = list(grid(zone, hours=5)), -(-calendar.swing(zone) // timedelta(hours=1))
    before = [timedelta(minutes=m) for m in (0, 10, 59, 61, 700)]
    before += [timedelta(hours=h) - micro for h in (hours, 24 - hours) for micro in (-MICRO, 0 * MICRO, MICRO)]
    pairs = [(end - timedelta(days=d) - less, end) for end in ends for d in (0, 1, 2) for less in before]
    spoken, (a, b) = dialect("duckdb"), (column("a"), column("b"))
    asked = days_between(a, b, zone, spoken), days_apart(a, b, Clock("timestamp"), zone, spoken)
    micros = [[(at - datetime(1970, 1, 1, tzinfo=UTC)) // MICRO for at in side] for side in zip(*pairs, strict=True)]
    found = engine.execute(
        f"SELECT {', '.join(sql_text(one, None) for one in asked)}"
        " FROM (SELECT make_timestamptz(a) AS a, make_timestamptz(b) AS b"
        " FROM (SELECT unnest(?::BIGINT[]) AS a, unnest(?::BIGINT[]) AS b))",
        micros,
    ).fetchall()
    assert found == [(calendar.whole_days(a, b, where),) * 2 for a, b in pairs]
