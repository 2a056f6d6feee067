"""What numbers about segments cost beside plain counts, on the demo shop in DuckDB.

`python benchmarks/insights.py [PROFILES [RUNS]]`. The shop is made the first time: a million profiles take minutes.
Funnels of eight conditions beside the count of their rules, a trend of 26 weeks beside one count, the stats of a
segment beside its count and passes over the sources of its metrics, channels and values one by one, the overlap of the
personas, and all saved segments at two instants beside one, below a million profiles. CPU and wall of whole questions
in seconds, in turns: medians.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from statistics import median

from many import timed, told

import segql
from segql.ast import Duration
from segql.console.opening import demo_shop, shop
from segql.demo import NOW
from segql.emitter.figures import Things
from segql.insights import funnel, instants, overlap, questions, stats, trend

FUNNELS = {
    "who clicked": "can receive email and opened email at least 3 times in 90d and clicked email in 90d "
        "and country in EU and placed order at least twice and total spent > 100 "
        "and never placed order in 30d and not vip",
    "who viewed": "viewed product in 90d and opened email in 90d and clicked email in 90d and placed order "
        "and total spent > 50 and country in EU and can receive email and never refunded order",
    "who ordered": "placed order at least 3 times and total spent > 200 and average order value > 50 "
        "and placed order in 180d and opened email in 90d and country in EU and not vip and can receive email",
    "who did not order": "can receive email and country in EU and points > 10 and opened email in 180d "
        "and received email at least 5 times in 180d and never placed order in 30d and not vip "
        "and viewed product in 180d",
    "vips": "vip and placed order in 365d and total spent > 100 and opened email and clicked email "
        "and can receive email and can receive sms and country in EU",
}  # fmt: skip
"""Rules of eight conditions: with a rare one that the count goes by, and without."""
TREND = "placed order in 90d"


def main() -> None:
    profiles, runs = (int(word) for word in (*sys.argv[1:3], *("100000", "5")[len(sys.argv) - 1 :]))
    saved = segql.load_segments(shop())
    personas = segql.load_segments(shop() / "personas.segql")
    warehouse = demo_shop(profiles, print)
    project = segql.Project(segql.load_catalog(shop() / "catalog.yaml"), saved, now=NOW, warehouse=warehouse)
    weeks, week = instants(project, Duration(1, "w"), 26), instants(project, Duration(1, "w"), 2)
    every = {name: saved[name] for name in saved}

    told_of = questions.asked(project, NOW, {})

    def one_by_one() -> None:
        """A pass over the sources of each metric, each channel's consent and each property whose values are told."""
        for metric in project.catalog.metrics:
            project.count(f"{metric} > 0")
        for channel in project.catalog.channels:
            project.count(f"can receive {channel}")
        for name, of in told_of.values.items():
            items = f"number of distinct {of.field.name} of placed order > 0" if isinstance(of, Things) else ""
            project.count(items or f"{name} is set")

    asked: dict[str, Callable[[], object]] = {
        **{f"count: {name}": lambda rule=rule: project.count(rule) for name, rule in FUNNELS.items()},  # type: ignore[misc]
        **{f"funnel: {name}": lambda rule=rule: funnel(rule, project) for name, rule in FUNNELS.items()},  # type: ignore[misc]
        "count of a segment": lambda: project.count(TREND),
        "trend of 26 weeks": lambda: trend({"one": TREND}, project, weeks),
        "count of VIP": lambda: project.count(saved["VIP"]),
        "its sources, one by one": one_by_one,
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
    ratios = [cpu[f"funnel: {name}"] / cpu[f"count: {name}"] for name in FUNNELS]
    print(f"  funnels: {median(ratios):.1f} times the count, worst {max(ratios):.1f}")
    print(f"  trend of 26 weeks: {cpu['trend of 26 weeks'] / cpu['count of a segment']:.1f} times the count")
    bound = 3 * cpu["count of VIP"] + cpu["its sources, one by one"]
    print(f"  stats: {cpu['stats of VIP'] / bound:.2f} times three counts and these passes")


if __name__ == "__main__":
    main()
