"""A prepared rule says at every instant what compiling says then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import Mock

import pytest

import segql
from segql import SegQLError
from segql.calendar import local_day, step, zone_of
from segql.catalog import Catalog
from segql.compiler import written
from segql.conditions import tracked
from segql.dialects import DIALECTS
from segql.prepared import MOST, forget, met
from segql.segments import NONE

from ..case_files import read_case
from ..chance.pairs import CATALOG, SEGMENTS, example
from ..meaning.test_cases import CASES, now_of

NOW = datetime(2025, 10, 31, 11, 30, tzinfo=UTC)
STEPS = (0, 1, 90, 3600, 86_399, 86_400, 7 * 86_400)


def outcome(act: Callable[[], segql.Compiled]) -> segql.Compiled | tuple[segql.Problem, ...]:
    """What comes of it, or what is wrong."""
    try:
        return act()
    except SegQLError as error:
        return error.problems


def same(prepared: segql.Prepared, rule: str, segments: segql.Segments, now: datetime) -> bool:
    """Compares the two, and says whether there is a text."""
    forget()
    wanted = outcome(
        lambda: segql.compile(rule, prepared.catalog, dialect=prepared.dialect, segments=segments, now=now)
    )
    found = outcome(lambda: prepared.at(now))
    if isinstance(wanted, tuple) or isinstance(found, tuple):
        assert found == wanted, (rule, prepared.dialect, now)
        return False
    assert found.sql == wanted.sql, (rule, prepared.dialect, now)
    assert (found.tables, found.text) == (wanted.tables, wanted.text)
    if now.second == 1:  # whose meaning is found when it is asked for
        assert found == wanted
        assert found.problems == wanted.problems
    return True


HARD = [
    # Ends of months, of a leap year's February and of years; clocks that go forward and back; nights about them.
    datetime(2026, 1, 31, 9, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 12, 31, 22, 59, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 30, tzinfo=UTC), datetime(2028, 2, 29, 12, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC),
    datetime(2029, 2, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2037, 12, 31, tzinfo=UTC), datetime(1969, 12, 30, tzinfo=UTC),
    datetime(9999, 12, 29, tzinfo=UTC),
]  # fmt: skip


@pytest.mark.parametrize("seed", [0, *(pytest.param(one, marks=pytest.mark.long) for one in range(1, 20))])
def test_random_rules_at_random_instants(seed: int, base_seed: int) -> None:
    random = Random(seed if base_seed == 1 else f"{seed} {base_seed}")
    now, _, rules = example(random)
    kept = 0
    for rule in rules:
        try:
            prepared = segql.prepare(rule, CATALOG, dialect=random.choice(list(DIALECTS)), segments=SEGMENTS)
        except SegQLError:
            continue
        for _ in range(4):
            step = random.choice((*STEPS, random.randrange(86_400), random.randrange(900 * 86_400)))
            same(prepared, rule, SEGMENTS, now + timedelta(seconds=step, microseconds=random.choice((0, 1))))
        kept += bool(prepared.forms.kept)
        for at in random.sample(HARD, 3):
            same(prepared, rule, SEGMENTS, at + timedelta(seconds=random.choice((0, 0, 1, 1800, 3600, 86_400))))
    assert kept


@pytest.mark.sampled
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_cases_in_every_dialect(dialect: str, catalog: Catalog) -> None:
    for path in CASES[list(DIALECTS).index(dialect) :: 80]:
        case = read_case(path)
        segments, now = segql.segments_from(case.sections.get("segments", "")), now_of(case)
        prepared = segql.prepare(case.sections["rule"], catalog, dialect=dialect, segments=segments)
        for later in STEPS:
            same(prepared, case.sections["rule"], segments, now + timedelta(seconds=later))


@pytest.mark.sampled
@pytest.mark.parametrize("rule", ["visited in 3d", "visited today", "visited this month", "joined in the last week"])
def test_where_clocks_change(rule: str) -> None:
    catalog = segql.catalog_from_yaml("""
