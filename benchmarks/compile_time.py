"""How long a rule takes to become SQL, warm: medians in microseconds, stage by stage.

Run it as `python benchmarks/compile_time.py [RULE]`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import segql
from segql import emitter, planner

CATALOG = Path(__file__).parent.parent / "tests" / "worlds" / "catalog.yaml"
RULE = "can receive sms and clicked sms at least once in the last 72 hours and never placed order in 72h"
NOW = datetime(2025, 10, 31, 11, 30, tzinfo=UTC)
RUNS = 300


def timed(stage: Callable[[], Any]) -> float:
    taken = []
    for _ in range(RUNS):
        start = perf_counter()
        stage()
        taken.append(perf_counter() - start)
    return 1e6 * median(taken)


def main(rule: str) -> None:
    catalog = segql.load_catalog(CATALOG)
    meaning = segql.meaning(rule, catalog, now=NOW)
    plan = planner.plan(meaning.optimized, catalog, NOW)
    tree = emitter.emit(plan, catalog, "duckdb")
    stages: dict[str, Callable[[], Any]] = {
        "parse": lambda: segql.parse(rule),
        "parse, bind, optimise": lambda: segql.meaning(rule, catalog, now=NOW),
        "plan": lambda: planner.plan(meaning.optimized, catalog, NOW),
        "emit": lambda: emitter.emit(plan, catalog, "duckdb"),
        "text": lambda: emitter.sql_text(tree, "duckdb", rule),
        "compile, all of it": lambda: segql.compile(rule, catalog, now=NOW),
    }
    print(rule)
    for name, stage in stages.items():
        print(f"{name:<24}{timed(stage):>8.0f} us")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else RULE)
