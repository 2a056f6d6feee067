"""The segments that a profile is in: as the evaluator says, now and at every instant since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import segql
from segql import Project, Segments, segments_from
from segql.answers.memberships import memberships_text
from segql.calendar import midnight, step, zone_of
from segql.catalog import Catalog
from segql.errors import SegQLError
from segql.evaluator import Shop
from segql.insights import Membership, Memberships, segments_of
from segql.insights.memberships import segments_by_rows
from segql.insights.why.model import Next, Since
from segql.warehouse import open_dbapi

from ..chance.pairs import CATALOG, SEGMENTS, case
from ..engines import SQLite, stored
from ..engines.duckdb import DuckDB
from ..engines.postgres import Postgres
from ..worlds.shops import LENGTHS
from .test_by_chance import by_chance, inhabited, often, timely

MICROSECOND, HOUR = timedelta(microseconds=1), timedelta(hours=1)


def example(random: Random) -> tuple[Shop, Any, Project]:
    """A shop, somebody in it, and saved segments: random ones, and such as time changes."""
    now, shop, rules = inhabited(random)
    texts = [*rules[:6], *(timely(random) for _ in range(8))]
    text = "\n".join(f'segment "{number}" = {text}' for number, text in enumerate(texts))
    segments = segments_from(text)
    every = Segments({**SEGMENTS.segments, **segments.segments}, {**SEGMENTS.values, **segments.values})
    return shop, random.choice(shop.profiles)["key"], Project(CATALOG, every, now=now)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_date_is_cut_off(width: int) -> None:
    at, later = datetime(2021, 11, 22, 10, tzinfo=UTC), datetime(2028, 11, 22, 10, tzinfo=UTC)
    inside = [
        Membership("Bought nothing in any of our stores", Since(None, at), Next(None, later, (), ""), ()),
        Membership("New", Since(at, None), Next(later, None, (), ""), ()),
    ]
    found = Memberships("c1", later, 3, tuple(inside), (("A birthday", Next(later, None, (), "")),))
    lines = memberships_text(found, ZoneInfo("Europe/Amsterdam"), width).splitlines()
    hour = " 11:00" if width >= 100 else ""
    assert sum(line.count(f"2028-11-22{hour}") for line in lines) == 3
    assert sum(line.count(f"2021-11-22{hour}") for line in lines) == 2
    assert max(map(len, lines)) <= width


def member(name: str, project: Project, shop: Shop, key: Any, now: datetime | None = None) -> bool:
    at = now or project.instant()
    return segql.holds(project.segments[name], project.catalog, shop, key, now=at, segments=project.segments)


@often(3, 200)
def test_they_are_in_since_then_and_were_out_just_before(examples: int) -> None:
    def check(random: Random) -> None:
        shop, key, project = example(random)
        found = segments_by_rows(project, shop, key)
        broken = len(list(project.segments)) - found.segments
        assert broken <= len(found.problems)
        inside = {one.segment for one in found.inside}
        for name in project.segments:
            try:
                assert member(name, project, shop, key) == (name in inside), said(name, project, shop, key)
            except SegQLError:
                assert broken
        for one in found.inside:
            since_then(one, project, shop, key, random)
        times = [then.at for _, then in found.coming]
        assert times == sorted(time for time in times if time)

    by_chance(examples, check)


def said(name: str, project: Project, shop: Shop, key: Any) -> str:
    return f"{key} in {case(segql.format(project.segments[name]), project.instant(), shop)}"


def since_then(one: Membership, project: Project, shop: Shop, key: Any, random: Random) -> None:
    """They are in at the instant that is named and at some others after it, and were not just before it."""
    now, zone, first = project.instant(), zone_of(project.catalog.timezone), one.since.after
    if first is None:
        assert "Not known" in one.next.says
        return
    text = f"{one.since}\n{said(one.segment, project, shop, key)}"
    times: list[Any] = [row["time"] for rows in shop.events.values() for row in rows if row.get("time")] or [now]
    tried = [first, *(random.choice(times) for _ in range(6))]
    for number in range(1, len(tried)):
        for _ in range(random.choice((0, 1, 2))):
            tried[number] = step(tried[number], *random.choice(LENGTHS), zone)
        tried[number] += random.choice((-1, 0, 0, 0, 1)) * HOUR + random.choice((-1, 0, 1, 2)) * MICROSECOND
        if random.random() < 0.3:
            tried[number] = midnight(tried[number].astimezone(zone).date(), zone)
    for at in tried:
        if first <= at <= now:
            try:
                assert member(one.segment, project, shop, key, at), f"not at {at}; {text}"
            except SegQLError:
                continue  # a window that would end before it starts, then
    if one.since.at is not None:
        assert not member(one.segment, project, shop, key, one.since.at - MICROSECOND), text


@often(1, 20)
@pytest.mark.parametrize("engine", [DuckDB, Postgres, SQLite])
def test_a_warehouse_says_what_the_rows_say(engine: Any, examples: int) -> None:
    started = engine()
    warehouse = open_dbapi(started._connection, started.dialect)

    def check(random: Random) -> None:
        shop, key, project = example(random)
        shop = stored(shop, started)
        started.load(shop)
        started.fill()
        found = segments_of(Project(CATALOG, project.segments, now=project.now, warehouse=warehouse), key)
        wanted = segments_by_rows(project, shop, key)
        lacking = [one.message.split("`")[1] for one in found.problems if one.code == "not-in-dialect"]
        assert not lacking or started.dialect == "sqlite"
        inside = tuple(one for one in wanted.inside if one.segment not in lacking)
        assert (found.inside, found.coming) == (inside, wanted.coming), case("", project.instant(), shop)

    by_chance(examples, check)
    started._connection.close()


def rows(*days: int, now: datetime) -> list[dict[str, Any]]:
    return [{"profile": "ann", "time": now - timedelta(days=back)} for back in days]


@pytest.mark.parametrize(
    ("rule", "since", "out"),
    [
        ("phoned us in 30d", 20, -25),  # in with the first of the two that overlap
        ("phoned us at least twice in 30d", 5, -10),
        ("phoned us at least 3 times", 5, None),
        ("never phoned us in 4d", 1, None),
        ("not phoned us in 4d", 1, None),
        ("phoned us in 6d", 5, -1),
        ("everyone", None, None),
    ],
)
def test_by_hand(rule: str, since: int | None, out: int | None) -> None:
    """Calls 60, 20 and 5 days ago."""
    now = datetime.fromisoformat("2026-11-22T10:00:00+00:00")
    shop = Shop([{"key": "ann"}], {"phoned us": rows(60, 20, 5, now=now)})
    project = Project(CATALOG, segments_from(f'segment "S" = {rule}'), now=now)
    (found,) = segments_by_rows(project, shop, "ann").inside
    at = None if since is None else now - timedelta(days=since) + MICROSECOND
    assert found.since.at == at
    assert found.next.at == (None if out is None else now - timedelta(days=out) + MICROSECOND)


RULES = {"Few": "phoned us in 3d", "Odd": "phoned uz", "Top": "in the top 2 by number of phoned us"}


def test_what_is_not_known_and_what_is_wrong(catalog: Catalog) -> None:
    now = datetime.fromisoformat("2026-11-22T10:00:00+00:00")
    text = "\n".join(f'segment "{name}" = {rule}' for name, rule in RULES.items())
    shop = Shop([{"key": "ann"}, {"key": "bob"}], {"phoned us": rows(60, now=now)})
    found = segments_by_rows(Project(CATALOG, segments_from(text), now=now), shop, "ann")
    assert isinstance(found, Memberships)
    assert [problem.code for problem in found.problems] == ["unknown-name"]
    assert [(one.segment, one.since.at, one.since.after) for one in found.inside] == [("Top", None, None)]
    with pytest.raises(SegQLError, match="no profile"):
        segments_by_rows(Project(CATALOG, segments_from(text), now=now), shop, "cem")
    with pytest.raises(ValueError, match="none of the segments has `n`"):
        segments_by_rows(Project(CATALOG, segments_from(text), {"n": 3}, now=now), shop, "ann")
