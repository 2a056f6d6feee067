"""Windows of events, on days of 23 and 25 hours too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segql.conditions import Interval

from .instants import NOW, ZONES, instants, utc, window


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", f".. {NOW}"),
        ("ever", f".. {NOW}"),
        ("over all time", f".. {NOW}"),
        # exact lengths, and calendar lengths over the end of summer time (26 October)
        ("in 90s", f"2025-11-28T10:58:30 .. {NOW}"),
        ("in 90min", f"2025-11-28T09:30 .. {NOW}"),
        ("in 72h", f"2025-11-25T11:00 .. {NOW}"),
        ("in the last 72 hours", f"2025-11-25T11:00 .. {NOW}"),
        ("over the last 3 days", f"2025-11-25T11:00 .. {NOW}"),
        ("less than 3 days ago", f"2025-11-25T11:00 .. {NOW}"),
        ("in 33d", f"2025-10-26T11:00 .. {NOW}"),
        ("in 34d", f"2025-10-25T10:00 .. {NOW}"),
        ("in 5w", f"2025-10-24T10:00 .. {NOW}"),
        ("in 2mo", f"2025-09-28T10:00 .. {NOW}"),
        ("in the last month", f"2025-10-28T11:00 .. {NOW}"),
        ("in 1y", f"2024-11-28T11:00 .. {NOW}"),
        ("in recently", f"2025-07-28T10:00 .. {NOW}"),
        ("in 0d", f"{NOW} .. {NOW}"),
        ("more than 34 days ago", ".. 2025-10-25T10:00"),
        ("more than recently ago", ".. 2025-07-28T10:00"),
        ("between 4 and 13 months ago", "2024-10-28T11:00 .. 2025-07-28T10:00"),
        ("between 13 and 4 months ago", "2024-10-28T11:00 .. 2025-07-28T10:00"),
        ("between 2 weeks and 3 days ago", "2025-11-14T11:00 .. 2025-11-25T11:00"),
        ("between 36 hours and 1 month ago", "2025-10-28T11:00 .. 2025-11-26T23:00"),
        ("between recently and 1y ago", "2024-11-28T11:00 .. 2025-07-28T10:00"),
        # calendar periods end at now; the day begins at midnight in Amsterdam
        ("today", f"2025-11-27T23:00 .. {NOW}"),
        ("yesterday", "2025-11-26T23:00 .. 2025-11-27T23:00"),
        ("this week", f"2025-11-23T23:00 .. {NOW}"),
        ("last week", "2025-11-16T23:00 .. 2025-11-23T23:00"),
        ("this month", f"2025-10-31T23:00 .. {NOW}"),
        ("last month", "2025-09-30T22:00 .. 2025-10-31T23:00"),
        ("this quarter", f"2025-09-30T22:00 .. {NOW}"),
        ("last quarter", "2025-06-30T22:00 .. 2025-09-30T22:00"),
        ("this year", f"2024-12-31T23:00 .. {NOW}"),
        ("last year", "2023-12-31T23:00 .. 2024-12-31T23:00"),
        # moments: a date is its whole local day, 25 hours of it on 26 October
        ("before 2025-10-26", ".. 2025-10-25T22:00"),
        ("since 2025-10-26", f"2025-10-25T22:00 .. {NOW}"),
        ("after 2025-10-26", f"2025-10-26T23:00 .. {NOW}"),
        ("on 2025-10-26", "2025-10-25T22:00 .. 2025-10-26T23:00"),
        ("since launch", f"2025-10-25T22:00 .. {NOW}"),
        ("on yesterday", "2025-11-26T23:00 .. 2025-11-27T23:00"),
        ("on today", f"2025-11-27T23:00 .. {NOW}"),
        ("before today", ".. 2025-11-27T23:00"),
        ("before tomorrow", f".. {NOW}"),
        ("since the day 34 days ago", f"2025-10-24T22:00 .. {NOW}"),
        ("on the day 33 days ago", "2025-10-25T22:00 .. 2025-10-26T23:00"),
        ("since 34 days ago", f"2025-10-25T10:00 .. {NOW}"),
        ("before 34 days ago", ".. 2025-10-25T10:00"),
        ("after 34 days ago", f"2025-10-25T10:00:00.000001 .. {NOW}"),
        # times: 02:30 happened twice on 26 October (the earlier counts), never on 30 March (it moves to 03:30)
        ("since 2025-10-26T02:30", f"2025-10-26T00:30 .. {NOW}"),
        ("since opening", f"2025-10-26T00:30 .. {NOW}"),
        ("since 2025-10-26T02:30+01:00", f"2025-10-26T01:30 .. {NOW}"),
        ("before 2025-03-30T02:30", ".. 2025-03-30T01:30"),
        ("after 2025-03-30T02:30Z", f"2025-03-30T02:30:00.000001 .. {NOW}"),
        ("between 2025-10-25 and 2025-10-26", "2025-10-24T22:00 .. 2025-10-26T23:00"),
        ("between 2025-10-26 and 2025-10-26", "2025-10-25T22:00 .. 2025-10-26T23:00"),
        ("between launch and yesterday", "2025-10-25T22:00 .. 2025-11-27T23:00"),
        ("between launch and launch", "2025-10-25T22:00 .. 2025-10-26T23:00"),
        ("between 2025-10-26T02:30 and 2025-10-26T03:30", "2025-10-26T00:30 .. 2025-10-26T02:30"),
        ("between 34 days ago and 3 days ago", "2025-10-25T10:00 .. 2025-11-25T11:00"),
        ("between the day 3 days ago and today", f"2025-11-24T23:00 .. {NOW}"),
        # nothing at or after now exists; an empty window is [now, now)
        ("since tomorrow", f"{NOW} .. {NOW}"),
        ("since 2026-01-01", f"{NOW} .. {NOW}"),
        ("after today", f"{NOW} .. {NOW}"),
        ("before 2026-01-01", f".. {NOW}"),
        ("between 2025-11-01 and 9999-12-31", f"2025-10-31T23:00 .. {NOW}"),
        ("since 3 days from now", f"{NOW} .. {NOW}"),
        ("between 2025-11-28T11:00Z and 2025-11-28T11:00Z", f"{NOW} .. {NOW}"),
    ],
)
def test_windows_of_events(said: str, expected: str) -> None:
    assert window(f"bought {said}") == instants(expected)
    if "recently" not in said and "launch and launch" not in said:  # of a list these names are no windows
        assert window(f"joined list News {said or 'ever'}") == instants(expected)
    if said:
        assert window(f"last bought {said}") == instants(expected)
    assert window(f"any of (bought, seen it) {said}") == instants(expected)


@pytest.mark.parametrize(
    ("now", "said", "expected"),
    [
        # 31 March minus a month is the end of February, and not a step of a step
        ("2025-03-31T10:00", "in 1mo", "2025-02-28T11:00 .. 2025-03-31T10:00"),
        ("2024-03-31T10:00", "in 1mo", "2024-02-29T11:00 .. 2024-03-31T10:00"),
        ("2025-03-31T10:00", "in 2mo", "2025-01-31T11:00 .. 2025-03-31T10:00"),
        ("2025-03-31T10:00", "between 1 and 2 months ago", "2025-01-31T11:00 .. 2025-02-28T11:00"),
        ("2024-02-29T12:00", "in 1y", "2023-02-28T12:00 .. 2024-02-29T12:00"),
        ("2024-02-29T12:00", "in 4y", "2020-02-29T12:00 .. 2024-02-29T12:00"),
        ("2025-03-31T10:00", "last month", "2025-01-31T23:00 .. 2025-02-28T23:00"),
        # noon on the day the clocks went forward: a day ago is 23 hours, 24 hours are 24
        ("2025-03-30T10:00", "in 1d", "2025-03-29T11:00 .. 2025-03-30T10:00"),
        ("2025-03-30T10:00", "in 24h", "2025-03-29T10:00 .. 2025-03-30T10:00"),
        ("2025-03-30T10:00", "today", "2025-03-29T23:00 .. 2025-03-30T10:00"),
        # back: 25 hours
        ("2025-10-26T11:00", "in 1d", "2025-10-25T10:00 .. 2025-10-26T11:00"),
        ("2025-10-27T11:00", "yesterday", "2025-10-25T22:00 .. 2025-10-26T23:00"),
        # a step into the skipped hour moves forward, one into the repeated hour is the earlier instant
        ("2025-03-31T00:30", "in 1d", "2025-03-30T01:30 .. 2025-03-31T00:30"),
        ("2025-10-27T01:30", "in 1d", "2025-10-26T00:30 .. 2025-10-27T01:30"),
        # in the repeated hour itself, its second turn
        ("2025-10-26T01:30", "in 1d", "2025-10-25T00:30 .. 2025-10-26T01:30"),
        ("2025-10-26T01:30", "in 1h", "2025-10-26T00:30 .. 2025-10-26T01:30"),
        # now at midnight: today is empty, and yesterday whole
        ("2025-11-27T23:00", "today", "2025-11-27T23:00 .. 2025-11-27T23:00"),
        ("2025-11-27T23:00", "yesterday", "2025-11-26T23:00 .. 2025-11-27T23:00"),
        ("2025-11-27T22:59:59.999999", "today", "2025-11-26T23:00 .. 2025-11-27T22:59:59.999999"),
        ("2025-10-31T23:00", "this month", "2025-10-31T23:00 .. 2025-10-31T23:00"),
        ("2025-12-31T23:30", "last year", "2024-12-31T23:00 .. 2025-12-31T23:00"),
        ("2025-11-30T23:00", "last week", "2025-11-23T23:00 .. 2025-11-30T23:00"),
        ("2025-11-30T22:59", "last week", "2025-11-16T23:00 .. 2025-11-23T23:00"),
        ("2025-01-15T12:00", "last quarter", "2024-09-30T22:00 .. 2024-12-31T23:00"),
    ],
)  # fmt: skip
def test_windows_on_odd_days(now: str, said: str, expected: str) -> None:
    assert window(f"bought {said}", utc(now)) == instants(expected)


@pytest.mark.parametrize(
    ("zone", "now", "said", "expected"),
    [
        ("UTC", "2025-11-28T11:00", "today", "2025-11-28 .. 2025-11-28T11:00"),
        # Brazil skipped midnight on 4 November 2018: the day began at 01:00
        ("America/Sao_Paulo", "2018-11-04T12:00", "today", "2018-11-04T03:00 .. 2018-11-04T12:00"),
        ("America/Sao_Paulo", "2018-11-05T12:00", "on 2018-11-04", "2018-11-04T03:00 .. 2018-11-05T02:00"),
        # Samoa had no 30 December 2011
        ("Pacific/Apia", "2011-12-31T12:00", "on 2011-12-30", "2011-12-30T10:00 .. 2011-12-30T10:00"),
        # Cairo repeats the hour before midnight: the day ends after the second turn
        ("Africa/Cairo", "2025-11-01T12:00", "on 2025-10-30", "2025-10-29T21:00 .. 2025-10-30T22:00"),
        ("Asia/Kathmandu", "2025-11-28T11:00", "today", "2025-11-27T18:15 .. 2025-11-28T11:00"),
    ],
)
def test_windows_of_other_zones(zone: str, now: str, said: str, expected: str) -> None:
    found = window(f"bought {said}", utc(now), ZONES[zone])
    wanted = instants(expected)
    if wanted.start == wanted.end:
        assert isinstance(found, Interval)
        assert found.start == found.end
    else:
        assert found == wanted


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 800), st.integers(0, 800))
def test_neighbouring_windows_tile(wall: datetime, near: int, far: int) -> None:
    now = wall.replace(tzinfo=UTC)
    near, far = sorted((near, far))
    last, between = window(f"bought in {near}d", now), window(f"bought between {near} and {far} days ago", now)
    older = window(f"bought more than {far} days ago", now)
    assert isinstance(last, Interval)
    assert isinstance(between, Interval)
    assert last.end == now
    if near != far:
        assert between.end == last.start
        assert older.end == between.start
    for unit in ("week", "month", "quarter", "year"):
        this, before = window(f"bought this {unit}", now), window(f"bought last {unit}", now)
        assert isinstance(before, Interval)
        assert this.start == before.end or this == Interval(now, now)
