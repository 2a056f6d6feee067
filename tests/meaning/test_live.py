"""Live SQL reads the engine's clock: bound at one instant and run at another, it finds who is in at that other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

import segql
from segql.catalog import Catalog
from segql.dialects import DIALECTS, rewritten
from segql.emitter import nodes
from segql.evaluator import Shop

from ..case_files import read_case
from ..chance.pairs import SEGMENTS, example
from ..chance.pairs import case as pair
from ..engines import Engine, Unable, compiled, stored
from ..worlds.shop_text import read
from .test_cases import SOME, now_of, shop_of

BOUND = datetime(2024, 3, 5, 4, 0, 0, 7, tzinfo=UTC)
"""The cases' own instants are others; what is wrongly a constant is of this one."""

CLOCK = ("CURRENT_TIMESTAMP()", "CURRENT_TIMESTAMP", "now64(6, 'UTC')", "UTC_TIMESTAMP(6)", "GETDATE()")


def at(sql: str, now: datetime, dialect: str) -> str:
    """The statement as at an instant."""
    literal = rewritten(nodes.instant(now), DIALECTS[dialect]).sql(dialect=dialect)
    body = sql[sql.index("\n\n") if "\n\n" in sql else 0 :]
    for clock in CLOCK:
        body = body.replace(clock, literal)
    return body


@pytest.mark.sampled
@pytest.mark.parametrize("path", SOME, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_same_members_at_any_time(path: Path, engine: Engine, catalog: Catalog) -> None:
    case, shop = read_case(path), stored(shop_of(path), engine)
    now, rule = now_of(case), case.sections["rule"]
    segments = segql.segments_from(case.sections.get("segments", ""))
    live = compiled(rule, catalog, engine.dialect, now=BOUND, segments=segments, live=True)
    engine.load(shop)
    members = segql.evaluate(rule, catalog, shop, now=now, segments=segments)
    assert engine.members(at(live.sql, now, engine.dialect)) == members, live.sql
    assert "2024-03-05" not in live.sql


@pytest.mark.sampled
@pytest.mark.parametrize("now", ["2011-12-31T07:45Z", "2011-12-31T09:00Z", "2012-01-01T08:59Z", "2012-01-01T09:00Z"])
def test_whole_days_where_a_zone_skipped_one(engine: Engine, catalog: Catalog, now: str) -> None:
    """Samoa had no 30 December 2011: its times are those of the 31st, and two days later no day has passed yet."""
    samoa = catalog.model_copy(update={"timezone": "Pacific/Apia"})
    moment, first = datetime.fromisoformat(now), datetime(2011, 12, 30, 9, tzinfo=UTC)
    orders = [("a", first), ("b", first), ("b", moment - timedelta(minutes=1)), ("c", first - timedelta(days=1))]
    shop = Shop(
        [{"key": key} for key in "abc"],
        {"placed order": [{"profile": key, "time": time} for key, time in orders]},
    )
    engine.load(shop)
    for measure in ("days since first placed order", "days between placed order"):
        for days in range(3):
            rule = f"{measure} = {days}"
            members = segql.evaluate(rule, samoa, shop, now=moment)
            assert engine.members(compiled(rule, samoa, engine.dialect, now=moment).sql) == members, rule
            live = compiled(rule, samoa, engine.dialect, now=BOUND, live=True)
            assert engine.members(at(live.sql, moment, engine.dialect)) == members, rule


@pytest.mark.parametrize(
    ("rule", "who"), [("fee of last attended class >= 5", "b"), ("fee of first attended class in 7d < 5", "a")]
)
def test_a_key_of_several_columns(rule: str, who: str, engine: Engine, catalog: Catalog) -> None:
    """Where the clock is asked over groups, what they are grouped by is found again."""
    fees = [("a", "2025-11-20", 5), ("a", "2025-11-27", 4), ("b", "2025-11-20", 4), ("b", "2025-11-27", 5)]
    rows = [{"profile": key, "time": datetime.fromisoformat(day), "fee": Decimal(fee)} for key, day, fee in fees]
    shop = stored(Shop([{"key": key} for key in "abc"], {"attended class": rows}), engine)
    engine.load(shop)
    now = datetime(2025, 11, 28, 11, tzinfo=UTC)
    live = compiled(rule, catalog, engine.dialect, now=BOUND, live=True)
    assert engine.members(at(live.sql, now, engine.dialect)) == {who}


def test_the_header_says_so(catalog: Catalog) -> None:
    sql = segql.compile("placed order in 3d", catalog, live=True).sql
    assert "now = the engine's clock" in sql
    assert "CURRENT_TIMESTAMP" in sql


def test_random_rules_find_the_same_at_any_time(catalog: Catalog, engine: Engine, base_seed: int) -> None:
    random = Random(base_seed)
    for _ in range({"duckdb": 4, "postgres": 2}.get(engine.dialect, 1)):  # others take long for a query
        now, shop, texts = example(random)
        shop = stored(shop, engine)
        engine.load(shop)
        for rule in texts:
            try:
                live = compiled(rule, catalog, engine.dialect, now=BOUND, segments=SEGMENTS, live=True)
            except Unable:
                continue
            members = segql.evaluate(rule, catalog, shop, now=now, segments=SEGMENTS)
            found = engine.members(at(live.sql, now, engine.dialect))
            assert found == members, f"{pair(rule, now, shop)}\n{live.sql}"


SHIFTING = """
profiles:
  - {key: thirty-days, renewal date: 2025-07-16}
  - {key: month, renewal date: 2025-07-15}
  - {key: before, renewal date: 2025-07-14}
  - {key: now, renewal date: 2025-08-15}
  - {key: week}
events:
  placed order:
    - {profile: thirty-days, time: 2025-07-16 12:00}
    - {profile: month, time: 2025-07-15 12:00}
    - {profile: before, time: 2025-07-15 11:59}
    - {profile: now, time: 2025-08-15 11:59}
    - {profile: week, time: 2025-08-08 20:00}
"""
"""At 12:00 on 15 August a month is 31 days; at `BOUND`, in a leap year's March, 29."""


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        ("placed order between 1 month and 30 days ago", {"month"}),
        ("renewal date between 1 month and 30 days ago", {"thirty-days"}),
        ("entered segment Fresh since 2025-08-10", {"now"}),
        ("entered segment Fresh since 2025-08-25", set()),
        ("left segment Fresh since 2025-08-25", set()),
        ("entered segment Fresh after today", set()),
        ("left segment Fresh after today", set()),
    ],
)
def test_which_end_is_the_earlier_changes_with_time(
    rule: str, members: set[str], catalog: Catalog, engine: Engine
) -> None:
    shop, now = stored(read(SHIFTING), engine), datetime(2025, 8, 15, 10, tzinfo=UTC)
    fresh = segql.segments_from("segment Fresh = placed order in 7d")
    engine.load(shop)
    live = compiled(rule, catalog, engine.dialect, now=BOUND, segments=fresh, live=True)
    assert segql.evaluate(rule, catalog, shop, now=now, segments=fresh) == members
    assert engine.members(at(live.sql, now, engine.dialect)) == members, live.sql
