"""How long a rule takes to become SQL, warm: medians in microseconds of processor time, stage by stage.

Run it as `python benchmarks/compile_time.py [RULE | SEGMENT]`, a segment of the demo shop. The stages are timed within
`compile` of a text that is new, each without those that it asks, and what is between them is a row: so they add up to
that `compile`, and to what it takes when nobody looks, but for the clock. A text that was met before is prepared.
`prepared.at(now)` is asked at another instant each time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import thread_time_ns
from typing import Any
from unittest.mock import patch

import segql
from segql import binder, compiler, demo, emitter, optimizer, parser, planner

RULE = "can receive sms and clicked sms at least once in 72h and never placed order in 72h"
SHOP = Path(str(demo.shop_folder()))
CATALOG, SEGMENTS = segql.load_catalog(SHOP / "catalog.yaml"), segql.load_segments(SHOP)
NOW = demo.NOW
RUNS = 300


STAGES = {
    "parse": (parser, "parse_rule"), "names": (compiler, "context"), "bind": (binder, "bind"),
    "format": (compiler, "format"), "optimise": (optimizer, "optimize"), "plan": (planner, "plan"),
    "emit": (emitter, "emit"), "find tables": (emitter, "tables"), "rewrite": (emitter, "rewritten"),
    "print": (emitter, "printed"),
}  # fmt: skip
"""Where `compile` finds each of its stages."""
WHOLE = ("compile", "compile it again", "prepared.at(now)")


class Clock:
    """Notes how long each step of a run takes, in microseconds, without the steps within it."""

    def __init__(self) -> None:
        self.taken: dict[str, dict[int, float]] = {}
        self.run = 0
        self.within: list[float] = []

    def __call__(self, name: str, step: Callable[[], Any]) -> Any:
        self.within.append(0)
        start = thread_time_ns()
        try:
            return step()
        finally:
            taken = (thread_time_ns() - start) / 1000
            runs = self.taken.setdefault(name, dict.fromkeys(range(RUNS), 0.0))
            runs[self.run] += taken - self.within.pop()  # a stage may be gone through twice
            if self.within:
                self.within[-1] += taken

    @contextmanager
    def looking(self) -> Iterator[None]:
        """The stages of `compile` are timed."""
        with ExitStack() as until:
            for name, (module, which) in STAGES.items():
                until.enter_context(patch.object(module, which, self.timed(name, getattr(module, which))))
            yield

    def timed(self, name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *of, **given: self(name, lambda: stage(*of, **given))


def main(rule: str) -> None:
    clock = Clock()
    given = SEGMENTS[rule] if rule in SEGMENTS else rule  # noqa: SIM401  # it is no dict
    prepared = segql.prepare(given, CATALOG, segments=SEGMENTS)

    def new(run: int) -> Any:
        return f"{given}{' ' * run}" if isinstance(given, str) else replace(given)

    def compile(one: Any) -> Any:
        return segql.compile(one, CATALOG, now=NOW, segments=SEGMENTS)

    for run in range(RUNS):
        clock.run = run
        with clock.looking():
            clock("between them", lambda: compile(new(2 * clock.run + 1)))
        clock("compile", lambda: compile(new(2 * clock.run + 2)))
        clock("compile it again", lambda: compile(given))
        clock("prepared.at(now)", lambda: prepared.at(NOW + timedelta(seconds=clock.run)))
    taken = {name: median(runs.values()) for name, runs in clock.taken.items()}
    whole = {name: taken.pop(name) for name in WHOLE}
    print(rule)
    for name, each in {**taken, "all stages": sum(taken.values()), **whole}.items():
        print(f"{name:<20}{each:>8.0f} us")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else RULE)
