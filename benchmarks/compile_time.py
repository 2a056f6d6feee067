"""How long a rule takes to become SQL, warm: medians in microseconds of processor time, stage by stage.

Run it as `python benchmarks/compile_time.py [RULE | SEGMENT]`, a segment of the demo shop. The stages run one after the
other, as they do in `compile` of a text that is new, which is timed beside them: so they add up. A text that was met
before is prepared. `prepared.at(now)` is asked at another instant each time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import thread_time_ns
from typing import Any

import segql
from segql import binder, demo, emitter, optimizer, planner
from segql.arguments import context
from segql.compiler import header_of

RULE = "can receive sms and clicked sms at least once in 72h and never placed order in 72h"
SHOP = Path(str(demo.shop_folder()))
CATALOG, SEGMENTS = segql.load_catalog(SHOP / "catalog.yaml"), segql.load_segments(SHOP)
NOW = demo.NOW
RUNS = 300


class Clock:
    """Notes how long each step takes."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    def __call__(self, name: str, step: Callable[[], Any]) -> Any:
        start = thread_time_ns()
        result = step()
        self.taken.setdefault(name, []).append((thread_time_ns() - start) / 1000)
        return result


def stages(clock: Clock, rule: str) -> None:
    """The way of a rule, as `compile` goes it."""
    given = SEGMENTS[rule] if rule in SEGMENTS else clock("parse", lambda: segql.parse(rule))
    values = clock("names", lambda: context(CATALOG, SEGMENTS, None))
    bound = clock("bind", lambda: binder.bind(
        given, CATALOG, NOW, lets=SEGMENTS.values, segments=SEGMENTS.segments, parameters=values,
    ))  # fmt: skip
    text = clock("format", lambda: segql.format(given))
    optimized = clock("optimise", lambda: optimizer.optimize(bound.rule))
    plan = clock("plan", lambda: planner.plan(optimized, CATALOG, NOW, bound.sample))
    tree = clock("emit", lambda: emitter.emit(plan, CATALOG, "duckdb"))
    clock("find tables", lambda: emitter.tables(tree))
    meaning = segql.Meaning(lambda: text, NOW, bound.sample, lambda: bound, lambda _: ())
    clock("check and print", lambda: emitter.sql_text(tree, CATALOG, "duckdb", header_of(meaning, CATALOG)))


def main(rule: str) -> None:
    clock = Clock()
    given = SEGMENTS[rule] if rule in SEGMENTS else rule  # noqa: SIM401  # it is no dict
    prepared = segql.prepare(given, CATALOG, segments=SEGMENTS)
    for run in range(RUNS):
        stages(clock, rule)
        new = f"{given}{' ' * (run + 1)}" if isinstance(given, str) else replace(given)
        clock("compile", lambda new=new: segql.compile(new, CATALOG, now=NOW, segments=SEGMENTS))  # type: ignore[misc]
        clock("compile it again", lambda: segql.compile(given, CATALOG, now=NOW, segments=SEGMENTS))
        later = NOW + timedelta(seconds=run)
        clock("prepared.at(now)", lambda later=later: prepared.at(later))  # type: ignore[misc]
    taken = {name: median(times) for name, times in clock.taken.items()}
    whole = {name: taken.pop(name) for name in ("compile", "compile it again", "prepared.at(now)")}
    print(rule)
    for name, each in {**taken, "all stages": sum(taken.values()), **whole}.items():
        print(f"{name:<20}{each:>8.0f} us")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else RULE)
