"""A run of its own process, to be killed: over a small shop whose members change each day."""

from __future__ import annotations

import multiprocessing
import os
from datetime import UTC, datetime, timedelta

from segql import Project, catalog_from_yaml, segments_from
from segql.ledger import refresh
from segql.warehouse import log_keeping
from segql.warehouse.keeping import open_keeping

CATALOG = """
timezone: UTC
profiles: {table: own.people, key: id, written: made}
events: {bought: {table: own.orders, profile: person, time: at, written: made}}
"""
SEGMENTS = """
segment "Today" = bought in the last day
segment "Twice" = bought at least twice in the last 3 days
segment "Not now" = never bought in the last 2 days
"""
START = datetime(2026, 1, 10, tzinfo=UTC)
TABLES = """
CREATE SCHEMA own;
CREATE TABLE own.people AS
  SELECT n AS id, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS made FROM generate_series(1, 61) AS t(n);
CREATE TABLE own.orders AS SELECT 1 + (n * n) % 61 AS person, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS made,
  TIMESTAMPTZ '2026-01-05 00:30:00+00' + n * INTERVAL '1 hour' * 7 AS at FROM generate_series(1, 4000) AS t(n);
"""


def project(run: int, place: str = "") -> Project:
    """What a run asks, a day after the one before."""
    catalog = CATALOG.replace("own.", "") if place.startswith("sqlite:") else CATALOG
    return Project(catalog_from_yaml(catalog), segments_from(SEGMENTS), now=START + timedelta(days=run))


def renew(place: str, into: str, run: int, emulator: str = "") -> None:
    """A whole run, of two one that asks few. Of Spark none waits as long for who was killed as others would."""
    os.environ["BIGQUERY_EMULATOR_HOST"] = emulator
    log_keeping.PATIENCE = 2
    keeping = open_keeping(place, into)
    found = refresh(project(run, place), keeping, full=run % 2 == 0)
    assert {one.mode for one in found.segments} == {"full" if run % 2 == 0 else "incremental"}
    keeping.close()


PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([f"{__package__}.warmed"])


def killed(place: str, into: str, run: int, after: float | None) -> bool:
    """A run in a process that is killed after so many seconds; whether it was done before."""
    process = PROCESSES.Process(target=renew, args=(place, into, run, os.environ.get("BIGQUERY_EMULATOR_HOST", "")))
    process.start()
    process.join(after)
    if after is not None:
        process.kill()
        process.join()
    assert after is not None or process.exitcode == 0
    return process.exitcode == 0
