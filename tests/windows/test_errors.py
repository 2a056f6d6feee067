"""Windows that cannot be, and those at the edges of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

import segql
from segql.arguments import instant
from segql.catalog import Catalog
from segql.conditions import Interval
from segql.errors import SegQLError
from segql.evaluator import Shop

from .instants import CATALOG, NOON, ZONES, codes, window


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
    for rule in [*(f"bought {s}" for s in SAID), *(f"{p} {s}" for p in ("renewal", "seen") for s in SAID[1:] + AHEAD)]:
        try:
            found = window(
                rule.replace(" in 3h", " in the last 3h").replace(" in 1y", " in the last 1y"), instant(now), catalog
            )
        except SegQLError as error:
            assert {p.code for p in error.problems} == {"bad-window"}, rule  # noqa: PT017
        else:
            assert found.start is None or found.end is None or found.start <= found.end, rule


MEASURED = [
    "days since first bought > 3",
    "days since last bought <= 3",
    "days since last bought > 2 x days between bought",
    "bought where days since previous <= 1",
    "bought in at least 2 of the last 3 weeks",
    "bought then bought within 3d",
    "bought not followed by bought within 300000w",
    "joined list News in 99999999y",
    "can receive sms and anniversary of born this week",
    'was in segment "S" 3d ago',
    'was in segment "S" 9000y ago',
    'entered segment "S" in 3h',
]
"""What counts from `now` in other ways than by one window."""


@pytest.mark.sampled
@pytest.mark.parametrize("now", [*EDGES, datetime(9999, 12, 31, 12, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)])
@pytest.mark.parametrize("catalog", [CATALOG, ZONES["UTC"], ZONES["Pacific/Apia"]], ids=["Amsterdam", "UTC", "Apia"])
def test_at_the_edges_of_time_every_function_answers_or_says_what_is_wrong(now: datetime, catalog: Catalog) -> None:
    segments = segql.segments_from('segment "S" = (bought in 3d and days since last bought > 1) or renewal today')
    times = [instant(EDGES[0]), instant(EDGES[1]), NOON]
    shop = Shop(
        [{"key": 1, "born": date.min, "renewal": date.max}, {"key": 2, "seen": times[1]}],
        {"bought": [{"profile": key, "time": time} for key in (1, 2) for time in times[:key]]},
    )
    for rule in [*MEASURED, *(f"bought {said}" for said in SAID[::3])]:
        problems = segql.check(rule, catalog, now=now, segments=segments)
        for ask in (
            lambda rule=rule: segql.compile(rule, catalog, now=now, segments=segments),
            lambda rule=rule: segql.describe(rule, catalog, now=now, segments=segments),
            lambda rule=rule: segql.evaluate(rule, catalog, shop, now=now, segments=segments),
        ):
            try:
                assert ask() is not None
            except SegQLError as error:
                assert {p.code for p in error.problems} == {"bad-window"} == {p.code for p in problems}, rule  # noqa: PT017
