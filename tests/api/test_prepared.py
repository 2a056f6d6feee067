"""A prepared rule says at every instant what compiling says then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

import segql
from segql import SegQLError
from segql.catalog import Catalog
from segql.conditions import tracked
from segql.dialects import DIALECTS
from segql.prepared import MOST

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
    wanted = outcome(
        lambda: segql.compile(rule, prepared.catalog, dialect=prepared.dialect, segments=segments, now=now)
    )
    found = outcome(lambda: prepared.at(now))
    if isinstance(wanted, tuple) or isinstance(found, tuple):
        assert found == wanted, (rule, prepared.dialect, now)
        return False
    assert found.sql == wanted.sql, (rule, prepared.dialect, now)
    assert (found.tables, found.text, found.problems) == (wanted.tables, wanted.text, wanted.problems)
    assert (found.meaning.bound, found.meaning.optimized) == (wanted.meaning.bound, wanted.meaning.optimized)
    return True


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(one, marks=pytest.mark.long) for one in range(3, 60))])
def test_random_rules_at_random_instants(seed: int) -> None:
    random = Random(seed)
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
        kept += any(prepared.forms.values())
    assert kept


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_cases_in_every_dialect(dialect: str, catalog: Catalog) -> None:
    for path in CASES[list(DIALECTS).index(dialect) :: 40]:
        case = read_case(path)
        segments, now = segql.segments_from(case.sections.get("segments", "")), now_of(case)
        prepared = segql.prepare(case.sections["rule"], catalog, dialect=dialect, segments=segments)
        for step in STEPS:
            same(prepared, case.sections["rule"], segments, now + timedelta(seconds=step))


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
    assert len(prepared.forms) <= MOST


def test_it_is_the_text_of_before_with_other_bounds(monkeypatch: pytest.MonkeyPatch, catalog: Catalog) -> None:
    prepared = segql.prepare("opened email in 72h and never placed order in 30d", catalog)
    prepared.at(NOW)
    wanted = segql.compile("opened email in 72h and never placed order in 30d", catalog, now=NOW + timedelta(hours=1))
    monkeypatch.setattr("segql.prepared.written", None)  # nothing is planned or emitted any more
    assert prepared.at(NOW + timedelta(hours=1)).sql == wanted.sql


def test_what_depends_on_more_than_order_is_compiled_as_ever(catalog: Catalog) -> None:
    rule = "days since last opened email > 3"
    prepared = segql.prepare(rule, catalog)
    for step in STEPS:
        assert same(prepared, rule, segql.segments_from(""), NOW + timedelta(seconds=step))
    assert not any(prepared.forms.values())


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


def test_a_moment_tells_its_order_alone() -> None:
    track = tracked.Track([NOW, NOW - timedelta(days=3), date(2026, 1, 1), NOW])
    now, before, day, again = (tracked.placed(place, track) for place in range(4))
    assert before < now == again
    assert len({now, before, again}) == 2
    assert now - before == timedelta(days=3)
    assert track.lengths == {(0, 1): timedelta(days=3)}
    for ask in (
        lambda: now.year, lambda: now + timedelta(1), lambda: timedelta(1) + now, lambda: now.astimezone(UTC),
        lambda: now - timedelta(1), lambda: now - NOW, lambda: NOW - now, lambda: now < NOW, lambda: now == NOW,
        lambda: f"{now}", lambda: str(now), now.isoformat, now.timestamp, lambda: day.month,
        lambda: day - date(2025, 1, 1), lambda: day == date(2026, 1, 1), day.toordinal, lambda: now.tzinfo,
        lambda: {NOW: 1}.get(now), lambda: max(now, NOW), now.date, lambda: day - day,
    ):  # fmt: skip
        with pytest.raises(tracked.Untold):
            ask()
