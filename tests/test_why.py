"""`segql why`: equal to the evaluator on random rules and shops; its rows are in the data; its words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import segql
from segql.calendar import midnight, step
from segql.cli import main
from segql.evaluator import Shop
from segql.insights import Fact, Part, Why, why_in
from segql.insights.later import existing
from segql.warehouse import open_dbapi

from .engines import DuckDB, Postgres
from .pairs import CATALOG, SEGMENTS, case, example
from .shops import LENGTHS, ZONE, Row
from .small_shop import CATALOG as SMALL_CATALOG
from .small_shop import NOW

MICROSECOND = timedelta(microseconds=1)


def why(rule: str, shop: Shop, key: Any, now: datetime) -> Why:
    return segql.why(rule, CATALOG, shop, key, now=now, segments=SEGMENTS)


def member(rule: str, shop: Shop, key: Any, now: datetime) -> bool:
    return segql.holds(rule, CATALOG, shop, key, now=now, segments=SEGMENTS)


def facts(part: Part) -> Iterator[Fact]:
    for condition in part.conditions():
        yield from condition.rows


def is_there(fact: Fact, shop: Shop, key: Any) -> bool:
    """Whether a row of the profile has all that the fact says."""
    kind, _, name = fact.what.partition(" ")
    rows: list[Row] = [*shop.events.get(fact.what, ())]
    if fact.what not in shop.events:
        rows = [*shop.channels[name.removeprefix("to ")]] if kind == "consent" else [*shop.lists[name]]
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


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(st.randoms(use_true_random=True))
def test_it_says_what_the_evaluator_says(random: Random) -> None:
    """The whole and every condition; its rows are in the data; time flips it when it says so, and not before."""
    now, shop, rules = example(random)
    for rule in rules:
        for row in random.sample(shop.profiles, min(2, len(shop.profiles))):
            key, said = row["key"], f"{row['key']}\n{case(rule, now, shop)}"
            found = why(rule, shop, key, now)
            assert found.member == found.tree.holds == member(rule, shop, key, now), said
            assert consistent(found.tree), said
            for fact in facts(found.tree):
                assert is_there(fact, shop, key), f"{fact}\n{said}"
            flips_when_it_says(rule, shop, key, now, found=found, random=random, said=said)


def flips_when_it_says(
    rule: str, shop: Shop, key: Any, now: datetime, *, found: Why, random: Random, said: str
) -> None:
    at, until = found.next.at, found.next.until
    of_then = existing(shop, CATALOG, key, now)
    if at is not None:
        assert member(rule, of_then, key, at - MICROSECOND) == found.member, f"{at}\n{said}"
        assert member(rule, of_then, key, at) != found.member, f"{at}\n{said}"
    if until is not None:
        times = [row["time"] for rows in of_then.events.values() for row in rows if row.get("time")] or [now]
        for _ in range(8):
            count, unit = random.choice(LENGTHS)
            between = step(random.choice(times), count, unit, ZONE) + random.choice((-1, 0, 1, 2)) * MICROSECOND
            if random.random() < 0.3:
                between = midnight(between.astimezone(ZONE).date(), ZONE)
            if now < between < until:
                assert member(rule, of_then, key, between) == found.member, f"{between}\n{said}"


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(st.randoms(use_true_random=True))
def test_every_condition_is_judged_as_the_evaluator_does(random: Random) -> None:
    """Each condition's canonical text, as a rule of its own, holds as it is said to."""
    now, shop, rules = example(random)
    for rule in rules:
        for row in shop.profiles[:2]:
            found = why(rule, shop, row["key"], now)
            for part in outside_of_segments(found.tree):
                assert member(part.text, shop, row["key"], now) == part.holds, f"{part.text}\n{case(rule, now, shop)}"


def outside_of_segments(part: Part) -> Iterator[Part]:
    if part.kind == "condition":
        yield part
    elif part.kind != "segment":
        for one in part.parts:
            yield from outside_of_segments(one)


