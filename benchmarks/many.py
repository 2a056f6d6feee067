"""What many segments cost in one statement, and one by one, on the demo shop in DuckDB.

`python benchmarks/many.py [PROFILES [RUNS]]`. The shop is made the first time: a million profiles take minutes. First
the shop's own saved segments, counted, with the slowest of them alone; then 10, 100 and 1,000 random segments of sixty
conditions, whose members are written into a temporary table, beside a copy of these rows, below which no statement
gets; last a thousand of which fewer are denied. Compiling, CPU and wall are told in seconds, the two ways in turns:
medians. One by one, a thousand are reckoned from a hundred.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from random import Random
from statistics import median

import segql
from segql.console.opening import demo_shop, shop
from segql.demo import NOW
from segql.warehouse.duckdb import DuckDB

EVENTS = ("opened email", "clicked email", "clicked sms", "viewed product", "added to cart", "started checkout")
CONDITIONS = (
    *(f"{event} in {days}d" for event in EVENTS for days in (1, 7, 30, 90, 180)),
    *(f"{event} at least {times} times in {days}d" for event in EVENTS[:4] for times, days in ((2, 30), (5, 180))),
    *(f"placed order in {days}d" for days in (7, 30, 90, 365)),
    *(f"placed order at least {times} times" for times in (1, 2, 3, 5)),
    *(f"total spent > {amount}" for amount in (50, 200, 500)),
    "average order value > 60", "can receive email", "can receive sms", "vip",
    *(f'country is "{code}"' for code in ("NL", "BE", "GB", "FR", "CZ")),
    "points > 100", "points > 1000",
)  # fmt: skip


def segments(number: int, denied: int = 3) -> dict[str, str]:
    """Random segments of two to four conditions each, of which one in so many is denied."""
    random = Random(number)

    def one() -> str:
        parts = [
            random.choice((*[""] * (denied - 1), "not ")) + part
            for part in random.sample(CONDITIONS, random.choice((2, 3, 4)))
        ]
        if len(parts) > 2 and random.random() < 0.3:
            return f"{parts[0]} and ({' or '.join(parts[1:])})"
        return " and ".join(parts)

    return {f"segment {place}": one() for place in range(number)}


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    act()
    after, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - start
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def told(what: str, times: list[tuple[float, float]], factor: int = 1) -> float:
    cpu, wall = (factor * median(one[at] for one in times) for at in (0, 1))
    print(f"  {what:<34} {cpu:8.2f} CPU {wall:8.2f} wall", flush=True)
    return cpu


def main() -> None:
    profiles, runs = (int(word) for word in (*sys.argv[1:3], *("100000", "3")[len(sys.argv) - 1 :]))
    catalog, saved = segql.load_catalog(shop() / "catalog.yaml"), segql.load_segments(shop())
    warehouse = demo_shop(profiles, print)
    assert isinstance(warehouse.connection, DuckDB)
    driver = warehouse.connection.driver

    print(f"the shop's {len(saved)} saved segments, counted, {profiles:,} profiles")
    done = segql.compile_many(saved, catalog, now=NOW, shape="counts")
    singles = [segql.compile(saved[name], catalog, now=NOW, segments=saved).sql for name in saved]
    together: list[tuple[float, float]] = []
    alone: list[tuple[float, float]] = []
    each: dict[str, list[tuple[float, float]]] = {name: [] for name in saved}
    compiling = [timed(lambda: segql.compile_many(saved, catalog, now=NOW, shape="counts")) for _ in range(3)]
    for _ in range(runs):
        together.append(timed(lambda: driver.execute(done.sql).fetchall()))
        for name, sql in zip(saved, singles, strict=True):
            count = f"SELECT count(*) FROM ({sql}\n)"
            each[name].append(timed(lambda count=count: driver.execute(count).fetchall()))  # type: ignore[misc]
        run = [taken[-1] for taken in each.values()]
        alone.append((sum(cpu for cpu, _ in run), sum(wall for _, wall in run)))
    told("compiling", compiling)
    both = told("one statement", together), told("one by one", alone)
    print(f"  {both[1] / both[0]:.1f} times as fast; the slowest alone:")
    for name in sorted(each, key=lambda name: -median(wall for _, wall in each[name]))[:6]:
        told(name, each[name])
    print()

    for number, denied in ((10, 3), (100, 3), (1000, 3), (1000, 6)):
        rules = segments(number, denied)
        print(f"{number:,} random segments, members written; one condition in {denied} denied")
        compiling = [timed(lambda rules=rules: segql.compile_many(rules, catalog, now=NOW)) for _ in range(3)]  # type: ignore[misc]
        done = segql.compile_many(rules, catalog, now=NOW)
        few = dict(list(rules.items())[:100])
        singles = [segql.compile(rule, catalog, now=NOW).sql for rule in few.values()]

        def write(*queries: str) -> None:
            for sql in queries:
                driver.execute(f"CREATE OR REPLACE TEMP TABLE written AS {sql}")

        together, alone = [], []
        for _ in range(runs):
            together.append(timed(lambda done=done: write(done.sql)))  # type: ignore[misc]
            alone.append(timed(lambda singles=singles: write(*singles)))  # type: ignore[misc]
        told("compiling", compiling)
        both = told("one statement", together), told("one by one", alone, len(rules) // len(few))
        print(f"  {both[1] / both[0]:.1f} times as fast")
        write(done.sql)
        driver.execute("CREATE OR REPLACE TEMP TABLE found AS FROM written")
        print(f"  {driver.execute('SELECT count(*) FROM found').fetchall()[0][0]:,} rows")
        told("the rows alone, copied", [timed(lambda: write("FROM found")) for _ in range(runs)])
        print()


if __name__ == "__main__":
    main()
