"""Windows become constants: every kind, on the days when calendars are odd."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segql import binder
from segql.catalog import Catalog, catalog_from_yaml
from segql.conditions import Consent, Days, EdgeOccurrence, FieldWithin, InList, Interval, Occurs
from segql.errors import SegQLError
from segql.parser import parse_rule

AMSTERDAM = """
timezone: Europe/Amsterdam
profiles:
  table: people
  key: id
  properties: {born: date, renewal: date, seen: time, name: text}
events:
  bought: {table: orders, profile: person, time: at}
  answered: {table: answers, profile: person}
  seen it: {any of: [bought]}
channels:
  sms: {table: consent, profile: person, receives when: yes_, time: at}
lists:
  News: {table: members, profile: person, time: at}
constants: {recently: 4 months, launch: 2025-10-26, opening: 2025-10-26T02:30, n: 3}
"""
CATALOG = catalog_from_yaml(AMSTERDAM)
NOON = datetime(2025, 11, 28, 11, tzinfo=UTC)
"""Noon on a Friday in Amsterdam."""

ZONES = {
    zone: catalog_from_yaml(AMSTERDAM.replace("Europe/Amsterdam", zone))
    for zone in ("UTC", "America/Sao_Paulo", "Pacific/Apia", "Africa/Cairo", "Asia/Kathmandu")
}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def instants(text: str | None) -> Interval:
    """`2025-11-01 .. 2025-11-02T03:00`, in UTC, either end left out."""
    start, end = (part.strip() for part in (text or "..").split(".."))
    return Interval(utc(start) if start else None, utc(end) if end else None)


def window(rule: str, now: datetime = NOON, catalog: Catalog = CATALOG) -> Interval | Days:
    match binder.bind(parse_rule(rule), catalog, now).rule:
        case Occurs(of=of):
            return of.window
        case EdgeOccurrence(window=found) | InList(window=found) | FieldWithin(window=found):
            return found
        case Consent(window=found) if found is not None:
            return found
        case other:
            raise AssertionError(other)


def codes(rule: str, now: datetime = NOON, catalog: Catalog = CATALOG) -> list[str]:
    with pytest.raises(SegQLError) as caught:
        binder.bind(parse_rule(rule), catalog, now)
    assert all(str(p) and p.span.text for p in caught.value.problems)
    return [p.code for p in caught.value.problems]


# --- events ----------------------------------------------------------------------------------------------------------

NOW = "2025-11-28T11:00"


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


# --- properties ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        # (today - N, today] and [today, today + N)
        ("in the last 30 days", "2025-10-30", "2025-11-29"),
        ("less than 30 days ago", "2025-10-30", "2025-11-29"),
        ("in the last month", "2025-10-29", "2025-11-29"),
        ("in the last 1d", "2025-11-28", "2025-11-29"),
        ("in the last recently", "2025-07-29", "2025-11-29"),
        ("in the next 14 days", "2025-11-28", "2025-12-12"),
        ("in the next month", "2025-11-28", "2025-12-28"),
        ("more than 30 days ago", None, "2025-10-30"),
        ("between 4 and 13 months ago", "2024-10-29", "2025-07-29"),
        ("between 13 and 4 months ago", "2024-10-29", "2025-07-29"),
        # whole periods, also what of them lies ahead
        ("today", "2025-11-28", "2025-11-29"),
        ("yesterday", "2025-11-27", "2025-11-28"),
        ("tomorrow", "2025-11-29", "2025-11-30"),
        ("this week", "2025-11-24", "2025-12-01"),
        ("next week", "2025-12-01", "2025-12-08"),
        ("last week", "2025-11-17", "2025-11-24"),
        ("this month", "2025-11-01", "2025-12-01"),
        ("next month", "2025-12-01", "2026-01-01"),
        ("this quarter", "2025-10-01", "2026-01-01"),
        ("next quarter", "2026-01-01", "2026-04-01"),
        ("next year", "2026-01-01", "2027-01-01"),
        ("before 2025-10-26", None, "2025-10-26"),
        ("since 2025-10-26", "2025-10-26", None),
        ("after 2025-10-26", "2025-10-27", None),
        ("on 2025-10-26", "2025-10-26", "2025-10-27"),
        ("since launch", "2025-10-26", None),
        ("before 18 years ago", None, "2007-11-28"),
        ("since 3 days from now", "2025-12-01", None),
        ("on the day 3 days ago", "2025-11-25", "2025-11-26"),
        ("between 2025-01-01 and 2025-01-31", "2025-01-01", "2025-02-01"),
        ("between 3 days ago and tomorrow", "2025-11-25", "2025-11-30"),
        ("between launch and today", "2025-10-26", "2025-11-29"),
        ("between 2025-01-01 and 9999-12-31", "2025-01-01", None),
        ("on 9999-12-31", "9999-12-31", None),
        ("ever", None, None),
    ],
)
def test_windows_of_date_only_properties(said: str, start: str | None, end: str | None) -> None:
    expected = Days(date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None)
    assert window(f"renewal {said}") == expected
    assert window(f"renewal is {said}") == expected


def test_today_of_a_date_only_property_is_the_local_day() -> None:
    late = utc("2025-11-27T23:00")  # midnight in Amsterdam
    assert window("born today", late) == Days(date(2025, 11, 28), date(2025, 11, 29))
    assert window("born today", late - timedelta(microseconds=1)) == Days(date(2025, 11, 27), date(2025, 11, 28))
    assert window("born in the last month", utc("2024-03-31T10:00")) == Days(date(2024, 3, 1), date(2024, 4, 1))
    assert window("born in the last year", utc("2024-02-29T10:00")) == Days(date(2023, 3, 1), date(2024, 3, 1))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("in the last 72h", f"2025-11-25T11:00 .. {NOW}"),
        ("in the next 72h", f"{NOW} .. 2025-12-01T11:00"),
        ("in the next 2 months", f"{NOW} .. 2026-01-28T11:00"),
        ("today", "2025-11-27T23:00 .. 2025-11-28T23:00"),
        ("tomorrow", "2025-11-28T23:00 .. 2025-11-29T23:00"),
        ("this week", "2025-11-23T23:00 .. 2025-11-30T23:00"),
        ("next month", "2025-11-30T23:00 .. 2025-12-31T23:00"),
        ("since 2025-10-26", "2025-10-25T22:00 .."),
        ("after 2025-10-26", "2025-10-26T23:00 .."),
        ("after 2025-10-26T12:00Z", "2025-10-26T12:00:00.000001 .."),
        ("before 2026-10-26", ".. 2026-10-25T23:00"),
        ("on 2025-10-26", "2025-10-25T22:00 .. 2025-10-26T23:00"),
        ("between 2025-10-26 and 2025-10-26", "2025-10-25T22:00 .. 2025-10-26T23:00"),
        ("more than 1 day ago", ".. 2025-11-27T11:00"),
        # comparisons with a date mean its whole local day
        ("= 2025-10-26", "2025-10-25T22:00 .. 2025-10-26T23:00"),
        ("is 2025-10-26", "2025-10-25T22:00 .. 2025-10-26T23:00"),
        ("> 2025-10-26", "2025-10-26T23:00 .."),
        (">= 2025-10-26", "2025-10-25T22:00 .."),
        ("< launch", ".. 2025-10-25T22:00"),
        ("at most 2025-10-26", ".. 2025-10-26T23:00"),
    ],
)
def test_windows_of_time_properties(said: str, expected: str) -> None:
    assert window(f"seen {said}") == instants(expected)


def test_windows_of_consent_hold_records_of_the_whole_day() -> None:
    assert window("can receive sms today") == instants("2025-11-27T23:00 .. 2025-11-28T23:00")
    assert window("can receive sms in 72h") == instants(f"2025-11-25T11:00 .. {NOW}")
    assert codes("can receive sms in the next 3 days") == ["future-window"]


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("bought in the next 14 days", "future-window"),
        ("bought tomorrow", "future-window"),
        ("bought next week", "future-window"),
        ("joined list News next month", "future-window"),
        ("last bought next year", "future-window"),
        ("number of bought in the next 3 days > 1", "future-window"),
        ("bought on 2025-10-26T10:00", "bad-window"),
        ("bought on 3 days ago", "bad-window"),
        ("bought between 3 days ago and today", "bad-window"),
        ("bought between launch and opening", "bad-window"),
        ("renewal in the last 5h", "bad-window"),
        ("renewal since opening", "bad-window"),
        ("bought on the day 5 hours ago", "bad-window"),
        ("renewal in 14 days", "past-or-future"),
        ("seen in 14 days", "past-or-future"),
        ("renewal in recently", "past-or-future"),
        ("bought between 2025-10-26 and 2025-10-25", "descending"),
        ("bought between today and yesterday", "descending"),
        ("renewal between 2025-10-26 and 2025-10-25", "descending"),
        ("bought between 3 days ago and 4 days ago", "descending"),
        ("bought in n", "wrong-type"),
        ("bought since recently", "wrong-type"),
        ("bought in nothing", "unknown-name"),
        ("bought since nothing", "unknown-name"),
        ("name in the last 3 days", "wrong-type"),
        ("answered in 3d", "no-time"),
        ("answered today", "no-time"),
        ("any of (bought, answered) in 3d", "no-time"),
        ("any of (bought, answered)", "no-time"),
        ("last answered in 3d", "no-time"),
        # beyond the years 1 to 9999
        ("bought in 10000 years", "bad-window"),
        ("bought in 9999999999d", "bad-window"),
        ("bought in 99999999999999999999999999h", "bad-window"),
        ("bought more than 10000y ago", "bad-window"),
        ("bought since 2026 years ago", "bad-window"),
        ("renewal in the next 10000 years", "bad-window"),
        ("renewal after 9999-12-31", "bad-window"),
        ("seen after 9999-12-31", "bad-window"),
        ("seen after 9999-12-31T23:59:59.999999Z", "bad-window"),
        ("seen > 9999-12-31", "bad-window"),
    ],
)
def test_windows_that_cannot_be(rule: str, code: str) -> None:
    assert codes(rule) == [code]


def test_an_event_without_time_takes_no_window_but_ever() -> None:
    assert window("answered") == window("answered ever") == Interval(None, None)


EDGES = [
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=12))),
]
SAID = [
    "in 3d",
    "in 3h",
    "in 1y",
    "more than 3d ago",
    "between 1 and 2 months ago",
    "today",
    "yesterday",
    "this week",
    "last week",
    "this month",
    "last quarter",
    "this year",
    "last year",
    "since today",
    "after today",
    "before yesterday",
    "on yesterday",
    "since 3 days ago",
    "on the day 3 days ago",
    "between 2025-01-01 and 9999-12-31",
    "since 0001-01-01",
    "before 0001-01-01T00:00",
    "since 3 days from now",
    "after 3 days from now",
]
AHEAD = ["tomorrow", "in the next 3 days", "next week", "next month", "next quarter", "next year"]


@pytest.mark.parametrize("now", EDGES)
@pytest.mark.parametrize("catalog", [CATALOG, *ZONES.values()], ids=["Europe/Amsterdam", *ZONES])
def test_at_the_edges_of_time_there_is_a_window_or_an_error(now: datetime, catalog: Catalog) -> None:
    from segql.compiler import instant

    for rule in [*(f"bought {s}" for s in SAID), *(f"{p} {s}" for p in ("renewal", "seen") for s in SAID[1:] + AHEAD)]:
        try:
            found = window(
                rule.replace(" in 3h", " in the last 3h").replace(" in 1y", " in the last 1y"), instant(now), catalog
            )
        except SegQLError as error:
            assert {p.code for p in error.problems} == {"bad-window"}, rule  # noqa: PT017
        else:
            assert found.start is None or found.end is None or found.start <= found.end, rule  # type: ignore[operator]