@pytest.mark.parametrize("engine", [DuckDB, Postgres])
def test_a_warehouse_says_what_the_rows_say(engine: type[DuckDB | Postgres]) -> None:
    """Fetched from tables, mapped by the catalog, the rows lead to the same, word for word."""
    started = engine()

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        says_what_the_rows_say(started, random)

    check()
    started._connection.close()


def says_what_the_rows_say(engine: DuckDB | Postgres, random: Random) -> None:
    now, shop, rules = example(random)
    engine.load(shop)
    warehouse = open_dbapi(engine._connection, engine.dialect)
    for rule in rules:
        for row in shop.profiles[:2]:
            by_rows = why(rule, shop, row["key"], now)
            fetched = why_in(warehouse, rule, CATALOG, row["key"], now=now, segments=SEGMENTS)
            said = case(rule, now, shop)
            assert words(fetched) == words(by_rows), said
            assert (fetched.member, fetched.flips, fetched.next) == (by_rows.member, by_rows.flips, by_rows.next), said


def words(found: Why) -> list[Any]:
    return [
        (part.text, part.holds, part.seen, sorted(fact.says for fact in part.rows) if not part.more else part.more)
        for part in found.tree.conditions()
    ]


# --- in words --------------------------------------------------------------------------------------------------------


def at(**ago: float) -> datetime:
    return NOW - timedelta(**ago)


SMALL = Shop(
    profiles=[{"key": 1, "country": "NL", "age": 30}, {"key": 2}],
    events={
        "clicked sms": [{"profile": 1, "time": at(hours=31)}, {"profile": 1, "time": at(hours=40)}],
        "opened email": [{"profile": 1, "time": at(days=5)}],
        "placed order": [
            {"profile": 1, "time": at(days=20), "total": 80, "city": "Ede", "items": [{"brand": "A"}, {"brand": "B"}]},
            {"profile": 1, "time": at(days=3), "total": 7.5, "city": None, "items": []},
            {"profile": 2, "time": at(days=1), "total": 500, "city": "Ede", "items": []},
        ],
    },
    channels={"sms": [{"profile": 1, "receives": False, "reason": "stop"}], "email": []},
    lists={"Newsletter": [{"profile": 1, "time": at(days=400)}]},
)


def of_small(rule: str, key: int = 1, segments: str = "") -> Why:
    return segql.why(rule, SMALL_CATALOG, SMALL, key, now=NOW, segments=segql.segments_from(segments))


