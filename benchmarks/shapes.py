"""How near the emitted SQL comes to the best that was written by hand, on a generated shop in DuckDB.

`python benchmarks/shapes.py [PROFILES]` prints, for each segment, the members, the time of ours and of the best
hand-written statement (medians of interleaved runs) and their ratio. Both must find the same members. There are thirty
events and three orders a profile, unsorted, and 100,000 profiles unless told otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import median
from time import process_time
from typing import Any

import duckdb

from segql import emitter, planner
from segql.catalog import Catalog
from segql.conditions import (
    Aggregate,
    All,
    Condition,
    Consent,
    Field,
    FieldComparison,
    FieldIn,
    InList,
    Interval,
    MeasureComparison,
    Not,
    Occurrences,
    Occurs,
    Tree,
    Type,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RUNS = 7
T = "TIMESTAMPTZ '2026-01-01 00:00:00+00:00'"

CATALOG = Catalog.model_validate({
    "profiles": {
        "table": "profiles", "key": "profile_id", "key type": "integer",
        "properties": {"country": "text", "score": {"type": "number", "scale": 0}},
    },
    "channels": {
        "sms": {"table": "consent", "profile": "profile_id", "where": "channel = 'sms'",
                "receives when": "status = 'subscribed'"},
    },
    "events": {
        "placed order": {"table": "orders", "profile": "profile_id", "time": "ts",
                         "properties": {"total": {"type": "money", "scale": 2}}},
    } | {
        name: {"table": "events", "name column": "metric", "name": name, "profile": "profile_id", "time": "ts"}
        for name in ("clicked sms", "opened email", "clicked email")
    },
    "lists": {"Newsletter": {"table": "list_members", "profile": "profile_id"}},
})  # fmt: skip

SHOP = """
SELECT setseed(0.5);
CREATE TABLE profiles AS
  SELECT i::INTEGER AS profile_id, ['NL', 'BE', 'DE', 'FR', 'GB'][1 + i % 5] AS country, i % 100 AS score
  FROM range({n}) AS t(i);
CREATE TABLE events AS SELECT (power(random(), 2) * {n})::INTEGER AS profile_id,
  ['opened email', 'opened email', 'opened email', 'clicked email', 'clicked sms', 'viewed product', 'viewed product',
   'active on site'][1 + (random() * 7.999)::INTEGER % 8] AS metric, {t} - to_seconds(random() * 94608000) AS ts
  FROM range({n} * 30);
CREATE TABLE orders AS SELECT (power(random(), 2) * {n})::INTEGER AS profile_id,
  {t} - to_seconds(random() * 94608000) AS ts, (random() * 200)::DECIMAL(10, 2) AS total FROM range({n} * 3);
