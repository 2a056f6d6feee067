"""Events by several names in their table, or by how these begin: each engine finds whom the evaluator finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import segql
from segql.catalog import Catalog
from segql.catalog.rownames import RowName, row_name, written
from segql.evaluator import Shop

from ..engines import Engine, Unable, compiled, stored
from ..worlds.shop_tables import JUST_NOW
from ..worlds.shops import NOWS, random_shop


@pytest.fixture(scope="module")
def named(catalog: Catalog) -> Catalog:
    """Three events of one table whose names overlap, two of it whose names have odd signs, and looked-up names."""
    opened, push = catalog.events["opened email"], catalog.events["received push"]

    def of(event: Any, *names: str) -> Any:
        own = {"campaign": event.properties["campaign"]}
        return event.model_copy(update={"properties": own, "also": (), "name": names})

    events = {
        "mail": of(opened, "Opened Email", "Clicked Email"),
        "clicks": of(opened, "Clicked *"),
        "texts": of(opened, "Clicked SMS"),
        "percent": of(opened, "5%_*"),
        "star": of(opened, "5%_\\*"),
        "pushed": of(push, "Received P*", "Dismissed Push"),
    }
    both = catalog.events["engaged with email"].model_copy(update={"any_of": ("mail", "clicks")})
    return catalog.model_copy(update={"events": {**events, "either": both}, "metrics": {}})


def as_named(shop: Shop) -> Shop:
    """The rows of a shop under the names of `named`."""

    def rows(*events: str) -> list[Mapping[str, Any]]:
        known = ("profile", "time", "campaign")
        return [{k: v for k, v in row.items() if k in known} for name in events for row in shop.events.get(name, ())]

    once: list[Mapping[str, Any]] = [{"profile": row["key"], "time": JUST_NOW} for row in shop.profiles]
    events: dict[str, list[Mapping[str, Any]]] = {
        "mail": rows("opened email", "clicked email"), "clicks": rows("clicked email", "clicked sms"),
        "texts": rows("clicked sms"), "percent": once * 2, "star": once, "pushed": rows("received push") + once,
    }  # fmt: skip
    return replace(shop, events=events)


EVENTS = ("mail", "clicks", "texts", "either", "pushed", "percent", "star")


def rule(random: Random) -> str:
    one, other = random.choices(EVENTS, k=2)
    many, days = random.randint(1, 4), random.choice((1, 7, 30, 400, 4000))
    campaign = random.choice(("spring", "a", "b", "welcome"))
    return random.choice((
        f"{one} at least {many} times in {days}d", f"never {one} in {days}d and {other}", f"{one} or never {other}",
        f'{one} where (campaign is "{campaign}") or {other} exactly {many} times', f"{one} then {other} within {days}d",
        f"number of {one} + number of {other} > {many}", f"number of {one} - number of {other} > 0",
        f"first {one} in {days}d", f"last {one} more than {days} days ago and number of {other} in {days}d < {many}",
        f"{one} at least {many} times or {other}",
    ))  # fmt: skip


def test_the_engine_finds_whom_the_evaluator_finds(named: Catalog, engine: Engine) -> None:
    @settings(max_examples=2, phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now: datetime = random.choice(NOWS)
        focus = ("opened email", "clicked email", "clicked sms", "received push")
        shop = stored(random_shop(random, now, focus), engine)
        engine.load(shop)
        mapped = as_named(shop)
        for _ in range(16):
            text = rule(random)
            try:
                done = compiled(text, named, engine.dialect, now=now)
            except Unable:
                continue
            assert engine.members(done.sql) == segql.evaluate(text, named, mapped, now=now), f"{text}\n{done.sql}"

    check()


def test_a_row_of_two_events_counts_for_both(named: Catalog, engine: Engine) -> None:
    now = NOWS[0]
    rows = [{"profile": "a", "time": JUST_NOW}]
    shop = Shop([{"key": "a"}, {"key": "b"}], {"clicked email": rows})
    engine.load(stored(shop, engine))
    for text in ("either exactly twice", "number of mail + number of clicks = 2", "mail and clicks and never texts"):
        assert engine.members(compiled(text, named, engine.dialect, now=now).sql) == {"a"}, text


def test_names_and_how_they_begin() -> None:
    assert row_name("a") == RowName("a")
    assert row_name("a*") == RowName("a", begins=True)
    assert row_name("*a") == RowName("*a")
    for name in ("a", "a*", "a\\*", "*", "\\", ""):
        assert row_name(written(name)) == RowName(name)
    for one in ("ab", "a*", "ab*", "b", "*"):
        for other in ("ab", "a*", "ab*", "b", "*"):
            both = any(row_name(one).fits(text) and row_name(other).fits(text) for text in ("ab", "a", "b", "abc"))
            assert row_name(one).meets(row_name(other)) == both, (one, other)


def test_lists_are_in_and_beginnings_are_told_without_patterns(named: Catalog) -> None:
    sql = compiled("mail in 3d", named, "duckdb").sql
    assert "mail.event IN ('Opened Email', 'Clicked Email')" in sql
    sql = compiled("percent in 3d", named, "duckdb").sql
    assert "LEFT(percent.event, 3) = '5%_'" in sql
    assert "star.event = '5%_*'" in compiled("star in 3d", named, "duckdb").sql