def seen(rule: str, key: int = 1) -> str:
    return " | ".join(part.seen for part in of_small(rule, key).tree.conditions())


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("clicked sms in 72h", "twice, the last 31 hours ago"),
        ("clicked sms in 24h", "never in that window; 2 at other times, the last 31 hours ago"),
        ("opened email in 72h", "never in that window; once at another time, 5 days ago"),
        ("clicked email", "never"),
        ("placed order where total > 100", "never; none of the 2 there fits"),
        ("can receive sms", "withdrawn"),
        ("can receive email", "no record of consent"),
        ("in list Newsletter", "joined 13 months ago"),
        ('country is "NL" and debt > 5', '"NL" | missing'),
        ("age > score", "30, and score is missing"),
        ("sum of total of placed order > 100", "$87.50, from 2 placed order"),
        ("sum of total of placed order in 1d > 100", "$0 (there is no placed order that counts)"),
        ("average of total of placed order in 30d > 100", "$43.75, from 2 placed order"),
        ("number of placed order > 0.5 x number of clicked sms", "2 against 2"),
        ("days since last placed order > 30", "3 days"),
        ("last placed order in 24h", "the last one was Tue 25 Nov 2025 10:00, 3 days ago, outside of the window"),
        ("first placed order has total > 100", "the first one was Sat 8 Nov 2025 10:00, 20 days ago, and does not fit"),
        ("every placed order has total > 10", "1 of 2 fit (50%)"),
        ("placed order in at least 2 of the last 4 weeks", "in 2 of 4 periods (the latest first: 1, 0, 1, 0)"),
        ("placed order on at least 3 different days", "on 2 different days"),
        ("clicked sms then placed order", "not in that order and time (twice clicked sms, twice placed order)"),
        ("placed order in 30d then clicked sms within 2d", "it happened, ending 31 hours ago"),
        ("placed order not followed by placed order within 1d", "twice without it, the last 3 days ago"),
        ("top 1 by sum of total of placed order", "$87.50, rank 2 of 2"),
        ("sum of total of placed order > the average", "$87.50 against $293.75"),
    ],
)
def test_what_was_seen(rule: str, said: str) -> None:
    assert seen(rule) == said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("clicked sms at least 3 times in 72h", [["one more `clicked sms in 72h`"]]),
        ("never placed order in 30d", [["no `placed order in 30d`"]]),
        ("placed order exactly once in 30d", [["one fewer `placed order in 30d`"]]),
        ('country is "BE"', [['`country is "BE"` holds']]),
        ("sum of total of placed order >= 100", [["`sum of total of placed order >= 100` holds ($12.50 more)"]]),
        ("vip and clicked sms 5 times", [["`vip` holds", "3 more `clicked sms`"]]),
        # Whichever is nearer comes first.
        (
            "clicked sms 9 times or clicked sms 3 times in 72h",
            [["one more `clicked sms in 72h`"], ["7 more `clicked sms`"]],
        ),
        ("not (vip or clicked sms in 72h)", [["no `clicked sms in 72h`"]]),
        ("everyone", []),
        ("random 1%", []),
        # No one is both, as the optimiser knows.
        ("age < 18 and age > 65", []),
    ],
)
def test_the_smallest_change(rule: str, said: list[list[str]]) -> None:
    assert [[one.says for one in several] for several in of_small(rule).flips] == said


@pytest.mark.parametrize(
    ("rule", "when", "because"),
    [
        # The earlier of two clicks leaves the window just after 72 hours.
        (
            "clicked sms at least twice in 72h",
            at(hours=-32) + MICROSECOND,
            "`clicked sms at least twice in 72h` stops to hold",
        ),
        ("never placed order in 7d", at(days=-4) + MICROSECOND, "`never placed order in 7d` begins to hold"),
        ("days since last placed order > 30", at(days=-28), "`days since last placed order > 30` begins to hold"),
        ("placed order this month", datetime(2025, 12, 1, tzinfo=UTC), "`placed order this month` stops to hold"),
        ("placed order not followed by clicked sms within 30d", None, ""),
        ("vip", None, ""),
    ],
)
def test_when_time_alone_flips_it(rule: str, when: datetime | None, because: str) -> None:
    found = of_small(rule).next
    assert (found.at, found.because) == (when, (because,) if because else ())
    assert found.says


def test_the_rows_that_decided_it() -> None:
    (part,) = of_small('placed order where (total > 50 and city is "Ede")').tree.conditions()
    (fact,) = part.rows
    assert (fact.what, fact.time) == ("placed order", at(days=20))
    assert fact.properties == {"total": 80, "city": "Ede"}
    assert fact.says == 'placed order, Sat 8 Nov 2025 10:00 (20 days ago), total $80, city "Ede"'
    (part,) = of_small('placed order where any item (brand is "A")').tree.conditions()
    assert part.rows[0].items == ({"brand": "A"}, {"brand": "B"})


def test_a_segment_is_opened() -> None:
    segments = 'segment "Active" = clicked sms in 72h or opened email in 72h'
    tree = of_small("entered segment Active in 10d", segments=segments).tree
    assert (tree.kind, tree.text, tree.holds) == ("segment", "entered segment Active in 10d", True)
    now, then = tree.parts
    assert (now.text, now.holds) == ("in segment Active", True)
    assert (then.kind, then.parts[0].text) == ("not", "was in segment Active 10 days ago")
    assert [part.holds for part in tree.conditions()] == [True, False, False, False]