timezone: Europe/Amsterdam
profiles: {table: people, key: id, properties: {joined: {type: time, zone: Europe/Amsterdam}}}
events: {visited: {table: visits, profile: person, time: {column: at, zone: Europe/Amsterdam}}}
""")
    prepared = segql.prepare(rule, catalog)
    for day in (datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)):
        for minutes in range(0, 6 * 24 * 60, 25):
            assert same(prepared, rule, segql.segments_from(""), day + timedelta(minutes=minutes))
    assert len(prepared.forms.kept) <= MOST


def test_it_is_the_text_of_before_with_other_bounds(monkeypatch: pytest.MonkeyPatch, catalog: Catalog) -> None:
    prepared = segql.prepare("opened email in 72h and never placed order in 30d", catalog)
    prepared.at(NOW)
    wanted = segql.compile("opened email in 72h and never placed order in 30d", catalog, now=NOW + timedelta(hours=1))
    monkeypatch.setattr("segql.prepared.written", None)  # nothing is planned or emitted any more
    assert prepared.at(NOW + timedelta(hours=1)).sql == wanted.sql


@pytest.mark.parametrize("rule", [
    "days since last opened email > 3", "birthday after 1 week ago", "anniversary of birthday in the next 7 days",
    "most common weekday of placed order in the last year is \"Monday\"",
    "opened email in the last 4 months then placed order within 3d not followed by clicked email within 1d",
    "opened email between 30 days and 1 month ago",
])  # fmt: skip
def test_the_text_of_before_hour_by_hour(monkeypatch: pytest.MonkeyPatch, rule: str, catalog: Catalog) -> None:
    """Ends of months, a leap day and changes of clocks among its hours; and mostly nothing is compiled anew."""
    prepared = segql.prepare(rule, catalog)
    anew = Mock(side_effect=written)
    monkeypatch.setattr("segql.prepared.written", anew)
    for month, day in ((3, 25), (10, 28), (2, 27)):
        for hours in range(0, 96, 5):
            assert same(prepared, rule, NONE, datetime(2028, month, day, tzinfo=UTC) + timedelta(hours=hours))
    assert prepared.forms.kept
    assert anew.call_count <= 20


def test_a_text_whose_bounds_are_longer_is_broken_elsewhere(catalog: Catalog) -> None:
    rule = 'was in segment "s" 1 month ago'
    segments = segql.segments_from('segment "s" = total spent in 4 months > 100 and placed order at least 3 times')
    prepared = segql.prepare(rule, catalog, segments=segments)
    for part in (0, 0, 5, 5, 0):
        assert same(prepared, rule, segments, NOW + timedelta(microseconds=part))
    assert len(prepared.forms.kept) == 2


def test_what_a_track_cannot_tell_is_compiled_as_ever() -> None:
    catalog = segql.catalog_from_yaml("""
