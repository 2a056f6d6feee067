"""`segql why` on random rules and shops: equal to the evaluator, its rows in the data, its next flip and its smallest
change true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import segql
from segql.calendar import midnight, step
from segql.catalog import Catalog
from segql.errors import SegQLError
from segql.evaluator import Shop
from segql.evaluator.records import Profile, Records
from segql.evaluator.rules import holds_for
from segql.evaluator.shop import led_on
from segql.insights import Change, Fact, Part, Why, why_in
from segql.insights.why.next_flip import existing
from segql.project import Project
from segql.segments import NONE, Segments
from segql.warehouse import open_dbapi

from ..chance.pairs import CATALOG, SEGMENTS, Example, case, example
from ..engines import DuckDB, Postgres
from ..worlds.shops import LENGTHS, Row

MICROSECOND, HOUR = timedelta(microseconds=1), timedelta(hours=1)


def often(few: int, many: int) -> pytest.MarkDecorator:
    """A test of so many examples, and of more behind the marker `long`."""
    return pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.long)])


def by_chance(examples: int, check: Callable[[Random], None]) -> None:
    @settings(max_examples=examples, phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def checked(random: Random) -> None:
        check(random)

    checked()


def inhabited(random: Random) -> Example:
    """An example with somebody to ask about; one shop in some fourteen is empty."""
    while not (found := example(random))[1].profiles:
        pass
    return found


def why(rule: str, shop: Shop, key: Any, now: datetime) -> Why:
    return segql.why(rule, CATALOG, shop, key, now=now, segments=SEGMENTS)


def member(rule: str, shop: Shop, key: Any, now: datetime) -> bool:
    return segql.holds(rule, CATALOG, shop, key, now=now, segments=SEGMENTS)


# --- now -------------------------------------------------------------------------------------------------------------


@often(4, 100)
def test_it_says_what_the_evaluator_says(examples: int) -> None:
    """The whole and each condition; its rows are in the data; time flips it when it says so, and not before."""

    def check(random: Random) -> None:
        now, shop, rules = inhabited(random)
        for rule in rules:
            key = random.choice(shop.profiles)["key"]
            found = why(rule, shop, key, now)
            assert found.member == found.tree.holds == member(rule, shop, key, now), case(rule, now, shop)
            assert consistent(found.tree), case(rule, now, shop)
            for part in outside_of_segments(found.tree):
                assert member(part.text, shop, key, now) == part.holds, f"{part.text}\n{case(rule, now, shop)}"
            for fact in facts(found.tree):
                assert is_there(fact, shop, key), f"{fact}\n{case(rule, now, shop)}"
            flips_when_it_says(rule, Project(CATALOG, SEGMENTS, now=now), shop, found, random)

    by_chance(examples, check)


def facts(part: Part) -> Iterator[Fact]:
    for condition in part.conditions():
        yield from condition.rows


def is_there(fact: Fact, shop: Shop, key: Any) -> bool:
    """Whether a row of the profile has all that the fact says."""
    kind, _, name = fact.what.partition(" ")
    shop = led_on(shop, CATALOG)
    rows: Sequence[Mapping[str, Any]] = shop.events.get(fact.what, ())
    if fact.what not in shop.events:
        rows = shop.channels[name.removeprefix("to ")] if kind == "consent" else shop.lists[name]
    return any(
        row.get("profile") == key
        and row.get("time") == fact.time
        and all(row.get(name) == value for name, value in fact.properties.items())
        and all(any(part.items() <= item.items() for item in row["items"]) for part in fact.items)
        for row in rows
    )


def consistent(part: Part) -> bool:
    """Whether a group holds as its parts say."""
    inner = [one.holds for one in part.parts]
    expected = {"not": not all(inner), "any": any(inner)}.get(part.kind, all(inner))
    return (part.kind == "condition" or part.holds == expected) and all(map(consistent, part.parts))


def outside_of_segments(part: Part) -> Iterator[Part]:
    if part.kind == "condition":
        yield part
    elif part.kind != "segment":
        for one in part.parts:
            yield from outside_of_segments(one)


# --- a warehouse -----------------------------------------------------------------------------------------------------


@often(1, 20)
@pytest.mark.parametrize("engine", [DuckDB, Postgres])
def test_a_warehouse_says_what_the_rows_say(engine: type[DuckDB | Postgres], examples: int) -> None:
    """Fetched from tables, mapped by the catalog, the rows lead to the same, word for word."""
    started = engine()
    warehouse = open_dbapi(started._connection, started.dialect)

    def check(random: Random) -> None:
        now, shop, rules = inhabited(random)
        started.load(shop)
        started.fill()
        for rule in rules:
            key: Any = random.choice(shop.profiles)["key"]
            by_rows = why(rule, shop, key, now)
            fetched = why_in(Project(CATALOG, SEGMENTS, now=now, warehouse=warehouse), rule, key)
            assert words(fetched) == words(by_rows), case(rule, now, shop)
            same = (by_rows.member, by_rows.flips, by_rows.next)
            assert (fetched.member, fetched.flips, fetched.next) == same, case(rule, now, shop)

    by_chance(examples, check)
    started._connection.close()


def words(found: Why) -> list[Any]:
    return [
        (part.text, part.holds, part.seen, sorted(fact.says for fact in part.rows) if not part.more else part.more)
        for part in found.tree.conditions()
    ]


# --- later -----------------------------------------------------------------------------------------------------------


def flips_when_it_says(rule: str, project: Project, shop: Shop, found: Why, random: Random) -> None:
    """Membership flips at the instant that is named, not just before it, and at none of some others until then."""
    at, until, now = found.next.at, found.next.until, project.instant()
    if until is None:
        assert "Not known" in found.next.says
        return
    of_then = existing(shop, project.catalog, found.profile, now)
    records = Records(of_then, project.catalog, now, only=found.profile)
    profile = Profile(found.profile, records.profiles[found.profile], records)

    def inside(then: datetime) -> bool:
        return holds_for(project.at(then).meaning(rule).bound, profile)

    said = f"{found.next}\n{found.text}\n{project.segments}\n{now}\n{of_then}"
    if at is not None:
        assert inside(at - MICROSECOND) == found.member, said
        assert inside(at) != found.member, said
    times: list[Any] = [row["time"] for rows in of_then.events.values() for row in rows if row.get("time")] or [now]
    for _ in range(8):
        between: datetime = random.choice(times)
        for _ in range(random.choice((1, 1, 2))):
            between = step(between, *random.choice(LENGTHS), records.zone)
        between += random.choice((-1, 0, 0, 0, 1)) * HOUR + random.choice((-1, 0, 1, 2)) * MICROSECOND
        if random.random() < 0.3:
            between = midnight(between.astimezone(records.zone).date(), records.zone)
        if now < between < until:
            try:
                assert inside(between) == found.member, f"{between} {said}"
            except SegQLError:
                continue  # a window that would end before it starts, by then


CHANGES = {
    "Europe/Amsterdam": ("2025-10-26T01:00", "2026-03-29T01:00"),
    "America/Sao_Paulo": ("2018-02-18T02:00", "2018-11-04T03:00"),  # at midnight
    "Pacific/Apia": ("2011-12-30T10:00",),  # a day was skipped
    "Australia/Lord_Howe": ("2025-04-05T15:00", "2025-10-04T15:30"),  # by half an hour
    "UTC": ("2024-02-29T00:00", "2025-12-31T23:00"),
}
"""Zones, and when their clocks change (of UTC the ends of months)."""


@often(8, 400)
def test_time_flips_it_when_it_says_in_every_zone(examples: int) -> None:
    """About changes of clocks and ends of months, with every form of window, also as of other times."""

    def check(random: Random) -> None:
        name = random.choice(list(CHANGES))
        zone, catalog = ZoneInfo(name), CATALOG.model_copy(update={"timezone": name})

        def instant() -> datetime:
            change = datetime.fromisoformat(random.choice(CHANGES[name])).replace(tzinfo=UTC)
            near = (
                change + random.choice((0, 0, -1, 1, -0.5, 0.5, 24)) * HOUR + random.choice((-1, 0, 0, 1)) * MICROSECOND
            )
            count, unit = random.choice((*LENGTHS, (1, "mo"), (31, "d")))
            return step(near, random.choice((-1, -1, 0, 1)) * count, unit, zone)

        def day() -> date:
            return instant().astimezone(zone).date()

        def row(**more: object) -> Row:
            return {"profile": "ann", "time": instant(), **more}

        def rows(event: str) -> list[Row]:
            more = {"delivery": day()} if "delivery" in catalog.events[event].properties else {}
            return [row(**more) for _ in range(random.randint(0, 3))]

        saved = segql.segments_from(
            f'segment "A" = {timely(random)} or {timely(random)}\nsegment "B" = was in segment A {length(random)} ago'
        )
        now = instant()
        for rule in (timely(random), f"{timely(random)} and not {timely(random)}", elsewhen(random), elsewhen(random)):
            ann = {"key": "ann", "last seen": instant(), "renewal date": day(), "birthday": day().replace(year=2000)}
            events = {event: rows(event) for event in EVENTS}
            shop = Shop([ann], events, {"post": [row(receives=True)]}, {"Newsletter": [row()]})
            found = segql.why(rule, catalog, shop, "ann", now=now, segments=saved)
            flips_when_it_says(rule, Project(catalog, saved, now=now), shop, found, random)

    by_chance(examples, check)


EVENTS = ("placed order", "opened email", "clicked sms", "phoned us")


def length(random: Random) -> str:
    return f"{random.choice((1, 2, 3, 10, 30, 31))}{random.choice(('h', 'd', 'd', 'w', 'mo'))}"


def elsewhen(random: Random) -> str:
    """A rule about a segment at another time."""
    name, ago = random.choice("AB"), length(random)
    said = (f"was in segment {name} {ago} ago", f"entered segment {name} in {ago}", f"left segment {name} in {ago}")
    return random.choice(said)


def timely(random: Random) -> str:
    """A condition that time alone may change."""
    event, other, ago = random.choice(EVENTS), random.choice(EVENTS), length(random)
    window = random.choice((
        f"in the last {ago}", f"more than {ago} ago", f"between {ago} and {length(random)} ago", "today", "this week",
        "last month", "this quarter", "on the day 3 days ago", f"since {ago} ago", "after the day 1 mo ago",
    ))  # fmt: skip
    edge, some, days = random.choice(("first", "last")), random.randint(1, 3), random.choice((0, 1, 7, 30, 31))
    return random.choice((
        f"{event} at least {some} times {window}", f"never {event} {window}", f"{edge} {event} {window}",
        f"days since {edge} {event} {random.choice('<>=')} {days}",
        f"days since last {event} > 2 x days since first {other}",
        f"{event} in exactly {some} of the last 4 {random.choice(('weeks', 'months'))}",
        f"{event} on at least {some} different {random.choice(('days', 'weeks', 'months'))} {window}",
        f"{event} {window} then {other} within 3d", f"number of {event} {window} > number of {other}",
        f"{random.choice(('', 'first ', 'last '))}{event} {window} not followed by {other} within {some * 12}h",
        f"joined list Newsletter {window}", f"can receive post {window}", f'"last seen" {window}',
        f'"last seen" in the next {ago}', f"renewal date in the next {some} mo", "renewal date next month",
        f"renewal date in the last {days + 1}d", "placed order where delivery in the next 10d",
        f'anniversary of {random.choice(("birthday", "last seen"))!r} in the next 10d'.replace("'", '"'),
        "placed order where anniversary of delivery in the last 1 mo", "anniversary of birthday is today",
    ))  # fmt: skip


# --- the smallest change ---------------------------------------------------------------------------------------------


@often(20, 500)
def test_the_smallest_change_flips_it_and_less_does_not(examples: int) -> None:
    """Of counts of different events: as many events as are said more or fewer flip it, one change less does not."""

    def check(random: Random) -> None:
        now = datetime(2025, 11, 28, 10, tzinfo=UTC)
        times = [now - timedelta(hours=hours) for hours in (1, 30, 80, 500)]
        shop = Shop(
            [{"key": "ann"}],
            {event: [{"profile": "ann", "time": at} for at in times if random.random() < 0.5] for event in EVENTS},
        )
        counts = [f"{event} {quantity(random)} {random.choice(('in 72h', 'in 30d', ''))}" for event in EVENTS]
        rule = f"({counts[0]} {random.choice(('and', 'or'))} {counts[1]}) {random.choice(('and', 'or'))} "
        rule += f"{random.choice(('', 'not '))}({counts[2]} {random.choice(('and', 'or'))} {counts[3]})"
        found = segql.why(rule, CATALOG, shop, "ann", now=now)
        for several in found.flips:
            assert (holds(rule, changed(shop, several, now), now)) != found.member, f"{several}\n{rule}\n{shop}"
            for left_out in range(len(several)):
                less = changed(shop, (*several[:left_out], *several[left_out + 1 :]), now)
                assert holds(rule, less, now) == found.member, f"{several}\n{rule}\n{shop}"

    by_chance(examples, check)


def quantity(random: Random) -> str:
    number = random.randint(1, 3)
    return random.choice(("never", f"at least {number} times", f"{number} times", f"at most {number} times"))


def holds(rule: str, shop: Shop, now: datetime, catalog: Catalog = CATALOG, segments: Segments = NONE) -> bool:
    return segql.holds(rule, catalog, shop, "ann", now=now, segments=segments)


def changed(shop: Shop, several: tuple[Change, ...], now: datetime) -> Shop:
    """The shop with what the changes say: `2 more `clicked sms in 72h``, `no `phoned us``."""
    events: dict[str, list[Any]] = {name: list(rows) for name, rows in shop.events.items()}
    for change in several:
        how, what, _ = change.says.split("`")
        event = next(name for name in EVENTS if what.startswith(name))
        hours = 72 if "72h" in what else 720 if "30d" in what else 10_000
        inside = [row for row in events[event] if row["time"] >= now - timedelta(hours=hours)]
        word, *more = how.split()
        many = len(inside) if word == "no" else 1 if word == "one" else int(word)
        if more == ["more"]:
            events[event] += [{"profile": "ann", "time": now - MICROSECOND}] * many
        else:
            events[event] = [row for row in events[event] if all(row is not one for one in inside[:many])]
    return replace(shop, events=events)