def test_a_sample() -> None:
    segments = 'segment "Half" = clicked sms sample 50%'
    saved = segql.segments_from(segments)
    for key in (1, 2):
        found = of_small("in segment Half", key, segments)
        assert found.member == segql.holds("in segment Half", SMALL_CATALOG, SMALL, key, now=NOW, segments=saved)
        assert found.next.at is None
    drawn = [part.seen for part in of_small("in segment Half", 1, segments).tree.conditions()]
    assert drawn == ["twice, the last 31 hours ago", "the sample keeps them"]
    drawn = [part.seen for part in of_small("in segment Half", 2, segments).tree.conditions()]
    assert drawn == ["never", "only members are drawn"]


def test_an_unknown_profile() -> None:
    with pytest.raises(segql.SegQLError, match="There is no profile 3"):
        of_small("vip", 3)


def test_a_rule_with_a_mistake() -> None:
    with pytest.raises(segql.SegQLError, match="clicked smz"):
        of_small("clicked smz")


# --- the command -----------------------------------------------------------------------------------------------------


def command(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["why", *words])
    assert result.exit_code == code, (result.stdout, result.stderr, result.exception)
    return result


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of tables with its catalog; the current one."""
    (tmp_path / "catalog.yaml").write_text(
        """
timezone: Europe/Amsterdam
profiles: {table: people, key: id, properties: {country: text}}
events:
  bought:
    table: orders
    profile: person
    time: {column: at, zone: UTC}
    properties: {total: money}
    items: {table: lines, on: {id: order_id}, properties: {brand: text, price: money}}
"""
    )
    data = tmp_path / "data"
    data.mkdir()
    (data / "people.csv").write_text("id,country\nann,NL\nbob,BE\n")
    (data / "orders.csv").write_text(
        "id,person,at,total\n1,ann,2026-11-20 10:00:00,12.5\n2,bob,2026-01-20 10:00:00,8\n"
    )
    (data / "lines.csv").write_text("order_id,brand,price\n1,Molen,10\n1,Molen,10\n1,Kiri,2.5\n2,Kiri,8\n")
    monkeypatch.chdir(tmp_path)


OWN = ("--catalog", "catalog.yaml", "--warehouse", "data", "--now", "2026-11-22T10:00Z")


@pytest.mark.usefixtures("shop")
def test_the_command_says_why() -> None:
    said = command('bought in 30d where any item (brand is "Molen")', "--profile", "ann", *OWN).stdout
    assert said.splitlines() == [
        "ann is a member.",
        "",
        '✓ bought in 30d where any item (brand is "Molen") – once, 48 hours ago',
        '    · bought, Fri 20 Nov 2026 11:00 (48 hours ago), items (brand "Molen"; brand "Molen"; brand "Kiri")',
        "",
        'To be out  no `bought in 30d where any item (brand is "Molen")`',
        "By time    Out just after Sun 20 Dec 2026 11:00 (in 28 days), "
        'when `bought in 30d where any item (brand is "Molen")` stops to hold.',
    ]


@pytest.mark.usefixtures("shop")
def test_the_command_answers_programs() -> None:
    found = json.loads(
        command("bought in 30d and top 1 by sum of total of bought", "--profile", "bob", *OWN, "--json").stdout
    )
    assert (found["member"], found["profile"], found["now"]) == (False, "bob", "2026-11-22T10:00:00Z")
    bought, top = found["tree"]["parts"]
    assert bought["seen"] == "never in that window; once at another time, 10 months ago"
    assert bought["rows"][0]["time"] == "2026-01-20T10:00:00Z"
    assert (top["holds"], top["seen"]) == (False, "$8, rank 2 of 2")
    assert [one["becomes"] for one in found["flips"][0]] == [True, True]
    assert found["next"]["at"] is None


@pytest.mark.usefixtures("shop")
def test_an_unknown_profile_and_a_broken_rule() -> None:
    assert "There is no profile 'cem'." in command("bought", "--profile", "cem", *OWN, code=1).stderr
    assert "boght" in command("boght", "--profile", "ann", *OWN, code=1).stderr
    assert "--profile" in CliRunner().invoke(main, ["why", "bought"]).stderr
