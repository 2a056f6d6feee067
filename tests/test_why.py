"""`segql why`: equal to the evaluator on random rules and shops; its rows are in the data; its words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import segql
from segql.calendar import midnight, step
from segql.evaluator import Shop
from segql.insights import Fact, Part, Why, why_in
from segql.insights.later import existing
from segql.warehouse import Warehouse
from segql.warehouse.duckdb import DuckDB as DuckDBConnection

from .engines import DuckDB
from .pairs import CATALOG, SEGMENTS, case, example
from .shops import LENGTHS, ZONE, Row

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


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(st.randoms(use_true_random=True))
def test_a_warehouse_says_what_the_rows_say(random: Random) -> None:
    """Fetched from tables, mapped by the catalog, the rows lead to the same, word for word."""
    now, shop, rules = example(random)
    engine = DuckDB()
    engine.load(shop)
    warehouse = Warehouse(DuckDBConnection(engine._connection), "The shop")
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
