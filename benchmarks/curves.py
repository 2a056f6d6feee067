"""How compiling and running grow: with the number of segments in one statement, and of conditions in one rule.

`python benchmarks/curves.py [PROFILES [RUNS]]`, on the demo shop in DuckDB. Processor time, since other work moves the
clock: milliseconds, the least of the runs, both ways in turns. The segments are those of `many.py`, counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import process_time

from many import segments

import segql
from segql.catalog import Catalog
from segql.console.opening import demo_shop, shop
from segql.demo import NOW
from segql.warehouse.duckdb import DuckDB

SEGMENTS = (1, 3, 10, 30, 100, 300, 1000)
CONDITIONS = (1, 10, 100, 1000)
EVENTS = ("opened email", "clicked email", "viewed product", "added to cart", "started checkout", "placed order")
KINDS: dict[str, Callable[[int], str]] = {
    "an event in a window": lambda i: f"{EVENTS[i % 6]} in {i + 1}d",
    "never, in a window": lambda i: f"never {EVENTS[i % 6]} in {i + 1}d",
    "a number of times": lambda i: f"{EVENTS[i % 6]} at least {i % 7 + 2} times in {i + 2}d",
    "a sum": lambda i: f"total spent in the last {i + 1} days > {i + 10}",
    "a property": lambda i: f"points != {i}",
    "a sequence": lambda i: f"viewed product in {i + 1}d then added to cart within {i % 20 + 1}d",
}
"""Conditions that differ, so that none is dropped. A sequence is as large as several, and a rule may not
have a thousand.
"""


def cpu(act: Callable[[], object]) -> float:
    """Milliseconds of processor time, of all threads."""
    start = process_time()
    act()
    return 1000 * (process_time() - start)


def of_segments(catalog: Catalog, profiles: int, runs: int) -> None:
    """Compiled together and one by one, run together and one by one."""
    warehouse = demo_shop(profiles, print)
    assert isinstance(warehouse.connection, DuckDB)
    run = warehouse.connection.driver.execute
    print(f"{profiles:,} profiles; segments counted, ms of processor time\n")
    print(
        f"{'segments':>8} | {'compile_many':>12} {'each':>6} | {'compile each':>12} | {'one run':>8} {'each run':>8} |"
    )
    for number in SEGMENTS:
        rules = segments(number)

        def together(rules: dict[str, str] = rules) -> segql.CompiledMany:
            return segql.compile_many(rules, catalog, now=NOW, shape="counts")

        def alone(rules: dict[str, str] = rules) -> list[str]:
            return [segql.compile(rule, catalog, now=NOW).sql for rule in rules.values()]

        one = together().sql
        few = [f"SELECT count(*) FROM ({sql}\n)" for sql in alone()[:100]]
        for sql in (one, *few[:3]):
            run(sql).fetchall()
        taken: list[list[float]] = [[], [], [], []]
        for _ in range(runs):
            taken[0].append(cpu(together))
            taken[1].append(cpu(alone))
            taken[2].append(cpu(lambda one=one: run(one).fetchall()))  # type: ignore[misc]
            taken[3].append(cpu(lambda few=few: [run(sql).fetchall() for sql in few]) * number / len(few))  # type: ignore[misc]
        many, each, once, apart = map(min, taken)
        print(
            f"{number:>8,} | {many:>12.1f} {many / number:>6.2f} | {each:>12.1f} | {once:>8.0f} {apart:>8.0f} |"
            f" {apart / once:.1f} times",
            flush=True,
        )


def of_conditions(catalog: Catalog, runs: int) -> None:
    """One rule of so many conditions of a kind."""
    print("\none rule of so many conditions, ms of processor time to compile it, and microseconds for each\n")
    print(f"{'conditions':<22}" + "".join(f"{number:>18,}" for number in CONDITIONS))
    for kind, condition in KINDS.items():
        told = f"{kind:<22}"
        for number in CONDITIONS[: 3 if kind == "a sequence" else None]:
            rule = " and ".join(condition(i) for i in range(number))
            times = [
                cpu(lambda text=f"{rule}{' ' * run}": segql.compile(text, catalog, now=NOW))  # type: ignore[misc]
                for run in range(max(1, runs * 10 // number) + 1)  # a text that was met is prepared
            ]
            told += f"{min(times):>10.1f} {1000 * min(times) / number:>7.0f}"
        print(told, flush=True)


def main() -> None:
    profiles, runs = (int(word) for word in (*sys.argv[1:3], *("20000", "3")[len(sys.argv) - 1 :]))
    catalog = segql.load_catalog(shop() / "catalog.yaml")
    of_segments(catalog, profiles, runs)
    of_conditions(catalog, runs)


if __name__ == "__main__":
    main()