CREATE TABLE consent AS SELECT (i % {n})::INTEGER AS profile_id, ['sms', 'email', 'push'][1 + i // {n}] AS channel,
  CASE WHEN random() < 0.6 THEN 'subscribed' ELSE 'unsubscribed' END AS status FROM range({n} * 3) AS t(i);
CREATE TABLE list_members AS SELECT i::INTEGER AS profile_id FROM range({n}) AS t(i) WHERE random() < 0.3;
"""


def in_last(**ago: int) -> Interval:
    return Interval(NOW - timedelta(**ago), NOW)


def happened(name: str, window: Interval, least: int = 1) -> Occurs:
    return Occurs(Occurrences((name,), window), least, None)


EVER = Interval(None, NOW)
BEFORE = Interval(NOW - timedelta(days=180), NOW - timedelta(days=90))
TOTAL = Field("event", "total", Type.MONEY)

SEGMENTS: Sequence[tuple[str, Tree[Condition], str]] = (
    (
        "espresso shot",
        All((
            Consent("sms"),
            happened("clicked sms", in_last(hours=72)),
            Not(happened("placed order", in_last(hours=72))),
        )),
        """SELECT DISTINCT e.profile_id FROM events e
        WHERE e.metric = 'clicked sms' AND e.ts >= {t} - INTERVAL 72 HOUR AND e.ts < {t}
          AND EXISTS (SELECT 1 FROM consent c
                      WHERE c.profile_id = e.profile_id AND c.channel = 'sms' AND c.status = 'subscribed')
          AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.profile_id = e.profile_id
                          AND o.ts >= {t} - INTERVAL 72 HOUR AND o.ts < {t})
          AND e.profile_id IN (SELECT profile_id FROM profiles)""",
    ),
    (
        "high rollers",
        All((
            happened("placed order", EVER, 3), happened("placed order", in_last(days=120)),
            MeasureComparison(Aggregate("average", TOTAL, Occurrences(("placed order",), EVER)), ">", Decimal(100)),
        )),
        """SELECT profile_id FROM orders WHERE ts < {t} AND profile_id IN (SELECT profile_id FROM profiles)
        GROUP BY profile_id
        HAVING count(*) >= 3 AND sum(total) > 100 * count(*) AND max(ts) >= {t} - INTERVAL 120 DAY""",
    ),
    (
        "high rollers of a week",
        All((
            happened("placed order", EVER, 3), happened("placed order", in_last(days=7)),
            MeasureComparison(Aggregate("average", TOTAL, Occurrences(("placed order",), EVER)), ">", Decimal(100)),
        )),
        """SELECT profile_id FROM orders WHERE ts < {t} AND profile_id IN (SELECT profile_id FROM profiles)
          AND profile_id IN (SELECT profile_id FROM orders WHERE ts >= {t} - INTERVAL 7 DAY AND ts < {t})
        GROUP BY profile_id HAVING count(*) >= 3 AND sum(total) > 100 * count(*)""",
    ),
    (
        "dead weight",
        All((
            Not(happened("opened email", in_last(days=180))), Not(happened("clicked email", in_last(days=180))),
            Not(happened("placed order", EVER)),
        )),
        """SELECT profile_id FROM profiles p WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.profile_id = p.profile_id
            AND e.metric IN ('opened email', 'clicked email') AND e.ts >= {t} - INTERVAL 180 DAY AND e.ts < {t})
          AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.profile_id = p.profile_id AND o.ts < {t})""",
    ),
    (
        "list and properties",
        All((
            FieldIn(Field("profile", "country", Type.TEXT), ("NL", "BE")),
            FieldComparison(Field("profile", "score", Type.NUMBER), ">", Decimal(50)),
            InList("Newsletter", EVER, dated=False),
        )),
        """SELECT profile_id FROM profiles WHERE country IN ('NL', 'BE') AND score > 50
          AND profile_id IN (SELECT profile_id FROM list_members)""",
    ),
    (
        "spent more than before",
        MeasureComparison(
            Aggregate("sum", TOTAL, Occurrences(("placed order",), in_last(days=90))), ">",
            Aggregate("sum", TOTAL, Occurrences(("placed order",), BEFORE)),
        ),
        """SELECT profile_id FROM orders WHERE ts >= {t} - INTERVAL 180 DAY AND ts < {t}
          AND profile_id IN (SELECT profile_id FROM profiles) GROUP BY profile_id
        HAVING coalesce(sum(CASE WHEN ts >= {t} - INTERVAL 90 DAY THEN total END), 0)
             > coalesce(sum(CASE WHEN ts < {t} - INTERVAL 90 DAY THEN total END), 0)""",
    ),
)  # fmt: skip


def heading(profiles: int) -> str:
    columns = f"{'segment':<26}{'members':>9}{'ours ms':>10}{'best ms':>10}{'ratio':>8}"
    return f"{profiles:,} profiles, {30 * profiles:,} events\n\n{columns}"


def compared(connection: duckdb.DuckDBPyConnection, name: str, ours: str, best: str, key: str) -> str:
    """A line of the table: both statements, which find the same members, one after the other in turns. Times are of CPU."""
    times: tuple[list[float], list[float]] = ([], [])
    found: list[Any] = []
    for run in range(RUNS + 1):
        for sql, taken in zip((ours, best), times, strict=True):
            start = process_time()
            # Counted, so that the time is the engine's; the hash tells whether the members are the same.
            row = connection.execute(f"SELECT count(*), bit_xor(hash({key})) FROM ({sql})").fetchone()
            if run:
                taken.append(process_time() - start)
            else:
                found.append(row)
    assert found[0] == found[1], f"{name}: {found}\n{ours}"
    one, other = (1000 * median(taken) for taken in times)
    return f"{name:<26}{found[0][0]:>9,}{one:>10.1f}{other:>10.1f}{one / other:>8.2f}"


def main(profiles: int) -> None:
    connection = duckdb.connect()
    connection.execute(SHOP.format(n=profiles, t=T))
    print(heading(profiles))
    for name, rule, best in SEGMENTS:
        ours = emitter.sql_text(emitter.emit(planner.plan(rule, CATALOG, NOW), CATALOG, "duckdb"), "duckdb")
        print(compared(connection, name, ours, best.format(t=T), "profile_id"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
