"""Windows of dates, of times, and of consent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import segql
from segql.catalog import Catalog
from segql.conditions import Days

from .instants import NOW, codes, instants, utc, window


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


@pytest.mark.parametrize("length", ["1 day", "3 days", "2 weeks", "1 month", "11 months"])
@pytest.mark.parametrize("now", ["2024-03-31T10:00", "2024-02-29T23:30", "2025-01-01T00:00"])
def test_the_day_of_birth_in_days_that_move_on_is_what_is_offered(length: str, now: str) -> None:
    """`birthday in the last 3 days` is an error that shows the anniversary, and these two conditions."""
    after, before = window(f"born after {length} ago", utc(now)), window("born before tomorrow", utc(now))
    assert isinstance(after, Days)
    assert isinstance(before, Days)
    assert window(f"born in the last {length}", utc(now)) == Days(after.start, before.end)


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


@pytest.mark.parametrize(
    ("moment", "nobody"),
    [
        ("after today", True), ("after tomorrow", True), ("after 3 days from now", True),
        ("after 0 days from now", True), ("since tomorrow", True), ("since 1 month from now", True),
        ("since 0 days from now", False), ("since today", False), ("after yesterday", False),
    ],
)  # fmt: skip
def test_after_which_days_nobody_was_born(moment: str, nobody: bool, catalog: Catalog) -> None:
    """A hint says so; on the day of `now` somebody may have been."""
    problems = segql.compile(f"birthday {moment}", catalog, now=utc("2025-11-28T10:00")).problems
    assert any(one.code == "not-each-year" for one in problems) is nobody