timezone: UTC
profiles: {table: people, key: id}
events: {visited: {table: visits, profile: person, time: {column: at, stored: seconds}}}
""")
    prepared = segql.prepare("visited in 3d", catalog)
    assert same(prepared, "visited in 3d", NONE, datetime(1969, 1, 1, tzinfo=UTC))  # below zero
    assert not prepared.forms.kept
    assert same(prepared, "visited in 3d", NONE, NOW)


def test_a_window_that_has_not_begun(catalog: Catalog) -> None:
    rule = "opened email between 2025-06-01 and 2026-01-01 and never placed order since 2025-11-01"
    prepared = segql.prepare(rule, catalog)
    for days in range(-300, 300, 7):
        same(prepared, rule, segql.segments_from(""), NOW + timedelta(days=days))


def test_mistakes(catalog: Catalog) -> None:
    with pytest.raises(SegQLError):
        segql.prepare("opened email and", catalog)
    with pytest.raises(ValueError, match="unknown dialect"):
        segql.prepare("everyone", catalog, dialect="dBase")
    with pytest.raises(TypeError, match="`catalog`"):
        segql.prepare("everyone", None)  # type: ignore[arg-type]
    with pytest.raises(SegQLError):
        segql.prepare("frobnicated in 3d", catalog).at(NOW)
    with pytest.raises(ValueError, match="time zone"):
        segql.prepare("everyone", catalog).at(datetime(2026, 1, 1))


def test_a_moment_tells_no_more_than_its_track() -> None:
    track = tracked.Track(NOW)
    now = track.now
    before, day = now - timedelta(days=3), tracked.follow(local_day, now, zone_of("UTC"))
    assert before < now == before + timedelta(days=3)
    assert now - before == timedelta(days=3)
    assert NOW + timedelta(1) > now > NOW - timedelta(1)
    assert len({now, before, track.now}) == 2
    assert now != day
    assert (now - before) != now
    with pytest.raises(TypeError):
        _ = now < day
    assert tracked.told(max, (now, before)) == NOW
    for ask in (
        lambda: now.year, lambda: now.astimezone(UTC), lambda: f"{now}", lambda: str(now), now.isoformat, now.timestamp,
        lambda: day.month, day.toordinal, lambda: now.tzinfo, now.date, lambda: (now - before).days,
        lambda: now < tracked.Track(NOW).now, lambda: {now: 1}[tracked.Track(NOW).now],
    ):  # fmt: skip
        with pytest.raises(tracked.Untold):
            ask()


def test_a_track_goes_the_same_way_or_none() -> None:
    track = tracked.Track(NOW)
    month: Any = tracked.follow(step, track.now, -1, "mo", zone_of("UTC"))
    assert month < track.now - timedelta(days=30)  # October has 31 days
    for days in range(800):
        at = NOW + timedelta(days=days)
        values = track.at(at)
        back = step(at, -1, "mo", zone_of("UTC"))
        assert (values is not None) == (back < at - timedelta(days=30)), at
        assert values is None or values[month.place] == back
    assert track.at(datetime.min.replace(tzinfo=UTC)) is None


def test_what_fails_on_the_way_leaves_a_track_good_for_nothing() -> None:
    track = tracked.Track(NOW)
    with pytest.raises(OverflowError):
        track.now + timedelta(days=4_000_000)
    assert track.failed


@pytest.mark.parametrize("dialect", ["duckdb", "bigquery"])
def test_a_text_met_before_is_compiled_to_the_same(dialect: str, catalog: Catalog) -> None:
    for path in CASES[list(DIALECTS).index(dialect) :: 40]:
        case = read_case(path)
        rule, segments = case.sections["rule"], segql.segments_from(case.sections.get("segments", ""))

        def at(now: datetime) -> segql.Compiled | tuple[segql.Problem, ...]:
            return outcome(lambda: segql.compile(rule, catalog, dialect=dialect, segments=segments, now=now))  # noqa: B023

        nows = [now_of(case) + timedelta(seconds=later) for later in (0, 0, 0, 90, 86_400, 40 * 86_400, 0)]
        again = list(map(at, nows))
        for now, one in zip(nows, again, strict=True):
            forget()
            other = at(now)
            assert one == other, path
            if isinstance(one, segql.Compiled) and isinstance(other, segql.Compiled):
                assert (one.problems, one.meaning.bound) == (other.problems, other.meaning.bound)


def test_of_few_texts_something_is_remembered() -> None:
    """Nothing where it never fits, and neither a catalog nor segments are taken for others that are equal."""
    forget()
    twin = CATALOG.model_copy(update={})
    for catalog in (CATALOG, twin, CATALOG):
        for _ in range(3):
            segql.compile("placed order in 7d", catalog, segments=SEGMENTS, now=NOW)
    assert met("placed order in 7d", CATALOG, "duckdb", SEGMENTS).prepared is not None
    assert met("placed order in 7d", CATALOG, "duckdb", NONE).prepared is None
    assert met("placed order in 8d", CATALOG, "duckdb", SEGMENTS).prepared is None
