"""What saved segments would gain from a better catalog: measured, one after the other, in the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from time import perf_counter

from ..catalog import Catalog
from ..conditions import Occurrences
from ..conditions.walk import nodes
from ..errors import SegQLError
from ..project import Project

SECONDS = 10
"""After so long no other segment is begun."""


def looks(project: Project) -> list[list[Occurrences]]:
    """What each saved segment looks at."""
    found = list[list[Occurrences]]()
    for name in project.segments:
        try:
            meant = project.meaning(project.segments[name]).optimized
        except SegQLError:  # `segql check` says why
            continue
        found.append([node for node in nodes(meant) if isinstance(node, Occurrences)])
    return found


def gained(project: Project, better: Catalog, progress: Callable[[str], None]) -> tuple[int, float, float]:
    """How many saved segments have other SQL by a better catalog, and the seconds that these take without it and with.

    Each is counted twice, and the quicker taken. Raises WarehouseError.
    """
    other, count, times, start = replace(project, catalog=better), 0, [0.0, 0.0], perf_counter()
    project, other = project.at(project.instant()), other.at(project.instant())
    for name in project.segments:
        if perf_counter() - start > SECONDS:
            break
        try:
            ours, theirs = (one.compile(project.segments[name]).sql for one in (project, other))
        except SegQLError:  # `segql check` says why
            continue
        if ours == theirs:
            continue
        progress(f"segment {name}")
        best = [min(took) for took in zip(*(_timed(project, (ours, theirs)) for _ in range(2)), strict=True)]
        times, count = [sum(pair) for pair in zip(times, best, strict=True)], count + 1
    return count, times[0], times[1]


def _timed(project: Project, queries: Iterable[str]) -> list[float]:
    found = []
    for sql in queries:
        start = perf_counter()
        project.opened.count(sql)
        found.append(perf_counter() - start)
    return found
