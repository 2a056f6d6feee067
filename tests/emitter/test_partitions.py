"""The partitions that a window reads: their bounds, and that no row within the slack is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

import segql
from segql.catalog import Catalog
from segql.catalog.model import Partition
from segql.emitter.partitions import _stretches, begun, ended, read, stored

NOW = datetime(2026, 11, 28, 11, tzinfo=UTC)


def where(rule: str, partition: Any, dialect: str = "duckdb", **how: Any) -> str:
    """The statement of a rule about an event with a partition, in one line."""
    event = {"table": "views", "profile": "who", "time": "seen", "partition": partition}
    catalog = Catalog.model_validate({"profiles": {"table": "people", "key": "id"}, "events": {"viewed": event}})
    return " ".join(segql.compile(rule, catalog, dialect=dialect, **{"now": NOW, **how}).sql.split())


@pytest.mark.parametrize(
    ("partition", "low", "high"),
    [
        ("cut", "CAST('2026-11-25' AS DATE)", "CAST('2026-11-30' AS DATE)"),
        ({"column": "cut", "slack": "3d"}, "CAST('2026-11-23' AS DATE)", "CAST('2026-12-02' AS DATE)"),
        ({"column": "cut", "slack": "0h"}, "CAST('2026-11-26' AS DATE)", "CAST('2026-11-29' AS DATE)"),
        ({"column": "cut", "format": "%Y%m%d"}, "'20261125'", "'20261130'"),
        ({"column": "cut", "format": "%Y-%m", "slack": "1w"}, "'2026-11'", "'2027-01'"),
        ({"column": "cut", "format": "%Y"}, "'2026'", "'2027'"),
        ({"column": "cut", "format": "%Y%m%d%H", "slack": "0d"}, "'2026112611'", "'2026112812'"),
        ({"column": "cut", "format": "%Y%m%d", "stored": "integer"}, "20261125", "20261130"),
        (
            {"column": "cut", "stored": "timestamp"},
            "CAST('2026-11-25 00:00:00+00:00' AS TIMESTAMPTZ)",
            "CAST('2026-11-30 00:00:00+00:00' AS TIMESTAMPTZ)",
        ),
    ],
)
def test_a_window_reads_the_partitions_around_it(partition: Any, low: str, high: str) -> None:
    assert f"viewed.cut >= {low} AND viewed.cut < {high}" in where("viewed in 2d", partition)
    assert f"viewed.cut < {high}" in where("viewed", partition)
    assert "viewed.cut >=" not in where("viewed", partition)


def test_shards_of_bigquery() -> None:
    shards = {"column": "_TABLE_SUFFIX", "format": "%Y%m%d", "slack": "3d"}
    found = where("viewed at least twice between 2026-03-01 and 2026-03-31", shards, "bigquery")
    assert "viewed.`_TABLE_SUFFIX` >= '20260226' AND viewed.`_TABLE_SUFFIX` < '20260405'" in found


def test_the_engines_own_clock_leaves_the_partitions_alone() -> None:
    """It cannot be told from here what it will be."""
    assert "cut" not in where("viewed in 2d", "cut", live=True, now=None)


def test_all_instances_of_a_prepared_rule_read_their_own() -> None:
    catalog = Catalog.model_validate({
        "profiles": {"table": "people", "key": "id"},
        "events": {"viewed": {"table": "views", "profile": "who", "time": "seen",
                              "partition": {"column": "cut", "format": "%Y%m%d"}}},
    })  # fmt: skip
    prepared = segql.prepare("viewed in 2d", catalog)
    for day in range(0, 400, 37):
        at = NOW + timedelta(days=day)
        assert prepared.at(at).sql == segql.compile("viewed in 2d", catalog, now=at).sql


PARTITIONS = [
    Partition.of({"column": "c", "format": format_, "stored": kind, "slack": slack})
    for format_, kind in ((None, None), (None, "timestamp"), ("%Y%m%d", None), ("%Y-%m", None), ("%Y", None),
                          ("%Y%m%d%H", "integer"), ("%Y%m", "integer"))
    for slack in ("0d", "12h", "3d", "2w")
]  # fmt: skip


def test_no_row_within_the_slack_is_left_out() -> None:
    random = Random(7)
    for _ in range(2000):
        partition = random.choice(PARTITIONS)
        at = datetime(random.choice((1, 1969, 2024, 2026, 9999)), 1, 1, tzinfo=UTC)
        at += timedelta(microseconds=random.randrange(364 * 86_400 * 10**6))
        try:
            first = begun(at + random.choice((-1, 0, 1)) * partition.reach, partition)
        except OverflowError:
            continue
        last = ended(first, partition)
        assert read(stored(first, partition), partition) == first
        late = at >= last + partition.reach if last is not None and last.year < 9999 else False
        if at < first - min(partition.reach, first - datetime.min.replace(tzinfo=UTC)) or late:
            continue
        value: Any = stored(first, partition)
        for start, end in ((at, at + timedelta(microseconds=1)), (at, None), (None, at + timedelta(microseconds=1))):
            ((low, high),) = _stretches(start, end, partition)
            lies: Any = (low is None or value >= low) and (high is None or value < high)
            assert lies, (at, partition, value, low, high)


@pytest.mark.parametrize("value", ["intraday_20261120", "2026112", "20261301", "", None, 5])
def test_what_is_no_partition(value: Any) -> None:
    assert read(value, PARTITIONS[8]) is None


def test_partitions_as_engines_give_them() -> None:
    assert read(date(2026, 11, 20), PARTITIONS[0]) == datetime(2026, 11, 20, tzinfo=UTC)
    assert read("2026-11-20", PARTITIONS[0]) == datetime(2026, 11, 20, tzinfo=UTC)
    assert read(datetime(2026, 11, 20, 13), PARTITIONS[4]) == datetime(2026, 11, 20, tzinfo=UTC)
    assert read(202611, PARTITIONS[-1]) == datetime(2026, 11, 1, tzinfo=UTC)
