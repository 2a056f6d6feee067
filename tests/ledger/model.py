"""The judge of the ledger: the same tables as plain sets, from what the evaluator says of each run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from segql import Segments, evaluator, segments_from
from segql.catalog import Catalog
from segql.compiler import meaning, written
from segql.errors import SegQLError
from segql.evaluator import Key, Shop

Pair = tuple[str, Key]
Change = tuple[int, tuple[datetime, str, Key, str]]
"""What happened, and in which run."""
Stay = tuple[str, Key, datetime, datetime | None]


@dataclass
class Model:
    """Who is a member since when, and all stays, those that ended too."""

    members: dict[Pair, datetime] = field(default_factory=dict)
    history: set[Stay] = field(default_factory=set)
    runs: int = field(default=0, compare=False)
    log: list[Change] = field(default_factory=list, compare=False)

    def run(self, now: datetime, found: Mapping[str, set[Key]]) -> dict[str, tuple[int, int, int]]:
        """A run over some segments: by segment how many are members, entered and left."""
        told = {}
        self.runs += 1
        for segment, keys in found.items():
            before = {key for name, key in self.members if name == segment}
            for key in before - keys:
                since = self.members.pop((segment, key))
                self.history.remove((segment, key, since, None))
                self.history.add((segment, key, since, now))
            for key in keys - before:
                self.members[segment, key] = now
                self.history.add((segment, key, now, None))
            self.log += [(self.runs, (now, segment, key, "left")) for key in before - keys]
            self.log += [(self.runs, (now, segment, key, "entered")) for key in keys - before]
            told[segment] = (len(keys), len(keys - before), len(before - keys))
        return told

    def changes(self, since: int | datetime, *, first_time: bool = False) -> set[tuple[datetime, str, Key, str]]:
        """What happened after a run, or from an instant on."""
        after = {one for run, one in self.log if (one[0] >= since if isinstance(since, datetime) else run > since)}
        if not first_time:
            return after
        firsts = {
            (segment, key): at
            for at, segment, key, change in sorted(_entered(self.log), key=lambda one: one[0], reverse=True)
        }
        return {one for one in after if one[3] == "entered" and firsts[one[1], one[2]] == one[0]}


def _entered(log: Iterable[Change]) -> list[tuple[datetime, str, Key, str]]:
    return [one for _, one in log if one[3] == "entered"]


def says(
    segments: Segments, shop: Shop, catalog: Catalog, now: datetime, dialect: str = "duckdb"
) -> dict[str, set[Key]]:
    """Whom the evaluator finds, by segment; those with a mistake are left out, and those that a dialect cannot ask."""
    found = {}
    for name in segments:
        try:
            one = meaning(segments[name], catalog, now=now, segments=segments)
            bound = one.bound
            if dialect in ("bigquery", "sqlite"):
                written(one, catalog, dialect)
        except SegQLError:
            continue
        found[name] = set(evaluator.members(bound, shop, catalog, now, one.sample))
    return found


def named(rules: Mapping[str, str], others: Segments) -> Segments:
    """Segments of these rules, beside others that they may speak of."""
    mine = segments_from("\n".join(f'segment "{name}" = {rule}' for name, rule in rules.items()))
    return Segments({**others.segments, **mine.segments}, {**others.values, **mine.values})
