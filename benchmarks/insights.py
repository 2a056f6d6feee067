"""What numbers about segments cost beside plain counts, on the demo shop in DuckDB.

`python benchmarks/insights.py [PROFILES [RUNS]]`. The shop is made the first time: a million profiles take minutes.
A funnel of eight conditions beside the count of its rule, a trend of 26 weeks beside one count, the stats of a segment
beside its count and the averages of all metrics one by one, the overlap of the personas, and all saved segments at two
instants beside one, below a million profiles. CPU and wall of whole questions in seconds, in turns: medians.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

from many import timed, told

import segql
from segql.ast import Duration
from segql.console.opening import demo_shop, shop
from segql.demo import NOW
from segql.insights import funnel, instants, overlap, stats, trend

RULE = (
    'can receive email and opened email at least 3 times in 90d and clicked email in 90d and country in EU '
    'and placed order at least twice and total spent > 100 and never placed order in 30d and not vip'
)  # fmt: skip
TREND = "placed order in 90d"


def main() -> None:
    profiles, runs = (int(word) for word in (*sys.argv[1:3], *("100000", "5")[len(sys.argv) - 1 :]))
    saved = segql.load_segments(shop())
    personas = segql.load_segments(shop() / "personas.segql")
    warehouse = demo_shop(profiles, print)
    project = segql.Project(segql.load_catalog(shop() / "catalog.yaml"), saved, now=NOW, warehouse=warehouse)
    weeks, week = instants(project, Duration(1, "w"), 26), instants(project, Duration(1, "w"), 2)
    every = {name: saved[name] for name in saved}

    def each_metric() -> None:
        """A pass over the sources of each metric, and of consent."""
        for metric in project.catalog.metrics:
            project.count(f"{metric} > 0")
        for channel in project.catalog.channels:
            project.count(f"can receive {channel}")

    asked: dict[str, Callable[[], object]] = {
        "count of 8 conditions": lambda: project.count(RULE),
        "funnel of them": lambda: funnel(RULE, project),
        "count of a segment": lambda: project.count(TREND),
        "trend of 26 weeks": lambda: trend({"one": TREND}, project, weeks),
        "count of VIP": lambda: project.count(saved["VIP"]),
        "metrics and channels, one by one": each_metric,
        "stats of VIP": lambda: stats(saved["VIP"], project),
        f"overlap of {len(list(personas))} personas": lambda: overlap(personas, replace(project, segments=personas)),
    }
    if profiles < 1_000_000:  # they take minutes
        asked[f"{len(every)} segments"] = lambda: trend(every, project, week[-1:])
        asked["the same since a week ago"] = lambda: trend(every, project, week)
    times: dict[str, list[tuple[float, float]]] = {what: [] for what in asked}
    for _ in range(runs):
        for what, act in asked.items():
            times[what].append(timed(act))
    print(f"{profiles:,} profiles")
    cpu = {what: told(what, found) for what, found in times.items()}
    for part, whole in (("count of 8 conditions", "funnel of them"), ("count of a segment", "trend of 26 weeks")):
        print(f"  {whole}: {cpu[whole] / cpu[part]:.1f} times the count")
    bound = 3 * cpu["count of VIP"] + cpu["metrics and channels, one by one"]
    print(f"  stats: {cpu['stats of VIP'] / bound:.1f} times three counts and a pass for each metric and channel")


if __name__ == "__main__":
    main()
